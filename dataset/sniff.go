package dataset

import (
	"bufio"
	"bytes"
	"io"
	"strings"
)

// sniffedBytes is how much of a table is looked at to find out what it is.
const sniffedBytes = 1 << 16

// sniff skips a byte order mark, refuses what is not text, and returns what
// separates the columns in the first line that is not empty. Tabs and semicolons
// go before commas, which may be decimal signs beside them.
func sniff(text *bufio.Reader) (separator rune, err error) {
	start, err := text.Peek(sniffedBytes)
	if err != nil && err != io.EOF {
		return 0, err
	}
	if mark := []byte("\uFEFF"); bytes.HasPrefix(start, mark) {
		start = start[len(mark):]
		if _, err := text.Discard(len(mark)); err != nil {
			return 0, err
		}
	}
	if i := bytes.IndexByte(start, 0); i >= 0 {
		line := 1 + bytes.Count(start[:i], []byte("\n"))
		column := i - bytes.LastIndexByte(start[:i], '\n')
		return 0, &TableError{Line: line, Column: column, Reason: "expected text in UTF-8, found a zero byte: this is a binary file or UTF-16"}
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(start)), "\n")
	for _, separator := range "\t;, " {
		if strings.ContainsRune(line, separator) {
			return separator, nil
		}
	}
	return ',', nil
}
