package porting

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// groundTable is the whole table of grounds as a porting desk reads the rules. A row has a pair of letters for each
// class, in the order of Classes: of a port whose class a record proves, and of one whose class it does not. L is lawful,
// U unlawful, D doubtful. Reasons without a row are no losing carrier's.
var groundTable = map[ReasonCode]string{
	//                              simple wireline project wireless resold toll-free Canada Canada mobile
	AccountMissing:              "LL LL LL LL LL LL LL LL",
	AccountMismatch:             "LL LL LL LL LL LL LL LL",
	ZipMismatch:                 "LL LL LL LL LL LL LL LL",
	PINMissing:                  "LL LL LL LL LL LL LL LL",
	PINInvalid:                  "LL LL LL LL LL LL LL LL",
	TNNotFound:                  "LL LL LL LL LL LL LL LL",
	AllDataMismatch:             "LL LL LL LL LL LL LL LL",
	WrongLosingCarrier:          "LL LL LL LL LL LL LL LL",
	NameMismatch:                "UD LL LL DD LL LL LL LL",
	AddressMismatch:             "UD LL LL DD LL LL LL LL",
	AddressInvalid:              "UD LL LL DD LL LL LL LL",
	BTNMismatch:                 "UD LL LL DD LL LL LL LL",
	AuthPersonMismatch:          "UD LL LL DD LL LL LL LL",
	AuthPersonInvalid:           "UD LL LL DD LL LL LL LL",
	TaxIDMismatch:               "UD LL LL DD LL LL LL LL",
	RemainingServiceUnspecified: "UD LL LL DD LL LL LL LL",
	LOARequired:                 "UD DD DD DD DD LL LL LL",
	LOAExpired:                  "UD DD DD DD DD LL LL LL",
	LOASignatureInvalid:         "UD DD DD DD DD LL LL LL",
	LOAIllegible:                "UD DD DD DD DD LL LL LL",
	LOATNMissing:                "UD DD DD DD DD LL LL LL",
	BillRequired:                "UD LL LL DD LL LL DD DD",
	BillStale:                   "UD LL LL DD LL LL DD DD",
	DocTypeInvalid:              "UD LL LL DD LL LL DD DD",
	FraudHold:                   "UU UU UU DD UU DD DD DD",
	AccountUnpaid:               "UU UU UU UU UU DD DD DD",
	DueDateTooSoon:              "UD UU DD UU DD DD DD DD",
	TNNotInService:              "LL LL LL LL LL LL LL LL",
	AccountSuspended:            "LL LL LL LL LL LL LL LL",
	PortFreeze:                  "LL LL LL LL LL LL LL LL",
	PendingOrder:                "DD LL LL DD LL LL LL LL",
	TNAlreadyPorting:            "LL LL LL LL LL LL LL LL",
	LOASuperseded:               "LL LL LL LL LL LL LL LL",
	Prepaid:                     "LL LL LL LL LL LL LL LL",
	SpecialFeature:              "LL LL LL LL LL DD LL LL",
	BroadbandOnLine:             "LL LL LL LL LL DD LL LL",
	MultiLineRule:               "LL LL LL LL LL DD LL LL",
	MultipleAccounts:            "LL LL LL LL LL DD LL LL",
	BTNRemaining:                "LL LL LL LL LL DD LL LL",
	ResellerRecord:              "LL LL LL LL LL DD LL LL",
	PortTypeIncorrect:           "LL LL LL LL LL DD LL LL",
}

// Each cell of the table of grounds is as the rules have it, and an unlawful ground has its rule and where it is written.
func TestEachGroundOfEachClass(t *testing.T) {
	letters := map[byte]Ground{'L': Lawful, 'U': Unlawful, 'D': Doubtful}
	for _, info := range Reasons {
		row := strings.Fields(groundTable[info.Code])
		for i, terms := range Classes {
			for n, verified := range []bool{true, false} {
				want := NotTheir
				if len(row) > 0 {
					want = letters[row[i][n]]
				}
				got := JudgeGround(terms.Class, verified, info.Code)
				if got.Ground != want {
					t.Errorf("%s, %s, verified %v: %s, want %s", info.Code, terms.Class, verified, got.Ground, want)
				}
				if got.Ground != NotTheir && (got.Rule == "" || got.Source == "") {
					t.Errorf("%s, %s: the verdict tells no rule", info.Code, terms.Class)
				}
				if got.Unlawful() && !strings.Contains(got.Source, "47 CFR ") {
					t.Errorf("%s, %s: no rule is cited: %s", info.Code, terms.Class, got.Source)
				}
				if got.Unlawful() && slices.Contains(terms.Refuses, info.Code) {
					t.Errorf("%s is a ground of the terms of %s, and unlawful", info.Code, terms.Class)
				}
			}
		}
	}
	for code := range groundTable {
		if code.Info().Code != code {
			t.Errorf("%s is no reason", code)
		}
	}
}

