package table

// HDF5 keeps datasets, arrays of any shape, under names. A table is read from the
// datasets of the root group, of which the first dimension is the rows: positions,
// then momenta, then the others in the order of the alphabet. Those of numbers
// are columns; those of anything else, or of another length, are columns that
// hold no numbers.
//
// A dataset of one dimension is a column called like it. One of more, such as
// momenta [n, 9] or [n, 3, 3], is as many columns as a row has numbers. An
// attribute columns of the dataset, a list of texts, names them; or else an
// attribute atoms of the file, such as C, O, S, names positions x_C, y_C, … and
// momenta px_C, py_C, …. Positions and momenta that neither names are numbered
// together, as are all columns of a file that names nothing; other columns are
// called like data_1, data_2, ….
//
// Written are positions [n, 3N] and momenta [n, 3N] from columns such as x_C and
// px_C, and a dataset [n] for any other column, all in chunks. The attribute
// cei_column_order of the file keeps the order of the columns. Metadata are the
// attributes of the file that hold one text.
var hdf5Format = format{
	endings: []string{".h5", ".hdf5"},
	open:    openHDF5,
	create:  createHDF5,
}
