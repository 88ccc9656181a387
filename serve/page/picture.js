// Pictures in SVG: histograms, and where atoms are.

import { svg } from "./dom.js";

// ticks returns round numbers in a range, about as many as asked for.
function ticks(low, high, about) {
  const rough = (high - low) / about, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(f => f * power >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const all = [];
  for (let k = first; k * step <= high + 1e-9 * step; k++) all.push(k * step);
  return { all, write: tickWriter(step, Math.max(Math.abs(low), Math.abs(high))) };
}

function tickWriter(step, size) {
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (places > 4 || size >= 1e5) return x => String(Number(x.toPrecision(4))).replaceAll("-", "−");
  return x => (Math.abs(x) < step / 2 ? 0 : x).toFixed(places).replace("-", "−");
}

function axis(scale, low, high, y, about) {
  const { all, write } = ticks(low, high, about);
  return svg("g", { class: "axis" }, ...all.flatMap(t => [
    svg("line", { x1: scale(t), x2: scale(t), y1: y, y2: y + 4 }),
    svg("text", { x: scale(t), y: y + 17, "text-anchor": "middle" }, write(t)),
  ]));
}

const linear = (from, to) => x => to[0] + (x - from[0]) / (from[1] - from[0]) * (to[1] - to[0]);

function picture(width, height, title, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title }, svg("title", {}, title), ...children);
}

// rangeOf returns the range that holds all but a few of the values; outliers would squeeze the rest.
function rangeOf(values, share = 0.002) {
  const sorted = Float64Array.from(values).sort();
  const at = q => sorted[Math.round(q * (sorted.length - 1))];
  const low = at(share), high = at(1 - share);
  const margin = (high - low) * 0.04 || Math.abs(low) * 1e-3 || 1;
  return [low - margin, high + margin];
}

// histogram shows the marginal of one quantity, its central interval of 68 % and its mean.
export function histogram(label, values, mark) {
  const width = 300, height = 158, bottom = 132, left = 12, right = 288;
  const [low, high] = rangeOf(values);
  const bins = Math.max(8, Math.min(40, Math.ceil(2 * Math.cbrt(values.length)))); // Rice's rule
  const counts = new Array(bins).fill(0);
  for (const x of values) {
    const k = Math.floor((x - low) / (high - low) * bins);
    if (k >= 0 && k < bins) counts[k]++;
  }
  const x = linear([low, high], [left, right]), y = linear([0, Math.max(1, ...counts)], [bottom, 30]);
  const edge = k => x(low + k * (high - low) / bins);
  const outline = counts.map((n, k) => `L${edge(k).toFixed(1)} ${y(n).toFixed(1)}L${edge(k + 1).toFixed(1)} ${y(n).toFixed(1)}`).join("");
  const within = v => Math.min(right, Math.max(left, x(v)));
  return picture(width, height, `${label}: histogram of ${values.length} draws`,
    svg("rect", { class: "interval", x: within(mark.low), width: Math.max(0, within(mark.high) - within(mark.low)), y: 26, height: bottom - 26 }),
    svg("path", { class: "bars", d: `M${left} ${bottom}${outline}L${right} ${bottom}Z` }),
    svg("line", { class: "mean", x1: within(mark.mean), x2: within(mark.mean), y1: 26, y2: bottom }),
    svg("line", { class: "base", x1: left, x2: right, y1: bottom, y2: bottom }),
    axis(x, low, high, bottom, 5),
    svg("text", { class: "label", x: left, y: 16 }, label));
}

const element = atom => atom.replace(/\d+$/, "");
const coloured = new Set(["H", "D", "C", "N", "O", "F", "S", "P", "Cl", "Br", "I", "He", "Ne", "Ar", "Kr", "Xe"]);
const classOf = atom => `dots ${coloured.has(element(atom)) ? `of-${element(atom)}` : "of-other"}`;

