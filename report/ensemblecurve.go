package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gocei/gocei/trainer"
)

// EnsembleCurve draws the validation losses of an ensemble's members, as far as they are trained, into
// learning_curve.png and .svg in its directory. Where no member has completed an epoch, nothing is written.
func EnsembleCurve(dir string) error {
	members, err := membersMetrics(dir)
	if err != nil {
		return fmt.Errorf("report: learning curves: %w", err)
	}
	if len(members) == 0 {
		return nil
	}
	run, err := trainer.ReadRunConfig(dir)
	if err != nil {
		return fmt.Errorf("report: learning curves: %w", err)
	}
	p, err := ensemblePlot(run.Model.Kind, members)
	if err != nil {
		return fmt.Errorf("report: learning curves: %w", err)
	}
	for _, name := range LearningCurveFiles {
		if err := savePlot(p, filepath.Join(dir, name), curveWidth, curveHeight); err != nil {
			return fmt.Errorf("report: learning curves: %w", err)
		}
	}
	return nil
}

// membersMetrics returns the epochs of those members that have completed one.
func membersMetrics(dir string) (members [][]trainer.Metrics, err error) {
	dirs, err := trainer.RunDirs(dir)
	if err != nil {
		return nil, err
	}
	for _, each := range dirs {
		epochs, err := trainer.ReadMetrics(each)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if len(epochs) > 0 {
			members = append(members, epochs)
		}
	}
	return members, nil
}

func ensemblePlot(kind string, members [][]trainer.Metrics) (*plot.Plot, error) {
	p := newPlot(fmt.Sprintf("%s, ensemble of %d", cmp.Or(modelTitles[kind], kind), len(members)), "epoch", "validation loss")
	var all []trainer.Metrics // with the validation losses alone, since no others are drawn
	var curves []plot.Thumbnailer
	best := plotter.XYs{}
	for _, epochs := range members {
		line, err := plotter.NewLine(points(epochs, func(m trainer.Metrics) float64 { return m.ValidationLoss }))
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = vermilion, vg.Points(0.8)
		p.Add(line)
		curves = append(curves, line)
		at := bestEpoch(epochs)
		best = append(best, plotter.XY{X: float64(at.Epoch), Y: at.ValidationLoss})
		for _, m := range epochs {
			all = append(all, trainer.Metrics{Epoch: m.Epoch, TrainLoss: m.ValidationLoss, ValidationLoss: m.ValidationLoss})
			p.X.Max = max(p.X.Max, float64(m.Epoch))
		}
	}
	p.Legend.Add("a member", curves[0])
	p.X.Min, p.X.Tick.Marker = 0, roundTicks{least: 1}
	p.Y.Min, p.Y.Max = lossRange(all)
	return p, addDots(p, "its best epoch", best)
}

func addDots(p *plot.Plot, name string, at plotter.XYs) error {
	dots, err := plotter.NewScatter(at)
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: vermilion, Radius: vg.Points(3), Shape: draw.CircleGlyph{}}
	p.Add(dots)
	p.Legend.Add(name, dots)
	return nil
}
