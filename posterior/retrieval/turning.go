package retrieval

import "math"

// turning is what small turns ω of an event do to its momenta, ω × p, in standard
// deviations.
type turning struct {
	momenta, deviations []float64 // [3N]
	inverse             [3][3]float64
}

// column returns the change of component i by a turn about each axis.
func (t *turning) column(i int) [3]float64 {
	first := i - i%3
	x, y, z := t.momenta[first], t.momenta[first+1], t.momenta[first+2]
	switch i % 3 {
	case 0:
		return scaled(1/t.deviations[i], [3]float64{0, z, -y})
	case 1:
		return scaled(1/t.deviations[i], [3]float64{-z, 0, x})
	}
	return scaled(1/t.deviations[i], [3]float64{y, -x, 0})
}

// prepare inverts the normal matrix. A linear event does not feel turns about its
// line; a part of 1e-12 of the trace stands in for that.
func (t *turning) prepare() {
	var a [3][3]float64
	for i := range t.momenta {
		c := t.column(i)
		for j := range 3 {
			for k := range 3 {
				a[j][k] += c[j] * c[k]
			}
		}
	}
	ridge := 1e-12 * (a[0][0] + a[1][1] + a[2][2])
	for j := range 3 {
		a[j][j] += ridge
	}
	t.inverse = inverse(a)
}

// best returns the turn that makes up for most of residuals [3N].
func (t *turning) best(residuals []float64) (omega [3]float64) {
	var right [3]float64
	for i, r := range residuals {
		c := t.column(i)
		for j := range 3 {
			right[j] += c[j] * r
		}
	}
	for j := range 3 {
		omega[j] = dot(t.inverse[j], right)
	}
	return omega
}

// remove takes from residuals [3N] what a turn does.
func (t *turning) remove(residuals []float64, omega [3]float64) {
	for i := range residuals {
		residuals[i] -= dot(t.column(i), omega)
	}
}

// inverse is that of a symmetric matrix, by cofactors.
func inverse(a [3][3]float64) (b [3][3]float64) {
	for i := range 3 {
		for j := range 3 {
			p, q, r, s := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
			b[j][i] = a[p][r]*a[q][s] - a[p][s]*a[q][r]
		}
	}
	determinant := a[0][0]*b[0][0] + a[0][1]*b[1][0] + a[0][2]*b[2][0]
	for i := range 3 {
		b[i] = scaled(1/determinant, b[i])
	}
	return b
}

// rotate turns vectors by the angle |ω| about ω (Rodrigues' formula).
func rotate(vectors []float64, omega [3]float64) {
	angle := math.Sqrt(dot(omega, omega))
	if angle == 0 {
		return
	}
	n := scaled(1/angle, omega)
	sin, cos := math.Sincos(angle)
	for i := 0; i+3 <= len(vectors); i += 3 {
		v := [3]float64(vectors[i : i+3])
		along := (1 - cos) * dot(n, v)
		vectors[i] = cos*v[0] + sin*(n[1]*v[2]-n[2]*v[1]) + along*n[0]
		vectors[i+1] = cos*v[1] + sin*(n[2]*v[0]-n[0]*v[2]) + along*n[1]
		vectors[i+2] = cos*v[2] + sin*(n[0]*v[1]-n[1]*v[0]) + along*n[2]
	}
}
