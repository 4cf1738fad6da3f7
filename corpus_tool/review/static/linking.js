// Links from the current annotation: to a speaker, a quote, a place, an entity, or to words such as a cue.
// Candidates in sight get a letter; typing it (or clicking, or the list) makes the link.

import { app, attributesOf, currentAnnotation, emit, one } from "./app.js";
import { find, h, plain, short } from "./dom.js";
import { set } from "./deeds.js";
import { chooseEntity } from "./entity.js";
import { isRejected } from "./model.js";
import { enterMode, leaveMode } from "./modes.js";
import { selectWords } from "./marking.js";
import { segmentsOf } from "./text.js";
import { tell } from "./status.js";

const LETTERS = "asdfjklghqweruiopzxcvbnmty";

/** The attributes that link, each with its key: the first letter of its name that none before it has. */
export function linksOf(layer) {
  const taken = new Set();
  const links = [];
  for (const attribute of attributesOf(layer)) {
    if (!["reference", "references", "span"].includes(attribute.type)) continue;
    const key = [...`${attribute.name}${LETTERS}`].find((letter) => /[a-z]/u.test(letter) && !taken.has(letter));
    taken.add(key);
    links.push({ ...attribute, key });
  }
  return links;
}

/** Asks which link, by its key. */
export function startLink() {
  const annotation = currentAnnotation();
  if (!annotation) {
    tell("Choose an annotation first: j and k go from one to the next.");
    return;
  }
  const links = linksOf(annotation.layer);
  if (links.length === 0) tell(`Nothing can be linked in ${plain(annotation.layer)}.`);
  else if (links.length === 1) startAttribute(links[0]);
  else {
    const buttons = links.map((link) => h("button", { type: "button", onclick: () => startAttribute(link) }, h("kbd", {}, link.key), plain(link.name)));
    enterMode({
      name: "Link",
      hint: buttons,
      keys: (event) => {
        const link = links.find(({ key }) => key === event.key);
        if (link) startAttribute(link);
        return Boolean(link);
      },
    });
  }
}

/** Asks what one attribute of the current annotation shall point to. */
export function startAttribute(attribute) {
  leaveMode();
  const annotation = currentAnnotation();
  if (attribute.type === "span") selectWords(`Words of ${plain(attribute.name)}`, annotation, (range) => set(attribute.name, range, annotation.id));
  else if (attribute.refers_to === "entities") chooseEntity(annotation);
  else startHints(annotation, attribute);
}

function startHints(annotation, attribute) {
  if (app.hidden.delete(attribute.refers_to)) emit("shown");
  const many = attribute.type === "references";
  const targets = inSight(annotation, attribute);
  const named = hintsFor(targets.length).map((hint, i) => ({ hint, id: targets[i].id, segment: targets[i].segment }));
  let typed = "";
  const layer = h("div", { class: "hints", "aria-hidden": "true" }, ...named.map(badge));

  const toggle = (id) => {
    const target = one(id);
    if (!target || target.layer !== attribute.refers_to || id === annotation.id) return;
    const before = [one(annotation.id)?.attributes[attribute.name] ?? []].flat();
    if (!many) leaveMode();
    if (!many) set(attribute.name, id, annotation.id);
    else {
      const after = before.includes(id) ? before.filter((other) => other !== id) : [...before, id];
      set(attribute.name, after.length ? after : null, annotation.id);
    }
    typed = "";
  };
  enterMode({
    name: `Link ${plain(attribute.name)}`,
    hint: [`type the letters beside ${plain(attribute.refers_to)} in sight, or click; Backspace takes the link away`, many ? "; Enter when done" : ""],
    pick: toggle,
    leave: () => {
      layer.remove();
      removeEventListener("resize", leaveMode);
      scroller.removeEventListener("scroll", leaveMode);
    },
    keys: (event) => {
      if (event.key === "Backspace") {
        leaveMode();
        set(attribute.name, null, annotation.id);
      } else if (event.key === "Enter") leaveMode();
      else if (/^[a-z]$/u.test(event.key)) {
        typed += event.key;
        const match = named.find(({ hint }) => hint === typed);
        if (match) toggle(match.id);
        else if (!named.some(({ hint }) => hint.startsWith(typed))) typed = "";
        for (const element of layer.children) element.classList.toggle("off", !element.textContent.startsWith(typed));
      } else return false;
      return true;
    },
  });
  document.body.append(layer);
  const scroller = find("#article");
  scroller.addEventListener("scroll", leaveMode, { once: true });
  addEventListener("resize", leaveMode, { once: true });
  if (named.length === 0) tell(`No ${plain(attribute.refers_to)} in sight: scroll, or mark one first.`);
}

function badge({ hint, segment }) {
  const box = segment.getClientRects()[0] ?? segment.getBoundingClientRect();
  return h("kbd", { class: "hint", style: { left: `${box.left}px`, top: `${box.top}px` } }, hint);
}

function inSight(annotation, attribute) {
  const frame = find("#article").getBoundingClientRect();
  const found = [];
  for (const id of app.doc.order) {
    const target = one(id);
    if (target.layer !== attribute.refers_to || isRejected(target) || id === annotation.id) continue;
    const piece = app.view.pieces.find(({ ids }) => ids.has(id));
    if (!piece) continue;
    const around = piece.element.getBoundingClientRect();
    if (around.bottom < frame.top || around.top > frame.bottom) continue;
    const segment = segmentsOf(app.view, id)[0];
    const box = segment?.getBoundingClientRect();
    if (box && box.top >= frame.top - 2 && box.top < frame.bottom - 8) found.push({ id, segment });
  }
  const far = ({ id }) => Math.abs(one(id).start - annotation.start);
  return found.sort((a, b) => far(a) - far(b)).slice(0, LETTERS.length ** 2);
}

/** So many hints, none the beginning of another: one letter each where that is enough. */
export function hintsFor(count) {
  const letters = [...LETTERS];
  if (count <= letters.length) return letters.slice(0, count);
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  return pairs.slice(0, count);
}

/** What a link points to, in words. */
export function sayTarget(id) {
  const target = one(id);
  return target ? short(target.text, 40) : `${id} (not there)`;
}
