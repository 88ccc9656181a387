// Command frames draws docs/images/frames.svg: one bent OCS molecule and the momenta of its explosion in each frame.
//
//	go run ./docs/images/frames > docs/images/frames.svg
package main

import (
	"fmt"
	"log"
	"math"
	"os"
	"strings"

	"github.com/gocei/gocei/explosion"
)

// One event in the plane of the paper: OCS bent to 125° with all atoms twice ionised and at rest, and the momenta that
// follow, in atomic units. It lies somewhere in the laboratory.
var (
	atoms     = []string{"C", "O", "S"}
	positions = laboratory([]float64{0, 0, 0, -1.319, 1.884, 0, 3.1, 0, 0}, 2.8, 1.2)
	momenta   = laboratory([]float64{-96.8, -249.5, 0, -188.6, 231.2, 0, 285.4, 18.3, 0}, 0, 0)
)

// laboratory turns vectors by 35° and moves them.
func laboratory(flat []float64, x, y float64) []float64 {
	sin, cos := math.Sincos(35 * math.Pi / 180)
	for i := 0; i < len(flat); i += 3 {
		flat[i], flat[i+1] = cos*flat[i]-sin*flat[i+1]+x, sin*flat[i]+cos*flat[i+1]+y
	}
	return flat
}

// The size of the picture and its parts, in pixels.
const (
	rowNames                = 80 // left of the panels
	panelWidth, panelHeight = 235, 445
	bohr                    = 27.0  // a Bohr radius
	atomicMomentum          = 0.235 // a unit of momentum
)

func main() {
	var svg strings.Builder
	svg.WriteString(head())
	for i, kind := range explosion.FrameKinds() {
		panel, err := draw(kind)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Fprintf(&svg, "<g transform=\"translate(%d 0)\">\n%s</g>\n", rowNames+i*panelWidth, panel)
	}
	svg.WriteString("</svg>\n")
	if _, err := os.Stdout.WriteString(svg.String()); err != nil {
		log.Fatal(err)
	}
}

func head() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="Helvetica, Arial, sans-serif" font-size="13">
<title>OCS and the momenta of its explosion in the frames as-is, body, recoil and internal</title>
<defs>
%s<marker id="tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 1 L10 5 L0 9 z" fill="#999"/></marker>
</defs>
<rect width="100%%" height="100%%" fill="white"/>
<text x="14" y="155">positions</text>
<text x="14" y="350">momenta</text>
`, rowNames+4*panelWidth, panelHeight, tips())
}

var colour = map[string]string{"C": "#444444", "O": "#c8321e", "S": "#b8860b"}

func tips() (markers string) {
	for _, atom := range atoms {
		markers += fmt.Sprintf(`<marker id="tip%s" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" markerHeight="11" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="%s"/></marker>`+"\n", atom, colour[atom])
	}
	return markers
}

// caption says what a frame does to positions and to momenta.
var caption = map[explosion.FrameKind][2]string{
	explosion.FrameAsIs:     {"as in the table", "as in the table"},
	explosion.FrameBody:     {"S on +x, O at y > 0", "S on +x, O at y > 0"},
	explosion.FrameRecoil:   {"turned as the momenta", "S on +x, O at y > 0"},
	explosion.FrameInternal: {"lengths and angle", "S on +x, O at y > 0"},
}

func draw(kind explosion.FrameKind) (string, error) {
	frame, err := explosion.FrameOptions{Reference: positions}.NewFrame(kind, atoms)
	if err != nil {
		return "", err
	}
	coordinates, _, err := frame.Positions(nil, positions, momenta)
	if err != nil {
		return "", err
	}
	cartesian, err := frame.Cartesian(nil, coordinates)
	if err != nil {
		return "", err
	}
	turned, _, err := frame.Momenta(nil, momenta)
	if err != nil {
		return "", err
	}
	var p panel
	p.text(panelWidth/2, 28, "middle", `font-size="17" font-weight="bold"`, string(kind))
	p.text(panelWidth/2, 50, "middle", `fill="#666"`, caption[kind][0])
	p.text(panelWidth/2, 435, "middle", `fill="#666"`, caption[kind][1])
	centre := point{panelWidth/2 + 10, 150}
	if kind == explosion.FrameAsIs {
		centre = point{50, 195}
	}
	if kind != explosion.FrameInternal {
		p.axes(centre, 82, 70)
	}
	p.molecule(centre, cartesian)
	if kind == explosion.FrameInternal {
		p.measures(centre, cartesian)
	}
	p.axes(point{panelWidth / 2, 330}, 85, 75)
	p.arrows(point{panelWidth / 2, 330}, turned)
	return p.String(), nil
}

