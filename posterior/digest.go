package posterior

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
)

// Digest turns draws into numbers without the model, so that any goroutine may use it at any time: all that Summaries
// gives but the modes, which are NaN.
type Digest struct {
	Columns []string // of a summary, see Inverse.SummaryColumns
	Units   []string

	encoding   dataset.Encoding
	quantities *Quantities
	charges    []float64
}

// NewDigest returns a Digest of the run's draws. With a recipe there is the kinetic energy release too; the recipe must say
// the charges, and so have one channel.
func (v *Inverse) NewDigest(recipe *explosion.Recipe) (*Digest, error) {
	c := v.run.Encoding
	g := &Digest{encoding: c, quantities: NewQuantities(c, recipe != nil)}
	g.Columns, g.Units = v.SummaryColumns(recipe != nil)
	if recipe == nil {
		return g, nil
	}
	channels, err := chargesFor(c.Atoms, *recipe)
	if err != nil {
		return nil, fmt.Errorf("posterior: digest draws: %w", err)
	}
	if len(channels) != 1 {
		return nil, fmt.Errorf("posterior: digest draws: the recipe has %d channels of charges: want one", len(channels))
	}
	g.charges = channels[0]
	return g, nil
}

// Summary returns the numbers of one event's draws [n, D], in the run's frame.
func (g *Digest) Summary(draws dataset.Matrix) (Summary, error) {
	unwrapped, _ := unwrap(g.encoding.Frame, draws, draws.Row(0))
	table, err := g.quantities.beside(g.encoding, unwrapped, g.charges)
	if err != nil {
		return nil, fmt.Errorf("posterior: digest draws: %w", err)
	}
	s := summarizeColumns(table)
	for j := range s {
		s[j].Mode = math.NaN()
	}
	return s, nil
}

// Moments writes mean and standard deviation of each coordinate [D] of one event's draws [n, D], n ≥ 1; a single draw's
// deviation is 0.
func (g *Digest) Moments(draws dataset.Matrix, mean, sd []float64) {
	unwrapped, _ := unwrap(g.encoding.Frame, draws, draws.Row(0))
	column := make([]float64, draws.Rows)
	for j := range mean {
		for i := range column {
			column[i] = unwrapped.Row(i)[j]
		}
		mean[j], sd[j] = stat.MeanStdDev(column, nil)
		if draws.Rows == 1 {
			sd[j] = 0
		}
	}
}
