package bandwidth

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"portway/internal/peer"
	"portway/internal/porting"
)

// carriage says where a detail of an order goes on this wire. order lists elements below the root of the order (POST
// LnpOrder, PUT LnpOrderSupp), and csr those below the root of the record request (Csr). noted details stand in the
// remark, which is a note to the order. why says why a request has no element for the detail, and who sees the detail
// instead.
type carriage struct {
	order []string
	csr   []string
	noted bool
	why   string
}

const inRemark = "In the remark: a note to the order, which people at the peer read. A record request has no place for it."

// carried has a row for each detail. The page infra/docs/wire-locals.md prints it.
var carried = map[string]carriage{
	"alias": {why: "The customer's own name for the order; our API and mails show it."},
	"billing_name": {
		order: []string{"Subscriber/FirstName", "Subscriber/MiddleInitial", "Subscriber/LastName", "Subscriber/BusinessName",
			"LoaAuthorizingPerson"},
		csr: []string{"EndUserName", "AuthorizingUserName"},
	},
	"company":          {order: []string{"Subscriber/BusinessName"}, csr: []string{"EndUserName"}},
	"billing_number":   {order: []string{"BillingTelephoneNumber"}, csr: []string{"AccountTelephoneNumber"}},
	"provider":         {why: "The peer finds the losing carrier by the number; the LOA names it to people."},
	"provider_account": {order: []string{"WirelessInfo/AccountNumber"}, csr: []string{"AccountNumber"}},
	"pin":              {order: []string{"WirelessInfo/PinNumber"}, csr: []string{"EndUserPIN"}},
	"last_4_ssn": {why: "Neither the order nor the record request has an element for it; a carrier that wants it " +
		"refuses with TAXID_MISMATCH, and our staff call the peer."},
	"usage_type": {order: []string{"Subscriber/SubscriberType"}, csr: []string{"TypeOfService"}},
	"street": {
		order: []string{"Subscriber/ServiceAddress/HousePrefix", "Subscriber/ServiceAddress/HouseNumber",
			"Subscriber/ServiceAddress/HouseSuffix", "Subscriber/ServiceAddress/PreDirectional",
			"Subscriber/ServiceAddress/StreetName", "Subscriber/ServiceAddress/StreetSuffix",
			"Subscriber/ServiceAddress/PostDirectional", "Subscriber/ServiceAddress/AddressLine2"},
		csr: []string{"AddressLine1"},
	},
	"street2": {order: []string{"Subscriber/ServiceAddress/AddressLine2"}, csr: []string{"AddressLine1"}},
	"city":    {order: []string{"Subscriber/ServiceAddress/City"}, csr: []string{"City"}},
	"state":   {order: []string{"Subscriber/ServiceAddress/StateCode"}, csr: []string{"State"}},
	"zip": {order: []string{"Subscriber/ServiceAddress/Zip", "Subscriber/ServiceAddress/PlusFour"},
		csr: []string{"ZIPCode"}},
	"country":                 {why: "The peer derives it from state and postal code; the LOA prints it."},
	"account_address/street":  {why: onlyOnLOA},
	"account_address/street2": {why: onlyOnLOA},
	"account_address/city":    {why: onlyOnLOA},
	"account_address/state":   {why: onlyOnLOA},
	"account_address/zip":     {why: onlyOnLOA},
	"account_address/country": {why: onlyOnLOA},
	"desired_completion_date": {
		order: []string{"RequestedFocDate"},
		why:   "A record request has no date. The order has the date that the rules choose from the customer's wish.",
	},
	"desired_completion_time": {
		order: []string{"RequestedFocDate"},
		why:   "Of mobile numbers alone, as the hour of the date. A record request has no date.",
	},
	"loa_details/email":   {why: "The customer's address for the LOA; our mail goes there."},
	"loa_details/cc":      {why: "The customer's address for the LOA; our mail goes there."},
	"enable_cnam_lookups": {why: "A setting of the number with us, from the day that it is in service."},
	"one_line":            {why: "The customer's word about the account. It decides the class, and with it the date that is asked for."},
	"status_url":          {why: "The customer's address for our webhooks."},
	"auto_correct":        {why: "The customer's consent to corrections by us."},
	"on_unportable":       {why: "The customer's consent to go on without a number."},
	"reseller":            {noted: true, why: "In the remark; the LOA prints it."},
	"partial_port/scope": {order: []string{"PartialPort"}, noted: true,
		why: "Also in the remark. A record request has no place for it."},
	"partial_port/keep":       {noted: true, why: inRemark},
	"partial_port/disconnect": {noted: true, why: inRemark},
	"partial_port/others":     {noted: true, why: inRemark},
	"partial_port/new_billing_number": {order: []string{"NewBillingTelephoneNumber"}, noted: true,
		why: "Also in the remark. A record request has no place for it."},
	"line_features/services":          {noted: true, why: inRemark},
	"line_features/hunt_group":        {noted: true, why: inRemark},
	"line_features/directory_listing": {noted: true, why: inRemark},
	"line_features/tollfree_numbers":  {why: "The carrier is not asked to do anything about it; the customer is told to port it first."},
}

