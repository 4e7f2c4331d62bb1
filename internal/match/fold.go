package match

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a text into what carriers' systems, which know the letters A to
// Z, write for it: letters lose their accents, those without a plain one
// beneath are spelled out (Łódź is Lodz, Straße Strasse), and apostrophes,
// dashes, spaces and other signs have one form each. It does not matter
// whether a letter came composed or with its accents behind it. Letters of
// other scripts stay, with their marks. Capitals stay capitals.
func fold(s string) string {
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	var base rune // the letter that accents follow
	for _, r := range norm.NFD.String(s) {
		switch c := sign(r); {
		case c == nothing:
		case c <= unicode.MaxASCII:
			base = c
			b.WriteRune(c)
		case unicode.IsMark(c):
			if !losesMark(base, c) {
				b.WriteRune(c)
			}
		case isFraction(c):
			b.WriteString(" " + strings.ReplaceAll(norm.NFKD.String(string(c)), "\u2044", "/"))
			base = 0
		default:
			base = spell(&b, c)
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// apostrophes are the signs that people type for an apostrophe, a glottal
// stop, a click or a soft sign in a name, which carriers' systems leave out.
const apostrophes = "´·ʹʺʻʼʽʾʿˀˁˈˊˋˮ΄՚՛׳ߴߵ᾽᾿῾‘’‚‛′‵❛❜Ꞌꞌ＇" + "ʔʕɁɂʡʢ" + "ǀǁǂǃ"

const nothing rune = -1

// sign is the plain form of a sign or space, nothing for what does not show,
// and any other character as it is.
func sign(r rune) rune {
	switch {
	case r <= unicode.MaxASCII:
		return r
	case strings.ContainsRune(apostrophes, r):
		return '\''
	case unicode.Is(unicode.Pd, r), r == '\u2212', r == '\u2043': // minus, bullet
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return nothing
	case r == '\u2044', r == '\u2215': // slashes
		return '/'
	case r == '\u060c', r == '\u3001': // commas
		return ','
	case unicode.In(r, unicode.P, unicode.Sm, unicode.Nd):
		if plain := norm.NFKD.String(string(r)); len(plain) == 1 { // of full width, or small
			return rune(plain[0])
		}
	}
	return r
}

// isFraction: ½ and its like, which stand behind a number without a space.
func isFraction(r rune) bool {
	return unicode.Is(unicode.No, r) && strings.ContainsRune(norm.NFKD.String(string(r)), '\u2044')
}

// losesMark reports whether an accent behind the letter goes: all of them in
// Latin and Greek, and the two dots of the Russian ё, which are seldom
// written. Elsewhere a mark makes another letter (й is not и).
func losesMark(letter, mark rune) bool {
	return letter <= unicode.MaxASCII || unicode.In(letter, unicode.Latin, unicode.Greek) || mark == '\u0308' &&
		(letter == 'е' || letter == 'Е')
}

// spell writes a letter in plain ones, and gives back the last of them.
func spell(b *strings.Builder, r rune) (base rune) {
	parts := string(r) // a superscript is no number of the line
	if unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || r == '№' || r == '℅' {
		parts = norm.NFKD.String(parts) // ligatures, letters of other faces, Roman numbers
	}
	for _, c := range parts {
		if unicode.IsMark(c) && losesMark(base, c) {
			continue
		}
		lower := unicode.ToLower(c)
		plain, spelled := lookup(spellings, string(lower))
		switch {
		case !spelled:
			plain = string(sign(c))
		case lower != c:
			plain = strings.ToUpper(plain)
		}
		b.WriteString(plain)
		if !unicode.IsMark(c) {
			base = c
		}
	}
	return base
}

// spellings are the letters that have no plain one beneath, and what is
// written for them (ICAO Doc 9303 part 3, section 6, table A, and for letters
// with a stroke, bar, hook, tail or curl the letter that has it). Carriers'
// records have the shorter one of two spellings; otherSpellings has the other.
const spellings = " ß=ss æ=ae œ=oe ø=o þ=th ð=d đ=d ħ=h ı=i ĸ=q ł=l ŋ=n ŧ=t ə=e ς=σ " +
	"ƀ=b ƃ=b ƈ=c ƌ=d ƒ=f ƙ=k ƚ=l ƞ=n ƥ=p ƫ=t ƭ=t ƴ=y ƶ=z ǝ=e ǥ=g ȡ=d ȥ=z ȴ=l ȵ=n ȶ=t ȷ=j ȼ=c ȿ=s ɀ=z ɇ=e ɉ=j ɋ=q ɍ=r " +
	"ɏ=y ɓ=b ɔ=o ɕ=c ɖ=d ɗ=d ɛ=e ɠ=g ɡ=g ɦ=h ɨ=i ɩ=i ɫ=l ɬ=l ɭ=l ɱ=m ɲ=n ɳ=n ɵ=o ɼ=r ɽ=r ɾ=r ʂ=s ʈ=t ʉ=u ʋ=v ʐ=z ʑ=z " +
	"ʝ=j ʠ=q ⱡ=l ⱥ=a ⱦ=t ⱨ=h ⱪ=k ⱬ=z ⱱ=v ⱳ=w ⱴ=v ⱸ=e ⱺ=o ȸ=db ȹ=qp ẞ=ss ᵽ=p ỻ=ll ỿ=y ꜳ=aa "

// twoWays are the letters for which some systems write one plain letter and
// others two, and the one that spellings and the accents leave out.
const twoWays = " ä=ae ö=oe ü=ue å=aa ø=oe đ=dj ŋ=ng ə=a "

// otherSpellings are the ways to write s with one or more of its letters
// spelled out: Jörg Müller is JORG MULLER to one carrier and JOERG MUELLER to
// another.
func otherSpellings(s string) []string {
	if isASCII(s) {
		return nil
	}
	const most = 4 // letters of the kind in one text
	var letters []rune
	s = norm.NFC.String(s)
	for _, r := range strings.ToLower(s) {
		if _, ok := lookup(twoWays, string(r)); ok && len(letters) < most && !strings.ContainsRune(string(letters), r) {
			letters = append(letters, r)
		}
	}
	var all []string
	for choice := 1; choice < 1<<len(letters); choice++ {
		var pairs []string
		for i, r := range letters {
			if choice&(1<<i) != 0 {
				long, _ := lookup(twoWays, string(r))
				pairs = append(pairs, string(r), long, string(unicode.ToUpper(r)), strings.ToUpper(long))
			}
		}
		all = append(all, strings.NewReplacer(pairs...).Replace(s))
	}
	return all
}

// sameSpelling reports whether same holds of a and b, or of one of them in
// another spelling and the other.
func sameSpelling(a, b string, same func(a, b string) bool) bool {
	if same(a, b) {
		return true
	}
	for _, v := range otherSpellings(a) {
		if same(v, b) {
			return true
		}
	}
	for _, v := range otherSpellings(b) {
		if same(a, v) {
			return true
		}
	}
	return false
}
