package bandwidth

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

// otherValues are other values of the details, so that it shows which requests change with a detail.
var otherValues = map[string]string{
	"alias": "Otheralias", "billing_name": "Wren Othername", "company": "Otherfirm Inc", "billing_number": "+19195550178",
	"provider": "Othercarrier", "provider_account": "0088otheracct", "pin": "0066otherpin", "last_4_ssn": "1357",
	"usage_type": "business", "street": "14 Otherstreet Rd", "street2": "Suite 9911", "city": "Othertown", "state": "VA",
	"zip": "27699", "country": "CA", "account_address/street": "1 Billing Way", "account_address/street2": "Floor 2",
	"account_address/city": "Billtown", "account_address/state": "VA", "account_address/zip": "27600",
	"account_address/country": "CA", "desired_completion_date": "2030-03-19", "desired_completion_time": "14:30", "loa_details/email": "other@example.com",
	"loa_details/cc": "othercc@example.com", "status_url": "https://otherhook.example/x", "auto_correct": "none",
	"on_unportable": "exclude", "reseller": "Otherreseller", "partial_port/scope": "all", "partial_port/keep": "+19195550183",
	"partial_port/disconnect": "+19195550184", "partial_port/others": "active", "partial_port/new_billing_number": "+19195550181",
	"line_features/services": "fax", "line_features/hunt_group": "all", "line_features/directory_listing": "keep",
	"line_features/tollfree_numbers": "+18885550198",
}

// sentFor returns what is sent for an order of a class: the order with its remark, and the record request where the class has
// one.
func sentFor(t *testing.T, terms porting.Terms, d porting.Details) (order, csr string) {
	t.Helper()
	r := request()
	r.Order.Class, r.Order.Details, r.Date, r.LOA = terms.Class, d, d.Desired, []byte("%PDF-1.7")
	r.At = hourOf(t, terms, d)
	bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>"),
		"POST portins/ref/notes": {status: http.StatusCreated},
		"POST csrs":              {status: http.StatusCreated, header: http.Header{"Location": {"https://peer.example/csrs/af31"}}}})
	if _, err := bw.Submit(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if terms.CSR {
		if _, err := bw.RequestCSR(t.Context(), r.Order, "pw-1-csr"); err != nil {
			t.Fatal(err)
		}
	}
	return w.last("POST portins?") + w.last("POST portins/ref/notes"), w.last("POST csrs?")
}

// hourOf is the instant for which a request of the class asks; zero where the class has no hours.
func hourOf(t *testing.T, terms porting.Terms, d porting.Details) time.Time {
	t.Helper()
	if !terms.Hour || d.DesiredTime == "" {
		return time.Time{}
	}
	at := d.DesiredTime.On(d.Desired, eastern)
	if at.IsZero() {
		t.Fatal(d.Desired, d.DesiredTime)
	}
	return at
}

// Of each class that has hours, the hour goes to the peer with the date and comes back as the agreed one; a request whose
// hour the peer has is not sent again, and one of another hour is. The peer's hour of a class without them says nothing.
func TestTheHourOfEveryClass(t *testing.T) {
	for _, terms := range porting.Classes {
		if terms.Class == porting.TollFreePort {
			continue
		}
		t.Run(string(terms.Class), func(t *testing.T) {
			d := canaries()
			d.DesiredTime = "14:30"
			order, _ := sentFor(t, terms, d)
			if got, want := strings.Contains(order, "<RequestedFocDate>"+string(d.Desired)+"T14:30:00-04:00<"), terms.Hour; got != want {
				t.Errorf("the order has the hour: %v, want %v", got, want)
			}
			if !terms.Hour && !strings.Contains(order, "<RequestedFocDate>"+string(d.Desired)+"<") {
				t.Error("the order has not the bare day")
			}
			r := request()
			r.Order.Class, r.Order.Details, r.Date, r.At, r.Sup = terms.Class, d, d.Desired, hourOf(t, terms, d), porting.SupDate
			mobile := "<LosingCarrierIsWireless>" + strconv.FormatBool(terms.Hour) + "</LosingCarrierIsWireless>"
			calls := map[string]answer{"GET portins/ref": {status: http.StatusOK, body: string(asAnswer(t, r, "FOC",
				mobile+"<ActualFocDate>"+string(d.Desired)+"T15:00:00-04:00</ActualFocDate>"))},
				"PUT portins/ref": {status: http.StatusOK}}
			bw, w := client(calls)
			if _, err := bw.Supplement(t.Context(), "ref", r); err != nil || w.last("PUT") != "" {
				t.Errorf("the hour that the peer has is sent again: %v, %s", err, w.last("PUT"))
			}
			a, err := bw.Read(t.Context(), "ref")
			if err != nil || a.FOC != d.Desired || a.Timed != terms.Hour || !a.At.Equal(porting.Clock("15:00").On(d.Desired, eastern)) {
				t.Errorf("it is read as %s, %v, %v: %v", a.FOC, a.At, a.Timed, err)
			}
			if !terms.Hour {
				return
			}
			r.At = r.At.Add(time.Hour)
			if _, err := bw.Supplement(t.Context(), "ref", r); err != nil || !strings.Contains(w.last("PUT"), "T15:30:00-04:00<") {
				t.Errorf("another hour: %v, %s", err, w.last("PUT"))
			}
			r.At = time.Time{}
			if _, err := bw.Supplement(t.Context(), "ref", r); err != nil || !strings.Contains(w.last("PUT"), "<RequestedFocDate>"+string(d.Desired)+"<") {
				t.Errorf("no hour any more: %v, %s", err, w.last("PUT"))
			}
		})
	}
}

