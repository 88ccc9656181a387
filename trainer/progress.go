package trainer

// Progress is how far training is: after a step, or with Metrics after an epoch.
type Progress struct {
	Epoch, Epochs int      // the epoch under way or just ended, from 1; and how many there are at most
	Step, Steps   int      // steps done in it, and how many it has
	Rows          int      // rows that were trained on in this step
	Metrics       *Metrics // of the epoch that just ended, else nil
	BestEpoch     int
	BestLoss      float64

	Member, Members int // of an ensemble: the member under way, from 1, and how many there are; else 0
}

// Result is how training ended.
type Result struct {
	Epochs       int     // that were completed
	BestEpoch    int     // whose weights the model has; 0 if no epoch was completed
	BestLoss     float64 // validation loss of that epoch
	StoppedEarly bool    // no better epoch came within the patience
	Steps        int64   // optimiser steps in all
	EventsSeen   int64   // rows trained on in all: different ones with a Source, else those of the training part again each epoch
}
