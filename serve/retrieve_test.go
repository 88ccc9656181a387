package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/explosion"
)

// retrieved is an answer to /v1/retrieve.
type retrieved struct {
	Model               string
	Samples             int
	Seed                uint64
	Columns, Units      []string
	DrawColumns         []string `json:"draw_columns"`
	DomainDistanceLimit float64  `json:"domain_distance_limit"`
	Events              []struct {
		OutsideDomain  bool     `json:"outside_domain"`
		DomainDistance *float64 `json:"domain_distance"`
		Summary        map[string]map[string]float64
		Draws          [][]float64
	}
}

const retrievePath = "/v1/retrieve"

func (c *client) retrieve(format string, args ...any) (r retrieved) {
	c.t.Helper()
	c.ask("POST", retrievePath, fmt.Sprintf(format, args...)).into(c.t, &r)
	return r
}

const byAtom = `{"C":[1.5,-2,3],"O":[4,5.25,-6]}`

func TestRetrieve(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	r := c.retrieve(`{"momenta":%s,"samples":200,"seed":7,"return":["draws","summary"]}`, byAtom)
	require.Equal(t, "molecule", r.Model)
	require.Equal(t, 200, r.Samples)
	require.Equal(t, []string{"x_C", "y_C", "z_C", "x_O", "y_O", "z_O", "r_CO"}, r.Columns)
	require.Equal(t, "bohr", r.Units[6])
	require.Len(t, r.Events, 1)
	e := r.Events[0]
	require.False(t, e.OutsideDomain)
	require.NotNil(t, e.DomainDistance)
	require.Len(t, e.Draws, 200)
	sum, distance := 0.0, 0.0
	for _, draw := range e.Draws {
		sum += draw[1]
		distance += math.Hypot(math.Hypot(draw[0]-draw[3], draw[1]-draw[4]), draw[2]-draw[5])
	}
	require.InDelta(t, sum/200, e.Summary["y_C"]["mean"], 1e-12)
	require.InDelta(t, distance/200, e.Summary["r_CO"]["mean"], 1e-12)
	for name, s := range e.Summary {
		require.Len(t, s, 9, name)
		require.True(t, s["q05"] <= s["q16"] && s["q16"] <= s["median"] && s["median"] <= s["q84"] && s["q84"] <= s["q95"], name)
		require.LessOrEqual(t, s["hd68_high"]-s["hd68_low"], s["q84"]-s["q16"]+s["sd"], name)
	}
	var in inferred
	c.ask("POST", inferPath, inferBody(1, 200, 7)).into(t, &in)
	var flat []float64
	for _, draw := range e.Draws {
		flat = append(flat, draw...)
	}
	require.Equal(t, in.numbers(t, "draws"), flat, "both ways of asking draw the same")
}

func TestRetrieveForms(t *testing.T) {
	c := newClient(t, Config{}, "molecule", "table")
	ask := func(rest string) retrieved {
		return c.retrieve(`{"model":"molecule","samples":20,"seed":7,"return":["draws"],%s}`, rest)
	}
	want := ask(`"momenta":` + byAtom)
	for name, rest := range map[string]string{
		"by column":       `"momenta":{"px_C":1.5,"py_C":-2,"pz_C":3,"px_O":4,"py_O":5.25,"pz_O":-6}`,
		"arrays of one":   `"momenta":{"px_C":[1.5],"py_C":[-2],"pz_C":[3],"px_O":[4],"py_O":[5.25],"pz_O":[-6]}`,
		"other names":     `"momenta":{"pcx":1.5,"pcy":-2,"pcz":3,"pox":4,"poy":5.25,"poz":-6}`,
		"nested":          `"momenta":{"O":[[4,5.25,-6]],"C":[[1.5,-2,3]]}`,
		"unit":            `"momentum_unit":"au","momenta":` + byAtom,
		"labels":          `"momenta":{"c1":[1.5,-2,3],"o":[4,5.25,-6]}`,
		"the run's units": `"position_unit":"bohr","momenta":` + byAtom,
	} {
		require.Equal(t, want, ask(rest), name)
	}
	two := ask(`"momenta":{"C":[[1.5,-2,3],[0.1,0.2,0.3]],"O":[[4,5.25,-6],[0.4,0.5,0.6]]}`)
	require.Len(t, two.Events, 2)
	require.Equal(t, want.Events[0], two.Events[0])
	table := c.retrieve(`{"model":"table","momenta":{"w":[3,3],"u":[1,1],"v":[2,2]},"seed":1}`)
	require.Len(t, table.Events, 2)
	require.Equal(t, []string{"theta 1", "theta 2", "theta 3"}, table.Columns)
	require.Equal(t, defaultSamples, table.Samples)
}

// Momenta in other units are the same momenta, and positions in other units the same positions.
func TestRetrieveUnits(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	want := c.retrieve(`{"momenta":%s,"seed":7,"return":["draws","summary"]}`, byAtom)
	var si []string
	for _, p := range []float64{1.5, -2, 3, 4, 5.25, -6} {
		text, err := json.Marshal(p * explosion.AtomicMomentumKilogramMeterPerSecond / 1e-24)
		require.NoError(t, err)
		si = append(si, string(text))
	}
	got := c.retrieve(`{"momenta":{"C":[%s],"O":[%s]},"momentum_unit":"1e-24*kg_m_s","position_unit":"angstrom","seed":7,"return":["draws","summary"]}`,
		strings.Join(si[:3], ","), strings.Join(si[3:], ","))
	require.Equal(t, "angstrom", got.Units[0])
	for i, draw := range got.Events[0].Draws {
		for j, x := range draw {
			require.InDelta(t, want.Events[0].Draws[i][j]*explosion.BohrRadiusAngstrom, x, 1e-4)
		}
	}
	for name, statistics := range got.Events[0].Summary {
		for statistic, x := range statistics {
			require.InDelta(t, want.Events[0].Summary[name][statistic]*explosion.BohrRadiusAngstrom, x, 1e-4, "%s %s", name, statistic)
		}
	}
}

