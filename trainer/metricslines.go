package trainer

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// longestMetrics is how many bytes a line of metrics.jsonl may have, which a reader's buffer holds.
const longestMetrics = 1 << 20

// errLongLine comes in the place of a line that is longer.
var errLongLine = fmt.Errorf("expected the figures of an epoch, found a line of more than %d bytes", longestMetrics)

// nextLine returns a line with its end, which the last may lack, and io.EOF after it. The line is valid until the next.
func nextLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if len(line) > 0 && errors.Is(err, io.EOF) {
		return line, nil
	}
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return nil, errLongLine
}
