// Fields of a plan: a slider and a number for every number, a list for every choice, a box for every switch.

import { put } from "./figures.js";

// The part of a path that a plan's file has nothing of: what was added as a whole; null where all of it is there.
export function addedPart(path, known) {
  for (const end of path.matchAll(/\.|\[\d+\]|$/g)) {
    const part = path.slice(0, end[0].startsWith("[") ? end.index + end[0].length : end.index);
    if (part !== "" && !known.some((each) => within(each, part))) return part;
  }
  return null;
}

export function within(path, part) {
  return path === part || path.startsWith(`${part}.`) || path.startsWith(`${part}[`);
}

// A number in the unit of its field, as people say it.
export function spoken(value, unit) {
  if (value === null || value === "") return "not in the plan";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value).replaceAll("_", " ");
  const plain = value.toLocaleString("en-US", { maximumFractionDigits: 4 });
  if (unit.startsWith("share")) return `${(100 * value).toLocaleString("en-US", { maximumFractionDigits: 2 })} %`;
  if (unit.startsWith("usd/usd")) return `${plain} per $`;
  if (unit.startsWith("usd")) return `$${plain}${unit.slice(3).replace("/", " a ").replace(" a yr", " a year")}`;
  if (unit === "multiple of target bonus") return `${(100 * value).toLocaleString("en-US", { maximumFractionDigits: 2 })} % of target`;
  if (unit.startsWith("multiple of target bonus per")) return `${plain} % of target per %`;
  if (unit === "day" || unit === "period") return `${plain} ${unit}${value === 1 ? "" : "s"}`;
  return plain;
}

