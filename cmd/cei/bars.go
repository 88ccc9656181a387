package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/gocei/gocei/dataset"
)

// longestBar is the number of characters of the fullest bin.
const longestBar = 50

// printHistogram draws counts as bars.
func printHistogram(w io.Writer, h dataset.Histogram) {
	most := 1
	for _, n := range h.Counts {
		most = max(most, n)
	}
	edges := binEdges(h)
	width := max(len(edges[0]), len(edges[len(edges)-1]))
	digits := len(fmt.Sprint(max(most, h.Below, h.Above)))
	line := func(bin string, n int) {
		text := fmt.Sprintf("  %*s  %*d  %s", 2*width+3, bin, digits, n, bar(n, most))
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
	if h.Below > 0 {
		line("below", h.Below)
	}
	for i, n := range h.Counts {
		line(fmt.Sprintf("%*s – %*s", width, edges[i], width, edges[i+1]), n)
	}
	if h.Above > 0 {
		line("above", h.Above)
	}
}

// binEdges writes the edges with two digits of the bins' width.
func binEdges(h dataset.Histogram) []string {
	if width := h.Edges[1] - h.Edges[0]; width > 0 {
		return alikeDownTo(width/10, h.Edges)
	}
	return alike(h.Edges...)
}

// bar shows that there is something where it is too little for a whole character.
func bar(n, most int) string {
	if n > 0 && n*longestBar < most {
		return "▏"
	}
	return strings.Repeat("█", min(n*longestBar/most, longestBar))
}
