// Package hdf5 reads and writes datasets of numbers in HDF5 files, through the
// HDF Group's library libhdf5.
//
// # Building
//
// The package is empty unless a program is built with the tag hdf5, which needs a
// C compiler and the library with its headers, version 1.10 or later:
//
//	apt install libhdf5-dev            Debian, Ubuntu; Fedora and others call it hdf5-devel or hdf5
//	go build -tags hdf5 ./cmd/cei
//
// It is looked for where compilers look, and where Debian puts the serial one. For
// another place, name its folders:
//
//	CGO_CFLAGS=-I/opt/hdf5/include CGO_LDFLAGS="-L/opt/hdf5/lib -Wl,-rpath,/opt/hdf5/lib" go build -tags hdf5 ./cmd/cei
//
// # Errors and threads
//
// Every function of shim.h returns its error in the same call, as the library's
// first line and its cause; the library itself prints nothing. The library serves
// one thread at a time: a lock sees to that, so all functions may be called from
// any goroutine, and two files are not read quicker than one.
//
// # Hostile files
//
// The library trusts the structure of a file. Of files with a few random bytes, its
// version 1.10.8, which Debian 12 has, crashes on one in two hundred and never
// comes back from one in two thousand; h5py does the same on the same files. Open
// refuses what is no HDF5 file, and datasets that lie in other files are not read.
// Beyond that, read files of people you trust, or in a process of its own.
package hdf5
