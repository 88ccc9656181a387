package modelbench

import (
	"cmp"
	"fmt"
	"slices"
)

// Case is a work at one size.
type Case struct {
	Work      Work  `json:"work"`
	Model     Model `json:"model,omitempty"`
	Width     int   `json:"width"`               // of each of the two hidden layers of a network; 0 where none is measured
	Batch     int   `json:"batch"`               // rows that go through the model at once
	Couplings int   `json:"couplings,omitempty"` // of a cINN
}

// Grid is the sizes to measure at.
type Grid struct {
	Widths    []int
	Batches   []int
	Couplings []int // of the reference cINN; the robust one keeps its own
	Draws     int   // of the works that draw
}

// The sizes of the reference, and those of a full sweep.
const (
	defaultWidth = 128
	defaultBatch = 512
	defaultDraws = 10_000
)

// DefaultGrid is the size of the reference.
func DefaultGrid() Grid {
	return Grid{Widths: []int{defaultWidth}, Batches: []int{defaultBatch}, Couplings: []int{referenceCouplings}, Draws: defaultDraws}
}

// cases returns the works at the grid's sizes.
func (g Grid) cases(works []Work) (all []Case) {
	for _, w := range works {
		for _, m := range w.models() {
			all = append(all, g.casesOf(w, m)...)
		}
	}
	return all
}

func (g Grid) casesOf(w Work, m Model) (all []Case) {
	switch {
	case w == StartUp:
		return []Case{{Work: w}}
	case w == DrawOneCondition || w == DrawManyConditions:
		g.Batches = []int{g.Draws}
	case w == CVAEStep || w == CINNStep:
	default: // whole programs and variants are measured at the first size alone
		g.Batches = g.Batches[:1]
	}
	if !w.isStep() || m == CINNRobust || m == CVAERobust {
		g.Widths = g.Widths[:1]
	}
	for _, width := range g.Widths {
		for _, batch := range g.Batches {
			for _, couplings := range g.couplingsOf(w, m) {
				all = append(all, Case{w, m, width, batch, couplings})
			}
		}
	}
	return all
}

func (g Grid) couplingsOf(w Work, m Model) []int {
	switch {
	case m == CVAE || m == CVAERobust:
		return []int{0}
	case m == CINNRobust:
		return []int{robustCINN().Couplings}
	case w == CINNStep:
		return g.Couplings
	}
	return g.Couplings[:1]
}

// full adds to the cases of a grid the steps of both models over widths and batches, each at the other's reference, and over
// numbers of couplings.
func full(cases []Case) []Case {
	sweeps := []Grid{
		{Widths: []int{64, 128, 256, 512}, Batches: []int{128, 512, 2048, 8192, 65_536}, Couplings: []int{referenceCouplings}},
		{Widths: []int{defaultWidth}, Batches: []int{defaultBatch}, Couplings: []int{5, 10, 20, 40}},
	}
	for _, sweep := range sweeps {
		cases = append(cases, sweep.cases([]Work{CINNStep, CVAEStep})...)
	}
	slices.SortStableFunc(cases, func(a, b Case) int { return cmp.Compare(place(a.Work), place(b.Work)) })
	return unique(cases)
}

func place(w Work) int { return slices.Index(Works(), w) }

func unique(cases []Case) (kept []Case) {
	for _, c := range cases {
		if !slices.Contains(kept, c) {
			kept = append(kept, c)
		}
	}
	return kept
}

// String returns the case in words.
func (c Case) String() string {
	switch {
	case c.Work == StartUp:
		return string(c.Work)
	case c.Couplings > 0:
		return fmt.Sprintf("%s of %s, width %d, %d couplings, batch %d", c.Work, c.Model, c.Width, c.Couplings, c.Batch)
	}
	return fmt.Sprintf("%s of %s, width %d, batch %d", c.Work, c.Model, c.Width, c.Batch)
}