// With charges there is the kinetic energy release, which is that of the distance in a diatomic molecule.
func TestRetrieveEnergies(t *testing.T) {
	models := open(t, "molecule")
	models[0].Recipe = &explosion.Recipe{Molecule: explosion.Molecule{
		Atoms: []explosion.Atom{{Symbol: "O", Charge: 1}, {Symbol: "C", Charge: 2}}, Equilibrium: []float64{0, 0, 0, 2, 0, 0},
	}}
	s, err := New(models, Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Shutdown(context.Background())) }()
	c := &client{t: t, server: s}
	r := c.retrieve(`{"momenta":%s,"samples":1,"seed":7}`, byAtom)
	require.Equal(t, "eV", r.Units[7])
	e := r.Events[0].Summary
	require.InEpsilon(t, 2*explosion.HartreeElectronVolt/e["r_CO"]["mean"], e["ker_ev"]["mean"], 1e-12)
}

func TestRetrieveOutsideDomain(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	r := c.retrieve(`{"momenta":{"C":[[1.5,-2,3],[500,0,0]],"O":[[4,5.25,-6],[0,0,0]]},"samples":2}`)
	require.False(t, r.Events[0].OutsideDomain)
	require.True(t, r.Events[1].OutsideDomain)
	require.Less(t, *r.Events[0].DomainDistance, *r.Events[1].DomainDistance)
}

func TestRetrieveRefusals(t *testing.T) {
	c := newClient(t, Config{}, "molecule", "table")
	for body, want := range map[string]string{
		`{}`:                                                                                              "there are several models: name one of molecule, table",
		`{"model":"molecule"}`:                                                                            "there are no momenta",
		`{"model":"molecule","momenta":{}}`:                                                               "there are no momenta",
		`{"model":"molecule","momenta":null}`:                                                             "there are no momenta",
		`{"model":"molecule","momenta":[1]}`:                                                              "momenta must not be array",
		`{"model":"molecule","momenta":{"C":[1,2,3]}}`:                                                    "expected columns",
		`{"model":"molecule","momenta":{"C":[1,2,3],"S":[1,2,3]}}`:                                        "expected columns",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":[1,2]}}`:                                          "O: 2 numbers: want px, py and pz",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":[1,2,3,4,5,6]}}`:                                  "O: 6 numbers: want px, py and pz",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":4}}`:                                              "O: 1 numbers",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":[[1,2],[3]]}}`:                                    "O: 3 numbers",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":[[1,2,3],[1,2,3]]}}`:                              "others have 1",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":[]}}`:                                             "O: want numbers",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":null}}`:                                           "O: want numbers",
		`{"model":"molecule","momenta":{"C":[1,2,3],"O":"x"}}`:                                            "want numbers",
		`{"model":"molecule","momenta":{"C":[1,2,3],"C1":[1,2,3]}}`:                                       "expected columns",
		`{"model":"molecule","momenta":{"px_C":1,"py_C":1,"pz_C":1,"px_O":1,"py_O":1}}`:                   "expected columns pz_O",
		`{"model":"molecule","momenta":{"px_C":1,"py_C":1,"pz_C":1,"px_O":1,"py_O":1,"pz_O":1,"px_S":1}}`: "7 columns: want just",
		`{"model":"molecule","momenta":{"px_C":1,"py_C":1,"pz_C":1,"px_O":1,"py_O":1,"pz_O":[1,2]}}`:      "events",
		`{"model":"molecule","momenta":{"px_C":1,"py_C":1,"pz_C":1,"px_O":1,"py_O":1,"pz_O":[[1]]}}`:      "pz_O: want a number",
		`{"model":"molecule","momenta":` + byAtom + `,"momentum_unit":"eV"}`:                              "parse momentum unit",
		`{"model":"molecule","momenta":` + byAtom + `,"position_unit":"ft"}`:                              "parse length unit",
		`{"model":"molecule","momenta":` + byAtom + `,"return":["mode"]}`:                                 "return names mode",
		`{"model":"molecule","momenta":` + byAtom + `,"samples":0}`:                                       "0 samples",
		`{"model":"molecule","momenta":` + byAtom + `,"units":"au"}`:                                      "unknown field",
		`{"model":"table","momenta":{"u":1,"v":2}}`:                                                       "expected columns w",
		`{"model":"table","momenta":{"u":1,"v":2,"w":3,"x":4}}`:                                           "4 columns: want just u, v, w",
		`{"model":"table","momenta":{"u":1,"v":2,"w":3},"momentum_unit":"au"}`:                            "leave momentum_unit out",
		`{"model":"table","momenta":{"u":1,"v":2,"w":3},"position_unit":"m"}`:                             "leave position_unit out",
	} {
		got := c.ask("POST", retrievePath, body)
		assert.Equal(t, http.StatusBadRequest, got.status, "%s: %s", body, got.body)
		assert.Contains(t, got.problem(t), want, body)
	}
	require.Equal(t, http.StatusNotFound, c.ask("POST", retrievePath, `{"model":"../molecule","momenta":`+byAtom+`}`).status)
	require.Equal(t, http.StatusUnsupportedMediaType, c.ask("POST", retrievePath, `{}`, "Content-Type", kindBinary).status)
}
