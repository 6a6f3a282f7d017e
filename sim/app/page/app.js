// The page: what is changed on the left, what follows on the right.

import { ask, Newest, Refusal } from "./ask.js";
import { Fields } from "./fields.js";
import { faults, payees, performance, put, ranges, table } from "./figures.js";
import { copy, same, State } from "./state.js";

const $ = (id) => document.getElementById(id);
const page = crypto.randomUUID();
const SPEAK_AFTER = 700; // ms without a change, before results are said aloud
const AGAIN = 350; // ms before worlds that are being simulated are asked for again

let state, study, settling, showing;
let number = 0;
let last = ""; // path that was changed last
let shown = null; // the answer that the page shows
let speaking = 0;
let usual = new Map(); // fields of the plan as its file has it
let usualOf = "";
let wanted = []; // paths of the rule that was added last: the first of them that is a field is gone to
let confirmed = null; // the variants that were confirmed

function stop(error) {
  $("stopped").textContent = error instanceof Refusal ? error.message : `The page stopped: ${error.message}`;
  $("stopped").hidden = false;
}

const fields = new Fields($("fields"), {
  drag: (field, value) => {
    last = field.path;
    state.drag(field.path, value, field.shared && typeof value === "number" ? weights(field.path, value) : {});
  },
  done: (field) => {
    last = field.path;
    state.commit();
  },
  set: (field, value) => {
    last = field.path;
    state.drag(field.path, value);
    state.commit();
  },
  forget: (path) => state.forget(path),
  takeOut: (path) => {
    state.takeOut(path);
    $("adds").querySelector("summary").focus();
  },
});

// What a plan can be given besides: a button for each rule.
function showAdditions(additions) {
  const rows = additions.map(({ title, help, changes }, place) => {
    const button = put("button", { type: "button", "aria-describedby": `add-${place}` }, title);
    button.addEventListener("click", () => {
      Object.assign(state.variant.changes, changes);
      wanted = Object.keys(changes);
      state.commit();
    });
    return put("li", {}, button, put("p", { class: "help", id: `add-${place}` }, help));
  });
  $("additions").replaceChildren(...rows);
  $("adds").hidden = rows.length === 0;
}

// Components' weights add up to 1: when one is moved, the others share the rest as they did.
function weights(path, value) {
  const others = [...fields.rows.values()].map((row) => row.field).filter((field) => field.shared && field.path !== path);
  const now = others.map((field) => Number(state.variant.changes[field.path] ?? field.value));
  const sum = now.reduce((one, other) => one + other, 0);
  if (others.length === 0 || value < 0 || value > 1) return {};
  const found = now.map((weight) => Number(((1 - value) * (sum > 0 ? weight / sum : 1 / now.length)).toFixed(4)));
  const rest = found.slice(0, -1).reduce((one, other) => one - other, 1 - value);
  found[found.length - 1] = Number(rest.toFixed(10));
  return Object.fromEntries(others.map((field, place) => [field.path, found[place]]));
}

// What decides which fields there are, and what they span: anything but the size of a number that is no end of a band.
function shapeOf(variant) {
  const size = (path, value) => typeof value === "number" && !/attainment$|through_day$/.test(path);
  const changes = Object.entries(variant.changes).map(([path, value]) => [path, size(path, value) ? "number" : value]);
  return JSON.stringify([variant.plan, changes.sort()]);
}

async function showFields() {
  const variant = copy(state.variant);
  const shape = shapeOf(variant);
  if (showing === shape) return;
  showing = shape;
  if (usualOf !== variant.plan) {
    const plain = await ask("/api/fields", { plan: variant.plan, changes: {} });
    if (plain.groups === undefined) return refuse(plain.refused);
    usual = new Map(plain.groups.flatMap((group) => group.fields).map((field) => [field.path, field]));
    usualOf = variant.plan;
  }
  const told = await ask("/api/fields", variant);
  if (showing !== shape) return;
  for (const field of told.groups.flatMap((group) => group.fields)) field.changed = Object.hasOwn(variant.changes, field.path);
  fields.show(told.groups, usual);
  fields.update(state.variant.changes);
  showAdditions(told.additions);
  const added = wanted.find((path) => fields.rows.has(path));
  wanted = [];
  if (added !== undefined) document.getElementById(`f-${added}`).focus();
  refuse(shown?.refused ?? []);
}

