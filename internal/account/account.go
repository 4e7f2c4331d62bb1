// Package account has our customers with everything that is theirs beside orders: the balance that port fees are taken
// from, the keys by which they call, the mail addresses that we write to, and the records that presets refer to.
//
// Start with [Account] and [Store]. Contacts and keys change by a [Change], which a pure function makes of the account
// as it is read (SetContacts, Grant, Rotate and others) and Store.Amend writes. The package knows orders by their ids
// and presets alone, and nothing of HTTP, mail or webhooks.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Account is a customer of ours.
type Account struct {
	ID      porting.AccountID
	Name    string
	Mail    string // the primary address, for mail of a purpose that has no address of its own
	Kind    Kind
	Balance porting.Money
	Created time.Time
	// Contacts are the addresses by purpose. They are empty until they are first changed: see AllContacts.
	Contacts []Contact
	// Strict is the customer's choice that a warning about an order that the order can answer refuses its signature.
	Strict bool
	// MailCalls is the customer's choice that mails show calls of the API in place of a link to the order's page.
	MailCalls bool
	// Looks are how the pages of the account's orders look.
	Looks Looks
	// Quiet are the days on which the customer wants no port.
	Quiet porting.QuietDays
	// Version is raised by every change of the contacts and the keys. A change of the balance leaves it as it is.
	Version int64
	// Tariff is what the orders cost that the account creates from now on.
	Tariff porting.Tariff
}

// nowhere is an address of SES's mailbox simulator, which takes every mail and shows it to nobody.
const nowhere = "success@simulator.amazonses.com"

// Kind tells real customers from trials.
type Kind string

// A live account ports numbers; a sandbox account's orders go to simulated carriers only.
const (
	Live    Kind = "live"
	Sandbox Kind = "sandbox"
)

// KindOf returns the kind of a sandbox, or of a live account.
func KindOf(sandbox bool) Kind {
	if sandbox {
		return Sandbox
	}
	return Live
}

// Key is an access key as it is stored: with the hash of its secret, never the secret.
type Key struct {
	Access  string
	Account porting.AccountID
	Kind    Kind // the account's kind, which never changes
	Hash    [sha256.Size]byte
	Created time.Time
	Name    string    // the customer gives it, to tell its keys apart
	Expires time.Time // the key opens until then; zero for a key without an end
	Scopes  Scopes    // what the key opens
	Ranges  Ranges    // from where the key opens
}

// Owner returns the account of the key, and whether it is a sandbox.
func (k Key) Owner() porting.Owner {
	return porting.Owner{Account: k.Account, Sandbox: k.Kind == Sandbox}
}

// Store keeps accounts. It refuses with a *porting.Error: NotFound, Stale where the account has changed since it was
// read, or Settled where the thing to be written exists already.
type Store interface {
	Account(ctx context.Context, id porting.AccountID) (Account, error)
	// OpenAccount writes a new account.
	OpenAccount(ctx context.Context, a Account) error
	// Deposit adds to the balance, once for each reference.
	Deposit(ctx context.Context, id porting.AccountID, amount porting.Money, reference string, at time.Time) error
	// SetTariff writes what the account's orders cost that are created from now on.
	SetTariff(ctx context.Context, id porting.AccountID, t porting.Tariff) error
	// LimitUnsigned writes how many numbers the account may have on orders that are not signed; 0 is
	// porting.UnsignedNumbers.
	LimitUnsigned(ctx context.Context, id porting.AccountID, most int) error
	// Ledger reads the changes of a balance, newest first, from before the place where one is given.
	Ledger(ctx context.Context, id porting.AccountID, before string, limit int) ([]Line, error)

	Key(ctx context.Context, access string) (Key, error)
	// AddKey writes a new key; the account may have others, so that keys can be changed without a pause.
	AddKey(ctx context.Context, k Key) error
	// Keys reads an account with all its keys, the oldest first: one call.
	Keys(ctx context.Context, id porting.AccountID) (Account, []Key, error)
	// Amend writes a change of an account in one transaction, where its version is still Before's.
	Amend(ctx context.Context, c Change) error

	// Presets reads the records of a kind in the order of their ids, from behind the id where one is given.
	Presets(ctx context.Context, id porting.AccountID, kind PresetKind, after string, limit int) ([]Preset, error)
	// FindPresets reads those of the records that exist: one call.
	FindPresets(ctx context.Context, id porting.AccountID, refs []Ref) (map[Ref]Preset, error)
	// AddPreset writes a new record; Stale means that its id is used already.
	AddPreset(ctx context.Context, p Preset, r *orders.Receipt) error
	// JudgePreset writes the decision on a record; NotFound where there is none.
	JudgePreset(ctx context.Context, p Preset) error
	// RemovePreset removes a record; NotFound where there is none.
	RemovePreset(ctx context.Context, id porting.AccountID, ref Ref, r *orders.Receipt) error
	// PresetUsers finds live orders that refer to a record, at most limit; the store may lag a little. It reads the
	// heads of all live orders of the account.
	PresetUsers(ctx context.Context, id porting.AccountID, ref Ref, limit int) ([]porting.OrderID, error)
}

