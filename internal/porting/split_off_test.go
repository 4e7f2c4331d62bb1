package porting

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// refusedFor is an order of the numbers that was refused for the reasons, its fee taken.
func refusedFor(tns []string, reasons ...Reason) Order {
	o := refusedOrder()
	o.ID, o.Group, o.Kind, o.Carrier, o.CSRSettled, o.Reasons = "1", "2", Local, Carrier{"1234", "Old Bell"}, true, reasons
	o.Numbers = nil
	for _, tn := range tns {
		o.Numbers = append(o.Numbers, Number{TN: tn})
	}
	o.PortFee = 750 * Money(len(tns))
	return o
}

// What the record, the peer or the refusal tells decides which numbers go on in orders of their own; where nothing tells it, it
// is for people.
func TestSplitOrder(t *testing.T) {
	a, b, c, d := "+12065550101", "+12065550102", "+12065550103", "+12065660104"
	four := []string{a, b, c, d}
	old, other, third := Carrier{"1234", "Old Bell"}, Carrier{"5678", "Other Tel"}, Carrier{"9012", "Third Tel"}
	with := func(carriers ...Carrier) Help {
		var h Help
		for i, carrier := range carriers {
			h.Lines = append(h.Lines, Line{TN: four[i], Carrier: carrier})
		}
		return h
	}
	at := func(centers ...string) Help {
		var h Help
		for i, center := range centers {
			h.Lines = append(h.Lines, Line{TN: four[i], Carrier: old, RateCenter: center})
		}
		return h
	}
	record := func(tns ...string) func(*Order) {
		return func(o *Order) {
			o.Proof = Proof{By: ProofAccount}
			o.Attempts = append([]Attempt{{Kind: AskCSR, State: AnswerReady, Record: Record{Numbers: tns}}}, o.Attempts...)
		}
	}
	for _, test := range []struct {
		name   string
		reason Reason
		help   Help
		change func(*Order)
		want   string // what leaves, with whom; empty: people
	}{
		{"the account's list tells", Reason{Code: "MULTIPLE_ACCOUNTS"}, Help{}, record(a, b, "+12065550199"), "[c d] Old Bell, apart"},
		{"it counts more than the refusal", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{a}}, Help{}, record(a, b), "[c d] Old Bell, apart"},
		{"of an unproven order the refusal alone tells", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{a}}, Help{}, func(o *Order) {
			record(a, b)(o)
			o.Proof = Proof{}
		}, "[a] Old Bell, apart"},
		{"the refusal tells", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{d, "+12065559999"}}, Help{}, nil, "[d] Old Bell, apart"},
		{"also where the list knows all of them", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{d}}, Help{}, record(four...), "[d] Old Bell, apart"},
		{"or none", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{d}}, Help{}, record("+12065550199"), "[d] Old Bell, apart"},
		{"nothing tells", Reason{Code: "MULTIPLE_ACCOUNTS"}, Help{}, nil, ""},
		{"all are named", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: four}, Help{}, nil, ""},
		{"a number that was left out is gone already", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{d}}, Help{}, func(o *Order) { o.Numbers[3].State = Excluded }, ""},

		{"several carriers", Reason{Code: "DIFFERENT_CARRIERS"}, with(old, other, third, other), nil, "[b d] Other Tel, apart; [c] Third Tel, apart"},
		{"none of them ours", Reason{Code: "WRONG_LOSING_CARRIER"}, with(other, other, third, other), nil, "[c] Third Tel, apart"},
		{"the peer finds one carrier", Reason{Code: "WRONG_LOSING_CARRIER", Numbers: []string{b}}, with(old, old, old, old), nil, "[b] Old Bell, apart"},
		{"the peer does not know all", Reason{Code: "WRONG_LOSING_CARRIER"}, with(old, other, old), nil, ""},

		{"several rate centers", Reason{Code: "DIFFERENT_RATE_CENTERS"}, at("SEATTLE", "TACOMA", "SEATTLE", "EVERETT"), nil, "[b] Old Bell; [d] Old Bell"},
		{"by their codes", Reason{Code: "DIFFERENT_RATE_CENTERS"}, at("SEATTLE"), nil, "[d] Old Bell"},
		{"one rate center", Reason{Code: "DIFFERENT_RATE_CENTERS"}, at("SEATTLE", "SEATTLE", "SEATTLE", "SEATTLE"), nil, ""},
		{"another class", Reason{Code: "PORT_TYPE_INCORRECT", Numbers: []string{c}}, Help{}, nil, "[c] Old Bell"},
		{"few numbers are no batches", Reason{Code: "HIGH_VOLUME_MANUAL"}, Help{}, nil, ""},
		{"not a third time", Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: []string{d}}, Help{}, func(o *Order) { o.Repairs = map[RepairKind]int{SplitThemOff: 2} }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := refusedFor(four, test.reason)
			if test.change != nil {
				test.change(&o)
			}
			m, ok := rules(t).FindRepair(o, test.help, now)
			var got []string
			for _, s := range m.SplitOff {
				line := fmt.Sprintf("%v %s", s.Numbers, s.Carrier.Name)
				if s.OtherAccount {
					line += ", apart"
				}
				got = append(got, line)
			}
			said := strings.NewReplacer(a, "a", b, "b", c, "c", d, "d").Replace(strings.Join(got, "; "))
			if ok != (test.want != "") || ok && (said != test.want || m.More || m.Sup != SupOther) {
				t.Errorf("%v: %s, want %s", ok, said, test.want)
			}
		})
	}
}

