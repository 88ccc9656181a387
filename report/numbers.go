package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// interval is a number with the distances to the ends of its interval, as text.
type interval struct{ value, up, down string }

// intervalText gives the distances two digits and the value as many decimals.
func intervalText(low, value, high float64) interval {
	up, down := high-value, value-low
	least := min(up, down)
	if !(least > 0) {
		least = max(up, down)
	}
	size := math.Abs(value)
	if !(least > 0) || least < 1e-9*size {
		return interval{value: minus(strconv.FormatFloat(value, 'g', 4, 64))}
	}
	digits := 1 - exponent(least)
	if digits > 6 || size >= 1e6 || up >= 1e6 || down >= 1e6 {
		return interval{minus(strconv.FormatFloat(value, 'g', 4, 64)), "+" + strconv.FormatFloat(up, 'g', 2, 64), "\u2212" + strconv.FormatFloat(down, 'g', 2, 64)}
	}
	fixed := func(x float64) string { return strconv.FormatFloat(x, 'f', max(digits, 0), 64) }
	return interval{minus(fixed(value)), "+" + fixed(up), "\u2212" + fixed(down)}
}

// minus puts a true minus sign before a negative number.
func minus(number string) string {
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		return "\u2212" + rest
	}
	return number
}

// twoDigits writes a number with two digits that count, 0.20 and not 0.2.
func twoDigits(x float64) string { return minus(strings.TrimSuffix(fmt.Sprintf("%#.2g", x), ".")) }
