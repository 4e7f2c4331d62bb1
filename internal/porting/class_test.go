package porting

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// A class is decided by what kind, peer, record and customer tell, and is promised only where one of the first three proves it.
func TestClassify(t *testing.T) {
	const tn, other = "+12065550101", "+12065550102"
	one := func(f func(*Facts)) Facts {
		facts := Facts{Kind: Local, Country: "US", Numbers: 1, Number: tn}
		f(&facts)
		return facts
	}
	for _, test := range []struct {
		name  string
		facts Facts
		class Class
		basis Basis
	}{
		{"one number and nothing known", one(func(*Facts) {}), Wireline, Promised},
		{"the customer says one line", one(func(f *Facts) { f.OneLine = true }), SimpleWireline, Asked},
		{"the record shows one number", one(func(f *Facts) { f.Record = []string{tn} }), SimpleWireline, Promised},
		{"and says that it is the main one", one(func(f *Facts) { f.Record, f.BTN = []string{tn}, tn }), SimpleWireline, Promised},
		{"and names another main number", one(func(f *Facts) { f.Record, f.BTN = []string{tn}, other }), Wireline, Promised},
		{"the record shows two", one(func(f *Facts) { f.Record = []string{tn, other} }), Wireline, Promised},
		{"whatever the customer says", one(func(f *Facts) { f.Record, f.OneLine = []string{tn, other}, true }), Wireline, Promised},
		{"the record shows another number", one(func(f *Facts) { f.Record = []string{other} }), Wireline, Promised},
		{"the record lists none", one(func(f *Facts) { f.Record = []string{} }), Wireline, Promised},
		{"the number is resold", one(func(f *Facts) { f.Record, f.Resold = []string{tn}, true }), Resold, Promised},
		{"the carrier says not simple", one(func(f *Facts) { f.Record, f.NotSimple = []string{tn}, true }), Wireline, Promised},
		{"two numbers", one(func(f *Facts) { f.Numbers = 2 }), Wireline, Promised},
		{"below a project", one(func(f *Facts) { f.Numbers = ProjectSize - 1 }), Wireline, Promised},
		{"a project", one(func(f *Facts) { f.Numbers = ProjectSize }), ProjectPort, Promised},
		{"a project by the carrier's own limit", one(func(f *Facts) { f.Numbers, f.ProjectFrom = 10, 10 }), ProjectPort, Promised},
		{"a mobile number", one(func(f *Facts) { f.Wireless, f.OneLine = true, true }), Wireless, Promised},
		{"toll-free", one(func(f *Facts) { f.Kind, f.Country = TollFree, "" }), TollFreePort, Promised},
		{"Canada", one(func(f *Facts) { f.Country = "CA" }), CanadaWireline, Promised},
		{"Canada, mobile", one(func(f *Facts) { f.Country, f.Wireless = "CA", true }), CanadaWireless, Promised},
	} {
		t.Run(test.name, func(t *testing.T) {
			if class, basis := Classify(test.facts); class != test.class || basis != test.basis {
				t.Errorf("%s %s, want %s %s", class, basis, test.class, test.basis)
			}
		})
	}
}

