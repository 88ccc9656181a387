// Package retrieval finds the geometries that explain measured momenta, on the
// simulator alone or from the draws of a model.
//
//	retriever, err := retrieval.New(ctx, recipe, retrieval.Options{Noise: retrieval.Noise{Absolute: 0.5}})
//	solutions, err := retriever.Retrieve(momenta) // every geometry, the most probable first
//
// # What is retrieved
//
// Momenta do not tell where a molecule was nor how it lay, and so a geometry is a
// shape: 3N−6 bond lengths, angles and dihedrals. The map from shapes to momenta is
// smooth but not one-to-one: where it is folded, two or three shapes explode alike.
// All that are found come back, each with its residual, the widths that the noise
// leaves it, and its share of the posterior mass.
//
// # How
//
// The prior's geometries, some thousands of them, are exploded once. An event is
// compared with them, sheet by sheet of the folded map, and fits by the method of
// Levenberg and Marquardt start from the nearest. Their Jacobian is that of the
// variational equations (explosion.Simulator.Sensitivity), so that a handful of steps
// leads from a near neighbour to all digits. From each solution the search then looks
// across the nearest fold for another.
//
// Completeness is measured, not proved: a solution can be missed where the table is
// coarse against the structure of the map, as it is for many atoms. More Shapes, and
// draws of a model as further starts, make that rarer.
//
// # Units
//
// Momenta are in atomic units, positions and lengths in Bohr, angles in radians.
//
// # Repeatability and threads
//
// The same recipe, options and momenta give the same solutions, whatever the number
// of workers. A Retriever may be used by several goroutines.
package retrieval
