// Package dataset takes tables of Coulomb explosion events and makes of them
// what a model trains on, without leakage.
//
// # Events
//
// An event is one exploded molecule of N atoms: 3N positions before and 3N
// momenta after, atom by atom, x y z within each. Events holds many of them with
// their units; measured events have momenta only. The package table reads them
// from files, by what a Layout finds in a header, and writes them; Simulate makes
// them from a recipe. Describe says what is in them, and a Describer where they do
// not fit into memory.
//
// # The way to a model
//
// Prepare goes one straight line: turn every event into a frame, split the rows,
// fit the scalers on the training rows alone, apply them to all. What it learnt
// is an Encoding, plain data that is stored with a run and later takes any
// other table the same way: atoms in the run's order, the run's units, its
// frame, its scalers. A Simulation sends fresh events down that way for every
// epoch of a training.
//
// # Tables larger than memory
//
// A Stream trains on a table of any size: it cuts it into sections of neighbouring
// rows, holds some back to validate and to test on, and gives every epoch another
// part of the others, in an order that is another in each pass over the table. Each
// row to train on comes once a pass, and what an epoch has depends on the seed and
// the epoch alone. The encoding is fitted on rows of the first epoch.
//
// # Plain tables
//
// Any columns of a table may be inferred from any others. A plain table is Events
// without atoms: its targets are in the place of positions and its conditions in
// that of momenta, in units of their own that nobody needs to know. It goes the same
// way; frames, masses and all else that takes atoms is refused. Targets that a prior
// keeps between two ends have a Bound: they are mapped to the whole line and back, so
// that no draw lies outside, and densities carry the map's Jacobian
// (Scaler.LogJacobian).
//
// # Laboratory events
//
// A detector misses fragments and mixes up channels. Describe says what looks
// suspicious, and Selection keeps the events whose momenta add up, whose energy
// is in a window, and that the training part covers, with a count of each
// criterion. What a model finds for momenta in a recoil frame goes back to the
// laboratory's axes through Encoding.Laboratory.
//
// # Columns without information
//
// Aligned events have columns that never change, and the centre of mass or the
// total momentum ties columns together. Both make a density infinite. FitScaler
// finds them, a model works on the independent columns alone, and Invert puts
// the others back.
//
// # Atoms and columns
//
// An atom is called by its element's symbol, with a number where the molecule
// has several: Labels holds the rule, ColumnNames the column names that follow
// from it.
//
// # Errors and threads
//
// Nothing panics on bad input: errors say what was expected. A Describer and a Stream
// serve one goroutine at a time. All other values are plain data and may be used from several
// goroutines at once as long as nobody writes to them.
package dataset
