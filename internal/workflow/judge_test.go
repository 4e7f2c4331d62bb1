package workflow

import (
	"maps"
	"strings"
	"testing"
	"time"

	"portway/internal/bizday"
	"portway/internal/match"
	"portway/internal/porting"
	"portway/internal/text"
)

// What the carrier's record says is corrected or offered where the order can take it, and else told without a value.
func TestJudgeOffersWhatTheOrderTakes(t *testing.T) {
	days, err := bizday.Named("npac", "America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	rules, now := porting.Standard(days), time.Date(2027, 3, 2, 17, 0, 0, 0, time.UTC)
	order := func(consent porting.Consent) porting.Order {
		return porting.Order{
			Numbers: []porting.Number{{TN: "+12065550101"}},
			Given: porting.Given{Details: porting.Details{BillingName: "Pat Example", Provider: "Old Bell", UsageType: porting.Residential, Street: "12 Elm Road",
				City: "Seattle", State: "WA", Zip: "98101", Country: "US", ProviderAccount: porting.NewSecret("A-104"), AutoCorrect: consent}},
		}
	}
	same := porting.Record{Name: "PAT EXAMPLE", Street: "12 ELM RD", City: "SEATTLE", State: "WA", Zip: "98101",
		AccountNumber: porting.NewSecret("A-104"), Numbers: []string{"+12065550101"}}
	for _, test := range []struct {
		name   string
		change func(*porting.Record)
		patch  map[string]string // what is corrected under full consent, and offered without
		code   porting.ReasonCode
		told   bool // the reason says that the record's value can't be used
	}{
		{"the same", func(*porting.Record) {}, nil, "", false},
		{"another street", func(r *porting.Record) { r.Street = "9 OAK AVE" }, map[string]string{"street": "9 OAK AVE", "street2": ""}, porting.AddressMismatch, false},
		{"a post office box", func(r *porting.Record) { r.Street = "PO BOX 12" }, nil, porting.AddressMismatch, true},
		{"a post office box with the ZIP of its own", func(r *porting.Record) { r.Street, r.Zip = "P O BOX 12", "98111" }, nil, porting.AddressMismatch, true},
		{"a street of 121 letters", func(r *porting.Record) { r.Street = "9 " + strings.Repeat("ELM", 40) }, nil, porting.AddressMismatch, true},
		{"a street without letters", func(r *porting.Record) { r.Street = "12" }, nil, porting.AddressMismatch, true},
		{"a state that is none", func(r *porting.Record) { r.State = "XX" }, nil, porting.AddressMismatch, true},
		{"a ZIP that is none", func(r *porting.Record) { r.Zip = "9810" + "A" }, nil, porting.ZipMismatch, true},
		{"a ZIP without its zero", func(r *porting.Record) { r.Zip = "2134" }, map[string]string{"zip": "02134"}, porting.ZipMismatch, false},
		{"another person", func(r *porting.Record) { r.Name = "KIM EXAMPLE" }, map[string]string{"billing_name": "KIM EXAMPLE"}, porting.NameMismatch, false},
		{"an initial for the first name", func(r *porting.Record) { r.Name = "P EXAMPLE" }, nil, porting.NameMismatch, true},
		{"a couple", func(r *porting.Record) { r.Name = "PAT & KIM EXAMPLE" }, nil, porting.NameMismatch, true},
		{"a BTN that is none", func(r *porting.Record) { r.BTN = "AC-919" }, nil, porting.BTNMismatch, true},
		{"another BTN", func(r *porting.Record) { r.BTN = "206 555 0199" }, map[string]string{"billing_number": "+12065550199"}, porting.BTNMismatch, false},
		{"an account number with stars", func(r *porting.Record) { r.AccountNumber = porting.NewSecret("****12") }, nil, porting.AccountMismatch, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			rec := same
			test.change(&rec)
			asked := judge(rules, order(porting.CorrectNone), rec, now)
			if test.code == "" {
				if len(asked.reasons) > 0 || len(asked.fix.Patch) > 0 {
					t.Errorf("%+v", asked)
				}
				return
			}
			offered := map[string]string{}
			told := false
			for _, reason := range asked.reasons {
				maps.Copy(offered, reason.Patch)
				told = told || strings.Contains(reason.Note.Args["how"], match.Unusable)
			}
			if len(asked.reasons) == 0 || asked.reasons[0].Code != test.code || !maps.Equal(offered, test.patch) || told != test.told {
				t.Errorf("offered: %+v", asked.reasons)
			}
			corrected := judge(rules, order(porting.CorrectAll), rec, now)
			patch, asks := test.patch, test.told
			if test.code == porting.NameMismatch { // which the customer has signed
				patch, asks = map[string]string{}, true
			}
			if !maps.Equal(corrected.fix.Patch, patch) || len(corrected.fix.Fields) > 0 || (len(corrected.reasons) > 0) != asks {
				t.Errorf("corrected: %q %q, reasons %+v", corrected.fix.Patch, corrected.fix.Fields, corrected.reasons)
			}
		})
	}
}

// Our staff read words for each difference that a comparison may find; an order of an earlier release has them itself.
func TestEveryFindingHasItsWords(t *testing.T) {
	told := func(how string) string {
		return text.English.Staff(porting.Say(porting.MsgRecordDiffers, "field", "street", "how", how))
	}
	for _, code := range match.Reasons() {
		if said := told(code + "," + match.OneLetter); strings.Contains(said, "_") || !strings.Contains(said, "; they differ by one") {
			t.Errorf("%s is told as %q", code, said)
		}
	}
	const old = "the street differs, by one letter or digit"
	if said := told(old); !strings.Contains(said, "("+old+")") {
		t.Errorf("the words of an earlier release are told as %q", said)
	}
}
