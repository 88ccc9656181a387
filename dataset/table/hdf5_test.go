//go:build hdf5

package table_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
)

func init() { columnar = append(columnar, ".h5") }

// h5py runs a script in the first Python that has h5py, with the path as its
// argument.
func h5py(t *testing.T, script, path string) []byte {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import h5py").Run() == nil {
			command := exec.Command(python, "-c", "import sys, h5py, numpy as np\n"+script, path)
			command.Stderr = os.Stderr
			out, err := command.Output()
			require.NoError(t, err)
			return out
		}
	}
	t.Skip("python3 has no h5py (python3-h5py on Debian)")
	return nil
}

// What h5py and others write is a table by a few rules.
func TestHDF5OfH5py(t *testing.T) {
	const create = "f = h5py.File(sys.argv[1], 'w')\na = np.arange(18).reshape(2, 9).astype(float)\n"
	for name, test := range map[string]struct {
		script  string
		columns string // separated by blanks
		unnamed bool
		rows    dataset.Matrix
	}{
		"positions and momenta without names": {
			"f['momenta'] = -a[:, :3]; f['positions'] = a.reshape(2, 3, 3)[:, :1]",
			"1 2 3 4 5 6", true, dataset.Matrix{Rows: 2, Cols: 6, Data: []float64{0, 1, 2, 0, -1, -2, 9, 10, 11, -9, -10, -11}},
		},
		"with atoms": {
			"f.attrs['atoms'] = ['C']; f['momenta'] = -a[:, :3]; f['positions'] = a[:, :3]; f['ker'] = a[:, 8]",
			"x_C y_C z_C px_C py_C pz_C ker", false, dataset.Matrix{Rows: 2, Cols: 7, Data: []float64{0, 1, 2, 0, -1, -2, 8, 9, 10, 11, -9, -10, -11, 17}},
		},
		"with further columns": {
			"f['momenta'] = a[:, :2]; f['b'] = np.float32([1, 2]); f['a'] = np.int8([3, -4])",
			"1 2 a b", true, dataset.Matrix{Rows: 2, Cols: 4, Data: []float64{0, 1, 3, 1, 9, 10, -4, 2}},
		},
		"other matrices": {
			"f['data'] = a[:, :2]; f['b'] = np.float32([1, 2])",
			"b data_1 data_2", false, dataset.Matrix{Rows: 2, Cols: 3, Data: []float64{1, 0, 1, 2, 9, 10}},
		},
		"one matrix with names": {
			"f.create_dataset('data', data=a[:, :2], chunks=(1, 1), compression='gzip', shuffle=True, fletcher32=True).attrs['columns'] = ['px_C', 'é']",
			"px_C é", false, dataset.Matrix{Rows: 2, Cols: 2, Data: []float64{0, 1, 9, 10}},
		},
		"names of fixed length": {
			"f['data'] = a[:, :2]; f['data'].attrs['columns'] = np.array(['px_C', 'py'], 'S4')",
			"px_C py", false, dataset.Matrix{Rows: 2, Cols: 2, Data: []float64{0, 1, 9, 10}},
		},
		"one matrix": {
			"f['data'] = a[:, :2].astype('>f8')",
			"1 2", true, dataset.Matrix{Rows: 2, Cols: 2, Data: []float64{0, 1, 9, 10}},
		},
		"columns": {
			"f['z'] = a[:, 0]; f['y'] = a[:, 1].astype('>i8'); f['x'] = a[:, 2].astype(np.uint64)",
			"x y z", false, dataset.Matrix{Rows: 2, Cols: 3, Data: []float64{2, 1, 0, 11, 10, 9}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "events.hdf5")
			h5py(t, create+test.script, path)
			r := open(t, path, table.Options{})
			assert.Equal(t, strings.Fields(test.columns), r.Columns())
			assert.Equal(t, !test.unnamed, r.Named())
			assert.Equal(t, int64(2), r.Rows())
			m, err := r.ReadAll()
			require.NoError(t, err)
			sameBits(t, test.rows, m)
		})
	}
}

// As in NumPy's archives, what lies beside positions and momenta does not matter
// where the layout names the atoms.
func TestEventsOfH5py(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.h5")
	h5py(t, `
f = h5py.File(sys.argv[1], 'w')
a = np.arange(18.).reshape(2, 9)
f['momenta'], f['positions'], f['delay'], f['comment'] = -a, a, [1., 2.], 'text'
`, path)
	e, err := table.ReadEvents(path, dataset.Layout{Atoms: []string{"C", "O", "S"}}, table.Options{Extra: true})
	require.NoError(t, err)
	assert.Equal(t, []float64{9, 10, 11, 12, 13, 14, 15, 16, 17}, e.Positions.Row(1))
	assert.Equal(t, []float64{-9, -10, -11, -12, -13, -14, -15, -16, -17}, e.Momenta.Row(1))
	assert.Equal(t, []string{"delay"}, e.ExtraColumns)
	assert.Equal(t, []float64{2}, e.Extra.Row(1))
}

