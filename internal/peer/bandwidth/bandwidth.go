// Package bandwidth ports local numbers through Bandwidth's Numbers API: XML over HTTPS, one order for each request.
// There is no LSR on this wire. An order is posted, changed by PUT (SUP 2 and 3) and deleted (SUP 1), and its
// ProcessingStatus tells how the losing carrier stands to it. CustomerOrderId carries our PON; it can be searched for
// but is no idempotency key.
//
// Start at [New] and the methods of [Client] that fulfil peer.Peer: Submit, Supplement and Cancel (order.go), Read
// (answer.go), Portability (portability.go), RequestCSR (csr.go). codes.tsv says what each published code means;
// codes.go reads it. infra/docs/wire-locals.md has the source of each shape and the questions that no source answers
// (L1, L2 and so on), which the comments here name. The package knows peer, peer/call, porting and metric. It must not
// know the simulated peer, which reads the same sources by itself.
package bandwidth

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// Config is an account at the peer.
type Config struct {
	Name     string // the peer's name in comments and attempts; "locals" when empty
	BaseURL  string // up to and without /accounts, such as https://dashboard.bandwidth.com/api/v1
	Account  string
	Site     string // the sub-account in which numbers land
	PeerID   string // its location; empty is the site's default
	User     string
	Password porting.Secret
	// OAuth is used in place of user and password when it has a URL; notes are then written in User's name, or else
	// OAuth.ID's.
	OAuth OAuth
	// Secret gives the password, or the secret of OAuth, before each call that sends it. It is then sent in place of
	// Password and OAuth.Secret. refused is what the peer has just refused, or the zero Secret.
	Secret func(ctx context.Context, refused porting.Secret) (porting.Secret, error)
	// Token gives an OAuth2 access token that somebody else looks after; it is then sent in place of the others.
	Token func(context.Context) (string, error)

	// Draft has orders made as drafts, which the carrier sees only when the LOA is on them. It costs one call more;
	// without it an order may be with the carrier for a moment before its LOA is.
	Draft bool
	// Triggered has orders wait for Activate on their FOC day. It can't be changed on an order.
	Triggered bool
	// Wireless says that the site is a mobile network: fewer fields of a mobile number's order may change.
	Wireless bool

	HTTP  *http.Client  // nil is a plain one
	Calls []call.Option // time limits, retries and pace other than usual
	Now   func() time.Time
}

// The peer publishes no figures of its limits. A client keeps to these.
const (
	perSecond = 3
	atOnce    = 4
)

const agent = "portway/1"

var (
	errNoToken      = errors.New("no access token")
	errNoSecret     = errors.New("our password is not known")
	errLoginRefused = errors.New("no access token: the login is refused")
)

// Client is the peer. It is safe for concurrent use.
type Client struct {
	cfg    Config
	calls  *call.Caller
	tokens *tokens
}

var _ peer.Peer = (*Client)(nil)

