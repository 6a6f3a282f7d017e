// Drawing: what the program tells as shapes, made into elements. Names are text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export function put(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function placed(element, places) {
  for (const [name, value] of Object.entries(places)) element.style.setProperty(name, `${value}%`);
  return element;
}

const bar = (kind, { start, width }) => placed(put("i", { class: kind }), { left: start, width });
const mark = (kind, at) => placed(put("i", { class: kind }), { left: at });

// Bars over an axis, a row for each plan.
export function ranges(shape, title, note) {
  const grid = () => shape.axis.ticks.map((tick) => mark("grid", tick.at));
  const rows = put("div", { class: "rows", role: "list" });
  if (shape.mark !== null) {
    const label = placed(put("b", { class: shape.mark > 70 ? "left" : "" }, shape.mark_label), { left: shape.mark });
    rows.append(put("div", { class: "row mark-label", "aria-hidden": "true" }, put("span"), put("span", { class: "track" }, label)));
  }
  for (const row of shape.rows) {
    const track = put("span", { class: "track", "aria-hidden": "true" }, ...grid(), bar("wide", row.wide));
    if (row.middle !== null) track.append(bar("middle", row.middle));
    if (row.median !== null) track.append(mark("median", row.median));
    if (row.interval !== null) track.append(bar("interval", row.interval));
    if (row.mean !== null) track.append(mark("mean", row.mean));
    if (shape.mark !== null) track.append(mark("mark", shape.mark));
    const name = put("span", { class: "name", "aria-hidden": "true" }, put("bdi", {}, row.name));
    rows.append(put("div", { class: `row ${row.tone}`, role: "listitem", "aria-label": `${row.name}: ${row.spoken}` }, name, track));
  }
  const ticks = shape.axis.ticks.map((tick) => placed(put("span", { class: "label" }, tick.label), { left: tick.at }));
  rows.append(put("div", { class: "row axis", "aria-hidden": "true" }, put("span"), put("span", { class: "track" }, ...ticks)));
  return [put("h3", {}, title), rows, put("p", { class: "note" }, note)];
}

// Pay for performance: the payout curve over the density of attainment, one panel a plan.
export function performance(shape, entries) {
  const panels = put("div", { class: "panels" });
  for (const panel of shape.panels) {
    const plot = put("div", { class: "plot" });
    for (const tick of shape.y.ticks) {
      const line = put("i", { class: "line" });
      const label = put("span", { class: "y" }, tick.label);
      plot.append(placed(label, { bottom: tick.at }), placed(line, { bottom: tick.at }));
    }
    const svg = draw("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" });
    for (const { start, width, height } of panel.bins) svg.append(draw("rect", { x: start, y: 100 - height, width, height }));
    if (panel.curve !== null) svg.append(draw("polyline", { points: panel.curve.map((point) => point.join(",")).join(" ") }));
    plot.append(svg);
    for (const tick of shape.x.ticks) plot.append(placed(put("span", { class: "x" }, tick.label), { left: tick.at }));
    const why = entries[panel.name]?.pay?.performance?.no_curve;
    const name = put("p", { class: "name" }, put("bdi", {}, panel.name), ...(why ? [put("small", {}, ` no curve: ${why}`)] : []));
    panels.append(put("div", { class: "panel", role: "img", "aria-label": panel.spoken }, name, plot));
  }
  const note = "Line: pay as a share of target, by attainment. Columns: how often each attainment is reached, over payees' periods.";
  return [put("h3", {}, "What pays, and how often it is reached"), panels, put("p", { class: "note" }, note)];
}

// Who loses and who gains: a bar from nothing to the change of pay, with its P10 to P90.
export function payees(told) {
  const parts = [put("h3", {}, "Who gains and who loses"), put("p", { class: "finding" }, told.finding)];
  const columns = put("div", { class: "panels" });
  for (const [plan, { named, count, rows }] of Object.entries(told.people)) {
    const ends = rows.flatMap((row) => [row.change, row.p10, row.p90]);
    const low = Math.min(0, ...ends);
    const span = Math.max(0, ...ends) - low || 1;
    const at = (value) => (100 * (value - low)) / span;
    const list = put("div", { class: "rows people", role: "list" });
    for (const row of rows) {
      const [left, right] = [Math.min(0, row.change), Math.max(0, row.change)].map(at);
      const track = put("span", { class: "track", "aria-hidden": "true" }, mark("grid", at(0)));
      track.append(bar("swing", { start: left, width: right - left }), bar("interval", { start: at(row.p10), width: at(row.p90) - at(row.p10) }));
      const words = `${row.name}: mean change ${row.shown}, P10 to P90 ${row.spread}, loses more than 5 % in ${row.lose}${row.why === null ? "" : `, most of it by ${row.why}`}`;
      const tone = row.change < 0 ? "loses" : "gains";
      const line = put("div", { class: `row ${tone}`, role: "listitem", "aria-label": words, title: words });
      line.append(put("span", { class: "name", "aria-hidden": "true" }, put("bdi", {}, row.name)), track);
      line.append(put("span", { class: "amount", "aria-hidden": "true" }, row.shown));
      if (row.why !== null) line.append(put("span", { class: "why", "aria-hidden": "true" }, row.why));
      list.append(line);
    }
    const left = count - rows.length;
    const whom = named ? (left > 0 ? `who loses most and who gains most of ${count} CSMs` : `${count} CSMs`) : "a CSM's mean, by segment";
    columns.append(put("div", { class: "panel" }, put("p", { class: "name" }, put("bdi", {}, plan), put("small", {}, ` ${whom}`)), list));
  }
  const note = "Bar: mean change of variable pay over the horizon. Line: P10 to P90, world by world.";
  return [...parts, columns, put("p", { class: "note" }, note), ...told.tables.map((each) => table(each))];
}

// What the linter says of each plan.
export function faults(told, names) {
  const parts = [put("h3", {}, "What the clauses pay for besides renewals")];
  for (const name of names) {
    const found = told[name] ?? [];
    if (names.length > 1) parts.push(put("h4", {}, name));
    if (found.length === 0) {
      parts.push(put("p", {}, "No fault found in the plan file."));
      continue;
    }
    const list = put("ul", { class: "faults" });
    for (const fault of found) {
      const what = put("b", { class: fault.severity }, `${fault.severity}: ${fault.name}`);
      list.append(put("li", {}, what, ` ${fault.sentence} `, put("code", {}, fault.clause)));
    }
    parts.push(list);
  }
  return parts;
}

export function table(told) {
  const head = told.columns.map((column) => put("th", { scope: "col" }, column));
  const rows = told.rows.map(([name, ...cells]) =>
    put("tr", {}, put("th", { scope: "row" }, name), ...cells.map((cell) => put("td", {}, cell))),
  );
  const whole = put("table", {}, put("caption", {}, told.title), put("thead", {}, put("tr", {}, ...head)), put("tbody", {}, ...rows));
  const scroll = put("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": told.title }, whole);
  return put("div", { class: "table" }, scroll, put("p", { class: "note" }, told.caption));
}
