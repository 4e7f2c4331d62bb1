package bandwidth

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/peer/call"
	"portway/internal/porting"
)

// page is a peer that answers every call alike.
type page answer

func (p page) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: p.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(p.body)), Request: r,
	}, nil
}

// A page that is not the peer's document proves nothing, whatever its status: no call has succeeded, and the carrier
// has refused nothing.
func TestPagesOfOthersProveNothing(t *testing.T) {
	pages := map[string]string{
		"HTML that is not XML": `<!DOCTYPE html><html><head><meta charset=utf-8><title>Sorry</title><body><p>Ref: 18.2f<br>` +
			`</body></html>`,
		"HTML that is XML": `<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Maintenance</h1></body></html>`,
		"HTML in capitals": `<HTML><BODY>moved</BODY></HTML>`,
		"a plain text":     `upstream connect error or disconnect/reset before headers`,
		"JSON":             `{"error":"not_found","code":7200}`,
		"XML of a gateway": `<fault><faultcode>env:Server</faultcode><faultstring>policy</faultstring></fault>`,
		"an error in XML":  `<?xml version="1.0"?><Error><Message>down for maintenance</Message></Error>`,
		"XML of a bucket":  `<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`,
		"half a document":  `<?xml version="1.0"?><LnpOrderResponse><OrderId>1</OrderId><ProcessingStatus>CANC`,
		"spaces":           " \r\n ",
	}
	calls := map[string]func(context.Context, *Client) error{
		"Portability": func(ctx context.Context, c *Client) error {
			_, err := c.Portability(ctx, []string{"+19195550101", "+19195550102"})
			return err
		},
		"RequestCSR": func(ctx context.Context, c *Client) error {
			_, err := c.RequestCSR(ctx, request().Order, "p")
			return err
		},
		"ReadCSR": func(ctx context.Context, c *Client) error { _, _, _, err := c.ReadCSR(ctx, "x"); return err },
		"SupplyCSR": func(ctx context.Context, c *Client) error {
			_, err := c.SupplyCSR(ctx, "x", request().Order)
			return err
		},
		"FindCSR": func(ctx context.Context, c *Client) error {
			_, _, err := c.FindCSR(ctx, "p", time.Time{})
			return err
		},
		"Submit":     func(ctx context.Context, c *Client) error { _, err := c.Submit(ctx, request()); return err },
		"Supplement": func(ctx context.Context, c *Client) error { _, err := c.Supplement(ctx, "x", request()); return err },
		"Cancel":     func(ctx context.Context, c *Client) error { return c.Cancel(ctx, "x") },
		"Find":       func(ctx context.Context, c *Client) error { _, _, err := c.Find(ctx, request()); return err },
		"Read":       func(ctx context.Context, c *Client) error { _, err := c.Read(ctx, "x"); return err },
		"WriteNote":  func(ctx context.Context, c *Client) error { return c.WriteNote(ctx, "x", "please") },
		"Notes":      func(ctx context.Context, c *Client) error { _, err := c.Notes(ctx, "x"); return err },
		"History":    func(ctx context.Context, c *Client) error { _, err := c.History(ctx, "x"); return err },
		"Documents":  func(ctx context.Context, c *Client) error { _, err := c.Documents(ctx, "x"); return err },
		"Upload": func(ctx context.Context, c *Client) error {
			_, err := c.Upload(ctx, "x", Document{Type: "LOA", ContentType: "application/pdf", Bytes: []byte("%PDF-1.7")})
			return err
		},
		"Activation": func(ctx context.Context, c *Client) error { _, err := c.Activation(ctx, "x"); return err },
		"Activate":   func(ctx context.Context, c *Client) error { _, err := c.Activate(ctx, "x", time.Time{}); return err },
		"Subscribe": func(ctx context.Context, c *Client) error {
			return c.Subscribe(ctx, Hook{URL: "https://hooks.example", User: "u", Password: porting.NewSecret("p")})
		},
	}
	// A blank body is an answer to these calls: it was carried out, or for a file with 400 and 409, it was refused (spec).
	blank := map[string][]int{
		"Cancel": {200, 201, 202}, "WriteNote": {200, 201, 202}, "Upload": {200, 201, 202, 400, 409},
	}
	for what, body := range pages {
		for _, status := range []int{200, 201, 202, 400, 404, 405, 409, 410, 413, 418, 422, 451, 500, 502, 503} {
			c := New(Config{
				BaseURL: "https://peer.example/api/v1", Account: "9900001", Site: "743", User: "api",
				HTTP:  &http.Client{Transport: page{status: status, body: body}},
				Calls: []call.Option{call.Attempts(1), call.Pace(0), call.Circuit(1000, time.Second)},
			})
			for name, do := range calls {
				if what == "spaces" && slices.Contains(blank[name], status) {
					continue
				}
				if err := do(t.Context(), c); !isDown(err) {
					t.Errorf("%s, HTTP %d, %s: %v, want a peer that can't be asked", name, status, what, err)
				}
			}
		}
	}
}
