package graph

import "math"

// functions are the operations that go element by element.
var functions = map[Op]func(x []float64) float64{
	Add:     func(x []float64) float64 { return x[0] + x[1] },
	Sub:     func(x []float64) float64 { return x[0] - x[1] },
	Mul:     func(x []float64) float64 { return x[0] * x[1] },
	Div:     func(x []float64) float64 { return x[0] / x[1] },
	AtLeast: func(x []float64) float64 { return truth(x[0] >= x[1]) },
	Less:    func(x []float64) float64 { return truth(x[0] < x[1]) },
	Where: func(x []float64) float64 {
		if x[0] != 0 {
			return x[1]
		}
		return x[2]
	},
	Exp:      func(x []float64) float64 { return math.Exp(x[0]) },
	Log:      func(x []float64) float64 { return math.Log(x[0]) },
	Sqrt:     func(x []float64) float64 { return math.Sqrt(x[0]) },
	Abs:      func(x []float64) float64 { return math.Abs(x[0]) },
	Tanh:     func(x []float64) float64 { return math.Tanh(x[0]) },
	Round:    func(x []float64) float64 { return math.RoundToEven(x[0]) },
	Softplus: func(x []float64) float64 { return max(x[0], 0) + math.Log1p(math.Exp(-math.Abs(x[0]))) },
	ELU: func(x []float64) float64 {
		if x[0] > 0 {
			return x[0]
		}
		return math.Expm1(x[0])
	},
	Clamp: func(x []float64) float64 { return min(max(x[0], x[1]), x[2]) },
	Cast:  func(x []float64) float64 { return x[0] },
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
