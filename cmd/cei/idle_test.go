package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSettingsOfTheOtherModelAreSaidToBeIdle(t *testing.T) {
	data := simulated(t, 60)
	a := succeed(t, trainArgs("cvae", data, filepath.Join(t.TempDir(), "cvae"), "--latent", "2")...)
	assert.Contains(t, a.err, "--couplings is a setting of the other model")
	assert.NotContains(t, a.err, "--latent")
	a = succeed(t, trainArgs("cinn", data, filepath.Join(t.TempDir(), "cinn"), "--latent", "2")...)
	assert.Contains(t, a.err, "--latent is a setting of the other model")
	assert.NotContains(t, a.err, "--couplings")
}

func TestBinsWithoutSplinesAreSaidToBeIdle(t *testing.T) {
	data := simulated(t, 60)
	train := func(more ...string) string {
		return succeed(t, trainArgs("cinn", data, filepath.Join(t.TempDir(), "run"), append(more, "--bins", "4")...)...).err
	}
	assert.Contains(t, train(), "--bins is a setting of --coupling spline: it changes nothing here")
	assert.Contains(t, train("--coupling", "affine"), "--bins is a setting of --coupling spline")
	assert.NotContains(t, train("--coupling", "spline"), "changes nothing")
}
