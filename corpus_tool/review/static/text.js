// The article as it reads, with lines under the words. Text nodes hold the document's text and nothing else: offsets are
// counted in them. A piece is a block; what an edit touches is drawn anew chunk by chunk, everything else stays.

import { h } from "./dom.js";
import { isRejected, isReviewed } from "./model.js";
import { assignLanes, cut, groupsOf } from "./lanes.js";
import { linesOf, lineRoom } from "./lines.js";
import { pieceAt } from "./words.js";

const CHUNK = 2000; // UTF-16 code units that are drawn anew together; a block is rarely longer
const ENDLESS = 8 * CHUNK; // a block this long is shown as paragraphs, or each edit would set all of its lines anew
export const STRETCH = 20; // blocks that the browser leaves out of its layout together while they are out of sight
const TAGS = { title: "h1", heading: "h2" };

/** The blocks of a document, and what stands outside of them, without what is only white space. */
export function piecesOf(doc) {
  const pieces = [];
  let at = 0;
  const add = (start, end, kind) => {
    if (start < end && /\S/u.test(doc.text.slice(start, end))) pieces.push({ start, end, kind });
  };
  for (const block of [...doc.blocks].sort((a, b) => a.start - b.start)) {
    const start = Math.max(at, Math.min(block.start, doc.text.length));
    const end = Math.max(start, Math.min(block.end, doc.text.length));
    add(at, start, "outside");
    add(start, end, block.kind);
    at = end;
  }
  add(at, doc.text.length, "outside");
  return pieces.map((piece, index) => ({ ...piece, index, text: doc.text.slice(piece.start, piece.end), ids: new Set() }));
}

function chunksOf(piece) {
  const chunks = [];
  let start = 0;
  while (piece.text.length - start > CHUNK) {
    const stop = piece.text.lastIndexOf(". ", start + CHUNK) + 1;
    const space = stop > start + CHUNK / 2 ? stop : piece.text.lastIndexOf(" ", start + CHUNK);
    const end = space > start ? space + 1 : piece.text.length; // a block without spaces stays whole
    chunks.push({ start: piece.start + start, end: piece.start + end });
    start = end;
  }
  chunks.push({ start: piece.start + start, end: piece.end });
  const filled = chunks.filter((chunk) => chunk.start < chunk.end);
  return filled.map((chunk) => ({ ...chunk, lanes: 0, text: piece.text.slice(chunk.start - piece.start, chunk.end - piece.start) }));
}

/**
 * Draws a document into `root`. `look`: {index(layer): number of its colour and pattern, shows(annotation): boolean}.
 * The view keeps what is current, and knows where in the page an annotation or an offset is.
 */
export function makeTextView(root, doc, look) {
  const pieces = piecesOf(doc);
  const view = { root, doc, look, pieces, current: null, kin: new Set(), preview: null };
  for (const [id, annotation] of doc.byId) for (const piece of touched(view, annotation)) piece.ids.add(id);
  const direction = doc.direction ?? "ltr";
  const stretches = [];
  for (let i = 0; i < pieces.length; i += STRETCH) {
    const elements = pieces.slice(i, i + STRETCH).map((piece) => pieceElement(view, piece, direction));
    const stretch = h("div", { class: "stretch", style: { "--pieces": elements.length } }, ...elements);
    stretch.first = i;
    stretches.push(stretch);
  }
  root.replaceChildren(...stretches);
  return view;
}

function pieceElement(view, piece, direction) {
  piece.chunks = chunksOf(piece).map((chunk) => ({ ...chunk, element: h("span", { class: "chunk" }) }));
  for (const chunk of piece.chunks) chunk.element.chunk = chunk;
  const tag = TAGS[piece.kind] ?? "p";
  piece.words = h(tag, { class: "words", dir: directionOf(piece.text, direction) }, ...piece.chunks.map((chunk) => chunk.element));
  piece.flag = h("button", { type: "button", class: "flag", hidden: true, "data-piece": piece.index });
  const kind = ["paragraph", "title", "heading"].includes(piece.kind) ? null : h("span", { class: "block-kind" }, piece.kind);
  const endless = piece.text.length > ENDLESS ? "endless" : "";
  piece.element = h("div", { class: `piece ${piece.kind} ${endless}`, "data-piece": piece.index }, kind, piece.words, piece.flag);
  piece.element.piece = piece;
  drawPiece(view, piece);
  return piece.element;
}

const BACKWARDS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/gu;

/** A block goes the way of most of its letters: an English one may begin with an Arabic name. */
function directionOf(text, usual) {
  const backwards = text.match(BACKWARDS)?.length ?? 0;
  if (backwards === 0) return /\p{L}/u.test(text) ? "ltr" : usual;
  return backwards * 2 > text.match(/\p{L}/gu).length ? "rtl" : "ltr";
}

function touched(view, annotation) {
  const found = new Set();
  for (const group of groupsOf(annotation)) {
    for (let i = pieceAt(view.pieces, group.start); i < view.pieces.length && view.pieces[i].start < group.end; i += 1) {
      if (view.pieces[i].end > group.start) found.add(view.pieces[i]);
    }
  }
  return found;
}