// shapes tell atoms apart without colour: circle, square, triangle, diamond, cross.
const shapes = [
  r => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  r => `m${-0.9 * r} ${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}z`,
  r => `m0 ${-1.2 * r}l${1.1 * r} ${1.9 * r}h${-2.2 * r}z`,
  r => `m0 ${-1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}z`,
  r => `m${-0.4 * r} ${-1.2 * r}h${0.8 * r}v${0.8 * r}h${0.8 * r}v${0.8 * r}h${-0.8 * r}v${0.8 * r}h${-0.8 * r}v${-0.8 * r}h${-0.8 * r}v${-0.8 * r}h${0.8 * r}z`,
];
const shapeOf = i => shapes[i % shapes.length];
const axes = ["x", "y", "z"];

// projection shows where the atoms are, in two of three axes at one scale, [n][atoms][3] in the unit that is named.
export function projection(places, atoms, [a, b], unit) {
  const width = 430, height = 330, left = 58, right = 418, top = 34, bottom = 284;
  const range = axis => rangeOf(places.flatMap(place => place.map(p => p[axis])), 0.001);
  const [across, up] = [range(a), range(b)];
  const step = Math.max((across[1] - across[0]) / (right - left - 24), (up[1] - up[0]) / (bottom - top - 24)) || 1;
  const spread = ([low, high], pixels) => [(low + high - step * pixels) / 2, (low + high + step * pixels) / 2];
  const [xs, ys] = [spread(across, right - left), spread(up, bottom - top)];
  const x = linear(xs, [left, right]), y = linear(ys, [bottom, top]);
  const within = p => x(p[a]) >= left && x(p[a]) <= right && y(p[b]) >= top && y(p[b]) <= bottom;
  const dots = atoms.map((atom, i) => svg("g", { class: classOf(atom) }, ...places.map(place => place[i]).filter(within)
    .map(p => svg("path", { d: `M${x(p[a]).toFixed(1)} ${y(p[b]).toFixed(1)}${shapeOf(i)(2.5)}` }))));
  const names = labelled(atoms.map((_, i) => aboveCloud(places.map(place => place[i]).filter(within).map(p => [x(p[a]), y(p[b])]))))
    .map((at, i) => svg("text", { class: "atom", x: at.x, y: at.y, "text-anchor": "middle" }, atoms[i]));
  return picture(width, height, `Draws of all atoms seen in ${axes[a]} and ${axes[b]}`,
    svg("rect", { class: "frame", x: left, y: top, width: right - left, height: bottom - top }),
    axis(x, ...xs, bottom, 6), sideAxis(y, ...ys, left), ...dots, ...names,
    svg("text", { class: "label", x: left, y: 20 }, `${axes[a]}${axes[b]} plane`),
    svg("text", { class: "label", x: (left + right) / 2, y: height - 8, "text-anchor": "middle" }, `${axes[a]} (${unit})`),
    svg("text", { class: "label", transform: `translate(15 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, `${axes[b]} (${unit})`));
}

// aboveCloud returns where the label of dots stands without hiding them.
function aboveCloud(dots) {
  const middle = dots.reduce((sum, [x]) => sum + x, 0) / Math.max(1, dots.length);
  return { x: middle, y: dots.reduce((top, [, y]) => Math.min(top, y), Infinity) - 9 };
}

// labelled moves labels off one another.
function labelled(points) {
  const placed = [];
  for (const p of points) {
    const at = Number.isFinite(p.y) ? { ...p } : { x: 0, y: 0 };
    while (placed.some(q => Math.abs(q.x - at.x) < 20 && Math.abs(q.y - at.y) < 17)) at.y -= 17;
    placed.push(at);
  }
  return placed;
}

function sideAxis(scale, low, high, x) {
  const { all, write } = ticks(low, high, 5);
  return svg("g", { class: "axis" }, ...all.flatMap(t => [
    svg("line", { x1: x - 4, x2: x, y1: scale(t), y2: scale(t) }),
    svg("text", { x: x - 7, y: scale(t) + 4, "text-anchor": "end" }, write(t)),
  ]));
}

// marker shows an atom's colour and shape in a legend.
export function marker(atom, i) {
  return svg("svg", { class: "marker", viewBox: "-8 -8 16 16", "aria-hidden": "true" }, svg("path", { class: `${classOf(atom)} solid`, d: `M0 0${shapeOf(i)(5)}` }));
}