// More orders than MaxSiblings are a project, and for people.
func TestMostSiblings(t *testing.T) {
	for numbers, want := range map[int]bool{MaxSiblings + 1: true, MaxSiblings + 2: false} {
		var h Help
		for i, tn := range tns(numbers) {
			h.Lines = append(h.Lines, Line{TN: tn, RateCenter: strconv.Itoa(i)})
		}
		m, ok := rules(t).FindRepair(refusedFor(tns(numbers), Reason{Code: "DIFFERENT_RATE_CENTERS"}), h, now)
		if ok != want {
			t.Errorf("%d numbers in as many rate centers: split off is %t (%d orders)", numbers, ok, len(m.SplitOff))
		}
	}
}

// Batches have one number less than a project.
func TestBatches(t *testing.T) {
	reason := Reason{Code: "HIGH_VOLUME_MANUAL"}
	step, ok := splitNumbersOff(rules(t), refusedFor(tns(120), reason), reason, Help{}, now)
	var sizes []int
	for _, s := range step.split {
		sizes = append(sizes, len(s.Numbers))
	}
	if want := []int{ProjectSize - 1, 120 - 2*(ProjectSize-1)}; !ok || !slices.Equal(sizes, want) {
		t.Errorf("batches of %v leave, want %v", sizes, want)
	}
}

// One transaction takes as many siblings as their items and holds leave room for; the others come after it.
func TestSiblingsOfOneTransaction(t *testing.T) {
	const most = splitItems / (siblingItems + 1)
	for numbers, want := range map[int]int{most + 1: most, most + 2: most} {
		var h Help
		for i, tn := range tns(numbers) {
			h.Lines = append(h.Lines, Line{TN: tn, RateCenter: strconv.Itoa(i)})
		}
		m, ok := rules(t).FindRepair(refusedFor(tns(numbers), Reason{Code: "DIFFERENT_RATE_CENTERS"}), h, now)
		if !ok || len(m.SplitOff) != want || m.More != (numbers > most+1) {
			t.Errorf("of %d orders %d leave, more to come: %t", numbers-1, len(m.SplitOff), m.More)
		}
	}
}

