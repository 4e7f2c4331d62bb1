package porting

import (
	"reflect"
	"slices"
	"testing"
)

// What differs from the signed LOA needs a new one, by the rule of each detail.
func TestUnsigned(t *testing.T) {
	other := map[string]string{
		"alias": "Other", "billing_name": "Grace Hopper", "company": "Difference Engines", "billing_number": "+12065550177",
		"provider": "New Bell", "provider_account": "OTHER-1", "pin": "4711", "last_4_ssn": "4711", "usage_type": "residential",
		"street": "1 Main Street", "street2": "Suite 7", "city": "Tacoma", "state": "OR", "zip": "98402", "country": "CA",
		"desired_completion_date": "2027-03-20", "desired_completion_time": "14:30", "loa_details/email": "grace@example.com", "loa_details/cc": "cc@example.com",
		"status_url": "https://example.com/other", "auto_correct": "none",
		"on_unportable": "exclude", "reseller": "Bell Resale", "partial_port/scope": "some", "partial_port/keep": "+12065550180",
		"partial_port/disconnect": "+12065550181", "partial_port/others": "keep", "partial_port/new_billing_number": "+12065550180",
		"line_features/services": "dsl", "line_features/hunt_group": "none", "line_features/directory_listing": "keep",
		"line_features/tollfree_numbers": "+18885550101",
		"account_address/street":         "1 Main Street", "account_address/street2": "Suite 7", "account_address/city": "Tacoma",
		"account_address/state": "OR", "account_address/zip": "98402", "account_address/country": "CA",
	}
	sign := append([]string{"billing_name", "company", "provider", "street", "street2", "city", "state", "zip", "country"},
		accountAddress...)
	sign = append(sign, "reseller")
	for _, row := range DetailRows() {
		t.Run(row.Name, func(t *testing.T) {
			o := brought(t, Rejected).o
			o.Details = withAccountAddress(o.Details)
			o.Signature.LOA = o.Details.OnLOA()
			if value, ok := other[row.Name]; ok {
				o.Details.Set(row.Name, value)
			} else if row.flag != nil {
				*row.flag(&o.Details) = !*row.flag(&o.Details)
			} else {
				t.Fatal("the test has no other value")
			}
			var want []string
			if slices.Contains(sign, row.Name) {
				want = []string{row.Name}
			}
			if got := o.Unsigned(); !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
	for name, test := range map[string]struct {
		change func(*Order)
		want   []string
	}{
		"nothing is changed":  {func(*Order) {}, nil},
		"case":                {func(o *Order) { o.Details.Company = "ANALYTICAL ENGINES" }, nil},
		"punctuation":         {func(o *Order) { o.Details.BillingName = "Lovelace-Ada." }, []string{"billing_name"}},
		"a comma and a dot":   {func(o *Order) { o.Details.Street = "500 Pike, Street." }, nil},
		"ZIP+4":               {func(o *Order) { o.Details.Zip = "98101-1234" }, nil},
		"a company is put in": {func(o *Order) { o.Signature.LOA.Company = "" }, []string{"company"}},
		"the legal form is written out": {func(o *Order) {
			o.Signature.LOA.Company, o.Details.Company = "Engines Inc.", "Engines, Incorporated"
		}, nil},
		"another legal form":                  {func(o *Order) { o.Signature.LOA.Company, o.Details.Company = "Engines Inc.", "Engines LLC" }, []string{"company"}},
		"a number is left out":                {func(o *Order) { o.Numbers[0].State = Excluded }, nil},
		"a number is removed":                 {func(o *Order) { o.Numbers = o.Numbers[1:] }, nil},
		"a number is added":                   {func(o *Order) { o.Numbers = append(o.Numbers, Number{TN: "+12065550199"}) }, []string{"numbers"}},
		"a signature of before the snapshot":  {func(o *Order) { o.Signature.Numbers = nil }, nil},
		"the address of the carrier's record": {func(o *Order) { o.Details.Zip, o.Signature.Conformed = "98102", with(o.Details, "zip", "98102") }, nil},
		"the account address is told apart": {func(o *Order) { o.Details = withAccountAddress(o.Details) },
			[]string{"account_address/street", "account_address/city", "account_address/zip"}},
		"the account address is the service address after all": {func(o *Order) { o.Details = o.Details.WithAccountAddress() }, nil},
		"the account address is the service address no more": {func(o *Order) {
			o.Signature.LOA = o.Signature.LOA.WithAccountAddress()
			o.Details = withAccountAddress(o.Details)
		}, []string{"account_address/street", "account_address/city", "account_address/zip"}},
		"the service address is conformed, the account address stays": {func(o *Order) {
			o.Signature.LOA = o.Signature.LOA.WithAccountAddress()
			o.Details = o.Details.WithAccountAddress()
			o.Details.Zip, o.Signature.Conformed = "98102", with(o.Details, "zip", "98102")
		}, nil},
		"the account address in another spelling": {func(o *Order) {
			o.Signature.LOA = withAccountAddress(o.Signature.LOA)
			o.Details = with(withAccountAddress(o.Details), "account_address/street", "po box 9.")
		}, nil},
		"another address than the record's": {func(o *Order) {
			o.Signature.Conformed, o.Details.Zip = with(o.Details, "zip", "98102"), "98103"
		}, []string{"zip"}},
		"half of the record's address": {func(o *Order) {
			o.Signature.Conformed = with(with(o.Details, "zip", "98102"), "city", "Renton")
			o.Details.City = "Renton"
		}, []string{"city"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := brought(t, Rejected).o.clone()
			test.change(&o)
			if got := o.Unsigned(); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// withAccountAddress returns the details with another account address than the service address.
func withAccountAddress(d Details) Details {
	d.AccountStreet, d.AccountCity, d.AccountState, d.AccountZip, d.AccountCountry = "PO Box 9", "Tukwila", "WA", "98168", "US"
	return d
}

func with(d Details, name, value string) Details {
	d.Set(name, value)
	return d
}

// A corrected order is sent again once its LOA says the same; the edit may bring the signature.
func TestSignAgain(t *testing.T) {
	company := Edit{By: customer, To: Details{Company: "Difference Engines"}, Fields: []string{"company"}}
	signing := company
	signing.Signs, signing.Signature = true, signed.Signature
	l := brought(t, Rejected).do(company)
	if _, _, err := l.r.Apply(l.o, Resubmit{By: customer}, l.at); codeOf(err) != SignatureNeeded || !reflect.DeepEqual(faultsOf(err), []string{"company signature_needed"}) {
		t.Errorf("sent without a signature: %v %v", err, faultsOf(err))
	}
	if l.do(signed); l.o.Status != Review || l.o.Signature.LOA.Company != "Difference Engines" {
		t.Errorf("signing again leaves it %s with %+v", l.o.Status, l.o.Signature)
	}
	l = brought(t, Rejected)
	documents := len(l.o.Documents)
	l.do(signing)
	if e := l.last(); !slices.Contains(e.Effects, FileLOA) || len(l.o.Documents) != documents+1 || l.o.Status != Rejected || !e.Comment {
		t.Errorf("signed with the edit: %s, %d documents, %+v", l.o.Status, len(l.o.Documents), e)
	}
	if l.do(Resubmit{By: customer}); l.o.Status != Review {
		t.Errorf("the signed order is %s", l.o.Status)
	}
	if _, _, err := begin(t, 1).r.Apply(begin(t, 1).o, signing, now); codeOf(err) != Invalid {
		t.Errorf("a pending order is signed by an edit: %v", err)
	}
}

// The service address of the carrier's record is taken without a new signature, and told, by us and by the customer; any
// other address is signed.
func TestConformedAddress(t *testing.T) {
	offer := Return{By: system, Reasons: []Reason{{Code: AddressMismatch, Patch: map[string]string{"street": "9 ELM RD", "city": "RENTON"}}}}
	takes := Edit{By: customer, To: Details{Street: "9 ELM RD", City: "RENTON"}, Fields: []string{"street", "city"}}
	l := brought(t, Submitted).do(offer, takes)
	if m := l.last().Message; len(m.List) != 1 || m.List[0].Key != MsgConformed || !l.last().Comment {
		t.Errorf("the customer is told %+v", l.last())
	}
	if l.do(Resubmit{By: customer}); l.o.Status != Review || l.o.Signature.LOA.Street != "500 Pike Street" {
		t.Errorf("%s, signed for %q", l.o.Status, l.o.Signature.LOA.Street)
	}
	own := takes
	own.To.Street = "11 Elm Road"
	l = brought(t, Submitted).do(offer, own)
	if _, _, err := l.r.Apply(l.o, Resubmit{By: customer}, l.at); !slices.Equal(faultsOf(err), []string{"city signature_needed", "street signature_needed"}) {
		t.Errorf("another address than the record's: %v", err)
	}
	l = brought(t, Submitted).do(Correct{By: system, To: details(), Patch: map[string]string{"street": "9 Elm Rd"}})
	if got := l.o.Unsigned(); got != nil {
		t.Errorf("corrected from the record, and unsigned: %q", got)
	}
	l = brought(t, Submitted)
	if _, _, err := l.r.Apply(l.o, Correct{By: system, To: details(), Patch: map[string]string{"company": "KITE LLC"}}, l.at); codeOf(err) != SignatureNeeded {
		t.Errorf("the holder is corrected without a signature: %v", err)
	}
}

// What is split off keeps the original LOA: its order, its numbers and its words.
func TestSplitOffKeepsTheLOA(t *testing.T) {
	l := brought(t, Submitted)
	from, all := l.o, l.o.Active()
	s := Sibling{ID: "9", Numbers: all[1:], Carrier: from.Carrier, Why: "DIFFERENT_RATE_CENTERS"}
	for _, older := range []bool{false, true} {
		from := from.clone()
		if older {
			from.Signature.Order, from.Signature.Numbers = "", nil
		}
		after, _, err := l.r.Apply(from, Repair{By: system, SplitOff: []Sibling{s}}, l.at)
		if err != nil {
			t.Fatal(err)
		}
		sibling := from
		sibling.Details = from.Details
		for _, row := range detailRows {
			if row.secret != nil {
				*row.secret(&sibling.Details) = Secret{}
			}
		}
		split, _, err := l.r.Apply(Order{}, SplitOff{By: system, From: sibling, Sibling: s}, l.at)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []Order{after, split} {
			if o.Signature.Order != "1" || !slices.Equal(o.SignedNumbers(), all) || o.Unsigned() != nil {
				t.Errorf("older %v: order %s is signed as %q with %q", older, o.ID, o.Signature.Order, o.SignedNumbers())
			}
		}
		away := s
		away.Carrier = Carrier{SPID: "9999", Name: "New Bell"}
		moved, _, err := l.r.Apply(Order{}, SplitOff{By: system, From: sibling, Sibling: away}, l.at)
		if err != nil || !slices.Equal(moved.Unsigned(), []string{"provider"}) {
			t.Errorf("at another carrier: %q, %v", moved.Unsigned(), err)
		}
	}
}
