package inspect

import (
	"bytes"
	"compress/zlib"
	"context"
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

// pdf is a file of the objects, numbered from 1; the first is the catalog.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

// bill is a bill of n pages; more stands in its catalog, and further objects begin at number n+3.
func bill(n int, more string, further ...string) []byte {
	var kids []string
	for i := range n {
		kids = append(kids, fmt.Sprintf("%d 0 R", i+3))
	}
	objects := []string{"<</Type/Catalog/Pages 2 0 R" + more + ">>", fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, strings.Join(kids, " "))}
	for range n {
		objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>")
	}
	return pdf(append(objects, further...)...)
}

func stream(entries string, data []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", entries, len(data), data)
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// packed is a bill whose catalog's additions lie in a compressed object stream, where no search of the bytes finds them.
func packed(action string) []byte {
	inside := "3 0 4 " + fmt.Sprint(len("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>> ")) + " "
	body := inside + "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>> " + action
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at [8]int
	add := func(n int, text string) {
		at[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, text)
	}
	add(1, "<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>")
	add(2, "<</Type/Pages/Count 1/Kids[3 0 R]>>")
	add(5, stream(fmt.Sprintf("/Type/ObjStm/N 2/First %d/Filter/FlateDecode", len(inside)), deflated([]byte(body))))
	at[6] = b.Len()
	row := func(kind, x, y int) []byte { return []byte{byte(kind), byte(x >> 8), byte(x), byte(y)} }
	var table []byte
	for _, r := range [][]byte{row(0, 0, 255), row(1, at[1], 0), row(1, at[2], 0), row(2, 5, 0), row(2, 5, 1), row(1, at[5], 0), row(1, at[6], 0)} {
		table = append(table, r...)
	}
	add(6, stream("/Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Filter/FlateDecode", deflated(table)))
	fmt.Fprintf(&b, "startxref\n%d\n%%%%EOF\n", at[6])
	return b.Bytes()
}

func letter(t *testing.T) []byte {
	t.Helper()
	file, err := document.LOA(porting.Order{ID: "1", Numbers: []porting.Number{{TN: "+12065550101"}},
		Given: porting.Given{Signature: porting.Signature{Name: "Jane Roe", Title: "Owner", At: time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)}}})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFile(t *testing.T) {
	whole := bill(2, "")
	js := "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
	for _, test := range []struct {
		name  string
		file  []byte
		pages int
		why   string
	}{
		{"a bill", whole, 2, ""},
		{"our own letter", letter(t), 1, ""},
		{"as many pages as may be", bill(100, ""), 100, ""},
		{"an open action that only turns a page", bill(1, "/OpenAction[3 0 R/Fit]"), 1, ""},
		{"objects in a compressed stream", packed("<</S/GoTo/D[3 0 R/Fit]>>"), 1, ""},
		{"damaged cross references, which readers mend", bytes.Replace(whole, []byte("startxref\n"), []byte("startxref\n9"), 1), 2, ""},

		{"nothing", nil, 0, NoPDF},
		{"a picture", []byte("\x89PNG\r\n\x1a\n"), 0, NoPDF},
		{"a page of the web", []byte("<html>%PDF-1.7</html>"), 0, NoPDF},
		{"a name alone", []byte("%PDF-1.7\n"), 0, Unreadable},
		{"cut off", whole[:len(whole)/3], 0, Unreadable},
		{"no pages", pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"), 0, NoPages},
		{"too many pages", bill(101, ""), 0, TooLong},
		{"too many pages that are not counted", bytes.Replace(bill(101, ""), []byte("/Count 101"), []byte("/Count 1  "), 1), 0, TooLong},
		{"encrypted", bytes.Replace(bill(1, "", "<</Filter/Standard/V 1/R 2/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)/P -4>>"),
			[]byte("/Root 1 0 R"), []byte("/Encrypt 4 0 R/ID[(0123456789abcdef)(0123456789abcdef)]/Root 1 0 R"), 1), 0, Encrypted},

		{"a script when it is opened", bill(1, js), 0, active(scripts)},
		{"a script behind a reference", bill(1, "/OpenAction 4 0 R", "<</S/JavaScript/JS(app.alert\\(1\\))>>"), 0, active(scripts)},
		{"a script by escapes", bill(1, "/OpenAction<</S/J#61vaScript/J#53(1)>>"), 0, active(scripts)},
		{"a script in a compressed stream", packed("<</S/JavaScript/JS(1)>>"), 0, active(scripts)},
		{"a script in the tree of names", bill(1, "/Names<</JavaScript<</Names[]>>>>"), 0, active(scripts)},
		{"a script at an event", bill(1, "/AA<</WC<</S/JavaScript/JS(1)>>>>"), 0, active(scripts)},
		{"a script in an older revision", append([]byte("%PDF-1.7\n9 0 obj\n<</S/JavaScript>>\nendobj\n"), whole...), 0, active(scripts)},
		{"a program", bill(1, "/OpenAction<</S/Launch/F(cmd.exe)>>"), 0, active(actions)},
		{"data sent", bill(1, "/OpenAction<</S/SubmitForm/F(http://x)>>"), 0, active(actions)},
		{"an attachment", bill(1, "/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/EF<</F 4 0 R>>>>]>>>>", stream("", []byte("MZ"))), 0, active(files)},
		{"a place for attachments without any", bill(1, "/Names<</EmbeddedFiles<</Names[]>>>>"), 1, ""},
		{"an attachment's stream", bill(1, "", stream("/Type/EmbeddedFile", []byte("MZ"))), 0, active(files)},
		{"media", bill(1, "", "<</Type/Annot/Subtype/RichMedia>>"), 0, active(media)},
		{"a form of the XFA kind", bill(1, "/AcroForm<</Fields[]/XFA[]>>"), 0, active(forms)},
		{"objects in objects in objects", bill(1, "/X"+strings.Repeat("[", 50_000)+strings.Repeat("]", 50_000)), 0, Unreadable},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pages, why, err := File(t.Context(), test.file)
			if err != nil || why != test.why || why == "" && pages != test.pages {
				t.Errorf("%d pages, %q, %v; want %d, %q", pages, why, err, test.pages, test.why)
			}
		})
	}
}

// A small file that unpacks to a quarter of a gigabyte costs a process, and nothing else.
func TestABomb(t *testing.T) {
	if testing.Short() {
		t.Skip("it packs 256 MB")
	}
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 256 {
		_, _ = w.Write(zeros)
	}
	_ = w.Close()
	file := packed("<<>>")
	body := stream("/Type/ObjStm/N 2/First 9/Filter/FlateDecode", b.Bytes())
	begin, end := bytes.Index(file, []byte("5 0 obj\n")), bytes.Index(file, []byte("6 0 obj\n"))
	file = append(append(append([]byte{}, file[:begin]...), []byte("5 0 obj\n"+body+"\nendobj\n")...), file[end:]...)
	_, why, err := File(t.Context(), file)
	if err != nil || why != Unreadable {
		t.Errorf("%q %v", why, err)
	}
}

func TestOurTimeIsNotTheFilesFault(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, why, err := File(ctx, bill(1, "")); err == nil || why != "" {
		t.Errorf("%q %v", why, err)
	}
}

// Whatever comes, there is a verdict.
func FuzzLook(f *testing.F) {
	f.Add(bill(2, ""))
	f.Add(packed("<</S/JavaScript/JS(1)>>"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if v := look(file); v.Why == "" && v.Pages < 1 {
			t.Errorf("%+v", v)
		}
	})
}
