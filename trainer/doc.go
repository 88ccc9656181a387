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
// settled, as the CVAE does, implements Settler too.
//
// # What is kept
//
// The best epoch is the one with the lowest validation loss; its weights are the model's when Fit returns, whether
// training ended, was interrupted or failed. With Config.Dir set, a run directory is written:
//
//	config.json         what was trained, on what, how
//	model.safetensors   the best epoch's weights
//	metrics.jsonl       a line an epoch
//	last/state.safetensors   all that resuming needs
//
// Files are replaced whole by renaming, except metrics.jsonl, which grows by one write a line so that it can be followed.
//
// # Determinism
//
// The same seed, settings, device and number of threads give the same losses to the bit, also when training was
// interrupted at any step and resumed.
package trainer
