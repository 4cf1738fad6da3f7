// Elements made from data. Words of a corpus only ever become text nodes and attribute values: there is no HTML from strings.

/** h("button", {type: "button", class: "small", onclick: f, hidden: false, "aria-label": "…"}, "words", child, null, …) */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (selector, root = document) => root.querySelector(selector);

/** A button with its key beside it, as the help names it. */
export function action(label, key, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, "aria-keyshortcuts": key, ...attributes }, label, key && h("kbd", {}, key));
}

/** Only addresses that a browser opens as pages; a corpus may hold "javascript:". */
export function webAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** "co_speakers" as words. */
export const plain = (name) => String(name).replaceAll("_", " ");

/** One line of a longer text, cut between graphemes. */
export function short(text, length = 80) {
  const line = text.replace(/\s+/gu, " ");
  if (line.length <= length) return line;
  let cut = "";
  for (const { segment } of new Intl.Segmenter().segment(line.slice(0, length + 20))) {
    if (cut.length + segment.length > length) break;
    cut += segment;
  }
  return `${cut}…`;
}
