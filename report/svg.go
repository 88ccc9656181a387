package report

import "regexp"

// svgFaults finds what is amiss in gonum's SVG: pictures that keep their shape instead of filling their place, PNG called
// JPEG, and a font for which a reader's machine may have none of the same widths.
var svgFaults = regexp.MustCompile(`<image |data:image/jpg;|font-family:Liberation Sans;`)

// mended is what stands in place of each fault.
var mended = map[string]string{
	`<image `:                      `<image preserveAspectRatio="none" `,
	`data:image/jpg;`:              `data:image/png;`,
	`font-family:Liberation Sans;`: `font-family:'Liberation Sans',Arial,Helvetica,sans-serif;`,
}

func mendSVG(text []byte) []byte {
	return svgFaults.ReplaceAllFunc(text, func(fault []byte) []byte { return []byte(mended[string(fault)]) })
}
