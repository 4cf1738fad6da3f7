// The help overlay: the table of keys, how the layers look, and whether single keys do anything.

import { app } from "./app.js";
import { show } from "./chooser.js";
import { h, plain } from "./dom.js";
import { sample } from "./lines.js";
import { choose, settings } from "./settings.js";

const NAMES = { ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", "Mod+z": "Ctrl+Z", "Mod+Z": "Ctrl+Shift+Z", "Mod+y": "Ctrl+Y" };

export const keyName = (key) => NAMES[key] ?? key;

export function showHelp(keymap) {
  const groups = keymap.map(([title, rows]) =>
    h("section", {}, h("h3", {}, title), h("dl", {}, ...rows.flatMap(({ keys, shown, does }) => [h("dt", {}, ...(shown ? [shown] : keys.map(keyName)).map((key) => h("kbd", {}, key))), h("dd", {}, does)]))),
  );
  const layers = app.corpus.layers.map(({ name, description }, i) =>
    h("li", {}, h("kbd", {}, String(i + 1)), h("span", { class: "stack" }, plain(name), h("span", { class: "line", style: sample(app.index(name)) })), h("span", { class: "detail" }, description)),
  );
  const keys = h("input", { type: "checkbox", checked: settings.keys, onchange: (event) => choose("keys", event.target.checked) });
  return show("Keys", () => [
    h("div", { class: "keys" }, ...groups),
    h("h3", {}, "Lines"),
    h("p", { class: "note" }, "Thin: suggested. Thick: decided by a person. Faint: a cue, or what is counted. Dots between: one annotation in pieces. ○ suggested, ✓ accepted, ✎ corrected, + added, × rejected."),
    h("ul", { class: "legend" }, ...layers),
    h("p", {}, h("label", {}, keys, " single keys do something (switch off for speech input)")),
    h("p", {}, h("a", { href: app.corpus.guidelines, target: "corpus-tool-guidelines", rel: "noopener" }, "The guidelines for annotators")),
  ], { class: "help" });
}
