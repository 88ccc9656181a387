package serve

import (
	"errors"
	"fmt"
	"strconv"
)

// numbers are a JSON number, an array of them, or an array of such arrays, which tensors and columns of momenta may be.
type numbers struct {
	values []float64
	depth  int   // of arrays: 0, 1 or 2
	rows   []int // lengths of the inner arrays
}

var errNumbers = errors.New("want numbers, in an array or in an array of arrays")

// UnmarshalJSON reads what encoding/json has found to be JSON.
func (n *numbers) UnmarshalJSON(text []byte) error {
	*n = numbers{values: n.values[:0]}
	p := numberParser{text: text, into: n}
	return p.all()
}

type numberParser struct {
	text []byte
	at   int
	into *numbers
}

// all reads brackets and numbers in turn: JSON's grammar is known to hold.
func (p *numberParser) all() error {
	depth, innerStart := 0, 0
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',':
		case c == '[':
			if depth++; depth > 2 {
				return errNumbers
			}
			p.into.depth = max(p.into.depth, depth)
			if depth == 1 && len(p.into.values) > 0 || depth == 2 && innerStart < len(p.into.values) {
				return errNumbers // numbers beside arrays
			}
		case c == ']':
			if depth == 2 {
				p.into.rows = append(p.into.rows, len(p.into.values)-innerStart)
				innerStart = len(p.into.values)
			}
			depth--
		case c == '-' || c >= '0' && c <= '9':
			if depth < p.into.depth {
				return errNumbers // numbers beside arrays
			}
			if err := p.number(); err != nil {
				return err
			}
		default:
			return errNumbers
		}
	}
	return nil
}

// number reads one, and leaves the parser at its last byte.
func (p *numberParser) number() error {
	start := p.at
	for p.at+1 < len(p.text) && isOfNumber(p.text[p.at+1]) {
		p.at++
	}
	word := string(p.text[start : p.at+1])
	value, err := strconv.ParseFloat(word, 64)
	if err != nil {
		return fmt.Errorf("%s is no number that a double holds", shortened(word))
	}
	p.into.values = append(p.into.values, value)
	return nil
}

func isOfNumber(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}

// fill checks that the numbers are rows of that many columns: nested so, or one after the other.
func (n *numbers) fill(rows, columns int) error {
	if n.depth == 0 || len(n.values) != rows*columns || n.depth == 2 && len(n.rows) != rows {
		return fmt.Errorf("%d numbers: want %d rows of %d", len(n.values), rows, columns)
	}
	for i, length := range n.rows {
		if length != columns {
			return fmt.Errorf("row %d has %d numbers: want %d", i+1, length, columns)
		}
	}
	return nil
}
