package serve

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inferred is an answer to infer.
type inferred struct {
	ModelName  string `json:"model_name"`
	ID         *string
	Parameters struct {
		Samples int
		Seed    uint64
	}
	Outputs []struct {
		Name       string
		Datatype   string
		Shape      []int
		Parameters struct {
			BinaryDataSize int `json:"binary_data_size"`
		}
		Data json.RawMessage
	}
}

func (a inferred) numbers(t testing.TB, output string) (all []float64) {
	t.Helper()
	for _, o := range a.Outputs {
		if o.Name == output {
			require.NoError(t, json.Unmarshal(o.Data, &all))
			return all
		}
	}
	require.Fail(t, "no output "+output)
	return nil
}

const (
	inferPath = "/v2/models/molecule/infer"
	oneEvent  = "1.5,-2,3,4,5.25,-6"
)

// inferBody asks for draws for some events of a molecule.
func inferBody(events, samples int, seed uint64) string {
	return fmt.Sprintf(`{"parameters":{"samples":%d,"seed":%d},"inputs":[{"name":"momenta","shape":[%d,6],"datatype":"FP64","data":[%s]}]}`,
		samples, seed, events, strings.TrimSuffix(strings.Repeat(oneEvent+",", events), ","))
}

func TestInfer(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	var a, b, other inferred
	c.ask("POST", inferPath, inferBody(2, 50, 7)).into(t, &a)
	require.Equal(t, "molecule", a.ModelName)
	require.Nil(t, a.ID)
	require.Equal(t, 50, a.Parameters.Samples)
	require.Equal(t, uint64(7), a.Parameters.Seed)
	require.Len(t, a.Outputs, 4, "all where none is asked for")
	draws, mean, sd := a.numbers(t, "draws"), a.numbers(t, "mean"), a.numbers(t, "sd")
	require.Equal(t, []int{2, 50, 6}, a.Outputs[0].Shape)
	require.Len(t, draws, 600)
	for event := range 2 {
		for j := range 6 {
			sum, squares := 0.0, 0.0
			for k := range 50 {
				sum += draws[event*300+6*k+j]
			}
			for k := range 50 {
				squares += math.Pow(draws[event*300+6*k+j]-sum/50, 2)
			}
			require.InDelta(t, sum/50, mean[6*event+j], 1e-12)
			require.InDelta(t, math.Sqrt(squares/49), sd[6*event+j], 1e-12)
		}
	}
	require.JSONEq(t, "[false,false]", string(a.Outputs[3].Data))
	c.ask("POST", inferPath, inferBody(2, 50, 7)).into(t, &b)
	require.Equal(t, a, b, "the same seed gives the same answer")
	c.ask("POST", inferPath, inferBody(2, 50, 8)).into(t, &other)
	require.NotEqual(t, draws, other.numbers(t, "draws"))

	chosen := strings.Replace(inferBody(1, 2, 7), `,"seed":7`, "", 1)
	c.ask("POST", inferPath, chosen).into(t, &a)
	c.ask("POST", inferPath, inferBody(1, 2, a.Parameters.Seed)).into(t, &b)
	require.Equal(t, a, b, "a seed that the server chose is told")
}

func TestInferForms(t *testing.T) {
	c := newClient(t, Config{}, "molecule", "table", "ensemble")
	version := c.server.models["molecule"].Version
	var flat, got inferred
	body := inferBody(2, 3, 7)
	c.ask("POST", inferPath, body).into(t, &flat)
	for name, changed := range map[string]string{
		"nested":             strings.Replace(body, oneEvent+","+oneEvent, "["+oneEvent+"],["+oneEvent+"]", 1),
		"another version":    strings.Replace(body, "{", `{"model_name":"molecule","model_version":"`+version+`",`, 1),
		"a number otherwise": strings.Replace(body, "5.25", "0.525e1", 1),
	} {
		c.ask("POST", inferPath, changed).into(t, &got)
		require.Equal(t, flat, got, name)
	}
	c.ask("POST", "/v2/models/molecule/versions/"+version+"/infer", body).into(t, &got)
	require.Equal(t, flat, got)
	c.ask("POST", inferPath, strings.Replace(body, "{", `{"id":"a\"b",`, 1)).into(t, &got)
	require.Equal(t, `a"b`, *got.ID)
	c.ask("POST", inferPath, strings.TrimSuffix(body, "}")+`,"outputs":[{"name":"sd"},{"name":"draws"}]}`).into(t, &got)
	require.Equal(t, []string{"sd", "draws"}, []string{got.Outputs[0].Name, got.Outputs[1].Name})
	require.Equal(t, flat.numbers(t, "sd"), got.numbers(t, "sd"))
	c.ask("POST", "/v2/models/ensemble/infer", body).into(t, &got)
	require.NotEqual(t, flat.numbers(t, "draws"), got.numbers(t, "draws"))
	c.ask("POST", "/v2/models/table/infer", `{"parameters":{"seed":3},"inputs":[{"name":"conditions","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}`).into(t, &got)
	require.Equal(t, []int{1, defaultSamples, 3}, got.Outputs[0].Shape)
}

