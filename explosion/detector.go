package explosion

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Detector says what becomes of the ions' momenta when they are measured. The
// zero value is a perfect one. Neutral atoms never reach it: they lose no event,
// and the table has their true momenta.
//
// Whether an ion is lost depends on its true momentum; an event of which an ion
// is lost is not recorded.
type Detector struct {
	// AbsoluteNoise and RelativeNoise are the standard deviations of a Gaussian
	// error of every momentum component, one in atomic units and one as a fraction
	// of the component itself. They add up in quadrature.
	AbsoluteNoise float64 `json:"absolute_noise"`
	RelativeNoise float64 `json:"relative_noise"`

	// Loss is the probability with which each ion is missed, wherever it goes: one
	// less the detector's efficiency.
	Loss float64 `json:"loss"`

	// Axis is that of the spectrometer, of any length. Default z.
	Axis [3]float64 `json:"axis"`

	// DeadAngleDegrees is the half-angle of a double cone about the axis, such as
	// the shadow of a beam dump: ions that fly within, up or down, are lost.
	DeadAngleDegrees float64 `json:"dead_angle_degrees"`

	// DeadTransverse is the momentum across the axis, in atomic units, below which
	// ions are lost: they end in the hole in the middle of the detector.
	DeadTransverse float64 `json:"dead_transverse"`
}

func (d Detector) complete() (Detector, error) {
	for _, f := range []struct {
		name  string
		value float64
		most  float64
	}{
		{"absolute_noise", d.AbsoluteNoise, math.MaxFloat64},
		{"relative_noise", d.RelativeNoise, math.MaxFloat64},
		{"loss", d.Loss, 1},
		{"dead_angle_degrees", d.DeadAngleDegrees, 90},
		{"dead_transverse", d.DeadTransverse, math.MaxFloat64},
	} {
		if !(f.value >= 0 && f.value <= f.most) {
			want := "0 or more"
			if f.most < math.MaxFloat64 {
				want = fmt.Sprintf("0 to %g", f.most)
			}
			return d, fmt.Errorf("%s %g: want %s", f.name, f.value, want)
		}
	}
	if d.Axis == [3]float64{} {
		d.Axis = [3]float64{0, 0, 1}
	}
	if axis := vectorAt(d.Axis[:], 0).norm(); !(axis > 0) || math.IsInf(axis, 0) {
		return d, fmt.Errorf("axis %g: want finite numbers", d.Axis)
	}
	return d, nil
}

// measure replaces the momenta [3N] of the ions by what a complete detector makes
// of them, and reports whether none was lost.
func (d *Detector) measure(random *rand.Rand, charges, momenta []float64) bool {
	for i, charge := range charges {
		if charge == 0 {
			continue
		}
		if d.dead(vectorAt(momenta, 3*i)) || d.Loss > 0 && random.Float64() < d.Loss {
			return false
		}
	}
	if d.AbsoluteNoise == 0 && d.RelativeNoise == 0 {
		return true
	}
	for i, p := range momenta {
		if charges[i/3] != 0 {
			momenta[i] += math.Hypot(d.AbsoluteNoise, d.RelativeNoise*p) * random.NormFloat64()
		}
	}
	return true
}

// dead reports whether an ion of this momentum is never seen.
func (d *Detector) dead(p vector) bool {
	if d.DeadAngleDegrees == 0 && d.DeadTransverse == 0 {
		return false
	}
	axis := vectorAt(d.Axis[:], 0).unit()
	along, across := math.Abs(p.dot(axis)), perpendicular(p, axis).norm()
	angle := math.Atan2(across, along) * 180 / math.Pi
	return angle < d.DeadAngleDegrees || across < d.DeadTransverse
}
