package porting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Readiness says, before the customer signs, what the losing carrier still needs and for what it would likely refuse the
// order. [Rules.Readiness] finds it. The answers of create, update and a dry run show it, and signing refuses what blocks.
type Readiness struct {
	Needs    []Lack
	Refusals []LikelyRefusal
}

// Lack is an attribute that the carrier needs and the order does not have.
type Lack struct {
	Field string // its wire name
	Why   string // who needs it and where the customer finds it, in whole sentences
	// Blocks says that nobody can sign before it is given.
	Blocks bool
}

// LikelyRefusal is one refusal to expect.
type LikelyRefusal struct {
	Code   ReasonCode
	Fields []string // the attributes that would prevent it; empty where nothing on the order can
	Why    string   // what is wrong and what to do, in whole sentences
	Source string   // the rule, or who says so; empty where our history alone does
	Share  int      // how many of a hundred of the carrier's refusals had the reason; 0 is unknown
	Weight Weight
}

// Weight says what a likely refusal does to a signature.
type Weight string

// Signing is refused, or it is taken with a warning.
const (
	Blocks Weight = "blocks"
	Warns  Weight = "warns"
)

// Intake is what is known when an order is looked at before it is signed, beside the order itself.
type Intake struct {
	Carrier CarrierWants
	// Funds is the account's balance where FundsKnown.
	Funds      Money
	FundsKnown bool
	// Strict is the account's choice that a warning which the order can answer refuses the signature.
	Strict bool
	// Quiet are the account's quiet days where FundsKnown.
	Quiet QuietDays
}

// CarrierWants is what one losing carrier wants by its profile, and for what it has refused. The zero value wants
// nothing beyond the terms of the class.
type CarrierWants struct {
	Name    string // as the customer knows the carrier
	Demands []Demand
	// Hints say where the customer finds a value that the carrier's profile does not demand.
	Hints []Demand
	Tips  []Tip
	// MaxAhead is how many days ahead the carrier takes a date; 0 is unknown.
	MaxAhead     int
	MaxAheadSure bool // the carrier says so itself
	History      []PastRefusal
}

// Demand is an attribute that a carrier wants.
type Demand struct {
	Field  string
	Where  string // where the customer finds the value, as a sentence; may be empty
	Source string
	// Sure says that the carrier has published it: a request without the value is refused.
	Sure bool
}

// Tip is a cause of refusals that no attribute of an order shows, such as a lock that the customer has to lift.
type Tip struct {
	Code   ReasonCode
	Why    string
	Source string
}

// PastRefusal is how often the carrier has refused for a reason, of a hundred of its refusals.
type PastRefusal struct {
	Code  ReasonCode
	Share int
}

// lackRow is a row of lacks.
type lackRow struct {
	field string
	code  ReasonCode
	ask   string
}

// rarely is the share in a hundred below which a reason of our history is not told (our decision).
const rarely = 5

// lacks has, for each attribute that a carrier may need, the reason with which it refuses a request without it, and what
// the customer is asked for.
var lacks = []lackRow{
	{"provider_account", AccountMissing, "Give the number of the account as it stands on the carrier's bill."},
	{"pin", PINMissing, "Give the account's port-out PIN or passcode."},
	{"last_4_ssn", TaxIDMismatch, "Give the last four digits of the account holder's social security number."},
	{"billing_number", BTNMismatch, "Give the main telephone number of the account, which is on the carrier's bill."},
	{"billing_name", NameMismatch, "Give the first and last name of the person who may act for the account."},
	{"company", NameMismatch, "Give the company's name as it stands on the carrier's bill."},
	{"street", AddressMismatch, "Give the street and the house number of the service address."},
	{"city", AddressMismatch, "Give the city of the service address."},
	{"state", AddressMismatch, "Give the state or province of the service address."},
	{"zip", ZipMismatch, "Give the ZIP or postal code of the service address."},
	{"provider", WrongLosingCarrier, "Give the name of the company that bills you for the numbers."},
}

