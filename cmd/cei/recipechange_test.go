package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Flags over a recipe change what they name and leave the rest.
func TestFlagsChangeRecipe(t *testing.T) {
	base := map[string][]string{
		"normal":  {"--geometry", "normal", "--displacement", "0.2", "--seed", "7", "--detector-noise", "1"},
		"ball":    {"--radius", "3", "--separation", "1"},
		"thermal": {"--motion", "thermal", "--kelvin", "300"},
		"warm":    {"--geometry", "vibrational", "--motion", "thermal", "--kelvin", "300"},
		"wigner":  {"--geometry", "vibrational", "--motion", "vibrational", "--kelvin", "300"},
		"grid":    {"--grid", "C-O=1:2:3,C-S=1:2:4"},
		"range":   {"--internal", "C-O=1:2,C-S=1:2"},
	}
	tables := map[string]string{}
	for name, flags := range base {
		tables[name] = filepath.Join(t.TempDir(), "events.parquet")
		if name != "grid" {
			flags = append(flags, "--events", "5")
		}
		succeed(t, append([]string{"simulate", "--out", tables[name]}, flags...)...)
	}
	for _, c := range []struct {
		base  string
		flags []string
		part  string
		want  string
	}{
		{"normal", []string{"--displacement", "0.1"}, "geometry", `{"kind": "normal", "displacement_angstrom": 0.1}`},
		{"normal", []string{"--displacement", "0.1"}, "detector.absolute_noise", "1"},
		{"normal", []string{"--geometry", "uniform"}, "geometry", `{"kind": "uniform", "displacement_angstrom": 0.25}`},
		{"normal", []string{"--events", "3"}, "seed", "7"},
		{"normal", []string{"--events", "3"}, "events", "3"},
		{"normal", []string{"--seed", "8"}, "events", "5"},
		{"normal", []string{"--detector-loss", "0.1"}, "detector.absolute_noise", "1"},
		{"normal", []string{"--charges", "1,1,1"}, "channels", `[{"charges": [1, 1, 1], "weight": 1}]`},
		{"normal", []string{"--molecule", "CO2"}, "channels", `[{"charges": [2, 2, 2], "weight": 1}]`},
		{"ball", []string{"--radius", "4"}, "geometry", `{"kind": "ball", "radius_angstrom": 4, "separation_angstrom": 1}`},
		{"thermal", []string{"--kelvin", "500"}, "motion", `{"kind": "thermal", "kelvin": 500}`},
		{"thermal", []string{"--kelvin", "500"}, "geometry", `{"kind": "uniform", "displacement_angstrom": 0.25}`},
		{"warm", []string{"--kelvin", "500"}, "motion", `{"kind": "thermal", "kelvin": 500}`},
		{"warm", []string{"--kelvin", "500"}, "geometry", `{"kind": "vibrational", "kelvin": 500}`},
		{"warm", []string{"--initial-energy", "1"}, "motion", `{"kind": "fixed_kinetic_energy", "electron_volt": 1}`},
		{"warm", []string{"--initial-energy", "1"}, "geometry", `{"kind": "vibrational", "kelvin": 300}`},
		{"wigner", []string{"--kelvin", "0"}, "geometry", `{"kind": "vibrational"}`},
		{"wigner", []string{"--kelvin", "0"}, "motion", `{"kind": "vibrational"}`},
		{"grid", []string{"--grid", "C-O=1:2:2"}, "events", "2"},
		{"grid", []string{"--charges", "1,1,1"}, "events", "12"},
		{"range", []string{"--charges", "1,1,1"}, "geometry.kind", `"internal"`},
		{"range", []string{"--internal", "C-O=1:1.5"}, "geometry", `{"kind": "internal", "internal": [{"atoms": [1, 2], "from": 1, "to": 1.5}]}`},
		{"range", []string{"--displacement", "0.1"}, "geometry", `{"kind": "uniform", "displacement_angstrom": 0.1}`},
	} {
		r := recipeOf(t, append([]string{"--recipe", tables[c.base]}, c.flags...)...)
		assert.JSONEq(t, c.want, partOf(t, r, c.part), "%s %v", c.base, c.flags)
	}
}
