package porting

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func withDocument(edit func(*Document)) AddDocument {
	d := bill
	edit(&d)
	return AddDocument{customer, d}
}

// What may not be added is told with every fault by its field.
func TestDocumentFaults(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*Document)
		want string
	}{
		{"OK", func(*Document) {}, ""},
		{"issued today", func(d *Document) { d.Dated = "2027-03-02" }, ""},
		{"a bill of 30 days", func(d *Document) { d.Dated = "2027-01-31" }, ""},
		{"a bill of 31 days", func(d *Document) { d.Dated = "2027-01-30" }, "dated out_of_range"},
		{"another old document", func(d *Document) { d.Kind, d.Dated = OtherDocument, "2020-01-30" }, ""},
		{"issued tomorrow", func(d *Document) { d.Dated = "2027-03-03" }, "dated out_of_range"},
		{"no date", func(d *Document) { d.Dated = "last week" }, "dated invalid_format"},
		{"no name", func(d *Document) { d.Name = "" }, "filename required"},
		{"no PDF", func(d *Document) { d.Name = "bill.exe" }, "filename invalid_format"},
		{"a name that turns around", func(d *Document) { d.Name = "bill\u202efdp.pdf" }, "filename invalid_format"},
		{"a long name", func(d *Document) { d.Name = strings.Repeat("x", 97) + ".pdf" }, "filename too_long"},
		{"the longest name", func(d *Document) { d.Name = strings.Repeat("é", 96) + ".pdf" }, ""},
		{"no such kind", func(d *Document) { d.Kind = "selfie" }, "kind invalid_format"},
		{"too large", func(d *Document) { d.Size = MaxDocumentSize + 1 }, "size out_of_range"},
		{"the largest", func(d *Document) { d.Size = MaxDocumentSize }, ""},
		{"less than nothing", func(d *Document) { d.Size = -1 }, "size out_of_range"},
		{"the longest address", func(d *Document) { d.From = "https://example.com/" + strings.Repeat("a", 1980) }, ""},
		{"a longer one", func(d *Document) { d.From = "https://example.com/" + strings.Repeat("a", 1981) }, "url too_long"},
		{"no web address", func(d *Document) { d.From = "ftp://example.com/bill.pdf" }, "url invalid_format"},
		{"an address with credentials", func(d *Document) { d.From = "https://me:pass@example.com/bill.pdf" }, "url invalid_format"},
		{"all at once", func(d *Document) { d.Name, d.Kind, d.Dated = "", "selfie", "2020-01-01" }, "filename required, kind invalid_format"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Pending)
			o, _, err := l.r.Apply(l.o, withDocument(test.edit), l.at)
			var got []string
			var e *Error
			if errors.As(err, &e) {
				for _, f := range e.Faults {
					got = append(got, f.Field+" "+string(f.Code))
				}
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("%v, want %s", got, test.want)
			}
			if err == nil && len(o.Documents) != 1 {
				t.Errorf("documents %v", o.Documents)
			}
		})
	}
	t.Run("a toll-free number may be proved by a bill of 90 days", func(t *testing.T) {
		l := brought(t, Pending)
		l.o.Kind = TollFree
		l.do(withDocument(func(d *Document) { d.Dated = "2026-12-02" }))
	})
	t.Run("with the create call", func(t *testing.T) {
		pulled := Document{From: "https://example.com/bill.pdf", Name: "bill.pdf", Kind: BillDocument}
		for n, want := range map[int][]string{MaxCreateDocuments: nil, MaxCreateDocuments + 1: {"business_documents too_many"}} {
			c := sampleCreate(1)
			c.Documents = slices.Repeat([]Document{pulled}, n)
			o, _, err := rules(t).Apply(Order{}, c, now)
			if got := faultsOf(err); !slices.Equal(got, want) || want == nil && len(o.Documents) != n {
				t.Errorf("%d documents: faults %q, want %q; the order has %d", n, got, want, len(o.Documents))
			}
		}
	})
	t.Run("too many", func(t *testing.T) {
		l := brought(t, Pending)
		for range MaxDocuments {
			l.do(AddDocument{customer, bill})
		}
		if _, _, err := l.r.Apply(l.o, AddDocument{customer, bill}, l.at); codeOf(err) != Invalid {
			t.Errorf("one more: %v", err)
		}
		l.do(signed) // the letter is ours and always finds room
		if d, ok := l.o.LOA(); !ok || d.ID != "21" || d.State != DocumentProcessing {
			t.Errorf("the letter is %+v", d)
		}
	})
}

