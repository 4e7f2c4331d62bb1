package porting

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// DocumentID is a document's number on its order, from 1 on, as text (D-DET numbers files within the order).
type DocumentID string

// Document is a paper of an order: what it is, and how far its file has come. The file itself lies in the bucket.
type Document struct {
	ID   DocumentID
	Name string // the file's, cleaned
	Kind DocumentKind
	// Dated is the day on which the document itself was issued; empty when nobody said.
	Dated Date
	State DocumentState
	// Why says why it failed.
	Why Message
	// LOA says that it is the letter of agency as it was signed here, and not a file from the customer.
	LOA bool
	// From is where the file is pulled from. Its query may be a key to the file, and is dropped once it has served.
	From string
	// Expires is until when the file may be uploaded; zero where it is not.
	Expires time.Time
	// Of is the order in whose name the file lies; empty where it is the document's own.
	Of OrderID
	// Digest names the bytes that were accepted: their SHA-256 in hexadecimal.
	Digest string
	Size   int64
	Pages  int
	Added  time.Time
	// Settled is when it was accepted, or failed.
	Settled time.Time
}

// DocumentState is how far a document's file has come, in the words of the file calls (D-PUL).
type DocumentState string

// A file is awaited, has come and is being checked, is accepted, or failed.
const (
	DocumentPending    DocumentState = "pending"
	DocumentProcessing DocumentState = "processing"
	DocumentComplete   DocumentState = "complete"
	DocumentError      DocumentState = "error"
)

// DocumentKind is what a document proves.
type DocumentKind string

// The kinds of documents (S-DOC).
const (
	BillDocument  DocumentKind = "bill"  // copy of a bill of the account
	CSRDocument   DocumentKind = "csr"   // a customer service record that the carrier gave the customer
	LOADocument   DocumentKind = "loa"   // letter of agency
	ProofDocument DocumentKind = "proof" // that the customer alone uses a toll-free number
	OtherDocument DocumentKind = "other" // a representative's mail, a screenshot of the carrier's portal
)

// kinds are all of them; Paper is the reasons' word for it.
var kinds = []struct {
	kind  DocumentKind
	Paper string
}{
	{BillDocument, Bill}, {CSRDocument, ""}, {LOADocument, SignedLOA}, {ProofDocument, SoleUse}, {OtherDocument, ""},
}

// DocumentKinds lists them all.
func DocumentKinds() []DocumentKind {
	all := make([]DocumentKind, 0, len(kinds))
	for _, k := range kinds {
		all = append(all, k.kind)
	}
	return all
}

// KindOf is the kind of document that is the paper a reason asks for.
func KindOf(paper string) DocumentKind {
	for _, k := range kinds {
		if k.Paper == paper {
			return k.kind
		}
	}
	return OtherDocument
}

// What a document may be.
const (
	MaxDocumentSize  = 20 << 20 // bytes
	MaxDocumentPages = 100
	// MaxDocuments is how many a customer may add to an order, those that failed included.
	MaxDocuments = 20
	// MaxCreateDocuments is how many a create call may name; each order that it makes gets all of them.
	MaxCreateDocuments = 5
	maxFileName        = 100
	// UploadTime is how long a file may be uploaded by the URL that was given out for it.
	UploadTime = 15 * time.Minute
	// checkTime is after how long nobody will check a file any more: pulling it is tried for an hour, and a function is called for
	// six (Lambda's asynchronous calls).
	checkTime = 8 * time.Hour
)

// Document is the order's document of that number; ok is false when there is none.
func (o Order) Document(id DocumentID) (d Document, ok bool) {
	i := o.document(id)
	if i < 0 {
		return Document{}, false
	}
	return o.Documents[i], true
}

func (o Order) document(id DocumentID) int {
	return slices.IndexFunc(o.Documents, func(d Document) bool { return d.ID == id })
}

// Keeper is the order in whose name the document's file lies: its own, or the one that it was split off.
func (o Order) Keeper(d Document) OrderID {
	if d.Of != "" {
		return d.Of
	}
	return o.ID
}

// Newest is the order's newest accepted document of the kind that came from the customer; ok is false when there is none.
func (o Order) Newest(kind DocumentKind) (d Document, ok bool) {
	for _, d := range slices.Backward(o.Documents) {
		if d.Kind == kind && d.State == DocumentComplete && !d.LOA {
			return d, true
		}
	}
	return Document{}, false
}

// Letter is the document of the present signature; ok is false when nothing was signed.
func (o Order) LOA() (d Document, ok bool) {
	for _, d := range slices.Backward(o.Documents) {
		if d.LOA {
			return d, true
		}
	}
	return Document{}, false
}

// As is the document as it stands at now: an upload that never came has failed, and a file whose check is overdue.
func (d Document) As(now time.Time) Document {
	if d.State == DocumentPending && !d.Expires.IsZero() && now.After(d.Expires.Add(time.Minute)) { // its check may still be under way
		d.State, d.Why = DocumentError, Say(MsgNoUpload)
	}
	if d.State == DocumentProcessing && !d.LOA && now.After(d.Added.Add(checkTime)) {
		d.State, d.Why = DocumentError, Say(MsgUnchecked)
	}
	return d
}

