package porting

import (
	"testing"
	"time"
)

// Each of a carrier's own terms changes what it is about, and nothing else.
func TestOwnTerms(t *testing.T) {
	for _, test := range []struct {
		name  string
		class Class
		own   OwnTerms
		want  func(*Terms)
	}{
		{"none", Wireline, OwnTerms{Profile: "cox"}, func(*Terms) {}},
		{"the interval", Wireline, OwnTerms{Lead: 3, SimpleLead: 2}, func(t *Terms) { t.Lead = 3 }},
		{"the interval of a simple port", SimpleWireline, OwnTerms{Lead: 3, SimpleLead: 2}, func(t *Terms) { t.Lead = 2 }},
		{"the interval of one line", Wireless, OwnTerms{Lead: 6, SimpleLead: 2}, func(t *Terms) { t.Lead, t.OneLine = 6, 2 }},
		{"no interval of a project", ProjectPort, OwnTerms{Lead: 3, SimpleLead: 2, FOCHours: 48}, func(*Terms) {}},
		{"a slow answer", Wireline, OwnTerms{FOCHours: 72}, func(t *Terms) { t.FOCHours, t.Quiet = 72, t.Quiet+2 }},
		{"a quick answer", CanadaWireline, OwnTerms{FOCHours: 4}, func(*Terms) {}}, // no rule sets a time there
		{"a slow answer to a simple port", SimpleWireline, OwnTerms{SimpleFOCHours: 25, FOCHours: 99},
			func(t *Terms) { t.FOCHours, t.Quiet = 25, t.Quiet+1 }},
		{"the cut-off", Wireline, OwnTerms{Cutoff: 15, Zone: "America/Chicago"},
			func(t *Terms) { t.Cutoff, t.Zone = 15, "America/Chicago" }},
		{"papers", Wireline, OwnTerms{LOADays: 15, BillDays: 45}, func(t *Terms) { t.LOADays, t.BillDays = 15, 45 }},
		{"no record", Wireline, OwnTerms{NoCSR: true}, func(t *Terms) { t.CSR = false }},
		{"the registry's for toll-free numbers", TollFreePort, OwnTerms{Lead: 9, FOCHours: 99, Cutoff: 9, Zone: "UTC", LOADays: 1,
			BillDays: 1, NoCSR: true}, func(*Terms) {}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := TermsOf(test.class)
			test.want(&want)
			got := TermsOf(test.class).With(test.own)
			is(t, "lead", [2]int{got.Lead, got.OneLine}, [2]int{want.Lead, want.OneLine})
			is(t, "answer", [2]int{got.FOCHours, got.Quiet}, [2]int{want.FOCHours, want.Quiet})
			is(t, "cut-off", got.Cutoff, want.Cutoff)
			is(t, "zone", got.Zone, want.Zone)
			is(t, "papers", [2]int{got.LOADays, got.BillDays}, [2]int{want.LOADays, want.BillDays})
			is(t, "record", got.CSR, want.CSR)
		})
	}
	if got := TermsOf(TollFreePort).With(OwnTerms{LOADays: 15}).LOADays; got != 30 {
		t.Errorf("an LOA for toll-free numbers may be %d days old", got)
	}
}

// The terms change while the order is the customer's, and stay while a promise stands.
func TestOwnTermsAreKept(t *testing.T) {
	own := OwnTerms{Profile: "a", Lead: 2}
	asked := Losing{}
	l := begin(t, 2)
	l.r.OwnTerms = func(l Losing) OwnTerms { asked = l; return own }
	l.do(Edit{By: customer, To: Details{Provider: "New Bell"}, Fields: []string{"provider"}})
	is(t, "asked", asked, Losing{Carrier: Carrier{"1234", "Old Bell"}, Provider: "New Bell", Number: l.o.Numbers[0].TN})
	is(t, "while pending", l.o.Own.Lead, 2)
	own.Lead = 3
	l.do(signed)
	is(t, "when signed", l.o.Own.Lead, 3)
	earliest := l.r.Earliest(l.o, l.at)
	own.Lead = 9
	l.do(reach[Accepted][1:]...)
	is(t, "when accepted", l.o.Own.Lead, 3)
	l.do(LoseFOC{By: peer, Said: "DENIED", Reasons: []Reason{{Code: ZipMismatch}}}, returned)
	is(t, "when given back", l.o.Own.Lead, 3)
	l.do(Resubmit{By: customer})
	is(t, "when resubmitted", l.o.Own.Lead, 9)
	if later := l.r.Earliest(l.o, l.at); later <= earliest {
		t.Errorf("nine days end on %s, three on %s", later, earliest)
	}
	l.r.OwnTerms = nil
	l.do(returned, Resubmit{By: customer})
	is(t, "by a function that looks up nothing", l.o.Own.Lead, 9)
}

