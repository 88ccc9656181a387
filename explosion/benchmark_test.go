package explosion

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// displaced are geometries near the equilibrium of a molecule, each coordinate up
// to 0.25 Å away.
func displaced(m Molecule, events int) [][]float64 {
	random := testRandom(20)
	geometries := make([][]float64, events)
	for i := range geometries {
		for _, x := range m.Equilibrium {
			geometries[i] = append(geometries[i], x+0.25*Angstrom.Bohr*(2*random.Float64()-1))
		}
	}
	return geometries
}

func benchmarkExplosions(b *testing.B, m Molecule, o Options) {
	geometries := displaced(m, 1000)
	s, err := NewSimulator(m, o)
	require.NoError(b, err)
	momenta := make([]float64, 3*len(m.Atoms))
	steps := 0
	for i := 0; b.Loop(); i++ {
		d, err := s.ExplodeInto(momenta, geometries[i%len(geometries)], nil)
		if err != nil {
			b.Fatal(err)
		}
		steps += d.Steps + d.Rejected
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(steps)/float64(b.N), "steps/event")
}

func BenchmarkExplodeOCS(b *testing.B) { benchmarkExplosions(b, ocs222(b), Options{}) }

// A tetrahedron of four light ions around one of carbon's mass, all singly
// charged.
func BenchmarkExplodeMethane(b *testing.B) {
	benchmarkExplosions(b, methane(), Options{})
}

func methane() Molecule {
	const d = 1.19
	m := Molecule{Name: "CH4", Atoms: []Atom{{"C", 12.011, 1}}}
	for range 4 {
		m.Atoms = append(m.Atoms, Atom{"H", 1.008, 1})
	}
	m.Equilibrium = []float64{0, 0, 0, d, d, d, d, -d, -d, -d, d, -d, -d, -d, d}
	return m
}

func BenchmarkMethods(b *testing.B) {
	m := ocs222(b)
	for _, method := range []Method{MethodFast, MethodReference} {
		for _, tolerance := range []float64{1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12} {
			b.Run(fmt.Sprintf("%s/%.0e", method, tolerance), func(b *testing.B) {
				benchmarkExplosions(b, m, Options{Method: method, Tolerance: tolerance})
			})
		}
	}
}
