package modeltest

import (
	"slices"
	"testing"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
)

// Law is what holds for every model of a family.
type Law[M Model] struct {
	Name    string
	Holds   func(*testing.T, Subject[M])
	Precise bool // told apart from rounding only in float64
}

// Hold runs a subtest for each law: those of every family, and the family's own. An own law by the name of a shared one
// adds to it.
func (u Subject[M]) Hold(t *testing.T, own ...Law[M]) {
	for _, law := range merge(shared[M](), own) {
		if law.Precise && u.DType != binding.Float64 {
			continue
		}
		t.Run(law.Name, func(t *testing.T) { bindingtest.NoLeak(t); law.Holds(t, u) })
	}
}

func shared[M Model]() []Law[M] {
	return []Law[M]{
		{Name: "shapes follow the batch", Holds: shapesFollowTheBatch[M]},
		{Name: "the loss is the sum of its terms", Holds: lossIsTheSumOfItsTerms[M]},
		{Name: "every parameter has a gradient", Holds: everyParameterHasAGradient[M]},
		{Name: "the gradient is the slope of the loss", Holds: gradientIsTheSlope[M], Precise: true},
		{Name: "a row is alone", Holds: aRowIsAlone[M]},
		{Name: "parts make the batch", Holds: partsMakeTheBatch[M], Precise: true},
		{Name: "every condition matters", Holds: everyConditionMatters[M]},
		{Name: "draws follow the seed", Holds: drawsFollowTheSeed[M]},
		{Name: "judging changes nothing", Holds: judgingChangesNothing[M]},
		{Name: "saved weights are the same to the bit", Holds: savedWeightsAreTheSame[M]},
	}
}

func merge[M Model](laws, own []Law[M]) []Law[M] {
	for _, law := range own {
		i := slices.IndexFunc(laws, func(l Law[M]) bool { return l.Name == law.Name })
		if i < 0 {
			laws = append(laws, law)
			continue
		}
		first := laws[i].Holds
		laws[i].Holds = func(t *testing.T, u Subject[M]) { first(t, u); law.Holds(t, u) }
	}
	return laws
}