// billDays is how old a bill may be: the carriers' 30 days (S-DOC), and 90 where a toll-free number is recovered by hand
// (the rows TF_DISCONNECTED and TF_TRANSITIONAL). A carrier may have its own number of days.
func (r Rules) billDays(o Order) int {
	if o.Kind == TollFree {
		return 3 * r.BillDays
	}
	if days := o.Terms().BillDays; days > 0 {
		return days
	}
	return r.BillDays
}

// Stale says that a bill was issued too long ago to be shown to a carrier; one whose date nobody said is not.
func (r Rules) Stale(o Order, d Document, now time.Time) bool {
	day := DateOf(now.In(r.Calendar.Location()).AddDate(0, 0, -r.billDays(o)))
	return d.Kind == BillDocument && d.Dated != "" && d.Dated < day
}

// wanted are the accepted documents that the order's present reasons ask for, the newest of each kind. The letter of agency
// that was signed here always goes with a request.
func (r Rules) wanted(o Order, reasons []Reason, now time.Time) []DocumentID {
	var ids []DocumentID
	for _, reason := range reasons {
		for _, paper := range reason.Code.Info().Papers {
			d, ok := o.Newest(KindOf(paper))
			if ok && !r.Stale(o, d, now) && !slices.Contains(ids, d.ID) {
				ids = append(ids, d.ID)
			}
		}
	}
	return ids
}

// FileName is the file's name of what a customer called it, without the folders before it.
func FileName(s string) string {
	s = strings.ReplaceAll(TidyLine(s), `\`, "/")
	if s = strings.TrimSpace(path.Base(s)); s == "." || s == "/" {
		return ""
	}
	if path.Ext(s) == "" {
		s += ".pdf"
	}
	return s
}

// PulledName is the file's name of a URL: what its filename parameter says, else the end of its path (D-PUL).
func PulledName(from string) string {
	u, err := url.Parse(from)
	if err != nil {
		return ""
	}
	name := FileName(u.Query().Get("filename"))
	if name == "" {
		name = FileName(u.Path)
	}
	if !strings.EqualFold(path.Ext(name), ".pdf") {
		name = strings.TrimSuffix(name, path.Ext(name)) + ".pdf" // what the file is, is seen when it has come
	}
	if name == ".pdf" {
		name = "document.pdf"
	}
	if r := []rune(name); len(r) > maxFileName {
		name = string(r[:maxFileName-4]) + ".pdf"
	}
	return name
}

// documentFaults lists everything wrong with a document that is to be added; at stands before the names of its fields.
func (r Rules) documentFaults(o Order, d Document, at func(string) string, now time.Time) Faults {
	var faults Faults
	add := func(field string, code FaultCode, message string) { faults.Add(at(field), code, message) }
	name := "filename"
	if d.From != "" {
		name = "url"
		if wrong := cmp.Or(LineFault(d.From), isWebURL(d.From, Details{})); wrong != "" {
			add("url", BadFormat, wrong)
		} else if len(d.From) > 2000 {
			add("url", TooLong, tooLong(2000))
		}
	}
	switch {
	case len(faults) > 0: // the name comes of the URL
	case d.Name == "":
		add(name, Required, "Give the file a name.")
	case utf8.RuneCountInString(d.Name) > maxFileName:
		add(name, TooLong, fmt.Sprintf("Use at most %d characters for the file's name.", maxFileName))
	case LineFault(d.Name) != "":
		add(name, BadFormat, LineFault(d.Name))
	case !strings.EqualFold(path.Ext(d.Name), ".pdf"):
		add(name, BadFormat, "Give the name of a PDF file, which ends in .pdf.")
	}
	if !slices.Contains(DocumentKinds(), d.Kind) {
		var all []string
		for _, k := range DocumentKinds() {
			all = append(all, string(k))
		}
		add("kind", BadFormat, "Give one of "+strings.Join(all, ", ")+".")
	}
	switch today := DateOf(now.In(r.Calendar.Location())); {
	case d.Dated == "":
	case isDate(string(d.Dated), Details{}) != "":
		add("dated", BadFormat, "Give a date in the form YYYY-MM-DD.")
	case d.Dated > today:
		add("dated", OutOfRange, "Give a date that is not after today.")
	case r.Stale(o, d, now):
		add("dated", OutOfRange, fmt.Sprintf("Add a bill that is at most %d days old.", r.billDays(o)))
	}
	if d.Size < 0 || d.Size > MaxDocumentSize {
		add("size", OutOfRange, fmt.Sprintf("Give a size from 1 to %d bytes.", MaxDocumentSize))
	}
	return faults
}

// NextDocument is the number of the order's next document.
func (o Order) NextDocument() DocumentID { return DocumentID(strconv.Itoa(len(o.Documents) + 1)) }

// withoutQuery is a URL without what may be a key in it.
func withoutQuery(from string) string {
	bare, _, _ := strings.Cut(from, "#")
	bare, _, _ = strings.Cut(bare, "?")
	return bare
}
