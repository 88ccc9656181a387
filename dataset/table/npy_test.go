package table

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

func TestNPYKeepsEveryBit(t *testing.T) {
	m := hardNumbers(40_000, 5, 1)
	about := Metadata{"note": "ü"}
	for name, columns := range map[string][]string{
		"plain": {"x_C", "y_C", "z_C", "px_C", "t"}, "odd": {"it's", `"q"`, "a\\b", "new\nline", "tab\t"}, "not ASCII": {"é", "φ", "日本", "🙂", " "},
		"many names": {strings.Repeat("n", 70_000), "b", "c", "d", "e"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.npy")
			writeTable(t, path, columns, m, about)
			names, got, err := readTable(t, path, Options{})
			require.NoError(t, err)
			require.Equal(t, columns, names)
			requireSameBits(t, m, got)
			_, got, err = readTable(t, path, Options{}, 3, 1, 3)
			require.NoError(t, err)
			require.Equal(t, []float64{m.Data[3], m.Data[1], m.Data[3]}, got.Row(0))
			r, err := Open(path, Options{})
			require.NoError(t, err)
			defer r.Close()
			require.Equal(t, about, r.Metadata())
			require.EqualValues(t, m.Rows, r.Rows())
			require.True(t, r.Named())
		})
	}
}

func TestNPYOfNumberedColumns(t *testing.T) {
	for _, rows := range []int{0, 1, 1000} {
		m := hardNumbers(rows+3, 3, 1)
		m = dataset.Matrix{Rows: rows, Cols: 3, Data: m.Data[:3*rows]}
		path := filepath.Join(t.TempDir(), "t.npy")
		writeTable(t, path, columnNumbers(3), m, nil)
		r, err := Open(path, Options{})
		require.NoError(t, err)
		require.False(t, r.Named())
		require.Equal(t, []string{"1", "2", "3"}, r.Columns())
		got, err := r.ReadAll()
		require.NoError(t, err)
		require.Len(t, got.Data, len(m.Data))
		require.NoError(t, r.Close())
	}
}

// npyFile returns a .npy file.
func npyFile(header string, data ...byte) []byte {
	head := []byte("\x93NUMPY\x01\x00")
	return append(append(append(head, byte(len(header)), byte(len(header)>>8)), header...), data...)
}

func TestNPYReadsEveryType(t *testing.T) {
	for _, test := range []struct {
		descr string
		data  string
		want  float64
	}{
		{"<f8", "\x00\x00\x00\x00\x00\x00\xf8\xbf", -1.5}, {">f8", "\xbf\xf8\x00\x00\x00\x00\x00\x00", -1.5},
		{"<f4", "\x00\x00\xc0\xbf", -1.5}, {">f4", "\xbf\xc0\x00\x00", -1.5},
		{"|i1", "\xfe", -2}, {"|u1", "\xfe", 254}, {"<i2", "\xfe\xff", -2}, {">i2", "\xff\xfe", -2}, {"<u2", "\xfe\xff", 65534},
		{"<i4", "\xfe\xff\xff\xff", -2}, {">u4", "\xff\xff\xff\xfe", 1<<32 - 2},
		{"<i8", "\xfe\xff\xff\xff\xff\xff\xff\xff", -2}, {"<i8", "\x00\x00\x00\x00\x00\x00\x00\x80", -1 << 63}, {">u8", "\xff\xff\xff\xff\xff\xff\xf8\x00", 1<<64 - 1<<11},
	} {
		content := npyFile("{'descr': '"+test.descr+"', 'fortran_order': False, 'shape': (1, 1)}\n", []byte(test.data)...)
		_, got, err := readTable(t, storeFile(t, "t.npy", content), Options{})
		require.NoError(t, err, test.descr)
		require.Equal(t, []float64{test.want}, got.Data, test.descr)
	}
}

