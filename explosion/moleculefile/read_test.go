package moleculefile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

const waterXYZ = "3\nwater, H2O\nO 0 0 0 ignored\n D   0.9572\t0 0\nh -0.2400 0.9266 0 0.5 0.25\n\n"

const waterYAML = `
# unit and name may be left out
atoms:
  - {symbol: O, position: [0, 0, 0], charge: 2}
  - {symbol: D, position: [0.9572, 0, 0], charge: 1.5}
  - symbol: H
    position: [-0.2400, 0.9266, 0]
    mass: 1.008
`

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func distance(m explosion.Molecule, i, j int) (square float64) {
	for k := range 3 {
		d := m.Equilibrium[3*i+k] - m.Equilibrium[3*j+k]
		square += d * d
	}
	return square
}

func TestReadXYZ(t *testing.T) {
	for _, content := range []string{waterXYZ, strings.ReplaceAll(waterXYZ, "\n", "\r\n"), "\ufeff" + strings.TrimSpace(waterXYZ)} {
		m, err := Read(file(t, "heavy water.XYZ", content))
		require.NoError(t, err)
		assert.Equal(t, "heavy water", m.Name)
		assert.Equal(t, []string{"O", "D", "H"}, m.Symbols())
		assert.InDelta(t, 2.014101777844, m.Atoms[1].MassDalton, 0)
		bohr := 0.9572 * explosion.Angstrom.Bohr
		assert.InDelta(t, bohr*bohr, distance(m, 0, 1), 1e-12)
		again, err := m.Complete()
		require.NoError(t, err)
		assert.Equal(t, m, again)
	}
}

func TestReadYAML(t *testing.T) {
	m, err := Read(file(t, "water.yaml", waterYAML))
	require.NoError(t, err)
	xyz, err := Read(file(t, "water.xyz", waterXYZ))
	require.NoError(t, err)
	assert.Equal(t, xyz.Equilibrium, m.Equilibrium)
	assert.Equal(t, "water", m.Name)
	assert.Equal(t, []explosion.Atom{{Symbol: "O", MassDalton: 15.999, Charge: 2}, {Symbol: "D", MassDalton: 2.014101777844, Charge: 1.5}, {Symbol: "H", MassDalton: 1.008}}, m.Atoms)
	assert.Empty(t, m.Vibrations)
}

// The package's introduction, in Bohr.
func TestReadYAMLWithVibrations(t *testing.T) {
	m, err := Read(file(t, "ocs.yml", `name: carbonyl sulfide
unit: bohr
atoms:
  - {symbol: C, position: [0, 0, 0]}
  - {symbol: O, position: [-2.185, 0, 0]}
  - {symbol: 34S, position: [2.951, 0, 0], charge: 2}
vibrations:
  - wavenumber_cm: 859
    displacement: [0.58, 0, 0, 0.63, 0, 0, -0.53, 0, 0]
`))
	require.NoError(t, err)
	assert.Equal(t, "carbonyl sulfide", m.Name)
	assert.Equal(t, []explosion.Vibration{{WavenumberPerCM: 859, Displacement: []float64{0.58, 0, 0, 0.63, 0, 0, -0.53, 0, 0}}}, m.Vibrations)
	assert.InDelta(t, 2.185*2.185, distance(m, 0, 1), 1e-12)
	_, err = explosion.Recipe{Molecule: m, Channels: []explosion.Channel{{Charges: []float64{2, 2, 2}}}, Geometry: explosion.Geometry{Kind: explosion.GeometryVibrational}}.Complete()
	assert.NoError(t, err)
}

