package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hostile = `</script><b>bold</b><img src=x onerror=alert(1)>"'&`

// hostilePage has a hostile text wherever a page has one.
func hostilePage(t *testing.T) *page {
	t.Helper()
	scene, err := json.Marshal(scene{Atoms: []sceneAtom{{hostile, "#000000"}}, Examples: []sceneExample{{hostile, nil, []float64{0, 0, 0}}}})
	require.NoError(t, err)
	tab := pageTable{Caption: hostile, Head: []string{hostile}, Rows: [][]string{{hostile, hostile}}, Note: hostile}
	figure := pageFigure{Name: "f", Title: hostile, Caption: hostile, Markup: (&Picture{Title: hostile, PNG: []byte("png")}).markup()}
	return &page{
		Title: hostile, Subtitle: hostile, Lead: []Fact{{hostile, hostile}}, Verdict: Verdict{Word: hostile, Sentences: []string{hostile}},
		Keys: []keyFigure{{hostile, hostile, hostile, hostile}}, Scene: scene, Atoms: []sceneAtom{{hostile, "#000000"}},
		Examples:  []pageExample{{Name: "e", Title: hostile, Text: hostile, Table: tab, Corner: &figure}},
		Sections:  []section{{ID: "s", Title: hostile, Intro: hostile, Tables: []pageTable{tab}, Figures: []pageFigure{figure}, Details: []detail{{hostile, hostile}}}},
		Omissions: []Omission{{hostile, hostile}}, Program: hostile,
	}
}

func TestPageEscapesEverything(t *testing.T) {
	text, err := hostilePage(t).html()
	require.NoError(t, err)
	assert.NotContains(t, string(text), "<b>bold")
	assert.NotContains(t, string(text), "<img src=x")
	assert.Equal(t, 2, strings.Count(string(text), "</script>"), "the scene's and the script's own")
	assert.Greater(t, strings.Count(html.UnescapeString(string(text)), hostile), 20)
}

// The policy lets the page's own script run, by its very text, and nothing else.
func TestPagePolicy(t *testing.T) {
	text, err := hostilePage(t).html()
	require.NoError(t, err)
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindSubmatch(text)
	require.NotNil(t, policy)
	directives := html.UnescapeString(string(policy[1]))
	assert.Contains(t, directives, "default-src 'none';")
	assert.NotContains(t, directives, "http")
	script := regexp.MustCompile(`(?s)<script>(.*)</script>`).FindSubmatch(text)
	require.NotNil(t, script)
	sum := sha256.Sum256(script[1])
	assert.Contains(t, directives, "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';")
}

// Nothing is fetched: the only addresses are names of XML's, and within the page.
func TestPageNamesNothingOutside(t *testing.T) {
	text, err := hostilePage(t).html()
	require.NoError(t, err)
	for _, found := range regexp.MustCompile(`(?:src|href|url|import)\s*[=(]\s*["']?([^"'\s>)]*)`).FindAllSubmatch(text, -1) {
		if target := string(found[1]); !strings.HasPrefix(target, "x") { // the hostile text's own, escaped
			assert.Regexp(t, `^(#|data:)`, target, string(found[0]))
		}
	}
}

// A page without scene, examples and figures is a page too.
func TestSparsePage(t *testing.T) {
	text, err := (&page{Title: "CVAE", Verdict: Verdict{Word: "Not judged"}}).html()
	require.NoError(t, err)
	assert.NotContains(t, string(text), "<canvas")
	assert.NotContains(t, string(text), "ZgotmplZ")
	assert.Contains(t, string(text), "Not judged")
}
