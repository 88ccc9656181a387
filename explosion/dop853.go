package explosion

// The Runge-Kutta method of order 8 with twelve stages and two estimates of the
// error, of orders 5 and 3: DOP853 by E. Hairer, S. P. Nørsett and G. Wanner,
// Solving Ordinary Differential Equations I, 2nd edition 1993, section II.10;
// the coefficients are those of Hairer's program dop853.f. The differential
// equations here do not depend on time, so that the nodes are not needed.
const eighthStages = 12

// eighthStageWeights[s] makes the state of stage s from the slopes before it.
var eighthStageWeights = [eighthStages][eighthStages]float64{
	1: {0: 0.05260015195876773},
	2: {0: 0.0197250569845379, 1: 0.0591751709536137},
	3: {0: 0.02958758547680685, 2: 0.08876275643042054},
	4: {0: 0.2413651341592667, 2: -0.8845494793282861, 3: 0.924834003261792},
	5: {0: 0.037037037037037035, 3: 0.17082860872947386, 4: 0.12546768756682242},
	6: {0: 0.037109375, 3: 0.17025221101954405, 4: 0.06021653898045596, 5: -0.017578125},
	7: {
		0: 0.03709200011850479, 3: 0.17038392571223998, 4: 0.10726203044637328, 5: -0.015319437748624402,
		6: 0.008273789163814023,
	},
	8: {
		0: 0.6241109587160757, 3: -3.3608926294469414, 4: -0.868219346841726, 5: 27.59209969944671,
		6: 20.154067550477894, 7: -43.48988418106996,
	},
	9: {
		0: 0.47766253643826434, 3: -2.4881146199716677, 4: -0.590290826836843, 5: 21.230051448181193,
		6: 15.279233632882423, 7: -33.28821096898486, 8: -0.020331201708508627,
	},
	10: {
		0: -0.9371424300859873, 3: 5.186372428844064, 4: 1.0914373489967295, 5: -8.149787010746927,
		6: -18.52006565999696, 7: 22.739487099350505, 8: 2.4936055526796523, 9: -3.0467644718982196,
	},
	11: {
		0: 2.273310147516538, 3: -10.53449546673725, 4: -2.0008720582248625, 5: -17.9589318631188,
		6: 27.94888452941996, 7: -2.8589982771350235, 8: -8.87285693353063, 9: 12.360567175794303,
		10: 0.6433927460157636,
	},
}

// eighthWeights makes the solution of order 8.
var eighthWeights = [eighthStages]float64{
	0: 0.054293734116568765, 5: 4.450312892752409, 6: 1.8915178993145003, 7: -5.801203960010585,
	8: 0.3111643669578199, 9: -0.1521609496625161, 10: 0.20136540080403034, 11: 0.04471061572777259,
}

// fifthErrorWeights makes the difference between it and a solution of order 5.
var fifthErrorWeights = [eighthStages]float64{
	0: 0.01312004499419488, 5: -1.2251564463762044, 6: -0.4957589496572502, 7: 1.6643771824549864,
	8: -0.35032884874997366, 9: 0.3341791187130175, 10: 0.08192320648511571, 11: -0.022355307863886294,
}

// thirdWeights makes a solution of order 3.
var thirdWeights = [eighthStages]float64{
	0: 0.2440944881889764, 8: 0.7338466882816118, 11: 0.022058823529411766,
}

// combineStage writes the state of stage 1 to 11 of a step to trial.
//
// The sums are written out because a loop over the weights makes a whole step take
// half as long again.
func combineStage(stage int, trial, state []float64, slopes [][eighthStages]float64, step float64) {
	trial, slopes = trial[:len(state)], slopes[:len(state)]
	w := &eighthStageWeights[stage]
	switch stage {
	case 1:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0])
		}
	case 2:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[1]*k[1])
		}
	case 3:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[2]*k[2])
		}
	case 4:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[2]*k[2]+w[3]*k[3])
		}
	case 5:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4])
		}
	case 6:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4]+w[5]*k[5])
		}
	case 7:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4]+w[5]*k[5]+w[6]*k[6])
		}
	case 8:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4]+w[5]*k[5]+w[6]*k[6]+w[7]*k[7])
		}
	case 9:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4]+w[5]*k[5]+w[6]*k[6]+w[7]*k[7]+w[8]*k[8])
		}
	case 10:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4]+w[5]*k[5]+w[6]*k[6]+w[7]*k[7]+w[8]*k[8]+w[9]*k[9])
		}
	case 11:
		for i := range state {
			k := &slopes[i]
			trial[i] = state[i] + step*(w[0]*k[0]+w[3]*k[3]+w[4]*k[4]+w[5]*k[5]+w[6]*k[6]+w[7]*k[7]+w[8]*k[8]+w[9]*k[9]+w[10]*k[10])
		}
	}
}

// combineSolution writes the state after a step to trial, and its two estimates of
// the error.
func combineSolution(trial, fifth, third, state []float64, slopes [][eighthStages]float64, step float64) {
	trial, slopes = trial[:len(state)], slopes[:len(state)]
	fifth, third = fifth[:len(state)], third[:len(state)]
	w, e5, e3 := &eighthWeights, &fifthErrorWeights, &thirdWeights
	for i := range state {
		k := &slopes[i]
		increment := w[0]*k[0] + w[5]*k[5] + w[6]*k[6] + w[7]*k[7] + w[8]*k[8] + w[9]*k[9] + w[10]*k[10] + w[11]*k[11]
		trial[i] = state[i] + step*increment
		fifth[i] = step * (e5[0]*k[0] + e5[5]*k[5] + e5[6]*k[6] + e5[7]*k[7] + e5[8]*k[8] + e5[9]*k[9] + e5[10]*k[10] + e5[11]*k[11])
		third[i] = step * (increment - (e3[0]*k[0] + e3[8]*k[8] + e3[11]*k[11]))
	}
}
