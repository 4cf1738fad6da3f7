// Edits on their way to the file. Each is shown at once as foreseen, sent in order, and then is what the server made of it.

import { postEdits, postStep, Refused, Unreachable } from "./api.js";
import { app, emit } from "./app.js";
import { foresee, openDocument, replaceAnnotations, takeAnswer } from "./model.js";
import { announce, showSaved, tell } from "./status.js";

const AGAIN = 2000; // milliseconds until a server that does not answer is asked again

let steps = []; // {doc, kind: "edits" | "undo" | "redo", edits, key, before: Map, started, done}
let busy = false;
let halted = null; // "conflict", "offline", "refused"
let pending = 0;

export const unsaved = () => steps.length > 0;
export const isHalted = () => halted;

/** The one edit that a document that is no valid one takes: mending it. */
export const isMending = (made) => made.do === "mend";

/**
 * Makes edits, one step to undo. `key`: a later edit with the same key takes the place of one that waits still.
 * Resolves to the server's answer, or to null where it was refused; never rejects.
 */
export function edit(edits, { key = null, said = "" } = {}) {
  const doc = app.doc;
  if (!doc.editable && !edits.every(isMending)) {
    tell(doc.reason ?? "This document cannot be changed here.", "warning");
    return Promise.resolve(null);
  }
  if (halted === "conflict") {
    tell("Choose first what to do about the change from elsewhere.", "warning");
    emit("conflict-again");
    return Promise.resolve(null);
  }
  const waiting = steps.at(-1);
  if (key && waiting?.key === key && waiting.doc === doc && !waiting.started) {
    waiting.edits = edits;
    emit("changed", { pairs: show(waiting) });
    return waiting.promise;
  }
  for (const one of edits) if (one.do === "add") one.pending = `pending:${++pending}`;
  if (said) announce(said);
  return queue({ doc, kind: "edits", edits, key, before: new Map() });
}

export function undo() {
  return step("undo", app.doc.undo);
}

export function redo() {
  return step("redo", app.doc.redo);
}

function step(kind, what) {
  if (!what && !unsaved()) {
    tell(`Nothing to ${kind}.`);
    return Promise.resolve(null);
  }
  return queue({ doc: app.doc, kind, edits: [], key: null, before: new Map() });
}

function queue(made) {
  made.promise = new Promise((resolve) => {
    made.done = resolve;
  });
  steps.push(made);
  const pairs = show(made);
  if (pairs.length) emit("changed", { pairs });
  pump();
  return made.promise;
}

/** Shows what a step will do; remembers what was there before. */
function show(made) {
  const pairs = [];
  for (const one of made.edits) {
    const after = foresee(made.doc, one);
    if (!after) continue;
    for (const annotation of after) {
      if (!made.before.has(annotation.id)) made.before.set(annotation.id, made.doc.byId.get(annotation.id) ?? null);
    }
    pairs.push(...replaceAnnotations(made.doc, after));
  }
  return pairs;
}

async function pump() {
  if (busy || steps.length === 0 || (halted && halted !== "offline")) return;
  busy = true;
  const made = steps[0];
  made.started = true;
  showSaved(halted ?? "saving");
  try {
    const send = () => (made.kind === "edits" ? postEdits(made.doc.id, made.doc.etag, clean(made.edits)) : postStep(made.doc.id, made.doc.etag, made.kind));
    const answer = await send();
    halted = null;
    steps.shift();
    settle(made, answer);
  } catch (problem) {
    stumble(made, problem);
  } finally {
    busy = false;
  }
  if (!halted && steps.length === 0) showSaved(app.doc.editable ? "saved" : "readonly", app.doc.reason ?? "");
  if (!halted) pump();
}

const clean = (edits) => edits.map(({ pending: _, ...rest }) => rest);

function settle(made, answer) {
  const { doc } = made;
  for (const note of answer.notes ?? []) tell(note);
  if (answer.reload) {
    doc.etag = answer.etag;
    made.done(answer);
    if (doc === app.doc) emit("stale");
    return;
  }
  const named = new Set([...answer.changed.map((annotation) => annotation.id), ...answer.removed]);
  const back = [...made.before].filter(([id]) => !named.has(id));
  const restored = back.filter(([, before]) => before !== null).map(([, before]) => before);
  const gone = back.filter(([, before]) => before === null).map(([id]) => id);
  const names = new Map(made.edits.filter((one) => one.pending).map((one, i) => [one.pending, answer.added[i]]));
  for (const later of steps) rename(later, names);
  const pairs = replaceAnnotations(doc, [...restored, ...answer.changed], [...gone, ...answer.removed]);
  takeAnswer(doc, answer);
  for (const later of steps) if (later.doc === doc) pairs.push(...show(later));
  if (names.has(app.current)) app.current = names.get(app.current);
  if (doc === app.doc) emit("changed", { pairs, answer });
  if (answer.done) announce(`${made.kind === "undo" ? "Undone" : "Done again"}: ${answer.done}`);
  made.done(answer);
}

/** An added annotation has its id only now: steps that wait name it by the pending one. */
function rename(later, names) {
  if (names.size === 0) return;
  const walk = (value) => {
    if (typeof value === "string") return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(walk);
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === "pending" ? inner : walk(inner)]));
    }
    return value;
  };
  later.edits = walk(later.edits);
  later.before = new Map([...later.before].filter(([id]) => !names.has(id)));
}

function stumble(made, problem) {
  if (problem instanceof Unreachable) {
    if (halted !== "offline") tell(problem.message, "warning");
    halted = "offline";
    setTimeout(pump, AGAIN);
  } else if (problem instanceof Refused && problem.status === 412) {
    halted = "conflict";
    emit("conflict", { made, body: problem.body });
  } else if (problem instanceof Refused && problem.status === 403) {
    halted = "refused";
    tell(problem.message, "warning");
  } else {
    takeBack(made);
    tell(problem.message, "warning");
    if (!(problem instanceof Refused)) throw problem;
  }
  if (halted) showSaved(halted);
}

/** A refused step: what it had shown goes, and so do steps that count on what it would have added. */
function takeBack(made) {
  const ids = made.edits.map((one) => one.pending).filter(Boolean);
  const depends = (later) => ids.some((id) => JSON.stringify(later.edits).includes(`"${id}"`));
  const dropped = steps.filter((later) => later !== made && depends(later));
  steps = steps.filter((later) => later !== made && !dropped.includes(later));
  halted = null;
  const pairs = [];
  for (const later of [made, ...dropped].reverse()) {
    for (const [id, before] of later.before) pairs.push(...replaceAnnotations(made.doc, before ? [before] : [], before ? [] : [id]));
    later.done(null);
  }
  for (const later of steps) if (later.doc === made.doc) pairs.push(...show(later));
  if (ids.includes(app.current)) app.current = null;
  if (made.doc === app.doc) emit("changed", { pairs });
}

/** After a conflict: the steps that wait are given up. */
export function giveUp() {
  for (const made of steps) made.done(null);
  steps = [];
  halted = null;
}

/** After a conflict: the steps that wait go on top of a document read anew. */
export function goOn(raw) {
  const doc = openDocument(raw);
  for (const made of steps) Object.assign(made, { doc, before: new Map(), started: false });
  for (const made of steps) show(made);
  halted = null;
  return doc;
}

export const resume = () => pump();

/** When all steps are saved (or given up). */
export async function settled() {
  while (steps.length > 0 && !halted) await steps.at(-1).promise;
}
