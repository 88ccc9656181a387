package explosion

import (
	"fmt"
	"strconv"
	"strings"
)

// IsotopeMass returns the mass of a neutral atom in dalton, by the symbol of the
// isotope in any case: the mass number before the element's symbol (13C, 37Cl),
// or D or T. It reports false for anything else; known are the isotopes that
// occur in nature, of the elements up to argon and of those heavier ones that
// molecules in the gas phase are usually made of, up to xenon.
//
// Masses: M. Wang et al., AME2020, Chin. Phys. C 45, 030003 (2021).
func IsotopeMass(symbol string) (dalton float64, ok bool) {
	switch strings.ToUpper(symbol) {
	case "D":
		symbol = "2H"
	case "T":
		symbol = "3H"
	}
	element := strings.TrimLeft(symbol, "0123456789")
	number, err := strconv.Atoi(symbol[:len(symbol)-len(element)])
	if err != nil {
		return 0, false
	}
	dalton, ok = isotopeMasses[canonicalSymbol(element)][number]
	return dalton, ok
}

// ParseAtom returns a neutral atom by its symbol in any case: that of an element
// (C, cl) stands for its standard atomic weight, that of an isotope (13C, D) for
// its mass. The symbol of the atom is the element's, without the mass number.
func ParseAtom(symbol string) (Atom, error) {
	symbol = strings.TrimSpace(symbol)
	element := canonicalSymbol(strings.TrimLeft(symbol, "0123456789"))
	if dalton, ok := IsotopeMass(symbol); ok {
		return Atom{Symbol: element, MassDalton: dalton}, nil
	}
	dalton, ok := AtomicMass(symbol)
	if ok {
		return Atom{Symbol: element, MassDalton: dalton}, nil
	}
	if _, ok := AtomicMass(element); ok {
		return Atom{}, fmt.Errorf("explosion: parse atom %q: no such isotope is known: want %s, or its mass given", symbol, element)
	}
	return Atom{}, fmt.Errorf("explosion: parse atom %q: want the symbol of an element or an isotope, such as C or 13C, or its mass given", symbol)
}

// canonicalSymbol writes a symbol with one capital letter.
func canonicalSymbol(symbol string) string {
	if symbol == "" {
		return ""
	}
	return strings.ToUpper(symbol[:1]) + strings.ToLower(symbol[1:])
}

var isotopeMasses = map[string]map[int]float64{
	"H":  {1: 1.007825031898, 2: 2.014101777844, 3: 3.01604928132},
	"He": {3: 3.01602932197, 4: 4.00260325413},
	"Li": {6: 6.01512288742, 7: 7.01600343426},
	"Be": {9: 9.012183062},
	"B":  {10: 10.012936862, 11: 11.009305166},
	"C":  {12: 12, 13: 13.00335483534},
	"N":  {14: 14.00307400425, 15: 15.00010889827},
	"O":  {16: 15.99491461926, 17: 16.99913175595, 18: 17.99915961214},
	"F":  {19: 18.99840316207},
	"Ne": {20: 19.99244017525, 21: 20.993846685, 22: 21.991385113},
	"Na": {23: 22.98976928195},
	"Mg": {24: 23.985041689, 25: 24.985836966, 26: 25.982592972},
	"Al": {27: 26.981538408},
	"Si": {28: 27.97692653442, 29: 28.97649466434, 30: 29.973770137},
	"P":  {31: 30.97376199768},
	"S":  {32: 31.97207117354, 33: 32.97145890862, 34: 33.967867011, 36: 35.967080692},
	"Cl": {35: 34.968852694, 37: 36.965902573},
	"Ar": {36: 35.967545106, 38: 37.962732102, 40: 39.96238312204},
	"K":  {39: 38.96370648482, 40: 39.963998165, 41: 40.96182525611},
	"Ti": {46: 45.952626356, 47: 46.951757491, 48: 47.947940677, 49: 48.947864391, 50: 49.944785622},
	"Fe": {54: 53.939608189, 56: 55.934935537, 57: 56.93539195, 58: 57.933273575},
	"Ni": {58: 57.93534165, 60: 59.930785129, 61: 60.931054819, 62: 61.928344753, 64: 63.927966228},
	"Ge": {70: 69.924248542, 72: 71.922075824, 73: 72.923458954, 74: 73.92117776, 76: 75.921402725},
	"As": {75: 74.921594562},
	"Se": {74: 73.922475933, 76: 75.919213702, 77: 76.91991415, 78: 77.917309244, 80: 79.916521761, 82: 81.916699531},
	"Br": {79: 78.918337574, 81: 80.916288197},
	"Kr": {78: 77.920366341, 80: 79.91637794, 82: 81.91348115368, 83: 82.914126516, 84: 83.91149772708, 86: 85.91061062468},
	"Te": {120: 119.904065779, 122: 121.903044708, 123: 122.904271022, 124: 123.902818341, 125: 124.904431178, 126: 125.903312144, 128: 127.904461237, 130: 129.906222745},
	"I":  {127: 126.904472592},
	"Xe": {124: 123.905885174, 126: 125.904297422, 128: 127.90353075341, 129: 128.90478085742, 130: 129.903509346, 131: 130.90508412808, 132: 131.90415508346, 134: 133.90539303, 136: 135.907214474},
}
