package cgo

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLimitSpinning(t *testing.T) {
	for name, c := range map[string]struct{ policy, count, want string }{
		"nothing said":          {"", "", spinCount},
		"how to wait was said":  {"active", "", ""},
		"how long was said too": {"", "7", "7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(waitPolicyVariable, c.policy)
			t.Setenv(spinCountVariable, c.count)
			require.NoError(t, limitSpinning())
			require.Equal(t, c.want, os.Getenv(spinCountVariable))
		})
	}
}
