package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/explosion"
)

// trainOptions are what can be asked for; what is not asked for, the preset says.
type trainOptions struct {
	Model  string `json:"model"`
	Data   string `json:"data"`
	Add    string `json:"add,omitempty"`
	Out    string `json:"-"`
	Preset string `json:"preset"`
	Frame  string `json:"frame"`
	Scaler string `json:"scaler"`

	Axis   []string `json:"axis,omitempty"`
	Online bool     `json:"online,omitempty"`
	Bounds []string `json:"bounds,omitempty"`

	RowsInMemory *int `json:"rows_in_memory,omitempty"`

	tableOptions
	selectionOptions
	recipeOptions
	computeOptions
	processOptions
	momentumNoiseOptions
	monitorOptions

	Members *int `json:"members,omitempty"`

	Split        []float64 `json:"split,omitempty"`
	Seed         *uint64   `json:"seed,omitempty"`
	DType        string    `json:"dtype,omitempty"`
	Epochs       *int      `json:"epochs,omitempty"`
	Batch        *int      `json:"batch,omitempty"`
	Patience     *int      `json:"patience,omitempty"`
	LearningRate *float64  `json:"learning_rate,omitempty"`
	Schedule     string    `json:"schedule,omitempty"`
	WarmupEpochs *float64  `json:"warmup_epochs,omitempty"`
	WeightDecay  *float64  `json:"weight_decay,omitempty"`
	ClipNorm     *float64  `json:"clip_norm,omitempty"`
	Noise        *float64  `json:"noise,omitempty"`
	Average      *float64  `json:"average,omitempty"`
	Trend        *int      `json:"trend,omitempty"`
	Hidden       []int64   `json:"hidden,omitempty"`
	Couplings    *int      `json:"couplings,omitempty"`
	Networks     *int      `json:"networks,omitempty"`
	Clamp        *float64  `json:"clamp,omitempty"`
	Permutation  string    `json:"permutation,omitempty"`
	Coupling     string    `json:"coupling,omitempty"`
	Bins         *int      `json:"bins,omitempty"`
	ActNorm      bool      `json:"actnorm,omitempty"`
	Latent       *int      `json:"latent,omitempty"`
	Prior        string    `json:"prior,omitempty"`

	KLWarmupEpochs *float64 `json:"kl_warmup_epochs,omitempty"`

	CUDAGraph     bool `json:"cuda_graph,omitempty"`
	MembersAtOnce *int `json:"-"`

	CheckpointEvery *time.Duration `json:"-"`

	Resume bool `json:"-"`
	Force  bool `json:"-"`
	JSON   bool `json:"-"`
}

