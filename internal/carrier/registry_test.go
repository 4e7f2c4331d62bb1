package carrier_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"portway/internal/carrier"
	"portway/internal/porting"
)

// The operator's rows count within a minute, are read once a minute at most, and a read that fails changes nothing.
func TestRegistry(t *testing.T) {
	at := now
	rows := &carrier.Memory{}
	r := &carrier.Registry{Store: rows, Now: func() time.Time { return at }}
	cox := porting.Losing{Provider: "Cox", Number: "+16025550100"}
	lead := func() int { return r.Own(cox).Lead }
	for _, step := range []struct {
		name        string
		after       time.Duration
		change      func()
		lead, reads int
	}{
		{"the table", 0, func() {}, 4, 1},
		{"a change is not seen at once", 0, func() { rows.Put(carrier.Row{ID: "cox", Set: set("complex.days=9")}) }, 4, 1},
		{"nor within the minute", 59 * time.Second, func() {}, 4, 1},
		{"but after it", time.Second, func() {}, 9, 2},
		{"an outage", time.Minute, func() { rows.Err = errors.New("throttled") }, 9, 3},
		{"is asked about once a minute", 30 * time.Second, func() {}, 9, 3},
		{"and passes", 30 * time.Second, func() { rows.Err = nil; rows.Put(carrier.Row{ID: "cox", Set: set("complex.days=8")}) }, 8, 4},
		{"bad values of a row are left out", time.Minute, func() {
			rows.Put(carrier.Row{ID: "cox", Set: set("complex.days=7", "simple.days=soon", "fee=1", "kind=shop", "spids=x")})
		}, 7, 5},
		{"and rows that are no carrier", time.Minute, func() {
			rows.Put(carrier.Row{ID: "nobody", Set: set("complex.days=7")})
			rows.Put(carrier.Row{ID: "No Id", Set: set("name=A", "kind=cable")})
			rows.Put(carrier.Row{})
		}, 7, 6},
		{"two carriers of one name", time.Minute, func() { rows.Put(carrier.Row{ID: "zz", Set: set("name=Cox", "kind=cable", "complex.days=2")}) }, 7, 7},
	} {
		t.Run(step.name, func(t *testing.T) {
			at = at.Add(step.after)
			step.change()
			r.Refresh(context.Background())
			if got := lead(); got != step.lead || rows.Reads != step.reads {
				t.Errorf("%d days after %d reads, want %d after %d", got, rows.Reads, step.lead, step.reads)
			}
		})
	}
	if _, ok := r.Directory().ByID("nobody"); ok {
		t.Error("a row without a name is a carrier")
	}
	if n := len(r.Directory().All()); n != len(carrier.All())+1 {
		t.Errorf("%d carriers", n)
	}
	fresh := &carrier.Registry{Store: &carrier.Memory{Err: errors.New("throttled")}, Now: func() time.Time { return at }}
	if fresh.Refresh(context.Background()); fresh.Own(cox).Lead != 4 {
		t.Error("a registry that has read nothing does not have the table")
	}
}

// A carrier's own SPID comes before names, and an added carrier is found like one of the table.
func TestAddedCarriers(t *testing.T) {
	d := carrier.NewDirectory([]carrier.Row{
		{ID: "example-tel", Set: set("name=Example Tel", "kind=wireline", "spids=9X01", "aliases=Extel; Example Telephone", "complex.days=2")},
		{ID: "lumen", Set: set("spids=unknown", "csr.given=unknown", "host=Nobody", "complex.days=6")},
	})
	for _, test := range []struct {
		spid, name, want string
	}{
		{"9X01", "Cox", "example-tel"}, {"", "extel, llc", "example-tel"}, {"0000", "Example Telephone", "example-tel"},
		{"7058", "", ""}, {"7058", "Level 3", "lumen"},
	} {
		if p, _ := d.Find(test.spid, false, test.name); p.ID != test.want {
			t.Errorf("%s, %s: %q, want %q", test.spid, test.name, p.ID, test.want)
		}
	}
	p, _ := d.ByID("lumen")
	if _, ok := p.Value("csr.given"); ok || len(p.SPIDs) != 0 || p.Host != "Nobody" {
		t.Errorf("%+v", p)
	}
	if v, _ := p.Value("complex.days"); v.Mark != carrier.Operator || v.Text != "6" {
		t.Errorf("%+v", v)
	}
	if all := d.All(); all[len(all)-1].ID != "example-tel" {
		t.Error("an added carrier does not stand behind the table's")
	}
}

// Figures are read once in ten minutes, and shown from 20 orders of three accounts on.
func TestFigures(t *testing.T) {
	at := now
	few, many := porting.Learned{Orders: 19}, porting.Learned{Orders: 20}
	for n := range 3 {
		few.Slots[n], many.Slots[n] = true, true
	}
	rows := &carrier.Memory{Counters: map[string]porting.Learned{"cox": few, "SPID:9X01": many}}
	r := &carrier.Registry{Store: rows, Now: func() time.Time { return at }}
	cox, _ := r.Directory().ByID("cox")
	read := func(p carrier.Profile, spid string) (int, bool) {
		f, ok, err := r.Figures(context.Background(), p, spid)
		if err != nil {
			t.Fatal(err)
		}
		return f.Orders, ok
	}
	if n, ok := read(cox, "7726"); n != 19 || ok {
		t.Errorf("%d orders, shown: %v", n, ok)
	}
	if n, ok := read(carrier.Profile{}, "9X01"); n != 20 || !ok {
		t.Errorf("%d orders, shown: %v", n, ok)
	}
	if n, ok := read(carrier.Profile{}, ""); n != 0 || ok {
		t.Errorf("%d orders of nobody, shown: %v", n, ok)
	}
	rows.Counters["cox"] = many
	at = at.Add(9 * time.Minute)
	if n, _ := read(cox, ""); n != 19 || rows.Reads != 2 {
		t.Errorf("%d orders after %d reads", n, rows.Reads)
	}
	at = at.Add(time.Minute)
	if n, ok := read(cox, ""); n != 20 || !ok || rows.Reads != 3 {
		t.Errorf("%d orders after %d reads, shown: %v", n, rows.Reads, ok)
	}
	rows.Err = errors.New("throttled")
	at = at.Add(time.Hour)
	if _, ok, err := r.Figures(context.Background(), cox, ""); err == nil || ok {
		t.Error("an outage is no error")
	}
}
