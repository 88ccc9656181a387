package table

import (
	"errors"
	"os"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/dataset"
)

// Parquet keeps a table by columns, cut into row groups, and each column of a row
// group into pages. Reading goes the way of the bytes: the footer says where the
// pages are; a pageReader opens one after another, checks what its header claims
// and gives its numbers as a stream of bytes; a columnReader strings the streams
// of a column together; and several columnReaders fill blocks of rows at once.
//
// The decoding stands on the format's own definition in parquet-go, not on that
// package's reader, which allocates what a header claims and hands out what lies
// beyond a page's end. Nothing here is as large as a row group or, but for
// Snappy and LZ4, as a page.
var parquetFormat = format{
	endings: []string{".parquet", ".pq"},
	open:    openParquet,
	create:  createParquet,
}

// parquetSource is the source of a Parquet file.
type parquetSource struct {
	file    *os.File
	footer  parquetFooter
	workers int
	chosen  []parquetColumn
	blocks  *columnBlocks
	section *parquetSection // nil unless parts of the table are read
}

func openParquet(path string, o Options) (source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	footer, err := readParquetFooter(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &parquetSource{file: f, footer: footer, workers: o.workers()}, nil
}

func (s *parquetSource) header() header {
	h := header{rows: s.footer.rows, metadata: s.footer.metadata}
	for _, c := range s.footer.columns {
		h.columns = append(h.columns, c.name)
		h.numeric = append(h.numeric, c.why == "")
	}
	return h
}

func (s *parquetSource) choose(columns []int) error {
	for _, j := range columns {
		c := s.footer.columns[j]
		if c.why != "" {
			return wrong("expected numbers in column %s, found %s", excerpt.Of(c.name), c.why)
		}
		s.chosen = append(s.chosen, c)
	}
	return nil
}

func (s *parquetSource) next() (dataset.Matrix, error) {
	if s.section != nil && s.section.begun {
		return s.section.next()
	}
	if s.blocks == nil {
		s.blocks = readColumns(s.columnReaders(), s.footer.rows, s.workers)
	}
	return s.blocks.next()
}

func (s *parquetSource) columnReaders() (readers []*columnReader) {
	for _, c := range s.chosen {
		readers = append(readers, &columnReader{pages: pageReader{file: s.file, limit: s.footer.dataEnd, column: c}, chunks: s.footer.chunks(c)})
	}
	return readers
}

func (s *parquetSource) close() error {
	if s.blocks != nil {
		s.blocks.stop()
	}
	return s.file.Close()
}
