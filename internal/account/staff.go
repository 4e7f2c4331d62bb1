package account

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"portway/internal/porting"
)

// What our staff do with accounts, at the desk and by command. The customer does the rest through the API.

// MaxFee is the highest fee of a number.
const MaxFee porting.Money = 9_999_99

// Enroll opens an account that can call at once: join puts it on the gateway's usage plan, without which the gateway
// refuses its calls. An account with faults joins nothing.
func Enroll(ctx context.Context, s Store, join func(context.Context, porting.AccountID) error, a Account, random io.Reader) (Credentials, error) {
	if err := a.faults().Err(); err != nil {
		return Credentials{}, err
	}
	if err := join(ctx, a.ID); err != nil {
		return Credentials{}, err
	}
	return Open(ctx, s, a, random)
}

// seen returns Stale where the account has another version than the one that the person saw.
func (a Account) seen(version int64) error {
	if a.Version != version {
		return porting.Errorf(porting.Stale, "The contacts or keys of the account have changed since you saw them. Look at them again.")
	}
	return nil
}

// Issue gives the account a further key. Its secret is in the credentials and nowhere else.
func Issue(ctx context.Context, s Store, id porting.AccountID, g Grants, version int64, random io.Reader, now time.Time) (Credentials, error) {
	if why := KeyNameFault(g.Name); g.Name != "" && why != "" {
		return Credentials{}, porting.Faults{{Field: "name", Code: porting.BadFormat, Message: why}}.Err()
	}
	var shown Credentials
	err := Revise(ctx, s, id, func(a Account, keys []Key) (Change, error) {
		if err := a.seen(version); err != nil {
			return Change{}, err
		}
		c, k, err := NewKey(random, a.ID, a.Kind, now)
		if err != nil {
			return Change{}, err
		}
		shown = c
		return Grant(a, keys, g.On(k), Grants{}, now)
	})
	if err != nil {
		return Credentials{}, err
	}
	return shown, nil
}

// End revokes a key of the account at once.
func End(ctx context.Context, s Store, id porting.AccountID, access string, version int64) error {
	return Revise(ctx, s, id, func(a Account, keys []Key) (Change, error) {
		if err := a.seen(version); err != nil {
			return Change{}, err
		}
		return Revoke(a, keys, access)
	})
}

// Write gives the named purposes these addresses and no others.
func Write(ctx context.Context, s Store, id porting.AccountID, lists map[Purpose][]string, version int64, now time.Time) error {
	return Revise(ctx, s, id, func(a Account, _ []Key) (Change, error) {
		if err := a.seen(version); err != nil {
			return Change{}, err
		}
		return SetContacts(a, lists, now)
	})
}

// Dollars reads an amount as people write it, such as 500, 500.00 or $1,500.50.
func Dollars(words string) (porting.Money, error) {
	plain := strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(words), "$"), ",", "")
	whole, cents, dotted := strings.Cut(plain, ".")
	if !dotted {
		cents = "00"
	}
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	n, err := strconv.ParseInt(whole+cents, 10, 64)
	if !digits(whole) || !digits(cents) || len(cents) != 2 || err != nil || n > 1e12 {
		return 0, porting.Faults{{Code: porting.BadFormat, Message: "Write an amount in US dollars, such as 500 or 7.50."}}.Err()
	}
	return porting.Money(n), nil
}

// InDollars writes an amount as people do, such as $7.50.
func InDollars(m porting.Money) string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s$%d.%02d", sign, m/100, m%100)
}
