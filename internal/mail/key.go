package mail

import (
	"fmt"
	"strconv"
	"strings"

	"portway/internal/porting"
)

// Key names a mail in its send record and in SES's feedback. It is the key of what the mail tells, so that one
// happening makes one mail however often it is delivered.
type Key struct {
	About About
	ID    string // of the order or the webhook
	// Version is the order's after the event; for a webhook it is the time of its pause in Unix seconds.
	Version int64
	// To is the id of the link that the mail has for its one reader; empty for a mail without a link, which goes to all
	// readers together.
	To string
}

// About is the kind of thing that a mail is about.
type About string

// A mail is about an order, or about a webhook that was paused. The values are SES tags and stand in stored records.
const (
	AboutOrder   About = "order"
	AboutWebhook About = "webhook"
)

// OrderKey names the mail of the event that made this version of the order.
func OrderKey(id porting.OrderID, version int64) Key {
	return Key{About: AboutOrder, ID: string(id), Version: version}
}

// String writes the key for logs and errors: "order 4503605600001.7".
func (k Key) String() string {
	text := fmt.Sprintf("%s %s.%d", k.About, k.ID, k.Version)
	if k.To != "" {
		text += " to " + k.To
	}
	return text
}

// Order is the order that the mail is about; ok is false where it is about no order.
func (k Key) Order() (id porting.OrderID, ok bool) {
	return porting.OrderID(k.ID), k.About == AboutOrder
}

// tagVersion is the SES tag of the key's version. The key's other tag has the name of what the mail is about.
const tagVersion = "event"

// tagTo is the SES tag of the key's To, where it has one.
const tagTo = "link"

// pausedPrefix stood before a webhook's id in the order tag of mails until mails had keys of their own.
const pausedPrefix = "webhook-"

// keyOf reads the key from a mail's SES tags; ok is false for a mail that is not ours.
func keyOf(tags map[string][]string) (_ Key, ok bool) {
	one := func(name string) string {
		if values := tags[name]; len(values) == 1 {
			return values[0]
		}
		return ""
	}
	version, err := strconv.ParseInt(one(tagVersion), 10, 64)
	if err != nil {
		return Key{}, false
	}
	for _, about := range []About{AboutOrder, AboutWebhook} {
		id := one(string(about))
		if id == "" {
			continue
		}
		if webhook, old := strings.CutPrefix(id, pausedPrefix); old && about == AboutOrder {
			return Key{About: AboutWebhook, ID: webhook, Version: version}, true
		}
		return Key{About: about, ID: id, Version: version, To: one(tagTo)}, true
	}
	return Key{}, false
}
