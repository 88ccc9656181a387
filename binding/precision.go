package binding

import (
	"fmt"

	"github.com/gocei/gocei/cgo"
)

// MatmulPrecision is how exactly float32 matrices are multiplied on hardware that can do it faster, with the names and the
// meaning of PyTorch's torch.set_float32_matmul_precision. float64 is never touched.
type MatmulPrecision string

// The precisions. CUDA devices of compute capability 8.0 and up have TF32, whose mantissa is of 10 bits; where a device or a
// libtorch has no faster way of a precision, the next better one is in force.
const (
	HighestPrecision MatmulPrecision = "highest" // float32 throughout: a mantissa of 23 bits
	HighPrecision    MatmulPrecision = "high"    // TF32, or a sum of bfloat16 products
	MediumPrecision  MatmulPrecision = "medium"  // bfloat16, whose mantissa is of 7 bits, where a fast way is there; else as high
)

var precisions = map[MatmulPrecision]cgo.MatmulPrecision{
	HighestPrecision: cgo.HighestPrecision, HighPrecision: cgo.HighPrecision, MediumPrecision: cgo.MediumPrecision,
}

// SetMatmulPrecision sets the precision for the whole process. The first is in force where it was not called.
func SetMatmulPrecision(p MatmulPrecision) error {
	const op = "set matmul precision"
	code, known := precisions[p]
	if !known {
		return &Error{Op: op, Kind: ErrArgument, Msg: fmt.Sprintf("%q is not highest, high or medium", string(p))}
	}
	if _, err := Load(); err != nil {
		return err
	}
	var native cgo.Error
	return check(op, cgo.SetMatmulPrecision(code, &native), &native)
}

// MatmulPrecisionInForce returns the precision that is set.
func MatmulPrecisionInForce() (MatmulPrecision, error) {
	if _, err := Load(); err != nil {
		return "", err
	}
	var native cgo.Error
	code, status := cgo.MatmulPrecisionInForce(&native)
	for p, c := range precisions {
		if c == code && status == cgo.OK {
			return p, nil
		}
	}
	return "", check("matmul precision", status, &native)
}