// onlyOnLOA is said of the account address.
const onlyOnLOA = "Neither the order nor the record request has an element for it; carriers compare the service address, and people read this one on the LOA."

// unowned are the elements of requests that no detail of the order fills.
var unowned = []string{
	"CustomerOrderId", "SiteId", "PeerId", "Triggered", "ListOfPhoneNumbers/PhoneNumber",
	"Subscriber/ServiceAddress/ResetAddressFields", "WorkingOrBillingTelephoneNumber",
}

// shape is an order of one kind, with the text of each element that its requests must have.
type shape struct {
	name   string
	change func(*porting.Details)
	order  map[string]string // the differences from plainOrder; an empty text removes the element
	csr    map[string]string // the differences from plainCSR
	note   string            // the remark, a note to the order
}

// canaries returns details of which no two share a word.
func canaries() porting.Details {
	return porting.Details{
		Alias: "Canaryalias", BillingName: "Robin Canaryname", BillingNumber: "+19195550177", Provider: "Canarycarrier",
		ProviderAccount: porting.NewSecret("0099canaryacct"), PIN: porting.NewSecret("0077canarypin"),
		LastFourSSN: porting.NewSecret("6420"), UsageType: porting.Residential, Street: "12 Canarystreet Ave",
		Street2: "Suite 5519", City: "Canarytown", State: "NC", Zip: "27613-4488", Country: "US", Desired: "2030-03-14",
		LOAEmail: "canaryloa@example.com", LOACC: "canarycc@example.com", CNAMLookups: true,
		StatusURL: "https://canaryhook.example/x", AutoCorrect: porting.CorrectAddress,
	}
}

const place = "Subscriber/ServiceAddress/"

// plainOrder returns the elements of an order with the details of canaries.
func plainOrder() map[string]string {
	return map[string]string{
		"PartialPort": "false", "BillingTelephoneNumber": "9195550177", "RequestedFocDate": "2030-03-14", "LoaAuthorizingPerson": "Robin Canarynam",
		"WirelessInfo/AccountNumber": "0099canaryacct", "WirelessInfo/PinNumber": "0077canarypin",
		"Subscriber/SubscriberType": "RESIDENTIAL", "Subscriber/FirstName": "Robin", "Subscriber/LastName": "Canaryname",
		place + "HouseNumber": "12", place + "StreetName": "Canarystreet", place + "StreetSuffix": "Ave",
		place + "AddressLine2": "Suite 5519", place + "City": "Canarytown", place + "StateCode": "NC",
		place + "Zip": "27613", place + "PlusFour": "4488",
	}
}

