package export

import (
	"fmt"

	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
)

// What says which function of a model is exported.
type What string

const (
	// Sample maps momenta [B,C] and standard normal numbers to positions [B,D].
	Sample What = "sample"
	// LogDensity maps positions [B,D] and momenta [B,C] to log p [B], see posterior.Inverse.LogDensity. Of a cINN only.
	LogDensity What = "log-density"
	// Decode maps a latent variable [B,L] and momenta [B,C] to positions [B,D], without noise. Of a CVAE only.
	Decode What = "decode"
)

// Whats are all functions that there are.
var Whats = []string{string(Sample), string(LogDensity), string(Decode)}

func (w What) check(kind string) error {
	switch {
	case w == Sample, w == LogDensity && kind == cinn.Kind, w == Decode && kind == cvae.Kind:
		return nil
	case w == LogDensity:
		return fmt.Errorf("the log-density of a CVAE is a bound that random draws estimate, not a function: want %s or %s", Sample, Decode)
	case w == Decode:
		return fmt.Errorf("a cINN has no decoder: want %s or %s", Sample, LogDensity)
	}
	return fmt.Errorf("there is no function %q: want one of %q", w, Whats)
}
