package bandwidth

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Note is a message on an order or a CSR.
type Note struct {
	ID   string
	By   string
	At   time.Time // zero where the peer's date can't be read
	Text string    // made fit by porting.Quote
	// whole is the text as the peer has it, to find a note of ours again.
	whole string
}

// maxNote is the wire's limit, in characters.
const maxNote = 500

// WriteNote writes to the people behind an order. Each note opens a ticket there, so it is not repeated when its answer
// is lost. A text of more than 500 characters is cut. It must not hold secrets.
func (c *Client) WriteNote(ctx context.Context, ref, text string) error {
	res, err := c.send(ctx, false, http.MethodPost, "portins/"+url.PathEscape(ref)+"/notes", nil,
		note{User: c.user(), Text: cut(text, maxNote)})
	if err != nil {
		return err
	}
	return c.taken(ctx, res, "NoteResponse", "Note", "Notes")
}

// escalation is the note that asks people about a silent order. Its text is how it is recognized later.
const escalation = "Escalation: the losing carrier has been silent about this order for longer than it normally is. " +
	"Please ask it for the state, and answer with the FOC date or the reason of a reject."

// Escalate asks the people behind the order to see to it, by one note. Where that note is there already, as after an
// answer that was lost, it is not written again.
func (c *Client) Escalate(ctx context.Context, ref string, _ time.Time) (said string, done bool, err error) {
	if err := c.Note(ctx, ref, escalation); err != nil {
		return "", false, err
	}
	return "We have asked our porting partner by a note to look into it.", true, nil
}

// Note writes a text to the people behind the order. Where a note of that text is there already, as after an answer that
// was lost, it is not written again.
func (c *Client) Note(ctx context.Context, ref, text string) error {
	have, err := c.Notes(ctx, ref)
	if err != nil || slices.ContainsFunc(have, func(n Note) bool { return n.Text == porting.Quote(text) }) {
		return err
	}
	return c.WriteNote(ctx, ref, text)
}

// The workflow finds these by their interfaces.
var (
	_ peer.Noted        = (*Client)(nil)
	_ peer.Escalator    = (*Client)(nil)
	_ peer.RecordFinder = (*Client)(nil)
	_ peer.Supplier     = (*Client)(nil)
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
	list, err := c.read(ctx, res, nil, "Notes")
	if err != nil {
		return nil, err
	}
	var all []Note
	for _, n := range list.all("Note") {
		all = append(all, Note{ID: n.text("Id"), By: n.text("UserId"), At: instant(n.text("LastDateModifier")),
			Text: porting.Quote(n.text("Description")), whole: n.text("Description")})
	}
	return all, nil
}

// user returns our user at the peer, since a note without an author is refused.
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

// History returns the peer's log of an order. It lags behind by minutes and is evidence only; Read tells the present
// state. A draft has none.
func (c *Client) History(ctx context.Context, ref string) ([]Past, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref)+"/history", nil, nil)
	if err != nil || res.Status == http.StatusNoContent {
		return nil, err
	}
	list, err := c.read(ctx, res, nil, "OrderHistoryWrapper")
	if err != nil {
		return nil, err
	}
	rows := list.all("OrderHistory")
	if all := faults(list); len(rows) == 0 && slices.ContainsFunc(all, func(f fault) bool { return f.kind() != informs }) {
		return nil, c.denied(ctx, res, nil)
	}
	var past []Past
	for _, row := range rows {
		past = append(past, Past{At: instant(row.text("OrderDate")), Status: porting.Quote(row.text("Status")),
			By: porting.Quote(row.text("Author")), Text: porting.Quote(row.text("Note"))})
	}
	return past, nil
}
