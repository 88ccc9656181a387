package explosion

// Pose is where an event was and how it lay in the table before a frame turned
// it.
type Pose struct {
	Centre [3]float64    `json:"centre"` // the frame's origin in the table, in the event's unit
	Axes   [3][3]float64 `json:"axes"`   // rows: the frame's x, y and z axes in the table's
}

// Restore appends to dst the event [3N] that the pose's frame turned, back in the
// table's axes and around its centre. The event is in Cartesian coordinates of
// the frame (see Frame.Cartesian).
//
// The pose that Frame.Momenta returns has its centre at 0. In a recoil frame it
// restores positions too, but for the place of the centre of mass, which momenta
// do not tell.
func (p Pose) Restore(dst, event []float64) []float64 {
	x, y, z := vectorAt(p.Axes[0][:], 0), vectorAt(p.Axes[1][:], 0), vectorAt(p.Axes[2][:], 0)
	centre := vectorAt(p.Centre[:], 0)
	for i := 0; i+2 < len(event); i += 3 {
		v := centre.add(x.scale(event[i])).add(y.scale(event[i+1])).add(z.scale(event[i+2]))
		dst = append(dst, v.x, v.y, v.z)
	}
	return dst
}

// asItWas is the pose of an event that no frame has turned.
func asItWas() Pose {
	return Pose{Axes: [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
}

func (r rotation) pose(centre vector) Pose {
	p := Pose{Centre: [3]float64{centre.x, centre.y, centre.z}}
	for i, axis := range r {
		p.Axes[i] = [3]float64{axis.x, axis.y, axis.z}
	}
	return p
}
