package table

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func scan(text string) (v float64, n int, sure bool) {
	padded := append([]byte(text), strings.Repeat("\n", numberPadding)...)
	return tenToThe().scanNumber(padded, 0)
}

// requireSame asserts that what the scanner is sure of is what strconv says.
func requireSame(t *testing.T, text string) (sure bool) {
	t.Helper()
	v, n, sure := scan(text)
	if !sure {
		return false
	}
	want, err := strconv.ParseFloat(text[:n], 64)
	require.NoError(t, err, "%q", text)
	require.Equal(t, math.Float64bits(want), math.Float64bits(v), "%q: %g, want %g", text, v, want)
	return true
}

func TestScanNumberIsSureOfPlainNumbers(t *testing.T) {
	for _, text := range strings.Fields("0 -0 +0 1 -1 10 00012 0.1 -.5 5. 1e5 1E-5 1e+05 12345678 123456789 0.000001234567890123456 " +
		"1.7976931348623157e307 2.2250738585072014e-308 9007199254740993e1 12345678901234567890 0.0000 0e999 1e22 123e-22 4.35") {
		require.True(t, requireSame(t, text), text)
		_, n, _ := scan(text)
		require.Equal(t, len(text), n, text)
	}
}

// What strconv refuses, rounds to a subnormal or has a tie in is left to it.
func TestScanNumberKnowsItsLimits(t *testing.T) {
	for _, text := range []string{"", "-", ".", "-.", "e5", "1e", "1e+", ".e1", "x", "inf", "NaN", "1e99999", "1e400", "1.7976931348623157e308", "1.8e308", "5e-324",
		"2.2250738585072011e-308", "9007199254740993", "18446744073709551615", "18446744073709551616", "123456789012345678901"} {
		_, _, sure := scan(text)
		require.False(t, sure, text)
	}
	for _, text := range []string{"0x10", "1_0", "1,5", "1 5", "1e5e5", "1..2", "--1"} {
		_, n, _ := scan(text)
		require.Less(t, n, len(text), text)
	}
}

func TestScanNumberEqualsStrconv(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	formats := []byte("efg")
	unsure := 0
	const tries = 300_000
	for range tries {
		v := math.Float64frombits(random.Uint64())
		if random.IntN(2) == 0 {
			v = random.NormFloat64() * math.Pow(10, float64(random.IntN(20)-10))
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		text := strconv.FormatFloat(v, formats[random.IntN(3)], random.IntN(20)-1, 64)
		if !requireSame(t, text) && len(text) < 25 {
			unsure++
		}
	}
	require.Less(t, unsure, tries/50)
}

// Numbers halfway between two float64 and one unit beside them are the hard ones.
func TestScanNumberNearHalfway(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		m := 1<<53 + random.Uint64N(1<<53)
		shift := random.IntN(10)
		halfway := (2*m + 1) << shift
		for _, d := range []uint64{halfway - 1, halfway, halfway + 1} {
			digits := strconv.FormatUint(d, 10)
			requireSame(t, digits)
			requireSame(t, digits[:3]+"."+digits[3:])
			requireSame(t, digits+"e"+strconv.Itoa(random.IntN(600)-320))
		}
	}
}

func TestPowersOfTen(t *testing.T) {
	p := tenToThe()
	for q := -300; q <= mostPower; q++ {
		require.NotZero(t, p[q-leastPower].mantissa>>63, q)
		want, err := strconv.ParseFloat("1e"+strconv.Itoa(q), 64)
		require.NoError(t, err)
		got := math.Ldexp(float64(p[q-leastPower].mantissa), p[q-leastPower].exponent)
		require.InEpsilon(t, want, got, 4e-16, q)
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, text := range []string{"1", "-0", "1.5e-7", "123456789.123456789", "1e400", "0x1p-2", "1_000", "inf", "9007199254740993", "4.9e-324", "1e-400", "..", "00000000000000000000001.0000000000000000000000001"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { requireSame(t, text) })
}

func BenchmarkNumber(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	for name, digits := range map[string]int{"17-digits": -1, "8-digits": 8} {
		var text []byte
		var ends []int
		for range 10_000 {
			text = append(strconv.AppendFloat(text, random.NormFloat64()*100, 'g', digits, 64), ',')
			ends = append(ends, len(text)-1)
		}
		text = append(text, make([]byte, numberPadding)...)
		b.Run(name+"/scan", func(b *testing.B) {
			p := tenToThe()
			for b.Loop() {
				for i := 0; i < ends[len(ends)-1]; {
					_, end, sure := p.scanNumber(text, i)
					if !sure {
						end = i
						for text[end] != ',' {
							end++
						}
						if _, err := strconv.ParseFloat(string(text[i:end]), 64); err != nil {
							b.Fatal(err)
						}
					}
					i = end + 1
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(ends)), "ns/number")
		})
		b.Run(name+"/strconv", func(b *testing.B) {
			for b.Loop() {
				i := 0
				for _, end := range ends {
					if _, err := strconv.ParseFloat(string(text[i:end]), 64); err != nil {
						b.Fatal(err)
					}
					i = end + 1
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(ends)), "ns/number")
		})
	}
}
