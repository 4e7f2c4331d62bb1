package porting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	poBoxForm  = Pattern(`(?i)\b(p\.?\s*o\.?\s*(box|b)\b|post\s+office\s+box|(c\.?\s*p\.?|case\s+postale)\s+\d)`)
	legalForms = Pattern(`(?i)\b(inc|llc|l\.l\.c|ltd|corp|corporation|company|gmbh|limited|incorporated|plc|pllc|llp|ltée|limitée)\b`)
)

const (
	// titles stand before a name and are none themselves. Md is no title: before a name it is the first name Mohammad, behind it a
	// doctor's letters.
	titles = " mr mrs ms miss mx dr prof professor rev reverend mme mlle sra srta herr frau "
	// ranks stand before a name too, and are some people's first names: Judge Reinhold, Major Jones, Don Roe.
	ranks = " fr father sister brother rabbi imam pastor bishop sir dame hon capt captain col colonel lt ltc sgt maj major gen general judge m me sr don doña "
	// letters stand behind a name: generations, degrees and professions.
	letters = " jr sr junior senior i ii iii iv v vi 1st 2nd 3rd 4th 5th 6th esq esquire phd md dds dmd dvm do jd cpa rn np lpn pe mba ma ms msc bsc ba llb llm " +
		"od dc dpm dnp pa pharmd edd cfp cfa aia qc kc ret obe mbe "
	// particles belong to the name behind them, and do not count as names.
	particles = " van von vander vanden der den de del della di da do dos das du des la le las los el al y e i bin binti bint ibn abu ter ten zu zur af av st saint " +
		"mac mc ap ab o ni nic uí ó "

	// roles are what somebody is in a business, and departments: nobody's names.
	roles = " ceo cfo coo cto cio cmo cpo ciso vp svp evp avp hr president treasurer secretary director manager owner administrator admin controller comptroller " +
		"accountant bookkeeper supervisor superintendent coordinator representative assistant receptionist executive founder cofounder proprietor landlord tenant " +
		"resident occupant trustee executor attorney counsel officer agent purchasing procurement accounts account accounting payable payables " +
		"receivable receivables billing invoices payroll finance department dept office offices desk helpdesk reception customer customers client subscriber " +
		"user support team staff human resources operations facilities facility corporate headquarters hq telecom telephone telecommunications switchboard " +
		"administration information unknown none null attn attention care dba fbo authorized signer contact "

	// businesses are words of business names that are next to nobody's last name.
	businesses = " academy agency air antiques apartments appliance associates association auto automotive bakery barbers beauty bistro boutique brewing builders " +
		"building burgers cab cafe café catering cellular center centre chapel cleaners cleaning clinic clothing club college communications community computer " +
		"computers concrete construction consultants consulting contracting contractors creations creative dairy daycare deli delivery dental design designs diner " +
		"district donuts electric electrical electronics embroidery engineering enterprises entertainment equipment estate events excavating fabrication family " +
		"fashion financial fitness flooring floral florist foundation framing freight funeral furniture gallery graphics grocery group guns gym hardware " +
		"healing health healthcare heating holdings hospital hotel household imports improvement industries insulation insurance interiors international intl " +
		"investments jewelers jewelry kennels laboratories landscaping laundry leasing legal library liquor locksmith logistics lounge maintenance " +
		"management manufacturing marketing massage media medical ministries ministry mortgage motel motors moving museum nursery nursing optical outfitters " +
		"partners partnership pharmacy photography pizza plumbing printing products professional properties property realty recycling refrigeration remodeling " +
		"rental rentals research restaurant roofing salon salvage seafood security service services shipping shoppe siding society software solutions sporting " +
		"storage studio studios supplies supply surgery sushi systems tattoo tavern technologies technology theater theatre therapy tires tobacco towing trading " +
		"transportation trucking trust unlimited university upholstery utilities vending veterinary wedding welding wholesale windows woodworking " +
		"wireless broadband société societe compagnie baptist lutheran methodist presbyterian episcopal pentecostal evangelical catholic adventist "

	// perhaps are words of business names that are some people's last names or first names too: two of them make a business.
	perhaps = " bank bar books brothers candy car carpet church city coffee corner county dance driving farm farms fence field fire foods games garage garden gas " +
		"grill hair home homes house inn lab labs law lawn machine market marine mobile motor music nails paper parts pawn pest pet pets photo pool pools press " +
		"print pub radio ranch real repair sales school seed shop signs sons spa stable stables state states store tailor tax taxi tile tools town toys training " +
		"transport travel tree village vision water wine works yoga main street first national principal flowers hobby kitchen burgers " +
		"line lines fax phone front lobby "
)

