package match

import (
	"slices"
	"strings"
)

// compareNames compares the company and the person.
func compareNames(order, carrier Side) []Field {
	carrier.Name, carrier.Company = strings.TrimSpace(carrier.Name), strings.TrimSpace(carrier.Company)
	person := Field{Name: "billing_name"}
	company := Field{Name: "company"}
	switch {
	case carrier.Name == "" && carrier.Company == "":
		person, company = silence.on(person), silence.on(company)
	case carrier.Name != "" && carrier.Company != "":
		person = judge(person, samePerson, order.Name, carrier.Name)
		company = judge(company, sameCompany, order.Company, carrier.Company)
	case carrier.Name == "":
		person = silence.on(person)
		company = judge(company, sameCompany, order.Company, carrier.Company)
	default:
		// One customer name, a person's or a business's: it is held against
		// the side that it fits, else against the one that it looks like.
		asPerson := judge(person, samePerson, order.Name, carrier.Name)
		asCompany := judge(company, sameCompany, order.Company, carrier.Name)
		fitsPerson, fitsCompany := asPerson.Verdict != Differs, asCompany.Verdict != Differs
		if fitsCompany || !fitsPerson && isBusiness(carrier.Name, order) {
			person, company = silence.on(person), asCompany
		} else {
			person, company = asPerson, silence.on(company)
		}
	}
	return []Field{person, company}
}

// judge sets the verdict of alike on two names.
func judge(f Field, alike func(a, b string) finding, order, carrier string) Field {
	order, carrier = strings.TrimSpace(order), strings.TrimSpace(carrier)
	f.Carrier = carrier
	if order == carrier {
		return same.on(f)
	}
	f.Patch = map[string]string{f.Name: carrier}
	if order == "" {
		return orderLess.on(f)
	}
	found := alike(order, carrier)
	if found.verdict == Differs && sameSpelling(order, carrier, func(a, b string) bool {
		return alike(a, b).verdict != Differs
	}) {
		found = sameSpelledOut
	}
	return found.on(f)
}

// isBusiness says as what to report a customer name that fits neither of the
// order's names: with a company on the order it is the company's, unless it
// shares the person's last name and has no business word.
func isBusiness(name string, order Side) bool {
	last := personOf(order.Name).last
	if isCouple(name, last) {
		return false
	}
	if soundsBusiness(name) {
		return true
	}
	return order.Company != "" && (last == "" || personOf(name).last != last)
}

// isCouple reports whether a name is two people's with the last name: PAT &
// KIM EXAMPLE, in which nothing but the "and" is of a business.
func isCouple(name, last string) bool {
	list := words(name, "")
	rest := slices.DeleteFunc(slices.Clone(list), func(w string) bool { return w == "and" })
	return len(rest) > 0 && len(rest) < len(list) && rest[len(rest)-1] == last && !soundsBusiness(strings.Join(rest, " "))
}

// soundsBusiness reports whether a word in the name can't be a person's.
func soundsBusiness(name string) bool {
	return slices.ContainsFunc(words(name, ""), func(w string) bool {
		_, legal := lookup(legalForms, w)
		return legal || listed(businessWords, w) || strings.ContainsAny(w, "0123456789") && !listed(" 2nd 3rd 4th ", w)
	})
}

const businessWords = " and the of academy accounting agency air antiques apartments appliance associates " +
	"association auto automotive bakery bank bar barbers beauty bistro books boutique brewing brothers bros builders " +
	"building burgers cab cafe candy car care carpet catering cellular center centre chapel church city cleaners " +
	"cleaning clinic clothing club coffee college communications community company computer computers concrete " +
	"construction consultants consulting contracting contractors corner county creations creative dairy dance daycare " +
	"dba deli delivery dental dept design designs diner district donuts driving electric electrical electronics " +
	"embroidery engineering enterprises entertainment equipment estate events excavating fabrication family farm farms " +
	"fashion feed fence financial fire fishing fitness flooring floral florist flowers foods foundation framing " +
	"freight fuel funeral furniture gallery games garage garden gas general gifts global golf graphics grill grocery " +
	"group guns gym hair hardware healing health heating hobby holdings home homes hospital hotel imports improvement " +
	"industries inn insulation insurance interiors international intl investments jewelers jewelry kennels kitchen " +
	"laboratories lab labs landscaping laundry law lawn leasing legal library liquor locksmith logistics lounge lumber " +
	"machine maintenance management manufacturing marina marine market marketing massage media medical ministries " +
	"mobile mortgage motel motors moving museum music nails nursery nursing office optical outfitters painting paper " +
	"parts partners pawn pest pet pets pharmacy photo photography pizza plumbing pools powder press print printing " +
	"products professional properties property pub radio ranch real realty recycling refrigeration remodeling rental " +
	"rentals repair research restaurant roofing salon salvage school seafood security seed service services shipping " +
	"shop shoppe siding signs software solutions sons spa sporting sports state stables storage store studio studios " +
	"supplies supply surgery sushi systems tailor tattoo tavern tax taxi tech technologies technology theater therapy " +
	"tile tire tires tobacco tools towing town toys trading training transport transportation travel treasures tree " +
	"trucking trust university upholstery vending veterinary video village vision water wedding welding wholesale " +
	"window windows wine woodworking works yoga "

