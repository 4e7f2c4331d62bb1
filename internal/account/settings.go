package account

import "portway/internal/porting"

// Settings are the customer's own choices about all its orders.
type Settings struct {
	// Strict is whether warnings about an order that the order can answer refuse its signature.
	Strict bool
	Quiet  porting.QuietDays
	// MailCalls is whether mails show calls of the API in place of a link to the order's page.
	MailCalls bool
	Looks     Looks
}

// Settings returns the account's choices.
func (a Account) Settings() Settings {
	return Settings{Strict: a.Strict, Quiet: a.Quiet, MailCalls: a.MailCalls, Looks: a.Looks}
}

// Set sets the choices. Its error is Settled where the account has them already.
func Set(a Account, s Settings) (Change, error) {
	if a.Settings() == s {
		return Change{}, porting.Errorf(porting.Settled, "The account has these settings already.")
	}
	after := a
	after.Strict, after.Quiet, after.MailCalls, after.Looks = s.Strict, s.Quiet, s.MailCalls, s.Looks
	after.Version++
	return Change{Before: a, After: after}, nil
}
