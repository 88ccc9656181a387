package binding

import (
	"fmt"

	"github.com/gocei/gocei/cgo"
)

// DType is the type of a tensor's elements.
type DType int32

// The element types.
const (
	Float32 = DType(cgo.Float32)
	Float64 = DType(cgo.Float64)
	Int64   = DType(cgo.Int64)
)

var dtypeNames = map[DType]string{Float32: "float32", Float64: "float64", Int64: "int64"}

// String returns "float32", "float64" or "int64".
func (d DType) String() string {
	if name, ok := dtypeNames[d]; ok {
		return name
	}
	return fmt.Sprintf("DType(%d)", int32(d))
}

// ParseDType returns the element type of that name.
func ParseDType(name string) (DType, error) {
	for d, n := range dtypeNames {
		if n == name {
			return d, nil
		}
	}
	return 0, &Error{Op: "parse element type", Kind: ErrDType, Msg: fmt.Sprintf("%q is not float32, float64 or int64", name)}
}

// MarshalText writes the name.
func (d DType) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a name.
func (d *DType) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDType(string(text))
	return err
}
