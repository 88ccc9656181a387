//go:build ceidebug

package binding

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

// watch reports a scope that is dropped without Close, with the place where it was opened. It frees nothing.
func watch(s *Scope) {
	opened := debug.Stack()
	runtime.SetFinalizer(s, func(*Scope) {
		fmt.Fprintf(os.Stderr, "binding: a scope was dropped without Close; it was opened at:\n%s\n", opened)
	})
}

func unwatch(s *Scope) { runtime.SetFinalizer(s, nil) }
