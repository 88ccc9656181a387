package explosion

import "math"

// Fundamental constants, CODATA 2018: E. Tiesinga, P. J. Mohr, D. B. Newell and
// B. N. Taylor, Rev. Mod. Phys. 93, 025010 (2021).
const (
	BohrRadiusMeter                      float64 = 5.29177210903e-11
	BohrRadiusAngstrom                   float64 = 0.529177210903
	HartreeElectronVolt                  float64 = 27.211386245988
	HartreeJoule                         float64 = 4.3597447222071e-18
	ElectronMassKilogram                 float64 = 9.1093837015e-31
	ReducedPlanckJouleSecond             float64 = 6.62607015e-34 / (2 * math.Pi) // exact
	AtomicMomentumKilogramMeterPerSecond float64 = 1.99285191410e-24              // ħ/a₀
	HartreeInverseCentimeter             float64 = 219474.63136320
	BoltzmannHartreePerKelvin            float64 = 1.380649e-23 / 4.3597447222071e-18
	DaltonElectronMass                   float64 = 1822.888486209 // one dalton in electron masses
)
