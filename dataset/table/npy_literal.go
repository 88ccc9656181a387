package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// literal reads what the header of a .npy file is written in: the Python literals
// for dictionaries, lists, tuples, strings, whole numbers and truth values. They
// become map[string]any, []any, string, int64 and bool.
type literal struct {
	text string
	i    int
}

const deepestLiteral = 16

var errLiteral = errors.New("expected a header of NumPy, found something else")

// readLiteral reads a text that holds one value.
func readLiteral(text string) (any, error) {
	l := &literal{text: text}
	v, err := l.value(0)
	if err == nil && l.peek() != 0 {
		err = errLiteral
	}
	if err != nil {
		return nil, fmt.Errorf("%w at byte %d", err, l.i+1)
	}
	return v, nil
}

// peek returns the next byte that is not blank, 0 at the end.
func (l *literal) peek() byte {
	for l.i < len(l.text) && strings.IndexByte(" \t\r\n", l.text[l.i]) >= 0 {
		l.i++
	}
	if l.i == len(l.text) {
		return 0
	}
	return l.text[l.i]
}

func (l *literal) take(c byte) bool {
	if l.peek() != c {
		return false
	}
	l.i++
	return true
}

func (l *literal) value(depth int) (any, error) {
	c := l.peek()
	switch {
	case depth > deepestLiteral:
		return nil, errLiteral
	case c == '{':
		return l.dictionary(depth)
	case c == '(':
		return l.list(')', depth)
	case c == '[':
		return l.list(']', depth)
	case c == '\'' || c == '"':
		return l.quoted(c)
	case c == '-' || c >= '0' && c <= '9':
		return l.number()
	}
	for word, v := range map[string]any{"True": true, "False": false, "None": nil} {
		if strings.HasPrefix(l.text[l.i:], word) {
			l.i += len(word)
			return v, nil
		}
	}
	return nil, errLiteral
}

// list reads a list or a tuple. One value in parentheses without a comma is read
// as a tuple of one.
func (l *literal) list(end byte, depth int) (any, error) {
	values := []any{}
	for l.i++; !l.take(end); {
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if !l.take(',') && l.peek() != end {
			return nil, errLiteral
		}
	}
	return values, nil
}

func (l *literal) dictionary(depth int) (any, error) {
	values := map[string]any{}
	for l.i++; !l.take('}'); {
		key, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if _, twice := values[name]; !ok || twice || !l.take(':') {
			return nil, errLiteral
		}
		if values[name], err = l.value(depth + 1); err != nil {
			return nil, err
		}
		if !l.take(',') && l.peek() != '}' {
			return nil, errLiteral
		}
	}
	return values, nil
}

func (l *literal) number() (any, error) {
	start := l.i
	for l.i++; l.i < len(l.text) && l.text[l.i] >= '0' && l.text[l.i] <= '9'; {
		l.i++
	}
	v, err := strconv.ParseInt(l.text[start:l.i], 10, 64)
	if err != nil {
		return nil, errLiteral
	}
	if l.i < len(l.text) && l.text[l.i] == 'L' { // a long number of Python 2
		l.i++
	}
	return v, nil
}

func (l *literal) quoted(quote byte) (any, error) {
	var s strings.Builder
	for l.i++; l.i < len(l.text); {
		switch c := l.text[l.i]; c {
		case quote:
			l.i++
			return s.String(), nil
		case '\\':
			c, _, rest, err := strconv.UnquoteChar(l.text[l.i:], quote)
			if err != nil {
				return nil, errLiteral
			}
			s.WriteRune(c)
			l.i = len(l.text) - len(rest)
		default:
			s.WriteByte(c)
			l.i++
		}
	}
	return nil, errLiteral
}

// pythonQuoted returns a string as Python writes it.
func pythonQuoted(text string) string {
	var s strings.Builder
	s.WriteByte('\'')
	for _, c := range text {
		switch {
		case c == '\'' || c == '\\':
			s.WriteByte('\\')
			s.WriteRune(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&s, `\x%02x`, c)
		default:
			s.WriteRune(c)
		}
	}
	s.WriteByte('\'')
	return s.String()
}
