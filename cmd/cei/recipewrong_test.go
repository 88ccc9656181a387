package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A simulation that makes no sense is refused with a message that names the flag, or the field of the recipe, that is
// wrong, and nothing is written.
func TestWrongSimulations(t *testing.T) {
	bad := writeFile(t, "bad.xyz", "2\n\nC 0 0 0\n")
	for _, c := range []struct{ flags, says string }{
		{"--molecule H2", `--molecule: explosion: look up molecule "H2"`},
		{"--molecule CO2", "--charges are needed: one for each of the atoms [C O O]"},
		{"--molecule nosuch.xyz --charges 1,1", "--molecule: "},
		{"--molecule " + bad + " --charges 1,1", bad},
		{"--isotopes 12C,18O", "--isotopes: "},
		{"--isotopes 12C,18O,32Xx", "--isotopes: "},
		{"--isotopes 12C,32S,18O", "--isotopes: "},
		{"--charges 2,2", "2 charges"},
		{"--charges 0,0,0", "0 of 3 atoms are charged"},
		{"--charges 2,2,x", "-charges"},
		{"--charges 2,2,nan", "charge"},
		{"--charges 2,2,2 --channels 1,1,1", "give one of them"},
		{"--channels 2,2", "channel 1"},
		{"--channels 2,2,2;x", `--channels: "x" is no charge`},
		{"--channels 2,2,2:0", `--channels: "0" is no weight above 0`},
		{"--channels 2,2,2:-1", `--channels: "-1" is no weight above 0`},
		{"--channels 2,2,2:nan", `--channels: "nan" is no weight above 0`},
		{"--events 0", "--events must be at least 1, got 0"},
		{"--events -1", "events -1"},
		{"--events 1.5", "-events"},
		{"--geometry sphere", `geometry: kind "sphere"`},
		{"--geometry ball", "radius_angstrom 0"},
		{"--geometry grid", "grid: no axes"},
		{"--geometry uniform --radius 3", "radius_angstrom 3: kind uniform does not use it"},
		{"--geometry uniform --grid C-O=1:2:3", "grid: kind uniform does not use it"},
		{"--displacement -0.1", "displacement_angstrom -0.1"},
		{"--displacement inf", "displacement_angstrom +Inf"},
		{"--radius 1 --separation 3", "separation_angstrom 3"},
		{"--separation 1", "radius_angstrom 0"},
		{"--grid C-X=1:2:3", `--grid: explosion: parse grid axis "C-X=1:2:3": no atom "X"`},
		{"--grid C-O=1:2", "--grid: "},
		{"--grid C-O=1:2:0", "--grid: "},
		{"--grid O-C-S=140:190:3", "--grid: "},
		{"--grid C-O=1:2:3 --events 4", "events 4"},
		{"--geometry internal", "internal: no ranges"},
		{"--geometry uniform --internal C-O=1:2", "internal: kind uniform does not use it"},
		{"--internal C-O=1:2 --displacement 0.1", "displacement_angstrom 0.1: kind internal does not use it"},
		{"--internal C-O=1:2 --grid C-O=1:2:3", "internal: kind grid does not use it"},
		{"--internal C-O=1:2:3", `--internal: explosion: parse range "C-O=1:2:3": want ATOM-ATOM=FROM:TO`},
		{"--internal C-O=2:1", "want the lower end first"},
		{"--molecule CHBrClF --charges 1,1,1,1,1 --kelvin 300", "vibrational"},
		{"--motion still", `motion: kind "still"`},
		{"--motion vibrational --displacement 0.1", "motion: kind vibrational"},
		{"--motion thermal --initial-energy 1", "electron_volt 1: kind thermal does not use it"},
		{"--motion thermal --kelvin -1", "kelvin -1"},
		{"--kelvin 300 --displacement 0.1", "--kelvin: nothing here has a temperature"},
		{"--kelvin 300 --initial-energy 1 --geometry normal", "--kelvin: nothing here has a temperature"},
		{"--initial-energy -1", "electron_volt -1"},
		{"--orientation up", `orientation: `},
		{"--origin -1", "origin_angstrom -1"},
		{"--detector-noise -1", "absolute_noise -1"},
		{"--detector-relative-noise nan", "relative_noise NaN"},
		{"--detector-loss 1.5", "loss 1.5"},
		{"--detector-dead-angle 91", "dead_angle_degrees 91"},
		{"--detector-dead-transverse -1", "dead_transverse -1"},
		{"--detector-axis 0,1", "--detector-axis takes three numbers"},
		{"--detector-axis 0,0,0", "--detector-axis takes three numbers"},
		{"--detector-axis 0,0,inf", "axis"},
		{"--tolerance 0", "--tolerance must be above 0, got 0"},
		{"--tolerance 1", "tolerance 1"},
		{"--workers 0", "--workers must be at least 1, got 0"},
	} {
		t.Run(c.flags, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "new")
			a := cei(t, append([]string{"simulate", "--out", filepath.Join(folder, "a.csv")}, strings.Fields(c.flags)...)...)
			assert.Equal(t, exitUsage, a.code, a.err)
			assert.Contains(t, a.err, c.says)
			assert.Empty(t, a.out)
			assert.NoDirExists(t, folder)
		})
	}
}
