// What the parts of the page share: the corpus, the open document, what is current, and who wants to hear of changes.

import { isRejected, isReviewed } from "./model.js";

export const app = {
  corpus: null, // GET /api/corpus
  layers: new Map(), // by name
  index: () => 0, // number of a layer's colour and pattern
  doc: null, // model.js
  view: null, // text.js
  units: null, // words.js
  current: null, // id of the current annotation
  hidden: new Set(), // layers that are not shown
  only: "all", // which annotations the list holds: all, open, findings, rejected
  words: "", // what the list is filtered by
  mode: null, // the mode that takes keys first: {name, keys(event): boolean, leave()}
};

const listeners = new Map();

export function on(event, listener) {
  listeners.set(event, [...(listeners.get(event) ?? []), listener]);
}

/** Events: opened, changed {pairs, answer}, current {before}, shown (filters), settings, conflict, conflict-again, stale. */
export function emit(event, detail = {}) {
  for (const listener of listeners.get(event) ?? []) listener(detail);
}

export const one = (id) => app.doc?.byId.get(id) ?? null;
export const currentAnnotation = () => one(app.current);

/** The attributes of an annotation's layer, as the corpus declares them. */
export const attributesOf = (layer) => app.layers.get(layer)?.attributes ?? [];

/** The attribute that number keys set: kind, else measure, else the one with most choices. */
export function mainAttribute(layer) {
  const choices = attributesOf(layer).filter((attribute) => attribute.type === "choice");
  const most = [...choices].sort((a, b) => b.choices.length - a.choices.length)[0] ?? null;
  return choices.find(({ name }) => name === "kind") ?? choices.find(({ name }) => name === "measure") ?? most;
}

/** Whether the list and the keys that go through it have this annotation. */
export function isListed(annotation) {
  if (app.hidden.has(annotation.layer)) return false;
  if (app.only === "rejected" ? !isRejected(annotation) : isRejected(annotation)) return false;
  if (app.only === "open" && isReviewed(annotation)) return false;
  if (app.only === "findings" && !app.doc.findings.some((finding) => finding.annotation === annotation.id)) return false;
  return app.words === "" || `${annotation.text} ${Object.values(annotation.attributes).join(" ")}`.toLowerCase().includes(app.words);
}

/** Those an annotation is linked with: what it points to, and what points to it. Entities are not among them. */
export function linkedWith(id) {
  const found = new Set();
  for (const annotation of app.doc.byId.values()) {
    for (const { name, type, refers_to: to } of attributesOf(annotation.layer)) {
      if (!type.startsWith("reference") || to === "entities") continue;
      for (const target of [annotation.attributes[name] ?? []].flat()) {
        if (annotation.id === id) found.add(target);
        else if (target === id) found.add(annotation.id);
      }
    }
  }
  return [...found];
}
