// The current annotation, and going from one to the next.

import { announce } from "./status.js";
import { app, currentAnnotation, emit, isListed, linkedWith, one } from "./app.js";
import { plain, short } from "./dom.js";
import { revealRow } from "./list.js";
import { isReviewed } from "./model.js";
import { reveal } from "./selection.js";
import { setCurrent } from "./text.js";

/** Makes an annotation current; null: none. */
export function choose(id, { scroll = true, say = true } = {}) {
  const before = app.current;
  app.current = id !== null && app.doc.byId.has(id) ? id : null;
  setCurrent(app.view, app.current, app.current === null ? [] : linkedWith(app.current));
  const annotation = currentAnnotation();
  emit("current", { before });
  if (annotation && scroll) reveal(app.view, annotation.start); // reads the layout, so after all that writes to it
  if (annotation) revealRow(annotation.id);
  if (annotation && say) announce(sayAnnotation(annotation));
}

export function sayAnnotation(annotation) {
  const kind = annotation.attributes.kind ?? annotation.attributes.measure ?? "";
  return `${plain(annotation.layer)} ${plain(kind)}: ${short(annotation.text, 120)}, ${annotation.status ?? "no status"}`;
}

/** The next annotation that the list holds and that fits; direction -1 or 1. */
export function go(direction, fits = () => true) {
  const { order } = app.doc;
  const here = app.current === null ? (direction > 0 ? -1 : order.length) : order.indexOf(app.current);
  for (let i = here + direction; i >= 0 && i < order.length; i += direction) {
    const annotation = one(order[i]);
    if (isListed(annotation) && fits(annotation)) return choose(annotation.id);
  }
  announce(direction > 0 ? "No further one in this article" : "No earlier one in this article");
  return undefined;
}

/** The next one that nobody has decided; from the end of the article once more from its beginning. */
export function goOpen(direction) {
  const open = app.doc.order.filter((id) => isListed(one(id)) && !isReviewed(one(id)));
  if (open.length === 0) {
    announce("Everything listed here is reviewed. J opens the next article");
    return;
  }
  const places = new Map(app.doc.order.map((id, i) => [id, i]));
  const here = app.current === null ? -1 : places.get(app.current);
  const next = direction > 0 ? open.find((id) => places.get(id) > here) : open.findLast((id) => places.get(id) < here);
  choose(next ?? (direction > 0 ? open[0] : open.at(-1)));
}