// The sources of what is not a profile's.
const (
	sourcePeer      = "what the carrier told the portability check"
	sourceScreening = "the check before submission: the order is rejected after it is signed"
)

// Readiness finds what the order lacks for its carrier and the refusals to expect. A value that the peer's flags or a
// published value of the profile demand blocks the signature. What the terms of the class, reports of others and our
// history tell warns, and so do the four documented rejections before submission (S-PRE: name, address, date, funds),
// which come after the signature. On a strict account every warning blocks that an attribute of the order would prevent.
func (r Rules) Readiness(o Order, in Intake, now time.Time) Readiness {
	f := &forecast{Rules: r, o: o, in: in, now: now}
	for _, part := range []func(*forecast){
		(*forecast).flagged, (*forecast).demanded, (*forecast).classNeeds, (*forecast).dates, (*forecast).screening,
		(*forecast).funds, (*forecast).resold, (*forecast).recovery, (*forecast).tips, (*forecast).history,
	} {
		part(f)
	}
	return f.found
}

// Blocking returns a fault for each refusal that blocks the signature, at each of its fields.
func (x Readiness) Blocking() Faults {
	var faults Faults
	for _, refusal := range x.Refusals {
		if refusal.Weight != Blocks {
			continue
		}
		code := BadFormat
		switch {
		case slices.ContainsFunc(x.Needs, func(l Lack) bool { return slices.Contains(refusal.Fields, l.Field) }):
			code = Required
		case refusal.Code.Info().Date() || refusal.Code == DateOutOfRange:
			code = OutOfRange
		}
		for _, field := range refusal.Fields {
			if !slices.ContainsFunc(faults, func(f Fault) bool { return f.Field == field }) {
				faults.Add(field, code, refusal.Why)
			}
		}
		if len(refusal.Fields) == 0 { // the balance, which is short for so many numbers
			faults.Add("numbers", NotAllowed, refusal.Why)
		}
	}
	return faults
}

// forecast is a readiness being found.
type forecast struct {
	Rules
	o     Order
	in    Intake
	now   time.Time
	found Readiness
}

// expect notes a refusal. One that an attribute of the order would prevent blocks if it is sure, or the account is
// strict (our decision). The first word about a reason and its fields counts, since the surest source comes first.
func (f *forecast) expect(refusal LikelyRefusal, sure bool) {
	if slices.ContainsFunc(f.found.Refusals, func(x LikelyRefusal) bool {
		return x.Code == refusal.Code && slices.Equal(x.Fields, refusal.Fields)
	}) {
		return
	}
	refusal.Weight = Warns
	if sure || f.in.Strict && (len(refusal.Fields) > 0 || refusal.Code == InsufficientFunds) {
		refusal.Weight = Blocks
	}
	f.found.Refusals = append(f.found.Refusals, refusal)
}

// expects says that a refusal for the reason was noted.
func (f *forecast) expects(code ReasonCode) bool {
	return slices.ContainsFunc(f.found.Refusals, func(x LikelyRefusal) bool { return x.Code == code })
}

// lack notes that the order has no value of a field which the carrier needs.
func (f *forecast) lack(field, where, source string, sure bool) {
	i := slices.IndexFunc(lacks, func(row lackRow) bool { return row.field == field })
	if i < 0 || f.o.Details.has(field) || slices.ContainsFunc(f.found.Needs, func(l Lack) bool { return l.Field == field }) {
		return
	}
	why := strings.TrimSpace(lacks[i].ask + " " + cmp.Or(where, f.where(field)))
	f.expect(LikelyRefusal{Code: lacks[i].code, Fields: []string{field}, Why: why, Source: source}, sure)
	last := f.found.Refusals[len(f.found.Refusals)-1]
	f.found.Needs = append(f.found.Needs, Lack{Field: field, Why: why, Blocks: last.Weight == Blocks})
}

