package demo

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// canvas is a picture with the few shapes that the demo's attachments need.
type canvas struct{ *image.RGBA }

func newCanvas(w, h int, back color.Color) canvas {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Bounds(), image.NewUniform(back), image.Point{}, draw.Src)
	return canvas{m}
}

// rect fills a rectangle of width w and height h with its upper left corner at x, y.
func (c canvas) rect(x, y, w, h int, col color.Color) {
	draw.Draw(c, image.Rect(x, y, x+w, y+h), image.NewUniform(col), image.Point{}, draw.Src)
}

// ellipse fills an ellipse with centre x, y and radii rx, ry, but draws no pixel above the row top.
func (c canvas) ellipse(x, y, rx, ry, top int, col color.Color) {
	for py := max(y-ry, top); py <= y+ry; py++ {
		half := float64(rx) * math.Sqrt(max(0, 1-math.Pow(float64(py-y)/float64(ry), 2)))
		c.rect(x-int(half), py, 2*int(half)+1, 1, col)
	}
}

// ring draws an ellipse's border, thick pixels wide.
func (c canvas) ring(x, y, r, thick int, col, inside color.Color) {
	c.ellipse(x, y, r, r, 0, col)
	c.ellipse(x, y, r-thick, r-thick, 0, inside)
}

// crack draws a dark zigzag downwards from x, y; n bends it.
func (c canvas) crack(x, y, length, n int) {
	for i := range length {
		if (i/9+n)%2 == 0 {
			x++
		} else if (i+n)%3 != 0 {
			x--
		}
		c.rect(x, y+i, 3, 1, color.RGBA{40, 34, 30, 255})
	}
}

// tone picks the n-th of the shop's glaze colours, lighter by light.
func tone(n int, light uint8) color.RGBA {
	base := [...]color.RGBA{
		{126, 143, 150, 255}, {196, 188, 172, 255}, {92, 112, 100, 255},
		{158, 120, 92, 255}, {86, 96, 124, 255}, {150, 104, 104, 255},
	}[n%6]
	return color.RGBA{base.R + light, base.G + light, base.B + light, 255}
}

// photo draws in turn a chipped tea cup, a crushed parcel and a cracked plate on a table.
func photo(n int) image.Image {
	c := newCanvas(640, 480, tone(n/3+1, 50))
	c.rect(0, 330, 640, 150, color.RGBA{150, 116, 84, 255})
	for i := range 6 {
		c.rect(0, 350+i*24, 640, 1, color.RGBA{132, 100, 70, 255})
	}
	shift := n * 37 % 90
	switch n % 3 {
	case 0:
		cup(c, 230+shift, n)
	case 1:
		parcel(c, 150+shift, n)
	default:
		plate(c, 270+shift, n)
	}
	return c
}

func cup(c canvas, x, n int) {
	c.ellipse(x+60, 392, 130, 18, 0, color.RGBA{112, 84, 60, 255})
	c.ring(x+150, 290, 46, 14, tone(n, 0), tone(n/3+1, 50))
	c.ellipse(x+60, 240, 110, 150, 240, tone(n, 0))
	c.ellipse(x+60, 240, 110, 24, 0, tone(n, 40))
	c.ellipse(x+60, 244, 96, 17, 0, color.RGBA{136, 84, 40, 255})
	c.ellipse(x-34+n%5*30, 259, 9, 8, 0, color.RGBA{236, 230, 220, 255})
	c.crack(x-20+n%5*30, 262, 46+n%40, n)
}

func parcel(c canvas, x, n int) {
	brown, tape := color.RGBA{188, 150, 104, 255}, color.RGBA{222, 204, 164, 255}
	c.rect(x, 170, 320, 230, brown)
	c.rect(x, 170, 320, 26, color.RGBA{206, 170, 124, 255})
	c.rect(x+146, 170, 28, 230, tape)
	c.rect(x+30, 280, 96, 70, color.RGBA{244, 244, 240, 255})
	for i := range 4 {
		c.rect(x+40, 292+i*13, 40+(n*13+i*29)%40, 4, color.RGBA{90, 90, 90, 255})
	}
	for i := range 60 + n%30 {
		c.rect(x+320-i, 170, 1, 74-i*3/4, color.RGBA{150, 116, 78, 255})
	}
	c.crack(x+220+n%40, 250, 120, n)
}

func plate(c canvas, x, n int) {
	c.ellipse(x, 300, 190, 120, 0, tone(n, 0))
	c.ellipse(x, 294, 182, 112, 0, tone(n, 45))
	c.ellipse(x, 298, 120, 70, 0, tone(n, 28))
	c.crack(x-40+n%70, 196, 200, n)
	c.crack(x-41+n%70, 240, 90, n+1)
}

// receipt draws a paper slip with lines, a total and a stamp.
func receipt(n int) image.Image {
	ink := color.RGBA{70, 70, 74, 255}
	c := newCanvas(420, 600, color.RGBA{214, 208, 198, 255})
	c.rect(50, 30, 320, 540, color.RGBA{252, 251, 246, 255})
	c.rect(150, 56, 120, 18, ink)
	for i := range 5 + n%5 {
		y := 120 + i*34
		c.rect(76, y, 90+(n*31+i*47)%90, 9, ink)
		c.rect(300, y, 44, 9, ink)
	}
	c.rect(76, 470, 268, 2, ink)
	c.rect(76, 490, 70, 14, ink)
	c.rect(250+n%30, 490, 94-n%30, 14, ink)
	c.ring(120, 530, 30, 4, color.RGBA{186, 52, 44, 255}, color.RGBA{252, 251, 246, 255})
	c.rect(102, 527, 36, 6, color.RGBA{186, 52, 44, 255})
	return c
}

// screenshot draws a browser window with a page and an error box.
func screenshot(n int) image.Image {
	grey, line := color.RGBA{226, 228, 232, 255}, color.RGBA{188, 192, 198, 255}
	c := newCanvas(800, 500, color.White)
	c.rect(0, 0, 800, 44, grey)
	for i, col := range []color.RGBA{{236, 106, 94, 255}, {244, 190, 79, 255}, {97, 197, 84, 255}} {
		c.ellipse(24+i*24, 22, 8, 8, 0, col)
	}
	c.rect(120, 10, 560, 24, color.White)
	c.rect(132, 19, 150+n*23%200, 6, line)
	c.rect(40, 76, 180, 22, tone(n, 0))
	for i := range 3 {
		c.rect(40+i*245, 130, 225, 180, tone(n+i+1, 40))
		c.rect(40+i*245, 324, 120+(n*17+i*41)%90, 10, line)
	}
	c.rect(190, 190, 420, 160, line)
	c.rect(192, 192, 416, 156, color.White)
	c.ring(236, 240, 20, 4, color.RGBA{206, 60, 52, 255}, color.White)
	c.rect(234, 228, 5, 16, color.RGBA{206, 60, 52, 255})
	c.rect(234, 248, 5, 5, color.RGBA{206, 60, 52, 255})
	for i := range 3 {
		c.rect(276, 228+i*20, 160+(n*53+i*67)%130, 8, color.RGBA{96, 100, 106, 255})
	}
	c.rect(500, 306, 84, 26, tone(n, 0))
	return c
}
