// Package optim changes parameters after each backward pass: Adam and AdamW as one fused pass over a model's flat
// arrays, and schedules of the learning rate as pure functions of the step.
//
// An optimiser owns its moments and has a Close. All that it keeps can be read and put back, so that a run can be
// continued to the bit.
package optim
