package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// textGrid is a table for people: the first column is flush left, numbers are flush right, and so are their headings.
type textGrid [][]string

func (g textGrid) print(w io.Writer) error {
	var widths []int
	for _, row := range g {
		for j, cell := range row {
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range g {
		var line strings.Builder
		for j, cell := range row {
			padding := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell))
			if j == 0 {
				line.WriteString(cell + padding)
			} else {
				line.WriteString("  " + padding + cell)
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line.String(), " ")); err != nil {
			return fmt.Errorf("print table: %w", err)
		}
	}
	return nil
}
