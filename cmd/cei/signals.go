package main

import (
	"os"
	"os/signal"
	"syscall"
)

// endingSignals are those that end a command in order: a training with a checkpoint. Only an interrupt after one of them
// ends it at once; launchers send the others more than once. They are Ctrl-C, what schedulers and containers end a job with,
// the warning that a scheduler can be asked for before a job's time is over, and the loss of the terminal, unless
// nohup asked that this be ignored.
func endingSignals() []os.Signal {
	all := append([]os.Signal{os.Interrupt, syscall.SIGTERM}, warningSignals...)
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}
