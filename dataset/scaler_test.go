package dataset

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

var scalerKinds = []ScalerKind{ScalerStandard, ScalerWhiten}

// mixed returns rows of width columns of which some are constant, some are
// linear in others, and the rest are correlated and of different scales.
func mixed(random *rand.Rand, rows, width, independent, constant int) (columns []string, data Matrix) {
	mixing, offset := NewMatrix(width, independent), make([]float64, width)
	for i := range mixing.Data {
		mixing.Data[i] = random.NormFloat64()
	}
	for j := range width {
		columns = append(columns, fmt.Sprint("c", j))
		offset[j] = 100 * random.NormFloat64()
		if j < constant {
			clear(mixing.Row(j))
		}
	}
	data = NewMatrix(rows, width)
	source := make([]float64, independent)
	for i := range rows {
		for k := range source {
			source[k] = random.NormFloat64() * float64(1+k)
		}
		multiply(data.Row(i), mixing, source)
		for j := range width {
			data.Row(i)[j] += offset[j]
		}
	}
	return columns, data
}

func TestScalerLaws(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, kind := range scalerKinds {
		for _, shape := range [][4]int{{300, 1, 1, 0}, {40, 9, 3, 2}, {2000, 9, 6, 3}, {700, 12, 12, 0}, {513, 24, 5, 7}} {
			t.Run(fmt.Sprint(kind, shape), func(t *testing.T) {
				columns, data := mixed(random, shape[0], shape[1], shape[2], shape[3])
				s, err := FitScaler(columns, data, kind, 0)
				require.NoError(t, err)
				require.Equal(t, shape[2], s.Dim())
				require.Len(t, s.Constant, shape[3])
				require.Len(t, s.Dependent, shape[1]-shape[2]-shape[3])
				model, err := s.Apply(data)
				require.NoError(t, err)
				requireStandardised(t, s, model)
				back, err := s.Invert(model)
				require.NoError(t, err)
				require.InDeltaSlice(t, data.Data, back.Data, 1e-10*100)
				requireDeterminant(t, s)
			})
		}
	}
}

func requireStandardised(t *testing.T, s Scaler, model Matrix) {
	t.Helper()
	values := mat.NewDense(model.Rows, model.Cols, model.Data)
	var covariance mat.SymDense
	stat.CovarianceMatrix(&covariance, values, nil)
	for i := range model.Cols {
		require.InDelta(t, 0, stat.Mean(mat.Col(nil, i, values), nil), 1e-10)
		require.InDelta(t, 1, covariance.At(i, i), 1e-9)
		for j := range i {
			if s.Kind == ScalerWhiten {
				require.InDelta(t, 0, covariance.At(i, j), 1e-9)
			}
		}
	}
}

func requireDeterminant(t *testing.T, s Scaler) {
	t.Helper()
	forward, inverse := mat.NewDense(s.Dim(), s.Dim(), s.Forward.Data), mat.NewDense(s.Dim(), s.Dim(), s.Inverse.Data)
	logDet, sign := mat.LogDet(forward)
	require.InDelta(t, logDet, s.LogAbsDet, 1e-9)
	require.Equal(t, 1.0, sign)
	var product mat.Dense
	product.Mul(forward, inverse)
	require.True(t, mat.EqualApprox(&product, mat.NewDiagDense(s.Dim(), ones(s.Dim())), 1e-9))
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

func TestInvertThenApplyIsIdentity(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 1))
	columns, data := mixed(random, 500, 9, 4, 2)
	for _, kind := range scalerKinds {
		s, err := FitScaler(columns, data, kind, 0)
		require.NoError(t, err)
		model := NewMatrix(100, s.Dim())
		for i := range model.Data {
			model.Data[i] = 3 * random.NormFloat64()
		}
		restored, err := s.Invert(model)
		require.NoError(t, err)
		again, err := s.Apply(restored)
		require.NoError(t, err)
		require.InDeltaSlice(t, model.Data, again.Data, 1e-10)
	}
}

