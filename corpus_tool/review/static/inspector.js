// The current annotation in full: its words, what was decided, every attribute with the rule that decides it.

import { app, attributesOf, currentAnnotation, mainAttribute, on, one } from "./app.js";
import { accept, reject, set } from "./deeds.js";
import { choose } from "./current.js";
import { action, find, h, plain, short } from "./dom.js";
import { entityOf, openEntity } from "./entity.js";
import { findingItem } from "./findings.js";
import { sample } from "./lines.js";
import { linksOf, sayTarget, startAttribute } from "./linking.js";
import { startBounds } from "./bounds.js";
import { isReviewed } from "./model.js";
import { choosePlace } from "./place.js";
import { pick } from "./chooser.js";

export function startInspector() {
  on("opened", draw);
  on("current", draw);
  on("changed", ({ pairs, answer }) => {
    const touched = pairs.some(([before, after]) => (after ?? before).id === app.current);
    if (touched || answer) draw();
  });
}

function draw() {
  const box = find("#inspector");
  const field = box.contains(document.activeElement) ? document.activeElement.dataset.field : null;
  const annotation = currentAnnotation();
  box.replaceChildren(...(annotation ? parts(annotation) : [empty()]));
  if (field) box.querySelector(`[data-field="${CSS.escape(field)}"]`)?.focus();
}

const empty = () =>
  h("p", { class: "note" }, "Nothing is chosen. ", h("kbd", {}, "n"), " goes to the next suggestion, a click on a line to an annotation; select words to mark them. ", h("kbd", {}, "?"), " shows all keys.");

function parts(annotation) {
  const { layer } = annotation;
  const rule = app.layers.get(layer)?.guideline;
  const findings = app.doc.findings.filter((finding) => finding.annotation === annotation.id);
  return [
    h(
      "header",
      {},
      h("span", { class: "layer lined", style: sample(app.index(layer)) }, plain(layer)),
      h("code", {}, annotation.id),
      rule && guideline(rule, layer),
      h("span", { class: `status ${annotation.status ?? "given"}` }, statusWords(annotation)),
    ),
    h("blockquote", { dir: "auto" }, short(annotation.text, 280)),
    annotation.sound ? null : h("p", { class: "warning" }, "Its offsets do not fit the text. Set its bounds anew."),
    h(
      "div",
      { class: "buttons" },
      action(isReviewed(annotation) ? "Accepted" : "Accept", "a", () => accept(), { class: "main", disabled: isReviewed(annotation) && annotation.status !== "rejected" }),
      action("Reject", "x", () => reject()),
      action("Bounds", "b", startBounds),
    ),
    ...(app.doc.editable ? [] : [h("p", { class: "note" }, app.doc.reason ?? "")]),
    h("div", { class: "attributes" }, ...attributesOf(layer).map((attribute) => attributeRow(annotation, attribute)).filter(Boolean)),
    was(annotation),
    findings.length ? h("ul", { class: "findings" }, ...findings.map(findingItem)) : null,
  ].filter(Boolean);
}

function statusWords({ status, score, annotator }) {
  const by = annotator ? ` by ${annotator}` : "";
  return status === "suggested" ? `suggested${by}${score === null ? "" : `, score ${score.toFixed(2)}`}` : `${status ?? "no status"}${by}`;
}

function guideline(address, name) {
  return h("a", { href: address, target: "corpus-tool-guidelines", rel: "noopener", class: "rule", title: `Guideline: ${plain(name)}`, "aria-label": `Guideline: ${plain(name)}` }, "§");
}

function was(annotation) {
  if (!annotation.was) return null;
  const before = Object.entries(annotation.was).filter(([name]) => !["start", "end", "fragments"].includes(name));
  const now = { text: annotation.text, ...annotation.attributes };
  const differs = before.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name]));
  const words = differs.map(([name, value]) => `${plain(name)} ${typeof value === "object" ? (value.text ?? JSON.stringify(value)) : value}`);
  return h("p", { class: "note" }, "Suggested was: ", h("span", { dir: "auto" }, words.length ? words.join("; ") : "the same words, other attributes"));
}

function attributeRow(annotation, attribute) {
  const { name, type } = attribute;
  const value = annotation.attributes[name];
  const control = { choice, text: textField, number: textField, boolean, reference, references: reference, span: reference }[type] ?? asIs;
  const rule = attribute.guideline && guideline(attribute.guideline, name);
  const id = `field-${name}`;
  return h("div", { class: "attribute", title: attribute.description ?? "" }, h("span", { class: "name" }, h("span", { id }, plain(name)), rule), control(annotation, attribute, value, id));
}

function choice(annotation, { name, choices, required }, value, labelled) {
  if (mainAttribute(annotation.layer)?.name === name) return chips(annotation, name, choices, value, labelled);
  const options = required && value !== undefined ? [] : [h("option", { value: "", selected: value === undefined }, "–")];
  const known = value === undefined || choices.includes(value) ? choices : [...choices, value];
  const all = [...options, ...known.map((one) => h("option", { value: one, selected: one === value }, plain(one)))];
  return h("select", { "aria-labelledby": labelled, "data-field": name, disabled: !app.doc.editable, onchange: (event) => set(name, event.target.value || null, annotation.id) }, ...all);
}