type point struct{ x, y float64 }

// panel collects the elements of one frame's drawing.
type panel struct{ strings.Builder }

func (p *panel) text(x, y float64, anchor, style, words string) {
	fmt.Fprintf(p, `<text x="%.1f" y="%.1f" text-anchor="%s" %s>%s</text>`+"\n", x, y, anchor, style, strings.ReplaceAll(strings.ReplaceAll(words, "<", "&lt;"), ">", "&gt;"))
}

func (p *panel) line(a, b point, style string) {
	fmt.Fprintf(p, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" %s/>`+"\n", a.x, a.y, b.x, b.y, style)
}

func (p *panel) axes(o point, right, up float64) {
	const style = `stroke="#999" stroke-width="1" marker-end="url(#tip)"`
	p.line(point{o.x - 25, o.y}, point{o.x + right, o.y}, style)
	p.line(point{o.x, o.y + 25}, point{o.x, o.y - up}, style)
	p.text(o.x+right+3, o.y+4, "start", `fill="#888" font-style="italic"`, "x")
	p.text(o.x-4, o.y-up+2, "end", `fill="#888" font-style="italic"`, "y")
}

// at returns where a vector of an event is on the paper.
func at(o point, event []float64, atom int, scale float64) point {
	return point{o.x + scale*event[3*atom], o.y - scale*event[3*atom+1]}
}

func (p *panel) molecule(o point, event []float64) {
	for _, atom := range []int{1, 2} {
		p.line(at(o, event, 0, bohr), at(o, event, atom, bohr), `stroke="#444" stroke-width="4"`)
	}
	for atom, label := range atoms {
		a := at(o, event, atom, bohr)
		fmt.Fprintf(p, `<circle cx="%.1f" cy="%.1f" r="13" fill="%s"/>`+"\n", a.x, a.y, colour[label])
		p.text(a.x, a.y+5, "middle", `fill="white" font-weight="bold"`, label)
	}
}

func (p *panel) arrows(o point, event []float64) {
	for atom, label := range atoms {
		end := at(o, event, atom, atomicMomentum)
		p.line(o, end, fmt.Sprintf(`stroke="%s" stroke-width="3" marker-end="url(#tip%s)"`, colour[label], label))
		length := math.Hypot(end.x-o.x, end.y-o.y)
		x, y := end.x+13*(end.x-o.x)/length, end.y+13*(end.y-o.y)/length
		if label == "S" { // beside the label of the axis
			x, y = end.x-6, end.y+20
		}
		p.text(x, y+4, "middle", fmt.Sprintf(`fill="%s" font-weight="bold"`, colour[label]), label)
	}
}

// measures writes the internal coordinates beside the bonds and into the angle.
func (p *panel) measures(o point, event []float64) {
	c, oxygen, s := at(o, event, 0, bohr), at(o, event, 1, bohr), at(o, event, 2, bohr)
	const style = `font-style="italic" font-size="14"`
	p.text((c.x+oxygen.x)/2-16, (c.y+oxygen.y)/2+16, "end", style, "r_CO")
	p.text((c.x+s.x)/2, (c.y+s.y)/2+26, "middle", style, "r_CS")
	from, to := math.Atan2(oxygen.y-c.y, oxygen.x-c.x), math.Atan2(s.y-c.y, s.x-c.x)
	const radius = 28
	fmt.Fprintf(p, `<path d="M%.1f %.1f A%d %d 0 0 1 %.1f %.1f" fill="none" stroke="#2a6fb0" stroke-width="2"/>`+"\n",
		c.x+radius*math.Cos(from), c.y+radius*math.Sin(from), radius, radius, c.x+radius*math.Cos(to), c.y+radius*math.Sin(to))
	p.text(c.x+14, c.y-38, "middle", `fill="#2a6fb0" `+style, "angle_OCS")
}
