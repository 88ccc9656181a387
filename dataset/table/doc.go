// Package table reads and writes tables of numbers, by column name and row by
// row, in the formats that laboratories keep events in.
//
// # Formats
//
// The ending of a file's name decides: .csv, .tsv, .txt and .dat are text, which
// may be compressed (.gz, .zst); .parquet and .pq; .npz and .npy of NumPy; .h5 and
// .hdf5 where the program was built with the tag hdf5. Open reads one, Create writes
// one. Numbers are float64, and what is written is read back to the bit.
//
// # Streams
//
// A Reader gives blocks of rows and a Writer takes them, so that memory does not
// grow with the table. Several cores work on one table where the format allows.
//
// Section goes to any rows of a table. Parquet files, NumPy's arrays that are not
// compressed and HDF5 files are read just there; of a text, the rows before are read
// too.
//
// # Metadata
//
// A table carries Metadata: text under keys, such as the recipe of a simulation.
// Formats without a place for it keep it in a file beside the table, called like
// it with .json added.
//
// # Whole or not at all
//
// A table appears under its name when Commit has written all of it. Whatever
// happens before, the name holds what it held.
//
// # Events
//
// ReadEvents, OpenEvents and CreateEvents stand on these and know what the
// columns mean: atoms, positions, momenta and their units.
//
// # Errors and threads
//
// What is wrong in a table is an *Error, with file, place and what was expected.
// Damaged and hostile files are refused in bounded memory; but for HDF5, whose
// library trusts them (see cgo/hdf5). Readers and writers serve one goroutine at a
// time.
package table
