package match

import (
	"strings"
	"unicode"
)

// words are the words of s in lower case and in the letters of a carrier's
// system (fold). Letters, digits and the runes of keep make words, apostrophes
// and dots vanish ("O'Brien", "St.") but for those between digits (2.0 is not
// 20), anything else parts them.
func words(s, keep string) []string {
	var b strings.Builder
	var last rune
	all := []rune(strings.ToLower(fold(s)))
	for i, r := range all {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case r == '\'', r == '`', r == '.':
			if unicode.IsDigit(last) && i+1 < len(all) && unicode.IsDigit(all[i+1]) {
				b.WriteByte(' ')
			}
		case r == '&', r == '+':
			b.WriteString(" and ")
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			b.WriteRune(r) // another script: it equals itself
		default:
			b.WriteByte(' ')
		}
		last = r
	}
	return strings.Fields(b.String())
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

// standard finds word in a table of lines, each with the standard form first
// and then the other forms of it.
func standard(table, word string) (first string, ok bool) {
	const parts = " \n"
	for from := 0; word != ""; {
		i := strings.Index(table[from:], word)
		if i < 0 {
			break
		}
		i += from
		end := i + len(word)
		if (i == 0 || strings.IndexByte(parts, table[i-1]) >= 0) && end < len(table) && strings.IndexByte(parts,
			table[end]) >= 0 {
			line := table[strings.LastIndexByte(table[:i], '\n')+1:]
			return line[:strings.IndexAny(line, parts)], true
		}
		from = i + 1
	}
	return "", false
}

// inOneLine reports whether a line of such a table has both words.
func inOneLine(table, a, b string) bool {
	for line := range strings.Lines(table) {
		line = " " + strings.TrimSuffix(line, "\n") + " "
		if listed(line, a) && listed(line, b) {
			return true
		}
	}
	return false
}