func TestWhiteningStaysCloseToTheColumns(t *testing.T) {
	columns, data := mixed(rand.New(rand.NewPCG(3, 1)), 400, 4, 4, 0)
	s, err := FitScaler(columns, data, ScalerWhiten, 0)
	require.NoError(t, err)
	model, err := s.Apply(data)
	require.NoError(t, err)
	values, whitened := mat.NewDense(400, 4, data.Data), mat.NewDense(400, 4, model.Data)
	// The correlations between columns and coordinates are P^(1/2), symmetric.
	for i := range 4 {
		for j := range 4 {
			ij := stat.Correlation(mat.Col(nil, i, values), mat.Col(nil, j, whitened), nil)
			ji := stat.Correlation(mat.Col(nil, j, values), mat.Col(nil, i, whitened), nil)
			require.InDelta(t, ij, ji, 1e-9)
			if i == j {
				require.Positive(t, ij)
			}
		}
	}
}

func TestScalerDoesNotDependOnTheUnit(t *testing.T) {
	columns, data := mixed(rand.New(rand.NewPCG(4, 1)), 300, 9, 3, 2)
	for _, kind := range scalerKinds {
		s, err := FitScaler(columns, data, kind, 0)
		require.NoError(t, err)
		model, err := s.Apply(data)
		require.NoError(t, err)
		for _, factor := range []float64{5e-11, 2e-24, 1e9} {
			other, err := FitScaler(columns, data.scaled(factor), kind, 0)
			require.NoError(t, err)
			require.Equal(t, s.Kept, other.Kept)
			require.InDelta(t, s.LogAbsDet-float64(s.Dim())*math.Log(factor), other.LogAbsDet, 1e-9)
			same, err := other.Apply(data.scaled(factor))
			require.NoError(t, err)
			require.InDeltaSlice(t, model.Data, same.Data, 1e-9)
		}
	}
}

func TestNoiseBelowToleranceIsConstant(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 1))
	data := NewMatrix(1000, 3)
	for i := range data.Rows {
		x := random.NormFloat64()
		copy(data.Row(i), []float64{300 + 20*x, 3e-4 * random.NormFloat64(), -5*x + 3e-4*random.NormFloat64()})
	}
	columns := []string{"a", "noise", "c"}
	s, err := FitScaler(columns, data, ScalerStandard, 0)
	require.NoError(t, err)
	require.Equal(t, []int{0}, s.Kept)
	require.Equal(t, 1, s.Constant[0].Column)
	require.InDelta(t, 0, s.Constant[0].Value, 1e-4)
	require.Equal(t, 2, s.Dependent[0].Column)
	require.InDelta(t, -0.25, s.Dependent[0].Coefficients[0], 1e-5)
	require.InDelta(t, 3e-4, s.Dependent[0].Residual, 1e-4)
	s, err = FitScaler(columns, data, ScalerStandard, 1e-6)
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2}, s.Kept, "a smaller tolerance keeps the noise")
}

func TestKeptColumnsDoNotFollowTheNoise(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		data := NewMatrix(50, 2)
		for i := range data.Rows {
			x := random.NormFloat64()
			copy(data.Row(i), []float64{x, -x + 1e-5*random.NormFloat64()})
		}
		s, err := FitScaler([]string{"a", "b"}, data, ScalerStandard, 0)
		require.NoError(t, err)
		require.Equal(t, []int{0}, s.Kept)
	}
}

func TestFitScalerRefusesBadData(t *testing.T) {
	columns, data := mixed(rand.New(rand.NewPCG(6, 1)), 10, 3, 3, 0)
	nan, constant := data.SelectRows(count(0, 10)), NewMatrix(10, 3)
	nan.Row(4)[1] = math.NaN()
	for i := range constant.Data {
		constant.Data[i] = 0.1 * float64(1+i%3)
	}
	constant.Row(3)[0] += 1e-16
	for want, try := range map[string]func() (Scaler, error){
		"row 5, column 2 is NaN":                       func() (Scaler, error) { return FitScaler(columns, nan, ScalerStandard, 0) },
		"all 3 columns (c0, c1, c2) are constant":      func() (Scaler, error) { return FitScaler(columns, constant, ScalerStandard, 0) },
		"3 rows for 3 columns: want at least 4":        func() (Scaler, error) { return FitScaler(columns, data.SelectRows([]int{1, 2, 3}), ScalerWhiten, 0) },
		"3 columns: want 2":                            func() (Scaler, error) { return FitScaler(columns[:2], data, ScalerWhiten, 0) },
		"no columns":                                   func() (Scaler, error) { return FitScaler(nil, NewMatrix(10, 0), ScalerWhiten, 0) },
		`unknown kind "log": want "standard" or "whit`: func() (Scaler, error) { return FitScaler(columns, data, "log", 0) },
		"tolerance -1":                                 func() (Scaler, error) { return FitScaler(columns, data, ScalerWhiten, -1) },
		"holds 30 numbers":                             func() (Scaler, error) { return FitScaler(columns, Matrix{11, 3, data.Data}, ScalerWhiten, 0) },
	} {
		_, err := try()
		require.ErrorContains(t, err, "dataset: fit scaler: ")
		require.ErrorContains(t, err, want)
	}
}

