package porting

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Detail is the row of one attribute that a customer gives beside numbers and presets. Whatever treats all details
// alike reads the rows: validation, consent, sealing, storage, masks, erasing, splitting off, fixes. A new detail is
// one row here and one field of [Details]; tests then name each place on the wire that still lacks it.
type Detail struct {
	Name     string // on the wire (D-CRE, D-UPD, D-NUM); a slash leads into a nested object
	Required bool
	Max      int // characters
	// Consent is the least consent under which the detail may be corrected from the carrier's record; empty where it
	// never is.
	Consent Consent
	// Seal is the name under which a secret is sealed; empty for a detail that is no secret. A sealed secret is opened
	// under the same name only. The account number shares its name with the one in the carrier's record, which a repair
	// may take over.
	Seal string
	// Erased details are removed when the order ends: they have served.
	Erased bool
	// Personal details tell of a person. They are stored in attributes of their own, so that erasing them is removing
	// those.
	Personal bool
	// OfAccount details describe one account at the carrier: numbers that leave for another account do not take them
	// along.
	OfAccount bool
	// OnLOA details are printed on the letter of agency.
	OnLOA bool
	// Signed details have to be the same on the signed LOA and in a request, apart from their spelling: who changes one
	// has the LOA signed again. The service address may be conformed to the carrier's record without that.
	Signed bool
	// List details hold several values with commas between, each once; on the wire they are a list of texts.
	List bool
	// InRemark details go to the carrier in the words of the request's remark (Order.Remark).
	InRemark bool
	// Tightened says that the check refuses values that were once taken: it serves those that change, so that an old
	// order can still be edited and signed.
	Tightened bool

	text   func(*Details) *string               // the place of a plain text
	secret func(*Details) *Secret               // the place of a secret
	flag   func(*Details) *bool                 // the place of a yes or no
	check  func(value string, d Details) string // returns what is wrong with a value; empty when nothing is
}

// The names under which secrets are sealed.
const (
	SealAccountNumber = "account_number"
	SealPIN           = "pin"
	SealLastFourSSN   = "last_4_ssn"
)

