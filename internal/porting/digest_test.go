package porting

import (
	"slices"
	"testing"
)

// The digest of a request differs with everything that the carrier is told, and with nothing else.
func TestRequestDigest(t *testing.T) {
	ours := []string{"alias", "loa_details/email", "loa_details/cc", "enable_cnam_lookups", "one_line", "status_url", "auto_correct", "on_unportable",
		"line_features/tollfree_numbers"}
	ours = append(ours, accountAddress...)
	l := brought(t, Submitted)
	before := l.o.RequestDigest().Reveal()
	check := func(name string, o Order, want bool) {
		t.Run(name, func(t *testing.T) {
			if got := o.RequestDigest().Reveal() != before; got != want {
				t.Errorf("the digest differs: %t, want %t; RequestDigest (digest.go) takes what the carrier is told, and ours (here) "+
					"names the details that it is not told", got, want)
			}
		})
	}
	for _, row := range detailRows {
		o := l.o
		if !o.Details.Set(row.Name, "other") {
			row.Restore(&o.Details, "true")
		}
		check(row.Name, o, !slices.Contains(ours, row.Name))
	}
	for name, change := range map[string]func(*Order){
		"a number less":       func(o *Order) { o.Numbers = o.Numbers[1:] },
		"a number left out":   func(o *Order) { o.Numbers = slices.Clone(o.Numbers); o.Numbers[0].State = Excluded },
		"what stays":          func(o *Order) { o.Remaining.Active = true },
		"an enclosure":        func(o *Order) { o.Enclosed = []DocumentID{"1"} },
		"another signature":   func(o *Order) { o.Signature.At = o.Signature.At.AddDate(0, 0, 1) },
		"numbers turned over": func(o *Order) { o.Numbers = slices.Clone(o.Numbers); slices.Reverse(o.Numbers) },
	} {
		o := l.o
		change(&o)
		check(name, o, name != "numbers turned over")
	}
}
