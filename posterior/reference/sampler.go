package reference

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior/retrieval"
)

// Options are choices about a reference posterior. Zero fields take the defaults.
type Options struct {
	Draws  int    // weighted draws of a posterior; 20000
	Shapes int    // geometries of the prior that are exploded beforehand; 20000
	Seed   uint64 // of all random numbers; 0
}

// Sampler draws from the posterior of geometries given measured momenta, on the
// simulator alone. It serves one goroutine at a time.
type Sampler struct {
	retriever   *retrieval.Retriever
	explosions  *retrieval.Explosions
	measurement Measurement
	options     Options
	tolerance   float64

	prior      *component     // as wide as the prior
	logVolume  float64        // logarithm of the integral of the prior's density
	shapes     dataset.Matrix // draws of the prior [n, dim]
	momenta    dataset.Matrix // theirs [n, 3N]
	dimensions int

	scratch, turned []float64 // [3N], memory for explode
}

// New prepares the posterior for the prior of a recipe. What retrieval.New wants of a
// recipe holds here too.
func New(ctx context.Context, r explosion.Recipe, m Measurement, o Options) (*Sampler, error) {
	s, err := newSampler(ctx, r, m, o)
	if err != nil {
		return nil, fmt.Errorf("reference: prepare posterior of %s: %w", r.Molecule.Name, err)
	}
	return s, nil
}

func newSampler(ctx context.Context, r explosion.Recipe, m Measurement, o Options) (s *Sampler, err error) {
	if o.Draws == 0 {
		o.Draws = 20_000
	}
	if o.Shapes == 0 {
		o.Shapes = 20_000
	}
	if o.Draws < 100 || o.Shapes < 100 {
		return nil, fmt.Errorf("%d draws and %d shapes: want 100 or more", o.Draws, o.Shapes)
	}
	if r, err = r.Complete(); err != nil {
		return nil, err
	}
	s = &Sampler{measurement: m, options: o, tolerance: r.Integrator.Tolerance}
	s.retriever, err = retrieval.New(ctx, r, retrieval.Options{
		Noise: retrieval.Noise{Absolute: m.Absolute, Relative: m.Relative, InFrame: true}, Shapes: o.Shapes, Seed: o.Seed,
	})
	if err != nil {
		return nil, err
	}
	s.dimensions = s.retriever.Frame().ZMatrix.Dim()
	if m.Frame.Kind == "" {
		s.measurement.Frame = s.retriever.Frame()
	}
	if err := s.measurement.checkFrame(s.retriever.Frame().MassesDalton); err != nil && m.Frame.Kind != explosion.FrameAsIs {
		return nil, err
	}
	if len(m.Components) == 0 {
		s.measurement.Components = Independent(s.measurement.Frame)
	}
	if err := s.measurement.check(3 * len(s.retriever.Atoms())); err != nil {
		return nil, err
	}
	if s.explosions, err = s.retriever.Explosions(); err != nil {
		return nil, err
	}
	return s, s.chartPrior(ctx)
}

// Columns returns the names of the internal coordinates: r_CO, r_CS, angle_OCS.
func (s *Sampler) Columns() []string { return s.retriever.Columns() }

// Measure returns what is measured of internal coordinates [dim] without errors.
func (s *Sampler) Measure(coordinates []float64) ([]float64, error) {
	momenta, err := s.explode(coordinates)
	if err != nil {
		return nil, fmt.Errorf("reference: explode geometry: %w", err)
	}
	return s.measurement.pick(nil, momenta), nil
}

// explode returns the momenta [3N] in the measurement's frame, to be read before the
// next call.
func (s *Sampler) explode(coordinates []float64) (momenta []float64, err error) {
	if s.scratch, err = s.explosions.Momenta(s.scratch[:0], coordinates); err != nil {
		return nil, err
	}
	s.turned, _, err = s.measurement.Frame.Momenta(s.turned[:0], s.scratch)
	return s.turned, err
}

// Measurement returns the sampler's own, its frame and components written out.
func (s *Sampler) Measurement() Measurement { return s.measurement }

// logPosterior is the logarithm of the likelihood times the normalised prior, −Inf
// where there is none.
func (s *Sampler) logPosterior(measured, coordinates []float64, random *rand.Rand) float64 {
	density := s.retriever.PriorDensity(coordinates, random)
	if !(density > 0) {
		return math.Inf(-1)
	}
	momenta, err := s.explode(coordinates)
	if err != nil {
		return math.Inf(-1)
	}
	return math.Log(density) - s.logVolume + s.measurement.logLikelihood(measured, momenta, s.floor(measured))
}

func (s *Sampler) floor(measured []float64) float64 {
	square := 0.0
	for _, p := range measured {
		square += p * p
	}
	return s.tolerance * math.Sqrt(square)
}

func (s *Sampler) random(stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(s.options.Seed, stream))
}
