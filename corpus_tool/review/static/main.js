// Starts the page: the corpus, the queue, and the article that the address asks for.

import { getCorpus, getDocument, getEtag } from "./api.js";
import { app, emit, on } from "./app.js";
import { startConflicts } from "./conflict.js";
import { choose, goOpen } from "./current.js";
import { action, find, h, plain, webAddress } from "./dom.js";
import { startFindings } from "./findings.js";
import { startInspector } from "./inspector.js";
import { KEYMAP, startKeys } from "./keymap.js";
import { showHelp } from "./help.js";
import { looksOf, sample } from "./lines.js";
import { startList } from "./list.js";
import { startMarking } from "./marking.js";
import { openDocument } from "./model.js";
import { leaveMode } from "./modes.js";
import { firstDocument, startQueue, toggleQueue } from "./queue.js";
import { reveal, select, selectedRange } from "./selection.js";
import { isHalted, redo, settled, undo, unsaved } from "./session.js";
import { apply, choose as prefer, isDark } from "./settings.js";
import { announce, showSaved, tell } from "./status.js";
import { idsUnder, makeTextView, redraw, redrawAll } from "./text.js";
import { showVersions } from "./versions.js";
import { makeUnits } from "./words.js";

const LOOK = 10_000; // milliseconds between two looks at whether the file was changed elsewhere

/** Opens an article; of several calls the last one stands. */
let opening = 0;
async function open(id, { span = null, doc = null } = {}) {
  const mine = ++opening;
  leaveMode();
  if (!doc) await settled();
  if (isHalted() && !doc) {
    tell("The last edit is not saved yet: decide about it first.", "warning");
    emit("conflict-again");
    return;
  }
  let raw;
  try {
    raw = doc ? null : await getDocument(id, span);
  } catch (problem) {
    tell(problem.message, "warning");
    return;
  }
  if (mine !== opening) return;
  const again = app.doc?.id === id ? app.current : null;
  app.doc = doc ?? openDocument(raw);
  app.current = null;
  app.view = makeTextView(find("#text"), app.doc, { index: app.index, shows: (one) => !app.hidden.has(one.layer) });
  app.units = makeUnits(app.view.pieces.flatMap((piece) => piece.chunks), app.doc.meta.language);
  drawHead();
  emit("opened");
  if (location.hash !== `#document=${encodeURIComponent(id)}`) history.pushState(null, "", `#document=${encodeURIComponent(id)}`);
  find("#changed").hidden = true;
  showSaved(app.doc.editable ? "saved" : "readonly", app.doc.reason ?? "");
  if (again === null) find("#article").scrollTop = 0;
  focusOn(again, app.doc.focus);
}

function focusOn(again, focus) {
  if (focus) {
    const exact = app.doc.order.find((id) => app.doc.byId.get(id).start === focus.start && app.doc.byId.get(id).end === focus.end);
    if (exact) choose(exact);
    else reveal(app.view, focus.start);
    if (!exact) select(app.view, focus);
  } else if (again !== null && app.doc.byId.has(again)) choose(again);
  else if ([...app.doc.byId.values()].some(({ status }) => status === "suggested")) goOpen(1);
}

function drawHead() {
  const { meta, id, path } = app.doc;
  document.title = `${meta.title ?? id} – ${app.corpus.title ?? app.corpus.name}`;
  const address = meta.url && webAddress(meta.url);
  const facts = [meta.source, meta.published, (meta.authors ?? []).join(", "), meta.license].filter(Boolean);
  find("#facts").replaceChildren(
    h("span", { dir: "auto" }, facts.join(" · ")),
    address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, "original") : "",
    h("code", { dir: "ltr" }, path ?? id),
  );
  find("#text").lang = meta.language ?? "";
  find("#article").setAttribute("aria-label", `Article: ${meta.title ?? id}`);
  find("#why").hidden = app.doc.editable;
  find("#why").textContent = app.doc.editable ? "" : `Read only: ${app.doc.reason ?? ""}`;
  find("#versions-button").hidden = (app.doc.versions ?? []).length === 0;
  announce(`Article ${meta.title ?? id}`);
}

function drawLayers() {
  const buttons = app.corpus.layers.map(({ name, description }) =>
    h(
      "button",
      { type: "button", "aria-pressed": "true", "data-layer": name, title: description, onclick: (event) => toggleLayer(name, event.currentTarget) },
      h("span", { class: "stack" }, plain(name), h("span", { class: "line", style: sample(app.index(name)), "aria-hidden": "true" })),
      h("span", { class: "count" }),
    ),
  );
  find("#layers").replaceChildren(...buttons);
}

function toggleLayer(name) {
  if (!app.hidden.delete(name)) app.hidden.add(name);
  emit("shown");
}

