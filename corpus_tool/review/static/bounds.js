// Bounds mode: one edge of the current annotation at a time, by arrow keys; Enter saves, Escape leaves everything as it was.

import { app, currentAnnotation, emit } from "./app.js";
import { h, find } from "./dom.js";
import { movedPieces, setBounds } from "./deeds.js";
import { fragmentsOf, replaceAnnotations, spanOf, rangeOf } from "./model.js";
import { enterMode, leaveMode } from "./modes.js";
import { arrow, boxOf, reveal } from "./selection.js";
import { announce, tell } from "./status.js";

export function startBounds() {
  const annotation = currentAnnotation();
  if (!annotation) {
    tell("Choose an annotation first: j and k go from one to the next.");
    return;
  }
  let pieces = fragmentsOf(annotation).map((piece) => ({ ...piece }));
  let at = pieces.length * 2 - 1; // edges in order: start and end of each piece
  const caret = h("div", { class: "edge", "aria-hidden": "true" });
  document.body.append(caret);

  const draw = () => {
    const { fragments: _, ...rest } = annotation;
    const pairs = replaceAnnotations(app.doc, [{ ...rest, ...spanOf(app.doc, rangeOf(pieces)) }]);
    emit("changed", { pairs });
    point();
  };
  const point = () => {
    const edge = at % 2 === 0 ? "start" : "end";
    const offset = pieces[Math.floor(at / 2)][edge];
    reveal(app.view, edge === "start" ? offset : offset - 1);
    const box = boxOf(app.view, edge === "start" ? { start: offset, end: offset + 1 } : { start: offset - 1, end: offset });
    const x = edge === "start" ? box.left : box.right;
    Object.assign(caret.style, { left: `${x}px`, top: `${box.top}px`, height: `${box.height}px` });
  };
  const move = (direction, granularity) => {
    const moved = movedPieces(pieces, Math.floor(at / 2), at % 2 === 0 ? "start" : "end", direction, granularity);
    if (!moved) return;
    pieces = moved;
    draw();
    announce(pieces.map(({ start, end }) => app.doc.text.slice(start, end)).join(" … "));
  };
  const tidy = () => {
    caret.remove();
    find("#article").removeEventListener("scroll", point);
  };
  const back = () => {
    tidy();
    emit("changed", { pairs: replaceAnnotations(app.doc, [annotation]) });
  };
  const save = () => {
    const changed = JSON.stringify(pieces) !== JSON.stringify(fragmentsOf(annotation).map(({ start, end }) => ({ start, end })));
    leaveMode(); // the annotation is as it was again, so that a refusal has something to go back to
    if (changed) setBounds(annotation.id, pieces);
  };
  enterMode({
    name: "Bounds",
    hint: ["← → move the edge, with Alt by character; Tab the other edge; Enter saves"],
    leave: back,
    keys: (event) => {
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") move(arrow(app.view, event.key, pieces[0].start), event.altKey ? "grapheme" : "word");
      else if (event.key === "Tab") {
        at = (at + (event.shiftKey ? -1 : 1) + pieces.length * 2) % (pieces.length * 2);
        point();
        announce(at % 2 === 0 ? "start" : "end");
      } else if (event.key === "Enter") save();
      else return false;
      return true;
    },
  });
  find("#article").addEventListener("scroll", point);
  point();
}
