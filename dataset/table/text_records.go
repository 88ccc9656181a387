package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// records reads the lines of a text by the rules of encoding/csv: fields may be
// quoted, and empty lines do not count.
type records struct {
	csv    *csv.Reader
	blanks bool // columns are separated by blanks
}

// newRecords reads text, after which comes the error end.
func newRecords(text []byte, end error, separator byte) *records {
	r := csv.NewReader(io.MultiReader(bytes.NewReader(text), failingReader{end}))
	r.Comma = rune(separator)
	r.TrimLeadingSpace = separator == ' ' // several blanks separate like one
	r.FieldsPerRecord = -1                // textParser counts, and says what it expected
	r.ReuseRecord = true
	return &records{r, separator == ' '}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) {
	if r.err == nil {
		return 0, io.EOF
	}
	return 0, r.err
}

// next returns the fields of the next line that is not empty. They are valid
// until the next call.
func (r *records) next() ([]string, error) {
	fields, err := r.csv.Read()
	for err == nil && len(fields) == 1 && strings.TrimSpace(fields[0]) == "" {
		fields, err = r.csv.Read()
	}
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return nil, &Error{Line: syntax.StartLine, Column: syntax.Column, Reason: "expected quotes around a whole field or none"}
	}
	if err != nil {
		return nil, err
	}
	if last := len(fields) - 1; r.blanks && fields[last] == "" {
		fields = fields[:last]
	}
	return fields, nil
}

// wrong returns an error at a field of the line read last.
func (r *records) wrong(field int, format string, args ...any) error {
	line, column := r.csv.FieldPos(field)
	return &Error{Line: line, Column: column, Reason: fmt.Errorf(format, args...).Error()}
}

// linesLater moves an error in a text down by some lines.
func linesLater(err error, lines int) error {
	var wrong *Error
	if !errors.As(err, &wrong) {
		return err
	}
	moved := *wrong
	moved.Line += lines
	return &moved
}
