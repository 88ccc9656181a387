package table

import (
	"reflect"

	"github.com/parquet-go/parquet-go"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/internal/atomicfile"
)

// parquetSink writes required columns of float64, plain and uncompressed: momenta
// do not compress, and a reader can take such pages as they lie there.
type parquetSink struct {
	writer  *parquet.GenericWriter[any]
	columns []*parquet.ColumnWriter
	most    int             // rows of a row group
	rows    int             // in the open row group
	values  []parquet.Value // of one column
}

func createParquet(f *atomicfile.File, columns []string, m Metadata) (sink, error) {
	const page = 256 << 10 // bytes
	rows := groupRows(len(columns))
	options := []parquet.WriterOption{
		parquet.NewSchema("schema", newOrderedGroup(columns)),
		parquet.DataPageVersion(1), // the one that every reader understands
		parquet.PageBufferSize(min(page, 8*rows)),
	}
	for key, value := range m {
		options = append(options, parquet.KeyValueMetadata(key, value))
	}
	config, err := parquet.NewWriterConfig(options...)
	if err != nil {
		return nil, err
	}
	w := parquet.NewGenericWriter[any](f, config)
	return &parquetSink{writer: w, columns: w.ColumnWriters(), most: rows}, nil
}

// groupRows returns how many rows a row group has, which the writer holds in
// memory: 32 MiB at most, unless there are very many columns.
func groupRows(columns int) int {
	const most, least, numbers = 1 << 17, 1 << 10, 1 << 22
	return max(least, min(most, numbers/columns))
}

// write goes through a part of the rows at a time, so that reading them column by
// column stays in a core's cache.
func (s *parquetSink) write(rows dataset.Matrix) error {
	const part = 1 << 10
	for at := 0; at < rows.Rows; {
		n := min(part, rows.Rows-at, s.most-s.rows)
		if err := s.writePart(rows.Data[at*rows.Cols:(at+n)*rows.Cols], n); err != nil {
			return err
		}
		at += n
	}
	return nil
}

func (s *parquetSink) writePart(data []float64, n int) error {
	if cap(s.values) < n {
		s.values = make([]parquet.Value, n)
	}
	values := s.values[:n]
	for j, column := range s.columns {
		for i := range values {
			values[i] = parquet.DoubleValue(data[i*len(s.columns)+j])
		}
		if _, err := column.WriteRowValues(values); err != nil {
			return err
		}
	}
	if s.rows += n; s.rows < s.most {
		return nil
	}
	s.rows = 0
	return s.writer.Flush()
}

func (s *parquetSink) finish() error { return s.writer.Close() }

func (s *parquetSink) discard() {}

// orderedGroup is a schema whose columns stay in their order; parquet.Group would
// sort them by name.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func newOrderedGroup(columns []string) orderedGroup {
	g := orderedGroup{Group: parquet.Group{}}
	for _, name := range columns {
		number := parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.Plain)
		g.Group[name] = number
		g.fields = append(g.fields, orderedField{number, name})
	}
	return g
}

func (g orderedGroup) Fields() []parquet.Field { return g.fields }

type orderedField struct {
	parquet.Node
	name string
}

func (f orderedField) Name() string { return f.name }

// Value is for rows of Go values, of which none are written.
func (f orderedField) Value(reflect.Value) reflect.Value { return reflect.Value{} }