// What is split off takes its share of the fee that was paid, and never more than its numbers cost today.
func TestShareOfTheFee(t *testing.T) {
	for _, test := range []struct {
		name string
		paid Money
		want Money // of one of three numbers
	}{
		{"today's fee", 2250, 750}, {"a lower one", 300, 100}, {"a higher one", 3000, 750}, {"none", 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := refusedFor(tns(3), Reason{Code: "MULTIPLE_ACCOUNTS"})
			o.PortFee = test.paid
			if got := rules(t).share(o, 1); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Two reasons that name the same number make one order of it, and a reason that is nobody's but a person's stops all of it.
func TestSplitForTwoReasons(t *testing.T) {
	numbers := tns(4)
	both := refusedFor(numbers, Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: numbers[2:]}, Reason{Code: "PORT_TYPE_INCORRECT", Numbers: numbers[3:]})
	m, ok := rules(t).FindRepair(both, Help{}, now)
	if !ok || len(m.SplitOff) != 1 || !slices.Equal(m.SplitOff[0].Numbers, numbers[2:]) {
		t.Errorf("%v: %+v", ok, m.SplitOff)
	}
	none := refusedFor(numbers, Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: numbers[2:]}, Reason{Code: "PIN_INVALID"})
	if _, ok := rules(t).FindRepair(none, Help{}, now); ok {
		t.Error("split although the PIN is wrong")
	}
	first := refusedFor(numbers, Reason{Code: "MULTIPLE_ACCOUNTS", Numbers: numbers[3:]}, Reason{Code: TNNotFound, Numbers: numbers[:1]})
	m, ok = rules(t).FindRepair(first, Help{}, now)
	if !ok || !m.More || len(m.Drop) != 0 || len(m.Rest) != 1 || m.Rest[0].Code != TNNotFound {
		t.Errorf("%v: %+v: what is left out comes after the split", ok, m)
	}
}

// What is split off has what the order had and the customer signed, save what belongs to another account; its fee comes with it.
func TestSplitOff(t *testing.T) {
	numbers := tns(3)
	from := refusedFor(numbers, Reason{Code: "MULTIPLE_ACCOUNTS"})
	from.Attempts = append([]Attempt{{Kind: AskCSR, PON: "C1", State: AnswerReady, Record: Record{AccountNumber: NewSecret("REC-1")}}}, from.Attempts...)
	from.Remaining = Remaining{BTN: "+12065550199"}
	from.Documents = []Document{{ID: "1", LOA: true, State: DocumentComplete}, {ID: "2", Kind: BillDocument, State: DocumentError},
		{ID: "3", Kind: BillDocument, State: DocumentComplete, Digest: "d3"}}
	split := func(s Sibling) (Order, Event) {
		t.Helper()
		s.ID, s.Numbers = "3", numbers[1:]
		o, events, err := rules(t).Apply(Order{}, SplitOff{By: system, From: from, Sibling: s}, now)
		if err != nil {
			t.Fatal(err)
		}
		return o, events[0]
	}
	o, e := split(Sibling{Carrier: from.Carrier, Why: "DIFFERENT_RATE_CENTERS"})
	if o.Status != Submitted || o.SplitOffFrom != "1" || o.Group != "2" || !slices.Equal(o.Active(), numbers[1:]) || o.PortFee != 1500 || e.Charge != 0 {
		t.Errorf("%+v", o)
	}
	if o.Details != from.Details || !reflect.DeepEqual(o.Signature, from.original()) || o.Machine() != LSRMachine || o.Driver != (Driver{Machine: LSRMachine, Run: 1}) {
		t.Errorf("the details are %+v, driven by %v", o.Details, o.Driver)
	}
	if !slices.Equal(unpublished(t, e), []Effect{FileLOA, StartDriver}) || !e.Comment || e.Message.Key != MsgSplitOff || e.Message.Args["order"] != "1" {
		t.Errorf("%+v", e)
	}
	if csr, ok := o.Last(AskCSR); !ok || csr.Record.AccountNumber.Reveal() != "REC-1" || o.NextPON(AskPort) != "pw-3-1" {
		t.Errorf("the record is %+v", csr)
	}
	if d, ok := o.Newest(BillDocument); !ok || len(o.Documents) != 2 || d.ID != "2" || o.Keeper(d) != "1" || d.Digest != "d3" {
		t.Errorf("its documents are %+v", o.Documents)
	}
	if want := (Remaining{Active: true, BTN: "+12065550199"}); o.Remaining != want {
		t.Errorf("what stays on its account is %+v, want %+v", o.Remaining, want)
	}
	o, _ = split(Sibling{Carrier: Carrier{"5678", "Other Tel"}, OtherAccount: true, Why: "DIFFERENT_CARRIERS"})
	if d := o.Details; d.ProviderAccount.IsSet() || d.PIN.IsSet() || d.BillingNumber != "" || d.Provider != "Other Tel" || !d.LastFourSSN.IsSet() {
		t.Errorf("on another account: %+v", d)
	}
	if o.Remaining != (Remaining{}) {
		t.Errorf("of another account is said what stays on the first: %+v", o.Remaining)
	}
	if _, ok := o.LOA(); !ok || len(o.Documents) != 1 {
		t.Errorf("another account's documents: %+v", o.Documents)
	}
	if o.Machine() != CSRMachine || len(o.Attempts) != 0 || !o.NeedsAccountNumber() {
		t.Errorf("its record is not asked for: %+v", o)
	}
	from.Details.PIN = SealedSecret("sealed under the first order's name")
	_, _, err := rules(t).Apply(Order{}, SplitOff{By: system, From: from, Sibling: Sibling{ID: "3", Numbers: numbers[1:]}}, now)
	if codeOf(err) != Invalid {
		t.Errorf("a sealed secret was moved: %v", err)
	}
}

// However many numbers are refused for whatever reasons: when all is split no number is lost or on two orders, the fee is what it
// was, each transaction is one that the store takes, and what is left of the order goes on.
func TestASplitLosesNothing(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(t *rapid.T) {
		numbers := tns(rapid.IntRange(2, 400).Draw(t, "numbers"))
		var h Help
		for i, tn := range numbers {
			h.Lines = append(h.Lines, Line{TN: tn, Carrier: Carrier{SPID: fmt.Sprint(i % rapid.IntRange(1, 4).Draw(t, "carriers"))}})
		}
		code := rapid.SampledFrom([]ReasonCode{"MULTIPLE_ACCOUNTS", "DIFFERENT_CARRIERS", "HIGH_VOLUME_MANUAL", "PORT_TYPE_INCORRECT"}).Draw(t, "reason")
		o := refusedFor(numbers, Reason{Code: code, Numbers: numbers[rapid.IntRange(0, len(numbers)).Draw(t, "named"):]})
		var made []Order
		for rounds := 0; len(o.Reasons) > 0; rounds++ {
			m, ok := r.FindRepair(o, h, now)
			if !ok && rounds == 0 {
				return
			}
			if !ok || rounds > len(numbers) {
				t.Fatalf("left half-way with %v", o.Reasons)
			}
			items, before := 0, o
			for i := range m.SplitOff {
				m.SplitOff[i].ID = OrderID(fmt.Sprint(100 + len(made)))
				sibling, _, err := r.Apply(Order{}, SplitOff{By: system, From: before, Sibling: m.SplitOff[i]}, now)
				if err != nil {
					t.Fatal(err)
				}
				made = append(made, sibling)
				items += len(sibling.Numbers) + siblingItems
			}
			if items > HoldsPerTransaction {
				t.Fatalf("%d items in one transaction", items)
			}
			var err error
			if o, _, err = r.Apply(o, m, now); err != nil {
				t.Fatal(err)
			}
		}
		if port, _ := o.Last(AskPort); port.State == AnswerRefused || o.Resend != SupOther || len(o.Active()) == 0 {
			t.Fatalf("the order does not go on: %v, %v", port.State, o.Resend)
		}
		if same := code == "HIGH_VOLUME_MANUAL" || code == "PORT_TYPE_INCORRECT"; o.Remaining.Active != same {
			t.Fatalf("the carrier is told that the account's other numbers stay: %v", o.Remaining.Active)
		}
		fee, all := o.PortFee, o.Active()
		for _, s := range made {
			fee += s.PortFee
			all = append(all, s.Active()...)
		}
		slices.Sort(all)
		want := slices.Sorted(slices.Values(numbers))
		if !slices.Equal(all, want) || fee != 750*Money(len(numbers)) {
			t.Fatalf("%d of %d numbers, fee %s", len(all), len(want), fee)
		}
	})
}

