package reprint

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	sentences "portway/internal/text"
)

// Each of these was made to take a reader's time or memory. The process that reads it stays within its limits, and
// there is an answer: the pages, or why there are none.
func TestLimits(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("the limits of memory and time are those of a program without the race detector; make test runs it so")
	}
	zeros := func(mb int) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		block := make([]byte, 1<<20)
		for range mb {
			_, _ = w.Write(block)
		}
		_ = w.Close()
		return b.String()
	}
	scan, bomb := zeros(50), zeros(250)
	many := func(n int, object func(i int) string, edits ...any) *draft {
		d := bill(edits...)
		for i := range n {
			d.objects[100+i] = object(i)
		}
		return d
	}
	refs := func(n int, same bool) string {
		var b strings.Builder
		for i := range n {
			if same {
				i = 0
			}
			fmt.Fprintf(&b, "/X%d %d 0 R", len(b.String()), 100+i)
		}
		return b.String()
	}
	image := "/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
	doubled := func(kind string) *draft { // each level names the next one twice: 2^60 ways lead to the last one
		return many(60, func(i int) string {
			switch kind {
			case "tree":
				return fmt.Sprintf("<</Type/Pages/Kids[%d 0 R %d 0 R]>>", 101+i, 101+i)
			case "functions":
				return fmt.Sprintf("<</FunctionType 3/Domain[0 1]/Functions[%d 0 R %d 0 R]/Bounds[.5]/Encode[0 1 0 1]>>", 101+i,
					101+i)
			}
			return packed(fmt.Sprintf("/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</A %d 0 R/B %d 0 R>>>>", 101+i, 101+i),
				"", "/A Do /B Do")
		})
	}
	tree := doubled("tree")
	tree.objects[root] = "<</Type/Catalog/Pages 100 0 R>>"
	functions := doubled("functions")
	functions.objects[first] = "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</ColorSpace<</C[/Separation/A" +
		"/DeviceGray 100 0 R]>>>>>>"
	forms := doubled("forms")
	forms.objects[first] = "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</A 100 0 R>>>>>>"
	for _, test := range []struct {
		name string
		file []byte
		why  Why
	}{
		{"a content that unpacks to more than an image can need", bill(text, raw("/Filter/FlateDecode", zeros(300))).file(),
			Unreadable},
		{"an image that unpacks to as much as one can need", bill(text, raw("/Filter/FlateDecode", scan)).file(), ""},
		{"a content that is packed twice and unpacks to more",
			bill(text, raw("/Filter[/FlateDecode/FlateDecode]", flated(zeros(300)))).file(), Unreadable},
		{"many images that unpack to gigabytes", many(20, func(int) string { return raw(image, bomb) }, first,
			"<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<<"+refs(20, false)+">>>>>>").file(), Unreadable},
		{"an object stream that unpacks to more than is read", bursting(bomb), Unreadable},
		{"pages by more ways than can be walked", tree.file(), Unreadable},
		{"functions by more ways than can be walked", functions.file(), ""},
		{"forms by more ways than can be walked", forms.file(), ""},
		{"an image under ten thousand names", many(1, func(int) string { return raw(image, flated("x")) }, first,
			"<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<<"+refs(10_000, true)+">>>>>>").file(), ""},
		{"ten thousand objects", many(10_000,
			func(int) string { return packed(image[:strings.Index(image, "/Filter")], "", "x") }, first,
			"<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<<"+refs(10_000, false)+">>>>>>").file(), ""},
		{"forms in forms, a thousand deep", many(1000, func(i int) string {
			return packed(fmt.Sprintf("/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</A %d 0 R>>>>", 101+i), "", "/A Do")
		}, first, "<</Type/Page/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</A 100 0 R>>>>>>").file(), ""},
		{"references in references, a thousand deep",
			many(1000, func(i int) string { return fmt.Sprintf("%d 0 R", 101+i) }, first,
				"<</Type/Page/MediaBox 100 0 R/Contents 4 0 R/Resources<<>>>>").file(), ""},
		{"ten thousand stamps", paged("/Annots["+strings.Repeat("10 0 R ", 10_000)+"]", 10,
			"<</Subtype/Stamp/Rect[0 0 9 9]/AP<</N 11 0 R>>>>", 11,
			packed("/Subtype/Form/BBox[0 0 9 9]", "", "x")).file(), ""},
		{"twenty megabytes of brackets", catalog("/X " + strings.Repeat("[", 10<<20) + strings.Repeat("]", 9<<20)).file(),
			""},
		{"two megabytes of names", catalog("/X[" + strings.Repeat("/A", 1<<20) + "]").file(), ""},
		{"twenty megabytes of nothing", append(bytes.Repeat([]byte("%\n"), 9<<20), bill().file()...), ""},
		{"twenty megabytes that do not get smaller", bill(text, raw("", string(noise(MaxSize-2000)))).file(), TooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			began := time.Now()
			made, pages, why, err := File(t.Context(), test.file)
			if err != nil || test.why != "" && !why.Equal(test.why.message()) || why.IsZero() && (pages != 1 || len(made) > MaxSize) ||
				time.Since(began) > timeLimit+5*time.Second {
				t.Errorf("%d pages, %d bytes, %q, %v; want %q", pages, len(made), why.Key, err, test.why)
			}
			if why.IsZero() {
				clean(t, made)
			}
			t.Logf("%d bytes in, %d out, %q, %v", len(test.file), len(made), why.Key, time.Since(began).Round(time.Millisecond))
		})
	}
}