// A file comes, is checked once, and its verdict stands, whatever has become of the order meanwhile.
func TestDocumentLife(t *testing.T) {
	kept := SettleDocument{By: system, ID: "1", Digest: "d1", Size: 10, Pages: 2}
	t.Run("uploaded", func(t *testing.T) {
		l := brought(t, Pending).do(AddDocument{customer, bill})
		if d := l.o.Documents[0]; d.State != DocumentPending || !d.Expires.Equal(d.Added.Add(UploadTime)) || d.ID != "1" {
			t.Errorf("at first %+v", d)
		}
		l.do(signed, kept)
		if d := l.o.Documents[0]; d.State != DocumentComplete || d.Digest != "d1" || d.Size != 10 || d.Pages != 2 {
			t.Errorf("accepted %+v", d)
		}
		if l.o.Status != Processing {
			t.Errorf("the order is %s", l.o.Status)
		}
		for _, again := range []Command{kept, SettleDocument{By: system, ID: "1", Why: Say(MsgFileNotPDF)}, TakeDocument{system, "1"}} {
			if _, _, err := l.r.Apply(l.o, again, l.at); codeOf(err) != Settled {
				t.Errorf("%T again: %v", again, err)
			}
		}
	})
	t.Run("failed", func(t *testing.T) {
		l := brought(t, Pending).do(AddDocument{customer, bill}, Cancel{customer}, SettleDocument{By: system, ID: "1", Why: Say(MsgFileNotPDF)})
		if d := l.o.Documents[0]; d.State != DocumentError || !d.Why.Equal(Say(MsgFileNotPDF)) {
			t.Errorf("failed %+v", d)
		}
		if e := l.last(); e.Kind != DocumentFailed || !e.Comment || len(e.Message.List) != 1 || !e.Message.List[0].Equal(Say(MsgFileNotPDF)) {
			t.Errorf("the event is %+v", e)
		}
	})
	t.Run("pulled: what may be a key in the URL goes when it has served", func(t *testing.T) {
		l := brought(t, Pending).do(withDocument(func(d *Document) { d.From, d.Name = "https://example.com/b.pdf?signature=KEY", "bill-KEY.pdf" }), TakeDocument{system, "1"})
		if d := l.o.Documents[0]; d.State != DocumentProcessing || d.From != "https://example.com/b.pdf" || !d.Expires.IsZero() {
			t.Errorf("taken %+v", d)
		}
		for _, e := range l.events {
			if strings.Contains(fmt.Sprint(e), "KEY") {
				t.Errorf("%s tells the key", e.Kind)
			}
		}
	})
	t.Run("never uploaded", func(t *testing.T) {
		l := brought(t, Pending).do(AddDocument{customer, bill})
		d := l.o.Documents[0]
		if s := d.As(d.Expires).State; s != DocumentPending {
			t.Errorf("in time: %s", s)
		}
		if late := d.As(d.Expires.Add(2 * time.Minute)); late.State != DocumentError || late.Why.IsZero() {
			t.Errorf("late: %+v", late)
		}
	})
	t.Run("never checked", func(t *testing.T) {
		l := brought(t, Pending).do(withDocument(func(d *Document) { d.From = "https://example.com/b.pdf" }), TakeDocument{system, "1"})
		d := l.o.Documents[0]
		if s := d.As(d.Added.Add(checkTime)).State; s != DocumentProcessing {
			t.Errorf("in time: %s", s)
		}
		if late := d.As(d.Added.Add(checkTime + time.Second)); late.State != DocumentError || late.Why.IsZero() {
			t.Errorf("late: %+v", late)
		}
	})
	t.Run("no such document", func(t *testing.T) {
		l := brought(t, Pending)
		if _, _, err := l.r.Apply(l.o, kept, l.at); codeOf(err) != NotFound {
			t.Error(err)
		}
	})
	t.Run("each signature has a letter", func(t *testing.T) {
		l := brought(t, Rejected).do(signed)
		if len(l.o.Documents) != 2 || !slices.Contains(l.last().Effects, FileLOA) {
			t.Errorf("%v %v", l.o.Documents, l.last().Effects)
		}
		if d, _ := l.o.LOA(); d.ID != "2" {
			t.Errorf("the present letter is %s", d.ID)
		}
	})
}

