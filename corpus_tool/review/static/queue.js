// The queue: which article next. The server looks the corpus through in the background; the list is asked for again until then.

import { getQueue } from "./api.js";
import { app, on } from "./app.js";
import { find, h } from "./dom.js";
import { announce, tell } from "./status.js";

const AGAIN = 1000; // milliseconds
const PAGE = 100; // documents

const LABELS = { "least-reviewed": "fewest reviewed first", "lowest-score": "lowest score first", next: "most to learn first", findings: "most findings first", name: "by name" };

let documents = [];
let state = { matching: 0 };
let timer = 0;
let open = () => {};

/** `opener(id)` opens an article. */
export function startQueue(opener) {
  open = opener;
  const order = find("#order");
  order.replaceChildren(...app.corpus.orders.map((name) => h("option", { value: name }, LABELS[name] ?? name)));
  for (const field of [order, find("#queue-status")]) field.addEventListener("change", () => load());
  find("#queue-words").addEventListener("input", () => load());
  find("#more").addEventListener("click", () => load(documents.length));
  find("#documents").addEventListener("click", (event) => {
    const row = event.target.closest("[data-document]");
    if (!row) return;
    event.preventDefault();
    open(row.dataset.document);
  });
  on("opened", markCurrent);
  on("changed", ({ answer }) => answer && refreshRow());
  return load();
}

async function load(offset = 0) {
  clearTimeout(timer);
  const values = { order: find("#order").value, filter: find("#queue-words").value.trim(), offset, limit: PAGE };
  const status = find("#queue-status").value;
  if (status) values.status = status;
  let answer;
  try {
    answer = await getQueue(values);
  } catch (problem) {
    tell(problem.message, "warning");
    return documents;
  }
  documents = offset === 0 ? answer.documents : [...documents, ...answer.documents];
  state = answer;
  draw();
  if (!answer.complete) timer = setTimeout(() => load(), AGAIN);
  return documents;
}

function draw() {
  const { matching, scanned, total, complete, reviewed } = state;
  const looked = complete ? "" : `, ${scanned} of ${total} looked at`;
  find("#queue-count").textContent = `${reviewed} of ${total} articles reviewed${looked}`;
  find("#documents").replaceChildren(...documents.map(rowOf));
  find("#more").hidden = documents.length >= matching;
  const unreadable = state.unreadable ?? [];
  find("#unreadable").replaceChildren(...unreadable.map(({ path, reason }) => h("li", {}, h("code", {}, path), " ", reason)));
  markCurrent();
}

function rowOf(one) {
  const done = one.annotations - one.open;
  const facts = [one.open === 0 ? "reviewed" : `${one.open} open`, one.findings ? `${one.findings} finding${one.findings === 1 ? "" : "s"}` : "", one.lowest_score === null ? "" : `from ${one.lowest_score.toFixed(2)}`, one.editable ? "" : "read only"];
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#document=${encodeURIComponent(one.id)}`, "data-document": one.id, title: (one.reasons ?? []).join("; ") },
      h("span", { class: "title", dir: "auto" }, one.title || one.id),
      h("progress", { max: Math.max(one.annotations, 1), value: done, "aria-label": `${done} of ${one.annotations} reviewed` }),
      h("span", { class: "facts" }, facts.filter(Boolean).join(" · ")),
    ),
  );
}

function markCurrent() {
  for (const row of find("#documents").querySelectorAll("[data-document]")) {
    if (row.dataset.document === app.doc?.id) row.setAttribute("aria-current", "page");
    else row.removeAttribute("aria-current");
  }
}

/** The row of the open article, from what the page knows itself. */
function refreshRow() {
  const index = documents.findIndex(({ id }) => id === app.doc.id);
  if (index < 0) return;
  const open = [...app.doc.byId.values()].filter(({ status }) => status === "suggested").length;
  documents[index] = { ...documents[index], open, annotations: app.doc.byId.size, findings: app.doc.findings.length };
  find("#documents").children[index]?.replaceWith(rowOf(documents[index]));
  markCurrent();
}

/** The id of the first article of the queue, or null. */
export const firstDocument = () => documents[0]?.id ?? null;

/** Opens the article after or before the open one in the queue as it stands. */
export function goDocument(direction) {
  const here = documents.findIndex(({ id }) => id === app.doc?.id);
  const next = documents[here + direction];
  if (next) open(next.id);
  else announce(direction > 0 ? "That was the last article of the queue" : "That was the first article of the queue");
}

export function toggleQueue() {
  const queue = find("#queue");
  const shown = queue.classList.toggle("open");
  find("#queue-button").setAttribute("aria-expanded", String(shown));
  if (shown) (queue.querySelector("[aria-current]") ?? queue.querySelector("a, select")).focus();
}
