// What the validator says of the article as it stands, with what mends it.

import { explain } from "./api.js";
import { app, on, one } from "./app.js";
import { show } from "./chooser.js";
import { choose } from "./current.js";
import { find, h } from "./dom.js";
import { edit, isMending } from "./session.js";
import { announce, tell } from "./status.js";
import { reveal, select } from "./selection.js";
import { drawFlags } from "./text.js";

const known = new Set(); // keys of the findings that are there
let at = -1;

export function startFindings() {
  on("opened", () => {
    at = -1;
    draw(false);
  });
  on("changed", ({ answer }) => answer && draw(true));
  find("#article").addEventListener("click", (event) => {
    const flag = event.target.closest(".flag");
    if (!flag) return;
    const piece = app.view.pieces[Number(flag.dataset.piece)];
    const first = app.doc.findings.findIndex(({ start }) => start !== null && start >= piece.start && start <= piece.end);
    if (first >= 0) goTo(first);
  });
}

function draw(say) {
  const { findings } = app.doc;
  drawFlags(app.view, findings);
  const tab = find("#tab-findings");
  tab.querySelector(".count").textContent = findings.length ? String(findings.length) : "";
  tab.querySelector(".count").dataset.worst = ["error", "warning", "info"].find((severity) => findings.some((one) => one.severity === severity)) ?? "";
  find("#findings").replaceChildren(...findings.map(findingItem));
  find("#no-findings").hidden = findings.length > 0;
  const fresh = findings.filter(({ key }) => !known.has(key));
  if (say && fresh.length) announce(`${fresh.length === 1 ? "A finding" : `${fresh.length} findings`}: ${fresh[0].message}`);
  known.clear();
  for (const { key } of findings) known.add(key);
}

/** One finding, for the list and for the annotation that it is about. */
export function findingItem(finding) {
  const index = app.doc.findings.indexOf(finding);
  const about = finding.start !== null || finding.annotation !== null;
  return h(
    "li",
    { class: `finding ${finding.severity}`, "data-code": finding.code },
    h("span", { class: "severity" }, finding.severity),
    h("button", { type: "button", class: "code", title: "What it means", onclick: () => meaning(finding) }, finding.code),
    h("span", { class: "message-text", dir: "auto" }, finding.message),
    finding.hint ? h("span", { class: "hint-text", dir: "auto" }, finding.hint) : null,
    h(
      "span",
      { class: "buttons" },
      about ? h("button", { type: "button", onclick: () => goTo(index) }, "Show") : null,
      ...finding.fixes.map((fix) => h("button", { type: "button", class: "fix", disabled: !app.doc.editable && !isMending(fix.edit), onclick: () => mend(fix) }, fix.label)),
    ),
  );
}

const mend = (fix) => edit([fix.edit], { said: fix.label });

/** Mends the finding that is current, or the first one that can be mended. */
export function mendCurrent() {
  const finding = app.doc.findings[at]?.fixes.length ? app.doc.findings[at] : app.doc.findings.find(({ annotation, fixes }) => annotation === app.current && fixes.length);
  if (finding) mend(finding.fixes[0]);
  else tell("No finding here that the program can mend.");
}

function goTo(index) {
  const finding = app.doc.findings[index];
  at = index;
  if (one(finding.annotation)) choose(finding.annotation, { say: false });
  else if (finding.start !== null) {
    reveal(app.view, finding.start);
    if (finding.end > finding.start) select(app.view, finding);
  }
  announce(`${finding.severity} ${finding.code}: ${finding.message}`);
}

/** The next finding of the article. */
export function goFinding(direction) {
  const count = app.doc.findings.length;
  if (count === 0) announce("No findings in this article");
  else goTo((at + direction + count) % count);
}

async function meaning(finding) {
  let text;
  try {
    ({ text } = await explain(finding.code));
  } catch (problem) {
    text = problem.message;
  }
  show(`${finding.code} ${finding.name}`, () => h("div", { class: "explained" }, ...paragraphs(text)));
}

/** Markdown as its paragraphs; code blocks keep their lines. */
function paragraphs(text) {
  return text.split(/\n{2,}/u).map((part) => h(/^(?: {4}|```)/u.test(part) ? "pre" : "p", {}, part.replaceAll("`", "")));
}