func TestNPYRefusesBadFiles(t *testing.T) {
	eight := make([]byte, 8)
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"empty":           {nil, `expected an array of NumPy, found ""`},
		"magic":           {[]byte("PAR1 and more of it"), "expected an array of NumPy, found"},
		"version":         {[]byte("\x93NUMPY\x04\x00\x00\x00\x00\x00\x00"), "expected NumPy's format 1, 2 or 3, found 4"},
		"short header":    {[]byte("\x93NUMPY\x01\x00\xff\x00{}"), "expected a header of 255 bytes, found the end of the file"},
		"endless header":  {[]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{}"), "expected a header of at most 1048576 bytes, found one of 4294967295"},
		"no literal":      {npyFile("hello"), "expected a header of NumPy, found something else at byte 1"},
		"deep":            {npyFile(strings.Repeat("(", 60_000)), "expected a header of NumPy, found something else"},
		"code":            {npyFile("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}"), "found something else at byte 11"},
		"keys":            {npyFile("{'descr': '<f8', 'shape': (1,)}"), "with descr, fortran_order and shape"},
		"no dictionary":   {npyFile("[1]"), "with descr, fortran_order and shape"},
		"negative":        {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, 2)}"), "expected a shape of whole numbers, found -1"},
		"huge":            {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807)}"), "that fits on a disk"},
		"wide":            {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2000000)}"), "expected at most 1048576 columns"},
		"wide atoms":      {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4)}"), "expected at most 1048576 columns"},
		"no axis":         {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", eight...), "expected an array [rows, columns]"},
		"four axes":       {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1)}", eight...), "expected an array [rows, columns]"},
		"short":           {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1)}", eight...), "expected 16 bytes for an array of shape [2 1], found 8"},
		"long":            {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 1)}", eight...), "expected 0 bytes for an array of shape [0 1], found 8"},
		"objects":         {npyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}", eight...), "found pickled Python objects, which are never read"},
		"object field":    {npyFile("{'descr': [('a', '<f8'), ('b', 'O')], 'fortran_order': False, 'shape': (1,)}", eight...), "found pickled Python objects"},
		"type":            {npyFile("{'descr': '<x8', 'fortran_order': False, 'shape': (1, 1)}", eight...), "expected a type of NumPy such as <f8, found <x8"},
		"no type":         {npyFile("{'descr': '', 'fortran_order': False, 'shape': (1, 1)}", eight...), "expected a type of NumPy"},
		"subarray":        {npyFile("{'descr': [('a', '<f8', (3,))], 'fortran_order': False, 'shape': (1,)}", eight...), "expected fields of single numbers"},
		"nested":          {npyFile("{'descr': [('a', [('b', '<f8')])], 'fortran_order': False, 'shape': (1,)}", eight...), "expected fields of single numbers"},
		"large item":      {npyFile("{'descr': '<U99999999', 'fortran_order': False, 'shape': (0,)}"), "expected a type of NumPy"},
		"strings":         {npyFile("{'descr': '<U2', 'fortran_order': False, 'shape': (1, 1)}", eight...), "expected columns of numbers, found none"},
		"half":            {npyFile("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 4)}", eight...), "expected columns of numbers, found none"},
		"inexact":         {npyFile("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1)}", []byte("\x01\x00\x00\x00\x00\x00\x20\x00")...), "row 1: expected whole numbers that float64 can hold in column 1"},
		"NaN":             {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)}", []byte("\x01\x00\x00\x00\x00\x00\xf8\x7f")...), "row 1: expected a finite number in column 1, found NaN"},
		"no columns":      {npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (7, 0)}"), "expected columns of numbers, found none"},
		"repeated key":    {npyFile("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (7, 0)}"), "found something else"},
		"rows of nothing": {npyFile("{'descr': [('a', '|S0')], 'fortran_order': False, 'shape': (9000000000000000000,)}"), "expected columns of numbers, found none"},
	} {
		t.Run(name, func(t *testing.T) {
			path := storeFile(t, "t.npy", test.content)
			_, _, err := readTable(t, path, Options{})
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, path)
		})
	}
}

func TestNPYRefusesNamesItCannotKeep(t *testing.T) {
	_, err := Create(filepath.Join(t.TempDir(), "t.npy"), []string{strings.Repeat("a", 2<<20)}, nil)
	require.ErrorContains(t, err, "NumPy's header")
}

