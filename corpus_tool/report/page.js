"use strict";
// The articles: found in the list, read with their annotations, printed. Everything else of the page stands without it.
// Words of articles only ever become text nodes; offsets are UTF-16 units.

const byId = (id) => document.getElementById(id);
const LAYERS = JSON.parse(byId("data").textContent).layers;
const HEADS = JSON.parse(byId("heads").textContent);
const SUGGESTED = 400; // names that a search field offers
const MOST_LANES = 6;
const PATTERNS = [
  (c) => `linear-gradient(${c}, ${c})`,
  (c) => `repeating-linear-gradient(90deg, ${c} 0 7px, transparent 7px 10px)`,
  (c) => `repeating-linear-gradient(90deg, ${c} 0 3px, transparent 3px 6px)`,
];
const hiddenLayers = new Set();
let current = -1; // the article that is open
let view = null; // what was made of it

function make(tag, properties = {}, ...children) {
  const { dataset, attributes, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  Object.assign(element.dataset, dataset);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const readable = (words) => String(words).replaceAll("_", " ");
const pattern = (layer) => PATTERNS[layer === 3 ? 0 : layer % PATTERNS.length](`var(--${LAYERS[layer].colour})`);

/* Finding articles */

const folded = (words) => words.normalize("NFC").toLocaleLowerCase();
const KEYS = HEADS.map((head) => ({
  about: folded([head.title, head.source, head.id, head.published, head.split].join("\n")),
  actors: folded(head.actors.join("\n")),
  places: folded(head.places.join("\n")),
}));
const bodies = new Map();
const texts = new Map();

function bodyOf(place) {
  if (!bodies.has(place)) bodies.set(place, JSON.parse(byId(`article-${place}`).textContent));
  return bodies.get(place);
}

function textOf(place) {
  if (!texts.has(place)) texts.set(place, folded(JSON.parse(byId(`article-${place}`).textContent).text));
  return texts.get(place);
}

function wanted() {
  const words = folded(byId("q").value).split(/\s+/u).filter(Boolean);
  const [actor, place] = ["q-actor", "q-place"].map((id) => folded(byId(id).value.trim()));
  const layer = byId("q-layer").value;
  const inText = byId("q-text").checked;
  return (n) =>
    words.every((word) => KEYS[n].about.includes(word) || (inText && textOf(n).includes(word))) &&
    KEYS[n].actors.includes(actor) && KEYS[n].places.includes(place) && (!layer || HEADS[n].layers[layer] > 0);
}

function shownLinks() {
  return [...byId("list").querySelectorAll("li:not([hidden]) > a")];
}

function filter() {
  const isWanted = wanted();
  let count = 0;
  [...byId("list").children].forEach((item, n) => {
    item.hidden = !isWanted(n);
    count += item.hidden ? 0 : 1;
  });
  byId("hits").textContent = `${count.toLocaleString("en")} of ${HEADS.length.toLocaleString("en")} articles`;
  settleTabStop();
}

function settleTabStop() {
  const links = shownLinks();
  const open = links.find((link) => link.hasAttribute("aria-current")) ?? links[0];
  for (const link of byId("list").querySelectorAll("a")) link.tabIndex = link === open ? 0 : -1;
}

function offer(list, key) {
  const counts = new Map();
  for (const head of HEADS) for (const name of head[key]) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1]).slice(0, SUGGESTED);
  list.replaceChildren(...names.map(([value]) => make("option", { value })));
}

/* Reading one */

