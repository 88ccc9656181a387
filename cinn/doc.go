// Package cinn is the conditional invertible neural network: an exact density of positions under given momenta.
//
// A chain of affine couplings, each followed by a reversal of the coordinates, maps positions x to z, with the momenta y
// as a condition of every coupling; z is then standard normal. The density of x follows by the change of variables,
//
//	log p(x|y) = log N(z; 0, I) + log|det ∂z/∂x|,
//
// and training minimises its negative, -log p(z) - log|det ∂z/∂x|. (The proposal prints the second sign as +. That is a
// slip: such a loss could be lowered without bound by letting the map contract.) A draw for given momenta runs the chain
// backwards from z ~ N(0, I): no position enters.
//
// Config has more: couplings that bend each coordinate by a monotone spline, random or learned maps in place of the
// reversal, activations that are normalised before each coupling. None of them is in the proposal, and Reference has none.
//
// Sources: Dinh et al. 2017, Density estimation using Real NVP, arXiv:1605.08803; Ardizzone et al. 2019, Guided image
// generation with conditional invertible neural networks, arXiv:1907.02392.
//
// Shapes: x and z [B,D] with D ≥ 2, y [B,C], all in model coordinates (standardised).
package cinn
