package dataset

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ReadFile reads the table in a .csv, .tsv, .txt or .dat file with ReadCSV.
func ReadFile(path string, o Layout) (*Events, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".txt", ".dat":
	default:
		return nil, fmt.Errorf("dataset: read %s: unknown format: want a .csv, .tsv, .txt or .dat file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("dataset: read events: %w", err)
	}
	defer f.Close()
	return ReadCSV(f, path, o)
}

// ReadCSV reads a table of text, one event a line. The first line tells what
// separates the columns: tabs, semicolons, commas or blanks. Lines end with LF
// or CRLF, empty ones are skipped, and a UTF-8 byte order mark is too. The name
// is for errors: a *TableError for whatever is wrong in the table.
func ReadCSV(r io.Reader, name string, o Layout) (*Events, error) {
	text := bufio.NewReaderSize(r, sniffedBytes)
	separator, err := sniff(text)
	if err != nil {
		return nil, located(err, name)
	}
	t := &table{csv: newReader(text, separator), blanks: separator == ' '}
	e, err := t.read(o)
	if err != nil {
		return nil, located(err, name)
	}
	e.PositionUnit, e.MomentumUnit = orBohr(o.PositionUnit), orAtomic(o.MomentumUnit)
	return e, nil
}

func newReader(text io.Reader, separator rune) *csv.Reader {
	r := csv.NewReader(text)
	r.Comma = separator
	r.TrimLeadingSpace = separator == ' ' // several blanks separate like one
	r.FieldsPerRecord = -1                // table.next counts, and says what it expected
	r.ReuseRecord = true
	return r
}

// located puts the table's name into an error.
func located(err error, name string) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return &TableError{File: name, Line: syntax.StartLine, Column: syntax.Column, Reason: "expected quotes around a whole field or none"}
	}
	var wrong *TableError
	if errors.As(err, &wrong) {
		wrong.File = name
		return wrong
	}
	return fmt.Errorf("dataset: read %s: %w", name, err)
}
