package calibration

import "math"

// Proportion is how often something was seen, a fraction of a time where that is shared out.
type Proportion struct {
	Hits float64
	Of   int
}

// Value returns Hits/Of, 0 of none.
func (p Proportion) Value() float64 {
	if p.Of == 0 {
		return 0
	}
	return p.Hits / float64(p.Of)
}

// StandardError returns the binomial standard error with two hits and two misses added, which keeps it from vanishing
// where all or none were hits (A. Agresti and B. A. Coull, Am. Stat. 52, 119 (1998)).
func (p Proportion) StandardError() float64 {
	n := float64(p.Of) + 4
	share := (p.Hits + 2) / n
	return math.Sqrt(share * (1 - share) / n)
}
