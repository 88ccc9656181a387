package serve

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
)

// fuzzLimits keep what fuzzers ask for small.
var fuzzLimits = Config{MaxBody: 1 << 16, MaxEvents: 50, MaxSamples: 50, MaxDraws: 200, Workers: 1}

// answers are what a client's mistakes and luck may be answered with.
var fuzzAnswers = []int{http.StatusOK, http.StatusBadRequest, http.StatusNotFound, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity}

// hold sends a request, and holds the answer to the API's description.
func (c *client) hold(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	w := httptest.NewRecorder()
	c.server.Handler().ServeHTTP(w, r)
	if !slices.Contains(fuzzAnswers, w.Code) {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if w.Code != http.StatusOK { // requests are strange, and kin-openapi and encoding/json differ about keys in other cases
		response{w.Code, w.Header(), w.Body.Bytes()}.check(t, r, body)
	}
	if requests, draws := c.server.admission.underWay(); requests != 0 || draws != 0 {
		t.Fatalf("%d requests with %d draws have not left", requests, draws)
	}
}

func FuzzInfer(f *testing.F) {
	c := newClient(f, fuzzLimits, "molecule", "table", "ensemble")
	for _, seed := range []string{
		inferBody(1, 2, 7), inferBody(3, 50, 7), meanOnly(3), "", "{}", "null", `{"inputs":[{"name":"momenta","shape":[2,6],"datatype":"FP32","data":[[1,2,3,4,5,6],[1,2,3,4,5,1e300]]}]}`,
		`{"id":"x","outputs":[{"name":"sd","parameters":{"binary_data":true}}],"inputs":[{"name":"momenta","shape":[1,6],"datatype":"FP64","data":[0,0,0,0,0,0]}]}`,
	} {
		f.Add("molecule", []byte(seed))
		f.Add("ensemble", []byte(seed))
	}
	f.Add("table", []byte(`{"inputs":[{"name":"conditions","shape":[1,3],"datatype":"FP64","data":[1e300,-1e300,1]}]}`))
	f.Fuzz(func(t *testing.T, model string, body []byte) {
		r := request("POST", "/v2/models/x/infer", string(body))
		r.URL.Path = inferPath
		if c.server.models[model] != nil {
			r.URL.Path = "/v2/models/" + model + "/infer"
		}
		c.hold(t, r, body)
	})
}

func FuzzInferBinary(f *testing.F) {
	c := newClient(f, fuzzLimits, "molecule")
	for _, datatype := range []string{"FP64", "FP32"} {
		body, header := binaryBody(datatype, 1, 2, 3, 4, 5, 6)
		f.Add(strconv.Itoa(header), body)
		f.Add("", body)
		f.Add(strconv.Itoa(len(body)), body)
		f.Add("-1", body[:header])
	}
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		r := request("POST", inferPath, string(body), "Content-Type", kindBinary, headerSize, header)
		c.hold(t, r, body)
	})
}

func FuzzRetrieve(f *testing.F) {
	c := newClient(f, fuzzLimits, "molecule", "table")
	for _, seed := range []string{
		`{"model":"molecule","momenta":` + byAtom + `,"samples":3,"seed":1,"return":["draws","summary"]}`,
		`{"model":"molecule","momenta":{"C":[[1,2,3],[1,2,3]],"O":[[1,2,3],[1,2,3]]},"momentum_unit":"1e-22*kg_m_s","position_unit":"angstrom"}`,
		`{"model":"molecule","momenta":{"px_C":1.5,"py_C":-2,"pz_C":3,"px_O":4,"py_O":5.25,"pz_O":[-6]}}`,
		`{"model":"table","momenta":{"w":[3,3],"u":[1,1],"v":[2,2]}}`, `{"model":"table","momenta":{"w":1e308,"u":-1e308,"v":0}}`, "{}", "[", "null",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c.hold(t, request("POST", retrievePath, string(body)), body)
	})
}
