package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

func TestNPZKeepsEveryBit(t *testing.T) {
	m := hardNumbers(60_000, 7, 1)
	about := Metadata{"cei.recipe": `{"seed":1,"<x>":"&"}`, "note": "two\nlines, ü 🙂", "spaced": `{ "a": 1 }`}
	for name, columns := range map[string][]string{
		"mixed":      {"time", "x_C", "px_C", "y_C", "py_C", "pz_C", "folder/φ"},
		"events":     {"x_C", "px_C", "y_C", "py_C", "z_C", "pz_C", "x_O"},
		"momenta":    {"px_C", "py_C", "pz_C", "px_O", "py_O", "pz_O", "w"},
		"only names": {"a", "b", "c", "d", "e", "f.npy", " "},
		"numbered":   columnNumbers(7),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "t.npz")
			writeTable(t, path, columns, m, about)
			names, got, err := readTable(t, path, Options{})
			require.NoError(t, err)
			require.Equal(t, columns, names)
			requireSameBits(t, m, got)
			_, got, err = readTable(t, path, Options{}, 6, 1)
			require.NoError(t, err)
			require.Equal(t, []float64{m.Row(59_999)[6], m.Row(59_999)[1]}, got.Row(59_999))
			r, err := Open(path, Options{})
			require.NoError(t, err)
			defer r.Close()
			require.Equal(t, about, r.Metadata())
			require.EqualValues(t, m.Rows, r.Rows())
			require.Equal(t, name != "numbered", r.Named())
			entries, err := os.ReadDir(filepath.Dir(path))
			require.NoError(t, err)
			require.Len(t, entries, 1, "nothing is left beside it")
		})
	}
}

func TestNPZWithoutRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.npz")
	writeTable(t, path, []string{"x_C", "t"}, dataset.Matrix{Cols: 2}, nil)
	r, err := Open(path, Options{})
	require.NoError(t, err)
	defer r.Close()
	require.Nil(t, r.Metadata())
	got, err := r.ReadAll()
	require.NoError(t, err)
	require.Zero(t, got.Rows)
}

func TestNPZRefusesNamesItCannotKeep(t *testing.T) {
	many := columnsOf(mostMembers)
	for _, columns := range [][]string{{"positions"}, {"a", "metadata"}, many} {
		_, err := Create(filepath.Join(t.TempDir(), "t.npz"), columns, nil)
		require.ErrorContains(t, err, "a .npz file")
	}
}

func TestNumPyReadsNPZ(t *testing.T) {
	m := hardNumbers(5000, 4, 4)
	folder := t.TempDir()
	path, raw := filepath.Join(folder, "a.npz"), filepath.Join(folder, "raw")
	writeTable(t, path, []string{"x_C", "px_C", "t", "y_C"}, m, Metadata{"note": "ü"})
	require.NoError(t, os.WriteFile(raw, appendNumbers(nil, m.Data), 0o600))
	python(t, `
path, raw = sys.argv[1:]
want = np.fromfile(raw, '<u8').reshape(-1, 4)
a = np.load(path, allow_pickle=False)
assert sorted(a) == ['metadata', 'momenta', 'positions', 't'], excerpt.List(a)
assert a['positions'].shape == (5000, 2) and a['momenta'].shape == (5000, 1) and a['t'].shape == (5000,)
assert (a['positions'].view('<u8') == want[:, [0, 3]]).all()
assert (a['momenta'].view('<u8') == want[:, [1]]).all()
assert (a['t'].view('<u8') == want[:, 2]).all()
about = json.loads(str(a['metadata']))
assert about == {'columns': ['x_C', 'px_C', 't', 'y_C'], 'metadata': {'note': 'ü'}}, about
import zipfile
assert zipfile.ZipFile(path).testzip() is None
`, path, raw)
}

