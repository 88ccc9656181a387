package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gocei/gocei/internal/modelbench"
)

// printBench prints a line a case, with medians and in brackets the 10th and 90th percentile.
func printBench(w io.Writer, r *modelbench.Report) error {
	fmt.Fprintln(w, benchMachine(r))
	g := textGrid{{"work", "model", "width", "couplings", "layers", "batch", "ms", "(10–90 %)", "peer ms", "peer/cei", "(10–90 %)", "floor ms", "cei/floor", "peer"}}
	for _, result := range r.Results {
		g = append(g, benchRow(result))
	}
	if err := g.print(w); err != nil {
		return err
	}
	for _, result := range r.Results {
		if note := benchNote(result); note != "" {
			fmt.Fprintf(w, "%s: %s\n", result.Case, note)
		}
	}
	return nil
}

func benchMachine(r *modelbench.Report) string {
	m := r.Machine
	line := fmt.Sprintf("%s, %d cores, libtorch %s, %s, %d threads, load %s before; matrix products at %.4g GFLOP/s",
		m.Processor, m.Cores, m.Libtorch, m.Device, m.Threads, m.LoadBefore, r.Floor.GFLOPS)
	if m.WaitingWork > 0.05 {
		line += fmt.Sprintf("\nwarning: while it was the other's turn, a process took up to %.0f %% of a core", 100*m.WaitingWork)
	}
	return line
}

func benchRow(r modelbench.Result) []string {
	size := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return []string{
		string(r.Work), string(r.Model), size(r.Width), size(r.Couplings), size(r.Layers), size(r.Batch),
		modelbench.Digits(r.MedianMS), modelbench.Range(r.P10MS, r.P90MS),
		modelbench.Digits(r.PeerMS), r.PeerOverOurs.Middle(), r.PeerOverOurs.Limits(),
		modelbench.Digits(r.FloorMS), r.OursOverFloor.Middle(), r.Peer.String(),
	}
}

// benchNote says what has no column.
func benchNote(r modelbench.Result) string {
	var notes []string
	if r.LeftOut != "" {
		notes = append(notes, "left out: "+r.LeftOut)
	}
	if r.PeerFailure != "" {
		notes = append(notes, "no peer: "+r.PeerFailure)
	}
	if r.OverBare != nil {
		notes = append(notes, fmt.Sprintf("%s times its bare steps (%s ms) and validation (%s ms)", r.OverBare.Middle(), modelbench.Digits(r.StepsMS), modelbench.Digits(r.ValidationMS)))
	}
	if r.Epochs != nil {
		note := fmt.Sprintf("%s epochs to a loss of %s", r.Epochs.Middle(), modelbench.Digits(r.TargetLoss))
		if r.PeerEpochs != nil {
			note += fmt.Sprintf(", the peer %s", r.PeerEpochs.Middle())
		}
		notes = append(notes, note)
	}
	if r.MedianMiB != nil {
		note := fmt.Sprintf("%s MiB at most", modelbench.Digits(r.MedianMiB))
		if r.PeerMiB != nil {
			note += fmt.Sprintf(", the peer %s MiB", modelbench.Digits(r.PeerMiB))
		}
		notes = append(notes, note)
	}
	return strings.Join(notes, "; ")
}
