package porting

import (
	"fmt"
	"log/slog"
	"unique"
)

// Redacted stands in every print of a Secret.
const Redacted = "[redacted]"

// Secret is a PIN, an account number, SSN digits or a task token. It prints as [Redacted] whatever the verb, so that no log
// line, error or JSON document can carry it by accident. A secret read from the store is sealed: present, but without its
// text, until a function that may decrypt it opens it.
type Secret struct {
	// text is a handle, since fmt asks no method of a field that it may not call: of a handle it prints an address.
	text   unique.Handle[string]
	sealed string
}

// NewSecret hides text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: unique.Make(text)}
}

// SealedSecret is a secret whose text is only known as a ciphertext.
func SealedSecret(ciphertext string) Secret { return Secret{sealed: ciphertext} }

// Reveal gives the text; it is empty while the secret is sealed.
func (s Secret) Reveal() string {
	if s.text == (unique.Handle[string]{}) {
		return ""
	}
	return s.text.Value()
}

// Sealed gives the ciphertext, empty when there is none.
func (s Secret) Sealed() string { return s.sealed }

// IsSet says whether there is a secret at all, open or sealed.
func (s Secret) IsSet() bool { return s.Reveal() != "" || s.sealed != "" }

// Opened is the same secret with its text known.
func (s Secret) Opened(text string) Secret {
	return Secret{text: NewSecret(text).text, sealed: s.sealed}
}

func (s Secret) String() string {
	if !s.IsSet() {
		return ""
	}
	return Redacted
}

// Format covers every verb, %#v and %d too.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// MarshalText keeps a secret out of JSON and text encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText hides what comes from outside.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}

// LogValue keeps a secret out of structured logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
