// The page: choose a model, paste an event, see its posterior.

import { answerOf } from "./answer.js";
import { byId, element } from "./dom.js";
import { momentaOf } from "./event.js";
import { ServiceError, models, retrieve, useToken } from "./service.js";

const lengthUnits = ["bohr", "angstrom", "m"];
let described = [];

const chosen = () => described[byId("model").selectedIndex];

function showProblem(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = !text;
}

function failed(error) {
  showProblem(error.message);
  if (error instanceof ServiceError && error.status === 401) {
    byId("token-form").hidden = false;
    byId("token").focus();
  }
}

async function connect() {
  const button = byId("connect");
  let answer;
  showProblem("");
  button.disabled = true;
  try {
    answer = await models();
  } catch (error) {
    failed(error);
    return;
  } finally {
    button.disabled = false;
  }
  described = answer.models;
  byId("token-form").hidden = true;
  byId("model").replaceChildren(...described.map(m => element("option", {}, m.name)));
  const most = Math.min(answer.limits.samples, answer.limits.draws);
  byId("samples").max = most;
  byId("samples").value = Math.min(1000, most);
  byId("fields").disabled = false;
  showModel();
}

function showModel() {
  const m = chosen(), isMolecule = m.atoms.length > 0;
  const of = isMolecule ? `${m.atoms.join(", ")}; frame ${m.frame}` : "a table of any columns";
  byId("about").textContent = `${m.kind === "cinn" ? "cINN" : "CVAE"}${m.members > 1 ? `, ensemble of ${m.members}` : ""}; ${of}; version ${m.version}`;
  byId("event-label").textContent = isMolecule ? "Momenta" : "Conditions";
  byId("event").placeholder = `${m.momentum_columns.join(", ")}\n…`;
  byId("event-note").textContent = "A line of numbers, by commas, semicolons, tabs or spaces, or JSON. Without a header: "
    + `${m.momentum_columns.join(", ")}${m.momentum_unit ? ` in ${m.momentum_unit}` : ""}.`;
  byId("example-line").hidden = !m.example_momenta;
  byId("units").hidden = !isMolecule;
  byId("momentum-unit").value = m.momentum_unit ?? "";
  const own = m.position_units.find(unit => lengthUnits.includes(unit));
  byId("position-unit").replaceChildren(...lengthUnits.map(unit => element("option", {}, unit)));
  byId("position-unit").value = own ?? lengthUnits[0];
}

function fillExample() {
  const m = chosen();
  const values = m.example_momenta.join(", "), names = m.momentum_columns;
  byId("event").value = names.some(name => /[",;\t]/.test(name)) ? values : `${names.join(", ")}\n${values}`;
  byId("momentum-unit").value = m.momentum_unit ?? "";
  byId("event").focus();
}

function questionOf(m) {
  const question = { model: m.name, momenta: momentaOf(byId("event").value, m.momentum_columns) };
  if (m.atoms.length) {
    if (byId("momentum-unit").value.trim()) question.momentum_unit = byId("momentum-unit").value.trim();
    question.position_unit = byId("position-unit").value;
  }
  question.samples = Number(byId("samples").value);
  if (byId("seed").value !== "") question.seed = Number(byId("seed").value);
  return { ...question, return: ["summary", "draws"] };
}

async function ask(event) {
  event.preventDefault();
  showProblem("");
  const m = chosen(), began = performance.now();
  byId("submit").disabled = true;
  byId("answer").setAttribute("aria-busy", "true");
  byId("status").textContent = "The model is drawing.";
  try {
    const question = questionOf(m);
    const answer = await retrieve(question);
    if (answer.events.length > 1) throw new Error(`there are ${answer.events.length} events: paste one`);
    const shown = answerOf(answer, m, { ...question, seed: answer.seed });
    byId("answer").replaceChildren(...shown);
    byId("status").textContent = `${answer.samples} draws, answered in ${((performance.now() - began) / 1000).toFixed(2)} s.`;
  } catch (error) {
    byId("answer").replaceChildren();
    byId("status").textContent = "There is no posterior.";
    failed(error);
  }
  byId("submit").disabled = false;
  byId("answer").removeAttribute("aria-busy");
  showWhatCame();
}

// showWhatCame scrolls to it where the window is too narrow to have it beside the form.
function showWhatCame() {
  const came = byId("problem").hidden ? byId("status") : byId("problem");
  if (came.getBoundingClientRect().bottom > innerHeight) came.scrollIntoView({ block: "start" });
}

byId("form").addEventListener("submit", ask);
byId("model").addEventListener("change", showModel);
byId("example").addEventListener("click", fillExample);
byId("token-form").addEventListener("submit", event => {
  event.preventDefault();
  useToken(byId("token").value);
  connect();
});
byId("event").addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("form").requestSubmit();
});
connect();
