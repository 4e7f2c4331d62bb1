package carrier_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"portway/internal/carrier"
	"portway/internal/porting"
)

var now = time.Date(2027, 1, 5, 17, 0, 0, 0, time.UTC)

func set(pairs ...string) map[string]string {
	all := map[string]string{}
	for _, pair := range pairs {
		field, value, _ := strings.Cut(pair, "=")
		all[field] = value
	}
	return all
}

// What an operator may change, and what a wrong change is told: each fault by its field.
func TestAmend(t *testing.T) {
	added := carrier.Amendment{ID: "example-tel", Add: true, Set: set("name=Example Tel", "kind=wireline", "spids=9X01")}
	for _, test := range []struct {
		name   string
		before []carrier.Amendment
		a      carrier.Amendment
		code   porting.ErrorCode
		faults string
	}{
		{"a value", nil, carrier.Amendment{ID: "cox", Set: set("complex.days=5")}, "", ""},
		{"every field of the head", nil, carrier.Amendment{ID: "cox", Set: set("name=Cox Cable", "kind=cable", "aliases=Cox; Cox Digital",
			"spids=7726; 7727", "host=unknown")}, "", ""},
		{"a value that is not to be believed", nil, carrier.Amendment{ID: "telnyx", Set: set("csr.given=unknown")}, "", ""},
		{"holidays", nil, carrier.Amendment{ID: "cox", Set: set("holidays=federal, the day after Thanksgiving, Christmas Eve")}, "", ""},
		{"a new carrier", nil, added, "", ""},
		{"a value of a new carrier", []carrier.Amendment{added}, carrier.Amendment{ID: "example-tel", Set: set("csr.given=no")}, "", ""},
		{"take a value off", []carrier.Amendment{{ID: "cox", Set: set("complex.days=5", "csr.given=no")}},
			carrier.Amendment{ID: "cox", Unset: []string{"csr.given"}}, "", ""},
		{"remove a new carrier", []carrier.Amendment{added}, carrier.Amendment{ID: "example-tel", Remove: true}, "", ""},
		{"remove what is set", []carrier.Amendment{{ID: "cox", Set: set("complex.days=5")}}, carrier.Amendment{ID: "cox", Remove: true}, "", ""},

		{"nobody knows the carrier", nil, carrier.Amendment{ID: "example-tel", Set: set("complex.days=5")}, porting.NotFound, ""},
		{"add one of the table", nil, carrier.Amendment{ID: "cox", Add: true, Set: set("name=Cox", "kind=cable")}, porting.Invalid, ""},
		{"add one twice", []carrier.Amendment{added}, added, porting.Invalid, ""},
		{"add one without name and kind", nil, carrier.Amendment{ID: "example-tel", Add: true}, porting.Invalid, "name kind"},
		{"a bad id", nil, carrier.Amendment{ID: "Example Tel", Add: true, Set: set("name=Example", "kind=wireline")}, porting.Invalid, "id"},
		{"no field", nil, carrier.Amendment{ID: "cox"}, porting.Invalid, ""},
		{"nothing to remove", nil, carrier.Amendment{ID: "cox", Remove: true}, porting.NotFound, ""},
		{"not set", nil, carrier.Amendment{ID: "cox", Unset: []string{"complex.days"}}, porting.Invalid, "complex.days"},
		{"set already", []carrier.Amendment{{ID: "cox", Set: set("complex.days=5")}}, carrier.Amendment{ID: "cox", Set: set("complex.days=5")},
			porting.Settled, ""},
		{"every fault at once", nil, carrier.Amendment{ID: "cox", Set: set("complex.days=0", "complex.foc_days=1.5", "csr.days=lots", "cutoff.hour=25",
			"cutoff.zone=Mars/Base", "fee=7", "holidays=federal, my birthday", "host=", "number_zone=maybe", "pin.name=a\u202eb", "project_from=1", "remark= x", "simple.days=99")},
			porting.Invalid, "complex.days complex.foc_days csr.days cutoff.hour cutoff.zone fee holidays host number_zone pin.name project_from remark simple.days"},
		{"another carrier's SPID and name", nil, carrier.Amendment{ID: "cox", Set: set("aliases=Cox; Level 3, Inc.", "spids=7058")},
			porting.Invalid, "spids aliases"},
		{"another carrier's name as the own one", []carrier.Amendment{added}, carrier.Amendment{ID: "cox", Set: set("name=EXAMPLE TEL")},
			porting.Invalid, "name"},
		{"no SPIDs and names", nil, carrier.Amendment{ID: "cox", Set: set("aliases=!; Cox", "spids=77; 7726", "kind=shop")}, porting.Invalid,
			"aliases kind spids"},
		{"too long", nil, carrier.Amendment{ID: "cox", Set: set("remark=" + strings.Repeat("x", 301))}, porting.Invalid, "remark"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rows := &carrier.Memory{}
			amend := func(a carrier.Amendment) error {
				a.By, a.Why = "AB", "Their port desk says so."
				_, err := carrier.Amend(context.Background(), rows, a, now)
				return err
			}
			for _, a := range test.before {
				if err := amend(a); err != nil {
					t.Fatal(err)
				}
			}
			err := amend(test.a)
			if (err == nil) != (test.code == "") || err != nil && !porting.Is(err, test.code) || fieldsOf(err) != test.faults {
				t.Errorf("%v: faults of %q, want %s of %q", err, fieldsOf(err), test.code, test.faults)
			}
		})
	}
}

