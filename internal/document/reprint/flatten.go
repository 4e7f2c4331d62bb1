package reprint

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Flags of annotations (ISO 32000-2, 12.5.3) and of form fields (12.7.5.3).
const (
	isHidden    = 1 << 1
	isNotViewed = 1 << 5

	isMultiline = 1 << 12
	isPassword  = 1 << 13
)

// flatten draws the annotations of a page onto the page: the values of a form, stamps, and comments that are written on
// the page. The copy has no annotations.
func (s *source) flatten(page types.Dict) error {
	all, _ := s.array(page["Annots"])
	var draw bytes.Buffer
	forms, fonts := types.Dict{}, types.Dict{}
	for _, o := range all {
		a, ok := s.dict(o)
		if !ok || s.integer(a["F"])&(isHidden|isNotViewed) != 0 || s.name(a["Subtype"]) == "Popup" {
			continue
		}
		rect, ok := s.rect(a["Rect"])
		if !ok {
			continue
		}
		if shown, err := s.layers.shows(s, a["OC"]); err != nil || !shown {
			if err != nil {
				return err
			}
			continue
		}
		if look, ok := s.look(a); ok {
			name := "Portway" + strconv.Itoa(len(forms))
			if s.place(&draw, name, look, rect) {
				forms[name] = look
			}
			continue
		}
		text, err := s.typed(a, rect)
		if err != nil {
			return err
		}
		if text != nil {
			fonts[ownFont] = types.Dict{"Type": types.Name("Font"), "Subtype": types.Name("Type1"),
				"BaseFont": types.Name("Helvetica"),
				"Encoding": types.Name("WinAnsiEncoding")}
			draw.Write(text)
		}
	}
	if draw.Len() == 0 {
		return nil
	}
	resources, _ := s.dict(page["Resources"])
	resources = maps.Clone(resources)
	s.merge(resources, "XObject", forms)
	s.merge(resources, "Font", fonts)
	page["Resources"] = resources
	// The content of the page can leave its graphics state changed.
	content := types.Array{s.stream([]byte("q\n"))}
	if several, ok := s.array(page["Contents"]); ok {
		content = append(content, several...)
	} else if page["Contents"] != nil {
		content = append(content, page["Contents"])
	}
	page["Contents"] = append(content, s.stream(append([]byte("\nQ\n"), draw.Bytes()...)))
	return nil
}

func (s *source) stream(data []byte) types.IndirectRef {
	return s.add(types.StreamDict{Dict: types.Dict{}, Raw: data})
}

// merge adds entries to a dictionary of the resources. It copies the dictionary, because other pages can share it.
func (s *source) merge(resources types.Dict, name string, more types.Dict) {
	if len(more) == 0 {
		return
	}
	own := types.Dict{}
	if have, ok := s.dict(resources[name]); ok {
		own = maps.Clone(have)
	}
	maps.Copy(own, more)
	resources[name] = own
}

// rect returns a rectangle, its lower left corner first. It refuses one without an area (ok is false).
func (s *source) rect(o types.Object) (r [4]float64, ok bool) {
	f, ok := s.numbers(o, 4)
	if !ok {
		return r, false
	}
	r = [4]float64{min(f[0], f[2]), min(f[1], f[3]), max(f[0], f[2]), max(f[1], f[3])}
	return r, r[2] > r[0] && r[3] > r[1]
}

// look returns the form that draws an annotation in its present state; ok is false if there is none.
func (s *source) look(a types.Dict) (look types.Object, ok bool) {
	ways, _ := s.dict(a["AP"])
	look = ways["N"]
	o, n := s.object(look)
	if states, isDict := o.(types.Dict); isDict {
		look = states[s.name(a["AS"])]
		o, n = s.object(look)
		if o == nil { // a state that draws nothing, as that of a box which is not ticked
			return s.stream(nil), true
		}
	}
	form, isForm := o.(types.StreamDict)
	if !isForm || n == 0 {
		return nil, false
	}
	if s.name(form.Dict["Subtype"]) != "Form" { // which may be left out here
		form.Dict = maps.Clone(form.Dict)
		form.Dict["Subtype"] = types.Name("Form")
		look = s.add(form)
	}
	return look, true
}

