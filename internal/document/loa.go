// Package document makes and keeps the files of an order: the letter of agency ([LOA]), and the documents that
// customers upload or let us pull ([Files]). The package must not know how a PDF is read: the function that handles
// uploads brings that along (package reprint), so that no other function carries a reader of PDFs.
package document

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"

	"portway/internal/porting"
	"portway/internal/text"
)

// LOA makes the signed letter of agency of an order as a PDF. The same order makes the same bytes. The LOA lists the
// numbers that were signed, also those that have left the order since. It shows no PIN, no SSN digits and no account number.
func LOA(o porting.Order) ([]byte, error) {
	s := o.Signature
	if s.Name == "" || s.At.IsZero() {
		return nil, errors.New("order " + string(o.ID) + ": the letter of agency is not signed")
	}
	w := text.In(s.Language, words)
	p := newPaper(w, w.Say("Letter of agency, port order {order}", "order", string(cmp.Or(s.Order, o.ID))), s.At)
	p.letterhead(s.Operator, o.Kind)
	p.title(w.Say("Letter of agency"))

	d := s.LOA
	p.row(w.Say("End user"), d.BillingName)
	p.row(w.Say("Company"), d.Company)
	p.address(w.Say("Service address"), d.Street, d.Street2, d.City, d.State, d.Zip, d.Country)
	if s.Words != "" {
		d := d.WithAccountAddress()
		p.address(w.Say("Account address"), d.AccountStreet, d.AccountStreet2, d.AccountCity, d.AccountState, d.AccountZip, d.AccountCountry)
	}
	p.row(w.Say("Kind of service"), w.Translate(string(d.UsageType)))
	p.row(w.Say("Current provider"), d.Provider)
	p.row(w.Say("Reseller"), d.Reseller)
	p.row(w.Say("New carrier"), s.Operator.Name)
	if o.Kind == porting.TollFree {
		p.row(w.Say("New RespOrg"), s.Operator.RespOrg)
	}
	if d.BillingNumber != "" {
		p.row(w.Say("Billing number (BTN)"), porting.TenDigits(d.BillingNumber))
	}
	tns := slices.Clone(o.SignedNumbers())
	for i, tn := range tns {
		tns[i] = porting.TenDigits(tn)
	}
	if len(tns) <= porting.MaxOnLOA {
		p.row(w.Say("Telephone numbers"), strings.Join(tns, ", "))
	} else {
		p.row(w.Say("Telephone numbers"), w.Say("See the attached list of {n} numbers, which is part of this letter. "+
			"The first is {first}, the last {last}.", "n", strconv.Itoa(len(tns)), "first", tns[0], "last", tns[len(tns)-1]))
	}

	p.heading(w.Say("Authorization"))
	loa := porting.LOAWordsOf(o)
	for i, clause := range loa.Authorization {
		p.para(strconv.Itoa(i+1)+".", clause)
	}
	if len(loa.Disclosures) > 0 {
		p.heading(w.Say("Electronic records and signatures (disclosures, version {version})", "version", s.Words))
		for i, clause := range loa.Disclosures {
			p.para(strconv.Itoa(i+1)+".", clause)
		}
	}

	shown := p.shown(tns)
	p.heading(w.Say("Signature"))
	p.row(w.Say("Signed by"), s.Name)
	p.row(w.Say("Title"), s.Title)
	p.row(w.Say("Capacity"), w.Translate(capacities[s.Capacity]))
	if s.Capacity == porting.Reseller {
		p.row(w.Say("End user's LOA"), w.Say("file with SHA-256 {digest}", "digest", s.EndUserLOA))
	}
	p.row(w.Say("Signed at"), w.Date(porting.DateOf(s.At.UTC()))+s.At.UTC().Format(", 15:04:05 UTC"))
	p.row(w.Say("From address"), s.IP)
	p.small(w.Say("Signed electronically: the signer typed name and title and accepted this letter (15 U.S.C. 7001)."))

	if len(tns) > porting.MaxOnLOA {
		p.list(tns)
	}
	if s.By != "" {
		p.certificate(o, shown)
	}
	return p.bytes()
}

// shown is the SHA-256 of what the signer was shown: the words of the letter so far, and all its numbers, each on a line.
func (p *paper) shown(tns []string) string {
	sum := sha256.Sum256([]byte(p.said.String() + strings.Join(tns, "\n") + "\n"))
	return hex.EncodeToString(sum[:])
}

