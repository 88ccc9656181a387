// Command inference answers HTTP requests with posterior means and standard deviations from a trained run.
//
//	go run ./examples/inference run/cinn
//	curl -d '{"momenta":[[0,1.5,0,98.2,-0.7,0,-98.2,-0.8,0]],"draws":1000}' localhost:8080/posterior
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/gocei/gocei/dataset"
	"github.com/gocei/gocei/posterior"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: inference RUN-DIRECTORY")
	}
	inverse, err := posterior.Open(context.Background(), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer inverse.Close()
	server := http.Server{Addr: "127.0.0.1:8080", Handler: &handler{inverse: inverse}, ReadHeaderTimeout: 10 * time.Second}
	log.Print(server.ListenAndServe())
}

// handler asks one model. An Inverse is one goroutine's at a time, and requests come on many.
type handler struct {
	mu      sync.Mutex
	inverse *posterior.Inverse
}

type question struct {
	Momenta [][]float64 `json:"momenta"` // in the run's order of atoms and its unit
	Draws   int         `json:"draws"`
}

type answer struct {
	Columns []string    `json:"columns"`
	Mean    [][]float64 `json:"mean"` // [event][column]
	SD      [][]float64 `json:"sd"`
}

const (
	mostBytes = 1 << 20
	mostDraws = 100_000 // of all events together
)

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q question
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBytes)).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	events, err := h.events(q)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a, err := h.answer(r.Context(), events, q.Draws)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a) // the client may be gone
}

// events returns the momenta of a question, if it is a good one.
func (h *handler) events(q question) (*dataset.Events, error) {
	e := h.inverse.Encoding()
	momenta := dataset.Matrix{Rows: len(q.Momenta), Cols: 3 * len(e.Atoms)}
	if q.Draws < 2 || len(q.Momenta) < 1 || q.Draws > mostDraws/len(q.Momenta) {
		return nil, fmt.Errorf("%d draws of %d events: want 2 draws or more, and up to %d in all", q.Draws, len(q.Momenta), mostDraws)
	}
	for i, row := range q.Momenta {
		if len(row) != momenta.Cols {
			return nil, fmt.Errorf("event %d has %d momenta: want 3 each of %v", i, len(row), e.Atoms)
		}
		momenta.Data = append(momenta.Data, row...)
	}
	return dataset.NewEvents(e.Atoms, dataset.Matrix{}, momenta, e.PositionUnit, e.MomentumUnit)
}

func (h *handler) answer(ctx context.Context, events *dataset.Events, draws int) (answer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := answer{Columns: h.inverse.Encoding().PositionColumns}
	err := h.inverse.Each(ctx, events, draws, func(_ int, drawn dataset.Matrix) error {
		columns := mat.NewDense(drawn.Rows, drawn.Cols, drawn.Data)
		mean, sd := make([]float64, drawn.Cols), make([]float64, drawn.Cols)
		for j := range mean {
			mean[j], sd[j] = stat.MeanStdDev(mat.Col(nil, j, columns), nil)
		}
		a.Mean, a.SD = append(a.Mean, mean), append(a.SD, sd)
		return nil
	})
	return a, err
}
