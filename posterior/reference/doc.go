// Package reference computes what the posterior of geometries given measured momenta
// is, from the simulator and the prior alone, so that a model's can be held to it.
//
//	s, err := reference.New(ctx, recipe, reference.Measurement{Relative: 0.01}, reference.Options{})
//	p, err := s.Sample(measured) // weighted draws, effective size and evidence
//
// # What is known
//
// The prior is that of a recipe's geometries, the likelihood that of normal errors on
// some components of the momenta in a frame (Measurement), which is the noise that a
// model is trained with. Geometries are shapes in internal coordinates; where the
// molecule was and how it lay drop out. A prior that displaces atoms is not even in
// these: its density is the mean over all ways that a shape may lie in, which retrieval
// estimates without bias, and weights of draws may be unbiased estimates too.
//
// # How
//
// Sample draws from a mixture of Student t distributions, which begins about all
// solutions that retrieval finds and is fitted to its own weighted draws. Grid adds up
// even cells of a box instead, for comparison. Laplace is what a linear measurement
// would leave.
//
// Exact is for momenta without errors, which leave points: all geometries that explode
// to them. The mean of these is the best point estimate that a model can learn, so that
// its distance from the truth is a floor under every model's error.
//
// # Trust
//
// A posterior whose EffectiveSize is some thousands is known to a few per cent in its
// widths. A mode that neither retrieval nor the prior's draws lead to is missed by both
// Sample and Exact; a tenth of the draws is as wide as the prior, so that a mode that is
// missed and not tiny shows in a collapsed EffectiveSize.
//
// # Units
//
// Momenta are in atomic units, lengths in Bohr, angles in radians.
package reference