// New makes a client for an account at the peer.
func New(cfg Config) *Client {
	if cfg.Name == "" {
		cfg.Name = "locals"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	options := append([]call.Option{call.Pace(perSecond), call.AtOnce(atOnce)}, cfg.Calls...)
	if cfg.Secret == nil {
		fixed := cfg.Password
		if cfg.OAuth.URL != "" {
			fixed = cfg.OAuth.Secret
		}
		cfg.Secret = func(context.Context, porting.Secret) (porting.Secret, error) { return fixed, nil }
	} else {
		cfg.Secret = required(cfg.Secret)
	}
	c := &Client{cfg: cfg, calls: call.New(cfg.Name, cfg.HTTP, options...)}
	if cfg.OAuth.URL != "" {
		// Its circuit is its own: a token service that is down says nothing about the peer.
		c.tokens = &tokens{cfg: cfg.OAuth, secret: cfg.Secret, calls: call.New(cfg.Name, cfg.HTTP, options...), now: cfg.Now}
	}
	return c
}

// required makes a secret that can't be read, or that nobody has set, an error: a call without it would count as a wrong
// login.
func required(
	secret func(context.Context, porting.Secret) (porting.Secret, error),
) func(context.Context, porting.Secret) (porting.Secret, error) {
	return func(ctx context.Context, refused porting.Secret) (porting.Secret, error) {
		s, err := secret(ctx, refused)
		if err == nil && !s.IsSet() {
			err = errNoSecret
		}
		return s, err
	}
}

// Name is the peer's name.
func (c *Client) Name() string { return c.cfg.Name }

// document is a body that is sent as it is.
type document struct {
	contentType string
	bytes       []byte
}

// send makes one call below the account. With a status of 401 or 403 the peer refuses our login: the order waits.
func (c *Client) send(ctx context.Context, safe bool, method, below string, query url.Values,
	in any) (call.Response, error) {
	var doc document
	switch in := in.(type) {
	case nil:
	case document:
		doc = in
	default:
		b, err := xml.Marshal(in)
		if err != nil {
			return call.Response{}, err
		}
		doc = document{"application/xml; charset=utf-8", append([]byte(xml.Header), b...)}
	}
	address := strings.TrimSuffix(c.cfg.BaseURL, "/") + "/accounts/" + url.PathEscape(c.cfg.Account) + "/" + below
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	token := ""
	var password, refused porting.Secret
	build := func(ctx context.Context) (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(doc.bytes))
		if err != nil {
			return nil, c.down("its address is not one")
		}
		req.Header.Set("Accept", "application/xml")
		req.Header.Set("User-Agent", agent)
		if in != nil {
			req.Header.Set("Content-Type", doc.contentType)
		}
		switch {
		case c.cfg.Token != nil:
			token, err = c.cfg.Token(ctx)
		case c.tokens != nil:
			token, err = c.tokens.get(ctx)
		default:
			if password, err = c.cfg.Secret(ctx, refused); err != nil {
				return nil, &peer.Down{Peer: c.cfg.Name, Why: "our password can't be read: " + porting.Plain(err),
					Refuses: errors.Is(err, errNoSecret)}
			}
			req.SetBasicAuth(c.cfg.User, password.Reveal())
			return req, nil
		}
		if err != nil {
			return nil, &peer.Down{Peer: c.cfg.Name, Why: "no access token", Refuses: errors.Is(err, errLoginRefused) || errors.Is(err, errNoSecret)}
		}
		req.Header.Set("Authorization", "Bearer "+token)
		return req, nil
	}
	res, err := c.calls.Do(ctx, safe, build)
	if err == nil && res.Status == http.StatusUnauthorized && c.tokens != nil {
		// The token was ended before its time, and the call has had no effect: once more with a new one.
		c.tokens.drop(token)
		res, err = c.calls.Do(ctx, safe, build)
	}
	if err == nil && res.Status == http.StatusUnauthorized && password.IsSet() {
		// The password may have been changed since it was read, and the call has had no effect: once more with a new one.
		if next, failed := c.cfg.Secret(ctx, password); failed == nil && next != password {
			refused = password
			res, err = c.calls.Do(ctx, safe, build)
		}
	}
	if err == nil && (res.Status == http.StatusUnauthorized || res.Status == http.StatusForbidden) {
		return res, &peer.Down{Peer: c.cfg.Name, Why: "our login is refused, HTTP " + strconv.Itoa(res.Status), Refuses: true}
	}
	return res, err
}

// read is a good answer whose root, in any case of letters, is one of those names. own are the numbers that an error
// may name.
func (c *Client) read(ctx context.Context, res call.Response, own []string, roots ...string) (node, error) {
	root, ok := parse(res.Body)
	if res.Status >= 300 {
		return node{}, c.denied(ctx, res, own)
	}
	if ok {
		for _, name := range roots {
			if root.is(name) {
				return root, nil
			}
		}
		if len(faults(root)) > 0 {
			return node{}, c.denied(ctx, res, own)
		}
	}
	return node{}, c.down("HTTP " + strconv.Itoa(res.Status) + " with an unreadable answer")
}

// taken says whether a call was carried out that is answered without a body: with a good status, and with nothing in
// the body or one of those roots, if that holds no refusal. Any other body may be somebody else's page and proves
// nothing.
func (c *Client) taken(ctx context.Context, res call.Response, roots ...string) error {
	if res.Status < 300 && len(bytes.TrimSpace(res.Body)) == 0 {
		return nil
	}
	root, err := c.read(ctx, res, nil, roots...)
	if err != nil || every(faults(root), func(f fault) bool { return f.kind() == informs }) || len(faults(root)) == 0 {
		return err
	}
	return c.denied(ctx, res, nil)
}

// denied is the error of an answer that says no. An answer that names no reason (a proxy's page, an empty body) and
// trouble that the peer itself calls passing are Down: the peer is asked again later.
func (c *Client) denied(ctx context.Context, res call.Response, own []string) error {
	status := "HTTP " + strconv.Itoa(res.Status)
	root, ok := parse(res.Body)
	all := faults(root)
	switch why := c.reasons(ctx, all, own); {
	case !ok || len(all) == 0:
		return c.down(status + " with nothing that says why")
	case len(why) == 0 || every(all, fault.passes):
		return c.down("its own trouble " + all[0].code)
	default:
		return &peer.Denied{Peer: c.cfg.Name, Reasons: why}
	}
}

func (c *Client) down(why string) error { return &peer.Down{Peer: c.cfg.Name, Why: why} }

func (c *Client) ending() error {
	return &peer.Down{Peer: c.cfg.Name, Why: "the request before has yet to end", Ending: true}
}
