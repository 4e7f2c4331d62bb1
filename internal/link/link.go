// Package link has the links that lead a person to the page of one port order, without an account and a password.
//
// A [Link] says which order it opens, who got it, what may be done with it ([Scope]), and until when ([Link.Access]).
// The person has the [Token] in the address of the page; the store has no more than the token's hash. A [Maker] makes
// links and their tokens. Start reading at Link; code.go has the mailed code that acts of weight need.
//
// The package knows orders by their ids and ends alone, and nothing of HTTP, mail, or what the page shows.
package link

import (
	"context"
	"crypto/subtle"
	"slices"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Link is a link to the page of one order.
type Link struct {
	Order   porting.OrderID
	Account porting.AccountID
	// ID tells the links of one order apart. It opens nothing, and stands in logs and events.
	ID string
	// To is the mail address of the person who got the link, where codes and fresh links are mailed. It is empty for a
	// link of the account's own portal.
	To    string
	Scope Scope
	// Hash is the SHA-256 of the token.
	Hash [32]byte
	// Renewals counts how often the link was renewed. Each renewal makes another token, and the one before opens nothing.
	Renewals int
	Created  time.Time
	// Expires ends the link before the end of its order; zero where it does not.
	Expires time.Time
	// Revoked is when the link was taken back; zero for one that was not.
	Revoked time.Time
	// Return is where the page leads back to; empty for nowhere.
	Return string
	// Language is the one that the person has chosen for the page; empty where none was.
	Language porting.Language
	Reminded Reminded
	Code     Code
	Session  Session
	// Version is raised by every write of the link.
	Version int64
}

// Verb is one thing that can be done on a page. Verbs are stored, and are words of the API.
type Verb string

// The verbs.
const (
	See     Verb = "see"     // read the page
	Comment Verb = "comment" // write to the porting desk
	Upload  Verb = "upload"  // bring a document
	Correct Verb = "correct" // change details of a rejected order and send it again
	Sign    Verb = "sign"    // sign the letter of agency
	Date    Verb = "date"    // choose another day
	Cancel  Verb = "cancel"  // end the order, or ask for its end; have the numbers go back
)

// Verbs are all of them, in the order in which they are shown.
func Verbs() []Verb { return []Verb{See, Comment, Upload, Correct, Sign, Date, Cancel} }

// Weighty says that the verb changes what is asked of the carrier. It needs a code that is mailed to the link's person.
func (v Verb) Weighty() bool { return v == Correct || v == Sign || v == Date || v == Cancel }

// Scope is what may be done with a link.
type Scope []Verb

// Has says whether the scope has the verb.
func (s Scope) Has(v Verb) bool { return slices.Contains(s, v) }

// ReadOnly is for how long the page can still be read after the end of its order.
const ReadOnly = 30 * 24 * time.Hour

// Access says how far a link opens its order.
type Access int

// A link opens nothing, or the order to be read, or the order with all of the link's scope.
const (
	Closed Access = iota
	Reads
	Opens
)

// Access returns how far the link opens the order at now: fully to the order's end, to be read for 30 days more, and
// not at all once it is revoked or has expired.
func (l Link) Access(o porting.Order, now time.Time) Access {
	switch {
	case l.Order != o.ID || l.Account != o.Account || !l.Revoked.IsZero():
		return Closed
	case !l.Expires.IsZero() && !l.Expires.After(now):
		return Closed
	case !o.Status.Terminal():
		return Opens
	case now.Before(o.StatusAt.Add(ReadOnly)):
		return Reads
	}
	return Closed
}

// Allows says whether the verb may be used on the order at now. A verb of weight needs a session beside (Link.InSession).
func (l Link) Allows(v Verb, o porting.Order, now time.Time) bool {
	if v.Weighty() && l.To == "" || !l.Scope.Has(v) {
		return false
	}
	switch l.Access(o, now) {
	case Opens:
		return true
	case Reads: // papers are still asked for where somebody doubts the port, and numbers may go back after their move
		return v == See || v == Upload && o.Authority.Open() || v == Cancel && o.Status == porting.Completed
	}
	return false
}

// Reminded counts how often the link was mailed to its person on the word of somebody with one of its tokens.
type Reminded struct {
	Times       int
	First, Last time.Time
}

// The most mails that such words bring about, since anybody may have an old token.
const (
	RemindersADay = 3
	reminderPause = time.Minute
)

// Remind counts a mail with the link to its person. ok is false where the link was mailed a minute ago, or three times
// within a day; no mail may go out then. The caller saves the link first.
func (l Link) Remind(now time.Time) (_ Link, ok bool) {
	if now.Sub(l.Reminded.First) >= 24*time.Hour {
		l.Reminded = Reminded{First: now.UTC()}
	}
	if l.Reminded.Times >= RemindersADay || now.Sub(l.Reminded.Last) < reminderPause {
		return l, false
	}
	l.Reminded.Times++
	l.Reminded.Last = now.UTC()
	l.Version++
	return l, true
}

// By is the customer who acts by the link.
func (l Link) By() porting.By { return porting.LinkBy(l.ID) }

// Opens says whether the token is the link's present one.
func (l Link) Opens(t Token) bool {
	hash := t.hash()
	return subtle.ConstantTimeCompare(l.Hash[:], hash[:]) == 1
}

// ErrNoLink answers for a link that does not exist, for a wrong token, and for a link of another order.
var ErrNoLink = porting.Errorf(porting.NotFound, "The order has no such link.")

// Store keeps links with their orders.
type Store interface {
	// Link reads one link of an order. The error is ErrNoLink where there is none.
	Link(ctx context.Context, order porting.OrderID, id string) (Link, error)
	// Links reads all links of an order, in the order of their ids.
	Links(ctx context.Context, order porting.OrderID) ([]Link, error)
	// SaveLink writes a link, on the condition that its version in the store is the one before. Version 1 is a new link.
	// The error is Stale where it is not.
	SaveLink(ctx context.Context, l Link, r *orders.Receipt) error
}
