package modelbench

// Grid is the sizes to measure at.
type Grid struct {
	Widths    []int
	Batches   []int
	Couplings []int // of the reference cINN; the robust one keeps its own
	Layers    []int // hidden ones of each network of the reference CVAE; the robust one has two
	Draws     int   // of the works that draw
}

// The sizes of the reference.
const (
	defaultWidth  = 128
	defaultBatch  = 512
	defaultLayers = 2
	defaultDraws  = 10_000
)

// DefaultGrid is the size of the reference.
func DefaultGrid() Grid {
	return Grid{
		Widths: []int{defaultWidth}, Batches: []int{defaultBatch}, Couplings: []int{referenceCouplings}, Layers: []int{defaultLayers},
		Draws: defaultDraws,
	}
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
			for _, c := range g.depths(w, m) {
				c.Work, c.Model, c.Width, c.Batch = w, m, width, batch
				all = append(all, c)
			}
		}
	}
	return all
}

// depths returns cases of which only the depth is set.
func (g Grid) depths(w Work, m Model) (all []Case) {
	switch {
	case m == CINNRobust:
		return []Case{{Couplings: robustCINN().Couplings}}
	case m == CVAERobust:
		return []Case{{Layers: defaultLayers}}
	case w != CINNStep && w != CVAEStep: // the first depth alone, too
		g.Couplings, g.Layers = g.Couplings[:1], g.Layers[:1]
	}
	if m == CVAE {
		for _, n := range g.Layers {
			all = append(all, Case{Layers: n})
		}
		return all
	}
	for _, n := range g.Couplings {
		all = append(all, Case{Couplings: n})
	}
	return all
}
