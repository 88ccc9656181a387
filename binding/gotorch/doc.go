// Package gotorch moves tensors between package binding and github.com/wangkuiyi/gotorch, both ways and without a copy,
// so that code written on gotorch can use models of this module, and the other way round.
//
//	x, err := gotorch.FromGoTorch(s, batch)
//	y, err := gotorch.ToGoTorch(s, mlp.Forward(s, x))
//
// # What crosses
//
// The tensor itself: both sides hold the same one. A change in place on one side is seen on the other, a leaf keeps its
// gradient, and a result keeps its history, so that a backward pass begun on either side goes through operations of both.
// The device stays what it is. Elements are float32, float64 or int64 (Float, Double and Long of gotorch); a tensor of
// others is refused, and is first converted with gotorch's CastTo.
//
// # Ownership
//
// What FromGoTorch returns belongs to the scope and is freed when that closes; gotorch's Tensor may be forgotten before.
// What ToGoTorch returns belongs to gotorch and is freed by its finalizer; the scope may be closed before. Memory that
// gotorch alone still holds is not counted by binding.Live, and is freed when the garbage collector gets to it.
//
// # Errors
//
// Functions of this package do not panic. Their errors are those of the scope, which keeps the first one and does nothing
// after it. Functions of gotorch panic, and where libtorch fails in its Backward or its optimisers, it ends the process;
// binding.Scope.Backward returns the error instead, also for a loss of gotorch's.
//
// # Parameters of package nn
//
// They may cross, and be trained with gotorch's optimisers or with those of package optim, but not with both by turns:
// package optim works on one flat array of gradients, which gotorch's ZeroGrad lets go of on libtorch 2.0 and later.
// Tensor.SetData on a parameter lets go of its values in the same way.
//
// # Living with gotorch
//
// Its finalizers may free a tensor whose last use is a call of gotorch's while that call still reads it: hold operands
// with runtime.KeepAlive. Its GC waits until every tensor made since on the same OS thread is freed, so what lives longer
// than a step is made, or moved by ToGoTorch, before the first GC. On a machine with one processor its initialisation
// ends the process unless OMP_NUM_THREADS is set.
//
// # Building
//
// All but this text is behind the build tag gotorch, because gotorch is linked against a library, libcgotorch.so.
// scripts/gotorch compiles it against the libtorch of this module's own library and runs a command with the flags that it
// needs:
//
//	scripts/gotorch go test -tags gotorch ./binding/gotorch/...
//
// Both libraries must have been built against one libtorch: a second one in the same process ends it while it is loaded.
package gotorch
