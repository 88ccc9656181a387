package modelbench

import "slices"

// full returns the cases of a grid with those that are no targets made brief, and after them the points of the figures: a
// step of either model along each of its sizes, the others being the reference's. The reference's own size is among them
// once more, so that all points of a curve are measured alike.
func full(cases []Case) (plan []Case) {
	for _, c := range cases {
		c.Brief = !c.Work.isTarget()
		plan = append(plan, c)
	}
	for _, g := range figureGrids() {
		for _, c := range g.cases([]Work{CINNStep, CVAEStep}) {
			c.Brief = true
			plan = append(plan, c)
		}
	}
	return unique(plan)
}

// figureGrids returns one for each axis.
func figureGrids() []Grid {
	width, batch, depth := DefaultGrid(), DefaultGrid(), DefaultGrid()
	width.Widths = []int{64, 128, 256, 512}
	batch.Batches = []int{128, 512, 2048, 8192, 65_536}
	depth.Couplings, depth.Layers = []int{5, 10, 20, 40}, []int{1, 2, 4, 8}
	return []Grid{width, batch, depth}
}

// isTarget reports whether a work is one that there are aims for.
func (w Work) isTarget() bool {
	return slices.Contains([]Work{CINNStep, CINNStepOneNetwork, CVAEStep, DrawOneCondition, DrawManyConditions, Epoch, StartUp}, w)
}

func unique(cases []Case) (kept []Case) {
	for _, c := range cases {
		if !slices.Contains(kept, c) {
			kept = append(kept, c)
		}
	}
	return kept
}
