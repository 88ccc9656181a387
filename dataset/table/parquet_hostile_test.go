package table

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	spec "github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// crafted is a file of one row group with one column of two numbers, which a test
// makes wrong.
type crafted struct {
	pages  []craftedPage
	footer spec.FileMetaData
	length uint32 // of the footer, as the file claims it; 0 for what is true
}

type craftedPage struct {
	header spec.PageHeader
	body   []byte
}

func craft() *crafted {
	page := spec.PageHeader{Type: spec.DataPage, CompressedPageSize: 16, UncompressedPageSize: 16}
	page.DataPageHeader = thrift.New(spec.DataPageHeader{NumValues: 2, Encoding: spec.Plain, DefinitionLevelEncoding: spec.RLE, RepetitionLevelEncoding: spec.RLE})
	column := spec.SchemaElement{Name: "a", Type: thrift.New(spec.Double), RepetitionType: thrift.New(spec.Required)}
	chunk := spec.ColumnChunk{MetaData: spec.ColumnMetaData{Type: spec.Double, NumValues: 2, DataPageOffset: 4, PathInSchema: []string{"a"}}}
	return &crafted{
		pages: []craftedPage{{page, make([]byte, 16)}},
		footer: spec.FileMetaData{
			Schema:    []spec.SchemaElement{{Name: "schema", NumChildren: thrift.New[int32](1)}, column},
			NumRows:   2,
			RowGroups: []spec.RowGroup{{Columns: []spec.ColumnChunk{chunk}, NumRows: 2}},
		},
	}
}

func (c *crafted) write(t *testing.T) string {
	t.Helper()
	file := []byte(parquetMagic)
	for _, page := range c.pages {
		file = append(append(file, marshal(t, &page.header)...), page.body...)
	}
	footer := marshal(t, &c.footer)
	if c.length == 0 {
		c.length = uint32(len(footer))
	}
	file = append(binary.LittleEndian.AppendUint32(append(file, footer...), c.length), parquetMagic...)
	path := filepath.Join(t.TempDir(), "crafted.parquet")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	return path
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := thrift.Marshal(new(thrift.CompactProtocol), v)
	require.NoError(t, err)
	return text
}

func TestCraftedFileIsRead(t *testing.T) {
	r, err := Open(craft().write(t), Options{})
	require.NoError(t, err)
	defer r.Close()
	m, err := r.ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 0}, m.Data)
}

