package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageScript string
	//go:embed view3d.js
	viewScript string

	pageTemplate = template.Must(template.New("page").Parse(pageHTML))
)

// page is what the template shows.
type page struct {
	Title, Subtitle string
	Lead            []Fact // in the header
	Verdict         Verdict
	Keys            []keyFigure
	Scene           json.RawMessage // nil without a view of geometries
	Atoms           []sceneAtom
	Examples        []pageExample
	ExamplesTitle   string
	Sections        []section
	Omissions       []Omission
	Program         string
}

// keyFigure is a number that stands out.
type keyFigure struct{ Name, Value, Unit, Note string }

// section is a part of the page below its own heading.
type section struct {
	ID, Title, Intro string
	Tables           []pageTable
	Figures          []pageFigure
	Details          []detail
}

// detail is a long text that is folded away.
type detail struct{ Title, Text string }

type pageFigure struct {
	Name, Title, Caption string
	Markup               template.HTML
	Wide                 bool // it needs the whole width
}

type pageExample struct {
	Name, Title, Text string
	Table             pageTable
	Corner            *pageFigure
}

// HTML returns the page: one file that loads nothing and runs nothing but the scripts in it.
func (r *Report) HTML() ([]byte, error) { return r.page.html() }

func (p *page) html() ([]byte, error) {
	script := "\"use strict\";\n" + viewScript + pageScript
	sum := sha256.Sum256([]byte(script))
	policy := fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, map[string]any{
		"Page": p, "Policy": policy, "Generator": template.HTML(generator), "CSS": template.CSS(pageCSS), "Script": template.JS(script),
	})
	if err != nil {
		return nil, fmt.Errorf("report: write page: %w", err)
	}
	return b.Bytes(), nil
}
