package reprint

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"portway/internal/document"
	"portway/internal/porting"
)

func TestMain(m *testing.M) {
	if Child() {
		return
	}
	os.Exit(m.Run())
}

// odd is a PDF of which something is to be left behind, forgiven or refused.
type odd struct {
	name string
	file []byte
	// pages are how many the copy has; 0 is one.
	pages int
	// draws has to be among what draws the first page; empty is the bill's text.
	draws string
	// not must not be there.
	not string
	why Why
}

// nothing is what an empty page draws.
const nothing = "nothing"

func try(t *testing.T, tests []odd) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			made, pages, err := remake(test.file)
			if test.why != "" || err != nil {
				if err != test.why {
					t.Errorf("%d pages, %v; want %q", pages, err, test.why)
				}
				return
			}
			s := clean(t, made)
			if pages != max(1, test.pages) || len(s.pages) != pages {
				t.Errorf("%d pages, %d in the file, want %d", pages, len(s.pages), test.pages)
			}
			draws := test.draws
			switch draws {
			case "":
				draws = shown
			case nothing:
				draws = ""
			}
			drawn := s.drawn(t, 0)
			if !strings.Contains(drawn, draws) || test.not != "" &&
				(strings.Contains(drawn, test.not) || bytes.Contains(made, []byte(test.not))) {
				t.Errorf("the page is drawn by\n%s\nwant %q and not %q", drawn, draws, test.not)
			}
		})
	}
}

const js = "<</S/JavaScript/JS(app.alert\\(1\\))>>"

// Whatever a PDF would do beside being read stays behind.
func TestActions(t *testing.T) {
	var tests []odd
	actions := map[string]string{
		"JavaScript":         js,
		"JavaScript escaped": "<</#53/J#61vaScript/J#53(1)>>",
		"Launch":             "<</S/Launch/F(cmd.exe)>>",
		"Launch by Win":      "<</S/Launch/Win<</F(cmd.exe)>>>>",
		"SubmitForm":         "<</S/SubmitForm/F(http://x.example)>>",
		"SubmitForm escaped": "<</S/Submit#46orm/F<</FS/URL/F(http://x.example)>>>>",
		"GoToR":              "<</S/GoToR/F(\\\\\\\\host\\\\share\\\\x.pdf)/D[0/Fit]>>",
		"GoToE":              "<</S/GoToE/T<</R/C/N(x.pdf)>>>>",
		"GoTo":               "<</S/GoTo/D[3 0 R/Fit]>>",
		"URI":                "<</S/URI/URI(https://x.example/javascript)>>",
		"ImportData":         "<</S/ImportData/F(x.fdf)>>",
		"ResetForm":          "<</S/ResetForm>>",
		"Named":              "<</S/Named/N/Print>>",
		"Hide":               "<</S/Hide/T(field)>>",
		"SetOCGState":        "<</S/SetOCGState/State[/OFF 3 0 R]>>",
		"Rendition":          "<</S/Rendition/JS(1)>>",
		"Sound":              "<</S/Sound/Sound 4 0 R>>",
		"Movie":              "<</S/Movie>>",
		"Thread":             "<</S/Thread/F(x.pdf)/D 0>>",
		"Trans":              "<</S/Trans/Trans<</S/Fly>>>>",
		"GoTo3DView":         "<</S/GoTo3DView>>",
		"RichMediaExecute":   "<</S/RichMediaExecute>>",
		"one after another":  "<</S/GoTo/D[3 0 R/Fit]/Next[" + js + "<</S/Launch/F(x)>>]>>",
		"unknown":            "<</S/Format/F(C:)>>",
	}
	for _, name := range sortedKeys(actions) {
		action := actions[name]
		for _, at := range []struct {
			where string
			made  *draft
		}{
			{"when it is opened", catalog("/OpenAction " + action)},
			{"behind a reference", catalog("/OpenAction 10 0 R", 10, action)},
			{"under an escaped name", catalog("/Open#41ction 10 0 R", 10, action)},
			{"at an event of the document", catalog("/AA<</WC 10 0 R/DP "+action+">>", 10, action)},
			{"at an event of a page", paged("/AA<</O " + action + ">>")},
			{"at a link", annotated("<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/A " + action + "/PA " + action + ">>")},
			{"at a field", annotated("<</Type/Annot/Subtype/Widget/FT/Btn/Rect[0 0 99 99]/A 10 0 R/AA<</U " + action + ">>>>")},
			{"in an outline", catalog("/Outlines 10 0 R", 10, "<</Type/Outlines/First 11 0 R/Last 11 0 R>>", 11,
				"<</Title(x)/Parent 10 0 R/A "+action+">>")},
			{"in the tree of names", catalog("/Names<</JavaScript<</Names[(a)" + action + "]>>>>")},
			{"in no use", bill(10, action)},
		} {
			tests = append(tests, odd{name: name + " " + at.where, file: at.made.file()},
				odd{name: name + " " + at.where + ", compressed", file: at.made.compressed()})
		}
		tests = append(tests,
			odd{name: name + " in an update",
				file: bill().updated(root, "<</Type/Catalog/Pages 2 0 R/OpenAction 10 0 R>>", 10, action)},
			odd{name: name + " in an older revision",
				file: catalog("/OpenAction 10 0 R", 10, action).updated(root, "<</Type/Catalog/Pages 2 0 R>>")},
			odd{name: name + " in an encrypted file", file: catalog("/OpenAction 10 0 R", 10, action).locked(t, false, 128, "")})
	}
	try(t, tests)
}

