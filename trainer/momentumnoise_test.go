package trainer_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/trainer"
)

// Whatever the scaler, noise that was added in model coordinates is that of the noise model once it is back in the
// frame's components.
func TestMomentumNoiseIsThatOfPhysicalMomenta(t *testing.T) {
	const copies = 4000
	noise := trainer.MomentumNoise{Relative: 0.05, Absolute: 0.02}
	events := smoothEvents(t, 50)
	for i := range events.Momenta.Rows { // correlated, and off the origin, so that the scaler's matrix and mean matter
		p := events.Momenta.Row(i)
		p[1] += 0.8 * p[0]
		p[2] += 7
	}
	for _, kind := range []dataset.ScalerKind{dataset.ScalerStandard, dataset.ScalerWhiten} {
		t.Run(string(kind), func(t *testing.T) {
			bindingtest.NoLeak(t)
			split, err := dataset.Prepare(events, dataset.Options{Scaler: kind})
			require.NoError(t, err)
			scaler := split.Encoding.Momenta
			s := bindingtest.OpenSeeded(t, 3, binding.NoGrad())
			blur, err := trainer.NewMomentumBlur(s, noise, scaler, binding.Float64, binding.CPU)
			require.NoError(t, err)
			row := split.Train.Momenta.SelectRows([]int{7})
			y := s.RepeatRows(s.FromFloat64s(row.Data, binding.Float64, binding.CPU, 1, int64(row.Cols)), copies)
			noisy, err := scaler.Invert(dataset.Matrix{Rows: copies, Cols: row.Cols, Data: bindingtest.Float64s(t, s, blur.Add(s, y))})
			require.NoError(t, err)
			clean, err := scaler.Invert(row)
			require.NoError(t, err)
			columns := make([][]float64, row.Cols)
			for j := range columns {
				for i := range copies {
					columns[j] = append(columns[j], noisy.Row(i)[j])
				}
				p := clean.Row(0)[j]
				sd := math.Hypot(noise.Relative*p, noise.Absolute)
				mean, found := stat.MeanStdDev(columns[j], nil)
				require.InDelta(t, p, mean, 5*sd/math.Sqrt(copies), "mean of component %d", j)
				require.InEpsilon(t, sd, found, 5/math.Sqrt(2*copies), "spread of component %d", j)
				for k := range j {
					require.InDelta(t, 0, stat.Correlation(columns[j], columns[k], nil), 5/math.Sqrt(copies), "components %d and %d", j, k)
				}
			}
		})
	}
}

func TestNoMomentumNoiseIsNoBlur(t *testing.T) {
	bindingtest.NoLeak(t)
	s := bindingtest.Open(t)
	blur, err := trainer.NewMomentumBlur(s, trainer.MomentumNoise{}, smoothSplit(t, 50).Encoding.Momenta, binding.Float32, binding.CPU)
	require.NoError(t, err)
	require.Nil(t, blur)
	y := s.Zeros(binding.Float32, binding.CPU, 2, 6)
	require.Equal(t, y, blur.Add(s, y))
}

// listening is a model that notes the momenta of its losses.
type listening struct {
	*regression
	t               *testing.T
	training        bool
	trained, judged [][]float64 // of each loss
}

func (m *listening) Loss(s *binding.Scope, x, y binding.Tensor) nn.Loss {
	values, err := s.Float64s(y)
	require.NoError(m.t, err)
	loss := m.regression.Loss(s, x, y)
	if probe := len(values) == 6; probe {
		return loss
	}
	if m.training {
		m.trained = append(m.trained, values)
	} else {
		m.judged = append(m.judged, values)
	}
	return loss
}

// Pace tells whether a loss is to train or to judge.
func (m *listening) Pace(epochs float64) { m.training = !math.IsInf(epochs, 1) }

func TestMomentumNoiseIsFreshInStepsAndFixedInValidation(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 60)
	c := quick()
	c.Batch, c.Epochs, c.MomentumNoise = 1000, 3, trainer.MomentumNoise{Relative: 0.1, Absolute: 0.1}
	m := &listening{regression: newRegression(t, 1), t: t}
	fitSteps(t, m, split, c, 0)
	require.Len(t, m.trained, 3)
	require.Len(t, m.judged, 3)
	for i := range m.judged {
		require.Equal(t, m.judged[0], m.judged[i], "epoch %d", i)
		require.NotEqual(t, split.Validation.Momenta.Data, m.judged[i])
	}
	total := func(values []float64) (sum float64) { // does not depend on the rows' order
		for _, v := range values {
			sum += v
		}
		return sum
	}
	require.Greater(t, math.Abs(total(m.trained[0])-total(m.trained[1])), 1e-2, "two epochs of the same rows")
	require.Greater(t, math.Abs(total(m.trained[0])-total(split.Train.Momenta.Data)), 1e-2)
}

func TestNoisyMomentaAreHarderToRead(t *testing.T) {
	bindingtest.NoLeak(t)
	split := smoothSplit(t, 300)
	c := quick()
	c.Epochs = 40
	clean := losses(t, split, c)
	c.MomentumNoise.Absolute = 1
	noisy := losses(t, split, c)
	require.Greater(t, noisy[39][1], 1.2*clean[39][1], "validation sees the noise too")
}
