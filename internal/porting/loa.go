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
	carrier := s.Operator.Name
	if carrier == "" {
		carrier = "the carrier that runs this service"
	}
	numbers := "the telephone numbers that are listed in it"
	if tns := o.SignedNumbers(); len(tns) > MaxOnLOA {
		numbers = fmt.Sprintf("the %d telephone numbers on the attached list, of which the first is %s and the last is %s",
			len(tns), TenDigits(tns[0]), TenDigits(tns[len(tns)-1]))
	}
	tollFree := ""
	if o.Kind == TollFree {
		respOrg := carrier
		if s.Operator.RespOrg != "" {
			respOrg += ", RespOrg ID " + s.Operator.RespOrg
		}
		tollFree = "\n\n" + strings.ReplaceAll(tollFreeWords, "{resporg}", respOrg)
	}
	address := "by a comment on the port order"
	if s.Operator.Address != "" {
		address = "at " + s.Operator.Address + ", or by a comment on the port order"
	}
	fill := strings.NewReplacer("{carrier}", carrier, "{numbers}", numbers, "{toll-free}", tollFree, "{address}", address)
	split := func(text string) []string { return strings.Split(fill.Replace(text), "\n\n") }
	return LOAWords{Authorization: split(secondWords), Disclosures: split(secondDisclosures)}
}

// secondWords hold what 47 CFR 64.1130 asks of an LOA, in words of our own: the change itself and nothing else (b), the
// numbers, the decision, the present and the new carrier, the agent, one carrier for each service, a fee that may be due
// (e), and that the new carrier sets the rates (f). The billing name and address stand above the words.
const secondWords = `This letter of agency serves one purpose: to authorize the transfer ("port") of {numbers}. It offers nothing in return and is not part of any other document.

The end user named in this letter decides to change the carrier of these numbers from the current provider named in it to {carrier}, the new carrier. The end user holds the numbers in an account with the service address and the account address given here.

The end user appoints {carrier} as agent for this transfer. The agent, and carriers acting for it, may obtain the customer service record and other account information needed for the transfer from the current provider, and may issue, change and cancel orders for it.{toll-free}

The choice covers local, toll-free, intrastate, interstate and international calling and messaging on these numbers, as far as each number carries it. For any one number only one carrier can be chosen for each of these services. The new carrier sets the rates for its service.

The current provider may charge for ending its service, and a fee may be due for the transfer. The transfer does not end other services at the current provider, nor what is owed for them; these stay the end user's own affair.

This authority lasts until the transfer is complete. The end user may revoke it before then by a written notice to {carrier}, {address}; a revocation does not undo what was done before it was received.

The signer declares that the information in this letter is true, and signs in the capacity that stands with the signature: as the end user, who holds the account; as a person whom the end user has authorized to sign; or as a reseller, to whom the end user has given a signed letter of agency for this transfer, which is kept with this one.`

// tollFreeWords name the new RespOrg by name and id in the text, as Somos's guidelines ask.
const tollFreeWords = `For toll-free numbers the end user authorizes the change of the responsible organization (RespOrg) to {resporg}, and asks the current RespOrg to release the numbers to it.`

// secondDisclosures are those of 15 U.S.C. 7001(c)(1), which 47 CFR 64.1130(i) wants on an LOA that is signed
// electronically: the right to paper, what the consent covers, how to withdraw it and with what consequence, how to change
// the contact, how to get a copy and at what fee, and what is needed to read and keep the LOA. A copy on paper is
// free (our decision).
const secondDisclosures = `The signer may have this letter on paper and sign it on paper instead. To ask for that, write to {carrier}, {address}, before signing here.

The consent to an electronic letter and signature covers this letter and the notices about this transfer only. It may be withdrawn at any time without a fee, by writing to the same place. What was done before stays valid; a transfer that is not complete then stops until a letter is signed on paper.

The addresses to which copies and notices go are those of the port order, where they can be changed at any time. A copy of this letter on paper is sent on request to the same place, without a fee.

To read and keep this letter one needs internet access, a program that shows PDF files, and a printer or storage for the file. By signing, the signer confirms to be able to read and keep this letter in this form, and consents to signing it electronically.`

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
