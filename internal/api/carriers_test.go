package api

import (
	"encoding/json"
	"strings"
	"testing"

	"portway/internal/carrier"
	"portway/internal/orders"
	"portway/internal/porting"
)

// The pages together tell every profile once, each value with its mark, and each profile is read by its id.
func TestCarriers(t *testing.T) {
	w := newWorld(t)
	seen, path := map[string]bool{}, "/v2/carriers?limit=30"
	for path != "" {
		var page struct {
			Data  []resource
			Links links
		}
		out := w.send(w.request("GET", path, "", nil))
		if err := json.Unmarshal([]byte(out.Body), &page); err != nil || out.StatusCode != 200 || len(page.Data) == 0 {
			t.Fatalf("%d %s", out.StatusCode, out.Body)
		}
		for _, one := range page.Data {
			if seen[one.ID] {
				t.Errorf("%s is there twice", one.ID)
			}
			seen[one.ID] = true
		}
		_, path, _ = strings.Cut(page.Links.Next, "/v2/")
		if path != "" {
			path = "/v2/" + path
		}
	}
	for _, p := range carrier.All() {
		out := w.send(w.request("GET", "/v2/carriers/"+p.ID, "", nil))
		if !seen[p.ID] || out.StatusCode != 200 {
			t.Errorf("%s: listed %t, %d", p.ID, seen[p.ID], out.StatusCode)
		}
		var one struct {
			Data struct{ Attributes carrierAttributes }
		}
		if err := json.Unmarshal([]byte(out.Body), &one); err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Values {
			if got, want := one.Data.Attributes.Values[v.Field], (carrierValue{v.Text, string(v.Mark)}); got != want {
				t.Errorf("%s: %s is told as %v, want %v", p.ID, v.Field, got, want)
			}
		}
	}
	for path, want := range map[string]int{"/v2/carriers/nobody": 404, "/v2/carriers?after=x": 422, "/v2/carriers?limit=0": 422} {
		if out := w.send(w.request("GET", path, "", nil)); out.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, out.StatusCode, want)
		}
	}
}

// withCarriers gives the world what an operator has set and what orders have shown.
func (w *world) withCarriers(rows *carrier.Memory) *carrier.Registry {
	known := &carrier.Registry{Store: rows, Now: w.book.Now}
	w.book.Rules.OwnTerms = known.Own
	w.api = New(Config{Book: w.book, Receipts: w.store, Accounts: w.store, Portability: w.peers, Mails: w.store, Files: signer{},
		BaseURL: "https://api.example.com/", Carriers: known})
	return known
}

// What the operator has set is told with his mark, of one carrier and in the list, and an added carrier stands at its end.
func TestCarriersOfTheOperator(t *testing.T) {
	w := newWorld(t)
	rows := &carrier.Memory{}
	rows.Put(carrier.Row{ID: "cox", Set: map[string]string{"csr.given": "no", "complex.days": "6"}})
	rows.Put(carrier.Row{ID: "extel", Set: map[string]string{"name": "Extel", "kind": "wireline"}})
	w.withCarriers(rows)
	var one struct {
		Data struct{ Attributes carrierAttributes }
	}
	out := w.send(w.request("GET", "/v2/carriers/cox", "", nil))
	if err := json.Unmarshal([]byte(out.Body), &one); err != nil {
		t.Fatal(err)
	}
	a := one.Data.Attributes
	if a.CSR || a.Values["csr.given"] != (carrierValue{"no", "operator"}) || a.Values["complex.days"] != (carrierValue{"6", "operator"}) ||
		a.Values["simple.days"] != (carrierValue{"1", "published"}) {
		t.Errorf("%+v", a)
	}
	if out := w.send(w.request("GET", "/v2/carriers/extel", "", nil)); out.StatusCode != 200 {
		t.Errorf("the added carrier: %d", out.StatusCode)
	}
	out = w.send(w.request("GET", "/v2/carriers?limit=200", "", nil))
	if !strings.Contains(out.Body, `"mark":"operator"`) || strings.LastIndex(out.Body, `"id":"extel"`) < strings.LastIndex(out.Body, `"id":"telus"`) {
		t.Error("the list tells another thing")
	}
	if rows.Reads > 3 { // the rows once, and the figures of two carriers
		t.Errorf("%d reads", rows.Reads)
	}
}

