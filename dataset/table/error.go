package table

import (
	"errors"
	"fmt"
)

// Error says what is wrong in a table, and where.
type Error struct {
	File   string
	Line   int   // of a text, counted from 1; 0 where the file is not text
	Column int   // in bytes within the line, counted from 1
	Row    int64 // of a file that is not text, counted from 1; 0 where no row is to blame
	Reason string
}

func (e *Error) Error() string {
	switch {
	case e.Line > 0:
		return fmt.Sprintf("table: read %s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
	case e.Row > 0:
		return fmt.Sprintf("table: read %s: row %d: %s", e.File, e.Row, e.Reason)
	}
	return fmt.Sprintf("table: read %s: %s", e.File, e.Reason)
}

// wrong returns an error for something wrong in a file as a whole.
func wrong(format string, args ...any) error {
	return &Error{Reason: fmt.Errorf(format, args...).Error()}
}

// wrongAt returns an error for something wrong in a row, counted from 1.
func wrongAt(row int64, format string, args ...any) error {
	return &Error{Row: row, Reason: fmt.Errorf(format, args...).Error()}
}

// located puts the table's name into an error.
func located(err error, name string) error {
	if err == nil {
		return nil
	}
	var wrong *Error
	if errors.As(err, &wrong) {
		wrong.File = name
		return wrong
	}
	return fmt.Errorf("table: read %s: %w", name, err)
}
