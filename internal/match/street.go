package match

import (
	"cmp"
	"slices"
	"strings"
)

// compareStreets compares the street line and the unit. The carrier's record
// has both in one line, perhaps with the city behind; the order has them in
// two, or in one.
func compareStreets(order, carrier Side, canada bool) []Field {
	line, theirs := withoutPlace(order, carrier), withoutPlace(carrier, order)
	a := addressOf(line, order.Street2, canada)
	b := addressOf(theirs, carrier.Street2, canada)
	street := Field{Name: "street", Carrier: b.streetText}
	unit := Field{Name: "street2", Carrier: b.unitText}
	if b.streetText == "" && b.unitText == "" {
		return []Field{silence.on(street), silence.on(unit)}
	}
	patch := map[string]string{"street": b.streetText, "street2": b.unitText}
	if again := addressOf(b.streetText, b.unitText, canada); !sameStreet(again.street, b.street) ||
		!sameUnits(again.units, b.units) {
		patch = map[string]string{"street": theirs, "street2": carrier.Street2} // a line that does not part well stays whole
	}
	found := streetFinding(a, b)
	if found.verdict == Differs && sameSpelling(line, theirs, func(x, y string) bool {
		return sameStreet(addressOf(x, order.Street2, canada).street, addressOf(y, carrier.Street2, canada).street)
	}) {
		found = sameSpelledOut
	}
	street, unit = found.on(street), unitFinding(a, b).on(unit)
	if street.Verdict != Equal {
		street.Patch = patch
	}
	if unit.Verdict != Equal {
		unit.Patch = patch
	}
	return []Field{street, unit}
}

func streetFinding(a, b address) finding {
	switch {
	case a.streetText == b.streetText:
		return same
	case a.streetText == "":
		return orderLess
	case sameStreet(a.street, b.street):
		return respelled
	}
	return whereStreetsPart(a, b)
}

func unitFinding(a, b address) finding {
	switch {
	case a.unitText == b.unitText:
		return same
	case b.unitText == "":
		return unitOnOrder
	case a.unitText == "":
		return unitOnRecord
	case sameUnits(a.units, b.units):
		return respelled
	case slices.EqualFunc(a.units, b.units, func(u, v unit) bool { return u.id == v.id }):
		return otherUnitKind
	}
	return otherUnit
}

func whereStreetsPart(a, b address) finding {
	x, y := a.street, b.street
	if len(x) > len(y) {
		x, y = y, x
	}
	var only []string // the words of y where it is not x
	for i := range y {
		if len(x) == len(y) && x[i] != y[i] || len(x) == len(y)-1 && slices.Equal(x, slices.Concat(y[:i], y[i+1:])) {
			only = append(only, y[i])
			if len(x) < len(y) {
				break
			}
		}
	}
	all := func(table string, list []string) bool {
		return !slices.ContainsFunc(list, func(w string) bool { _, ok := standard(table, w); return !ok })
	}
	switch {
	case a.poBox != b.poBox:
		return boxOrPlace
	case a.poBox:
		return otherBox
	case len(x) == len(y) && len(x) > 0 && x[0] != y[0] && len(only) == 1:
		return otherHouse
	case len(x) < len(y) && len(only) == 1 && all(directionals, only):
		return lessDirection
	case len(x) < len(y) && len(only) == 1 && all(suffixes, only):
		return lessSuffix
	case len(x) < len(y):
		return lessStreet.unlike(strings.Join(x, " "), strings.Join(y, " "))
	case len(only) == 1 && all(directionals, only):
		return otherDirection
	case len(only) == 1 && all(suffixes, only):
		return otherSuffix
	}
	return otherStreet.unlike(strings.Join(x, " "), strings.Join(y, " "))
}

// withoutPlace is a side's street line without the city, the state and the ZIP
// of the same side behind it, as some carriers give the whole address in one
// line. Parts of the place that the side lacks are taken from the other side.
func withoutPlace(s, t Side) string {
	city, state, zip := cityKey(cmp.Or(s.City, t.City)), stateKey(cmp.Or(s.State, t.State)), zipKey(cmp.Or(s.Zip, t.Zip))
	if city == "" || state == "" {
		return s.Street
	}
	list := strings.Fields(s.Street)
	for again := true; again; {
		again = false
		end := len(list)
		for n := 1; n <= 2 && n < end && zip != ""; n++ { // a postal code may be two words
			if zipKey(strings.Trim(strings.Join(list[end-n:end], ""), ",.")) == zip {
				end -= n
				break
			}
		}
		end = behind(list, end, 4, stateKey, state)
		if end == 0 {
			break
		}
		if end = behind(list, end, 5, cityKey, city); end > 1 {
			list, again = list[:end], true
		}
	}
	return strings.TrimRight(strings.Join(list, " "), " ,")
}

