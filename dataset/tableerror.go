package dataset

import (
	"fmt"
	"strconv"
)

// TableError says what is wrong in a table, and where.
type TableError struct {
	File   string
	Line   int // counted from 1
	Column int // in bytes, counted from 1
	Reason string
}

func (e *TableError) Error() string {
	return fmt.Sprintf("dataset: read %s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
}

// excerpt returns text as it may stand in an error message: short, and quoted
// where it is not plain.
func excerpt(text string) string {
	const most = 40
	ellipsis := ""
	if len(text) > most {
		text, ellipsis = text[:most], "…"
	}
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || c == '"' {
			return strconv.Quote(text) + ellipsis
		}
	}
	if text == "" {
		return `""`
	}
	return text + ellipsis
}
