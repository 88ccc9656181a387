package binding

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gocei/gocei/cgo"
)

// Device is where a tensor lives and is computed with. The zero value is the CPU.
type Device struct {
	cuda  bool
	index int
}

// CPU is the host's processor.
var CPU = Device{}

// CUDA returns the CUDA device of that index.
func CUDA(index int) Device { return Device{cuda: true, index: index} }

// IsCUDA reports whether the device is a CUDA device.
func (d Device) IsCUDA() bool { return d.cuda }

// Index returns the CUDA device's index, and 0 for the CPU.
func (d Device) Index() int { return d.index }

// String returns "cpu" or "cuda:N".
func (d Device) String() string {
	if !d.cuda {
		return "cpu"
	}
	return fmt.Sprintf("cuda:%d", d.index)
}

func (d Device) native() cgo.Device {
	if d.cuda {
		return cgo.Device{Type: cgo.CUDA, Index: int32(d.index)}
	}
	return cgo.Device{Type: cgo.CPU}
}

// CUDADevices returns how many CUDA devices can be used: 0 where libtorch has no CUDA.
func CUDADevices() (int, error) {
	if _, err := Load(); err != nil {
		return 0, err
	}
	var native cgo.Error
	n, status := cgo.CUDADevices(&native)
	return n, check("count CUDA devices", status, &native)
}

// ParseDevice returns the device that "auto", "cpu", "cuda" or "cuda:N" names. auto is the first CUDA device where there
// is one, else the CPU. A CUDA device that is not there is an error of kind ErrDevice.
func ParseDevice(name string) (Device, error) {
	if name == "cpu" {
		return CPU, nil
	}
	index, ok := cudaIndex(name)
	if !ok && name != "auto" {
		return CPU, deviceError("%q is not auto, cpu, cuda or cuda:N", name)
	}
	present, err := CUDADevices()
	if err != nil {
		return CPU, err
	}
	if name == "auto" && present == 0 {
		return CPU, nil
	}
	if index >= present {
		return CPU, deviceError("%s is not there: libtorch sees %d CUDA devices%s", name, present, cudaHint())
	}
	return CUDA(index), nil
}

// cudaIndex returns the index in "cuda" or "cuda:N"; "auto" counts from 0 as "cuda" does.
func cudaIndex(name string) (int, bool) {
	if name == "cuda" {
		return 0, true
	}
	digits, ok := strings.CutPrefix(name, "cuda:")
	if !ok {
		return 0, false
	}
	index, err := strconv.ParseUint(digits, 10, 7)
	return int(index), err == nil
}

func cudaHint() string {
	if lib, err := Load(); err == nil && !lib.BuiltWithCUDA {
		return ", and the one in use was built without CUDA"
	}
	return ""
}

func deviceError(format string, args ...any) error {
	return &Error{Op: "parse device", Kind: ErrDevice, Msg: fmt.Sprintf(format, args...)}
}

// Synchronize waits until the device has done all that was asked of it. On the CPU it returns at once.
func (d Device) Synchronize() error {
	if _, err := Load(); err != nil {
		return err
	}
	var native cgo.Error
	return check("synchronize", cgo.Synchronize(d.native(), &native), &native)
}
