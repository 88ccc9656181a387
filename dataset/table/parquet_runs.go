package table

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// runs reads small whole numbers in Parquet's mix of repeated and bit-packed ones
// (https://parquet.apache.org/docs/file-format/data-pages/encodings/, RLE). A run
// may claim any length: it is read as it is asked for, never as a whole.
type runs struct {
	r      *bufio.Reader
	width  uint // bits of a number
	left   int  // numbers of the run that were not given yet
	packed bool
	value  uint32 // of a repeated run
	group  [8]uint32
	at     int          // within the group of a packed run
	text   [32 + 8]byte // of the group; numbers are loaded eight bytes at a time
}

func newRuns(r *bufio.Reader, width uint) (*runs, error) {
	if width > 32 {
		return nil, fmt.Errorf("expected numbers of at most 32 bits, found %d", width)
	}
	return &runs{r: r, width: width}, nil
}

// next fills numbers.
func (s *runs) next(numbers []uint32) error {
	for len(numbers) > 0 {
		if err := s.start(); err != nil {
			return err
		}
		n := min(s.left, len(numbers))
		if s.packed {
			n = copy(numbers[:n], s.group[s.at:])
			s.at += n
		} else {
			for i := range numbers[:n] {
				numbers[i] = s.value
			}
		}
		numbers = numbers[n:]
		s.left -= n
	}
	return nil
}

// equal returns how many of the next n numbers are the given one before the first
// that is another.
func (s *runs) equal(number uint32, n int) (same int, err error) {
	for same < n {
		if err := s.start(); err != nil {
			return same, err
		}
		if !s.packed {
			if s.value != number {
				return same, nil
			}
			length := min(s.left, n-same)
			same, s.left = same+length, s.left-length
			continue
		}
		if s.group[s.at] != number {
			return same, nil
		}
		same, s.at, s.left = same+1, s.at+1, s.left-1
	}
	return same, nil
}

// start makes sure that there is a number to give.
func (s *runs) start() error {
	for s.left == 0 {
		head, err := binary.ReadUvarint(s.r)
		if err != nil {
			return cutOff(err)
		}
		const most = 1 << 40 // numbers; more would overflow
		if head > most {
			return fmt.Errorf("expected a run of numbers, found one of length %d", head>>1)
		}
		s.packed, s.left, s.at = head&1 == 1, int(head>>1), 0
		if s.packed {
			s.left, s.at = s.left*8, len(s.group)
		} else if err := s.repeated(); err != nil {
			return err
		}
	}
	if s.packed && s.at == len(s.group) {
		return s.unpack()
	}
	return nil
}

func (s *runs) repeated() error {
	size := (s.width + 7) / 8
	_, err := io.ReadFull(s.r, s.text[:size])
	s.value = uint32(binary.LittleEndian.Uint64(s.text[:]) & (1<<(8*size) - 1))
	return cutOff(err)
}

// unpack reads the eight numbers of a group, which fill whole bytes.
func (s *runs) unpack() error {
	if _, err := io.ReadFull(s.r, s.text[:s.width]); err != nil {
		return cutOff(err)
	}
	mask := uint64(1)<<s.width - 1
	for i := range s.group {
		bit := uint(i) * s.width
		s.group[i] = uint32(binary.LittleEndian.Uint64(s.text[bit/8:]) >> (bit % 8) & mask)
	}
	s.at = 0
	return nil
}

// cutOff says that an end came too early.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
