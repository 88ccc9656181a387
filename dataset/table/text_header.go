package table

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"
)

// readHeader reads the header, if there is one, and leaves in s.first what comes
// after it.
func (s *textSource) readHeader(noHeader bool) error {
	if mark := []byte("\uFEFF"); bytes.HasPrefix(s.first.text, mark) {
		s.drop(len(mark))
	}
	if err := s.reach(); err != nil {
		return err
	}
	var err error
	if s.separator, err = sniff(s.first.text); err != nil {
		return err
	}
	if err := checkWidth(s.first.text, s.separator); err != nil {
		return err
	}
	r := newRecords(s.first.text, s.first.end, s.separator)
	fields, err := r.next()
	if errors.Is(err, io.EOF) {
		s.lines = 0
		return &Error{Line: 1, Column: 1, Reason: "expected a table, found an empty file"}
	}
	if err != nil {
		return err
	}
	line, _ := r.csv.FieldPos(0)
	s.head.line = s.lines + line
	if err := s.readNames(fields, noHeader); err != nil {
		return r.wrong(0, "%w", err)
	}
	if !noHeader {
		s.drop(int(r.csv.InputOffset()))
		if err := s.reach(); err != nil {
			return err
		}
	}
	s.readNumeric()
	return nil
}

// reach drops what is blank at the start of the first chunk, going on to the
// next ones until there is something or the text ends.
func (s *textSource) reach() error {
	blank := 0
	for len(bytes.TrimSpace(s.first.text)) == 0 && s.first.end == nil {
		if blank += len(s.first.text); blank >= longestLine {
			return &Error{Line: 1, Column: 1, Reason: "expected rows, found 64 MiB of empty lines"}
		}
		s.drop(len(s.first.text))
		s.cutter.cut(s.first)
	}
	return nil
}

// drop takes the first n bytes from the first chunk.
func (s *textSource) drop(n int) {
	s.lines += countLines(s.first.text[:n])
	s.first.buffer, s.first.text = s.first.buffer[n:], s.first.text[n:]
}

func (s *textSource) readNames(fields []string, noHeader bool) error {
	switch numbers := countNumbers(fields); {
	case noHeader && numbers == 0:
		return errors.New("expected numbers in the first line, found " + excerpt.List(fields) + " (is it a header?)")
	case noHeader:
		s.head.unnamed = true
		s.head.columns = columnNumbers(len(fields))
	case numbers == len(fields):
		return errors.New("expected a header with the columns' names, found only numbers (for a table without one, say so: NoHeader, --no-header)")
	default:
		for _, field := range fields {
			s.head.columns = append(s.head.columns, strings.Clone(strings.TrimSpace(field)))
		}
	}
	return nil
}

// readNumeric judges the columns by the first row. Without one, any may hold
// numbers; one that is wrong shows when it is read.
func (s *textSource) readNumeric() {
	s.head.numeric = slices.Repeat([]bool{true}, len(s.head.columns))
	fields, err := newRecords(s.first.text, s.first.end, s.separator).next()
	if err != nil {
		return
	}
	for j := range s.head.numeric {
		s.head.numeric[j] = j < len(fields) && isNumber(fields[j])
	}
}

// columnNumbers returns the names "1", "2", … of n columns without names.
func columnNumbers(n int) []string {
	names := make([]string, n)
	for j := range names {
		names[j] = strconv.Itoa(j + 1)
	}
	return names
}

func countNumbers(fields []string) (numbers int) {
	for _, field := range fields {
		if isNumber(field) {
			numbers++
		}
	}
	return numbers
}

// isNumber also takes numbers that float64 cannot hold.
func isNumber(field string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}
