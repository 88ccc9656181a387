package explosion

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// field is a number of a kind that has several.
type field struct {
	name  string
	value float64
	least float64
}

// checkFields holds those numbers that a kind uses against their least value,
// and the others against zero.
func checkFields(kind, used string, fields []field) error {
	for _, f := range fields {
		uses := slices.Contains(strings.Fields(used), f.name)
		switch {
		case !uses && f.value != 0:
			return fmt.Errorf("%s %g: kind %s does not use it", f.name, f.value, kind)
		case uses && (!(f.value >= f.least) || math.IsInf(f.value, 0)):
			want := "a positive number"
			if f.least == 0 {
				want = "0 or more"
			}
			return fmt.Errorf("%s %g: want %s", f.name, f.value, want)
		}
	}
	return nil
}
