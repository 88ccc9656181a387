package explosion

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConstantsAgreeWithEachOther(t *testing.T) {
	assert.InEpsilon(t, ReducedPlanckJouleSecond/BohrRadiusMeter, AtomicMomentumKilogramMeterPerSecond, 1e-9)
	assert.InEpsilon(t, BohrRadiusMeter*1e10, BohrRadiusAngstrom, 1e-15)
	hartree := ReducedPlanckJouleSecond * ReducedPlanckJouleSecond / (ElectronMassKilogram * BohrRadiusMeter * BohrRadiusMeter)
	assert.InEpsilon(t, hartree, HartreeJoule, 1e-9)
	const elementaryCharge = 1.602176634e-19 // exact in the SI
	assert.InEpsilon(t, HartreeJoule/elementaryCharge, HartreeElectronVolt, 1e-11)
	const dalton = 1.66053906660e-27 // kg, CODATA 2018
	assert.InEpsilon(t, dalton/ElectronMassKilogram, DaltonElectronMass, 1e-9)
}

func TestParseLengthUnit(t *testing.T) {
	for name, bohr := range map[string]float64{"bohr": 1, "angstrom": 1.8897261246, "m": 1.8897261246e10} {
		u, err := ParseLengthUnit(name)
		require.NoError(t, err)
		assert.InEpsilon(t, bohr, u.Bohr, 1e-10)
		assert.Equal(t, name, u.String())
	}
	for _, bad := range []string{"", "Bohr", "nm", "2*m"} {
		_, err := ParseLengthUnit(bad)
		assert.ErrorContains(t, err, "want bohr, angstrom or m", bad)
	}
}

func TestParseMomentumUnit(t *testing.T) {
	for text, au := range map[string]float64{
		"au":           1,
		"kg_m_s":       1 / 1.99285191410e-24,
		"1e-22*kg_m_s": 50.17934,
		"0.5*au":       0.5,
		"1.0 * au":     1,
	} {
		u, err := ParseMomentumUnit(text)
		require.NoError(t, err, text)
		assert.InEpsilon(t, au, u.AU, 1e-6, text)
	}
	for _, bad := range []string{"", "*au", "0*au", "-1*au", "NaN*au", "Inf*au", "1e-999*au", "1e300*kg_m_s", "1e-22", "2*2*au", "kg*m/s", "1e-22 kg_m_s"} {
		_, err := ParseMomentumUnit(bad)
		assert.ErrorContains(t, err, "want au or kg_m_s", bad)
	}
}

func TestUnitsSurviveJSON(t *testing.T) {
	type units struct {
		Length   LengthUnit
		Momentum MomentumUnit
	}
	momentum, err := ParseMomentumUnit("1.2345678901234568e-22*kg_m_s")
	require.NoError(t, err)
	want := units{Angstrom, momentum}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	assert.JSONEq(t, `{"Length":"angstrom","Momentum":"1.2345678901234568e-22*kg_m_s"}`, string(text))
	var got units
	require.NoError(t, json.Unmarshal(text, &got))
	assert.Equal(t, want, got)
	assert.Error(t, json.Unmarshal([]byte(`{"Length":"ell"}`), &got))
	assert.Error(t, json.Unmarshal([]byte(`{"Momentum":"nought"}`), &got))
}

func TestUnknownUnitsAreNotWritten(t *testing.T) {
	for _, unit := range []any{
		LengthUnit{}, LengthUnit{Name: "bohr", Bohr: 2},
		MomentumUnit{}, MomentumUnit{Name: "au", AU: 2},
	} {
		_, err := json.Marshal(unit)
		assert.ErrorContains(t, err, "is not a known unit")
	}
}

func FuzzParseMomentumUnit(f *testing.F) {
	for _, seed := range []string{"au", "1e-22*kg_m_s", " 3 * au ", "0x1p-2*au", "1_0*au", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseMomentumUnit(text)
		if err != nil {
			assert.Zero(t, u)
			return
		}
		written, err := u.MarshalText()
		require.NoError(t, err)
		var again MomentumUnit
		require.NoError(t, again.UnmarshalText(written))
		assert.Equal(t, u, again)
	})
}

func FuzzParseLengthUnit(f *testing.F) {
	for _, seed := range []string{"bohr", "angstrom", "m", " m", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if u, err := ParseLengthUnit(text); err == nil {
			written, err := u.MarshalText()
			require.NoError(t, err)
			assert.Equal(t, u.Name, string(written))
		}
	})
}

func TestUnitsOfNothingAreAtomic(t *testing.T) {
	assert.Equal(t, Bohr, LengthUnit{}.OrBohr())
	assert.Equal(t, Angstrom, Angstrom.OrBohr())
	assert.Equal(t, AtomicMomentum, MomentumUnit{}.OrAtomic())
	assert.Equal(t, MomentumUnit{Name: "2*au", AU: 2}, MomentumUnit{Name: "2*au", AU: 2}.OrAtomic())
}
