package table

import "regexp"

// In formats of arrays, such as NumPy's and HDF5, all positions are one array and
// all momenta another, each a row an event.
const (
	positionsArray = "positions"
	momentaArray   = "momenta"
)

var (
	positionName = regexp.MustCompile(`^[xyz]_.`)
	momentumName = regexp.MustCompile(`^p[xyz]_.`)
)

// arrayFor returns which of the two holds a column, "" for any other column.
func arrayFor(column string) string {
	switch {
	case positionName.MatchString(column):
		return positionsArray
	case momentumName.MatchString(column):
		return momentaArray
	}
	return ""
}