func trainSettings(o *trainOptions) []setting {
	const presets = "the preset's"
	all := []setting{
		text(&o.Model, "model", "`MODEL` to train: cvae or cinn", ""),
		text(&o.Data, "data", "`FILE` with the table of events", "a simulation, by the flags of cei simulate"),
		integer(&o.RowsInMemory, "rows-in-memory", "`N` rows of the table in memory at once, which --split divides into an epoch's and those to validate and to test on; other epochs train on other rows, which are read meanwhile", "all, where they fit"),
		text(&o.Add, "add", "`FILE` with further events to train on, such as simulated ones beside few that were measured; none is validated or tested on", ""),
		yes(&o.Online, "online", "simulate fresh events for every epoch beside the training: no event is seen twice"),
		text(&o.Out, "out", "run `DIR` to write", ""),
		duration(&o.CheckpointEvery, "checkpoint-every", "longest `TIME` between checkpoints, as 30s or 10m; the ends of epochs make more where they cost little", "1m"),
		text(&o.Preset, "preset", "`PRESET` of settings: robust, or reference for the proposal to the letter", "robust"),
		text(&o.Frame, "frame", "`FRAME` of the coordinates: as-is, body, recoil or internal", "as-is"),
		texts(&o.Axis, "axis", "the two `ATOMS` that define the frame's axes, as S,O", "the two heaviest"),
		text(&o.Scaler, "scaler", "`SCALER` of the coordinates: standard or whiten", presets),
		numbers(&o.Split, "split", "`SHARES` of the events to train on, to validate on and to test on", "0.7,0.15,0.15"),
		seed(&o.Seed, "`SEED` of split, first weights and shuffling"),
		integer(&o.Members, "members", "`N` models of an ensemble, which differ by first weights and shuffling; the posterior is their equal mixture", "1, no ensemble"),
		text(&o.DType, "dtype", "`TYPE` to compute in: float32 or float64", "float32"),
		integer(&o.Epochs, "epochs", "`N` epochs at most", presets),
		integer(&o.Batch, "batch", "`N` events per step", presets),
		integer(&o.Patience, "patience", "stop after `N` epochs without a better one; 0 never stops", presets),
		number(&o.LearningRate, "learning-rate", "highest learning `RATE`", presets),
		text(&o.Schedule, "schedule", "`COURSE` of the learning rate: constant or cosine", presets),
		number(&o.WarmupEpochs, "warmup-epochs", "`N` epochs over which the learning rate rises", presets),
		number(&o.WeightDecay, "weight-decay", "`AMOUNT` of weight decay", presets),
		number(&o.ClipNorm, "clip-norm", "largest `NORM` of the gradient; 0 for no bound", presets),
		number(&o.Noise, "noise", "`SD` of the noise that each step adds to positions, in units of their spread", presets+"; 0 with --online"),
		number(&o.Average, "average", "decay a step of the `MEAN` of the weights that is judged and kept, as 0.999; 0 for the weights themselves", presets),
		integer(&o.Trend, "trend", "`DEGREE` of the polynomial in the momenta about which positions are modelled; 0 for none", presets),
		integers(&o.Hidden, "hidden", "`WIDTHS` of the hidden layers, as 128,128", presets),
		integer(&o.Couplings, "couplings", "`N` couplings of the cINN", presets),
		integer(&o.Networks, "networks", "1 or 2 `NETWORKS` in a coupling of the cINN", presets),
		number(&o.Clamp, "clamp", "`BOUND` of the cINN's log-scales; 0 for none", presets),
		text(&o.Permutation, "permutation", "`KIND` of mixing between the cINN's couplings: flip, random or linear (learned)", presets),
		text(&o.Coupling, "coupling", "`KIND` of the cINN's couplings: affine or spline", presets),
		integer(&o.Bins, "bins", "`N` bins of each spline of the cINN", "8"),
		yes(&o.ActNorm, "actnorm", "normalise the activations before each coupling of the cINN"),
		integer(&o.Latent, "latent", "`N` latent dimensions of the CVAE", presets),
		text(&o.Prior, "prior", "`KIND` of the CVAE's prior: standard, or learned from the momenta", presets),
		number(&o.KLWarmupEpochs, "kl-warmup-epochs", "`N` epochs over which the weight of the CVAE's divergence rises to 1", "no warm-up"),
	}
	all = append(all,
		yes(&o.CUDAGraph, "cuda-graph", "capture the training step in a CUDA graph and replay it; compiled, and not run by its authors so far"),
		integer(&o.MembersAtOnce, "members-at-once", "`N` members of an ensemble that train side by side, a step of each in one launch; needs --cuda-graph, and room for N copies of the data on the device", "1, one after the other"))
	all = append(all, momentumNoiseSettings(&o.momentumNoiseOptions, "none")...)
	for _, more := range [][]setting{
		tableSettings(&o.tableOptions), columnSettings(&o.tableOptions), boundsSettings(o), selectionSettings(&o.selectionOptions), recipeSettings(&o.recipeOptions), computeSettings(&o.computeOptions),
		processSettings(&o.processOptions),
		monitorSettings(&o.monitorOptions),
	} {
		all = append(all, more...)
	}
	return all
}

// trainSwitches are flags that belong to one call, not to a training's settings.
func trainSwitches(o *trainOptions) []setting {
	return []setting{
		yes(&o.Resume, "resume", "continue the run in DIR where it stopped, or start it"),
		yes(&o.Force, "force", "replace the run in DIR"),
		yes(&o.JSON, "json", "print the result as JSON"),
	}
}

// readTrainOptions gathers settings: flags over CEI_* variables over the settings file.
func readTrainOptions(c *cli.Context) (trainOptions, error) {
	o := trainOptions{}
	settings := trainSettings(&o)
	if path := c.String(configFlag); path != "" {
		if err := readSettingsFile(c, path, settings); err != nil {
			return o, usageError{err}
		}
	}
	apply(c, settings)
	apply(c, trainSwitches(&o))
	o.Preset, o.Frame = cmp.Or(o.Preset, "robust"), cmp.Or(o.Frame, "as-is")
	return o, o.check()
}

func (o trainOptions) check() error {
	if o.Resume && o.Force {
		return usagef("--resume continues a run and --force replaces it: give one of them")
	}
	return cmp.Or(
		needed("model", o.Model, "cvae or cinn"),
		o.checkPlain(),
		o.checkSource(),
		o.checkRowsInMemory(),
		o.checkAtOnce(),
		needed("out", o.Out, "the run directory to write"),
		o.checkWords(), o.checkAxis(), o.checkNumbers(), o.selectionOptions.check(), o.computeOptions.check(), o.processOptions.check(), o.monitorOptions.check(),
	)
}

// checkSource wants a table or a simulation, and one of them.
func (o trainOptions) checkSource() error {
	switch {
	case o.Data == "" && !o.recipeOptions.asked():
		return usagef("--data is needed: the table of events; or --molecule, --charges or --events, to simulate")
	case o.Data != "" && o.recipeOptions.asked():
		return usagef("--data takes events from a table, and flags such as --molecule or --events simulate: give one of them")
	case o.Online && o.Add != "":
		return usagef("--online trains on fresh events alone, and --add on those of a table: give one of them")
	case o.Online && o.Data != "":
		return usagef("--online simulates fresh events: it cannot take them from a table; say what to simulate instead of --data, as --recipe %s", o.Data)
	}
	return nil
}

