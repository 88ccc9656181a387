package posterior_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/bindingtest"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/posterior"
	"github.com/gocei/gocei/trainer"
)

// chainEvents returns events of bent chains of n atoms, C, O, S, N, in random orientations, with momenta that tell of
// the geometry. The dihedral of four atoms spreads around 180°.
func chainEvents(t *testing.T, n, rows int, seed uint64) *dataset.Events {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 9))
	at := []float64{0, 0, 0, -1.5, 1.6, 0, 2.9, 0, 0, 3.6, -2.4, 0}[:3*n]
	positions, momenta := dataset.NewMatrix(rows, 3*n), dataset.NewMatrix(rows, 3*n)
	for i := range rows {
		x, p := positions.Row(i), momenta.Row(i)
		for j := range x {
			x[j] = at[j] + 0.5*(random.Float64()-0.5)
			p[j] = 60 * (x[j] - []float64{0.7, 0.4, 0}[j%3])
		}
		for j := range 3 { // no total momentum
			total := 0.0
			for k := j; k < len(p); k += 3 {
				total += p[k] / float64(n)
			}
			for k := j; k < len(p); k += 3 {
				p[k] -= total
			}
		}
		sin, cos := math.Sincos(2 * math.Pi * random.Float64())
		for _, row := range [][]float64{x, p} {
			for k := 0; k < len(row); k += 3 {
				row[k], row[k+2] = cos*row[k]-sin*row[k+2], sin*row[k]+cos*row[k+2]
			}
		}
	}
	e, err := dataset.NewEvents([]string{"C", "O", "S", "N"}[:n], positions, momenta, explosion.Bohr, explosion.AtomicMomentum)
	require.NoError(t, err)
	return e
}

// trainIn leaves a run of a small flow on events in a frame.
func trainIn(t *testing.T, frame explosion.FrameKind, events *dataset.Events) *posterior.Inverse {
	t.Helper()
	split, err := dataset.Prepare(events, dataset.Options{Frame: frame})
	require.NoError(t, err)
	architecture := cinn.Robust(int64(split.Train.Positions.Cols), int64(split.Train.Momenta.Cols), split.Train.Len())
	architecture.Hidden, architecture.Couplings = []int64{16, 16}, 4
	model, err := cinn.New(architecture, nn.Placement{DType: binding.Float64, Seed: 5})
	require.NoError(t, err)
	defer model.Close()
	config := trainer.Robust(split.Train.Len())
	config.Epochs, config.Dir = 3, t.TempDir()
	_, err = trainer.Fit(context.Background(), model, split, config)
	require.NoError(t, err)
	v, err := posterior.Open(context.Background(), config.Dir)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

func TestEveryFrame(t *testing.T) {
	for _, n := range []int{3, 4} {
		for _, frame := range explosion.FrameKinds() {
			t.Run(string(frame), func(t *testing.T) {
				bindingtest.NoLeak(t)
				v := trainIn(t, frame, chainEvents(t, n, 400, 1))
				events := chainEvents(t, n, 40, 2)
				e, err := v.Evaluate(context.Background(), events, posterior.EvaluateOptions{Draws: 50})
				require.NoError(t, err)
				require.Equal(t, "bohr", e.Unit)
				require.Less(t, e.Point.MSE, e.ConstantMean.MSE, "the momenta say something")
				require.Less(t, e.RoundTrip.MSE, 1e-12)
				require.Positive(t, e.EnergyScore)
				require.Zero(t, e.NLLLeftOut)
				c := v.Encoding()
				require.Len(t, e.PerComponent, len(c.PositionColumns))
				for i, component := range e.PerComponent {
					require.Equal(t, c.PositionColumns[i], component.Column)
					require.Equal(t, c.PositionUnits()[i], component.Unit)
				}
			})
		}
	}
}

// Errors in an internal frame are those of Cartesian positions in the body frame's axes.
func TestInternalErrorsAreCartesian(t *testing.T) {
	bindingtest.NoLeak(t)
	v := trainIn(t, explosion.FrameInternal, chainEvents(t, 3, 300, 1))
	events := chainEvents(t, 3, 20, 2)
	e, err := v.Evaluate(context.Background(), events, posterior.EvaluateOptions{Draws: 30})
	require.NoError(t, err)
	draws, err := v.Sample(context.Background(), events, 30)
	require.NoError(t, err)
	require.Equal(t, []string{"r_CO", "r_CS", "angle_OCS"}, draws.Columns)
	body, err := dataset.Prepare(events, dataset.Options{Frame: explosion.FrameBody})
	require.NoError(t, err)
	truth, err := body.Encoding.FramePositions(events)
	require.NoError(t, err)
	squares := 0.0
	for i := range draws.Events {
		mean := make([]float64, 9)
		for k := range draws.PerEvent {
			x, err := v.Encoding().CartesianPositions(dataset.Matrix{Rows: 1, Cols: 3, Data: draws.At(i, k)})
			require.NoError(t, err)
			for j := range mean {
				mean[j] += x.Data[j] / 30
			}
		}
		for j := range mean {
			squares += (mean[j] - truth.Row(i)[j]) * (mean[j] - truth.Row(i)[j])
		}
	}
	require.InEpsilon(t, squares/(9*20), e.Point.MSE, 1e-9)
}

// Turned laboratories turn the restored draws along, and the draws themselves stay.
func TestDrawsInTheLaboratory(t *testing.T) {
	bindingtest.NoLeak(t)
	v := trainIn(t, explosion.FrameRecoil, chainEvents(t, 3, 300, 1))
	events := chainEvents(t, 3, 10, 2)
	draws, err := v.Sample(context.Background(), events, 4)
	require.NoError(t, err)
	here, err := v.InLaboratory(events, draws)
	require.NoError(t, err)
	require.Equal(t, []string{"x_C", "y_C", "z_C", "x_O", "y_O", "z_O", "x_S", "y_S", "z_S"}, here.Columns)

	turned := chainEvents(t, 3, 10, 2)
	turn(turned.Momenta.Data)
	again, err := v.Sample(context.Background(), turned, 4)
	require.NoError(t, err)
	require.InDeltaSlice(t, draws.Data, again.Data, 1e-9)
	there, err := v.InLaboratory(turned, again)
	require.NoError(t, err)
	turn(here.Data)
	require.InDeltaSlice(t, here.Data, there.Data, 1e-9)

	_, err = v.InLaboratory(events.SelectRows([]int{0}), draws)
	require.ErrorContains(t, err, "draws for 10 events: want 1")
	_, err = trainIn(t, explosion.FrameBody, chainEvents(t, 3, 300, 1)).Laboratory(events)
	require.ErrorContains(t, err, `want a "recoil" frame`)
}

// turn takes x to y, y to z and z to x.
func turn(flat []float64) {
	for i := 0; i < len(flat); i += 3 {
		flat[i], flat[i+1], flat[i+2] = flat[i+2], flat[i], flat[i+1]
	}
}