// binaryBody asks with a binary tensor, and for binary outputs.
func binaryBody(datatype string, values ...float64) (body []byte, header int) {
	var tensor []byte
	for _, v := range values {
		if datatype == "FP32" {
			tensor = binary.LittleEndian.AppendUint32(tensor, math.Float32bits(float32(v)))
		} else {
			tensor = binary.LittleEndian.AppendUint64(tensor, math.Float64bits(v))
		}
	}
	text := fmt.Sprintf(`{"parameters":{"samples":3,"seed":7,"binary_data_output":true},"inputs":[{"name":"momenta","shape":[%d,6],"datatype":%q,"parameters":{"binary_data_size":%d}}]}`,
		len(values)/6, datatype, len(tensor))
	return append([]byte(text), tensor...), len(text)
}

// JSON and binary tensors say the same.
func TestInferBinary(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	values := []float64{1.5, -2, 3, 4, 5.25, -6, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6}
	for _, datatype := range []string{"FP64", "FP32"} {
		body, header := binaryBody(datatype, values...)
		got := c.ask("POST", inferPath, string(body), "Content-Type", kindBinary, headerSize, strconv.Itoa(header))
		require.Equal(t, http.StatusOK, got.status, "%s", got.body)
		require.Equal(t, kindBinary, got.header.Get("Content-Type"))
		length, err := strconv.Atoi(got.header.Get(headerSize))
		require.NoError(t, err)
		var a, plain inferred
		require.NoError(t, json.Unmarshal(got.body[:length], &a))
		text, err := json.Marshal(values)
		require.NoError(t, err)
		c.ask("POST", inferPath, fmt.Sprintf(`{"parameters":{"samples":3,"seed":7},"inputs":[{"name":"momenta","shape":[2,6],"datatype":%q,"data":%s}]}`, datatype, text)).into(t, &plain)
		tensors := got.body[length:]
		for _, o := range a.Outputs {
			require.LessOrEqual(t, o.Parameters.BinaryDataSize, len(tensors))
			tensor := tensors[:o.Parameters.BinaryDataSize]
			tensors = tensors[len(tensor):]
			if o.Datatype == "BOOL" {
				require.Equal(t, []byte{0, 0}, tensor)
				continue
			}
			var numbers []float64
			for ; len(tensor) > 0; tensor = tensor[8:] {
				numbers = append(numbers, math.Float64frombits(binary.LittleEndian.Uint64(tensor)))
			}
			require.Equal(t, plain.numbers(t, o.Name), numbers)
		}
		require.Empty(t, tensors)
	}
}

