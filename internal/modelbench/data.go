package modelbench

import (
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/binding"
)

// rows are positions [n,dim] and momenta [n,conditions] in model coordinates. Positions follow smoothly from momenta but for
// some noise, so that a model in training finds what it finds in real events.
type rows struct {
	x, y []float64
	n    int
}

func makeRows(n int) rows {
	const noise = 0.1
	random := rand.New(rand.NewPCG(1, 1))
	r := rows{x: make([]float64, n*dim), y: make([]float64, n*conditions), n: n}
	for i := range r.y {
		r.y[i] = random.NormFloat64()
	}
	for i := range n {
		x, y := r.x[i*dim:(i+1)*dim], r.y[i*conditions:(i+1)*conditions]
		for j := range x {
			x[j] = math.Sin(y[j]) + 0.3*y[(j+1)%conditions] + noise*random.NormFloat64()
		}
	}
	return r
}

// upload copies the first n rows to a device.
func (r rows) upload(s *binding.Scope, n int, on binding.Device) (x, y binding.Tensor) {
	return s.FromFloat64s(r.x[:n*dim], binding.Float32, on, int64(n), dim),
		s.FromFloat64s(r.y[:n*conditions], binding.Float32, on, int64(n), conditions)
}
