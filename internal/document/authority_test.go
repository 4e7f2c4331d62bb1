package document

import (
	"bytes"
	"strings"
	"testing"

	"portway/internal/porting"
	"portway/internal/storetest"
)

// The evidence of a doubted port has who signed and what was proven, and no value of the account.
func TestAuthorityEvidence(t *testing.T) {
	o := storetest.FullOrder("4503605600001")
	pack, err := AuthorityEvidence(o)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := AuthorityEvidence(o); err != nil || !bytes.Equal(again, pack) {
		t.Errorf("the same order makes other bytes (%v)", err)
	}
	text := strings.Join(strings.Fields(read(t, pack)), " ")
	for _, want := range []string{"4503605600001", "+12065550104", o.Signature.Name, "SHA-256 d1", "account number", "P1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the evidence lacks %q:\n%s", want, text)
		}
	}
	d := o.Details
	for _, value := range []string{"ADA LOVELACE", "500 PIKE ST", d.Street, d.Company, o.Authority.Who} {
		if value != "" && strings.Contains(text, value) {
			t.Errorf("the evidence shows %q", value)
		}
	}
	o.Proof = porting.Proof{}
	if pack, err = AuthorityEvidence(o); err != nil || !strings.Contains(strings.Join(strings.Fields(read(t, pack)), " "), "nothing beside") {
		t.Errorf("an unproven order: %v", err)
	}
}
