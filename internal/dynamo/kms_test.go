package dynamo_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"portway/internal/dynamo"
	"portway/internal/porting"
	"portway/internal/secret"
	"portway/internal/storetest"
)

// The secrets of an order come back through the table and a KMS, and can't be opened under another order.
func TestSecretsThroughTheTable(t *testing.T) {
	t.Parallel()
	keys := kms.NewFromConfig(engineConfig())
	key, err := keys.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	s := &secret.Sealer{Keys: keys, KeyID: *key.KeyMetadata.Arn}
	name, client := table(t)
	store := dynamo.New(client, name, s)
	_, made, err := storetest.Book(t, store).Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	o, err := store.Load(t.Context(), made[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if o.Details.PIN.Reveal() != "" || !o.Details.PIN.IsSet() {
		t.Error("reading opens the PIN, or loses it")
	}
	opened, err := s.OpenOrder(t.Context(), o)
	if err != nil || opened.Details.PIN.Reveal() != storetest.SecretPIN ||
		opened.Details.ProviderAccount.Reveal() != storetest.SecretAccount {
		t.Errorf("the secrets do not come back: %v", err)
	}
	elsewhere := secret.Scope{Account: porting.AccountID("b"), Order: o.ID}
	if _, err := s.Open(t.Context(), elsewhere, porting.SealPIN, o.Details.PIN); !errors.Is(err, secret.ErrUnreadable) {
		t.Errorf("under another account: %v, want ErrUnreadable", err)
	}
}