// Customers are told a carrier's figures from 20 orders of three accounts on, and each time from 20 orders on.
func TestCarrierFigures(t *testing.T) {
	for _, test := range []struct {
		name                   string
		orders, accounts, port int
		want                   string
	}{
		{"nothing", 0, 0, 0, `null`},
		{"19 orders", 19, 3, 19, `null`},
		{"20 orders of two accounts", 20, 2, 20, `null`},
		{"20 orders of three accounts", 20, 3, 20, `{"orders":20,"csr_days":null,"foc_days":null,"port_days":{"orders":20,"median":4,"p90":4},` +
			`"refusals":[{"code":"PIN_INVALID","share":0.25}]}`},
		{"of whose ports too few say something", 20, 3, 19, `{"orders":20,"csr_days":null,"foc_days":null,"port_days":null,` +
			`"refusals":[{"code":"PIN_INVALID","share":0.25}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			l := porting.Learned{Orders: test.orders, Refused: map[porting.ReasonCode]int{porting.PINInvalid: 5, porting.ZipMismatch: 1}}
			for n := range test.accounts {
				l.Slots[n] = true
			}
			l.Port[4] = test.port
			w.withCarriers(&carrier.Memory{Counters: map[string]porting.Learned{"cox": l}})
			out := w.send(w.request("GET", "/v2/carriers/cox", "", nil))
			if _, got, _ := strings.Cut(out.Body, `"figures":`); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
			if out := w.send(w.request("GET", "/v2/carriers?limit=200", "", nil)); strings.Contains(out.Body, `"figures":{`) {
				t.Error("the list tells figures")
			}
		})
	}
}

// An order takes the terms of its carrier as the operator has set them.
func TestOrdersTakeTheirCarriersTerms(t *testing.T) {
	w := newWorld(t)
	rows := &carrier.Memory{}
	rows.Put(carrier.Row{ID: "extel", Set: map[string]string{"name": "Acme Tel", "kind": "wireline", "complex.days": "9"}})
	w.withCarriers(rows)
	out := w.send(w.request("POST", "/v2/portorders", attrs(minimal), nil))
	if out.StatusCode != 201 {
		t.Fatal(out.StatusCode, out.Body)
	}
	all, err := w.store.List(t.Context(), mine, orders.Filter{Limit: 1})
	if err != nil || len(all) != 1 {
		t.Fatalf("%d orders (%v)", len(all), err)
	}
	o, err := w.store.Load(t.Context(), all[0].ID)
	if err != nil || o.Own.Profile != "extel" || o.Terms().Lead != 9 {
		t.Errorf("%+v (%v)", o.Own, err)
	}
}

// What orders have shown is told with a portability check and as readiness, once it may be shown.
func TestFiguresInChecksAndReadiness(t *testing.T) {
	for _, test := range []struct {
		name   string
		orders int
		usual  bool
	}{{"19 orders", 19, false}, {"20 orders", 20, true}} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			l := porting.Learned{Orders: test.orders, Refused: map[porting.ReasonCode]int{porting.PINInvalid: 3, porting.ZipMismatch: 1}}
			l.Slots[0], l.Slots[1], l.Slots[2], l.Port[4] = true, true, true, test.orders
			rows := &carrier.Memory{Counters: map[string]porting.Learned{"extel": l}}
			rows.Put(carrier.Row{ID: "extel", Set: map[string]string{"name": "Acme Tel", "kind": "wireline"}})
			w.withCarriers(rows).Refresh(t.Context())
			p, _ := w.api.profiles.Directory().ByID("extel")
			past := w.api.pastRefusals(t.Context(), p, "")
			if shown := len(past) == 2 && past[0] == (porting.PastRefusal{Code: porting.PINInvalid, Share: 75}); shown != test.usual {
				t.Errorf("past refusals: %+v", past)
			}
			row := checked{Portable: true}
			w.api.detail(t.Context(), &row, porting.Line{TN: "+12065550150", Kind: porting.Local, Country: "US",
				Carrier: porting.Carrier{SPID: "8303", Name: "Acme Tel"}})
			if (row.Usual != nil) != test.usual || test.usual && *row.Usual != (usualDays{4, 4}) {
				t.Errorf("usual days: %+v", row.Usual)
			}
		})
	}
}
