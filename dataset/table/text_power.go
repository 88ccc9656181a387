package table

import (
	"math"
	"math/big"
	"math/bits"
	"sync"
)

// powersOfTen holds 10^q for q from leastPower to mostPower, each as
// mantissa·2^exponent, whose mantissa has its highest bit set and is cut off, not
// rounded.
type powersOfTen [mostPower - leastPower + 1]struct {
	mantissa uint64
	exponent int
}

// Beyond these, no mantissa below 2⁶⁴ gives a normal float64.
const leastPower, mostPower = -327, 308

// tenToThe is made when the first text is read.
var tenToThe = sync.OnceValue(func() *powersOfTen {
	var p powersOfTen
	for i := range p {
		q := leastPower + i
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(q, -q))), nil)
		exponent := 0
		if q < 0 {
			exponent = -64 - power.BitLen()
			power.Quo(new(big.Int).Lsh(big.NewInt(1), uint(-exponent)), power)
		}
		excess := power.BitLen() - 64
		if excess > 0 {
			power.Rsh(power, uint(excess))
		} else {
			power.Lsh(power, uint(-excess))
		}
		p[i].mantissa, p[i].exponent = power.Uint64(), exponent+excess
	}
	return &p
})

// scale returns the float64 nearest to mantissa·10^q, ties going to even. It says
// no where it is not sure.
//
// This is the first step of Lemire's algorithm (Software: Practice and Experience
// 51 (2021) 1700). With 10^q = (p + ε)·2^e, 0 ≤ ε < 1, and the mantissa m moved up
// until its highest bit is set, the exact product m·(p + ε) lies in [m·p, m·p + m),
// which spans less than one unit of the upper half of the 128 bits of m·p. Unless
// a point halfway between two float64 lies in there, both ends round alike.
func (p *powersOfTen) scale(mantissa uint64, q int) (v float64, sure bool) {
	if mantissa == 0 {
		return 0, true
	}
	if q < leastPower || q > mostPower {
		return 0, false
	}
	power := &p[q-leastPower]
	zeros := bits.LeadingZeros64(mantissa)
	mantissa <<= zeros
	high, low := bits.Mul64(mantissa, power.mantissa)
	drop := 10 + int(high>>63) // leaves 53 bits
	half := uint64(1) << (drop - 1)
	rest := high & (half<<1 - 1)
	if rest == half-1 && low+mantissa < low || rest == half && low == 0 {
		return 0, false
	}
	exponent := power.exponent + 64 - zeros + drop
	const bias = 1023 + 52
	if exponent < 1-bias || exponent > 2045-bias {
		return 0, false // subnormal, or infinite once rounded up
	}
	// Rounding up may carry into the exponent, which then is right.
	rounded := high>>drop + rest>>(drop-1)
	return math.Float64frombits(rounded + uint64(exponent+bias-1)<<52), true
}
