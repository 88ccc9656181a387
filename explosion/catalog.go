package explosion

import (
	"fmt"
	"math"
	"strings"
)

// LookupMolecule returns a built-in molecule by its formula in any case, neutral,
// of standard atomic weights and at its equilibrium geometry, with vibrations
// where their force constants are known well. Its atoms come in the order of the
// formula, except that hydrogen follows the atom it is bound to, and that the
// carbon of OCS is first: C O S, O H H, C H H H I. Linear molecules lie along x.
func LookupMolecule(name string) (Molecule, error) {
	for _, entry := range catalog {
		if strings.EqualFold(entry.name, strings.TrimSpace(name)) {
			return entry.molecule()
		}
	}
	return Molecule{}, fmt.Errorf("explosion: look up molecule %q: unknown: want one of %s", name, strings.Join(Molecules(), ", "))
}

// Molecules returns the names of the built-in molecules, small ones first.
func Molecules() []string {
	names := make([]string, len(catalog))
	for i, entry := range catalog {
		names[i] = entry.name
	}
	return names
}

// catalogEntry is a built-in molecule.
type catalogEntry struct {
	name     string
	symbols  string          // separated by spaces
	angstrom []float64       // positions [3N]
	forces   []forceConstant // none where vibrations are not known
}

func (e catalogEntry) molecule() (Molecule, error) {
	var atoms []Atom
	for _, symbol := range strings.Fields(e.symbols) {
		atoms = append(atoms, Atom{Symbol: symbol})
	}
	m, err := NewMolecule(e.name, atoms, e.angstrom, Angstrom)
	if err != nil || len(e.forces) == 0 {
		return m, err
	}
	m.Vibrations, err = normalModes(forceMatrix(m.Equilibrium, e.forces), m.Masses())
	return m, err
}