export class Fields {
  // dragged(path, value), done(), forget(path): what is to become of a change.
  constructor(form, told) {
    this.form = form;
    this.told = told;
    this.rows = new Map();
    this.usual = new Map();
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // groups : of the plan as it is changed; usual : values of the plan as its file has them.
  show(groups, usual) {
    this.usual = usual;
    if (this.rescaled(groups)) return;
    const focused = document.activeElement?.id ?? "";
    const open = this.form.querySelector("details")?.open ?? false;
    this.rows.clear();
    const stated = put("div");
    const others = put("div");
    let count = 0;
    for (const { title, fields } of groups) {
      const isStated = (field) => field.stated || usual.get(field.path)?.stated;
      for (const [place, some] of [[stated, fields.filter(isStated)], [others, fields.filter((each) => !isStated(each))]]) {
        if (some.length === 0) continue;
        const set = put("fieldset", {}, put("legend", {}, title));
        for (const field of some) set.append(this.row(field));
        place.append(set);
        if (place === others) count += some.length;
      }
    }
    const folded = put("details", {}, put("summary", {}, `${count} clauses that stand at their defaults`), others);
    folded.open = open;
    this.form.replaceChildren(stated, ...(count > 0 ? [folded] : []));
    if (focused !== "") document.getElementById(focused)?.focus({ preventScroll: true });
  }

  // Whether the same fields are shown already, so that none is made anew under the hands of whoever uses it.
  rescaled(groups) {
    const found = groups.flatMap((group) => group.fields);
    const kinds = (all) => JSON.stringify(all.map(({ path, choices }) => [path, choices]).sort());
    if (this.made === undefined || kinds(found) !== kinds(this.made)) {
      this.made = found;
      return false;
    }
    this.made = found;
    for (const field of found) {
      const row = this.rows.get(field.path);
      Object.assign(row.field, field);
      this.idle(row);
      if (field.scale !== null) Object.assign(row.inputs.all[0], { min: field.scale.low, max: field.scale.high });
    }
    return true;
  }

  row(field) {
    const id = `f-${field.path}`;
    const row = put("div", { class: `field ${field.kind}` });
    const said = put("output", { class: "said", for: id });
    const error = put("p", { class: "error", id: `${id}-error`, role: "alert", hidden: "" });
    const was = put("button", { type: "button", class: "was", hidden: "" });
    was.addEventListener("click", () => (was.dataset.part === undefined ? this.told.forget(field.path) : this.told.takeOut(was.dataset.part)));
    const label = put("label", { for: id, id: `${id}-label` }, field.title);
    const help = field.help === "" ? null : put("p", { class: "help", id: `${id}-help` }, field.help);
    const described = `${id}-idle ${help === null ? "" : help.id} ${error.id}`.replace("  ", " ");
    const head = put("div", { class: "head" }, label, said);
    const inputs = field.kind === "choice" ? this.choice(field, id) : field.kind === "switch" ? this.box(field, id) : this.number(field, id);
    for (const each of inputs.all) each.setAttribute("aria-describedby", described);
    const idle = put("p", { class: "idle", id: `${id}-idle`, role: "note" });
    row.append(head, put("div", { class: "inputs" }, ...inputs.all), idle, ...(help === null ? [] : [help]), was, error);
    this.rows.set(field.path, { field, row, said, error, was, inputs, idle });
    this.idle(this.rows.get(field.path));
    return row;
  }

  // What nobody is paid by says so, and is not moved.
  idle({ field, row, inputs, idle }) {
    idle.textContent = field.idle;
    idle.hidden = field.idle === "";
    row.classList.toggle("unpaid", field.idle !== "");
    for (const each of inputs.all) each.disabled = field.idle !== "";
  }

  choice(field, id) {
    const select = put("select", { id });
    for (const choice of field.choices) select.append(put("option", { value: choice }, choice.replaceAll("_", " ")));
    select.addEventListener("change", () => this.told.set(field, select.value));
    return { all: [select], set: (value) => { select.value = value; } };
  }

  box(field, id) {
    const box = put("input", { type: "checkbox", id });
    box.addEventListener("change", () => this.told.set(field, box.checked));
    return { all: [box], set: (value) => { box.checked = value; } };
  }

  number(field, id) {
    const { step } = field.scale;
    const number = put("input", { type: "number", id, step: field.kind === "whole" ? "1" : "any", inputmode: "decimal" });
    const slider = put("input", { type: "range", id: `${id}-slider`, min: field.scale.low, max: field.scale.high, step });
    slider.setAttribute("aria-label", `${field.title}, slider`);
    if (field.optional) number.placeholder = "none";
    const exact = (text) => (field.kind === "whole" ? Math.round(Number(text)) : Number(Number(text).toPrecision(12)));
    slider.addEventListener("input", () => {
      const value = exact(slider.value);
      number.value = String(value);
      this.told.drag(field, value);
    });
    slider.addEventListener("change", () => this.told.done(field));
    const typed = () => {
      if (number.value !== "") return Number(number.value);
      return field.optional && !number.validity.badInput ? null : "";
    };
    number.addEventListener("input", () => this.told.drag(field, typed()));
    number.addEventListener("change", () => this.told.done(field));
    number.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.told.done(field);
    });
    const set = (value) => {
      if (document.activeElement !== number || Number(number.value) !== value) number.value = value === null ? "" : String(value);
      if (typeof value === "number") {
        // A number beyond the slider's stretch makes the stretch longer.
        slider.max = String(Math.max(field.scale.high, value));
        slider.min = String(Math.min(field.scale.low, value));
      }
      slider.value = String(typeof value === "number" ? value : field.scale.start);
      slider.classList.toggle("unset", typeof value !== "number");
      slider.setAttribute("aria-valuetext", spoken(value, field.unit));
    };
    return { all: [slider, number], set };
  }

  // values : of the variant, by path, where they differ from the plan's file.
  update(values) {
    const known = [...this.usual.keys()];
    const parts = new Set();
    for (const [path, { field, row, said, was, inputs }] of this.rows) {
      const usual = this.usual.has(path) ? this.usual.get(path).value : field.value;
      const changed = Object.hasOwn(values, path) && values[path] !== usual;
      const value = Object.hasOwn(values, path) ? values[path] : field.changed ? usual : field.value;
      inputs.set(value);
      said.textContent = field.kind === "choice" || field.kind === "switch" ? "" : spoken(value, field.unit);
      row.classList.toggle("changed", changed);
      const part = this.usual.has(path) || !Object.keys(values).some((each) => each === path) ? null : addedPart(path, known);
      delete was.dataset.part;
      if (part !== null) {
        was.hidden = parts.has(part);
        parts.add(part);
        was.dataset.part = part;
        was.textContent = "Take this rule out";
        was.removeAttribute("aria-label");
        continue;
      }
      was.hidden = !changed;
      was.textContent = `Back to ${spoken(usual, field.unit)}`;
      was.setAttribute("aria-label", `${field.title}: back to ${spoken(usual, field.unit)}`);
    }
  }

  // refused : sentences by path. Returns those that belong to no field that is shown.
  refuse(refused, last) {
    const left = [];
    const shown = new Map();
    for (const { path, sentence } of refused) {
      const own = this.rows.has(path) ? path : path !== "" && this.rows.has(last) ? last : null;
      if (own === null) left.push(sentence);
      else shown.set(own, [...(shown.get(own) ?? []), sentence]);
    }
    for (const [path, { error, row, inputs }] of this.rows) {
      const sentences = shown.get(path) ?? [];
      const text = sentences.join(" ");
      if (error.textContent !== text) error.textContent = text;
      error.hidden = sentences.length === 0;
      row.classList.toggle("wrong", sentences.length > 0);
      for (const each of inputs.all) each.setAttribute("aria-invalid", String(sentences.length > 0));
    }
    return left;
  }
}
