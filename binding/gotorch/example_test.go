//go:build gotorch

package gotorch_test

import (
	"fmt"
	"log"
	"runtime"

	torch "github.com/wangkuiyi/gotorch"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/gotorch"
)

// A program on gotorch uses an operation that gotorch does not have, and goes back through it.
func Example() {
	s := binding.NewScope()
	defer s.Close()

	leaf := torch.Full([]int64{2}, -1, true)
	x, err := gotorch.FromGoTorch(s, leaf)
	if err != nil {
		log.Fatal(err)
	}
	elu, err := gotorch.ToGoTorch(s, s.ELU(x))
	if err != nil {
		log.Fatal(err)
	}
	loss := torch.Sum(elu)
	loss.Backward()
	fmt.Printf("%.4f\n", loss.Item()) // 2(1/e - 1)

	gradient, err := gotorch.FromGoTorch(s, leaf.Grad())
	if err != nil {
		log.Fatal(err)
	}
	values, err := s.Float32s(gradient)
	fmt.Printf("%.4f %v\n", values, err) // 1/e

	// Without this, gotorch could free a tensor whose last use is a call while the call still reads it.
	runtime.KeepAlive([]torch.Tensor{leaf, elu, loss})
	// Output:
	// -1.2642
	// [0.3679 0.3679] <nil>
}
