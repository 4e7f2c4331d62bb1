package porting

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// reopened marks the order of a life and makes the one in its place.
func (l *life) reopened() (old, restarted Order, made Event, err error) {
	old, _, err = l.r.Apply(l.o, Reopen{By: customer, As: "9" + l.o.ID}, l.at)
	if err != nil {
		return old, restarted, made, err
	}
	restarted, events, err := l.r.Apply(Order{}, Restart{By: customer, ID: "9" + l.o.ID, From: l.o, Tariff: l.o.Tariff, Quiet: l.o.QuietDays}, l.at)
	if err != nil {
		return old, restarted, made, err
	}
	return old, restarted, events[0], nil
}

func TestReopen(t *testing.T) {
	for _, test := range []struct {
		name string
		life func(*life)
		want string // of the refusal; empty where the order is reopened
	}{
		{"cancelled", func(l *life) { l.do(Cancel{By: customer}) }, ""},
		{"abandoned", func(l *life) { l.do(reach[Abandoned]...) }, ""},
		{"hard-canceled before a carrier had it", func(l *life) { l.do(reach[HardCanceled]...) }, ""},
		{"expired", func(l *life) { l.at = l.r.End(l.o); l.do(Expire{By: system}) }, ""},
		{"within 30 days", func(l *life) { l.do(Cancel{By: customer}); l.at = l.r.ReopenUntil(l.o).Add(-time.Second) }, ""},
		{"after 30 days", func(l *life) { l.do(Cancel{By: customer}); l.at = l.r.ReopenUntil(l.o) }, "more than 30 days ago"},
		{"twice", func(l *life) { l.do(Cancel{By: customer}, Reopen{By: customer, As: "8"}) }, "was reopened as order 8 already"},
		{"completed", func(l *life) { l.do(reach[Completed]...) }, "completed"},
		{"pending", func(*life) {}, "pending"},
		{"the carrier still has its request", func(l *life) {
			l.do(reach[Submitted]...).do(HardCancel{By: staff, Why: "Asked for."})
		}, "carrier has let it go"},
		{"somebody doubts the port", func(l *life) { l.do(Cancel{By: customer}); doubtedPort(l) }, "not authorised"},
		{"erased", func(l *life) {
			l.do(Cancel{By: customer})
			erased, err := l.o.Erased()
			if err != nil {
				l.t.Fatal(err)
			}
			l.o = erased
		}, "no details any more"},
		{"too many numbers", func(l *life) {
			l.do(Cancel{By: customer})
			l.o.Numbers = nil
			for _, tn := range tns(MaxReopened + 1) {
				l.o.Numbers = append(l.o.Numbers, Number{TN: tn})
			}
		}, "more than 75 numbers"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 3)
			test.life(l)
			offered := l.at.Before(l.r.ReopenUntil(l.o)) && !l.o.Withdrawing
			old, o, e, err := l.reopened()
			if offered != (err == nil) {
				t.Errorf("offered: %v, and the answer is %v", offered, err)
			}
			if test.want != "" {
				if codeOf(err) != WrongStatus || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, want %q", err, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if old.ReopenedAs != o.ID || old.Status != l.o.Status || o.Reopens != old.ID || o.Status != Pending || o.Group != old.Group || !o.OwnOnly {
				t.Errorf("the old order is %s and reopened as %s; the new one is %s in place of %s", old.Status, old.ReopenedAs, o.Status, o.Reopens)
			}
			if e.Kind != Created || !e.Comment || !slices.Equal(o.Active(), l.o.Active()) {
				t.Errorf("%s with the numbers %v", e.Kind, o.Active())
			}
		})
	}
}

// A reopened order has what the customer gave for the old one, and none of what was given for that order alone.
func TestReopenedDetails(t *testing.T) {
	l := begin(t, 3)
	l.o.Documents = []Document{
		{ID: "1", Name: "new.pdf", Kind: BillDocument, Dated: "2027-02-20", State: DocumentComplete, Digest: "d1"},
		{ID: "2", Name: "old.pdf", Kind: BillDocument, Dated: "2027-01-01", State: DocumentComplete, Digest: "d2"},
		{ID: "3", Name: "bad.pdf", Kind: BillDocument, State: DocumentError},
	}
	l.do(signed, returned, Cancel{By: customer})
	l.at = l.at.AddDate(0, 0, 1)
	_, o, _, err := l.reopened()
	if err != nil {
		t.Fatal(err)
	}
	want := l.o.Details
	for _, row := range DetailRows() {
		if secret := row.Secret(&want); secret != nil {
			*secret = Secret{}
		}
	}
	if o.Details != want {
		t.Errorf("the details are %+v, want %+v", o.Details, want)
	}
	if !o.Signature.IsZero() || len(o.Reasons)+len(o.Attempts) > 0 || o.Proof.Given() {
		t.Errorf("the order is signed by %q, was rejected for %v, or has asked somebody", o.Signature.Name, o.Reasons)
	}
	if len(o.Documents) != 1 || o.Documents[0].Digest != "d1" || o.Documents[0].Of != l.o.ID || o.Documents[0].ID != "1" {
		t.Errorf("the documents are %+v", o.Documents)
	}
	l.at = l.at.AddDate(0, 0, 25) // the wished day has passed
	if _, o, _, err = l.reopened(); err != nil || o.Details.Desired != "" {
		t.Errorf("the order asks for %s (%v)", o.Details.Desired, err)
	}
}