// catalog gives bond lengths in Angstrom and angles in degrees. Tests hold the
// geometries against measured rotational constants, of which those of the ground
// state leave bond lengths open to some thousandths of their value, and the force
// constants against measured wavenumbers. Citations name where numbers are
// attributed to; not every original was at hand.
//
// Diatomic molecules: equilibrium distances and harmonic wavenumbers, K. P. Huber
// and G. Herzberg, Constants of Diatomic Molecules (1979).
var catalog = []catalogEntry{
	{"N2", "N N", linear(0, 1.09768), []forceConstant{bondForce(stretching(2358.57, 14.0031, 14.0031), 0, 1)}},
	{"O2", "O O", linear(0, 1.20752), []forceConstant{bondForce(stretching(1580.19, 15.9949, 15.9949), 0, 1)}},
	{"CO", "C O", linear(0, 1.12832), []forceConstant{bondForce(stretching(2169.81, 12, 15.9949), 0, 1)}},
	{"NO", "N O", linear(0, 1.15077), []forceConstant{bondForce(stretching(1904.20, 14.0031, 15.9949), 0, 1)}},
	{"HCl", "Cl H", linear(0, 1.27455), []forceConstant{bondForce(stretching(2990.95, 1.007825, 34.96885), 0, 1)}},

	// The bond lengths of OCS are those in use in the field, usually attributed to
	// J.-G. Lahaye, R. Vandenhaute and A. Fayt, J. Mol. Spectrosc. 123, 48 (1987).
	// Force constants: G. Herzberg, Infrared and Raman Spectra of Polyatomic
	// Molecules (1945): the valence force field 14.2 (CO), 8.0 (CS) and 0.37
	// (bending, over the product of the bonds) in 10⁵ dyn/cm. It leaves out the
	// interaction of the two bonds, which changes their zero-point spreads by less
	// than 4 %.
	{"OCS", "C O S", linear(0, -1.1562, 1.5614), []forceConstant{
		bondForce(14.2, 0, 1), bondForce(8.0, 0, 2), angleForce(0.37*1.1562*1.5614, 1, 0, 2)}},

	// Bond length: G. Graner, C. Rossetti and D. Bailly, Mol. Phys. 58, 627 (1986).
	// Force constants: those that give the harmonic wavenumbers 1354.3, 672.9 and
	// 2396.3 cm⁻¹ of A. Chédin, J. Mol. Spectrosc. 76, 430 (1979), which determine
	// them all in a molecule of this symmetry.
	{"CO2", "C O O", linear(0, -1.1600, 1.1600), []forceConstant{
		bondForce(16.023, 0, 1), bondForce(16.023, 0, 2), {1.261, []int{0, 1}, []int{0, 2}}, angleForce(0.783, 1, 0, 2)}},

	// CS2, N2O, H2S and C2H2: equilibrium values in common use, near those of
	// G. Herzberg, Electronic Spectra of Polyatomic Molecules (1966); where their last
	// digits come from could not be confirmed.
	{"CS2", "C S S", linear(0, -1.5526, 1.5526), nil},
	{"N2O", "N N O", linear(-1.1284, 0, 1.1841), nil},

	// G. Winnewisser, A. G. Maki and D. R. Johnson, J. Mol. Spectrosc. 39, 149 (1971).
	{"HCN", "C H N", linear(0, -1.0655, 1.1532), nil},

	// Geometry: W. S. Benedict, N. Gailar and E. K. Plyler, J. Chem. Phys. 24, 1139
	// (1956). Force constants: A. R. Hoy, I. M. Mills and G. Strey, Mol. Phys. 24,
	// 1265 (1972): stretching, stretching-stretching, stretching-bending, bending.
	{"H2O", "O H H", bent(0.9572, 104.52), []forceConstant{
		bondForce(8.454, 0, 1), bondForce(8.454, 0, 2), {-0.101, []int{0, 1}, []int{0, 2}},
		{0.219, []int{0, 1}, []int{1, 0, 2}}, {0.219, []int{0, 2}, []int{1, 0, 2}}, angleForce(0.697, 1, 0, 2)}},
	{"H2S", "S H H", bent(1.3356, 92.12), nil},

	// Y. Morino, Y. Kikuchi, S. Saito and E. Hirota, J. Mol. Spectrosc. 13, 95 (1964).
	{"SO2", "S O O", bent(1.4308, 119.32), nil},

	{"C2H2", "C C H H", linear(0, 1.2026, -1.0621, 1.2026+1.0621), nil},

	// W. S. Benedict and E. K. Plyler, Can. J. Phys. 35, 1235 (1957).
	{"NH3", "N H H H", pyramid(1.0124, 106.67), nil},

	// D. L. Gray and A. G. Robiette, Mol. Phys. 37, 1901 (1979).
	{"CH4", "C H H H H", append(pyramid(1.0858, 2*math.Asin(math.Sqrt(2./3))*180/math.Pi), 0, 0, 1.0858), nil},

	// P. Jensen, S. Brodersen and G. Guelachvili, J. Mol. Spectrosc. 88, 378 (1981).
	{"CH3Cl", "C H H H Cl", append(pyramid(1.0854, 110.35), 0, 0, 1.7768), nil},

	// P. D. Mallinson, J. Mol. Spectrosc. 55, 94 (1975): a substitution structure.
	{"CH3I", "C H H H I", append(pyramid(1.0840, 111.2), 0, 0, 2.1358), nil},

	// The S enantiomer. Computed, not measured, and without a publication to cite:
	// PBE0/def2-TZVP.
	{"CHBrClF", "C H Br Cl F", []float64{
		0, 0, 0,
		-0.0164, -0.0141, 1.0867,
		-0.8949, -1.6046, -0.6055,
		-0.8126, 1.4499, -0.5579,
		1.2656, -0.0072, -0.4373,
	}, nil},
}

// linear puts atoms on the x axis.
func linear(x ...float64) []float64 {
	positions := make([]float64, 3*len(x))
	for i := range x {
		positions[3*i] = x[i]
	}
	return positions
}

// bent puts an atom at the origin and two at the same distance from it, in the
// xy-plane, on both sides of the x axis.
func bent(distance, degrees float64) []float64 {
	sin, cos := math.Sincos(degrees / 2 * math.Pi / 180)
	return []float64{0, 0, 0, distance * cos, distance * sin, 0, distance * cos, -distance * sin, 0}
}

// pyramid puts an atom at the origin and three at the same distance from it and
// the same angle between each other, around the −z axis.
func pyramid(distance, degrees float64) []float64 {
	sin := math.Sin(degrees/2*math.Pi/180) * 2 / math.Sqrt(3)
	positions := []float64{0, 0, 0}
	for k := range 3 {
		y, x := math.Sincos(2 * math.Pi * float64(k) / 3)
		positions = append(positions, distance*sin*x, distance*sin*y, -distance*math.Sqrt(1-sin*sin))
	}
	return positions
}
