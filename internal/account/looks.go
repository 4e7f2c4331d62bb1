package account

import (
	"strings"

	"portway/internal/porting"
)

// Looks are how the pages of an account's orders look to the people whose numbers are moved. An empty one looks as we do.
type Looks struct {
	// Name stands at the top of the page, in the place of nothing.
	Name string
	// Color is that of buttons and links, such as #0b5cad. The page makes it darker or lighter where it could not be read.
	Color string
	// Footer are the account's own words below the page.
	Footer string
}

// Limits of looks, in characters.
const (
	maxLooksName   = 60
	maxLooksFooter = 300
)

// TidyLooks returns the looks without spaces around their texts, and what is wrong with them, by the names of the wire.
func TidyLooks(l Looks) (Looks, porting.Faults) {
	var faults porting.Faults
	l.Name, l.Footer, l.Color = porting.TidyLine(l.Name), porting.TidyLine(l.Footer), strings.ToLower(strings.TrimSpace(l.Color))
	for _, f := range []struct {
		name, value string
		most        int
		tooLong     string
	}{
		{name: "page/name", value: l.Name, most: maxLooksName, tooLong: "Give at most 60 characters."},
		{name: "page/footer", value: l.Footer, most: maxLooksFooter, tooLong: "Give at most 300 characters."},
	} {
		switch why := porting.LineFault(f.value); {
		case len([]rune(f.value)) > f.most:
			faults.Add(f.name, porting.TooLong, f.tooLong)
		case f.value != "" && why != "":
			faults.Add(f.name, porting.BadFormat, why)
		}
	}
	if l.Color != "" && (len(l.Color) != 7 || l.Color[0] != '#' || strings.Trim(l.Color[1:], "0123456789abcdef") != "") {
		faults.Add("page/color", porting.BadFormat, "Give a color as # and six hexadecimal digits, such as #0b5cad.")
	}
	return l, faults
}
