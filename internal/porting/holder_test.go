package porting

import (
	"testing"
	"time"
)

// The numbers' country decides the class and with it the terms, whatever the address.
func TestTheNumbersCountryDecides(t *testing.T) {
	for _, test := range []struct {
		name     string
		home     Home
		address  string
		wireless bool
		want     Class
	}{
		{"Canadian number, US address", Home{Country: "CA", Zone: "America/Toronto"}, "US", false, CanadaWireline},
		{"Canadian mobile number, US address", Home{Country: "CA", Zone: "America/Toronto"}, "US", true, CanadaWireless},
		{"US number, Canadian address", Home{Country: "US"}, "CA", false, Wireline},
		{"US mobile number, Canadian address", Home{Country: "US"}, "CA", true, Wireless},
		{"nothing known of the number", Home{}, "CA", false, CanadaWireline},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sampleCreate(2)
			c.Home, c.Wireless, c.Details.Country = test.home, test.wireless, test.address
			if test.address == "CA" {
				c.Details.State, c.Details.Zip = "ON", "M4C 5K7"
			}
			l := &life{t: t, r: rules(t), at: now}
			if l.do(c); l.o.Class != test.want || l.o.Terms().Class != test.want {
				t.Errorf("%s, want %s", l.o.Class, test.want)
			}
			l.do(Edit{By: customer, To: Details{Country: "US", State: "WA", Zip: "98101"}, Fields: []string{"country", "state", "zip"}})
			if test.home.Country != "" && l.o.Class != test.want {
				t.Errorf("with another address %s, want %s", l.o.Class, test.want)
			}
		})
	}
}

// A request for a Canadian mobile number goes out by day where the number is at home; the customer is told at intake that
// the holder will be asked.
func TestTheHolderIsAskedByDay(t *testing.T) {
	zone, err := time.LoadLocation("America/Vancouver")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2027, 3, day, hour, minute, 0, 0, zone) }
	for _, test := range []struct {
		name      string
		now, want time.Time
		class     Class
	}{
		{"by day", at(3, 9, 0), at(3, 9, 0), CanadaWireless},
		{"in the evening", at(3, 18, 59), at(3, 18, 59), CanadaWireless},
		{"late", at(3, 19, 0), at(4, 9, 0), CanadaWireless},
		{"at night", at(3, 0, 30), at(3, 9, 0), CanadaWireless},
		{"the night in which the clocks change", at(13, 23, 0), at(14, 9, 0), CanadaWireless},
		{"no holder is asked", at(3, 23, 0), at(3, 23, 0), CanadaWireline},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1).do(signed, Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")})
			l.o.Class, l.o.Home = test.class, Home{Country: "CA", Zone: "America/Vancouver"}
			if got := l.r.HolderDay(l.o, test.now); !got.Equal(test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
			d := l.r.DecideRequest(l.o, Order{}, test.now)
			if waits := test.want.After(test.now); waits != (d.Cause == CauseHolder && d.Do == DoWait) || !waits && d.Do != DoSend {
				t.Errorf("it is decided to %s for %s", d.Do, d.Cause)
			}
		})
	}
	c := sampleCreate(1)
	c.Home, c.Wireless = Home{Country: "CA", Zone: "America/Vancouver"}, true
	l := &life{t: t, r: rules(t), at: now}
	if e := l.do(c).last(); !e.Comment || len(e.Message.List) != 1 || e.Message.List[0].Key != MsgHolderAsked {
		t.Errorf("the customer is told %+v", e.Message)
	}
}

// What the customer should see to is told once, when the customer says what makes it needed.
func TestPrecautions(t *testing.T) {
	l := begin(t, 1)
	l.do(Edit{By: customer, To: Details{OnLine: "dsl,fax", HuntGroup: PartOfGroup, RingingFrom: "+18885550101", PortScope: PartOfAccount,
		BillingNumber: tns(1)[0]}, Fields: []string{"line_features/services", "line_features/hunt_group", "line_features/tollfree_numbers",
		"partial_port/scope", "billing_number"}})
	e := l.last()
	if !e.Comment || len(e.Message.List) != 4 {
		t.Errorf("told %+v", e.Message)
	}
	if e := l.do(Edit{By: customer, To: Details{Alias: "Other"}, Fields: []string{"alias"}}).last(); e.Comment || len(e.Message.List) > 0 {
		t.Errorf("told again: %+v", e.Message)
	}
}

// The answers about the account are held against the record of a proven order, and no number of the account is named.
func TestHeldAgainstTheRecord(t *testing.T) {
	others := []string{"+12065550190", "+12065550191"}
	for _, test := range []struct {
		name  string
		d     func(*Details)
		codes []ReasonCode
	}{
		{"nothing was said", func(*Details) {}, nil},
		{"all move, and there are more", func(d *Details) { d.PortScope = WholeAccount }, []ReasonCode{RemainingServiceUnspecified}},
		{"some stay", func(d *Details) { d.PortScope, d.Keep = PartOfAccount, others[0] }, nil},
		{"one that stays is not there", func(d *Details) { d.Keep = "+12065550180" }, []ReasonCode{RemainingServiceUnspecified}},
		{"the main number leaves", func(d *Details) { d.PortScope, d.BillingNumber = PartOfAccount, "" }, []ReasonCode{BTNRemaining}},
		{"another one takes its place", func(d *Details) { d.NewBilling = others[1] }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := brought(t, Submitted).o
			test.d(&o.Details)
			rec := Record{Numbers: append(tns(3), others...)}
			if test.name == "the main number leaves" {
				rec.BTN = tns(1)[0]
			}
			if got := o.HeldAgainst(rec); got != nil {
				t.Errorf("unproven: %+v", got)
			}
			o.Proof = Proof{By: ProofAccount}
			var codes []ReasonCode
			for _, r := range o.HeldAgainst(rec) {
				codes = append(codes, r.Code)
				for _, tn := range others {
					if mentions(r.Note.Args["numbers"], tn) {
						t.Errorf("the account's number is named: %+v", r)
					}
				}
			}
			if len(codes) != len(test.codes) || len(codes) > 0 && codes[0] != test.codes[0] {
				t.Errorf("%v, want %v", codes, test.codes)
			}
		})
	}
}
