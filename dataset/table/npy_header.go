package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gocei/gocei/internal/excerpt"
)

// npyArray describes the array in a .npy file (NumPy Enhancement Proposal 1 and
// the documentation of numpy.lib.format).
type npyArray struct {
	fields  []npyField // one without a name where the elements are not structured
	item    int        // bytes of an element
	fortran bool       // the first index runs quickest
	shape   []int64
	start   int64 // of the data in the file

	unsupported error // why the elements cannot be read as numbers, if so
}

type npyField struct {
	name   string
	offset int
	npyType
}

const (
	npyMagic = "\x93NUMPY"
	// longestNPYHeader in bytes. NumPy itself refuses more than 10,000 unless told
	// otherwise.
	longestNPYHeader = 1 << 20
)

// readNPYHeader reads up to the data. What is sound, but no table, is not an
// error yet.
func readNPYHeader(r io.Reader) (a npyArray, err error) {
	text, version, start, err := readNPYText(r)
	if err != nil {
		return a, err
	}
	a.start = start
	if version < 3 {
		text = fromLatin1(text)
	}
	v, err := readLiteral(text)
	if err != nil {
		return a, wrong("%w", err)
	}
	header, _ := v.(map[string]any)
	fortran, isBool := header["fortran_order"].(bool)
	shape, isList := header["shape"].([]any)
	if !isBool || !isList || len(header) != 3 {
		return a, wrong("expected a header of NumPy with descr, fortran_order and shape, found %s", excerpt.Of(text))
	}
	a.fortran = fortran
	for _, n := range shape {
		size, ok := n.(int64)
		if !ok || size < 0 {
			return a, wrong("expected a shape of whole numbers, found %v", n)
		}
		a.shape = append(a.shape, size)
	}
	a.unsupported = a.setType(header["descr"])
	return a, nil
}

// readNPYText returns the header's text, and where the data start.
func readNPYText(r io.Reader) (text string, version byte, start int64, err error) {
	prefix := make([]byte, len(npyMagic)+2+4)
	n, err := io.ReadFull(r, prefix[:len(prefix)-2])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", 0, 0, err
	}
	if err != nil || !bytes.HasPrefix(prefix, []byte(npyMagic)) {
		return "", 0, 0, wrong("expected an array of NumPy, found %s", excerpt.Of(string(prefix[:n])))
	}
	version = prefix[len(npyMagic)]
	length := int64(binary.LittleEndian.Uint16(prefix[n-2:]))
	switch version {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, prefix[n:]); err != nil {
			return "", 0, 0, wrong("expected a header of NumPy, found the end of the file")
		}
		n = len(prefix)
		length = int64(binary.LittleEndian.Uint32(prefix[n-4:]))
	default:
		return "", 0, 0, wrong("expected NumPy's format 1, 2 or 3, found %d", version)
	}
	if length > longestNPYHeader {
		return "", 0, 0, wrong("expected a header of at most %d bytes, found one of %d", longestNPYHeader, length)
	}
	header, err := io.ReadAll(io.LimitReader(r, length))
	if err == nil && int64(len(header)) < length {
		err = wrong("expected a header of %d bytes, found the end of the file", length)
	}
	return string(header), version, int64(n) + length, err
}

func fromLatin1(text string) string {
	runes := make([]rune, len(text))
	for i := range len(text) {
		runes[i] = rune(text[i])
	}
	return string(runes)
}

// setType understands 'descr': a type, or a list of (name, type), where the name
// may have a title beside it.
func (a *npyArray) setType(descr any) error {
	if name, ok := descr.(string); ok {
		t, err := parseNPYType(name)
		a.fields, a.item = []npyField{{npyType: t}}, t.bytes
		return err
	}
	list, ok := descr.([]any)
	if !ok || len(list) == 0 {
		return wrong("expected a type of NumPy such as <f8, found %v", excerpt.Of(fmt.Sprint(descr)))
	}
	for _, v := range list {
		parts, ok := v.([]any)
		if !ok || len(parts) != 2 {
			return wrong("expected fields of single numbers, found %s", excerpt.Of(fmt.Sprint(v)))
		}
		if titled, ok := parts[0].([]any); ok && len(titled) == 2 {
			parts[0] = titled[1]
		}
		name, named := parts[0].(string)
		typeName, plain := parts[1].(string)
		if !named || !plain {
			return wrong("expected fields of single numbers, found %s", excerpt.Of(fmt.Sprint(v)))
		}
		t, err := parseNPYType(typeName)
		if err != nil {
			return err
		}
		if name != "" { // otherwise it is padding
			a.fields = append(a.fields, npyField{name, a.item, t})
		}
		if a.item += t.bytes; a.item > largestItem {
			return wrong("expected rows of less than %d MiB, found larger ones", largestItem>>20)
		}
	}
	return nil
}

func (a *npyArray) structured() bool { return len(a.fields) != 1 || a.fields[0].name != "" }

// bytes returns the size of the data.
func (a *npyArray) bytes() (int64, error) {
	n := uint64(a.item)
	for _, size := range a.shape {
		high, low := bits.Mul64(n, uint64(size))
		if high > 0 || low > math.MaxInt64 {
			return 0, wrong("expected an array that fits on a disk, found the shape %v", a.shape)
		}
		n = low
	}
	return int64(n), nil
}

// npyHeader returns the bytes before the data of an array. With the same fields
// and dimensions they are as many whatever the shape.
func npyHeader(descr string, shape ...int64) ([]byte, error) {
	const widest = 20 // digits of a dimension
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = fmt.Sprint(n)
	}
	tuple := "(" + strings.Join(sizes, ", ") + ")"
	if len(sizes) == 1 {
		tuple = "(" + sizes[0] + ",)"
	}
	text := fmt.Sprintf("{'descr': %s, 'fortran_order': False, 'shape': %s, }", descr, tuple)
	text += strings.Repeat(" ", widest*len(shape)-len(strings.Join(sizes, "")))

	version, lengthBytes := byte(1), 2
	if strings.ContainsFunc(descr, func(c rune) bool { return c >= utf8.RuneSelf }) {
		version, lengthBytes = 3, 4
	} else if len(text) > math.MaxUint16-128 {
		version, lengthBytes = 2, 4
	}
	if len(text) > longestNPYHeader-128 {
		return nil, fmt.Errorf("the columns' names take more than NumPy's header can hold: want less than %d bytes", longestNPYHeader)
	}
	before := len(npyMagic) + 2 + lengthBytes
	const alignment = 64
	text += strings.Repeat(" ", alignment-1-(before+len(text))%alignment) + "\n"
	head := append([]byte(npyMagic), version, 0)
	length := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	return slices.Concat(head, length[:lengthBytes], []byte(text)), nil
}
