package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/binding"
)

// diagnosis is what cei doctor finds.
type diagnosis struct {
	Version       string `json:"version"`
	Library       string `json:"library"`
	Libtorch      string `json:"libtorch"`
	BuiltWithCUDA bool   `json:"built_with_cuda"`
	CUDADevices   int    `json:"cuda_devices"`
	Threads       int    `json:"threads"`
	Parallel      string `json:"parallel"`
}

func doctorCommand(s streams) *cli.Command {
	var asJSON bool
	settings := []setting{yes(&asJSON, "json", "print JSON")}
	return &cli.Command{
		Name:  "doctor",
		Usage: "show the native library, devices and threads in force",
		Flags: flagsOf(settings),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			apply(c, settings)
			return runDoctor(asJSON, s)
		},
	}
}

func runDoctor(asJSON bool, s streams) error {
	d, err := diagnose()
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(s.out, d)
	}
	_, err = fmt.Fprintf(s.out, "cei            %s\nnative library %s\nlibtorch       %s, CUDA built in: %t\nCUDA devices   %d\nthreads        %d\n\n%s",
		d.Version, d.Library, d.Libtorch, d.BuiltWithCUDA, d.CUDADevices, d.Threads, strings.TrimLeft(d.Parallel, "\n"))
	return err
}

func diagnose() (diagnosis, error) {
	lib, err := binding.Load()
	if err != nil {
		return diagnosis{}, err
	}
	d := diagnosis{Version: version(), Library: lib.Path, Libtorch: lib.TorchVersion, BuiltWithCUDA: lib.BuiltWithCUDA}
	if d.CUDADevices, err = binding.CUDADevices(); err != nil {
		return diagnosis{}, err
	}
	if d.Threads, err = binding.Threads(); err != nil {
		return diagnosis{}, err
	}
	d.Parallel, err = binding.ParallelInfo()
	return d, err
}