// samePerson compares two people's names. Middle names and initials, titles,
// case and punctuation are ignored (Flowroute: "usually ignored", S-PRO) as
// long as they do not contradict each other: John A. is not John B., Sr. is
// not Jr., Mr. is not Mrs. First and last name have to be the same letters; an
// initial, a short form (Bob), a name cut short or another order is a
// difference.
func samePerson(a, b string) finding {
	a, b = apart(fold(a)), apart(fold(b))
	found := sameFolded(a, b)
	for _, pair := range [...][2]string{{a, b}, {b, a}} {
		if with, without := pair[0], pair[1]; found.verdict == Differs && strings.Contains(with, "'") &&
			!strings.ContainsAny(without, "'.") {
			// D'Angelo is D Angelo to some systems, and Dangelo to others; D. Angelo is somebody else.
			if parted := sameFolded(strings.ReplaceAll(with, "'", " "), without); parted.verdict != Differs {
				found = parted
			}
		}
	}
	return found
}

func sameFolded(a, b string) finding {
	if isTwo(a) || isTwo(b) || soundsBusiness(a) || soundsBusiness(b) {
		return sameName(a, b) // nothing in the middle of a business' name is a middle name
	}
	p, q := personOf(a), personOf(b)
	switch {
	case p.first == "" || q.first == "":
		return sameName(a, b)
	case p.generation != q.generation && p.generation != "" && q.generation != "":
		return otherGeneration
	case p.title != q.title && p.title != "" && q.title != "":
		return otherTitle
	case p.last != q.last && p.first == q.last && p.last == q.first:
		return reversed
	case p.last != q.last && !p.sameSurnames(q):
		return whereLastNamesPart(a, b, p, q)
	case p.givenJoined(q) || q.givenJoined(p):
		return sameGivenJoined
	case isInitial(p.first, q.first) && !(p.first == q.first && slices.Equal(p.middle, q.middle)):
		return onlyInitial
	case p.first != q.first:
		return whereFirstNamesPart(a, b, p, q)
	case p.last != q.last:
		return samePunctuated // Smith-Jones and Smith Jones
	case !agree(p.middle, q.middle):
		return otherMiddle
	case p.generation != q.generation:
		return sameGeneration
	case slices.Equal(p.middle, q.middle):
		return samePunctuated
	}
	return sameMiddle
}

// apart says "and" for the signs that stand between two people: "PAT/KIM
// EXAMPLE".
func apart(s string) string {
	return strings.NewReplacer("/", " and ", ";", " and ", "|", " and ", "(", " and ", "[", " and ", " - ",
		" and ").Replace(s)
}

// isTwo reports whether a name may be two people's: one word says so, or there
// is a first name behind a second comma.
func isTwo(s string) bool {
	list := words(s, "")
	for i, w := range list {
		if i > 0 && i < len(list)-1 && listed(" or et attn care trustee ", w) || i > 0 && i < len(list)-2 && w == "y" {
			return true
		}
	}
	_, first, _ := strings.Cut(s, ",")
	_, second, _ := strings.Cut(first, ",")
	var p person
	return len(p.bare(words(second, "-"))) > 0
}

func whereLastNamesPart(a, b string, p, q person) finding {
	switch {
	case isCut(a, b):
		return cutShort
	case p.first == q.first && (slices.Contains(p.surnames, q.last) || slices.Contains(q.surnames, p.last) ||
		slices.Contains(p.middle, q.last) || slices.Contains(q.middle, p.last)):
		return partOfLast
	}
	return otherLast.unlike(p.first+" "+p.last, q.first+" "+q.last)
}

