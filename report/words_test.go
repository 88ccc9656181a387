package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{
		{0, 3, "0"}, {0.0123456, 3, "0.0123"}, {123.456, 2, "123"}, {-0.5, 1, "−0.5"}, {9.99, 2, "10"}, {0.0999, 2, "0.10"},
		{4.5e-6, 2, "4.5·10⁻⁶"}, {-1.25e9, 3, "−1.25·10⁹"}, {math.NaN(), 2, "–"}, {math.Inf(1), 2, "–"},
	} {
		assert.Equal(t, c.want, number(c.v, c.digits), "%g", c.v)
	}
}

// The error has two digits, and the number ends where it does.
func TestWithError(t *testing.T) {
	for _, c := range []struct {
		v, e float64
		want string
	}{
		{0.66312, 0.0114, "0.663 ± 0.011"}, {-0.001, 0.037, "−0.001 ± 0.037"}, {-0.0001, 0.037, "0.000 ± 0.037"}, {1234, 56, "1234 ± 56"},
		{0.5, 0.0996, "0.50 ± 0.10"}, {3, 0, "3.00 ± 0"}, {3, math.NaN(), "3.00 ± –"},
	} {
		assert.Equal(t, c.want, withError(c.v, c.e))
	}
	assert.Equal(t, "66.3 ± 1.1\u00a0%", percent(0.6631, 0.0114))
}

func TestPValue(t *testing.T) {
	assert.Equal(t, "0.064", pValue(0.0638))
	assert.Equal(t, "< 0.001", pValue(0.0005))
	assert.Equal(t, "1.0", pValue(1))
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1\u202f000", 1234567: "1\u202f234\u202f567", -1000: "-1\u202f000", -100: "-100"} {
		assert.Equal(t, want, count(n))
	}
	assert.Equal(t, "1 event", plural(1, "event", "events"))
	assert.Equal(t, "0 events", plural(0, "event", "events"))
}