// detailRows are all rows, in the wire's order.
var detailRows = []Detail{
	{Name: "alias", Max: 100, text: func(d *Details) *string { return &d.Alias }},
	{Name: "billing_name", Required: true, Max: 100, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.BillingName }},
	{Name: "company", Max: 100, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.Company }},
	{Name: "billing_number", Max: 20, Consent: CorrectFormatting, Personal: true, OfAccount: true, OnLOA: true,
		text: func(d *Details) *string { return &d.BillingNumber }, check: isTN},
	{Name: "provider", Required: true, Max: 100, OnLOA: true, Signed: true, text: func(d *Details) *string { return &d.Provider }},
	{Name: "provider_account", Max: 50, Consent: CorrectAll, Seal: SealAccountNumber, Personal: true, OfAccount: true,
		secret: func(d *Details) *Secret { return &d.ProviderAccount }, check: isAccount},
	{Name: "pin", Max: 50, Seal: SealPIN, Erased: true, Personal: true, OfAccount: true,
		secret: func(d *Details) *Secret { return &d.PIN }, check: isAccount},
	{Name: "last_4_ssn", Max: 4, Seal: SealLastFourSSN, Erased: true, Personal: true,
		secret: func(d *Details) *Secret { return &d.LastFourSSN }, check: isFourDigits},
	{Name: "usage_type", Required: true, Max: 20, OnLOA: true,
		text: func(d *Details) *string { return (*string)(&d.UsageType) }, check: oneOf(string(Business), string(Residential))},
	{Name: "street", Required: true, Max: 100, Consent: CorrectAddress, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.Street }},
	{Name: "street2", Max: 100, Consent: CorrectAddress, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.Street2 }},
	{Name: "city", Required: true, Max: 100, Consent: CorrectAddress, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.City }},
	{Name: "state", Required: true, Max: 2, Consent: CorrectAddress, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.State }, check: isState},
	{Name: "zip", Required: true, Max: 10, Consent: CorrectAddress, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.Zip }, check: isZip},
	{Name: "country", Required: true, Max: 2, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.Country }, check: oneOf("US", "CA")},
	{Name: "account_address/street", Max: 100, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.AccountStreet }},
	{Name: "account_address/street2", Max: 100, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.AccountStreet2 }},
	{Name: "account_address/city", Max: 100, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.AccountCity }},
	{Name: "account_address/state", Max: 2, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.AccountState }, check: isAccountState},
	{Name: "account_address/zip", Max: 10, Personal: true, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.AccountZip }, check: isAccountZip},
	{Name: "account_address/country", Max: 2, OnLOA: true, Signed: true,
		text: func(d *Details) *string { return &d.AccountCountry }, check: oneOf("US", "CA")},
	{Name: "desired_completion_date", Max: 10, text: func(d *Details) *string { return (*string)(&d.Desired) }, check: isDate},
	{Name: hourField, Max: 5, text: func(d *Details) *string { return (*string)(&d.DesiredTime) }, check: isClock},
	{Name: "loa_details/email", Max: 254, Personal: true, text: func(d *Details) *string { return &d.LOAEmail }, Tightened: true, check: isMail},
	{Name: "loa_details/cc", Max: 254, Personal: true, text: func(d *Details) *string { return &d.LOACC }, Tightened: true, check: isMail},
	{Name: "enable_cnam_lookups", flag: func(d *Details) *bool { return &d.CNAMLookups }},
	{Name: "one_line", OfAccount: true, flag: func(d *Details) *bool { return &d.OneLine }},
	{Name: "status_url", Max: 2000, text: func(d *Details) *string { return &d.StatusURL }, check: isWebURL},
	{Name: "auto_correct", Max: 20, text: func(d *Details) *string { return (*string)(&d.AutoCorrect) },
		check: oneOf(string(CorrectNone), string(CorrectFormatting), string(CorrectAddress), string(CorrectAll))},
	{Name: "on_unportable", Max: 20, text: func(d *Details) *string { return (*string)(&d.Unportable) },
		check: oneOf(string(FailUnportable), string(ExcludeUnportable))},
	{Name: "reseller", Max: 100, OfAccount: true, OnLOA: true, Signed: true, InRemark: true,
		text: func(d *Details) *string { return &d.Reseller }},
	{Name: "partial_port/scope", Max: 20, OfAccount: true, InRemark: true,
		text: func(d *Details) *string { return (*string)(&d.PortScope) }, check: oneOf(string(WholeAccount), string(PartOfAccount))},
	{Name: "partial_port/keep", Max: maxListed, List: true, Personal: true, OfAccount: true, InRemark: true,
		text: func(d *Details) *string { return &d.Keep }, check: eachOf(isTN)},
	{Name: "partial_port/disconnect", Max: maxListed, List: true, Personal: true, OfAccount: true, InRemark: true,
		text: func(d *Details) *string { return &d.Disconnect }, check: eachOf(isTN)},
	{Name: "partial_port/others", Max: 20, OfAccount: true, InRemark: true,
		text: func(d *Details) *string { return (*string)(&d.Others) }, check: oneOf(string(StaysActive), string(EndsToo))},
	{Name: "partial_port/new_billing_number", Max: 20, Personal: true, OfAccount: true, InRemark: true,
		text: func(d *Details) *string { return &d.NewBilling }, check: isTN},
	{Name: "line_features/services", Max: 100, List: true, OfAccount: true, InRemark: true,
		text: func(d *Details) *string { return &d.OnLine }, check: eachOf(oneOf(lineServices[:]...))},
	{Name: "line_features/hunt_group", Max: 20, OfAccount: true, InRemark: true,
		text:  func(d *Details) *string { return (*string)(&d.HuntGroup) },
		check: oneOf(string(NotHunting), string(WholeGroup), string(PartOfGroup))},
	{Name: "line_features/directory_listing", Max: 20, OfAccount: true, InRemark: true,
		text:  func(d *Details) *string { return (*string)(&d.Listing) },
		check: oneOf(string(KeepListing), string(ChangeListing), string(NoListing))},
	{Name: "line_features/tollfree_numbers", Max: maxListed, List: true, Personal: true, OfAccount: true,
		text: func(d *Details) *string { return &d.RingingFrom }, check: eachOf(isTollFree)},
}