func TestScalerRefusesOtherShapes(t *testing.T) {
	columns, data := mixed(rand.New(rand.NewPCG(7, 1)), 10, 3, 2, 0)
	s, err := FitScaler(columns, data, ScalerStandard, 0)
	require.NoError(t, err)
	_, err = s.Apply(NewMatrix(5, 2))
	require.EqualError(t, err, "dataset: scale columns: 2 columns: want 3")
	_, err = s.Invert(NewMatrix(5, 3))
	require.EqualError(t, err, "dataset: restore columns: 3 columns: want 2")
	bad := NewMatrix(5, 3)
	bad.Row(1)[2] = math.Inf(1)
	_, err = s.Apply(bad)
	require.EqualError(t, err, "dataset: scale columns: row 2, column 3 is +Inf: want a finite number")
	empty, err := s.Apply(NewMatrix(0, 3))
	require.NoError(t, err)
	require.Equal(t, NewMatrix(0, 2), empty)
}

func TestScalerSurvivesJSON(t *testing.T) {
	columns, data := mixed(rand.New(rand.NewPCG(8, 1)), 100, 6, 3, 1)
	s, err := FitScaler(columns, data, ScalerWhiten, 0)
	require.NoError(t, err)
	text, err := json.Marshal(s)
	require.NoError(t, err)
	var back Scaler
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, s, back)
}

func TestScalerRefusesBrokenJSON(t *testing.T) {
	columns, data := mixed(rand.New(rand.NewPCG(9, 1)), 100, 4, 2, 1)
	for want, spoil := range map[string]func(*Scaler){
		"column 9: want 0 to 3":       func(s *Scaler) { s.Kept[0] = 9 },
		"0 times: want once":          func(s *Scaler) { s.Constant = nil },
		"coefficients: want 2":        func(s *Scaler) { s.Dependent[0].Coefficients = nil },
		"means [1]":                   func(s *Scaler) { s.Mean = s.Mean[1:] },
		"matrix [1, 2] holds 4":       func(s *Scaler) { s.Forward.Rows = 1 },
		"inverse [1, 4]: want 2 each": func(s *Scaler) { s.Inverse.Rows, s.Inverse.Cols = 1, 4 },
	} {
		s, err := FitScaler(columns, data, ScalerWhiten, 0)
		require.NoError(t, err)
		spoil(&s)
		text, err := json.Marshal(s)
		require.NoError(t, err)
		require.ErrorContains(t, json.Unmarshal(text, &Scaler{}), want)
	}
	require.Error(t, json.Unmarshal([]byte(`{"rows":4611686018427387904,"cols":4,"data":[]}`), &Matrix{}), "the product overflows to 0")
}

// A map that scales each column alone gives what its matrix would, to the bit.
func TestDiagonalMapIsItsMatrix(t *testing.T) {
	data := NewMatrix(50, 3)
	random := rand.New(rand.NewPCG(2, 2))
	for i := range data.Data {
		data.Data[i] = random.NormFloat64()
	}
	s, err := FitScaler([]string{"a", "b", "c"}, data, ScalerStandard, 0)
	require.NoError(t, err)
	require.NotNil(t, s.Forward.diagonal())
	copy(data.Data, s.Mean)
	data.Data[3], s.Mean[0] = math.Copysign(0, -1), 0
	got, err := s.Apply(data)
	require.NoError(t, err)
	want := NewMatrix(50, 3)
	for i := range 50 {
		centred := []float64{data.Row(i)[0] - s.Mean[0], data.Row(i)[1] - s.Mean[1], data.Row(i)[2] - s.Mean[2]}
		multiply(want.Row(i), s.Forward, centred)
	}
	for i := range want.Data {
		require.Equal(t, math.Float64bits(want.Data[i]), math.Float64bits(got.Data[i]))
	}
	whitened, err := FitScaler([]string{"a", "b", "c"}, data, ScalerWhiten, 0)
	require.NoError(t, err)
	require.Nil(t, whitened.Forward.diagonal())
}
