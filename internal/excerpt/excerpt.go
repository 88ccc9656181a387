// Package excerpt shortens what a user gave for an error message.
package excerpt

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	mostBytes = 40
	mostNames = 40
)

// Of returns text as it may stand in an error message: short, and quoted where it is not plain.
func Of(text string) string {
	ellipsis := ""
	if len(text) > mostBytes {
		text, ellipsis = text[:mostBytes], "…"
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

// List joins names as they may stand in an error message, which a header of a thousand columns must not fill.
func List(names []string) string {
	shown := make([]string, 0, mostNames)
	for _, name := range names[:min(len(names), mostNames)] {
		shown = append(shown, Of(name))
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - mostNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
