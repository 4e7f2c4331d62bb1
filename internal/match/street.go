package match

import (
	"slices"
	"strings"
)

// compareStreets compares the street line and the unit. The carrier's record
// has both in one line; the order has them in two, or in one.
func compareStreets(order, carrier Side, canada bool) []Field {
	a := addressOf(order.Street, order.Street2, canada)
	b := addressOf(carrier.Street, carrier.Street2, canada)
	street := Field{Name: "street", Carrier: b.streetText}
	unit := Field{Name: "street2", Carrier: b.unitText}
	if b.streetText == "" && b.unitText == "" {
		return []Field{silent(street), silent(unit)}
	}
	patch := map[string]string{"street": b.streetText, "street2": b.unitText}
	if again := addressOf(b.streetText, b.unitText, canada); !slices.Equal(again.street, b.street) || !sameUnits(again.units, b.units) {
		patch = map[string]string{"street": carrier.Street, "street2": carrier.Street2} // a line that does not part well stays whole
	}

	switch {
	case a.streetText == b.streetText:
		street.Verdict = Equal
	case a.streetText == "":
		street.Verdict, street.Reason = Differs, "the carrier's record has it, the order has not"
	case slices.Equal(a.street, b.street):
		street.Verdict, street.Reason = Equivalent, "the same, written differently"
	default:
		street.Verdict, street.Reason = Differs, whereStreetsPart(a, b)
	}

	switch {
	case a.unitText == b.unitText:
		unit.Verdict = Equal
	case b.unitText == "":
		unit.Verdict, unit.Reason = Differs, "the carrier's record has no suite, unit or floor"
	case a.unitText == "":
		unit.Verdict, unit.Reason = Differs, "the carrier's record has a suite, unit or floor, the order has none"
	case sameUnits(a.units, b.units):
		unit.Verdict, unit.Reason = Equivalent, "the same, written differently"
	default:
		unit.Verdict, unit.Reason = Differs, "another suite, unit or floor"
	}

	if street.Verdict != Equal {
		street.Patch = patch
	}
	if unit.Verdict != Equal {
		unit.Patch = patch
	}
	return []Field{street, unit}
}

