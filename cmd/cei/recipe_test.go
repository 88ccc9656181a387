package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset/table"
)

// recipeOf simulates a few events and returns the recipe that the table stores.
func recipeOf(t *testing.T, flags ...string) map[string]any {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.npz")
	succeed(t, append([]string{"simulate", "--out", path}, flags...)...)
	r, err := table.ReadRecipe(path)
	require.NoError(t, err)
	text, err := json.Marshal(r)
	require.NoError(t, err)
	return decoded(t, string(text))
}

const (
	carbonMonoxideXYZ = "2\ncarbon monoxide\nC 0 0 0\nO 0 0 1.128\n"
	heavyWaterYAML    = `name: heavy water
unit: angstrom
atoms:
  - {symbol: O, position: [0, 0, 0], charge: 1}
  - {symbol: 2H, position: [0.757, 0.587, 0], charge: 1}
  - {symbol: 2H, position: [-0.757, 0.587, 0], charge: 1}
`
)

// Every flag of a simulation is in the recipe that the table stores, and says what its part of the recipe is.
func TestSimulateTakesFlags(t *testing.T) {
	xyz, yaml := writeFile(t, "co.xyz", carbonMonoxideXYZ), writeFile(t, "water.YAML", heavyWaterYAML)
	for _, c := range []struct {
		flags []string
		part  string
		want  string // JSON
	}{
		{nil, "geometry", `{"kind": "uniform", "displacement_angstrom": 0.25}`},
		{nil, "channels", `[{"charges": [2, 2, 2], "weight": 1}]`},
		{nil, "motion", `{"kind": "rest"}`},
		{nil, "orientation", `"fixed"`},
		{[]string{"--seed", "7"}, "seed", "7"},
		{[]string{"--molecule", xyz, "--charges", "1,1"}, "molecule.name", `"co"`},
		{[]string{"--molecule", yaml}, "molecule.name", `"heavy water"`},
		{[]string{"--molecule", yaml}, "channels", `[{"charges": [1, 1, 1], "weight": 1}]`},
		{[]string{"--molecule", "ch3CL", "--charges", "1,1,1,1,1"}, "molecule.name", `"CH3Cl"`},
		{[]string{"--charges", "1,1.5,0.25"}, "channels", `[{"charges": [1, 1.5, 0.25], "weight": 1}]`},
		{[]string{"--channels", "2,2,2:3; 1,1,1"}, "channels", `[{"charges": [2, 2, 2], "weight": 3}, {"charges": [1, 1, 1], "weight": 1}]`},
		{[]string{"--geometry", "equilibrium"}, "geometry", `{"kind": "equilibrium"}`},
		{[]string{"--displacement", "0"}, "geometry", `{"kind": "equilibrium"}`},
		{[]string{"--displacement", "0.1"}, "geometry", `{"kind": "uniform", "displacement_angstrom": 0.1}`},
		{[]string{"--geometry", "normal"}, "geometry", `{"kind": "normal", "displacement_angstrom": 0.25}`},
		{[]string{"--geometry", "normal", "--displacement", "0.1"}, "geometry", `{"kind": "normal", "displacement_angstrom": 0.1}`},
		{[]string{"--radius", "3", "--separation", "1"}, "geometry", `{"kind": "ball", "radius_angstrom": 3, "separation_angstrom": 1}`},
		{[]string{"--geometry", "vibrational"}, "geometry", `{"kind": "vibrational"}`},
		{[]string{"--kelvin", "300"}, "geometry", `{"kind": "vibrational", "kelvin": 300}`},
		{[]string{"--kelvin", "0"}, "geometry", `{"kind": "vibrational"}`},
		{[]string{"--kelvin", "300", "--motion", "vibrational"}, "geometry", `{"kind": "vibrational", "kelvin": 300}`},
		{[]string{"--kelvin", "300", "--motion", "vibrational"}, "motion", `{"kind": "vibrational"}`},
		{[]string{"--kelvin", "300", "--motion", "thermal"}, "geometry", `{"kind": "uniform", "displacement_angstrom": 0.25}`},
		{[]string{"--kelvin", "300", "--motion", "thermal"}, "motion", `{"kind": "thermal", "kelvin": 300}`},
		{[]string{"--kelvin", "300", "--motion", "thermal", "--geometry", "vibrational"}, "geometry", `{"kind": "vibrational", "kelvin": 300}`},
		{[]string{"--initial-energy", "0.5"}, "motion", `{"kind": "fixed_kinetic_energy", "electron_volt": 0.5}`},
		{[]string{"--grid", "C-O=1:2:3,O-C-S=140:180:2"}, "events", "6"},
		{[]string{"--grid", "C-O=1:2:3", "--events", "2"}, "events", "2"},
		{[]string{"--grid", "C-O=1:2:3"}, "geometry", `{"kind": "grid", "grid": [{"atoms": [1, 2], "from": 1, "to": 2, "count": 3}]}`},
		{[]string{"--internal", "C-O=0.9:2.8,O-C-S=140:180"}, "geometry", `{"kind": "internal", "internal": [{"atoms": [1, 2], "from": 0.9, "to": 2.8}, {"atoms": [2, 1, 3], "from": 140, "to": 180}]}`},
		{[]string{"--orientation", "random"}, "orientation", `"random"`},
		{[]string{"--origin", "0.5"}, "origin_angstrom", "0.5"},
		{[]string{"--detector-noise", "0.5", "--detector-relative-noise", "0.01", "--detector-loss", "0.1", "--detector-axis", "0,1,0", "--detector-dead-angle", "5", "--detector-dead-transverse", "2"},
			"detector", `{"absolute_noise": 0.5, "relative_noise": 0.01, "loss": 0.1, "axis": [0, 1, 0], "dead_angle_degrees": 5, "dead_transverse": 2}`},
		{[]string{"--tolerance", "1e-8"}, "integrator.tolerance", "1e-8"},
	} {
		if c.part != "events" && !(len(c.flags) > 0 && c.flags[0] == "--grid") {
			c.flags = append(c.flags, "--events", "5")
		}
		assert.JSONEq(t, c.want, partOf(t, recipeOf(t, c.flags...), c.part), c.flags)
	}
}

// partOf returns a part of a JSON object by its path.
func partOf(t *testing.T, object map[string]any, path string) string {
	t.Helper()
	var part any = object
	for _, key := range strings.Split(path, ".") {
		part = part.(map[string]any)[key]
	}
	text, err := json.Marshal(part)
	require.NoError(t, err)
	return string(text)
}

func TestSimulateTakesIsotopes(t *testing.T) {
	r := recipeOf(t, "--events", "5", "--isotopes", "13C,18O,S")
	atoms := r["molecule"].(map[string]any)["atoms"].([]any)
	mass := func(i int) float64 { return atoms[i].(map[string]any)["mass_dalton"].(float64) }
	assert.InDelta(t, 13.00335, mass(0), 1e-4)
	assert.InDelta(t, 17.99916, mass(1), 1e-4)
	assert.InDelta(t, 32.06, mass(2), 1e-9, "the standard weight")
}
