package excerpt_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gocei/gocei/internal/excerpt"
)

func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		"px_C":                  "px_C",
		"":                      `""`,
		"a b":                   `"a b"`,
		`"`:                     `"\""`,
		"\x89PNG":               `"\x89PNG"`,
		"µ":                     `"µ"`,
		strings.Repeat("z", 40): strings.Repeat("z", 40),
		strings.Repeat("z", 41): strings.Repeat("z", 40) + "…",
	} {
		assert.Equal(t, want, excerpt.Of(text))
	}
}

func TestList(t *testing.T) {
	assert.Equal(t, `px_C, "a b"`, excerpt.List([]string{"px_C", "a b"}))
	long := excerpt.List(make([]string, 1000))
	assert.True(t, strings.HasSuffix(long, " and 960 more"), long)
	assert.Less(t, len(long), 300)
}
