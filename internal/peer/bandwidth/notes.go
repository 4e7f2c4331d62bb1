package bandwidth

import (
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Note is what somebody wrote to an order or a CSR.
type Note struct {
	ID   string
	By   string
	At   time.Time // zero where the peer's date can't be read
	Text string    // made fit by porting.Quote
}

// maxNote is the wire's limit, in characters.
const maxNote = 500

// WriteNote writes to the people behind an order; each note opens a ticket there, so it is not repeated when its answer is lost.
// What is longer than 500 characters is cut. It must not hold secrets.
func (c *Client) WriteNote(ctx context.Context, ref, text string) error {
	res, err := c.send(ctx, false, http.MethodPost, "portins/"+url.PathEscape(ref)+"/notes", nil, note{User: c.user(), Text: cut(text, maxNote)})
	if err == nil && res.Status >= 300 {
		return c.denied(res)
	}
	return err
}

// escalation is what the people behind a silent order are asked; by it the note is known again.
const escalation = "Escalation: the losing carrier has been silent about this order for longer than it normally is. " +
	"Please ask it for the state, and answer with the FOC date or the reason of a reject."

// Escalate asks the people behind the order to see to it, by one note: where it is there already, as after an answer that was
// lost, it is not written again.
func (c *Client) Escalate(ctx context.Context, ref string, _ time.Time) (said string, done bool, err error) {
	have, err := c.Notes(ctx, ref)
	if err != nil {
		return "", false, err
	}
	if !slices.ContainsFunc(have, func(n Note) bool { return n.Text == porting.Quote(escalation) }) {
		if err := c.WriteNote(ctx, ref, escalation); err != nil {
			return "", false, err
		}
	}
	return "A note asks the people there to see to it.", true, nil
}

// What the workflow may want of a peer of people, beside a port.
var (
	_ peer.Escalator    = (*Client)(nil)
	_ peer.RecordFinder = (*Client)(nil)
	_ peer.Supplier     = (*Client)(nil)
	_ peer.Activator    = (*Client)(nil)
)

// Notes reads the notes on an order, the oldest first.
func (c *Client) Notes(ctx context.Context, ref string) ([]Note, error) {
	return c.notes(ctx, "portins/"+url.PathEscape(ref))
}

func (c *Client) notes(ctx context.Context, of string) ([]Note, error) {
	res, err := c.send(ctx, true, http.MethodGet, of+"/notes", nil, nil)
	if err != nil || res.Status == http.StatusNoContent {
		return nil, err
	}
	var list notes
	if err := c.read(res, &list); err != nil {
		return nil, err
	}
	var all []Note
	for _, n := range list.Notes {
		_, at, _ := parseFOC(n.Modified)
		all = append(all, Note{ID: n.ID, By: n.User, At: at, Text: porting.Quote(n.Text)})
	}
	return all, nil
}

// user is who we are at the peer; a note without its author is refused.
func (c *Client) user() string {
	if c.cfg.User == "" {
		return c.cfg.OAuth.ID
	}
	return c.cfg.User
}

// Past is one line of an order's history.
type Past struct {
	At     time.Time
	Status string
	By     string
	Text   string // made fit by porting.Quote
}

// History is what the peer has written down about an order. It lags behind by minutes and is evidence only: what the order is
// now, Read says. A draft has none.
func (c *Client) History(ctx context.Context, ref string) ([]Past, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref)+"/history", nil, nil)
	if err != nil || res.Status == http.StatusNoContent {
		return nil, err
	}
	var list history
	if err := c.read(res, &list); err != nil {
		return nil, err
	}
	if all, _ := faults(res.Body); len(all) > 0 && len(list.Rows) == 0 && !only(" 7710 ", all) {
		return nil, c.denied(res)
	}
	var past []Past
	for _, row := range list.Rows {
		_, at, _ := parseFOC(row.Date)
		past = append(past, Past{At: at, Status: porting.Quote(row.Status), By: porting.Quote(row.Author), Text: porting.Quote(row.Note)})
	}
	return past, nil
}

// Activation says which numbers of an order are in service with us.
type Activation struct {
	At      time.Time // when the rest is activated by itself; zero where nothing is planned
	Active  []string
	Waiting []string
}

// Activation reads how far the activation has come.
func (c *Client) Activation(ctx context.Context, ref string) (Activation, error) {
	return c.activation(ctx, http.MethodGet, ref, nil)
}

// Activate moves the numbers of an order that was made with Config.Triggered and has its FOC: at once when at is zero or past,
// else at that time of the FOC day. An order that is complete already is no error.
func (c *Client) Activate(ctx context.Context, ref string, at time.Time) (Activation, error) {
	when := "2000-01-01T00:00:00Z" // any past date is now
	if !at.IsZero() {
		when = at.UTC().Format(time.RFC3339)
	}
	return c.activation(ctx, http.MethodPut, ref, activationStatus{Date: when})
}

// CutOver activates an order of a triggered account now; the others move by themselves.
func (c *Client) CutOver(ctx context.Context, ref string) error {
	if !c.cfg.Triggered {
		return nil
	}
	_, err := c.Activate(ctx, ref, time.Time{})
	return err
}

func (c *Client) activation(ctx context.Context, method, ref string, in any) (Activation, error) {
	res, err := c.send(ctx, true, method, "portins/"+url.PathEscape(ref)+"/activationStatus", nil, in)
	if err != nil {
		return Activation{}, err
	}
	if all, _ := faults(res.Body); method == http.MethodPut && res.Status == http.StatusNotFound && only(" 7348 7349 ", all) {
		return c.activation(ctx, http.MethodGet, ref, nil) // it is done
	}
	var answer activationStatusResponse
	if err := c.read(res, &answer); err != nil {
		return Activation{}, err
	}
	if all, _ := faults(res.Body); len(reasons(all)) > 0 {
		return Activation{}, c.denied(res)
	}
	_, at, _ := parseFOC(answer.Date)
	a := Activation{At: at}
	for _, tn := range answer.Active {
		a.Active = append(a.Active, e164(tn))
	}
	for _, tn := range answer.Waiting {
		a.Waiting = append(a.Waiting, e164(tn))
	}
	return a, nil
}

type note struct {
	XMLName  xml.Name `xml:"Note"`
	ID       string   `xml:"Id,omitempty"`
	User     string   `xml:"UserId"`
	Text     string   `xml:"Description"`
	Modified string   `xml:"LastDateModifier,omitempty"` // sic
}

type notes struct {
	XMLName xml.Name `xml:"Notes"`
	Notes   []note   `xml:"Note"`
}

type history struct {
	XMLName xml.Name `xml:"OrderHistoryWrapper"`
	Rows    []struct {
		Date   string `xml:"OrderDate"`
		Note   string `xml:"Note"`
		Author string `xml:"Author"`
		Status string `xml:"Status"`
	} `xml:"OrderHistory"`
}

type activationStatus struct {
	XMLName xml.Name `xml:"ActivationStatus"`
	Date    string   `xml:"AutoActivationDate"`
}

type activationStatusResponse struct {
	XMLName xml.Name `xml:"ActivationStatusResponse"`
	Date    string   `xml:"ActivationStatus>AutoActivationDate"`
	Active  []string `xml:"ActivationStatus>ActivatedTelephoneNumbersList>TelephoneNumber"`
	Waiting []string `xml:"ActivationStatus>NotYetActivatedTelephoneNumbersList>TelephoneNumber"`
}
