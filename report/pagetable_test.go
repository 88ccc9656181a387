package report

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/posterior"
)

func TestFlatten(t *testing.T) {
	got := flatten([]byte(`{"learning_rate": 0.001, "adam": {"beta1": 0.9, "clip_norm": 10}, "hidden": [64, 64], "kind": "a<b", "on": true, "none": {}, "noise": 0.04225771273642583, "seed": 18446744073709551615}`))
	assert.Equal(t, []Fact{
		{"learning rate", "0.001"}, {"adam: beta1", "0.9"}, {"adam: clip norm", "10"}, {"hidden", "[64, 64]"}, {"kind", "a<b"},
		{"on", "true"}, {"none", "{}"}, {"noise", "0.0422577"}, {"seed", "18446744073709551615"},
	}, got)
	for _, text := range []string{"", "[1]", "null", "7", "{"} {
		assert.Empty(t, flatten([]byte(text)), text)
	}
}

// Every row has as many cells as the head, whatever the evaluation lacks.
func TestTablesAreRectangular(t *testing.T) {
	full := evaluationOf(500, 0, 1)
	full.TARP = &posterior.ExpectedCoverage{}
	bare := evaluationOf(500, 0, 1)
	bare.ZScore, bare.Unit = nil, ""
	full.Point.ADE = 0.1
	for _, e := range []*posterior.Evaluation{full, bare} {
		for _, tab := range []pageTable{errorTable(e), coverageTable(e), columnTable(e)} {
			assert.NotEmpty(t, tab.Rows)
			for _, row := range tab.Rows {
				assert.Len(t, row, len(tab.Head), tab.Caption)
			}
		}
	}
}

func TestRecipeFacts(t *testing.T) {
	assert.Empty(t, RecipeFacts(nil))
	assert.Equal(t, "recipe", RecipeFacts([]byte("{]"))[0].Name)
	facts := RecipeFacts([]byte(`{"events": 2000, "seed": 3}`))
	assert.Equal(t, []Fact{
		{"simulation", "2\u202f000 events of OCS, seed 3"}, {"charges", "2 2 2"}, {"detector", "axis [0, 0, 1]"},
		{"geometry", "kind uniform, displacement angstrom 0.25"}, {"motion", "kind rest"},
	}, facts)
}
