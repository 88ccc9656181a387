// Package export writes trained models as other programs load them: ONNX, TorchScript, and safetensors.
//
//	f, err := export.Describe("run/ocs-cinn", export.Sample)
//	err = f.Write("ocs.onnx", export.ONNX)
//
// What is written is the whole way from the run's columns to the run's columns: momenta in the run's frame and unit are
// scaled, the model computes, and positions come out in the run's frame and unit, constant and dependent columns among
// them. Nothing of this project is needed to run it, nor to write ONNX and safetensors; TorchScript is written by
// libtorch.
//
// # Functions
//
// Sample gives one draw a row, LogDensity the log-density of positions under momenta (of a cINN, which has an exact one),
// Decode the positions that a CVAE's latent variable stands for. Random numbers are inputs, so that the function is
// deterministic and the caller's generator and seed rule: see Notes for their names, shapes and distributions. A draw
// may be infinite or NaN where a flow overflows, far out in its tails; Package posterior draws such a row again, and so
// should the caller.
//
// # Numbers
//
// Inputs and outputs are float64, and so is the scaling; in between, the model computes in the type that it was trained
// in. Outputs differ from those of package posterior by rounding alone.
//
// # What is left to the caller
//
// Frames: how events are turned into the run's frame is not part of the function (Notes name the frame). Ensembles are
// exported member by member.
package export