// The table has no gaps: a class or a reason that nobody knows has a cell too, and is never contested.
func TestGroundsHaveNoGaps(t *testing.T) {
	for _, class := range []Class{"", "of a later release"} {
		for _, info := range Reasons {
			for _, verified := range []bool{true, false} {
				if v := JudgeGround(class, verified, info.Code); v.Ground == "" || v.Unlawful() {
					t.Errorf("class %q, %s: %+v", class, info.Code, v)
				}
			}
		}
	}
	if v := JudgeGround(SimpleWireline, true, "OF_A_LATER_RELEASE"); v.Ground != NotTheir {
		t.Errorf("a reason that nobody knows is %s", v.Ground)
	}
}

// refusedAs is an order of one number that its carrier has refused, whose record shows the numbers.
func refusedAs(t *testing.T, class Class, record []string, reasons ...Reason) Order {
	t.Helper()
	l := brought(t, Submitted)
	l.do(refused)
	o := l.o
	o.Numbers = o.Numbers[:1]
	o.Class, o.Reasons = class, reasons
	o.Proof = Proof{By: ProofAccount, At: l.at}
	if record != nil {
		csr := Attempt{Kind: AskCSR, PON: "C9", State: AnswerReady, Record: Record{Name: "Ada", Numbers: record}}
		o.Attempts = append([]Attempt{csr}, o.Attempts...)
	}
	return o
}

// What only the order tells decides too: whether the record proves the class, whether a number is dead, whether the date
// was legal, and on what a carrier insists.
func TestJudgementsByTheOrder(t *testing.T) {
	one := tns(1)
	for _, test := range []struct {
		name     string
		class    Class
		record   []string
		reasons  []Reason
		change   func(*Order)
		improper bool
	}{
		{name: "a name on a port that the record proves to be simple", class: SimpleWireline, record: one,
			reasons: []Reason{{Code: NameMismatch}}, improper: true},
		{name: "a name on a port that is simple by the customer's word", class: SimpleWireline,
			reasons: []Reason{{Code: NameMismatch}}},
		{name: "a name on a port whose record shows two numbers", class: SimpleWireline,
			record: tns(2), reasons: []Reason{{Code: NameMismatch}}},
		{name: "a name on a simple port of an unproven order", class: SimpleWireline, record: one,
			reasons: []Reason{{Code: NameMismatch}}, change: func(o *Order) { o.Proof = Proof{} }},
		{name: "a name on a wireline port", class: Wireline, record: one, reasons: []Reason{{Code: NameMismatch}}},
		{name: "a balance", class: Wireline, reasons: []Reason{{Code: AccountUnpaid}}, improper: true},
		{name: "a balance of a suspended account", class: Wireline,
			reasons: []Reason{{Code: AccountUnpaid}, {Code: AccountSuspended}}},
		{name: "a balance and a disconnected number", class: Wireline,
			reasons: []Reason{{Code: TNNotInService}, {Code: AccountUnpaid}}},
		{name: "a balance and a wrong PIN", class: Wireline, reasons: []Reason{{Code: AccountUnpaid}, {Code: PINInvalid}}},
		{name: "two grounds that are both unlawful", class: SimpleWireline, record: one,
			reasons: []Reason{{Code: NameMismatch}, {Code: AccountUnpaid}}, improper: true},
		{name: "a freeze", class: Wireline, reasons: []Reason{{Code: PortFreeze, Said: "LOCAL FREEZE"}}},
		{name: "a freeze on paper only", class: Wireline,
			reasons: []Reason{{Code: PortFreeze, Said: "Freeze: lifted by written request only."}}, improper: true},
		{name: "a mobile number's lock on paper only", class: Wireless,
			reasons: []Reason{{Code: PortFreeze, Said: "lifted by written request only"}}},
		{name: "a date that was too soon for the first time", class: Wireline, reasons: []Reason{{Code: DueDateTooSoon}}},
		{name: "a legal date, refused again", class: Wireline, reasons: []Reason{{Code: DueDateTooSoon}},
			change: func(o *Order) { o.Repairs = map[RepairKind]int{NextDate: 2} }, improper: true},
		{name: "a reason of the peer's own", class: Wireline, reasons: []Reason{{Code: AccountUnpaid}, {Code: PeerDenied}}},
		{name: "no reason", class: Wireline},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := refusedAs(t, test.class, test.record, test.reasons...)
			if test.change != nil {
				test.change(&o)
			}
			if j := rules(t).Judge(o); j.Improper() != test.improper {
				t.Errorf("improper %v: %+v", j.Improper(), j)
			}
		})
	}
}

// The date of a request counts by the moment at which it was sent, not by the moment at which it is judged.
func TestALegalDateStaysLegal(t *testing.T) {
	o := refusedAs(t, Wireline, nil, Reason{Code: DueDateTooSoon})
	o.Repairs = map[RepairKind]int{NextDate: 2}
	port, _ := o.Last(AskPort)
	o.Details.Desired = rules(t).EarliestOf(TermsOf(Wireline), o.Details.State, 1, port.Sent)
	if !rules(t).Judge(o).Improper() {
		t.Error("a date on the first legal day is called illegal")
	}
	for i := range o.Attempts {
		o.Attempts[i].Sent = time.Time{}
	}
	if rules(t).Judge(o).Improper() {
		t.Error("the date of a request that was never sent is called legal")
	}
}
