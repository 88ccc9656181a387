package serve

import (
	"encoding/json"
	"net/http"
	"strings"
)

// answerJSON sends what encoding/json makes of a value: for what is asked seldom.
func (v *visit) answerJSON(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		v.fail(w, err)
		return
	}
	v.write(w, page{status: status, kind: kindJSON, body: append(text, '\n')})
}

func (s *Server) live(v *visit, w http.ResponseWriter, _ *http.Request) {
	v.answerJSON(w, http.StatusOK, map[string]bool{"live": true})
}

func (s *Server) ready(v *visit, w http.ResponseWriter, _ *http.Request) {
	v.answerJSON(w, s.readyStatus(), map[string]bool{"ready": s.isReady()})
}

func (s *Server) readyStatus() int {
	if s.isReady() {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}

func (s *Server) modelReady(v *visit, w http.ResponseWriter, r *http.Request) {
	m, err := s.modelOf(r)
	if err != nil {
		v.fail(w, err)
		return
	}
	v.answerJSON(w, s.readyStatus(), struct {
		Name  string `json:"name"`
		Ready bool   `json:"ready"`
	}{m.Name, s.isReady()})
}

func (s *Server) metadata(v *visit, w http.ResponseWriter, _ *http.Request) {
	v.answerJSON(w, http.StatusOK, struct {
		Name       string   `json:"name"`
		Version    string   `json:"version"`
		Extensions []string `json:"extensions"`
	}{"cei", s.config.Version, []string{"binary_tensor_data"}})
}

type tensorMetadata struct {
	Name       string            `json:"name"`
	Datatype   string            `json:"datatype"`
	Shape      []int             `json:"shape"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

type modelMetadata struct {
	Name     string           `json:"name"`
	Versions []string         `json:"versions"`
	Platform string           `json:"platform"`
	Inputs   []tensorMetadata `json:"inputs"`
	Outputs  []tensorMetadata `json:"outputs"`
}

// modelMetadata describes a model's tensors. Names and units of columns are parameters, joined by commas, since the
// protocol's parameters are no lists; /v1/models has lists.
func (s *Server) modelMetadata(v *visit, w http.ResponseWriter, r *http.Request) {
	m, err := s.modelOf(r)
	if err != nil {
		v.fail(w, err)
		return
	}
	c := m.encoding
	in := map[string]string{"columns": strings.Join(c.MomentumColumns, ",")}
	out := map[string]string{"columns": strings.Join(c.PositionColumns, ","), "frame": string(c.Frame.Kind)}
	if !c.Plain() {
		in["unit"] = c.MomentumUnit.Name
		out["units"] = strings.Join(c.PositionUnits(), ",")
	}
	d := len(c.PositionColumns)
	v.answerJSON(w, http.StatusOK, modelMetadata{
		Name: m.Name, Versions: []string{m.Version}, Platform: "cei_" + m.Inverse.Kind(),
		Inputs: []tensorMetadata{{m.input(), "FP64", []int{-1, len(c.MomentumColumns)}, in}},
		Outputs: []tensorMetadata{
			{"draws", "FP64", []int{-1, -1, d}, out}, {"mean", "FP64", []int{-1, d}, out}, {"sd", "FP64", []int{-1, d}, out},
			{"outside_domain", "BOOL", []int{-1}, nil},
		},
	})
}

type limits struct {
	Events       int   `json:"events"`
	Samples      int   `json:"samples"`
	Draws        int   `json:"draws"`
	BodyBytes    int64 `json:"body_bytes"`
	DefaultDraws int   `json:"default_samples"`
}

type modelDescription struct {
	Name            string   `json:"name"`
	Version         string   `json:"version"`
	Kind            string   `json:"kind"`
	Members         int      `json:"members"`
	Frame           string   `json:"frame"`
	Atoms           []string `json:"atoms"` // none of a model of any columns
	MomentumColumns []string `json:"momentum_columns"`
	MomentumUnit    string   `json:"momentum_unit,omitempty"`
	PositionColumns []string `json:"position_columns"`
	PositionUnits   []string `json:"position_units"`
	SummaryColumns  []string `json:"summary_columns"`
	SummaryUnits    []string `json:"summary_units"`
	// ExampleMomenta are an event to try, in MomentumColumns.
	ExampleMomenta []float64 `json:"example_momenta,omitempty"`
}

// describeModels answers /v1/models.
func (s *Server) describeModels(v *visit, w http.ResponseWriter, _ *http.Request) {
	all := make([]modelDescription, len(s.names))
	for i, name := range s.names {
		m := s.models[name]
		c := m.encoding
		all[i] = modelDescription{
			Name: m.Name, Version: m.Version, Kind: m.Inverse.Kind(), Members: m.Inverse.Members(), Frame: string(c.Frame.Kind),
			Atoms: append([]string{}, c.Atoms...), MomentumColumns: c.MomentumColumns, MomentumUnit: c.MomentumUnit.Name,
			PositionColumns: c.PositionColumns, PositionUnits: c.PositionUnits(),
			SummaryColumns: m.digest.Columns, SummaryUnits: m.digest.Units,
			ExampleMomenta: m.example(),
		}
	}
	c := s.config
	v.answerJSON(w, http.StatusOK, struct {
		Models []modelDescription `json:"models"`
		Limits limits             `json:"limits"`
	}{all, limits{c.MaxEvents, c.MaxSamples, c.MaxDraws, c.MaxBody, defaultSamples}})
}
