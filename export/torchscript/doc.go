// Package torchscript writes a graph as a TorchScript archive: a module with one method, forward, that torch.jit.load in
// Python and torch::jit::load in C++ read. It is written by libtorch, so that the archive is what that version writes.
//
// Inputs may be of any floating type and on any device that the module is moved to.
package torchscript
