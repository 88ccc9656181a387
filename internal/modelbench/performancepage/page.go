package main

import (
	"bytes"
	_ "embed" // the template
	"fmt"
	"slices"
	"text/template"

	"github.com/gocei/gocei/internal/modelbench"
)

//go:embed performance.md.tmpl
var pageText string

var pageTemplate = template.Must(template.New("performance").Funcs(template.FuncMap{
	"digits": modelbench.Digits, "between": modelbench.Range, "percent": percent, "thousands": thousands, "depth": depth,
}).Parse(pageText))

// content is what the template is filled with.
type content struct {
	*modelbench.Report
	Steps, Passes, Epochs, Losses, Evaluations, Starts, Memories []modelbench.Result
	Sweep, LeftOut                                               []modelbench.Result
	Figures                                                      []figure
	Brief                                                        bool // whether any case is
}

// page returns the page in Markdown.
func page(r *modelbench.Report, figures []figure) ([]byte, error) {
	c := content{Report: r, Figures: figures}
	for _, result := range r.Results {
		c.Brief = c.Brief || result.Brief
		if to := c.section(result); to != nil {
			*to = append(*to, result)
		}
	}
	var text bytes.Buffer
	if err := pageTemplate.Execute(&text, c); err != nil {
		return nil, fmt.Errorf("fill the page: %w", err)
	}
	return text.Bytes(), nil
}

// section returns where on the page a result belongs.
func (c *content) section(r modelbench.Result) *[]modelbench.Result {
	switch {
	case r.LeftOut != "":
		return &c.LeftOut
	case r.Work == modelbench.Epoch:
		return &c.Epochs
	case r.Work == modelbench.TimeToLoss:
		return &c.Losses
	case r.Work == modelbench.Evaluation:
		return &c.Evaluations
	case r.Work == modelbench.StartUp:
		return &c.Starts
	case r.Work == modelbench.PeakMemory:
		return &c.Memories
	case slices.Contains([]modelbench.Work{modelbench.DrawOneCondition, modelbench.DrawManyConditions, modelbench.LogDensity}, r.Work):
		return &c.Passes
	case isPoint(r.Case) || !atReference(r.Case):
		return &c.Sweep
	}
	return &c.Steps
}

// isPoint reports whether a case is a point of a figure.
func isPoint(c modelbench.Case) bool {
	return c.Brief && (c.Work == modelbench.CINNStep || c.Work == modelbench.CVAEStep)
}

// atReference reports whether a step is at the sizes of the reference.
func atReference(c modelbench.Case) bool {
	g := modelbench.DefaultGrid()
	robust := c.Work == modelbench.CINNStepRobust
	return c.Width == g.Widths[0] && c.Batch == g.Batches[0] &&
		(robust || c.Couplings == 0 || c.Couplings == g.Couplings[0]) && (c.Layers == 0 || c.Layers == g.Layers[0])
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// depth writes that of a model: couplings of a cINN, hidden layers of a CVAE's networks.
func depth(r modelbench.Result) string {
	if r.Couplings > 0 {
		return fmt.Sprintf("%d couplings", r.Couplings)
	}
	if r.Layers == 1 {
		return "1 layer"
	}
	return fmt.Sprintf("%d layers", r.Layers)
}

// thousands writes a whole number with a comma after each thousand.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
