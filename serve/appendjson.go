package serve

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"
)

// JSON and tensors are appended to a buffer that is used again, number by number: an answer is thousands of numbers.

// appendNumber appends the shortest text that is read back as x; null where x is not finite, which JSON has no word for.
func appendNumber(b []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}

func appendNumbers(b []byte, all []float64) []byte {
	b = append(b, '[')
	for i, x := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, x)
	}
	return append(b, ']')
}

func appendString(b []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // strings have no errors
	return append(b, quoted...)
}

func appendStrings(b []byte, all []string) []byte {
	b = append(b, '[')
	for i, text := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, text)
	}
	return append(b, ']')
}

func appendInts(b []byte, all []int) []byte {
	b = append(b, '[')
	for i, n := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}

func appendBools(b []byte, all []bool) []byte {
	b = append(b, '[')
	for i, yes := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendBool(b, yes)
	}
	return append(b, ']')
}

// appendFP64 appends binary tensor data.
func appendFP64(b []byte, all []float64) []byte {
	for _, x := range all {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

func appendBOOL(b []byte, all []bool) []byte {
	for _, yes := range all {
		one := byte(0)
		if yes {
			one = 1
		}
		b = append(b, one)
	}
	return b
}
