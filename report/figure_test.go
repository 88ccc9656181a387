package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gocei/gocei/dataset"
)

// mostSVG is the size beyond which a page of several figures gets slow.
const mostSVG = 200_000

// drawn checks that a figure decodes in both formats, is small, has words of its own, and returns those in the picture.
func drawn(t *testing.T, f *Figure, err error) (words string) {
	t.Helper()
	require.NoError(t, err)
	assert.NotEmpty(t, f.Name)
	assert.NotEmpty(t, f.Title)
	assert.NotEmpty(t, f.Caption)
	picture, err := f.PNG()
	require.NoError(t, err)
	decoded, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	assert.Greater(t, decoded.Bounds().Dx(), 400)
	assert.Greater(t, decoded.Bounds().Dy(), 150)
	text, err := f.SVG()
	require.NoError(t, err)
	assert.Less(t, len(text), mostSVG)
	assert.NotContains(t, string(text), "NaN")
	assert.NotContains(t, string(text), "Inf")
	assert.NotContains(t, string(text), "image/jpg")
	return textOf(t, text)
}

// textOf returns the words in an SVG, which has to be well-formed XML.
func textOf(t *testing.T, text []byte) string {
	t.Helper()
	var words strings.Builder
	root := ""
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			if root == "" {
				root = token.Name.Local
			}
		case xml.CharData:
			words.Write(token)
		}
	}
	assert.Equal(t, "svg", root)
	return words.String()
}

func table(columns int, data ...float64) dataset.Matrix {
	return dataset.Matrix{Rows: len(data) / columns, Cols: columns, Data: data}
}

func TestWrite(t *testing.T) {
	f, err := EnergyRelease([]float64{1, 2, 3}, []float64{2, 3})
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "figures")
	require.NoError(t, f.Write(dir))
	decodePNG(t, filepath.Join(dir, "energy_release.png"))
	assert.Contains(t, wordsOfSVG(t, filepath.Join(dir, "energy_release.svg")), "kinetic energy release (eV)")

	require.NoError(t, os.Mkdir(filepath.Join(dir, "taken.svg"), 0o700))
	f.Name = "taken"
	assert.ErrorContains(t, f.Write(dir), "taken.svg")
}

// A figure is the same however often it is drawn: pages and files agree.
func TestDrawnTwiceTheSame(t *testing.T) {
	f, err := Corner(cornerColumns(3), bananas(500, 3), nil)
	require.NoError(t, err)
	first, err := f.SVG()
	require.NoError(t, err)
	_, err = f.PNG()
	require.NoError(t, err)
	second, err := f.SVG()
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))

	again, err := Corner(cornerColumns(3), bananas(500, 3), nil)
	require.NoError(t, err)
	third, err := again.SVG()
	require.NoError(t, err)
	assert.Equal(t, string(first), string(third))
}

// SVG names fonts of the same widths for readers who lack the first, and lets pictures fill their places.
func TestSVGIsMended(t *testing.T) {
	f, err := Newton([]string{"C", "O", "S"}, explosions(300), 1)
	require.NoError(t, err)
	text, err := f.SVG()
	require.NoError(t, err)
	assert.Contains(t, string(text), "'Liberation Sans',Arial")
	assert.Contains(t, string(text), `preserveAspectRatio="none"`)
	assert.Contains(t, string(text), "data:image/png;base64,")
	assert.Contains(t, textOf(t, text), "px / |p(O)|")
}
