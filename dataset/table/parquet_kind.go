package table

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go/deprecated"
	spec "github.com/parquet-go/parquet-go/format"
)

// numberKind is a way to store a number in a fixed number of little-endian bytes.
type numberKind int

const (
	float64Kind numberKind = iota
	float32Kind
	int32Kind
	int64Kind
	uint32Kind
	uint64Kind
)

// size is in bytes.
func (k numberKind) size() int {
	switch k {
	case float64Kind, int64Kind, uint64Kind:
		return 8
	}
	return 4
}

// numberKindOf returns how a column keeps its numbers, or what it holds instead.
// Dates, times and decimals are stored as integers, but are none.
func numberKindOf(e spec.SchemaElement) (kind numberKind, why string) {
	if !e.Type.Valid {
		return 0, "other columns within it"
	}
	if e.RepetitionType.Valid && e.RepetitionType.V == spec.Repeated {
		return 0, "lists"
	}
	var unsigned bool
	switch t := e.LogicalType.Value.(type) {
	case nil: // older files have only a converted type
		c := e.ConvertedType
		unsigned = c.Valid && c.V >= deprecated.Uint8 && c.V <= deprecated.Uint64
		if c.Valid && !unsigned && (c.V < deprecated.Int8 || c.V > deprecated.Int64) {
			return 0, "values of another kind"
		}
	case *spec.IntType:
		unsigned = !t.IsSigned
	default:
		return 0, e.LogicalType.String()
	}
	switch e.Type.V {
	case spec.Double:
		return float64Kind, ""
	case spec.Float:
		return float32Kind, ""
	case spec.Int32:
		if unsigned {
			return uint32Kind, ""
		}
		return int32Kind, ""
	case spec.Int64:
		if unsigned {
			return uint64Kind, ""
		}
		return int64Kind, ""
	}
	return 0, e.Type.V.String()
}

// spread puts the numbers in raw into every stride-th element of out. It returns
// how many it put there: fewer than there are where a float64 cannot hold the next
// one exactly.
func (k numberKind) spread(out []float64, stride int, raw []byte) int {
	switch k {
	case float64Kind:
		return spreadFloat64(out, stride, raw)
	case float32Kind:
		for i := 0; 4*i < len(raw); i++ {
			out[i*stride] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
		}
		return len(raw) / 4
	case int32Kind:
		for i := 0; 4*i < len(raw); i++ {
			out[i*stride] = float64(int32(binary.LittleEndian.Uint32(raw[4*i:])))
		}
		return len(raw) / 4
	case uint32Kind:
		for i := 0; 4*i < len(raw); i++ {
			out[i*stride] = float64(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		return len(raw) / 4
	}
	for i := 0; 8*i < len(raw); i++ {
		v, exact := k.float(binary.LittleEndian.Uint64(raw[8*i:]))
		if !exact {
			return i
		}
		out[i*stride] = v
	}
	return len(raw) / 8
}

func spreadFloat64(out []float64, stride int, raw []byte) (n int) {
	for i := 0; len(raw) >= 8; i += stride {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw))
		raw = raw[8:]
		n++
	}
	return n
}

// float converts a 64-bit integer.
func (k numberKind) float(stored uint64) (v float64, exact bool) {
	if k == int64Kind {
		return floatOf(int64(stored))
	}
	return float64(stored), fits(stored)
}

// text returns the 64-bit integer at the start of raw in digits.
func (k numberKind) text(raw []byte) string {
	stored := binary.LittleEndian.Uint64(raw)
	if k == int64Kind {
		return strconv.FormatInt(int64(stored), 10)
	}
	return strconv.FormatUint(stored, 10)
}
