// Package moleculefile reads molecules from files: positions as .xyz, which
// nearly every program of chemistry writes, and whole descriptions as YAML, with
// masses, charges and vibrations where there are any:
//
//	name: carbonyl sulfide
//	unit: angstrom
//	atoms:
//	  - {symbol: C, position: [0, 0, 0]}
//	  - {symbol: O, position: [-1.1562, 0, 0]}
//	  - {symbol: 34S, position: [1.5614, 0, 0], charge: 2}
//	vibrations:
//	  - wavenumber_cm: 859
//	    displacement: [0.58, 0, 0, 0.63, 0, 0, -0.53, 0, 0]
//
// Errors name the file, the line and the column.
package moleculefile
