//go:build unix

package main

import (
	"os"
	"syscall"
)

// warningSignals tell that a job's time is nearly over, as Slurm's --signal=USR1@60 does.
var warningSignals = []os.Signal{syscall.SIGUSR1}
