package reprint

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var header = []byte("%PDF-")

// source holds a PDF that was read, and the objects that we add to it.
type source struct {
	doc *model.Context
	// added holds our own objects, under numbers below zero.
	added  map[int]types.Object
	layers layers
}

const (
	// decodable limits the bytes that one stream may unpack to. An A3 page at 600 dots an inch in three colors needs as
	// many.
	decodable = 256 << 20
	// unpacked limits the bytes that all streams may unpack to.
	unpacked = 1 << 30
	// nesting limits how deep objects lie in each other, and how far references lead.
	nesting = 100
)

// directly finds an encryption that stands in the trailer itself, where the library does not look for it.
var directly = regexp.MustCompile(`/Encrypt\s*<<`)

// unsized finds a trailer. The library wants a size there, though it does not rely on it.
var unsized = regexp.MustCompile(`trailer\s*<<`)

// versions finds the version of the file, in its header or its catalog. The library knows those that exist; what a page
// looks like does not depend on them.
var versions = regexp.MustCompile(`(%PDF-|/Version\s*/)[0-9]\.[0-9]`)

// read reads a PDF. If that fails, it tries what other readers forgive: a version that does not exist, a trailer without
// a size, and offsets that count from the header and not from the beginning of the file.
func read(file []byte) (*source, error) {
	s, err := readAll(file)
	if err == Unreadable {
		file = versions.ReplaceAll(file, []byte("${1}1.7"))
		s, err = readAll(file)
	}
	if err == Unreadable {
		s, err = readAll(unsized.ReplaceAll(file, []byte("trailer<</Size 1 ")))
	}
	if at := bytes.Index(file, header); err == Unreadable && at > 0 {
		if s, err = readAll(file[at:]); err == Unreadable {
			err = NotPDF
		}
	}
	return s, err
}

func readAll(file []byte) (*source, error) {
	model.ConfigPath = "disable" // the library would write its settings into the home directory
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed // carriers' bills come from many programs
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes, conf.Limits.MaxRecursionDepth = MaxSize, decodable/2, nesting
	doc, err := pdfcpu.ReadWithContext(context.Background(), bytes.NewReader(file), conf)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return nil, Locked
	case err != nil && (bytes.Contains(file, []byte("/Encrypt")) || doc != nil && doc.Encrypt != nil):
		return nil, Encrypted
	case err != nil:
		return nil, Unreadable
	case doc.Encrypt == nil && directly.Match(file):
		return nil, Encrypted
	}
	s := &source{doc: doc, added: map[int]types.Object{}}
	s.layers = s.readLayers()
	return s, nil
}

// lacksContent reports whether a page names content that the file does not hold, as when the file was cut off: the page
// would come out blank.
func (s *source) lacksContent(page types.Dict) bool {
	parts := types.Array{page["Contents"]}
	if several, ok := s.array(page["Contents"]); ok {
		parts = several
	}
	return slices.ContainsFunc(parts, func(part types.Object) bool {
		number := 0
		switch ref := part.(type) {
		case types.IndirectRef:
			number = ref.ObjectNumber.Value()
		case *types.IndirectRef:
			number = ref.ObjectNumber.Value()
		}
		entry := s.doc.Table[number]
		return number > 0 && (entry == nil || entry.Free)
	})
}

// add makes an object of our own.
func (s *source) add(o types.Object) types.IndirectRef {
	n := -1 - len(s.added)
	s.added[n] = o
	return *types.NewIndirectRef(n, 0)
}

// object follows references to an object. It returns the number of the object too, or 0 if the object stands where it
// is used.
func (s *source) object(o types.Object) (types.Object, int) {
	number := 0
	for range nesting {
		switch ref := o.(type) {
		case types.IndirectRef:
			number = ref.ObjectNumber.Value()
		case *types.IndirectRef:
			number = ref.ObjectNumber.Value()
		default:
			return plain(o), number
		}
		o = s.numbered(number)
	}
	return nil, 0
}

func (s *source) numbered(n int) types.Object {
	if n < 0 {
		return s.added[n]
	}
	entry := s.doc.Table[n]
	if entry == nil || entry.Free {
		return nil
	}
	if packed, ok := entry.Object.(types.LazyObjectStreamObject); ok { // of a compressed stream
		o, err := packed.DecodedObject(context.Background())
		if err != nil {
			o = nil
		}
		entry.Object = o
	}
	return entry.Object
}

// plain turns the forms that the library has of an object into one. It returns nil for an object that is never part of
// a page.
func plain(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.StreamDict:
		return *o
	case types.ObjectStreamDict, *types.ObjectStreamDict, types.XRefStreamDict, *types.XRefStreamDict:
		return nil
	}
	return o
}

func (s *source) dict(o types.Object) (types.Dict, bool) {
	o, _ = s.object(o)
	switch o := o.(type) {
	case types.Dict:
		return o, true
	case types.StreamDict:
		return o.Dict, true
	}
	return nil, false
}