function chips(annotation, name, choices, value, labelled) {
  const chip = (one, i) =>
    h(
      "button",
      { type: "button", role: "radio", "aria-checked": String(one === value), tabindex: one === value || (value === undefined && i === 0) ? 0 : -1, "data-field": `${name}=${one}`, disabled: !app.doc.editable, onclick: () => set(name, one, annotation.id) },
      i < 10 ? h("kbd", { "aria-hidden": "true" }, String((i + 1) % 10)) : null,
      plain(one),
    );
  const group = h("div", { class: "chips", role: "radiogroup", "aria-labelledby": labelled }, ...choices.map(chip));
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [...group.children];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    event.preventDefault();
    event.stopPropagation();
  });
  return group;
}

function textField(annotation, { name, type }, value, labelled) {
  const read = (field) => (field.value.trim() === "" ? null : type === "number" ? Number(field.value) : field.value.trim());
  const kind = type === "number" ? { type: "number", step: "any" } : { type: "text", dir: "auto" };
  return h("input", { ...kind, "aria-labelledby": labelled, "data-field": name, value: value ?? "", disabled: !app.doc.editable, onchange: (event) => set(name, read(event.target), annotation.id) });
}

function boolean(annotation, { name }, value, labelled) {
  return h("input", { type: "checkbox", "aria-labelledby": labelled, "data-field": name, checked: value === true, disabled: !app.doc.editable, onchange: (event) => set(name, event.target.checked || null, annotation.id) });
}

function reference(annotation, attribute, value, labelled) {
  const { name, type } = attribute;
  const { key } = linksOf(annotation.layer).find((link) => link.name === name);
  const again = () => startAttribute(attribute);
  const clear = (after, label) => h("button", { type: "button", class: "quiet", "aria-label": label, disabled: !app.doc.editable, onclick: () => set(name, after, annotation.id) }, "×");
  const link = h("button", { type: "button", class: "quiet", "data-field": name, "aria-labelledby": labelled, disabled: !app.doc.editable, onclick: again }, value === undefined ? "choose" : "change", h("kbd", {}, "l"), h("kbd", {}, key));
  if (type === "span") return h("span", { class: "link" }, value && h("q", { dir: "auto" }, short(value.text, 60)), link, value && clear(null, `Take ${plain(name)} away`));
  if (attribute.refers_to === "entities") return entityRow(annotation, value, link);
  const targets = [value ?? []].flat();
  const jump = (id) => h("button", { type: "button", class: "target", disabled: one(id) === null, onclick: () => choose(id) }, h("span", { dir: "auto" }, sayTarget(id)));
  const rest = (id) => (type === "references" && targets.length > 1 ? targets.filter((other) => other !== id) : null);
  return h("span", { class: "link" }, ...targets.flatMap((id) => [jump(id), clear(rest(id), `Take ${plain(name)} ${sayTarget(id)} away`)]), link);
}

function entityRow(annotation, value, link) {
  const entity = entityOf(annotation.id);
  const place = entity && typeof entity.lat === "number" ? `${entity.lat.toFixed(2)}, ${entity.lon.toFixed(2)}` : "";
  const isPlace = annotation.layer === "locations";
  const name = entity && h("button", { type: "button", class: "target", title: "Name, kind, aliases, links", onclick: () => openEntity(annotation) }, h("span", { dir: "auto" }, entity.name), h("span", { class: "detail" }, place));
  const missing = value !== undefined && !entity ? h("span", { class: "warning" }, `${value} (not there)`) : null;
  return h("span", { class: "link" }, name, missing, link, isPlace ? action("place", "g", () => choosePlace(annotation), { class: "quiet" }) : null);
}

const asIs = (_annotation, _attribute, value) => h("code", {}, value === undefined ? "–" : JSON.stringify(value));

/** Asks for the value of the attribute that number keys set, by name: for more than ten choices. */
export async function askKind() {
  const annotation = currentAnnotation();
  const attribute = annotation && mainAttribute(annotation.layer);
  if (!attribute) return;
  const options = attribute.choices.map((value) => ({ label: plain(value), value }));
  const chosen = await pick(`${plain(attribute.name)} of “${short(annotation.text, 40)}”`, options, { current: annotation.attributes[attribute.name] });
  if (chosen !== undefined) set(attribute.name, chosen, annotation.id);
}

/** Puts the focus on the first attribute. */
export function focusAttributes() {
  find("#inspector").querySelector(".attributes [tabindex='0'], .attributes select, .attributes input")?.focus();
}

/** Opens the guideline of the current layer, or the guidelines. */
export function openGuideline() {
  const annotation = currentAnnotation();
  const address = (annotation && app.layers.get(annotation.layer)?.guideline) ?? app.corpus.guidelines;
  window.open(address, "corpus-tool-guidelines", "noopener");
}