// What was paid for what no carrier had counts, once.
func TestReopenedFee(t *testing.T) {
	for _, test := range []struct {
		name    string
		rule    Refund
		life    []Command
		fee     Money // of a number, for the new order
		credit  Money // after the reopening
		charged Money
		counted Money
	}{
		{"not paid yet", RefundNever, nil, 0, 0, 2250, 0},
		{"it has come back", RefundUnsent, []Command{Pass{By: system}}, 0, 0, 2250, 0},
		{"it was kept", RefundNever, []Command{Pass{By: system}}, 0, 2250, 0, 2250},
		{"it was kept, and the fee has risen", RefundNever, []Command{Pass{By: system}}, 1000, 2250, 750, 2250},
		{"it was kept, and the fee has fallen", RefundNever, []Command{Pass{By: system}}, 500, 2250, 0, 1500},
		{"a carrier had it", RefundNever, []Command{Pass{By: system}, SettleCSR{By: system, Why: Words("It matches.")}, portAsked, portSent, refused}, 0, 0, 2250, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := &life{t: t, r: rules(t), at: now}
			cmd := sampleCreate(3)
			cmd.Tariff = Tariff{Abandoned: test.rule}
			l.do(cmd, signed).do(test.life...).do(returned, Cancel{By: customer})
			l.o.Withdrawing = false // its carrier has let it go
			old, o, _, err := l.reopened()
			if err != nil {
				t.Fatal(err)
			}
			if o.Credit != test.credit || old.Credited != test.credit || old.Paid() != l.o.Paid()-test.credit {
				t.Errorf("$%s counts, and the old order has $%s of its $%s left", o.Credit, old.Paid(), l.o.Paid())
			}
			o.Tariff.Local = test.fee
			again := &life{t: t, r: l.r, at: l.at, o: o}
			in := Intake{Funds: test.charged, FundsKnown: true}
			again.do(Sign{By: customer, Signature: signed.Signature, Intake: in}, Pass{By: system})
			e := again.last()
			if e.Charge != test.charged || e.Credit != test.counted || (e.CreditOf == old.ID) != (test.counted > 0) {
				t.Errorf("$%s is charged, and $%s counts of order %q", e.Charge, e.Credit, e.CreditOf)
			}
			if told := slices.ContainsFunc(e.Message.List, func(m Message) bool { return m.Key == MsgCredited }); told != (test.counted > 0) {
				t.Errorf("the customer is told: %v", told)
			}
			again.do(returned, Cancel{By: customer})
			_, third, _, err := again.reopened()
			if paid := again.o.Paid() + again.o.Credit; err != nil || third.Credit != paid {
				t.Errorf("reopened again, $%s counts, want $%s (%v)", third.Credit, paid, err)
			}
		})
	}
}

func TestExtend(t *testing.T) {
	day := 24 * time.Hour
	for _, test := range []struct {
		name string
		life func(*life)
		want string
	}{
		{"pending", func(*life) {}, ""},
		{"pending, at the last moment", func(l *life) { l.at = l.r.End(l.o).Add(-time.Second) }, ""},
		{"pending, too late", func(l *life) { l.at = l.r.End(l.o) }, "is up"},
		{"rejected", func(l *life) { l.do(reach[Rejected]...) }, ""},
		{"twice", func(l *life) { l.do(Extend{By: customer}) }, "can be extended once"},
		{"again after a rejection", func(l *life) { l.do(Extend{By: staff}).do(reach[Rejected]...) }, "can be extended once"},
		{"submitted", func(l *life) { l.do(reach[Submitted]...) }, "submitted"},
		{"cancelled", func(l *life) { l.do(Cancel{By: customer}) }, "cancelled"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := begin(t, 1)
			test.life(l)
			was, to := l.r.End(l.o), l.r.ExtendedTo(l.o, l.at)
			o, events, err := l.r.Apply(l.o, Extend{By: customer}, l.at)
			if test.want != "" {
				if codeOf(err) != WrongStatus || !strings.Contains(err.Error(), test.want) || !to.IsZero() {
					t.Errorf("%v, offered to %s; want %q", err, to, test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			end := l.r.End(o)
			if !end.Equal(to) || end.Sub(was) < 44*day || end.Sub(was) > 46*day {
				t.Errorf("it ends on %s, was offered %s and would have ended on %s", end, to, was)
			}
			if e := events[0]; e.Kind != ClockExtended || !e.Comment || !e.Ends.Equal(end) || e.Message.Args["ends"] != string(DateOf(end)) {
				t.Errorf("told: %+v", e)
			}
			l.o, l.at = o, was // the reminders come anew, each with the new day
			if _, _, err := l.r.Apply(l.o, Expire{By: system}, l.at); codeOf(err) != TooEarly {
				t.Errorf("at the former end it expires: %v", err)
			}
			l.at = end.AddDate(0, 0, -14)
			l.do(Remind{By: system})
			if e := l.last(); !e.Ends.Equal(end) || l.o.Reminders != 1 {
				t.Errorf("reminder %d tells of %s", l.o.Reminders, e.Ends)
			}
			l.at = end
			l.do(Expire{By: system})
			if days := l.last().Message.Args["days"]; days != "90" {
				t.Errorf("nothing was done for %s days", days)
			}
		})
	}
	t.Run("a new clock has its days once", func(t *testing.T) {
		l := begin(t, 1).do(Extend{By: customer}).do(reach[Rejected]...)
		if days := l.r.End(l.o).Sub(l.o.ClockFrom) / day; days < 44 || days > 46 {
			t.Errorf("it has %d days", days)
		}
	})
}