func TestInferRefusals(t *testing.T) {
	c := newClient(t, Config{}, "molecule", "table")
	good := inferBody(1, 2, 7)
	replaced := func(old, by string) string {
		require.Contains(t, good, old)
		return strings.Replace(good, old, by, 1)
	}
	for body, want := range map[string]string{
		"":   "ends too early",
		"{":  "ends too early",
		"[]": "the body must not be array",
		`{"inputs":[` + strings.Repeat("{},", mostObjects) + `{}]}`:    "1002 JSON objects with 1 members",
		`{"a":{` + strings.Repeat(`"b":1,`, mostMembers) + `"\"}":1}}`: "2 JSON objects with 10002 members",
		"null":      "want one input, called momenta",
		"{}":        "want one input, called momenta",
		good + "x":  "after the JSON object",
		good + good: "after the JSON object",
		replaced(`{"parameters"`, `{"parametres"`):                                                      "unknown field \"parametres\"",
		replaced(`"seed":7`, `"seed":-7`):                                                               "parameters.seed must not be number -7",
		replaced(`"seed":7`, `"seed":1e400`):                                                            "parameters.seed must not be number 1e400",
		replaced(`"seed":7`, `"zeed":7`):                                                                "unknown field \"zeed\"",
		replaced(`"samples":2`, `"samples":0`):                                                          "0 samples: want from 1",
		replaced(`"samples":2`, `"samples":-1`):                                                         "-1 samples: want from 1",
		replaced(`"samples":2`, `"samples":2.5`):                                                        "samples must not be number 2.5",
		replaced(`"samples":2`, `"samples":"2"`):                                                        "samples must not be string",
		replaced(`"name":"momenta"`, `"name":"momentum"`):                                               "want one input, called momenta",
		replaced(`"name":"momenta"`, `"name":"momenta","x":1`):                                          "unknown field \"x\"",
		replaced(`[1,6]`, `[6]`):                                                                        "has shape [6]: want [events, 6]",
		replaced(`[1,6]`, `[1,5]`):                                                                      "has shape [1 5]",
		replaced(`[1,6]`, `[0,6]`):                                                                      "has shape [0 6]",
		replaced(`[1,6]`, `[-1,6]`):                                                                     "has shape [-1 6]",
		replaced(`[1,6]`, `[2,6]`):                                                                      "6 numbers: want 2 rows of 6",
		replaced(`[1,6]`, `[9223372036854775807,6]`):                                                    "do not fill shape",
		replaced(`FP64`, `INT8`):                                                                        "datatype INT8: want FP64 or FP32",
		replaced(`FP64`, `fp64`):                                                                        "datatype fp64: want FP64 or FP32",
		replaced(oneEvent, ""):                                                                          "do not fill shape",
		replaced(oneEvent, "1,2,3,4,5"):                                                                 "5 numbers: want 1 rows of 6",
		replaced(oneEvent, oneEvent+",7"):                                                               "7 numbers: want 1 rows of 6",
		replaced(oneEvent, "[1,2,3],[4,5,6]"):                                                           "6 numbers: want 1 rows of 6",
		replaced(oneEvent, "[[1,2,3,4,5,6]]"):                                                           "want numbers, in an array",
		replaced(oneEvent, "1,[2,3,4,5,6]"):                                                             "want numbers, in an array",
		replaced(oneEvent, "[1],2,3,4,5,6"):                                                             "want numbers, in an array",
		replaced(oneEvent, `"1",2,3,4,5,6`):                                                             "want numbers, in an array",
		replaced(oneEvent, `null,2,3,4,5,6`):                                                            "want numbers, in an array",
		replaced(oneEvent, `true,2,3,4,5,6`):                                                            "want numbers, in an array",
		replaced(oneEvent, `{"a":1},2,3,4,5,6`):                                                         "want numbers, in an array",
		replaced(oneEvent, `NaN,2,3,4,5,6`):                                                             "invalid character 'N'",
		replaced(oneEvent, `1e999,2,3,4,5,6`):                                                           "1e999 is no number that a double holds",
		replaced(`"data":[`+oneEvent+`]`, `"data":null`):                                                "want data, or binary_data_size",
		replaced(`,"data":[`+oneEvent+`]`, ``):                                                          "want data, or binary_data_size",
		replaced(`"data":[`+oneEvent+`]`, `"data":1`):                                                   "1 numbers: want 1 rows of 6",
		replaced(`"data":`, `"parameters":{"binary_data_size":48},"data":`):                             "data are there twice",
		replaced(`"data":[`+oneEvent+`]`, `"parameters":{"binary_data_size":48}`):                       "binary_data_size is 48, and 0 bytes follow",
		strings.TrimSuffix(good, "}") + `,"outputs":[{"name":"mode"}]}`:                                 "output mode: want each once of",
		strings.TrimSuffix(good, "}") + `,"outputs":[{"name":"sd"},{"name":"sd"}]}`:                     "output sd: want each once of",
		strings.TrimSuffix(good, "}") + `,"model_name":"table"}`:                                        "another model",
		strings.TrimSuffix(good, "}") + `,"id":"` + strings.Repeat("x", 257) + `"}`:                     "want 256 at most",
		strings.Replace(good, `"FP64"`, `"FP32"`, 1)[:len(good)-len(oneEvent)-4] + `1e39,2,3,4,5,6]}]}`: "want a finite number",
	} {
		got := c.ask("POST", inferPath, body)
		assert.Equal(t, http.StatusBadRequest, got.status, "%s: %s", body, got.body)
		assert.Contains(t, got.problem(t), want, body)
	}
	got := c.ask("POST", "/v2/models/nobody/infer", good)
	require.Equal(t, http.StatusNotFound, got.status)
	require.Contains(t, got.problem(t), "there is no model nobody")
	require.Equal(t, http.StatusNotFound, c.ask("POST", "/v2/models/molecule/versions/1/infer", good).status)
	require.Equal(t, http.StatusNotFound, c.ask("POST", "/v2/models/..%2f..%2fetc%2fpasswd/infer", good).status)
}