// Who has changed what and why stands with each change, and a change without that is refused.
func TestChangesTellWhoAndWhy(t *testing.T) {
	rows := &carrier.Memory{}
	ctx := context.Background()
	first, err := carrier.Amend(ctx, rows, carrier.Amendment{ID: "cox", Set: set("complex.days=5", "csr.given=no"), By: "AB", Why: "A call."}, now)
	if err != nil {
		t.Fatal(err)
	}
	later := now.Add(time.Hour)
	second, err := carrier.Amend(ctx, rows, carrier.Amendment{ID: "cox", Set: set("complex.days=6"), Unset: []string{"csr.given"}, By: "CD",
		Why: "A letter."}, later)
	if err != nil {
		t.Fatal(err)
	}
	want := []carrier.Change{
		{ID: "cox", Version: 1, At: now, By: "AB", Why: "A call.", Before: set(), After: set("complex.days=5", "csr.given=no")},
		{ID: "cox", Version: 2, At: later, By: "CD", Why: "A letter.", Before: set("complex.days=5", "csr.given=no"), After: set("complex.days=6")},
	}
	got, err := rows.Changes(ctx, "cox")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if diff := cmp.Diff(want, []carrier.Change{first, second}); diff != "" {
		t.Error(diff)
	}
	for by, why := range map[string]string{"": "A call.", "AB": "", "A\nB": "A call.", strings.Repeat("A", 301): "A call."} {
		_, err := carrier.Amend(ctx, rows, carrier.Amendment{ID: "cox", Set: set("complex.days=7"), By: by, Why: why}, later)
		if !porting.Is(err, porting.Invalid) || fieldsOf(err) == "" {
			t.Errorf("%q, %q: %v", by, why, err)
		}
	}
}

// A row that somebody else has changed in between is not overwritten.
func TestAmendmentsDoNotOverwrite(t *testing.T) {
	rows := &outrun{}
	_, err := carrier.Amend(context.Background(), rows, carrier.Amendment{ID: "cox", Set: set("complex.days=5"), By: "AB", Why: "A call."}, now)
	if !porting.Is(err, porting.Stale) {
		t.Error(err)
	}
}

// outrun has another operator change the row after it was read.
type outrun struct{ carrier.Memory }

func (r *outrun) Row(ctx context.Context, id string) (carrier.Row, bool, error) {
	row, ok, err := r.Memory.Row(ctx, id)
	r.Put(carrier.Row{ID: id, Set: set("complex.days=9"), Version: 7})
	return row, ok, err
}

func fieldsOf(err error) string {
	var e *porting.Error
	var fields []string
	if errors.As(err, &e) {
		for _, f := range e.Faults {
			fields = append(fields, f.Field)
		}
	}
	return strings.Join(fields, " ")
}
