package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/porting"
)

// keyAttributes is an access key. Its secret stands in the one answer that made it.
type keyAttributes struct {
	Access  string  `json:"access_key"`
	Secret  *string `json:"secret_key,omitempty"`
	Name    string  `json:"name"`
	Created *string `json:"created_date"`
	Expires *string `json:"expires"`
	State   string  `json:"state"` // live, ending, ended or revoked
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
	return keyAttributes{Access: k.Access, Name: k.Name, Created: stamp(k.Created), Expires: stamp(k.Expires), State: state}
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
	attrs, sofar, err := r.optional("key")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&sofar, strings.TrimSuffix(attributes, "/"), "name")
	name := attrs.keyName(&sofar)
	return a.issue(ctx, r, name, sofar, func(acc account.Account, keys []account.Key, k account.Key, now time.Time) (account.Change, error) {
		return account.Grant(acc, keys, k, now)
	})
}

// rotateKey is POST /v2/account/keys/{key}/rotate: a new key, and an end for the old one after the overlap.
func (a *API) rotateKey(ctx context.Context, r *request) (reply, error) {
	attrs, sofar, err := r.optional("key")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&sofar, strings.TrimSuffix(attributes, "/"), "name", "overlap_hours")
	name := attrs.keyName(&sofar)
	overlap := attrs.overlap(&sofar)
	return a.issue(ctx, r, name, sofar, func(acc account.Account, keys []account.Key, k account.Key, now time.Time) (account.Change, error) {
		return account.Rotate(acc, keys, r.params["key"], k, overlap, now)
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
	*fs = append(*fs, account.KeyNameFaults(name)...)
	return name
}

// overlap is how long a rotated key goes on.
func (o object) overlap(fs *porting.Faults) time.Duration {
	v, there := o.values["overlap_hours"]
	if !there {
		return account.Overlap
	}
	number, ok := v.(interface{ Int64() (int64, error) })
	if !ok {
		fs.Add("overlap_hours", wrongType, "This must be a number.")
		return 0
	}
	most := int64(account.MaxOverlap / time.Hour)
	hours, err := number.Int64()
	if err != nil || hours < 0 || hours > most {
		fs.Add("overlap_hours", porting.OutOfRange, "A whole number of hours from 0 (the old key ends at once) to "+itoa(int(most))+".")
		return 0
	}
	return time.Duration(hours) * time.Hour
}

// issue makes a key and answers with its secret, this once.
func (a *API) issue(ctx context.Context, r *request, name string, sofar porting.Faults,
	decide func(account.Account, []account.Key, account.Key, time.Time) (account.Change, error)) (reply, error) {
	now := a.book.Now().UTC()
	var shown account.Credentials
	return a.settle(ctx, r, func(acc account.Account, keys []account.Key) (account.Change, error) {
		var k account.Key
		var err error
		if shown, k, err = account.NewKey(a.random, acc.ID, acc.Kind, now); err != nil {
			return account.Change{}, err
		}
		k.Name = name
		c, err := decide(acc, keys, k, now)
		return c, together(sofar, err)
	}, func(c account.Change, _ []account.Key) reply {
		made := keyOf(c.Add[0], now)
		if len(c.Update) > 0 {
			made.Replaces, made.EndsAt = orNull(c.Update[0].Access), stamp(c.Update[0].Expires)
		}
		if r.dry {
			made.Access = ""
		} else {
			made.Secret = orNull(shown.Secret.Reveal())
		}
		return versioned(http.StatusCreated, document{Data: r.keyResource(made)}, c.After.Version)
	})
}

// revokeKey is DELETE /v2/account/keys/{key}. The gateway may know the key for a minute yet.
func (a *API) revokeKey(ctx context.Context, r *request) (reply, error) {
	var gone account.Key
	return a.settle(ctx, r, func(acc account.Account, keys []account.Key) (account.Change, error) {
		for _, k := range keys {
			if k.Access == r.params["key"] {
				gone = k
			}
		}
		return account.Revoke(acc, keys, r.params["key"])
	}, func(c account.Change, _ []account.Key) reply {
		attrs := keyOf(gone, a.book.Now())
		attrs.State = "revoked"
		return versioned(http.StatusOK, document{Data: resource{Type: "key", ID: gone.Access, Attributes: attrs}}, c.After.Version)
	})
}
