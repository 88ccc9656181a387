package serve

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// pagePolicy lets the page take what it is made of from this server, ask it, and nothing else: text that got into the page
// as markup could neither run nor send anything anywhere.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pageHandler serves the files in serve/page, index.html at /.
func pageHandler() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return http.NotFoundHandler() // the folder is embedded
	}
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache") // the next release has other files under the same names
		serve.ServeHTTP(w, r)
	})
}

// servePage answers what is no other route.
func servePage(files http.Handler) func(*visit, http.ResponseWriter, *http.Request) {
	serve := plain(files)
	return func(v *visit, w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			v.fail(w, failf(http.StatusMethodNotAllowed, "this path is for GET, HEAD"))
			return
		}
		serve(v, w, r)
	}
}
