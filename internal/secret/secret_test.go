package secret_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/internal/dynamo/dynamotest"
	"portway/internal/porting"
	"portway/internal/secret"
)

var scope = secret.Scope{Account: "a", Order: "1"}

func order() porting.Order {
	o := porting.Order{ID: "1", Account: "a",
		Answers: porting.Answers{Attempts: []porting.Attempt{{Kind: porting.AskCSR}, {Kind: porting.AskPort}}}}
	o.Details.ProviderAccount, o.Details.PIN = porting.NewSecret("ACCT-1"), porting.NewSecret("PIN-1")
	o.Attempts[0].Record.AccountNumber = porting.NewSecret("ACCT-2")
	return o
}

func TestSealOrder(t *testing.T) {
	keys := &dynamotest.Keys{}
	s := &secret.Sealer{Keys: keys, KeyID: "k"}
	o := order()
	sealed, err := s.SealOrder(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if o.Details.PIN.Sealed() != "" || o.Attempts[0].Record.AccountNumber.Sealed() != "" {
		t.Error("the order that was given is changed")
	}
	if keys.Made != 1 {
		t.Errorf("%d data keys for one save, want 1", keys.Made)
	}
	if sealed.Details.LastFourSSN.IsSet() || sealed.Attempts[1].Record.AccountNumber.IsSet() {
		t.Error("a secret that was not there is now")
	}
	for _, p := range secret.Parts(&sealed) {
		if p.Secret.Reveal() != "" {
			t.Errorf("%s still has its text", p.Field)
		}
	}

	opened, err := s.OpenOrder(t.Context(), sealed)
	if err != nil {
		t.Fatal(err)
	}
	if opened.Details.ProviderAccount.Reveal() != "ACCT-1" || opened.Details.PIN.Reveal() != "PIN-1" ||
		opened.Attempts[0].Record.AccountNumber.Reveal() != "ACCT-2" {
		t.Error("the secrets do not come back")
	}
	if keys.Opened != 1 {
		t.Errorf("%d calls to unwrap one data key, want 1", keys.Opened)
	}
	again, err := s.SealOrder(t.Context(), opened)
	if err != nil || keys.Made != 1 || again.Details.PIN.Sealed() != sealed.Details.PIN.Sealed() {
		t.Errorf("what is sealed already is sealed anew (%v)", err)
	}
}

// The carrier's account number may take the place of the customer's without being opened.
func TestAccountNumberMoves(t *testing.T) {
	s := &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "k"}
	o, err := s.SealOrder(t.Context(), order())
	if err != nil {
		t.Fatal(err)
	}
	o.Details.ProviderAccount = o.Attempts[0].Record.AccountNumber
	if o, err = s.OpenOrder(t.Context(), o); err != nil || o.Details.ProviderAccount.Reveal() != "ACCT-2" {
		t.Errorf("the moved number does not open: %v", err)
	}
}

func TestOpenElsewhere(t *testing.T) {
	s := &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "k"}
	pin := porting.NewSecret("PIN-1")
	if err := s.Seal(t.Context(), scope, secret.Part{Field: porting.SealPIN, Secret: &pin}); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(pin.Sealed())
	if err != nil {
		t.Fatal(err)
	}
	changed := func(i int) string {
		b := append([]byte(nil), raw...)
		b[i] ^= 1
		return base64.StdEncoding.EncodeToString(b)
	}
	for _, test := range []struct {
		name   string
		scope  secret.Scope
		field  string
		sealed string
		ok     bool
	}{
		{"OK", scope, porting.SealPIN, pin.Sealed(), true},
		{"another order", secret.Scope{Account: "a", Order: "2"}, porting.SealPIN, pin.Sealed(), false},
		{"another account", secret.Scope{Account: "b", Order: "1"}, porting.SealPIN, pin.Sealed(), false},
		{"another field", scope, porting.SealAccountNumber, pin.Sealed(), false},
		{"changed text", scope, porting.SealPIN, changed(len(raw) - 1), false},
		{"changed version", scope, porting.SealPIN, changed(0), false},
		{"changed length", scope, porting.SealPIN, changed(1), false},
		{"changed key", scope, porting.SealPIN, changed(5), false},
		{"cut short", scope, porting.SealPIN, base64.StdEncoding.EncodeToString(raw[:10]), false},
		{"no base64", scope, porting.SealPIN, "%", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := s.Open(t.Context(), test.scope, test.field, porting.SealedSecret(test.sealed))
			if test.ok && (err != nil || got.Reveal() != "PIN-1") {
				t.Errorf("error %v", err)
			}
			if !test.ok && (!errors.Is(err, secret.ErrUnreadable) || got.Reveal() != "") {
				t.Errorf("error %v, want ErrUnreadable", err)
			}
			if err != nil && (strings.Contains(err.Error(), "PIN-1") || strings.Contains(err.Error(), pin.Sealed())) {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}

type broken struct{ dynamotest.Keys }

func (*broken) GenerateDataKey(context.Context, *kms.GenerateDataKeyInput,
	...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
	return nil, errors.New("KMS is down")
}

func TestSealFailsWithoutTheSecret(t *testing.T) {
	s := &secret.Sealer{Keys: &broken{}, KeyID: "k"}
	_, err := s.SealOrder(t.Context(), order())
	if err == nil || strings.Contains(fmt.Sprintf("%+v", err), "ACCT") {
		t.Errorf("error %v", err)
	}
}
