package match

import (
	"slices"
	"strings"
)

// streetWords brings the words of a street line into the forms of USPS
// Publication 28. Nothing is dropped and no two things share a form, so what
// is left different is different.
func streetWords(list []token, canada bool) (out []string, poBox bool) {
	var all []string
	for _, t := range list {
		all = append(all, strings.Fields(t.word)...)
	}
	if box, ok := boxOf(all); ok {
		return []string{"po box", box}, true
	}
	if len(all) > 0 {
		if digit, ok := lookup(smallNumbers, all[0]); ok { // One Microsoft Way
			all[0] = digit
		}
	}
	all = joinedNames(withoutZeros(spelledName(unglued(all))))
	french := canada && len(all) > 2 && listed(frenchTypes, all[1])
	for i := 0; i < len(all); {
		if n, short := routeAt(all, i); n > 0 {
			out = append(out, short, all[i+n])
			i += n + 1
			continue
		}
		out = append(out, streetWord(all, i, french))
		i++
	}
	if french {
		out = englishOrder(out)
	}
	return out, false
}

// withoutZeros takes leading zeros off the house number: 012 is 12.
func withoutZeros(all []string) []string {
	if len(all) > 1 {
		all[0] = withoutZero(all[0])
	}
	return all
}

// withoutZero takes leading zeros off a number of digits alone.
func withoutZero(s string) string {
	if strings.Trim(s, "0123456789") != "" || strings.Trim(s, "0") == "" {
		return s
	}
	return strings.TrimLeft(s, "0")
}

// spelledName writes Martin Luther King out, the name that is shortened more
// than any other.
func spelledName(all []string) []string {
	for i := 1; i < len(all); i++ {
		n := 1
		switch {
		case all[i] == "mlk":
		case all[i] == "m" && i+2 < len(all) && all[i+1] == "l" && all[i+2] == "king":
			n = 3
		default:
			continue
		}
		return slices.Concat(all[:i], []string{"martin", "luther", "king"}, all[i+n:])
	}
	return all
}

// joinedNames joins what belongs to the word behind it, which is written in
// one word or two: LaSalle and La Salle, McKinley and Mc Kinley. It stays
// apart before the kind of street: Washington has an O Street.
func joinedNames(all []string) []string {
	const before = " la le las los el de del du des mc mac o san "
	var out []string
	start := ""
	for i, w := range all {
		_, kind := standard(suffixes, next(all, i))
		if i > 0 && i < len(all)-1 && listed(before, w) && !kind && !isDigit(all[i+1][0]) {
			start += w
			continue
		}
		out = append(out, start+w)
		start = ""
	}
	return out
}

func next(all []string, i int) string {
	if i+1 < len(all) {
		return all[i+1]
	}
	return ""
}

// englishOrder puts the kind of a French street behind its name, before the
// direction: 1200 rue Main O is 1200 Main St W.
func englishOrder(out []string) []string {
	const kinds = " rue=st blvd=blvd ave=ave pl=pl "
	kind, ok := lookup(kinds, out[1])
	name, direction := out[2:], []string(nil)
	if end := name[len(name)-1]; len(name) > 1 && listed(" n s e w o ", end) {
		name, direction = name[:len(name)-1], []string{strings.ReplaceAll(end, "o", "w")}
	}
	if _, english := standard(suffixes, name[len(name)-1]); !ok || english {
		return out // Boulevard Road
	}
	return slices.Concat(out[:1], name, []string{kind}, direction)
}

func streetWord(all []string, i int, french bool) string {
	w := all[i]
	if french && w == "est" && i > 2 && i == len(all)-1 {
		return "e" // rue Sherbrooke Est; elsewhere an estate
	}
	if dir, ok := standard(directionals, w); ok {
		if isWholeName(all, i) {
			return w // North St is not N St: Washington has streets of one letter
		}
		return dir
	}
	if short, ok := standard(suffixes, w); ok {
		return short
	}
	if number, ok := lookup(ordinals, w); ok {
		return number
	}
	return w
}

// isWholeName reports whether the directional at i may be the name of the
// street: "12 North St", "12 North St NW", "12 Avenue N", "12 N E St", where
// no other word is one, or "12 County Road E".
func isWholeName(all []string, i int) bool {
	kinds := 0
	for j, w := range all {
		if _, ok := standard(directionals, w); ok || j == 0 || strings.ContainsRune(w, '/') {
			continue
		}
		if _, ok := standard(suffixes, w); !ok {
			kinds = len(all) // a name
			break
		}
		kinds++
	}
	lettered := i > 2 && listed(" road rd highway hwy route rte trunk ", all[i-1]) &&
		listed(" county cnty cty co state st ", all[i-2])
	return kinds == 1 || lettered
}

// boxOf reads "PO Box 12", "P.O. Box 12", "POB 12", "Post Office Box 12" and
// "CP 12" (case postale).
func boxOf(all []string) (box string, ok bool) {
	for _, start := range [...][]string{{"po", "box"}, {"p", "o", "box"}, {"pob"}, {"pobox"}, {"post", "office", "box"},
		{"case", "postale"}, {"cp"}, {"c", "p"}} {
		if len(all) == len(start)+1 && slices.Equal(all[:len(start)], start) {
			return strings.TrimPrefix(all[len(start)], "#"), true
		}
	}
	return "", false
}

