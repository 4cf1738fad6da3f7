// Every key of the page, in one table: the help shows it, docs/review.md holds it, a test compares them.
// "Mod" is Ctrl, on a Mac also Cmd. Keys are what they write (event.key), so that they are where the keyboard has them.

import { startBounds } from "./bounds.js";
import { app, currentAnnotation, emit } from "./app.js";
import { choose as chooseAnnotation, go, goOpen } from "./current.js";
import { accept, acceptAll, moveEdge, reject, setNth } from "./deeds.js";
import { find } from "./dom.js";
import { chooseEntity, openEntity } from "./entity.js";
import { goFinding, mendCurrent } from "./findings.js";
import { showHelp } from "./help.js";
import { askKind, focusAttributes, openGuideline } from "./inspector.js";
import { startLink } from "./linking.js";
import { boundsToSelection, bracket, mark, pieceFromSelection, selection, startSelect } from "./marking.js";
import { leaveMode } from "./modes.js";
import { choosePlace } from "./place.js";
import { goDocument, toggleQueue } from "./queue.js";
import { select } from "./selection.js";
import { redo, undo } from "./session.js";
import { choose, isDark, settings } from "./settings.js";
import { announce, tell } from "./status.js";
import { showVersions } from "./versions.js";

const digit = (event) => {
  const n = event.key === "0" ? 10 : Number(event.key);
  if (selection()) mark(n);
  else setNth(n);
};

const edge = (event) => {
  const { edge: side, direction, granularity } = bracket(event);
  moveEdge(side, direction, granularity);
};

const entity = () => (currentAnnotation() ? chooseEntity(currentAnnotation()) : tell("Choose a mention first."));

/** {keys: as they are shown, does: what the help says, run(event)}, by group. */
export const KEYMAP = [
  ["Go", [
    { keys: ["j", "ArrowDown"], does: "next annotation", run: () => go(1) },
    { keys: ["k", "ArrowUp"], does: "annotation before", run: () => go(-1) },
    { keys: ["n"], does: "next that is not reviewed", run: () => goOpen(1) },
    { keys: ["N"], does: "the one before that is not reviewed", run: () => goOpen(-1) },
    { keys: ["f"], does: "next finding", run: () => goFinding(1) },
    { keys: ["F"], does: "finding before", run: () => goFinding(-1) },
    { keys: ["J"], does: "next article of the queue", run: () => goDocument(1) },
    { keys: ["K"], does: "article before", run: () => goDocument(-1) },
    { keys: ["q"], does: "the queue of articles", run: toggleQueue },
    { keys: ["/"], does: "filter the list", run: () => find("#words").focus() },
  ]],
  ["Decide", [
    { keys: ["a", "Enter"], does: "accept", run: () => decide(accept) },
    { keys: ["x", "Delete"], does: "reject", run: () => decide(reject) },
    { keys: ["A"], does: "accept all suggestions of this layer", run: () => acceptAll(currentAnnotation()?.layer ?? null) },
    { keys: ["m"], does: "mend the finding", run: mendCurrent },
    { keys: ["u", "Mod+z"], does: "undo", run: undo },
    { keys: ["r", "Mod+Z", "Mod+y"], does: "redo", run: redo },
  ]],
  ["Correct", [
    { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"], shown: "1 … 9, 0", does: "the kind (of a figure: the measure), by its number", run: digit },
    { keys: ["t"], does: "the kind, by its name", run: askKind },
    { keys: ["e"], does: "go to the attributes", run: focusAttributes },
    { keys: ["[", "]"], does: "one word more, at the start or at the end", run: edge },
    { keys: ["{", "}"], does: "one word less, at the start or at the end", run: edge },
    { keys: ["Alt+[", "Alt+]", "Alt+{", "Alt+}"], does: "the same by character", run: edge },
    { keys: ["b"], does: "bounds by arrow keys, also of single pieces", run: startBounds },
    { keys: ["l"], does: "link: then the key of the link, then the letters beside its target", run: startLink },
    { keys: ["i"], does: "who or what it is (entity)", run: entity },
    { keys: ["I"], does: "the entity's name, kind, aliases, links", run: () => openEntity(currentAnnotation()) },
    { keys: ["g"], does: "where it is (gazetteer, map)", run: () => choosePlace(currentAnnotation()) },
  ]],
  ["Mark", [
    { keys: ["v"], does: "select words by arrow keys", run: startSelect },
    { keys: ["1", "9"], shown: "1 … 9", does: "mark what is selected, by the layer's number", run: digit },
    { keys: ["="], does: "give what is selected to the annotation as its bounds", run: boundsToSelection },
    { keys: ["+"], does: "give what is selected to the annotation as one more piece", run: pieceFromSelection },
    { keys: ["w"], does: "selections snap to words: on, off", run: () => flip("words", "Selections snap to words") },
  ]],
  ["See", [
    { keys: ["o"], does: "the guideline for this layer", run: openGuideline },
    { keys: ["p"], does: "versions of other annotators side by side", run: showVersions },
    { keys: ["y"], does: "kinds written in the text: on, off", run: () => flip("labels", "Kinds in the text") },
    { keys: ["d"], does: "dark, light", run: () => choose("theme", isDark() ? "light" : "dark") },
    { keys: ["?"], does: "this help", run: () => showHelp(KEYMAP) },
    { keys: ["Escape"], shown: "Esc", does: "leave a mode, a selection, a dialog, a field", run: leave },
  ]],
];

/** Deciding about a suggestion goes on to the next one: that is what one does a thousand times. */
function decide(deed) {
  const status = currentAnnotation()?.status;
  deed();
  if (status === "suggested") goOpen(1);
}

function flip(name, what) {
  choose(name, !settings[name]);
  announce(`${what}: ${settings[name] ? "on" : "off"}`);
}

function leave() {
  if (selection()) select(app.view, null);
  else if (app.words) {
    app.words = "";
    find("#words").value = "";
    emit("shown");
  } else chooseAnnotation(null);
}

const byKey = new Map(KEYMAP.flatMap(([, rows]) => rows.flatMap((row) => row.keys.map((key) => [key, row.run]))));

/** The name of a key press as the table writes it. */
export function nameOf(event) {
  if ((event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph")) return `Mod+${event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase()}`;
  if (!event.altKey || event.getModifierState("AltGraph")) return event.key;
  const bracketKey = { BracketLeft: event.shiftKey ? "{" : "[", BracketRight: event.shiftKey ? "}" : "]" }[event.code];
  return `Alt+${bracketKey ?? event.key}`;
}

const writes = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
const presses = (element) => element.closest("button, a, input, summary") !== null;

/** Keys belong to a field that is written in, then to a mode, then to the table. */
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    if (writes(event.target)) {
      if (name === "Escape") find("#article").focus();
      return;
    }
    if (app.mode) {
      if (name === "Escape") leaveMode();
      else if (!app.mode.keys(event)) {
        if (!byKey.has(name) || presses(event.target)) return;
        leaveMode();
        byKey.get(name)(event);
      }
      event.preventDefault();
      return;
    }
    const run = byKey.get(name);
    if (!run || !app.doc) return;
    if (name === "Enter" && presses(event.target)) return; // a button's own key
    if (!settings.keys && !name.startsWith("Mod+") && name !== "Escape" && name !== "?") return;
    if ((name === "ArrowDown" || name === "ArrowUp") && event.target.closest("#guide, #documents")) return;
    event.preventDefault();
    run(event);
  });
}
