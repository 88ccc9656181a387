package explosion

import "math"

// vector is a struct because the compiler keeps structs, but not arrays, in
// registers.
type vector struct{ x, y, z float64 }

// vectorAt returns the vector that starts at an index of a flat slice.
func vectorAt(flat []float64, i int) vector {
	v := flat[i : i+3 : i+3]
	return vector{v[0], v[1], v[2]}
}

func (v vector) put(flat []float64, i int) {
	out := flat[i : i+3 : i+3]
	out[0], out[1], out[2] = v.x, v.y, v.z
}

func (v vector) add(u vector) vector {
	return vector{v.x + u.x, v.y + u.y, v.z + u.z}
}

func (v vector) sub(u vector) vector {
	return vector{v.x - u.x, v.y - u.y, v.z - u.z}
}

func (v vector) scale(s float64) vector {
	return vector{s * v.x, s * v.y, s * v.z}
}

func (v vector) dot(u vector) float64 {
	return v.x*u.x + v.y*u.y + v.z*u.z
}

func (v vector) cross(u vector) vector {
	return vector{v.y*u.z - v.z*u.y, v.z*u.x - v.x*u.z, v.x*u.y - v.y*u.x}
}

// norm neither overflows nor underflows, whatever the unit.
func (v vector) norm() float64 {
	if square := v.dot(v); square > 1e-200 && square < 1e200 {
		return math.Sqrt(square)
	}
	return math.Hypot(math.Hypot(v.x, v.y), v.z) // squares leave float64's range, or it is not a number
}

// unit divides instead of multiplying by an inverse that may overflow.
func (v vector) unit() vector {
	norm := v.norm()
	return vector{v.x / norm, v.y / norm, v.z / norm}
}

func largestMagnitude(flat []float64) float64 {
	largest := 0.0
	for _, v := range flat {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

// firstNonFinite returns the index of the first NaN or infinity, or -1.
func firstNonFinite(flat []float64) int {
	for i, v := range flat {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return i
		}
	}
	return -1
}
