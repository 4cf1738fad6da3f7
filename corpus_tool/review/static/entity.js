// Who or what a mention refers to: choosing an entity, making one, and what is known of it.

import { app, emit, one } from "./app.js";
import { h, plain } from "./dom.js";
import { pick, show } from "./chooser.js";
import { choosePlace } from "./place.js";
import { edit } from "./session.js";
import { set } from "./deeds.js";

const NEW = Symbol("new");
const NONE = Symbol("none");

const detailOf = (entity) => {
  const aliases = entity.aliases?.length ? `also ${entity.aliases.join(", ")}` : "";
  const mentions = entity.mentions === 1 ? "1 mention" : `${entity.mentions ?? 0} mentions`;
  return [plain(entity.kind), aliases, mentions, entity.id].filter(Boolean).join(" · ");
};

/** Asks which entity a mention refers to. */
export async function chooseEntity(annotation) {
  const here = annotation.attributes.entity ?? null;
  const options = [...app.doc.entityById.values()].map((entity) => ({ label: entity.name, detail: detailOf(entity), value: entity.id }));
  const likeness = (id) => (app.doc.entityById.get(id).name.toLowerCase().includes(annotation.text.toLowerCase()) ? 0 : 1);
  options.sort((a, b) => Number(b.value === here) - Number(a.value === here) || likeness(a.value) - likeness(b.value));
  options.push({ label: `A new entity “${annotation.text}”`, detail: plain(annotation.attributes.kind ?? ""), value: NEW });
  if (here) options.push({ label: "No entity", value: NONE });
  const free = (words) => (words ? { label: `A new entity “${words}”`, value: { words } } : null);
  const chosen = await pick(`Who or what is “${annotation.text}”?`, options, { current: here, free });
  if (chosen === undefined) return undefined;
  if (chosen === NONE) return set("entity", null, annotation.id);
  if (chosen === NEW) return edit([{ do: "add_entity", mentions: [annotation.id] }]);
  if (typeof chosen === "object") return edit([{ do: "add_entity", name: chosen.words, mentions: [annotation.id] }]);
  return set("entity", chosen, annotation.id);
}

/** Opens the entity of a mention: its name, kind, aliases, links and coordinates. */
export async function openEntity(annotation) {
  const entity = app.doc.entityById.get(annotation?.attributes.entity);
  if (!entity) return annotation ? chooseEntity(annotation) : undefined;
  const fields = {
    name: h("input", { value: entity.name, dir: "auto", required: true }),
    kind: h("select", {}, ...kindsFor(entity).map((kind) => h("option", { value: kind, selected: kind === entity.kind }, plain(kind)))),
    aliases: h("textarea", { rows: 3, dir: "auto", value: (entity.aliases ?? []).join("\n") }),
    links: h("textarea", { rows: 2, spellcheck: "false", value: Object.entries(entity.links ?? {}).map((pair) => pair.join(": ")).join("\n") }),
    lat: h("input", { type: "number", step: "any", min: -90, max: 90, value: entity.lat ?? "" }),
    lon: h("input", { type: "number", step: "any", min: -180, max: 180, value: entity.lon ?? "" }),
  };
  const labels = { aliases: "aliases, one a line", links: "links, one a line, as wikidata: Q801", lat: "degrees north", lon: "degrees east" };
  await show(`Entity ${entity.name}`, (dialog) =>
    h(
      "form",
      {
        method: "dialog",
        class: "entity-form",
        onsubmit: () => save(entity, fields),
      },
      ...Object.entries(fields).map(([name, field]) => h("label", {}, labels[name] ?? name, field)),
      h("p", { class: "note" }, detailOf(entity)),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "submit", class: "main" }, "Save"),
        h("button", { type: "button", onclick: () => (dialog.close(), choosePlace(annotation)) }, "Look up its place"),
        h("button", { type: "button", onclick: () => (dialog.close(), mergeInto(entity)) }, "Is the same as …"),
        h("button", { type: "button", onclick: () => (dialog.close(), edit([{ do: "remove_entity", id: entity.id }])) }, "Remove"),
      ),
    ),
  );
  emit("current", { before: app.current });
  return undefined;
}

const kindsFor = (entity) => [...new Set([...app.corpus.entity_kinds, entity.kind])];

function save(entity, fields) {
  const lines = (field) => field.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const links = Object.fromEntries(lines(fields.links).map((line) => line.split(/:\s*(.*)/su).slice(0, 2)).filter(([, value]) => value));
  const number = (field) => (field.value === "" ? null : Number(field.value));
  const after = { name: fields.name.value.trim(), kind: fields.kind.value, aliases: lines(fields.aliases), links, lat: number(fields.lat), lon: number(fields.lon) };
  const was = { name: entity.name, kind: entity.kind, aliases: entity.aliases ?? [], links: entity.links ?? {}, lat: entity.lat ?? null, lon: entity.lon ?? null };
  const changes = Object.fromEntries(Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name])));
  if (Object.keys(changes).length) edit([{ do: "set_entity", id: entity.id, ...changes }]);
}

async function mergeInto(entity) {
  const others = [...app.doc.entityById.values()].filter(({ id }) => id !== entity.id);
  const options = others.map((other) => ({ label: other.name, detail: detailOf(other), value: other.id }));
  const into = await pick(`“${entity.name}” is the same as`, options);
  if (into !== undefined) edit([{ do: "merge_entities", into, ids: [entity.id] }]);
}

/** The entity of an annotation, or null. */
export const entityOf = (id) => app.doc.entityById.get(one(id)?.attributes.entity) ?? null;
