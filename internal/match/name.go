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
		person, company = silent(person), silent(company)
	case carrier.Name != "" && carrier.Company != "":
		person = judge(person, samePerson, order.Name, carrier.Name)
		company = judge(company, sameCompany, order.Company, carrier.Company)
	case carrier.Name == "":
		person = silent(person)
		company = judge(company, sameCompany, order.Company, carrier.Company)
	default:
		// One customer name, a person's or a business's: it is held against
		// the side that it fits, else against the one that it looks like.
		asPerson := judge(person, samePerson, order.Name, carrier.Name)
		asCompany := judge(company, sameCompany, order.Company, carrier.Name)
		fitsPerson, fitsCompany := asPerson.Verdict != Differs, asCompany.Verdict != Differs
		if fitsCompany || !fitsPerson && isBusiness(carrier.Name, order) {
			person, company = silent(person), asCompany
		} else {
			person, company = asPerson, silent(company)
		}
	}
	return []Field{person, company}
}

func silent(f Field) Field {
	f.Verdict, f.Reason = Absent, "the carrier's record is silent"
	return f
}

// judge sets the verdict of same on two names.
func judge(f Field, same func(a, b string) (bool, string), order, carrier string) Field {
	order, carrier = strings.TrimSpace(order), strings.TrimSpace(carrier)
	f.Carrier = carrier
	if order == carrier {
		f.Verdict = Equal
		return f
	}
	f.Patch = map[string]string{f.Name: carrier}
	f.Verdict, f.Reason = Differs, "the carrier's record has it, the order has not"
	if order == "" {
		return f
	}
	ok, reason := same(order, carrier)
	if f.Reason = reason; ok {
		f.Verdict = Equivalent
	}
	return f
}

// isBusiness says as what to report a customer name that fits neither of the
// order's names: with a company on the order it is the company's, unless it
// shares the person's last name and has no business word.
func isBusiness(name string, order Side) bool {
	if soundsBusiness(name) {
		return true
	}
	last := personOf(order.Name).last
	return order.Company != "" && (last == "" || personOf(name).last != last)
}

// soundsBusiness reports whether a word in the name can't be a person's.
func soundsBusiness(name string) bool {
	return slices.ContainsFunc(words(name, ""), func(w string) bool {
		_, legal := lookup(legalForms, w)
		return legal || listed(businessWords, w) || strings.ContainsAny(w, "0123456789") && !listed(" 2nd 3rd 4th ", w)
	})
}

const businessWords = " and the of academy associates auto bakery bank bar brothers bros cafe care center centre church city clinic club " +
	"college community construction consulting county dba dental design electric enterprises farm farms financial foods foundation " +
	"grill group health heating holdings home homes hospital hotel industries inn insurance international intl law legal logistics " +
	"management market media medical motors office partners pharmacy pizza plumbing properties realty rentals repair restaurant " +
	"salon school service services shop shoppe sons solutions store studio supply systems tech technologies technology transport travel trust " +
	"university "

// samePerson compares two people's names. Middle names and initials, titles,
// case and punctuation are ignored (Flowroute: "usually ignored", S-PRO) as
// long as they do not contradict each other: John A. is not John B., Sr. is
// not Jr. First and last name have to be the same letters; an initial, a
// short form (Bob) or another order is a difference.
func samePerson(a, b string) (same bool, reason string) {
	if soundsBusiness(a) || soundsBusiness(b) {
		return sameWords(a, b) // nothing in the middle of a business' name is a middle name
	}
	p, q := personOf(a), personOf(b)
	switch {
	case p.first == "" || q.first == "":
		return sameWords(a, b)
	case p.generation != q.generation && p.generation != "" && q.generation != "":
		return false, "one is " + p.generation + ", the other " + q.generation
	case p.whole() == q.whole() && (p.first == q.first && p.last == q.last || p.spelledOut() && q.spelledOut()):
		return true, "the same but for case, punctuation or a title"
	case p.last != q.last && p.first == q.last && p.last == q.first:
		return false, "first and last name stand the other way round"
	case p.last != q.last:
		return false, "the last name differs"
	case isInitial(p.first, q.first):
		return false, "only an initial is given for the first name"
	case p.first != q.first:
		return false, "the first name differs"
	case !agree(p.middle, q.middle):
		return false, "the middle name differs"
	}
	return true, "the same but for the middle name"
}

// sameWords is for what is not a first and a last name.
func sameWords(a, b string) (same bool, reason string) {
	if x, y := words(a, ""), words(b, ""); len(x) > 0 && slices.Equal(x, y) {
		return true, "the same but for case and punctuation"
	}
	return false, "not the same name, and not both a first and a last name"
}

// A person's name in lower case. A name of one word is a last name.
type person struct {
	first, last, generation string
	middle                  []string
}

func (p person) whole() string { return p.first + strings.Join(p.middle, "") + p.last }

// spelledOut guards whole: Mary Ann may be Maryann, but Ann A. is not Anna.
func (p person) spelledOut() bool {
	return len(p.first) > 1 && !slices.ContainsFunc(p.middle, func(m string) bool { return len(m) == 1 })
}

