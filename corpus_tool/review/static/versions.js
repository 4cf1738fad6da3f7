// Several annotators of one article side by side: a row for what some of them marked, a column for each.

import { getVersions } from "./api.js";
import { app, one } from "./app.js";
import { choose } from "./current.js";
import { h, plain, short } from "./dom.js";
import { sample } from "./lines.js";
import { isRejected } from "./model.js";
import { show } from "./chooser.js";
import { edit } from "./session.js";
import { tell } from "./status.js";

const MARGIN = 40; // UTF-16 code units of context on each side

/** Rows of a comparison: [{start, layer, mine: annotation or null, theirs: [annotation or null per version], agreed}]. */
export function rowsOf(doc, versions) {
  const rows = [];
  const byMine = new Map();
  for (const id of doc.order) {
    const mine = doc.byId.get(id);
    if (isRejected(mine)) continue;
    const row = { start: mine.start, layer: mine.layer, mine, theirs: versions.map(() => null), same: versions.map(() => false) };
    byMine.set(id, row);
    rows.push(row);
  }
  const extra = new Map();
  versions.forEach((version, column) => {
    for (const annotation of version.annotations) {
      if (isRejected(annotation)) continue;
      const match = version.matches?.[annotation.id] ?? { same: null, span: null, overlaps: [] };
      const near = [match.same, match.span, ...match.overlaps].find((id) => byMine.has(id) && byMine.get(id).theirs[column] === null);
      let row = near === undefined ? undefined : byMine.get(near);
      if (!row) {
        const key = `${annotation.layer} ${annotation.start} ${annotation.end}`;
        row = extra.get(key);
        if (!row || row.theirs[column]) {
          row = { start: annotation.start, layer: annotation.layer, mine: null, theirs: versions.map(() => null), same: versions.map(() => false) };
          extra.set(key, row);
          rows.push(row);
        }
      }
      row.theirs[column] = annotation;
      row.same[column] = row.mine !== null && match.same === row.mine.id;
    }
  });
  for (const row of rows) row.agreed = row.same.every(Boolean);
  return rows.sort((a, b) => a.start - b.start);
}

export async function showVersions() {
  let answer;
  try {
    answer = await getVersions(app.doc.id);
  } catch (problem) {
    tell(problem.message, "warning");
    return;
  }
  const usable = answer.versions.filter(({ same_text: same }) => same);
  if (usable.length === 0) {
    tell(answer.reason ?? (answer.versions.length ? "The others annotated another text." : "Nobody else has annotated this article."));
    return;
  }
  await show(`Versions of ${app.doc.meta.title ?? app.doc.id}`, (dialog) => table(dialog, usable), { class: "versions" });
}

function table(dialog, versions) {
  const all = h("input", { type: "checkbox" });
  const body = h("tbody", {});
  const count = h("span", { class: "note" });
  const draw = () => {
    const rows = rowsOf(app.doc, versions);
    const listed = all.checked ? rows : rows.filter(({ agreed }) => !agreed);
    count.textContent = `${rows.filter(({ agreed }) => agreed).length} of ${rows.length} agreed`;
    body.replaceChildren(...listed.map((row) => rowElement(row, versions, dialog, redraw)));
  };
  const redraw = async (deed) => {
    const position = body.contains(document.activeElement) ? [...body.rows].indexOf(document.activeElement.closest("tr")) : 0;
    const done = await deed;
    if (done) {
      try {
        versions.splice(0, versions.length, ...(await getVersions(app.doc.id)).versions.filter(({ same_text: same }) => same));
      } catch (problem) {
        tell(problem.message, "warning");
      }
    }
    draw();
    body.rows[Math.min(position, body.rows.length - 1)]?.querySelector("button")?.focus();
  };
  all.addEventListener("change", draw);
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!step) return;
    const rows = [...body.rows];
    const at = rows.indexOf(document.activeElement.closest("tr"));
    rows[Math.max(0, Math.min(at + step, rows.length - 1))]?.querySelector("button")?.focus();
    event.preventDefault();
  });
  draw();
  const head = h("tr", {}, h("th", { scope: "col" }, "Where"), h("th", { scope: "col" }, "This document"), ...versions.map(({ name }) => h("th", { scope: "col", dir: "auto" }, name)));
  return [h("p", {}, h("label", {}, all, " those that all agree on, too "), count), h("div", { class: "wide" }, h("table", {}, h("thead", {}, head), body))];
}

function rowElement(row, versions, dialog, redraw) {
  const { start, end } = row.mine ?? row.theirs.find(Boolean);
  const { text } = app.doc;
  const context = h("td", { class: "context", dir: "auto" }, "…", text.slice(Math.max(0, start - MARGIN), start).toWellFormed(), h("b", {}, short(text.slice(start, end), 90)), text.slice(end, end + MARGIN).toWellFormed(), "…");
  const mine = h("td", { class: "mine" }, row.mine ? [said(row.mine, null), h("button", { type: "button", onclick: () => (dialog.close(), choose(row.mine.id)) }, "Open")] : h("span", { class: "note" }, "not marked"));
  const cells = row.theirs.map((annotation, i) => {
    if (row.same[i]) return h("td", { class: "same" }, "✓ the same");
    if (!annotation) return h("td", {}, h("span", { class: "note" }, "not marked"), row.mine && app.doc.editable ? h("button", { type: "button", onclick: () => redraw(edit([{ do: "reject", ids: [row.mine.id] }])) }, "Reject here too") : null);
    const take = { do: "take", version: versions[i].name, id: annotation.id, ...(row.mine ? { replace: row.mine.id } : {}) };
    return h("td", {}, said(annotation, row.mine), app.doc.editable ? h("button", { type: "button", onclick: () => redraw(edit([take])) }, "Take") : null);
  });
  return h("tr", { class: row.agreed ? "agreed" : "" }, context, mine, ...cells);
}

/** An annotation in words; what differs from `other` is bold. */
function said(annotation, other) {
  const line = h("span", { class: "line", style: sample(app.index(annotation.layer)), "aria-hidden": "true" });
  const words = (value) => (typeof value === "object" ? (value.text ?? JSON.stringify(value)) : (one(value)?.text ?? app.doc.entityById.get(value)?.name ?? plain(value)));
  const attributes = Object.entries(annotation.attributes).map(([name, value]) => {
    const differs = other && JSON.stringify(other.attributes[name]) !== JSON.stringify(value);
    return h(differs ? "b" : "span", {}, `${plain(name)} ${words(value)} `);
  });
  const same = other && other.start === annotation.start && other.end === annotation.end;
  return h("div", {}, line, h(same || !other ? "span" : "b", { dir: "auto" }, `“${short(annotation.text, 60)}” `), h("span", { class: "detail" }, ...attributes));
}

