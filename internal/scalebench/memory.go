package main

import "github.com/gocei/gocei/trainer"

// buffers returns the bytes that the parts of a table take during the training: on the device the epoch's and the
// validation part and the permutation, on the host the parts in float64. In memory that is the split. Of a stream, it is the
// first part, which the CVAE settles on, the next, which is read meanwhile, and for a moment the one before it.
func buffers(run trainer.RunConfig, rows int) float64 {
	f := run.Split.Fractions
	numbers := float64(run.Encoding.Positions.Dim() + run.Encoding.Momenta.Dim()) // of a row
	judged := float64(rows) * (f.Validation + f.Test) / f.Train
	bytes := 4.0
	if run.DType.String() == "float64" {
		bytes = 8
	}
	device := (float64(rows)+judged/2)*numbers*bytes + 8*float64(rows)
	parts := 1.0
	if run.Online != nil {
		parts = 3
	}
	return device + (parts*float64(rows)+judged)*numbers*8
}