// routes are the words before the number of a highway or a rural route
// (Publication 28, 24, 25 and appendix E); which one it is the number behind
// decides.
var routes = [...]struct{ written, short string }{
	{"united states highway", "us-hwy"}, {"u s highway", "us-hwy"}, {"u s hwy", "us-hwy"}, {"us highway", "us-hwy"},
	{"us hwy", "us-hwy"},
	{"us route", "us-hwy"}, {"us rte", "us-hwy"}, {"us rt", "us-hwy"}, {"us", "us-hwy"},
	{"interstate highway", "interstate"}, {"interstate hwy", "interstate"}, {"interstate", "interstate"},
	{"ih", "interstate"}, {"i", "interstate"},
	{"state highway", "state-hwy"}, {"state hwy", "state-hwy"}, {"st highway", "state-hwy"}, {"st hwy", "state-hwy"},
	{"state route", "state-rte"}, {"state rte", "state-rte"}, {"state rt", "state-rte"}, {"st route", "state-rte"},
	{"st rte", "state-rte"}, {"st rt", "state-rte"},
	{"state road", "state-rd"}, {"state rd", "state-rd"}, {"st road", "state-rd"}, {"st rd", "state-rd"}, {"sr", "sr"},
	{"county highway", "county-hwy"}, {"county hwy", "county-hwy"}, {"cnty hwy", "county-hwy"}, {"cty hwy", "county-hwy"},
	{"co hwy", "county-hwy"},
	{"county route", "county-rte"}, {"county rte", "county-rte"}, {"county rt", "county-rte"}, {"cnty rte", "county-rte"},
	{"co rte", "county-rte"}, {"co rt", "county-rte"},
	{"county road", "county-rd"}, {"county rd", "county-rd"}, {"cnty road", "county-rd"}, {"cnty rd", "county-rd"},
	{"cty rd", "county-rd"}, {"co road", "county-rd"}, {"co rd", "county-rd"},
	{"cr", "cr"},
	{"farm to market road", "fm"}, {"farm to market rd", "fm"}, {"farm to market", "fm"}, {"farm market road", "fm"},
	{"farm market rd", "fm"}, {"fm road", "fm"}, {"fm rd", "fm"}, {"fm", "fm"},
	{"township road", "twp-rd"}, {"township rd", "twp-rd"}, {"twp road", "twp-rd"}, {"twp rd", "twp-rd"},
	{"rural route", "rr"}, {"rural rte", "rr"}, {"rural rt", "rr"}, {"r r", "rr"}, {"rfd", "rr"}, {"rr", "rr"},
	{"highway contract route", "hc"}, {"highway contract", "hc"}, {"hcr", "hc"}, {"hc", "hc"}, {"star route", "hc"},
	{"star rte", "hc"}, {"star rt", "hc"},
	{"route", "rte"}, {"rte", "rte"}, {"rt", "rte"},
	{"highway", "hwy"}, {"hwy", "hwy"}, {"hiway", "hwy"},
}

// either are short forms of which only a map tells what they stand for; no
// state has both kinds (Publication 28, appendix E, gives both).
const either = " sr=state-rte sr=state-rd cr=county-rd cr=county-rte "

// routeAt reads a route that starts at word i: how many words stand before its
// number, and their common form. "ST RT 9" is one, "12 St Rd" is none.
func routeAt(all []string, i int) (n int, short string) {
	for _, r := range routes {
		n = strings.Count(r.written, " ") + 1
		if i+n >= len(all) || !strings.HasPrefix(r.written, all[i]) || strings.Join(all[i:i+n], " ") != r.written {
			continue
		}
		if number := all[i+n]; isDigit(number[0]) && !isEnglishOrdinal(number) && !strings.Contains(number, "/") {
			return n, r.short
		}
	}
	return 0, ""
}

// glueable stands before the number of a route: NC-54 as people call the road
// of a state. Florida's letters are those of a floor.
const glueable = " us i ih sr cr fm rr hc rte rt hwy al ak az ar ca co ct de ga hi id il in ia ks ky la me md " +
	"ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy "

// unglued parts "us1", "sr9" and "i95" (which were "US-1", "SR-9", "I-95").
func unglued(all []string) []string {
	var out []string
	for i, w := range all {
		at := strings.IndexAny(w, "0123456789")
		if i > 0 && at > 0 && listed(glueable, w[:at]) {
			out = append(out, w[:at], w[at:])
			continue
		}
		out = append(out, w)
	}
	return out
}

// sameStreet compares two streets word by word.
func sameStreet(a, b []string) bool {
	return slices.EqualFunc(a, b, func(v, w string) bool {
		return v == w || strings.Contains(either, " "+v+"="+w+" ") || strings.Contains(either, " "+w+"="+v+" ")
	})
}

const smallNumbers = " one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 "

const ordinals = " first=1st second=2nd third=3rd fourth=4th fifth=5th sixth=6th seventh=7th eighth=8th ninth=9th " +
	"tenth=10th eleventh=11th twelfth=12th thirteenth=13th fourteenth=14th fifteenth=15th sixteenth=16th " +
	"seventeenth=17th eighteenth=18th nineteenth=19th twentieth=20th "
