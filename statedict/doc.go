// Package statedict brings weights that were trained in PyTorch into a run directory.
//
// Read understands what torch.save writes of a model's state_dict() (the zip archives of PyTorch 1.6 and newer), and
// safetensors files. Import puts such weights into a copy of a run of the same architecture, whose encoding (columns,
// units, frame, scaling) the weights must have been trained with.
//
// # Safety
//
// A pickle is a program, and one from a stranger may do anything when Python loads it. This reader executes nothing: it
// knows the few instructions that a state dict is made of and the few names that may stand in it, and refuses all else.
// Nothing is unpacked to disk, compressed members are refused, sizes and depths are bounded, and a tensor's elements are
// read when its shape is known to be the one that is wanted.
package statedict