// plainCSR returns the elements of the record request of that order.
func plainCSR() map[string]string {
	return map[string]string{
		"AccountNumber": "0099canaryacct", "AccountTelephoneNumber": "9195550177", "EndUserName": "Robin Canaryname",
		"AuthorizingUserName": "Robin Canaryname", "EndUserPIN": "0077canarypin",
		"AddressLine1": "12 Canarystreet Ave Suite 5519", "City": "Canarytown", "State": "NC", "ZIPCode": "27613-4488",
		"TypeOfService": "residential",
	}
}

var shapes = []shape{
	{name: "a person", change: func(*porting.Details) {}},
	{
		name:   "a person with initial and suffix",
		change: func(d *porting.Details) { d.BillingName = "Robin Q. Canaryname Jr." },
		order: map[string]string{"Subscriber/MiddleInitial": "Q", "Subscriber/LastName": "Canaryname Jr.",
			"LoaAuthorizingPerson": "Robin Q. Canary"},
		csr: map[string]string{"EndUserName": "Robin Q. Canaryname Jr.", "AuthorizingUserName": "Robin Q. Canaryname Jr."},
	},
	{
		name:   "a person with a name of many letters",
		change: func(d *porting.Details) { d.BillingName = "Robinetta Canarynamelongerthantwentyfive" },
		order: map[string]string{"Subscriber/FirstName": "Robinetta", "Subscriber/LastName": "Canarynamelongerthantwent",
			"LoaAuthorizingPerson": "Robinetta Canar"},
		csr: map[string]string{"EndUserName": "Robinetta Canarynamelongerthantwentyfive",
			"AuthorizingUserName": "Robinetta Canarynamelongerthantwentyfive"},
	},
	{
		name:   "a residential order with a company",
		change: func(d *porting.Details) { d.Company = "Canaryfirm Inc" },
		order: map[string]string{"Subscriber/SubscriberType": "BUSINESS", "Subscriber/BusinessName": "Canaryfirm Inc",
			"Subscriber/FirstName": "", "Subscriber/LastName": ""},
		csr: map[string]string{"EndUserName": "Canaryfirm Inc"},
	},
	{
		name:   "a business with a company",
		change: func(d *porting.Details) { d.UsageType, d.Company = porting.Business, "Canaryfirm Inc" },
		order: map[string]string{"Subscriber/SubscriberType": "BUSINESS", "Subscriber/BusinessName": "Canaryfirm Inc",
			"Subscriber/FirstName": "", "Subscriber/LastName": ""},
		csr: map[string]string{"EndUserName": "Canaryfirm Inc", "TypeOfService": "business"},
	},
	{
		name: "a business with a company of many letters",
		change: func(d *porting.Details) {
			d.UsageType, d.Company = porting.Business, "Canaryfirm of Sampletown and Sons"
		},
		order: map[string]string{"Subscriber/SubscriberType": "BUSINESS",
			"Subscriber/BusinessName": "Canaryfirm of Sampletown", "Subscriber/FirstName": "", "Subscriber/LastName": ""},
		csr: map[string]string{"EndUserName": "Canaryfirm of Sampletown and Sons", "TypeOfService": "business"},
	},
	{
		name:   "a business without a company",
		change: func(d *porting.Details) { d.UsageType = porting.Business },
		order: map[string]string{"Subscriber/SubscriberType": "BUSINESS", "Subscriber/BusinessName": "Robin Canaryname",
			"Subscriber/FirstName": "", "Subscriber/LastName": ""},
		csr: map[string]string{"TypeOfService": "business"},
	},
	{
		name: "Canada",
		change: func(d *porting.Details) {
			d.Street, d.Street2, d.State, d.Zip, d.Country = "5B Canarystreet Rd NW", "", "ON", "K1A 0B1", "CA"
		},
		order: map[string]string{place + "HouseNumber": "5B", place + "StreetSuffix": "Rd", place + "PostDirectional": "NW",
			place + "AddressLine2": "", place + "StateCode": "ON", place + "Zip": "K1A 0B1", place + "PlusFour": ""},
		csr: map[string]string{"AddressLine1": "5B Canarystreet Rd NW", "State": "ON", "ZIPCode": "K1A 0B1"},
	},
	{
		name: "an account number that a record request does not take",
		change: func(d *porting.Details) {
			d.ProviderAccount = porting.NewSecret("00990099canaryaccount1")
		},
		order: map[string]string{"WirelessInfo/AccountNumber": "00990099canaryaccount1"},
		csr:   map[string]string{"AccountNumber": ""},
	},
	{
		name: "some numbers of the account",
		change: func(d *porting.Details) {
			d.PortScope, d.Keep, d.Disconnect, d.Others = porting.PartOfAccount, "+19195550180,+19195550181", "+19195550182", porting.EndsToo
			d.NewBilling, d.OnLine, d.HuntGroup, d.Listing = "+19195550180", "dsl,alarm", porting.PartOfGroup, porting.NoListing
			d.RingingFrom, d.Reseller, d.Unportable = "+18885550199", "Canaryreseller", porting.ExcludeUnportable
		},
		order: map[string]string{"PartialPort": "true", "NewBillingTelephoneNumber": "9195550180"},
		note: "Not all TNs are being ported. Keep: 9195550180, 9195550181. Disconnect: 9195550182. All other numbers and " +
			"services: disconnect. New BTN: 9195550180. On the lines: dsl, alarm. Hunt group: remove the ported numbers from " +
			"it. Directory listing: none. Reseller: Canaryreseller.",
	},
	{
		name:   "all numbers of the account",
		change: func(d *porting.Details) { d.PortScope, d.HuntGroup = porting.WholeAccount, porting.WholeGroup },
		note:   "All TNs of the account are being ported. Hunt group: the whole group is being ported.",
	},
	{
		name: "neither account number nor PIN, nor a main number",
		change: func(d *porting.Details) {
			d.ProviderAccount, d.PIN, d.BillingNumber = porting.Secret{}, porting.Secret{}, ""
		},
		order: map[string]string{"WirelessInfo/AccountNumber": "", "WirelessInfo/PinNumber": "",
			"BillingTelephoneNumber": "9195550101"},
		csr: map[string]string{"AccountNumber": "", "EndUserPIN": "", "AccountTelephoneNumber": ""},
	},
}

