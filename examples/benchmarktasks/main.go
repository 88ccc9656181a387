// Command benchmarktasks writes the tables of the public benchmark tasks of simulation-based inference (see
// package benchmarktask) in the columns that cei train --targets and cei evaluate --reference read.
//
//	go run ./examples/benchmarktasks -out build/tasks
//
// For each task it prints a line: its name, targets, conditions, and the mean score of neural posterior estimation with
// 10,000 simulations in the published benchmark.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/dataset/table"
	"github.com/gocei/gocei/examples/benchmarktasks/benchmarktask"
)

// published are the means over ten observations of the classifier two-sample test in J.-M. Lueckmann et al. (AISTATS 2021,
// arXiv:2101.04653), by task: neural posterior estimation, 10,000 simulations.
var published = map[string]float64{"two_moons": 0.606, "gaussian_mixture": 0.615, "gaussian_linear": 0.552, "slcp": 0.901}

type sizes struct {
	simulations, observations, draws int
	seed                             uint64
}

func main() {
	var s sizes
	out := flag.String("out", "build/tasks", "`DIR` that gets a folder for each task")
	flag.IntVar(&s.simulations, "simulations", 10000, "`N` simulations to train on")
	flag.IntVar(&s.observations, "observations", 10, "`N` observations")
	flag.IntVar(&s.draws, "draws", 10000, "`N` exact draws of each observation's posterior")
	flag.Uint64Var(&s.seed, "seed", 1, "`SEED` of the simulations; observations and their posteriors are the same for all")
	flag.Parse()
	for _, task := range benchmarktask.All() {
		if err := s.write(os.Stdout, filepath.Join(*out, task.Name), task); err != nil {
			log.Fatal(err)
		}
	}
}

func (s sizes) write(w io.Writer, dir string, task benchmarktask.Task) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	targets, conditions := numbered("theta", task.Parameters), numbered("x", task.Data)
	theta, x := task.Simulations(s.simulations, rand.New(rand.NewPCG(s.seed, 0)))
	if err := writeTable(filepath.Join(dir, "simulations.parquet"), append(append([]string{}, targets...), conditions...), theta, x); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(2021, 0))
	_, observed := task.Simulations(s.observations, r)
	if err := writeTable(filepath.Join(dir, "observations.parquet"), conditions, observed); err != nil {
		return err
	}
	if err := s.writeReference(filepath.Join(dir, "reference.parquet"), task, targets, observed, r); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s %s %s %.3f\n", task.Name, strings.Join(targets, ","), strings.Join(conditions, ","), published[task.Name])
	return err
}

func (s sizes) writeReference(path string, task benchmarktask.Task, targets []string, observed dataset.Matrix, r *rand.Rand) error {
	number, draws := dataset.NewMatrix(s.observations*s.draws, 1), dataset.Matrix{Cols: task.Parameters}
	for i := range s.observations {
		part := task.Reference(observed.Row(i), s.draws, r)
		draws.Rows, draws.Data = draws.Rows+part.Rows, append(draws.Data, part.Data...)
		for k := range s.draws {
			number.Data[i*s.draws+k] = float64(i + 1)
		}
	}
	return writeTable(path, append([]string{"observation"}, targets...), number, draws)
}

// writeTable writes matrices with the same number of rows side by side.
func writeTable(path string, columns []string, parts ...dataset.Matrix) error {
	w, err := table.Create(path, columns, nil)
	if err != nil {
		return err
	}
	defer w.Close()
	pieces := make([][]float64, len(parts))
	for i := range parts[0].Rows {
		for k, part := range parts {
			pieces[k] = part.Row(i)
		}
		if err := w.WriteRow(pieces...); err != nil {
			return err
		}
	}
	return w.Commit()
}

// numbered returns name_1, name_2, …
func numbered(name string, n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%s_%d", name, i+1))
	}
	return all
}
