package table

import (
	"bufio"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
)

// npySink writes a header for no rows, then the rows, then the right header.
type npySink struct {
	file   *atomicfile.File
	out    *bufio.Writer
	header func(rows int64) ([]byte, error)
	rows   int64
	bytes  []byte
}

func createNPY(f *atomicfile.File, columns []string, _ Metadata) (sink, error) {
	s := &npySink{file: f, out: bufio.NewWriterSize(f, blockBytes), header: func(rows int64) ([]byte, error) {
		return npyHeader("'<f8'", rows, int64(len(columns)))
	}}
	if !slices.Equal(columns, columnNumbers(len(columns))) {
		descr := npyFields(columns)
		s.header = func(rows int64) ([]byte, error) { return npyHeader(descr, rows) }
	}
	head, err := s.header(0)
	if err != nil {
		return nil, err
	}
	_, err = s.out.Write(head)
	return s, err
}

// npyFields returns the type of rows of float64 with names.
func npyFields(columns []string) string {
	fields := make([]string, len(columns))
	for j, name := range columns {
		fields[j] = "(" + pythonQuoted(name) + ", '<f8')"
	}
	return "[" + strings.Join(fields, ", ") + "]"
}

func (s *npySink) write(rows dataset.Matrix) error {
	s.bytes = appendNumbers(s.bytes[:0], rows.Data)
	s.rows += int64(rows.Rows)
	_, err := s.out.Write(s.bytes)
	return err
}

func appendNumbers(b []byte, numbers []float64) []byte {
	for _, v := range numbers {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

func (s *npySink) finish() error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	head, err := s.header(s.rows)
	if err != nil {
		return err
	}
	_, err = s.file.WriteAt(head, 0)
	return err
}

func (s *npySink) discard() {}