func (s shape) details() porting.Details {
	d := canaries()
	s.change(&d)
	return d
}

// elements applies the changes to base and returns it. An empty text removes the element.
func elements(base, changes map[string]string) map[string]string {
	for path, text := range changes {
		if base[path] = text; text == "" {
			delete(base, path)
		}
	}
	return base
}

// leaves returns the texts of a request's elements by their paths below the root, without the elements of unowned.
func leaves(t *testing.T, sent, root string) map[string]string {
	t.Helper()
	_, body, _ := strings.Cut(sent, "<")
	n, ok := parse([]byte("<" + body))
	if !ok || n.XMLName.Local != root {
		t.Fatalf("%s is not sent: %q", root, sent)
	}
	found := map[string]string{}
	var walk func(n node, path string)
	walk = func(n node, path string) {
		if len(n.Nodes) == 0 && n.Chars != "" && !slices.Contains(unowned, path) {
			found[path] = n.Chars
		}
		for _, below := range n.Nodes {
			walk(below, strings.TrimPrefix(path+"/"+below.XMLName.Local, "/"))
		}
	}
	walk(n, "")
	return found
}

// Every detail has its row, and a row without an element says why.
func TestEveryDetailHasItsPlaceOnTheWire(t *testing.T) {
	for _, d := range porting.DetailRows() {
		row, ok := carried[d.Name]
		if !ok {
			t.Errorf("%s has no row in carried", d.Name)
		}
		if row.noted != d.InRemark {
			t.Errorf("%s: the row says that the remark has it: %t", d.Name, row.noted)
		}
		if (len(row.order) == 0 || len(row.csr) == 0) && row.why == "" {
			t.Errorf("%s: the row does not say why no element carries the detail", d.Name)
		}
	}
	if len(carried) != len(porting.DetailRows()) {
		t.Error("carried has a row without a detail")
	}
}

