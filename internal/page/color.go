package page

import (
	"fmt"
	"math"
	"strconv"

	"portway/internal/account"
)

// rgb is a color, each part from 0 to 1.
type rgb [3]float64

// The grounds on which the style sheet sets buttons and links: the darker one of the light theme, and the lighter one of the
// dark theme.
var (
	lightGround = rgb{0xf3 / 255.0, 0xf6 / 255.0, 0xfa / 255.0}
	darkGround  = rgb{0x1f / 255.0, 0x26 / 255.0, 0x2e / 255.0}
	white       = rgb{1, 1, 1}
	black       = rgb{0x0c / 255.0, 0x11 / 255.0, 0x16 / 255.0}
)

// enough is the contrast of text that WCAG 2.2 asks for (1.4.3, level AA).
const enough = 4.5

// ownStyle sets the account's color, made darker for the light theme and lighter for the dark one until it can be read. It is
// empty for an account without a color.
func ownStyle(l account.Looks) string {
	c, ok := parseColor(l.Color)
	if !ok {
		return ""
	}
	light, dark := toward(c, black, lightGround), toward(c, white, darkGround)
	return fmt.Sprintf(":root{--act:%s;--on:%s}@media(prefers-color-scheme:dark){:root{--act:%s;--on:%s}}", light, on(light), dark, on(dark))
}

func parseColor(s string) (rgb, bool) {
	if len(s) != 7 || s[0] != '#' {
		return rgb{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, err == nil
}

func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0]*255)), int(math.Round(c[1]*255)), int(math.Round(c[2]*255)))
}

// toward moves a color toward an end until it has enough contrast on the ground.
func toward(c, end, ground rgb) rgb {
	for range 40 {
		if contrast(c, ground) >= enough+0.05 { // rounding to whole parts takes a little
			return c
		}
		for i := range c {
			c[i] += (end[i] - c[i]) / 10
		}
	}
	return end
}

// on is the color of text on a button of the color.
func on(c rgb) rgb {
	if contrast(white, c) >= contrast(black, c) {
		return white
	}
	return black
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c rgb) float64 {
	part := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c[0]) + 0.7152*part(c[1]) + 0.0722*part(c[2])
}
