package table

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
	"github.com/gocei/gocei/internal/excerpt"
)

// npzSink gathers the rows in a file without a name, since the members of an
// archive come one after the other. It writes them by blocks, in which each
// member's numbers lie together.
type npzSink struct {
	file    *atomicfile.File
	spool   *atomicfile.File
	groups  []npzGroup
	about   []byte // the member metadata
	columns int
	rows    int64
	block   []float64 // rows that are not spooled yet
	bytes   []byte
}

// npzGroup is a member to be, and its columns in the table.
type npzGroup struct {
	member  string
	columns []int
	before  int // columns of other groups that come before it in a block
}

// memberFor returns the member that holds a column.
func memberFor(column string) string { return cmp.Or(arrayFor(column), column) }

func createNPZ(f *atomicfile.File, columns []string, m Metadata) (sink, error) {
	s := &npzSink{file: f, columns: len(columns)}
	var err error
	if s.about, err = (npzMetadata{Columns: columns, Metadata: rawTexts(m)}).member(); err != nil {
		return nil, err
	}
	if s.groups, err = groupColumns(columns); err != nil {
		return nil, err
	}
	if s.spool, err = atomicfile.Create(f.Path()); err != nil {
		return nil, err
	}
	return s, nil
}

func groupColumns(columns []string) (groups []npzGroup, err error) {
	of := map[string]int{}
	for j, name := range columns {
		if isReserved(name) {
			return nil, fmt.Errorf("column %s: a .npz file cannot keep this name", excerpt.Of(name))
		}
		member := memberFor(name)
		i, known := of[member]
		if !known {
			i = len(groups)
			of[member] = i
			groups = append(groups, npzGroup{member: member})
		}
		groups[i].columns = append(groups[i].columns, j)
	}
	if len(groups) >= mostMembers {
		return nil, fmt.Errorf("%d columns: a .npz file holds at most %d beside positions and momenta", len(columns), mostMembers-3)
	}
	for i := 1; i < len(groups); i++ {
		groups[i].before = groups[i-1].before + len(groups[i-1].columns)
	}
	return groups, nil
}

func (s *npzSink) blockRows() int { return max(1, blockBytes/8/s.columns) }

func (s *npzSink) write(rows dataset.Matrix) error {
	for i := 0; i < rows.Rows; {
		n := min(rows.Rows-i, s.blockRows()-len(s.block)/s.columns)
		s.block = append(s.block, rows.Data[i*rows.Cols:(i+n)*rows.Cols]...)
		i += n
		if len(s.block) == s.blockRows()*s.columns {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush spools the block, group by group.
func (s *npzSink) flush() error {
	s.bytes = s.bytes[:0]
	for _, g := range s.groups {
		for start := 0; start < len(s.block); start += s.columns {
			for _, j := range g.columns {
				s.bytes = appendNumbers(s.bytes, s.block[start+j:start+j+1])
			}
		}
	}
	s.rows += int64(len(s.block) / s.columns)
	s.block = s.block[:0]
	_, err := s.spool.Write(s.bytes)
	return err
}

func (s *npzSink) finish() error {
	if err := s.flush(); err != nil {
		return err
	}
	archive := zip.NewWriter(s.file)
	for _, g := range s.groups {
		if err := s.writeMember(archive, g); err != nil {
			return err
		}
	}
	if _, err := startMember(archive, metadataMember, s.about); err != nil {
		return err
	}
	return archive.Close()
}

// startMember adds a member and writes its start.
func startMember(archive *zip.Writer, member string, start []byte) (io.Writer, error) {
	w, err := archive.CreateHeader(&zip.FileHeader{Name: member + ".npy", Method: zip.Store})
	if err != nil {
		return nil, err
	}
	_, err = w.Write(start)
	return w, err
}

func (s *npzSink) writeMember(archive *zip.Writer, g npzGroup) error {
	shape := []int64{s.rows}
	if g.member == positionsArray || g.member == momentaArray {
		shape = append(shape, int64(len(g.columns)))
	}
	head, err := npyHeader("'<f8'", shape...)
	if err != nil {
		return err
	}
	w, err := startMember(archive, g.member, head)
	if err != nil {
		return err
	}
	buffer := make([]byte, blockBytes)
	for row := int64(0); row < s.rows; row += int64(s.blockRows()) {
		n := min(s.rows-row, int64(s.blockRows()))
		from := 8 * (row*int64(s.columns) + n*int64(g.before))
		if _, err := io.CopyBuffer(w, io.NewSectionReader(s.spool, from, 8*n*int64(len(g.columns))), buffer); err != nil {
			return err
		}
	}
	return nil
}

func (s *npzSink) discard() { s.spool.Discard() }
