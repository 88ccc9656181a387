package cvae

import (
	"fmt"
	"math"

	"github.com/gocei/gocei/binding/nn"
)

// Config says how a Model is built.
type Config struct {
	Dim        int64   `json:"dim"`        // D, of the positions
	Conditions int64   `json:"conditions"` // C, of the momenta
	Latent     int64   `json:"latent"`     // L, of the latent variable
	Hidden     []int64 `json:"hidden"`     // widths of the ELU layers, each way

	EncoderSeesConditions bool `json:"encoder_sees_conditions"` // the encoder gets [x, y] instead of x
	LearnedVariance       bool `json:"learned_variance"`        // each component's decoder variance is learned

	LearnedPrior bool `json:"learned_prior,omitempty"` // z is normal given y, with mean and variances from a network
	// Trend is the degree of the polynomial in y that x is taken from first, see nn.Trend; 0 for none.
	Trend int `json:"trend,omitempty"`

	KLWarmupEpochs float64 `json:"kl_warmup_epochs,omitempty"` // over which the divergence's weight rises from 0 to 1; 0 for none
}

// Reference returns the proposal's model. It gives no sizes; here each way has two layers of 128, and the latent
// variable has 9 dimensions, as the positions of OCS do.
func Reference(dim, conditions int64) Config {
	return Config{Dim: dim, Conditions: conditions, Latent: 9, Hidden: []int64{128, 128}}
}

// Robust returns a model whose encoder sees the momenta too, whose decoder learns its variance, whose prior is learned
// from the momenta, and whose latent variable has as many dimensions as the positions that vary; with a trend of degree 4 at most that the number of rows to
// train on can determine.
func Robust(dim, conditions int64, trainRows int) Config {
	c := Reference(dim, conditions)
	c.Latent, c.EncoderSeesConditions, c.LearnedVariance = dim, true, true
	c.LearnedPrior, c.Trend = true, nn.TrendDegree(conditions, trainRows, 4)
	return c
}

func (c Config) check() error {
	for _, size := range append([]int64{c.Dim, c.Conditions, c.Latent}, c.Hidden...) {
		if size < 1 {
			return fmt.Errorf("cvae: check config: all sizes must be positive, got dim %d, conditions %d, latent %d, hidden %v",
				c.Dim, c.Conditions, c.Latent, c.Hidden)
		}
	}
	if err := c.checkSize(); err != nil {
		return fmt.Errorf("cvae: check config: %w", err)
	}
	if err := nn.CheckTrend(c.Conditions, c.Trend); err != nil {
		return fmt.Errorf("cvae: check config: %w", err)
	}
	if !(c.KLWarmupEpochs >= 0) || math.IsInf(c.KLWarmupEpochs, 0) {
		return fmt.Errorf("cvae: check config: the warm-up of the divergence must be finite and not negative, got %g epochs", c.KLWarmupEpochs)
	}
	return nil
}

// checkSize looks at the widths of what the networks take and give before their sizes are added.
func (c Config) checkSize() error {
	if err := nn.CheckSize(1, []int64{c.Dim, 0, c.Conditions, 0, c.Latent}); err != nil {
		return err
	}
	for _, sizes := range [][]int64{c.encoderSizes(), c.decoderSizes(), c.priorSizes()} {
		if err := nn.CheckSize(1, sizes); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) encoderSizes() []int64 {
	in := c.Dim
	if c.EncoderSeesConditions {
		in += c.Conditions
	}
	return append(append([]int64{in}, c.Hidden...), 2*c.Latent)
}

func (c Config) decoderSizes() []int64 {
	return append(append([]int64{c.Latent + c.Conditions}, c.Hidden...), c.Dim)
}

func (c Config) priorSizes() []int64 {
	return append(append([]int64{c.Conditions}, c.Hidden...), 2*c.Latent)
}
