// Package calibration tells whether posteriors are right, from nothing but their draws and the truths behind them. It
// needs no model, and serves posteriors of any origin.
//
// # One idea
//
// If a truth and L draws are exchangeable, as they are for the exact posterior, then any one number computed of each of
// them ranks the truth among the draws with equal probability at 0, 1, …, L. Ranks collects such ranks, and says how
// uniform they are. What number to rank by is the choice of the method:
//
//   - a coordinate: simulation-based calibration (S. Talts et al., arXiv:1804.06788); see Rank;
//   - the density of the posterior itself: expected coverage of its highest-density regions (J. Hermans et al., Trans.
//     Mach. Learn. Res. (2022), arXiv:2110.06581); see DensityRank;
//   - the distance to a point chosen without knowing the truth: TARP, tests of accuracy with random points, where
//     densities are not at hand (P. Lemos et al., ICML 2023, arXiv:2302.03026); see DistanceRank.
//
// The draws of an event must be independent of each other, and the events too.
//
// # What calibration does not tell
//
// The prior itself is calibrated: it knows nothing, and says so. ZScore and Contraction tell how much was learned, and
// C2ST compares draws with those of a reference posterior, where there is one.
//
// # Memory
//
// Everything takes one event at a time and keeps counts and sums alone, except C2ST.
package calibration
