package porting

import (
	"maps"
	"testing"
)

func TestChangedSince(t *testing.T) {
	edit := func(to Details, fields ...string) Edit { return Edit{By: customer, To: to, Fields: fields} }
	city := sampleCreate(1).Details.City
	back := Return{By: staff, Reasons: []Reason{{Code: OtherReason}}}
	for name, test := range map[string]struct {
		on    Status
		given []Command
		want  map[string]string
	}{
		"a pending order keeps nothing":       {Pending, []Command{edit(Details{City: "Renton"}, "city")}, nil},
		"the value of before":                 {Rejected, []Command{edit(Details{City: "Renton"}, "city")}, map[string]string{"city": city}},
		"the first of two":                    {Rejected, []Command{edit(Details{City: "Renton"}, "city"), edit(Details{City: "Tacoma"}, "city")}, map[string]string{"city": city}},
		"nothing where nothing has changed":   {Rejected, []Command{edit(Details{City: city}, "city")}, nil},
		"the name of a secret alone":          {Rejected, []Command{edit(Details{PIN: NewSecret("9876")}, "pin")}, map[string]string{"pin": ""}},
		"until the order is given back again": {Rejected, []Command{edit(Details{Alias: "Ours"}, "alias"), Resubmit{By: customer}, back}, nil},
		"not after the review":                {Rejected, []Command{edit(Details{Alias: "Ours"}, "alias"), Resubmit{By: customer}, Approve{By: staff}}, nil},
		"through the review":                  {Rejected, []Command{edit(Details{Alias: "Ours"}, "alias"), Resubmit{By: customer}}, map[string]string{"alias": sampleCreate(1).Details.Alias}},
	} {
		t.Run(name, func(t *testing.T) {
			l := brought(t, test.on)
			l.do(test.given...)
			if !maps.Equal(l.o.ChangedFrom, test.want) {
				t.Errorf("kept %v, want %v", l.o.ChangedFrom, test.want)
			}
		})
	}
}
