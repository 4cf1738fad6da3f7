// A dialog that offers a list and narrows it as one types: kinds, entities, what a link can point to.

import { find, h } from "./dom.js";

/**
 * Asks for one of `options`: [{label, detail, key, value, style}]. Resolves to its value, or to undefined where the
 * dialog was left. `free(words)`: an option made of what was typed, shown last, or null.
 */
export function pick(title, options, { free = () => null, note = "", current = null } = {}) {
  return new Promise((resolve) => {
    let shown = [];
    let at = 0;
    const input = h("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "choices", "aria-label": title, autocomplete: "off", spellcheck: "false" });
    const box = h("div", { id: "choices", role: "listbox", "aria-label": title });
    const dialog = h("dialog", { class: "chooser", "aria-label": title }, h("h2", {}, title), input, box, note && h("p", { class: "note" }, note));

    const light = (index) => {
      at = Math.max(0, Math.min(index, shown.length - 1));
      box.childNodes.forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
      input.setAttribute("aria-activedescendant", shown.length ? `choice-${at}` : "");
      box.childNodes[at]?.scrollIntoView({ block: "nearest" });
    };
    const draw = () => {
      const words = input.value.trim().toLowerCase();
      shown = options.filter(({ label, detail = "" }) => `${label} ${detail}`.toLowerCase().includes(words));
      const made = free(input.value.trim());
      if (made) shown = [...shown, made];
      box.replaceChildren(...shown.map(rowOf));
      const start = words === "" ? shown.findIndex(({ value }) => value === current) : 0;
      light(Math.max(start, 0));
    };
    const rowOf = (option, index) =>
      h(
        "div",
        { id: `choice-${index}`, role: "option", class: "choice", onclick: () => end(option.value) },
        h("span", { dir: "auto" }, option.label),
        option.detail ? h("span", { class: "detail", dir: "auto" }, option.detail) : null,
      );
    const end = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    input.addEventListener("input", draw);
    input.addEventListener("keydown", (event) => {
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
      if (event.key in steps) light(at + steps[event.key]);
      else if (event.key === "Enter" && shown[at]) end(shown[at].value);
      else return;
      event.preventDefault();
    });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      end(undefined);
    });
    find("#dialogs").append(dialog);
    draw();
    dialog.showModal();
    input.focus();
  });
}

/** A modal dialog with a title and a closing button; resolves once it is closed. `build(dialog)` gives its content. */
export function show(title, build, attributes = {}) {
  return new Promise((resolve) => {
    const close = h("button", { type: "button", class: "quiet close", "aria-label": "Close", onclick: () => dialog.close() }, "×");
    const dialog = h("dialog", { "aria-label": title, ...attributes }, h("header", {}, h("h2", {}, title), close));
    dialog.append(...[build(dialog)].flat());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    find("#dialogs").append(dialog);
    dialog.showModal();
  });
}
