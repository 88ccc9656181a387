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
// # Columns
//
// Coordinates are those of the run's frame; Encoding.CartesianPositions rebuilds atoms from internal ones, and
// Laboratory turns those of a recoil frame back to the table's axes. Columns that were constant, or a linear
// combination of others, over the training part are put back into every draw. Densities are over the independent
// columns alone, in the units of the columns (see LogDensity).
//
// # Randomness and memory
//
// Draws depend only on the seed, the events and their order. Each streams event by event in bounded memory.
package posterior
