// How a line under the text looks: a colour and a pattern a layer, thicker once a person has decided. Backgrounds draw them,
// so that lines can lie above one another and cross without any element that is not text.

export const LANE = 5; // pixels from one line to the next; review.css makes room by --lanes

const PATTERNS = [
  (c) => `linear-gradient(${c}, ${c})`,
  (c) => `repeating-linear-gradient(90deg, ${c} 0 8px, transparent 8px 11px)`,
  (c) => `repeating-linear-gradient(90deg, ${c} 0 2px, transparent 2px 4px)`,
  (c) => `linear-gradient(${c} 34%, transparent 34% 66%, ${c} 66%)`,
  (c) => `repeating-linear-gradient(90deg, ${c} 0 8px, transparent 8px 10px, ${c} 10px 12px, transparent 12px 14px)`,
  (c) => `repeating-linear-gradient(90deg, ${c} 0 16px, transparent 16px 19px)`,
  (c) => `repeating-linear-gradient(135deg, ${c} 0 2px, transparent 2px 4px)`,
];

/** As many layers look different as there are patterns; further ones begin again. */
export const LOOKS = PATTERNS.length;
const DOUBLE = 3; // needs a third pixel to be two lines

const KNOWN = ["actors", "locations", "figures", "quotes"];

/** The number of a layer's colour and pattern: the four of the contract keep theirs, others follow. */
export function looksOf(names) {
  const own = names.filter((name) => !KNOWN.includes(name));
  const rest = LOOKS - KNOWN.length;
  const index = new Map(KNOWN.map((name, i) => [name, i]));
  own.forEach((name, i) => index.set(name, KNOWN.length + (i % rest)));
  return (name) => index.get(name) ?? LOOKS - 1;
}

const color = (index) => `var(--layer-${index})`;
const joint = (c) => `repeating-linear-gradient(90deg, ${c} 0 1px, transparent 1px 4px)`;
const faint = (index) => `color-mix(in srgb, ${color(index)} 70%, transparent)`;

/** The sample of a layer's line for lists and legends. */
export function sample(index) {
  return { "background-image": PATTERNS[index](color(index)), "background-size": "100% 3px" };
}

/** {image, lane, height, side} of every line under a segment; side: where an end of the span is ticked. */
export function linesOf(marks, indexOf, isReviewed, words) {
  const lines = [];
  const backwards = isRightToLeft(words);
  for (const { group, role, first, last } of marks) {
    const index = indexOf(group.annotation.layer);
    const lane = group.lane;
    if (role === "gap") lines.push({ image: joint(color(index)), lane, height: 1 });
    else if (group.parts[0].role === "part") lines.push({ image: PATTERNS[0](faint(index)), lane, height: 1 });
    else {
      const height = (isReviewed(group.annotation) ? 3 : 2) + (index === DOUBLE ? 1 : 0);
      if (first) lines.push({ image: PATTERNS[0](color(index)), lane, height: 5, side: backwards ? "right" : "left" });
      if (last) lines.push({ image: PATTERNS[0](color(index)), lane, height: 5, side: backwards ? "left" : "right" });
      lines.push({ image: PATTERNS[index](color(index)), lane, height });
    }
  }
  return lines;
}

const isRightToLeft = (words) => /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(words);

/** Style that draws lines: lane 0 nearest to the text, the box as deep as its lowest lane. */
export function lineRoom(lines) {
  const deepest = Math.max(...lines.map((line) => line.lane));
  return {
    backgroundImage: lines.map((line) => line.image).join(", "),
    backgroundSize: lines.map((line) => `${line.side ? "1.5px" : "100%"} ${line.height}px`).join(", "),
    backgroundPosition: lines.map((line) => `${line.side ?? "left"} calc(100% - ${(deepest - line.lane) * LANE}px)`).join(", "),
    backgroundRepeat: "no-repeat",
    paddingBottom: `${(deepest + 1) * LANE}px`,
  };
}
