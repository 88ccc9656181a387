package statedict

import (
	"encoding/binary"
	"math"
)

// element is a type of elements, little-endian.
type element struct {
	bytes  int64
	decode func(raw []byte) float64
}

var (
	float32s  = element{4, func(raw []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))) }}
	float64s  = element{8, func(raw []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(raw)) }}
	int64s    = element{8, func(raw []byte) float64 { return float64(int64(binary.LittleEndian.Uint64(raw))) }}
	bfloat16s = element{2, func(raw []byte) float64 {
		return float64(math.Float32frombits(uint32(binary.LittleEndian.Uint16(raw)) << 16))
	}}
	float16s = element{2, func(raw []byte) float64 { return halfToFloat(binary.LittleEndian.Uint16(raw)) }}
)

// halfToFloat returns the value of an IEEE 754 binary16.
func halfToFloat(bits uint16) float64 {
	sign := 1.0
	if bits&0x8000 != 0 {
		sign = -1
	}
	exponent, mantissa := int(bits>>10)&0x1f, float64(bits&0x3ff)
	switch {
	case exponent == 0:
		return sign * math.Ldexp(mantissa, -24)
	case exponent < 31:
		return sign * math.Ldexp(mantissa+1024, exponent-25)
	case mantissa != 0:
		return math.NaN()
	}
	return math.Inf(int(sign))
}

// storages are the names of PyTorch's storages.
var storages = map[string]element{
	"torch FloatStorage": float32s, "torch DoubleStorage": float64s, "torch HalfStorage": float16s, "torch BFloat16Storage": bfloat16s, "torch LongStorage": int64s,
}
