package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"portway/internal/egress"
	"portway/internal/porting"
)

const (
	// limit is how long a delivery may take, from the look-up of the name to the end of the answer.
	limit = 10 * time.Second
	// mostAnswer is how much of the answer is read, and dropped, so that the connection can serve again.
	mostAnswer = 64 << 10
)

// Deliverer posts status webhooks. It is safe for concurrent use.
type Deliverer struct{ client *http.Client }

// NewDeliverer makes a Deliverer. The customer's URL leads to a public address, unless allowPrivate is set.
func NewDeliverer(allowPrivate bool) *Deliverer {
	return &Deliverer{client: egress.Client(limit, allowPrivate)}
}

// Deliver posts e to its order's status URL. Any answer of 2xx within ten seconds is a delivery; a redirect is not followed
// and is none. What went wrong comes back as a *Failed.
func (d *Deliverer) Deliver(ctx context.Context, e porting.Event) error {
	data, err := Compose(e)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.StatusURL, bytes.NewReader(data))
	if err != nil || req.URL.Host == "" {
		return &Failed{Why: "the URL is not valid"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Portway-Webhook/1.0")
	resp, err := d.client.Do(req)
	if err != nil {
		return &Failed{Why: egress.Cause(err)}
	}
	defer resp.Body.Close()
	// What the answer says does not matter, nor whether all of it can be read.
	_, _ = io.CopyN(io.Discard, resp.Body, mostAnswer)
	switch {
	case resp.StatusCode/100 == 2:
		return nil
	case resp.StatusCode/100 == 3:
		return &Failed{Status: resp.StatusCode, Why: "redirects are not followed"}
	}
	return &Failed{Status: resp.StatusCode, Why: "not accepted"}
}

// Failed says that a webhook was not delivered, in our own words: nothing of the URL is in it, whose path and query carry keys.
type Failed struct {
	Status int // of the answer; 0 when there was none
	Why    string
}

func (e *Failed) Error() string {
	if e.Status == 0 {
		return "webhook not delivered: " + e.Why
	}
	return fmt.Sprintf("webhook not delivered: answered %d, %s", e.Status, e.Why)
}

// Plain says that the error's text is fit for logs and people.
func (e *Failed) Plain() string { return e.Error() }
