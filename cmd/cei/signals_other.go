//go:build !unix

package main

import "os"

var warningSignals []os.Signal
