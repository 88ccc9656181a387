package serve

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

// pageHandler serves the files in serve/page, index.html at /.
func pageHandler() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return http.NotFoundHandler() // the folder is embedded
	}
	return http.FileServerFS(files)
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
