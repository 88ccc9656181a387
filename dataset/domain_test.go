package dataset

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// skewed returns correlated conditions with heavy tails, far from normal.
func skewed(rows int, random *rand.Rand) Matrix {
	m := NewMatrix(rows, 3)
	for i := range rows {
		a, b := math.Exp(random.NormFloat64()), random.ExpFloat64()
		copy(m.Row(i), []float64{a, a + 0.1*b, b * b})
	}
	return m
}

// Whatever the distribution, the mean rate of false alarms over many validation parts is the one that was asked for, at
// most, and not less than that by more than 1/(n+1).
func TestFalseAlarmRateIsKept(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	const repetitions, tested = 300, 200
	flagged := map[float64]int{}
	for range repetitions {
		d := newDomain(skewed(300, random), skewed(99, random))
		distances, err := d.Distances(skewed(tested, random))
		require.NoError(t, err)
		for _, limit := range d.Limits {
			for _, distance := range distances {
				if distance > limit.Distance {
					flagged[limit.FalseAlarms]++
				}
			}
		}
	}
	require.Len(t, flagged, 4, "99 validation events are enough for 0.1, 0.05, 0.02 and 0.01")
	for rate, n := range flagged {
		// The rate itself varies with the validation part, with variance rate(1-rate)/(n+2).
		tolerance := 4 * math.Sqrt(rate*(1-rate)*(1.0/(101*repetitions)+1.0/(tested*repetitions)))
		require.InDelta(t, rate, float64(n)/(repetitions*tested), tolerance)
	}
}

// The distance is Mahalanobis': it does not change when conditions are mixed, and sees what no single condition shows.
func TestDomainSeesCorrelations(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 6))
	draw := func(rows int, sign float64) Matrix {
		m := NewMatrix(rows, 2)
		for i := range rows {
			a := random.NormFloat64()
			copy(m.Row(i), []float64{a, sign*a + 0.1*random.NormFloat64()})
		}
		return m
	}
	train, validation, odd := draw(500, 1), draw(500, 1), draw(500, -1)
	d := newDomain(train, validation)
	limit, err := d.Limit(0.01)
	require.NoError(t, err)
	require.Equal(t, 0.01, limit.FalseAlarms)
	distances, err := d.Distances(odd)
	require.NoError(t, err)
	flagged := 0
	for _, distance := range distances {
		if distance > limit.Distance {
			flagged++
		}
	}
	require.Greater(t, flagged, 350)

	mix := func(m Matrix) Matrix {
		out := NewMatrix(m.Rows, 2)
		for i := range m.Rows {
			x := m.Row(i)
			copy(out.Row(i), []float64{5 + 2*x[0] - x[1], 3*x[1] + x[0]})
		}
		return out
	}
	mixed, err := newDomain(mix(train), mix(validation)).Distances(mix(odd))
	require.NoError(t, err)
	require.InDeltaSlice(t, distances, mixed, 1e-8)
}

func TestDomainIsKeptWithTheEncoding(t *testing.T) {
	s := prepare(t, triatomic(t, 400, 2), Options{})
	text, err := json.Marshal(s.Encoding)
	require.NoError(t, err)
	var back Encoding
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, s.Encoding, back)

	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &fields))
	delete(fields, "domain")
	without, err := json.Marshal(fields)
	require.NoError(t, err)
	var old Encoding
	require.NoError(t, json.Unmarshal(without, &old))
	require.Nil(t, old.Domain, "runs that are older than it are read")

	for says, spoil := range map[string]func(d *Domain){
		"a domain of 1 conditions": func(d *Domain) { d.Mean = d.Mean[:1] },
		"false-alarm rates":        func(d *Domain) { d.Limits[0].FalseAlarms = 0 },
	} {
		spoilt := *s.Encoding.Domain
		spoilt.Limits = append([]DomainLimit(nil), spoilt.Limits...)
		spoil(&spoilt)
		c := s.Encoding
		c.Domain = &spoilt
		text, err := json.Marshal(c)
		require.NoError(t, err)
		require.ErrorContains(t, json.Unmarshal(text, &back), says)
	}
}

func TestDomainOfFewEvents(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	require.Nil(t, newDomain(skewed(3, random), skewed(50, random)))
	require.Nil(t, newDomain(skewed(30, random), Matrix{Cols: 3}))
	d := newDomain(skewed(30, random), skewed(5, random))
	require.Empty(t, d.Limits)
	_, err := d.Limit(0.1)
	require.ErrorContains(t, err, "the validation part is too small")
	_, err = d.Distances(NewMatrix(2, 2))
	require.ErrorContains(t, err, "want 3 columns")
}
