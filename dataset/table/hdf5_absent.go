//go:build !hdf5

package table

import (
	"errors"

	"github.com/gocei/gocei/internal/atomicfile"
)

var errNoHDF5 = errors.New("this program was built without HDF5; with libhdf5 and its headers (libhdf5-dev on Debian), build it by: go build -tags hdf5 ./cmd/cei")

func openHDF5(string, Options) (source, error) { return nil, errNoHDF5 }

func createHDF5(*atomicfile.File, []string, Metadata) (sink, error) { return nil, errNoHDF5 }
