// Where a place is: candidates of the gazetteer beside a sketch of a map, or coordinates by hand.

import { getPlaces } from "./api.js";
import { app } from "./app.js";
import { show } from "./chooser.js";
import { h, plain } from "./dom.js";
import { mapSketch } from "./map.js";
import { edit } from "./session.js";
import { announce, tell } from "./status.js";

/** Asks where the entity of a mention is; a mention without one gets one. */
export async function choosePlace(annotation) {
  if (!annotation) {
    tell("Choose a location first.");
    return;
  }
  const id = annotation.attributes.entity ?? null;
  const entity = id === null ? null : app.doc.entityById.get(id);
  const name = entity?.name ?? annotation.text;
  await show(`Where is ${name}?`, (dialog) => placeForm(dialog, annotation, entity, name), { class: "place" });
}

function placeForm(dialog, annotation, entity, name) {
  const list = h("div", { class: "candidates", role: "listbox", tabindex: "0", "aria-label": "Places of the gazetteer" });
  const map = h("div", { class: "map" });
  const words = h("input", { type: "search", value: name, dir: "auto", "aria-label": "Name to look up" });
  const lat = h("input", { type: "number", step: "any", min: -90, max: 90, value: entity?.lat ?? "", required: true });
  const lon = h("input", { type: "number", step: "any", min: -180, max: 180, value: entity?.lon ?? "", required: true });
  let candidates = [];
  let at = 0;

  const light = (index) => {
    at = Math.max(0, Math.min(index, candidates.length - 1));
    list.childNodes.forEach((row, i) => row.setAttribute?.("aria-selected", String(i === at)));
    if (candidates.length) list.setAttribute("aria-activedescendant", `place-${at}`);
    list.childNodes[at]?.scrollIntoView({ block: "nearest" });
    map.replaceChildren(mapSketch(candidates, at, entity));
    if (candidates[at]) announce(sayPlace(candidates[at]));
  };
  const look = async (asked) => {
    const values = entity && asked === name ? { entity: entity.id } : { name: asked, kind: annotation.attributes.kind ?? "" };
    let answer;
    try {
      answer = await getPlaces(app.doc.id, values);
    } catch (problem) {
      answer = { available: false, reason: problem.message, candidates: [] };
    }
    candidates = answer.candidates ?? [];
    const nothing = answer.available ? "The gazetteer has no such place. Another spelling, or coordinates:" : `${answer.reason}`;
    list.replaceChildren(...(candidates.length ? candidates.map(candidateRow) : [h("p", { class: "note" }, nothing)]));
    light(Math.max(0, candidates.findIndex(({ key }) => key === answer.chosen)));
  };
  const candidateRow = (place, index) =>
    h(
      "div",
      { id: `place-${index}`, role: "option", class: "choice", onclick: () => light(index), ondblclick: () => take(place) },
      h("span", {}, h("b", { class: "number" }, String(index + 1)), " ", h("span", { dir: "auto" }, place.name)),
      h("span", { class: "detail", dir: "auto" }, sayRest(place)),
    );
  const take = (place) => {
    if (!place) return;
    dialog.close();
    const asked = words.value.trim();
    save(annotation, entity, (id) => ({ do: "place", entity: id, key: place.key, ...(entity && asked === name ? {} : { name: asked }) }));
  };
  const byHand = (event) => {
    event.preventDefault();
    dialog.close();
    save(annotation, entity, (id) => ({ do: "set_entity", id, lat: Number(lat.value), lon: Number(lon.value) }));
  };
  list.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
    if (event.key in steps) light(at + steps[event.key]);
    else if (event.key === "Enter") take(candidates[at]);
    else return;
    event.preventDefault();
  });
  queueMicrotask(async () => {
    await look(name);
    if (candidates.length) list.focus();
  });
  return [
    h("form", { class: "look-up", onsubmit: (event) => (event.preventDefault(), look(words.value.trim()).then(() => list.focus())) }, words, h("button", { type: "submit" }, "Look up")),
    h("div", { class: "beside" }, list, map),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "main", onclick: () => take(candidates[at]) }, h("kbd", {}, "Enter"), "Take this place")),
    h("form", { class: "coordinates", onsubmit: byHand }, h("label", {}, "degrees north", lat), h("label", {}, "degrees east", lon), h("button", { type: "submit" }, "Set coordinates")),
    h("p", { class: "note" }, "Places: GeoNames, CC BY 4.0"),
  ];
}

/** A mention without an entity gets one first: its id is only known from the answer. */
async function save(annotation, entity, makeEdit) {
  if (entity) {
    await edit([makeEdit(entity.id)]);
    return;
  }
  const answer = await edit([{ do: "add_entity", mentions: [annotation.id] }]);
  const id = app.doc.byId.get(annotation.id)?.attributes.entity;
  if (answer && id) await edit([makeEdit(id)]);
}

function sayRest({ kind, province, country, population, lat, lon, near }) {
  const people = population ? `${population.toLocaleString("en")} inhabitants` : "";
  const where = lat === null ? "no coordinates" : `${degrees(lat, "N", "S")} ${degrees(lon, "E", "W")}`;
  return [plain(kind ?? ""), province, country, people, where, near ? "in a country of this article" : ""].filter(Boolean).join(" · ");
}

const sayPlace = (place) => `${place.name}, ${sayRest(place)}`;
const degrees = (value, plus, minus) => `${Math.abs(value).toFixed(1)}° ${value < 0 ? minus : plus}`;
