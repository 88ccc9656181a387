package explosion_test

import (
	"fmt"

	"github.com/gocei/gocei/explosion"
)

// Bond lengths and the angle of water, wherever it is, and back to where it was.
func ExampleFrameOptions_NewFrame() {
	water := []float64{5, 5, 5, 5, 6.1, 6.4, 5, 6.1, 3.6}
	atoms := []string{"O", "H1", "H2"}
	frame, err := explosion.FrameOptions{Reference: water}.NewFrame(explosion.FrameInternal, atoms)
	if err != nil {
		fmt.Println(err)
		return
	}
	coordinates, pose, err := frame.Positions(nil, water, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(frame.ZMatrix.Names(atoms))
	fmt.Printf("%.3f\n", coordinates)
	body, err := frame.Cartesian(nil, coordinates)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", pose.Restore(nil, body))
	// Output:
	// [r_OH1 r_OH2 angle_H1OH2]
	// [1.780 1.780 1.810]
	// [5.0 5.0 5.0 5.0 6.1 6.4 5.0 6.1 3.6]
}