function lanesOf(marks) {
  const order = marks.map((mark, n) => [mark.at.at(-1) - mark.at[0], n]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const lanes = new Array(marks.length).fill(0);
  const placed = [];
  for (const [, n] of order) {
    const [start, end] = [marks[n].at[0], marks[n].at.at(-1)];
    const beneath = placed.filter((m) => marks[m].at[0] < end && start < marks[m].at.at(-1)).map((m) => lanes[m]);
    let lane = 0;
    while (beneath.includes(lane) && lane < MOST_LANES - 1) lane += 1;
    lanes[n] = lane;
    placed.push(n);
  }
  return lanes;
}

function piecesOf(marks) {
  const pieces = [];
  marks.forEach((mark, n) => {
    for (let i = 0; i < mark.at.length; i += 2) pieces.push({ start: mark.at[i], end: mark.at[i + 1], n });
  });
  return pieces.sort((a, b) => a.start - b.start);
}

const isSpan = (value) => Array.isArray(value?.at);
/** The bounds of spans that belong to an annotation: its cue, what it counts. */
const partsOf = (mark) => Object.values(mark.is).flat().filter(isSpan).flatMap((value) => value.at);

function* blocksOf(body) {
  let done = 0;
  for (const [start, end, kind] of body.blocks) {
    if (body.text.slice(done, start).trim()) yield [done, start, "paragraph"];
    yield [start, end, kind];
    done = end;
  }
  if (body.text.slice(done).trim()) yield [done, body.text.length, "paragraph"];
}

function underline(element, owners, made) {
  const drawn = owners.map((n) => [made.lanes[n], made.marks[n].layer]);
  element.style.backgroundImage = drawn.map(([, layer]) => pattern(layer)).join(", ");
  element.style.backgroundSize = drawn.map(() => "100% 3px").join(", ");
  element.style.backgroundPosition = drawn.map(([lane]) => `0 calc(100% - ${(made.most - 1 - lane) * 5}px)`).join(", ");
  if (owners.some((n) => LAYERS[made.marks[n].layer].name === "quotes")) element.classList.add("quote");
}

function written(text, start, end, made) {
  const own = made.pieces.filter((piece) => piece.start < end && start < piece.end);
  const bounds = new Set([start, end]);
  for (const piece of own) for (const bound of [piece.start, piece.end]) if (bound > start && bound < end) bounds.add(bound);
  for (const bound of made.cuts) if (bound > start && bound < end) bounds.add(bound);
  const places = [...bounds].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, i) => {
    const to = places[i + 1];
    const owners = own.filter((piece) => piece.start <= from && to <= piece.end).map((piece) => piece.n)
      .sort((a, b) => made.lanes[a] - made.lanes[b]);
    const words = text.slice(from, to);
    const element = make("span", { className: owners.length ? "s" : "", dataset: { at: from, to } }, words);
    if (owners.length) underline(element, owners, made);
    made.segments.push({ from, to, owners, element });
    return element;
  });
}

/** The text of an article with its marks; `made` keeps which element shows which of them. */
function textView(body) {
  const marks = body.marks.filter((mark) => !hiddenLayers.has(mark.layer));
  const lanes = lanesOf(marks);
  const parts = marks.flatMap(partsOf);
  const made = { body, marks, lanes, pieces: piecesOf(marks), most: Math.max(0, ...lanes) + 1, cuts: new Set(parts), segments: [] };
  const text = make("div", { className: "text", lang: body.language });
  text.style.setProperty("--lanes", String(made.most));
  for (const [start, end, kind] of blocksOf(body)) {
    text.append(make(kind === "title" ? "h3" : "p", { className: kind, dir: "auto" }, ...written(body.text, start, end, made)));
  }
  return { ...made, text };
}

function heading(head, body) {
  const told = [head.published, head.source, body.authors.join(", "), head.split && `split ${head.split}`, body.license];
  const line = make("p", { className: "note" });
  told.filter(Boolean).forEach((words, n) => line.append(n ? " · " : "", make("bdi", {}, words)));
  if (body.url) line.append(" · ", make("a", { href: body.url, rel: "noopener noreferrer" }, "the article’s page"));
  const isTitled = body.blocks.some(([, , kind]) => kind === "title");
  return isTitled ? [line] : [make("h3", { dir: "auto" }, head.title), line];
}

function legend(body, withSwitches) {
  const list = make("div", { className: "legend" });
  LAYERS.forEach((layer, n) => {
    const count = body.marks.filter((mark) => mark.layer === n).length;
    if (!count) return;
    const line = make("i", { attributes: { "aria-hidden": "true" } });
    line.style.backgroundImage = pattern(n);
    const box = make("input", { type: "checkbox", checked: !hiddenLayers.has(n), className: "screen" });
    box.addEventListener("change", () => {
      if (box.checked) hiddenLayers.delete(n);
      else hiddenLayers.add(n);
      open(current, { again: true });
    });
    list.append(make("label", {}, ...(withSwitches ? [box] : []), line, `${layer.name} ${count}`));
  });
  return list;
}

