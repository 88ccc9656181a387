package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

func introduction(s settings) string {
	return fmt.Sprintf(`# Simulation and tables: measured

Made by `+"`scripts/bench`"+` in one run on one machine: %s, %d cores in use, %s, load %s before the run. Everything is measured
%d times in turn, so that what else the machine does meets all alike; figures are medians with the smallest and the largest.

`, processor(), runtime.GOMAXPROCS(0), runtime.Version(), load(), s.rounds)
}

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // where it cannot be read, the architecture has to do
	for _, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.Trim(name, " \t:")
		}
	}
	return runtime.GOARCH
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