// DetailRows returns all rows, in the wire's order.
func DetailRows() []Detail { return slices.Clone(detailRows) }

// DetailRow returns the row of a wire name; ok is false where there is none.
func DetailRow(name string) (row Detail, ok bool) {
	i := slices.IndexFunc(detailRows, func(row Detail) bool { return row.Name == name })
	if i < 0 {
		return Detail{}, false
	}
	return detailRows[i], true
}

// Value returns the detail as text: "true" for a set yes or no, and the ciphertext of a secret, which is empty while
// the secret is open alone.
func (r Detail) Value(d Details) string {
	switch {
	case r.text != nil:
		return *r.text(&d)
	case r.secret != nil:
		return r.secret(&d).Sealed()
	case *r.flag(&d):
		return "true"
	}
	return ""
}

// Restore puts a value in its place that Value has returned.
func (r Detail) Restore(d *Details, value string) {
	switch {
	case r.text != nil:
		*r.text(d) = value
	case r.secret != nil:
		*r.secret(d) = SealedSecret(value)
	default:
		*r.flag(d) = value == "true"
	}
}

// Secret returns the place of a secret; nil where the detail is none.
func (r Detail) Secret(d *Details) *Secret {
	if r.secret == nil {
		return nil
	}
	return r.secret(d)
}

// Flag returns the place of a yes or no; nil where the detail is none.
func (r Detail) Flag(d *Details) *bool {
	if r.flag == nil {
		return nil
	}
	return r.flag(d)
}

// Plain says that the detail is a text that may be shown: no secret, and no yes or no.
func (r Detail) Plain() bool { return r.text != nil }

// copy takes the detail from another order's details, a secret as it is.
func (r Detail) copy(to, from *Details) {
	switch {
	case r.text != nil:
		*r.text(to) = *r.text(from)
	case r.secret != nil:
		*r.secret(to) = *r.secret(from)
	default:
		*r.flag(to) = *r.flag(from)
	}
}

// only returns the details of the rows that are kept, and nothing of the others.
func (d Details) only(keep func(Detail) bool) Details {
	var part Details
	for _, r := range detailRows {
		if keep(r) {
			r.copy(&part, &d)
		}
	}
	return part
}

// OnLOA returns the details that are printed on the letter of agency, and nothing else.
func (d Details) OnLOA() Details { return d.only(func(r Detail) bool { return r.OnLOA }) }

// Signed returns the details that have to be the same on the signed LOA and in a request, and nothing else.
func (d Details) Signed() Details { return d.only(func(r Detail) bool { return r.Signed }) }

// WithSecretsOf returns the details with the secrets of from in the place of their own.
func (d Details) WithSecretsOf(from Details) Details {
	for _, r := range detailRows {
		if r.secret != nil {
			r.copy(&d, &from)
		}
	}
	return d
}

// presets are the attributes of presets by their wire name (D-PRS).
var presets = []struct {
	name string
	at   func(*Presets) *string
}{
	{"cnam_id", func(p *Presets) *string { return &p.CNAM }},
	{"e911_id", func(p *Presets) *string { return &p.E911 }},
	{"primary_route_id", func(p *Presets) *string { return &p.PrimaryRoute }},
	{"failover_route_id", func(p *Presets) *string { return &p.FailoverRoute }},
	{"alias", func(p *Presets) *string { return &p.Alias }},
}

// DetailFields are the wire names of all details.
func DetailFields() []string { return names(detailRows, func(r Detail) string { return r.Name }) }

// PresetFields are the wire names of the presets.
func PresetFields() []string {
	var all []string
	for _, p := range presets {
		all = append(all, p.name)
	}
	return all
}

func names[T any](rows []T, name func(T) string) []string {
	all := make([]string, 0, len(rows))
	for _, r := range rows {
		all = append(all, name(r))
	}
	return all
}

// Set writes a detail by its wire name; false when the name is no text or secret detail.
func (d *Details) Set(name, value string) bool {
	for _, f := range detailRows {
		switch {
		case f.Name != name:
		case f.text != nil:
			*f.text(d) = value
			return true
		case f.secret != nil:
			*f.secret(d) = NewSecret(value)
			return true
		}
	}
	return false
}