func TestNPZReadsNumPy(t *testing.T) {
	m := hardNumbers(3000, 12, 5)
	folder := t.TempDir()
	raw := filepath.Join(folder, "raw")
	require.NoError(t, os.WriteFile(raw, appendNumbers(nil, m.Data), 0o600))
	python(t, `
folder, raw = sys.argv[1:]
a = np.fromfile(raw, '<f8').reshape(-1, 12)
x, p = a[:, :6].copy(), a[:, 6:].copy()
np.savez(folder + '/plain', momenta=p, positions=x)
np.savez_compressed(folder + '/compressed', positions=x.reshape(-1, 2, 3), momenta=p.astype('>f8'))
np.savez(folder + '/fortran', positions=np.asfortranarray(x), momenta=np.asfortranarray(p))
np.savez_compressed(folder + '/fortran-compressed', positions=np.asfortranarray(x), momenta=np.asfortranarray(p.reshape(-1, 2, 3)))
np.savez(folder + '/more', positions=x, momenta=p, t=np.arange(3000), masses=np.ones(2), unit='bohr', labels=np.array(['a'] * 3000), odd=np.array([None]))
np.savez(folder + '/names', a=a[:, 0].copy(), b=a[:, 1].astype('>f8'))
np.savez(folder + '/text', momenta=p, metadata=np.array([json.dumps({'note': 'ü', 'recipe': {'seed': 1}})]))
np.savez(folder + '/bytes', momenta=p, metadata=np.array(json.dumps({'columns': ['px_A', 'py_A', 'pz_A', 'px_B', 'py_B', 'pz_B'], 'metadata': {}}).encode()))
np.savez(folder + '/foreign', momenta=p, metadata=np.arange(3))
np.savez(folder + '/lengths', a=np.ones(2), b=np.ones(3))
np.savez(folder + '/mismatch', positions=x[1:], momenta=p)
np.savez(folder + '/objects', positions=np.array([[None]]), momenta=p)
np.savez(folder + '/none', unit='bohr')
d = dict(np.load(sys.argv[1] + '/bytes.npz'))
np.savez(folder + '/added', weight=np.ones(3000), **d)
np.savez(folder + '/misnamed', momenta=p, metadata=np.array(json.dumps({'columns': ['px_A', 'py_A', 'pz_A', 'q']})))
np.savez(folder + '/few-names', momenta=p, metadata=np.array(json.dumps({'columns': ['px_A', 'py_A', 'pz_A']})))
`, folder, raw)
	path := func(name string) string { return filepath.Join(folder, name+".npz") }
	for _, name := range []string{"plain", "compressed", "fortran", "fortran-compressed"} {
		r, err := Open(path(name), Options{})
		require.NoError(t, err)
		require.False(t, r.Named())
		require.Equal(t, columnNumbers(12), r.Columns())
		got, err := r.ReadAll()
		require.NoError(t, err)
		requireSameBits(t, m, got)
		require.NoError(t, r.Close())
	}
	names, got, err := readTable(t, path("more"), Options{})
	require.NoError(t, err)
	require.Equal(t, append(columnNumbers(12), "t", "labels"), names)
	require.Equal(t, append(append([]float64{}, m.Row(7)...), 7), got.Row(7))
	names, got, err = readTable(t, path("names"), Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, names)
	require.Equal(t, m.Row(2)[:2], got.Row(2))

	for name, want := range map[string]struct {
		columns []string
		about   Metadata
	}{
		"text":    {columnNumbers(6), Metadata{"note": "ü", "recipe": `{"seed":1}`}},
		"bytes":   {[]string{"px_A", "py_A", "pz_A", "px_B", "py_B", "pz_B"}, nil},
		"added":   {[]string{"px_A", "py_A", "pz_A", "px_B", "py_B", "pz_B", "weight"}, nil},
		"foreign": {columnNumbers(6), nil},
	} {
		r, err := Open(path(name), Options{})
		require.NoError(t, err, name)
		require.Equal(t, want.columns, r.Columns())
		require.Equal(t, want.about, r.Metadata())
		require.Equal(t, want.columns[0] != "1", r.Named())
		got, err := r.ReadAll()
		require.NoError(t, err)
		require.Equal(t, m.Row(5)[6:], got.Row(5)[:6])
		require.NoError(t, r.Close())
	}
	for name, want := range map[string]string{
		"lengths": "expected columns of one length, found 2 rows in a and 3 in b", "mismatch": "expected as many momenta as positions, found 3000 and 2999 rows",
		"objects": "member positions: expected numbers, found pickled Python objects", "none": "expected arrays such as positions and momenta",
		"misnamed": "expected a column q, which the member metadata names, found none", "few-names": "found 3 more columns",
	} {
		_, err := Open(path(name), Options{})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, path(name))
	}
}

// npzFile returns an archive of members and their content.
func npzFile(t testing.TB, method uint16, members ...string) []byte {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	for i := 0; i < len(members); i += 2 {
		member, err := w.CreateHeader(&zip.FileHeader{Name: members[i], Method: method})
		require.NoError(t, err)
		_, err = member.Write([]byte(members[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return file.Bytes()
}

func TestNPZRefusesBadFiles(t *testing.T) {
	momenta := string(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1)}", make([]byte, 16)...))
	whole := npzFile(t, zip.Store, "momenta.npy", momenta)
	flipped := bytes.Clone(whole)
	flipped[bytes.Index(flipped, []byte("(2, 1)}"))+10] ^= 1
	many := make([]string, 0, 2*mostMembers+2)
	for i := range mostMembers + 1 {
		many = append(many, fmt.Sprint(i), "")
	}
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"empty":     {nil, "expected an archive of NumPy"},
		"magic":     {[]byte("\x93NUMPY"), "expected an archive of NumPy"},
		"truncated": {whole[:len(whole)/2], "expected an archive of NumPy"},
		"checksum":  {flipped, "checksum"},
		"twice":     {npzFile(t, zip.Store, "momenta.npy", momenta, "momenta.npy", momenta), "expected every member once, found momenta.npy twice"},
		"many":      {npzFile(t, zip.Store, many...), "expected at most 4096 members, found 4097"},
		"short":     {npzFile(t, zip.Store, "momenta.npy", momenta[:len(momenta)-1]), "member momenta: expected 16 bytes for an array of shape [2 1], found 15"},
		"no array":  {npzFile(t, zip.Store, "momenta.npy", "hello"), "member momenta: expected an array of NumPy, found hello"},
		"column":    {npzFile(t, zip.Store, "momenta.npy", momenta, "t.npy", "hello"), "member t: expected an array of NumPy, found hello"},
		"overlap":   {overlapping(t), "expected members beside each other, found some that overlap"},
		"lying":     {npzFile(t, zip.Deflate, "momenta.npy", strings.Replace(momenta, "(2, 1)}", "(9, 9)}", 1)), "member momenta: expected 648 bytes for an array of shape [9 9], found 16"},
		"method":    {method(npzFile(t, zip.Store, "momenta.npy", momenta)), "unsupported compression algorithm"},
	} {
		t.Run(name, func(t *testing.T) {
			path := storeFile(t, "t.npz", test.content)
			_, _, err := readTable(t, path, Options{})
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, path)
		})
	}
}

const centralHeader = "PK\x01\x02"

// overlapping returns an archive whose second member is the first once more.
func overlapping(t *testing.T) []byte {
	momenta := string(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1)}", make([]byte, 16)...))
	file := npzFile(t, zip.Store, "positi.npy", momenta, "moment.npy", momenta)
	second := bytes.LastIndex(file, []byte(centralHeader))
	binary.LittleEndian.PutUint32(file[second+42:], 0) // where its local header is
	return file
}

