package table

import (
	"fmt"
	"io"
	"os"
	"slices"
	"sort"

	spec "github.com/parquet-go/parquet-go/format"

	"github.com/gocei/gocei/dataset"
)

// parquetSection reads rows from the middle of a table, one column after the other.
type parquetSection struct {
	columns []*columnSeeker
	begun   bool // and the rows are no longer read from first to last
	left    int64
	block   []float64
}

func (s *parquetSource) seek(first, n int64) error {
	if s.blocks != nil {
		s.blocks.stop()
		s.blocks = nil
	}
	s.openColumns()
	s.section.begun, s.section.left = true, n
	for _, c := range s.section.columns {
		if err := c.announce(s.file, first, n); err != nil {
			return err
		}
	}
	for _, c := range s.section.columns {
		if err := c.seek(first); err != nil {
			return err
		}
	}
	return nil
}

func (s *parquetSource) openColumns() {
	if s.section != nil {
		return
	}
	s.section = &parquetSection{}
	for _, reader := range s.columnReaders() {
		s.section.columns = append(s.section.columns, newColumnSeeker(reader))
	}
}

func (s *parquetSource) seeks() bool { return true }

// sectionRows knows that numbers which are stored as they are can be read from
// anywhere, and that of a page in any other encoding all before is to be decoded.
func (s *parquetSource) sectionRows() (rows int64, err error) {
	s.openColumns()
	rows = leastSection
	for _, c := range s.section.columns {
		if len(c.chunks) == 0 {
			continue
		}
		pages, err := c.scan(0)
		if err != nil {
			return 0, err
		}
		if !pages.direct {
			rows = max(rows, pages.most)
		}
	}
	return rows, nil
}

// next returns some of the rows that are left.
func (p *parquetSection) next() (dataset.Matrix, error) {
	if p.left == 0 {
		return dataset.Matrix{}, io.EOF
	}
	columns := len(p.columns)
	rows := int(min(p.left, int64(max(blockBytes/8/columns, 64))))
	p.block = slices.Grow(p.block[:0], rows*columns)[:rows*columns]
	errs := make([]error, columns)
	for j, c := range p.columns {
		errs[j] = c.reader.read(p.block[j:], columns, rows)
	}
	if err := firstWrong(errs); err != nil {
		for _, c := range p.columns {
			c.lost = true
		}
		return dataset.Matrix{}, err
	}
	p.left -= int64(rows)
	return dataset.Matrix{Rows: rows, Cols: columns, Data: p.block}, nil
}

// columnSeeker takes a columnReader to any row.
type columnSeeker struct {
	reader *columnReader
	chunks []chunk
	starts []int64       // the first row of each chunk
	pages  []*chunkPages // of each chunk; nil where nobody looked
	lost   bool          // the reader may be anywhere
}

// chunkPages says where the pages of numbers in a chunk are.
type chunkPages struct {
	dictionary int64 // its place in the file; 0 where there is none
	rows       []int64
	offsets    []int64 // of the pages that start at those rows of the chunk
	indexed    bool    // the file's index told so; what follows is then not known
	most       int64   // rows of a page
	direct     bool    // numbers are stored as they are
}

// rowsOf returns how many rows a page of a chunk of so many has.
func (p *chunkPages) rowsOf(page int, all int64) int64 {
	if page+1 < len(p.rows) {
		all = p.rows[page+1]
	}
	return all - p.rows[page]
}

// holding returns the page that holds a row of the chunk.
func (p *chunkPages) holding(row int64) int {
	return sort.Search(len(p.rows), func(i int) bool { return p.rows[i] > row }) - 1
}

func newColumnSeeker(r *columnReader) *columnSeeker {
	c := &columnSeeker{reader: r, chunks: r.chunks, pages: make([]*chunkPages, len(r.chunks))}
	row := int64(0)
	for _, chunk := range c.chunks {
		c.starts = append(c.starts, row)
		row += chunk.rows
	}
	return c
}

// current returns the chunk that the reader is in, -1 before the first.
func (c *columnSeeker) current() int {
	if c.lost {
		return -1
	}
	return len(c.chunks) - len(c.reader.chunks) - 1
}

