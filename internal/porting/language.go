package porting

import "strings"

// Language is a language in which customers read us, by its tag (BCP 47). It is stored, and a word of the API. The empty
// language is English.
type Language string

// The languages. French is that of Canada.
const (
	English Language = "en"
	Spanish Language = "es"
	French  Language = "fr-CA"
)

// Languages are all of them, in the order in which a person may choose.
func Languages() []Language { return []Language{English, Spanish, French} }

// written is the language as it is stored with an LOA: empty for English, and for what is none of ours.
func (l Language) written() Language {
	if l == Spanish || l == French {
		return l
	}
	return ""
}

// ParseLanguage finds our language for a tag, such as es for es-MX. ok is false for a tag of another language.
func ParseLanguage(tag string) (_ Language, ok bool) {
	main, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	for _, l := range Languages() {
		if own, _, _ := strings.Cut(string(l), "-"); own == main {
			return l, true
		}
	}
	return "", false
}