// What was split off waits while the request of the order that it comes from still has its numbers, also when the carrier gave it a
// date before it was told; a person who is asked is not waited for.
func TestHolds(t *testing.T) {
	for _, test := range []struct {
		name   string
		status Status
		port   Attempt
		change func(*Order)
		want   bool
	}{
		{"refused", Submitted, Attempt{Ref: "R", State: AnswerRefused}, nil, true},
		{"refused by a peer that has nothing", Submitted, Attempt{State: AnswerRefused}, nil, false},
		{"a supplement is to be sent", Submitted, Attempt{Ref: "R", State: AnswerWaiting}, func(o *Order) { o.Resend = SupOther }, true},
		{"a supplement is on its way", Submitted, Attempt{Version: 1, Sup: SupOther}, nil, true},
		{"it was told", Submitted, Attempt{Version: 1, Sup: SupOther, Ref: "R", Sent: now, State: AnswerWaiting}, nil, false},
		{"a date before it is told", Accepted, Attempt{Ref: "R", State: AnswerAccepted}, func(o *Order) { o.Resend = SupOther }, true},
		{"a date while it is told", Accepted, Attempt{Version: 1, Sup: SupOther}, nil, true},
		{"a date after it was told", Accepted, Attempt{Version: 1, Sup: SupOther, Ref: "R", Sent: now, State: AnswerAccepted}, nil, false},
		{"another date is asked for", Accepted, Attempt{Ref: "R", State: AnswerAccepted}, func(o *Order) { o.Resend = SupDate }, false},
		{"a person is asked", Accepted, Attempt{Version: 1, Sup: SupOther}, func(o *Order) { o.Desk = Words("Call.") }, false},
		{"it is the customer's", Rejected, Attempt{Ref: "R", State: AnswerRefused}, nil, false},
		{"it is over", Completed, Attempt{Version: 1, Sup: SupOther}, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.port.Kind = AskPort
			o := Order{Status: test.status, Answers: Answers{Attempts: []Attempt{test.port}}}
			if test.change != nil {
				test.change(&o)
			}
			if o.RequestIncludesSplitOff() != test.want {
				t.Errorf("%v, want %v", o.RequestIncludesSplitOff(), test.want)
			}
		})
	}
}
