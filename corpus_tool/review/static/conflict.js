// The file was changed elsewhere: what differs, and what shall stand. Nothing is written before the reviewer has chosen.

import { getDocument } from "./api.js";
import { app, emit, on } from "./app.js";
import { find, h, plain, short } from "./dom.js";
import { giveUp, goOn, resume } from "./session.js";
import { announce, showSaved, tell } from "./status.js";

let last = null;

/** `reopen(doc or null)`: shows a document; null: reads it anew. */
export function startConflicts(reopen) {
  on("conflict", (conflict) => {
    last = conflict;
    ask(conflict, reopen);
  });
  on("conflict-again", () => last && ask(last, reopen));
}

function ask({ made, body }, reopen) {
  find("#conflict")?.remove();
  const theirs = async () => {
    dialog.close();
    giveUp();
    last = null;
    await reopen(null);
    showSaved("saved");
    tell("This is the article as it was changed elsewhere.");
  };
  const mine = async () => {
    dialog.close();
    try {
      const doc = goOn(await getDocument(app.doc.id));
      last = null;
      await reopen(doc);
      resume();
    } catch (problem) {
      tell(problem.message, "warning");
      emit("conflict", { made, body });
    }
  };
  const can = body.applies && made.kind === "edits" && !body.gone;
  const why = body.gone ? "The file is no longer there." : made.kind === "edits" ? (body.why_not ?? "") : "A step of undoing cannot be put on top of another's change.";
  const differences = body.differences ?? null;
  const dialog = h(
    "dialog",
    { id: "conflict", "aria-labelledby": "conflict-title", "aria-describedby": "conflict-text" },
    h("h2", { id: "conflict-title" }, "Changed elsewhere"),
    h("p", { id: "conflict-text" }, `${body.error}. Nothing of it was overwritten; your last edit is not saved yet.`),
    differences === null ? h("p", { class: "note" }, "What differs is not known: this page is too far behind.") : h("ul", { class: "differences" }, ...differences.slice(0, 200).map(difference)),
    differences !== null && differences.length > 200 ? h("p", { class: "note" }, `and ${differences.length - 200} more`) : null,
    can ? null : h("p", { class: "warning" }, `Your edit cannot be put on top: ${why}`),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "main", disabled: !can, onclick: mine }, "Put my edit on top of theirs"),
      body.gone ? null : h("button", { type: "button", onclick: theirs }, "Load theirs, give up my edit"),
      h("button", { type: "button", onclick: () => dialog.close() }, "Look first"),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  find("#dialogs").append(dialog);
  dialog.showModal();
  announce(body.error);
}

const SIGNS = { added: "+", removed: "−", changed: "≠" };

function difference({ what, kind, id, layer, before, after }) {
  const name = [plain(layer ?? kind), id].filter(Boolean).join(" ");
  const words = kind === "annotation" ? changes(before, after) : kind === "entity" ? (after ?? before).name : "";
  return h("li", {}, h("b", { title: what }, SIGNS[what] ?? what), " ", h("span", { class: "sr" }, `${what} `), name, words ? h("span", { dir: "auto", class: "detail" }, words) : null);
}

function changes(before, after) {
  if (!before || !after) return `“${short((after ?? before).text, 60)}”`;
  const said = [];
  if (before.text !== after.text || before.start !== after.start) said.push(`“${short(before.text, 40)}” → “${short(after.text, 40)}”`);
  else said.push(`“${short(after.text, 40)}”`);
  if (before.status !== after.status) said.push(`${before.status ?? "no status"} → ${after.status ?? "no status"}`);
  const value = (one) => (one === undefined ? "–" : typeof one === "object" ? (one.text ?? JSON.stringify(one)) : String(one));
  for (const name of new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])) {
    const [old, fresh] = [value(before.attributes[name]), value(after.attributes[name])];
    if (old !== fresh) said.push(`${plain(name)} ${old} → ${fresh}`);
  }
  return said.join(", ");
}
