package nn

import "fmt"

// Limits of an architecture, which may come from a file that someone else wrote: far above what is trained, and low enough that no
// file makes a program ask for memory without end.
const (
	MaxWidth      = 1 << 20 // of a layer
	MaxLayers     = 1000    // of a network
	MaxNetworks   = 10_000  // of a model
	MaxParameters = 1 << 30 // of a model
)

// CheckSize refuses a number of networks of one kind whose layers have these sizes, input first, where they are beyond the limits.
func CheckSize(networks int, sizes []int64) error {
	if networks > MaxNetworks || len(sizes) > MaxLayers {
		return fmt.Errorf("nn: check size: %d networks of %d layers: want at most %d of %d", networks, len(sizes), MaxNetworks, MaxLayers)
	}
	total := int64(0)
	for i, width := range sizes {
		if width < 0 || width > MaxWidth {
			return fmt.Errorf("nn: check size: a layer of width %d: want at most %d", width, MaxWidth)
		}
		if i > 0 {
			total += width * (sizes[i-1] + 1) // at most 2^40 a layer, which a thousand of them do not overflow
		}
	}
	if total > MaxParameters/max(1, int64(networks)) {
		return fmt.Errorf("nn: check size: %d networks of %d parameters: want at most %d in all", networks, total, MaxParameters)
	}
	return nil
}
