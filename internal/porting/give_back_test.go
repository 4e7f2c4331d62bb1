package porting

import (
	"slices"
	"testing"
)

// What a person gives back is bounded by what was taken and has not come back, whatever the order has become.
func TestGiveBack(t *testing.T) {
	for _, test := range []struct {
		name     string
		prepare  func(l *life)
		amount   Money
		why      string
		returned Money
		fields   []string
		code     ErrorCode
	}{
		{name: "OK: a part", amount: 5_00, why: "It took us too long.", returned: 5_00},
		{name: "OK: all", amount: 15_00, why: "It took us too long.", returned: 15_00},
		{name: "OK: a cancel fee, after the end", prepare: func(l *life) { l.do(HardCancel{By: staff}).o.CancelFee = 5_00 }, amount: 20_00,
			why: "We told you that it is free.", returned: 20_00},
		{name: "more than was taken", amount: 15_01, why: "Sorry.", fields: []string{"amount not_allowed"}, code: Invalid},
		{name: "nothing", why: "Sorry.", fields: []string{"amount required"}, code: Invalid},
		{name: "without a reason", amount: 1, why: " ", fields: []string{"text required"}, code: Invalid},
		{name: "what has come back already", prepare: func(l *life) { l.do(GiveBack{staff, 15_00, "Sorry."}) }, amount: 1, why: "Sorry.", code: WrongStatus},
		{name: "what counts for another order", prepare: func(l *life) { l.o.Credited = 10_00 }, amount: 5_01, why: "Sorry.",
			fields: []string{"amount not_allowed"}, code: Invalid},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := brought(t, Accepted)
			l.o.PortFee = 15_00
			if test.prepare != nil {
				test.prepare(l)
			}
			status := l.o.Status
			o, events, err := l.r.Apply(l.o, GiveBack{staff, test.amount, test.why}, l.at)
			if test.code != "" {
				if codeOf(err) != test.code || test.fields != nil && !slices.Equal(faultsOf(err), test.fields) {
					t.Errorf("%v, faults %v", err, faultsOf(err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			e := events[0]
			if o.Returned != test.returned || e.Refund != test.amount || e.RefundFor != ForGoodwill || !slices.Contains(e.Effects, PayRefund) || !e.Comment || o.Status != status {
				t.Errorf("returned %s, event %+v, status %s", o.Returned, e, o.Status)
			}
		})
	}
	t.Run("the customer may not", func(t *testing.T) {
		l := brought(t, Accepted)
		if _, _, err := l.r.Apply(l.o, GiveBack{customer, 1, "Please."}, l.at); codeOf(err) != Forbidden {
			t.Error(err)
		}
	})
	t.Run("a rule gives back no more than a person has left", func(t *testing.T) {
		l := brought(t, Submitted)
		l.r.HardCancelFee, l.o.PortFee, l.o.Tariff = 0, 15_00, Tariff{Cancel: Free, Abandoned: RefundAlways}
		l.do(GiveBack{staff, 10_00, "Sorry."}).do(HardCancel{By: staff})
		if l.o.Refunded != 5_00 || l.o.Returnable() != 0 {
			t.Errorf("by rule %s has come back, and %s can", l.o.Refunded, l.o.Returnable())
		}
	})
}
