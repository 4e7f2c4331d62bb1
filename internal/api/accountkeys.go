package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/porting"
)

// keyAttributes is an access key. Its secret stands in the one answer that made it.
type keyAttributes struct {
	Access  string  `json:"access_key"`
	KeyID   *string `json:"key_id"` // the key's public id, which events have; null in a dry run
	Secret  *string `json:"secret_key,omitempty"`
	Name    string  `json:"name"`
	Created *string `json:"created_date"`
	Expires *string `json:"expires"`
	State   string  `json:"state"` // live, ending, ended or revoked
	// Scopes has what the key opens, and Ranges from where; no range for everywhere.
	Scopes []account.Scope `json:"scopes"`
	Ranges []string        `json:"address_ranges"`
	// Replaces is the key that this one was made to follow, and EndsAt when that one ends.
	Replaces *string `json:"replaces,omitempty"`
	EndsAt   *string `json:"replaced_key_ends,omitempty"`
}

func keyOf(k account.Key, now time.Time) keyAttributes {
	state := "live"
	switch {
	case !k.Live(now):
		state = "ended"
	case !k.Expires.IsZero():
		state = "ending"
	}
	return keyAttributes{Access: k.Access, KeyID: orNull(k.PublicID()), Name: k.Name, Created: stamp(k.Created), Expires: stamp(k.Expires), State: state,
		Scopes: k.Scopes.List(), Ranges: append([]string{}, k.Ranges.List()...)}
}

func (r *request) keyResource(attrs keyAttributes) resource {
	one := resource{Type: "key", ID: attrs.Access, Attributes: attrs}
	if attrs.Access != "" {
		one.Links = r.own("/keys/" + attrs.Access)
	}
	return one
}

// keys is GET /v2/account/keys, the oldest first.
func (a *API) keys(ctx context.Context, r *request) (reply, error) {
	acc, keys, err := a.accounts.Keys(ctx, r.account)
	if err != nil {
		return reply{}, err
	}
	all := []resource{}
	for _, k := range keys {
		all = append(all, r.keyResource(keyOf(k, a.book.Now())))
	}
	return versioned(http.StatusOK, document{Data: all, Links: r.own("/keys")}, acc.Version), nil
}

// newKey is POST /v2/account/keys.
func (a *API) newKey(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.optional("key")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "name", "scopes", "address_ranges")
	g := account.Grants{Name: attrs.keyName(&fs), Scopes: r.scopes, Ranges: r.ranges}
	if words, ok := attrs.words(&fs, "scopes"); ok {
		scopes, faults := account.ReadScopes(words)
		g.Scopes = scopes
		fs = append(fs, within("scopes", faults)...)
	}
	if words, ok := attrs.words(&fs, "address_ranges"); ok {
		ranges, faults := account.ReadRanges(words)
		g.Ranges = ranges
		fs = append(fs, within("address_ranges", faults)...)
	}
	return a.issue(ctx, r, g, fs, func(acc account.Account, keys []account.Key, k account.Key, now time.Time) (account.Change, error) {
		return account.Grant(acc, keys, k, account.Grants{Scopes: r.scopes, Ranges: r.ranges}, now)
	})
}

// words reads a list of texts; ok is false where there is none, or null.
func (o object) words(fs *porting.Faults, name string) (words []string, ok bool) {
	v, there := o.values[name]
	if !there || v == nil {
		return nil, false
	}
	list, ok := v.([]any)
	if !ok {
		fs.Add(name, wrongType, "Give a list of texts.")
		return nil, false
	}
	for i, one := range list {
		word, isText := one.(string)
		if !isText {
			fs.Add(name+"/"+itoa(i), wrongType, "Give a text.")
			return nil, false
		}
		words = append(words, word)
	}
	return words, true
}

// within returns faults of a list's parts as faults of the body.
func within(name string, faults porting.Faults) porting.Faults {
	all := slices.Clone(faults)
	for i := range all {
		all[i].Field = strings.TrimSuffix(name+"/"+all[i].Field, "/")
	}
	return all
}