func whereStreetsPart(a, b address) string {
	switch {
	case a.poBox != b.poBox:
		return "one side is a post office box, the other a place"
	case len(a.street) > 0 && len(b.street) > 0 && a.street[0] != b.street[0] && slices.Equal(a.street[1:], b.street[1:]):
		return "the house number differs"
	case len(a.street) != len(b.street):
		return "a part of the street line is missing on one side"
	}
	return "the street differs"
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
// 5" and with "Suite 5", but a suite is not an apartment.
func sameUnits(a, b []unit) bool {
	if len(a) != len(b) {
		return false
	}
	rest := slices.Clone(b)
	for _, u := range a {
		i := slices.IndexFunc(rest, func(v unit) bool {
			general := u.kind == "" && listed(doors, v.kind) || v.kind == "" && listed(doors, u.kind)
			return u.id == v.id && (u.kind == v.kind || general)
		})
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

// A token is a word as it was written and as it is compared.
type token struct {
	raw, word string
	second    bool // it stands in the second line
}

func tokens(line string, second bool) []token {
	var list []token
	for _, raw := range strings.Fields(strings.ReplaceAll(strings.ReplaceAll(line, "#", " #"), ",", ", ")) {
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
	parts := words(strings.NewReplacer("\u2010", "-", "\u2011", "-", "\u2013", "-").Replace(raw), "-/#")
	w := strings.Trim(strings.Join(parts, " "), "-/ ")
	var b strings.Builder
	for i := range len(w) {
		c := w[i]
		if c != '-' || i == 0 || i == len(w)-1 {
			b.WriteByte(c)
			continue
		}
		switch left, right := isDigit(w[i-1]), isDigit(w[i+1]); {
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
		a.units = append(a.units, u)
		units = append(units, all[i:i+n]...)
		i += n
	}
	a.street, a.poBox = streetWords(street)
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

// designators are USPS Publication 28, appendix C2, by what they stand for.
const designators = " apt=apt apartment=apt ste=ste suite=ste unit= #= rm=rm room=rm ofc=ofc office=ofc fl=fl flr=fl floor=fl " +
	"bldg=bldg building=bldg dept=dept department=dept lot=lot spc=spc space=spc trlr=trlr trailer=trlr hngr=hngr hangar=hngr " +
	"ph=ph penthouse=ph bsmt=bsmt basement=bsmt "

// alone need no number behind them (Publication 28, 213.2).
const alone = " ph bsmt "

// doors are the kinds that a bare "#" may stand for.
const doors = " apt ste rm ofc spc lot trlr "

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
	case kind == "fl" && i > 0 && isOrdinal(all[i-1].word) && (i > 2 || t.second):
		return 1, unit{ordinalFloor, strings.TrimRight(all[i-1].word, "stndrh")}
	}
	next := i + 1
	for next < len(all) && (all[next].word == "#" || all[next].word == "no") {
		next++
	}
	hasID := next < len(all) && isID(strings.TrimPrefix(all[next].word, "#"))
	switch {
	case hasID && (i > 1 || t.second || leads(all, next+1)):
		return next + 1 - i, unit{kind, strings.TrimPrefix(all[next].word, "#")}
	case listed(alone, kind) && i > 1 || listed(alone, kind) && t.second:
		return 1, unit{kind, ""}
	}
	return 0, unit{}
}

// leads reports whether a house number follows at token i, so that what came
// before it is a unit written in front.
func leads(all []token, i int) bool { return i < len(all) && isDigit(all[i].word[0]) }

// isID: a number, perhaps with a letter, or a letter.
func isID(w string) bool {
	return len(w) == 1 || len(w) <= 8 && strings.ContainsAny(w, "0123456789") && !strings.Contains(w, " ") && !isOrdinal(w)
}

func isOrdinal(w string) bool {
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if digits, ok := strings.CutSuffix(w, end); ok && digits != "" && strings.Trim(digits, "0123456789") == "" {
			return true
		}
	}
	return false
}

// splitCanadianUnit reads "5-123 Main St" as unit 5 (Canada Post addressing
// guidelines). In the US a hyphen is part of the house number (Queens).
func splitCanadianUnit(all []token) []token {
	if len(all) == 0 {
		return all
	}
	id, house, ok := strings.Cut(strings.Trim(all[0].raw, ","), "-")
	id = strings.TrimPrefix(id, "#")
	if !ok || !isID(wordOf(id)) || house == "" || !isDigit(house[0]) || strings.Contains(house, "-") {
		return all
	}
	return append([]token{{raw: "#" + id, word: "#" + wordOf(id)}, {raw: house, word: wordOf(house)}}, all[1:]...)
}

// streetWords brings the words of a street line into the forms of USPS
// Publication 28. Nothing is dropped and no two things share a form, so what
// is left different is different.
func streetWords(list []token) (out []string, poBox bool) {
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
	for i, w := range all {
		short, isSuffix := lookup(suffixes, w)
		dir, isDir := lookup(directionals, w)
		ordinal, isOrd := lookup(ordinals, w)
		switch {
		case isDir && isWholeName(all, i):
			out = append(out, w) // North St is not N St: Washington has streets of one letter
		case isDir:
			out = append(out, dir)
		case isSuffix:
			out = append(out, short)
		case isOrd:
			out = append(out, ordinal)
		default:
			out = append(out, w)
		}
	}
	return out, false
}

// isWholeName reports whether the directional at i is all the name that the
// street has beside its suffix: "12 North St", "12 North St NW", "12 Avenue N".
func isWholeName(all []string, i int) bool {
	isSuffix := func(j int) bool {
		if j < 0 || j >= len(all) {
			return false
		}
		_, ok := lookup(suffixes, all[j])
		return ok
	}
	isDir := func(j int) bool {
		_, ok := lookup(directionals, all[j])
		return ok
	}
	switch n := len(all); {
	case i == 1 && isSuffix(2):
		return n == 3 || n == 4 && isDir(3)
	case i == 2 && isSuffix(1):
		return n == 3 || n == 4 && isDir(3)
	}
	return false
}

// boxOf reads "PO Box 12", "P.O. Box 12", "POB 12", "Post Office Box 12" and
// "CP 12" (case postale).
func boxOf(all []string) (box string, ok bool) {
	for _, start := range [][]string{{"po", "box"}, {"p", "o", "box"}, {"pob"}, {"pobox"}, {"post", "office", "box"}, {"case", "postale"}, {"cp"}} {
		if len(all) == len(start)+1 && slices.Equal(all[:len(start)], start) {
			return strings.TrimPrefix(all[len(start)], "#"), true
		}
	}
	return "", false
}

const smallNumbers = " one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 "

const ordinals = " first=1st second=2nd third=3rd fourth=4th fifth=5th sixth=6th seventh=7th eighth=8th ninth=9th tenth=10th " +
	"eleventh=11th twelfth=12th thirteenth=13th fourteenth=14th fifteenth=15th sixteenth=16th seventeenth=17th eighteenth=18th " +
	"nineteenth=19th twentieth=20th "

// directionals with the French of Quebec, but for "est", which is also an
// estate; "o" is ouest.
const directionals = " n=n north=n s=s south=s e=e east=e w=w west=w ne=ne northeast=ne nw=nw northwest=nw se=se southeast=se " +
	"sw=sw southwest=sw nord=n sud=s ouest=o o=o "

// suffixes are USPS Publication 28, appendix C1, the ones in use, and a few
// words that stand inside street names; French ones from Canada Post.
const suffixes = " alley=aly aly=aly avenue=ave ave=ave av=ave aven=ave avn=ave bayou=byu byu=byu beach=bch bch=bch bend=bnd bnd=bnd " +
	"bluff=blf blf=blf boulevard=blvd blvd=blvd boul=blvd blv=blvd branch=br br=br bridge=brg brg=brg brook=brk brk=brk bypass=byp byp=byp " +
	"camp=cp canyon=cyn cyn=cyn cape=cpe cpe=cpe causeway=cswy cswy=cswy center=ctr centre=ctr ctr=ctr cntr=ctr chemin=ch ch=ch " +
	"circle=cir cir=cir circ=cir crcl=cir cliffs=clfs clfs=clfs corner=cor cor=cor corners=cors cors=cors " +
	"court=ct ct=ct courts=cts cts=cts cove=cv cv=cv creek=crk crk=crk crescent=cres cres=cres crossing=xing xing=xing crossroad=xrd " +
	"dale=dl dl=dl drive=dr dr=dr driv=dr drv=dr estate=est estates=ests ests=ests expressway=expy expy=expy extension=ext ext=ext " +
	"falls=fls fls=fls ferry=fry fry=fry field=fld fld=fld fields=flds flds=flds forest=frst frst=frst fork=frk frk=frk fort=ft ft=ft " +
	"freeway=fwy fwy=fwy garden=gdn gardens=gdns gdns=gdns gateway=gtwy gtwy=gtwy glen=gln gln=gln green=grn grn=grn grove=grv grv=grv " +
	"harbor=hbr hbr=hbr haven=hvn hvn=hvn heights=hts hts=hts highway=hwy hwy=hwy hiway=hwy hill=hl hl=hl hills=hls hls=hls " +
	"hollow=holw holw=holw island=is junction=jct jct=jct knoll=knl knl=knl lake=lk lk=lk lakes=lks lks=lks landing=lndg lndg=lndg " +
	"lane=ln ln=ln light=lgt lodge=ldg ldg=ldg manor=mnr mnr=mnr meadow=mdw mdw=mdw meadows=mdws mdws=mdws mill=ml ml=ml mills=mls mls=mls " +
	"mission=msn msn=msn mount=mt mt=mt mountain=mtn mtn=mtn motorway=mtwy mtwy=mtwy orchard=orch orch=orch parkway=pkwy pkwy=pkwy pky=pkwy " +
	"park=park pass=pass path=path pike=pike pine=pne pne=pne pines=pnes pnes=pnes place=pl pl=pl plain=pln pln=pln plains=plns plns=plns " +
	"plaza=plz plz=plz point=pt pt=pt port=prt prt=prt prairie=pr ranch=rnch rnch=rnch ridge=rdg rdg=rdg river=riv riv=riv road=rd rd=rd " +
	"route=rte rte=rte row=row rue=rue run=run saint=st shore=shr shr=shr shores=shrs shrs=shrs spring=spg spg=spg springs=spgs spgs=spgs " +
	"square=sq sq=sq station=sta sta=sta stream=strm strm=strm street=st st=st str=st strt=st summit=smt smt=smt terrace=ter ter=ter terr=ter " +
	"trace=trce trce=trce track=trak trak=trak trail=trl trl=trl trails=trls trls=trls tunnel=tunl tunl=tunl turnpike=tpke tpke=tpke tpk=tpke " +
	"union=un un=un valley=vly vly=vly viaduct=via via=via view=vw vw=vw village=vlg vlg=vlg vista=vis vis=vis walk=walk way=way wy=way " +
	"well=wl wells=wls wls=wls "
