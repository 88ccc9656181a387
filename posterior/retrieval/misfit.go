package retrieval

// misfit is how far a geometry's momenta are from an observation's, in standard
// deviations, and how that changes with the coordinates.
type misfit struct {
	coordinates []float64 // [dim]
	residuals   []float64 // [m]
	jacobian    []float64 // [dim, m]
	chiSquare   float64
	relative    float64 // |Δp|/|p|, over the components that count
}

func newMisfit(dim, components int) *misfit {
	return &misfit{
		coordinates: make([]float64, dim), residuals: make([]float64, components), jacobian: make([]float64, dim*components),
	}
}

// compare explodes the coordinates and sets the misfit.
func (f *misfit) compare(by *forward, o *observation, n Noise, coordinates []float64) error {
	copy(f.coordinates, coordinates)
	if err := by.explode(coordinates); err != nil {
		return err
	}
	if n.InFrame {
		f.compareInFrame(by, o)
	} else {
		f.compareInLaboratory(by, o)
	}
	f.chiSquare = 0
	difference, size := 0.0, 0.0
	for i, r := range f.residuals {
		f.chiSquare += r * r
		difference += r * r * o.deviations[i] * o.deviations[i]
		size += o.targets[i] * o.targets[i]
	}
	f.relative = sqrt(difference / size)
	return nil
}

func (f *misfit) compareInFrame(by *forward, o *observation) {
	width, m := len(by.momenta), len(f.residuals)
	for i, component := range by.inFrame {
		f.residuals[i] = (by.momenta[component] - o.targets[i]) / o.deviations[i]
		for k := range by.dim {
			f.jacobian[k*m+i] = by.derivatives[k*width+component] / o.deviations[i]
		}
	}
}

// compareInLaboratory turns the momenta to where they fit best, by Gauss-Newton
// steps from where the frames coincide, and takes from the derivatives what a turn
// could make up for: the orientation is eliminated, G. H. Golub and V. Pereyra, SIAM
// J. Numer. Anal. 10, 413 (1973), in L. Kaufman's approximation, BIT 15, 49 (1975).
func (f *misfit) compareInLaboratory(by *forward, o *observation) {
	const turns = 3
	o.axes.restore(by.momenta)
	o.axes.restore(by.derivatives)
	t := turning{momenta: by.momenta, deviations: o.deviations}
	for range turns {
		t.prepare()
		for i, p := range by.momenta {
			f.residuals[i] = (p - o.targets[i]) / o.deviations[i]
		}
		omega := scaled(-1, t.best(f.residuals))
		rotate(by.momenta, omega)
		rotate(by.derivatives, omega)
	}
	t.prepare()
	m := len(f.residuals)
	for i, p := range by.momenta {
		f.residuals[i] = (p - o.targets[i]) / o.deviations[i]
		for k := range by.dim {
			f.jacobian[k*m+i] = by.derivatives[k*m+i] / o.deviations[i]
		}
	}
	for k := range by.dim {
		row := f.jacobian[k*m:][:m]
		t.remove(row, t.best(row))
	}
}
