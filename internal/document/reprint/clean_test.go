package reprint

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sheet is a PDF of our own writing, as a reader of a page sees it that knows no other PDFs than those.
type sheet struct {
	objects map[int]value
	pages   []dict
}

// A value is a dict, a list, a ref, a stream, or a word: a name, number, text or keyword as it is written.
type (
	value  any
	dict   map[string]value
	list   []value
	ref    int
	word   string
	stream struct {
		dict
		data []byte
	}
)

var (
	objectForm = regexp.MustCompile(`^(\d+) 0 obj\n`)
	tokenForm  = regexp.MustCompile(`^(?:<<|>>|\[|\]|<[0-9a-f]*>|/[^\s()<>\[\]{}/%]*|[^\s()<>\[\]{}/%]+)`)
	refForm    = regexp.MustCompile(`^(\d+) 0 R\b`)
)

// parse reads a PDF of our own writing to its last byte, and fails on whatever we would not write.
func parse(t testing.TB, file []byte) *sheet {
	t.Helper()
	s := &sheet{objects: map[int]value{}}
	rest, ok := strings.CutPrefix(string(file), "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for n := 1; ok; n++ {
		m := objectForm.FindStringSubmatch(rest[:min(len(rest), 20)])
		if m == nil {
			break
		}
		if m[1] != strconv.Itoa(n) {
			t.Fatalf("object %d is numbered %s", n, m[1])
		}
		at = append(at, len(file)-len(rest))
		p := &parser{t: t, rest: rest[len(m[0]):]}
		v := p.value()
		if d, isDict := v.(dict); isDict && strings.HasPrefix(p.rest, "\nstream\n") {
			size, err := strconv.Atoi(fmt.Sprint(d["Length"]))
			if err != nil || !strings.HasPrefix(p.rest[8+size:], "\nendstream") {
				t.Fatalf("object %d: a stream of length %v", n, d["Length"])
			}
			v, p.rest = stream{d, []byte(p.rest[8 : 8+size])}, p.rest[8+size+len("\nendstream"):]
		}
		if !strings.HasPrefix(p.rest, "\nendobj\n") {
			t.Fatalf("object %d ends with %.40q", n, p.rest)
		}
		s.objects[n], rest = v, p.rest[len("\nendobj\n"):]
	}
	var table strings.Builder
	fmt.Fprintf(&table, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&table, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&table, "trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, len(file)-len(rest))
	if rest != table.String() {
		t.Fatalf("the file ends with\n%.300s\nwant\n%.300s", rest, table.String())
	}
	return s
}

type parser struct {
	t    testing.TB
	rest string
}

func (p *parser) value() value {
	p.rest = strings.TrimLeft(p.rest, " ")
	if m := refForm.FindStringSubmatch(p.rest); m != nil {
		p.rest = p.rest[len(m[0]):]
		n, _ := strconv.Atoi(m[1])
		return ref(n)
	}
	token := tokenForm.FindString(p.rest)
	if token == "" {
		p.t.Fatalf("no value: %.60q", p.rest)
	}
	p.rest = p.rest[len(token):]
	switch token {
	case "<<":
		d := dict{}
		for !p.ends(">>") {
			name, ok := p.value().(word)
			if !ok || !strings.HasPrefix(string(name), "/") || d[string(name[1:])] != nil {
				p.t.Fatalf("no entry, or twice: %v", name)
			}
			d[string(name[1:])] = p.value()
		}
		return d
	case "[":
		l := list{}
		for !p.ends("]") {
			l = append(l, p.value())
		}
		return l
	}
	return word(token)
}

func (p *parser) ends(with string) bool {
	p.rest = strings.TrimLeft(p.rest, " ")
	rest, ok := strings.CutPrefix(p.rest, with)
	p.rest = rest
	return ok || rest == ""
}

// kept are all the entries that there may be, in whatever object: nothing among them acts, or leads out of the file. It
// is a list of its own: a row too many in the table of entries does not let anything through here.
var kept = strings.Fields(`Type Subtype Pages Kids Count Parent Size Root Length Filter DecodeParms
	Contents Resources Group MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit
	Font XObject ExtGState ColorSpace Pattern Shading S CS I K BBox Matrix
	Width Height BitsPerComponent ImageMask Mask SMask SMaskInData Matte Decode Interpolate Intent
	LW LC LJ ML D RI FL SM SA BM CA ca AIS TK OP op OPM G BC TR
	BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode FontBBox FontMatrix CharProcs DescendantFonts CIDSystemInfo
	DW W DW2 W2 CIDToGIDMap FontName FontStretch FontWeight Flags ItalicAngle Ascent Descent Leading CapHeight XHeight StemV StemH
	AvgWidth MaxWidth MissingWidth FontFile FontFile2 FontFile3 CIDSet Length1 Length2 Length3 BaseEncoding Differences CMapName WMode
	UseCMap Registry Ordering Supplement WhitePoint BlackPoint Gamma Range N Alternate PatternType PaintType TilingType XStep YStep
	ShadingType Background AntiAlias Function Domain Coords Extend BitsPerCoordinate BitsPerFlag VerticesPerRow FunctionType
	BitsPerSample Order Encode C0 C1 Functions Bounds Predictor Colors Columns EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1
	DamagedRowsBeforeError ColorTransform JBIG2Globals`)

// free are the entries whose own entries have names of the file's.
var free = []string{"Font", "XObject", "ExtGState", "ColorSpace", "Pattern", "Shading", "CharProcs"}

// clean checks that a PDF has pages and nothing else, and returns it.
func clean(t testing.TB, file []byte) *sheet {
	t.Helper()
	s := parse(t, file)
	only := func(what string, v value, names ...string) dict {
		d, ok := v.(dict)
		for name := range d {
			ok = ok && slices.Contains(names, name)
		}
		if !ok {
			t.Fatalf("%s is %v, want entries of %v", what, v, names)
		}
		return d
	}
	catalog := only("the catalog", s.objects[1], "Type", "Pages")
	tree := only("the tree of pages", s.objects[2], "Type", "Kids", "Count")
	kids, _ := tree["Kids"].(list)
	if catalog["Pages"] != ref(2) || tree["Count"] != word(strconv.Itoa(len(kids))) {
		t.Fatalf("the catalog is %v, the tree %v", catalog, tree)
	}
	for _, kid := range kids {
		n, _ := kid.(ref)
		p := only("a page", s.objects[int(n)], "Type", "Parent", "Contents", "Resources", "Group", "MediaBox", "CropBox",
			"BleedBox", "TrimBox",
			"ArtBox", "Rotate", "UserUnit")
		if p["Type"] != word("/Page") || p["Parent"] != ref(2) || p["MediaBox"] == nil || p["Resources"] == nil {
			t.Fatalf("a page is %v", p)
		}
		s.pages = append(s.pages, p)
	}
	type use struct {
		ref
		own bool // its names are the file's
	}
	reached, seen := map[int]bool{1: true, 2: true}, map[use]bool{}
	var walk func(v value, own bool)
	walk = func(v value, own bool) {
		switch v := v.(type) {
		case ref:
			if s.objects[int(v)] == nil {
				t.Fatalf("object %d is referred to and not there", v)
			}
			if reached[int(v)] = true; !seen[use{v, own}] {
				seen[use{v, own}] = true
				walk(s.objects[int(v)], own)
			}
		case list:
			for _, one := range v {
				walk(one, false)
			}
		case stream:
			walk(v.dict, false)
			if filters, _ := v.dict["Filter"].(list); len(filters) == 0 && len(v.data) > 0 {
				t.Errorf("a stream stands in plain sight: %.60q", v.data)
			}
			s.unpacked(t, v)
		case dict:
			for name, inner := range v {
				if !own && !slices.Contains(kept, name) {
					t.Errorf("the entry %s has come along: %v", name, v)
				}
				if name != "Parent" {
					walk(inner, !own && slices.Contains(free, name) && !isList(inner))
				}
			}
		}
	}
	for _, p := range s.pages {
		walk(p, false)
	}
	for _, kid := range kids {
		reached[int(kid.(ref))] = true
	}
	for n := range s.objects {
		if !reached[n] {
			t.Errorf("object %d is a part of no page: %v", n, s.objects[n])
		}
	}
	for _, name := range []string{"JavaScript", "/Launch", "SubmitForm", "ImportData", "/EmbeddedFile", "/OpenAction",
		"/AcroForm", "/OCProperties", "/Encrypt",
		"/Metadata", "/Filespec"} { // too long to stand among packed data by chance
		if bytes.Contains(file, []byte(name)) {
			t.Errorf("%s stands in the file", name)
		}
	}
	return s
}

func isList(v value) bool {
	_, ok := v.(list)
	return ok
}

// unpacked undoes Flate, which is the only filter that we write around others.
func (s *sheet) unpacked(t testing.TB, v stream) []byte {
	t.Helper()
	filters, _ := v.dict["Filter"].(list)
	if len(filters) == 0 || filters[0] != word("/FlateDecode") {
		return v.data
	}
	in := bytes.NewReader(v.data)
	r, err := zlib.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil || in.Len() > 0 {
		t.Fatalf("%d bytes behind the end of a stream, %v", in.Len(), err)
	}
	return data
}

// drawn is what draws a page: the content of its own, and of the forms that it can draw.
func (s *sheet) drawn(t testing.TB, page int) string {
	t.Helper()
	var b strings.Builder
	content := s.pages[page]["Contents"]
	if n, ok := content.(ref); ok {
		content = list{n}
	}
	all, _ := content.(list)
	for _, n := range all {
		b.Write(s.unpacked(t, s.objects[int(n.(ref))].(stream)))
		b.WriteByte('\n')
	}
	seen := map[ref]bool{}
	var forms func(resources value)
	forms = func(resources value) {
		if n, ok := resources.(ref); ok {
			resources = s.objects[int(n)]
		}
		r, _ := resources.(dict)
		objects := r["XObject"]
		if n, ok := objects.(ref); ok {
			objects = s.objects[int(n)]
		}
		named, _ := objects.(dict)
		for _, name := range sortedNames(named) {
			n, _ := named[name].(ref)
			x, ok := s.objects[int(n)].(stream)
			if !ok || seen[n] {
				continue
			}
			seen[n] = true
			fmt.Fprintf(&b, "%s: ", name)
			b.Write(s.unpacked(t, x))
			b.WriteByte('\n')
			forms(x.dict["Resources"])
		}
	}
	forms(s.pages[page]["Resources"])
	return b.String()
}

func sortedNames(d dict) []string {
	var all []string
	for name := range d {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}
