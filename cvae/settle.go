package cvae

import (
	"context"
	"fmt"

	"github.com/gocei/gocei/binding"
)

// smallestSD keeps the latent distribution proper where the encoder uses a dimension not at all.
const smallestSD = 1e-6

// Settle finds the mean and standard deviation of the latent variables over the training part x [N,D], y [N,C]: the
// variance of z is that of its means plus the mean of its variances. A model with a learned prior draws from that, and
// has nothing to find. Where ctx is done before, the model stays as it was.
func (m *Model) Settle(ctx context.Context, s *binding.Scope, x, y binding.Tensor) error {
	if m.prior != nil {
		return nil
	}
	n := rows(s, x)
	mean := s.Zeros(m.params.DType(), m.params.Device(), m.config.Latent)
	variance := s.Clone(mean)
	for start := int64(0); start < n && s.Err() == nil; start += settledAtOnce {
		if err := ctx.Err(); err != nil {
			s.Fail(err)
			break
		}
		m.addMoments(s, mean, variance, x, y, start, min(settledAtOnce, n-start))
	}
	s.Copy(m.latentMean.Tensor(), mean)
	s.Copy(m.latentSD.Tensor(), s.Affine(s.Sqrt(variance), 1, smallestSD))
	if err := s.Err(); err != nil {
		return fmt.Errorf("cvae: settle latent statistics: %w", err)
	}
	return nil
}

// settledAtOnce is how many rows are encoded together, so that the activations of all rows are never there at once.
const settledAtOnce = 4096

// addMoments takes rows after the first ones into mean and variance [L] of those (Chan, Golub & LeVeque 1983, Am. Stat.
// 37, 242).
func (m *Model) addMoments(owner *binding.Scope, mean, variance, x, y binding.Tensor, start, n int64) {
	s := binding.NewScope(binding.NoGrad())
	defer s.Close()
	x, y = s.Narrow(x, 0, start, n), s.Narrow(y, 0, start, n)
	q := m.encode(s, m.residual(s, x, y), y)
	within := s.Add(s.Variance(q.mean, 0), s.Mean(s.Exp(q.logVariance), 0))
	share := float64(n) / float64(start+n)
	apart := s.Sub(s.Mean(q.mean, 0), mean)
	s.Copy(variance, s.Add(s.Add(s.Scale(variance, 1-share), s.Scale(within, share)), s.Scale(s.Square(apart), share*(1-share))))
	s.Copy(mean, s.Add(mean, s.Scale(apart, share)))
	owner.Fail(s.Err())
}
