package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"portway/internal/egress"
	"portway/internal/porting"
)

const (
	// limit is how long a delivery may take, from the look-up of the name to the end of the answer.
	limit = 10 * time.Second
	// mostAnswer is how much of an answer is read and dropped, so that its connection can be used again.
	mostAnswer = 64 << 10
)

// Message is one webhook on its way.
type Message struct {
	URL      string
	ID       string
	Sequence int64 // of the order's change; 0 for none
	Body     []byte
	At       time.Time // of this try
	Secrets  []porting.Secret
}

// Client posts webhooks to endpoints. It is safe for concurrent use.
type Client struct{ client *http.Client }

// NewClient makes a client. It refuses URLs that lead to addresses which are not public, unless allowPrivate is set.
func NewClient(allowPrivate bool) *Client {
	return &Client{client: egress.Client(limit, allowPrivate)}
}

// NewClientOver makes a client whose calls go through next, for tests without a network.
func NewClientOver(next http.RoundTripper) *Client {
	return &Client{client: &http.Client{Transport: next, Timeout: limit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Post posts m and returns the status of the answer. An answer of 2xx within ten seconds is a delivery. A redirect is
// not followed, and is a failure. The error is a *Failed, or one of our own secrets.
func (c *Client) Post(ctx context.Context, m Message) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil || req.URL.Host == "" {
		return 0, &Failed{Why: "The URL is not valid."}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Portway-Webhook/1.0")
	req.Header.Set(headerID, m.ID)
	req.Header.Set(headerTimestamp, strconv.FormatInt(m.At.Unix(), 10))
	if m.Sequence > 0 {
		req.Header.Set(headerSequence, strconv.FormatInt(m.Sequence, 10))
	}
	if len(m.Secrets) > 0 {
		signature, err := sign(m.Secrets, m.ID, m.At, m.Body)
		if err != nil {
			return 0, err
		}
		req.Header.Set(headerSignature, signature)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, &Failed{Why: sentence(string(egress.Cause(err)))}
	}
	defer resp.Body.Close()
	// The answer's body says nothing that we need, so an error while it is read is none.
	_, _ = io.CopyN(io.Discard, resp.Body, mostAnswer)
	switch {
	case resp.StatusCode/100 == 2:
		return resp.StatusCode, nil
	case resp.StatusCode/100 == 3:
		return resp.StatusCode, &Failed{Status: resp.StatusCode,
			Why: "The server answered with a redirect, which we do not follow."}
	}
	return resp.StatusCode, &Failed{Status: resp.StatusCode, Why: fmt.Sprintf("The server answered %d.",
		resp.StatusCode), After: retryAfter(resp.Header.Get("Retry-After"))}
}

// sentence makes a clause a sentence.
func sentence(clause string) string { return strings.ToUpper(clause[:1]) + clause[1:] + "." }

// retryAfter reads the header's seconds (RFC 9110, 10.2.3). A date counts as none, since the server's clock may be
// wrong.
func retryAfter(text string) time.Duration {
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(min(seconds, 1<<20))*time.Second, mostPatience)
}

// mostPatience is the longest time for which an endpoint's Retry-After puts a try off.
const mostPatience = time.Hour

// Failed says that a webhook was not delivered. Its text holds nothing of the URL, whose path and query carry keys.
type Failed struct {
	Status int    // of the answer; 0 where there was none
	Why    string // a sentence for the customer
	// After is how long the endpoint asks to be left alone.
	After time.Duration
	// ours says that the failure is not the endpoint's.
	ours bool
}

func (e *Failed) Error() string { return "webhook not delivered: " + e.Why }

// Plain says that the error's text is fit for logs and people.
func (e *Failed) Plain() string { return e.Error() }