// place writes the operators that draw a form into a rectangle (ISO 32000-2, 12.5.5); ok is false if the form draws
// nothing.
func (s *source) place(to *bytes.Buffer, name string, look types.Object, rect [4]float64) (ok bool) {
	form, _ := s.dict(look)
	b, ok := s.rect(form["BBox"])
	if !ok {
		return false
	}
	m, ok := s.numbers(form["Matrix"], 6)
	if !ok {
		m = []float64{1, 0, 0, 1, 0, 0}
	}
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, x := range []float64{b[0], b[2]} {
		for _, y := range []float64{b[1], b[3]} {
			at := [2]float64{m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]}
			for i := range at {
				low[i], high[i] = min(low[i], at[i]), max(high[i], at[i])
			}
		}
	}
	w, h := (rect[2]-rect[0])/(high[0]-low[0]), (rect[3]-rect[1])/(high[1]-low[1])
	if !finite(w) || !finite(h) || w == 0 || h == 0 {
		return false
	}
	fmt.Fprintf(to, "q %s 0 0 %s %s %s cm /%s Do Q\n", decimal(w), decimal(h), decimal(rect[0]-low[0]*w),
		decimal(rect[1]-low[1]*h), name)
	return true
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }

// ownFont is the name of the font that typed draws with.
const ownFont = "PortwayHelvetica"

// typed draws the text of a form field, or of a comment on the page, if the file does not say how to draw it. It
// returns nil if there is no text.
func (s *source) typed(a types.Dict, rect [4]float64) ([]byte, error) {
	var value types.Object
	flags := 0
	switch s.name(a["Subtype"]) {
	case "FreeText":
		value, flags = a["Contents"], isMultiline
	case "Widget":
		if t := s.name(s.inherits(a, "FT")); t != "Tx" && t != "Ch" {
			return nil, nil
		}
		value, flags = s.inherits(a, "V"), s.integer(s.inherits(a, "Ff"))
	}
	if all, ok := s.array(value); ok { // what was picked of a list
		value = at(all, 0)
	}
	raw, _ := s.text(value)
	if len(raw) == 0 || flags&isPassword != 0 {
		return nil, nil
	}
	lines := strings.FieldsFunc(readable(raw), func(r rune) bool { return r == '\r' || r == '\n' })
	room := rect[3] - rect[1]
	size := min(12, max(4, room*0.7))
	if flags&isMultiline != 0 {
		size = min(10, max(4, room/float64(len(lines)+1)))
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "q %s %s %s %s re W n BT /%s %s Tf 0 g %s TL %s %s Td\n", decimal(rect[0]), decimal(rect[1]),
		decimal(rect[2]-rect[0]), decimal(room),
		ownFont, decimal(size), decimal(size*1.2), decimal(rect[0]+2), decimal(rect[1]+max(2, (room-size)/2+size*0.15)))
	if flags&isMultiline != 0 {
		fmt.Fprintf(&b, "0 %s Td\n", decimal(room-size-2-max(2, (room-size)/2+size*0.15)))
	}
	for _, line := range lines {
		letters, ok := winAnsi(line)
		if !ok {
			return nil, Unwritable
		}
		fmt.Fprintf(&b, "%s Tj T*\n", textOf(letters))
	}
	b.WriteString("ET Q\n")
	return b.Bytes(), nil
}

// inherits finds an entry of a field, or of a field above it.
func (s *source) inherits(field types.Dict, name string) types.Object {
	for range nesting {
		if field[name] != nil {
			return field[name]
		}
		above, ok := s.dict(field["Parent"])
		if !ok {
			return nil
		}
		field = above
	}
	return nil
}

// readable turns the bytes of a text into letters: UTF-16 or UTF-8 by its mark, else PDFDocEncoding (ISO 32000-2,
// 7.9.2.2).
func readable(b []byte) string {
	escaped, err := types.Escape(string(b))
	if err != nil {
		return ""
	}
	text, err := types.StringLiteralToString(types.StringLiteral(*escaped))
	if err != nil {
		return ""
	}
	return text
}

// special lists the letters of WinAnsiEncoding from 80 to 9f hexadecimal.
var special = []rune("€\x00‚ƒ„…†‡ˆ‰Š‹Œ\x00Ž\x00\x00‘’“”•–—˜™š›œ\x00žŸ")

// winAnsi writes a line in WinAnsiEncoding; ok is false if the encoding lacks one of its letters.
func winAnsi(line string) (b []byte, ok bool) {
	for _, r := range line {
		switch i := slices.Index(special, r); {
		case r == '\t':
			b = append(b, ' ')
		case r >= ' ' && r < 0x7f, r >= 0xa0 && r <= 0xff:
			b = append(b, byte(r))
		case i >= 0 && r != 0:
			b = append(b, byte(0x80+i))
		default:
			return nil, false
		}
	}
	return b, true
}
