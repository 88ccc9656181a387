package explosion

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// displacements in Angstrom of coordinate k.
func displacements(m Molecule, positions [][]float64, k int) []float64 {
	return column(positions, func(x []float64) float64 { return (x[k] - m.Equilibrium[k]) * BohrRadiusAngstrom })
}

// A uniform coordinate has variance a²/3 and is independent of its neighbours in
// the same event and in the next one.
func TestUniformAndNormalDisplacement(t *testing.T) {
	m := builtIn(t, "OCS")
	for kind, variance := range map[GeometryKind]float64{GeometryUniform: 0.09 / 3, GeometryNormal: 0.09} {
		positions, _ := draws(t, Recipe{Geometry: Geometry{Kind: kind, DisplacementAngstrom: 0.3}, Events: 20000, Seed: 3})
		for k := range 9 {
			u, next := displacements(m, positions, k), displacements(m, positions, (k+1)%9)
			assertMoments(t, u, 0, variance, string(kind))
			assertUncorrelated(t, u, next, "coordinates of an event")
			assertUncorrelated(t, u[1:], next[:len(next)-1], "coordinates of two events")
			if kind == GeometryUniform {
				assert.InDelta(t, 0.3, slices.Max(u), 1e-3)
				assert.LessOrEqual(t, slices.Max(u), 0.3+1e-12)
				assert.InDelta(t, -0.3, slices.Min(u), 1e-3)
			}
		}
	}
}

// What the seed 3 gave since there are seeds: a table can be made again.
func TestDefaultEventsKeepTheirBits(t *testing.T) {
	positions, _ := draws(t, Recipe{Events: 1, Seed: 3, First: 2})
	random := newTestStream(3, 2)
	for k, x := range builtIn(t, "OCS").Equilibrium {
		assert.Equal(t, x+0.25*Angstrom.Bohr*(2*random.Float64()-1), positions[0][k])
	}
}

func TestEquilibriumGeometry(t *testing.T) {
	positions, momenta := draws(t, Recipe{Geometry: Geometry{Kind: GeometryEquilibrium}, Events: 2})
	assert.Equal(t, builtIn(t, "OCS").Equilibrium, positions[0])
	assert.Equal(t, positions[0], positions[1])
	assert.Empty(t, momenta[0], "at rest")
}

// Without a separation, each atom is uniform in the ball: a coordinate has
// variance R²/5, and (r/R)³ is uniform in [0, 1].
func TestBall(t *testing.T) {
	positions, _ := draws(t, Recipe{Geometry: Geometry{Kind: GeometryBall, RadiusAngstrom: 2}, Events: 20000})
	for k := range 9 {
		assertMoments(t, column(positions, func(x []float64) float64 { return x[k] * BohrRadiusAngstrom }), 0, 4./5, "coordinate")
	}
	for i := range 3 {
		volume := column(positions, func(x []float64) float64 { return math.Pow(vectorAt(x, 3*i).norm()*BohrRadiusAngstrom/2, 3) })
		assertMoments(t, volume, 1./2, 1./12, "volume")
		assert.LessOrEqual(t, slices.Max(volume), 1+1e-12)
	}
}

// Two points in a ball of radius R are at a distance d with the density
// 3d²/R³ (1 − 3d/4R + d³/16R³); a separation cuts that off below and leaves the
// rest as it was.
func TestBallWithSeparation(t *testing.T) {
	const radius, separation = 2, 1.5
	positions, _ := draws(t, Recipe{
		Molecule: builtIn(t, "CO"), Channels: []Channel{{Charges: []float64{1, 1}}},
		Geometry: Geometry{Kind: GeometryBall, RadiusAngstrom: radius, SeparationAngstrom: separation}, Events: 20000,
	})
	distances := column(positions, func(x []float64) float64 { return internal(x, []int{1, 2}) })
	assert.GreaterOrEqual(t, slices.Min(distances), separation-1e-12)
	var sums [3]float64
	const steps = 20000
	for i := range steps {
		d := separation + (2*radius-separation)*(float64(i)+0.5)/steps
		weight := d * d * (1 - 3*d/(4*radius) + d*d*d/(16*radius*radius*radius))
		for k := range sums {
			sums[k] += weight * math.Pow(d, float64(k))
		}
	}
	mean := sums[1] / sums[0]
	assertMoments(t, distances, mean, sums[2]/sums[0]-mean*mean, "distance")
}

