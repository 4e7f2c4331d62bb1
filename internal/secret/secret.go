// Package secret seals values that nobody may read in the table: PINs, SSN digits, account numbers at the losing
// carrier, and webhook secrets. [Sealer] seals and opens them. Start reading at Sealer.Seal.
//
// A value is encrypted with AES-256-GCM under a data key that KMS makes for one save of one order. The ciphertext
// carries its data key, which KMS has wrapped for the account and the order, so that it can't be opened under another
// order. Sealing needs the right kms:GenerateDataKey. Opening needs kms:Decrypt, which only the functions that talk to
// a peer have.
//
// The package knows which fields of an order are secret ([Parts]). It knows no store, and nothing of what a secret is
// for.
package secret

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"portway/internal/porting"
)

// Scope says to whom a secret belongs. A secret that was sealed in one scope can't be opened in another.
type Scope struct {
	Account porting.AccountID
	Order   porting.OrderID
}

func (s Scope) context() map[string]string {
	return map[string]string{"account": string(s.Account), "order": string(s.Order)}
}

// Keys makes and unwraps data keys; *kms.Client does.
type Keys interface {
	GenerateDataKey(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput,
		error)
	Decrypt(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
}

// Sealer seals and opens under one KMS key.
type Sealer struct {
	Keys Keys
	// KeyID is the id, the ARN or an alias of the KMS key. A data key that another KMS key has wrapped is refused.
	KeyID string
}

// Part is a place of a secret, with the name under which the secret is sealed.
type Part struct {
	Field  string
	Secret *porting.Secret
}

// ErrUnreadable says that a ciphertext is not ours, was changed, or belongs to another scope or name.
var ErrUnreadable = errors.New("secret: the ciphertext can't be opened here")

// Seal replaces every part that has no ciphertext yet by its sealed form. All of them cost one call of KMS; where there
// is nothing to seal there is no call.
func (s *Sealer) Seal(ctx context.Context, scope Scope, parts ...Part) error {
	var aead cipher.AEAD
	var wrapped []byte
	for _, p := range parts {
		if !p.Secret.IsSet() || p.Secret.Sealed() != "" {
			continue
		}
		if aead == nil {
			key, err := s.Keys.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{
				KeyId: aws.String(s.KeyID), KeySpec: types.DataKeySpecAes256, EncryptionContext: scope.context(),
			})
			if err != nil {
				return fmt.Errorf("make a data key: %w", err)
			}
			wrapped = key.CiphertextBlob
			aead, err = gcm(key.Plaintext)
			clear(key.Plaintext)
			if err != nil {
				return err
			}
		}
		*p.Secret = porting.SealedSecret(seal(aead, wrapped, p.Field, p.Secret.Reveal()))
	}
	return nil
}

// Open returns the secret with its text. A secret that is open already, or not set, is returned as it is.
func (s *Sealer) Open(ctx context.Context, scope Scope, field string, secret porting.Secret) (porting.Secret, error) {
	err := s.OpenAll(ctx, scope, Part{field, &secret})
	return secret, err
}

// OpenAll opens every part in its place. Parts that were sealed together cost one call of KMS.
func (s *Sealer) OpenAll(ctx context.Context, scope Scope, parts ...Part) error {
	unwrapped := map[string]cipher.AEAD{}
	for _, p := range parts {
		if p.Secret.Sealed() == "" || p.Secret.Reveal() != "" {
			continue
		}
		wrapped, nonce, ciphertext, err := parse(p.Secret.Sealed())
		if err != nil {
			return err
		}
		aead, ok := unwrapped[string(wrapped)]
		if !ok {
			key, err := s.Keys.Decrypt(ctx, &kms.DecryptInput{
				KeyId: aws.String(s.KeyID), CiphertextBlob: wrapped, EncryptionContext: scope.context(),
			})
			var refused *types.InvalidCiphertextException
			var other *types.IncorrectKeyException
			if errors.As(err, &refused) || errors.As(err, &other) {
				return ErrUnreadable
			}
			if err != nil {
				return fmt.Errorf("unwrap a data key: %w", err)
			}
			aead, err = gcm(key.Plaintext)
			clear(key.Plaintext)
			if err != nil {
				return err
			}
			unwrapped[string(wrapped)] = aead
		}
		text, err := aead.Open(nil, nonce, ciphertext, []byte(p.Field))
		if err != nil {
			return ErrUnreadable
		}
		*p.Secret = p.Secret.Opened(string(text))
	}
	return nil
}

// SealOrder returns the order with all its secrets sealed, and leaves o as it is.
func (s *Sealer) SealOrder(ctx context.Context, o porting.Order) (porting.Order, error) {
	o.Attempts, o.Changes = slices.Clone(o.Attempts), slices.Clone(o.Changes)
	return o, s.Seal(ctx, Scope{o.Account, o.ID}, Parts(&o)...)
}

// OpenOrder returns the order with all its secrets open, and leaves o as it is.
func (s *Sealer) OpenOrder(ctx context.Context, o porting.Order) (porting.Order, error) {
	o.Attempts, o.Changes = slices.Clone(o.Attempts), slices.Clone(o.Changes)
	return o, s.OpenAll(ctx, Scope{o.Account, o.ID}, Parts(&o)...)
}

// sealDigest is the name under which the digest of a request is sealed.
const sealDigest = "request_digest"

// Parts lists the secrets of an order. The task token is not among them: it opens nothing but one execution, and the
// function notify, which has no right to decrypt, needs it.
func Parts(o *porting.Order) []Part {
	var parts []Part
	for _, row := range porting.DetailRows() {
		if row.Seal != "" {
			parts = append(parts, Part{Field: row.Seal, Secret: row.Secret(&o.Details)})
		}
	}
	for i := range o.Changes {
		for _, row := range porting.DetailRows() {
			if row.Seal != "" {
				parts = append(parts, Part{Field: row.Seal, Secret: row.Secret(&o.Changes[i].Was)})
			}
		}
	}
	for i := range o.Attempts {
		parts = append(parts,
			Part{Field: porting.SealAccountNumber, Secret: &o.Attempts[i].Record.AccountNumber},
			Part{Field: sealDigest, Secret: &o.Attempts[i].Digest})
	}
	return parts
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("secret: the data key can't be used: %w", err)
	}
	return cipher.NewGCM(block)
}

// A sealed value is base64 of: version (1 byte), length of the wrapped key (2, big-endian), wrapped key, nonce (12),
// ciphertext with its tag. The name of the part is the additional data.
const (
	version   = 1
	headSize  = 3
	nonceSize = 12
)

func seal(aead cipher.AEAD, wrapped []byte, field, text string) string {
	out := binary.BigEndian.AppendUint16([]byte{version}, uint16(len(wrapped)))
	out = append(out, wrapped...)
	nonce := make([]byte, nonceSize)
	rand.Read(nonce) // never fails (crypto/rand)
	out = append(out, nonce...)
	return base64.StdEncoding.EncodeToString(aead.Seal(out, nonce, []byte(text), []byte(field)))
}

func parse(sealed string) (wrapped, nonce, ciphertext []byte, err error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < headSize || raw[0] != version {
		return nil, nil, nil, ErrUnreadable
	}
	end := headSize + int(binary.BigEndian.Uint16(raw[1:]))
	if len(raw) < end+nonceSize {
		return nil, nil, nil, ErrUnreadable
	}
	return raw[headSize:end], raw[end : end+nonceSize], raw[end+nonceSize:], nil
}