const (
	titlesBefore = " mr mrs ms miss mx dr prof rev mme mlle "
	titlesAfter  = " esq phd md dds dmd dvm cpa "
	generations  = " jr=Jr. junior=Jr. sr=Sr. senior=Sr. ii=II 2nd=II iii=III 3rd=III iv=IV 4th=IV "

	// particles belong to the last name: Jan van der Berg is no Jan Berg.
	particles = " van von vander vanden der den de del della di da dos das du la le los las st saint ter ten bin ibn al el abu mac mc o "
)

// personOf takes a name apart. After a comma comes the first name, as
// carriers write it ("SMITH, JOHN A"), or only a title ("John Smith, Jr.").
func personOf(s string) person {
	s = strings.NewReplacer("-", "", "\u2010", "", "\u2011", "").Replace(s) // Smith-Jones is one last name
	before, after, _ := strings.Cut(s, ",")
	var p person
	head, given := p.bare(words(before, "")), p.bare(words(after, ""))
	if len(given) > 0 {
		p.first, p.middle, p.last = given[0], given[1:], strings.Join(head, "")
		return p
	}
	if len(head) == 0 {
		return p
	}
	last := len(head) - 1
	for last > 1 && listed(particles, head[last-1]) {
		last--
	}
	p.last = strings.Join(head[last:], "")
	if last > 0 {
		p.first, p.middle = head[0], head[1:last]
	}
	return p
}

// bare takes titles off both ends and notes the generation.
func (p *person) bare(names []string) []string {
	for len(names) > 0 && listed(titlesBefore, names[0]) {
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
// nowhere: one may be shorter, and an initial stands for a name.
func agree(a, b []string) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] && !isInitial(a[i], b[i]) {
			return false
		}
	}
	return true
}

// sameCompany compares two business names: case, punctuation, spacing, "the",
// "&" and the legal form are ignored, and common short forms are spelled out.
// Two legal forms that contradict each other are two companies. Where one
// side has "doing business as", either of its names will do.
func sameCompany(a, b string) (same bool, reason string) {
	as, bs := companiesOf(a), companiesOf(b)
	if len(as) > 1 && len(bs) > 1 {
		for i := range max(len(as), len(bs)) {
			if i >= len(as) || i >= len(bs) || as[i].core != bs[i].core || !as[i].mayBe(bs[i]) {
				return false, "the business name or its trade name differs"
			}
		}
		return true, "the same but for case, punctuation or the legal form"
	}
	reason = "the business name differs"
	for _, x := range as {
		for _, y := range bs {
			switch {
			case x.core == "" || x.core != y.core:
			case !x.mayBe(y):
				reason = "the legal form differs"
			case len(as) != len(bs):
				return true, "the same; one side adds a trade name"
			default:
				return true, "the same but for case, punctuation or the legal form"
			}
		}
	}
	return false, reason
}

// A company's name without its legal form, and what the form says.
type company struct {
	core  string
	forms []string
}

// legalForms by what they are; "co" says nothing and contradicts nothing.
const legalForms = " inc=corporation incorporated=corporation corp=corporation corporation=corporation llc=llc pllc=pllc " +
	"ltd=limited limited=limited ltee=limited limitee=limited ulc=ulc lp=lp llp=llp plc=plc pc=pc gmbh=gmbh co= company= cie= "

const shortForms = " intl=international natl=national svc=service svcs=services mfg=manufacturing mgmt=management bros=brothers " +
	"grp=group ctr=center centre=center univ=university dept=department hosp=hospital govt=government "

// companiesOf is the name, or the two names around "doing business as".
func companiesOf(s string) []company {
	s = strings.ToLower(s)
	for _, as := range []string{"d/b/a", "d.b.a.", "doing business as", "o/a", "t/a", "a/k/a"} {
		s = strings.ReplaceAll(s, as, " dba ")
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
	for _, w := range names {
		if long, ok := lookup(shortForms, w); ok {
			w = long
		}
		if c.core != "" && isDigit(c.core[len(c.core)-1]) && isDigit(w[0]) {
			c.core += " " // Unit 1 11 is not Unit 11 1
		}
		c.core += w
	}
	return c
}

// mayBe reports whether the legal forms do not contradict each other.
func (c company) mayBe(d company) bool {
	in := func(list []string) func(string) bool {
		return func(s string) bool { return !slices.Contains(list, s) }
	}
	return len(c.forms) == 0 || len(d.forms) == 0 ||
		!slices.ContainsFunc(c.forms, in(d.forms)) || !slices.ContainsFunc(d.forms, in(c.forms))
}

// letters joins single letters in a row: "l l c" is "llc".
func letters(names []string) []string {
	var out []string
	joined := false
	for i, w := range names {
		switch {
		case len(w) == 1 && i > 0 && len(names[i-1]) == 1 && joined:
			out[len(out)-1] += w
		default:
			out = append(out, w)
			joined = len(w) == 1
		}
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
