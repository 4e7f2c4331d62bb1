package account

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"portway/internal/porting"
)

// Contact is a mail address that we write to.
type Contact struct {
	Purpose Purpose
	Address string
	Since   time.Time
	// Blocked says why no mail goes there since BlockedAt; empty while mail goes there.
	Blocked   Block
	BlockedAt time.Time
}

// Purpose is the kind of mail that goes to an address.
type Purpose string

// The portability address is distinct from the primary and the billing one (S-EML).
const (
	Primary Purpose = "primary"
	Porting Purpose = "porting"
	Billing Purpose = "billing"
)

// purposes says how many addresses each purpose must and may have, in the order in which they are shown.
var purposes = []struct {
	purpose    Purpose
	least, max int
}{
	{Primary, 1, 1},
	{Porting, 0, 10}, // SES takes 50 recipients
	{Billing, 0, 10},
}

// Purposes returns all purposes in the order in which they are shown.
func Purposes() []Purpose {
	var all []Purpose
	for _, p := range purposes {
		all = append(all, p.purpose)
	}
	return all
}

// Block is the reason why an address gets no mail. AWS reviews a sender who goes on writing to such addresses.
type Block string

// The blocks, by SES's feedback.
const (
	Bounced    Block = "bounced"    // the mail server says that there is no such address
	Complained Block = "complained" // its reader has reported our mail as unwanted
)

// AllContacts returns the account's contacts, the primary one first. Until the contacts are first changed, that is
// Mail.
func (a Account) AllContacts() []Contact {
	if slices.ContainsFunc(a.Contacts, func(c Contact) bool { return c.Purpose == Primary }) || a.Mail == "" {
		return a.Contacts
	}
	return append([]Contact{{Purpose: Primary, Address: a.Mail, Since: a.Created}}, a.Contacts...)
}

// MailTo returns the addresses for mail of a purpose: those of the purpose that are not blocked, else the primary one.
// blocked says that there are addresses and all of them are blocked. A sandbox's mail goes nowhere: mail about its
// orders is stored with them instead, and mail about the account itself goes to SES's mailbox simulator.
func (a Account) MailTo(p Purpose) (to []string, blocked bool) {
	if a.Kind == Sandbox {
		return []string{nowhere}, false
	}
	for _, purpose := range []Purpose{p, Primary} {
		for _, c := range a.AllContacts() {
			switch {
			case c.Purpose != purpose || slices.Contains(to, c.Address):
			case c.Blocked != "":
				blocked = true
			default:
				to = append(to, c.Address)
			}
		}
		if len(to) > 0 {
			return to, false
		}
	}
	return nil, blocked
}

// SetContacts gives the named purposes these addresses and no others. An address that stays keeps its block: a caller
// who sends back a list that it has read must not lift the block.
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
			faults.Add(field, porting.TooMany, fmt.Sprintf("Give at most %d addresses.", row.max))
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

// contact returns an address of a purpose, with its block where it has one.
func (a Account) contact(p Purpose, address string, now time.Time) Contact {
	c := Contact{Purpose: p, Address: address, Since: now}
	for _, have := range a.AllContacts() {
		if !strings.EqualFold(have.Address, address) {
			continue
		}
		c.Blocked, c.BlockedAt = have.Blocked, have.BlockedAt
		if have.Purpose == p {
			c.Since = have.Since
		}
	}
	return c
}

// with returns the change to these contacts.
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

// BlockMail blocks mail to the addresses, whatever their purposes on the account. ok is false when that changes
// nothing.
func BlockMail(a Account, addresses []string, why Block, now time.Time) (_ Change, ok bool) {
	return a.mark(addresses, func(c *Contact) bool {
		if c.Blocked != "" {
			return false
		}
		c.Blocked, c.BlockedAt = why, now
		return true
	})
}

// ConfirmMail lifts the block of an address: its owner says that it is right, and that our mail is wanted.
func ConfirmMail(a Account, address string) (Change, error) {
	if !slices.ContainsFunc(a.AllContacts(), func(c Contact) bool { return strings.EqualFold(c.Address, address) }) {
		return Change{}, porting.Faults{{Field: "address", Code: porting.Unknown,
			Message: "This address is not among the account's contacts."}}.Err()
	}
	c, _ := a.mark([]string{address}, func(c *Contact) bool {
		c.Blocked, c.BlockedAt = "", time.Time{}
		return true
	})
	return c, nil
}

// mark changes the contacts that have the addresses, and says whether that changed any.
func (a Account) mark(addresses []string, change func(*Contact) bool) (Change, bool) {
	all, changed := slices.Clone(a.AllContacts()), false
	for i := range all {
		if slices.ContainsFunc(addresses, func(s string) bool { return strings.EqualFold(s, all[i].Address) }) {
			changed = change(&all[i]) || changed
		}
	}
	return a.with(all), changed
}
