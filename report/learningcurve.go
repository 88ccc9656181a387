package report

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gocei/gocei/trainer"
)

// LearningCurveFiles are the names of the pictures that LearningCurve writes.
var LearningCurveFiles = []string{"learning_curve.png", "learning_curve.svg"}

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
	f, err := Curves(run.Model.Kind, epochs)
	if err != nil {
		return err
	}
	return f.Write(dir)
}

// Curves draws the losses of training, epoch by epoch. The kind is the model's, such as "cinn".
func Curves(kind string, epochs []trainer.Metrics) (*Figure, error) {
	epochs = slices.DeleteFunc(slices.Clone(epochs), func(m trainer.Metrics) bool { return !usable(m.TrainLoss) || !usable(m.ValidationLoss) })
	if len(epochs) == 0 {
		return nil, errors.New("report: learning curve: no epoch was completed with finite losses")
	}
	return curveGrid(kind, epochs).figure(figureWidth, 0.55, Figure{
		Name: "learning_curve", Title: "Learning curve",
		Caption: "Mean loss of an epoch on the training part and, with the weights that evaluation uses, on the validation part.",
	}), nil
}

func curveGrid(kind string, epochs []trainer.Metrics) grid {
	best := bestEpoch(epochs)
	low, high := lossRange(epochs)
	title := fmt.Sprintf("%s: best epoch %d, validation loss %.4g", cmp.Or(modelTitles[kind], kind), best.Epoch, best.ValidationLoss)
	p := newPanel(title, "epoch", "loss", span{0, float64(max(epochs[len(epochs)-1].Epoch, 1))}, span{low, high}, 8)
	p.X.Tick.Marker = minusTicks{roundTicks{least: 1}}
	p.put(&plotter.Grid{Vertical: line(paleGrey, 0.5), Horizontal: line(paleGrey, 0.5)})
	training := points(epochs, func(m trainer.Metrics) float64 { return m.TrainLoss })
	validation := points(epochs, func(m trainer.Metrics) float64 { return m.ValidationLoss })
	thumbs := []plot.Thumbnailer{
		addCurve(p, training, blue), addCurve(p, validation, vermilion),
		addDot(p, plotter.XY{X: float64(best.Epoch), Y: best.ValidationLoss}, vermilion),
	}
	return grid{
		panels: [][]*plot.Plot{{p.done()}},
		legend: legend{{"training", thumbs[0]}, {"validation", thumbs[1]}, {"best", thumbs[2]}},
	}
}

// addCurve draws a line, or a dot where there is one point only.
func addCurve(p panel, xys plotter.XYs, c color.Color) plot.Thumbnailer {
	if len(xys) == 1 {
		return addDot(p, xys[0], c)
	}
	curve := &plotter.Line{XYs: xys, LineStyle: line(c, 1.2)}
	p.put(curve)
	return curve
}

func addDot(p panel, at plotter.XY, c color.Color) plot.Thumbnailer {
	dot := &plotter.Scatter{XYs: plotter.XYs{at}, GlyphStyle: draw.GlyphStyle{Color: c, Radius: vg.Points(3), Shape: draw.CircleGlyph{}}}
	p.put(dot)
	return dot
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

// curvePoints is how many points of a curve can be told apart.
const curvePoints = 1000

// points returns the losses of evenly spaced epochs, up to the last.
func points(epochs []trainer.Metrics, loss func(trainer.Metrics) float64) plotter.XYs {
	var xys plotter.XYs
	step := (len(epochs)-1)/curvePoints + 1
	for i := (len(epochs) - 1) % step; i < len(epochs); i += step {
		xys = append(xys, plotter.XY{X: float64(epochs[i].Epoch), Y: loss(epochs[i])})
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
