// Where words and characters end. A "character" is a grapheme: a letter with its accents, an emoji with all its parts.

const segmenters = new Map();

function segmenter(language, granularity) {
  const key = `${language} ${granularity}`;
  if (!segmenters.has(key)) {
    let made;
    try {
      made = new Intl.Segmenter(language || undefined, { granularity });
    } catch {
      made = new Intl.Segmenter(undefined, { granularity }); // a tag that is none of BCP 47
    }
    segmenters.set(key, made);
  }
  return segmenters.get(key);
}

// A possessive is no part of a name (docs/guidelines.md), so "Merkel's" is two units.
const POSSESSIVE = /^(.+)(['\u2019]s?)$/iu;

/** Units of a text that a bound may stand between, without white space: [{start, end, word}], from `at` on. */
export function unitsOf(text, at, language, granularity) {
  const units = [];
  for (const { segment, index, isWordLike } of segmenter(language, granularity).segment(text)) {
    if (/^\s+$/u.test(segment)) continue;
    const start = at + index;
    const end = start + segment.length;
    const possessive = isWordLike && POSSESSIVE.exec(segment);
    if (possessive) {
      const apostrophe = start + possessive[1].length;
      units.push({ start, end: apostrophe, word: true }, { start: apostrophe, end, word: false });
    } else units.push({ start, end, word: granularity === "grapheme" || Boolean(isWordLike) });
  }
  return units;
}

/** Units of a document's pieces [{start, text}], made where they are asked for. Between two pieces a word ends. */
export function makeUnits(pieces, language) {
  const cache = new Map();
  const of = (index, granularity) => {
    const key = `${granularity} ${index}`;
    if (!cache.has(key)) {
      const piece = pieces[index];
      cache.set(key, piece ? unitsOf(piece.text, piece.start, language, granularity) : []);
    }
    return cache.get(key);
  };
  return { of, pieces };
}

/** Index of the piece that holds an offset, or of the last one before it. */
export function pieceAt(pieces, offset) {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The next place for one edge of a span in a direction (-1, 1); edge: "start" or "end". null at the article's ends.
 * A start stops where a unit begins, an end where one ends, so that white space never becomes an edge.
 */
export function nextStop(units, edge, offset, direction, granularity) {
  let index = pieceAt(units.pieces, direction < 0 && offset > 0 ? offset - 1 : offset);
  for (; index >= 0 && index < units.pieces.length; index += direction) {
    const stops = units.of(index, granularity).map((unit) => unit[edge]);
    const found = direction > 0 ? stops.find((stop) => stop > offset) : stops.findLast((stop) => stop < offset);
    if (found !== undefined) return found;
  }
  return null;
}

/** The unit at an offset, or the next one in a direction from a unit. */
export function unitBeside(units, offset, direction, granularity = "word") {
  let index = pieceAt(units.pieces, offset);
  for (; index >= 0 && index < units.pieces.length; index += direction) {
    const all = units.of(index, granularity);
    const found = direction > 0 ? all.find((unit) => unit.start >= offset) : all.findLast((unit) => unit.end <= offset);
    if (found !== undefined) return found;
  }
  return null;
}

/** A selection without white space at its edges, never inside a grapheme; with `words`, no part of a word is left out. */
export function snap(units, text, range, words) {
  let { start, end } = range;
  while (start < end && /\s/u.test(text[start])) start += 1;
  while (end > start && /\s/u.test(text[end - 1])) end -= 1;
  if (start >= end) return null;
  for (const granularity of words ? ["grapheme", "word"] : ["grapheme"]) {
    const first = units.of(pieceAt(units.pieces, start), granularity).find((unit) => unit.start < start && start < unit.end);
    const last = units.of(pieceAt(units.pieces, end - 1), granularity).find((unit) => unit.start < end && end < unit.end);
    if (first) start = first.start;
    if (last) end = last.end;
  }
  return { start, end };
}