func (s *source) array(o types.Object) (types.Array, bool) {
	o, _ = s.object(o)
	all, ok := o.(types.Array)
	return all, ok
}

// name returns the name that o is, or an empty one if o is no name.
func (s *source) name(o types.Object) string {
	o, _ = s.object(o)
	n, _ := o.(types.Name)
	return string(n)
}

func (s *source) number(o types.Object) (float64, bool) {
	o, _ = s.object(o)
	switch n := o.(type) {
	case types.Integer:
		return float64(n), true
	case types.Float:
		return float64(n), finite(float64(n))
	}
	return 0, false
}

func (s *source) integer(o types.Object) int {
	n, _ := s.number(o)
	return int(n)
}

// numbers returns the numbers of an array that has n of them.
func (s *source) numbers(o types.Object, n int) ([]float64, bool) {
	all, ok := s.array(o)
	if !ok || len(all) != n {
		return nil, false
	}
	out := make([]float64, 0, n)
	for _, one := range all {
		f, ok := s.number(one)
		if !ok {
			return nil, false
		}
		out = append(out, f)
	}
	return out, true
}

// text returns the bytes of a string.
func (s *source) text(o types.Object) ([]byte, bool) {
	o, _ = s.object(o)
	switch o := o.(type) {
	case types.StringLiteral:
		b, err := types.Unescape(string(o))
		return b, err == nil
	case types.HexLiteral:
		b, err := o.Bytes()
		return b, err == nil
	}
	return nil, false
}

// inherited lists the entries that a page can take from a node above it (ISO 32000-2, 7.7.3.4).
var inherited = []string{"Resources", "MediaBox", "CropBox", "Rotate"}

// nodes limits how many entries of the tree of pages are looked at.
const nodes = 100_000

// pages walks the tree of pages. It does not rely on the number of pages that the tree names, nor on the types of
// nodes: a node has kids, and a page has none. Readers do not show pages outside the tree; pages takes them only if the
// tree leads to none.
func (s *source) pages() ([]types.Dict, error) {
	root, _ := s.dict(*s.doc.Root)
	if on, _ := s.object(root["NeedsRendering"]); on == types.Boolean(true) {
		return nil, Dynamic
	}
	w := &walk{source: s}
	if err := w.node(root["Pages"], nil, nil); err != nil {
		return nil, err
	}
	if len(w.pages) == 0 {
		for _, n := range slices.Sorted(maps.Keys(s.doc.Table)) {
			if d, ok := s.numbered(n).(types.Dict); ok && s.name(d["Type"]) == "Page" {
				if err := w.page(d, nil); err != nil {
					return nil, err
				}
			}
		}
	}
	switch tree, _ := s.dict(root["Pages"]); {
	case len(w.pages) > 0:
	case tree != nil && w.looked == 1:
		return nil, NoPages
	default: // it has some, and they can't be found
		return nil, Unreadable
	}
	for _, p := range w.pages {
		if err := s.flatten(p); err != nil {
			return nil, err
		}
	}
	return w.pages, nil
}

type walk struct {
	*source
	pages  []types.Dict
	looked int
}

// node takes the pages below a node. The slice above holds the numbers of the nodes that lead to it.
func (w *walk) node(o types.Object, above []int, from types.Dict) error {
	o, n := w.object(o)
	d, ok := o.(types.Dict)
	if w.looked++; w.looked > nodes {
		return Unreadable
	}
	if !ok || n != 0 && slices.Contains(above, n) || len(above) > nesting {
		return nil
	}
	kids, hasKids := w.array(d["Kids"])
	if !hasKids || w.name(d["Type"]) == "Page" {
		if len(above) == 0 && d["Count"] != nil { // a root without kids
			return nil
		}
		return w.page(d, from)
	}
	passed := types.Dict{}
	for _, name := range inherited {
		if v := cmpOr(d[name], from[name]); v != nil {
			passed[name] = v
		}
	}
	for _, kid := range kids {
		if err := w.node(kid, append(above, n), passed); err != nil {
			return err
		}
	}
	return nil
}

func cmpOr(a, b types.Object) types.Object {
	if a != nil {
		return a
	}
	return b
}

func (w *walk) page(d, from types.Dict) error {
	if len(w.pages) == MaxPages {
		return TooLong
	}
	own := maps.Clone(d)
	for _, name := range inherited {
		if v := cmpOr(d[name], from[name]); v != nil {
			own[name] = v
		}
	}
	if _, ok := w.numbers(own["MediaBox"], 4); !ok {
		own["MediaBox"] = types.NewIntegerArray(0, 0, 612, 792) // readers take US Letter where a page has no size
	}
	if _, ok := w.dict(own["Resources"]); !ok {
		own["Resources"] = types.Dict{}
	}
	w.pages = append(w.pages, own)
	return nil
}
