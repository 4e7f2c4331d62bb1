package bandwidth

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"portway/internal/porting"
)

var (
	houseForm    = regexp.MustCompile(`^([A-Za-z]?)([0-9][0-9-]*[A-Za-z]?)$`)
	fractionForm = regexp.MustCompile(`^[0-9]/[0-9]$`)
)

const (
	directionals = " N S E W NE NW SE SW "
	units        = " apt apartment ste suite unit fl floor rm room bldg building lot trlr spc dept ph "
	// suffixes are the common ones of USPS publication 28, in full and abbreviated.
	suffixes = " aly alley ave av avenue bch beach blf bluff blvd boulevard br branch brg bridge byp bypass cir " +
		"circle clb club cmn common cor corner cres crescent ct court cv cove dr drive est estates expy expressway fwy " +
		"freeway gdns gardens grn green grv grove hl hill hls hills holw hollow hts heights hwy highway jct junction ln " +
		"lane loop mall mdw meadow mdws meadows mnr manor ml mill park path pike pkwy parkway pl place plz plaza pt point " +
		"rd road rdg ridge row rte route run sq square st str street ter terrace trce trace trl trail tpke turnpike vis " +
		"vista vw view walk way xing crossing "
)

// parseAddress takes the order's street line apart, as the wire wants it. Words that it does not recognize stay in the
// street's name, so that nothing is lost; a line without a house number is left for the peer to refuse.
func parseAddress(d porting.Details) serviceAddress {
	a := serviceAddress{City: d.City, State: d.State, Zip: d.Zip}
	if zip, four, ok := strings.Cut(d.Zip, "-"); ok {
		a.Zip, a.PlusFour = zip, four
	}
	words := strings.Fields(strings.ReplaceAll(d.Street, ",", " "))
	if len(words) > 1 {
		if m := houseForm.FindStringSubmatch(words[0]); m != nil {
			a.HousePrefix, a.HouseNumber = m[1], m[2]
			words = words[1:]
		}
	}
	if len(words) > 1 && a.HouseNumber != "" && fractionForm.MatchString(words[0]) {
		a.HouseSuffix, words = words[0], words[1:]
	}
	words, unit := cutUnit(words)
	a.AddressLine2 = strings.TrimSpace(strings.Join(unit, " ") + " " + strings.Join(strings.Fields(d.Street2), " "))
	if n := len(words); n > 1 && is(directionals, strings.ToUpper(words[n-1])) {
		a.PostDirectional, words = strings.ToUpper(words[n-1]), words[:n-1]
	}
	if n := len(words); n > 1 && is(suffixes, strings.ToLower(strings.TrimSuffix(words[n-1], "."))) {
		a.StreetSuffix, words = words[n-1], words[:n-1]
	}
	if len(words) > 1 && is(directionals, strings.ToUpper(strings.TrimSuffix(words[0], "."))) {
		a.PreDirectional, words = strings.ToUpper(strings.TrimSuffix(words[0], ".")), words[1:]
	}
	a.StreetName = strings.Join(words, " ")
	return a
}

// cutUnit parts "Main St Apt 4" before "Apt". The street keeps at least one word, and a unit needs a name: "Floor St"
// is a street.
func cutUnit(words []string) (street, unit []string) {
	i := slices.IndexFunc(words, func(w string) bool {
		return strings.HasPrefix(w, "#") || is(units, strings.ToLower(strings.TrimSuffix(w, ".")))
	})
	if i < 1 || i == len(words)-1 && !strings.HasPrefix(words[i], "#") {
		return words, nil
	}
	return words[:i], words[i:]
}

func is(list, word string) bool { return word != "" && strings.Contains(list, " "+word+" ") }

// line is an address in one line again.
func (a serviceAddress) line() string {
	return strings.Join(strings.Fields(strings.Join([]string{a.HousePrefix + a.HouseNumber, a.HouseSuffix,
		a.PreDirectional,
		a.StreetName, a.StreetSuffix, a.PostDirectional, a.AddressLine2}, " ")), " ")
}

// The wire's limits. The order keeps the full names.
const (
	maxName      = 25
	maxLOAPerson = 15
)

// parseSubscriber names the account's owner: a business, or one person. A company on a residential order makes it a
// business on this wire, which takes no BusinessName with RESIDENTIAL (7211); leaving the name out would have the
// carrier refuse it for ever.
func parseSubscriber(d porting.Details) *subscriber {
	if d.UsageType == porting.Business || strings.TrimSpace(d.Company) != "" {
		return &subscriber{Type: "BUSINESS", BusinessName: cmp.Or(cut(d.Company, maxName), cut(d.BillingName, maxName)),
			Address: parseAddress(d)}
	}
	s := &subscriber{Type: "RESIDENTIAL", Address: parseAddress(d)}
	words := strings.Fields(d.BillingName)
	last := len(words) - 1
	if last > 1 && is(" jr sr ii iii iv ", strings.ToLower(strings.Trim(words[last], "."))) {
		last--
	}
	if last < 1 {
		s.LastName = cut(d.BillingName, maxName)
		return s
	}
	first := words[:last]
	if n := len(first) - 1; n > 0 && len([]rune(strings.TrimSuffix(first[n], "."))) == 1 {
		s.MiddleInitial, first = strings.TrimSuffix(first[n], "."), first[:n]
	}
	s.FirstName, s.LastName = cut(strings.Join(first, " "), maxName), cut(strings.Join(words[last:], " "), maxName)
	return s
}

// cut shortens to n characters.
func cut(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	return strings.TrimSpace(string(r[:min(n, len(r))]))
}
