package table

import (
	"bytes"
	"io"

	"github.com/gocei/gocei/dataset"
)

const (
	chunkBytes = 1 << 20
	// longestLine in bytes. It bounds the memory that a text without line ends can
	// take, and the blank lines that a small compressed file can hold.
	longestLine = 64 << 20
)

// textChunk is a piece of a text that is parsed at once: whole lines, unless the
// text fails within one.
type textChunk struct {
	buffer []byte // the text, then numberPadding line ends
	text   []byte
	end    error // nil where more chunks follow; io.EOF; or why the text ends there

	rows  dataset.Matrix
	lines int
	err   error // comes after the rows; its line is counted from the chunk's first
}

// cutter cuts a text into chunks. Where it cuts does not depend on how much each
// Read gives.
type cutter struct {
	in   io.Reader
	rest []byte // the start of the next chunk
}

func (c *cutter) cut(chunk *textChunk) {
	b := append(chunk.buffer[:0], c.rest...)
	c.rest = c.rest[:0]
	var err error
	end := 0
	for size := chunkBytes; end == 0 && err == nil; size *= 2 {
		if b, err = readUpTo(c.in, b, size); err != nil {
			end = len(b)
		} else if end = lastRecordEnd(b); end == 0 && size >= longestLine {
			err = &Error{Line: 1, Column: 1, Reason: "expected lines of less than 64 MiB, found a longer one (or a quote that is not closed)"}
			end = len(b)
		}
	}
	c.rest = append(c.rest, b[end:]...)
	b = append(b[:end], "\n\n\n\n\n\n\n\n"[:numberPadding]...)
	chunk.buffer, chunk.text, chunk.end = b, b[:end], err
}

// readUpTo appends to b until it holds size bytes or the text ends.
func readUpTo(in io.Reader, b []byte, size int) ([]byte, error) {
	if cap(b) < size+numberPadding {
		b = append(make([]byte, 0, size+numberPadding), b...)
	}
	for idle := 0; len(b) < size; {
		n, err := in.Read(b[len(b):size])
		b = b[:len(b)+n]
		if err != nil {
			return b, err
		}
		if idle++; n > 0 {
			idle = 0
		}
		if idle == 100 {
			return b, io.ErrNoProgress
		}
	}
	return b, nil
}

// lastRecordEnd returns the index behind the last line end that is not within
// quotes, for a text that starts outside of them; 0 where there is none.
func lastRecordEnd(text []byte) int {
	end := len(text)
	for quotes := bytes.Count(text, []byte{'"'}); ; quotes-- {
		quote := bytes.LastIndexByte(text[:end], '"')
		if quotes%2 == 0 {
			if i := bytes.LastIndexByte(text[quote+1:end], '\n'); i >= 0 {
				return quote + 1 + i + 1
			}
		}
		if quote < 0 {
			return 0
		}
		end = quote
	}
}