function open(place, { again = false } = {}) {
  const body = bodyOf(place);
  current = place;
  view = { ...textView(body), selected: -1 };
  byId("reader").hidden = false;
  byId("article").replaceChildren(...heading(HEADS[place], body), legend(body, true), view.text);
  byId("list").querySelector("[aria-current]")?.removeAttribute("aria-current");
  byId("list").children[place].firstElementChild.setAttribute("aria-current", "true");
  settleTabStop();
  overview();
  if (!again) byId("article").scrollIntoView({ block: "nearest" });
}

/* One annotation */

const surface = (mark) => pieceWords(mark.at);
function pieceWords(at) {
  const words = [];
  for (let i = 0; i < at.length; i += 2) words.push(view.body.text.slice(at[i], at[i + 1]));
  return words.join(" … ");
}

const points = (place) => [...view.body.text.slice(0, place)].length;
const kindOf = (mark) => readable(mark.is.kind ?? mark.is.measure ?? "");
const short = (words) => (words.length > 60 ? `${words.slice(0, 59)}…` : words);

function jump(id) {
  const n = view.marks.findIndex((mark) => mark.id === id);
  if (n < 0) return String(id);
  return make("button", { type: "button", onclick: () => select(n, true) }, make("bdi", {}, short(surface(view.marks[n]))));
}

function entityOf(id) {
  const entity = view.body.entities[id];
  if (!entity) return String(id);
  const links = Object.entries(entity.links ?? {}).map(([register, own]) => `${register} ${own}`);
  const where = "lat" in entity ? [`${entity.lat}, ${entity.lon}`] : [];
  const more = [readable(entity.kind), ...links, ...where].join(" · ");
  return make("span", {}, make("bdi", {}, entity.name), " ", make("small", {}, more));
}

function told(layer, key, value) {
  if (key === "entity") return [entityOf(value)];
  if (layer.links.includes(key)) return [value].flat().flatMap((id, n) => (n ? [" ", jump(id)] : [jump(id)]));
  if (isSpan(value)) return [make("bdi", {}, pieceWords(value.at))];
  return [make("bdi", {}, typeof value === "object" ? JSON.stringify(value) : readable(value))];
}

function select(n, focus) {
  const mark = view.marks[n];
  const layer = LAYERS[mark.layer];
  const parts = partsOf(mark);
  const isPart = ({ from, to }) => parts.some((start, i) => i % 2 === 0 && start <= from && to <= parts[i + 1]);
  for (const segment of view.segments) {
    segment.element.classList.toggle("on", segment.owners.includes(n));
    segment.element.classList.toggle("part", isPart(segment));
    segment.element.removeAttribute("tabindex");
  }
  const first = view.segments.find((segment) => segment.owners.includes(n));
  if (first) first.element.tabIndex = 0;
  view.selected = n;
  const rows = Object.entries(mark.is).map(([key, value]) => [readable(key), told(layer, key, value)]);
  const at = [];
  for (let i = 0; i < mark.at.length; i += 2) at.push(`${points(mark.at[i])} to ${points(mark.at[i + 1])}`);
  const [status, annotator, score] = mark.by;
  rows.push(["status", [status ?? "no status"]]);
  if (annotator) rows.push(["annotator", [make("bdi", {}, annotator)]]);
  if (typeof score === "number") rows.push(["score", [String(score)]]);
  rows.push(["characters", [at.join("; ")]], ["id", [make("bdi", {}, mark.id)]]);
  const list = make("dl", {}, ...rows.map(([key, value]) => make("div", {}, make("dt", {}, key), make("dd", {}, ...value))));
  const said = make("div", { attributes: { role: "status" } },
    make("h3", {}, `${layer.name}${kindOf(mark) && `: ${kindOf(mark)}`}`), make("blockquote", { dir: "auto" }, surface(mark)));
  byId("panel").classList.add("chosen");
  byId("panel").replaceChildren(said, list, make("button", { type: "button", onclick: overview }, "All annotations"));
  if (focus && first) {
    first.element.focus({ preventScroll: true });
    first.element.scrollIntoView({ block: "nearest" });
  }
}

