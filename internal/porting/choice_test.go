package porting

import (
	"slices"
	"testing"
)

// A customer who was not ready chooses between the wished day and later ones, of which each can be asked for. A wish that
// is no longer possible is no choice.
func TestChoicesOfWhoWasNotReady(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	for name, test := range map[string]struct {
		wish  Date
		quiet QuietDays
		want  []Choice
	}{
		"a wish that stands": {"2026-12-10", "", []Choice{{ChooseSameDay, JeopardyCustomer, "2026-12-10", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-11", ""}, {ChooseAnotherDay, JeopardyCustomer, "2026-12-14", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-15", ""}}},
		"a wish that is past": {"2026-11-20", "", []Choice{{ChooseAnotherDay, JeopardyCustomer, "2026-12-08", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-09", ""}, {ChooseAnotherDay, JeopardyCustomer, "2026-12-10", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-11", ""}}},
		"no wish": {"", "", []Choice{{ChooseSameDay, JeopardyCustomer, "", ""}, {ChooseAnotherDay, JeopardyCustomer, "2026-12-08", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-09", ""}, {ChooseAnotherDay, JeopardyCustomer, "2026-12-10", ""}}},
		"quiet days": {"2026-12-10", "friday,2026-12-14", []Choice{{ChooseSameDay, JeopardyCustomer, "2026-12-10", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-15", ""}, {ChooseAnotherDay, JeopardyCustomer, "2026-12-16", ""},
			{ChooseAnotherDay, JeopardyCustomer, "2026-12-17", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			o := orderOf(Wireline, "WA", test.wish)
			o.Status, o.QuietDays, o.Reasons = Rejected, test.quiet, []Reason{{Code: JeopardyCustomer}}
			if got := r.Choices(o, nil, at); !slices.Equal(got, test.want) {
				t.Errorf("%+v\nwant %+v", got, test.want)
			}
		})
	}
}

// Where an order of a group gets another day than all were to have, the others are offered that day, and none is moved.
func TestAGroupIsOfferedOneDay(t *testing.T) {
	r, at := houseRules(t), when(t, "2026-12-01 09:00")
	order := func(id OrderID, class Class, status Status, wish, foc Date) Order {
		o := orderOf(class, "WA", wish)
		o.ID, o.Status, o.FOC = id, status, foc
		if foc != "" {
			o.FOCAt = when(t, string(foc)+" 09:00")
		}
		return o
	}
	moved := order("9", Wireline, Accepted, "2026-12-10", "2026-12-15")
	for name, test := range map[string]struct {
		o, other Order
		want     Choice
	}{
		"a pending one":            {order("1", Wireline, Pending, "2026-12-10", ""), moved, Choice{ChooseGroupDay, "", "2026-12-15", "9"}},
		"one with the wished day":  {order("1", Wireline, Accepted, "2026-12-10", "2026-12-10"), moved, Choice{ChooseGroupDay, "", "2026-12-15", "9"}},
		"by a class that is slow":  {order("1", SimpleWireline, Submitted, "2026-12-03", ""), order("9", Wireline, Submitted, "2026-12-03", ""), Choice{ChooseGroupDay, "", "2026-12-07", "9"}},
		"one that has that day":    {order("1", Wireline, Accepted, "2026-12-10", "2026-12-15"), moved, Choice{}},
		"the one that was moved":   {moved, order("1", Wireline, Pending, "2026-12-10", ""), Choice{}},
		"one that wishes another":  {order("1", Wireline, Pending, "2026-12-11", ""), moved, Choice{}},
		"one that wishes no day":   {order("1", Wireline, Pending, "", ""), moved, Choice{}},
		"one that moves tomorrow":  {order("1", Wireline, Accepted, "2026-12-10", "2026-12-02"), moved, Choice{}},
		"one that is done":         {order("1", Wireline, Completed, "2026-12-10", "2026-12-10"), moved, Choice{}},
		"a carrier that is closed": {order("1", CanadaWireline, Pending, "2026-12-10", ""), order("9", Wireline, Accepted, "2026-12-10", "2026-12-28"), Choice{}},
		"beside one that has ended": {order("1", Wireline, Pending, "2026-12-10", ""),
			order("9", Wireline, Cancelled, "2026-12-10", "2026-12-15"), Choice{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.Choices(test.o, []Order{test.o, test.other}, at)
			if test.want == (Choice{}) && len(got) > 0 || test.want != (Choice{}) && !slices.Equal(got, []Choice{test.want}) {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}
