// Package webhook tells customers' own servers what happens to their orders, in the form of D-HOOK and D-CB. An account
// has endpoints ([Endpoint]), which it manages through the [Register]; the status_url of each order is another. The
// [Sender] writes a [Delivery] of an event for each endpoint that wants it, and sends it: signed, tried again over a
// day, and in the order of the order's changes. [Compose] writes the body, and [Client] posts it. Start reading at
// Sender.Tell.
//
// Each delivery falls due on its own, in the table's due index, so that an endpoint that is down neither delays the
// others nor has them sent twice. The pending deliveries of one order to one endpoint are a lane: they go in the order
// of their changes.
//
// The package knows events and the [Store] that it asks for. It knows no table, and of mail only the function that it
// is given.
package webhook

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"time"

	"portway/internal/porting"
	"portway/internal/text"
)

// messages end the sentence "Port Order #50404 …". The documentation shows the one of a cancelled order.
var messages = map[porting.Status]string{
	porting.Pending:      "is pending.",
	porting.Processing:   "is being processed.",
	porting.Submitted:    "has been submitted to the carrier.",
	porting.Accepted:     "has been accepted.",
	porting.Rejected:     "has been rejected.",
	porting.Review:       "is being reviewed.",
	porting.Completed:    "has been completed.",
	porting.Cancelled:    "has been cancelled.",
	porting.Abandoned:    "has been abandoned.",
	porting.HardCanceled: "has been cancelled after submission.",
}

// body is the documented form (D-HOOK). Some values are numbers in the documentation and text in its sample (version,
// resource_id, timestamp). We write text, as the sample does.
type body struct {
	Data struct {
		Attributes attributes `json:"attributes"`
		ID         string     `json:"id"`
		Type       string     `json:"type"`
		Timestamp  string     `json:"timestamp"`
	} `json:"data"`
}

// attributes are the documented ones. Those after the empty line are ours, and stand in events of other types than the
// status.
type attributes struct {
	At           string `json:"at"`
	CustomerID   string `json:"customer_id"`
	EventType    string `json:"event_type"`
	ID           string `json:"id"`
	Message      string `json:"message"`
	ResourceID   string `json:"resource_id"`
	ResourceType string `json:"resource_type"`
	Status       string `json:"status"`
	Timestamp    string `json:"timestamp"`
	Type         string `json:"type"`
	URLOverride  string `json:"url_override"`
	Version      string `json:"version"`

	Sequence       int64    `json:"sequence,omitempty"`
	CompletionDate string   `json:"completion_date,omitempty"`
	Numbers        []string `json:"numbers,omitempty"`
	EndsAt         string   `json:"ends_at,omitempty"`
}

// Compose writes the body for an event that has a topic; any other event is an error. The same event always makes the
// same bytes. A change of the status has the documented form. The other topics are ours and have the same envelope: the
// message is the event's text, and the attributes after the documented ones say the same for a machine.
func Compose(e porting.Event) ([]byte, error) {
	var message string
	extra := attributes{}
	switch e.Topic() {
	case "":
		return nil, fmt.Errorf("no webhook tells of %q of order %s", e.Kind, e.Order)
	case porting.StatusChange:
		message = fmt.Sprintf("Port Order #%s %s", e.Order, messages[e.Status])
		if e.Kind == porting.FOCLost { // it was submitted before
			message = fmt.Sprintf("Port Order #%s has lost its date: the carrier has withdrawn it.", e.Order)
		}
	default:
		message = text.English.Event(e)
		extra = attributes{Sequence: e.Version, CompletionDate: string(e.FOC)}
		for _, r := range e.Reasons {
			extra.Numbers = append(extra.Numbers, r.Numbers...)
		}
		if !e.Ends.IsZero() {
			extra.EndsAt = e.Ends.UTC().Format(time.RFC3339)
		}
	}
	at := e.At.UTC()
	a := extra
	a.At, a.CustomerID, a.EventType, a.ID = at.Format(microsLayout), string(e.Account), string(e.Topic()), ID(e)
	a.Message, a.ResourceID, a.ResourceType, a.Status = message, string(e.Order), "portorders", string(e.Status)
	a.URLOverride = e.StatusURL
	return envelope(a, at)
}

const microsLayout = "2006-01-02T15:04:05.000000-07:00"

// envelope writes the body around the attributes.
func envelope(a attributes, at time.Time) ([]byte, error) {
	a.Timestamp, a.Type, a.Version = a.At, "event", "1.0"
	var b body
	b.Data.Attributes, b.Data.ID, b.Data.Type, b.Data.Timestamp = a, a.ID, "po_"+a.EventType,
		at.Format("2006-01-02T15:04:05.000Z")
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // a URL's & stays readable
	if err := enc.Encode(b); err != nil {
		return nil, fmt.Errorf("webhook about %s %s: %w", a.ResourceType, a.ResourceID, err)
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// composePing writes the body of a test.
func composePing(d Delivery) ([]byte, error) {
	at := d.At.UTC()
	return envelope(attributes{At: at.Format(microsLayout), CustomerID: string(d.Account), EventType: "ping",
		ID:      d.ID(),
		Message: "This is a test of the webhook.", ResourceID: d.Endpoint, ResourceType: "webhooks"}, at)
}

// namespace is the UUID namespace of URLs (RFC 9562, 6.6).
var namespace = [16]byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

// ID is the event's id: a UUID of version 5 (RFC 9562, 5.5) made of account, order and event version. A customer
// recognizes by it what is delivered a second time.
func ID(e porting.Event) string {
	h := sha1.New()
	h.Write(namespace[:])
	fmt.Fprintf(h, "urn:portway:accounts/%s/portorders/%s/events/%d", e.Account, e.Order, e.Version)
	if e.N > 0 && !e.StatusChanged() { // where a change has several events, one of them changes the status
		fmt.Fprintf(h, ".%d", e.N)
	}
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
