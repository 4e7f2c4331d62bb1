package porting

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TidyLine brings a text of one line into the form in which it is kept: every space of Unicode is a plain one, the ends are trimmed,
// and the selectors behind a symbol that choose its picture are gone. The API has composed the letters before (NFC).
func TidyLine(s string) string {
	return strings.TrimSpace(strings.Map(plainSpace, withoutSelectors(s)))
}

// TidyLines does the same for a text of several lines, whose newlines and tabs stay.
func TidyLines(s string) string { return TidyLine(strings.ReplaceAll(s, "\r\n", "\n")) }

// TidyForm does the same for a value whose form is digits, plain letters and signs (a number, a date, a code, an address of mail or
// the web), and takes out the marks that show nothing: contact cards and office programs put such marks around numbers, where they
// mean nothing. The mark that turns what follows around (U+202E) stays, to be refused: the reader has seen other digits.
func TidyForm(s string) string {
	return TidyLine(strings.Map(func(c rune) rune {
		if c != rightToLeft && Invisible(c) {
			return -1
		}
		return c
	}, s))
}

const rightToLeft = '\u202e'

// LineFault says what is wrong with the characters of a text of one line and what to do; empty when nothing is.
func LineFault(s string) string { return textFault(s, "") }

// LinesFault says it of a text of several lines.
func LinesFault(s string) string { return textFault(s, "\n\t") }

func textFault(s, allowed string) string {
	if !utf8.ValidString(s) {
		return "Send the text as UTF-8."
	}
	for _, c := range s {
		switch {
		case c == utf8.RuneError:
			return "Send the text as UTF-8: a character was lost before it came here (U+FFFD)."
		case Invisible(c):
			return fmt.Sprintf("Take out the character U+%04X, which shows nothing or turns the writing around.", c)
		case !unicode.IsPrint(c) && !strings.ContainsRune(allowed, c):
			return fmt.Sprintf("Take out the control character or unknown character U+%04X.", c)
		}
	}
	return ""
}

// Invisible reports whether c shows nothing of its own, or makes what is shown another thing than what is written: format
// characters with the marks of direction, joiners, fillers, selectors, separators of lines, and tags.
func Invisible(c rune) bool {
	return unicode.In(c, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		c == '\u2800' || c == '\ufffc' || c == '\U0001d159' // a blank of braille, of an object, of a note
}

func plainSpace(c rune) rune {
	if unicode.Is(unicode.Zs, c) {
		return ' '
	}
	return c
}

// withoutSelectors takes the selectors and joiners out that stand behind a symbol, such as a heart in colors: the symbol stays.
func withoutSelectors(s string) string {
	behind := false
	return strings.Map(func(c rune) rune {
		if behind && (c == '\u200d' || c == '\ufe0e' || c == '\ufe0f') {
			return -1
		}
		behind = unicode.In(c, unicode.So, unicode.Sk)
		return c
	}, s)
}
