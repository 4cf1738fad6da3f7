// Which line under the text an annotation is drawn in, and where the text must be cut for that. Pure: no DOM.

import { fragmentsOf } from "./model.js";

/**
 * What is drawn of an annotation: its pieces, what joins them, and the spans among its attributes (cue, what is counted).
 * Each group {start, end, parts: [{start, end, role}]} keeps one lane; roles: span, gap, part.
 */
export function groupsOf(annotation) {
  const groups = [joined(annotation, "span")];
  for (const value of Object.values(annotation.attributes)) {
    if (value !== null && typeof value === "object" && Number.isInteger(value.start)) groups.push(joined(value, "part"));
  }
  return groups;
}

function joined(span, role) {
  const pieces = fragmentsOf(span);
  const parts = pieces.map(({ start, end }) => ({ start, end, role }));
  for (let i = 1; i < pieces.length; i += 1) parts.push({ start: pieces[i - 1].end, end: pieces[i].start, role: "gap" });
  return { start: span.start, end: span.end, parts };
}

/**
 * Lanes for groups: the shorter one is nearer to the text, none shares a lane with what it overlaps.
 * Gives the number of lanes; each group gets `lane`.
 */
export function assignLanes(groups) {
  const lanes = [];
  const bySize = [...groups].sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start || a.number - b.number);
  for (const group of bySize) {
    let lane = lanes.findIndex((taken) => taken.every((other) => other.end <= group.start || group.end <= other.start));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane].push(group);
    group.lane = lane;
  }
  return lanes.length;
}

/**
 * The text between start and end cut at every edge: [{start, end, marks}]; a mark is {group, role, first, last},
 * where first and last tell whether the group begins or ends with this segment.
 */
export function cut(start, end, groups) {
  const edges = new Set([start, end]);
  for (const { parts } of groups) {
    for (const part of parts) {
      if (part.start > start && part.start < end) edges.add(part.start);
      if (part.end > start && part.end < end) edges.add(part.end);
    }
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const at = new Map(sorted.map((edge, index) => [edge, index]));
  const segments = sorted.slice(0, -1).map((edge, index) => ({ start: edge, end: sorted[index + 1], marks: [] }));
  for (const group of groups) {
    for (const part of group.parts) {
      const from = Math.max(part.start, start);
      const to = Math.min(part.end, end);
      if (from >= to) continue;
      for (let i = at.get(from); segments[i] && segments[i].end <= to; i += 1) {
        const { start: first, end: last } = segments[i];
        segments[i].marks.push({ group, role: part.role, first: first === group.start, last: last === group.end });
      }
    }
  }
  return segments;
}
