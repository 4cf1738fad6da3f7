// What a reviewer does to annotations, each as one step. Keys, buttons and menus all end here.

import { app, currentAnnotation, mainAttribute, one } from "./app.js";
import { choose } from "./current.js";
import { plain, short } from "./dom.js";
import { fragmentsOf, isRejected, rangeOf } from "./model.js";
import { edit } from "./session.js";
import { tell } from "./status.js";
import { nextStop } from "./words.js";

const lastKind = new Map(); // by layer: what the reviewer chose last

export function accept(id = app.current) {
  const annotation = one(id);
  if (!annotation) return needsOne();
  if (annotation.status === "suggested" || isRejected(annotation)) return edit([{ do: "accept", ids: [id] }], { said: "Accepted" });
  tell(`${id} is ${annotation.status ?? "a person's"} already.`);
  return undefined;
}

export function reject(id = app.current) {
  if (!one(id)) return needsOne();
  return edit([{ do: "reject", ids: [id] }], { said: "Rejected" });
}

/** Accepts all suggestions, or those of one layer. */
export async function acceptAll(layer = null) {
  const open = [...app.doc.byId.values()].filter((one) => one.status === "suggested" && (layer === null || one.layer === layer));
  if (open.length === 0) return tell("Nothing here is only suggested.");
  const answer = await edit([layer === null ? { do: "accept_all" } : { do: "accept_all", layer }]);
  if (answer) tell(`Accepted ${open.length} ${layer === null ? "annotations" : plain(layer)}. u undoes it.`);
  return answer;
}

/** Sets one attribute; null takes it away. */
export function set(name, value, id = app.current) {
  const annotation = one(id);
  if (!annotation) return needsOne();
  if (JSON.stringify(annotation.attributes[name] ?? null) === JSON.stringify(value)) return undefined;
  if (name === mainAttribute(annotation.layer)?.name && value !== null) lastKind.set(annotation.layer, value);
  return edit([{ do: "set", id, attributes: { [name]: value } }], { said: `${plain(name)}: ${sayValue(value)}` });
}

const sayValue = (value) => (value === null ? "taken away" : typeof value === "object" ? "set" : plain(value));

/** The number keys: the nth choice of the kind, or of the measure. */
export function setNth(n) {
  const annotation = currentAnnotation();
  if (!annotation) return needsOne();
  const attribute = mainAttribute(annotation.layer);
  const value = attribute?.choices[n - 1];
  return value === undefined ? undefined : set(attribute.name, value);
}

/** Marks a range in a layer: like the same words elsewhere in the article, else like the last one marked. */
export function add(layer, range) {
  const attribute = mainAttribute(layer);
  const words = app.doc.text.slice(range.start, range.end);
  const alike = [...app.doc.byId.values()].find((other) => other.layer === layer && other.text === words && !isRejected(other));
  const attributes = {};
  for (const { name, type, required, choices } of app.layers.get(layer).attributes) {
    if (type !== "choice") continue;
    const value = alike?.attributes[name] ?? (attribute?.name === name ? lastKind.get(layer) : undefined) ?? (required ? commonest(layer, name) ?? choices[0] : undefined);
    if (value !== undefined) attributes[name] = value;
  }
  const made = { do: "add", layer, ...range, attributes };
  const done = edit([made], { said: `Marked as ${plain(layer)}: ${short(words)}` });
  if (made.pending) choose(made.pending, { say: false, scroll: false });
  return done;
}

/** The value that most annotations of a layer have in this article. */
function commonest(layer, name) {
  const counts = new Map();
  for (const { layer: one, attributes } of app.doc.byId.values()) {
    if (one === layer && attributes[name] !== undefined) counts.set(attributes[name], (counts.get(attributes[name]) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** Gives an annotation other bounds: pieces in UTF-16 code units. */
export function setBounds(id, pieces) {
  return edit([{ do: "bounds", id, ...rangeOf(pieces) }], { key: `bounds ${id}` });
}

/** Moves one edge: "start" or "end", -1 or 1, by "word" or "grapheme". */
export function moveEdge(edge, direction, granularity) {
  const annotation = currentAnnotation();
  if (!annotation) return needsOne();
  const pieces = movedPieces(fragmentsOf(annotation), edge === "start" ? 0 : fragmentsOf(annotation).length - 1, edge, direction, granularity);
  return pieces && setBounds(annotation.id, pieces);
}

/** Pieces with one edge moved, or null where that would leave one of them empty or touch the next. */
export function movedPieces(pieces, index, edge, direction, granularity) {
  const to = nextStop(app.units, edge, pieces[index][edge], direction, granularity);
  if (to === null) return null;
  const moved = pieces.map((piece, i) => (i === index ? { ...piece, [edge]: to } : { ...piece }));
  const before = moved[index - 1]?.end ?? -1;
  const after = moved[index + 1]?.start ?? Infinity;
  const fits = moved[index].start < moved[index].end && moved[index].start > before && moved[index].end < after;
  return fits ? moved : null;
}

/** Adds a selected range to the current annotation as a piece of it. */
export function addPiece(range) {
  const annotation = currentAnnotation();
  if (!annotation) return needsOne();
  const isApart = (piece) => piece.end < range.start || piece.start > range.end;
  const apart = fragmentsOf(annotation).filter(isApart);
  const touching = fragmentsOf(annotation).filter((piece) => !isApart(piece));
  const start = Math.min(range.start, ...touching.map((piece) => piece.start));
  const end = Math.max(range.end, ...touching.map((piece) => piece.end));
  return setBounds(annotation.id, [...apart, { start, end }].sort((a, b) => a.start - b.start));
}

function needsOne() {
  tell("Choose an annotation first: j and k go from one to the next.");
}
