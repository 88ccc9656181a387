package main

import (
	"cmp"

	"github.com/gocei/gocei/binding"
)

// computeOptions say what to compute on.
type computeOptions struct {
	Device  string `json:"device,omitempty"`
	Threads *int   `json:"threads,omitempty"`

	MatmulPrecision string `json:"matmul_precision,omitempty"`
}

func computeSettings(o *computeOptions) []setting {
	return category("What to compute on:", []setting{
		text(&o.Device, "device", "`DEVICE` to compute on: auto, cpu, cuda or cuda:N", "auto"),
		integer(&o.Threads, "threads", "`N` threads to compute with on the CPU", "all processors, or OMP_NUM_THREADS"),
		text(&o.MatmulPrecision, "matmul-precision", "`PRECISION` of float32 matrix products: highest, high (TF32) or medium (bfloat16), where the device has those", "highest"),
	})
}

func (o computeOptions) check() error {
	return cmp.Or(atLeast("threads", o.Threads, 1), oneOf("matmul-precision", o.MatmulPrecision, "highest", "high", "medium"))
}

// start loads the native library, sets its threads and precision, and returns the device. It is called before anything is read, so
// that a missing library is told at once.
func (o computeOptions) start() (binding.Device, error) {
	if _, err := binding.Load(); err != nil {
		return binding.CPU, err
	}
	if o.Threads != nil {
		if err := binding.SetThreads(*o.Threads); err != nil {
			return binding.CPU, err
		}
	}
	if o.MatmulPrecision != "" {
		if err := binding.SetMatmulPrecision(binding.MatmulPrecision(o.MatmulPrecision)); err != nil {
			return binding.CPU, err
		}
	}
	device, err := binding.ParseDevice(cmp.Or(o.Device, "auto"))
	if err != nil {
		return binding.CPU, usagef("--device: %w", err)
	}
	return device, nil
}