// Every row of the classes is whole, and every class has one.
func TestClasses(t *testing.T) {
	want := []Class{SimpleWireline, Wireline, ProjectPort, Wireless, Resold, TollFreePort, CanadaWireline, CanadaWireless}
	var rows []Class
	for _, terms := range Classes {
		rows = append(rows, terms.Class)
		t.Run(string(terms.Class), func(t *testing.T) {
			if terms.Lead < 1 || terms.Quiet < 1 || terms.Cutoff < 1 || terms.Cutoff > 24 || terms.Holidays == "" ||
				terms.Source == "" || terms.LOA == "" || terms.Change == "" {
				t.Errorf("a field is missing: %+v", terms)
			}
			if terms.OneLine >= terms.Lead && terms.OneLine != 0 {
				t.Error("one line takes as long as many")
			}
			for _, name := range slices.Concat(terms.Needs, terms.Possible) {
				if _, ok := DetailRow(name); !ok {
					t.Errorf("there is no attribute %s", name)
				}
			}
			for _, code := range terms.Refuses {
				if code.Info().Code != code {
					t.Errorf("there is no reason %s", code)
				}
			}
			for _, name := range terms.Assumed {
				if _, ok := reflect.TypeFor[Terms]().FieldByName(name); !ok {
					t.Errorf("there is no field %s to be assumed", name)
				}
			}
			if terms.CSR && (terms.Class == Wireless || terms.Class == CanadaWireless || terms.Class == TollFreePort) {
				t.Error("mobile carriers and the registry give no record")
			}
			if got := TermsOf(terms.Class).Class; got != terms.Class {
				t.Errorf("the look-up finds %s", got)
			}
		})
	}
	if !slices.Equal(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
}

// The earliest date follows the class: the next business day for a simple port that is asked for until 13:00.
func TestEarliestOfAClass(t *testing.T) {
	for _, test := range []struct {
		name    string
		class   Class
		numbers int
		now     string // a Tuesday is 2027-03-02
		want    Date
	}{
		{"simple, at the cut-off", SimpleWireline, 1, "2027-03-02 13:00", "2027-03-03"},
		{"simple, after it", SimpleWireline, 1, "2027-03-02 13:01", "2027-03-04"},
		{"simple, on a Friday", SimpleWireline, 1, "2027-03-05 09:00", "2027-03-08"},
		{"simple, before Christmas", SimpleWireline, 1, "2027-12-23 09:00", "2027-12-27"},
		{"wireline", Wireline, 1, "2027-03-02 09:00", "2027-03-08"},
		{"resold", Resold, 1, "2027-03-02 09:00", "2027-03-08"},
		{"project", ProjectPort, 60, "2027-03-02 09:00", "2027-03-23"},
		{"one mobile number", Wireless, 1, "2027-03-02 09:00", "2027-03-03"},
		{"two mobile numbers", Wireless, 2, "2027-03-02 09:00", "2027-03-08"},
		{"toll-free, at night", TollFreePort, 1, "2027-03-02 23:00", "2027-03-04"},
		{"Canada", CanadaWireline, 3, "2027-03-02 09:00", "2027-03-04"},
		{"Canada, mobile", CanadaWireless, 1, "2027-03-02 09:00", "2027-03-04"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := rules(t).EarliestOf(TermsOf(test.class), "", test.numbers, when(t, test.now)); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// The cut-off is in the zone of the region of the customer's state.
func TestCutoffIsTheRegions(t *testing.T) {
	r := rules(t)
	type zone struct {
		utc
		name string
	}
	west, east := zone{name: "west"}, zone{name: "east"}
	r.Holidays = map[string]Calendar{"house America/Los_Angeles": west, "house America/New_York": east}
	for state, want := range map[string]Calendar{"CA": west, "NY": east, "TX": r.Calendar, "": r.Calendar, "XX": r.Calendar} {
		if got := r.CarrierDays(TermsOf(Wireline), state); got != want {
			t.Errorf("%q has another calendar", state)
		}
	}
	if r.CarrierDays(TermsOf(TollFreePort), "CA") != r.Calendar {
		t.Error("the registry counts by a region")
	}
}

// Each state and the capital are in one region, and each region's zone is among those that calendars are made for.
func TestRegions(t *testing.T) {
	of := map[string]int{}
	for _, row := range regions {
		for state := range strings.FieldsSeq(row.states) {
			of[state]++
			if RegionOf(state) != row.region {
				t.Errorf("%s is found in %s, want %s", state, RegionOf(state), row.region)
			}
		}
		if _, err := time.LoadLocation(row.region.Zone()); err != nil || !slices.Contains(RegionZones(), row.region.Zone()) {
			t.Errorf("%s: zone %q", row.region, row.region.Zone())
		}
	}
	const states = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND " +
		"OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR VI GU AS MP"
	for state := range strings.FieldsSeq(states) {
		if of[state] != 1 {
			t.Errorf("%s is in %d regions", state, of[state])
		}
	}
	if len(of) != len(strings.Fields(states)) {
		t.Errorf("%d states, want %d", len(of), len(strings.Fields(states)))
	}
	if RegionOf("A ") != "" || RegionOf("") != "" || RegionOf("DC DE") != "" {
		t.Error("what is no state has a region")
	}
}

// The class follows what the carrier says. A refusal of the date of a simple port makes it a wireline port, and says so.
func TestTheClassFollowsTheCarrier(t *testing.T) {
	r, tn := rules(t), "+12065550101"
	o := Order{Status: Submitted, Kind: Local, Class: Wireline, Numbers: []Number{{TN: tn}},
		Answers: Answers{Proof: Proof{By: ProofPIN, At: now}, Attempts: []Attempt{{Kind: AskCSR, PON: "C1", Sent: now}}}}
	o, events, err := r.Apply(o, TakeRecord{By: SystemBy(WayWorkflow), PON: "C1", State: AnswerReady,
		Record: Record{Name: "Pat", Numbers: []string{tn}}}, now)
	if err != nil {
		t.Fatal(err)
	}
	next := r.Earliest(o, now)
	if o.Class != SimpleWireline || next >= r.EarliestOf(TermsOf(Wireline), "", 1, now) {
		t.Fatalf("class %s, earliest %s", o.Class, next)
	}
	if m := events[0].Message; len(m.List) != 1 || !m.List[0].Equal(Say(MsgIsSimple, "earliest", string(next))) {
		t.Errorf("it is not told: %+v", m)
	}
	o.Attempts = append(o.Attempts, Attempt{Kind: AskPort, PON: "P1", Sent: now, State: AnswerWaiting})
	for _, code := range []ReasonCode{DueDateTooSoon, SpecialFeature, BroadbandOnLine, MultiLineRule, ZipMismatch} {
		t.Run(string(code), func(t *testing.T) {
			got, events, err := r.Apply(o, Refuse{By: PeerBy("locals"), PON: "P1", Reasons: []Reason{{Code: code}}}, now)
			if err != nil {
				t.Fatal(err)
			}
			want, told := Wireline, 1
			if code == ZipMismatch {
				want, told = SimpleWireline, 0
			}
			if got.Class != want || len(events[0].Message.List) != told {
				t.Errorf("class %s, told %v; want %s", got.Class, events[0].Message.List, want)
			}
		})
	}
}

// The record of an unproven order decides no class: neither a comment nor the earliest date tells how many lines the
// account has. The comparison that proves the order decides it, before anything has been asked for the port.
func TestTheRecordDecidesNoClassBeforeTheProof(t *testing.T) {
	record := Record{Name: "Pat", Numbers: tns(1)}
	for _, test := range []struct {
		name  string
		take  ProofKind // the secret with which the record comes
		prove Command
		want  Class
		told  bool // by the last event
	}{
		{name: "unproven", want: Wireline, prove: SettleCSR{By: system, Why: Say(MsgRecordAgrees)}},
		{name: "unproven, judged by staff", want: Wireline, prove: SettleCSR{By: staff, Why: Say(MsgRecordJudged)}},
		{name: "proven by the comparison", want: SimpleWireline, told: true,
			prove: SettleCSR{By: system, Why: Say(MsgRecordAgrees), Proof: ProofAccount}},
		{name: "proven by the PIN", take: ProofPIN, want: SimpleWireline, prove: SettleCSR{By: system, Why: Say(MsgRecordAgrees)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1).do(signed, Pass{By: system}, csrAsked, MarkSent{By: system, PON: "C1", Ref: "c"})
			before := l.r.EarliestOf(TermsOf(Wireline), l.o.Details.State, 1, l.at)
			l.do(TakeRecord{By: system, PON: "C1", State: AnswerReady, Record: record, Proof: test.take})
			if test.take == Unproven && (len(l.last().Message.List) > 0 || l.r.Earliest(l.o, l.at.Add(-time.Hour)) != before) {
				t.Errorf("the record is told of: %+v, earliest %s", l.last().Message, l.r.Earliest(l.o, l.at))
			}
			if l.do(test.prove); l.o.Class != test.want || (len(l.last().Message.List) > 0) != test.told {
				t.Errorf("class %s, told %+v; want %s, %v", l.o.Class, l.last().Message, test.want, test.told)
			}
		})
	}
}

// A project that loses numbers is none any more where too few are left, whatever they leave for: its request goes by the
// wireline interval then, and the customer is told nothing of simple ports.
func TestAProjectMayShrink(t *testing.T) {
	for _, test := range []struct {
		name string
		do   Command
		want Class
	}{
		{"a number is left out", Exclude{By: system, TNs: tns(1), Reason: TNNotPortable}, Wireline},
		{"numbers are split off", Repair{By: system, Sup: SupNew,
			SplitOff: []Sibling{{ID: "3", Numbers: tns(1), Why: HighVolumeManual}}}, Wireline},
		{"nothing leaves", Delay{By: system, Why: Words("Not yet.")}, ProjectPort},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, ProjectSize).do(signed)
			if _, ok := test.do.(Repair); ok {
				l.do(Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent,
					Refuse{By: peer, PON: "P1", Said: "REJECTED", Reasons: []Reason{{Code: HighVolumeManual}}})
			}
			to := test.do
			if m, ok := to.(Repair); ok {
				m.To, to = l.o.Details, m
			}
			simple := func(m Message) bool { return m.Key == MsgIsSimple || m.Key == MsgNotSimple }
			if l.do(to); l.o.Class != test.want || slices.ContainsFunc(l.last().Message.List, simple) {
				t.Errorf("class %s, told %+v; want %s", l.o.Class, l.last().Message, test.want)
			}
			sibling, _, err := l.r.Apply(Order{}, SplitOff{By: system, From: begin(t, ProjectSize).do(signed, Pass{By: system}).o,
				Sibling: Sibling{ID: "4", Numbers: tns(2), Why: HighVolumeManual}}, l.at)
			if err != nil || sibling.Class != Wireline {
				t.Errorf("the order that is split off is %s (%v)", sibling.Class, err)
			}
		})
	}
}

