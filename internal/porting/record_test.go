package porting

import (
	"strings"
	"testing"
)

// withRecord is an order whose carrier has given the record.
func withRecord(d Details, rec Record) Order {
	return Order{Status: Rejected, Given: Given{Details: d}, Answers: Answers{Proof: Proof{By: ProofAccount},
		Attempts: []Attempt{{Kind: AskCSR, State: AnswerReady, Record: rec}}}}
}

// echo is a record that has the order's own values, as a carrier's system writes them.
func echo(d Details, write func(string) string) Record {
	name := d.Company
	if name == "" {
		name = d.BillingName
	}
	return Record{Name: write(name), Street: write(strings.TrimSpace(d.Street + " " + d.Street2)), City: write(d.City),
		State: write(d.State), Zip: write(d.Zip), BTN: d.BillingNumber, AccountNumber: d.ProviderAccount}
}

// writings are ways in which a carrier's system writes the same value.
var writings = map[string]func(string) string{
	"as it is":              func(s string) string { return s },
	"in capitals":           strings.ToUpper,
	"with other blanks":     func(s string) string { return strings.ReplaceAll(s, " ", "  ") + " " },
	"with other punctation": func(s string) string { return strings.ReplaceAll(s, " ", ", ") + "." },
}

// No reason says that values differ which are equal, whatever the order's details are and however the record writes them.
func TestEqualValuesAreNeverSaidToDiffer(t *testing.T) {
	one, unit, person := details(), details(), details()
	unit.Street2 = "Apt 4"
	person.Company, person.UsageType = "", Residential
	for how, write := range writings {
		for _, d := range []Details{one, unit, person} {
			for _, info := range Reasons {
				o := withRecord(d, echo(d, write))
				// The details of a stored order are sealed, so that nobody can compare the account number.
				for _, sealed := range []bool{false, true} {
					if sealed {
						o.Details.ProviderAccount = SealedSecret("x")
						o.Attempts[0].Record.AccountNumber = SealedSecret("y")
					}
					reason := Reason{Code: info.Code}
					if says := o.Meaning(reason); strings.Contains(says, "differs from the carrier's record") {
						t.Errorf("%s, %s: %q", how, info.Code, says)
					}
				}
			}
		}
	}
}

// A record contradicts a reason only where it has the very values that the reason is about.
func TestWhatARecordContradicts(t *testing.T) {
	d := details()
	same := func(s string) string { return s }
	for _, test := range []struct {
		name   string
		change func(*Record)
		code   ReasonCode
		want   bool
	}{
		{"the company's name", nil, NameMismatch, true},
		{"the person's name", func(r *Record) { r.Name = "ADA LOVELACE" }, NameMismatch, true},
		{"another name", func(r *Record) { r.Name = "Bluebird Holdings LLC" }, NameMismatch, false},
		{"a longer name", func(r *Record) { r.Name += " Inc" }, NameMismatch, false},
		{"no name", func(r *Record) { r.Name = "" }, NameMismatch, false},
		{"the address", nil, AddressMismatch, true},
		{"the address of a record without a city", func(r *Record) { r.City = "" }, AddressMismatch, true},
		{"another house", func(r *Record) { r.Street = "502 Pike Street" }, AddressMismatch, false},
		{"another ZIP code", func(r *Record) { r.Zip = "98102" }, AddressMismatch, false},
		{"no address", func(r *Record) { r.Street, r.City, r.State, r.Zip = "", "", "", "" }, AddressMismatch, false},
		{"the ZIP code", nil, ZipMismatch, true},
		{"the longer ZIP code that the carrier wants", func(r *Record) { r.Zip += "-0049" }, ZipMismatch, false},
		{"the billing number", nil, BTNMismatch, true},
		{"another billing number", func(r *Record) { r.BTN = "+12065550199" }, BTNMismatch, false},
		{"the account number", nil, AccountMismatch, true},
		{"another account number", func(r *Record) { r.AccountNumber = NewSecret("77") }, AccountMismatch, false},
		{"what a record does not hold", nil, PINInvalid, false},
		{"an address that is no street", nil, AddressInvalid, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			rec := echo(d, same)
			if test.change != nil {
				test.change(&rec)
			}
			if got := withRecord(d, rec).Contradicts(Reason{Code: test.code}); got != test.want {
				t.Errorf("contradicts %v, want %v", got, test.want)
			}
		})
	}
	if (Order{Given: Given{Details: d}}).Contradicts(Reason{Code: NameMismatch}) {
		t.Error("without a record a reason is contradicted")
	}
}

// The record that counts is the newest that came, and not a request that came to nothing.
func TestTheNewestRecordCounts(t *testing.T) {
	o := Order{Answers: Answers{Attempts: []Attempt{
		{Kind: AskCSR, PON: "C1", State: AnswerReady},
		{Kind: AskPort, PON: "P1", State: AnswerRefused},
		{Kind: AskCSR, PON: "C2", State: AnswerReady},
		{Kind: AskCSR, PON: "C3", State: AnswerNoRecord},
	}}}
	if csr, ok := o.Record(); !ok || csr.PON != "C2" {
		t.Errorf("the record is that of %q, %v", csr.PON, ok)
	}
}

// A code of the peers is told, and nothing that may be an account number, a name or a sentence.
func TestPeerCodes(t *testing.T) {
	for _, code := range []string{"7402", "26500", "505002", "8A", "6N", "E17A", "E6c", "E42PWA", "E1111", "E10a", "01",
		"SPARE", "EXPIRED", "PORT_FAILED", "BRCUD", "REJECTED", FrozenRequest} {
		if PeerCode(code) != code {
			t.Errorf("the code %q is not told", code)
		}
	}
	for _, raw := range []string{"", "123456", "7788123", "ACCT-77881", "ACCT77881", "CANARY", "SMITH", "J.SMITH", "Jane", "12 Main",
		"PIN=4711", "ABC12345", "1234ABCD", "zip 98101", "98101-0049", "7402 8D", "7402\n", "７４０２", strings.Repeat("7", 40)} {
		if got := PeerCode(raw); got != "" {
			t.Errorf("%q is told as a code: %q", raw, got)
		}
	}
}
