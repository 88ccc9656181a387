// Package explosion is the physics of Coulomb explosion imaging: molecules
// whose atoms have all been ionised at once, the repulsion that drives the ions
// apart, and the momenta they carry to the detector.
//
// # Model
//
// The ions are classical point charges in vacuum, at given positions and with
// given momenta at the moment of ionisation. Options.Explode follows them until
// almost no potential energy is left, and completes the rest in closed form.
//
// # Tables of events
//
// A Recipe says which molecule explodes, from which geometries and with which
// motion, into which charges, and how a detector sees it. Simulate makes its
// events one after another: each from a random stream of its own, which the seed
// and the event's index alone determine, so that a table is repeatable to the
// bit, can be made in parts, and does not depend on how many goroutines make it.
// Molecules are built in (LookupMolecule), made by NewMolecule, or read from
// files by the package moleculefile.
//
// # Integration
//
// Atoms that start at rest spread over every scale of time and length: the first
// femtosecond decides as much as all that follow. MethodFast therefore steps in a
// time that slows down with the distances of the ions, in which the motion of two
// ions has no singularities at all, by the eighth-order method DOP853. It ends
// when a hundredth of the energy is still potential and adds in closed form what
// that will do, to second order. MethodReference does the same job in plain time by
// the pair of Dormand and Prince, for tests to hold the fast one against. Each step
// is checked by an embedded estimate, each explosion by its energy.
//
// # Units and layout
//
// Everything is computed in atomic units: lengths in Bohr, momenta in ħ/a₀,
// energies in Hartree, charges in elementary charges, masses in electron masses
// (and in dalton where a name says so). LengthUnit and MomentumUnit translate
// what tables and instruments speak. N atoms are a flat slice of 3N numbers,
// atom by atom, x y z within each.
//
// # Frames
//
// A momentum measurement knows neither where a molecule was nor how it lay in
// space. Frame rewrites positions and momenta in coordinates that are free of
// that, so that what remains is the shape.
//
// # Errors and threads
//
// Nothing panics on bad input: every function that can fail says what was
// expected. All values are plain data and may be used from several goroutines
// at once as long as nobody writes to them.
package explosion
