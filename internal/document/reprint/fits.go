package reprint

import (
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// streams lists the kinds that are streams, and either the kinds that can be one.
var (
	streams = []kind{form, blank, image, content, fontFile, charMap, plainStream, profile, tiling}
	either  = []kind{shading, function}
)

// fits chooses the kind of an object where several are allowed, and says whether the object can be of that kind. An
// object that fits is always copied, so that no reference leads to nothing.
func (c *copier) fits(as kind, o types.Object) (kind, bool, error) {
	o, _ = c.object(o)
	switch o := o.(type) {
	case nil:
		return as, false, nil
	case types.StreamDict:
		if as == anyXObject {
			k, err := c.xobject(o.Dict)
			return k, true, err
		}
		as = choose(as, map[kind]kind{anyPattern: tiling, anyContent: content, anyMask: image, anyFunction: function,
			anyCharMap: charMap, anyGlyphMap: plainStream, anyTransition: function})
		return as, slices.Contains(streams, as) || slices.Contains(either, as), nil
	case types.Dict:
		if as == anyFont {
			as = fontKinds[c.name(o["Subtype"])]
		}
		as = choose(as, map[kind]kind{anyPattern: shaded, anyFunction: function, anySoftMask: softMask, anyEncoding: encoding,
			anyTransition: function})
		allowed := words[as]["Subtype"]
		known := entries[as] != nil && !slices.Contains(streams, as) || named[as] != ""
		return as, known && (allowed == nil || as == fontFile || slices.Contains(allowed, c.name(o["Subtype"]))), nil
	case types.Array:
		as = choose(as, map[kind]kind{anyMask: numbers, anyFunction: functions, nameOrNames: names})
		return as, c.fitsList(as, o), nil
	}
	as = choose(as, map[kind]kind{anyFunction: aName, anySoftMask: aName, anyEncoding: aName, anyCharMap: aName,
		anyGlyphMap: aName,
		nameOrNames: aName, anyTransition: aName})
	_, ok := c.single(as, o)
	return as, ok, nil
}

func choose(as kind, of map[kind]kind) kind {
	if k, ok := of[as]; ok {
		return k
	}
	return as
}

var fontKinds = map[string]kind{
	"Type1": simpleFont, "MMType1": simpleFont, "TrueType": simpleFont, "Type3": drawnFont, "Type0": wideFont,
}

// xobject chooses the kind of an external object. It is blank if the object is hidden, or is no part of a page
// (PostScript).
func (c *copier) xobject(d types.Dict) (kind, error) {
	shown, err := c.layers.shows(c.source, d["OC"])
	switch subtype := c.name(d["Subtype"]); {
	case err != nil || !shown:
		return blank, err
	case subtype == "Image", subtype == "" && d["Width"] != nil:
		return image, nil
	case subtype == "Form", subtype == "" && d["BBox"] != nil:
		return form, nil
	}
	return blank, nil
}

func (c *copier) fitsList(as kind, all types.Array) bool {
	switch as {
	case space:
		return len(all) > 0
	case widths, differences, anyContent:
		return true
	case dash, sizedFont:
		if len(all) != 2 {
			return false
		}
		first, ok, err := c.fits(map[kind]kind{dash: numbers, sizedFont: anyFont}[as], all[0])
		_, second := c.number(all[1])
		return err == nil && ok && first != "" && second
	case descendants:
		if len(all) != 1 {
			return false
		}
		_, ok, err := c.fits(cidFont, all[0])
		return err == nil && ok
	}
	l, ok := lists[as]
	if ok && l.n > 0 {
		_, ok = c.numbers(all, l.n)
	}
	return ok
}
