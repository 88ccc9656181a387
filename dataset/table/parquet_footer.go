package table

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"github.com/gocei/gocei/internal/excerpt"

	spec "github.com/parquet-go/parquet-go/format"
)

// parquetFooter is what the end of a Parquet file says of the rest.
type parquetFooter struct {
	columns   []parquetColumn
	rows      int64
	metadata  Metadata
	rowGroups []spec.RowGroup
	dataEnd   int64 // where the pages end and the footer starts
}

const parquetMagic = "PAR1"

// readParquetFooter reads no more than the file holds, whatever it claims.
func readParquetFooter(f *os.File) (p parquetFooter, err error) {
	defer recoverDamage(&err)
	text, err := parquetFooterText(f)
	if err != nil {
		return p, err
	}
	info, err := f.Stat()
	if err != nil {
		return p, err
	}
	p.dataEnd = info.Size() - 8 - int64(len(text))
	var m spec.FileMetaData
	if _, err := decodeThrift(text, &m); err != nil {
		return p, wrong("the footer: %w", err)
	}
	if m.EncryptionAlgorithm.Value != nil {
		return p, wrong("expected a file that is not encrypted")
	}
	if p.columns, err = parquetColumns(m.Schema); err != nil {
		return p, err
	}
	p.rows, p.rowGroups, p.metadata = m.NumRows, m.RowGroups, parquetTexts(m.KeyValueMetadata)
	return p, p.check()
}

// parquetFooterText returns the bytes of the footer: before the last four bytes,
// which are the format's name, stands its length.
func parquetFooterText(f *os.File) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	if !info.Mode().IsRegular() || size < 12 {
		return nil, wrong("expected a Parquet file, found %d bytes", size)
	}
	var start [4]byte
	var end [8]byte
	if _, err := f.ReadAt(start[:], 0); err != nil {
		return nil, err
	}
	if _, err := f.ReadAt(end[:], size-8); err != nil {
		return nil, err
	}
	switch {
	case string(start[:]) == "PARE" || string(end[4:]) == "PARE":
		return nil, wrong("expected a file that is not encrypted")
	case string(start[:]) != parquetMagic:
		return nil, wrong("expected a Parquet file, which starts with %s, found %q", parquetMagic, start)
	case string(end[4:]) != parquetMagic:
		return nil, wrong("expected %s at the end of a Parquet file, found %q: the file is cut off or damaged", parquetMagic, end[4:])
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if length > size-12 {
		return nil, wrong("expected a footer within the file's %d bytes, found one of %d", size, length)
	}
	text := make([]byte, length)
	if _, err := f.ReadAt(text, size-8-length); err != nil && err != io.EOF {
		return nil, err
	}
	return text, nil
}

// check holds the counts against each other and the places against the file.
func (p parquetFooter) check() error {
	left := p.rows
	for g, group := range p.rowGroups {
		if group.NumRows < 0 || group.NumRows > left {
			return wrong("expected row groups of %d rows in all, found more", p.rows)
		}
		left -= group.NumRows
		for _, c := range p.columns {
			if c.why != "" {
				continue
			}
			if c.leaf >= len(group.Columns) {
				return wrong("row group %d lacks column %s", g+1, excerpt.Of(c.name))
			}
			if err := p.checkChunk(group.Columns[c.leaf], group.NumRows); err != nil {
				return wrong("row group %d, column %s: %w", g+1, excerpt.Of(c.name), err)
			}
		}
	}
	if left != 0 || p.rows < 0 {
		return wrong("expected row groups of %d rows in all, found %d", p.rows, p.rows-left)
	}
	return nil
}

