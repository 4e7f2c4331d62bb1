package carrier

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"portway/internal/porting"
)

var update = flag.Bool("update", false, "write the golden files")

// effective are the fields of a profile that change the terms of orders.
var effective = strings.Fields("simple.days complex.days simple.foc_hours complex.foc_hours complex.foc_days cutoff.hour cutoff.zone " +
	"number_zone project_from max_ahead_days holidays loa.days bill.days change.days csr.given")

// What each of the profiles changes in the terms of each class of port, and of a number in Phoenix. testdata/terms.txt has
// it for reading; -update writes it.
func TestWhatEveryProfileChanges(t *testing.T) {
	var b strings.Builder
	for _, p := range All() {
		own := p.Own("+16025550100")
		own.Profile = ""
		has := slices.ContainsFunc(p.Values, func(v Value) bool { return slices.Contains(effective, v.Field) })
		if own != (porting.OwnTerms{}) && !has {
			t.Errorf("%s has own terms without a value for them: %+v", p.ID, own)
		}
		for _, of := range porting.Classes {
			if changes := differences(of, of.With(own)); len(changes) > 0 {
				fmt.Fprintf(&b, "%s, %s: %s\n", p.ID, of.Class, strings.Join(changes, ", "))
			}
		}
		if own.ProjectFrom > 0 {
			fmt.Fprintf(&b, "%s: a project from %d numbers\n", p.ID, own.ProjectFrom)
		}
		if own.ChangeDays > 0 {
			fmt.Fprintf(&b, "%s: changes until %d business days before the date\n", p.ID, own.ChangeDays)
		}
		if own.MaxAheadDays > 0 {
			fmt.Fprintf(&b, "%s: at most %d days ahead\n", p.ID, own.MaxAheadDays)
		}
	}
	path := filepath.Join("testdata", "terms.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || b.String() != string(want) {
		t.Errorf("The profiles change other terms than %s has (%v):\n%s", path, err, b.String())
	}
}

// differences lists what differs between two terms.
func differences(was, is porting.Terms) []string {
	var all []string
	add := func(what string, was, is any) {
		if was != is {
			all = append(all, fmt.Sprintf("%s %v for %v", what, is, was))
		}
	}
	add("interval", was.Lead, is.Lead)
	add("interval of one line", was.OneLine, is.OneLine)
	add("answer hours", was.FOCHours, is.FOCHours)
	add("quiet days", was.Quiet, is.Quiet)
	add("cut-off", was.Cutoff, is.Cutoff)
	add("LOA days", was.LOADays, is.LOADays)
	add("bill days", was.BillDays, is.BillDays)
	add("CSR", was.CSR, is.CSR)
	if was.Holidays != is.Holidays {
		all = append(all, "holidays "+is.Holidays)
	}
	if was.Zone != is.Zone {
		all = append(all, "zone "+is.Zone)
	}
	return all
}

// Every field that changes terms changes them for each value that is laid over, whoever the carrier is, and no other field
// does. So a field of the table with a new form, or a new field, is thought of here.
func TestEveryFieldAndItsEffect(t *testing.T) {
	values := map[Form]string{Number: "23", YesNo: "yes", Zone: "America/Anchorage", Words: "no"}
	for _, f := range Fields {
		t.Run(f.Name, func(t *testing.T) {
			value := values[f.Form]
			if f.Name == "holidays" {
				value = "federal"
			}
			d := NewDirectory([]Row{{ID: "altafiber", Set: map[string]string{f.Name: value}}})
			own := d.Own(porting.Losing{Provider: "Cincinnati Bell", Number: "+16025550100"})
			changed := own != porting.OwnTerms{Profile: "altafiber"}
			if want := slices.Contains(effective, f.Name); changed != want {
				t.Errorf("it changes the terms: %v, want %v (%+v)", changed, want, own)
			}
		})
	}
}

// The time to answer counts where the carrier or the operator says so.
func TestTimeToAnswer(t *testing.T) {
	for _, mark := range Marks() {
		p := Profile{Values: []Value{{Field: "complex.foc_hours", Text: "48", Mark: mark}, {Field: "complex.days", Text: "7", Mark: mark}}}
		own, said := p.Own(""), mark == Published || mark == Operator
		if (own.FOCHours == 48) != said || own.Lead != 7 {
			t.Errorf("%s: %+v", mark, own)
		}
	}
}

// A carrier whose dates are in the zone of the number has that zone, and one with a zone of its own has that.
func TestZones(t *testing.T) {
	d := NewDirectory(nil)
	for _, test := range []struct{ carrier, number, want string }{
		{"Lumen", "+16025550100", "America/Phoenix"},
		{"Lumen", "+12125550100", "America/New_York"},
		{"Lumen", "", ""},
		{"TDS", "+12125550100", "America/Chicago"},
		{"Frontier", "+12125550100", ""},
	} {
		if got := d.Own(porting.Losing{Provider: test.carrier, Number: test.number}).Zone; got != test.want {
			t.Errorf("%s, %s: %q, want %q", test.carrier, test.number, got, test.want)
		}
	}
}
