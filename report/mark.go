package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mark is a word at a place in a panel.
type mark struct {
	x, y   float64
	xAlign text.XAlignment
	yAlign text.YAlignment
	word   string
}

// Plot draws the word.
func (m mark) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := words(textSize, color.Black)
	style.XAlign, style.YAlign = m.xAlign, m.yAlign
	onWhite(c, style, vg.Point{X: x(m.x), Y: y(m.y)}, m.word)
}

// onWhite writes on a white ground, which breaks lines that would run through the words.
func onWhite(c draw.Canvas, style text.Style, at vg.Point, words string) {
	ground := style.Rectangle(words).Add(at)
	c.SetColor(color.NRGBA{R: 255, G: 255, B: 255, A: 200})
	c.Fill(ground.Path())
	c.FillText(style, at, words)
}
