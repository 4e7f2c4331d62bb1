package porting

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// untakable are values of a carrier's record that an edit or the screening refuses, by their detail.
var untakable = map[string][]string{
	"billing_name": {"P EXAMPLE", "P. Example", "EXAMPLE", "KITE HOLDINGS LLC", "PAT & KIM EXAMPLE", "ACCOUNTS PAYABLE", strings.Repeat("Ada ", 26) + "Roe", "Ada\u200b Roe", ""},
	"company":      {strings.Repeat("K", 101), "Kite\x00", "", "\u2066Kite"},
	"street": {"PO BOX 12", "P.O. Box 12", "POB 12", "Post Office Box 12", "12", "", strings.Repeat("1 Elm Street ", 8) + strings.Repeat("x", 17),
		"12 Elm\u2028St", "12 Elm \ufffd"},
	"street2":                 {"PO BOX 12", strings.Repeat("x", 101), "Ste\x07 2"},
	"city":                    {"", strings.Repeat("c", 101), "Sea\u200bttle"},
	"state":                   {"", "XX", "Washington", "ON"},
	"zip":                     {"", "9810", "98101-12", "M4C 5K7", "981O1"},
	"billing_number":          {"206-555-0100", "5550100", "AC-919", "+442071838750"},
	"desired_completion_date": {"2027-03-02", "2026-01-01", "2027-04-15", "March 9"},
	"usage_type":              {"", "government"},
}

func TestTakable(t *testing.T) {
	o := refusedOrder()
	for name, values := range untakable {
		for _, value := range values {
			t.Run(name+" "+short(value), func(t *testing.T) {
				if got := rules(t).Takable(o, map[string]string{name: value}, now); len(got) != 0 {
					t.Errorf("takes %q", got)
				}
			})
		}
	}
	for _, test := range []struct {
		name  string
		patch map[string]string
		want  map[string]string // nil: all of it
	}{
		{"OK: every detail of a record", map[string]string{"billing_name": "EXAMPLE, PAT", "company": "KITE LLC", "street": "9 ELM RD", "street2": "STE 2", "city": "RENTON", "state": "WA",
			"zip": "98055-1234", "billing_number": "+12065550199", "desired_completion_date": "2027-03-09"}, nil},
		{"OK: no second line", map[string]string{"street": "9 ELM RD", "street2": ""}, nil},
		{"OK: 100 letters", map[string]string{"street": "9 " + strings.Repeat("e", 98)}, nil},
		{"OK: marks around a ZIP", map[string]string{"zip": "\u202a98055\u202c"}, nil},
		{"an address is taken as a whole", map[string]string{"street": "PO BOX 12", "street2": "", "city": "RENTON", "state": "WA", "zip": "98055", "company": "KITE LLC"},
			map[string]string{"company": "KITE LLC"}},
		{"a bad ZIP keeps the street out", map[string]string{"street": "9 ELM RD", "zip": "981"}, map[string]string{}},
		{"each of two names by itself", map[string]string{"billing_name": "P EXAMPLE", "company": "KITE LLC"}, map[string]string{"company": "KITE LLC"}},
		{"a business needs its company", map[string]string{"company": "", "zip": "98055"}, map[string]string{"zip": "98055"}},
		{"no such detail", map[string]string{"colour": "blue", "zip": "98055"}, map[string]string{"zip": "98055"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if want == nil {
				want = test.patch
			}
			before := maps.Clone(test.patch)
			if got := rules(t).Takable(o, test.patch, now); !maps.Equal(got, want) {
				t.Errorf("takes %q, want %q", got, want)
			}
			if !maps.Equal(before, test.patch) {
				t.Error("the patch itself is changed")
			}
		})
	}
}

func short(s string) string {
	if len(s) > 20 {
		s = s[:20]
	}
	return s
}

func TestTakableSecret(t *testing.T) {
	for value, want := range map[string]bool{"B-2": true, "": false, "1;2": false, "ACCT*12": false, strings.Repeat("1", 51): false, strings.Repeat("1", 50): true} {
		if got := rules(t).TakableSecret(refusedOrder(), "provider_account", NewSecret(value)); got != want {
			t.Errorf("%q: %t", value, got)
		}
	}
}

// What is written by rule, and what is offered, stands the checks that the order has to stand later: nothing else gets in, by
// whichever door the record's values come.
func TestNothingUntakableIsWrittenOrOffered(t *testing.T) {
	for name, values := range untakable {
		for _, value := range values {
			patch := map[string]string{name: value}
			t.Run("corrected: "+name+" "+short(value), func(t *testing.T) {
				l := brought(t, Submitted)
				before := l.o.Details
				after, _, err := l.r.Apply(l.o, Correct{By: system, To: l.o.Details, Patch: patch}, l.at)
				if codeOf(err) != Settled || err == nil && after.Details != before {
					t.Errorf("%v", err)
				}
			})
			t.Run("repaired: "+name+" "+short(value), func(t *testing.T) {
				for _, code := range []ReasonCode{NameMismatch, AuthPersonMismatch, AddressMismatch, ZipMismatch, BTNMismatch, AllDataMismatch, AddressInvalid} {
					o := refusedOrder()
					o.Reasons = []Reason{{Code: code}}
					m, ok := rules(t).FindRepair(o, Help{Known: patch}, now)
					if _, has := m.Patch[name]; ok && has {
						t.Errorf("%s is repaired with %q", code, m.Patch)
					}
				}
			})
			t.Run("offered: "+name+" "+short(value), func(t *testing.T) {
				l := brought(t, Submitted)
				other := map[string]string{"company": "KITE LLC"}
				if name == "company" {
					other = map[string]string{"billing_name": "PAT EXAMPLE"}
				}
				after, events, err := l.r.Apply(l.o, Return{By: system, Reasons: []Reason{{Code: AddressMismatch, Patch: patch}, {Code: NameMismatch, Patch: other}}}, l.at)
				if err != nil {
					t.Fatal(err)
				}
				for _, reasons := range [][]Reason{after.Reasons, events[len(events)-1].Reasons} {
					if len(reasons[0].Patch) != 0 || !maps.Equal(reasons[1].Patch, other) {
						t.Errorf("offers %+v", reasons)
					}
				}
				if len(patch) != 1 {
					t.Error("the command's own patch is changed")
				}
			})
		}
	}
}

// Whatever is offered can be applied by the customer, reviewed and approved.
func TestAnOfferedFixIsTaken(t *testing.T) {
	record := map[string]string{"billing_name": "EXAMPLE, PAT", "company": "KITE LLC", "street": "9 ELM RD", "street2": "STE 2", "city": "RENTON", "zip": "98055-1234"}
	l := brought(t, Submitted).do(Return{By: system, Reasons: []Reason{{Code: AllDataMismatch, Patch: record}}})
	patch := l.o.Reasons[0].Patch
	if !maps.Equal(patch, record) {
		t.Fatalf("offers %q", patch)
	}
	to := l.o.Details
	for name, value := range patch {
		to.Set(name, value)
	}
	l.do(Edit{By: customer, To: to, Fields: slices.Sorted(maps.Keys(patch)), Signs: true, Signature: signed.Signature},
		Resubmit{By: customer})
	if reasons := l.r.Screen(l.o, l.at.Add(time.Hour)); len(reasons) != 0 {
		t.Errorf("refused at approval: %v", reasons)
	}
}
