package main

import (
	"bytes"
	"context"
	_ "embed" // the script
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"

	"github.com/gocei/gocei/explosion"
)

//go:embed solve_ivp.py
var solveIVP string

func scipyContestant(s settings, method string) *contestant {
	return &contestant{name: "SciPy solve_ivp, " + method, events: judgedSciPy, explode: func(ctx context.Context, r explosion.Recipe) ([][]float64, float64, error) {
		return solve(ctx, s.python, method, r)
	}}
}

// solve explodes the events of a recipe with SciPy.
func solve(ctx context.Context, python, method string, r explosion.Recipe) ([][]float64, float64, error) {
	task := map[string]any{"masses": r.Molecule.Masses(), "charges": r.Channels[0].Charges, "tolerance": tolerance, "remaining": 1e-4, "method": method}
	var positions [][]float64
	_, err := explosion.Simulate(ctx, r, 1, func(e explosion.Event) error {
		positions = append(positions, append([]float64(nil), e.Positions...))
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	task["positions"] = positions
	var answer struct {
		Seconds float64     `json:"seconds"`
		Momenta [][]float64 `json:"momenta"`
	}
	err = python3(ctx, python, solveIVP, task, &answer)
	return answer.Momenta, answer.Seconds, err
}

// python3 runs a script that reads JSON and writes JSON. One thread is all that NumPy could use here.
func python3(ctx context.Context, python, script string, task, answer any) error {
	input, err := json.Marshal(task)
	if err != nil {
		return err
	}
	c := exec.CommandContext(ctx, python, "-c", script)
	c.Env = append(c.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(input), &out, &errs
	if err := c.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
		return fmt.Errorf("%s: %w: %s", python, err, lines[len(lines)-1])
	}
	return json.Unmarshal(out.Bytes(), answer)
}
