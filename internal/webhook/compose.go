// Package webhook tells a customer's own server of every change of an order's status, in the form of D-HOOK and D-CB: [Compose]
// writes the body, [Deliverer] posts it.
package webhook

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"

	"portway/internal/porting"
)

// messages end the sentence "Port Order #50404 ..."; the documentation shows that of a cancelled order.
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

// body is the documented form. What its documentation calls a number (version, resource_id, timestamp) its sample writes as
// text; we do as the sample does.
type body struct {
	Data struct {
		Attributes attributes `json:"attributes"`
		ID         string     `json:"id"`
		Type       string     `json:"type"`
		Timestamp  string     `json:"timestamp"`
	} `json:"data"`
}

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
}

// Compose writes the body for an event that changed an order's status; any other event is an error. The same event always
// makes the same bytes.
func Compose(e porting.Event) ([]byte, error) {
	message, ok := messages[e.Status]
	if !ok || !e.StatusChanged() {
		return nil, fmt.Errorf("no status webhook follows from %q of order %s", e.Kind, e.Order)
	}
	at := e.At.UTC()
	micros, id := at.Format("2006-01-02T15:04:05.000000-07:00"), ID(e)
	var b body
	b.Data.Attributes = attributes{
		At: micros, CustomerID: string(e.Account), EventType: "status_change", ID: id,
		Message:    fmt.Sprintf("Port Order #%s %s", e.Order, message),
		ResourceID: string(e.Order), ResourceType: "portorders", Status: string(e.Status), Timestamp: micros, Type: "event",
		URLOverride: e.StatusURL, Version: "1.0",
	}
	b.Data.ID, b.Data.Type, b.Data.Timestamp = id, "po_status_change", at.Format("2006-01-02T15:04:05.000Z")
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false) // a URL's & stays readable
	if err := enc.Encode(b); err != nil {
		return nil, fmt.Errorf("status webhook of order %s: %w", e.Order, err)
	}
	return bytes.TrimRight(out.Bytes(), "\n"), nil
}

// namespace is that of URLs (RFC 9562, 6.6).
var namespace = [16]byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}

// ID is the event's id, a UUID of version 5 (RFC 9562, 5.5) made of account, order and event version, so that a customer
// recognizes what is delivered a second time.
func ID(e porting.Event) string {
	h := sha1.New()
	h.Write(namespace[:])
	fmt.Fprintf(h, "urn:portway:accounts/%s/portorders/%s/events/%d", e.Account, e.Order, e.Version)
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