func TestReadSaysWhereItIsWrong(t *testing.T) {
	atoms := "atoms:\n- {symbol: C, position: [0, 0, 0]}\n- {symbol: O, position: [1, 0, 0]}\n"
	for _, c := range []struct{ name, content, want string }{
		{"m.xyz", "", `m.xyz:1:1: "": want the number of atoms`},
		{"m.xyz", "C 0 0 0\n", `m.xyz:1:1: "C 0 0 0": want the number of atoms`},
		{"m.xyz", "-2\n\n", `m.xyz:1:1: "-2": want the number`},
		{"m.xyz", "2\n\nC 0 0\n", "m.xyz:3:6: 3 words: want a symbol, x, y and z"},
		{"m.xyz", "2\n\nC 0 0 0\n  Q 1 0 0", `m.xyz:4:3: explosion: parse atom "Q"`},
		{"m.xyz", "2\n\nC 0 0 0\nO 1,0 0 0", `m.xyz:4:3: "1,0": want x in Angstrom, a number`},
		{"m.xyz", "2\n\nC 0 0 0\nO 1 0 0,0", `m.xyz:4:7: "0,0": want z in Angstrom, a number`},
		{"m.xyz", "2\n\nC 0 0 0\n", "m.xyz:4:1: the file ends after 1 of 2 atoms"},
		{"m.xyz", "3\n\nC 0 0 0\nO 1 0 0", "m.xyz:5:1: the file ends after 2 of 3 atoms"},
		{"m.xyz", "2\n\nC 0 0 0\nO 1 0 0\n\n2\n", "m.xyz:5:1: more than 2 atoms: want one molecule"},
		{"m.xyz", "2\n\nC 0 0 0\nO 0 0 0\n", "m.xyz: explosion: check molecule: equilibrium: atoms 1 (C) and 2 (O) are at the same place"},
		{"m.xyz", "2\n\nC 0 0 0\nO 1 0 NaN\n", "z of atom 2 (O) is NaN"},
		{"m.xyz", "1\n\nC 0 0 0\n", "1 atoms: want at least 2"},
		{"m.xyz", strings.Repeat("x", maxBytes+1), "more than 1048576 bytes"},
		{"m.yaml", "", "m.yaml:1:1: nothing in the file"},
		{"m.yaml", "- C\n- O\n", "m.yaml:1:1: want one molecule"},
		{"m.yaml", atoms + "---\n" + atoms, "want one molecule"},
		{"m.yaml", atoms + "atom: 3\n", `m.yaml:4:1: unknown field "atom"`},
		{"m.yaml", "atoms:\n- {symbol: C, pos: [0, 0, 0]}\n", `m.yaml:2:15: unknown field "pos"`},
		{"m.yaml", "name: [\n", "m.yaml:1:7: sequence end token ']' not found"},
		{"m.yaml", atoms + "unit: furlong\n", `m.yaml:4:7: explosion: parse length unit "furlong"`},
		{"m.yaml", "atoms:\n- {symbol: C, position: [0, 0]}\n", "m.yaml:2:25: 2 numbers: want position: [x, y, z]"},
		{"m.yaml", "atoms:\n- {symbol: C}\n", "m.yaml:2:"},
		{"m.yaml", "atoms:\n- {symbol: Q, position: [0, 0, 0]}\n", `m.yaml:2:12: explosion: parse atom "Q"`},
		{"m.yaml", "atoms:\n- {symbol: C, position: [0, 0, x]}\n", "m.yaml:2:32: cannot unmarshal string"},
		{"m.yaml", "atoms:\n- {symbol: C, position: [0, 0, 0], mass: 0}\n", "m.yaml:2:42: mass 0: want a positive number"},
		{"m.yaml", "name: x\n", "m.yaml:1:1: explosion: check molecule x: 0 atoms"},
		{"m.yaml", atoms + "vibrations:\n- {wavenumber_cm: 0, displacement: [1, 0, 0, -0.75, 0, 0]}\n", "m.yaml:5:1: explosion: check molecule: vibration 1: wavenumber 0/cm"},
		{"m.yaml", "atoms: &a [*a, *a]\n", "m.yaml:1:8: want names, numbers and lists only"},
		{"m.yaml", "name: !!binary x\n", "m.yaml:1:7: want names, numbers and lists only"},
		{"m.yaml", "name: null\n", "m.yaml:1:7: want names, numbers and lists only"},
		{"m.yaml", "name: " + strings.Repeat("[", 100), "m.yaml:1:57: lists within lists, more than 50 deep"},
		{"m.yaml", strings.Repeat("- ", 100), "m.yaml:1:101: lists within lists"},
		{"m.pdb", "", "m.pdb: the name must end in .xyz, .yaml or .yml"},
	} {
		path := file(t, c.name, c.content)
		_, err := Read(path)
		assert.ErrorContains(t, err, c.want, c.content[:min(len(c.content), 200)])
		assert.ErrorContains(t, err, "moleculefile: read molecule: "+path)
		assert.NotContains(t, err.Error(), "\n")
	}
	_, err := Read("missing.xyz")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// Some symbols are words for true and false in older YAML.
func TestSymbolsAreNoTruths(t *testing.T) {
	m, err := Read(file(t, "m.yaml", "atoms:\n- {symbol: N, position: [0, 0, 0]}\n- {symbol: y, position: [1, 0, 0]}\n- {symbol: No, mass: 259, position: [0, 1, 0]}\n"))
	require.NoError(t, err)
	assert.Equal(t, []string{"N", "Y", "No"}, m.Symbols())
}

// A line of dashes in a comment is no nesting.
func TestCommentsMayHaveDashes(t *testing.T) {
	_, err := Read(file(t, "m.yaml", "# "+strings.Repeat("-", 80)+"\n"+waterYAML))
	assert.NoError(t, err)
}

// What is accepted is a molecule.
func fuzz(f *testing.F, parse func([]byte) (explosion.Molecule, error)) {
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<14 {
			return
		}
		m, err := parse(content)
		if err != nil {
			assert.True(t, strings.HasPrefix(err.Error(), ":"), err.Error())
			return
		}
		again, err := m.Complete()
		require.NoError(t, err)
		assert.Equal(t, m, again)
	})
}

func FuzzXYZ(f *testing.F) {
	for _, content := range []string{waterXYZ, "2\n", "1e9\n\nC 1 2 3", "99999999999\n\n", "2\n\n13C 0 0 1e308\nO 0 0 -1e308\n"} {
		f.Add([]byte(content))
	}
	fuzz(f, parseXYZ)
}

func FuzzYAML(f *testing.F) {
	for _, content := range []string{
		waterYAML, "name: x\nunit: bohr\natoms: [{symbol: C, position: [0, 0, 0]}, {symbol: O, position: [1, 0, 0]}]\n",
		"a: &a [*a, *a]", "<<: {name: x}", "vibrations:\n- {wavenumber_cm: 1e3, displacement: []}", "atoms: null", "? a\n: b", "!!binary x: 1", "atoms: [{mass: .nan}]", "name: |\n  x",
	} {
		f.Add([]byte(content))
	}
	fuzz(f, parseYAML)
}
