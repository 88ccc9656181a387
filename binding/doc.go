// Package binding gives Go programs libtorch's tensors, autograd and devices.
//
//	s := binding.NewScope()
//	defer s.Close()
//	x := s.FromFloat64s([]float64{1, 2, 3}, binding.Float32, binding.CPU, 3)
//	mean, err := s.Item(s.Mean(s.Square(x)))
//
// # Ownership
//
// A Scope owns the tensors made in it and frees them all at Close, so that a training step's memory is flat without
// the garbage collector. What shall live longer is made in, or moved to, a scope that lives longer. A tensor used after
// its scope was closed is an error (ErrClosed), never a crash. Nothing is freed by finalizers; built with the tag
// ceidebug, a scope that was dropped without Close is reported on stderr. Live counts what is still held.
//
// # Errors
//
// A scope carries the first error of its operations: operations after it do nothing and return a zero Tensor, and
// every value that leaves for Go (Item, Float64s, Shape, ...) returns it. Long computations are so written without a
// check a line, and checked once where they end. Errors are *Error values with a Kind: errors.Is(err, binding.ErrShape).
//
// # Gradients
//
// A scope records for autograd unless it was made with NoGrad. Backward accumulates gradients in the leaves; leaves are
// usually the parameters of package nn.
//
// # Threads
//
// Different scopes may be used from different goroutines at once; one scope by one goroutine at a time. Tensors of one
// scope may be read by operations in others as long as it stays open. libtorch computes with one pool of threads, whose
// size SetThreads rules. A goroutine that computes for long does well to call runtime.LockOSThread, since OpenMP keeps
// a team of threads for each thread that it was called from.
//
// # Several processes
//
// A Group adds up and hands on tensors between processes, by Gloo on the CPU and NCCL on CUDA devices. Who starts the
// processes, and tells them their places, is not this package's matter. DrawFor lets a process that computes a part of a batch
// draw the part's random numbers as if it computed the whole.
//
// # The library
//
// The native library is opened when it is first needed. Where it is missing, the first scope carries an error that
// says what was tried and how to get it (ErrLibrary).
package binding
