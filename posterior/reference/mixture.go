package reference

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
)

// wideShare is the share of the component that is as wide as the prior.
const wideShare = 0.1

// fitted has the mean and covariance of weighted rows.
func fitted(rows dataset.Matrix, weights []float64) (*component, error) {
	mean, covariance := moments(rows, weights)
	return newComponent(mean, covariance)
}

func moments(rows dataset.Matrix, weights []float64) (mean []float64, covariance *mat.SymDense) {
	x := mat.NewDense(rows.Rows, rows.Cols, rows.Data)
	mean = make([]float64, rows.Cols)
	for k := range mean {
		mean[k] = stat.Mean(mat.Col(nil, k, x), weights)
	}
	covariance = mat.NewSymDense(rows.Cols, nil)
	total := 0.0
	for i := range rows.Rows {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		d := make([]float64, rows.Cols)
		floats.SubTo(d, rows.Row(i), mean)
		covariance.SymRankOne(covariance, w, mat.NewVecDense(len(d), d))
		total += w
	}
	covariance.ScaleSym(1/total, covariance)
	return mean, covariance
}

// mixture is what draws are proposed from.
type mixture struct {
	wide       *component
	components []*component
	shares     []float64 // not normalised
}

func (m *mixture) add(c *component, share float64) {
	m.components, m.shares = append(m.components, c), append(m.shares, share)
}

func (m *mixture) rand(dst []float64, random *rand.Rand) []float64 {
	if len(m.components) == 0 || random.Float64() < wideShare {
		return m.wide.rand(dst, random)
	}
	u := random.Float64() * floats.Sum(m.shares)
	for i, share := range m.shares {
		if u < share {
			return m.components[i].rand(dst, random)
		}
		u -= share
	}
	return m.components[len(m.components)-1].rand(dst, random)
}

// logProbs returns the logarithm of each share times its density, the wide component's
// last.
func (m *mixture) logProbs(x []float64) []float64 {
	logs := make([]float64, 0, len(m.components)+1)
	total, rest := floats.Sum(m.shares), 1.
	if len(m.components) > 0 {
		rest = wideShare
	}
	for i, c := range m.components {
		logs = append(logs, math.Log((1-wideShare)*m.shares[i]/total)+c.logProb(x))
	}
	return append(logs, math.Log(rest)+m.wide.logProb(x))
}

func (m *mixture) logProb(x []float64) float64 { return floats.LogSumExp(m.logProbs(x)) }

// owned returns for every component, the wide one last, the weights of draws times the
// probability that they are from it.
func (m *mixture) owned(p *Posterior) [][]float64 {
	owned := make([][]float64, len(m.components)+1)
	for i, w := range p.Weights {
		logs := m.logProbs(p.Coordinates.Row(i))
		all := floats.LogSumExp(logs)
		for k, l := range logs {
			owned[k] = append(owned[k], w*math.Exp(l-all))
		}
	}
	return owned
}

// refitted moves every component to the weighted draws that are its own more than
// others', and leaves out those that have hardly any.
func (m *mixture) refitted(p *Posterior) *mixture {
	next := &mixture{wide: m.wide}
	for _, weights := range m.owned(p) {
		share, square := floats.Sum(weights), floats.Dot(weights, weights)
		if share < 1e-3 || share*share/square < float64(2*p.Coordinates.Cols) {
			continue
		}
		if c, err := fitted(p.Coordinates, weights); err == nil {
			next.add(c, share)
		}
	}
	if len(next.components) == 0 {
		if c, err := fitted(p.Coordinates, p.Weights); err == nil {
			next.add(c, 1)
		}
	}
	return next
}

// split puts several narrower components at draws of each, for posteriors that are bent.
func (m *mixture) split(p *Posterior, random *rand.Rand) *mixture {
	const parts, narrower = 4, 0.4
	next := &mixture{wide: m.wide}
	for k, weights := range m.owned(p)[:len(m.components)] {
		share := floats.Sum(weights)
		if share < 1e-3 {
			continue
		}
		of := Posterior{Coordinates: p.Coordinates, Weights: weights}
		covariance := of.Covariance()
		covariance.ScaleSym(narrower, covariance)
		centres := of.Resample(parts, random)
		for i := range parts {
			if c, err := newComponent(centres.Row(i), covariance); err == nil {
				next.add(c, share)
			}
		}
		next.add(m.components[k], share)
	}
	return next
}
