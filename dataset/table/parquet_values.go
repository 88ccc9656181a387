package table

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	spec "github.com/parquet-go/parquet-go/format"
)

// plainDictionary is what older files call RLE_DICTIONARY, and PLAIN in the
// dictionary itself.
const plainDictionary spec.Encoding = 2

// plainNumbers returns a reader that gives count numbers as the encoding PLAIN
// stores them, one after another, whatever their own encoding is.
func plainNumbers(r io.Reader, e spec.Encoding, kind numberKind, count int, dictionary []byte) (io.Reader, error) {
	switch e {
	case spec.Plain:
		return r, nil
	case plainDictionary, spec.RLEDictionary:
		return newLookup(bufio.NewReader(r), kind.size(), dictionary)
	case spec.ByteStreamSplit:
		return joinStreams(r, kind.size(), count)
	case spec.DeltaBinaryPacked:
		if kind != float64Kind && kind != float32Kind {
			return newDeltas(bufio.NewReader(r), kind.size())
		}
	}
	return nil, fmt.Errorf("expected numbers in an encoding for them, found %s", e)
}

// lookup gives the entries of a dictionary that a page lists by their indices.
type lookup struct {
	indices    *runs
	size       int // bytes of an entry
	dictionary []byte
	buffer     [256]uint32
}

func newLookup(r *bufio.Reader, size int, dictionary []byte) (io.Reader, error) {
	if dictionary == nil {
		return nil, fmt.Errorf("expected a dictionary before the page that uses it")
	}
	width, err := r.ReadByte()
	if err != nil {
		return nil, cutOff(err)
	}
	indices, err := newRuns(r, uint(width))
	return &lookup{indices: indices, size: size, dictionary: dictionary}, err
}

// Read fills p, which is as long as some entries.
func (l *lookup) Read(p []byte) (n int, err error) {
	for n < len(p) {
		indices := l.buffer[:min(len(l.buffer), (len(p)-n)/l.size)]
		if err := l.indices.next(indices); err != nil {
			return n, err
		}
		if l.size == 8 {
			err = entries64(p[n:], l.dictionary, indices)
		} else {
			err = entries32(p[n:], l.dictionary, indices)
		}
		if err != nil {
			return n, err
		}
		n += len(indices) * l.size
	}
	return n, nil
}

func entries64(p, dictionary []byte, indices []uint32) error {
	for i, index := range indices {
		at := 8 * int(index)
		if at+8 > len(dictionary) {
			return noEntry(index, len(dictionary)/8)
		}
		binary.LittleEndian.PutUint64(p[8*i:], binary.LittleEndian.Uint64(dictionary[at:]))
	}
	return nil
}

func entries32(p, dictionary []byte, indices []uint32) error {
	for i, index := range indices {
		at := 4 * int(index)
		if at+4 > len(dictionary) {
			return noEntry(index, len(dictionary)/4)
		}
		binary.LittleEndian.PutUint32(p[4*i:], binary.LittleEndian.Uint32(dictionary[at:]))
	}
	return nil
}

func noEntry(index uint32, entries int) error {
	return fmt.Errorf("expected an entry of a dictionary of %d, found number %d", entries, index)
}

// joinStreams undoes BYTE_STREAM_SPLIT, which stores all first bytes of the
// numbers, then all second ones, and so on.
func joinStreams(r io.Reader, size, count int) (io.Reader, error) {
	split, err := readPrefix(r, int64(count)*int64(size))
	if err != nil {
		return nil, err
	}
	joined := make([]byte, len(split))
	for k := range size {
		for i, b := range split[k*count : (k+1)*count] {
			joined[i*size+k] = b
		}
	}
	return bytes.NewReader(joined), nil
}

// readPrefix returns n bytes. Its memory grows with what is really there.
func readPrefix(r io.Reader, n int64) ([]byte, error) {
	const most = 256 << 20
	if n > most {
		return nil, fmt.Errorf("expected at most %d MiB of numbers that have to be held at once, found %d", most>>20, n>>20)
	}
	var b bytes.Buffer
	_, err := io.CopyN(&b, r, n)
	return b.Bytes(), cutOff(err)
}