// Of each class that goes over this wire, a request changes with a detail exactly where the detail's row has a place for
// it; a detail without a place has a reason; and what the class's carriers may ask for has a place. What the peer has of
// an order comes back as it was sent, so that nothing of it is sent again.
func TestEveryDetailOfEveryClass(t *testing.T) {
	for _, terms := range porting.Classes {
		if terms.Class == porting.TollFreePort { // goes over the registry's wire (internal/peer/somos)
			continue
		}
		t.Run(string(terms.Class), func(t *testing.T) {
			full := canaries()
			full.PortScope, full.Keep, full.Disconnect, full.Others = porting.PartOfAccount, "+19195550180,+19195550181", "+19195550182", porting.EndsToo
			full.NewBilling, full.OnLine, full.HuntGroup, full.Listing = "+19195550180", "dsl,alarm", porting.PartOfGroup, porting.NoListing
			full.RingingFrom, full.Reseller = "+18885550199", "Canaryreseller"
			order, csr := sentFor(t, terms, full)
			for _, d := range porting.DetailRows() {
				changed, row := full, carried[d.Name]
				if flag := d.Flag(&changed); flag != nil {
					*flag = !*flag
				} else if otherValues[d.Name] == "" || !changed.Set(d.Name, otherValues[d.Name]) {
					t.Fatalf("%s has no other value", d.Name)
				}
				nextOrder, nextCSR := sentFor(t, terms, changed)
				if got, want := nextOrder != order, (len(row.order) > 0 || row.noted) && (d.Name != "desired_completion_time" || terms.Hour); got != want {
					t.Errorf("the order changes with %s: %v, want %v", d.Name, got, want)
				}
				if got, want := nextCSR != csr, terms.CSR && len(row.csr) > 0; got != want {
					t.Errorf("the record request changes with %s: %v, want %v", d.Name, got, want)
				}
				if nextOrder == order && nextCSR == csr && row.why == "" {
					t.Errorf("no request of the class carries %s, and no row says why", d.Name)
				}
			}
			for _, field := range slices.Concat(terms.Needs, terms.Possible) {
				if row := carried[field]; len(row.order) == 0 && !row.noted && row.why == "" {
					t.Errorf("a carrier of the class may ask for %s, which no request carries", field)
				}
			}
			r := request()
			r.Order.Class, r.Order.Details, r.Date = terms.Class, full, full.Desired
			shown := string(asAnswer(t, r, "SUBMITTED", ""))
			bw, w := client(map[string]answer{"GET portins/ref": {status: http.StatusOK, body: shown},
				"GET portins/ref/notes": {status: http.StatusNoContent}})
			r.Sup = porting.SupOther
			if _, err := bw.Supplement(t.Context(), "ref", r); err != nil || w.last("PUT") != "" {
				t.Errorf("what comes back differs from what was sent: %v, %s", err, w.last("PUT"))
			}
		})
	}
}