/** Draws what has changed: [before, after] pairs of annotations. Gives the number of chunks drawn. */
export function redraw(view, pairs) {
  const ranges = new Map();
  const note = (piece, annotation) => ranges.set(piece, [...(ranges.get(piece) ?? []), ...groupsOf(annotation)]);
  for (const [before, after] of pairs) {
    if (before) {
      for (const piece of touched(view, before)) {
        piece.ids.delete(before.id);
        note(piece, before);
      }
    }
    if (after) {
      for (const piece of touched(view, after)) {
        piece.ids.add(after.id);
        note(piece, after);
      }
    }
  }
  let drawn = 0;
  for (const [piece, groups] of ranges) drawn += drawPiece(view, piece, groups);
  return drawn;
}

/** Draws everything: layers were hidden or shown. */
export function redrawAll(view) {
  for (const piece of view.pieces) drawPiece(view, piece);
}

/** Draws the chunks of a piece that some groups touch, or all. Gives how many. */
function drawPiece(view, piece, only = null) {
  const overlaps = (group, chunk) => group.start < chunk.end && group.end > chunk.start;
  const chunks = only ? piece.chunks.filter((chunk) => only.some((group) => overlaps(group, chunk))) : piece.chunks;
  const groups = [];
  for (const id of piece.ids) {
    const annotation = view.doc.byId.get(id);
    if (!annotation || !shown(view, annotation)) continue;
    const number = view.doc.numbers.get(id);
    for (const group of groupsOf(annotation)) groups.push({ ...group, annotation, number });
  }
  for (const chunk of chunks) {
    const here = groups.filter((group) => overlaps(group, chunk));
    chunk.lanes = assignLanes(here);
    drawChunk(view, chunk, here);
  }
  const lanes = Math.max(1, ...piece.chunks.map((chunk) => chunk.lanes));
  if (lanes !== piece.lanes) piece.words.style.setProperty("--lanes", lanes);
  piece.lanes = lanes;
  return chunks.length;
}

const shown = (view, annotation) => annotation.id === view.current || (view.look.shows(annotation) && !isRejected(annotation));

function drawChunk(view, chunk, groups) {
  const { text } = view.doc;
  const nodes = [];
  for (const { start, end, marks } of cut(chunk.start, chunk.end, groups)) {
    const words = text.slice(start, end);
    nodes.push(marks.length ? segmentElement(view, words, marks) : document.createTextNode(words));
  }
  chunk.element.replaceChildren(...nodes);
}

function segmentElement(view, words, marks) {
  const segment = document.createElement("span");
  segment.className = "s";
  segment.textContent = words;
  const numbers = new Set(marks.filter((mark) => mark.role !== "gap").map((mark) => mark.group.number));
  segment.dataset.n = [...numbers].join(" ");
  const labels = marks.filter((mark) => mark.first && mark.role === "span").map((mark) => labelOf(mark.group.annotation));
  if (labels.length) segment.dataset.label = labels.join(" · ");
  segment.style.setProperty("--used", Math.max(...marks.map((mark) => mark.group.lane)) + 1);
  Object.assign(segment.style, lineRoom(linesOf(marks, view.look.index, isReviewed, words)));
  for (const { group, role } of marks) {
    const id = group.annotation.id;
    if (id === view.current && role !== "gap") mark(segment, role === "part" ? "kin" : "on", view.look.index(group.annotation.layer));
    else if (view.kin.has(id) && role === "span") mark(segment, "kin", view.look.index(group.annotation.layer));
  }
  return segment;
}

function mark(segment, name, index) {
  segment.classList.add(name);
  segment.style.setProperty("--c", `var(--layer-${index})`);
}

const labelOf = (annotation) => annotation.attributes.kind ?? annotation.attributes.measure ?? annotation.layer;

/** Makes an annotation the current one (null: none), with those it is linked with lit as well. */
export function setCurrent(view, id, kin) {
  const before = [view.current, ...view.kin];
  view.current = id;
  view.kin = new Set(kin);
  const pairs = [...new Set([...before, id, ...kin])].map((one) => view.doc.byId.get(one)).filter(Boolean);
  return redraw(view, pairs.map((annotation) => [annotation, annotation]));
}

/** The segments that show an annotation's own words. */
export function segmentsOf(view, id) {
  const annotation = view.doc.byId.get(id);
  if (!annotation) return [];
  const number = view.doc.numbers.get(id);
  return [...touched(view, annotation)]
    .sort((a, b) => a.index - b.index)
    .flatMap((piece) => [...piece.words.querySelectorAll(`.s[data-n~="${number}"]`)]);
}

/** Ids of the annotations drawn under a segment, the shortest first. */
export function idsUnder(view, segment) {
  const numbers = new Set(segment.dataset.n.split(" ").map(Number));
  const piece = segment.closest(".piece").piece;
  const ids = [...piece.ids].filter((id) => numbers.has(view.doc.numbers.get(id)));
  const length = (id) => view.doc.byId.get(id).end - view.doc.byId.get(id).start;
  return ids.sort((a, b) => length(a) - length(b));
}

/** Findings by piece: a flag in the margin says how many. */
export function drawFlags(view, findings) {
  const counts = new Map();
  for (const { start } of findings) {
    if (start === null || view.pieces.length === 0) continue;
    const piece = view.pieces[pieceAt(view.pieces, start)];
    counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  for (const piece of view.pieces) {
    const count = counts.get(piece) ?? 0;
    if (piece.flag.hidden !== (count === 0)) piece.flag.hidden = count === 0;
    const label = count === 1 ? "1 finding in this block" : `${count} findings in this block`;
    if (count && piece.flag.title !== label) {
      piece.flag.title = label;
      piece.flag.setAttribute("aria-label", label);
      piece.flag.textContent = `! ${count}`;
    }
  }
}
