// Package egress calls the servers that customers name: webhook endpoints, and hosts of documents. [Client] makes an
// HTTP client that can't reach our own network, and [Public] says which addresses it may reach. [Cause] and [Refused] say
// why a call failed, and [Wait] when it is tried again. The package knows nothing of orders.
package egress

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// mostHeader is how much of an answer's header is read.
const mostHeader = 64 << 10

// Client makes a client whose calls take at most limit, from the look-up of the name to the end of the answer. It
// follows no redirect. It refuses private, loopback and link-local addresses unless allowPrivate is set, which only the
// local stack does (PrivateWebhooks in the template).
func Client(limit time.Duration, allowPrivate bool) *http.Client {
	dialer := &net.Dialer{}
	if !allowPrivate {
		dialer.Control = onlyPublic
	}
	return &http.Client{
		Timeout: limit,
		Transport: &http.Transport{ // without a proxy, which would connect in our place and go around the check
			DialContext:            dialer.DialContext,
			MaxResponseHeaderBytes: mostHeader,
			MaxIdleConns:           10,
			IdleConnTimeout:        30 * time.Second,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Failure says why a call failed, as a clause. It holds nothing of the error's own text, which names the host and its
// addresses, or repeats what the host said.
type Failure string

// The failures.
const (
	Private     Failure = "the URL leads to an address that is not public"
	Slow        Failure = "the host did not answer in time"
	NoHost      Failure = "the host's name can't be looked up"
	BadCert     Failure = "the host's certificate is not valid"
	Unreachable Failure = "the host can't be reached"
	Broke       Failure = "the connection broke"
)

// Cause says why a call failed.
func Cause(err error) Failure {
	var (
		call    *url.Error
		private *errPrivate
		name    *net.DNSError
		cert    *tls.CertificateVerificationError
		dial    *net.OpError
	)
	switch {
	case errors.As(err, &private):
		return Private
	case errors.As(err, &call) && call.Timeout():
		return Slow
	case errors.As(err, &name):
		return NoHost
	case errors.As(err, &cert):
		return BadCert
	case errors.As(err, &dial) && dial.Op == "dial":
		return Unreachable
	}
	return Broke
}

// waits are the times between the tries of a call that fails. The first four take an hour, and all of them a day.
var waits = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 39 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 7 * time.Hour, 9 * time.Hour,
}

// Wait returns the time from the failure with that number, from 1, to the next try. more is false after a day, when the
// call is given up.
func Wait(failures int) (wait time.Duration, more bool) {
	if failures > len(waits) {
		return 0, false
	}
	return waits[max(failures, 1)-1], true
}

// Refused says that a call failed because of its URL, so that another try fails too.
func Refused(err error) bool { return errors.As(err, new(*errPrivate)) }

// onlyPublic is called for each connection, with the address that the host's name was looked up to. So a name that
// changes its address after an earlier check is still refused.
func onlyPublic(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil || !Public(ap.Addr()) {
		return &errPrivate{}
	}
	return nil
}

type errPrivate struct{}

func (*errPrivate) Error() string { return string(Private) }

// special lists the IPv4 blocks beside those that netip names (IANA special-purpose registry, RFC 6890), and the IPv6
// blocks inside 2000::/3 that carry an IPv4 address or no host at all.
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

// global6 is the IPv6 space from which addresses are assigned. NAT64 and unique local addresses lie outside.
var global6 = netip.MustParsePrefix("2000::/3")

// Public says whether an address belongs to the public internet. Only such an address may be called for a customer.
func Public(a netip.Addr) bool {
	a = a.Unmap()
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
