package table

import (
	"bytes"
	"strings"
)

// sniffedBytes is how much of a text is looked at to find out what it is.
const sniffedBytes = 1 << 16

// sniff refuses what is not text, and returns what separates the columns in the
// first line that is not empty. Tabs and semicolons go before commas, which may
// be decimal signs beside them. What stands in quotes does not count.
func sniff(text []byte) (separator byte, err error) {
	text = text[:min(len(text), sniffedBytes)]
	if i := bytes.IndexByte(text, 0); i >= 0 {
		line := 1 + countLines(text[:i])
		column := i - bytes.LastIndexByte(text[:i], '\n')
		return 0, &Error{Line: line, Column: column, Reason: "expected text in UTF-8, found a zero byte: this is a binary file or UTF-16"}
	}
	line := unquoted(strings.TrimSpace(string(text)))
	for _, separator := range []byte("\t;, ") {
		if strings.IndexByte(line, separator) >= 0 {
			return separator, nil
		}
	}
	return ',', nil
}

// unquoted returns what the first line holds outside of quotes.
func unquoted(text string) string {
	var line strings.Builder
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			continue
		}
		part, _, ends := strings.Cut(part, "\n")
		line.WriteString(part)
		if ends {
			break
		}
	}
	return line.String()
}
