// Modes: while one is on, keys go to it first, and a bar says what they do. Escape leaves.

import { app } from "./app.js";
import { find, h } from "./dom.js";
import { announce } from "./status.js";

/**
 * A mode: {name, hint: nodes and words for the bar, keys(event): whether it took the key, leave(): tidying up,
 * pick(id): what a click on an annotation does}.
 */
export function enterMode(mode) {
  leaveMode();
  app.mode = mode;
  drawBar();
  announce(`${mode.name}. ${[mode.hint].flat().map((part) => (typeof part === "string" ? part : part.textContent)).join(" ")}`);
}

export function leaveMode() {
  const { mode } = app;
  if (!mode) return;
  app.mode = null;
  mode.leave?.();
  drawBar();
}

function drawBar() {
  const bar = find("#mode");
  bar.hidden = app.mode === null;
  document.documentElement.classList.toggle("in-mode", app.mode !== null);
  if (!app.mode) return;
  const leave = h("button", { type: "button", onclick: leaveMode }, h("kbd", {}, "Esc"), "leave");
  bar.replaceChildren(h("strong", {}, app.mode.name), h("span", { class: "hint-words" }, ...[app.mode.hint].flat()), leave);
}