function drawCounts() {
  for (const button of find("#layers").children) {
    const name = button.dataset.layer;
    button.setAttribute("aria-pressed", String(!app.hidden.has(name)));
    const all = [...app.doc.byId.values()].filter(({ layer, status }) => layer === name && status !== "rejected").length;
    button.querySelector(".count").textContent = String(all);
  }
  for (const [id, label] of [["undo", app.doc.undo], ["redo", app.doc.redo]]) {
    const button = find(`#${id}`);
    button.title = label ? `${id} ${label}` : `Nothing to ${id}`;
    button.disabled = !label && !unsaved();
  }
}

function startArticle() {
  const text = find("#text");
  text.addEventListener("click", (event) => {
    if (selectedRange(app.view)) return;
    const segment = event.target.closest(".s");
    if (!segment) {
      if (!event.target.closest("button") && !app.mode) choose(null);
      return;
    }
    const ids = idsUnder(app.view, segment);
    if (app.mode?.pick) ids.forEach((id) => app.mode?.pick(id));
    else {
      leaveMode();
      choose(ids[(ids.indexOf(app.current) + 1) % ids.length] ?? null, { scroll: false });
    }
  });
  on("changed", ({ pairs }) => {
    const drawn = redraw(app.view, pairs);
    if (pairs.length) text.dataset.drawn = String(drawn);
    drawCounts();
  });
  on("opened", drawCounts);
  on("shown", () => {
    redrawAll(app.view);
    drawCounts();
  });
}

function startHead() {
  const buttons = [
    action("Undo", "u", undo, { id: "undo" }),
    action("Redo", "r", redo, { id: "redo" }),
    action("Versions", "p", showVersions, { id: "versions-button", hidden: true }),
    action("◐", "d", () => prefer("theme", isDark() ? "light" : "dark"), { class: "quiet", "aria-label": "Dark or light", title: "Dark or light" }),
    action("Keys", "?", () => showHelp(KEYMAP)),
  ];
  find("#tools-of-page").replaceChildren(...buttons);
  find("#queue-button").addEventListener("click", toggleQueue);
  find("#saved").addEventListener("click", () => emit("conflict-again"));
  find("#corpus").textContent = app.corpus.title ?? app.corpus.name;
  const as = app.corpus.as ? `annotators/${app.corpus.as}` : "";
  find("#who").textContent = [app.corpus.annotator, as].filter(Boolean).join(" · ");
  find("#guidelines").href = app.corpus.guidelines;
  for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => showTab(tab));
  find("[role=tablist]").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = [...document.querySelectorAll("[role=tab]")].find((tab) => tab.getAttribute("aria-selected") === "false");
    showTab(other);
    other.focus();
  });
}

function showTab(chosen) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    find(`#${tab.getAttribute("aria-controls")}`).hidden = tab !== chosen;
  }
}

/** A change from elsewhere is told before the next edit meets it. */
async function lookElsewhere() {
  if (!app.doc || document.hidden || unsaved() || isHalted()) return;
  const { id, etag } = app.doc;
  const answer = await getEtag(id).catch(() => null);
  if (!answer || app.doc.id !== id || app.doc.etag !== etag || unsaved()) return;
  find("#changed").hidden = answer.etag === etag;
}

function address() {
  const values = new URLSearchParams(location.hash.slice(1));
  return { id: values.get("document"), span: values.get("span") };
}

async function start() {
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  apply();
  app.corpus = await getCorpus();
  app.layers = new Map(app.corpus.layers.map((layer) => [layer.name, layer]));
  app.index = looksOf(app.corpus.layers.map(({ name }) => name));
  drawLayers();
  startHead();
  startArticle();
  startList();
  startInspector();
  startFindings();
  startMarking();
  startKeys();
  startConflicts((doc) => open(app.doc.id, { doc }));
  on("stale", () => open(app.doc.id));
  find("#reload").addEventListener("click", () => open(app.doc.id));
  addEventListener("focus", lookElsewhere);
  setInterval(lookElsewhere, LOOK);
  addEventListener("beforeunload", (event) => unsaved() && event.preventDefault());
  addEventListener("popstate", () => address().id && address().id !== app.doc?.id && open(address().id));
  addEventListener("hashchange", () => address().id && address().id !== app.doc?.id && open(address().id, address()));
  const asked = address();
  const loaded = startQueue((id) => open(id));
  if (!asked.id) await loaded;
  const id = asked.id ?? firstDocument();
  if (id) await open(id, { span: asked.span });
  else find("#empty").hidden = false;
  document.documentElement.dataset.ready = "";
}

start().catch((problem) => tell(problem.message, "warning"));