// Get reads a plain detail by its wire name; false when the name is none. Secrets are none.
func (d Details) Get(name string) (string, bool) {
	for _, f := range detailRows {
		if f.Name == name && f.text != nil {
			return *f.text(&d), true
		}
	}
	return "", false
}

// Set writes a preset by its wire name; false when the name is none.
func (p *Presets) Set(name, value string) bool {
	for _, f := range presets {
		if f.name == name {
			*f.at(p) = value
			return true
		}
	}
	return false
}

// Get reads a preset by its wire name; empty when the name is none.
func (p Presets) Get(name string) string {
	for _, f := range presets {
		if f.name == name {
			return *f.at(&p)
		}
	}
	return ""
}

// Tidy brings presets into the form in which they are kept.
func (p Presets) Tidy() Presets {
	for _, f := range presets {
		*f.at(&p) = TidyLine(*f.at(&p))
	}
	return p
}

// Allows says whether the consent covers correcting the named field.
func (c Consent) Allows(name string) bool {
	levels := []Consent{CorrectNone, CorrectFormatting, CorrectAddress, CorrectAll}
	for _, f := range detailRows {
		if f.Name == name && f.Consent != "" {
			return slices.Index(levels, c) >= slices.Index(levels, f.Consent)
		}
	}
	return false
}

// Tidy brings details into the form in which they are kept: lines trimmed, values of a fixed form without marks that
// show nothing, codes in the wire's case.
func (d Details) Tidy() Details {
	for _, f := range detailRows {
		keep := TidyLine
		if f.check != nil {
			keep = TidyForm
		}
		if f.List {
			keep = tidyList
		}
		switch {
		case f.text != nil:
			*f.text(&d) = keep(*f.text(&d))
		case f.secret != nil:
			if value := f.secret(&d).Reveal(); keep(value) != value {
				*f.secret(&d) = NewSecret(keep(value))
			}
		}
	}
	d.UsageType = Usage(strings.ToLower(string(d.UsageType))) // "Business" in prose, "residential" in an example
	d.AutoCorrect = Consent(strings.ToLower(string(d.AutoCorrect)))
	if d.Unportable = OnUnportable(strings.ToLower(string(d.Unportable))); d.Unportable == FailUnportable {
		d.Unportable = "" // what an order has without the customer's word
	}
	if d.AutoCorrect == "" {
		d.AutoCorrect = CorrectFormatting
	}
	d.State, d.Country, d.Zip = strings.ToUpper(d.State), strings.ToUpper(d.Country), strings.ToUpper(d.Zip)
	d = d.tidyAccountAddress()
	return d
}

// Faults lists everything wrong with the details, each with its wire name; was are the details before the change. A
// value that stays as it was is not checked against rules that are stricter than they once were (the rule for
// characters, and those of tightened rows), so that an old order can still be edited. The requested day is judged beside
// them, since it depends on the order's carrier (DayFaults).
func (r Rules) Faults(d, was Details) Faults {
	var faults Faults
	for _, f := range detailRows {
		var value, before string
		switch {
		case f.text != nil:
			value, before = *f.text(&d), *f.text(&was)
		case f.secret != nil:
			value = f.secret(&d).Reveal() // empty while it is sealed, since it was checked when it came
		default:
			continue
		}
		unclear := ""
		if value != before {
			unclear = LineFault(value)
		}
		switch {
		case value == "" && f.Required:
			faults.Add(f.Name, Required, "This is required.")
		case value == "":
		case utf8.RuneCountInString(value) > f.Max:
			faults.Add(f.Name, TooLong, tooLong(f.Max))
		case unclear != "":
			faults.Add(f.Name, BadFormat, unclear)
		case f.check != nil && (value != before || !f.Tightened):
			if wrong := f.check(value, d); wrong != "" {
				faults.Add(f.Name, BadFormat, wrong)
			}
		}
	}
	faults = append(faults, d.accountAddressFaults()...)
	return append(faults, d.accountFaults()...)
}