// has says that a detail has a value, also one that is sealed.
func (d Details) has(name string) bool {
	row, ok := DetailRow(name)
	switch {
	case !ok:
		return false
	case row.secret != nil:
		return row.secret(&d).IsSet()
	}
	return row.Value(d) != ""
}

// flagged finds what the peer's own word demands: the account number, and what a mobile network asks its subscriber for
// before it lets a number go (47 CFR 52.37(b)): the account number and a PIN. Some take the last four digits of the
// social security number in the PIN's place (Telnyx's guide), so that either is enough here.
func (f *forecast) flagged() {
	if f.o.Kind == TollFree {
		return
	}
	if f.o.Flags.AccountNumber || f.o.Wireless() {
		f.lack("provider_account", "", sourcePeer, true)
	}
	if f.o.Class == Wireless && !f.o.Details.has("last_4_ssn") {
		f.lack("pin", "", "47 CFR 52.37(b): a mobile carrier authenticates its subscriber before it lets a number go", true)
	}
}

// where says by the carrier's profile where the customer finds a value.
func (f *forecast) where(field string) string {
	for _, d := range slices.Concat(f.in.Carrier.Demands, f.in.Carrier.Hints) {
		if d.Field == field {
			return d.Where
		}
	}
	return ""
}

// demanded finds what the carrier's profile wants. What is published comes first.
func (f *forecast) demanded() {
	for _, sure := range []bool{true, false} {
		for _, d := range f.in.Carrier.Demands {
			if d.Sure == sure && f.o.Kind != TollFree {
				f.lack(d.Field, d.Where, d.Source, sure)
			}
		}
	}
}

// classNeeds finds what the terms of the class let the carrier ask for. A residential customer has no company, and the
// main number of an account with one number is that number.
func (f *forecast) classNeeds() {
	terms := f.o.Terms()
	for _, field := range terms.Needs {
		switch {
		case field == "company" && f.o.Details.UsageType != Business,
			field == "billing_number" && len(f.o.Active()) == 1,
			field == "pin" && f.o.Details.has("last_4_ssn"):
		default:
			f.lack(field, "", "the terms of the class "+string(terms.Class), false)
		}
	}
}

