package export

import (
	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/explosion"
	"github.com/gocei/gocei/export/graph"
)

// NotesName is the name of the notes in what is written.
const NotesName = "cei.json"

// Notes say what a function's inputs and outputs mean. They are stored in the file, as JSON.
type Notes struct {
	Model  string          `json:"model"` // "cinn" or "cvae"
	What   What            `json:"what"`
	Inputs []Array         `json:"inputs"`
	Output Array           `json:"output"`
	Frame  explosion.Frame `json:"frame"` // of positions and momenta
	Atoms  []string        `json:"atoms,omitempty"`
	Latent *Latent         `json:"latent,omitempty"` // of Decode, where it is the same for all momenta
}

// Array describes an input or an output, [B,columns].
type Array struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`              // of its elements
	Columns []string `json:"columns,omitempty"` // none of numbers that have no name
	Units   []string `json:"units,omitempty"`   // one a column; none in a plain table
	Width   int      `json:"width"`             // number of columns; 0 of a log-density [B]
	Meaning string   `json:"meaning"`
}

// Latent is the normal distribution that a CVAE's latent variable is drawn from.
type Latent struct {
	Mean []float64 `json:"mean"`
	SD   []float64 `json:"sd"`
}

// positions describes the positions, or a plain table's targets.
func positions(e dataset.Encoding) Array {
	a := Array{Name: "positions", Columns: e.PositionColumns, Width: len(e.PositionColumns), Type: graph.Float64.String(), Meaning: "positions in the frame"}
	if a.Units = e.PositionUnits(); e.Plain() {
		a.Name, a.Units, a.Meaning = "targets", nil, "targets"
	}
	return a
}

// momenta describes the momenta, or a plain table's conditions.
func momenta(e dataset.Encoding) Array {
	a := Array{Name: "momenta", Columns: e.MomentumColumns, Width: len(e.MomentumColumns), Type: graph.Float64.String(), Meaning: "momenta in the frame"}
	for range a.Columns {
		a.Units = append(a.Units, e.MomentumUnit.Name)
	}
	if e.Plain() {
		a.Name, a.Units, a.Meaning = "conditions", nil, "conditions"
	}
	return a
}

// normal describes numbers that the caller draws.
func normal(name string, width int64) Array {
	return Array{Name: name, Width: int(width), Type: graph.Float64.String(), Meaning: "independent standard normal numbers"}
}
