package table

import (
	"errors"
	"fmt"
	"io"

	"github.com/gocei/gocei/internal/excerpt"
)

// columnReader gives the numbers of one column, whatever row groups and pages
// they are in.
type columnReader struct {
	pages  pageReader
	chunks []chunk // that were not begun yet
	left   int64   // rows of the chunk that were begun
	page   page    // rows is what is left of it
	row    int64   // rows given so far
	raw    []byte
}

// read puts the next n numbers into every stride-th element of out.
func (c *columnReader) read(out []float64, stride, n int) (err error) {
	defer recoverDamage(&err)
	for n > 0 {
		if err := c.turn(); err != nil {
			return c.at(err)
		}
		length := min(n, int(min(c.page.rows, 1<<30)))
		if err := c.spread(out, stride, length); err != nil {
			return c.at(err)
		}
		n -= length
		out = out[min(length*stride, len(out)):]
	}
	return nil
}

// spread gives numbers of the open page.
func (c *columnReader) spread(out []float64, stride, n int) error {
	kind := c.pages.column.kind
	if size := n * kind.size(); cap(c.raw) < size {
		c.raw = make([]byte, size)
	}
	raw := c.raw[:n*kind.size()]
	if _, err := io.ReadFull(c.page.numbers, raw); err != nil {
		return fmt.Errorf("a page ends before its %d rows: %w", c.page.rows, cutOff(err))
	}
	done := kind.spread(out, stride, raw)
	c.row += int64(done)
	if done < n {
		return inexact{kind.text(raw[8*done:])}
	}
	c.left -= int64(n)
	c.page.rows -= int64(n)
	if c.page.rows == 0 {
		return c.pages.finish()
	}
	return nil
}

// skip passes over n numbers of the open page.
func (c *columnReader) skip(n int64) error {
	c.row, c.left, c.page.rows = c.row+n, c.left-n, c.page.rows-n
	size := int64(c.pages.column.kind.size())
	if body, stored := c.page.numbers.(*checkedReader); stored {
		return body.skip(n * size)
	}
	const most = 4096 // numbers at once
	for ; n > 0; n -= min(n, most) {
		if need := int(min(n, most) * size); cap(c.raw) < need {
			c.raw = make([]byte, need)
		}
		if _, err := io.ReadFull(c.page.numbers, c.raw[:min(n, most)*size]); err != nil {
			return fmt.Errorf("a page ends before its rows: %w", cutOff(err))
		}
	}
	return nil
}

// turn makes sure that a page with rows is open.
func (c *columnReader) turn() (err error) {
	for c.page.rows == 0 {
		if c.left == 0 {
			if len(c.chunks) == 0 {
				return errors.New("expected more rows")
			}
			c.pages.reset(c.chunks[0])
			c.left, c.chunks = c.chunks[0].rows, c.chunks[1:]
		}
		if c.page, err = c.pages.next(); err != nil {
			return err
		}
		if c.page.rows > c.left {
			return fmt.Errorf("expected %d more rows in the row group, found a page of %d", c.left, c.page.rows)
		}
	}
	return nil
}

// inexact is the error of an integer that a float64 cannot hold.
type inexact struct{ found string }

func (e inexact) Error() string { return "integer too large" }

// at says where an error is.
func (c *columnReader) at(err error) error {
	name := excerpt.Of(c.pages.column.name)
	var lacking missing
	var large inexact
	switch {
	case errors.As(err, &lacking):
		return wrongAt(c.row+int64(lacking.index)+1, "expected a number in column %s, found none", name)
	case errors.As(err, &large):
		return wrongAt(c.row+1, "expected an integer in column %s that a float64 holds exactly, found %s", name, large.found)
	}
	return wrongAt(c.row+1, "column %s: %w", name, err)
}
