package account

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"portway/internal/porting"
)

// The rules for keys take the account and its keys as they were read, and return a change. Two changes at once cannot
// both be written: Store.Amend checks the version.

const (
	// MaxKeys is how many live keys an account may have.
	MaxKeys = 10
	// Overlap is how long a rotated key still opens beside its successor unless the call names another time, of at most
	// MaxOverlap.
	Overlap    = 24 * time.Hour
	MaxOverlap = 7 * 24 * time.Hour
	maxKeyName = 60
)

// The refusals that the domain of orders does not know. The comment of each constant is its meaning in the catalogue of
// infra/openapi.yaml.
const (
	// TooManyKeys: The account already has ten live keys.
	TooManyKeys porting.ErrorCode = "too_many_keys"
	// LastKey: This is the last key without an end that has every scope, or the scope admin, so it cannot be revoked.
	LastKey porting.ErrorCode = "last_key"
	// KeyScope: The access key lacks a scope that the call needs, or makes a key that opens from more addresses.
	KeyScope porting.ErrorCode = "key_scope"
	// KeyEnds: The key was rotated before and ends already.
	KeyEnds porting.ErrorCode = "key_ends"
	// PresetInUse: Open orders name the record (the answer lists them), or the record belongs to every account.
	PresetInUse porting.ErrorCode = "preset_in_use"
)

// ErrNoKey answers for a key that does not exist, or belongs to another account.
var ErrNoKey = porting.Errorf(porting.NotFound, "The account has no such access key.")

// Live says whether the key opens now.
func (k Key) Live(now time.Time) bool { return k.Expires.IsZero() || k.Expires.After(now) }

// KeyNameFault says what is wrong with a key's name and what to do; empty when nothing is.
func KeyNameFault(name string) string {
	if utf8.RuneCountInString(name) > maxKeyName {
		return fmt.Sprintf("Use at most %d characters.", maxKeyName)
	}
	return porting.LineFault(name)
}

// KeyID returns the public id of an access key, which names the key in events, logs and lists. The id is made of the key
// and its account, so that every key has one, and it is too short to lead back: 200,000 of all possible keys share each
// id. The keys of one account share none, save by a chance of one in a million for 50 keys.
func KeyID(id porting.AccountID, access string) string {
	if access == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("portway key " + string(id) + " " + access))
	return "key-" + publicForm.EncodeToString(sum[:])[:6] // 30 bits
}

// publicForm has no letters that are mistaken for digits (Crockford's base 32).
var publicForm = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz")

// PublicID returns the key's public id.
func (k Key) PublicID() string { return KeyID(k.Account, k.Access) }

// PlanKey returns the account's API key at the gateway, by which the usage plan counts the account's calls. It opens
// nothing and no caller sees it: the authorizer names it (API key source AUTHORIZER) after it has checked the access
// key.
func PlanKey(id porting.AccountID) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte("portway account "+id)))
}

// Grant adds a key to the account. Keys that have ended are removed in the same change. The caller's scopes and ranges
// have to cover those of the new key, so that no key makes a stronger one.
func Grant(a Account, keys []Key, k Key, by Grants, now time.Time) (Change, error) {
	for _, one := range k.Scopes.List() {
		if !by.Scopes.Has(one) {
			return Change{}, LacksScope(one)
		}
	}
	if !by.Ranges.Covers(k.Ranges) {
		return Change{}, porting.Errorf(KeyScope,
			"The new key has addresses that the access key does not have. Use a key that has all of them.")
	}
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
		return Change{}, porting.Errorf(TooManyKeys, "An account has at most %d live keys. Revoke one first.", MaxKeys)
	}
	c.Add = []Key{k}
	return c, nil
}

// Rotate adds a new key beside an old one, which ends after the overlap. The new key opens the same as the old one, from
// the same addresses. The caller's scopes and ranges have to cover those of the old key.
func Rotate(a Account, keys []Key, access string, k Key, by Grants, overlap time.Duration, now time.Time) (Change, error) {
	at := slices.IndexFunc(keys, func(have Key) bool { return have.Access == access })
	if at < 0 || !keys[at].Live(now) {
		return Change{}, ErrNoKey
	}
	old := keys[at]
	if !old.Expires.IsZero() {
		return Change{}, porting.Errorf(KeyEnds,
			"This key was rotated before and has an end already. Rotate its successor.")
	}
	k.Scopes, k.Ranges = old.Scopes, old.Ranges
	c, err := Grant(a, keys, k, by, now)
	if err != nil {
		return Change{}, err
	}
	old.Expires = now.Add(overlap)
	c.Update = []Key{old}
	return c, nil
}

// LacksScope refuses a call of an access key without the scope.
func LacksScope(one Scope) *porting.Error {
	return porting.Errorf(KeyScope, "The access key does not have the scope %s. Use a key that has it.", one)
}

// Revoke ends a key at once. The last key without an end that has every scope must stay, since no key makes a stronger
// one. An account without such a key keeps one that has the scope admin, so that the customer can still end the others.
func Revoke(a Account, keys []Key, access string) (Change, error) {
	at := slices.IndexFunc(keys, func(k Key) bool { return k.Access == access })
	if at < 0 {
		return Change{}, ErrNoKey
	}
	stays := func(need Scopes) bool {
		return slices.ContainsFunc(keys, func(k Key) bool {
			return k.Access != access && k.Expires.IsZero() && k.Scopes.Covers(need)
		})
	}
	const everything Scopes = ""
	switch {
	case keys[at].Expires.IsZero() && keys[at].Scopes.Covers(everything) && !stays(everything):
		return Change{}, porting.Errorf(LastKey,
			"This is the last key without an end that has every scope. Make another one first.")
	case !stays(Scopes(ScopeAdmin)):
		return Change{}, porting.Errorf(LastKey,
			"This is the last key without an end that may change the account. Make another one first.")
	}
	c := step(a)
	c.Remove = []string{access}
	return c, nil
}

// step returns a change that raises the version and changes nothing else yet.
func step(a Account) Change {
	after := a
	after.Version++
	return Change{Before: a, After: after}
}
