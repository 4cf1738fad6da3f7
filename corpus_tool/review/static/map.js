// A sketch of where places lie: meridians and parallels with their degrees, and numbered dots. No coast lines: the dots'
// places to each other, and the degrees, are what tells two towns of one name apart.

import { svg } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 240;
const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 45]; // degrees between two lines

/** candidates: [{lat, lon, name}], those without coordinates are left out; `chosen`: index of the one that is lit. */
export function mapSketch(candidates, chosen, entity = null) {
  const dots = candidates.map((place, index) => ({ ...place, index })).filter(({ lat, lon }) => typeof lat === "number" && typeof lon === "number");
  const frame = frameOf([...dots, ...(typeof entity?.lat === "number" ? [entity] : [])]);
  const x = (lon) => ((lon - frame.west) / (frame.east - frame.west)) * WIDTH;
  const y = (lat) => ((frame.north - lat) / (frame.north - frame.south)) * HEIGHT;
  const step = STEPS.find((one) => (frame.east - frame.west) / one <= 6) ?? STEPS.at(-1);
  const lines = [];
  for (let lon = Math.ceil(frame.west / step) * step; lon <= frame.east; lon += step) {
    lines.push(svg("line", { x1: x(lon), x2: x(lon), y1: 0, y2: HEIGHT, class: lon === 0 ? "zero" : "grid" }));
    lines.push(svg("text", { x: x(lon) + 3, y: HEIGHT - 4, class: "degree" }, `${Math.abs(lon)}°${lon < 0 ? "W" : lon > 0 ? "E" : ""}`));
  }
  for (let lat = Math.ceil(frame.south / step) * step; lat <= frame.north; lat += step) {
    lines.push(svg("line", { x1: 0, x2: WIDTH, y1: y(lat), y2: y(lat), class: lat === 0 ? "zero" : "grid" }));
    lines.push(svg("text", { x: 3, y: y(lat) - 3, class: "degree" }, `${Math.abs(lat)}°${lat < 0 ? "S" : lat > 0 ? "N" : ""}`));
  }
  const marks = dots.map((place) => dot(place, x(place.lon), y(place.lat), place.index === chosen));
  marks.sort((a, b) => Number(a.classList.contains("chosen")) - Number(b.classList.contains("chosen"))); // the lit one on top
  const label = dots.length ? `A sketch of a map with ${dots.length} places` : "A sketch of a map without places";
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, ...lines, ...marks);
}

function dot(place, x, y, chosen) {
  const circle = svg("circle", { cx: x, cy: y, r: chosen ? 10 : 8 });
  const number = svg("text", { x, y: y + 3.5, "text-anchor": "middle" }, String(place.index + 1));
  return svg("g", { class: chosen ? "dot chosen" : "dot" }, circle, number, svg("title", {}, place.name));
}

/** The degrees that hold all places with room around them, in the shape of the sketch; the whole world without places. */
function frameOf(places) {
  if (places.length === 0) return { west: -180, east: 180, south: -90, north: 90 };
  const lats = places.map(({ lat }) => lat);
  const lons = places.map(({ lon }) => lon);
  const middle = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 };
  const tall = Math.max(Math.max(...lats) - Math.min(...lats), (Math.max(...lons) - Math.min(...lons)) * (HEIGHT / WIDTH), 4) * 1.3;
  const wide = tall * (WIDTH / HEIGHT);
  return { west: middle.lon - wide / 2, east: middle.lon + wide / 2, south: middle.lat - tall / 2, north: middle.lat + tall / 2 };
}
