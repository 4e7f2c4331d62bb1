package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"portway/internal/porting"
)

// Contact is an address that we write to.
type Contact struct {
	Purpose Purpose
	Address string
	Since   time.Time
	// Held says why no mail goes there now, since HeldAt; empty while it does.
	Held   Hold
	HeldAt time.Time
}

// Purpose is what mail to an address is about.
type Purpose string

// The portability address is distinct from the primary and the billing one (S-EML).
const (
	Primary Purpose = "primary"
	Porting Purpose = "porting"
	Billing Purpose = "billing"
)

// purposes are how many addresses each purpose must and may have, in the order in which they are shown.
var purposes = []struct {
	purpose    Purpose
	least, max int
}{
	{Primary, 1, 1},
	{Porting, 0, 10}, // SES takes 50 recipients
	{Billing, 0, 10},
}

// Purposes are all purposes in the order in which they are shown.
func Purposes() []Purpose {
	var all []Purpose
	for _, p := range purposes {
		all = append(all, p.purpose)
	}
	return all
}

// Hold is why an address gets no mail: AWS reviews a sender who goes on writing to such ones.
type Hold string

// The holds.
const (
	Bounced    Hold = "bounced"    // the other side says that there is no such address
	Complained Hold = "complained" // its reader called our mail unwanted
)

// AllContacts are the account's contacts, the primary one first: it is Mail until the contacts were changed.
func (a Account) AllContacts() []Contact {
	if slices.ContainsFunc(a.Contacts, func(c Contact) bool { return c.Purpose == Primary }) || a.Mail == "" {
		return a.Contacts
	}
	return append([]Contact{{Purpose: Primary, Address: a.Mail, Since: a.Created}}, a.Contacts...)
}

// MailTo are the addresses for mail of a purpose: the purpose's own that take mail, else the primary one. Where there
// are addresses and all of them are held there is nobody to write to, and held says so. A sandbox's mail goes nowhere:
// that of its orders is kept with them before it gets here, and what is about the account itself is swallowed.
func (a Account) MailTo(p Purpose) (to []string, held bool) {
	if a.Kind == Sandbox {
		return []string{swallows}, false
	}
	for _, purpose := range []Purpose{p, Primary} {
		for _, c := range a.AllContacts() {
			switch {
			case c.Purpose != purpose || slices.Contains(to, c.Address):
			case c.Held != "":
				held = true
			default:
				to = append(to, c.Address)
			}
		}
		if len(to) > 0 {
			return to, false
		}
	}
	return nil, held
}

// SetContacts gives the named purposes these addresses and no others. An address that stays keeps its hold: writing
// back what was read must not lift it.
func SetContacts(a Account, lists map[Purpose][]string, now time.Time) (Change, error) {
	var faults porting.Faults
	var all []Contact
	for _, row := range purposes {
		list, named := lists[row.purpose]
		if !named {
			for _, c := range a.AllContacts() {
				if c.Purpose == row.purpose {
					all = append(all, c)
				}
			}
			continue
		}
		field := string(row.purpose)
		if len(list) < row.least {
			faults.Add(field, porting.Required, "Give at least one address.")
		}
		if len(list) > row.max {
			faults.Add(field, porting.TooMany, fmt.Sprintf("Give at most %d.", row.max))
			continue
		}
		seen := map[string]bool{}
		for i, address := range list {
			at := fmt.Sprintf("%s/%d", field, i)
			switch same := strings.ToLower(address); {
			case porting.MailFault(address) != "":
				faults.Add(at, porting.BadFormat, porting.MailFault(address))
			case seen[same]:
				faults.Add(at, porting.Duplicate, "The list has this address twice.")
			default:
				seen[same] = true
				all = append(all, a.contact(row.purpose, address, now))
			}
		}
	}
	if err := faults.Err(); err != nil {
		return Change{}, err
	}
	return a.with(all), nil
}

// contact is an address of a purpose, with what is known of it.
func (a Account) contact(p Purpose, address string, now time.Time) Contact {
	c := Contact{Purpose: p, Address: address, Since: now}
	for _, have := range a.AllContacts() {
		if !strings.EqualFold(have.Address, address) {
			continue
		}
		c.Held, c.HeldAt = have.Held, have.HeldAt
		if have.Purpose == p {
			c.Since = have.Since
		}
	}
	return c
}

// with is the change to these contacts.
func (a Account) with(contacts []Contact) Change {
	c := step(a)
	c.After.Contacts = contacts
	for _, one := range contacts {
		if one.Purpose == Primary {
			c.After.Mail = one.Address
		}
	}
	return c
}

// HoldMail holds mail to the addresses back, wherever they stand on the account. ok is false when nothing changes by
// it.
func HoldMail(a Account, addresses []string, why Hold, now time.Time) (_ Change, ok bool) {
	return a.hold(addresses, func(c *Contact) bool {
		if c.Held != "" {
			return false
		}
		c.Held, c.HeldAt = why, now
		return true
	})
}

// ConfirmMail lets mail go to an address again: its owner says that it is right and wanted.
func ConfirmMail(a Account, address string) (Change, error) {
	if !slices.ContainsFunc(a.AllContacts(), func(c Contact) bool { return strings.EqualFold(c.Address, address) }) {
		var faults porting.Faults
		faults.Add("address", porting.Unknown, "This address is not among the account's contacts.")
		return Change{}, faults.Err()
	}
	c, _ := a.hold([]string{address}, func(c *Contact) bool {
		c.Held, c.HeldAt = "", time.Time{}
		return true
	})
	return c, nil
}

func (a Account) hold(addresses []string, change func(*Contact) bool) (Change, bool) {
	all, changed := slices.Clone(a.AllContacts()), false
	for i := range all {
		if slices.ContainsFunc(addresses, func(s string) bool { return strings.EqualFold(s, all[i].Address) }) {
			changed = change(&all[i]) || changed
		}
	}
	return a.with(all), changed
}
