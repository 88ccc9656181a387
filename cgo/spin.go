package cgo

import "os"

// How GNU's OpenMP waits, in its own variables.
const (
	waitPolicyVariable = "OMP_WAIT_POLICY"
	spinCountVariable  = "GOMP_SPINCOUNT"
)

// spinCount lets a thread that waits for the others of its pool turn for about a tenth of a millisecond before it gives
// its core up. GNU's OpenMP turns ten times longer, which is a few per cent faster alone and several times slower beside
// another program that wants the cores, since the steps of small networks wait often.
const spinCount = "30000"

// limitSpinning sets spinCount, unless the user has said how to wait. OpenMP reads it when the shim loads it.
func limitSpinning() error {
	for _, name := range []string{waitPolicyVariable, spinCountVariable} {
		if os.Getenv(name) != "" {
			return nil
		}
	}
	return os.Setenv(spinCountVariable, spinCount)
}
