"use strict";
// Without this script everything is there; with it one plan can be followed, and a print has every short table open.
const pick = document.getElementById("pick");
pick.parentElement.hidden = pick.options.length < 3; // one plan is all plans
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
// A table is sorted by a column when its title is pressed, and the other way round when it is pressed again.
const plain = (cell) => {
  const value = cell.dataset.value ?? cell.textContent.trim();
  return value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
};
const before = (one, other) => {
  if (one === "" || other === "") return (one === "") - (other === "");  // what has no value stands last
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
};
for (const table of document.querySelectorAll("table[data-name]")) {
  const [body] = table.tBodies;
  if (!body || body.rows.length < 2) continue;
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  for (const [place, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.tabIndex = place === 0 ? 0 : -1;  // one stop a table; arrows go from title to title
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && heads[place + step];
      if (!next) return;
      event.preventDefault();
      button.tabIndex = -1;
      next.querySelector("button").tabIndex = 0;
      next.querySelector("button").focus();
    });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => [plain(row.cells[place]), row]);
      const empty = (row) => row[0] === "";
      rows.sort((one, other) => (down && !empty(one) && !empty(other) ? -1 : 1) * before(one[0], other[0]));
      body.append(...rows.map((row) => row[1]));
    });
  }
}