// An order of before classes keeps the interval of its kind and country, however many numbers it has and whatever its
// record shows.
func TestAnOrderWithoutAClassKeepsItsInterval(t *testing.T) {
	for _, test := range []struct {
		name    string
		kind    Kind
		country string
		numbers int
		want    Class
	}{
		{"one number", Local, "US", 1, Wireline},
		{"a project", Local, "US", ProjectSize, Wireline},
		{"Canada", Local, "CA", ProjectSize, CanadaWireline},
		{"toll-free", TollFree, "", 1, TollFreePort},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Kind: test.kind, Given: Given{Details: Details{Country: test.country}}, Answers: Answers{Proof: Proof{By: ProofEarlier},
				Attempts: []Attempt{{Kind: AskCSR, State: AnswerReady, Record: Record{Numbers: tns(1)}}}}}
			for _, tn := range tns(test.numbers) {
				o.Numbers = append(o.Numbers, Number{TN: tn})
			}
			if got := o.Terms().Class; got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// A carrier some of whose numbers are no mobile ones has the longer terms for all of them, in whatever order they come.
func TestMixedNumbersHaveTheLongerTerms(t *testing.T) {
	fixed, mobile := Line{TN: "+12065550101", Kind: Local}, Line{TN: "+12065550102", Kind: Local, Wireless: true}
	for want, lines := range map[bool][][]Line{false: {{fixed, mobile}, {mobile, fixed}, {fixed}}, true: {{mobile}, {mobile, mobile}}} {
		for _, all := range lines {
			if parts := GroupLines(all); len(parts) != 1 || parts[0].Wireless != want {
				t.Errorf("%+v: %+v, want %v", all, parts, want)
			}
		}
	}
}
