package table

import (
	"encoding/binary"
	"math/bits"
)

// numberPadding is how many bytes must follow a text that scanNumber reads,
// because it looks at eight at once.
const numberPadding = 8

// scanNumber reads the decimal number that starts at text[i] and returns it with
// the index behind it. Where it says no, it is not sure, and strconv.ParseFloat
// has to judge; a number that it returns is the one that ParseFloat returns.
func (p *powersOfTen) scanNumber(text []byte, i int) (v float64, end int, sure bool) {
	negative := text[i] == '-'
	if negative || text[i] == '+' {
		i++
	}
	start := i
	mantissa, i, sure := scanDigits(text, i, 0)
	digits, exponent := i-start, 0
	if text[i] == '.' {
		point := i + 1
		var fits bool
		mantissa, i, fits = scanDigits(text, point, mantissa)
		exponent = point - i
		digits -= exponent
		sure = sure && fits
	}
	if text[i]|0x20 == 'e' {
		power, after := scanExponent(text, i+1)
		sure = sure && after > 0
		exponent, i = exponent+power, after
	}
	if !sure || digits == 0 {
		return 0, i, false
	}
	v, sure = p.scale(mantissa, exponent)
	if negative {
		v = -v
	}
	return v, i, sure
}

// scanDigits appends the digits that start at text[i] to a mantissa. It says no
// where they do not fit.
func scanDigits(text []byte, i int, mantissa uint64) (appended uint64, end int, fits bool) {
	fits = true
	for {
		value, n := leadingDigits(binary.LittleEndian.Uint64(text[i:]))
		decade := &decades[n]
		fits = fits && mantissa <= decade.room
		mantissa = mantissa*decade.power + value
		i += n
		if n < 8 {
			return mantissa, i, fits
		}
	}
}

// decades holds for n = 0 … 8 the power 10ⁿ and the largest mantissa to which n
// digits can be appended.
var decades = func() (d [9]struct{ power, room uint64 }) {
	power := uint64(1)
	for n := range d {
		d[n].power, d[n].room = power, (1<<64-1-(power-1))/power
		power *= 10
	}
	return d
}()

// leadingDigits returns the value of the decimal digits that eight bytes of text
// (the first one lowest) start with, and their number. It works on all bytes at
// once: Lemire, "Number parsing at a gigabyte per second", Software: Practice and
// Experience 51 (2021) 1700.
func leadingDigits(text uint64) (value uint64, n int) {
	const each = 0x0101010101010101
	digits := text ^ '0'*each // 0 … 9 where there is a digit
	other := (digits + (0x7f-9)*each | digits) & (0x80 * each)
	n = bits.TrailingZeros64(other) / 8
	digits <<= (64 - 8*n) & 63 // zeros go in front
	if n == 0 {
		return 0, 0
	}
	digits = digits*10 + digits>>8 // pairs, in every other byte
	low := digits & 0xff_000000ff * (100 + 1000000<<32)
	high := digits >> 16 & 0xff_000000ff * (1 + 10000<<32)
	return (low + high) >> 32, n
}

// scanExponent returns 0 for the end where there are no digits or too many.
func scanExponent(text []byte, i int) (exponent, end int) {
	negative := text[i] == '-'
	if negative || text[i] == '+' {
		i++
	}
	start := i
	for text[i]-'0' <= 9 {
		if i-start == 4 {
			return 0, 0
		}
		exponent = exponent*10 + int(text[i]-'0')
		i++
	}
	if i == start {
		return 0, 0
	}
	if negative {
		exponent = -exponent
	}
	return exponent, i
}
