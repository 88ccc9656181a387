// Package trainer fits a model to events: shuffled batches on the device, validation each epoch, early stopping with
// the best weights kept, and a run directory from which training resumes to the bit.
//
//	split, err := dataset.Prepare(events, dataset.Options{})
//	model, err := cinn.New(cinn.Robust(d, c, split.Train.Len()), nn.Placement{DType: binding.Float32})
//	result, err := trainer.Fit(ctx, model, split, trainer.Robust(split.Train.Len()))
//
// # What a model needs
//
// A Model has parameters and a loss. One that derives something from the whole training part once its weights are
// settled, as the CVAE does, implements Settler too; one that takes first values from data, as a cINN with activation
// normalisation, Starter; one whose loss changes in the course of training, as a CVAE's with a warm-up, Paced.
//
// # Noise and averages
//
// Config.MomentumNoise adds a detector's noise to the momenta of each step, another draw each time, so that a table without
// noise teaches the posterior given noisy momenta. Validation rows have one realisation of it, the same in every epoch.
// Config.Average judges and keeps a running mean of the weights in place of the weights themselves.
//
// # Fresh events
//
// With Config.Source set, each epoch after the first trains on rows of its own, which the source makes on a goroutine
// beside the training, one epoch ahead: a dataset.Simulation explodes molecules, a dataset.Stream reads another part of a
// table that is larger than memory. The split gives epoch 1 its rows, and all epochs those to validate on, so that early
// stopping compares epochs as ever. On the host lie two epochs' rows at most, and for a Settler the split's; on the device
// one's, and the split's too while a Settler looks at them. Where the source is slower than the training, the time that is
// spent waiting counts in an epoch's seconds, and events_per_s falls.
//
// An epoch is then a number of rows, after which to validate, and not a pass over a table: training and validation loss
// part less, or not at all, and Config.Noise, which makes up for rows that repeat, has nothing left to do. It stays the
// caller's choice, as does the patience.
//
// # What is kept
//
// The best epoch is the one with the lowest validation loss; its weights are the model's when Fit returns, whether
// training ended, was interrupted or failed. With Config.Dir set, a run directory is written:
//
//	config.json         what was trained, on what, how
//	model.safetensors   the best epoch's weights
//	metrics.jsonl       a line an epoch
//	last/state.safetensors      all that resuming needs: the newest checkpoint
//	last/previous.safetensors   the checkpoint before
//
// Files are replaced whole by renaming, except metrics.jsonl, which grows by one write a line so that it can be followed.
//
// # Checkpoints
//
// A checkpoint is made when Config.CheckpointEvery has passed since the last, when an epoch ends, when training ends, and
// when ctx is done, after the step under way. Training is held up while tensors are copied to the host. They are encoded,
// written and flushed to the disk beside the training, one checkpoint at a time. The end of an epoch makes none where the
// last one, with all that it took on either side, would take more than a fiftieth of the time since; the timer makes one
// whatever it takes, and waits for the one before. An error in writing one ends the training at the next step, and the
// checkpoints that are there stay.
//
// A checkpoint is a safetensors file that holds numbers in the type that they are computed in, and a SHA-256 of all of
// itself. Resuming takes the newest that is as it was written; Config.Warn is told where that is the one before. Where both
// are damaged, nothing is trained. The newest takes the place of the one before as it is itself replaced, so that
// whenever a program is killed or a machine fails, one of the two is whole; the model is written again when a resumed
// training ends. Space for three checkpoints is needed.
//
// metrics.jsonl is flushed before each checkpoint and cut back to it by resuming. One training at a time may be in a
// directory; one that is removed, or replaced by another, during a training ends that.
//
// # Ensembles
//
// FitEnsemble trains several models that differ by their seeds alone. Its directory holds ensemble.json, and a run
// directory for each of them: member-1, member-2, …. They are trained one after the other, or on a CUDA device several at once.
//
// # Memory
//
// A batch can be computed in pieces whose gradients add up, which takes less memory and longer: by Config.MicroBatch, and also
// when memory runs out in a step or in validation, for the rest of the training. The step is then done anew from the random
// numbers that it began with. Each piece has the random numbers that its rows have in the whole batch, so that only rounding
// differs. That rests on the loss being a mean over rows, and on random numbers being drawn by rows (see binding.Rows).
//
// # Several processes
//
// With Config.Group set, processes train one model together, on one machine or several. All have the same rows and settings,
// and each computes its share of the rows of every batch; one call a step adds up the gradient, the loss, and whether a
// process was interrupted. The losses are those of one process but for rounding, and all processes get the same bits. A batch
// with fewer rows than processes leaves some of them idle. Validation is shared in the same way.
//
// Process 0 alone has a run directory: the others take its state over when training begins, and its weights each epoch. The
// number of processes is no setting of the training, so that a run may be resumed with another one. Processes that would train
// something else than process 0, on other rows or by another libtorch, are refused, and named.
//
// When one process's ctx is done, all stop after the same step; those that were not interrupted themselves return
// ErrInterrupted. When a process is lost, the others return an error of kind binding.ErrPeer: at once where it ended, and after
// the group's timeout where it only does not answer. Process 0, if it is there, writes a checkpoint with all steps that were
// done. A process whose Fit fails must tell the others, by binding.Group's Abandon or its end.
//
// # CUDA graphs
//
// A step of small networks is some hundreds of kernels of a few microseconds, which the host takes longer to launch than
// the device to do. With Config.Graph, a step is captured once and replayed as one launch. All that changes between steps is
// on the device before an epoch begins, but for two small copies a step, so that no step waits for the host. The first three
// full batches are warm-ups. A last batch that is short is done operation by operation, and so are steps whose loss has not
// its final form yet (see Steadied).
//
// What cannot be captured is an error, and never done in another way instead: a device that is not CUDA, a native library
// without CUDA graphs, a model that waits for the device in its Loss.
//
// With Config.MembersAtOnce, members of an ensemble share a graph: each has a step in it, on a stream of its own, and one launch
// does them side by side, which fills a device that a small network leaves idle. Each member trains in a goroutine as it would
// alone, with its own seed, shuffling, schedule, early stopping and checkpoints. It waits before a step until all others under way
// have come to one too; when the members under way change, their steps are captured anew. Where one ends, the next begins in its
// place. When ctx is done, nobody waits any more, and each member makes its checkpoint after the step under way. Each has a copy of
// the data on the device.
//
// This was compiled and linked against CUDA builds of libtorch and tried on the CPU with a stand-in for the graph. It was
// not run on a GPU by its authors.
//
// # Determinism
//
// The same seed, settings, device and number of threads give the same losses to the bit, also when training was
// interrupted at any step and resumed, if a source's rows depend on the epoch alone.
//
// Pieces of batches and other numbers of processes change losses by rounding: sums have another order.
//
// With Config.Graph, the random numbers are those without it, and checkpoints hold the generator as it is after the step. The
// losses differ by rounding. A resumed training does a few of its steps as warm-ups that were replays before, or the other
// way round; they are the same kernels, but libtorch does not promise that those round alike, and so neither does this package.
package trainer
