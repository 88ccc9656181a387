// Package graph describes a computation as a list of tensor operations, so that it can be written in the formats of other
// programs.
//
// A Builder makes one step after another; Finish takes those that an output needs. Writers (packages onnx and torchscript)
// go through Graph.Steps in order, and Graph.Evaluate computes it in Go, without any library: a model is described once,
// and what is written is what was evaluated.
//
// The operations are few, and each has one meaning in every format: element by element with the broadcasting of NumPy, or
// along the last dimension. Arrays are [B,n], or [B,n,k] inside a spline; B is not known until the graph is run.
package graph
