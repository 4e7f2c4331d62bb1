package porting

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Each source of a demand, of a warning and of a block, one at a time.
func TestReadiness(t *testing.T) {
	wants := func(d Demand) Intake { return Intake{Carrier: CarrierWants{Name: "Old Bell", Demands: []Demand{d}}} }
	published := func(field string) Intake { return wants(Demand{Field: field, Source: "Old Bell", Sure: true}) }
	reported := func(field string) Intake { return wants(Demand{Field: field, Source: "others"}) }
	without := func(fields ...string) func(*Order) {
		return func(o *Order) {
			for _, f := range fields {
				o.Details.Set(f, "")
			}
		}
	}
	all := func(changes ...func(*Order)) func(*Order) {
		return func(o *Order) {
			for _, change := range changes {
				change(o)
			}
		}
	}
	class := func(c Class) func(*Order) { return func(o *Order) { o.Class = c } }
	desired := func(d Date) func(*Order) { return func(o *Order) { o.Details.Desired = d } }
	flags := func(f CarrierFlags) func(*Order) { return func(o *Order) { o.Flags = f } }
	for _, test := range []struct {
		name     string
		numbers  int
		change   func(*Order)
		in       Intake
		needs    []string // attribute, and "!" where it blocks
		refusals []string // code, and "!" where it blocks
	}{
		{"nothing is missing", 2, all(), Intake{}, nil, nil},
		{"the peer's flag demands the account number", 2, all(without("provider_account"), flags(CarrierFlags{AccountNumber: true})), Intake{},
			[]string{"provider_account!"}, []string{"ACCOUNT_NUMBER_MISSING!"}},
		{"without the flag the class asks for it", 2, without("provider_account"), Intake{},
			[]string{"provider_account"}, []string{"ACCOUNT_NUMBER_MISSING"}},
		{"a flag about what the order has", 2, flags(CarrierFlags{AccountNumber: true}), Intake{}, nil, nil},
		{"a mobile network demands account and PIN", 2, all(class(Wireless), without("provider_account", "pin", "last_4_ssn")), Intake{},
			[]string{"provider_account!", "pin!"}, []string{"ACCOUNT_NUMBER_MISSING!", "PIN_MISSING!"}},
		{"or takes the SSN digits in the PIN's place", 2, all(class(Wireless), without("pin")), Intake{}, nil, nil},
		{"unless its profile demands a PIN", 2, all(class(Wireless), without("pin")), published("pin"),
			[]string{"pin!"}, []string{"PIN_MISSING!"}},
		{"a Canadian mobile network has no PIN by rule", 1, all(class(CanadaWireless), without("pin", "last_4_ssn", "provider_account")), Intake{},
			[]string{"provider_account!"}, []string{"ACCOUNT_NUMBER_MISSING!"}},
		{"what is published blocks", 2, without("billing_number"), published("billing_number"), []string{"billing_number!"}, []string{"BTN_MISMATCH!"}},
		{"what is reported warns", 2, without("billing_number"), reported("billing_number"), []string{"billing_number"}, []string{"BTN_MISMATCH"}},
		{"what the class asks warns", 2, without("billing_number"), Intake{}, []string{"billing_number"}, []string{"BTN_MISMATCH"}},
		{"one number is its own main number", 1, without("billing_number"), Intake{}, nil, nil},
		{"but not where the carrier says so", 1, without("billing_number"), published("billing_number"), []string{"billing_number!"}, []string{"BTN_MISMATCH!"}},
		{"published comes before reported", 2, without("pin"), Intake{Carrier: CarrierWants{Demands: []Demand{
			{Field: "pin", Source: "others"}, {Field: "pin", Source: "Old Bell", Sure: true}}}}, []string{"pin!"}, []string{"PIN_MISSING!"}},
		{"a strict account makes a warning a block", 2, without("billing_number"), Intake{Strict: true}, []string{"billing_number!"}, []string{"BTN_MISMATCH!"}},
		{"a tip never blocks", 2, all(), Intake{Strict: true, Carrier: CarrierWants{Tips: []Tip{{Code: PortFreeze, Why: "Lift the lock.", Source: "Old Bell"}}}},
			nil, []string{"PORT_FREEZE"}},
		{"nor does history", 2, all(), Intake{Strict: true, Carrier: CarrierWants{History: []PastRefusal{{NameMismatch, 40}}}}, nil, []string{"NAME_MISMATCH"}},
		{"a rare reason is not told", 2, all(), Intake{Carrier: CarrierWants{History: []PastRefusal{{NameMismatch, rarely - 1}}}}, nil, nil},
		{"sooner than the peer's interval", 2, all(desired("2027-03-04"), flags(CarrierFlags{LeadDays: 7})), Intake{}, nil, []string{"DUE_DATE_TOO_SOON!"}},
		{"a simple port has its one business day", 1, all(class(SimpleWireline), desired("2027-03-03"), flags(CarrierFlags{LeadDays: 3})), Intake{},
			nil, []string{"DUE_DATE_TOO_SOON"}},
		{"at the peer's interval, before the class's", 2, all(desired("2027-03-05"), flags(CarrierFlags{LeadDays: 3})), Intake{}, nil, []string{"DUE_DATE_TOO_SOON"}},
		{"at the class's", 2, all(desired("2027-03-08"), flags(CarrierFlags{LeadDays: 3})), Intake{}, nil, nil},
		{"no day is wished", 2, all(desired(""), flags(CarrierFlags{LeadDays: 99})), Intake{}, nil, nil},
		{"later than the carrier takes", 2, desired("2027-03-20"), Intake{Carrier: CarrierWants{MaxAhead: 14, MaxAheadSure: true}}, nil, []string{"DUE_DATE_INVALID!"}},
		{"later than others report that it takes", 2, desired("2027-03-20"), Intake{Carrier: CarrierWants{MaxAhead: 14}}, nil, []string{"DUE_DATE_INVALID"}},
		{"documented: the name", 2, func(o *Order) { o.Details.BillingName = "Ada" }, Intake{}, nil, []string{"AUTH_PERSON_INVALID"}},
		{"documented: the address", 2, func(o *Order) { o.Details.Street = "PO Box 7" }, Intake{}, nil, []string{"ADDRESS_INVALID"}},
		{"documented: the date", 2, desired("2027-04-02"), Intake{}, nil, []string{"PORT_DATE_OUT_OF_RANGE"}},
		{"documented: the funds", 2, all(), Intake{Funds: 1499, FundsKnown: true}, nil, []string{"INSUFFICIENT_FUNDS"}},
		{"the funds suffice", 2, all(), Intake{Funds: 1500, FundsKnown: true}, nil, nil},
		{"the fee was paid", 2, func(o *Order) { o.PortFee = 1500 }, Intake{FundsKnown: true}, nil, nil},
		{"all four on a strict account", 2, func(o *Order) {
			o.Details.BillingName, o.Details.Street, o.Details.Desired = "Ada", "PO Box 7", "2027-04-02"
		}, Intake{FundsKnown: true, Strict: true}, nil,
			[]string{"AUTH_PERSON_INVALID!", "ADDRESS_INVALID!", "PORT_DATE_OUT_OF_RANGE!", "INSUFFICIENT_FUNDS!"}},
		{"a company is missing", 2, without("company"), Intake{}, nil, []string{"ORDER_INCOMPLETE"}},
		{"toll-free: the registry asks for none of it", 1, all(func(o *Order) { o.Kind = TollFree }, class(TollFreePort),
			without("provider_account", "pin", "last_4_ssn", "billing_number"), flags(CarrierFlags{AccountNumber: true, LeadDays: 9})), published("pin"), nil, nil},
		{"resold: the retail account is asked for first", 1, all(class(Resold), flags(CarrierFlags{Resold: true}), without("provider_account")), Intake{},
			[]string{"provider_account"}, []string{"ACCOUNT_NUMBER_MISSING", "RESELLER_RECORD"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, test.numbers)
			test.change(&l.o)
			got := l.r.Readiness(l.o, test.in, l.at)
			var needs, refusals []string
			mark := func(blocks bool) string { return map[bool]string{true: "!"}[blocks] }
			for _, n := range got.Needs {
				needs = append(needs, n.Field+mark(n.Blocks))
			}
			for _, r := range got.Refusals {
				refusals = append(refusals, string(r.Code)+mark(r.Weight == Blocks))
				if !strings.HasSuffix(r.Why, ".") || r.Source == "" && r.Share == 0 {
					t.Errorf("%s: %q by %q", r.Code, r.Why, r.Source)
				}
			}
			if !slices.Equal(needs, test.needs) || !slices.Equal(refusals, test.refusals) {
				t.Errorf("needs %v, want %v\nrefusals %v, want %v", needs, test.needs, refusals, test.refusals)
			}
		})
	}
}