// dates compares the desired date with the peer's least interval, the interval of the class, and how far ahead the
// carrier takes a date. The peer's interval refuses, except for a port that is simple or may be: its carrier has one
// business day (47 CFR 52.35(a)), and the interval is an estimate of the peer's. A date before the class's interval is
// moved, as documented, which is told (our decision).
func (f *forecast) dates() {
	desired, earliest := f.o.Details.Desired, f.Earliest(f.o, f.now)
	if desired == "" {
		return
	}
	today := f.now.In(f.Calendar.Location())
	field := []string{"desired_completion_date"}
	if n := f.o.Flags.LeadDays; n > 0 && desired < DateOf(today.AddDate(0, 0, n)) && f.o.Kind != TollFree {
		first := max(earliest, DateOf(today.AddDate(0, 0, n)))
		f.expect(LikelyRefusal{Code: DueDateTooSoon, Fields: field, Source: sourcePeer,
			Why: fmt.Sprintf("The carrier takes %d %s at least. Give %s or a later day, or leave the date out.", n, plural(n, "day"), first)},
			f.o.Class != SimpleWireline)
	}
	if desired < earliest {
		f.expect(LikelyRefusal{Code: DueDateTooSoon, Fields: field, Source: f.o.Terms().Source,
			Why: fmt.Sprintf("The carrier has until %s, and we ask for that day. Give it or a later day to have your own wish asked for.", earliest)},
			false)
	}
	most, sure := f.in.Carrier.MaxAhead, f.in.Carrier.MaxAheadSure
	if most > 0 && most < f.MaxAheadDays && desired > DateOf(today.AddDate(0, 0, most)) {
		f.expect(LikelyRefusal{Code: DueDateInvalid, Fields: field, Source: "the carrier's profile",
			Why: fmt.Sprintf("The carrier takes dates of the next %d days only. Give %s or an earlier day.", most,
				DateOf(today.AddDate(0, 0, most)))}, sure)
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// screening finds the rejections that come before the order goes to the carrier. They stay rejections after the
// signature (S-PRE).
func (f *forecast) screening() {
	for _, reason := range f.Screen(f.o, f.now) {
		if reason.Code == LOAExpired { // the signature that is to come is a new one
			continue
		}
		if reason.Code == DateOutOfRange && f.expects(DueDateInvalid) { // told with the carrier's own limit
			continue
		}
		var fields []string
		for _, row := range screened {
			if row.code == reason.Code {
				fields = row.fields
			}
		}
		info := reason.Code.Info()
		f.expect(LikelyRefusal{Code: reason.Code, Fields: slices.Clone(fields), Why: info.Meaning + " " + info.Do,
			Source: sourceScreening}, false)
	}
}

// funds compares the balance with the fee. An order that has paid owes nothing.
func (f *forecast) funds() {
	fee := f.Fee(f.o)*Money(len(f.o.Active())) - f.o.Credit
	if !f.in.FundsKnown || f.o.PortFee > 0 || f.in.Funds >= fee {
		return
	}
	info := InsufficientFunds.Info()
	f.expect(LikelyRefusal{Code: InsufficientFunds, Source: sourceScreening,
		Why: fmt.Sprintf("%s The fee is $%s, and the balance is $%s.", info.Meaning, fee, f.in.Funds)}, false)
}

// resold asks first for what the record of a reseller's customer does not have: the company that bills the customer, its
// account number and the end user.
func (f *forecast) resold() {
	if !f.o.Resold() {
		return
	}
	const where = "The number is resold: the account is the one at the company that bills you, not at the network."
	if !f.o.Details.has("provider_account") {
		f.lack("provider_account", where, sourceResold, false)
	}
	name := cmp.Or(f.o.Carrier.Name, "another company")
	f.expect(LikelyRefusal{Code: ResellerRecord, Source: sourceResold,
		Why: "The numbers are on the network of " + name + " and sold by another company. Give as provider the company that " +
			"bills you, as provider_account your account there, and as billing_name and company the end user. The network's " +
			"record may show the reseller instead, and then we ask you before anything is refused."}, false)
}

const sourceResold = "FCC, DOC-339018A1: a resold line is no simple port; the reseller has the account"

// recovery tells that the registry's help desk has to hand the numbers over, and wants a bill.
func (f *forecast) recovery() {
	code := f.o.Flags.Recovery
	if code == "" {
		return
	}
	if bill, ok := f.o.Newest(BillDocument); ok && !f.Stale(f.o, bill, f.now) {
		return
	}
	f.expect(LikelyRefusal{Code: code, Source: sourceRecovery,
		Why: code.Info().Meaning + " Add a bill of the last 90 days that shows the number as a document of the kind bill before you " +
			"sign. Then our staff asks the help desk, which normally answers within two business days."}, false)
}

const sourceRecovery = "Somos, articles 4677287805716 and 4678116307604: an LOA of at most 30 days and a bill of at most 90"

// tips tells what no attribute shows.
func (f *forecast) tips() {
	for _, tip := range f.in.Carrier.Tips {
		f.expect(LikelyRefusal{Code: tip.Code, Why: tip.Why, Source: tip.Source}, false)
	}
}

// history tells for what the carrier has refused, and how often what is expected already.
func (f *forecast) history() {
	for _, row := range f.in.Carrier.History {
		if row.Share < rarely {
			continue
		}
		i := slices.IndexFunc(f.found.Refusals, func(x LikelyRefusal) bool { return x.Code == row.Code })
		if i >= 0 {
			f.found.Refusals[i].Share = row.Share
			continue
		}
		info := row.Code.Info()
		f.expect(LikelyRefusal{Code: row.Code, Share: row.Share,
			Why: fmt.Sprintf("%d of 100 refusals of this carrier had this reason. %s %s", row.Share, info.Meaning, info.Do)}, false)
	}
}
