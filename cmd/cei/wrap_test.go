package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// No word is lost, and only a word that is longer than a line makes one that is longer.
func TestWrapped(t *testing.T) {
	long := strings.Repeat("ä", 2*textWidth)
	text := strings.Repeat("wörd ", 50) + long + " end"
	lines := strings.Split(wrapped("  - ", text), "\n")
	assert.Equal(t, strings.Fields("- "+text), strings.Fields(strings.Join(lines, " ")))
	for i, line := range lines {
		assert.True(t, utf8.RuneCountInString(line) <= textWidth || strings.TrimSpace(line) == long, line)
		if i > 0 {
			assert.Regexp(t, `^ {4}\S`, line)
		}
	}
	assert.Greater(t, len(lines), 3)
	assert.Equal(t, "- ", wrapped("- ", ""))
}
