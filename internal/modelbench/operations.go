package modelbench

import (
	"strings"

	"github.com/gocei/gocei/binding/nn"
)

// latentDraws is how many draws of the latent variable a CVAE's log-density averages over.
const latentDraws = 64

// operations returns how many floating-point operations a case cannot do without, for a model of P parameters and B rows:
//
//	a step        6·P·B   (a multiplication and an addition for each weight and row, forwards and twice as many backwards)
//	a draw        2·P·B   (of a CVAE, P counts the decoder and the learned prior)
//	a log-density 2·P·B   (of a CVAE, the encoder once and the decoder for each of 64 latent draws)
//
// Everything else, as activations, splines, the trend, random numbers and the optimiser, counts as nothing.
func (c Case) operations(p *nn.Params) float64 {
	forward := 2 * float64(c.Batch)
	switch {
	case c.Work.isStep():
		return 3 * forward * float64(p.Count())
	case !c.isCVAE():
		return forward * float64(p.Count())
	case c.Work == LogDensity:
		return forward * (count(p, "encoder.") + latentDraws*count(p, "decoder.") + count(p, "prior."))
	}
	return forward * (count(p, "decoder.") + count(p, "prior."))
}

func (c Case) isCVAE() bool { return c.Model == CVAE || c.Model == CVAERobust }

// count returns how many of the parameters have names that start so.
func count(p *nn.Params, prefix string) (n float64) {
	for _, q := range p.List() {
		if strings.HasPrefix(q.Name, prefix) {
			n += float64(q.Size())
		}
	}
	return n
}

// epochOperations returns those of an epoch over rows, and of its validation.
func epochOperations(p *nn.Params, rows, validation int) float64 {
	return float64(p.Count()) * (6*float64(rows) + 2*float64(validation))
}
