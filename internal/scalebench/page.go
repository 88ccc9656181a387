package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
)

func printTable(s settings, results []result) {
	fmt.Printf("cei train %s --rows-in-memory %d; %d processors; medians of %d rounds\n\n", strings.Join(s.train, " "), s.memory, runtime.NumCPU(), s.rounds)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "events\trows an epoch\tµs an event\tslowest epoch\twhole run\tpeak MiB\tprogram\tbuffers\tpeak/(program+buffers)\t")
	for _, r := range results {
		how := "in memory"
		if r.Streamed {
			how = "streamed"
		}
		fmt.Fprintf(w, "%.0e\t%d %s\t%.3g\t%.3g\t%.3g\t%.0f\t%.0f\t%.1f\t%.2f\t\n",
			float64(r.Events), r.RowsPerEpoch, how, r.Microseconds, r.Slowest, r.WholeRun, r.PeakMiB, r.ProgramMiB, r.BuffersMiB, r.MemoryRatio)
	}
	_ = w.Flush() // standard output that is closed has nobody to tell
}
