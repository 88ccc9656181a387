package report

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mostInline is the size of an SVG above which its PNG goes into the page instead: no reader sees the difference, and
// browsers draw it at once.
const mostInline = 400 << 10

// markup returns a picture as it stands in the page.
func (p *Picture) markup() template.HTML {
	if len(p.SVG) <= mostInline {
		if text, err := inlineSVG(p.SVG, p.Title); err == nil {
			return text
		}
	}
	return template.HTML(fmt.Sprintf(`<img alt="%s" src="data:image/png;base64,%s">`, html.EscapeString(p.Title), base64.StdEncoding.EncodeToString(p.PNG)))
}

var svgStart = regexp.MustCompile(`<svg width="([0-9.]+)pt" height="[0-9.]+pt"`)

// inlineSVG returns an SVG picture without its prologue, named for those who cannot see it, as wide as there is room and
// not wider than it was drawn. It refuses pictures with anything in them that could act or refer to anything outside.
func inlineSVG(svg []byte, title string) (template.HTML, error) {
	if err := checkSVG(svg); err != nil {
		return "", err
	}
	start := svgStart.FindSubmatchIndex(svg)
	if start == nil {
		return "", errors.New("report: inline picture: it does not begin as SVG pictures of this package do")
	}
	width := svg[start[2]:start[3]]
	opening := fmt.Sprintf(`<svg role="img" aria-label="%s" style="width:%spt"`, html.EscapeString(title), width)
	return template.HTML(opening + string(svg[start[1]:])), nil
}

// isWide reports whether a picture wants the page's whole width.
func isWide(svg []byte) bool {
	found := svgStart.FindSubmatch(svg)
	if found == nil {
		return false
	}
	points, err := strconv.ParseFloat(string(found[1]), 64)
	return err == nil && points > 480
}

var (
	plainElements   = []string{"svg", "g", "path", "text", "tspan", "defs", "rect", "circle", "ellipse", "line", "polyline", "polygon", "clipPath", "image", "title", "desc"}
	plainAttributes = []string{
		"width", "height", "viewBox", "xmlns", "xlink", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "points",
		"style", "id", "clip-path", "clip-rule", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
		"stroke-linecap", "stroke-linejoin", "opacity", "text-anchor", "preserveAspectRatio", "href", "space",
	}
)

func checkSVG(svg []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("report: inline picture: %w", err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(plainElements, element.Name.Local) {
			return fmt.Errorf("report: inline picture: element %q is not a plain one", element.Name.Local)
		}
		for _, a := range element.Attr {
			if !isPlain(a) {
				return fmt.Errorf("report: inline picture: attribute %s=%.40q is not a plain one", a.Name.Local, a.Value)
			}
		}
	}
}

func isPlain(a xml.Attr) bool {
	if !slices.Contains(plainAttributes, a.Name.Local) {
		return false
	}
	if a.Name.Local == "href" {
		return strings.HasPrefix(a.Value, "#") || strings.HasPrefix(a.Value, "data:image/png;base64,")
	}
	return !strings.Contains(a.Value, "url(") || strings.Contains(a.Value, "url(#")
}