func method(file []byte) []byte {
	for _, header := range []string{"PK\x03\x04", centralHeader} {
		i := bytes.LastIndex(file, []byte(header)) + len(header) + 4
		if header == centralHeader {
			i += 2
		}
		binary.LittleEndian.PutUint16(file[i:], 12)
	}
	return file
}

// An archive may say that a compressed member is large: memory is only taken for
// what is in it.
func TestNPZBomb(t *testing.T) {
	const rows = 400_000_000
	head, err := npyHeader("'<f8'", rows, 1)
	require.NoError(t, err)
	file := npzFile(t, zip.Deflate, "momenta.npy", string(head)+strings.Repeat("\x00", 1_100_000))
	entry := bytes.LastIndex(file, []byte(centralHeader))
	size := uint32(uint64(len(head)) + 8*uint64(rows))
	binary.LittleEndian.PutUint32(file[entry+24:], size)
	path := storeFile(t, "t.npz", file)
	r, err := Open(path, Options{})
	require.NoError(t, err)
	defer r.Close()
	require.EqualValues(t, rows, r.Rows())
	_, err = r.ReadAll()
	require.ErrorContains(t, err, "row 131073: expected 400000000 rows, found the end of the data")
}

// Parameters and observations come as one array each from simulation-based inference: their columns are numbered.
func TestNPZOfWideArrays(t *testing.T) {
	array := func(rows, columns int, first float64) string {
		var data []byte
		for i := range rows * columns {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(first+float64(i)))
		}
		return string(npyFile(fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d)}", rows, columns), data...))
	}
	path := storeFile(t, "t.npz", npzFile(t, zip.Deflate, "theta.npy", array(2, 2, 0), "x.npy", array(2, 3, 10), "truth.npy", array(1, 2, 99), "w.npy",
		string(npyFile("{'descr': '>i4', 'fortran_order': False, 'shape': (2,)}", make([]byte, 8)...))))
	names, got, err := readTable(t, path, Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"w", "theta_1", "theta_2", "x_1", "x_2", "x_3"}, names)
	require.Equal(t, []float64{0, 0, 1, 10, 11, 12, 0, 2, 3, 13, 14, 15}, got.Data)

	many := array(0, 1<<15, 0)
	r, err := Open(storeFile(t, "many.npz", npzFile(t, zip.Store, "a.npy", many, "b.npy", many, "c.npy", many)), Options{})
	require.NoError(t, err)
	defer r.Close()
	require.True(t, r.Named())
	require.Len(t, r.Columns(), 1<<16, "however many arrays there are")
}

func FuzzReadNPZ(f *testing.F) {
	momenta := string(npyFile("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", make([]byte, 48)...))
	column := string(npyFile("{'descr': '>i4', 'fortran_order': False, 'shape': (2,)}", make([]byte, 8)...))
	about, err := npzMetadata{Columns: []string{"px_A", "py_A", "pz_A", "t"}}.member()
	require.NoError(f, err)
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		f.Add(npzFile(f, method, "momenta.npy", momenta))
		f.Add(npzFile(f, method, "momenta.npy", momenta, "positions.npy", momenta, "t.npy", column))
		f.Add(npzFile(f, method, "momenta.npy", momenta, "t.npy", column, "metadata.npy", string(about)))
		f.Add(npzFile(f, method, "theta.npy", momenta, "a.npy", column))
		whole := npzFile(f, method, "a.npy", column, "b.npy", column)
		f.Add(whole)
		f.Add(whole[:len(whole)-30])
	}
	f.Add([]byte("\x93NUMPY"))
	f.Fuzz(func(t *testing.T, content []byte) { fuzzRead(t, "t.npz", content) })
}

func BenchmarkReadNPZ(b *testing.B) { benchmarkBinary(b, ".npz", false) }

func BenchmarkWriteNPZ(b *testing.B) { benchmarkBinary(b, ".npz", true) }