// certificate writes a page that proves how the letter was signed: what was shown, who accepted it, when, from where, and by
// which link or key. The order's history has the same.
func (p *paper) certificate(o porting.Order, shown string) {
	s := o.Signature
	p.pdf.AddPage()
	p.title(p.Say("Certificate of the electronic signature"))
	p.row(p.Say("Port order"), string(cmp.Or(s.Order, o.ID)))
	p.row(p.Say("Shown and signed"), p.Say("the words and numbers of this letter, with SHA-256 {digest}", "digest", shown))
	p.row(p.Say("Language"), text.Name(s.Language))
	p.row(p.Say("Disclosures"), p.Say("version {version}, shown before the signature", "version", s.Words))
	p.row(p.Say("Consent"), p.Say("The signer typed name and title and accepted the letter and the disclosures."))
	p.row(p.Say("Signed by"), s.Name)
	p.row(p.Say("Title"), s.Title)
	p.row(p.Say("Signed at"), p.Date(porting.DateOf(s.At.UTC()))+s.At.UTC().Format(", 15:04:05 UTC"))
	p.row(p.Say("From address"), s.IP)
	if id, ok := s.ByLink(); ok {
		p.row(p.Say("By"), p.Say("the page of the order, opened by link {id} and a code that was mailed to the signer", "id", id))
	} else {
		p.row(p.Say("By"), p.Say("a program of the account, with access key {id}", "id", s.By))
	}
	p.small(p.Say("Made when the letter was signed, from the record of the signature."))
}

//go:embed es.txt
var spanish string

//go:embed fr.txt
var french string

// words are the translations of what stands on an LOA beside its own words.
var words = text.NewTable(spanish, french)

// languages are the tags of the languages in a PDF.
var languages = map[porting.Language]string{porting.English: "en-US", porting.Spanish: "es-US", porting.French: "fr-CA"}

// paper is a document in the making, in points on US Letter. Our own words use one of the built-in fonts. The words of
// a customer use it too if it has all the letters, else the embedded font.
type paper struct {
	*text.Catalogue
	pdf   *fpdf.Fpdf
	said  strings.Builder     // the words so far, each piece on a line
	latin func(string) string // Windows-1252, the letters of the built-in fonts
}

const (
	margin = 62.0
	bottom = 56.0
	label  = 125.0 // width of a row's name
	font   = "Helvetica"
	wide   = "PortwayLOA" // the embedded font
)

func newPaper(w *text.Catalogue, title string, at time.Time) *paper {
	pdf := fpdf.New("P", "pt", "Letter", "")
	p := &paper{Catalogue: w, pdf: pdf, latin: pdf.UnicodeTranslatorFromDescriptor("")} // Windows-1252
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetProducer("Portway", true)
	pdf.SetTitle(title, true)
	pdf.SetLang(languages[w.Language()])
	pdf.SetMargins(margin, 54, margin)
	pdf.SetAutoPageBreak(true, bottom)
	pdf.AliasNbPages("{pages}")
	pdf.SetFooterFunc(func() {
		pdf.SetY(-36)
		pdf.SetFont(font, "", 8)
		pdf.CellFormat(0, 10, p.text(w.Say("{title}, page {n} of", "title", title, "n", strconv.Itoa(pdf.PageNo())))+" {pages}", "", 0, "C", false, 0, "")
	})
	pdf.AddPage()
	return p
}

// text encodes our own words for the built-in fonts.
func (p *paper) text(s string) string { return p.latin(s) }

