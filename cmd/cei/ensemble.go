package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/report"
	"github.com/gocei/gocei/trainer"
)

// ensemble is an ensemble's training under way.
type ensemble struct {
	options trainOptions
	data    *training
	device  binding.Device
	s       streams

	shown   membersProgress
	trained map[int]bool // members that had something left to train
}

// trainEnsemble trains the members and shows how it goes.
func trainEnsemble(ctx context.Context, o trainOptions, data *training, c trainer.Config, on binding.Device, watch *monitors, s streams) error {
	e := &ensemble{options: o, data: data, device: on, s: s, trained: map[int]bool{}}
	s.note("training an ensemble of %d on %s: batches of %d, up to %d epochs%s", o.members(), on, c.Batch, c.Epochs, o.howManyAtOnce())
	e.shown = newMembersProgress(s, o.atOnce())
	c.Progress = func(p trainer.Progress) {
		e.trained[p.Member] = true
		watch.update(p)
		e.shown.update(p)
	}
	results, err := trainer.FitEnsemble(ctx, o.members(), e.newMember, data.split, c)
	e.shown.end()
	watch.end(err)
	if len(results) == 0 {
		return err
	}
	if err = errors.Join(e.hint(ctx, err), e.redraw(results)); err != nil {
		return err
	}
	return e.print(results)
}

func (o trainOptions) members() int { return given(o.Members, 1) }

func (o trainOptions) atOnce() bool { return given(o.MembersAtOnce, 1) > 1 }

func (o trainOptions) howManyAtOnce() string {
	if !o.atOnce() {
		return ""
	}
	return fmt.Sprintf(", %d members at once", min(*o.MembersAtOnce, o.members()))
}

func (e *ensemble) newMember(member int, seed uint64) (trainer.Model, error) {
	o := e.options
	o.Seed = &seed
	m, err := o.newModel(e.data, e.device)
	if err != nil {
		return nil, err
	}
	e.shown.begin(member, fmt.Sprintf("member %d of %d: the %s with seed %d, %d parameters", member, o.members(), o.Model, seed, m.Params().Count()))
	return m, nil
}

// hint tells how to go on after an interruption.
func (e *ensemble) hint(ctx context.Context, err error) error {
	if !stopped(ctx, err) {
		return err
	}
	return fmt.Errorf("%w\n%s holds what is trained of the ensemble: --resume continues it", err, e.options.Out)
}

// redraw draws the learning curves of the members that were trained and of the ensemble. Pictures and evaluations of earlier weights
// do not stay; an evaluation does where nothing was left to train.
func (e *ensemble) redraw(results []*trainer.Result) error {
	err := clearResults(e.options.Out, len(e.trained) > 0 || !e.options.Resume)
	for i, result := range results {
		member := i + 1
		dir := trainer.MemberDir(e.options.Out, member)
		if result != nil {
			err = errors.Join(err, clearResults(dir, e.trained[member] || !e.options.Resume), report.LearningCurve(dir))
		}
	}
	return errors.Join(err, report.EnsembleCurve(e.options.Out))
}

type trainedEnsemble struct {
	Dir           string    `json:"dir"`
	Members       []trained `json:"members"`
	LearningCurve []string  `json:"learning_curve"`
}

func (e *ensemble) print(results []*trainer.Result) error {
	t := trainedEnsemble{Dir: e.options.Out, LearningCurve: learningCurves(e.options.Out)}
	for i, r := range results {
		t.Members = append(t.Members, newTrained(trainer.MemberDir(t.Dir, i+1), r))
	}
	if e.options.JSON {
		return printJSON(e.s.out, t)
	}
	text := fmt.Sprintf("ensemble       %s\n", t.Dir)
	for _, m := range t.Members {
		text += fmt.Sprintf("%-14s epochs %s; best epoch %s\n", filepath.Base(m.Dir), m.epochs(), m.best())
	}
	_, err := fmt.Fprintf(e.s.out, "%slearning curve %s\n", text, t.LearningCurve[0])
	return err
}
