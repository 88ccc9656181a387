package table

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// plainLines appends the rows of the lines in text[:n] up to the first line that
// it is not sure of, and returns where that starts. Line ends follow the n bytes.
func (p *textParser) plainLines(data []float64, text []byte, n int) (appended []float64, done int) {
	width := len(p.chosen)
	for done < n {
		if end := p.endOfEmptyLine(text, done); end > 0 {
			done = end
			continue
		}
		start := len(data)
		data = slices.Grow(data, width)[:start+width]
		end := p.plainLine(data[start:], text, done)
		if end == 0 {
			return data[:start], done
		}
		done = end
	}
	return data, min(done, n)
}

// plainLine reads the line at text[i] into row and returns the index behind it,
// or 0 where it is not sure.
func (p *textParser) plainLine(row []float64, text []byte, i int) (end int) {
	last := len(p.slots) - 1
	for column, slot := range p.slots {
		i = p.skipBlanks(text, i)
		if slot < 0 {
			if p.separator == ' ' && (text[i] < ' ' || text[i] > '~') {
				return 0 // it may be another kind of space
			}
			i = endOfField(text, i, p.separator)
		} else if row[slot], i = p.plainField(text, i); i == 0 {
			return 0
		}
		if column == last {
			break
		}
		if p.separator != ' ' {
			i = p.skipBlanks(text, i)
		}
		if text[i] != p.separator {
			return 0
		}
		i++
	}
	if p.repeated {
		for k, j := range p.chosen {
			row[k] = row[p.slots[j]]
		}
	}
	return endOfLine(text, p.skipBlanks(text, i))
}

// plainField reads the finite number at text[i], and returns 0 for the end where
// there is none.
func (p *textParser) plainField(text []byte, i int) (v float64, end int) {
	if v, end, sure := p.powers.scanNumber(text, i); sure {
		return v, end
	}
	end = endOfField(text, i, p.separator)
	v, err := strconv.ParseFloat(string(bytes.TrimSpace(text[i:end])), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, 0
	}
	return v, end
}

// skipBlanks skips what may stand around a field. Between columns that blanks
// separate, that is any number of them.
func (p *textParser) skipBlanks(text []byte, i int) int {
	for text[i] == ' ' || text[i] == '\t' && p.separator != '\t' {
		i++
	}
	return i
}

// endOfLine returns the index behind the line end at text[i], 0 where there is
// none.
func endOfLine(text []byte, i int) int {
	switch {
	case text[i] == '\n':
		return i + 1
	case text[i] == '\r' && text[i+1] == '\n':
		return i + 2
	}
	return 0
}

func (p *textParser) endOfEmptyLine(text []byte, i int) int {
	return endOfLine(text, p.skipBlanks(text, i))
}

// endOfField returns the index of the next separator or line end. Like
// leadingDigits it looks at eight bytes at once; the lowest byte that hasZero
// marks is always right.
func endOfField(text []byte, i int, separator byte) int {
	const each = 0x0101010101010101
	separators := each * uint64(separator)
	for ; ; i += 8 {
		v := binary.LittleEndian.Uint64(text[i:])
		if found := hasZero(v^separators) | hasZero(v^'\n'*each); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
}

// hasZero marks the bytes that are zero by their highest bits.
func hasZero(v uint64) uint64 { return (v - 0x0101010101010101) &^ v & 0x8080808080808080 }
