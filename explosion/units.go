package explosion

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// LengthUnit is a unit of length. Its text form (JSON, YAML, flags) is Name.
type LengthUnit struct {
	Name string
	Bohr float64 // one unit in Bohr
}

// The units of length that ParseLengthUnit knows.
var (
	Bohr     = LengthUnit{Name: "bohr", Bohr: 1}
	Angstrom = LengthUnit{Name: "angstrom", Bohr: 1 / BohrRadiusAngstrom}
	Meter    = LengthUnit{Name: "m", Bohr: 1 / BohrRadiusMeter}
)

// OrBohr returns the unit, or Bohr in place of the zero value.
func (u LengthUnit) OrBohr() LengthUnit {
	if u == (LengthUnit{}) {
		return Bohr
	}
	return u
}

// ParseLengthUnit returns the unit called bohr, angstrom or m.
func ParseLengthUnit(s string) (LengthUnit, error) {
	for _, u := range []LengthUnit{Bohr, Angstrom, Meter} {
		if u.Name == strings.TrimSpace(s) {
			return u, nil
		}
	}
	return LengthUnit{}, fmt.Errorf("explosion: parse length unit %q: want bohr, angstrom or m", s)
}

// String returns the unit's name.
func (u LengthUnit) String() string { return u.Name }

// MarshalText writes the unit's name. A unit that could not be read back, the
// zero value among them, is an error.
func (u LengthUnit) MarshalText() ([]byte, error) {
	if parsed, err := ParseLengthUnit(u.Name); err != nil || parsed != u {
		return nil, fmt.Errorf("explosion: write length unit: %q with %g Bohr is not a known unit", u.Name, u.Bohr)
	}
	return []byte(u.Name), nil
}

// UnmarshalText reads what ParseLengthUnit accepts.
func (u *LengthUnit) UnmarshalText(text []byte) (err error) {
	*u, err = ParseLengthUnit(string(text))
	return err
}

// MomentumUnit is a unit of momentum. Its text form (JSON, YAML, flags) is Name,
// which carries the factor in full.
type MomentumUnit struct {
	Name string
	AU   float64 // one unit in atomic units, ħ/a₀
}

// AtomicMomentum is the atomic unit of momentum, ħ/a₀.
var AtomicMomentum = MomentumUnit{Name: "au", AU: 1}

// OrAtomic returns the unit, or the atomic one in place of the zero value.
func (u MomentumUnit) OrAtomic() MomentumUnit {
	if u == (MomentumUnit{}) {
		return AtomicMomentum
	}
	return u
}

// ParseMomentumUnit returns the unit called au or kg_m_s, or a positive multiple
// of one such as 1e-22*kg_m_s.
func ParseMomentumUnit(s string) (MomentumUnit, error) {
	text, base, ok := strings.Cut(s, "*")
	if !ok {
		text, base = "1", s
	}
	factor, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	base = strings.TrimSpace(base)
	unit := MomentumUnit{Name: base, AU: factor}
	if base == "kg_m_s" {
		unit.AU = factor / AtomicMomentumKilogramMeterPerSecond
	}
	known := base == "au" || base == "kg_m_s"
	if err != nil || !known || !(unit.AU > 0) || math.IsInf(unit.AU, 0) {
		return MomentumUnit{}, fmt.Errorf("explosion: parse momentum unit %q: want au or kg_m_s, with an optional positive factor as in 1e-22*kg_m_s", s)
	}
	if factor != 1 {
		unit.Name = strconv.FormatFloat(factor, 'g', -1, 64) + "*" + base
	}
	return unit, nil
}

// String returns the unit's name.
func (u MomentumUnit) String() string { return u.Name }

// MarshalText writes the unit's name, factor included. A unit that could not be
// read back, the zero value among them, is an error.
func (u MomentumUnit) MarshalText() ([]byte, error) {
	if parsed, err := ParseMomentumUnit(u.Name); err != nil || parsed != u {
		return nil, fmt.Errorf("explosion: write momentum unit: %q with %g a.u. is not a known unit", u.Name, u.AU)
	}
	return []byte(u.Name), nil
}

// UnmarshalText reads what ParseMomentumUnit accepts.
func (u *MomentumUnit) UnmarshalText(text []byte) (err error) {
	*u, err = ParseMomentumUnit(string(text))
	return err
}