// What a PDF carries beside its pages stays behind.
func TestCarried(t *testing.T) {
	file := "<</Type/Filespec/F(a.exe)/EF<</F 11 0 R>>>>"
	exe := packed("/Type/EmbeddedFile", "", "MZ evil")
	try(t, []odd{
		{name: "an attachment", file: catalog("/Names<</EmbeddedFiles<</Names[(a)10 0 R]>>>>", 10, file, 11, exe).file(),
			not: "MZ evil"},
		{name: "an attachment by its name escaped",
			file: catalog("/Names<</Embedded#46iles<</Names[(a)10 0 R]>>>>", 10, strings.Replace(file, "/EF", "/#45F", 1), 11,
				exe).file()},
		{name: "an attachment of the document", file: catalog("/AF[10 0 R]", 10, file, 11, exe).file()},
		{name: "an attachment of a page", file: paged("/AF[10 0 R]", 10, file, 11, exe).file()},
		{name: "an attachment in no use", file: bill(11, exe).file()},
		{name: "a portfolio", file: catalog("/Collection<</Type/Collection/D(a)>>/Names<</EmbeddedFiles<</Names[(a)10 0"+
			" R]>>>>", 10, file, 11, exe).file()},
		{name: "a form", file: catalog("/AcroForm<</Fields[10 0 R]/NeedAppearances true>>", 10,
			"<</FT/Tx/T(a)/V(b)/AA<</K "+js+">>>>").file()},
		{name: "a form of the XFA kind beside pages",
			file: catalog("/AcroForm<</Fields[]/XFA[(template)10 0 R]>>", 10, packed("", "", "<script/>")).file()},
		{name: "a form of the XFA kind without pages of its own",
			file: catalog("/NeedsRendering true/AcroForm<</Fields[]/XFA 10 0 R>>", 10, packed("", "", "<xdp/>")).file(),
			why:  Dynamic},
		{name: "metadata", file: catalog("/Metadata 10 0 R", 10,
			raw("/Type/Metadata/Subtype/XML", "<x:xmpmeta><script/></x:xmpmeta>")).file()},
		{name: "information", file: bill(10, "<</Title(<script>alert\\(1\\)</script>)/Author(x)>>").around("", "/Info 10 0 R",
			"").file(), not: "script"},
		{name: "private data of a program", file: paged("/PieceInfo<</App<</Private 10 0 R>>>>", 10, exe).file()},
		{name: "the structure of the document",
			file: catalog("/MarkInfo<</Marked true>>/StructTreeRoot 10 0 R", 10, "<</Type/StructTreeRoot/K<</S/P/AF 11 0 R>>>>",
				11, file).file()},
		{name: "a signature", file: catalog("/Perms<</DocMDP 10 0 R>>/DSS<</VRI<<>>>>", 10,
			"<</Type/Sig/Filter/Adobe.PPKLite/Contents<00>/ByteRange[0 1 2 3]>>").file()},
		{name: "threads and beads", file: catalog("/Threads[10 0 R]", 10, "<</Type/Thread/F 11 0 R>>", 11,
			"<</T 10 0 R/N 11 0 R/V 11 0 R/P 3 0 R>>").file()},
		{name: "a base for addresses", file: catalog("/URI<</Base(https://x.example)>>").file()},
		{name: "labels, a language, a way of showing",
			file: catalog("/PageLabels<</Nums[0<</S/D>>]>>/Lang(en)/PageMode/UseAttachments/ViewerPreferences<</HideToolbar" +
				" true>>").file()},
		{name: "what a page was captured from", file: catalog("/SpiderInfo<</V 1.0>>/Names<</URLS<</Names[]>>>>").file()},
		{name: "extensions and requirements",
			file: catalog("/Extensions<</ADBE<</BaseVersion/1.7>>>>/Requirements[<</S/EnableJavaScripts>>]").file()},
		{name: "a thumbnail", file: paged("/Thumb 10 0 R", 10,
			packed("/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "", "x")).file()},
		{name: "a transition and a time to turn the page", file: paged("/Trans<</S/Fly>>/Dur 1").file()},
		{name: "entries that nobody knows",
			file: catalog("/Evil 10 0 R", 10, js, first,
				"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/Evil 10 0 R>>/Evil 10 0"+
					" R>>").file()},
		{name: "entries of a font that nobody knows",
			file: bill(helvetica, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/AA 10 0 R/OpenAction 10 0 R>>", 10, js).file()},
		{name: "entries of a stream that nobody knows",
			file: bill(text, packed("/OpenAction 10 0 R/Metadata 10 0 R", "", shown), 10, js).file()},
		{name: "bytes behind the end of a stream", file: bill(text, packed("", "MZ evil", shown)).file(), not: "MZ evil"},
		{name: "bytes before the header", file: bill().around("MZ evil\n", "", "").file(), not: "MZ evil"},
		{name: "bytes behind the file", file: bill().around("", "", "\nMZ evil").file(), not: "MZ evil"},
		{name: "another file behind the file", file: bill().around("", "", "PK\x03\x04"+strings.Repeat("evil", 500)).file(),
			not: "evil"},
		{name: "comments", file: bytes.Replace(bill().file(), []byte("xref\n"), []byte("%MZ evil\nxref\n"), 1),
			not: "MZ evil"},
		{name: "words in plain sight of a stream that is not packed",
			file: bill(text, raw("", "% /JavaScript /Launch\n"+shown)).file()},
		{name: "a page about JavaScript, with a link",
			file: annotated("<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Border[0 0 0]/A<</S/URI/URI(https://x.example" +
				"/JavaScript)>>>>").file()},
	})
}

// What annotations and fields look like is drawn onto the page; they themselves stay behind.
func TestAnnotations(t *testing.T) {
	look := func(draws string) string { return packed("/Type/XObject/Subtype/Form/BBox[0 0 10 10]", "", draws) }
	stamp := func(more string) string {
		return "<</Type/Annot/Subtype/Stamp/Rect[100 100 120 110]/AP<</N 20 0 R>>" + more + ">>"
	}
	one := func(annotation string, edits ...any) []byte {
		d := annotated(annotation)
		for i := 0; i < len(edits); i += 2 {
			d.objects[edits[i].(int)] = edits[i+1].(string)
		}
		return d.file()
	}
	field := func(more string) string {
		return "<</Type/Annot/Subtype/Widget/Rect[100 100 220 120]/FT/Tx/T(name)" + more + ">>"
	}
	const paid = "(PAID) Tj"
	try(t, []odd{
		{name: "a stamp", file: one(stamp(""), 20, look(paid)),
			draws: "q 2.00000 0 0 1.00000 100.00000 100.00000 cm /Portway0 Do Q"},
		{name: "what a stamp draws", file: one(stamp(""), 20, look(paid)), draws: paid},
		{name: "the page below it", file: one(stamp(""), 20, look(paid))},
		{name: "a stamp whose form does not say that it is one",
			file: one(stamp(""), 20, packed("/BBox[0 0 10 10]", "", paid)), draws: paid},
		{name: "a stamp that is turned",
			file:  one(stamp(""), 20, packed("/Subtype/Form/BBox[0 0 10 10]/Matrix[0 1 -1 0 0 0]", "", paid)),
			draws: "q 2.00000 0 0 1.00000 120.00000 100.00000 cm /Portway0 Do Q"},
		{name: "a stamp in the file itself",
			file: one(stamp("/AF[10 0 R]/A "+js), 20,
				packed("/Subtype/Form/BBox[0 0 10 10]/Resources<</XObject<</X 21 0 R>>>>/AA "+js, "", "/X Do"), 21, look(paid)),
			draws: paid},
		{name: "a state of a box", file: one("<</Subtype/Widget/FT/Btn/Rect[0 0 10 10]/AS/Yes/AP<</N<</Yes 20 0 R/Off 21 0"+
			" R>>>>>>", 20, look(paid), 21, look("off")), draws: paid, not: "off"},
		{name: "a box that is not ticked",
			file: one("<</Subtype/Widget/FT/Btn/Rect[0 0 10 10]/AS/Off/AP<</N<</Yes 20 0 R>>>>>>", 20, look(paid)), not: paid},
		{name: "hidden", file: one(stamp("/F 2"), 20, look(paid)), not: paid},
		{name: "not to be viewed", file: one(stamp("/F 32"), 20, look(paid)), not: paid},
		{name: "a popup", file: one("<</Subtype/Popup/Open true/Rect[0 0 99 99]/AP<</N 20 0 R>>>>", 20, look(paid)),
			not: paid},
		{name: "without a size", file: one("<</Subtype/Stamp/Rect[0 0 0 0]/AP<</N 20 0 R>>>>", 20, look(paid)), not: paid},
		{name: "a form without a size", file: one(stamp(""), 20, packed("/Subtype/Form/BBox[0 0 0 0]", "", paid)), not: paid},
		{name: "without a look", file: one("<</Subtype/Square/Rect[0 0 99 99]>>")},
		{name: "a look that is no form", file: one(stamp(""), 20, "(x)")},
		{name: "a file that is attached",
			file: one("<</Subtype/FileAttachment/Rect[0 0 9 9]/FS<</F(a)/EF<</F 20 0 R>>>>>>", 20,
				packed("/Type/EmbeddedFile", "", "MZ evil")), not: "MZ evil"},
		{name: "a screen, a movie, a sound, three dimensions",
			file: annotated("<</Subtype/Screen/Rect[0 0 9 9]/A<</S/Rendition>>>>",
				"<</Subtype/Movie/Rect[0 0 9 9]/Movie<</F(x)>>>>",
				"<</Subtype/Sound/Rect[0 0 9 9]/Sound 13 0 R>>", packed("/R 8000", "", "x"),
				"<</Subtype/3D/Rect[0 0 9 9]/3DD 13 0 R>>", "<</Subtype/RichMedia/Rect[0 0 9 9]/RichMediaContent<<>>>>").file()},
		{name: "a field with its value drawn", file: one(field("/V(Jane)/AP<</N 20 0 R>>"), 20, look("(Jane) Tj")),
			draws: "(Jane) Tj"},
		{name: "a field with its value not drawn", file: one(field("/V(Jane Roe)")), draws: "<4a616e6520526f65> Tj"},
		{name: "the page below a value", file: one(field("/V(Jane Roe)"))},
		{name: "a value of a field above",
			file:  one("<</Subtype/Widget/Rect[0 0 99 20]/Parent 20 0 R>>", 20, "<</FT/Tx/T(a)/V(Jane)>>"),
			draws: "<4a616e65> Tj"},
		{name: "a value in UTF-16", file: one(field("/V<FEFF004A006F007300E9>")), draws: "<4a6f73e9> Tj"},
		{name: "a value of several lines", file: one(field("/Ff 4096/V(one\\rtwo)")),
			draws: "<6f6e65> Tj T*\n<74776f> Tj T*"},
		{name: "a value that was picked", file: one("<</Subtype/Widget/FT/Ch/Rect[0 0 99 20]/V[(one)(two)]>>"),
			draws: "<6f6e65> Tj"},
		{name: "a comment that is written on the page",
			file: one("<</Subtype/FreeText/Rect[0 0 99 20]/Contents(see below)>>"), draws: "<7365652062656c6f77> Tj"},
		{name: "a value of other letters", file: one(field("/V<FEFF041F>")), why: Unwritable},
		{name: "a value that is a password", file: one(field("/Ff 8192/V(secret)")), not: "736563726574"},
		{name: "a value that is empty", file: one(field("/V()"))},
		{name: "fields above each other without end", file: one("<</Subtype/Widget/Rect[0 0 99 20]/Parent 10 0 R>>")},
		{name: "annotations that are none", file: paged("/Annots[null 1 (x) 99 0 R[]<<>>]").file()},
		{name: "annotations in an object of their own",
			file: paged("/Annots 10 0 R", 10, "[11 0 R]", 11, stamp(""), 20, look(paid)).file(), draws: paid},
	})
}

// A part that lies in another file can't be copied; a mention of another file is left behind.
func TestElsewhere(t *testing.T) {
	pixel := "/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
	draw := func(x string, edits ...any) []byte {
		return resourced("/Font<</F1 5 0 R>>/XObject<</X 10 0 R>>", shown+" /X Do", append([]any{10, x}, edits...)...).file()
	}
	try(t, []odd{
		{name: "a page's content", file: bill(text, raw("/F(\\\\\\\\host\\\\x)", "")).file(), why: Elsewhere},
		{name: "a page's content by a reference",
			file: bill(text, raw("/F 10 0 R", shown), 10, "<</Type/Filespec/FS/URL/F(https://x.example)>>").file(),
			why:  Elsewhere},
		{name: "a page's content by an escaped name", file: bill(text, raw("/#46(x)", "")).file(), why: Elsewhere},
		{name: "an image", file: draw(raw(pixel+"/F(x.raw)", "")), why: Elsewhere},
		{name: "a font", file: bill(helvetica,
			"<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 10 0"+
				" R>>>>", 10, raw("/F(x.ttf)", "")).file(), why: Elsewhere},
		{name: "only the filter of another file",
			file: bill(text, packed("/FFilter/FlateDecode/FDecodeParms null/F null", "", shown)).file()},
		{name: "a stream that is not drawn", file: bill(10, raw("/F(x)", "")).file()},
		{name: "a form that stands for a page of another file",
			file: draw(packed("/Subtype/Form/BBox[0 0 9 9]/Ref<</F(x.pdf)/Page 0>>", "", "(proxy) Tj")), draws: "(proxy) Tj"},
		{name: "an image for printing that lies elsewhere",
			file: draw(packed(pixel+"/OPI<</2.0<</F(x.tif)>>>>/Alternates[<</Image 11 0 R>>]", "", "x"), 11,
				raw(pixel+"/F(x)", ""))},
		{name: "PostScript", file: draw(packed("/Subtype/PS", "", "(x) run")), not: "(x) run"},
		{name: "an object without a kind", file: draw(packed("/Subtype/Evil", "", "evil")), not: "evil"},
		{name: "an object that is no stream", file: draw("<</Subtype/Form>>")},
	})
}

// What is always shown is a part of the page; what never is stays behind; the rest is refused.
func TestLayers(t *testing.T) {
	layers := func(config string, groups ...string) string {
		var refs []string
		for i := range groups {
			refs = append(refs, fmt.Sprintf("%d 0 R", 30+i))
		}
		return "/OCProperties<</OCGs[" + strings.Join(refs, " ") + "]/D<<" + config + ">>>>"
	}
	const (
		on     = "<</Type/OCG/Name(a)>>"
		screen = "<</Type/OCG/Name(a)/Usage<</View<</ViewState/ON>>/Print<</PrintState/OFF>>>>>>"
		rules  = "/AS[<</Event/View/OCGs[30 0 R]/Category[/View]>><</Event/Print/OCGs[30 0 R]/Category[/Print]>>]"
	)
	content := func(config, group string, edits ...any) []byte {
		all := append([]any{root, "<</Type/Catalog/Pages 2 0 R" + layers(config, group) + ">>", 30, group}, edits...)
		return resourced("/Font<</F1 5 0 R>>/Properties<</L 30 0 R>>", "/OC/L BDC "+shown+" EMC", all...).file()
	}
	object := func(config, group string, edits ...any) []byte {
		all := append([]any{root, "<</Type/Catalog/Pages 2 0 R" + layers(config, group) + ">>", 30, group,
			10, packed("/Subtype/Form/BBox[0 0 9 9]/OC 30 0 R", "", "(layer) Tj")}, edits...)
		return resourced("/Font<</F1 5 0 R>>/XObject<</X 10 0 R>>", shown+" /X Do", all...).file()
	}
	note := func(config, group string) []byte {
		return catalog(layers(config, group), first,
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[10 0 R]>>",
			10, "<</Subtype/Stamp/Rect[0 0 9 9]/OC 30 0 R/AP<</N 11 0 R>>>>", 11,
			packed("/Subtype/Form/BBox[0 0 9 9]", "", "(layer) Tj"), 30, group).file()
	}
	several := func(policy string) string { return "<</Type/OCMD/OCGs[30 0 R 32 0 R]" + policy + ">>" }
	member := func(config, policy string) []byte {
		return object(config, on, 10, packed("/Subtype/Form/BBox[0 0 9 9]/OC 31 0 R", "", "(layer) Tj"), 31, several(policy),
			32, on)
	}
	try(t, []odd{
		{name: "content that is shown", file: content("", on)},
		{name: "content that is hidden", file: content("/OFF[30 0 R]", on), why: Layered},
		{name: "content that is hidden unless said otherwise", file: content("/BaseState/OFF", on), why: Layered},
		{name: "content that is shown as said otherwise", file: content("/BaseState/OFF/ON[30 0 R]", on)},
		{name: "content on the screen alone", file: content(rules, screen), why: Layered},
		{name: "content on the screen alone, which no rule asks for", file: content("", screen)},
		{name: "content hidden in a form",
			file: resourced("/Font<</F1 5 0 R>>/XObject<</X 10 0 R>>", shown+" /X Do", root,
				"<</Type/Catalog/Pages 2 0 R"+layers("/OFF[30 0 R]", on)+">>", 30, on,
				10, packed("/Subtype/Form/BBox[0 0 9 9]/Resources<</Properties<</L 30 0 R>>>>", "", "/OC/L BDC (x) Tj EMC")).file(),
			why: Layered},
		{name: "properties that are no layer", file: content("/OFF[30 0 R]", "<</Metadata 30 0 R>>")},
		{name: "a form that is shown", file: object("", on), draws: "(layer) Tj"},
		{name: "a form that is hidden", file: object("/OFF[30 0 R]", on), not: "(layer) Tj"},
		{name: "a form that is printed alone",
			file: object(rules, strings.NewReplacer("ON", "OFF", "OFF", "ON").Replace(screen)), why: Layered},
		{name: "a form of any layer", file: member("/OFF[30 0 R]", ""), draws: "(layer) Tj"},
		{name: "a form of all layers", file: member("/OFF[30 0 R]", "/P/AllOn"), not: "(layer) Tj"},
		{name: "a form where a layer is hidden", file: member("/OFF[30 0 R]", "/P/AnyOff"), draws: "(layer) Tj"},
		{name: "a form where all layers are hidden", file: member("/OFF[30 0 R]", "/P/AllOff"), not: "(layer) Tj"},
		{name: "a form by an expression", file: member("", "/VE[/Not 30 0 R]"), why: Layered},
		{name: "an annotation that is shown", file: note("", on), draws: "(layer) Tj"},
		{name: "an annotation that is hidden", file: note("/OFF[30 0 R]", on), not: "(layer) Tj"},
		{name: "an annotation on the screen alone", file: note(rules, screen), why: Layered},
	})
}

// Programs write PDFs in many ways. What readers forgive is no reason to refuse a file.
func TestForgiven(t *testing.T) {
	file := bill().file()
	change := func(from, to string) []byte {
		if !bytes.Contains(file, []byte(from)) {
			t.Fatalf("no %q", from)
		}
		return bytes.Replace(file, []byte(from), []byte(to), 1)
	}
	pages := func(n int, more string) *draft {
		var kids []string
		d := bill()
		for i := range n {
			kids = append(kids, fmt.Sprintf("%d 0 R", 100+i))
			d.objects[100+i] = d.objects[first]
		}
		d.objects[tree] = "<</Type/Pages" + more + "/Kids[" + strings.Join(kids, " ") + "]>>"
		delete(d.objects, first)
		return d
	}
	nested := pages(1, "/Count 1")
	for i := range 40 {
		nested.objects[200+i] = fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]>>", 201+i)
	}
	nested.objects[240], nested.objects[tree] = nested.objects[100], "<</Type/Pages/Count 1/Kids[200 0 R]>>"
	try(t, []odd{
		{name: "as it should be", file: file},
		{name: "our own letter of agency", file: ours(t), draws: "BT"},
		{name: "compressed", file: bill().compressed()},
		{name: "updated", file: bill().updated(text, packed("", "", "(newer) Tj")), draws: "(newer) Tj", not: "Your bill"},
		{name: "many pages", file: pages(100, "/Count 100").file(), pages: 100},
		{name: "pages below pages below pages", file: nested.file()},

		{name: "junk before the header", file: bill().around("junk\n", "", "").file()},
		{name: "much junk before the header", file: bill().around(strings.Repeat("junk", 500), "", "").file()},
		{name: "junk before the header that offsets do not count", file: append([]byte("HTTP/1.1 200 OK\r\n\r\n"), file...)},
		{name: "a mark of byte order before the header", file: append([]byte("\xef\xbb\xbf"), file...)},
		{name: "spaces before the header", file: append([]byte("\r\n  "), file...)},
		{name: "junk behind the end", file: append(bytes.Clone(file), strings.Repeat("\x00", 3000)...)},
		{name: "a page of the web behind the end", file: append(bytes.Clone(file), "<html></html>"...)},
		{name: "an old version", file: change("%PDF-1.7", "%PDF-1.0")},
		{name: "a new version", file: change("%PDF-1.7", "%PDF-2.0")},
		{name: "a version that does not exist", file: change("%PDF-1.7", "%PDF-9.9")},
		{name: "a version that does not exist in the catalog", file: change("/Type/Catalog", "/Type/Catalog/Version/3.5")},
		{name: "no end of the file", file: change("%%EOF\n", "")},
		{name: "no table", file: change("xref\n0 1", "xxxx\n0 1")},
		{name: "a table at another place", file: change("startxref\n", "startxref\n9")},
		{name: "a table at no place", file: change("startxref\n", "startxref\n0\n%%EOF")},
		{name: "a trailer without a size", file: change("/Size 6", "")},
		{name: "lines that end in other ways",
			file: bytes.ReplaceAll(bill(text, raw("", shown)).file(), []byte("endobj\n"), []byte("endobj\r\n"))},

		// These were written by qpdf 12, by way of pikepdf 10.18: the library must not be the only one to know its
		// encryption.
		{name: "linear, with object streams", file: saved(t, "linear")},
		{name: "opened by everybody, RC4 of 40 bits", file: saved(t, "owner-rc4-40")},
		{name: "opened by everybody, RC4 of 128 bits", file: saved(t, "owner-rc4-128")},
		{name: "opened by everybody, AES of 128 bits", file: saved(t, "owner-aes-128")},
		{name: "opened by everybody, AES of 256 bits", file: saved(t, "owner-aes-256")},
		{name: "opened by everybody, as the library writes it", file: bill().locked(t, true, 256, "")},

		{name: "no type of the catalog", file: bill(root, "<</Pages 2 0 R>>").file()},
		{name: "no type of the tree", file: bill(tree, "<</Count 1/Kids[3 0 R]>>").file()},
		{name: "no type of a page", file: bill(first,
			"<</Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>").file()},
		{name: "another type of a page", file: bill(first, "<</Type/Template/MediaBox[0 0 9 9]/Contents 4 0 R>>").file()},
		{name: "a count that is too low", file: pages(3, "/Count 1").file(), pages: 3},
		{name: "a count that is too high", file: pages(2, "/Count 99999").file(), pages: 2},
		{name: "a count below zero", file: pages(2, "/Count -2").file(), pages: 2},
		{name: "no count", file: pages(2, "").file(), pages: 2},
		{name: "pages outside the tree",
			file: bill(10, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 11 0 R>>", 11,
				packed("", "", "(outside) Tj")).file(), not: "(outside)"},
		{name: "all pages outside the tree", file: bill(tree, "<</Type/Pages/Count 0/Kids[]>>").file()},
		{name: "no tree", file: bill(root, "<</Type/Catalog>>").file()},
		{name: "a page in place of the tree", file: bill(root, "<</Type/Catalog/Pages 3 0 R>>").file()},
		{name: "a page twice", file: bill(tree, "<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>").file(), pages: 2},
		{name: "kids that are none", file: bill(tree, "<</Type/Pages/Count 1/Kids[null 99 0 R(x)7 3 0 R 2 0 R]>>").file()},
		{name: "a page that stands in the tree itself",
			file: bill(tree, "<</Type/Pages/Count 1/Kids[<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5"+
				" 0 R>>>>>>]>>").file()},
		{name: "inherited", file: bill(tree,
			"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 612 792]/Rotate 90/Resources<</Font<</F1 5 0 R>>>>>>", first,
			"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>").file()},
		{name: "no size", file: bill(first,
			"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>").file()},
		{name: "a size that is none", file: bill(first,
			"<</Type/Page/MediaBox[0 0 x]/Contents 4 0 R/Resources<<>>>>").file()},
		{name: "a size by references", file: bill(first, "<</Type/Page/MediaBox 10 0 R/Contents 4 0 R/Resources<<>>>>", 10,
			"[0 0 11 0 R 792.50]", 11, "612").file()},
		{name: "no resources", file: bill(first, "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R>>").file()},
		{name: "resources that are none",
			file: bill(first, "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources 7>>").file()},
		{name: "resources in an object of their own",
			file: bill(first, "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources 10 0 R>>", 10, "<</Font 11 0 R>>", 11,
				"<</F1 5 0 R>>").file()},
		{name: "content in pieces", file: bill(first,
			"<</Type/Page/MediaBox[0 0 9 9]/Contents[10 0 R 4 0 R null]/Resources<<>>>>", 10, packed("", "", "q Q")).file()},
		{name: "content in pieces in an object of its own",
			file: bill(first, "<</Type/Page/MediaBox[0 0 9 9]/Contents 10 0 R/Resources<<>>>>", 10, "[4 0 R]").file()},
		{name: "names with escapes", file: bill(first,
			"<</Type/P#61ge/Me#64iaBox[0 0 9 9]/Cont#65nts 4 0 R/Resources<</Font<</F#31 5 0 R>>>>>>").file()},
		{name: "names of odd letters", file: bill(first,
			"<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F#20#2f#28\xe9 5 0 R>>>>>>").file()},
		{name: "objects in objects in objects",
			file: catalog("/X " + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000)).file()},
		{name: "an entry twice", file: bill(first,
			"<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Contents 10 0 R/Resources<<>>>>", 10,
			packed("", "", "(second) Tj")).file(), draws: " Tj"},

		{name: "a length that is too short",
			file:  bill(text, strings.Replace(raw("", shown), fmt.Sprint("/Length ", len(shown)), "/Length 3", 1)).file(),
			draws: "BT"},
		{name: "a length by a reference",
			file: bill(text, strings.Replace(raw("", shown), fmt.Sprint("/Length ", len(shown)), "/Length 10 0 R", 1), 10,
				fmt.Sprint(len(shown))).file()},
		{name: "not packed", file: bill(text, raw("", shown)).file()},
		{name: "packed as hexadecimal digits", file: bill(text, raw("/Filter/ASCIIHexDecode", inHex(shown))).file()},
		{name: "packed as ASCII85", file: bill(text, raw("/Filter/ASCII85Decode", in85(shown))).file()},
		{name: "packed in runs", file: bill(text, raw("/Filter/RunLengthDecode", runs(shown))).file()},
		{name: "packed twice", file: bill(text, raw("/Filter[/ASCII85Decode/FlateDecode]", in85(flated(shown)))).file()},
		{name: "packed three times", file: bill(text,
			raw("/Filter[/ASCIIHexDecode/FlateDecode/RunLengthDecode]", inHex(flated(runs(shown))))).file()},
		{name: "packed under short names", file: bill(text, raw("/Filter[/AHx/Fl]", inHex(flated(shown)))).file()},
		{name: "packed with parameters that change nothing",
			file: bill(text, raw("/Filter/FlateDecode/DecodeParms<</Predictor 1>>", flated(shown))).file()},
		{name: "parameters by a reference",
			file: bill(text, raw("/Filter[/FlateDecode]/DecodeParms[10 0 R]", flated(shown)), 10,
				"<</Predictor 1/Evil "+js+">>").file()},
		{name: "packed data that is cut off",
			file: bill(text, raw("/Filter/FlateDecode", flated(shown + strings.Repeat(" ", 9999))[:60])).file(), draws: "BT"},
		{name: "packed data with a wrong sum",
			file: bill(text, raw("/Filter/FlateDecode", flated(shown)[:len(flated(shown))-2]+"xx")).file()},
		{name: "packed data that is none", file: bill(text, raw("/Filter/FlateDecode", "no data")).file(), draws: "\n"},
		{name: "no content", file: bill(first, "<</Type/Page/MediaBox[0 0 9 9]/Resources<<>>>>").file(), draws: nothing},
		{name: "an empty content", file: bill(text, raw("", "")).file(), draws: "\n"},
	})
}

func TestRefused(t *testing.T) {
	file := bill().file()
	try(t, []odd{
		{name: "nothing", file: nil, why: NotPDF},
		{name: "a picture", file: []byte("\x89PNG\r\n\x1a\n"), why: NotPDF},
		{name: "a page of the web that mentions PDF", file: []byte("<html>%PDF-1.7</html>"), why: NotPDF},
		{name: "a header alone", file: []byte("%PDF-1.7\n"), why: Unreadable},
		{name: "cut off", file: file[:len(file)/3], why: Unreadable},
		{name: "cut off before the content of its page", file: file[:bytes.Index(file, []byte(fmt.Sprintf("\n%d 0 obj", text)))],
			why: Unreadable},
		{name: "content that is nowhere", file: bytes.ReplaceAll(file, []byte(fmt.Sprintf("/Contents %d 0 R", text)),
			[]byte("/Contents 77 0 R")), why: Unreadable},
		{name: "a part of the content is nowhere", file: bytes.ReplaceAll(file, []byte(fmt.Sprintf("/Contents %d 0 R", text)),
			[]byte(fmt.Sprintf("/Contents[%d 0 R 77 0 R]", text))), why: Unreadable},
		{name: "no pages", file: bill(tree, "<</Type/Pages/Count 0/Kids[]>>", first, "<<>>").file(), why: NoPages},
		{name: "one page too many", file: kids(101, "/Count 101"), why: TooLong},
		{name: "one page too many that is not counted", file: kids(101, "/Count 1"), why: TooLong},
		{name: "a page a hundred thousand times",
			file: bill(tree, "<</Type/Pages/Count 1/Kids["+strings.Repeat("3 0 R ", 100_000)+"]>>").file(), why: TooLong},
		{name: "opened with a password", file: saved(t, "user-aes-256"), why: Locked},
		{name: "opened with a password, as of old", file: bill().locked(t, false, 40, "user"), why: Locked},
		{name: "encrypted for its readers",
			file: bill(10, "<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/CF<<>>/Recipients[]>>").around("",
				"/Encrypt 10 0 R/ID[<00><00>]", "").file(), why: Encrypted},
		{name: "encrypted by an entry of the trailer",
			file: bill().around("", "/Encrypt<</Filter/Standard/V 1/R 2/O<00>/U<00>/P -4>>", "").file(), why: Encrypted},
		{name: "packed in a way that nobody knows", file: bill(text, raw("/Filter/BrotliDecode", "x")).file(),
			why: Unreadable},
		{name: "larger than may be", file: append(bytes.Clone(file), make([]byte, MaxSize)...), why: TooLarge},
	})
}

// kids is a bill of so many pages.
func kids(n int, more string) []byte {
	d := bill()
	var kids []string
	for i := range n {
		kids = append(kids, fmt.Sprintf("%d 0 R", 100+i))
		d.objects[100+i] = d.objects[first]
	}
	d.objects[tree] = "<</Type/Pages" + more + "/Kids[" + strings.Join(kids, " ") + "]>>"
	return d.file()
}

func sortedKeys(m map[string]string) []string {
	d := dict{}
	for k := range m {
		d[k] = true
	}
	return sortedNames(d)
}

func ours(t *testing.T) []byte {
	t.Helper()
	o := porting.Order{ID: "1", Numbers: []porting.Number{{TN: "+12065550101"}}}
	o.Signature = porting.Signature{Name: "Jane Roe", Title: "Owner", At: time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)}
	file, err := document.LOA(o)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func saved(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name + ".pdf")
	if err != nil {
		t.Fatal(err)
	}
	return file
}
