package binding

import "github.com/gocei/gocei/cgo"

// SetThreads sets the size of the one thread pool that libtorch computes with, for the whole process. A BLAS that
// keeps threads of its own is set to one: two pools at once slow small matrices down by a factor of ten and more.
func SetThreads(n int) error {
	if _, err := Load(); err != nil {
		return err
	}
	var native cgo.Error
	return check("set threads", cgo.SetThreads(n, &native), &native)
}

// Threads returns the size of the thread pool.
func Threads() (int, error) {
	if _, err := Load(); err != nil {
		return 0, err
	}
	var native cgo.Error
	n, status := cgo.Threads(&native)
	return n, check("threads", status, &native)
}

// ParallelInfo returns libtorch's own words about its threads and linear algebra libraries, for reports.
func ParallelInfo() (string, error) {
	if _, err := Load(); err != nil {
		return "", err
	}
	var native cgo.Error
	text, status := cgo.ParallelInfo(&native)
	return text, check("parallel info", status, &native)
}
