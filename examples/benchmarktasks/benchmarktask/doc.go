// Package benchmarktask holds public benchmark tasks of simulation-based inference whose exact posterior can be drawn
// from, so that a model's posterior can be judged beside it: two moons, Gaussian mixture, Gaussian linear and SLCP ("simple
// likelihood, complex posterior"), as J.-M. Lueckmann et al. define them (Benchmarking simulation-based inference,
// AISTATS 2021, arXiv:2101.04653, appendix T).
//
// # Exactness
//
// Every draw of a Posterior is exact and independent of the others: it is made in closed form, or by rejection under a
// bound that holds everywhere. No chain, no grid and no finite set of weighted proposals is in it.
//
// # Observations
//
// Observations are drawn from the prior predictive distribution with a seed. They are not the ten files that come with the
// published benchmark, which leaves out a few of its SLCP observations for their very narrow posteriors; here none is left
// out.
package benchmarktask
