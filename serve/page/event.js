// What people paste: a line of a table with or without its header, or JSON.

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

// momentaOf returns the momenta of one event, as the service takes them: numbers by the names of columns or atoms.
export function momentaOf(text, columns) {
  const trimmed = text.trim();
  if (!trimmed) throw new Error("there is no event: paste a line of numbers");
  return /^[[{]/.test(trimmed) ? ofJSON(trimmed, columns) : ofTable(trimmed, columns);
}

function ofJSON(text, columns) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (e) {
    throw new Error(`this is no JSON: ${e.message}`);
  }
  if (!Array.isArray(value)) return value.momenta ?? value;
  const row = value.flat(2);
  const wrong = row.findIndex(x => typeof x !== "number");
  if (wrong >= 0) throw new Error(`value ${wrong + 1}: ${JSON.stringify(row[wrong])} is no number`);
  return named(row, columns, columns);
}

function ofTable(text, columns) {
  const lines = text.split(/\r?\n/).map(line => line.replace(/^\s*#/, "").trim()).filter(Boolean);
  const rows = lines.map(fields);
  const events = rows.filter(row => row.some(field => number.test(field)));
  if (events.length > 1) throw new Error(`there are ${events.length} events: paste one line of numbers`);
  const at = events.length ? rows.indexOf(events[0]) : rows.length - 1;
  const header = at > 0 ? rows[at - 1] : columns;
  return named(rows[at].map(asNumber), header, columns);
}

function fields(line) {
  const separator = line.includes("\t") ? /\t/ : line.includes(";") ? /;/ : line.includes(",") ? /,/ : /\s+/;
  return line.split(separator).map(field => field.trim().replace(/^"(.*)"$/, "$1"));
}

function asNumber(field, i) {
  if (!number.test(field) || !Number.isFinite(Number(field))) throw new Error(`column ${i + 1}: ${JSON.stringify(field)} is no number`);
  return Number(field);
}

// named gives numbers their names. Of a header with more than the model's columns, such as one with positions, these are
// taken; any other header is the service's to judge.
function named(row, header, columns) {
  if (row.length !== header.length) {
    throw new Error(`there are ${row.length} numbers: want ${header.length}, ${header.join(", ")}`);
  }
  const chosen = columns.every(column => header.includes(column)) ? columns : header;
  return Object.fromEntries(chosen.map(name => [name, row[header.indexOf(name)]]));
}
