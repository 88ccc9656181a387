package report

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotter"
)

// ramp is a scale of colours from light to dark, of which the first is transparent. Its lightness falls evenly, so that
// it reads the same in grey and to the colour-blind.
var ramp = newRamp(64)

func newRamp(n int) color.Palette {
	controls := []color.Color{color.RGBA{R: 22, G: 18, B: 64, A: 255}, color.RGBA{R: 0, G: 84, B: 150, A: 255}, color.RGBA{R: 62, G: 160, B: 200, A: 255}, color.RGBA{R: 222, G: 240, B: 232, A: 255}}
	colours, err := moreland.NewLuminance(controls)
	if err != nil {
		panic(err) // the controls are not in order: seen by any test
	}
	colours.SetMax(1)
	all := color.Palette{color.RGBA{}}
	for i := range n {
		c, err := colours.At(1 - float64(i)/float64(n-1))
		if err != nil {
			panic(err)
		}
		all = append(all, color.RGBAModel.Convert(c))
	}
	return all
}

// shade returns the index into the ramp of a count on a logarithmic scale from 1 to most.
func shade(count, most float64) uint8 {
	if count <= 0 {
		return 0
	}
	share := 1.0
	if most > 1 {
		share = min(max(math.Log(count)/math.Log(most), 0), 1)
	}
	return uint8(1 + math.Round(share*float64(len(ramp)-2)))
}

// dotsPerCell keeps cells sharp where viewers smooth pictures.
const dotsPerCell = 4

// heat returns the cells as a picture. It is one picture, not a shape each, since many shapes would be a large SVG with
// seams.
func (d *density) heat() *plotter.Image {
	side, most := d.n*dotsPerCell, d.most()
	picture := image.NewPaletted(image.Rect(0, 0, side, side), ramp)
	for row := range side {
		for column := range side {
			count := d.value(column/dotsPerCell, d.n-1-row/dotsPerCell)
			picture.SetColorIndex(column, row, shade(count, most))
		}
	}
	return plotter.NewImage(picture, d.x.low, d.y.low, d.x.high, d.y.high)
}

// rampPicture returns the colours from the bottom to the top.
func rampPicture() image.Image {
	colours := len(ramp) - 1 // the first is transparent
	picture := image.NewPaletted(image.Rect(0, 0, dotsPerCell, dotsPerCell*colours), ramp)
	for i := range picture.Pix {
		picture.Pix[i] = uint8(colours - i/picture.Stride/dotsPerCell)
	}
	return picture
}