func TestInferBinaryRefusals(t *testing.T) {
	c := newClient(t, Config{}, "molecule")
	body, header := binaryBody("FP64", 1, 2, 3, 4, 5, 6)
	nan, nanHeader := binaryBody("FP64", 1, 2, 3, math.NaN(), 5, 6)
	infinite, infiniteHeader := binaryBody("FP32", 1, 2, 3, math.Inf(-1), 5, 6)
	for _, of := range []struct{ header, body, want string }{
		{"", string(body), "needs the header " + headerSize},
		{"x", string(body), "want the length of the JSON"},
		{"-1", string(body), "want the length of the JSON"},
		{strconv.Itoa(len(body) + 1), string(body), "want the length of the JSON"},
		{"99999999999999999999", string(body), "want the length of the JSON"},
		{strconv.Itoa(header - 1), string(body), "ends too early"},
		{strconv.Itoa(header + 1), string(body), "something after the JSON object"},
		{strconv.Itoa(header), string(body[:len(body)-1]), "binary_data_size is 48, and 47 bytes follow"},
		{strconv.Itoa(header), string(body) + "x", "binary_data_size is 48, and 49 bytes follow"},
		{strconv.Itoa(header), strings.Replace(string(body), "[1,6]", "[2,6]", 1), "48 bytes do not fill shape [2 6]"},
		{strconv.Itoa(header), strings.Replace(string(body), "FP64", "FP32", 1), "48 bytes do not fill shape [1 6] of FP32"},
		{strconv.Itoa(nanHeader), string(nan), "row 1, column px_O is NaN: want a finite number"},
		{strconv.Itoa(infiniteHeader), string(infinite), "row 1, column px_O is -Inf: want a finite number"},
	} {
		got := c.ask("POST", inferPath, of.body, "Content-Type", kindBinary, headerSize, of.header)
		assert.Equal(t, http.StatusBadRequest, got.status, "%s", got.body)
		assert.Contains(t, got.problem(t), of.want)
	}
}

// Answers do not depend on what else is asked at the same time.
func TestInferInCompany(t *testing.T) {
	c := newClient(t, Config{BatchDraws: 64, ShareDraws: 16}, "molecule", "ensemble")
	for _, model := range []string{"molecule", "ensemble"} {
		path := "/v2/models/" + model + "/infer"
		want := make([][]byte, 20)
		for i := range want {
			want[i] = c.ask("POST", path, inferBody(1+i%3, 1+7*i, uint64(i))).body
		}
		var asking sync.WaitGroup
		for i := range want {
			asking.Add(1)
			go func() {
				defer asking.Done()
				for range 5 {
					assert.Equal(t, string(want[i]), string(c.ask("POST", path, inferBody(1+i%3, 1+7*i, uint64(i))).body))
				}
			}()
		}
		asking.Wait()
	}
}
