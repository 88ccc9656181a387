package table

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/gocei/gocei/internal/excerpt"
)

// npyType says how one value of an array is stored.
type npyType struct {
	name   string // NumPy's, such as <f8
	bytes  int
	number npyNumber // nil where it is no number
}

// npyNumber returns the number in the first bytes; it says no where that is a
// whole number that float64 rounds.
type npyNumber func(from []byte) (v float64, exact bool)

// largestItem bounds the bytes of one element, which is held in memory.
const largestItem = 64 << 20

// parseNPYType understands all types of fixed size.
func parseNPYType(name string) (npyType, error) {
	plain := strings.TrimLeft(name, "<>|=")
	t := npyType{name: name}
	if plain == "" || len(name)-len(plain) > 1 {
		return t, wrong("expected a type of NumPy such as <f8, found %s", excerpt.Of(name))
	}
	kind := plain[0]
	digits, _, _ := strings.Cut(plain[1:], "[") // M8[ns]
	size, err := strconv.Atoi(digits)
	if kind == 'O' {
		return t, wrong("expected numbers, found pickled Python objects, which are never read")
	}
	if err != nil || size < 0 || size > largestItem || !strings.ContainsRune("fiubcSUVaMm", rune(kind)) {
		return t, wrong("expected a type of NumPy such as <f8, found %s", excerpt.Of(name))
	}
	if kind == 'U' {
		size *= 4
	}
	var order binary.ByteOrder = binary.LittleEndian
	if name[0] == '>' {
		order = binary.BigEndian
	}
	t.bytes, t.number = size, numberIn(kind, size, order)
	return t, nil
}

func numberIn(kind byte, size int, order binary.ByteOrder) npyNumber {
	switch kind {
	case 'f':
		return floatIn(size, order)
	case 'i':
		whole := unsignedIn(size, order)
		if whole == nil {
			return nil
		}
		unused := 64 - 8*size
		return func(from []byte) (float64, bool) {
			return floatOf(int64(whole(from)<<unused) >> unused)
		}
	case 'u':
		whole := unsignedIn(size, order)
		if whole == nil {
			return nil
		}
		return func(from []byte) (float64, bool) {
			n := whole(from)
			return float64(n), fits(n)
		}
	}
	return nil
}

// floatOf says no where float64 rounds the number.
func floatOf(n int64) (v float64, exact bool) { return float64(n), fits(uint64(max(n, -n))) }

// fits reports whether float64's 53 bits hold a whole number.
func fits(n uint64) bool { return bits.Len64(n)-bits.TrailingZeros64(n) <= 53 }

func floatIn(size int, order binary.ByteOrder) npyNumber {
	switch size {
	case 4:
		return func(from []byte) (float64, bool) { return float64(math.Float32frombits(order.Uint32(from))), true }
	case 8:
		if order == binary.LittleEndian { // spelled out, because it is the usual one
			return func(from []byte) (float64, bool) {
				return math.Float64frombits(binary.LittleEndian.Uint64(from)), true
			}
		}
		return func(from []byte) (float64, bool) { return math.Float64frombits(order.Uint64(from)), true }
	}
	return nil
}

func unsignedIn(size int, order binary.ByteOrder) func(from []byte) uint64 {
	switch size {
	case 1:
		return func(from []byte) uint64 { return uint64(from[0]) }
	case 2:
		return func(from []byte) uint64 { return uint64(order.Uint16(from)) }
	case 4:
		return func(from []byte) uint64 { return uint64(order.Uint32(from)) }
	case 8:
		return order.Uint64
	}
	return nil
}
