package match

import (
	"strings"
	"unicode"
)

// words are the words of s in lower case without accents. Letters, digits and
// the runes of keep make words, apostrophes and dots vanish ("O'Brien",
// "St."), anything else parts them.
func words(s, keep string) []string {
	var b strings.Builder
	for _, r := range s {
		switch r = unicode.ToLower(r); {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case r == '\'', r == '’', r == '‘', r == '`', r == '.', unicode.Is(unicode.Mn, r):
		case r == '&', r == '+':
			b.WriteString(" and ")
		case strings.ContainsRune(accented, r):
			b.WriteString(plain(r))
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r) // another script: it equals itself
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// The letters of Latin-1 and what carriers' systems, which know capitals from
// A to Z, write for them.
const (
	accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿæœß"
	unaccent = "aaaaaaceeeeiiiinoooooouuuuyy"
)

func plain(r rune) string {
	switch r {
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ß':
		return "ss"
	}
	i := len([]rune(accented[:strings.IndexRune(accented, r)]))
	return unaccent[i : i+1]
}

// lookup finds word in a table of the form " word=short word=short ", which
// costs nothing until it is used. Without a row it is ok = false.
func lookup(table, word string) (short string, ok bool) {
	_, rest, ok := strings.Cut(table, " "+word+"=")
	if !ok || word == "" {
		return "", false
	}
	short, _, _ = strings.Cut(rest, " ")
	return short, true
}

// listed reports whether word is in a list of the form " word word ".
func listed(list, word string) bool { return word != "" && strings.Contains(list, " "+word+" ") }
