package porting

import (
	"slices"
	"testing"
)

// What a number costs by its kind, and by the tariff of its account.
func TestTariff(t *testing.T) {
	own := Tariff{Local: 500, TollFree: 1500, Canada: 2500}
	for _, test := range []struct {
		name   string
		order  Order
		tariff Tariff
		want   Money
	}{
		{"local, the house's", Order{Kind: Local}, Tariff{}, 750},
		{"toll-free, the house's", Order{Kind: TollFree}, Tariff{Local: 500}, 750},
		{"local", Order{Kind: Local, Class: Wireline}, own, 500},
		{"wireless", Order{Kind: Local, Class: Wireless}, own, 500},
		{"toll-free", Order{Kind: TollFree, Class: TollFreePort}, own, 1500},
		{"Canada", Order{Kind: Local, Class: CanadaWireline}, own, 2500},
		{"Canada, wireless", Order{Kind: Local, Class: CanadaWireless}, own, 2500},
		{"free local numbers", Order{Kind: Local}, Tariff{Local: Free}, 0},
		{"free toll-free numbers", Order{Kind: TollFree}, Tariff{TollFree: Free}, 0},
		{"Canada, the house's", Order{Kind: Local, Class: CanadaWireless}, Tariff{Local: 500}, 750},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.order.Tariff = test.tariff
			if got := rules(t).Fee(test.order); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// What comes back, for each cause and rule, before and after a carrier was asked.
func TestRefunds(t *testing.T) {
	const numbers = 3
	rulings := []Command{signed, Pass{By: system}}
	asked := []Command{portAsked, portSent}
	leave := Exclude{By: system, TNs: tns(1), Reason: NoCoverage}
	abandon := []Command{returned, Cancel{By: customer}}
	bring := []Command{accepted, Complete{By: peer, Left: tns(1), Why: TNNotPortable}}
	for _, test := range []struct {
		name string
		life []Command
		want map[Refund]Money // by the rule of all three causes
		why  RefundFor
	}{
		{"left out, no carrier asked", []Command{leave}, map[Refund]Money{"": 750, RefundUnsent: 750, RefundAlways: 750}, ForLeftOut},
		{"left out, a carrier asked", append(slices.Clone(asked), leave), map[Refund]Money{RefundAlways: 750}, ForLeftOut},
		{"abandoned, no carrier asked", abandon, map[Refund]Money{"": 2250, RefundUnsent: 2250, RefundAlways: 2250}, ForAbandoned},
		{"abandoned, a carrier asked", append(slices.Clone(asked), abandon...), map[Refund]Money{RefundAlways: 2250}, ForAbandoned},
		{"hard-canceled, no carrier asked", []Command{HardCancel{By: staff}}, map[Refund]Money{"": 2250, RefundUnsent: 2250, RefundAlways: 2250}, ForAbandoned},
		{"not brought", slices.Concat(asked, bring), map[Refund]Money{RefundAlways: 750}, ForFailed},
		{"brought", slices.Concat(asked, []Command{accepted, Complete{By: peer}}), nil, ""},
		{"left out and abandoned", append([]Command{leave}, abandon...), map[Refund]Money{"": 2250, RefundUnsent: 2250, RefundAlways: 2250}, ForAbandoned},
	} {
		for _, rule := range append(Refunds(), "") {
			t.Run(test.name+", rule "+string(rule), func(t *testing.T) {
				cmd := sampleCreate(numbers)
				cmd.Tariff = Tariff{LeftOut: rule, Abandoned: rule, Failed: rule}
				l := &life{t: t, r: rules(t), at: now}
				l.do(cmd).do(rulings...).do(test.life...)
				if l.o.Refunded != test.want[rule] || l.o.Paid() != 2250-test.want[rule] {
					t.Errorf("%s came back of %s, want %s", l.o.Refunded, l.o.PortFee, test.want[rule])
				}
				e := l.last()
				if paid := test.want[rule] > 0; paid != (e.RefundFor == test.why && e.RefundFor != "") || paid != slices.Contains(e.Effects, PayRefund) {
					t.Errorf("the last event tells %s for %q and has the effects %v", e.Refund, e.RefundFor, e.Effects)
				}
			})
		}
	}
}

// Numbers that are split off bring their share of what was paid and has not come back, so that no cent comes back twice.
func TestRefundAfterASplit(t *testing.T) {
	l := begin(t, 4).do(signed, Pass{By: system}, Exclude{By: system, TNs: tns(1), Reason: NoCoverage})
	if share := l.r.share(l.o, 2); l.o.Paid() != 2250 || share != 1500 {
		t.Errorf("the share of two of three numbers is %s of %s", share, l.o.Paid())
	}
}
