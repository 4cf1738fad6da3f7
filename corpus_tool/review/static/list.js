// The annotations beside the text: a list box, one row each, in reading order. Only rows that changed are made anew.

import { app, emit, isListed, on, one } from "./app.js";
import { choose } from "./current.js";
import { find, h, plain, short } from "./dom.js";
import { sample } from "./lines.js";

const MARKS = { suggested: "○", accepted: "✓", corrected: "✎", added: "+", rejected: "×" };

const GROUP = 50; // rows that the browser leaves out of its layout together while they are out of sight

const rows = new Map(); // id → element

export const statusMark = (status) => MARKS[status] ?? "•";

export function startList() {
  const box = find("#annotations");
  box.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row && app.mode?.pick) app.mode.pick(row.dataset.id);
    else if (row) choose(row.dataset.id);
  });
  find("#only").addEventListener("change", (event) => {
    app.only = event.target.value;
    emit("shown");
  });
  find("#words").addEventListener("input", (event) => {
    app.words = event.target.value.trim().toLowerCase();
    emit("shown");
  });
  on("opened", drawAll);
  on("shown", sift);
  on("changed", ({ pairs }) => update(pairs));
  on("current", ({ before }) => markCurrent(before));
}

function drawAll() {
  rows.clear();
  for (const id of app.doc.order) rows.set(id, rowOf(one(id)));
  const all = [...rows.values()];
  const groups = [];
  for (let i = 0; i < all.length; i += GROUP) {
    const part = all.slice(i, i + GROUP);
    const label = `Annotations ${i + 1} to ${i + part.length}`;
    groups.push(h("div", { class: "group", role: "group", "aria-label": label, style: { "--rows": part.length } }, ...part));
  }
  find("#annotations").replaceChildren(...groups);
  sift();
}

function rowOf(annotation) {
  const { status, attributes, layer, score } = annotation;
  const kind = attributes.kind ?? attributes.measure ?? "";
  return h(
    "div",
    {
      id: `row-${app.doc.numbers.get(annotation.id)}`,
      class: `row ${status ?? "given"}`,
      role: "option",
      "data-id": annotation.id,
      "aria-selected": String(annotation.id === app.current),
      "aria-label": `${plain(layer)}, ${plain(kind)}: ${short(annotation.text, 120)}. ${status ?? "no status"}`,
      hidden: !isListed(annotation),
    },
    h("span", { class: "mark", title: status ?? "no status" }, statusMark(status)),
    h("span", { class: "what" }, h("span", { class: "lined", style: sample(app.index(layer)) }, plain(kind || layer))),
    h("span", { class: "words", dir: "auto" }, short(annotation.text, 90)),
    status === "suggested" && score !== null ? h("span", { class: "score", title: "score of the suggestion" }, score.toFixed(2)) : null,
  );
}

function update(pairs) {
  for (const [before, after] of pairs) {
    const old = rows.get((after ?? before).id);
    if (!after || !app.doc.byId.has(after.id)) {
      old?.remove();
      rows.delete((after ?? before).id);
      continue;
    }
    const row = rowOf(one(after.id));
    rows.set(after.id, row);
    const stays = old && before && before.start === after.start && before.end === after.end;
    if (stays) old.replaceWith(row);
    else {
      old?.remove();
      place(row, after.id);
    }
  }
  count();
  find("#annotations").setAttribute("aria-activedescendant", rows.get(app.current)?.id ?? "");
}

function place(row, id) {
  const { order } = app.doc;
  for (let i = order.indexOf(id) + 1; i < order.length; i += 1) {
    const next = rows.get(order[i]);
    if (next?.isConnected) {
      next.before(row);
      next.parentElement.hidden = false;
      return;
    }
  }
  const box = find("#annotations");
  if (!box.lastElementChild) box.append(h("div", { class: "group", role: "group", "aria-label": "Annotations" }));
  box.lastElementChild.append(row);
}

function sift() {
  for (const [id, row] of rows) {
    const hidden = !isListed(one(id));
    if (row.hidden !== hidden) row.hidden = hidden;
  }
  for (const group of find("#annotations").children) group.hidden = [...group.children].every((row) => row.hidden);
  count();
}

function count() {
  let listed = 0;
  let open = 0;
  for (const annotation of app.doc.byId.values()) {
    if (isListed(annotation)) listed += 1;
    if (annotation.status === "suggested") open += 1;
  }
  const decided = app.doc.byId.size - open;
  find("#listed").textContent = `${listed} listed`;
  find("#nothing").hidden = listed > 0;
  find("#reviewed").textContent = `${decided} of ${app.doc.byId.size} reviewed`;
  const bar = find("#progress");
  bar.max = Math.max(app.doc.byId.size, 1);
  bar.value = decided;
}

function markCurrent(before) {
  rows.get(before)?.setAttribute("aria-selected", "false");
  const row = rows.get(app.current);
  find("#annotations").setAttribute("aria-activedescendant", row?.id ?? "");
  if (row) row.setAttribute("aria-selected", "true");
}

/** Scrolls the list to a row, where it is out of sight. */
export function revealRow(id) {
  const row = rows.get(id);
  if (!row) return;
  const frame = find("#annotations").getBoundingClientRect();
  const box = row.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) row.scrollIntoView({ block: "nearest" });
}
