// The answer to one question, as the page shows it.

import { element } from "./dom.js";
import { marginal, placesOf, turnedTo } from "./geometry.js";
import { histogram, marker, projection } from "./picture.js";
import { quantitiesOf } from "./quantity.js";
import { curl } from "./service.js";
import { tables } from "./table.js";

const mostDots = 500, mostHistograms = 24;

// answerOf returns what to show. The question has the seed that the answer says.
export function answerOf(answer, model, question) {
  const event = answer.events[0], quantities = quantitiesOf(answer, model);
  const places = placesOf(event.draws, answer.draw_columns, model.atoms);
  return [
    ...warnings(event, answer.domain_distance_limit, model.atoms.length ? "momenta" : "conditions"),
    element("p", { class: "facts" }, `Model ${answer.model}, version ${answer.version}; seed ${answer.seed}` + frameWords(model)),
    ...histograms(event, answer, model, quantities, places),
    ...molecule(places, model, quantities),
    element("h3", {}, "Numbers"),
    ...tables(event.summary, quantities),
    element("p", { class: "note" }, "Intervals lie between quantiles: 16 % and 84 %, 5 % and 95 %. "
      + (quantities.some(q => q.unit === "°") ? "Angles are shown in degrees; the API and the file have them in rad." : "")),
    element("h3", {}, "Take along"), download(answer, event.draws), ...command(question),
  ];
}

function frameWords(model) {
  return { body: "; axes of the molecule", recoil: "; axes of the momenta", internal: "; internal coordinates" }[model.frame] ?? "";
}

function warnings(event, limit, what) {
  const say = (title, text) => [element("p", { class: "warning", role: "alert" }, element("strong", {}, title), text)];
  if (event.outside_domain) {
    return say("Outside the training domain. ", `The ${what} lie beyond the range of what the model was trained on: what follows is an extrapolation.`);
  }
  if (limit > 0 && event.domain_distance > limit) {
    return say("An unusual event. ", `Each of the ${what} is within the range of the training events, but together they are further from these `
      + `(distance ${event.domain_distance.toFixed(1)}) than 99 % of events of their kind (${limit.toFixed(1)}).`);
  }
  return [];
}

// histograms are of distances and angles, or of a table's targets.
function histograms(event, answer, model, quantities, places) {
  const drawn = [];
  for (const q of quantities.filter(q => ["Distances", "Angles", "Targets"].includes(q.title)).slice(0, mostHistograms)) {
    const s = event.summary[q.name];
    let values = marginal(q.name, event.draws, answer.draw_columns, places, model.atoms);
    if (!values?.every(Number.isFinite) || s.mean === null) continue;
    if (q.name.startsWith("dihedral_") && model.atoms.length) values = turnedTo(s.mean, values);
    const mark = { mean: q.factor * s.mean, low: q.factor * s.q16, high: q.factor * s.q84 };
    const label = q.unit ? `${q.name} (${q.unit})` : q.name;
    drawn.push(element("figure", { "data-column": q.name }, histogram(label, values.map(x => q.factor * x), mark)));
  }
  if (!drawn.length) return [];
  return [element("h3", {}, model.atoms.length ? "Distances and angles" : "Targets"), element("div", { class: "small" }, ...drawn),
    element("p", { class: "note" }, "The band is the interval of 68 %, the line the mean. Pictures leave out the few outermost draws in a thousand.")];
}

function molecule(places, model, quantities) {
  if (!places) return [];
  const shown = places.slice(0, mostDots);
  const { unit } = quantities.find(q => q.title === "Distances" || q.title === "Coordinates");
  const note = shown.length < places.length ? `The first ${shown.length} draws. ` : "";
  const origin = model.frame === "internal" ? "Internal coordinates leave the axes open: here, the first two atoms lie on x, the third in the xy plane." : "";
  return [
    element("h3", {}, "The molecule"),
    element("ul", { class: "legend" }, ...model.atoms.map((atom, i) => element("li", {}, marker(atom, i), atom))),
    element("div", { class: "wide" }, ...[[0, 1], [0, 2]].map(plane => element("figure", {}, projection(shown, model.atoms, plane, unit)))),
    ...(note + origin ? [element("p", { class: "note" }, note + origin)] : []),
  ];
}

function download(answer, draws) {
  const button = element("button", { type: "button", class: "quiet", id: "download" }, "Download the draws (CSV)");
  button.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([csv(answer.draw_columns, draws)], { type: "text/csv" }));
    const link = element("a", { href: url, download: `${answer.model}-seed${answer.seed}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
  return element("p", {}, button);
}

// csv returns a table as RFC 4180 has it.
function csv(columns, rows) {
  const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return [columns.map(quoted), ...rows].map(row => row.join(",") + "\n").join("");
}

function command(question) {
  const text = curl(question);
  const code = element("pre", { id: "curl", tabindex: "0", role: "region", "aria-label": "Command that gives the same answer" }, text);
  const said = element("span", { role: "status", class: "note" });
  const button = element("button", { type: "button", class: "quiet" }, "Copy");
  button.hidden = !navigator.clipboard; // which browsers have on HTTPS and loopback
  button.addEventListener("click", () => navigator.clipboard.writeText(text).then(() => said.textContent = "Copied.", () => said.textContent = "The browser does not let this page copy."));
  return [element("p", { class: "command" }, "The same answer on the command line: ", button, " ", said), code];
}