// value chooses the font for the words of a customer, and encodes them. It composes letters first, so that an accent is
// drawn on its letter. Signing refuses letters that no font has (porting.OnLOA). On an LOA from before that rule, such
// a letter appears as its number in brackets, so that a carrier sees that a letter is missing.
func (p *paper) value(s string, size float64) string {
	var b strings.Builder
	builtIn := true
	for _, r := range norm.NFC.String(s) {
		switch {
		case r < ' ' || r == 0x7f:
			r = ' '
		case r == '\u2011': // a hyphen that does not break a line
			r = '-'
		case !porting.OnLOA(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		c := p.latin(string(r))
		builtIn = builtIn && len(c) == 1 && (c != "." || r == '.')
		b.WriteRune(r)
	}
	if builtIn {
		p.pdf.SetFont(font, "B", size)
		return p.latin(b.String())
	}
	p.pdf.AddUTF8FontFromBytes(wide, "B", letters())
	p.pdf.SetFont(wide, "B", size)
	return b.String()
}

//go:embed font/loa-bold.ttf.gz
var packedLetters []byte

// letters is the embedded font: Liberation Sans Bold, reduced to the letters of names (font/subset.py). Its license is
// beside it.
var letters = sync.OnceValue(func() []byte {
	r, err := gzip.NewReader(bytes.NewReader(packedLetters))
	if err != nil {
		panic(err) // it is part of the program
	}
	ttf, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return ttf
})

func (p *paper) title(s string) {
	p.pdf.SetFont(font, "B", 17)
	p.pdf.CellFormat(0, 22, p.text(s), "", 1, "L", false, 0, "")
	p.pdf.Ln(6)
}

func (p *paper) heading(s string) {
	p.said.WriteString(s + "\n")
	p.pdf.Ln(7)
	p.pdf.SetFont(font, "B", 11)
	p.pdf.CellFormat(0, 16, p.text(s), "", 1, "L", false, 0, "")
}

// letterhead writes who sends the LOA: the new carrier and, for toll-free numbers, new RespOrg. Somos's guidelines want it.
func (p *paper) letterhead(o porting.Operator, kind porting.Kind) {
	if o.Name == "" {
		return
	}
	p.pdf.MultiCell(0, 15, p.value(o.Name, 12), "", "L", false)
	line := present(o.Address, o.Phone)
	if kind == porting.TollFree && o.RespOrg != "" {
		line = append(line, "RespOrg "+o.RespOrg)
	}
	if len(line) > 0 {
		p.pdf.MultiCell(0, 11, p.value(strings.Join(line, " | "), 8.5), "", "L", false)
	}
	p.pdf.Ln(8)
}

// address writes an address in two lines.
func (p *paper) address(name, street, street2, city, state, zip, country string) {
	p.row(name, strings.Join(present(street, street2), ", "))
	p.row("", strings.Join(present(city, strings.Join(present(state, zip), " "), country), ", "))
}

// capacities has the words for the capacity of the signer.
var capacities = map[porting.Capacity]string{
	porting.Holder:     "The end user, who holds the account",
	porting.Authorized: "Authorized by the end user",
	porting.Reseller:   "Reseller, who holds the end user's own letter of agency",
}

// row writes a name and its value, and nothing if the value is empty.
func (p *paper) row(name, value string) {
	if value == "" {
		return
	}
	p.said.WriteString(name + ": " + value + "\n")
	p.pdf.SetFont(font, "", 9.5)
	p.pdf.CellFormat(label, 13.5, p.text(name), "", 0, "L", false, 0, "")
	text := p.value(value, 9.5)
	p.pdf.SetLeftMargin(margin + label)
	p.pdf.MultiCell(0, 13.5, text, "", "L", false)
	p.pdf.SetLeftMargin(margin)
	p.pdf.SetX(margin)
}

func (p *paper) para(mark, s string) {
	p.said.WriteString(mark + " " + s + "\n")
	p.pdf.SetFont(font, "", 9.5)
	p.pdf.CellFormat(18, 12.5, p.text(mark), "", 0, "L", false, 0, "")
	p.pdf.MultiCell(0, 12.5, p.text(s), "", "L", false)
	p.pdf.Ln(3.5)
}

func (p *paper) small(s string) {
	p.pdf.Ln(3)
	p.pdf.SetFont(font, "", 8)
	p.pdf.MultiCell(0, 11, p.text(s), "", "L", false)
}

// list writes the numbers on pages of their own, in columns to be read downward.
func (p *paper) list(tns []string) {
	const columns, rows, high = 5, 45, 13.5
	width, _ := p.pdf.GetPageSize()
	wide := (width - 2*margin) / columns
	for from := 0; from < len(tns); from += columns * rows {
		page := tns[from:min(from+columns*rows, len(tns))]
		p.pdf.AddPage()
		p.heading(p.Say("Attached list: telephone numbers {from} to {to} of {n}", "from", strconv.Itoa(from+1), "to",
			strconv.Itoa(from+len(page)), "n", strconv.Itoa(len(tns))))
		p.pdf.SetFont(font, "", 9.5)
		top := p.pdf.GetY() + 4
		for i, tn := range page {
			p.pdf.SetXY(margin+float64(i/rows)*wide, top+float64(i%rows)*high)
			p.pdf.CellFormat(wide, high, p.text(tn), "", 0, "L", false, 0, "")
		}
	}
}

func (p *paper) bytes() ([]byte, error) {
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("letter of agency: %w", err)
	}
	return out.Bytes(), nil
}

func present(parts ...string) []string {
	var all []string
	for _, s := range parts {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}
