// Lengths, angles and places of atoms in draws.

const minus = (a, b) => a.map((x, i) => x - b[i]);
const plus = (a, b) => a.map((x, i) => x + b[i]);
const times = (f, a) => a.map(x => f * x);
const norm = a => Math.hypot(...a);
const unit = a => times(1 / norm(a), a);
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

// placesOf returns where the atoms [n][atoms][3] of draws are; null where the columns do not say.
export function placesOf(draws, columns, atoms) {
  const at = atoms.map(atom => ["x_", "y_", "z_"].map(axis => columns.indexOf(axis + atom)));
  if (atoms.length && at.flat().every(j => j >= 0)) return draws.map(draw => at.map(axes => axes.map(j => draw[j])));
  return placesOfInternal(draws, columns, atoms);
}

// placesOfInternal builds molecules of lengths, angles and dihedrals, the first atom at the origin, the second on x and the
// third in the xy-plane, each further atom by the length, the angle and the dihedral that name it.
function placesOfInternal(draws, columns, atoms) {
  const all = columns.map((column, j) => ({ kind: column.split("_")[0], atoms: atomsIn(column, atoms), j }));
  const of = kind => all.filter(c => c.kind === kind);
  const lengths = of("r"), angles = of("angle"), dihedrals = of("dihedral");
  if (!lengths.length || lengths.length + 1 !== atoms.length || all.some(c => !c.atoms)) return null;
  const placed = new Set([lengths[0].atoms[0]]);
  const steps = lengths.map((length, i) => {
    const own = length.atoms.find(a => !placed.has(a));
    placed.add(own);
    return { own, length, bond: length.atoms.find(a => a !== own), angle: from(own, angles[i - 1]), dihedral: from(own, dihedrals[i - 2]) };
  });
  const places = draws.map(draw => built(draw, steps, lengths[0].atoms[0], atoms.length));
  return places.every(p => p.flat().length === 3 * atoms.length && p.flat().every(Number.isFinite)) ? places : null;
}

// from returns a coordinate with its atoms in the order that begins with one of them.
function from(own, coordinate) {
  if (!coordinate) return null;
  return { ...coordinate, atoms: coordinate.atoms[0] === own ? coordinate.atoms : coordinate.atoms.toReversed() };
}

function built(draw, steps, first, count) {
  const place = Array.from({ length: count }, () => []);
  place[first] = [0, 0, 0];
  for (const { own, length, bond, angle, dihedral } of steps) {
    const r = draw[length.j];
    if (!angle) {
      place[own] = plus(place[bond], [r, 0, 0]);
      continue;
    }
    const [, vertex, end] = angle.atoms.map(a => place[a]);
    const along = unit(minus(end, vertex));
    const behind = dihedral ? minus(end, place[dihedral.atoms[3]]) : [0, -1, 0];
    const normal = unit(cross(behind, along)), side = cross(normal, along);
    const bend = draw[angle.j], turn = dihedral ? draw[dihedral.j] : 0;
    const across = plus(times(Math.cos(turn), side), times(-Math.sin(turn), normal));
    place[own] = plus(vertex, times(r, plus(times(Math.cos(bend), along), times(Math.sin(bend), across))));
  }
  return place;
}

// atomsIn returns the indices of the atoms in a column's name, such as r_CO or angle_H1OH2.
function atomsIn(column, atoms) {
  let rest = column.slice(column.indexOf("_") + 1);
  const found = [];
  while (rest) {
    const next = atoms.filter(a => rest.startsWith(a)).sort((a, b) => b.length - a.length)[0];
    if (!next) return null;
    found.push(atoms.indexOf(next));
    rest = rest.slice(next.length);
  }
  return found;
}

// marginal returns a column's value in each draw, from the draw itself or where its atoms are; null where neither says.
export function marginal(column, draws, columns, places, atoms) {
  const j = columns.indexOf(column);
  if (j >= 0) return draws.map(draw => draw[j]);
  const kind = column.split("_")[0], of = atomsIn(column, atoms);
  if (!places || !of) return null;
  if (kind === "r" && of.length === 2) return places.map(p => norm(minus(p[of[0]], p[of[1]])));
  if (kind === "angle" && of.length === 3) return places.map(p => angleAt(p[of[0]], p[of[1]], p[of[2]]));
  return null;
}

// angleAt is exact near 0 and π too.
function angleAt(a, vertex, b) {
  const u = unit(minus(a, vertex)), v = unit(minus(b, vertex));
  return 2 * Math.atan2(norm(minus(u, v)), norm(plus(u, v)));
}

// turnedTo takes dihedrals, which have no end, to within half a turn of a middle.
export const turnedTo = (middle, values) => values.map(x => x - 2 * Math.PI * Math.round((x - middle) / (2 * Math.PI)));