func (p parquetFooter) checkChunk(chunk spec.ColumnChunk, rows int64) error {
	switch start := pagesStart(chunk.MetaData); {
	case chunk.FilePath != "":
		return fmt.Errorf("expected the numbers in the same file, found them in %s", excerpt.Of(chunk.FilePath))
	case chunk.CryptoMetadata.Value != nil || len(chunk.EncryptedColumnMetadata) > 0:
		return fmt.Errorf("expected a column that is not encrypted")
	case chunk.MetaData.NumValues != rows:
		return fmt.Errorf("expected %d numbers, found %d", rows, chunk.MetaData.NumValues)
	case rows > 0 && (start < int64(len(parquetMagic)) || start >= p.dataEnd):
		return fmt.Errorf("expected pages within the file, found them at byte %d", start)
	}
	return nil
}

// pagesStart returns where the first page is: that of the dictionary, if any.
func pagesStart(m spec.ColumnMetaData) int64 {
	if m.DictionaryPageOffset > 0 && m.DictionaryPageOffset < m.DataPageOffset {
		return m.DictionaryPageOffset
	}
	return m.DataPageOffset
}

// chunk says where a row group keeps a column.
type chunk struct {
	start int64
	rows  int64
	codec spec.CompressionCodec
	index pageIndex
}

func (p parquetFooter) chunks(c parquetColumn) (chunks []chunk) {
	for _, group := range p.rowGroups {
		if group.NumRows > 0 {
			column := group.Columns[c.leaf]
			m := column.MetaData
			chunks = append(chunks, chunk{pagesStart(m), group.NumRows, m.Codec, newPageIndex(column)})
		}
	}
	return chunks
}

// parquetTexts leaves out what Arrow and pandas say of the file's own columns,
// their types and indices: in another file, with other columns, it would be wrong.
// What is no text is left out too.
func parquetTexts(pairs []spec.KeyValue) Metadata {
	var m Metadata
	for _, pair := range pairs {
		if pair.Key == "ARROW:schema" || pair.Key == "pandas" || !utf8.ValidString(pair.Key) || !utf8.ValidString(pair.Value) {
			continue
		}
		if m == nil {
			m = Metadata{}
		}
		m[string([]byte(pair.Key))] = string([]byte(pair.Value)) // decoded texts share the footer's memory
	}
	return m
}

// parquetColumn is a column at the top of the schema.
type parquetColumn struct {
	name     string
	why      string // not a number: what it is instead
	leaf     int    // its place among the columns that row groups list
	kind     numberKind
	optional bool // it may lack numbers, and says in each page where
}

// parquetColumns walks the schema, which lists a tree with parents before
// children.
func parquetColumns(schema []spec.SchemaElement) (columns []parquetColumn, err error) {
	if len(schema) == 0 || schema[0].Type.Valid {
		return nil, wrong("expected a schema of columns, found none")
	}
	leaf := 0
	for at := 1; at < len(schema); {
		e := schema[at]
		c := parquetColumn{name: string([]byte(e.Name)), leaf: leaf}
		c.kind, c.why = numberKindOf(e)
		c.optional = e.RepetitionType.Valid && e.RepetitionType.V == spec.Optional
		columns = append(columns, c)
		end, leaves, err := skipTree(schema, at)
		if err != nil {
			return nil, err
		}
		at, leaf = end, leaf+leaves
	}
	if children := schema[0].NumChildren; !children.Valid || int(children.V) != len(columns) {
		return nil, wrong("expected a schema of %d columns, found %d", children.V, len(columns))
	}
	return columns, nil
}

// skipTree returns where the tree that starts at an element ends, and how many of
// its elements are columns of numbers or other values.
func skipTree(schema []spec.SchemaElement, at int) (end, leaves int, err error) {
	for open := 1; open > 0; open-- {
		if at >= len(schema) {
			return 0, 0, wrong("expected more columns in the schema than %d", len(schema))
		}
		e := schema[at]
		at++
		if e.Type.Valid {
			leaves++
		} else if n := e.NumChildren.V; n < 0 || int(n) > len(schema) || open > math.MaxInt32 {
			return 0, 0, wrong("column %s is said to hold %d others", excerpt.Of(e.Name), n)
		} else {
			open += int(n)
		}
	}
	return at, leaves, nil
}