// The normal coordinates of the Wigner distribution have the variances
// ħ/2ω·coth(ħω/2kT) and ħω/2·coth(ħω/2kT), and are independent.
func TestVibrationalSampling(t *testing.T) {
	for _, name := range []string{"OCS", "CO2", "H2O", "CO"} {
		m := builtIn(t, name)
		masses := m.Masses()
		for _, kelvin := range []float64{0, 300, 3000} {
			charges := slices.Repeat([]float64{1}, len(m.Atoms))
			positions, momenta := draws(t, Recipe{
				Molecule: m, Channels: []Channel{{Charges: charges}}, Events: 8000,
				Geometry: Geometry{Kind: GeometryVibrational, Kelvin: kelvin}, Motion: Motion{Kind: MotionVibrational},
			})
			var previous []float64
			for _, v := range m.Vibrations {
				shape, omega := v.shape(masses), v.WavenumberPerCM/219474.6313632
				coth := 1.0
				if kelvin > 0 {
					coth = 1 / math.Tanh(omega/(2*3.166811563e-6*kelvin))
				}
				q := column(positions, func(x []float64) (q float64) {
					for i := range x {
						q += shape[i] * math.Sqrt(masses[i/3]) * (x[i] - m.Equilibrium[i])
					}
					return q
				})
				p := column(momenta, func(momentum []float64) (p float64) {
					for i := range momentum {
						p += shape[i] / math.Sqrt(masses[i/3]) * momentum[i]
					}
					return p
				})
				what := fmt.Sprintf("%s at %g K, %g/cm", name, kelvin, v.WavenumberPerCM)
				assertMoments(t, q, 0, coth/(2*omega), what)
				assertMoments(t, p, 0, coth*omega/2, what)
				assertUncorrelated(t, q, p, what)
				if previous != nil {
					assertUncorrelated(t, q, previous, what)
				}
				previous = q
			}
		}
	}
}

// Zero-point spreads of bond lengths: of a diatomic molecule √(ħ/2μω), of CO
// 0.0338 Å; of CO2 0.0347 Å, S. J. Cyvin, Molecular Vibrations and Mean Square
// Amplitudes (1968); of OCS those of a force field with an interaction of the
// bonds, which the molecule's own leaves out (15.9, 7.5 and 1.0 mdyn/Å), by
// Wilson's G and F matrices.
func TestZeroPointSpreads(t *testing.T) {
	for _, want := range []struct {
		name     string
		atoms    []int
		angstrom float64
		relative float64
	}{
		{"CO", []int{1, 2}, 0.0338, 0.02},
		{"CO2", []int{1, 2}, 0.0347, 0.02},
		{"OCS", []int{1, 2}, 0.0350, 0.04},
		{"OCS", []int{1, 3}, 0.0385, 0.04},
	} {
		m := builtIn(t, want.name)
		positions, _ := draws(t, Recipe{
			Molecule: m, Channels: []Channel{{Charges: slices.Repeat([]float64{1}, len(m.Atoms))}},
			Geometry: Geometry{Kind: GeometryVibrational}, Events: 20000,
		})
		// Along the axis: the spread of the length would include bending's small share.
		i, j := 3*(want.atoms[0]-1), 3*(want.atoms[1]-1)
		along := column(positions, func(x []float64) float64 { return (x[i] - x[j]) * BohrRadiusAngstrom })
		assert.InEpsilon(t, want.angstrom, math.Sqrt(momentsOf(along).variance), want.relative, "%s %v", want.name, want.atoms)
	}
}

// A mode that is left out stays at rest.
func TestSomeVibrations(t *testing.T) {
	m := builtIn(t, "OCS")
	m.Vibrations = m.Vibrations[2:3]
	positions, _ := draws(t, Recipe{Molecule: m, Channels: []Channel{{Charges: []float64{1, 1, 1}}}, Geometry: Geometry{Kind: GeometryVibrational}, Events: 10})
	for _, x := range positions {
		require.NotEqual(t, m.Equilibrium[0], x[0])
		for k := range x {
			if k%3 > 0 {
				assert.InDelta(t, 0, x[k], 1e-12)
			}
		}
	}
}
