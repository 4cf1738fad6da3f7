// What a reviewer prefers, kept in this browser. Nothing of a corpus is kept.

import { emit } from "./app.js";

const KEY = "corpus-tool review";
const DEFAULTS = { theme: "system", labels: false, words: true, keys: true };

function load() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS }; // storage is off or holds something else
  }
}

export const settings = load();

export function choose(name, value) {
  settings[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // storage is off: the choice lasts as long as the page
  }
  apply();
}

export function apply() {
  const root = document.documentElement;
  if (settings.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = settings.theme;
  root.classList.toggle("labels", settings.labels);
  emit("settings");
}

/** Whether the page is dark now. */
export function isDark() {
  return settings.theme === "dark" || (settings.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}
