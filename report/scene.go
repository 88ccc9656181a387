package report

import (
	"encoding/json"
	"math"
	"strings"
	"unicode"

	"github.com/gocei/gocei/dataset"
)

// scene is what the page's view of geometries shows, lengths in Å.
type scene struct {
	Atoms    []sceneAtom    `json:"atoms"`
	Bonds    [][2]int       `json:"bonds"`
	Examples []sceneExample `json:"examples"`
}

type sceneAtom struct {
	Label  string `json:"label"`
	Colour string `json:"colour"`
}

type sceneExample struct {
	Title string    `json:"title"`
	Truth []float64 `json:"truth"` // [3N], null where it is not known
	Draws []float64 `json:"draws"` // [n, 3N]
}

// mostShown is how many draws the view shows of an event: more are one cloud.
const mostShown = 300

// newScene returns nil where there are no geometries to show.
func (r *Report) newScene() (*scene, error) {
	if r.posteriors == nil || r.posteriors.internals == nil || len(r.examples) == 0 {
		return nil, nil
	}
	s := &scene{Bonds: r.posteriors.internals.bonds}
	for _, label := range r.run.Encoding.Atoms {
		s.Atoms = append(s.Atoms, sceneAtom{label, colourOf(label)})
	}
	for _, e := range r.examples {
		draws := dataset.Matrix{Rows: min(e.draws.Rows, mostShown), Cols: e.draws.Cols}
		draws.Data = e.draws.Data[:draws.Rows*draws.Cols]
		shown := sceneExample{Title: e.Title}
		var err error
		if shown.Draws, err = r.inAngstrom(draws); err != nil {
			return nil, err
		}
		if e.truth.Rows > 0 {
			if shown.Truth, err = r.inAngstrom(e.truth); err != nil {
				return nil, err
			}
		}
		s.Examples = append(s.Examples, shown)
	}
	return s, nil
}

// inAngstrom returns Cartesian positions, to 0.0001 Å.
func (r *Report) inAngstrom(positions dataset.Matrix) ([]float64, error) {
	c := r.run.Encoding
	cartesian, err := c.CartesianPositions(positions)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(cartesian.Data))
	for i, x := range cartesian.Data {
		out[i] = math.Round(x*angstroms(c.PositionUnit)*1e4) / 1e4
	}
	return out, nil
}

// colours are near those that molecular viewers share since Corey, Pauling and Koltun, and dark enough for a light page.
var colours = map[string]string{
	"H": "#9aa7b8", "C": "#5b6470", "N": "#3b62d9", "O": "#d6372b", "F": "#3d9a4f", "P": "#d97b1f", "S": "#c79a00",
	"Cl": "#1f9d55", "Br": "#9c3b2e", "I": "#7b3fa0", "He": "#2aa5a5", "Ne": "#2aa5a5", "Ar": "#2aa5a5", "Xe": "#2aa5a5",
	"D": "#9aa7b8", "Si": "#b08a5a", "Fe": "#b5652a",
}

// colourOf returns the colour of an atom such as H2.
func colourOf(label string) string {
	if colour, known := colours[strings.TrimRightFunc(label, unicode.IsDigit)]; known {
		return colour
	}
	return "#b0559a"
}

// text is nil where there is no scene.
func (s *scene) text() (json.RawMessage, error) {
	if s == nil {
		return nil, nil
	}
	return json.Marshal(s)
}
