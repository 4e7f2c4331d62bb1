package carrier

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// suffixes are the legal forms at the end of companies' names, without dots and accents.
var suffixes = []string{
	"inc", "incorporated", "corp", "corporation", "company", "co", "llc", "llp", "lp", "ltd", "limited", "ltee", "limitee",
	"plc", "pllc", "pc", "ulc", "senc", "srl",
}

// spelled are letters and signs that Unicode does not take apart, with the ASCII letters that people write for them. The
// marks of trade are no part of a name.
var spelled = strings.NewReplacer("™", "", "℠", "", "®", "", "©", "", "ß", "ss", "ø", "o", "Ø", "o", "ł", "l", "Ł", "l", "đ", "d",
	"Đ", "d", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "×", "x", "&", " & ", "＆", " & ", "﹠", " & ")

// folds returns the forms in which a name is looked up, the best first. A name that tells under which name a company does
// business ("Cellco Partnership d/b/a Verizon Wireless") has a form for each of the two.
func folds(name string) []string {
	words := words(name)
	var forms []string
	for i, w := range words {
		if (w == "dba" || w == "aka" || w == "fka") && i > 0 && i < len(words)-1 {
			forms = append(forms, join(words[i+1:]), join(words[:i]))
			break
		}
	}
	if len(forms) == 0 {
		forms = append(forms, join(words))
	}
	return slices.DeleteFunc(forms, func(f string) bool { return f == "" })
}

// fold returns a name's letters and digits in lower case, with neither accents nor the width, the ligatures and the other
// compatible forms of Unicode. A legal form at the end, "and" or its sign between words, and "the" before them are left out.
func fold(name string) string { return join(words(name)) }

// words returns the words of a name, each folded. Dots within a word are left out, so that L.L.C. is one word.
func words(name string) []string {
	name = norm.NFKD.String(spelled.Replace(name))
	var all []string
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;()[]", r) }) {
		if w := letters(word); w != "" {
			all = append(all, w)
		}
	}
	return all
}

func letters(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, word)
}

// join makes the form of words, of which at least one stays.
func join(words []string) string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "and" })
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for stripped := true; stripped; {
		stripped = false
		for n := 1; n <= 3 && n < len(words); n++ { // "L. L. C." is three words
			if slices.Contains(suffixes, strings.Join(words[len(words)-n:], "")) {
				words, stripped = words[:len(words)-n], true
				break
			}
		}
	}
	return strings.Join(words, "")
}