// Change is one change of an account's contacts or keys. It leaves the name, the kind and the balance as they are.
type Change struct {
	Before, After Account
	Add           []Key
	Update        []Key // these have got an end
	Remove        []string
	// Receipt is written in the same transaction if its key is still leased by this try; if not, the change is Stale.
	Receipt *orders.Receipt
}

// Keyring is the part of the store that Authenticate needs.
type Keyring interface {
	Key(ctx context.Context, access string) (Key, error)
}

// ErrCredentials answers an unknown key and a wrong secret alike.
var ErrCredentials = porting.Errorf(porting.Forbidden, "The access key or the secret key is wrong.")

// Authenticate returns the key that the credentials open. A key that has ended is refused, and so is a call from an
// address outside of the key's ranges. With ErrCredentials comes the key that the access key names, so that the refusal can
// be logged; its Account is empty where there is none. The comparison takes the same time for an unknown key and a wrong
// secret. A plain hash is enough, since secrets are random and long.
func Authenticate(ctx context.Context, s Keyring, access, secret, address string, now time.Time) (Key, error) {
	k, err := s.Key(ctx, access)
	known := err == nil
	var e *porting.Error
	if err != nil && !(errors.As(err, &e) && e.Code == porting.NotFound) {
		return Key{}, fmt.Errorf("read the access key: %w", err)
	}
	hash := sha256.Sum256([]byte(secret))
	same := subtle.ConstantTimeCompare(hash[:], k.Hash[:]) == 1
	if !same || !known || !k.Live(now) || !k.Ranges.Contain(address) {
		return k, ErrCredentials
	}
	return k, nil
}

// Credentials are shown to the customer once.
type Credentials struct {
	Access string
	Secret porting.Secret
}

// The lengths of Flowroute's credentials. 32 characters of 62 are 190 bits.
const (
	accessLength = 8
	secretLength = 32
)

// NewKey makes credentials for an account, and the key that is stored of them. Without a random reader it is
// crypto/rand's.
func NewKey(random io.Reader, id porting.AccountID, kind Kind, at time.Time) (Credentials, Key, error) {
	if random == nil {
		random = rand.Reader
	}
	access, err := draw(random, accessLength)
	if err != nil {
		return Credentials{}, Key{}, err
	}
	secret, err := draw(random, secretLength)
	if err != nil {
		return Credentials{}, Key{}, err
	}
	return Credentials{access, porting.NewSecret(secret)}, NewKeyOf(access, secret, id, kind, at), nil
}

// NewKeyOf returns the key that is stored of given credentials.
func NewKeyOf(access, secret string, id porting.AccountID, kind Kind, at time.Time) Key {
	return Key{Access: access, Account: id, Kind: kind, Hash: sha256.Sum256([]byte(secret)), Created: at}
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// draw returns n characters, each as likely as any other: a byte that would favour the first ones is drawn again.
func draw(random io.Reader, n int) (string, error) {
	const fair = 256 / len(alphabet) * len(alphabet)
	var text strings.Builder
	one := make([]byte, 1)
	for text.Len() < n {
		if _, err := io.ReadFull(random, one); err != nil {
			return "", fmt.Errorf("draw a key: %w", err)
		}
		if int(one[0]) < fair {
			text.WriteByte(alphabet[int(one[0])%len(alphabet)])
		}
	}
	return text.String(), nil
}

// faults returns what is wrong with a new account.
func (a Account) faults() porting.Faults {
	var faults porting.Faults
	odd := func(c rune) bool { return !strings.ContainsRune(alphabet+"-_", c) }
	if a.ID == "" || strings.ContainsFunc(string(a.ID), odd) {
		faults.Add("id", porting.BadFormat, "Use letters, digits, - and _ only.")
	}
	if strings.TrimSpace(a.Name) == "" {
		faults.Add("name", porting.Required, "This is required.")
	}
	if why := porting.MailFault(a.Mail); why != "" {
		faults.Add("mail", porting.BadFormat, why)
	}
	if a.Kind != Live && a.Kind != Sandbox {
		faults.Add("kind", porting.BadFormat, "Give live or sandbox.")
	}
	return faults
}

// Open makes an account with its first key. It tells all faults of the account at once.
func Open(ctx context.Context, s Store, a Account, random io.Reader) (Credentials, error) {
	if err := a.faults().Err(); err != nil {
		return Credentials{}, err
	}
	shown, key, err := NewKey(random, a.ID, a.Kind, a.Created)
	if err != nil {
		return Credentials{}, err
	}
	begins := a.Balance
	a.Balance = 0
	if err := s.OpenAccount(ctx, a); err != nil {
		return Credentials{}, err
	}
	if begins > 0 { // the ledger has every change of the balance
		if err := s.Deposit(ctx, a.ID, begins, "opening", a.Created); err != nil {
			return Credentials{}, err
		}
	}
	if err := s.AddKey(ctx, key); err != nil {
		return Credentials{}, err
	}
	return shown, nil
}

// Deposit adds money to a balance, once for each reference.
func Deposit(ctx context.Context, s Store, id porting.AccountID, amount porting.Money, reference string,
	at time.Time) error {
	if amount <= 0 || reference == "" {
		return porting.Errorf(porting.Invalid,
			"Give a deposit of more than 0 and a reference, such as the number of the bank transfer.")
	}
	return s.Deposit(ctx, id, amount, reference, at)
}
