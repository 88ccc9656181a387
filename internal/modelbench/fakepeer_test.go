package modelbench

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/gocei/gocei/binding"
	"github.com/gocei/gocei/binding/nn"
	"github.com/gocei/gocei/cinn"
	"github.com/gocei/gocei/cvae"
)

// fakeVariable makes this binary be a peer instead of its tests, of the kind that it names.
const fakeVariable = "MODELBENCH_FAKE_PEER"

// The kinds of fake peers.
const (
	honest     = "honest"     // finds the same numbers by this module's own models
	dishonest  = "dishonest"  // finds others
	lacking    = "lacking"    // has no PyTorch
	dying      = "dying"      // ends when it is to load a work that trains
	chattering = "chattering" // answers with what is no JSON
	incapable  = "incapable"  // refuses every work
	forgetful  = "forgetful"  // forgets samples
	talkative  = "talkative"  // answers with JSON of other types
	sleeping   = "sleeping"   // never answers
)

func TestMain(m *testing.M) {
	kind := os.Getenv(fakeVariable)
	if kind == "" {
		os.Exit(m.Run())
	}
	if len(os.Args) > 1 && os.Args[1] == "-u" {
		(&fakePeer{kind: kind}).serve()
	}
	time.Sleep(20 * time.Millisecond) // a program that is started to be measured
}

type fakePeer struct{ kind string }

func (f *fakePeer) serve() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var request map[string]any
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			panic(err)
		}
		answer, err := f.answer(request)
		if err != nil {
			answer = map[string]any{"error": err.Error()}
		}
		text, err := json.Marshal(answer)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(text))
	}
}

func (f *fakePeer) answer(request map[string]any) (any, error) {
	do := request["do"]
	switch {
	case f.kind == lacking:
		return nil, fmt.Errorf("no PyTorch: none at all")
	case do == "start":
		return map[string]any{"torch": "0.0.fake", "modes": []string{"eager", "compile"}, "own_blas": false}, nil
	case do == "gemm":
		return map[string]any{"gflops": 0.001}, nil
	case do == "run" && f.kind == forgetful:
		return map[string]any{"ms": []float64{}}, nil
	case do == "run":
		return map[string]any{"ms": slices.Repeat([]float64{1.5}, int(request["samples"].(float64)))}, nil
	case do == "fit":
		return map[string]any{"ms": []float64{5}, "epochs": 2, "loss": request["target"]}, nil
	case do == "memory":
		return map[string]any{"mib": 12.5}, nil
	}
	return f.load(request)
}

func (f *fakePeer) load(request map[string]any) (any, error) {
	switch f.kind {
	case dying:
		if request["kind"] == "draw" {
			break
		}
		fmt.Fprintln(os.Stderr, "these are its last words")
		os.Exit(3)
	case chattering:
		fmt.Println("good morning")
	case incapable:
		return nil, fmt.Errorf("there is not enough memory")
	case talkative:
		return map[string]any{"value": "seven"}, nil
	case sleeping:
		select {}
	}
	value, err := f.value(request)
	if f.kind == dishonest {
		value *= 1.001
	}
	return map[string]any{"value": value}, err
}

// value finds the number of a work by this module's own models.
func (f *fakePeer) value(request map[string]any) (float64, error) {
	path := request["weights_path"].(string)
	m, err := loadModel(path)
	if err != nil {
		return 0, err
	}
	g, err := binding.NewGenerator(binding.CPU, checkSeed)
	if err != nil {
		return 0, err
	}
	s := binding.NewScope(binding.NoGrad(), binding.WithGenerator(g))
	x, y := readArray(s, request, "x"), readArray(s, request, "y")
	switch request["kind"] {
	case "draw":
		rows := int64(request["rows"].(float64))
		if shape, err := s.Shape(y); err == nil && shape[0] == 1 {
			y = s.RepeatRows(y, rows)
		}
		return s.Item(s.Mean(s.Square(s.Tanh(m.Sample(s, y)))))
	case "density":
		return s.Item(s.Mean(m.LogProb(s, x, y)))
	}
	return s.Item(m.Loss(s, x, y).Total)
}

func loadModel(path string) (model, error) {
	a, err := nn.ReadArchitecture(path)
	if err != nil {
		return nil, err
	}
	var m model
	if a.Kind == cvae.Kind {
		var c cvae.Config
		if err := json.Unmarshal(a.Config, &c); err != nil {
			return nil, err
		}
		m, err = checked(cvae.New(c, nn.Placement{DType: binding.Float32}))
	} else {
		var c cinn.Config
		if err := json.Unmarshal(a.Config, &c); err != nil {
			return nil, err
		}
		m, err = checked(cinn.New(c, nn.Placement{DType: binding.Float32}))
	}
	if err != nil {
		return nil, err
	}
	return m, m.Params().Load(path)
}

func readArray(s *binding.Scope, request map[string]any, name string) binding.Tensor {
	a := request["arrays"].(map[string]any)[name].(map[string]any)
	data, err := os.ReadFile(a["path"].(string))
	if err != nil {
		s.Fail(err)
	}
	values := make([]float32, len(data)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	var shape []int64
	for _, n := range a["shape"].([]any) {
		shape = append(shape, int64(n.(float64)))
	}
	return s.FromFloat32s(values, binding.Float32, binding.CPU, shape...)
}
