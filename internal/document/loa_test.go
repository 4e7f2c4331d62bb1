package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"

	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/text/texttest"
)

var secrets = []string{"88123455", "4321pin", "6789"}

// footers are the last lines of pages.
var footers = regexp.MustCompile(`(?m)^Letter of agency, port order .* page [0-9]+ of [0-9]+$`)

var operator = porting.Operator{Name: "Example Télécom LLC", Address: "1 Example Way, Denver, CO 80202, US",
	Phone: "+1 303 555 0100", RespOrg: "ABC01"}

func order(numbers int) porting.Order {
	o := porting.Order{
		ID: "4503605600001",
		Given: porting.Given{Details: porting.Details{
			BillingName: "Zoë Müller", Company: "Łódź & Søn (Seattle)", Street: "200 3rd Ave S", Street2: "Suite 200",
			City: "Seattle", State: "WA",
			Zip: "98104", Country: "US", Provider: "Evergreen Telecom", BillingNumber: "+12065550100",
			UsageType:       porting.Business,
			ProviderAccount: porting.NewSecret(secrets[0]), PIN: porting.NewSecret(secrets[1]),
			LastFourSSN: porting.NewSecret(secrets[2]),
		}, Signature: porting.Signature{Name: "Ada Lovelace", Title: "Director",
			At: time.Date(2026, 2, 3, 18, 4, 5, 0, time.UTC), IP: "198.51.100.7", Capacity: porting.Authorized,
			Words: porting.LOAVersion, Operator: operator}},
	}
	o.Signature.LOA = o.Details.OnLOA()
	for i := range numbers {
		o.Numbers = append(o.Numbers, porting.Number{TN: fmt.Sprintf("+1425%07d", 2_010_000+i)})
	}
	return o
}

var (
	streams = regexp.MustCompile(`(?s)/Filter /FlateDecode /Length (\d+)>>\nstream\n`)
	shown   = regexp.MustCompile(`(?s)\(((?:[^()\\]|\\.)*)\) ?Tj`)
	starts  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	entries = regexp.MustCompile(`(\d{10}) 00000 n `)
)

