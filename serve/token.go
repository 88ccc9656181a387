package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// token is what clients must send; nil where nothing.
type token struct{ hash [sha256.Size]byte }

func newToken(text string) *token {
	if text == "" {
		return nil
	}
	return &token{sha256.Sum256([]byte(text))}
}

// allows compares in a time that tells nothing of the token: neither where a wrong one differs nor how long the right one is.
func (t *token) allows(r *http.Request) bool {
	if t == nil {
		return true
	}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	hash := sha256.Sum256([]byte(text))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(hash[:], t.hash[:]) == 1
}
