package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

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

// NewDeliverer makes a Deliverer. A customer names the URL, so it must not lead back into our own network: private, loopback
// and link-local addresses are refused unless allowPrivate is set, which is for the local stack alone (PrivateWebhooks in
// the template).
func NewDeliverer(allowPrivate bool) *Deliverer {
	dialer := &net.Dialer{}
	if !allowPrivate {
		dialer.Control = onlyPublic
	}
	return &Deliverer{client: &http.Client{
		Timeout: limit,
		Transport: &http.Transport{ // without a proxy: it would connect in our place, past the check
			DialContext:            dialer.DialContext,
			MaxResponseHeaderBytes: mostAnswer,
			MaxIdleConns:           10,
			IdleConnTimeout:        30 * time.Second,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
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
		return &Failed{Why: "the URL is not valid", cause: "the URL is not valid"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Portway-Webhook/1.0")
	resp, err := d.client.Do(req)
	if err != nil {
		return &Failed{Why: why(err), cause: cause(err)}
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

// Failed says that a webhook was not delivered. It holds nothing of the URL but, where the network says so, its host: paths
// and queries carry keys.
type Failed struct {
	Status int // of the answer; 0 when there was none
	Why    string
	cause  string // our own words for the kind of failure when there was no answer
}

func (e *Failed) Error() string {
	if e.Status == 0 {
		return "webhook not delivered: " + e.Why
	}
	return fmt.Sprintf("webhook not delivered: answered %d, %s", e.Status, e.Why)
}

// Plain is the error in our own words alone: the network's text names the host and addresses, or repeats what the host said.
func (e *Failed) Plain() string {
	switch {
	case e.Status != 0:
		return fmt.Sprintf("webhook not delivered: answered %d", e.Status)
	case e.cause != "":
		return "webhook not delivered: " + e.cause
	}
	return "webhook not delivered"
}

// cause names the kind of a failed call.
func cause(err error) string {
	var (
		call    *url.Error
		private *errPrivate
		name    *net.DNSError
		cert    *tls.CertificateVerificationError
		dial    *net.OpError
	)
	switch {
	case errors.As(err, &private):
		return private.Error()
	case errors.As(err, &call) && call.Timeout():
		return fmt.Sprintf("no answer within %s", limit)
	case errors.As(err, &name):
		return "the host's name can't be looked up"
	case errors.As(err, &cert):
		return "the host's certificate is not valid"
	case errors.As(err, &dial) && dial.Op == "dial":
		return "the host can't be reached"
	}
	return "the connection broke"
}

// why is the cause of a failed call without the URL that http puts before it.
func why(err error) string {
	var call *url.Error
	if errors.As(err, &call) {
		if call.Timeout() {
			return fmt.Sprintf("no answer within %s", limit)
		}
		err = call.Err
	}
	var private *errPrivate
	if errors.As(err, &private) {
		return private.Error()
	}
	return err.Error()
}

// onlyPublic is asked for every connection, with the address that the name has turned out to have: a name that changes its
// address after a check gains nothing.
func onlyPublic(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !public(ap.Addr().Unmap()) {
		return &errPrivate{}
	}
	return nil
}

type errPrivate struct{}

func (*errPrivate) Error() string { return "the URL leads to an address that is not public" }

// special are the IPv4 blocks beside those that netip names (IANA special-purpose registry, RFC 6890), and the IPv6 blocks
// inside 2000::/3 that carry an IPv4 address or no host at all.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carrier-grade NAT; AWS uses it inside
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), // Teredo and other protocols
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4
}

// global6 is the IPv6 space that is given out; NAT64, unique local and the rest lie outside.
var global6 = netip.MustParsePrefix("2000::/3")

func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !global6.Contains(a) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