/** What the panel shows while nothing is selected: every annotation, layer by layer. */
function overview() {
  view.selected = -1;
  tip();
  for (const { element } of view.segments) element.classList.remove("on", "part");
  const lists = LAYERS.flatMap((layer, n) => {
    const own = view.marks.map((mark, place) => [mark, place]).filter(([mark]) => mark.layer === n);
    if (!own.length) return [];
    const items = own.map(([mark, place]) => make("li", {},
      make("button", { type: "button", onclick: () => select(place, true) }, make("bdi", {}, short(surface(mark)))),
      " ", make("small", {}, kindOf(mark))));
    return [make("details", {}, make("summary", {}, `${layer.name} ${own.length}`), make("ul", {}, ...items))];
  });
  byId("panel").classList.remove("chosen");
  byId("panel").replaceChildren(make("h3", {}, "Annotations"), make("p", { className: "note" }, "Choose one here or in the text."), ...lists);
}

function step(by) {
  const order = view.marks.map((mark, n) => [mark.at[0], -mark.at.at(-1), n]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (!order.length) return;
  const now = order.findIndex(([, , n]) => n === view.selected);
  select(order[now < 0 ? (by > 0 ? 0 : order.length - 1) : (now + by + order.length) % order.length][2], true);
}

function segmentAt(target) {
  const element = target instanceof Element ? target.closest(".s") : null;
  return element && view ? view.segments.find((segment) => segment.element === element) : undefined;
}

function tip(segment) {
  const box = byId("tip");
  box.hidden = !segment;
  if (!segment) return;
  box.textContent = segment.owners.map((n) => {
    const mark = view.marks[n];
    return `${LAYERS[mark.layer].name}${kindOf(mark) && `, ${kindOf(mark)}`}: \u2068${short(surface(mark))}\u2069`;
  }).join("\n");
  const { left, bottom, top } = segment.element.getClientRects()[0];
  box.style.left = `${Math.max(4, Math.min(left, innerWidth - box.offsetWidth - 4))}px`;
  box.style.top = `${bottom + 6 + box.offsetHeight < innerHeight ? bottom + 6 : Math.max(4, top - box.offsetHeight - 6)}px`;
}

/* Printing */

let unfolded = [];

function beforePrint() {
  unfolded = [...document.querySelectorAll("main details:not([open], .keys, .chart-data)")];
  for (const details of unfolded) details.open = true;
  if (!byId("print-all").checked) return;
  for (const link of shownLinks()) {
    const place = [...byId("list").children].indexOf(link.parentElement);
    const body = bodyOf(place);
    const shown = make("div", { className: "article" }, ...heading(HEADS[place], body), legend(body, false), textView(body).text);
    byId("printed").append(shown);
  }
}

function afterPrint() {
  for (const details of unfolded) details.open = false;
  byId("printed").replaceChildren();
}

/* What people do */

function follow() {
  const place = [...byId("list").children].findIndex((item) => item.firstElementChild.hash === location.hash);
  if (place >= 0) open(place);
  else if (current < 0) open(0, { again: true });
}

function near(by) {
  const links = shownLinks();
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[now < 0 ? 0 : now + by];
  if (next) location.hash = next.hash;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  const inList = byId("list").contains(event.target);
  const links = inList ? shownLinks() : [];
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (inList && event.key in moves) links[links.indexOf(event.target) + moves[event.key]]?.focus();
  else if (event.key === "/") byId("q").focus();
  else if (event.key === "n" || event.key === "p") near(event.key === "n" ? 1 : -1);
  else if (view && byId("reader").contains(event.target) && ["ArrowRight", "ArrowLeft"].includes(event.key)) step(event.key === "ArrowRight" ? 1 : -1);
  else if (view && event.key === "Escape") overview();
  else return;
  event.preventDefault();
}

function onClick(event) {
  const named = event.target.closest("a[data-actor], a[data-place]");
  if (named) {
    byId("filters").reset();
    byId("q-actor").value = named.dataset.actor ?? "";
    byId("q-place").value = named.dataset.place ?? "";
    filter();
    return;
  }
  const segment = segmentAt(event.target);
  if (!segment || !byId("article").contains(event.target)) return;
  const now = segment.owners.indexOf(view.selected);
  select(segment.owners[(now + 1) % segment.owners.length], false);
}

if (HEADS.length) {
  byId("filters").hidden = false;
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("input", filter);
  offer(byId("actors-list"), "actors");
  offer(byId("places-list"), "places");
  filter();
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  addEventListener("scroll", () => tip(), { passive: true });
  for (const [name, shows] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    byId("article").addEventListener(name, (event) => tip(shows ? segmentAt(event.target) : undefined));
  }
  follow();
}
