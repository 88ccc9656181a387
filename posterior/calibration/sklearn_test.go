package calibration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior/calibration"
)

// sklearnProblem is what testdata/sklearn_c2st.py wrote of one problem.
type sklearnProblem struct {
	Dimensions  int
	Samples     int
	Shift       float64
	Correlation float64
	Accuracies  []float64 // of several seeds
}

// sets draws both sets as the script does, in numbers of its own.
func (p sklearnProblem) sets(seed uint64) (a, b dataset.Matrix) {
	random := rand.New(rand.NewPCG(seed, 0x5e75))
	a, b = dataset.NewMatrix(p.Samples, p.Dimensions), dataset.NewMatrix(p.Samples, p.Dimensions)
	for _, m := range []dataset.Matrix{a, b} {
		for i := range m.Data {
			m.Data[i] = random.NormFloat64()
		}
	}
	for i := range b.Rows {
		row := b.Row(i)
		row[1] = p.Correlation*row[0] + math.Sqrt(1-p.Correlation*p.Correlation)*row[1]
		row[0] += p.Shift
	}
	return a, b
}

// The mean score over seeds is that of the benchmark's classifier in scikit-learn, overfitting in many dimensions included.
func TestC2STIsThatOfTheBenchmark(t *testing.T) {
	text, err := os.ReadFile("testdata/sklearn_c2st.json")
	require.NoError(t, err)
	var fixture struct{ Problems []sklearnProblem }
	require.NoError(t, json.Unmarshal(text, &fixture))
	for _, p := range fixture.Problems {
		t.Run(fmt.Sprintf("%dx%d shift %g correlation %g", p.Samples, p.Dimensions, p.Shift, p.Correlation), func(t *testing.T) {
			t.Parallel()
			var theirs, ours calibration.Moments
			for seed, accuracy := range p.Accuracies {
				theirs.Add(accuracy)
				a, b := p.sets(uint64(seed))
				found, err := calibration.C2ST(context.Background(), a, b, calibration.C2STOptions{Seed: uint64(seed)})
				require.NoError(t, err)
				ours.Add(found.Value())
			}
			// Few seeds tell little of their variance, which is at least that of counted hits.
			variance := max(0.125/float64(p.Samples), (theirs.Variance()+ours.Variance())/2)
			t.Logf("scikit-learn %.4f, ours %.4f", theirs.Mean(), ours.Mean())
			require.InDelta(t, theirs.Mean(), ours.Mean(), 4*math.Sqrt(2*variance/float64(theirs.Count())))
		})
	}
}
