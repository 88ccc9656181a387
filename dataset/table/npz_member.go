package table

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/klauspost/compress/flate"
)

// npzMember is a .npy file in an archive.
type npzMember struct {
	name    string // without .npy
	file    *zip.File
	archive io.ReaderAt
}

const mostMembers = 4096

// readMembers returns the arrays of an archive, and refuses archives that no
// program for arrays writes: with members twice, or lying in one another.
func readMembers(file *os.File) (members []npzMember, err error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(file, info.Size())
	if err != nil {
		return nil, wrong("expected an archive of NumPy: %w", err)
	}
	if len(archive.File) > mostMembers {
		return nil, wrong("expected at most %d members, found %d", mostMembers, len(archive.File))
	}
	archive.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	if err := checkExtents(archive.File, info.Size()); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, f := range archive.File {
		name, array := strings.CutSuffix(f.Name, ".npy")
		if seen[f.Name] {
			return nil, wrong("expected every member once, found %s twice", excerpt.Of(f.Name))
		}
		if seen[f.Name] = true; array {
			members = append(members, npzMember{name, f, file})
		}
	}
	return members, nil
}

// checkExtents finds members that share bytes, by which a small archive can claim
// to hold a lot.
func checkExtents(files []*zip.File, size int64) error {
	type extent struct{ from, to int64 }
	var extents []extent
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return wrong("member %s: %w", excerpt.Of(f.Name), err)
		}
		if f.CompressedSize64 > uint64(size-min(from, size)) {
			return wrong("member %s: expected %d bytes, found the end of the file", excerpt.Of(f.Name), f.CompressedSize64)
		}
		extents = append(extents, extent{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(extents, func(a, b extent) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(extents); i++ {
		if extents[i].from < extents[i-1].to {
			return wrong("expected members beside each other, found some that overlap")
		}
	}
	return nil
}

// array gives the member's rows.
func (m npzMember) array() (*npyRows, error) {
	a, err := m.header()
	if err != nil {
		return nil, err
	}
	rows, err := newNPYRows(a, m.size()-a.start)
	if err != nil {
		return nil, m.wrong(err)
	}
	rows.member = m.name
	rows.open = func() (npyData, error) {
		if rows.byColumn() {
			return m.openAnywhere(a.start)
		}
		return m.openAt(a.start)
	}
	if m.file.Method == zip.Store {
		rows.random = func() (npyData, error) { return m.openAnywhere(a.start) }
	}
	return rows, nil
}

// size is what the archive says; it may lie.
func (m npzMember) size() int64 { return int64(min(m.file.UncompressedSize64, 1<<62)) }

func (m npzMember) header() (npyArray, error) {
	data, err := m.file.Open()
	if err != nil {
		return npyArray{}, m.wrong(err)
	}
	defer data.Close()
	a, err := readNPYHeader(data)
	return a, m.wrong(err)
}

// wrong puts the member's name into an error.
func (m npzMember) wrong(err error) error {
	var reason *Error
	if errors.As(err, &reason) {
		return wrong("member %s: %s", excerpt.Of(m.name), reason.Reason)
	}
	if err != nil {
		err = wrong("member %s: %w", excerpt.Of(m.name), err)
	}
	return err
}

func (m npzMember) openAt(start int64) (npyData, error) {
	data, err := m.file.Open()
	if err != nil {
		return npyData{}, err
	}
	if _, err := io.CopyN(io.Discard, data, start); err != nil {
		return npyData{}, errors.Join(err, data.Close())
	}
	return npyData{in: data, close: data.Close}, nil
}

// mostInMemory bounds the compressed arrays in Fortran's order, whose rows are
// only together once all columns are.
const mostInMemory = 1 << 30

func (m npzMember) openAnywhere(start int64) (npyData, error) {
	nothing := func() error { return nil }
	if m.file.Method == zip.Store {
		from, err := m.file.DataOffset()
		return npyData{at: io.NewSectionReader(m.archive, from+start, m.size()-start), close: nothing}, err
	}
	if m.size() > mostInMemory {
		return npyData{}, wrong("member %s: a compressed array in Fortran's order of more than %d MiB does not fit into memory; save it in C order or uncompressed", excerpt.Of(m.name), mostInMemory>>20)
	}
	data, err := m.openAt(start)
	if err != nil {
		return npyData{}, err
	}
	content, err := io.ReadAll(io.LimitReader(data.in, m.size()-start+1)) // one more shows the end, and checks the sum
	if err := errors.Join(err, data.close()); err != nil {
		return npyData{}, err
	}
	return npyData{at: bytes.NewReader(content), close: nothing}, nil
}