func whereFirstNamesPart(a, b string, p, q person) finding {
	switch {
	case inOneLine(nicknames, p.first, q.first) && agree(p.middle, q.middle):
		return nickname
	case isCut(a, b), min(len(a), len(b)) >= shortestCut && (strings.HasPrefix(p.first, q.first) ||
		strings.HasPrefix(q.first, p.first)):
		return cutShort
	}
	return otherFirst.unlike(p.first+" "+p.last, q.first+" "+q.last)
}

// shortestCut is the least length of a name that a carrier's system has cut.
const shortestCut = 20

// isCut reports whether one text is the other's beginning and long enough to
// be a record's name that ran out of space.
func isCut(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	x, y := strings.Join(words(a, ""), ""), strings.Join(words(b, ""), "")
	return len(a) >= shortestCut && len(x) < len(y) && strings.HasPrefix(y, x)
}

// sameName is for what is not a first and a last name.
func sameName(a, b string) finding {
	switch x, y := words(a, ""), words(b, ""); {
	case len(x) > 0 && slices.Equal(x, y):
		return sameWordsOnly
	case isCut(a, b):
		return cutShort
	default:
		return noPerson.unlike(strings.Join(x, " "), strings.Join(y, " "))
	}
}

// A person's name in lower case. A name of one word is a last name.
type person struct {
	first, last, generation string
	title                   string // mr or ms, where it tells husband from wife
	middle                  []string
	surnames                []string // the parts of a last name with a hyphen
}

// givenJoined: Mary Ann may be Maryann, but Ann A. is not Anna.
func (p person) givenJoined(q person) bool {
	return p.last == q.last && len(p.first) > 1 && len(p.middle) > 0 && len(p.middle[0]) > 1 &&
		p.first+p.middle[0] == q.first && agree(p.middle[1:], q.middle) && p.generation == q.generation
}

// sameSurnames: Smith-Jones may be Smith Jones, where Smith looks like a
// middle name.
func (p person) sameSurnames(q person) bool {
	if len(p.surnames) == 0 {
		p, q = q, p
	}
	return len(p.surnames) > 1 && p.first == q.first && slices.Equal(slices.Concat(p.middle, p.surnames),
		slices.Concat(q.middle, []string{q.last}))
}

const (
	titlesBefore = " mr=mr mrs=ms ms=ms miss=ms mme=ms mlle=ms mx= dr= doctor= prof= professor= rev= reverend= "
	titlesAfter  = " esq phd md dds dmd dvm cpa rn "
	generations  = " jr=Jr. junior=Jr. sr=Sr. senior=Sr. ii=II 2nd=II iii=III 3rd=III iv=IV 4th=IV "

	// particles belong to the last name: Jan van der Berg is no Jan Berg.
	particles = " van von vander vanden der den de del della di da dos das du la le los las st saint ter ten bin " +
		"ibn al el abu mac mc o "
)

// personOf takes a name apart. After a comma comes the first name, as
// carriers write it ("SMITH, JOHN A"), or only a title ("John Smith, Jr.").
func personOf(s string) person {
	s = fold(s)
	before, after, _ := strings.Cut(s, ",")
	var p person
	head, given := p.bare(words(before, "-")), p.bare(words(after, "-"))
	if len(head) == 0 {
		head, given = given, nil // no last name before the comma
	}
	if len(head) == 0 {
		return person{}
	}
	for i, w := range head {
		if short, ok := lookup(saints, w); ok && (i > 0 || len(given) > 0) && i < len(head)-1 {
			head[i] = short // not Eva Marie Saint
		}
	}
	if given = partedInitials(given); len(given) > 0 {
		p.first, p.middle = given[0], given[1:]
	} else if len(head) > 1 {
		head = partedInitials(head)
	}
	initialO := strings.Contains(strings.ToLower(s), " o. ") // Kim O. Brien is no O'Brien
	last := 0
	if len(given) == 0 {
		for last = len(head) - 1; last > 1 && listed(particles, head[last-1]) && !(initialO && head[last-1] == "o"); last-- {
		}
		p.first, p.middle = "", nil
		if last > 0 {
			p.first, p.middle = head[0], head[1:last]
		}
	}
	p.last = strings.Join(head[last:], "")
	if parts := strings.Split(p.last, "-"); len(parts) > 1 {
		p.surnames = parts
	}
	p.last, p.first = undashed(p.last), undashed(p.first)
	p.middle = joinedParticles(p.middle)
	return p
}