// A signature is refused for everything that blocks, all of it at once and each at its attribute, and for nothing else.
func TestSigningRefusesWhatBlocks(t *testing.T) {
	l := begin(t, 2)
	l.o.Class, l.o.Flags = Wireless, CarrierFlags{AccountNumber: true, LeadDays: 9}
	l.o.Details.ProviderAccount, l.o.Details.PIN, l.o.Details.LastFourSSN = Secret{}, Secret{}, Secret{}
	l.o.Details.Desired, l.o.Details.Street = "2027-03-04", "PO Box 7"
	sign := signed
	_, _, err := l.r.Apply(l.o, sign, l.at)
	if got, want := faultsOf(err), []string{"desired_completion_date out_of_range", "pin required", "provider_account required"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	sign.Intake.Strict = true
	_, _, err = l.r.Apply(l.o, sign, l.at)
	if got := faultsOf(err); !slices.Contains(got, "street invalid_format") || !slices.Contains(got, "pin required") {
		t.Errorf("a strict account: %v", got)
	}
	if text := fmt.Sprint(err); strings.Contains(text, canaryAccount) || strings.Contains(text, canaryPIN) {
		t.Error("a secret is told")
	}
	l.o.Details.ProviderAccount, l.o.Details.PIN = SealedSecret("sealed"), SealedSecret("sealed")
	l.o.Details.Desired = "2027-03-15"
	if _, _, err := l.r.Apply(l.o, signed, l.at); err != nil {
		t.Errorf("sealed secrets are there: %v", err)
	}
}

// Every attribute that a class or a profile may name has words, and a reason that exists.
func TestEveryNeedHasWords(t *testing.T) {
	for _, terms := range Classes {
		for _, field := range slices.Concat(terms.Needs, terms.Possible) {
			if !slices.ContainsFunc(lacks, func(row lackRow) bool { return row.field == field }) {
				t.Errorf("the class %s needs %s, for which there are no words", terms.Class, field)
			}
		}
	}
	for _, row := range lacks {
		if _, ok := DetailRow(row.field); !ok || row.code.Info().Code != row.code || !strings.HasSuffix(row.ask, ".") {
			t.Errorf("%+v", row)
		}
	}
}

// Numbers of several answers have the most of what was said of any of them.
func TestFlagsOfLines(t *testing.T) {
	lines := []Line{{Flags: CarrierFlags{LeadDays: 3}}, {Flags: CarrierFlags{AccountNumber: true}}, {Flags: CarrierFlags{LeadDays: 7, Resold: true}}}
	want := CarrierFlags{AccountNumber: true, LeadDays: 7, Resold: true}
	handed := CarrierFlags{Recovery: TFTransitional}
	if got := FlagsOf([]Line{{Flags: want}, {Flags: handed}}); got.Recovery != TFTransitional || !got.Resold {
		t.Errorf("%+v", got)
	}
	if got := GroupLines(append(slices.Clone(lines), Line{Flags: handed})); len(got) != 2 || got[1].Flags != handed {
		t.Errorf("a number for the registry's help desk goes along: %+v", got)
	}
	if got := FlagsOf(lines); got != want {
		t.Errorf("%+v", got)
	}
	if got := GroupLines(lines); len(got) != 1 || got[0].Flags != want {
		t.Errorf("%+v", got)
	}
	if n := reflect.TypeFor[CarrierFlags]().NumField(); n != 4 {
		t.Errorf("with, the store and this test know four flags, and there are %d", n)
	}
}
