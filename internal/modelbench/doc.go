// Package modelbench measures the models: training steps, draws, densities, and whole programs, beside PyTorch in Python and
// the machine's own floor. It is what cei bench runs.
//
// # What is compared
//
// The peer is peer/main.py, the same models written in PyTorch as its users write them. Weights, rows and, for once, random
// numbers are handed over, and before anything is timed both sides have to find the same number from them. A peer is run in
// every way that may be the fastest: each Python that was asked for, each setting of threads, eager, and where wanted
// compiled; on a CUDA device also as a CUDA graph. A short trial picks the fastest of them for each case, and this one runs
// against ours.
//
// Cases that are no targets are brief: fewer rounds, and nothing is compiled. A size's trial leaves out what was hopeless at
// the reference's, and where a work takes more than a second, all but what was the fastest there.
//
// The floor is the time of the operations that a work cannot do without, at the rate of square matrix products; see
// Case.operations for the count.
//
// # How it is measured
//
// In each of several rounds, ours, the peer and the floor take their turns, and who is first changes. A turn begins when the
// process that has to wait is idle, as the system's clock of its threads shows, since threads of OpenMP go on turning for a
// while after their work. Times are medians over all samples; ratios are taken round by round, so that what the machine does
// besides meets both their sides, and have the spread over rounds. An epoch of trainer.Fit is measured from inside its own
// report of progress, where the epoch has just ended and the next has not begun.
//
// What cannot be measured is left out with the reason, and a peer that is not there is null. A peer that ends on the way is
// started anew for the next case.
package modelbench
