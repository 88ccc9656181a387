package modelbench

import (
	"fmt"
	"slices"
	"strings"
)

// Work is a kind of thing that is measured.
type Work string

// The works. Steps are forward, backward and optimiser with a given batch on the device; a draw goes once through the model
// backwards; log_density once forwards.
const (
	CINNStep           Work = "cinn_step"
	CINNStepOneNetwork Work = "cinn_step_one_network"
	CVAEStep           Work = "cvae_step"
	CINNStepRobust     Work = "cinn_step_robust"
	CVAEStepRobust     Work = "cvae_step_robust"
	DrawOneCondition   Work = "draw_one_condition"   // many draws for one event
	DrawManyConditions Work = "draw_many_conditions" // one draw for each of many events
	LogDensity         Work = "log_density"
	Epoch              Work = "epoch"
	TimeToLoss         Work = "time_to_loss"
	Evaluation         Work = "evaluation"
	StartUp            Work = "start_up"
	PeakMemory         Work = "peak_memory"
)

// Works returns all of them, in the order in which they are measured.
func Works() []Work {
	return []Work{
		CINNStep, CINNStepOneNetwork, CVAEStep, CINNStepRobust, CVAEStepRobust,
		DrawOneCondition, DrawManyConditions, LogDensity,
		Epoch, TimeToLoss, Evaluation, StartUp, PeakMemory,
	}
}

// ParseWorks returns the works of those names; all of them without any.
func ParseWorks(names []string) ([]Work, error) {
	all := Works()
	if len(names) == 0 {
		return all, nil
	}
	var works []Work
	for _, name := range names {
		if !slices.Contains(all, Work(name)) {
			return nil, fmt.Errorf("there is no work %q: known are %s", name, listed(all))
		}
		works = append(works, Work(name))
	}
	return works, nil
}

func listed(works []Work) string {
	names := make([]string, len(works))
	for i, w := range works {
		names[i] = string(w)
	}
	return strings.Join(names, ", ")
}

// Model names an architecture with its training settings.
type Model string

// The models: the reference presets, the cINN's with one network for scale and translation, and the robust presets for a
// hundred thousand rows.
const (
	CINN           Model = "cinn"
	CINNOneNetwork Model = "cinn_one_network"
	CVAE           Model = "cvae"
	CINNRobust     Model = "cinn_robust"
	CVAERobust     Model = "cvae_robust"
)

// models returns those that a work is measured with.
func (w Work) models() []Model {
	switch w {
	case CINNStep, Evaluation, PeakMemory:
		return []Model{CINN}
	case CINNStepOneNetwork:
		return []Model{CINNOneNetwork}
	case CVAEStep:
		return []Model{CVAE}
	case CINNStepRobust:
		return []Model{CINNRobust}
	case CVAEStepRobust:
		return []Model{CVAERobust}
	case Epoch, TimeToLoss:
		return []Model{CINN, CVAE}
	case StartUp:
		return []Model{""}
	}
	return []Model{CINN, CINNOneNetwork, CVAE}
}

// isProgram reports whether it is more than a call of a model: an epoch, a training, a command.
func (w Work) isProgram() bool {
	return slices.Contains([]Work{Epoch, TimeToLoss, Evaluation, StartUp, PeakMemory}, w)
}

// isStep reports whether it is a training step.
func (w Work) isStep() bool {
	return slices.Contains([]Work{CINNStep, CINNStepOneNetwork, CVAEStep, CINNStepRobust, CVAEStepRobust}, w)
}