// PresetFaults lists everything wrong with the presets of an order of that kind; was are the presets before the change,
// as for Faults. A CNAM is for local numbers alone (D-PRS).
func PresetFaults(p, was Presets, kind Kind) Faults {
	var faults Faults
	for _, f := range presets {
		switch v := *f.at(&p); {
		case utf8.RuneCountInString(v) > 100:
			faults.Add("presets/"+f.name, BadFormat, tooLong(100))
		case v != *f.at(&was) && LineFault(v) != "":
			faults.Add("presets/"+f.name, BadFormat, LineFault(v))
		}
	}
	if kind == TollFree && p.CNAM != "" {
		faults.Add("presets/cnam_id", NotAllowed, "Toll-free numbers have no caller name.")
	}
	return faults
}

var (
	tnForm      = Pattern(`^\+1[2-9][0-9]{2}[2-9][0-9]{6}$`)
	usZipForm   = Pattern(`^[0-9]{5}(-[0-9]{4})?$`)
	caZipForm   = Pattern(`^[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]$`)
	accountForm = Pattern(`^[A-Za-z0-9 .#/_-]+$`)
	mailForm    = Pattern("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*" +
		"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$")
)

// oneNumber asks for a telephone number.
const oneNumber = "Give a telephone number in E.164 form, such as +12065550101."

// tooLong asks for a text of at most max characters.
func tooLong(max int) string { return fmt.Sprintf("Use at most %d characters.", max) }

// Pattern says whether a text has the form of an expression, which is compiled when it is first asked for: every
// function starts with this package, and few need each of its forms.
func Pattern(expression string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
	return func(s string) bool { return compiled().MatchString(s) }
}

func isTN(v string, _ Details) string {
	if !tnForm(v) {
		return oneNumber
	}
	return ""
}

func isAccount(v string, _ Details) string {
	if !accountForm(v) {
		return "Use letters, digits, spaces and . # / _ - only."
	}
	return ""
}

func isFourDigits(v string, _ Details) string {
	if len(v) != 4 || strings.Trim(v, "0123456789") != "" {
		return "Give exactly four digits."
	}
	return ""
}

func isDate(v string, _ Details) string {
	if _, err := ParseDate(v); err != nil {
		return "Give a date in the form YYYY-MM-DD."
	}
	return ""
}

// MailFault says what is wrong with a mail address and what to do; empty when nothing is. It takes the dot-string of
// RFC 5321 at a domain of two labels or more, without quotes, in ASCII, as SES does. A local part has at most 64
// characters, an address 254.
func MailFault(address string) string {
	if len(address) > 254 || strings.IndexByte(address, '@') > 64 || !mailForm(address) {
		return "Give one mail address, such as porting@example.com."
	}
	return ""
}

func isMail(v string, _ Details) string { return MailFault(v) }

func isWebURL(v string, _ Details) string {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return "Give an http or https URL without credentials."
	}
	return ""
}

func isZip(v string, d Details) string   { return ZipFault(v, d.Country) }
func isState(v string, d Details) string { return StateFault(v, d.Country) }

// ZipFault says what is wrong with a ZIP or postal code of the US or Canada and what to do; empty when nothing is, and
// for another country.
func ZipFault(zip, country string) string {
	switch {
	case country == "CA" && !caZipForm(zip):
		return "Give a Canadian postal code, such as M4C 5K7."
	case country == "US" && !usZipForm(zip):
		return "Give a ZIP code of five digits, or of nine with a dash, such as 98101-1234."
	}
	return ""
}

// StateFault says the same of a state's or province's two letters.
func StateFault(state, country string) string {
	const (
		us = " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI "
		ca = " AB BC MB NB NL NS NT NU ON PE QC SK YT "
	)
	switch {
	case country == "CA" && !strings.Contains(ca, " "+state+" "):
		return "Give the two letters of a Canadian province, such as ON."
	case country == "US" && !strings.Contains(us, " "+state+" "):
		return "Give the two letters of a US state, such as WA."
	}
	return ""
}

func oneOf(values ...string) func(string, Details) string {
	return func(v string, _ Details) string {
		if !slices.Contains(values, v) {
			return "Give one of " + strings.Join(values, ", ") + "."
		}
		return ""
	}
}
