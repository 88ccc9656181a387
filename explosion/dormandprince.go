package explosion

// The embedded Runge-Kutta pair of orders 5 and 4 with seven stages, the last
// of which is the first of the next step: J. R. Dormand and P. J. Prince,
// J. Comput. Appl. Math. 6, 19 (1980), table 2 (RK5(4)7M). The differential
// equations here do not depend on time, so that the nodes are not needed.
const stages = 7

// stageWeights[s] makes the state of stage s+1 from the slopes before it; the
// last row is the fifth-order solution.
var stageWeights = [stages - 1][stages - 1]float64{
	{1. / 5},
	{3. / 40, 9. / 40},
	{44. / 45, -56. / 15, 32. / 9},
	{19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
	{9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
	{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
}

// errorWeights makes the difference between the fifth-order and the fourth-order
// solution.
var errorWeights = [stages]float64{
	71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40,
}