// Each detail stands in the elements of its row and in no other, when an order is submitted and when it is changed from
// any other shape. An order that the peer already has in our form is not changed.
func TestEveryDetailOnTheWire(t *testing.T) {
	used := map[string]bool{}
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			r := request()
			r.Order.Details, r.LOA, r.Date = s.details(), []byte("%PDF-1.7"), "2030-03-14"
			want := elements(plainOrder(), s.order)

			bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>"),
				"POST portins/ref/notes": {status: http.StatusCreated},
				"POST csrs":              {status: http.StatusCreated, header: http.Header{"Location": {"https://peer.example/csrs/af31"}}}})
			if _, err := bw.Submit(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			noted(t, "POST", w.last("POST portins/ref/notes"), s.note)
			posted := w.last("POST portins?")
			alike(t, "POST", leaves(t, posted, "LnpOrder"), want)
			for path := range want {
				used["order "+path] = true
			}
			if _, err := bw.RequestCSR(t.Context(), r.Order, "pw-1-csr"); err != nil {
				t.Fatal(err)
			}
			record := elements(plainCSR(), s.csr)
			alike(t, "record request", leaves(t, w.last("POST csrs?"), "Csr"), record)
			for path := range record {
				used["csr "+path] = true
			}
			notSent(t, r.Order.Details, w.sent)

			for _, before := range shapes {
				first := request()
				first.Order.Details = before.details()
				shown := string(asAnswer(t, first, "EXCEPTION", "<Errors><Code>7414</Code></Errors>"))
				bw, w := client(map[string]answer{"GET portins/ref": {status: http.StatusOK, body: shown}})
				next := r
				next.Version, next.Sup = 1, porting.SupOther
				if _, err := bw.Supplement(t.Context(), "ref", next); err != nil {
					t.Fatal(err)
				}
				noted(t, "PUT after "+before.name, w.last("POST portins/ref/notes"), s.note)
				after := maps.Clone(want)
				if d := s.details(); d.PortScope == "" { // what the peer has of the account stays unless the customer says otherwise
					after["PartialPort"] = cmp.Or(before.order["PartialPort"], "false")
					after = elements(after, map[string]string{"NewBillingTelephoneNumber": before.order["NewBillingTelephoneNumber"]})
				}
				alike(t, "PUT after "+before.name, leaves(t, w.last("PUT portins/ref"), "LnpOrderSupp"), after)
				notSent(t, r.Order.Details, w.sent)
			}

			shown := asAnswer(t, r, "SUBMITTED", "")
			bw, w = client(map[string]answer{"GET portins/ref": {status: http.StatusOK, body: string(shown)}})
			r.Sup = porting.SupOther
			if _, err := bw.Supplement(t.Context(), "ref", r); err != nil || w.last("PUT") != "" {
				t.Errorf("an order that the peer already has in our form is changed: %v, %s", err, w.last("PUT"))
			}
		})
	}
	for name, row := range carried {
		for kind, paths := range map[string][]string{"order ": row.order, "csr ": row.csr} {
			for _, path := range paths {
				if !used[kind+path] && !strings.Contains(path, "House") && !strings.Contains(path, "PreDirectional") {
					t.Errorf("%s: no shape has %s", name, path)
				}
			}
		}
	}
	owners := slices.Clone(unowned)
	for _, row := range carried {
		owners = append(owners, row.order...)
		owners = append(owners, row.csr...)
	}
	for key := range used {
		if _, path, _ := strings.Cut(key, " "); !slices.Contains(owners, path) {
			t.Errorf("%s is sent, and no row of carried has it", path)
		}
	}
}

