package porting

import (
	"fmt"
	"strings"
	"unicode"
)

// LOAVersion is the version of the words of an LOA that is signed now. Words that were once signed are never changed: the
// LOA of an older signature is printed again with its own.
const LOAVersion = "2"

// MaxOnLOA is how many numbers an LOA has on its face. More go on an attached list, of which the LOA names the first and
// the last number (Somos's guidelines, for toll-free numbers).
const MaxOnLOA = 15

// LOAWords are the words of an LOA, in paragraphs: the authorization, and the disclosures that a consumer gets before signing
// electronically. The API shows them and the PDF prints them, so that what is signed and what is printed are the same.
type LOAWords struct {
	Authorization, Disclosures []string
}

// Text returns all words as one text, whose paragraphs stand apart by an empty line.
func (w LOAWords) Text() string {
	return strings.Join(append(append([]string{}, w.Authorization...), w.Disclosures...), "\n\n")
}

// Draft returns the signature that an order would have if it were signed now: everything but who signs, and when.
func (r Rules) Draft(o Order) Signature {
	return Signature{LOA: o.Details.OnLOA(), Order: o.ID, Numbers: o.Active(), Words: LOAVersion, Operator: r.Operator}
}

// LOAWordsOf returns the words of the LOA of a signed order, or of one with a draft for a signature.
func LOAWordsOf(o Order) LOAWords {
	s := o.Signature
	if s.Words == "" {
		return LOAWords{Authorization: strings.Split(firstWords, "\n\n")}
	}
	words, ok := secondWords[s.Language]
	if !ok {
		words = secondWords[English]
	}
	carrier := s.Operator.Name
	if carrier == "" {
		carrier = words.carrier
	}
	numbers := words.listed
	if tns := o.SignedNumbers(); len(tns) > MaxOnLOA {
		numbers = fmt.Sprintf(words.attached, len(tns), TenDigits(tns[0]), TenDigits(tns[len(tns)-1]))
	}
	tollFree := ""
	if o.Kind == TollFree {
		respOrg := carrier
		if s.Operator.RespOrg != "" {
			respOrg += ", RespOrg ID " + s.Operator.RespOrg
		}
		tollFree = "\n\n" + strings.ReplaceAll(words.tollFree, "{resporg}", respOrg)
	}
	address := words.comment
	if s.Operator.Address != "" {
		address = fmt.Sprintf(words.address, s.Operator.Address)
	}
	fill := strings.NewReplacer("{carrier}", carrier, "{numbers}", numbers, "{toll-free}", tollFree, "{address}", address)
	split := func(text string) []string { return strings.Split(fill.Replace(text), "\n\n") }
	return LOAWords{Authorization: split(words.authorization), Disclosures: split(words.disclosures)}
}

// firstWords are the words of releases that named no carrier and had no disclosures.
const firstWords = `This letter of agency serves one purpose: to authorize the transfer ("port") of the telephone numbers listed in it. It offers nothing in return and is not part of any other document.

The end user named in this letter decides to transfer the listed telephone numbers away from the current provider named in it, to Portway and the service provider through which the end user receives service from Portway. The end user holds the listed numbers in an account at the service address given here.

The end user appoints Portway and that service provider as agents for this transfer. The agents, and carriers acting for them, may obtain the customer service record and other account information needed for the transfer from the current provider, may issue, change and cancel orders for it, and, for toll-free numbers, may change the responsible organization (RespOrg).

The choice covers local, toll-free, intrastate, interstate and international calling and messaging on the listed numbers, as far as each number carries it. For any one number only one carrier can be chosen for each of these services.

The current provider may charge for ending its service, and a fee may be due for the transfer. The transfer does not end other services at the current provider, nor what is owed for them; these stay the end user's own affair.

This authority lasts until the transfer is complete. The end user may revoke it before then by a written notice to Portway; a revocation does not undo what was done before it was received.

The signer declares that the information in this letter is true, and that the signer is authorized by the end user to sign it and to have these numbers transferred.`

// loaCharacters are those that the letter of agency can show: the letters of the Latin, Greek and Cyrillic alphabets with their
// accents, and the signs that people write with them. They are the glyphs of the font in internal/document, whose tests compare.
var loaCharacters = &unicode.RangeTable{R16: []unicode.Range16{
	{0x0020, 0x007e, 1}, {0x00a0, 0x00ac, 1}, {0x00ae, 0x034e, 1}, {0x0350, 0x036f, 1}, {0x0374, 0x0375, 1}, {0x037a, 0x037e, 1},
	{0x0384, 0x038a, 1}, {0x038c, 0x038c, 1}, {0x038e, 0x03a1, 1}, {0x03a3, 0x03ce, 1}, {0x03d0, 0x0513, 1}, {0x051a, 0x051d, 1},
	{0x1e00, 0x1e9b, 1}, {0x1e9e, 0x1e9e, 1}, {0x1ea0, 0x1ef9, 1}, {0x1f00, 0x1f15, 1}, {0x1f18, 0x1f1d, 1}, {0x1f20, 0x1f45, 1},
	{0x1f48, 0x1f4d, 1}, {0x1f50, 0x1f57, 1}, {0x1f59, 0x1f59, 1}, {0x1f5b, 0x1f5b, 1}, {0x1f5d, 0x1f5d, 1}, {0x1f5f, 0x1f7d, 1},
	{0x1f80, 0x1fb4, 1}, {0x1fb6, 0x1fc4, 1}, {0x1fc6, 0x1fd3, 1}, {0x1fd6, 0x1fdb, 1}, {0x1fdd, 0x1fef, 1}, {0x1ff2, 0x1ff4, 1},
	{0x1ff6, 0x1ffe, 1}, {0x2010, 0x2022, 1}, {0x2026, 0x2026, 1}, {0x2030, 0x2030, 1}, {0x2032, 0x2034, 1}, {0x2039, 0x203a, 1},
	{0x203c, 0x203c, 1}, {0x203e, 0x203e, 1}, {0x2044, 0x2044, 1}, {0x2074, 0x2078, 1}, {0x207f, 0x2089, 1}, {0x2090, 0x2094, 1},
	{0x20a0, 0x20b5, 1}, {0x20bf, 0x20bf, 1}, {0x2105, 0x2105, 1}, {0x2113, 0x2113, 1}, {0x2116, 0x2117, 1}, {0x2122, 0x2122, 1},
	{0x2126, 0x2126, 1}, {0x212e, 0x212e, 1}, {0x214d, 0x214e, 1}, {0x2153, 0x2154, 1}, {0x215b, 0x215e, 1}, {0x2212, 0x2212, 1},
	{0x2215, 0x2215, 1},
}}

// TenDigits writes a number of the North American plan as people write it, such as 206-555-0101.
func TenDigits(tn string) string {
	if n, ok := strings.CutPrefix(tn, "+1"); ok && len(n) == 10 {
		return n[:3] + "-" + n[3:6] + "-" + n[6:]
	}
	return tn
}

// OnLOA says whether the letter of agency can show the character.
func OnLOA(c rune) bool { return unicode.Is(loaCharacters, c) }

// loaFault says which character of a text the letter of agency can't show, and what to do; empty where it shows all.
func loaFault(s string) string {
	for _, c := range s {
		if !OnLOA(c) {
			return fmt.Sprintf("The letter of agency cannot show the character %q (U+%04X). Write this in Latin, Greek or Cyrillic letters.", c, c)
		}
	}
	return ""
}