func among(list, word string) bool { return word != "" && strings.Contains(list, " "+word+" ") }

// isPerson says that s is one individual's first and last name. Middle names and initials, titles before the name and letters
// behind it are ignored. A company, a department, a role, several people, or an initial for the first name are no person's name
// (S-PRO, S-PRE). In doubt it is a person: the carrier has the last word, and a customer can't prove a name to us.
func isPerson(s string) bool {
	if strings.ContainsAny(s, "&/+;:@#*=<>|_$%!?") || legalForms(s) {
		return false
	}
	words := nameWords(s)
	maybe := 0
	for i, w := range words {
		switch {
		case among(" of the ", w), among(roles, w), among(businesses, w), strings.ContainsAny(w, "0123456789"):
			return false
		case among(" and or et und ", w) && i > 0: // Or is a first name
			return false
		case w == "y" && i > 1 && i < len(words)-2: // Pat Example y Kim Example; José Ortega y Gasset is one
			return false
		case among(perhaps, w):
			maybe++
		}
	}
	if maybe > 1 || len(words) == 0 {
		return false
	}
	if len(words) == 1 {
		return isWholeName(words[0])
	}
	whole := 0
	for _, w := range words {
		if !among(particles, w) {
			whole++
		}
	}
	first, last := words[0], words[len(words)-1]
	return whole <= mostNames && (utf8.RuneCountInString(first) > 1 || isIdeograph(first)) && !isInitials(first) && !isInitials(last)
}

// mostNames is how many names one person has at most; more is a sentence, or several people.
const mostNames = 7

// nameWords are the words of a name in lower case, without titles, letters behind it, and what stands in brackets or quotes.
func nameWords(s string) []string {
	var words []string
	for w := range strings.FieldsSeq(strings.NewReplacer(",", " ", "(", " ", ")", " ", `"`, " ", "“", " ", "”", " ").Replace(s)) {
		if w = strings.ToLower(w); strings.ContainsFunc(w, isNameCharacter) {
			words = append(words, w)
		}
	}
	bare := func(w string) string { return strings.ReplaceAll(w, ".", "") }
	for len(words) > 0 && (among(titles, bare(words[0])) || len(words) > 2 && among(ranks, bare(words[0]))) {
		words = words[1:]
	}
	for len(words) > 1 && among(letters, bare(words[len(words)-1])) && !isShortName(words) {
		words = words[:len(words)-1]
	}
	for i, w := range words {
		if !isInitials(w) {
			words[i] = strings.Trim(w, ".-'’")
		}
	}
	return words
}

func isNameCharacter(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// isShortName says that the last word is a last name of letters that also stand behind names, since nothing else is one: Yo-Yo Ma.
func isShortName(words []string) bool {
	return len(words) == 2 && among(" ma do ba pa i ", words[1])
}

// isInitials says that a word stands for a name and is none: a single letter, or several with dots. A single vowel without a dot is
// somebody's last name (Sandra O).
func isInitials(w string) bool {
	if utf8.RuneCountInString(w) == 1 {
		return !strings.Contains("aeiouy", w) && !isIdeograph(w)
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(w, "."), ".") {
		if utf8.RuneCountInString(part) > 1 {
			return false
		}
	}
	return true
}

// isWholeName says that one word is both first and last name, as they are written in China, Japan and Korea.
func isWholeName(w string) bool {
	n := utf8.RuneCountInString(w)
	return n >= 2 && n <= 6 && isIdeograph(w)
}

func isIdeograph(w string) bool {
	return !strings.ContainsFunc(w, func(c rune) bool {
		return !unicode.In(c, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
	})
}

// isStreet says that s can be the street line of a service address: it has a word, and is no PO box.
func isStreet(s string) bool {
	return !isPOBox(s) && strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) || c > unicode.MaxASCII })
}

func isPOBox(s string) bool { return poBoxForm(s) }