func TestHDF5AmongOtherDatasets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.h5")
	h5py(t, `
f = h5py.File(sys.argv[1], 'w')
f['x'] = np.arange(5.)
f['text'] = ['a'] * 5
f['short'] = [1., 2.]
f['scalar'] = 5.
f['void'] = np.zeros((5, 0))
f['table'] = np.zeros(5, [('a', float)])
f['group/x'] = np.arange(5.)
f['soft'] = h5py.SoftLink('/x')
f['other'] = h5py.ExternalLink('other.h5', '/x')
f.create_dataset('elsewhere', (5,), float, external='/etc/hostname')
l = h5py.VirtualLayout((5,), float); l[:] = h5py.VirtualSource('other.h5', 'x', (5,)); f.create_virtual_dataset('virtual', l)
f.attrs['text'], f.attrs['number'], f.attrs['list'], f.attrs['fixed'] = 'é', 5, ['a', 'b'], np.bytes_('abc')
`, path)
	r := open(t, path, table.Options{})
	assert.Equal(t, []string{"elsewhere", "scalar", "short", "table", "text", "virtual", "void", "x"}, r.Columns())
	assert.Equal(t, table.Metadata{"text": "é", "fixed": "abc"}, r.Metadata())
	// The first dataset of numbers says how many rows there are.
	assert.Equal(t, int64(2), r.Rows())
	err := open(t, path, table.Options{}).Choose([]int{7})
	requireTableError(t, err, path)
	assert.ErrorContains(t, err, "expected numbers in column x, found a dataset of 5 rows instead of 2")
	for _, j := range []int{0, 1, 3, 4, 5, 6} {
		assert.ErrorContains(t, open(t, path, table.Options{}).Choose([]int{j}), "found a dataset of something else")
	}
}

func TestHDF5RefusesWhatIsNoNumber(t *testing.T) {
	const create = "f = h5py.File(sys.argv[1], 'w'); n = 20000; "
	for script, want := range map[string]string{
		"f['a'] = np.full(n, 2**53); f['a'][12345] = 2**53 + 1":                       "row 12346: expected an integer in column a that a float64 holds exactly, found 9007199254740993",
		"f['a'] = np.full((n, 2), 2**63, np.uint64); f['a'][19999, 1] = 2**63 + 1":    "row 20000: expected an integer in column 2 that a float64 holds exactly, found 9223372036854775809",
		"f['a'] = np.zeros(n, np.float32); f['a'][77] = np.nan":                       "row 78: expected a finite number in column a, found NaN",
		"f['a'] = np.zeros((n, 2)); f['a'].attrs['columns'] = ['x']":                  "dataset a: expected 2 names of columns, found 1",
		"f['a'] = np.zeros(n, np.longdouble)":                                         "expected columns of numbers, found none",
		"f.attrs['a'] = 5":                                                            "expected columns of numbers, found none",
		"f.create_dataset('a', (2**40,), float, chunks=(2**28,), compression='gzip')": "dataset a: expected chunks of at most 256 MiB",
	} {
		path := filepath.Join(t.TempDir(), "events.h5")
		h5py(t, create+script, path)
		_, err := tryToRead(path, 1e6)
		requireTableError(t, err, path)
		assert.ErrorContains(t, err, want)
	}
}

// h5py reads what is written, to the bit.
func TestH5pyReadsHDF5(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.h5")
	want := bits(30_000, len(awkward))
	write(t, path, awkward, table.Metadata{"cei": "é"}, want)
	out := h5py(t, `
f = h5py.File(sys.argv[1])
assert f.attrs['cei'] == 'é'
assert 'momenta' in f and 'a b' in f and 'column_5' in f
assert f['positions'].shape == (30000, 2) and f['momenta'].shape == (30000, 1), f['positions'].shape
assert f['positions'].dtype == f['x'].dtype == '<f8' and f['positions'].chunks
columns = {}
for d in f.values():
    for i, name in enumerate(d.attrs['columns']): columns[name] = d[:, i] if d.ndim == 2 else d[:]
for name in f.attrs['cei_column_order']: sys.stdout.buffer.write(columns[name].tobytes())
`, path)
	require.Len(t, out, 8*len(want.Data))
	for k := range want.Data {
		i, j := k%want.Rows, k/want.Rows
		require.Equal(t, math.Float64bits(want.Row(i)[j]), binary.LittleEndian.Uint64(out[8*k:]))
	}
}

// Bytes that are wrong lead to an error or to other numbers. The library itself may
// crash on such a file or never end, so another process reads it; whatever else goes
// wrong there is this package's fault.
func TestDamagedHDF5(t *testing.T) {
	if path := os.Getenv("CEI_TEST_DAMAGED"); path != "" {
		if _, err := tryToRead(path, 1e6); err != nil {
			requireTableError(t, err, path)
		}
		return
	}
	whole := filepath.Join(t.TempDir(), "whole.h5")
	write(t, whole, []string{"x_C", "b"}, table.Metadata{"key": "value"}, bits(1000, 2))
	content, err := os.ReadFile(whole)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(7, 8))
	crashes := 0
	for range 30 {
		damaged := bytes.Clone(content)
		for range 1 + rng.IntN(4) {
			damaged[rng.IntN(min(len(damaged), 3000))] = byte(rng.Uint32())
		}
		path := filepath.Join(t.TempDir(), "damaged.h5")
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		command := exec.Command(os.Args[0], "-test.run=^TestDamagedHDF5$", "-test.timeout=5s")
		command.Env = append(os.Environ(), "CEI_TEST_DAMAGED="+path)
		out, err := command.CombinedOutput()
		if bytes.Contains(out, []byte("arrived during cgo execution")) || bytes.Contains(out, []byte("test timed out")) {
			crashes++
			continue
		}
		require.NoError(t, err, string(out))
	}
	t.Logf("the library crashed or hung on %d of 30 damaged files", crashes)
}
