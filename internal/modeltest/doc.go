// Package modeltest holds what the tests of all families of models share, so that a family brings only what is its own.
//
// A Subject is one model on one batch. Subject.Hold holds it to the laws of every family (a gradient on every parameter,
// which is the slope of the loss; draws that follow the seed alone; weights that are the same to the bit once saved)
// and to those of its own. Parity holds a family against what Python's PyTorch made of the same equations. The functions
// that begin with Refuses hand a model what it must refuse.
package modeltest
