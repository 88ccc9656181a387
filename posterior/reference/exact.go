package reference

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gocei/gocei/posterior/retrieval"
)

// Point is a geometry that explodes to given momenta, and its probability.
type Point struct {
	Internal  []float64 // coordinates [dim], Bohr and radians
	Positions []float64 // [3N], Bohr, in the body frame
	Weight    float64   // the weights of an event's points add up to 1
}

// orientations are how many estimates of a prior's density are averaged, each over
// orientations of its own (see retrieval.Retriever.PriorDensity).
const orientations = 256

// Exact returns the posterior of momenta [3N] known without error: the geometries of
// the prior that explode to them, each weighted by the prior's density over the
// absolute Jacobian determinant of the independent momenta by the coordinates, the most
// probable first. It is complete as far as the retriever's solutions are, whose noise
// should be none; their own weights are the same, less exactly averaged. Further starts
// are those of Retriever.Retrieve.
func Exact(v *retrieval.Retriever, momenta []float64, seed uint64, starts ...[]float64) ([]Point, error) {
	solutions, err := v.Retrieve(momenta, starts...)
	if err != nil {
		return nil, fmt.Errorf("reference: find exact posterior: %w", err)
	}
	explosions, err := v.Explosions()
	if err != nil {
		return nil, fmt.Errorf("reference: find exact posterior: %w", err)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var points []Point
	total := 0.0
	for _, x := range solutions {
		density := 0.0
		for range orientations {
			if density += v.PriorDensity(x.Internal, random); len(solutions) == 1 && density > 0 {
				break // all of the weight, whatever it is
			}
		}
		jacobian, err := determinant(v, explosions, x.Internal)
		if err != nil || !(density > 0) {
			continue
		}
		points = append(points, Point{x.Internal, x.Positions, density / jacobian})
		total += density / jacobian
	}
	for i := range points {
		points[i].Weight /= total
	}
	slices.SortStableFunc(points, func(a, b Point) int {
		if a.Weight > b.Weight {
			return -1
		}
		return 1
	})
	return points, nil
}

// determinant is |det ∂(independent momenta)/∂(coordinates)|. Which independent momenta
// they are is a factor that all geometries with the same momenta have in common.
func determinant(v *retrieval.Retriever, by *retrieval.Explosions, coordinates []float64) (float64, error) {
	_, derivatives, err := by.Differentiate(coordinates)
	if err != nil {
		return 0, err
	}
	components, dim := Independent(v.Frame()), len(coordinates)
	width := len(derivatives) / dim
	jacobian := mat.NewDense(dim, dim, nil)
	for k := range dim {
		for i, component := range components {
			jacobian.Set(k, i, derivatives[k*width+component])
		}
	}
	return math.Abs(mat.Det(jacobian)), nil
}

// MeanPosition returns the mean of points' positions [3N] in the body frame: the point
// estimate whose expected squared error is the least that any can have.
func MeanPosition(points []Point) []float64 {
	if len(points) == 0 {
		return nil
	}
	mean := make([]float64, len(points[0].Positions))
	for _, p := range points {
		for i, x := range p.Positions {
			mean[i] += p.Weight * x
		}
	}
	return mean
}
