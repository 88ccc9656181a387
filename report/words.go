package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// number writes a number with so many significant digits, as people write it: 0.0123, 4.5·10⁻⁶.
func number(v float64, digits int) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case v == 0:
		return "0"
	case size < 1e-3 || size >= 1e5:
		return scientific(v, digits)
	}
	return withMinus(strconv.FormatFloat(v, 'f', max(digits-1-decade(v, digits), 0), 64))
}

func scientific(v float64, digits int) string {
	mantissa, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	n, _ := strconv.Atoi(power) // FormatFloat writes a whole number there
	return withMinus(mantissa) + "·10" + superscript.Replace(strconv.Itoa(n))
}

// withError writes a number to the second digit of its standard error: 0.663 ± 0.011.
func withError(v, e float64) string {
	if !(e > 0) || math.IsInf(e, 0) || e < 1e-6 || math.Abs(v) >= 1e5 {
		return number(v, 3) + " ± " + number(e, 2)
	}
	decimals := max(1-decade(e, 2), 0)
	return withMinus(strconv.FormatFloat(v, 'f', decimals, 64)) + " ± " + strconv.FormatFloat(e, 'f', decimals, 64)
}

// percent writes a share with its standard error in percent: 66.3 ± 1.1 %.
func percent(v, e float64) string { return fmt.Sprintf("%.1f ± %.1f\u00a0%%", 100*v, 100*e) }

// pValue writes a p-value, and says where it is too small to count.
func pValue(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return number(p, 2)
}

// decade returns the power of ten of a number's first digit when it is rounded to so many.
func decade(v float64, digits int) int {
	_, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', digits-1, 64), "e")
	n, _ := strconv.Atoi(power) // FormatFloat writes a whole number there
	return n
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// withMinus sets a minus sign in place of a hyphen, and none before zero.
func withMinus(text string) string {
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", "−", 1)
}

// count writes how many there are of something, in groups of three digits.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%s %s", count(n), one)
	}
	return fmt.Sprintf("%s %s", count(n), many)
}

// lower writes the first letter small.
func lower(text string) string {
	if text == "" {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}
