package porting

import (
	"slices"
	"strings"
	"testing"
)

// What is said of the rest of the account fits together, at intake and whenever it changes.
func TestPartialPortFaults(t *testing.T) {
	two := tns(2)
	for _, test := range []struct {
		name   string
		d      func(*Details)
		faults []string
	}{
		{"OK: nothing", func(*Details) {}, nil},
		{"OK: all of it", func(d *Details) {
			d.PortScope, d.Keep, d.Disconnect, d.Others = PartOfAccount, "+12065550180,+12065550181", "+12065550182", EndsToo
			d.NewBilling, d.OnLine, d.HuntGroup, d.Listing, d.RingingFrom = "+12065550180", "dsl,fax", PartOfGroup, KeepListing, "+18885550101"
		}, nil},
		{"all numbers, and some stay", func(d *Details) {
			d.PortScope, d.Keep, d.Disconnect, d.Others, d.NewBilling = WholeAccount, "+12065550180", "+12065550181", StaysActive, "+12065550182"
		}, []string{"partial_port/disconnect not_allowed", "partial_port/keep not_allowed", "partial_port/new_billing_number not_allowed",
			"partial_port/others not_allowed"}},
		{"in both lists", func(d *Details) { d.Keep, d.Disconnect = "+12065550180", "+12065550181,+12065550180" },
			[]string{"partial_port/disconnect not_allowed"}},
		{"a number of the order stays", func(d *Details) { d.Keep, d.Disconnect = two[0], two[1] },
			[]string{"partial_port/disconnect not_allowed", "partial_port/keep not_allowed"}},
		{"the new main number leaves", func(d *Details) { d.NewBilling = two[0] }, []string{"partial_port/new_billing_number not_allowed"}},
		{"the new main number ends", func(d *Details) { d.NewBilling, d.Disconnect = "+12065550180", "+12065550180" },
			[]string{"partial_port/new_billing_number not_allowed"}},
		{"the new main number is the old one", func(d *Details) { d.NewBilling, d.BillingNumber = "+12065550180", "+12065550180" },
			[]string{"partial_port/new_billing_number not_allowed"}},
		{"values that are none", func(d *Details) {
			d.PortScope, d.Keep, d.Others, d.OnLine, d.HuntGroup, d.Listing, d.RingingFrom = "half", "206", "x", "dsl,pool", "x", "x", "+12065550180"
		}, []string{"line_features/directory_listing invalid_format", "line_features/hunt_group invalid_format",
			"line_features/services invalid_format", "line_features/tollfree_numbers invalid_format", "partial_port/keep invalid_format",
			"partial_port/others invalid_format", "partial_port/scope invalid_format"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sampleCreate(2)
			test.d(&c.Details)
			_, _, err := rules(t).Apply(Order{}, c, now)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Errorf("created: faults %q, want %q", got, test.faults)
			}
			l := begin(t, 2)
			to := l.o.Details
			test.d(&to)
			var fields []string
			for _, name := range DetailFields() {
				if strings.HasPrefix(name, "partial_port/") || strings.HasPrefix(name, "line_features/") || name == "billing_number" {
					fields = append(fields, name)
				}
			}
			_, _, err = l.r.Apply(l.o, Edit{By: customer, To: to, Fields: fields}, l.at)
			if got := faultsOf(err); !slices.Equal(got, test.faults) {
				t.Errorf("edited: faults %q, want %q", got, test.faults)
			}
		})
	}
}

// The remark says in words what the wire has no element for, and names no number that the customer has not named.
func TestRemark(t *testing.T) {
	record := Attempt{Kind: AskCSR, State: AnswerReady, Record: Record{Numbers: []string{"+12065550101", "+12065550190"}}}
	for _, test := range []struct {
		name string
		o    func(*Order)
		want string
	}{
		{"nothing was said", func(*Order) {}, ""},
		{"the record alone has more", func(o *Order) { o.Attempts = []Attempt{record} }, ""},
		{"some stay", func(o *Order) { o.Details.PortScope = PartOfAccount },
			"Not all TNs are being ported. All other numbers and services: keep active."},
		{"the carrier has asked, and all stays", func(o *Order) { o.Remaining = Remaining{Active: true, BTN: "+12065550190"} },
			"Not all TNs are being ported. All other numbers and services: keep active. New BTN: 2065550190."},
		{"the customer's main number goes before a repair's", func(o *Order) {
			o.Details.NewBilling, o.Remaining = "+12065550180", Remaining{BTN: "+12065550190"}
		}, "Not all TNs are being ported. All other numbers and services: keep active. New BTN: 2065550180."},
		{"all move", func(o *Order) { o.Details.PortScope = WholeAccount }, "All TNs of the account are being ported."},
		{"all move, in several orders", func(o *Order) { o.Details.PortScope, o.Remaining.Active = WholeAccount, true },
			"Not all TNs are being ported. All other numbers and services: keep active."},
		{"toll-free", func(o *Order) { o.Kind, o.Details.PortScope = TollFree, PartOfAccount }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := begin(t, 1).o
			test.o(&o)
			if got := o.Remark(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