// bursting is a PDF whose objects lie in an object stream of that packed data.
func bursting(data string) []byte {
	file := bill().compressed()
	begin := bytes.LastIndex(file[:bytes.Index(file, []byte("/Type/ObjStm"))], []byte("<<"))
	end := begin + bytes.Index(file[begin:], []byte("\nendobj"))
	return append(append(bytes.Clone(file[:begin]), raw("/Type/ObjStm/N 2/First 9/Filter/FlateDecode", data)...),
		file[end:]...)
}

// noise is bytes that no packing makes smaller.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint64(1)
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x)
	}
	return b
}

func TestFile(t *testing.T) {
	made, pages, why, err := File(t.Context(), kids(3, "/Count 3"))
	if err != nil || !why.IsZero() || pages != 3 || len(clean(t, made).pages) != 3 {
		t.Errorf("%d pages, %q, %v", pages, why.Key, err)
	}
	again, _, _, err := File(t.Context(), kids(3, "/Count 3"))
	if err != nil || !bytes.Equal(made, again) {
		t.Errorf("the same file makes another PDF (%v)", err)
	}
	letter := ours(t)
	acting := bytes.Replace(letter, []byte("/Type /Catalog"), []byte("/Type /Catalog\n/OpenAction<</S/JavaScript/JS(1)>>"),
		1)
	with, _, _, err := File(t.Context(), acting)
	if err != nil || bytes.Equal(letter, acting) {
		t.Fatal("the letter has no script", err)
	}
	if without, _, _, err := File(t.Context(), letter); err != nil || !bytes.Equal(with, without) {
		t.Errorf("a script makes another PDF (%v)", err)
	}
	if made, _, why, err := File(t.Context(), []byte("GIF89a")); err != nil || made != nil || !why.Equal(NotPDF.message()) {
		t.Errorf("%d bytes, %q, %v", len(made), why.Key, err)
	}
	for why, says := range map[Why]int{TooLong: MaxPages, TooLarge: MaxSize >> 20} {
		if !strings.Contains(sentences.English.Message(why.message()), fmt.Sprint(" ", says, " ")) {
			t.Errorf("%q does not say %d", why, says)
		}
	}
}

func TestOurTimeIsNotTheFilesFault(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, why, err := File(ctx, bill().file()); err == nil || !why.IsZero() {
		t.Errorf("%q %v", why.Key, err)
	}
}

// A process that writes what it should not is not believed.
func TestAProcessThatFails(t *testing.T) {
	var out bytes.Buffer
	if err := work(bytes.NewReader(bill().file()), &out); err != nil {
		t.Fatal(err)
	}
	first, made, _ := bytes.Cut(out.Bytes(), []byte("\n"))
	if string(first) != `{"pages":1,"why":""}` {
		t.Errorf("the first line is %s", first)
	}
	clean(t, made)
	if err := work(bytes.NewReader(bill().file()), &bounded{most: 100}); err == nil {
		t.Error("more was written than may be")
	}
}

// Whatever comes, there is an answer, and what is made has pages and nothing else.
func FuzzReprint(f *testing.F) {
	f.Add(bill().file())
	f.Add(bill().compressed())
	f.Add(everything().file())
	f.Add(annotated("<</Subtype/Widget/FT/Tx/V(x)/Rect[0 0 99 20]>>").file())
	for _, name := range []string{"linear", "owner-aes-256", "owner-rc4-40"} {
		file, err := os.ReadFile("testdata/" + name + ".pdf")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		made, pages, err := remake(file)
		if err != nil {
			return
		}
		if s := clean(t, made); pages < 1 || len(s.pages) != pages {
			t.Errorf("%d pages, %d in the file", pages, len(s.pages))
		}
	})
}