// What a carrier wants to see goes with the next request, if the customer has given it to us.
func TestEnclosed(t *testing.T) {
	wants := Refuse{By: peer, PON: "P1", Said: "REJECTED", Reasons: []Reason{{Code: "BILL_REQUIRED"}}}
	at := func(l *life, d Document, settle SettleDocument) {
		l.o.Documents = append(l.o.Documents, d)
		settle.By, settle.ID = system, d.ID
		l.do(settle)
	}
	ok := SettleDocument{Digest: "d", Size: 1, Pages: 1}
	t.Run("without the customer", func(t *testing.T) {
		l := brought(t, Submitted)
		at(l, Document{ID: "8", Kind: BillDocument}, ok)
		at(l, Document{ID: "9", Kind: BillDocument}, ok)
		at(l, Document{ID: "10", Kind: BillDocument}, SettleDocument{Why: Say(MsgFileEncrypted)})
		m, mends := l.do(wants).r.FindRepair(l.o, Help{}, l.at)
		if !mends || m.Sup != SupOther {
			t.Fatalf("%+v %v", m, mends)
		}
		if l.do(m); !slices.Equal(l.o.Enclosed, []DocumentID{"9"}) {
			t.Errorf("enclosed %v", l.o.Enclosed)
		}
		sent := portAsked
		sent.Attempt.Version = 1
		l.do(sent)
		if !slices.Equal(l.o.Enclosed, []DocumentID{"9"}) {
			t.Error("a crash between plan and send would lose what is enclosed")
		}
		if l.do(MarkSent{By: system, PON: "P1", Version: 1, Ref: "ref"}); l.o.Enclosed != nil {
			t.Errorf("still enclosed %v", l.o.Enclosed)
		}
		if _, mends := l.do(wants).r.FindRepair(l.o, Help{}, l.at); mends {
			t.Error("the same bill is sent for ever")
		}
	})
	t.Run("not a stale one", func(t *testing.T) {
		l := brought(t, Submitted)
		at(l, Document{ID: "9", Kind: BillDocument, Dated: "2027-01-01"}, ok)
		if _, mends := l.do(wants).r.FindRepair(l.o, Help{}, l.at); mends {
			t.Error("a bill of two months is sent")
		}
	})
	t.Run("by the customer's second try", func(t *testing.T) {
		l := brought(t, Rejected)
		l.o.Reasons = []Reason{{Code: "BILL_STALE"}}
		l.do(AddDocument{customer, bill})
		id := l.o.Documents[len(l.o.Documents)-1].ID
		l.do(SettleDocument{By: system, ID: id, Digest: "d", Size: 1, Pages: 1}, Resubmit{customer}, Approve{staff})
		if !slices.Equal(l.o.Enclosed, []DocumentID{id}) || l.o.Resend != SupOther {
			t.Errorf("enclosed %v, supplement %d", l.o.Enclosed, l.o.Resend)
		}
	})
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{
		"/fullpath/to/mybill.pdf": "mybill.pdf", `C:\bills\May.PDF`: "May.PDF", " bill ": "bill.pdf", "": "", "/": "",
	} {
		if got := FileName(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"https://example.com/a/carrier_bill.pdf?filename=my_carrier_bill.pdf": "my_carrier_bill.pdf",
		"https://example.com/a/bill.pdf?x=1":                                  "bill.pdf",
		"https://example.com/download.php":                                    "download.pdf",
		"https://example.com/":                                                "document.pdf",
		"https://example.com/a%20b.pdf":                                       "a b.pdf",
		"https://example.com/May.PDF":                                         "May.PDF",
		"https://example.com/" + strings.Repeat("x", 96) + ".PDF":             strings.Repeat("x", 96) + ".PDF",
		"https://example.com/" + strings.Repeat("x", 97) + ".PDF":             strings.Repeat("x", 96) + ".pdf",
	} {
		if got := PulledName(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"..", "a/../..", `..\..`, "a/b"} {
		if got := FileName(in); strings.ContainsAny(got, `/\`) {
			t.Errorf("%q is %q", in, got)
		}
	}
}
