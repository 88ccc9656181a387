package optim_test

import (
	"fmt"

	"github.com/gocei/gocei/binding/optim"
)

// A rate that rises over two steps and falls over the next eight.
func ExampleSchedule() {
	s := optim.Schedule{Kind: optim.CosineRate, Rate: 0.001, Warmup: 2, Total: 10}
	if err := s.Check(); err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range []int64{0, 1, 2, 6, 10} {
		fmt.Printf("%.5f\n", s.At(step))
	}
	// Output:
	// 0.00050
	// 0.00100
	// 0.00100
	// 0.00050
	// 0.00000
}
