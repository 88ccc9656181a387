package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const plainSVG = `<?xml version="1.0"?><!-- c --><svg width="400pt" height="300pt" viewBox="0 0 400 300"
 xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><g><path d="M0,0" style="fill:#FFF"/>CONTENT</g></svg>`

func TestInlineSVG(t *testing.T) {
	text, err := inlineSVG([]byte(plainSVG), `a "title" <b>`)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), `<svg role="img" aria-label="a &#34;title&#34; &lt;b&gt;" style="width:400pt" viewBox="0 0 400 300"`), text)
	assert.NotContains(t, text, "<?xml")
}

// A picture that could act is not inlined; its PNG cannot act.
func TestInlineSVGRefusesWhatActs(t *testing.T) {
	for _, content := range []string{
		`<script>alert(1)</script>`, `<path onclick="alert(1)"/>`, `<image xlink:href="https://example.org/a.png"/>`, `<a href="#x"/>`,
		`<foreignObject/>`, `<style>@import "x"</style>`, `<path style="fill:url(https://example.org)"/>`, `<image href="data:image/svg+xml;base64,AA"/>`, `<g>`,
	} {
		svg := []byte(strings.Replace(plainSVG, "CONTENT", content, 1))
		_, err := inlineSVG(svg, "t")
		assert.ErrorContains(t, err, "report: inline picture: ", content)
		p := &Picture{Title: "t", SVG: svg, PNG: []byte("png")}
		assert.Equal(t, `<img alt="t" src="data:image/png;base64,cG5n">`, string(p.markup()))
	}
	_, err := inlineSVG([]byte("<svg></svg>"), "t")
	assert.ErrorContains(t, err, "does not begin")
}

func TestWidePictures(t *testing.T) {
	assert.False(t, isWide([]byte(plainSVG)))
	assert.True(t, isWide([]byte(strings.Replace(plainSVG, `width="400pt"`, `width="600pt"`, 1))))
}
