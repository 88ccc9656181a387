// Package explosion is the physics of Coulomb explosion imaging: molecules
// whose atoms have all been ionised at once, the repulsion that drives the ions
// apart, and the momenta they carry to the detector.
//
// # Model
//
// The ions are classical point charges in vacuum, at given positions and with
// given momenta at the moment of ionisation. Options.Explode follows them until
// almost no potential energy is left, and completes the rest in closed form.
// Simulate does so for many randomly displaced molecules and is repeatable to
// the bit.
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