// checkAtOnce wants members that a CUDA graph can hold, on rows that stay where they are.
func (o trainOptions) checkAtOnce() error {
	switch {
	case !o.atOnce():
		return atLeast("members-at-once", o.MembersAtOnce, 1)
	case o.members() < 2:
		return usagef("--members-at-once says how the members of an ensemble are trained: --members says how many there are")
	case !o.CUDAGraph:
		return usagef("--members-at-once takes a step of several members in one launch of a CUDA graph: it needs --cuda-graph")
	case o.Online || o.RowsInMemory != nil:
		return usagef("--members-at-once trains on rows that stay on the device, and not on others in each epoch (--online, --rows-in-memory)")
	}
	return nil
}

func (o trainOptions) checkAxis() error {
	switch {
	case o.Axis == nil:
		return nil
	case len(o.Axis) != 2:
		return usagef("--axis takes two atoms, as S,O, got %v", o.Axis)
	case o.Frame == string(explosion.FrameAsIs):
		return usagef("--axis defines the axes of a frame, and --frame as-is leaves the table's: name another")
	}
	return nil
}

// idle says which settings were asked for and change nothing: those of the other model, and of another kind of coupling.
// They are not an error, since one settings file may serve several models.
func (o trainOptions) idle(data *training) (notes []string) {
	train := data.split.Train
	for _, f := range []struct {
		flag, model string
		asked       bool
	}{
		{"couplings", "cinn", o.Couplings != nil}, {"networks", "cinn", o.Networks != nil}, {"clamp", "cinn", o.Clamp != nil},
		{"permutation", "cinn", o.Permutation != ""}, {"coupling", "cinn", o.Coupling != ""}, {"bins", "cinn", o.Bins != nil}, {"actnorm", "cinn", o.ActNorm},
		{"latent", "cvae", o.Latent != nil}, {"prior", "cvae", o.Prior != ""}, {"kl-warmup-epochs", "cvae", o.KLWarmupEpochs != nil},
	} {
		if f.asked && f.model != o.Model {
			notes = append(notes, fmt.Sprintf("--%s is a setting of the other model: it changes nothing here", f.flag))
		}
	}
	if o.Model == cinn.Kind && o.Bins != nil && o.cinnConfig(int64(train.Positions.Cols), int64(train.Momenta.Cols), data.rows).Coupling != cinn.SplineCoupling {
		notes = append(notes, "--bins is a setting of --coupling spline: it changes nothing here")
	}
	return notes
}

func (o trainOptions) checkWords() error {
	return cmp.Or(
		oneOf("model", o.Model, "cvae", "cinn"),
		oneOf("preset", o.Preset, "robust", "reference"),
		oneOf("frame", o.Frame, "as-is", "body", "recoil", "internal"),
		oneOf("scaler", o.Scaler, "standard", "whiten"),
		oneOf("dtype", o.DType, "float32", "float64"),
		oneOf("schedule", o.Schedule, "constant", "cosine"),
		oneOf("permutation", o.Permutation, "flip", "random", "linear"),
		oneOf("coupling", o.Coupling, "affine", "spline"),
		oneOf("prior", o.Prior, "standard", "learned"),
	)
}

func (o trainOptions) checkNumbers() error {
	if slices.ContainsFunc(o.Hidden, func(width int64) bool { return width < 1 }) {
		return usagef("--hidden takes widths of at least 1, got %v", o.Hidden)
	}
	if o.Networks != nil && *o.Networks != 1 && *o.Networks != 2 {
		return usagef("--networks must be 1 or 2, got %d", *o.Networks)
	}
	return cmp.Or(
		shares("split", o.Split),
		aboveZero("checkpoint-every", o.CheckpointEvery),
		atLeast("members", o.Members, 1),
		atLeast("epochs", o.Epochs, 1),
		atLeast("batch", o.Batch, 1),
		atLeast("patience", o.Patience, 0),
		aboveZero("learning-rate", o.LearningRate),
		atLeast("warmup-epochs", o.WarmupEpochs, 0),
		atLeast("weight-decay", o.WeightDecay, 0),
		atLeast("clip-norm", o.ClipNorm, 0),
		atLeast("noise", o.Noise, 0),
		o.momentumNoiseOptions.check(),
		belowOne("average", o.Average),
		atLeast("bins", o.Bins, 2),
		atLeast("kl-warmup-epochs", o.KLWarmupEpochs, 0),
		atLeast("couplings", o.Couplings, 1),
		atLeast("clamp", o.Clamp, 0),
		atLeast("latent", o.Latent, 1),
		atLeast("trend", o.Trend, 0),
	)
}
