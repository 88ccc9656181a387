//go:build !ceidebug

package binding

func watch(*Scope) {}

func unwatch(*Scope) {}
