package export

import (
	"github.com/gocei/gocei/cvae"
	"github.com/gocei/gocei/export/graph"
)

// autoencoder is cvae.Model in model coordinates, as far as draws need it.
type autoencoder struct {
	b       *graph.Builder
	w       *weights
	c       cvae.Config
	y       *graph.Value // conditions [B,C]
	trend   *trend
	decoder perceptron
}

func newAutoencoder(w *weights, c cvae.Config, y *graph.Value) *autoencoder {
	return &autoencoder{
		b: w.b, w: w, c: c, y: y, trend: w.trend(y, c.Dim, c.Conditions, c.Trend),
		decoder: w.perceptron("decoder", widths(c.Latent+c.Conditions, c.Hidden, c.Dim)...),
	}
}

// decode returns the positions [B,D] of a latent variable [B,L].
func (a *autoencoder) decode(latent *graph.Value) *graph.Value {
	return a.trend.restore(a.residual(latent))
}

func (a *autoencoder) residual(latent *graph.Value) *graph.Value {
	return a.decoder.forward(a.b, a.b.Concat(latent, a.y))
}

// sample returns the positions [B,D] that standard normal z [B,L] and noise [B,D] give; no noise where the decoder's
// variance is not learned.
func (a *autoencoder) sample(z, noise *graph.Value) *graph.Value {
	mean, sd := a.prior()
	r := a.residual(a.b.Add(mean, a.b.Mul(z, sd)))
	if noise != nil {
		slow := a.w.tensor("decoder.slow_log_variance", a.c.Dim)
		r = a.b.Add(r, a.b.Mul(noise, a.b.Exp(a.b.Scale(slow, cvae.LogVarianceGain/2.0))))
	}
	return a.trend.restore(r)
}

// prior returns mean and standard deviation of the latent variable under the conditions.
func (a *autoencoder) prior() (mean, sd *graph.Value) {
	if !a.c.LearnedPrior {
		return a.w.tensor("latent.mean", a.c.Latent), a.w.tensor("latent.sd", a.c.Latent)
	}
	net := a.w.perceptron("prior", widths(a.c.Conditions, a.c.Hidden, 2*a.c.Latent)...)
	heads := net.forward(a.b, a.y)
	logVariance := a.b.Slice(heads, a.c.Latent, 2*a.c.Latent)
	return a.b.Slice(heads, 0, a.c.Latent), a.b.Exp(a.b.Scale(logVariance, 0.5))
}
