package orders

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"portway/internal/bizday"
	"portway/internal/porting"
)

func TestAssign(t *testing.T) {
	order := func(id porting.OrderID, spid string, numbers ...string) porting.Order {
		o := porting.Order{ID: id, Status: porting.Pending, Kind: porting.Local, Carrier: porting.Carrier{SPID: spid}}
		for _, tn := range numbers {
			o.Numbers = append(o.Numbers, porting.Number{TN: tn})
		}
		return o
	}
	signed := order("signed", "A")
	signed.Status = porting.Processing
	tollFree := order("toll-free", "A")
	tollFree.Kind = porting.TollFree
	line := func(spid string) porting.Line {
		return porting.Line{Kind: porting.Local, Carrier: porting.Carrier{SPID: spid}}
	}
	everything := func(porting.Order, porting.Line) bool { return true }
	for _, test := range []struct {
		name    string
		lines   []porting.Line
		pending []porting.Order
		fits    Fits
		on      map[porting.OrderID][]int
		rest    []int
	}{
		{name: "to the order of its carrier", lines: []porting.Line{line("B"), line("A"), line("B")},
			pending: []porting.Order{order("1", "A"), order("2", "B")}, fits: everything,
			on: map[porting.OrderID][]int{"1": {1}, "2": {0, 2}}},
		{name: "to the first order that it fits", lines: []porting.Line{line("A")},
			pending: []porting.Order{order("1", "A"), order("2", "A")}, fits: func(o porting.Order, _ porting.Line) bool { return o.ID == "2" },
			on: map[porting.OrderID][]int{"2": {0}}},
		{name: "to a new order where no carrier matches", lines: []porting.Line{line("C"), line("A")},
			pending: []porting.Order{order("1", "A")}, fits: everything,
			on: map[porting.OrderID][]int{"1": {1}}, rest: []int{0}},
		{name: "to a new order where it fits none", lines: []porting.Line{line("A")}, pending: []porting.Order{order("1", "A")},
			fits: func(porting.Order, porting.Line) bool { return false }, rest: []int{0}},
		{name: "to a new order beside one that was signed since", lines: []porting.Line{line("A")},
			pending: []porting.Order{signed}, fits: everything, rest: []int{0}},
		{name: "to a new order beside a toll-free one", lines: []porting.Line{line("A")},
			pending: []porting.Order{tollFree}, fits: everything, rest: []int{0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.on == nil {
				test.on = map[porting.OrderID][]int{}
			}
			if got := assign(test.lines, test.pending, test.fits); !reflect.DeepEqual(got, assigned{test.on, test.rest}) {
				t.Errorf("%+v, want %v and %v on new orders", got, test.on, test.rest)
			}
		})
	}
}

func named(t *testing.T, set string) porting.Calendar {
	t.Helper()
	c, err := bizday.Named(set, "America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOpening(t *testing.T) {
	first := porting.Order{Sandbox: true, Given: porting.Given{
		Details: porting.Details{Company: "Analytical Engines", Desired: "2027-03-26", PIN: porting.NewSecret("of the first order")},
		Presets: porting.Presets{CNAM: "1", E911: "2"},
	}}
	draft := Draft{Account: "a", Group: "g", Details: porting.Details{Company: "not taken", PIN: porting.NewSecret("of the call")}}
	local := porting.Part{Kind: porting.Local, Carrier: porting.Carrier{SPID: "A"}, Numbers: []string{"+12065550101"}}
	tollFree := porting.Part{Kind: porting.TollFree, Numbers: []string{"+18005550101"}}
	for _, test := range []struct {
		name    string
		part    porting.Part
		today   string
		desired porting.Date
		presets porting.Presets
	}{
		{"like the first order", local, "2027-03-25", "2027-03-26", porting.Presets{CNAM: "1", E911: "2"}},
		{"without a date that is today", local, "2027-03-26", "", porting.Presets{CNAM: "1", E911: "2"}},
		{"without a date that has passed", local, "2027-03-29", "", porting.Presets{CNAM: "1", E911: "2"}},
		{"without CNAM for toll-free numbers, and without a date on which the registry is closed", tollFree, "2027-03-23", "",
			porting.Presets{E911: "2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			today, err := time.Parse(time.DateOnly, test.today)
			if err != nil {
				t.Fatal(err)
			}
			b := &Book{Rules: porting.Standard(named(t, "npac")), Now: func() time.Time { return today.Add(17 * time.Hour) }}
			b.Rules.Holidays = map[string]porting.Calendar{"somos": named(t, "canada")} // is closed on Good Friday
			got := b.opening(draft, first, test.part)
			if got.Details.Desired != test.desired || got.Presets != test.presets {
				t.Errorf("desired %q with %+v, want %q with %+v", got.Details.Desired, got.Presets, test.desired, test.presets)
			}
			if got.Details.Company != "Analytical Engines" || got.Details.PIN.Reveal() != "of the call" {
				t.Errorf("company %q, PIN %q", got.Details.Company, got.Details.PIN.Reveal())
			}
			if !got.Sandbox || got.Account != "a" || got.Group != "g" || got.Kind != test.part.Kind || got.Carrier != test.part.Carrier ||
				!slices.Equal(got.Numbers, test.part.Numbers) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestInCall(t *testing.T) {
	for field, want := range map[string]string{
		"numbers/0": "numbers/4", "add/1": "numbers/7", "add/2": "add/2", "numbers": "numbers", "zip": "zip", "street/0": "street/0",
		"numbers/x": "numbers/x",
	} {
		if got := inCall(field, []int{4, 7}); got != want {
			t.Errorf("%s is %s in the call, want %s", field, got, want)
		}
	}
}