// behind is where the words before end stop when the last ones, at most so
// many, make up want; 0 when they don't.
func behind(list []string, end, most int, key func(string) string, want string) int {
	for start := end - 1; start > 0 && start >= end-most; start-- {
		if key(strings.Join(list[start:end], " ")) == want {
			return start
		}
	}
	return 0
}

// An address line taken apart: the street as comparable words, house number
// first, and the units beside it; and both as they were written.
type address struct {
	street               []string
	units                []unit
	poBox                bool
	streetText, unitText string
}

// A unit is a suite, a floor, a building. The empty kind is "#" or "unit",
// which say only that there is one.
type unit struct{ kind, id string }

// sameUnits compares without regard to order. "#5" and "Unit 5" go with "Apt
// 5" and with "Suite 5", once, but a suite is not an apartment.
func sameUnits(a, b []unit) bool {
	if len(a) != len(b) {
		return false
	}
	var left []unit // of a, without the very same in b
	rest := slices.Clone(b)
	for _, u := range a {
		if i := slices.Index(rest, u); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			continue
		}
		left = append(left, u)
	}
	if len(left) != 1 {
		return len(left) == 0
	}
	u, v := left[0], rest[0]
	return u.id == v.id && (u.kind == "" && listed(doors, v.kind) || v.kind == "" && listed(doors, u.kind))
}

// A token is a word as it was written and as it is compared.
type token struct {
	raw, word string
	second    bool // it stands in the second line
}

func tokens(line string, second bool) []token {
	var list []token
	for _, raw := range strings.Fields(strings.NewReplacer("#", " #", "＃", " #", "№", " #", ",", ", ", "，", ", ", "、",
		", ").Replace(line)) {
		if before, digits, ok := glued(raw); ok {
			list = append(list, token{before, before, second}, token{digits, digits, second})
			for i := len(list) - 2; i < len(list); i++ {
				list[i].word = wordOf(list[i].raw)
			}
			continue
		}
		if w := wordOf(raw); w != "" {
			list = append(list, token{raw, w, second})
		} else if len(list) > 0 && list[len(list)-1].second == second {
			list[len(list)-1].raw += " " + raw // a dash on its own
		}
	}
	return list
}

// glued parts "STE200" and "APT4B".
func glued(raw string) (designator, id string, ok bool) {
	i := strings.IndexAny(raw, "0123456789")
	if i < 2 {
		return "", "", false
	}
	_, ok = lookup(designators, strings.ToLower(raw[:i]))
	return raw[:i], raw[i:], ok
}

// wordOf is one written word in comparable form: "N.E." is "ne", "Smith-Jones"
// is "smith jones", "12-A" is "12a", "1/2" and "45-12" stay.
func wordOf(raw string) string {
	parts := words(raw, "-/#")
	w := strings.Trim(strings.Join(parts, " "), "-/ ")
	var b strings.Builder
	for i := range len(w) {
		c := w[i]
		if c != '-' || i == 0 || i == len(w)-1 {
			b.WriteByte(c)
			continue
		}
		switch left, right := isDigit(w[i-1]), isDigit(w[i+1]); {
		case left && right && fraction(w[i+1:]):
			b.WriteByte(' ') // 12-1/2 is 12 1/2
		case left && right:
			b.WriteByte(c)
		case left == right:
			b.WriteByte(' ')
		}
	}
	if strings.ContainsRune(raw, '.') && decimal(raw) {
		return strings.Trim(raw, ",")
	}
	return b.String()
}

// fraction: "1/2".
func fraction(s string) bool {
	over, under, ok := strings.Cut(s, "/")
	return ok && len(over) == 1 && len(under) == 1
}

// decimal: a dot between digits is not punctuation.
func decimal(raw string) bool {
	for i := 1; i+1 < len(raw); i++ {
		if raw[i] == '.' && isDigit(raw[i-1]) && isDigit(raw[i+1]) {
			return true
		}
	}
	return false
}

