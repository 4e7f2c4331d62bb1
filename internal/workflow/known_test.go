package workflow

import (
	"maps"
	"slices"
	"testing"

	"portway/internal/porting"
)

// A repair takes from the carrier's record what the comparison would take: the unit apart from the street, and the carrier's
// form of what means the same.
func TestKnown(t *testing.T) {
	o := porting.Order{
		Numbers: []porting.Number{{TN: "+12065550101"}},
		Given: porting.Given{Details: porting.Details{BillingName: "Ada Lovelace", Street: "12 Elm Road", City: "Seattle", State: "WA", Zip: "98101", Country: "US",
			ProviderAccount: porting.NewSecret("A-1")}},
		Answers: porting.Answers{Attempts: []porting.Attempt{{Kind: porting.AskCSR, State: porting.AnswerReady, Record: porting.Record{
			Name: "Ada Lovelace", Street: "500 PIKE ST STE 2", City: "Seattle", State: "WA", Zip: "98101-0049",
			AccountNumber: porting.NewSecret("B-2"), BTN: "2065550100", Numbers: []string{"+12065550101"}}}}},
	}
	h := known(o)
	if len(h.Known) > 0 || h.Account.IsSet() {
		t.Errorf("an unproven order knows %v", h.Known)
	}
	o.Proof = porting.Proof{By: porting.ProofAccount}
	h = known(o)
	want := map[string]string{"street": "500 PIKE ST", "street2": "STE 2", "zip": "98101-0049", "billing_number": "+12065550100"}
	if !maps.Equal(h.Known, want) || h.Account.IsSet() || !slices.Contains(h.Form, "zip") || slices.Contains(h.Form, "street") {
		t.Errorf("%v, form %v; want %v", h.Known, h.Form, want)
	}
	o.Details.ProviderAccount = porting.NewSecret("b2")
	if h := known(o); h.Account.Reveal() != "B-2" || !slices.Contains(h.Form, "provider_account") {
		t.Errorf("of an account number in another form it says %v", h.Form)
	}
	o.Proof, o.Details.Street = porting.Proof{}, "500 Pike St."
	o.Details.Street2, o.Details.City = "Ste. 2", "Seattle,"
	want = map[string]string{"street": "500 PIKE ST", "street2": "STE 2", "city": "Seattle"}
	if h := known(o); !maps.Equal(h.Known, want) || h.Account.IsSet() {
		t.Errorf("of an unproven order it says %v, want what differs in case and punctuation alone: %v", h.Known, want)
	}
	o.Attempts[0].State = porting.AnswerWaiting
	if h := known(o); len(h.Known) != 0 || h.Account.IsSet() {
		t.Errorf("there is no record, and it says %v", h.Known)
	}
}
