package bandwidth

import (
	"context"
	"errors"
	"regexp"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// A carrier that doubts a port asks Bandwidth for the LOA, and Bandwidth asks its customer, who has to show the LOA at once
// (support.bandwidth.com, article 360014051574). No state and no code tells of that once the carrier has agreed; people
// write a note on the order (L10). A carrier that wants the LOA before it agrees refuses by a code, which a repair answers.

// The words of a demand, of which no page shows one (L10). Both have to be in one note.
var (
	namesLOA = regexp.MustCompile(`(?i)\bLOAs?\b|letters? of (agency|authori[sz]ation)`)
	asksFor  = regexp.MustCompile(`(?i)\b(provide|send|submit|supply|upload|attach|forward|need|require|request|ask|want|show|copy|` +
		`prove|missing|unauthori[sz]ed|not authori[sz]ed|dispute|fraud)`)
)

// LOAAsked looks for the newest note of other people than us that asks for the LOA.
func (c *Client) LOAAsked(ctx context.Context, ref string, since time.Time) (said string, asked bool, err error) {
	all, err := c.Notes(ctx, ref)
	if err != nil {
		return "", false, err
	}
	for _, n := range all {
		if n.By != porting.Quote(c.user()) && (since.IsZero() || n.At.After(since)) && namesLOA.MatchString(n.whole) && asksFor.MatchString(n.whole) {
			said, asked = n.Text, true
		}
	}
	return said, asked, nil
}

// loaGiven is the note that answers a demand. Its text is how it is recognized later.
const loaGiven = "The signed LOA of this order is among its documents. Please give it to the carrier that asks for it."

// GiveLOA uploads the LOA unless the order has one, and says so by one note. An order that takes neither any more is no
// error: our staff has the case.
func (c *Client) GiveLOA(ctx context.Context, ref string, r peer.Request) error {
	if err := c.ensureLOA(ctx, ref, r); err != nil {
		return err
	}
	err := c.Note(ctx, ref, loaGiven)
	if errors.As(err, new(*peer.Denied)) {
		return nil
	}
	return err
}

var _ peer.Doubted = (*Client)(nil)
