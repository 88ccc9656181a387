package export

import (
	"math"

	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/export/graph"
)

// fold is explosion.ZMatrix.Fold: it brings drawn angles [B,D] back into their ranges.
func fold(b *graph.Builder, z explosion.ZMatrix, x *graph.Value) *graph.Value {
	lengths, first, all := int64(z.Lengths()), int64(z.FirstDihedral()), int64(z.Dim())
	if first == lengths {
		return x
	}
	angles := turnWithin(b, b.Slice(x, lengths, first), b.Scalar(x.DType, 0))
	parts := []*graph.Value{b.Slice(x, 0, lengths), b.Abs(angles)}
	if all > first {
		zero := b.Scalar(x.DType, 0)
		turned := b.Where(b.Less(b.Slice(angles, 1, first-lengths), zero), b.Scalar(x.DType, math.Pi), zero)
		branches := make([]float64, all-first)
		for i := range branches {
			branches[i] = z[i+3].Branch
		}
		dihedrals := b.Add(b.Slice(x, first, all), turned)
		parts = append(parts, turnWithin(b, dihedrals, b.Constant("dihedrals.branch", x.DType, branches, all-first)))
	}
	return b.Concat(parts...)
}

func turnWithin(b *graph.Builder, angle, branch *graph.Value) *graph.Value {
	turns := b.Round(b.Scale(b.Sub(angle, branch), 1/(2*math.Pi)))
	return b.Sub(angle, b.Scale(turns, 2*math.Pi))
}
