// Package tensorboard writes scalars into event files that TensorBoard reads.
//
// An event file is a sequence of records: the length of the data in eight bytes, its checksum, the data, their checksum,
// all little-endian, as in TensorFlow's TFRecord files. A checksum is the CRC-32C of the bytes, turned and shifted so that
// the checksum of data with checksums in them is none of its own ("masked"). The data are the protocol buffer
// tensorflow.Event (tensorflow/core/util/event.proto).
//
// # Resuming
//
// A training that continues writes a file of its own, which sorts behind the ones before: what a killed process left half
// written stays at the end of its file, where readers expect it. Every file begins with a SessionLog of status START.
// TensorBoard takes the first that it meets for the begin of all, and at each later one forgets what it has read with that
// step or a later one. So epochs that were told of and then lost, since the last checkpoint was older, are not shown twice.
package tensorboard
