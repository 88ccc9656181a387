package modelbench

import (
	"os"
	"slices"
	"strings"
)

// spinVariable says how long GNU's OpenMP waits before it sleeps. The native library sets it for this process where the user
// has not; the peer is to have what it would have alone.
const spinVariable = "GOMP_SPINCOUNT"

// ownSpin is whether the user has set it, which is known before the native library is loaded.
var ownSpin = os.Getenv(spinVariable) != ""

// peerEnvironment returns the environment of a peer: the user's, with some variables more. It compiles without processes of
// its own, which would not sleep while it waits.
func peerEnvironment(more []string) []string {
	all := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return !ownSpin && strings.HasPrefix(variable, spinVariable+"=")
	})
	return append(append(all, "PYTHONDONTWRITEBYTECODE=1", "TORCHINDUCTOR_COMPILE_THREADS=1"), more...)
}
