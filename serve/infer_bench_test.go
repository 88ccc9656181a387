package serve

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkInfer is what a request of 100 draws costs beside its model, which is tiny here.
func BenchmarkInfer(b *testing.B) {
	for name, path := range map[string]string{"cinn": inferPath, "retrieve": retrievePath} {
		for _, binary := range []bool{false, true} {
			body := strings.TrimSuffix(inferBody(1, 100, 7), "}") + `,"outputs":[{"name":"draws","parameters":{"binary_data":` + strconv.FormatBool(binary) + `}}]}`
			if path == retrievePath {
				if binary {
					continue
				}
				body = `{"momenta":` + byAtom + `,"samples":100,"seed":7}`
			}
			b.Run(name+"/binary="+strconv.FormatBool(binary), func(b *testing.B) {
				c := newClient(b, Config{Workers: 1}, "molecule")
				b.ReportAllocs()
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						w := httptest.NewRecorder()
						c.server.Handler().ServeHTTP(w, request("POST", path, body))
						if w.Code != http.StatusOK {
							b.Error(w.Body)
						}
					}
				})
			})
		}
	}
}