// A refusal of a name that was cut to fit its element tells the customer of the cut. A refusal of a whole name does not.
func TestACutNameIsTold(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			r := request()
			r.Order.Details = s.details()
			shown := asAnswer(t, r, "EXCEPTION", "<Errors><Code>7414</Code></Errors>")
			bw, _ := client(map[string]answer{"GET portins/ref": {status: http.StatusOK, body: string(shown)}})
			a, err := bw.Read(t.Context(), "ref")
			if err != nil || len(a.Reasons) != 1 || a.Reasons[0].Code != porting.NameMismatch {
				t.Fatalf("%+v, %v", a, err)
			}
			if got, want := !a.Reasons[0].Note.IsZero(), strings.HasSuffix(s.name, "many letters"); got != want {
				t.Errorf("told: %t, want %t", got, want)
			}
		})
	}
}

// asAnswer submits an order and returns it as the peer would show it.
func asAnswer(t *testing.T, r peer.Request, state, more string) []byte {
	t.Helper()
	bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>")})
	if _, err := bw.Submit(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(w.last("POST portins?"), "<LnpOrder>")
	return []byte("<LnpOrderResponse>" + strings.TrimSuffix(strings.TrimSpace(body), "</LnpOrder>") +
		"<ProcessingStatus>" + state + "</ProcessingStatus>" + more + "</LnpOrderResponse>")
}

// noted compares the note that was written with the remark that should be there.
func noted(t *testing.T, call, sent, want string) {
	t.Helper()
	_, body, _ := strings.Cut(sent, "<")
	n, _ := parse([]byte("<" + body))
	if got := n.text("Description"); got != want {
		t.Errorf("%s: the remark is %q, want %q", call, got, want)
	}
}

// alike compares the elements that were sent with those that should have been.
func alike(t *testing.T, call string, got, want map[string]string) {
	t.Helper()
	for path, text := range want {
		if got[path] != text {
			t.Errorf("%s: %s is %q, want %q", call, path, got[path], text)
		}
	}
	for path, text := range got {
		if want[path] == "" {
			t.Errorf("%s: %s is %q, want none", call, path, text)
		}
	}
}

// notSent checks that no request holds the value of a detail without an element.
func notSent(t *testing.T, d porting.Details, sent []string) {
	t.Helper()
	for _, row := range porting.DetailRows() {
		if len(carried[row.Name].order)+len(carried[row.Name].csr) > 0 || carried[row.Name].noted {
			continue
		}
		value := row.Value(d)
		if secret := row.Secret(&d); secret != nil {
			value = secret.Reveal()
		}
		if row.Name == "country" || value == "" || value == "true" { // too short to search for
			continue
		}
		if all := strings.Join(sent, "\n"); strings.Contains(all, value) {
			t.Errorf("%s is sent: %s", row.Name, all)
		}
	}
}

// If a customer resolves a reason by correcting a detail, the next request carries the detail. Otherwise the peer would
// refuse it for the same reason.
func TestWhatTheCustomerCorrectsIsSent(t *testing.T) {
	for _, info := range porting.Reasons {
		if info.Fix != porting.ByCustomer || info.Sup != porting.Supplement {
			continue
		}
		for _, field := range info.Fields {
			if len(carried[field].order) == 0 && !carried[field].noted {
				t.Errorf("%s asks the customer for %s, which no request carries", info.Code, field)
			}
		}
	}
}

// The page wire-locals.md shows the rows of carried.
func TestPageTellsWhatTheWireCarries(t *testing.T) {
	page, err := os.ReadFile("../../../infra/docs/wire-locals.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range porting.DetailRows() {
		if line := carried[d.Name].line(d); !strings.Contains(string(page), line) {
			t.Errorf("the page lacks this line:\n%s", line)
		}
	}
}

// line returns the row as the page shows it.
func (c carriage) line(d porting.Detail) string {
	short := func(paths []string) string {
		var all []string
		for _, p := range paths {
			p = strings.TrimPrefix(strings.TrimPrefix(p, place), "Subscriber/")
			all = append(all, "`"+p+"`")
		}
		return strings.Join(all, " ")
	}
	loa := ""
	if d.OnLOA {
		loa = "yes"
	}
	row := fmt.Sprintf("| `%s` | %s | %s | %s | %s |", d.Name, short(c.order), short(c.csr), loa, c.why)
	return strings.ReplaceAll(row, "  ", " ")
}