func addressOf(line1, line2 string, canada bool) address {
	var a address
	all := append(tokens(line1, false), tokens(line2, true)...)
	if canada {
		all = splitCanadianUnit(all)
	}
	var street, units []token
	for i := 0; i < len(all); {
		n, u := unitAt(all, i)
		if n == 0 {
			street = append(street, all[i])
			i++
			continue
		}
		if u.kind == ordinalFloor { // "2nd Floor": the id stood before
			units = append(units, street[len(street)-1])
			street = street[:len(street)-1]
			u.kind = "fl"
		}
		if n == 1 && all[i].word == u.id {
			all[i].raw = "#" + all[i].raw // a number alone needs a sign once it shares a line
		}
		u.id = withoutZero(u.id)
		a.units = append(a.units, u)
		units = append(units, all[i:i+n]...)
		i += n
	}
	a.street, a.poBox = streetWords(street, canada)
	a.streetText, a.unitText = written(street), written(units)
	return a
}

// written is tokens as they were written, without the punctuation that parted
// them from what was taken out.
func written(list []token) string {
	var raw []string
	for _, t := range list {
		raw = append(raw, t.raw)
	}
	return strings.Trim(strings.Join(raw, " "), " ,-;")
}

const ordinalFloor = "ordinal floor"

// unitAt reads a unit that starts at token i: how many tokens it has, none
// when there is no unit. In the first line a unit comes after house number
// and street, or all in front ("Suite 200, 12 Main St"); in the second it may
// come at once, and a number alone is one.
func unitAt(all []token, i int) (n int, u unit) {
	t := all[i]
	startOfSecond := t.second && (i == 0 || !all[i-1].second)
	onlyOne := startOfSecond && i == len(all)-1
	if after, ok := strings.CutPrefix(t.word, "#"); ok && after != "" {
		if i > 1 || t.second || leads(all, i+1) {
			return 1, unit{"", after}
		}
		return 0, unit{}
	}
	kind, ok := lookup(designators, t.word)
	switch {
	case !ok && onlyOne && isID(t.word):
		return 1, unit{"", t.word}
	case !ok:
		return 0, unit{}
	case kind == "fl" && i > 0 && ordinal(all[i-1].word) != "" && all[i-1].second == t.second && (i > 2 || t.second):
		return 1, unit{ordinalFloor, ordinal(all[i-1].word)}
	}
	next := i + 1
	for next < len(all) && (all[next].word == "#" || all[next].word == "no") {
		next++
	}
	hasID := next < len(all) && !listed(aloneLast, kind) && isID(strings.TrimPrefix(all[next].word, "#"))
	switch {
	case hasID && (i > 1 || t.second || leads(all, next+1)):
		return next + 1 - i, unit{kind, strings.TrimPrefix(all[next].word, "#")}
	case listed(alone, kind) && (i > 1 || t.second), listed(aloneLast, kind) && (i > 2 || t.second) && i == len(all)-1:
		return 1, unit{kind, ""}
	}
	return 0, unit{}
}

// leads reports whether a house number follows at token i, so that what came
// before it is a unit written in front.
func leads(all []token, i int) bool { return i < len(all) && isDigit(all[i].word[0]) }

// isID: a number, perhaps with a letter, or a letter.
func isID(w string) bool {
	return len(w) == 1 || len(w) <= 8 && strings.ContainsAny(w, "0123456789") && !strings.Contains(w, " ") &&
		!isEnglishOrdinal(w)
}

// isEnglishOrdinal: "2nd", which is no number of a unit as "2e" is.
func isEnglishOrdinal(w string) bool {
	return ordinal(w) != "" && isDigit(w[0]) && !strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "er")
}

// ordinal is the number that "2nd", "second" or "2e" stands for, or empty.
func ordinal(w string) string {
	if long, ok := lookup(ordinals, w); ok {
		w = long
	}
	for _, end := range []string{"st", "nd", "rd", "th", "e", "er", "ieme"} {
		if digits, ok := strings.CutSuffix(w, end); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			return digits
		}
	}
	return ""
}

// splitCanadianUnit reads "5-123 Main St" as unit 5, and "PH2-123 Main St" as
// penthouse 2 (Canada Post addressing guidelines). In the US a hyphen is part
// of the house number (Queens).
func splitCanadianUnit(all []token) []token {
	var kind []token
	if len(all) > 1 {
		if _, ok := lookup(designators, all[0].word); ok {
			kind, all = all[:1], all[1:]
		}
	}
	if len(all) == 0 {
		return all
	}
	id, house, ok := strings.Cut(strings.Trim(all[0].raw, ","), "-")
	id = strings.TrimPrefix(id, "#")
	if !ok || !isID(wordOf(id)) || house == "" || !isDigit(house[0]) || strings.Contains(house, "-") {
		return slices.Concat(kind, all)
	}
	return slices.Concat(kind, []token{{raw: "#" + id, word: "#" + wordOf(id)}, {raw: house, word: wordOf(house)}},
		all[1:])
}