func TestPythonLiterals(t *testing.T) {
	for text, want := range map[string]any{
		`(1L, -2)`: []any{int64(1), int64(-2)}, `'a\'b'`: "a'b", `"a'b"`: "a'b", `'\x41\n\u00e9é'`: "A\néé", `[True, False, None]`: []any{true, false, nil},
		` { 'a' : ( ) , } `: map[string]any{"a": []any{}}, `(1)`: []any{int64(1)},
	} {
		got, err := readLiteral(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "(", "(1", "(1 2)", "'a", `'\`, `'\q'`, "1 2", "--1", "99999999999999999999", "{1: 2}", "{'a'}", "{'a': }", "Truth", "True1"} {
		_, err := readLiteral(text)
		require.Error(t, err, text)
	}
	for _, text := range []string{"", "plain", `it's "\`, "\x00\n\x7f", "é🙂"} {
		got, err := readLiteral(pythonQuoted(text))
		require.NoError(t, err)
		require.Equal(t, text, got)
	}
}

// python runs a script with NumPy; its arguments are in sys.argv[1:].
func python(t testing.TB, script string, args ...string) string {
	t.Helper()
	const program = "/usr/bin/python3"
	if out, err := exec.Command(program, "-c", "import numpy").CombinedOutput(); err != nil {
		t.Skipf("%s cannot import numpy: %v: %s", program, err, out)
	}
	script = "import sys, json, numpy as np\n" + script
	out, err := exec.Command(program, append([]string{"-c", script}, args...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

func TestNumPyReadsNPY(t *testing.T) {
	m := hardNumbers(5000, 3, 4)
	folder := t.TempDir()
	named, numbered, odd, raw := filepath.Join(folder, "a.npy"), filepath.Join(folder, "b.npy"), filepath.Join(folder, "c.npy"), filepath.Join(folder, "raw")
	writeTable(t, named, []string{"x_C", "y_C", "it's"}, m, nil)
	writeTable(t, numbered, columnNumbers(3), m, nil)
	writeTable(t, odd, []string{"φ", `a\b"c`, "d\n"}, m, nil)
	require.NoError(t, os.WriteFile(raw, appendNumbers(nil, m.Data), 0o600))
	python(t, `
named, numbered, odd, raw = sys.argv[1:]
want = np.fromfile(raw, '<u8').reshape(-1, 3)
for path, names in ((named, ('x_C', 'y_C', "it's")), (odd, ('φ', 'a\\b"c', 'd\n'))):
    a = np.load(path, allow_pickle=False, mmap_mode='r')
    assert a.dtype.names == names, a.dtype
    for j, name in enumerate(names):
        assert (np.ascontiguousarray(a[name]).view('<u8') == want[:, j]).all()
b = np.load(numbered, allow_pickle=False)
assert b.shape == want.shape and (b.view('<u8') == want).all()
`, named, numbered, odd, raw)
}

func TestNPYReadsNumPy(t *testing.T) {
	m := hardNumbers(3000, 6, 5)
	folder := t.TempDir()
	raw := filepath.Join(folder, "raw")
	require.NoError(t, os.WriteFile(raw, appendNumbers(nil, m.Data), 0o600))
	python(t, `
folder, raw = sys.argv[1:]
a = np.fromfile(raw, '<f8').reshape(-1, 6)
def save(name, array): np.save(folder + '/' + name, array)
save('c', a)
save('big', a.astype('>f8'))
save('fortran', np.asfortranarray(a))
save('atoms', a.reshape(-1, 2, 3))
save('fortran-atoms', np.asfortranarray(a.reshape(-1, 2, 3)))
save('column', a[:, 0].copy())
s = np.zeros(len(a), dtype=np.dtype([('t', 'S3'), (('title', 'a'), '<f8'), ('u', '>f8'), ('n', '<i4'), ('f', '<f4'), ('w', '<U2')]))
s['t'] = b'xyz'
s['a'], s['u'], s['n'], s['f'], s['w'] = a[:, 0], a[:, 1], np.arange(len(a)) - 7, np.arange(len(a)) / 8, 'é'
save('structured', s)
save('aligned', np.array([(1, 2.5)], dtype=np.dtype([('n', 'i1'), ('v', 'f8')], align=True)))
with np.errstate(over='ignore'):
    f = np.nan_to_num(a.astype('<f4'), posinf=0, neginf=0)
save('float32', f)
with open(folder + '/v2.npy', 'wb') as out: np.lib.format.write_array(out, a, version=(2, 0))
with open(folder + '/v3.npy', 'wb') as out: np.lib.format.write_array(out, np.zeros(2, dtype=[('é', 'f8')]), version=(3, 0))
with open(folder + '/latin.npy', 'wb') as out: np.lib.format.write_array(out, np.zeros(2, dtype=[('é', 'f8')]), version=(1, 0))
save('objects', np.array([1, None], dtype=object))
`, folder, raw)
	load := func(name string) ([]string, dataset.Matrix) {
		names, got, err := readTable(t, filepath.Join(folder, name+".npy"), Options{})
		require.NoError(t, err, name)
		return names, got
	}
	for _, name := range []string{"c", "big", "fortran", "atoms", "fortran-atoms", "v2"} {
		names, got := load(name)
		require.Equal(t, columnNumbers(6), names)
		requireSameBits(t, m, got)
	}
	_, got := load("column")
	require.Equal(t, m.Data[6], got.Data[1])
	_, got = load("float32")
	for i, v := range m.Data {
		want := float64(float32(v))
		if math.IsInf(want, 0) {
			want = 0
		}
		require.Equal(t, math.Float64bits(want), math.Float64bits(got.Data[i]))
	}
	names, got := load("structured")
	require.Equal(t, []string{"t", "a", "u", "n", "f", "w"}, names)
	for i := range m.Rows {
		require.Equal(t, []float64{m.Row(i)[0], m.Row(i)[1], float64(i - 7), float64(i) / 8}, got.Row(i))
	}
	names, got = load("aligned")
	require.Equal(t, []string{"n", "v"}, names)
	require.Equal(t, []float64{1, 2.5}, got.Data)
	for _, name := range []string{"v3", "latin"} {
		names, _ = load(name)
		require.Equal(t, []string{"é"}, names)
	}
	_, got, err := readTable(t, filepath.Join(folder, "fortran.npy"), Options{}, 5, 0)
	require.NoError(t, err)
	require.Equal(t, []float64{m.Row(2999)[5], m.Row(2999)[0]}, got.Row(2999))
	_, _, err = readTable(t, filepath.Join(folder, "structured.npy"), Options{}, 0)
	require.ErrorContains(t, err, "expected numbers in column t, found the type |S3")
	_, _, err = readTable(t, filepath.Join(folder, "objects.npy"), Options{})
	require.ErrorContains(t, err, "pickled Python objects")
}

func FuzzReadNPY(f *testing.F) {
	f.Add(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)}", make([]byte, 8)...))
	f.Add(npyFile("{'descr': '>i4', 'fortran_order': True, 'shape': (2, 1, 3)}", make([]byte, 24)...))
	f.Add(npyFile("{'descr': [('a', '<f4'), ('b', '|S2'), ('', '|V2')], 'fortran_order': False, 'shape': (2,)}", make([]byte, 16)...))
	f.Add(npyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}", make([]byte, 8)...))
	f.Add(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (9, 9)}", make([]byte, 8)...))
	f.Add([]byte("\x93NUMPY\x03\x00\x04\x00\x00\x00{'é'"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) { fuzzRead(t, "t.npy", content) })
}

// fuzzRead reads what is no text. What can be read must have the rows that it
// says, and be kept by the same format.
func fuzzRead(t *testing.T, name string, content []byte) {
	r, err := Open(storeFile(t, name, bytes.Clone(content)), Options{})
	if err != nil {
		require.NotEmpty(t, err.Error())
		return
	}
	defer r.Close()
	columns := numericColumns(r.header)
	names := make([]string, len(columns))
	for k := range names {
		names[k] = "column " + columnNumbers(len(columns))[k]
	}
	rows, err := r.ReadAll()
	if err != nil {
		require.NotEmpty(t, err.Error())
		return
	}
	require.EqualValues(t, r.Rows(), rows.Rows)
	half := rows.Rows / 2
	require.NoError(t, r.Section(int64(half), int64(rows.Rows-half)))
	part, err := r.ReadAll()
	require.NoError(t, err)
	require.Equal(t, bitsOf(rows)[half*rows.Cols:], bitsOf(part))
	path := filepath.Join(t.TempDir(), name)
	if len(names) > 100 || rows.Rows == 0 {
		return
	}
	writeTable(t, path, names, rows, nil)
	_, again, err := readTable(t, path, Options{})
	require.NoError(t, err)
	requireSameBits(t, rows, again)
}

func BenchmarkReadNPY(b *testing.B) { benchmarkBinary(b, ".npy", false) }

func BenchmarkWriteNPY(b *testing.B) { benchmarkBinary(b, ".npy", true) }

func benchmarkBinary(b *testing.B, ending string, writing bool) {
	const rows = 300_000
	m := hardNumbers(rows, benchmarkedColumns, 1)
	path := filepath.Join(b.TempDir(), "t"+ending)
	columns := strings.Fields("x_C y_C z_C x_O y_O z_O x_S y_S z_S px_C py_C pz_C px_O py_O pz_O px_S py_S pz_S")
	store := func() {
		w, err := Create(path, columns, nil)
		require.NoError(b, err)
		require.NoError(b, w.Write(m))
		require.NoError(b, w.Commit())
	}
	store()
	for b.Loop() {
		if writing {
			store()
			continue
		}
		require.Equal(b, rows, countRows(b, path, 0))
	}
	reportRows(b, rows, 8*len(m.Data))
}
