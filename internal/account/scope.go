package account

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"portway/internal/porting"
)

// Scope is a part of the API that an access key opens.
type Scope string

// The scopes. A key has some of them, and no scope includes another one.
const (
	// ScopeRead opens everything that changes nothing.
	ScopeRead Scope = "read"
	// ScopeOrder creates, changes, resubmits and cancels orders, and adds documents and comments.
	ScopeOrder Scope = "order"
	// ScopeSign signs LOAs, and makes links by which others sign them.
	ScopeSign Scope = "sign"
	// ScopeAdmin changes the account: keys, contacts, webhooks and records for presets.
	ScopeAdmin Scope = "admin"
)

// AllScopes has every scope, in the order in which they are told.
var AllScopes = []Scope{ScopeRead, ScopeOrder, ScopeSign, ScopeAdmin}

// Scopes lists the scopes of a key, separated by spaces, in the order of AllScopes. Empty means all of them, as for the
// keys that were made before there were scopes.
type Scopes string

// Has says whether the key opens what the scope is about.
func (s Scopes) Has(one Scope) bool { return slices.Contains(s.List(), one) }

// Covers says whether a key with s may do everything that a key with the others may.
func (s Scopes) Covers(others Scopes) bool {
	return !slices.ContainsFunc(others.List(), func(one Scope) bool { return !s.Has(one) })
}

// List returns the scopes, all of them where s is empty.
func (s Scopes) List() []Scope {
	if s == "" {
		return AllScopes
	}
	var all []Scope
	for _, word := range strings.Fields(string(s)) {
		all = append(all, Scope(word))
	}
	return all
}

// ReadScopes reads a list of scopes. A word that is none has a fault with the place of the word as its field; so has an
// empty list.
func ReadScopes(words []string) (Scopes, porting.Faults) {
	var faults porting.Faults
	for i, word := range words {
		if !slices.Contains(AllScopes, Scope(word)) {
			faults.Add(fmt.Sprint(i), porting.NotAllowed, "Give read, order, sign or admin.")
		}
	}
	if len(words) == 0 {
		faults.Add("", porting.Required, "Name at least one scope: read, order, sign or admin.")
	}
	var all []string
	for _, one := range AllScopes {
		if slices.Contains(words, string(one)) {
			all = append(all, string(one))
		}
	}
	if len(all) == len(AllScopes) || len(faults) > 0 {
		return "", faults
	}
	return Scopes(strings.Join(all, " ")), nil
}

// MaxRanges is how many address ranges a key may have.
const MaxRanges = 20

// Ranges lists the ranges of addresses from which a key opens, in CIDR notation and separated by spaces. Empty means that
// the key opens from everywhere.
type Ranges string

// List returns the ranges; none for everywhere.
func (r Ranges) List() []string { return strings.Fields(string(r)) }

// Contain says whether the key opens from the address, which may be of IPv4 or IPv6.
func (r Ranges) Contain(address string) bool {
	if r == "" {
		return true
	}
	at, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(r.List(), func(text string) bool {
		p, err := netip.ParsePrefix(text)
		return err == nil && p.Contains(at.Unmap())
	})
}

// Covers says whether a key with r opens from everywhere from where a key with the others opens. A range that only several
// ranges of r hold together is not covered.
func (r Ranges) Covers(others Ranges) bool {
	if r == "" || others == "" {
		return r == ""
	}
	return !slices.ContainsFunc(others.List(), func(text string) bool {
		p, err := netip.ParsePrefix(text)
		return err != nil || !slices.ContainsFunc(r.List(), func(text string) bool {
			wide, err := netip.ParsePrefix(text)
			return err == nil && wide.Bits() <= p.Bits() && wide.Contains(p.Addr())
		})
	})
}

// ReadRanges reads a list of ranges and single addresses. A text that is neither has a fault with its place as the field.
func ReadRanges(texts []string) (Ranges, porting.Faults) {
	var faults porting.Faults
	if len(texts) > MaxRanges {
		faults.Add("", porting.TooMany, fmt.Sprintf("Give at most %d ranges.", MaxRanges))
		return "", faults
	}
	var all []string
	for i, text := range texts {
		p, err := netip.ParsePrefix(text)
		if one, e := netip.ParseAddr(text); e == nil && one.Zone() == "" {
			p, err = netip.PrefixFrom(one, one.BitLen()), nil
		}
		if err != nil || p.Addr().Is4In6() {
			faults.Add(fmt.Sprint(i), porting.BadFormat, "Give a range of addresses such as 192.0.2.0/24 or 2001:db8::/48, or one address.")
			continue
		}
		if text := p.Masked().String(); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	if len(faults) > 0 {
		return "", faults
	}
	return Ranges(strings.Join(all, " ")), nil
}

// Grants says what a new key is called and what it opens.
type Grants struct {
	Name   string
	Scopes Scopes
	Ranges Ranges
}

// On returns the key with the grants.
func (g Grants) On(k Key) Key {
	k.Name, k.Scopes, k.Ranges = g.Name, g.Scopes, g.Ranges
	return k
}
