// Package secret seals what must not be read in the table: PIN, SSN digits and account numbers at the losing carrier.
//
// A value is encrypted with AES-256-GCM under a data key that KMS made for one save of one order. The ciphertext stands on its
// own: it carries its data key, wrapped by KMS under the account and the order, so that it can't be read under another order.
// Sealing needs kms:GenerateDataKey alone, opening kms:Decrypt, which only the functions that talk to a peer have.
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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"portway/internal/porting"
)

// Scope is whose secret it is.
type Scope struct {
	Account porting.AccountID
	Order   porting.OrderID
}

func (s Scope) context() map[string]string {
	return map[string]string{"account": string(s.Account), "order": string(s.Order)}
}

// Keys are the two calls of KMS; *kms.Client has them.
type Keys interface {
	GenerateDataKey(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error)
	Decrypt(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
}

// Sealer seals and opens under one KMS key.
type Sealer struct {
	Keys Keys
	// KeyID is the KMS key's id, ARN or alias; opening goes by the wrapped data key, and refuses one of another key.
	KeyID string
}

// Part is a secret where it stands, with the name that it is sealed under.
type Part struct {
	Field  string
	Secret *porting.Secret
}

// ErrUnreadable is the answer for a ciphertext that is not ours, was changed, or belongs elsewhere.
var ErrUnreadable = errors.New("secret: the ciphertext can't be opened here")

// Seal replaces every part that has no ciphertext yet by its sealed form: one call of KMS for all of them, none when there is
// nothing to seal.
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

// Open gives the secret with its text. One that is open already, or not set, comes back as it is.
func (s *Sealer) Open(ctx context.Context, scope Scope, field string, secret porting.Secret) (porting.Secret, error) {
	err := s.OpenAll(ctx, scope, Part{field, &secret})
	return secret, err
}

// OpenAll opens every part where it stands; parts that were sealed together cost one call of KMS.
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

// SealOrder is the order with all its secrets sealed; o stays as it is.
func (s *Sealer) SealOrder(ctx context.Context, o porting.Order) (porting.Order, error) {
	o.Attempts = append([]porting.Attempt(nil), o.Attempts...)
	return o, s.Seal(ctx, Scope{o.Account, o.ID}, Parts(&o)...)
}

// OpenOrder is the order with all its secrets open; o stays as it is.
func (s *Sealer) OpenOrder(ctx context.Context, o porting.Order) (porting.Order, error) {
	o.Attempts = append([]porting.Attempt(nil), o.Attempts...)
	return o, s.OpenAll(ctx, Scope{o.Account, o.ID}, Parts(&o)...)
}

// Parts are the secrets on an order. The task token is none of them: it is worth nothing beyond one execution, and notify,
// which has no right to decrypt, resumes by it.
func Parts(o *porting.Order) []Part {
	var parts []Part
	for _, row := range porting.DetailRows() {
		if row.Seal != "" {
			parts = append(parts, Part{Field: row.Seal, Secret: row.Secret(&o.Details)})
		}
	}
	for i := range o.Attempts {
		parts = append(parts, Part{Field: porting.SealAccountNumber, Secret: &o.Attempts[i].Record.AccountNumber})
	}
	return parts
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("secret: the data key is unfit: %w", err)
	}
	return cipher.NewGCM(block)
}

// The ciphertext's form, as base64: version (1 byte), length of the wrapped key (2, big-endian), wrapped key, nonce (12),
// ciphertext with its tag. The field's name is the additional data.
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
