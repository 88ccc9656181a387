package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// route is something that can be asked for.
type route struct {
	method, path string // as http.ServeMux takes them
	open         bool   // asks for no token
	quiet        bool   // asked for by machines all the time: the log tells of failures alone
	handle       func(v *visit, w http.ResponseWriter, r *http.Request)
}

// mux has every route, and answers in JSON whatever is none.
func (s *Server) mux(routes []route) *http.ServeMux {
	mux := http.NewServeMux()
	methods := map[string][]string{}
	for _, r := range routes {
		mux.Handle(r.method+" "+r.path, s.wrap(r))
		methods[r.path] = append(methods[r.path], r.method)
		if r.method == http.MethodGet {
			methods[r.path] = append(methods[r.path], http.MethodHead)
		}
	}
	for path, known := range methods {
		slices.Sort(known)
		allow := strings.Join(known, ", ")
		mux.Handle(path, s.wrap(route{path: path, open: true, handle: func(v *visit, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", allow)
			v.fail(w, failf(http.StatusMethodNotAllowed, "this path is for %s", allow))
		}}))
	}
	for _, path := range []string{"/v1/", "/v2/"} {
		mux.Handle(path, s.wrap(route{path: path, open: true, handle: nothingHere}))
	}
	mux.Handle("/", s.wrap(route{path: "/", open: true, handle: servePage(pageHandler())}))
	return mux
}

func nothingHere(v *visit, w http.ResponseWriter, _ *http.Request) {
	v.fail(w, failf(http.StatusNotFound, "there is nothing here: /openapi.yaml describes what there is"))
}

// wrap does what all routes have in common: the request's id and time, its token, its line in the log, and its end where
// the handler panics.
func (s *Server) wrap(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, cancel := context.WithTimeout(req.Context(), s.config.Timeout)
		defer cancel()
		v := &visit{server: s, ctx: ctx, id: requestID(req), began: time.Now()}
		defer func() {
			took := time.Since(v.began)
			s.metrics.request(r.path, v.status, took)
			v.note(r, req, took)
		}()
		defer func() {
			if p := recover(); p != nil {
				s.config.Log.Error("panic", "id", v.id, "route", r.path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				v.fail(w, errInternal)
			}
		}()
		h := w.Header()
		h["X-Request-Id"] = []string{v.id}
		h["X-Content-Type-Options"] = []string{"nosniff"}
		if !r.open && !s.token.allows(req) {
			v.fail(w, errToken)
			return
		}
		r.handle(v, w, req)
	})
}

var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the client's, if it is one that may stand in a log, or else a new one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); id != "" && goodID.MatchString(id) {
		return id
	}
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
