// Package posterior is what a trained model is for: the distribution of geometries that given momenta leave open.
//
//	inverse, err := posterior.Open(ctx, "run/ocs-cinn")
//	defer inverse.Close()
//	draws, err := inverse.Sample(ctx, events, 1000) // [event][draw][coordinate]
//
// Open gives back a run's best model with its scaler, frame and units. Everything in and out is in the units of the
// data that the run was trained on; events in other units, or with their atoms in another order, are converted.
//
// # No leakage
//
// Sampling takes momenta only. Events may carry positions; they are not looked at. Evaluate compares draws with true
// positions, and is the only place where both meet.
//
// # Ensembles
//
// Open takes the directory of an ensemble too: the posterior is then the equal mixture of its members, each draw from a
// member that is chosen by chance, and the density the mean of theirs.
//
// # Columns
//
// Coordinates are those of the run's frame; Encoding.CartesianPositions rebuilds atoms from internal ones, and
// Laboratory turns those of a recoil frame back to the table's axes. Columns that were constant, or a linear
// combination of others, over the training part are put back into every draw. Densities are over the independent
// columns alone, in the units of the columns (see LogDensity).
//
// Runs on plain tables (see package dataset) have targets for positions and conditions for momenta. All of this is for
// them too, but what takes atoms: distances, angles, energies, exploded draws, and the laboratory's axes.
//
// # Answers
//
// Summaries gives numbers instead of draws: mean, median, mode and intervals of every coordinate, of distances, angles
// and the kinetic energy release. DomainDistances tells which events are unlike what the model was trained on.
//
// # Services
//
// A service asks for Drawings, each with a seed of its own, and Samplers make those of many together; what a Drawing gives
// depends on itself alone. Digest turns draws into summaries without the model. All of these may be used while others are.
//
// # Proof
//
// Evaluate judges posteriors by known positions, by the methods of package calibration, and by exploding draws where a
// recipe says how; Predict does the latter without positions, and C2ST compares posteriors with draws of the true ones,
// where somebody has them.
//
// # Randomness and memory
//
// Draws depend only on the seed, the events and their order. Each streams event by event in bounded memory.
package posterior
