package match

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Pat Example", "Pat Example"},
		{"Nguyễn Văn An", "Nguyen Van An"},
		{"Łódź Straße ŒUVRE Þór", "Lodz Strasse OEUVRE THor"},
		{"İstanbul ışık", "Istanbul isik"},
		{"O´Brien O’Brien OʼBrien O＇Brien", "O'Brien O'Brien O'Brien O'Brien"},
		{"a\u2010b\u2011c\u2013d\u2014e\u2212f\uff0dg", "a-b-c-d-e-f-g"},
		{"a\u00a0b\u2009c\u3000d\u202fe", "a b c d e"},
		{"\ufeffa\u200bb\u00adc\u202ad\u202ce\ufe0f", "abcde"},
		{"12½", "12 1/2"},
		{"5²", "5²"},
		{"№ 5 ℅ Ⅲ", "No 5 c/o III"},
		{"１２＃Ａ，＆", "12#A,&"},
		{"Ёж Йод Їжак", norm.NFD.String("Еж Йод Їжак")},
		{"Παπαδόπουλος", "Παπαδοπουλοσ"},
		{"ガ", norm.NFD.String("ガ")},
		{"कि", "कि"},
	} {
		if got := fold(tt.text); got != tt.want {
			t.Errorf("%q is %+q, want %+q", tt.text, got, tt.want)
		}
	}
}

// alphabets are the letters beyond A to Z of the languages that are written in Latin letters, by their own standards
// (Unicode CLDR, main and auxiliary exemplar characters). A system of capitals has one for each.
var alphabets = map[string]string{
	"Afrikaans": "áâèéêëîïôöúû", "Albanian": "çë", "Azerbaijani": "çəğıöşü", "Catalan": "àçéèíïóòúü", "Croatian": "čćđšž",
	"Czech":  "áčďéěíňóřšťúůýž",
	"Danish": "æøåé", "Dutch": "áäéëíïóöúüĳ", "Estonian": "äöõšüž", "Ewe": "ãɖẽƒɣĩŋõɔʋ", "Faroese": "áðíóúýæø",
	"Finnish": "åäöšž", "French": "àâæçéèêëîïôœùûüÿ",
	"Fula": "ɓɗŋñƴ", "German": "äöüß", "Greenlandic": "áâãæéêíîĩĸôøúûũå", "Hausa": "ɓɗƙƴ", "Hawaiian": "āēīōūʻ",
	"Hungarian": "áéíóöőúüű",
	"Icelandic": "áðéíóúýþæö", "Igbo": "ịṅọụ", "Irish": "áéíóú", "Italian": "àéèìóòù", "Latvian": "āčēģīķļņšūž",
	"Lithuanian": "ąčęėįšųūž", "Maltese": "àċèġħìòùż",
	"Maori": "āēīōū", "Norwegian": "æøåàéêóòôü", "Polish": "ąćęłńóśźż", "Portuguese": "áàâãçéêíóôõúü",
	"Romanian": "ăâîșțşţ", "Sami": "áčđŋšŧž",
	"Scottish Gaelic": "àèìòùáéó", "Serbian": "čćđšž", "Slovak": "áäčďéíĺľňóôŕšťúýž", "Slovenian": "čšž",
	"Sorbian": "čćěłńóřŕšžź", "Spanish": "áéíñóúü",
	"Swedish": "åäöé", "Turkish": "çğıİöşüâî",
	"Vietnamese": "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ",
	"Welsh":      "áàâäéèêëíìîïóòôöúùûüẃẁŵẅýỳŷÿ",
	"Yoruba":     "áàéèẹíìóòọṣúù", "transliterated Arabic": "āīūḥḍṣṭẓġḫẖḏṯʿʾ",
	"transliterated Sanskrit": "āīūṛṝḷṅñṭḍṇśṣṃḥ",
	"Pinyin":                  "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ",
}

func TestEveryAlphabet(t *testing.T) {
	for language, letters := range alphabets {
		for _, text := range []string{letters, strings.ToUpper(letters), norm.NFD.String(letters),
			norm.NFC.String(strings.ToUpper(letters))} {
			got := strings.Map(func(r rune) rune {
				if r == 'Ɣ' || r == 'ɣ' { // a letter of its own, for which nothing plain is written
					return -1
				}
				return r
			}, fold(text))
			if !isASCII(got) {
				t.Errorf("%s: %q is %q", language, text, got)
			}
		}
	}
}

// Every Latin letter with a mark, stroke, hook, tail or curl folds to the letter that its name says, and to no other.
func TestLettersByTheirNames(t *testing.T) {
	named := regexp.MustCompile(`^LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*| BAR)?$`)
	differs := map[rune]string{
		'ɂ': "'", // a glottal stop is no letter of its own
		'ƣ': "ƣ", // named OI by mistake: it is a gha
	}
	for r := rune(0xc0); r < 0x2c80; r++ {
		if !unicode.Is(unicode.Latin, r) || r > 0x2af && r < 0x1e00 {
			continue
		}
		m := named.FindStringSubmatch(runenames.Name(r))
		if m == nil || strings.Contains(m[0], " WITH SMALL LETTER ") || differs[unicode.ToLower(r)] != "" ||
			slices.Contains([]string{"OI", "HV", "TZ", "OU", "VY", "ET", "IS", "UM"}, m[2]) {
			continue
		}
		want := strings.ToLower(m[2])
		if got := strings.ReplaceAll(strings.ToLower(fold(string(r))), "'", ""); got != want {
			t.Errorf("%c (%s) is %q", r, m[0], got)
		}
	}
}

// A text is folded the same whichever way its letters were put together, and folding it again changes nothing.
func TestFoldKnowsOneForm(t *testing.T) {
	for r := rune(0x80); r < 0x20000; r++ {
		if !unicode.In(r, unicode.L, unicode.M) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			continue
		}
		text := "a" + string(r) + "b"
		once := fold(text)
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if got := fold(form.String(text)); got != once {
				t.Errorf("U+%04X is %+q, and in the other form %+q", r, once, got)
			}
		}
		if again := fold(once); again != once {
			t.Errorf("U+%04X is %+q, and then %+q", r, once, again)
		}
	}
}

func TestOtherSpellings(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"Joerg", nil},
		{"Zoë", nil},
		{"Jörg", []string{"Joerg"}},
		{"JÖRG", []string{"JOERG"}},
		{"Jo\u0308rg Mu\u0308ller", []string{"Joerg Müller", "Jörg Mueller", "Joerg Mueller"}},
	} {
		if got := otherSpellings(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
	if n := len(otherSpellings(strings.Repeat("äöüåøđŋə", 20))); n != 15 {
		t.Errorf("%d spellings of a text of many such letters", n)
	}
}

func BenchmarkCompareLetters(b *testing.B) {
	order := Side{Name: "Åse Søndergård-Nguyễn", Company: "Dépanneur L’Île-d’Orléans",
		Street: "1200 boulevard René-Lévesque Ouest", City: "Montréal", Country: "CA"}
	record := Side{Name: "AASE SOENDERGAARD NGUYEN", Street: "1200 RENE LEVESQUE BLVD W", City: "MONTREAL"}
	for b.Loop() {
		Compare(order, record)
	}
}