// Every claim of a file is held against the others and against its size.
func TestHostileClaims(t *testing.T) {
	group := func(c *crafted) *spec.RowGroup { return &c.footer.RowGroups[0] }
	chunk := func(c *crafted) *spec.ColumnChunk { return &group(c).Columns[0] }
	page := func(c *crafted) *spec.PageHeader { return &c.pages[0].header }
	claim := func(c *crafted, rows int64) {
		c.footer.NumRows, group(c).NumRows, chunk(c).MetaData.NumValues = rows, rows, rows
	}
	dictionary := func(values, size int32) craftedPage {
		h := spec.PageHeader{Type: spec.DictionaryPage, CompressedPageSize: size, UncompressedPageSize: size}
		h.DictionaryPageHeader = thrift.New(spec.DictionaryPageHeader{NumValues: values})
		return craftedPage{h, make([]byte, size)}
	}
	for want, change := range map[string]func(c *crafted){
		"expected a footer within the file's":               func(c *crafted) { c.length = math.MaxUint32 },
		"expected what the format defines":                  func(c *crafted) { c.length = 5 },
		"expected row groups of 3 rows in all, found 2":     func(c *crafted) { c.footer.NumRows = 3 },
		"expected row groups of 1 rows in all, found more":  func(c *crafted) { c.footer.NumRows = 1 },
		"expected row groups of -2 rows in all":             func(c *crafted) { claim(c, -2) },
		"expected 2 numbers, found 1":                       func(c *crafted) { chunk(c).MetaData.NumValues = 1 },
		"row group 1 lacks column a":                        func(c *crafted) { group(c).Columns = nil },
		"pages within the file, found them at byte 9000000": func(c *crafted) { chunk(c).MetaData.DataPageOffset = 9_000_000 },
		"pages within the file, found them at byte -1":      func(c *crafted) { chunk(c).MetaData.DataPageOffset = -1 },
		"found them in b.parquet":                           func(c *crafted) { chunk(c).FilePath = "b.parquet" },
		"expected a column that is not encrypted":           func(c *crafted) { chunk(c).EncryptedColumnMetadata = []byte{1} },
		"expected a file that is not encrypted":             func(c *crafted) { c.footer.EncryptionAlgorithm.Value = &spec.AesGcmV1{} },
		"expected a schema of columns, found none":          func(c *crafted) { c.footer.Schema = nil },
		"expected a schema of 9 columns, found 1":           func(c *crafted) { c.footer.Schema[0].NumChildren = thrift.New[int32](9) },
		"column a is said to hold 2147483647 others": func(c *crafted) {
			c.footer.Schema[1] = spec.SchemaElement{Name: "a", NumChildren: thrift.New[int32](math.MaxInt32)}
		},
		"expected more columns in the schema than 2": func(c *crafted) {
			c.footer.Schema[1] = spec.SchemaElement{Name: "a", NumChildren: thrift.New[int32](2)}
		},
		"expected columns of numbers, found none":                func(c *crafted) { c.footer.Schema[1].Type = thrift.New(spec.ByteArray) },
		"expected the page at byte 4 within the file":            func(c *crafted) { page(c).CompressedPageSize = math.MaxInt32 },
		"within the file, found one of -1 bytes":                 func(c *crafted) { page(c).CompressedPageSize = -1 },
		"expected 2 more rows in the row group, found a page":    func(c *crafted) { page(c).DataPageHeader.V.NumValues = math.MaxInt32 },
		"expected a page of numbers, found -1":                   func(c *crafted) { page(c).DataPageHeader.V.NumValues = -1 },
		"a page ends before its 2147483647 rows: unexpected EOF": func(c *crafted) { claim(c, 1<<60); page(c).DataPageHeader.V.NumValues = math.MaxInt32 },
		"the header of the page at byte":                         func(c *crafted) { claim(c, 1<<60) },
		"expected a page of numbers, found DATA_PAGE":            func(c *crafted) { page(c).DataPageHeader.Valid = false },
		"expected a page of numbers, found PageType(?)":          func(c *crafted) { page(c).Type = 77 },
		"expected numbers in an encoding for them, found DELTA_": func(c *crafted) { page(c).DataPageHeader.V.Encoding = spec.DeltaBinaryPacked },
		"expected a dictionary before the page that uses it":     func(c *crafted) { page(c).DataPageHeader.V.Encoding = spec.RLEDictionary },
		"found LZO":                        func(c *crafted) { chunk(c).MetaData.Codec = spec.LZO },
		"with the checksum 00000007":       func(c *crafted) { page(c).CRC = 7 },
		"at most 256 MiB of numbers":       func(c *crafted) { c.pages = append([]craftedPage{dictionary(math.MaxInt32, 8)}, c.pages...) },
		"column a: unexpected EOF":         func(c *crafted) { c.pages = append([]craftedPage{dictionary(1000, 8)}, c.pages...) },
		"expected one plain dictionary":    func(c *crafted) { c.pages = []craftedPage{dictionary(1, 8), dictionary(1, 8)} },
		"a dictionary of 1, found number":  func(c *crafted) { useDictionary(c, dictionary(1, 8), []byte{3, 4, 6}) },
		"expected numbers of at most 32 b": func(c *crafted) { useDictionary(c, dictionary(1, 8), []byte{33, 4, 0}) },
		"missing numbers to be marked by":  func(c *crafted) { optional(c); page(c).DataPageHeader.V.DefinitionLevelEncoding = spec.BitPacked },
		"2147483647 bytes packed by snappy": func(c *crafted) {
			chunk(c).MetaData.Codec, page(c).UncompressedPageSize = spec.Snappy, math.MaxInt32
			binary.PutUvarint(c.pages[0].body, math.MaxInt32)
		},
		"16 bytes packed by snappy, found": func(c *crafted) { chunk(c).MetaData.Codec = spec.Snappy; c.pages[0].body[0] = 99 },
		"2147483647 bytes packed by lz4":   func(c *crafted) { chunk(c).MetaData.Codec = spec.Lz4Raw; page(c).UncompressedPageSize = math.MaxInt32 },
	} {
		t.Run(want, func(t *testing.T) {
			c := craft()
			change(c)
			r, err := Open(c.write(t), Options{})
			if err == nil {
				defer r.Close()
				_, err = r.Next()
			}
			var wrong *Error
			require.ErrorAs(t, err, &wrong)
			assert.ErrorContains(t, err, want)
		})
	}
}

// useDictionary puts a dictionary and indices in place of the numbers.
func useDictionary(c *crafted, dictionary craftedPage, indices []byte) {
	h := &c.pages[0].header
	h.DataPageHeader.V.Encoding = spec.RLEDictionary
	h.CompressedPageSize, h.UncompressedPageSize = int32(len(indices)), int32(len(indices))
	c.pages = []craftedPage{dictionary, {*h, indices}}
}

func optional(c *crafted) { c.footer.Schema[1].RepetitionType = thrift.New(spec.Optional) }
