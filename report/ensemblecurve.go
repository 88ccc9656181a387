package report

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"github.com/gocei/gocei/trainer"
)

// EnsembleCurve draws the validation losses of an ensemble's members, as far as they are trained, into
// learning_curve.png and .svg in its directory. Where no member has completed an epoch, nothing is written.
func EnsembleCurve(dir string) error {
	members, err := MembersMetrics(dir)
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
	f, err := MemberCurves(run.Model.Kind, members)
	if err != nil {
		return err
	}
	return f.Write(dir)
}

// MembersMetrics returns the epochs of those of an ensemble's members that have completed one; of a run, its own.
func MembersMetrics(dir string) (members [][]trainer.Metrics, err error) {
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

// MemberCurves draws the validation losses of an ensemble's members, epoch by epoch. The kind is the models', such as
// "cinn".
func MemberCurves(kind string, members [][]trainer.Metrics) (*Figure, error) {
	var all []trainer.Metrics // with the validation losses alone, since no others are drawn
	var usableMembers [][]trainer.Metrics
	last := 1
	for _, epochs := range members {
		epochs = slices.DeleteFunc(slices.Clone(epochs), func(m trainer.Metrics) bool { return !usable(m.ValidationLoss) })
		for _, m := range epochs {
			all = append(all, trainer.Metrics{Epoch: m.Epoch, TrainLoss: m.ValidationLoss, ValidationLoss: m.ValidationLoss})
			last = max(last, m.Epoch)
		}
		if len(epochs) > 0 {
			usableMembers = append(usableMembers, epochs)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("report: learning curves: no epoch was completed with a finite loss")
	}
	low, high := lossRange(all)
	title := fmt.Sprintf("%s, ensemble of %d", cmp.Or(modelTitles[kind], kind), len(usableMembers))
	p := newPanel(title, "epoch", "validation loss", span{0, float64(last)}, span{low, high}, 8)
	p.X.Tick.Marker = minusTicks{roundTicks{least: 1}}
	p.put(&plotter.Grid{Vertical: line(paleGrey, 0.5), Horizontal: line(paleGrey, 0.5)})
	return ensembleGrid(p, usableMembers).figure(figureWidth, 0.55, Figure{
		Name: "learning_curve", Title: "Learning curves",
		Caption: "Mean loss of an epoch on the validation part, of each member of the ensemble.",
	}), nil
}

func ensembleGrid(p panel, members [][]trainer.Metrics) grid {
	var curve, dot plot.Thumbnailer
	for _, epochs := range members {
		curve = addCurve(p, points(epochs, func(m trainer.Metrics) float64 { return m.ValidationLoss }), vermilion)
		best := bestEpoch(epochs)
		dot = addDot(p, plotter.XY{X: float64(best.Epoch), Y: best.ValidationLoss}, vermilion)
	}
	return grid{panels: [][]*plot.Plot{{p.done()}}, legend: legend{{"a member", curve}, {"its best epoch", dot}}}
}
