// Package nn gives models their parameters and layers.
//
// A model first lays out its parameters in a Layout, each with a name, a shape and how it starts, and gets layers back.
// Allocate then gives all of them memory at once: one flat array of values and one of gradients, of which every
// parameter is a view. An optimiser's step, a checkpoint, the norm of the gradient and its reduction over processes are
// so each one pass over one array.
//
// Buffers are tensors that belong to a model without being trained, such as statistics; they are saved with it.
//
// # Ownership and errors
//
// Params owns the memory and has a Close. Layers report errors through the scope that they compute in. Files are
// safetensors, which Python reads too; a file that does not fit the model is refused with the tensor's name.
package nn
