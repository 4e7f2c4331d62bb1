package porting

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The LOA has the strictest of the ages that class, carrier and law allow.
func TestLOADays(t *testing.T) {
	for _, test := range []struct {
		name  string
		house int
		class Class
		want  int
	}{
		{"the house's where the class has none", 30, Wireline, 30},
		{"the class's where it has one", 45, TollFreePort, 30},
		{"the carrier's where it is stricter", 30, Wireline, 15},
		{"the law's where the house allows more", 90, Wireline, 60},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := rules(t)
			r.LOADays = test.house
			o := Order{Class: test.class}
			if test.want == 15 {
				o.Own.LOADays = 15
			}
			if got := r.loaDays(o); got != test.want {
				t.Errorf("%d days, want %d", got, test.want)
			}
		})
	}
}

// An LOA counts from the day on which the end user signed, and for toll-free numbers until the day of the change.
func TestWhatTheLOAsAgeCountsFrom(t *testing.T) {
	day := func(n int) Date { return DateOf(now.AddDate(0, 0, n)) }
	for _, test := range []struct {
		name   string
		change func(*Order)
		want   bool
	}{
		{"signed today", func(*Order) {}, false},
		{"signed 30 days ago", func(o *Order) { o.Signature.At = now.AddDate(0, 0, -30) }, false},
		{"signed 31 days ago", func(o *Order) { o.Signature.At = now.AddDate(0, 0, -31) }, true},
		{"the end user signed 29 days ago", func(o *Order) { o.Signature.EndUserDated = day(-29) }, false},
		{"the end user signed 32 days ago", func(o *Order) { o.Signature.EndUserDated = day(-32) }, true},
		{"the end user's day is later than the signature", func(o *Order) {
			o.Signature.At, o.Signature.EndUserDated = now.AddDate(0, 0, -31), day(-1)
		}, true},
		{"toll-free, changed within 30 days", func(o *Order) {
			o.Kind, o.Class, o.Details.Desired = TollFree, TollFreePort, day(29)
		}, false},
		{"toll-free, changed after 30 days", func(o *Order) {
			o.Kind, o.Class, o.Details.Desired = TollFree, TollFreePort, day(10)
			o.Signature.At = now.AddDate(0, 0, -25)
		}, true},
		{"toll-free, on a day for which no LOA of today would do", func(o *Order) {
			o.Kind, o.Class, o.Details.Desired = TollFree, TollFreePort, day(31)
		}, false},
		{"local, changed after 30 days", func(o *Order) {
			o.Details.Desired = day(10)
			o.Signature.At = now.AddDate(0, 0, -25)
		}, false},
		{"never signed", func(o *Order) { o.Signature = Signature{} }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := brought(t, Submitted).o
			o.Signature.At = now
			test.change(&o)
			if got := rules(t).LOAExpired(o, now); got != test.want {
				t.Errorf("too old: %t, want %t", got, test.want)
			}
		})
	}
}

// An order whose LOA has become too old is not resubmitted: the refusal names the LOA, and signing sends it.
func TestAnOldLOAIsSignedAgain(t *testing.T) {
	l := brought(t, Rejected)
	l.at = l.at.AddDate(0, 0, 31)
	edit := Edit{By: customer, To: Details{}, Fields: []string{"desired_completion_date"}}
	l.do(edit)
	_, _, err := l.r.Apply(l.o, Resubmit{By: customer}, l.at)
	if codeOf(err) != SignatureNeeded || !slices.Equal(faultsOf(err), []string{"loa signature_needed"}) {
		t.Fatalf("%v %v", err, faultsOf(err))
	}
	if text := err.(*Error).Faults[0].Message; !strings.Contains(text, "at most 30 days old") {
		t.Errorf("%q", text)
	}
	if l.do(signed); l.o.Status != Review {
		t.Errorf("signed again it is %s", l.o.Status)
	}
}

// A day tells no hour: all of its last day counts.
func TestLOAOlder(t *testing.T) {
	r := rules(t)
	late := time.Date(2027, 3, 31, 23, 0, 0, 0, r.Calendar.Location())
	for dated, want := range map[Date]bool{"": false, "2027-03-01": false, "2027-02-28": true} {
		if got := r.loaOlder(Order{}, dated, late); got != want {
			t.Errorf("%q is too old: %t", dated, got)
		}
	}
}
