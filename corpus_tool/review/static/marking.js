// Selecting words, by mouse or by keys, and what can be done with them: mark them, give their bounds to an annotation.

import { app, attributesOf, currentAnnotation, on } from "./app.js";
import { add, addPiece, set, setBounds } from "./deeds.js";
import { action, find, h, plain, short } from "./dom.js";
import { sample } from "./lines.js";
import { enterMode, leaveMode } from "./modes.js";
import { arrow, boxOf, reveal, select, selectedRange } from "./selection.js";
import { settings } from "./settings.js";
import { announce, tell } from "./status.js";
import { nextStop, snap, unitBeside } from "./words.js";

/** What is selected, without white space at its edges, whole words where the reviewer wants that; or null. */
export function selection() {
  const range = app.view && selectedRange(app.view);
  return range && snap(app.units, app.doc.text, range, settings.words && app.mode?.name !== "Select");
}

export function startMarking() {
  const article = find("#article");
  document.addEventListener("selectionchange", () => {
    if (!app.view || selectedRange(app.view) === null) hideTools();
  });
  // A press on what is selected would drag the words away instead of selecting anew.
  find("#text").addEventListener("mousedown", (event) => !event.shiftKey && event.button === 0 && select(app.view, null));
  article.addEventListener("pointerup", () => requestAnimationFrame(showTools));
  article.addEventListener("scroll", hideTools);
  on("opened", hideTools);
}

function hideTools() {
  find("#tools").hidden = true;
}

function showTools() {
  const range = selection();
  const tools = find("#tools");
  if (!range || !app.doc.editable) {
    tools.hidden = true;
    return;
  }
  const annotation = currentAnnotation();
  const layers = app.corpus.layers.map(({ name }, i) => {
    const line = h("span", { class: "line", style: sample(app.index(name)), "aria-hidden": "true" });
    return h("button", { type: "button", "data-layer": name, onclick: () => mark(i + 1) }, h("kbd", {}, String(i + 1)), h("span", { class: "stack" }, plain(name), line));
  });
  const spans = annotation ? attributesOf(annotation.layer).filter(({ type }) => type === "span") : [];
  const rest = annotation && [
    action(`bounds: ${short(annotation.text, 16)}`, "=", boundsToSelection),
    action("one more piece of it", "+", pieceFromSelection),
    ...spans.map(({ name }) => h("button", { type: "button", onclick: () => take((chosen) => set(name, chosen)) }, `its ${plain(name)}`)),
  ];
  tools.replaceChildren(h("div", {}, ...layers), rest && h("div", {}, ...rest) || "");
  tools.hidden = false;
  const box = boxOf(app.view, range);
  const width = tools.offsetWidth;
  tools.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  const below = box.bottom + 12;
  tools.style.top = `${below + tools.offsetHeight < innerHeight ? below : box.top - tools.offsetHeight - 12}px`;
}

function take(deed) {
  const range = selection();
  if (!range) {
    tell("Select words first: with the mouse, or v and the arrow keys.");
    return undefined;
  }
  leaveMode();
  select(app.view, null);
  hideTools();
  return deed(range);
}

/** Marks what is selected in the nth layer. */
export function mark(n) {
  const layer = app.corpus.layers[n - 1];
  return layer && take((range) => add(layer.name, range));
}

export const boundsToSelection = () => take((range) => (currentAnnotation() ? setBounds(app.current, [range]) : tell("Choose an annotation first.")));
export const pieceFromSelection = () => take(addPiece);

/** Selecting by keys: words, or characters with Alt; what is selected can then be marked as if by mouse. */
export function startSelect() {
  const annotation = currentAnnotation();
  keys("Select", ["← → go by word, with Shift further, with Alt by character; ↑ ↓ by block; 1 to 9 mark"], annotation, null);
}

/** Asks for words near an annotation, by keys or by mouse; Enter takes them. */
export function selectWords(name, annotation, done) {
  keys(name, ["select words: ← → by word, with Shift further, with Alt by character; Enter takes them"], annotation, done);
}

function keys(name, hint, annotation, done) {
  const view = app.view;
  let range = selection() ?? firstWords(annotation, Boolean(done));
  if (!range) return;
  const show = (next) => {
    range = next;
    select(view, range);
    reveal(view, range.end - 1);
    announce(app.doc.text.slice(range.start, range.end));
  };
  const take = () => {
    const chosen = selection();
    if (!chosen) return;
    leaveMode();
    select(view, null);
    hideTools();
    done(chosen);
  };
  enterMode({
    name,
    hint: done ? [...hint, " ", h("button", { type: "button", onclick: take }, h("kbd", {}, "Enter"), "take")] : hint,
    leave: () => select(view, null),
    keys: (event) => {
      const { key, altKey, shiftKey } = event;
      range = selectedRange(view) ?? range;
      if (key === "ArrowLeft" || key === "ArrowRight") {
        const next = moved(range, arrow(view, key, range.start), altKey ? "grapheme" : "word", shiftKey);
        if (next) show(next);
      } else if (key === "ArrowDown" || key === "ArrowUp") {
        const next = otherPiece(range, key === "ArrowDown" ? 1 : -1);
        if (next) show(next);
      } else if ("[]{}".includes(key) || (altKey && /^Bracket/u.test(event.code))) {
        const next = edges(range, event);
        if (next) show(next);
      } else if (key === "Enter" && done) take();
      else if (/^[1-9]$/u.test(key) && !done) mark(Number(key));
      else return key !== "Escape" && key.length === 1 && Boolean(done);
      return true;
    },
  });
  show(range);
}

function firstWords(annotation, after) {
  const seen = app.view.pieces.find(({ element }) => element.getBoundingClientRect().bottom > find("#article").getBoundingClientRect().top + 20);
  const from = annotation ? (after ? annotation.end : annotation.start) : (seen?.start ?? 0);
  return unitBeside(app.units, from, 1) ?? unitBeside(app.units, from, -1);
}

function moved(range, direction, granularity, further) {
  if (further) {
    const end = nextStop(app.units, "end", range.end, direction, granularity);
    return end !== null && end > range.start ? { start: range.start, end } : null;
  }
  const unit = unitBeside(app.units, direction > 0 ? range.end : range.start, direction, granularity);
  return unit && { start: unit.start, end: unit.end };
}

function otherPiece(range, direction) {
  const at = app.view.pieces.findLastIndex((piece) => piece.start <= range.start);
  const piece = app.view.pieces[at + direction];
  return piece ? unitBeside(app.units, piece.start, 1) : null;
}

/** Which edge a bracket key moves, and where to: [ ] outwards, with Shift inwards, with Alt by character. */
export function bracket(event) {
  const left = event.key === "[" || event.key === "{" || (event.altKey && event.code === "BracketLeft");
  const inwards = event.key === "{" || event.key === "}" || event.shiftKey;
  const edge = left ? "start" : "end";
  const outwards = left ? -1 : 1;
  const byCharacter = event.altKey && !event.getModifierState("AltGraph");
  return { edge, direction: inwards ? -outwards : outwards, granularity: byCharacter ? "grapheme" : "word" };
}

function edges(range, event) {
  const { edge, direction, granularity } = bracket(event);
  const to = nextStop(app.units, edge, range[edge], direction, granularity);
  const next = to === null ? range : { ...range, [edge]: to };
  return next.start < next.end ? next : null;
}
