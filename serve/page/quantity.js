// Quantities of an answer as people read them: their groups, their units and their digits.

const degrees = 180 / Math.PI;
const groups = [
  { title: "Kinetic energy release", has: name => name === "ker_ev" },
  { title: "Distances", has: name => name.startsWith("r_") },
  { title: "Angles", has: name => name.startsWith("angle_") || name.startsWith("dihedral_") },
  { title: "Coordinates", has: () => true },
];

// quantitiesOf returns the columns of an answer with the factor to the unit that they are shown in.
export function quantitiesOf(answer, model) {
  return answer.columns.map((name, j) => {
    const isAngle = answer.units[j] === "rad";
    const title = model.atoms.length ? groups.find(group => group.has(name)).title : "Targets";
    return { name, title, unit: isAngle ? "°" : answer.units[j] === "angstrom" ? "Å" : answer.units[j], factor: isAngle ? degrees : 1 };
  });
}

// grouped returns the groups of quantities, those that chemists ask for first.
export function grouped(quantities) {
  return [...groups.map(group => group.title), "Targets"]
    .map(title => ({ title, quantities: quantities.filter(q => q.title === title) }))
    .filter(group => group.quantities.length);
}

// digits returns how to write numbers that are known to about a spread: it has three digits.
export function digits(spread, size) {
  if (!(spread > 0) || !Number.isFinite(spread)) return x => written(String(Number(x.toPrecision(6))));
  const places = 2 - Math.floor(Math.log10(spread));
  if (places > 6 || size >= 1e6) {
    const after = x => Math.floor(Math.log10(Math.abs(x))) + places;
    return x => x === 0 ? "0" : written(x.toExponential(Math.min(16, Math.max(0, after(x)))));
  }
  return x => written(x.toFixed(Math.max(0, places)));
}

// written returns a number with a minus sign, and without one where it is zero.
function written(text) {
  return Number(text) === 0 ? text.replace("-", "") : text.replaceAll("-", "−");
}