// joinedParticles makes one name of the particles in the middle and the name
// behind them: al Rahman is al-Rahman.
func joinedParticles(middle []string) []string {
	var out []string
	start := ""
	for i, w := range middle {
		w = undashed(w)
		if len(w) > 1 && listed(particles, w) && i < len(middle)-1 {
			start += w
			continue
		}
		out = append(out, start+w)
		start = ""
	}
	return out
}

// saints belong to the last name behind them.
const saints = " saint=st sainte=ste "

// partedInitials reads "CJ" in front of a name as C. J.: two letters that can
// be no first name of their own. Al, Ed and Ng can.
func partedInitials(names []string) []string {
	if len(names) == 0 || len(names[0]) != 2 {
		return names
	}
	w := names[0]
	if w[1] == 'j' || !strings.ContainsAny(w, "aeiouy0123456789-") && !listed(" ng md mc dr jr sr st ", w) &&
		w[0] < 0x80 && w[1] < 0x80 {
		return append([]string{w[:1], w[1:]}, names[1:]...)
	}
	return names
}

func undashed(s string) string { return strings.ReplaceAll(s, "-", "") }

// bare takes titles off both ends and notes what tells two people apart.
func (p *person) bare(names []string) []string {
	names = slices.DeleteFunc(names, func(w string) bool { return undashed(w) == "" })
	for len(names) > 0 {
		title, ok := lookup(titlesBefore, names[0])
		if !ok {
			break
		}
		if title != "" {
			p.title = title
		}
		names = names[1:]
	}
	for len(names) > 0 {
		end := names[len(names)-1]
		if g, ok := lookup(generations, end); ok {
			p.generation = g
		} else if !listed(titlesAfter, end) {
			break
		}
		names = names[:len(names)-1]
	}
	return names
}

func isInitial(a, b string) bool {
	return len(a) == 1 && strings.HasPrefix(b, a) || len(b) == 1 && strings.HasPrefix(a, b)
}

// agree reports whether two lists of middle names contradict each other
// nowhere: one may be shorter, but not by two whole names, and an initial
// stands for a name.
func agree(a, b []string) bool {
	whole := 0
	for _, w := range slices.Concat(a[min(len(a), len(b)):], b[min(len(a), len(b)):]) {
		if len(w) > 1 {
			whole++
		}
	}
	if whole > 1 {
		return false
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] && !isInitial(a[i], b[i]) {
			return false
		}
	}
	return true
}

// sameCompany compares two business names: case, punctuation, "the", "&" and
// a legal form that only one side has are ignored, two words may be written as
// one, and common short forms are spelled out. Two legal forms are two
// companies. Where only one side has "doing business as", the carrier may hold
// the order against either name, so it is a difference.
func sameCompany(a, b string) finding {
	as, bs := companiesOf(a), companiesOf(b)
	if len(as) == 0 || len(bs) == 0 {
		return otherCompany.unlike(strings.ToLower(a), strings.ToLower(b))
	}
	if len(as) != len(bs) {
		for _, x := range as {
			for _, y := range bs {
				if sameCore(x.core, y.core) && x.mayBe(y) {
					return oneOfTwo
				}
			}
		}
		return otherCompany.unlike(as[0].text(), bs[0].text())
	}
	forms := sameForm
	for i, x := range as {
		switch y := bs[i]; {
		case !sameCore(x.core, y.core) && isCut(a, b):
			return cutShort
		case !sameCore(x.core, y.core) && len(as) > 1:
			return otherTrade
		case !sameCore(x.core, y.core):
			return otherCompany.unlike(x.text(), y.text())
		case !x.mayBe(y):
			return otherForm
		case len(x.forms) != len(y.forms):
			forms = formOnOne
		}
	}
	return forms
}

// sameCore compares the words of two names. Where they part, two or more words
// of one side may be one word of the other (Paper Kite, PaperKite), unless
// numbers would run into each other; but Kite Son is not Kites On.
func sameCore(a, b []string) bool {
	for len(a) > 0 && len(b) > 0 {
		n, m := 1, 1
		if a[0] != b[0] && !strings.Contains(eitherLong, " "+a[0]+"="+b[0]+" ") && !strings.Contains(eitherLong, " "+b[0]+"="+
			a[0]+" ") {
			n, m = joined(a, b[0]), joined(b, a[0])
		}
		switch {
		case n > 0 && (m == 1 || m == 0):
			m = 1
		case m > 0:
			n = 1
		default:
			return false
		}
		a, b = a[n:], b[m:]
	}
	return len(a) == len(b)
}

