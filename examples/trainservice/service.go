package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/gocei/gocei/trainer"
)

// mostBytes is how large a table may be.
const mostBytes = 256 << 20

// service keeps trainings by their number. The processor is one training's at a time.
type service struct {
	dir    string
	epochs int
	busy   sync.Mutex // held by the training that runs

	mu        sync.Mutex // of what follows
	trainings []*training
}

// training is what a client is told.
type training struct {
	ID    int              `json:"id"`
	State string           `json:"state"` // waiting, running, done, failed or cancelled
	Last  *trainer.Metrics `json:"last_epoch,omitempty"`
	Error string           `json:"error,omitempty"`
	Run   string           `json:"run"` // the run directory

	cancel context.CancelFunc
}

func newService(dir string, epochs int) *service { return &service{dir: dir, epochs: epochs} }

func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /trainings", s.start)
	mux.HandleFunc("GET /trainings/{id}", s.status)
	mux.HandleFunc("DELETE /trainings/{id}", s.stop)
	return mux
}

// start keeps the table, and answers before it is trained on.
func (s *service) start(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ctx, cancel := context.WithCancel(context.Background()) // the request's own ends with the answer
	t := &training{ID: len(s.trainings) + 1, State: "waiting", cancel: cancel}
	t.Run = filepath.Join(s.dir, strconv.Itoa(t.ID))
	s.trainings = append(s.trainings, t)
	s.mu.Unlock()
	if err := receive(http.MaxBytesReader(w, r.Body, mostBytes), t.Run); err != nil {
		s.change(func() { t.State, t.Error = "failed", err.Error() })
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	go s.train(ctx, t)
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, "{\"id\":%d}\n", t.ID)
}

// receive writes a table to its run directory.
func receive(table io.Reader, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, tableName))
	if err != nil {
		return err
	}
	_, err = io.Copy(file, table)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

func (s *service) status(w http.ResponseWriter, r *http.Request) {
	if t := s.find(w, r); t != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(t) // the client may be gone
	}
}

func (s *service) stop(w http.ResponseWriter, r *http.Request) {
	if t := s.find(w, r); t != nil {
		t.cancel()
		w.WriteHeader(http.StatusAccepted)
	}
}

// find returns the training that a request is about, or answers that there is none.
func (s *service) find(w http.ResponseWriter, r *http.Request) *training {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id < 1 || id > len(s.trainings) {
		http.Error(w, "there is no such training", http.StatusNotFound)
		return nil
	}
	return s.trainings[id-1]
}

func (s *service) change(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}
