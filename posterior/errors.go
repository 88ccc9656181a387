package posterior

import "math"

// errorSums adds up the errors of one position estimate an event, per component and per atom, of which there may be none.
type errorSums struct {
	atoms     int
	threshold float64
	events    int
	squares   []float64 // per component
	relative  []float64
	nonzero   []int // components that relative counts
	masked    []float64
	large     []int // components that masked counts
	distance  float64
}

func newErrors(components, atoms int, threshold float64) *errorSums {
	return &errorSums{
		atoms: atoms, threshold: threshold,
		squares:  make([]float64, components),
		relative: make([]float64, components), nonzero: make([]int, components),
		masked: make([]float64, components), large: make([]int, components),
	}
}

func (e *errorSums) add(estimate, truth []float64) {
	e.events++
	for i, x := range truth {
		miss := math.Abs(estimate[i] - x)
		e.squares[i] += miss * miss
		if x != 0 {
			e.relative[i] += miss / math.Abs(x)
			e.nonzero[i]++
		}
		if math.Abs(x) >= e.threshold {
			e.masked[i] += miss / math.Abs(x)
			e.large[i]++
		}
	}
	for i := 0; i < 3*e.atoms; i += 3 {
		e.distance += math.Hypot(math.Hypot(estimate[i]-truth[i], estimate[i+1]-truth[i+1]), estimate[i+2]-truth[i+2])
	}
}

func (e *errorSums) total() PointErrors {
	return PointErrors{
		MSE:       sum(e.squares) / float64(e.events*len(e.squares)),
		MRE:       ratio(sum(e.relative), sum(e.nonzero)),
		MREMasked: ratio(sum(e.masked), sum(e.large)),
		ADE:       ratio(e.distance, e.events*e.atoms),
	}
}

func (e *errorSums) component(i int) PointErrors {
	return PointErrors{
		MSE:       e.squares[i] / float64(e.events),
		MRE:       ratio(e.relative[i], e.nonzero[i]),
		MREMasked: ratio(e.masked[i], e.large[i]),
	}
}

func sum[T int | float64](all []T) (total T) {
	for _, x := range all {
		total += x
	}
	return total
}

// ratio is 0 where nothing was counted: JSON has no NaN.
func ratio(total float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return total / float64(n)
}
