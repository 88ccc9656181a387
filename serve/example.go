package serve

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/floats"

	"github.com/gocei/gocei/dataset"
)

// example returns the momenta of an event from the middle of what the model was trained on, in its own columns and units;
// nil where the middle is like no event.
func (m *served) example() []float64 {
	c := m.encoding
	middle := dataset.NewMatrix(1, len(c.ConditionMin))
	for j := range middle.Data {
		middle.Data[j] = (c.ConditionMin[j] + c.ConditionMax[j]) / 2
	}
	rows, err := c.Momenta.Invert(middle)
	if err != nil || !c.Plain() && isHollow(c.Momenta, rows.Row(0)) {
		return nil
	}
	roundForPeople(rows.Data)
	events, err := m.events(rows)
	if err != nil {
		return nil
	}
	conditions, err := c.EncodeMomenta(events)
	if err != nil || c.OutsideDomain(conditions)[0] {
		return nil
	}
	return rows.Row(0)
}

// roundForPeople leaves six digits, and nothing of what is zero but for rounding.
func roundForPeople(numbers []float64) {
	largest := floats.Norm(numbers, math.Inf(1))
	for j, x := range numbers {
		if math.Abs(x) < 1e-12*largest {
			x = 0
		}
		numbers[j], _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64) // it is a number
	}
}

// isHollow reports whether momenta have less than half of the training part's mean square: those of explosions into every
// direction fill a shell, and its middle is empty.
func isHollow(s dataset.Scaler, momenta []float64) bool {
	square, meanSquare := 0.0, 0.0
	for k, j := range s.Kept {
		square += momenta[j] * momenta[j]
		meanSquare += s.Mean[k] * s.Mean[k]
		for _, factor := range s.Inverse.Row(k) {
			meanSquare += factor * factor
		}
	}
	return square < meanSquare/2
}
