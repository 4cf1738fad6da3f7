// The open document: what the server said, indexed. Offsets are UTF-16 code units, as everywhere in the page.

const HUMAN = new Set(["accepted", "corrected", "added", "rejected"]);

/** A document of GET /api/documents/ID, with annotations and entities by id, in reading order. */
export function openDocument(raw) {
  const doc = { ...raw, byId: new Map(), entityById: new Map(), order: [], numbers: new Map(), nextNumber: 1 };
  for (const annotation of raw.annotations) put(doc, annotation);
  for (const entity of raw.entities) doc.entityById.set(entity.id, entity);
  sort(doc);
  return doc;
}

/** A number that stands for an annotation in the page; ids of a corpus may hold anything. */
function put(doc, annotation) {
  doc.byId.set(annotation.id, annotation);
  if (!doc.numbers.has(annotation.id)) doc.numbers.set(annotation.id, doc.nextNumber++);
}

function sort(doc) {
  const all = [...doc.byId.values()];
  all.sort((a, b) => a.start - b.start || b.end - a.end || a.layer.localeCompare(b.layer) || doc.numbers.get(a.id) - doc.numbers.get(b.id));
  doc.order = all.map((annotation) => annotation.id);
}

/** Puts annotations in (or takes ids out) and gives [before, after] pairs: what the page must draw anew. */
export function replaceAnnotations(doc, changed, removed = []) {
  const pairs = [];
  let moved = false;
  for (const annotation of changed) {
    const before = doc.byId.get(annotation.id) ?? null;
    moved ||= before === null || before.start !== annotation.start || before.end !== annotation.end;
    put(doc, annotation);
    pairs.push([before, annotation]);
  }
  for (const id of removed) {
    const before = doc.byId.get(id);
    if (before === undefined) continue;
    doc.byId.delete(id);
    moved = true;
    pairs.push([before, null]);
  }
  if (moved) sort(doc);
  return pairs;
}

/** What an answer of the server says besides annotations. */
export function takeAnswer(doc, answer) {
  for (const entity of answer.entities) doc.entityById.set(entity.id, entity);
  for (const id of answer.removed_entities) doc.entityById.delete(id);
  if (answer.relations) doc.relations = answer.relations;
  Object.assign(doc, { etag: answer.etag, findings: answer.findings, progress: answer.progress, undo: answer.undo, redo: answer.redo });
}

/** Pieces of a span: its fragments, or itself. */
export const fragmentsOf = (span) => span.fragments ?? [{ start: span.start, end: span.end }];

export const isReviewed = (annotation) => annotation.status === null || HUMAN.has(annotation.status);
export const isRejected = (annotation) => annotation.status === "rejected";

/** The words of a span as the contract writes them: fragments joined by one space. */
export const wordsOf = (doc, span) => fragmentsOf(span).map(({ start, end }) => doc.text.slice(start, end)).join(" ");

/** A RANGE of the API from pieces in any order. */
export function rangeOf(pieces) {
  return pieces.length === 1 ? { start: pieces[0].start, end: pieces[0].end } : { fragments: pieces };
}

export function spanOf(doc, range) {
  const pieces = [...(range.fragments ?? [range])].sort((a, b) => a.start - b.start);
  const span = { start: pieces[0].start, end: pieces.at(-1).end };
  if (pieces.length > 1) span.fragments = pieces;
  return { ...span, text: wordsOf(doc, span) };
}

/**
 * What an edit will make of annotations, so that the page need not wait for the server, whose answer then stands.
 * Edits of entities, versions and fixes are not foreseen: null.
 */
export function foresee(doc, edit) {
  const one = doc.byId.get(edit.id);
  const human = (annotation) => (annotation.status === "added" || annotation.status === null ? annotation.status : "corrected");
  switch (edit.do) {
    case "accept":
    case "reject":
      return edit.ids.filter((id) => doc.byId.has(id)).map((id) => ({ ...doc.byId.get(id), status: `${edit.do}ed` }));
    case "bounds":
      return one ? [{ ...withoutFragments(one), ...spanOf(doc, edit), status: human(one) }] : [];
    case "set":
      return one ? [{ ...one, attributes: setAttributes(doc, one.attributes, edit.attributes), status: human(one) }] : [];
    case "add": {
      const attributes = setAttributes(doc, {}, edit.attributes ?? {});
      const made = { id: edit.pending, layer: edit.layer, attributes, status: "added", annotator: null, score: null, was: null };
      return [{ ...made, extra: {}, sound: true, ...spanOf(doc, edit) }];
    }
    default:
      return null;
  }
}

function withoutFragments(annotation) {
  const { fragments: _, ...rest } = annotation;
  return rest;
}

function setAttributes(doc, before, changes) {
  const after = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete after[name];
    else if (isRange(value)) after[name] = spanOf(doc, value);
    else after[name] = value;
  }
  return after;
}

const isRange = (value) => typeof value === "object" && !Array.isArray(value) && ("start" in value || "fragments" in value);
