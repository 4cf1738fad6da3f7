// What the page says: the state of saving, messages that go away, and the same for ears.

import { find, h } from "./dom.js";

const STATES = {
  saved: ["Saved", "everything is in the file"],
  saving: ["Saving …", "the last edits are on their way to the file"],
  conflict: ["Not saved", "the file was changed elsewhere: choose what to do"],
  offline: ["Not saved", "corpus-tool does not answer; tried again every two seconds"],
  refused: ["Not saved", "this page belongs to an earlier run of corpus-tool: open the address that it printed"],
  readonly: ["Read only", ""],
};

export function showSaved(state, reason = "") {
  const [label, title] = STATES[state];
  const element = find("#saved");
  if (element.dataset.state === state) return;
  element.dataset.state = state;
  element.textContent = label;
  element.title = reason || title;
}

let spoken = [];
let speaking = 0;

/** Says something to a screen reader, together with what is said in the same breath. */
export function announce(words) {
  spoken.push(words);
  cancelAnimationFrame(speaking);
  speaking = requestAnimationFrame(() => {
    find("#spoken").textContent = spoken.join(". ");
    spoken = [];
  });
}

const STAY = 8000; // milliseconds; messages that matter stay until they are closed

/** A message in the corner; kind: note, warning. A warning stays until it is closed. */
export function tell(words, kind = "note") {
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Close this message", onclick: () => box.remove() }, "×");
  const box = h("div", { class: `message ${kind}` }, h("span", { dir: "auto" }, words), close);
  const messages = find("#messages");
  messages.append(box);
  while (messages.childElementCount > 4) messages.firstElementChild.remove();
  announce(words);
  if (kind === "note") setTimeout(() => box.remove(), STAY);
}
