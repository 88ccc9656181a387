package serve

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/internal/browsertest"
	"github.com/gocei/gocei/posterior"
)

func inJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// An event is understood in whatever way tables and programs write it.
func TestPageReadsEvents(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "table")
	for _, of := range []struct{ pasted, want string }{
		{"1,2,3", `{"u":1,"v":2,"w":3}`},
		{"  +1.5e-3 ; -.5;3.\r\n", `{"u":0.0015,"v":-0.5,"w":3}`},
		{"1\t2\t3", `{"u":1,"v":2,"w":3}`},
		{"1  2   3", `{"u":1,"v":2,"w":3}`},
		{"# w u v\n3 1 2", `{"u":1,"v":2,"w":3}`},
		{"x,u,\"w\",v\n9,1,3,2", `{"u":1,"v":2,"w":3}`},
		{"a,b\n1,2", `{"a":1,"b":2}`},
		{"[1,2,3]", `{"u":1,"v":2,"w":3}`},
		{"[[1,2],[3]]", `{"u":1,"v":2,"w":3}`},
		{`{"C":[1,2,3]}`, `{"C":[1,2,3]}`},
		{`{"momenta":{"u":[1]},"samples":3}`, `{"u":[1]}`},
	} {
		got := browsertest.Value[json.RawMessage](t, v.Browser, fmt.Sprintf(`import("/event.js").then(m => m.momentaOf(%s, ["u", "v", "w"]))`, inJSON(t, of.pasted)))
		assert.JSONEq(t, of.want, string(got), of.pasted)
	}
}

// Molecules of four atoms are built of internal coordinates as explosion builds them, but for their place, and so all
// distances and angles are; a mirror image would have other dihedrals.
func TestPageBuildsMolecules(t *testing.T) {
	v := newVisitor(t, Config{}, nil, "molecule")
	random := rand.New(rand.NewPCG(4, 4))
	atoms := []string{"C1", "C2", "H1", "H2"}
	z := explosion.ZMatrix{{Atom: 0, Bond: 0}, {Atom: 1, Bond: 0}, {Atom: 2, Bond: 0, Angle: 1}, {Atom: 3, Bond: 1, Angle: 0, Dihedral: 2}}
	frame := explosion.Frame{Kind: explosion.FrameInternal, MassesDalton: []float64{12, 12, 1, 1}, Axis: [2]int{0, 1}, ZMatrix: z}
	quantities := posterior.NewQuantities(dataset.Encoding{Atoms: atoms, PositionUnit: explosion.Bohr}, false)
	for range 20 {
		draw := []float64{1 + random.Float64(), 1 + random.Float64(), 1 + random.Float64(), 0.3 + 2*random.Float64(), 0.3 + 2*random.Float64(), 3 * (2*random.Float64() - 1)}
		want, err := frame.Cartesian(nil, draw)
		require.NoError(t, err)
		places := browsertest.Value[[][]float64](t, v.Browser, fmt.Sprintf(`import("/geometry.js").then(m => m.placesOf([%s], %s, %s)[0])`,
			inJSON(t, draw), inJSON(t, z.Names(atoms)), inJSON(t, atoms)))
		require.Len(t, places, 4)
		got := make([]float64, 0, 12)
		for _, place := range places {
			got = append(got, place...)
		}
		wanted := quantities.Of(dataset.Matrix{Rows: 1, Cols: 12, Data: want}, nil).Data
		assert.InDeltaSlice(t, wanted, quantities.Of(dataset.Matrix{Rows: 1, Cols: 12, Data: got}, nil).Data, 1e-9)
		assert.InDelta(t, volume(want), volume(got), 1e-9, "it is no mirror image")
		for k, name := range quantities.Columns {
			one := browsertest.Value[[]float64](t, v.Browser, fmt.Sprintf(`import("/geometry.js").then(m => m.marginal(%s, [[]], [], [%s], %s))`, inJSON(t, name), inJSON(t, places), inJSON(t, atoms)))
			assert.InDelta(t, wanted[k], one[0], 1e-9, name)
		}
	}
}

// volume is six times that of the tetrahedron of four atoms, with its sign.
func volume(x []float64) float64 {
	side := func(atom, axis int) float64 { return x[3*atom+axis] - x[axis] }
	return side(1, 0)*(side(2, 1)*side(3, 2)-side(2, 2)*side(3, 1)) -
		side(1, 1)*(side(2, 0)*side(3, 2)-side(2, 2)*side(3, 0)) +
		side(1, 2)*(side(2, 0)*side(3, 1)-side(2, 1)*side(3, 0))
}
