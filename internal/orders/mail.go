package orders

import (
	"context"
	"fmt"
	"strings"
	"time"

	"portway/internal/porting"
)

// Mail is a mail about a sandbox's order, which is kept and not sent.
type Mail struct {
	Order   porting.OrderID
	Version int64 // of the order after the event that the mail tells
	At      time.Time
	To      string
	Subject string
	Text    string
}

// SentMail is a mail that was sent, or is being sent, about an order of a live account. Its text is in its reader's mailbox
// alone.
type SentMail struct {
	Order   porting.OrderID
	Version int64 // of the order after the event that the mail tells
	// Link is the id of the link that the mail has for its one reader; empty for a mail without a link.
	Link string
	// At is when the mail was first tried. At, To and Subject are empty for a mail of an earlier release.
	At time.Time
	// To has the readers' addresses, masked (MaskedAddress).
	To      string
	Subject string
	Fate    MailFate
	// FateAt is when the fate was told; zero for one of which nobody has told.
	FateAt time.Time
}

// Place is where the mail stands among the mails of its order.
func (m SentMail) Place() string {
	place := fmt.Sprintf("%010d", m.Version)
	if m.Link != "" {
		place += "#" + m.Link
	}
	return place
}

// MailFate says how far a mail has come. The values are stored, and are words of the API.
type MailFate string

// The fates, each weaker than those behind it: what is told later replaces a weaker one alone, since news of one mail come
// in any order.
const (
	MailSending    MailFate = "sending"   // it is not known to have left us; it is tried again
	MailSent       MailFate = "sent"      // SES has taken it
	MailRefused    MailFate = "refused"   // SES does not take it, or has found something wrong with it
	MailDelivered  MailFate = "delivered" // the reader's mail server has taken it
	MailBounced    MailFate = "bounced"   // the reader's mail server has sent it back
	MailComplained MailFate = "complained"
)

var fates = [...]MailFate{MailSending, MailSent, MailRefused, MailDelivered, MailBounced, MailComplained}

// MailFates returns all fates, the weakest first.
func MailFates() []MailFate { return fates[:] }

// MaskedAddress shows of a mail address what its owner needs to know it by.
func MaskedAddress(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if local == "" {
		return ""
	}
	return string([]rune(local)[:1]) + "…@" + domain
}

// Mails keeps mails with their orders.
type Mails interface {
	// KeepMail writes a mail. Where the event's mail is kept already, that one stays.
	KeepMail(ctx context.Context, m Mail) error
	// Mails reads the latest mails of an order, oldest first: at most limit, and only those before the version unless
	// that is 0. more says that there are earlier ones.
	Mails(ctx context.Context, id porting.OrderID, before int64, limit int) (all []Mail, more bool, err error)
	// SentMails reads the latest of the mails about an order of a live account, oldest first: at most limit, and only those
	// before the place (SentMail.Place) unless that is empty. more says that there are earlier ones.
	SentMails(ctx context.Context, id porting.OrderID, before string, limit int) (all []SentMail, more bool, err error)
}
