package account

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"portway/internal/porting"
)

// The customer's rules for keys, all on the account with its keys as they were read; Store.Amend's version keeps two
// changes at once from passing each other.

const (
	// MaxKeys is how many live keys an account may have.
	MaxKeys = 10
	// Overlap is how long a rotated key goes on beside its successor unless another time is asked for, MaxOverlap the
	// longest.
	Overlap    = 24 * time.Hour
	MaxOverlap = 7 * 24 * time.Hour
	maxKeyName = 60
)

// The refusals that the domain of orders does not know. The comment of each constant is its meaning in the catalogue of
// infra/openapi.yaml.
const (
	// TooManyKeys: The account already has ten live keys.
	TooManyKeys porting.ErrorCode = "too_many_keys"
	// LastKey: This is the last key without an end, so it cannot be revoked.
	LastKey porting.ErrorCode = "last_key"
	// KeyEnds: The key was rotated before and ends already.
	KeyEnds porting.ErrorCode = "key_ends"
	// PresetInUse: Open orders name the record (the answer lists them), or the record belongs to every account.
	PresetInUse porting.ErrorCode = "preset_in_use"
)

// ErrNoKey is the answer for a key that does not exist, or is another account's.
var ErrNoKey = porting.Errorf(porting.NotFound, "The account has no such access key.")

// Live says whether the key opens at now.
func (k Key) Live(now time.Time) bool { return k.Expires.IsZero() || k.Expires.After(now) }

// KeyNameFaults is what is wrong with a key's name.
func KeyNameFaults(name string) []porting.Fault {
	why := porting.LineFault(name)
	if utf8.RuneCountInString(name) > maxKeyName {
		why = fmt.Sprintf("Use at most %d characters.", maxKeyName)
	}
	if why == "" {
		return nil
	}
	return []porting.Fault{{Field: "name", Code: porting.BadFormat, Message: why}}
}

// PlanKey is the value of the account's API key at the gateway, by which the usage plan knows whose calls it counts. It
// opens nothing and no caller ever sees it: the authorizer names it (API key source AUTHORIZER), after the access key
// was checked.
func PlanKey(id porting.AccountID) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte("portway account "+id)))
}

// Grant adds a key to those that there are. Keys that have ended leave with the occasion.
func Grant(a Account, keys []Key, k Key, now time.Time) (Change, error) {
	c := step(a)
	live := 0
	for _, have := range keys {
		if have.Live(now) {
			live++
		} else {
			c.Remove = append(c.Remove, have.Access)
		}
	}
	if live >= MaxKeys {
		return Change{}, porting.Errorf(TooManyKeys, "An account has at most %d live keys; revoke one first.", MaxKeys)
	}
	c.Add = []Key{k}
	return c, nil
}

// Rotate puts a new key beside an old one, which ends after the overlap.
func Rotate(a Account, keys []Key, access string, k Key, overlap time.Duration, now time.Time) (Change, error) {
	at := slices.IndexFunc(keys, func(have Key) bool { return have.Access == access })
	if at < 0 || !keys[at].Live(now) {
		return Change{}, ErrNoKey
	}
	old := keys[at]
	if !old.Expires.IsZero() {
		return Change{}, porting.Errorf(KeyEnds, "The key ends already, since it was rotated before; rotate its successor.")
	}
	c, err := Grant(a, keys, k, now)
	if err != nil {
		return Change{}, err
	}
	old.Expires = now.Add(overlap)
	c.Update = []Key{old}
	return c, nil
}

// Revoke ends a key at once. A key that does not end must stay, so that nobody locks the account.
func Revoke(a Account, keys []Key, access string) (Change, error) {
	at := slices.IndexFunc(keys, func(k Key) bool { return k.Access == access })
	if at < 0 {
		return Change{}, ErrNoKey
	}
	stays := slices.ContainsFunc(keys, func(k Key) bool { return k.Access != access && k.Expires.IsZero() })
	if !stays {
		return Change{}, porting.Errorf(LastKey, "This is the last key that does not end; make another one first.")
	}
	c := step(a)
	c.Remove = []string{access}
	return c, nil
}

// step is a change of the account that changes nothing yet but its version.
func step(a Account) Change {
	after := a
	after.Version++
	return Change{Before: a, After: after}
}

// Left are the keys as the change leaves them.
func (c Change) Left(keys []Key) []Key {
	var left []Key
	for _, k := range keys {
		if at := slices.IndexFunc(c.Update, func(u Key) bool { return u.Access == k.Access }); at >= 0 {
			k = c.Update[at]
		}
		if !slices.Contains(c.Remove, k.Access) {
			left = append(left, k)
		}
	}
	return append(left, c.Add...)
}
