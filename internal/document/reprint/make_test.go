package reprint

import (
	"bufio"
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"context"
	"encoding/ascii85"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// shown is what the content of a made page draws.
const shown = "BT /F1 12 Tf 72 700 Td (Your bill) Tj ET"

// draft is a PDF that is being made: objects by their numbers, and what stands around them.
type draft struct {
	objects map[int]string
	trailer string // beside Size and Root
	before  string
	behind  string
}

// Objects of a draft that is a bill of one page. Numbers from 10 on are the tests'.
const (
	root, tree, first, text, helvetica = 1, 2, 3, 4, 5
)

// bill is a bill of one page, changed by the edits: each is an object's number and its text.
func bill(edits ...any) *draft {
	d := &draft{objects: map[int]string{
		root:      "<</Type/Catalog/Pages 2 0 R>>",
		tree:      "<</Type/Pages/Count 1/Kids[3 0 R]>>",
		first:     "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		text:      packed("", "", shown),
		helvetica: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}}
	for i := 0; i < len(edits); i += 2 {
		d.objects[edits[i].(int)] = edits[i+1].(string)
	}
	return d
}

// catalog is a bill with more in its catalog.
func catalog(more string, edits ...any) *draft {
	return bill(append([]any{root, "<</Type/Catalog/Pages 2 0 R" + more + ">>"}, edits...)...)
}

// paged is a bill with more on its page.
func paged(more string, edits ...any) *draft {
	return bill(append([]any{first, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font" +
		"<</F1 5 0 R>>>>" + more + ">>"}, edits...)...)
}

// resourced is a bill whose page has other resources and content.
func resourced(resources, content string, edits ...any) *draft {
	return bill(append([]any{
		first, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<" + resources + ">>>>", text,
		packed("", "", content),
	}, edits...)...)
}

// annotated is a bill with annotations on its page: objects from 10 on, one each.
func annotated(annotations ...string) *draft {
	var refs []string
	var edits []any
	for i, a := range annotations {
		refs = append(refs, fmt.Sprintf("%d 0 R", 10+i))
		edits = append(edits, 10+i, a)
	}
	return paged("/Annots["+strings.Join(refs, " ")+"]", edits...)
}

// tried changes a draft's trailer, and what stands before and behind it.
func (d *draft) around(before, trailer, behind string) *draft {
	d.before, d.trailer, d.behind = before, trailer, behind
	return d
}

func (d *draft) file() []byte {
	var b bytes.Buffer
	b.WriteString(d.before + "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	d.write(&b, d.objects, "")
	b.WriteString(d.behind)
	return b.Bytes()
}

// write writes objects with their table; more goes into the trailer.
func (d *draft) write(b *bytes.Buffer, objects map[int]string, more string) {
	numbers := slices.Sorted(maps.Keys(objects))
	at := map[int]int{}
	for _, n := range numbers {
		at[n] = b.Len()
		fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	table := b.Len()
	b.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for _, n := range numbers {
		fmt.Fprintf(b, "%d 1\n%010d 00000 n \n", n, at[n])
	}
	fmt.Fprintf(b, "trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n", numbers[len(numbers)-1]+1, d.trailer,
		more, table)
}

// updated is a draft with other objects in an incremental update behind it.
func (d *draft) updated(edits ...any) []byte {
	var b bytes.Buffer
	b.Write(d.file())
	at := bytes.LastIndex(b.Bytes(), []byte("xref\n0 1\n"))
	objects := map[int]string{}
	for i := 0; i < len(edits); i += 2 {
		objects[edits[i].(int)] = edits[i+1].(string)
	}
	d.write(&b, objects, fmt.Sprintf("/Prev %d", at))
	return b.Bytes()
}

// compressed is a draft whose objects lie in an object stream, save its streams, with a cross-reference stream.
func (d *draft) compressed() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := map[int][3]int{0: {0, 0, 255}}
	var index, inside strings.Builder
	n := 0
	last := slices.Max(slices.Collect(maps.Keys(d.objects)))
	for _, number := range slices.Sorted(maps.Keys(d.objects)) {
		o := d.objects[number]
		if strings.Contains(o, "stream\n") {
			at[number] = [3]int{1, b.Len(), 0}
			fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", number, o)
			continue
		}
		at[number] = [3]int{2, last + 1, n}
		fmt.Fprintf(&index, "%d %d ", number, inside.Len())
		inside.WriteString(o + " ")
		n++
	}
	at[last+1] = [3]int{1, b.Len(), 0}
	fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", last+1,
		packed(fmt.Sprintf("/Type/ObjStm/N %d/First %d", n, index.Len()), "", index.String()+inside.String()))
	at[last+2] = [3]int{1, b.Len(), 0}
	table := b.Len()
	var rows []byte
	for i := range last + 3 {
		r := at[i]
		rows = append(rows, byte(r[0]), byte(r[1]>>16), byte(r[1]>>8), byte(r[1]), byte(r[2]))
	}
	fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", last+2,
		packed(fmt.Sprintf("/Type/XRef/Size %d/W[1 3 1]/Root 1 0 R", last+3), "", string(rows)), table)
	return b.Bytes()
}

// locked is a draft that is encrypted, to be opened with a password or, where that is empty, by everybody.
func (d *draft) locked(t testing.TB, aes bool, bits int, password string) []byte {
	t.Helper()
	model.ConfigPath = "disable"
	conf := model.NewAESConfiguration(password, "owner", bits)
	if !aes {
		conf = model.NewRC4Configuration(password, "owner", bits)
	}
	conf.Cmd = model.ENCRYPT
	doc, err := pdfcpu.ReadWithContext(context.Background(), bytes.NewReader(d.file()), conf)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	doc.Write.Writer = bufio.NewWriter(&b)
	if err := errors.Join(pdfcpu.WriteContext(doc), doc.Write.Flush()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// raw is a stream of these bytes; the entries stand beside its length.
func raw(entries, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", entries, len(data), data)
}

// packed is a stream that is packed with Flate; behind stands behind the end of its data.
func packed(entries, behind, data string) string {
	return raw(entries+"/Filter/FlateDecode", flated(data)+behind)
}

func flated(data string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(data))
	_ = w.Close()
	return b.String()
}

func lzwed(data string) string {
	var b bytes.Buffer
	w := lzw.NewWriter(&b, lzw.MSB, 8)
	_, _ = w.Write([]byte(data))
	_ = w.Close()
	return b.String()
}

func in85(data string) string {
	b := make([]byte, ascii85.MaxEncodedLen(len(data)))
	return string(b[:ascii85.Encode(b, []byte(data))]) + "~>"
}

func inHex(data string) string { return hex.EncodeToString([]byte(data)) + ">" }

// runs is data as RunLength has it: literal pieces of at most 128 bytes.
func runs(data string) string {
	var b strings.Builder
	for piece := range slices.Chunk([]byte(data), 128) {
		b.WriteByte(byte(len(piece) - 1))
		b.Write(piece)
	}
	return b.String() + "\x80"
}