function refuse(refused) {
  const left = fields.refuse(refused.filter((each) => each.variant === state.which || state.now.length === 1), last);
  const text = left.join(" ");
  $("refused").hidden = text === "";
  if ($("refused").textContent !== text) $("refused").textContent = text;
}

function changed(step) {
  const variant = state.variant;
  $("plan").value = variant.plan;
  $("plan-title").textContent = study.plans.find((plan) => plan.name === variant.plan)?.title ?? "";
  $("two").checked = state.now.length > 1;
  $("which").hidden = state.now.length === 1;
  for (const each of document.querySelectorAll("[name=which]")) each.checked = Number(each.value) === state.which;
  $("undo").disabled = state.past.length === 0;
  $("redo").disabled = state.future.length === 0;
  $("reset").disabled = Object.keys(variant.changes).length === 0;
  const old = document.querySelector("#name").dataset.made;
  const made = Object.keys(variant.changes).length === 0 ? variant.plan : `${variant.plan}-2`;
  if ($("name").value === "" || $("name").value === old) $("name").value = made;
  $("name").dataset.made = made;
  fields.update(variant.changes);
  if (step) showFields().catch(stop);
  $("results").setAttribute("aria-busy", "true");
  settling.put(copy(state.now));
}

function settle(variants) {
  number += 1;
  // While one drags, axes may grow and do not jump.
  const dragging = shown?.cost !== undefined && !same(state.kept, state.now) && shown.cost.rows.length === variants.length + 1;
  const reach = (shape) => (shape ? [shape.axis.low, shape.axis.high] : []);
  const axes = dragging ? { cost: reach(shown.cost), difference: reach(shown.difference) } : {};
  return ask("/api/settle", { page, number, variants, ...axes });
}

function answered(told, asked, newest) {
  if (told === undefined) return;
  const current = same(asked, state.now);
  if (told.refused !== undefined) {
    if (!current) return;
    shown = { ...(shown ?? {}), refused: told.refused };
    refuse(told.refused);
    status("This is no plan: the figures are of the last one that was.", true);
    return;
  }
  if (told.waiting) {
    if (!current) return;
    status(told.waiting, true);
    setTimeout(() => newest && same(asked, state.now) && settling.put(asked), AGAIN);
    return;
  }
  shown = told;
  if (current) refuse([]);
  render(told);
  status(current ? "" : "Settling …", !current);
}

function status(text, stale) {
  $("status").textContent = text;
  $("results").classList.toggle("stale", stale && text !== "Settling …");
  $("results").setAttribute("aria-busy", String(stale));
}

function render(told) {
  $("headline").replaceChildren(...told.headline.map(card));
  $("said").replaceChildren(...told.said.map((sentence) => put("li", {}, sentence)));
  const bars = "Light bar: 90 % of worlds. Dark bar: the middle half. Upright line: median. Dot: mean.";
  $("cost").replaceChildren(...ranges(told.cost, "Company cost over the horizon", bars));
  const against = "Light bar: 90 % of worlds, both plans in the same one. Upright line: median. Dot: mean, with two simulation errors each way.";
  $("difference").replaceChildren(...(told.difference ? ranges(told.difference, `Against ${told.baseline}, world by world`, against) : []));
  $("performance").replaceChildren(...(told.performance ? performance(told.performance, told.plans) : []));
  $("payees").replaceChildren(...(told.payees ? payees(told.payees) : []));
  $("faults").replaceChildren(...faults(told.faults, told.names));
  const open = $("tables").querySelector("details")?.open ?? false;
  const folded = put("details", {}, put("summary", {}, "The numbers as tables"), ...told.tables.map(table), put("p", { class: "note" }, told.note));
  folded.open = open;
  $("tables").replaceChildren(folded);
  if (confirmed !== null) $("confirmed").classList.toggle("stale", !same(confirmed, state.now));
  clearTimeout(speaking);
  speaking = setTimeout(() => { $("spoken").textContent = told.headline.map((each) => each.spoken).join(" "); }, SPEAK_AFTER);
}

