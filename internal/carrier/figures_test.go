package carrier

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"portway/internal/porting"
)

// Figures are shown from 20 orders of three accounts on.
func TestShown(t *testing.T) {
	for _, test := range []struct {
		name             string
		orders, accounts int
		want             bool
	}{
		{"nothing", 0, 0, false},
		{"19 orders", 19, 3, false},
		{"20 orders of two accounts", 20, 2, false},
		{"20 orders of three accounts", 20, 3, true},
		{"many orders of one account", 5000, 1, false},
		{"many accounts with few orders", 19, 19, false},
		{"many", 5000, 64, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := porting.Learned{Orders: test.orders}
			for n := range test.accounts {
				l.Slots[n] = true
			}
			if got := FiguresOf(l).Shown(); got != test.want {
				t.Errorf("shown: %v, want %v", got, test.want)
			}
		})
	}
}

func TestFiguresOf(t *testing.T) {
	at := func(counts map[int]int) (all [porting.MaxTook + 1]int) {
		for days, n := range counts {
			all[days] = n
		}
		return all
	}
	for _, test := range []struct {
		name   string
		counts map[int]int
		want   Days
	}{
		{"nothing known", nil, Days{}},
		{"one order", map[int]int{7: 1}, Days{1, 7, 7}},
		{"the same day", map[int]int{0: 9, 5: 1}, Days{10, 0, 0}},
		{"nine in ten", map[int]int{0: 8, 5: 1, 9: 1}, Days{10, 0, 5}},
		{"half and half", map[int]int{1: 5, 4: 5}, Days{10, 1, 4}},
		{"just below half", map[int]int{1: 4, 4: 5}, Days{9, 4, 4}},
		{"very long", map[int]int{porting.MaxTook: 3}, Days{3, porting.MaxTook, porting.MaxTook}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := FiguresOf(porting.Learned{CSR: at(test.counts), FOC: at(test.counts), Port: at(test.counts)})
			for _, got := range []Days{f.CSR, f.FOC, f.Port} {
				if got != test.want {
					t.Errorf("%+v, want %+v", got, test.want)
				}
			}
		})
	}
	got := FiguresOf(porting.Learned{Orders: 4, Refused: map[porting.ReasonCode]int{porting.ZipMismatch: 1, porting.PINInvalid: 3,
		porting.PINMissing: 1, porting.NameMismatch: 0, porting.BTNMismatch: 9}}).Refusals
	want := []Refusal{{porting.BTNMismatch, 9, 1}, {porting.PINInvalid, 3, 0.75}, {porting.PINMissing, 1, 0.25}, {porting.ZipMismatch, 1, 0.25}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if f := (Figures{Refusals: want}); f.Share(porting.PINInvalid) != 0.75 || f.Share(porting.TNNotFound) != 0 {
		t.Error("the share of a reason is another")
	}
}
