// Package cgo loads the native shim over libtorch and calls it; it is the one package that says import "C".
//
// The shim, libceitorch.so, is compiled by scripts/setup from the sources in the folder shim against the libtorch that
// the machine has. This package opens it at run time and calls through a table of function pointers (ceitorch.h), so
// that Go programs build, and commands that need no libtorch run, where there is none.
//
// # Errors
//
// Every function returns a Status and, when it is not OK, writes one line of text to the Error that its caller passes.
// Load returns a *LoadError that names every place that was tried.
//
// # Ownership and threads
//
// Handles are plain numbers without an owner: package binding gives them one. All functions may be called from any
// goroutine.
package cgo
