package main

import (
	"math"
	"strconv"
	"strings"
)

// alike writes numbers of one quantity with as many decimals as give the largest five digits, so that they can be
// compared at a glance.
func alike(values ...float64) []string {
	return alikeDownTo(magnitude(values)*1e-4, values)
}

// alikeDownTo writes numbers of one quantity with the decimals that show the digit in which the smallest lies. Numbers for
// which these are too many, or too few, are written with an exponent.
func alikeDownTo(smallest float64, values []float64) []string {
	largest := magnitude(values)
	texts := make([]string, len(values))
	for i, v := range values {
		switch {
		case largest == 0:
			texts[i] = "0"
		case largest < 1e-3 || largest >= 1e7:
			texts[i] = strconv.FormatFloat(v, 'e', 2, 64)
		default:
			texts[i] = fixed(v, max(0, -exponent(smallest)))
		}
	}
	return texts
}

func magnitude(values []float64) (largest float64) {
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

// fixed writes a number with so many decimals, and never -0.
func fixed(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// exponent returns the power of ten of the first digit of a number above 0, as it is when written with five.
func exponent(v float64) int {
	_, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', 4, 64), "e")
	n, _ := strconv.Atoi(power) // FormatFloat writes a whole number there
	return n
}
