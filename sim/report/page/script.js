"use strict";
// Without this script everything is there; with it one plan can be followed, and a print has every short table open.
const pick = document.getElementById("pick");
pick.parentElement.hidden = false;
pick.addEventListener("change", () => {
  const chosen = pick.value === "" ? null : pick.selectedOptions[0].text;
  for (const mark of document.querySelectorAll("[data-plan]")) {
    const own = mark.dataset.plan;
    const hit = chosen !== null && (own === chosen || own.startsWith(chosen + " · "));
    mark.classList.toggle("faded", chosen !== null && !hit);
    if (hit && mark.closest("details")) mark.closest("details").open = true;
  }
});
const longest = 60; // rows of a table that is printed unasked
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")]
    .filter((each) => each.querySelectorAll("tr").length <= longest);
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
