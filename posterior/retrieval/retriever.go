package retrieval

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/gocei/gocei/explosion"
)

// Options are choices about a retrieval. Zero fields take the defaults.
type Options struct {
	Noise Noise
	// Shapes is how many geometries of the prior are exploded beforehand, for the
	// search to start from. Default 20000.
	Shapes int
	// Seed is that of all random numbers. Default 0.
	Seed uint64
	// Workers is how many goroutines share the work. Default: as many as there are
	// processors.
	Workers int
	// MaxChiSquare is the largest Σ (Δp/σ)² of a geometry that explains an event.
	// Default: what a true geometry stays below but for one event in a million.
	MaxChiSquare float64
}

// Retriever finds the geometries that explain measured momenta. It may be used by
// several goroutines at once.
type Retriever struct {
	shape   *shape
	prior   prior
	atlas   *atlas
	solver  explosion.Options
	options Options
	idle    sync.Pool // of *search
}

// New prepares the retrieval of geometries whose prior is that of the recipe. All
// atoms must be charged, by one channel. Molecules are taken to be at rest before
// they explode, whatever the recipe's motion; its detector is not looked at either:
// Options.Noise says what to expect of measured momenta.
func New(ctx context.Context, r explosion.Recipe, o Options) (*Retriever, error) {
	v, err := newRetriever(ctx, r, o)
	if err != nil {
		return nil, fmt.Errorf("retrieval: prepare %s: %w", r.Molecule.Name, err)
	}
	return v, nil
}

func newRetriever(ctx context.Context, r explosion.Recipe, o Options) (v *Retriever, err error) {
	if r, err = r.Complete(); err != nil {
		return nil, err
	}
	v = &Retriever{solver: r.Integrator}
	if v.shape, err = newShape(r); err != nil {
		return nil, err
	}
	if v.options, err = o.complete(v.shape); err != nil {
		return nil, err
	}
	if v.prior, err = newPrior(r, v.shape); err != nil {
		return nil, err
	}
	coordinates, err := v.prior.draws(ctx, v.shape, v.options.Shapes, v.options.Seed)
	if err != nil {
		return nil, err
	}
	v.atlas, err = newAtlas(ctx, v.shape, v.solver, coordinates, v.options.Workers)
	return v, err
}

func (o Options) complete(s *shape) (Options, error) {
	if err := o.Noise.check(); err != nil {
		return o, err
	}
	if o.Shapes < 0 || o.MaxChiSquare < 0 || math.IsNaN(o.MaxChiSquare) {
		return o, fmt.Errorf("shapes %d and largest χ² %g: want 0 or more", o.Shapes, o.MaxChiSquare)
	}
	if o.Shapes == 0 {
		o.Shapes = 20_000
	}
	if o.Workers < 1 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.MaxChiSquare == 0 {
		// Three combinations of the components are left over: the total momentum.
		o.MaxChiSquare = distuv.ChiSquared{K: 3}.Quantile(1 - 1e-6)
	}
	return o, nil
}

// Columns returns the names of the internal coordinates: r_CO, r_CS, angle_OCS.
func (v *Retriever) Columns() []string { return v.shape.frame.ZMatrix.Names(v.shape.labels) }

// Atoms returns the atoms' labels [N], in the order of positions and momenta.
func (v *Retriever) Atoms() []string { return slices.Clone(v.shape.labels) }

// Frame returns the internal frame that solutions are in.
func (v *Retriever) Frame() explosion.Frame { return v.shape.frame }

// Retrieve returns every distinct geometry that was found to explain the momenta [3N]
// of an event, in atomic units and any orientation, the heaviest first; none where
// none does. Further starts are positions [3N] in Bohr each, such as draws of a
// model; those that are no geometry are passed over.
func (v *Retriever) Retrieve(momenta []float64, starts ...[]float64) ([]Solution, error) {
	s, err := v.search()
	if err != nil {
		return nil, err
	}
	defer v.idle.Put(s)
	return s.retrieve(momenta, starts)
}

// random returns a stream of random numbers of its own for everything that needs one.
func (v *Retriever) random(stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(v.options.Seed, stream))
}
