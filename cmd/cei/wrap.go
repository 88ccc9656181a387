package main

import (
	"strings"
	"unicode/utf8"
)

// textWidth is how long a line of prose may be.
const textWidth = 100

// wrapped breaks a text into lines. The mark stands before the first, and space as wide before the others.
func wrapped(mark, text string) string {
	var lines []string
	line := mark
	for i, word := range strings.Fields(text) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > textWidth {
			lines = append(lines, line)
			line = strings.Repeat(" ", len(mark)) + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}
