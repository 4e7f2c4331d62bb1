package porting

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// field is one attribute of an order's details by its wire name (D-CRE, D-UPD, D-NUM).
type field struct {
	name     string
	required bool
	max      int // characters
	consent  Consent
	text     func(*Details) *string // nil for anything but plain text
	secret   func(*Details) *Secret // nil for anything but a secret
	copy     func(to, from *Details)
	check    func(value string, d Details) string // what is wrong with a value that is there; empty when nothing is
}

func text(name string, max int, at func(*Details) *string, check func(string, Details) string) field {
	return field{name: name, max: max, text: at, check: check, copy: func(to, from *Details) { *at(to) = *at(from) }}
}

func hidden(name string, max int, at func(*Details) *Secret, check func(string, Details) string) field {
	return field{name: name, max: max, secret: at, check: check, copy: func(to, from *Details) { *at(to) = *at(from) }}
}

func must(f field) field { f.required = true; return f }

// within marks what may be corrected from the carrier's record under a consent.
func within(c Consent, f field) field { f.consent = c; return f }

// fields is every attribute that a customer gives beside numbers and presets, in the wire's order.
var fields = []field{
	text("alias", 100, func(d *Details) *string { return &d.Alias }, nil),
	within(CorrectAll, must(text("billing_name", 100, func(d *Details) *string { return &d.BillingName }, nil))),
	within(CorrectAll, text("company", 100, func(d *Details) *string { return &d.Company }, nil)),
	within(CorrectFormatting, text("billing_number", 20, func(d *Details) *string { return &d.BillingNumber }, isTN)),
	must(text("provider", 100, func(d *Details) *string { return &d.Provider }, nil)),
	within(CorrectAll, hidden("provider_account", 50, func(d *Details) *Secret { return &d.ProviderAccount }, isAccount)),
	hidden("pin", 50, func(d *Details) *Secret { return &d.PIN }, isAccount),
	hidden("last_4_ssn", 4, func(d *Details) *Secret { return &d.LastFourSSN }, isFourDigits),
	must(field{name: "usage_type", text: func(d *Details) *string { return (*string)(&d.UsageType) }, max: 20,
		copy: func(to, from *Details) { to.UsageType = from.UsageType }, check: oneOf(string(Business), string(Residential))}),
	within(CorrectAddress, must(text("street", 100, func(d *Details) *string { return &d.Street }, nil))),
	within(CorrectAddress, text("street2", 100, func(d *Details) *string { return &d.Street2 }, nil)),
	within(CorrectAddress, must(text("city", 100, func(d *Details) *string { return &d.City }, nil))),
	within(CorrectAddress, must(text("state", 2, func(d *Details) *string { return &d.State }, isState))),
	within(CorrectAddress, must(text("zip", 10, func(d *Details) *string { return &d.Zip }, isZip))),
	must(text("country", 2, func(d *Details) *string { return &d.Country }, oneOf("US", "CA"))),
	{name: "desired_completion_date", text: func(d *Details) *string { return (*string)(&d.Desired) }, max: 10,
		copy: func(to, from *Details) { to.Desired = from.Desired }, check: isDate},
	text("loa_details/email", 254, func(d *Details) *string { return &d.LOAEmail }, isEmail),
	text("loa_details/cc", 254, func(d *Details) *string { return &d.LOACC }, isEmail),
	{name: "enable_cnam_lookups", copy: func(to, from *Details) { to.CNAMLookups = from.CNAMLookups }},
	text("status_url", 2000, func(d *Details) *string { return &d.StatusURL }, isWebURL),
	{name: "auto_correct", text: func(d *Details) *string { return (*string)(&d.AutoCorrect) }, max: 20,
		copy:  func(to, from *Details) { to.AutoCorrect = from.AutoCorrect },
		check: oneOf(string(CorrectNone), string(CorrectFormatting), string(CorrectAddress), string(CorrectAll))},
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

// DetailFields are the wire names of all details, PresetFields those of the presets.
func DetailFields() []string { return names(fields, func(f field) string { return f.name }) }

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
	for _, f := range fields {
		switch {
		case f.name != name:
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
	for _, f := range fields {
		if f.name == name && f.text != nil {
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
	for _, f := range fields {
		if f.name == name && f.consent != "" {
			return slices.Index(levels, c) >= slices.Index(levels, f.consent)
		}
	}
	return false
}

// Tidy brings details into the form in which they are kept: lines trimmed, values of a fixed form without marks that show nothing,
// codes in the wire's case.
func (d Details) Tidy() Details {
	for _, f := range fields {
		keep := TidyLine
		if f.check != nil {
			keep = TidyForm
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
	if d.AutoCorrect == "" {
		d.AutoCorrect = CorrectFormatting
	}
	d.State, d.Country, d.Zip = strings.ToUpper(d.State), strings.ToUpper(d.Country), strings.ToUpper(d.Zip)
	return d
}

// Faults lists everything wrong with the details, each with its wire name; was are the details before the change. A value that
// stays as it was is not held against the rule for characters, which is stricter than it once was, so that an old order can still
// be edited. The date must lie ahead of today (D-CRE leaves the rule open: our decision); that it is at most 30 days ahead is
// checked on submission (S-PRE).
func (r Rules) Faults(d, was Details, now time.Time) []Fault {
	var faults []Fault
	for _, f := range fields {
		var value, before string
		switch {
		case f.text != nil:
			value, before = *f.text(&d), *f.text(&was)
		case f.secret != nil && f.secret(&d).Sealed() != "" && f.secret(&d).Reveal() == "":
			continue // checked when it came
		case f.secret != nil:
			value = f.secret(&d).Reveal()
		default:
			continue
		}
		unclear := ""
		if value != before {
			unclear = LineFault(value)
		}
		switch {
		case value == "" && f.required:
			faults = append(faults, Fault{f.name, Required, "This is required."})
		case value == "":
		case utf8.RuneCountInString(value) > f.max:
			faults = append(faults, Fault{f.name, TooLong, fmt.Sprintf("At most %d characters.", f.max)})
		case unclear != "":
			faults = append(faults, Fault{f.name, BadFormat, unclear})
		case f.check != nil:
			if wrong := f.check(value, d); wrong != "" {
				faults = append(faults, Fault{f.name, BadFormat, wrong})
			}
		}
	}
	if day := d.Desired; day != "" && isDate(string(day), d) == "" && day <= DateOf(now.In(r.Calendar.Location())) {
		faults = append(faults, Fault{"desired_completion_date", OutOfRange, "The date must lie ahead of today."})
	}
	return faults
}

// PresetFaults lists everything wrong with the presets of an order of that kind; was are the presets before the change, as for
// Faults. A CNAM is for local numbers alone (D-PRS).
func PresetFaults(p, was Presets, kind Kind) []Fault {
	var faults []Fault
	for _, f := range presets {
		switch v := *f.at(&p); {
		case utf8.RuneCountInString(v) > 100:
			faults = append(faults, Fault{"presets/" + f.name, BadFormat, "Give at most 100 characters."})
		case v != *f.at(&was) && LineFault(v) != "":
			faults = append(faults, Fault{"presets/" + f.name, BadFormat, LineFault(v)})
		}
	}
	if kind == TollFree && p.CNAM != "" {
		faults = append(faults, Fault{"presets/cnam_id", NotAllowed, "Toll-free numbers have no caller name."})
	}
	return faults
}

var (
	tnForm      = Pattern(`^\+1[2-9][0-9]{2}[2-9][0-9]{6}$`)
	usZipForm   = Pattern(`^[0-9]{5}(-[0-9]{4})?$`)
	caZipForm   = Pattern(`^[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]$`)
	accountForm = Pattern(`^[A-Za-z0-9 .#/_-]+$`)
	emailForm   = Pattern(`^[^@\s,;<>"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)
)

// Pattern says whether a text has the form of an expression, which is compiled when it is first asked for: every function starts
// with this package, and few need each of its forms.
func Pattern(expression string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
	return func(s string) bool { return compiled().MatchString(s) }
}

func isTN(v string, _ Details) string {
	if !tnForm(v) {
		return "A telephone number in E.164, such as +12065550101."
	}
	return ""
}

func isAccount(v string, _ Details) string {
	if !accountForm(v) {
		return "Letters, digits, spaces and . # / _ - only."
	}
	return ""
}

func isFourDigits(v string, _ Details) string {
	if len(v) != 4 || strings.Trim(v, "0123456789") != "" {
		return "Exactly four digits."
	}
	return ""
}

func isDate(v string, _ Details) string {
	if _, err := ParseDate(v); err != nil {
		return "A date has the form YYYY-MM-DD."
	}
	return ""
}

func isEmail(v string, _ Details) string {
	if !emailForm(v) {
		return "One mail address."
	}
	return ""
}

func isWebURL(v string, _ Details) string {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return "An http or https address without credentials."
	}
	return ""
}

func isZip(v string, d Details) string {
	switch {
	case d.Country == "CA" && !caZipForm(v):
		return "A Canadian postal code, such as M4C 5K7."
	case d.Country == "US" && !usZipForm(v):
		return "A ZIP code of five digits, or nine with a dash."
	}
	return ""
}

func isState(v string, d Details) string {
	const (
		us = " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI "
		ca = " AB BC MB NB NL NS NT NU ON PE QC SK YT "
	)
	switch {
	case d.Country == "CA" && !strings.Contains(ca, " "+v+" "):
		return "The two letters of a Canadian province."
	case d.Country == "US" && !strings.Contains(us, " "+v+" "):
		return "The two letters of a US state."
	}
	return ""
}

func oneOf(values ...string) func(string, Details) string {
	return func(v string, _ Details) string {
		if !slices.Contains(values, v) {
			return "One of " + strings.Join(values, ", ") + "."
		}
		return ""
	}
}
