package retrieval

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/kdtree"

	"github.com/gocei/gocei/explosion"
)

// atlas is a table of shapes drawn from the prior and of the momenta that they
// explode to, in which those nearest to measured momenta are good places to start
// from.
//
// Momenta of a molecule at rest shrink as the root of its size grows, exactly, so
// that they are compared by their directions in the space of all invariants, and the
// size follows. Shapes are kept apart by the sign of the Jacobian determinant of the
// invariants: where it changes, the map from shapes to momenta is folded, and shapes
// on different sheets may have equal momenta.
type atlas struct {
	shapes []atlasShape
	sheets [2]*kdtree.Tree // nil without shapes
}

type atlasShape struct {
	coordinates []float64 // [dim]
	direction   []float64 // unit vector of invariants, [dim]
	size        float64   // length of the invariants
	sheet       int
	spacing     float64 // distance of the farthest of spacingNeighbours on the same sheet
}

// newAtlas explodes the coordinates [n, dim] on several cores. Shapes that do not
// explode are left out.
func newAtlas(ctx context.Context, s *shape, o explosion.Options, coordinates []float64, workers int) (*atlas, error) {
	shapes := make([]atlasShape, len(coordinates)/s.dim)
	err := share(workers, func(w int) error {
		by, err := newForward(s, o)
		for i := w; i < len(shapes) && err == nil; i += workers {
			shapes[i] = by.chart(coordinates[i*s.dim:][:s.dim])
			err = ctx.Err()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	a := &atlas{shapes: slices.DeleteFunc(shapes, func(e atlasShape) bool { return e.direction == nil })}
	if len(a.shapes) == 0 {
		return nil, errors.New("no geometry of the prior explodes")
	}
	for sheet := range a.sheets {
		var places places
		for i, e := range a.shapes {
			if e.sheet == sheet {
				places = append(places, place{e.direction, i})
			}
		}
		if len(places) > 0 {
			a.sheets[sheet] = kdtree.New(places, false)
		}
	}
	return a, share(workers, func(w int) error {
		for i := w; i < len(a.shapes); i += workers {
			a.shapes[i].spacing = a.spacing(i)
		}
		return ctx.Err()
	})
}

// share runs work on so many goroutines.
func share(workers int, work func(worker int) error) error {
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[w] = work(w)
		}()
	}
	wait.Wait()
	return errors.Join(errs...)
}

// spacingNeighbours, with the shape itself, are enough for a distance that hardly
// depends on chance.
const spacingNeighbours = 10

// spacing is infinite where the sheet has fewer shapes.
func (a *atlas) spacing(index int) float64 {
	e := &a.shapes[index]
	keeper := kdtree.NewNKeeper(spacingNeighbours)
	a.sheets[e.sheet].NearestSet(keeper, place{e.direction, index})
	farthest := 0.0
	for _, found := range keeper.Heap {
		farthest = math.Max(farthest, found.Dist)
	}
	return math.Sqrt(farthest)
}

// chart returns a shape without a direction where it does not explode.
func (f *forward) chart(coordinates []float64) (e atlasShape) {
	if f.explode(coordinates) != nil {
		return e
	}
	invariants := pick(nil, f.momenta, f.independent)
	e.size = norm(invariants)
	if !(e.size > 0) || math.IsInf(e.size, 0) {
		return atlasShape{}
	}
	for i := range invariants {
		invariants[i] /= e.size
	}
	e.coordinates, e.direction = slices.Clone(coordinates), invariants
	e.sheet = f.sheet()
	return e
}

// sheet is 1 where the Jacobian determinant of the invariants is negative.
func (f *forward) sheet() int {
	jacobian := mat.NewDense(f.dim, f.dim, nil)
	for k := range f.dim {
		for i, component := range f.independent {
			jacobian.Set(k, i, f.derivatives[k*len(f.momenta)+component])
		}
	}
	if _, sign := mat.LogDet(jacobian); sign < 0 {
		return 1
	}
	return 0
}

// start is coordinates to start from, how far their momenta are from those measured,
// as a fraction, and in units of the spacing of the table there.
type start struct {
	coordinates []float64
	distance    float64
	spacings    float64
}

// near appends the n shapes of a sheet nearest to an observation to dst, nearest
// first, scaled to its size.
func (a *atlas) near(dst []start, s *shape, o *observation, sheet, n int) []start {
	if a.sheets[sheet] == nil || !(o.size > 0) {
		return dst
	}
	direction := make([]float64, len(o.invariants))
	for i, p := range o.invariants {
		direction[i] = p / o.size
	}
	keeper := kdtree.NewNKeeper(n)
	a.sheets[sheet].NearestSet(keeper, place{direction, -1})
	first := len(dst)
	for _, found := range keeper.Heap {
		p, ok := found.Comparable.(place)
		if !ok {
			continue
		}
		e := &a.shapes[p.index]
		coordinates := slices.Clone(e.coordinates)
		scale := (e.size / o.size) * (e.size / o.size)
		for i := range s.frame.ZMatrix.Lengths() {
			coordinates[i] *= scale
		}
		dst = append(dst, start{coordinates, math.Sqrt(found.Dist), math.Sqrt(found.Dist) / e.spacing})
	}
	slices.SortStableFunc(dst[first:], func(a, b start) int {
		switch {
		case a.distance < b.distance:
			return -1
		case a.distance > b.distance:
			return 1
		}
		return 0
	})
	return dst
}

// place is a shape in the tree.
type place struct {
	direction []float64
	index     int
}

func (p place) Compare(c kdtree.Comparable, d kdtree.Dim) float64 {
	return p.direction[d] - c.(place).direction[d]
}

func (p place) Dims() int { return len(p.direction) }

func (p place) Distance(c kdtree.Comparable) float64 {
	square := 0.0
	for i, x := range c.(place).direction {
		square += (x - p.direction[i]) * (x - p.direction[i])
	}
	return square
}

type places []place

func (p places) Index(i int) kdtree.Comparable         { return p[i] }
func (p places) Len() int                              { return len(p) }
func (p places) Slice(start, end int) kdtree.Interface { return p[start:end] }

// Pivot splits at the median, so that equal tables make equal trees.
func (p places) Pivot(d kdtree.Dim) int {
	slices.SortFunc(p, func(a, b place) int {
		switch x := a.direction[d] - b.direction[d]; {
		case x < 0:
			return -1
		case x > 0:
			return 1
		}
		return a.index - b.index
	})
	return len(p) / 2
}