// A carrier's own limit decides what is a project, and the batches in which a project is split.
func TestOwnProjects(t *testing.T) {
	for _, test := range []struct {
		name          string
		from, numbers int
		want          Class
	}{
		{"the house's limit", 0, 50, ProjectPort},
		{"below the house's", 0, 49, Wireline},
		{"the carrier takes one more", 51, 50, Wireline},
		{"the carrier's limit", 51, 51, ProjectPort},
		{"a low limit", 2, 2, ProjectPort},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rules(t)
			r.OwnTerms = func(Losing) OwnTerms { return OwnTerms{ProjectFrom: test.from} }
			cmd := sampleCreate(test.numbers)
			o, _, err := r.Apply(Order{}, cmd, now)
			if err != nil {
				t.Fatal(err)
			}
			is(t, "class", o.Class, test.want)
			is(t, "project", o.Project(), test.want == ProjectPort)
			key, _ := byBatch(o, Reason{}, Help{})
			sizes := map[string]int{}
			for _, tn := range o.Active() {
				sizes[key(tn)]++
			}
			for _, n := range sizes {
				if n >= o.projectFrom() {
					t.Errorf("a batch of %d numbers is a project", n)
				}
			}
		})
	}
}

// The order of another carrier that is split off has that carrier's terms.
func TestOwnTermsOfSplitOffOrders(t *testing.T) {
	r := rules(t)
	r.OwnTerms = func(l Losing) OwnTerms { return OwnTerms{Profile: l.Carrier.SPID} }
	l := begin(t, 2)
	l.r = r
	l.do(signed, Pass{By: system})
	for _, test := range []struct{ spid, want string }{{"1234", "1234"}, {"9999", "9999"}} {
		cmd := SplitOff{By: system, From: l.o, Sibling: Sibling{ID: "7", Carrier: Carrier{test.spid, "New Bell"}, Numbers: l.o.Active()[:1]}}
		o, _, err := r.Apply(Order{}, cmd, now)
		if err != nil {
			t.Fatal(err)
		}
		is(t, "terms", o.Own.Profile, test.want)
	}
}

// A date beyond what the carrier takes is out of range, as one beyond the house's is.
func TestOwnLatestDate(t *testing.T) {
	r := rules(t)
	for _, test := range []struct{ days, ahead, want int }{{0, 30, 0}, {0, 31, 1}, {20, 20, 0}, {20, 21, 1}, {60, 31, 1}} {
		l := begin(t, 1)
		l.o.Own.MaxAheadDays = test.days
		l.o.Details.Desired = DateOf(now.In(r.Calendar.Location()).AddDate(0, 0, test.ahead))
		if got := len(r.Screen(l.o, now)); got != test.want {
			t.Errorf("%d days ahead, where the carrier takes %d: %d faults", test.ahead, test.days, got)
		}
	}
}

// A bill that a carrier takes for longer is not stale.
func TestOwnBillDays(t *testing.T) {
	l := begin(t, 1)
	d := Document{Kind: BillDocument, Dated: DateOf(now.AddDate(0, 0, -40))}
	is(t, "by the house's days", l.r.Stale(l.o, d, now), true)
	l.o.Own.BillDays = 45
	is(t, "by the carrier's", l.r.Stale(l.o, d, now), false)
	is(t, "the LOA's", l.r.LOAExpired(Order{Kind: Local, Own: OwnTerms{LOADays: 15}, Given: Given{Signature: Signature{At: now}}},
		now.Add(16*24*time.Hour)), true)
}

func is[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
