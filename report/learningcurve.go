package report

import (
	"fmt"
	"image/color"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gocei/gocei/trainer"
)

// LearningCurveFiles are the names of the pictures that LearningCurve writes.
var LearningCurveFiles = []string{"learning_curve.png", "learning_curve.svg"}

const (
	curveWidth  = 16 * vg.Centimeter
	curveHeight = 10 * vg.Centimeter
)

// LearningCurve draws the losses in a run directory's metrics.jsonl, epoch by epoch, into learning_curve.png and .svg
// there. A run without a completed epoch has no curve: nothing is written.
func LearningCurve(dir string) error {
	epochs, err := trainer.ReadMetrics(dir)
	if err != nil {
		return fmt.Errorf("report: learning curve: %w", err)
	}
	if len(epochs) == 0 {
		return nil
	}
	run, err := trainer.ReadRunConfig(dir)
	if err != nil {
		return fmt.Errorf("report: learning curve: %w", err)
	}
	p, err := curvePlot(run.Model.Kind, epochs)
	if err != nil {
		return fmt.Errorf("report: learning curve: %w", err)
	}
	for _, name := range LearningCurveFiles {
		if err := savePlot(p, filepath.Join(dir, name), curveWidth, curveHeight); err != nil {
			return fmt.Errorf("report: learning curve: %w", err)
		}
	}
	return nil
}

func curvePlot(kind string, epochs []trainer.Metrics) (*plot.Plot, error) {
	best := bestEpoch(epochs)
	p := newPlot(fmt.Sprintf("%s: best epoch %d, validation loss %.4g", modelTitles[kind], best.Epoch, best.ValidationLoss), "epoch", "loss")
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = paleGrey, paleGrey
	p.Add(grid)
	for _, s := range []struct {
		name  string
		color color.Color
		loss  func(trainer.Metrics) float64
	}{
		{"training", blue, func(m trainer.Metrics) float64 { return m.TrainLoss }},
		{"validation", vermilion, func(m trainer.Metrics) float64 { return m.ValidationLoss }},
	} {
		line, err := plotter.NewLine(points(epochs, s.loss))
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = s.color, vg.Points(1.2)
		p.Add(line)
		p.Legend.Add(s.name, line)
	}
	mark, err := plotter.NewScatter(plotter.XYs{{X: float64(best.Epoch), Y: best.ValidationLoss}})
	if err != nil {
		return nil, err
	}
	mark.GlyphStyle = draw.GlyphStyle{Color: vermilion, Radius: vg.Points(3.5), Shape: draw.CircleGlyph{}}
	p.Add(mark)
	p.Legend.Add("best", mark)
	p.X.Min, p.X.Max = 0, float64(epochs[len(epochs)-1].Epoch)
	p.Y.Min, p.Y.Max = lossRange(epochs)
	return p, nil
}

var modelTitles = map[string]string{"cvae": "CVAE", "cinn": "cINN"}

func bestEpoch(epochs []trainer.Metrics) trainer.Metrics {
	return slices.MinFunc(epochs, func(a, b trainer.Metrics) int {
		switch {
		case a.ValidationLoss < b.ValidationLoss:
			return -1
		case a.ValidationLoss > b.ValidationLoss:
			return 1
		}
		return 0
	})
}

func points(epochs []trainer.Metrics, loss func(trainer.Metrics) float64) plotter.XYs {
	xys := make(plotter.XYs, len(epochs))
	for i, m := range epochs {
		xys[i] = plotter.XY{X: float64(m.Epoch), Y: loss(m)}
	}
	return xys
}

// lossRange returns the range of the losses. Where a steep start would flatten the rest of the curve, it ends at twice
// the range of the lower nine tenths.
func lossRange(epochs []trainer.Metrics) (low, high float64) {
	var all []float64
	for _, m := range epochs {
		all = append(all, m.TrainLoss, m.ValidationLoss)
	}
	slices.Sort(all)
	low, high = all[0], all[len(all)-1]
	if most := all[(len(all)-1)*9/10]; high > low+2*(most-low) {
		high = low + 2*(most-low)
	}
	margin := 0.05*(high-low) + 1e-9
	return low - margin, high + margin
}
