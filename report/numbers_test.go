package report

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIntervalText(t *testing.T) {
	for want, x := range map[interval][3]float64{
		{"1.156", "+0.018", "\u22120.017"}:       {1.139, 1.156, 1.174},
		{"\u22120.3", "+10.0", "\u22122.0"}:      {-2.3, -0.3, 9.7},
		{"108", "+12", "\u221211"}:               {97, 108, 120},
		{"1.156", "", ""}:                        {1.156, 1.156, 1.156},
		{"0", "", ""}:                            {0, 0, 0},
		{"5.00", "+0.20", "\u22120.00"}:          {5, 5, 5.2},
		{"1e+20", "+3e+19", "\u22122e+19"}:       {0.8e20, 1e20, 1.3e20},
		{"2e-10", "+1e-11", "\u22121e-11"}:       {1.9e-10, 2e-10, 2.1e-10},
		{"\u22121e+20", "+3e+19", "\u22122e+19"}: {-1.2e20, -1e20, -0.7e20},
	} {
		assert.Equal(t, want, intervalText(x[0], x[1], x[2]))
	}
}

func TestTwoDigits(t *testing.T) {
	for want, x := range map[string]float64{"0.20": 0.2, "12": 12, "\u22120.0057": -0.0057, "1.0": 1, "1.2e+03": 1234, "0.0": 0} {
		assert.Equal(t, want, twoDigits(x))
	}
}

func TestLabelsOfAtoms(t *testing.T) {
	assert.Equal(t, []string{"C", "H(1)", "H(2)", "I"}, labelsOf([]string{"C", "H", "H", "I"}))
}

// Labels are left out until the others have room, and zero keeps its own.
func TestFitTicks(t *testing.T) {
	p := newPanel("", "", "", span{-0.001, 0.001}, span{0, 1}, 4)
	fitTicks(p.Plot, 1000)
	assert.Len(t, labelled(p), 5)
	fitTicks(p.Plot, 60)
	assert.Contains(t, labelled(p), "0.0000")
	assert.Less(t, len(labelled(p)), 5)
	fitTicks(p.Plot, 1)
	assert.Equal(t, []string{"0.0000"}, labelled(p))
}

func labelled(p panel) (all []string) {
	for _, t := range p.X.Tick.Marker.Ticks(p.x.low, p.x.high) {
		if t.Label != "" {
			all = append(all, t.Label)
		}
	}
	return all
}

// A panel has two ticks or more, however few it may have.
func TestFewTicksAreTwoOrMore(t *testing.T) {
	for _, most := range []int{2, 3, 4, 6} {
		for k := range 300 {
			high := 1 + float64(k)*0.033
			assert.GreaterOrEqual(t, len(roundTicks{most: most}.Ticks(0.97, 0.97+high)), 2, "%d, %v", most, high)
		}
	}
}