// seek has the reader continue at a row.
func (c *columnSeeker) seek(row int64) (err error) {
	defer recoverDamage(&err)
	r := c.reader
	if r.row <= row && row-r.row < r.page.rows && !c.lost {
		return c.located(r.skip(row - r.row))
	}
	k := c.holding(row)
	if k < 0 {
		return nil // a table without rows, of which none will be asked for
	}
	pages, err := c.pagesOf(k)
	if err != nil {
		return err
	}
	if err := c.enter(k, pages); err != nil {
		return c.located(err)
	}
	page := pages.holding(row - c.starts[k])
	r.pages.offset, r.page.rows = pages.offsets[page], 0
	r.row, r.left, r.chunks = c.starts[k]+pages.rows[page], c.chunks[k].rows-pages.rows[page], c.chunks[k+1:]
	if r.row == row && !pages.indexed {
		return nil // the page is opened when it is read
	}
	if err := r.turn(); err != nil {
		return c.located(err)
	}
	if want := pages.rowsOf(page, c.chunks[k].rows); pages.indexed && r.page.rows != want {
		return c.located(fmt.Errorf("expected the page of %d rows that the file's index tells of, found one of %d", want, r.page.rows))
	}
	return c.located(r.skip(row - r.row))
}

// holding returns the chunk that holds a row, -1 in a table without rows.
func (c *columnSeeker) holding(row int64) int {
	return sort.Search(len(c.starts), func(i int) bool { return c.starts[i] > row }) - 1
}

// announce has the system fetch what a reading of n rows needs of the first chunk
// that it reaches: of numbers that are stored as they are these alone, and else what
// comes before them in their page too.
func (c *columnSeeker) announce(f *os.File, row, n int64) error {
	const header = 4 << 10 // bytes that are read of a page to find its header
	k := c.holding(row)
	if k < 0 {
		return nil
	}
	pages, err := c.pagesOf(k)
	if err != nil {
		return err
	}
	inside, size := row-c.starts[k], int64(c.reader.pages.column.kind.size())
	page := pages.holding(inside)
	skipped := (inside - pages.rows[page]) * size
	if c.chunks[k].codec != spec.Uncompressed || pages.dictionary != 0 {
		n, skipped = n+skipped/size, 0
	}
	willNeed(f, pages.offsets[page], header)
	willNeed(f, pages.offsets[page]+skipped, min(n, mostAnnounced)*size+header)
	return nil
}

// mostAnnounced is how many rows of a column are fetched ahead at most.
const mostAnnounced = 1 << 16

// enter makes a chunk the one that pages are read from.
func (c *columnSeeker) enter(k int, pages *chunkPages) error {
	p := &c.reader.pages
	if k == c.current() && (p.dictionary != nil || pages.dictionary == 0) {
		return nil
	}
	p.reset(c.chunks[k])
	c.lost = false
	if pages.dictionary == 0 {
		return nil
	}
	p.offset = pages.dictionary
	h, err := p.header()
	if err != nil {
		return err
	}
	return p.readDictionary(h)
}

func (c *columnSeeker) located(err error) error {
	if err == nil {
		return nil
	}
	c.lost = true
	return c.reader.at(err)
}

// pagesOf finds a chunk's pages, once.
func (c *columnSeeker) pagesOf(k int) (_ *chunkPages, err error) {
	defer recoverDamage(&err)
	if c.pages[k] == nil {
		c.pages[k] = c.chunks[k].index.read(&c.reader.pages, c.chunks[k])
	}
	if c.pages[k] != nil {
		return c.pages[k], nil
	}
	return c.scan(k)
}

// scan looks at the headers of a chunk's pages.
func (c *columnSeeker) scan(k int) (_ *chunkPages, err error) {
	defer recoverDamage(&err)
	p := &c.reader.pages
	c.lost = true
	p.reset(c.chunks[k])
	found := &chunkPages{direct: p.codec == spec.Uncompressed}
	for row := int64(0); row < c.chunks[k].rows; {
		offset := p.offset
		h, err := p.header()
		if err != nil {
			return nil, c.located(err)
		}
		rows, encoding := int64(0), spec.Plain
		switch {
		case h.Type == spec.DictionaryPage:
			found.dictionary = offset
		case h.Type == spec.DataPage && h.DataPageHeader.Valid:
			rows, encoding = int64(h.DataPageHeader.V.NumValues), h.DataPageHeader.V.Encoding
		case h.Type == spec.DataPageV2 && h.DataPageHeaderV2.Valid:
			rows, encoding = int64(h.DataPageHeaderV2.V.NumValues), h.DataPageHeaderV2.V.Encoding
		}
		if rows < 0 || rows > c.chunks[k].rows-row {
			return nil, c.located(fmt.Errorf("expected %d more rows in the row group, found a page of %d", c.chunks[k].rows-row, rows))
		}
		if rows > 0 {
			found.rows, found.offsets = append(found.rows, row), append(found.offsets, offset)
			found.most, found.direct = max(found.most, rows), found.direct && encoding == spec.Plain
			row += rows
		}
	}
	c.pages[k] = found
	return found, nil
}