// rotateKey is POST /v2/account/keys/{key}/rotate: a new key, and an end for the old one after the overlap.
func (a *API) rotateKey(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.optional("key")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "name", "overlap_hours")
	g, overlap := account.Grants{Name: attrs.keyName(&fs)}, attrs.overlap(&fs)
	return a.issue(ctx, r, g, fs, func(acc account.Account, keys []account.Key, k account.Key, now time.Time) (account.Change, error) {
		return account.Rotate(acc, keys, r.params["key"], k, account.Grants{Scopes: r.scopes, Ranges: r.ranges}, overlap, now)
	})
}

// optional is document for a call that needs no body.
func (r *request) optional(kind string) (object, porting.Faults, error) {
	body, err := r.raw()
	if err != nil || strings.TrimSpace(body) == "" {
		return object{}, nil, err
	}
	return r.document(kind)
}

func (o object) keyName(fs *porting.Faults) string {
	name, _ := o.text(fs, "name", "name")
	name = porting.TidyLine(name)
	if why := account.KeyNameFault(name); why != "" {
		fs.Add("name", porting.BadFormat, why)
	}
	return name
}

// overlap reads how long a rotated key still opens.
func (o object) overlap(fs *porting.Faults) time.Duration {
	v, there := o.values["overlap_hours"]
	if !there {
		return account.Overlap
	}
	number, ok := v.(interface{ Int64() (int64, error) })
	if !ok {
		fs.Add("overlap_hours", wrongType, "Give a number of hours.")
		return 0
	}
	most := int64(account.MaxOverlap / time.Hour)
	hours, err := number.Int64()
	if err != nil || hours < 0 || hours > most {
		fs.Add("overlap_hours", porting.OutOfRange, "Give a whole number of hours from 0 (the old key ends at once) to "+itoa(int(most))+".")
		return 0
	}
	return time.Duration(hours) * time.Hour
}

// issue makes a key, which grant puts on the account, and answers with its secret, this once.
func (a *API) issue(ctx context.Context, r *request, g account.Grants, fs porting.Faults,
	grant func(account.Account, []account.Key, account.Key, time.Time) (account.Change, error)) (reply, error) {
	now := a.book.Now().UTC()
	return a.amend(ctx, r, func(acc account.Account, keys []account.Key) (account.Change, reply, error) {
		shown, k, err := account.NewKey(a.random, acc.ID, acc.Kind, now)
		if err != nil {
			return account.Change{}, reply{}, err
		}
		k = g.On(k)
		c, err := grant(acc, keys, k, now)
		if err := together(fs, err); err != nil {
			return account.Change{}, reply{}, err
		}
		made := keyOf(c.Add[0], now)
		if len(c.Update) > 0 {
			made.Replaces, made.EndsAt = orNull(c.Update[0].Access), stamp(c.Update[0].Expires)
		}
		if r.dry {
			made.Access, made.KeyID = "", nil
		} else {
			made.Secret = orNull(shown.Secret.Reveal())
		}
		return c, versioned(http.StatusCreated, document{Data: r.keyResource(made)}, c.After.Version), nil
	})
}

// revokeKey is DELETE /v2/account/keys/{key}. The gateway may let the key in for another minute.
func (a *API) revokeKey(ctx context.Context, r *request) (reply, error) {
	return a.amend(ctx, r, func(acc account.Account, keys []account.Key) (account.Change, reply, error) {
		c, err := account.Revoke(acc, keys, r.params["key"])
		if err != nil {
			return account.Change{}, reply{}, err
		}
		gone := keyOf(keys[slices.IndexFunc(keys, func(k account.Key) bool { return k.Access == r.params["key"] })], a.book.Now())
		gone.State = "revoked"
		return c, versioned(http.StatusOK, document{Data: resource{Type: "key", ID: gone.Access, Attributes: gone}}, c.After.Version), nil
	})
}