function card(each) {
  const facts = [["Median cost", each.cost, each.cost_spread], [`Against ${each.baseline}`, each.against, each.against_spread], ["Over budget", each.over, each.verdict], ["Lose > 5 %", each.lose, "of CSMs' worlds"]];
  const list = put("dl");
  for (const [title, value, spread] of facts) {
    if (value !== null) list.append(put("div", {}, put("dt", {}, title), put("dd", {}, put("b", {}, value), put("small", {}, spread ?? ""))));
  }
  return put("section", { class: `card ${each.tone}` }, put("h3", {}, put("bdi", {}, each.name)), list);
}

async function confirm() {
  const asked = copy(state.now);
  const told = await ask("/api/confirm", { variants: asked });
  if (told.state === undefined) {
    $("confirm-said").textContent = told.waiting ?? told.refused.map((each) => each.sentence).join(" ");
    return;
  }
  $("confirmed").replaceChildren();
  confirmed = asked;
  follow(told);
}

function follow(told) {
  const running = told.state === "running";
  $("confirm").disabled = running;
  $("stop").hidden = !running;
  $("progress").hidden = !running;
  if (running) {
    $("progress").value = told.done / told.worlds;
    $("confirm-said").textContent = told.done === 0 ? `Simulating ${told.worlds.toLocaleString("en-US")} fresh worlds.` : $("confirm-said").textContent;
    setTimeout(() => ask("/api/confirm").then(follow).catch(stop), AGAIN);
    return;
  }
  if (told.state === "stopped") $("confirm-said").textContent = "Stopped; nothing was confirmed.";
  if (told.state === "failed") $("confirm-said").textContent = told.sentences.join(" ");
  if (told.state !== "done") return;
  $("confirm-said").textContent = told.sentence;
  $("confirmed").replaceChildren(table(told.table));
  $("confirmed").classList.toggle("stale", !same(confirmed, state.now));
}

async function save(event) {
  event.preventDefault();
  const told = await ask("/api/save", { variant: state.variant, name: $("name").value });
  if (told.refused !== undefined) {
    $("saved").textContent = told.refused.map((each) => each.sentence).join(" ");
    return;
  }
  const link = put("a", { href: URL.createObjectURL(new Blob([told.text], { type: "application/toml" })), download: told.file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  $("saved").textContent = `${told.file} is in your downloads: name it among the plans of a study.`;
}

function keys(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches("input[type=number], input[type=text]")) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) state.redo();
  else state.undo();
}

async function start() {
  study = await ask("/api/study");
  document.title = `What if · ${study.title}`;
  $("title").textContent = study.title;
  $("size").textContent = study.size;
  for (const plan of study.plans) $("plan").append(put("option", { value: plan.name }, plan.name));
  settling = new Newest(settle, answered, stop);
  state = new State(study.start, changed);
  $("plan").addEventListener("change", () => {
    state.now[Math.min(state.which, state.now.length - 1)] = { plan: $("plan").value, changes: {} };
    state.commit();
  });
  $("two").addEventListener("change", () => {
    state.which = $("two").checked ? 1 : 0;
    state.put($("two").checked ? [state.now[0], copy(state.now[0])] : [state.now[0]]);
  });
  for (const each of document.querySelectorAll("[name=which]")) {
    each.addEventListener("change", () => { state.which = Number(each.value); changed(true); });
  }
  $("undo").addEventListener("click", () => state.undo());
  $("redo").addEventListener("click", () => state.redo());
  $("reset").addEventListener("click", () => { state.variant.changes = {}; state.commit(); });
  $("confirm").addEventListener("click", () => confirm().catch(stop));
  $("stop").addEventListener("click", () => ask("/api/confirm/stop", {}).then(follow).catch(stop));
  $("save").addEventListener("submit", (event) => save(event).catch(stop));
  addEventListener("keydown", keys);
  $("main").hidden = false;
  changed(true);
}

start().catch(stop);
