import { within } from "./fields.js";

// What is asked: one or two variants of plans, with a past to go back to; the address holds all of it.

const MOST = 500; // steps that can be undone

export class State {
  constructor(start, changed) {
    this.start = start;
    this.changed = changed;
    this.past = [];
    this.future = [];
    this.which = 0;
    this.now = this.read() ?? [{ plan: start, changes: {} }];
    this.kept = copy(this.now); // what the last step left
    addEventListener("hashchange", () => {
      const read = this.read();
      if (read !== null && !same(read, this.now)) this.put(read);
    });
  }

  get variant() {
    return this.now[Math.min(this.which, this.now.length - 1)];
  }

  // While one drags: shown at once, and no step of its own.
  drag(path, value, others = {}) {
    Object.assign(this.variant.changes, { [path]: value }, others);
    this.changed(false);
  }

  forget(path) {
    delete this.variant.changes[path];
    this.commit();
  }

  // A rule that was added goes as a whole; those behind it in its array move up.
  takeOut(part) {
    const place = /^(.*)\[(\d+)\]$/.exec(part);
    const found = {};
    for (const [path, value] of Object.entries(this.variant.changes)) {
      if (within(path, part)) continue;
      const behind = place === null ? null : /^\[(\d+)\](.*)$/s.exec(path.startsWith(place[1]) ? path.slice(place[1].length) : "");
      const moved = behind !== null && Number(behind[1]) > Number(place[2]);
      found[moved ? `${place[1]}[${Number(behind[1]) - 1}]${behind[2]}` : path] = value;
    }
    this.variant.changes = found;
    this.commit();
  }

  commit() {
    if (same(this.kept, this.now)) return;
    this.past = [...this.past.slice(-MOST), this.kept];
    this.future = [];
    this.kept = copy(this.now);
    this.write();
    this.changed(true);
  }

  put(variants) {
    this.now = copy(variants);
    if (this.which >= this.now.length) this.which = 0;
    this.commit();
  }

  undo() {
    this.step(this.past, this.future);
  }

  redo() {
    this.step(this.future, this.past);
  }

  step(from, to) {
    if (from.length === 0) return;
    to.push(this.kept);
    this.kept = from.pop();
    this.now = copy(this.kept);
    if (this.which >= this.now.length) this.which = 0;
    this.write();
    this.changed(true);
  }

  write() {
    const parts = new URLSearchParams();
    this.now.forEach((variant, place) => {
      const before = place === 0 ? "" : "b.";
      parts.append(`${before}plan`, variant.plan);
      for (const [path, value] of Object.entries(variant.changes)) parts.append(before + path, written(value));
    });
    history.replaceState(null, "", `#${parts}`);
  }

  // What the address says; null where it says nothing.
  read() {
    const found = [];
    for (const [key, text] of new URLSearchParams(location.hash.slice(1))) {
      const place = key.startsWith("b.") ? 1 : 0;
      const path = place === 1 ? key.slice(2) : key;
      if (path === "plan") found[place] = { plan: text, changes: {} };
      else if (found[place] !== undefined) found[place].changes[path] = valueOf(text);
    }
    return found[0] === undefined ? null : found.filter((each) => each !== undefined);
  }
}

// Texts that would read as something else stand in quotes.
function written(value) {
  const text = String(value);
  return typeof value === "string" && (valueOf(text) !== value || text.startsWith("'")) ? `'${value}` : text;
}

function valueOf(text) {
  if (text.startsWith("'")) return text.slice(1);
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function copy(value) {
  return structuredClone(value);
}

export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
