package reprint

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// copier copies objects of a source. The kind of an object decides which of its entries are copied. Objects are written
// in the order in which the walk from the pages meets them.
type copier struct {
	*source
	// made holds the number of each copy. An object has one for each kind that it is used as.
	made    map[part]int
	queue   []part
	objects [][]byte
	size    int
	// loose counts the bytes that streams were unpacked to.
	loose    int64
	packer   *zlib.Writer
	unpacker io.ReadCloser
}

// part is an object of the source, by its number, and the kind that it is used as.
type part struct {
	number int
	kind   kind
}

// The first objects of the copy.
const (
	catalogNumber = 1
	treeNumber    = 2
	firstPage     = 3
)

// write copies pages, with everything that they are made of, into a PDF.
func (c *copier) write(pages []types.Dict) ([]byte, error) {
	kids := make([]string, 0, len(pages))
	for i := range pages {
		kids = append(kids, reference(firstPage+i))
	}
	c.objects = [][]byte{
		[]byte(dictionary(map[string]string{"Type": "/Catalog", "Pages": reference(treeNumber)})),
		[]byte(dictionary(map[string]string{"Type": "/Pages", "Count": strconv.Itoa(len(pages)),
			"Kids": "[" + strings.Join(kids, " ") + "]"})),
	}
	c.objects = append(c.objects, make([][]byte, len(pages))...)
	for i, p := range pages {
		if c.lacksContent(p) {
			return nil, Unreadable
		}
		text, err := c.dictionary(aPage, p)
		if err != nil {
			return nil, err
		}
		text["Parent"] = reference(treeNumber)
		c.keep(firstPage+i, []byte(dictionary(text)))
	}
	for n := 0; n < len(c.queue); n++ {
		if err := c.part(c.queue[n]); err != nil {
			return nil, err
		}
		if c.size > MaxSize {
			return nil, TooLarge
		}
	}
	file := c.file()
	if len(file) > MaxSize {
		return nil, TooLarge
	}
	return file, nil
}

func (c *copier) keep(number int, text []byte) {
	c.objects[number-1] = text
	c.size += len(text)
}

// file returns the PDF: a header, the objects, and the table of their places (ISO 32000-2, 7.5).
func (c *copier) file() []byte {
	var b bytes.Buffer
	b.Grow(c.size + 40*len(c.objects) + 1<<10)
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(c.objects))
	for i, text := range c.objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, text)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(c.objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n%s\nstartxref\n%d\n%%%%EOF\n",
		dictionary(map[string]string{"Root": reference(catalogNumber), "Size": strconv.Itoa(len(c.objects) + 1)}), table)
	return b.Bytes()
}

// part writes the copy of a part.
func (c *copier) part(p part) error {
	o := plain(c.numbered(p.number))
	number := c.made[p]
	var text string
	var err error
	switch o := o.(type) {
	case types.StreamDict:
		var whole []byte
		if whole, err = c.stream(p.kind, o); err == nil {
			c.keep(number, whole)
		}
		return err
	case types.Dict:
		var entries map[string]string
		entries, err = c.dictionary(p.kind, o)
		text = dictionary(entries)
	case types.Array:
		text, err = c.list(p.kind, o)
	}
	c.keep(number, []byte(text))
	return err
}

// value writes the value of an entry or an element. It leaves out a value of another kind (ok is false). A large or
// recursive object is written once and referred to.
func (c *copier) value(as kind, o types.Object) (text string, ok bool, err error) {
	k, ok, err := c.fits(as, o)
	if err != nil || !ok {
		return "", false, err
	}
	o, n := c.object(o)
	if n != 0 && shared(k, o) {
		p := part{n, k}
		number, have := c.made[p]
		if !have {
			c.objects = append(c.objects, nil)
			number = len(c.objects)
			c.made[p] = number
			c.queue = append(c.queue, p)
		}
		return reference(number), true, nil
	}
	switch o := o.(type) {
	case types.Dict:
		entries, err := c.dictionary(k, o)
		return dictionary(entries), true, err
	case types.Array:
		if k == space {
			return c.space(o, 0)
		}
		text, err := c.list(k, o)
		return text, true, err
	}
	text, ok = c.single(k, o)
	return text, ok, nil
}

// shared says whether an object is written once and referred to, because it can be large or lead back to itself.
func shared(k kind, o types.Object) bool {
	switch o.(type) {
	case types.StreamDict, types.Dict:
		return true
	case types.Array:
		return k == numbers || k == widths || k == differences || k == functions
	}
	return false
}

// single writes a value that holds no other value. It leaves out one of another kind (ok is false).
func (c *copier) single(k kind, o types.Object) (text string, ok bool) {
	switch k {
	case number:
		return digits(o)
	case integer:
		switch n := o.(type) {
		case types.Integer:
			return strconv.Itoa(int(n)), true
		case types.Float:
			if f := float64(n); f == math.Trunc(f) && math.Abs(f) < 1<<31 {
				return strconv.Itoa(int(f)), true
			}
		}
	case boolean:
		if b, isBool := o.(types.Boolean); isBool {
			return strconv.FormatBool(bool(b)), true
		}
	case aName, space:
		if n, isName := o.(types.Name); isName {
			return nameText(string(n)), true
		}
	case shortText:
		if b, isText := c.text(o); isText && len(b) <= maxText {
			return textOf(b), true
		}
	}
	return "", false
}

