package explosion

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// openShared opens a file of reference data, which does not come with the
// repository.
func openShared(t *testing.T, name string) *os.File {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "data", name)
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		t.Skipf("reference data %s is not here", path)
	}
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	return file
}

func TestReferenceCases(t *testing.T) {
	var reference struct {
		Cases []struct {
			Name              string
			Symbols           []string
			Masses, Charges   []float64
			PositionsInit     [][]float64 `json:"positions_init"`
			MomentaInit       [][]float64 `json:"momenta_init"`
			ForcesInit        [][]float64 `json:"forces_init"`
			PotentialEnergy   float64     `json:"potential_energy_init"`
			MomentaFinal      [][]float64 `json:"momenta_final"`
			KineticEnergyEnds float64     `json:"kinetic_energy_final"`
		}
	}
	require.NoError(t, json.NewDecoder(openShared(t, "coulomb_reference_cases.json")).Decode(&reference))
	require.NotEmpty(t, reference.Cases)
	for _, c := range reference.Cases {
		m := Molecule{Name: c.Name}
		for i, symbol := range c.Symbols {
			m.Atoms = append(m.Atoms, Atom{symbol, c.Masses[i] / DaltonElectronMass, c.Charges[i]})
		}
		positions := slices.Concat(c.PositionsInit...)
		forces, err := m.Forces(positions)
		require.NoError(t, err)
		assert.InDeltaSlice(t, slices.Concat(c.ForcesInit...), forces, 1e-12, c.Name)
		energy, err := m.PotentialEnergy(positions)
		require.NoError(t, err)
		assert.InEpsilon(t, c.PotentialEnergy, energy, 1e-12, c.Name)
		momenta := explode(t, precise, m, positions, slices.Concat(c.MomentaInit...))
		assert.Less(t, distance(slices.Concat(c.MomentaFinal...), momenta), 1e-6, c.Name)
		assert.InEpsilon(t, c.KineticEnergyEnds, KineticEnergyRelease(m.Masses(), momenta), 1e-6, c.Name)
	}
}

// The table's positions are displaced and turned, its momenta turned by another
// rotation, so that both are compared in the body frame.
func TestReferenceEvents(t *testing.T) {
	rows, err := csv.NewReader(openShared(t, "ocs222_events_1000.csv")).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(rows), 60)
	m := ocs222(t)
	frame, err := NewFrame(FrameBody, m.Symbols())
	require.NoError(t, err)
	for i, row := range rows[1:61] {
		event := make([]float64, len(row))
		for k, field := range row {
			event[k], err = strconv.ParseFloat(field, 64)
			require.NoError(t, err)
		}
		want, _, err := frame.Momenta(nil, event[9:])
		require.NoError(t, err)
		got, _, err := frame.Momenta(nil, explode(t, Options{}, m, event[:9], nil))
		require.NoError(t, err)
		assert.Less(t, distance(want, got), 5e-5, "row %d", i+1)
	}
}
