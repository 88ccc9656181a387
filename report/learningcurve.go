package report

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gocei/gocei/internal/atomicfile"
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
		if err := savePlot(p, filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("report: learning curve: %w", err)
		}
	}
	return nil
}

func curvePlot(kind string, epochs []trainer.Metrics) (*plot.Plot, error) {
	p := plot.New()
	best := bestEpoch(epochs)
	p.Title.Text = fmt.Sprintf("%s: best epoch %d, validation loss %.4g", modelTitles[kind], best.Epoch, best.ValidationLoss)
	p.Title.Padding = 2 * vg.Millimeter
	p.X.Label.Text, p.Y.Label.Text = "epoch", "loss"
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	series := []struct {
		name string
		loss func(trainer.Metrics) float64
	}{
		{"training", func(m trainer.Metrics) float64 { return m.TrainLoss }},
		{"validation", func(m trainer.Metrics) float64 { return m.ValidationLoss }},
	}
	for i, s := range series {
		line, err := plotter.NewLine(points(epochs, s.loss))
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = plotutil.Color(i), vg.Points(1.2)
		p.Add(line)
		p.Legend.Add(s.name, line)
	}
	mark, err := plotter.NewScatter(plotter.XYs{{X: float64(best.Epoch), Y: best.ValidationLoss}})
	if err != nil {
		return nil, err
	}
	mark.GlyphStyle = draw.GlyphStyle{Color: plotutil.Color(1), Radius: vg.Points(3.5), Shape: draw.CircleGlyph{}}
	p.Add(mark)
	p.Legend.Add("best", mark)
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

// lossRange leaves out the worst tenth of the losses, so that a steep start does not flatten the rest of the curve.
func lossRange(epochs []trainer.Metrics) (low, high float64) {
	var all []float64
	for _, m := range epochs {
		all = append(all, m.TrainLoss, m.ValidationLoss)
	}
	slices.Sort(all)
	low, high = all[0], all[(len(all)-1)*9/10]
	margin := 0.05*(high-low) + 1e-9
	return low - margin, high + margin
}

// savePlot writes a picture in the format that the path's ending names.
func savePlot(p *plot.Plot, path string) error {
	picture, err := p.WriterTo(curveWidth, curveHeight, filepath.Ext(path)[1:])
	if err != nil {
		return err
	}
	return atomicfile.WriteWith(path, func(w io.Writer) error {
		_, err := picture.WriteTo(w)
		return err
	})
}