// read is all that the PDF shows, a line for each piece; on the way it checks that the cross-reference table is right.
func read(t *testing.T, pdf []byte) string {
	t.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.")) {
		t.Fatalf("no PDF: %.20q", pdf)
	}
	at := starts.FindSubmatch(pdf)
	if at == nil {
		t.Fatal("no startxref at the end")
	}
	xref, err := strconv.Atoi(string(at[1]))
	if err != nil || !bytes.HasPrefix(pdf[xref:], []byte("xref\n")) {
		t.Fatalf("no cross-reference table at %d", xref)
	}
	for i, e := range entries.FindAllSubmatch(pdf[xref:], -1) {
		offset, err := strconv.Atoi(string(e[1]))
		if err != nil || !bytes.HasPrefix(pdf[offset:], fmt.Appendf(nil, "%d 0 obj", i+1)) {
			t.Fatalf("object %d is not at %d", i+1, offset)
		}
	}
	var text strings.Builder
	for _, m := range streams.FindAllSubmatchIndex(pdf, -1) {
		n, err := strconv.Atoi(string(pdf[m[2]:m[3]]))
		if err != nil {
			t.Fatal(err)
		}
		z, err := zlib.NewReader(bytes.NewReader(pdf[m[1] : m[1]+n]))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range shown.FindAllSubmatch(content, -1) {
			text.WriteString(written(strings.NewReplacer(`\(`, "(", `\)`, ")", `\\`, `\`, `\r`, "\r").Replace(string(s[1]))) +
				"\n")
		}
	}
	return text.String()
}

// written is a shown string as text: the embedded font's are UTF-16, the built-in ones' Windows-1252, of which only its
// Latin-1 part is read here.
func written(s string) string {
	if len(s)%2 == 0 && strings.ContainsFunc(s, func(c rune) bool { return c < ' ' }) {
		var units []uint16
		for i := 0; i < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

func TestLOA(t *testing.T) {
	make := func(t *testing.T, o porting.Order) []byte {
		t.Helper()
		pdf, err := LOA(o)
		if err != nil {
			t.Fatal(err)
		}
		if path := os.Getenv("LOA_OUT"); path != "" { // to look at it
			if err := os.WriteFile(fmt.Sprintf("%s-%d.pdf", path, len(o.Numbers)), pdf, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return pdf
	}

	t.Run("SaysWhatWasSigned", func(t *testing.T) {
		text := read(t, make(t, order(2)))
		for _, s := range []string{"Zoë Müller", "Łódź & Søn (Seattle)", "200 3rd Ave S, Suite 200", "Seattle, WA 98104, US",
			"Evergreen Telecom", "Service address\n", "Account address\n", "New carrier\nExample Télécom LLC\n",
			"1 Example Way, Denver, CO 80202, US | +1 303 555 0100\n", "Authorized by the end user",
			"disclosures, version " + porting.LOAVersion,
			"206-555-0100", "425-201-0000, 425-201-0001", "Ada Lovelace", "Director", "February 3, 2026, 18:04:05 UTC",
			"198.51.100.7",
			"port order 4503605600001, page 1 of 2"} {
			if !strings.Contains(text, s) {
				t.Errorf("lacks %q", s)
			}
		}
		words := strings.Join(strings.Fields(footers.ReplaceAllString(text, "")), " ")
		for para := range strings.SplitSeq(porting.LOAWordsOf(order(2)).Text(), "\n\n") {
			if !strings.Contains(words, para) {
				t.Errorf("lacks %q", para)
			}
		}
		if strings.Contains(text, "RespOrg ABC01") {
			t.Error("names a RespOrg for local numbers")
		}
	})

	t.Run("AccountAddressStandsBesideTheServiceAddress", func(t *testing.T) {
		o := order(1)
		d := &o.Signature.LOA
		d.AccountStreet, d.AccountCity, d.AccountState, d.AccountZip, d.AccountCountry = "PO Box 9", "Salem", "OR", "97301", "US"
		text := read(t, make(t, o))
		if !strings.Contains(text, "Account address\nPO Box 9\nSalem, OR 97301, US\n") || !strings.Contains(text, "200 3rd Ave S, Suite 200\n") {
			t.Errorf("%q", text[:600])
		}
	})

	t.Run("TollFreeNamesTheRespOrgAndFirstAndLastNumber", func(t *testing.T) {
		o := order(20)
		o.Kind = porting.TollFree
		text := strings.Join(strings.Fields(read(t, make(t, o))), " ")
		for _, s := range []string{"RespOrg ABC01", "New RespOrg ABC01", "(RespOrg) to Example Télécom LLC, RespOrg ID ABC01",
			"the 20 telephone numbers on the attached list, of which the first is 425-201-0000 and the last is 425-201-0019"} {
			if !strings.Contains(text, s) {
				t.Errorf("lacks %q in %q", s, text)
			}
		}
	})

	t.Run("ResellerNamesTheEndUsersLOA", func(t *testing.T) {
		o := order(1)
		o.Signature.Capacity, o.Signature.EndUserLOA = porting.Reseller, strings.Repeat("ab", 32)
		if text := read(t, make(t, o)); !strings.Contains(text, "Reseller, who holds") || !strings.Contains(text, "SHA-256") {
			t.Errorf("%q", text)
		}
	})

	t.Run("OlderSignatureKeepsItsWords", func(t *testing.T) {
		o := order(2)
		s := o.Signature
		o.Signature = porting.Signature{Name: s.Name, Title: s.Title, At: s.At, IP: s.IP, LOA: s.LOA}
		text := strings.Join(strings.Fields(read(t, make(t, o))), " ")
		for _, s := range []string{"to Portway and the service provider", "page 1 of 1"} {
			if !strings.Contains(text, s) {
				t.Errorf("lacks %q", s)
			}
		}
		for _, s := range []string{"Account address", "Télécom", "disclosures", "Capacity"} {
			if strings.Contains(text, s) {
				t.Errorf("holds %q, which was not signed", s)
			}
		}
	})

	t.Run("ShowsEveryLetter", func(t *testing.T) {
		for _, name := range []string{
			"José Núñez", "Nguyễn Văn An", "Trần Thị Hồng Đào", "Rhys Ŵyn", "Ḥassan Ṣāliḥ", "İpek Işık", "Elvin Əliyev",
			"Ștefan Țiriac", "Jānis Bērziņš",
			"Őrsi Szűcs", "Þór Sigurðsson", "Áilu Áŋŋel", "Ọlá Ẹniọlá", "Ọ̀ṣun", "Ɗanjuma Ɓala", "Keʻala Kahaleʻōpuna",
			"Kim OʼBrien", "Νίκος Παπαδόπουλος", "Ἀλέξανδρος",
			"Пётр Чайковский", "Їжак Ґалаґан", "Өмүрбек Ңуров", "Kite № 5 – «½» €", "Sahaiʔa Beaulieu",
		} {
			for _, form := range []norm.Form{norm.NFC, norm.NFD} {
				o := order(1)
				o.Signature.LOA.BillingName = form.String(name)
				o.Signature.Name = form.String(name)
				text := read(t, make(t, o))
				if strings.Count(text, norm.NFC.String(name)+"\n") != 2 || strings.Contains(text, "?") {
					t.Errorf("%+q is not shown: %q", form.String(name), text[:400])
				}
			}
		}
	})

	t.Run("ShowsTheNumberOfALetterThatNoFontHas", func(t *testing.T) {
		o := order(1) // signed before such letters were refused
		o.Signature.LOA.Company = "Kite 王 Ltd"
		if text := read(t, make(t, o)); !strings.Contains(text, "Kite [U+738B] Ltd") {
			t.Errorf("%q", text[:400])
		}
	})

	t.Run("NoSecret", func(t *testing.T) {
		pdf := make(t, order(20))
		text := read(t, pdf)
		for _, s := range append(secrets, porting.Redacted) {
			if strings.Contains(text, s) || bytes.Contains(pdf, []byte(s)) {
				t.Errorf("holds %q", s)
			}
		}
	})

	t.Run("SameBytesFromTheSameOrder", func(t *testing.T) {
		o := order(40)
		for _, name := range []string{"Ada Lovelace", "Nguyễn Văn An", "Νίκος Чайковский"} {
			o.Signature.Name = name
			if !bytes.Equal(make(t, o), make(t, o)) {
				t.Errorf("%s: they differ", name)
			}
		}
	})

	t.Run("LongListIsAttached", func(t *testing.T) {
		for _, n := range []int{porting.MaxOnLOA, porting.MaxOnLOA + 1, 225, 226, porting.MaxNumbers} {
			o := order(n)
			pdf := make(t, o)
			text := read(t, pdf)
			if attached := strings.Contains(text, "Attached list"); attached != (n > porting.MaxOnLOA) {
				t.Errorf("%d numbers: attached %t", n, attached)
			}
			want := 2
			if n > porting.MaxOnLOA {
				want += (n + 224) / 225
			}
			if !strings.Contains(text, fmt.Sprintf("page %d of %d", want, want)) {
				t.Errorf("%d numbers: not on %d pages", n, want)
			}
			for _, tn := range o.Numbers {
				if !strings.Contains(text, porting.TenDigits(tn.TN)) {
					t.Fatalf("%d numbers: %s is missing", n, tn.TN)
				}
			}
			if len(pdf) > 2<<20 {
				t.Errorf("%d numbers: %d bytes", n, len(pdf))
			}
			t.Logf("%d numbers: %d bytes", n, len(pdf))
		}
	})

	t.Run("LongValuesBreak", func(t *testing.T) {
		o := order(1)
		o.Signature.LOA.Company, o.Signature.Title = strings.Repeat("Wide ", 20), strings.Repeat("m", 100)
		read(t, make(t, o))
	})

	t.Run("ErrNotSigned", func(t *testing.T) {
		o := order(1)
		o.Signature = porting.Signature{}
		if _, err := LOA(o); err == nil {
			t.Error("made a letter without a signature")
		}
	})
}

// What may be signed can be shown, and what can be shown may be signed.
func TestTheFontHasWhatMayBeSigned(t *testing.T) {
	f, err := sfnt.Parse(letters())
	if err != nil {
		t.Fatal(err)
	}
	latin := fpdf.New("P", "pt", "Letter", "").UnicodeTranslatorFromDescriptor("")
	for c := rune(' '); c <= unicode.MaxRune; c++ {
		glyph, err := f.GlyphIndex(nil, c)
		if err != nil {
			t.Fatal(err)
		}
		shown := glyph != 0 || c == '\u2011' // which is shown as a hyphen
		if shown != porting.OnLOA(c) {
			t.Errorf("U+%04X: shown %t, may be signed %t", c, shown, porting.OnLOA(c))
		}
		if builtIn := latin(string(c)); len(builtIn) == 1 && builtIn != "." && c > '~' && unicode.IsLetter(c) &&
			!porting.OnLOA(c) {
			t.Errorf("U+%04X is refused, though a built-in font has it", c)
		}
	}
	if _, err := f.Name(nil, sfnt.NameIDLicense); err != nil {
		t.Errorf("the font does not name its license: %v", err)
	}
	for _, id := range []sfnt.NameID{sfnt.NameIDFamily, sfnt.NameIDFull, sfnt.NameIDPostScript} {
		name, err := f.Name(nil, id)
		if err != nil || strings.Contains(name, "Liberation") || strings.Contains(name, "Arimo") {
			t.Errorf("the subset has the name %q, which its license reserves (%v)", name, err)
		}
	}
}

func BenchmarkLOA(b *testing.B) {
	for _, n := range []int{1, porting.MaxNumbers} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			o := order(n)
			for b.Loop() {
				if _, err := LOA(o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A correction made after the signature does not reach the letter: nobody signed it.
func TestTheLetterStaysAsItWasSigned(t *testing.T) {
	o := order(1)
	o.Details.Street = "1 Another Street"
	pdf, err := LOA(o)
	if err != nil {
		t.Fatal(err)
	}
	if text := read(t, pdf); strings.Contains(text, "Another") || !strings.Contains(text, "200 3rd Ave S") {
		t.Error("the letter says what was not signed")
	}
}

// An LOA that was signed on a page in another language is printed in that language, as a whole (47 CFR 64.1130(h)).
func TestLOAInTheLanguageOfThePage(t *testing.T) {
	for language, want := range map[porting.Language][]string{
		porting.Spanish: {"Carta de autorización", "Usuario final", "Autorizado por el usuario final", "3 de febrero de 2026, 18:04:05 UTC",
			"Esta carta de autorización tiene un único fin", "Para leer y conservar esta carta", "página 1 de"},
		porting.French: {"Lettre d", "Utilisateur final", "3 février 2026, 18:04:05 UTC", "autorisation a un seul but", "Pour lire et conserver cette lettre"},
	} {
		t.Run(string(language), func(t *testing.T) {
			o := order(20)
			o.Kind = porting.TollFree
			o.Signature.Language = language
			pdf, err := LOA(o)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(strings.Fields(read(t, pdf)), " ")
			for _, part := range want {
				if !strings.Contains(got, part) {
					t.Errorf("it lacks %q:\n%s", part, got)
				}
			}
			for _, part := range []string{"letter", "Signed", "carrier", "Seattle list", "{", "%!"} {
				if strings.Contains(got, part) {
					t.Errorf("it has %q:\n%s", part, got)
				}
			}
		})
	}
}

func TestWordsOfTheLOAAreWhole(t *testing.T) {
	all := append(texttest.Sentences(t, ".", "Say"), string(porting.Business), string(porting.Residential))
	for _, c := range capacities {
		all = append(all, c)
	}
	texttest.Whole(t, ".", all)
}

// The certificate at the end of the LOA says what was shown, by its digest, who accepted it, when, from where, and by which link
// or key. An LOA of an older signature has none.
func TestCertificate(t *testing.T) {
	page := func(change func(*porting.Order)) string {
		t.Helper()
		o := storetest.FullOrder("4503605600001")
		o.Signature.Language = porting.English
		change(&o)
		loa, err := LOA(o)
		if err != nil {
			t.Fatal(err)
		}
		_, certificate, _ := strings.Cut(strings.Join(strings.Fields(read(t, loa)), " "), "Certificate of the electronic signature")
		return certificate
	}
	same := page(func(*porting.Order) {})
	for _, want := range []string{"7000000000000001", "with SHA-256", "version 2, shown before the signature", "English", "opened by link 0123abcd"} {
		if !strings.Contains(same, want) {
			t.Errorf("the certificate lacks %q: %s", want, same)
		}
	}
	digest := func(s string) string {
		_, after, _ := strings.Cut(s, "with SHA-256 ")
		return strings.ReplaceAll(after, " ", "")[:64]
	}
	for name, change := range map[string]func(*porting.Order){
		"a name":          func(o *porting.Order) { o.Signature.LOA.BillingName = "Somebody Else" },
		"a number":        func(o *porting.Order) { o.Signature.Numbers = append(slices.Clone(o.SignedNumbers()), "+12065550199") },
		"the new carrier": func(o *porting.Order) { o.Signature.Operator.Name = "Another Carrier" },
		"the disclosure":  func(o *porting.Order) { o.Signature.Words = "1" },
	} {
		if digest(page(change)) == digest(same) {
			t.Errorf("the digest does not tell %s", name)
		}
	}
	if got := page(func(o *porting.Order) { o.Signature.By = "key-8jn5za" }); !strings.Contains(got, "access key key-8jn5za") || digest(got) != digest(same) {
		t.Errorf("by a key: %s", got)
	}
	if got := page(func(o *porting.Order) { o.Signature.By = "" }); got != "" {
		t.Errorf("an older signature: %s", got)
	}
}
