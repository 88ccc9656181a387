package table

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"

	"github.com/gocei/gocei/dataset"
)

// textParser turns chunks of a text into rows. Lines of plain numbers go a quick
// way. What that is not sure of goes the way of encoding/csv and strconv, which
// also finds the words for what is wrong. Several goroutines may share one.
type textParser struct {
	separator byte
	names     []string // of the columns in the text
	chosen    []int
	slots     []int // for each column in the text its place in a row, or -1
	repeated  bool  // a column was chosen twice
	powers    *powersOfTen
}

func newTextParser(separator byte, names []string, chosen []int) *textParser {
	p := &textParser{separator: separator, names: names, chosen: chosen, powers: tenToThe()}
	p.slots = slices.Repeat([]int{-1}, len(names))
	for k, j := range chosen {
		p.repeated = p.repeated || p.slots[j] >= 0
		p.slots[j] = k
	}
	return p
}

// parse fills in a chunk's rows, lines and error.
func (p *textParser) parse(c *textChunk) {
	c.err = checkWidth(c.text, p.separator)
	c.rows = dataset.Matrix{Cols: len(p.chosen), Data: c.rows.Data[:0]}
	if c.err == nil {
		var done int
		c.rows.Data, done = p.plainLines(c.rows.Data, c.buffer, len(plainPart(c)))
		if failed := c.end != nil && !errors.Is(c.end, io.EOF); failed || done < len(c.text) {
			c.rows.Data, c.err = p.allLines(c.rows.Data, newRecords(c.text[done:], c.end, p.separator))
			c.err = linesLater(c.err, countLines(c.text[:done]))
		}
	}
	c.rows.Rows = len(c.rows.Data) / c.rows.Cols
	c.lines = countLines(c.text)
}

// plainPart returns the whole lines before the first quote.
func plainPart(c *textChunk) []byte {
	plain, cut := c.text, c.end != nil && !errors.Is(c.end, io.EOF)
	if i := bytes.IndexByte(plain, '"'); i >= 0 {
		plain, cut = plain[:i], true
	}
	if cut {
		plain = plain[:bytes.LastIndexByte(plain, '\n')+1]
	}
	return plain
}

// allLines appends the rows of all lines, up to the first that is wrong.
func (p *textParser) allLines(data []float64, r *records) ([]float64, error) {
	for {
		fields, err := r.next()
		if errors.Is(err, io.EOF) {
			return data, nil
		}
		whole := len(data)
		if err == nil {
			data, err = p.line(data, r, fields)
		}
		if err != nil {
			return data[:whole], err
		}
	}
}

// line appends one row.
func (p *textParser) line(data []float64, r *records, fields []string) ([]float64, error) {
	if len(fields) != len(p.names) {
		at := min(len(fields), len(p.names)) // the first field too many
		if at == len(fields) {
			at--
		}
		return data, r.wrong(at, "expected %d columns as in the first line, found %d", len(p.names), len(fields))
	}
	for _, j := range p.chosen {
		v, err := strconv.ParseFloat(strings.TrimSpace(fields[j]), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return data, r.wrong(j, "expected a finite number in column %s, found %s%s", excerpt.Of(p.names[j]), excerpt.Of(fields[j]), hint(fields[j], err))
		}
		data = append(data, v)
	}
	return data, nil
}

func hint(field string, err error) string {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return ", which float64 cannot hold"
	case strings.Contains(field, ","):
		return " (decimals are written with a point, and one separator stands between columns)"
	}
	return ""
}

// mostColumns bounds the memory for the names and fields of hostile tables.
const mostColumns = 1 << 20

// checkWidth refuses lines with so many columns that splitting them would take
// far more memory than the text.
func checkWidth(text []byte, separator byte) error {
	if len(text) <= chunkBytes || bytes.Count(text, []byte{separator}) < mostColumns {
		return nil
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if n := bytes.Count(line, []byte{separator}); n >= mostColumns {
			return &Error{Line: number, Column: 1, Reason: "expected at most " + strconv.Itoa(mostColumns) + " columns, found " + strconv.Itoa(n+1)}
		}
	}
	return nil
}

func countLines(text []byte) int { return bytes.Count(text, []byte{'\n'}) }