// joined counts the words at the start of list that make up word; 0 for none.
func joined(list []string, word string) int {
	text := ""
	for i, w := range list {
		if text != "" && isDigit(text[len(text)-1]) && isDigit(w[0]) {
			return 0
		}
		switch text += w; {
		case text == word:
			return i + 1
		case !strings.HasPrefix(word, text):
			return 0
		}
	}
	return 0
}

// A company's name without its legal form, and what the form says.
type company struct {
	core  []string
	forms []string
}

func (c company) text() string { return strings.Join(c.core, " ") }

// legalForms by what they are; "co" says something only where no other form
// stands, and the French of Quebec says the same as the English.
const legalForms = " inc=inc incorporated=inc corp=corp corporation=corp llc=llc pllc=pllc " +
	"ltd=limited limited=limited ltee=limited limitee=limited ulc=ulc lp=lp llp=llp lllp=lllp plc=plc pc=pc pa=pa " +
	"gmbh=gmbh co= company= cie= compagnie= "

const shortForms = " intl=international natl=national svc=service svcs=services mfg=manufacturing mgmt=management " +
	"bros=brothers grp=group ctr=center centre=center univ=university dept=department hosp=hospital govt=government "

// eitherLong are short forms of which only the business knows the long one.
const eitherLong = " assoc=associates assoc=association "

// companiesOf is the name, or the two names around "doing business as" (in
// Canada "operating as", "trading as").
func companiesOf(s string) []company {
	s = " " + strings.Join(strings.Fields(strings.ToLower(fold(s))), " ") + " "
	for _, as := range []string{"d/b/a", "d.b.a.", "d.b.a", "d b a", "dba:", "doing business as", "o/a", "operating as",
		"t/a", "trading as"} {
		s = strings.ReplaceAll(s, " "+as+" ", " dba ")
	}
	var list []company
	var part []string
	for _, w := range append(letters(words(s, "")), "dba") {
		if w != "dba" {
			part = append(part, w)
			continue
		}
		if len(part) > 0 {
			list = append(list, companyOf(part))
		}
		part = nil
	}
	return list
}

func companyOf(names []string) company {
	var c company
	if len(names) > 1 && names[0] == "the" {
		names = names[1:]
	}
	all := len(names)
	for len(names) > 1 {
		form, ok := lookup(legalForms, names[len(names)-1])
		if !ok {
			break
		}
		if form != "" {
			c.forms = append(c.forms, form)
		}
		names = names[:len(names)-1]
	}
	if len(names) < all && len(c.forms) == 0 {
		c.forms = []string{"company"}
	}
	for i, w := range names {
		if long, ok := lookup(shortForms, w); ok {
			w = long
		}
		if number, ok := lookup(ordinals, w); ok {
			w = number // First Kite
		}
		if i == 1 && numbered(names) {
			c.core[0] += w
			continue
		}
		c.core = append(c.core, w)
	}
	return c
}

// numbered: 9123-4567 Québec, a company without a name of its own, whose number
// has a dash or has none.
func numbered(names []string) bool {
	fourDigits := func(s string) bool { return len(s) == 4 && strings.Trim(s, "0123456789") == "" }
	return len(names) > 2 && names[2] == "quebec" && fourDigits(names[0]) && fourDigits(names[1])
}

// mayBe reports whether the legal forms do not contradict each other: they are
// the same, or one side leaves out a form that is nothing else.
func (c company) mayBe(d company) bool {
	if len(c.forms) > 0 && len(d.forms) > 0 {
		return slices.Equal(c.forms, d.forms)
	}
	return !slices.ContainsFunc(slices.Concat(c.forms, d.forms), func(form string) bool {
		return listed(" pc pa ", form) // Discount PC sells computers, Kite Plumbing PA is Pennsylvania's
	})
}

// letters joins single letters in a row: "l l c" is "llc".
func letters(names []string) []string {
	var out []string
	single := func(w string) bool { return len(w) == 1 && !isDigit(w[0]) }
	for i, w := range names {
		if i > 0 && single(w) && single(names[i-1]) {
			out[len(out)-1] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
