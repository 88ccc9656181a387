package report

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// predicted returns truth, mean and sd [rows, columns] of which residuals are normal with that sd.
func predicted(rows, columns int) (truth, mean, sd dataset.Matrix) {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	truth, mean, sd = dataset.NewMatrix(rows, columns), dataset.NewMatrix(rows, columns), dataset.NewMatrix(rows, columns)
	for i := range truth.Data {
		truth.Data[i], sd.Data[i] = r.NormFloat64(), 0.1+0.1*r.Float64()
		mean.Data[i] = truth.Data[i] + sd.Data[i]*r.NormFloat64()
	}
	return truth, mean, sd
}

// each draws both figures.
func each(t *testing.T, truth, mean, sd dataset.Matrix) (predictedWords, residualWords string) {
	t.Helper()
	columns := cornerColumns(truth.Cols)
	f, err := PredictedTrue(columns, truth, mean, sd)
	predictedWords = drawn(t, f, err)
	f, err = Residuals(columns, truth, mean, sd)
	return predictedWords, drawn(t, f, err)
}

func TestPredictions(t *testing.T) {
	for _, rows := range []int{1, 2, 200, mostDots, mostDots + 1, 100_000} {
		truth, mean, sd := predicted(rows, 3)
		words, residuals := each(t, truth, mean, sd)
		assert.Contains(t, words, "column_1 (Å)")
		assert.Contains(t, words, "RMSE 0.")
		assert.Contains(t, residuals, "residual (Å)")
		assert.Contains(t, residuals, "standard normal")

		words, residuals = each(t, truth, mean, dataset.Matrix{})
		assert.Contains(t, words, "RMSE 0.")
		assert.NotContains(t, residuals, "standard normal")
	}
	truth, mean, sd := predicted(dotsInAll/10, 10)
	each(t, truth, mean, sd)
}

// The numbers in the pictures are those of the residuals: standardised ones of calibrated normal posteriors are 0 ± 1.
func TestResidualsOfNormalPosteriors(t *testing.T) {
	truth, mean, sd := predicted(20_000, 1)
	p := predictionsOf(truth, mean, sd, 0)
	plain, standard := p.residuals()
	require.Len(t, standard, 20_000)
	squares := 0.0
	for _, off := range plain {
		squares += off * off
	}
	assert.InEpsilon(t, math.Sqrt(squares/20_000), p.rmse(), 1e-12)
	_, words := each(t, truth, mean, sd)
	assert.Regexp(t, `± (1\.0|0\.99)`, words)
}

func TestPredictionsOfHardTables(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, m := range map[string][3]dataset.Matrix{
		"constant":          {table(1, 2, 2, 2), table(1, 2, 2, 2), table(1, 1, 1, 1)},
		"no spread":         {table(1, 1, 2, 3), table(1, 1, 2, 3), table(1, 0, 0, 0)},
		"negative spread":   {table(1, 1, 2, 3), table(1, 1, 2, 4), table(1, -1, -1, -1)},
		"some wrong":        {table(2, nan, 1, 2, 3), table(2, 1, inf, 2, 3), table(2, 1, 1, nan, 1)},
		"a column wrong":    {table(2, nan, 1, nan, 3), table(2, 1, 1, 2, 3), table(2, 1, 1, 1, 1)},
		"an infinite error": {table(1, 1, 2, 3), table(1, 1, 2, 3), table(1, inf, 1, 1)},
		"huge":              {table(1, 1e99, -1e99), table(1, -1e99, 1e99), table(1, 1e99, 1e-99)},
		"an outlier":        {table(1, 1, 2, 3, 4), table(1, 1, 2, 3, 1e30), table(1, 1, 1, 1, 1)},
	} {
		t.Run(name, func(t *testing.T) { each(t, m[0], m[1], m[2]) })
	}
}

func TestPredictionsErrors(t *testing.T) {
	truth, mean, sd := predicted(5, 2)
	for want, tables := range map[string][3]dataset.Matrix{
		"true values: there is no row":             {{Cols: 2}, mean, sd},
		"posterior means have 1 columns: want 2":   {truth, table(1, 1, 2, 3, 4, 5), sd},
		"standard deviations have 1 rows":          {truth, mean, table(2, 1, 2)},
		"posterior means [5, 2] hold 3 numbers":    {truth, {Rows: 5, Cols: 2, Data: make([]float64, 3)}, sd},
		"standard deviations have 3 columns: want": {truth, mean, dataset.NewMatrix(5, 3)},
	} {
		_, err := PredictedTrue(cornerColumns(2), tables[0], tables[1], tables[2])
		require.ErrorContains(t, err, "report: predicted against true: ")
		assert.ErrorContains(t, err, want)
		_, err = Residuals(cornerColumns(2), tables[0], tables[1], tables[2])
		assert.ErrorContains(t, err, want)
	}
}
