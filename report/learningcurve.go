package report

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"
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
	p := newPlot(fmt.Sprintf("%s: best epoch %d, validation loss %.4g", cmp.Or(modelTitles[kind], kind), best.Epoch, best.ValidationLoss), "epoch", "loss")
	training := points(epochs, func(m trainer.Metrics) float64 { return m.TrainLoss })
	validation := points(epochs, func(m trainer.Metrics) float64 { return m.ValidationLoss })
	err := errors.Join(
		addCurve(p, "training", training, blue),
		addCurve(p, "validation", validation, vermilion),
		addDot(p, "best", plotter.XY{X: float64(best.Epoch), Y: best.ValidationLoss}, vermilion),
	)
	last := epochs[len(epochs)-1]
	p.X.Tick.Marker = roundTicks{least: 1}
	p.X.Min, p.X.Max = 0, float64(last.Epoch)
	p.Y.Min, p.Y.Max = lossRange(epochs)
	p.Legend.Left = max(last.TrainLoss, last.ValidationLoss) > (p.Y.Min+p.Y.Max)/2 // where no curve ends
	return p, err
}

// addCurve draws a line, or a dot where there is one point only.
func addCurve(p *plot.Plot, name string, xys plotter.XYs, c color.Color) error {
	if len(xys) == 1 {
		return addDot(p, name, xys[0], c)
	}
	line, err := plotter.NewLine(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = c, vg.Points(1.2)
	p.Add(line)
	p.Legend.Add(name, line)
	return nil
}

func addDot(p *plot.Plot, name string, at plotter.XY, c color.Color) error {
	dot, err := plotter.NewScatter(plotter.XYs{at})
	if err != nil {
		return err
	}
	dot.GlyphStyle = draw.GlyphStyle{Color: c, Radius: vg.Points(3.5), Shape: draw.CircleGlyph{}}
	p.Add(dot)
	p.Legend.Add(name, dot)
	return nil
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

// lossRange returns the range of the losses, with a margin. Where a steep start would flatten the rest of a curve of ten
// epochs or more, it ends at twice the range of the lower nine tenths.
func lossRange(epochs []trainer.Metrics) (low, high float64) {
	var all []float64
	for _, m := range epochs {
		all = append(all, m.TrainLoss, m.ValidationLoss)
	}
	slices.Sort(all)
	low, high = all[0], all[len(all)-1]
	most := all[(len(all)-1)*9/10]
	if steep := low + 2*(most-low); len(epochs) >= 10 && most > low && high > steep {
		high = steep
	}
	margin := 0.05 * (high - low)
	if size := max(math.Abs(low), math.Abs(high)); margin <= 1e-9*size {
		margin = 0.05*size + 1e-3 // the losses are all the same
	}
	return low - margin, high + margin
}
