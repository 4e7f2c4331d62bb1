package bandwidth

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"portway/internal/peer"
)

// Activation says which numbers of an order are in service with us.
type Activation struct {
	At      time.Time // when the rest is activated by itself; zero where nothing is planned
	Active  []string
	Waiting []string
	// Erased says that the order is complete, or cancelled, and that nothing is told of its numbers any more.
	Erased bool
}

// Activation reads how far the activation has come.
func (c *Client) Activation(ctx context.Context, ref string) (Activation, error) {
	return c.activation(ctx, http.MethodGet, ref, nil)
}

// Activate moves the numbers of an order that was made with Config.Triggered and has its FOC: at once when at is zero
// or past, else at that time of the FOC day. An order that is complete already is no error. A refusal is a Denied for
// ACTIVATION_REFUSED, and the order stands.
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

var _ peer.Activator = (*Client)(nil)

// erased reports whether the error says that the activation is erased: 7348 in the peer's sample, 7349 in its list.
func erased(f fault) bool { return f.code == "7348" || f.code == "7349" }

func (c *Client) activation(ctx context.Context, method, ref string, in any) (Activation, error) {
	res, err := c.send(ctx, true, method, "portins/"+url.PathEscape(ref)+"/activationStatus", nil, in)
	if err != nil {
		return Activation{}, err
	}
	root, _ := parse(res.Body)
	if res.Status == http.StatusNotFound && every(faults(root), erased) {
		return Activation{Erased: true}, nil
	}
	if _, err := c.read(ctx, res, nil, "ActivationStatusResponse"); err != nil {
		return Activation{}, err
	}
	for _, f := range faults(root) {
		if f.kind() != informs {
			return Activation{}, c.denied(ctx, res, nil)
		}
	}
	now := root.at("ActivationStatus")
	a := Activation{At: instant(now.text("AutoActivationDate"))}
	for _, tn := range now.texts("ActivatedTelephoneNumbersList", "TelephoneNumber") {
		a.Active = append(a.Active, e164(tn))
	}
	for _, tn := range now.texts("NotYetActivatedTelephoneNumbersList", "TelephoneNumber") {
		a.Waiting = append(a.Waiting, e164(tn))
	}
	return a, nil
}
