package porting

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/bizday"
)

// now is a Tuesday, 9:00 in Los Angeles.
var now = time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)

func rules(t testing.TB) Rules {
	t.Helper()
	c, err := bizday.Named("npac", "America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	r := Standard(c)
	r.HardCancelFee = 2500
	r.Operator = Operator{Name: "Example Telecom LLC", Address: "1 Example Way, Denver, CO 80202, US", RespOrg: "ABC01"}
	return r
}

var (
	customer = By{Role: Customer, Name: "customer"}
	staff    = By{Role: Staff, Name: "AB"}
	system   = By{Role: System}
	peer     = By{Role: PeerRole, Name: "locals"}
)

const (
	canaryAccount = "CANARY-ACCT-7731"
	canaryPIN     = "CANARY-PIN-8842"
	canarySSN     = "9953"
)

func details() Details {
	return Details{
		Alias: "Head office", BillingName: "Ada Lovelace", Company: "Analytical Engines", BillingNumber: "+12065550100",
		Provider: "Old Bell", ProviderAccount: NewSecret(canaryAccount), PIN: NewSecret(canaryPIN), LastFourSSN: NewSecret(canarySSN),
		UsageType: Business, Street: "500 Pike Street", City: "Seattle", State: "WA", Zip: "98101", Country: "US",
		Desired: "2027-03-15", LOAEmail: "ada@example.com", StatusURL: "https://example.com/hook", AutoCorrect: CorrectAll, Unportable: ExcludeUnportable,
	}
}

func tns(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = "+1206" + string([]byte{'2' + byte(i/1000000%8)}) + pad(i, 6)
	}
	return all
}

func pad(n, width int) string {
	text := ""
	for range width {
		text = string([]byte{'0' + byte(n%10)}) + text
		n /= 10
	}
	return text
}

func sampleCreate(n int) Create {
	return Create{By: customer, ID: "1", Group: "2", Account: "acme", Kind: Local, Carrier: Carrier{"1234", "Old Bell"},
		Details: details(), Numbers: tns(n)}
}

// life carries commands out one after the other, an hour apart, and tells what happened.
type life struct {
	t      testing.TB
	r      Rules
	at     time.Time
	o      Order
	events []Event
}

func begin(t testing.TB, numbers int) *life {
	t.Helper()
	l := &life{t: t, r: rules(t), at: now}
	return l.do(sampleCreate(numbers))
}

func (l *life) do(cmds ...Command) *life {
	l.t.Helper()
	for _, cmd := range cmds {
		o, events, err := l.r.Apply(l.o, cmd, l.at)
		if err != nil {
			l.t.Fatalf("%T in %s: %v", cmd, l.o.Status, err)
		}
		l.o, l.events = o, append(l.events, events...)
		l.at = l.at.Add(time.Hour)
	}
	return l
}

func (l *life) last() Event { return l.events[len(l.events)-1] }

var (
	bill      = Document{Name: "bill.pdf", Kind: BillDocument}
	signed    = Sign{By: customer, Signature: Signature{Name: "Ada Lovelace", Title: "CEO", IP: "192.0.2.1"}}
	csrAsked  = Plan{By: system, Attempt: Attempt{Kind: AskCSR, Peer: "locals", PON: "C1"}}
	portAsked = Plan{By: system, Attempt: Attempt{Kind: AskPort, Peer: "locals", PON: "P1"}}
	portSent  = MarkSent{By: system, PON: "P1", Ref: "ref"}
	accepted  = Accept{By: peer, PON: "P1", Said: "FOC", FOC: "2027-03-16", At: time.Date(2027, 3, 16, 15, 0, 0, 0, time.UTC)}
	refused   = Refuse{By: peer, PON: "P1", Said: "REJECTED", Reasons: []Reason{{Code: ZipMismatch}}}
	returned  = Return{By: staff, Reasons: []Reason{{Code: OtherReason}}}
)

// reach are the commands that lead a new order to a status.
var reach = map[Status][]Command{
	Pending:      {},
	Processing:   {signed},
	Submitted:    {signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent},
	Accepted:     {signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent, accepted},
	Rejected:     {signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent, refused, returned},
	Review:       {signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent, refused, returned, Resubmit{By: customer}},
	Completed:    {signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent, accepted, Complete{By: peer}},
	Cancelled:    {Cancel{By: customer}},
	Abandoned:    {signed, returned, Cancel{By: customer}},
	HardCanceled: {signed, Pass{By: system}, HardCancel{By: staff, Why: "Asked for."}},
}

func brought(t testing.TB, s Status) *life {
	t.Helper()
	l := begin(t, 3).do(reach[s]...)
	if l.o.Status != s {
		t.Fatalf("the order is %s, want %s", l.o.Status, s)
	}
	return l
}

func allStatuses() []Status {
	var all []Status
	for _, row := range statuses {
		all = append(all, row.status)
	}
	return all
}

func codeOf(err error) ErrorCode {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func faultsOf(err error) []string {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	var all []string
	for _, f := range e.Faults {
		all = append(all, f.Field+" "+string(f.Code))
	}
	slices.Sort(all)
	return all
}

func mentions(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
