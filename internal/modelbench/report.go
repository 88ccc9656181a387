package modelbench

// Report is everything that a run of the benchmark found.
type Report struct {
	Machine Machine      `json:"machine"`
	Peers   []Peer       `json:"peers"` // that were tried; those without PyTorch say why
	Floor   FloorSummary `json:"floor"`
	Cases   int          `json:"cases"` // that were to be measured; a run that was stopped has fewer results
	Results []Result     `json:"results"`
}

// Peer is a Python that was asked for.
type Peer struct {
	Python  string   `json:"python"`
	Torch   string   `json:"torch,omitempty"`
	Threads []string `json:"threads,omitempty"` // the settings that were tried
	Modes   []string `json:"modes,omitempty"`   // ways of running that were tried
	Missing string   `json:"missing,omitempty"` // why there is none
}

// Contestant is one way of running the peer.
type Contestant struct {
	Python  string `json:"python"`
	Torch   string `json:"torch"`
	Mode    string `json:"mode"`    // eager, compile, max-autotune or cuda-graph
	Threads string `json:"threads"` // its setting of threads
}

// FloorSummary is what square matrix products ran at.
type FloorSummary struct {
	GFLOPS float64 `json:"gflops"` // the fastest of all rounds, ours and the peer's
}

// Check is the number that both sides found with the same weights, rows and random numbers.
type Check struct {
	Ours float64 `json:"ours"`
	Peer float64 `json:"peer"`
}

// Result is what was measured of one case. Times are in milliseconds, medians and quantiles over all samples; ratios are
// taken round by round. What was not measured is null.
type Result struct {
	Case
	Device     string  `json:"device"`
	Threads    int     `json:"threads"`
	Parameters int     `json:"parameters,omitempty"`
	Operations float64 `json:"operations,omitempty"` // floating-point, that cannot be done without
	Rounds     int     `json:"rounds"`
	Samples    int     `json:"samples"` // of ours, in all rounds

	MedianMS  *float64 `json:"median_ms"`
	P10MS     *float64 `json:"p10_ms"`
	P90MS     *float64 `json:"p90_ms"`
	PeerMS    *float64 `json:"peer_ms"`
	PeerP10MS *float64 `json:"peer_p10_ms"`
	PeerP90MS *float64 `json:"peer_p90_ms"`
	FloorMS   *float64 `json:"floor_ms"`

	PeerOverOurs  *Spread `json:"peer_over_ours"`  // how many times as long the peer takes
	OursOverFloor *Spread `json:"ours_over_floor"` // how many times the floor ours takes

	Peer        *Contestant `json:"peer"`                   // the fastest way of running it
	PeerFailure string      `json:"peer_failure,omitempty"` // why there is none although it was asked for
	Check       *Check      `json:"check,omitempty"`

	// Of an epoch: what its training steps and its validation take by themselves, and what the epoch takes of their sum.
	StepsMS      *float64 `json:"steps_ms,omitempty"`
	ValidationMS *float64 `json:"validation_ms,omitempty"`
	OverBare     *Spread  `json:"over_bare,omitempty"`

	// Of the time to a loss: the loss, and how many epochs it took.
	TargetLoss *float64 `json:"target_loss,omitempty"`
	Epochs     *Spread  `json:"epochs,omitempty"`
	PeerEpochs *Spread  `json:"peer_epochs,omitempty"`

	// Of memory: the most that the process held.
	MedianMiB *float64 `json:"median_mib,omitempty"`
	PeerMiB   *float64 `json:"peer_mib,omitempty"`

	LeftOut string `json:"left_out,omitempty"` // why the case was not measured
}

// heat sets the figures of ours and of the floor.
func (r *Result) heat(h heat) {
	r.describe(h.ours)
	r.describeFloor(h.ours, h.gflops)
}

// describe sets the figures of ours.
func (r *Result) describe(rounds [][]float64) {
	all := flat(rounds)
	r.Rounds, r.Samples = len(rounds), len(all)
	r.MedianMS, r.P10MS, r.P90MS = figures(all)
}

// describePeer sets the figures of the peer, and how they compare.
func (r *Result) describePeer(ours, peer [][]float64) {
	r.PeerMS, r.PeerP10MS, r.PeerP90MS = figures(flat(peer))
	r.PeerOverOurs = spread(ratios(medians(peer), medians(ours)))
}

// describeFloor sets what the operations take at the rate of each round.
func (r *Result) describeFloor(ours [][]float64, gflops []float64) {
	var floors []float64
	for _, rate := range gflops {
		floors = append(floors, r.Operations/rate/1e6)
	}
	if r.Operations == 0 || len(floors) == 0 {
		return
	}
	r.FloorMS = ptr(median(floors))
	r.OursOverFloor = spread(ratios(medians(ours), floors))
}

func figures(samples []float64) (middle, p10, p90 *float64) {
	if s := spread(samples); s != nil {
		return &s.Median, &s.P10, &s.P90
	}
	return nil, nil, nil
}

func flat(rounds [][]float64) (all []float64) {
	for _, round := range rounds {
		all = append(all, round...)
	}
	return all
}

func ptr[T any](v T) *T { return &v }
