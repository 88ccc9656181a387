package main

import (
	"github.com/gocei/gocei/binding"
)

// computeOptions say what to compute on.
type computeOptions struct {
	Device  string `yaml:"device" json:"device,omitempty"`
	Threads *int   `yaml:"threads" json:"threads,omitempty"`
}

func computeSettings(o *computeOptions) []setting {
	return []setting{
		text(&o.Device, "device", "`DEVICE` to compute on: auto, cpu, cuda or cuda:N (default: auto)"),
		integer(&o.Threads, "threads", "`N` threads to compute with on the CPU (default: all processors, or OMP_NUM_THREADS)"),
	}
}

// start loads the native library, sets its threads, and returns the device. It is called before anything is read, so
// that a missing library is told at once.
func (o computeOptions) start() (binding.Device, error) {
	if _, err := binding.Load(); err != nil {
		return binding.CPU, err
	}
	if o.Threads != nil {
		if *o.Threads < 1 {
			return binding.CPU, usagef("--threads must be at least 1, got %d", *o.Threads)
		}
		if err := binding.SetThreads(*o.Threads); err != nil {
			return binding.CPU, err
		}
	}
	if o.Device == "" {
		o.Device = "auto"
	}
	device, err := binding.ParseDevice(o.Device)
	if err != nil {
		return binding.CPU, usagef("--device: %w", err)
	}
	return device, nil
}