// maxText limits the bytes of a text: the name of a character collection, or a table of colors (256 of at most 32
// parts).
const maxText = 8192

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

func digits(o types.Object) (string, bool) {
	switch n := o.(type) {
	case types.Integer:
		return strconv.Itoa(int(n)), true
	case types.Float:
		if f := float64(n); finite(f) {
			if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
				return strconv.FormatInt(int64(f), 10), true
			}
			return strconv.FormatFloat(f, 'f', -1, 64), true
		}
	}
	return "", false
}

// dictionary copies those entries of a dictionary or a stream that its kind has.
func (c *copier) dictionary(k kind, d types.Dict) (map[string]string, error) {
	if entries[k]["Resources"] != "" {
		if err := c.allShown(d["Resources"]); err != nil {
			return nil, err
		}
	}
	out := map[string]string{}
	for name, word := range marks[k] {
		out[name] = "/" + word
	}
	if of, own := named[k]; own {
		for _, name := range slices.Sorted(maps.Keys(d)) {
			text, ok, err := c.value(of, d[name])
			if err != nil {
				return nil, err
			}
			if ok {
				out[name] = text
			}
		}
		return out, nil
	}
	if k == blank {
		out["BBox"] = "[0 0 0 0]"
		return out, nil
	}
	for _, name := range slices.Sorted(maps.Keys(entries[k])) {
		if allowed := words[k][name]; allowed != nil && !slices.Contains(allowed, c.name(d[name])) {
			continue
		}
		text, ok, err := c.value(entries[k][name], d[name])
		if err != nil {
			return nil, err
		}
		if ok {
			out[name] = text
		}
	}
	return out, nil
}

// list copies an array. It leaves out elements of another kind. Among numbers it writes 0 for them, because there the
// place of each element has a meaning.
func (c *copier) list(k kind, all types.Array) (string, error) {
	parts := make([]string, 0, len(all))
	for i, o := range all {
		of := lists[k].of
		switch k {
		case widths:
			if inner, ok := c.array(o); ok {
				text, err := c.list(numbers, inner)
				if err != nil {
					return "", err
				}
				parts = append(parts, text)
				continue
			}
			of = number
		case differences:
			of = aName
			if _, ok := c.number(o); ok {
				of = integer
			}
		case dash:
			of = []kind{numbers, number}[i]
		case sizedFont:
			of = []kind{anyFont, number}[i]
		case anyContent:
			of = content
		}
		text, ok, err := c.value(of, o)
		switch {
		case err != nil:
			return "", err
		case ok:
			parts = append(parts, text)
		case of == number:
			parts = append(parts, "0")
		}
	}
	return "[" + strings.Join(parts, " ") + "]", nil
}

// space copies a color space that is an array (ISO 32000-2, 8.6). It leaves out the attributes of DeviceN, which only
// help a printer to mix its inks.
func (c *copier) space(all types.Array, depth int) (text string, ok bool, err error) {
	family := c.name(all[0])
	var parts []kind
	switch family {
	case "DeviceGray", "DeviceRGB", "DeviceCMYK", "G", "RGB", "CMYK":
		return nameText(family), true, nil
	case "CalGray":
		parts = []kind{calGray}
	case "CalRGB":
		parts = []kind{calRGB}
	case "Lab":
		parts = []kind{lab}
	case "ICCBased":
		parts = []kind{profile}
	case "Indexed", "I":
		parts = []kind{space, integer, shortText}
		if o, _ := c.object(at(all, 3)); isStream(o) {
			parts[2] = plainStream
		}
	case "Separation":
		parts = []kind{aName, space, function}
	case "DeviceN":
		parts = []kind{names, space, function}
	case "Pattern":
		parts = []kind{space}[:min(1, len(all)-1)]
	}
	if parts == nil || len(all) <= len(parts) || depth > 8 {
		return "", false, nil
	}
	texts := []string{nameText(family)}
	for i, k := range parts {
		var part string
		o, _ := c.object(all[i+1])
		if inner, isArray := o.(types.Array); isArray && k == space {
			if len(inner) == 0 {
				return "", false, nil
			}
			part, ok, err = c.space(inner, depth+1)
		} else {
			part, ok, err = c.value(k, all[i+1])
		}
		if err != nil || !ok {
			return "", false, err
		}
		texts = append(texts, part)
	}
	return "[" + strings.Join(texts, " ") + "]", true, nil
}

func at(all types.Array, i int) types.Object {
	if i < len(all) {
		return all[i]
	}
	return nil
}

func isStream(o types.Object) bool {
	_, ok := o.(types.StreamDict)
	return ok
}

func reference(n int) string { return strconv.Itoa(n) + " 0 R" }

func dictionary(entries map[string]string) string {
	var b strings.Builder
	b.WriteString("<<")
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		b.WriteString(nameText(name))
		b.WriteByte(' ')
		b.WriteString(entries[name])
	}
	b.WriteString(">>")
	return b.String()
}

// nameText writes a name with its escapes (ISO 32000-2, 7.3.5).
func nameText(name string) string {
	var b strings.Builder
	b.WriteByte('/')
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("#%()/<>[]{}", c) >= 0 {
			fmt.Fprintf(&b, "#%02x", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func textOf(b []byte) string { return "<" + hex.EncodeToString(b) + ">" }
