package somos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// Session is a sign-in at the registry. Its secrets print, and marshal, as redacted: a store has to reveal them.
type Session struct {
	AccessToken  porting.Secret
	RefreshToken porting.Secret
	ClientKey    porting.Secret
	ClientSecret porting.Secret
	Expires      time.Time
	// Version counts what was saved, leases included.
	Version int64
	// Lease names the instance that is about to change the session; its word counts until Until.
	Lease string
	Until time.Time
}

// SessionStore keeps the one session of a login for all instances that use it: the registry allows one live session, so
// an instance that opened its own would sign the others out.
type SessionStore interface {
	// Load gives the session, or the zero Session when there is none.
	Load(ctx context.Context) (Session, error)
	// Save keeps a session whose Version is one more than that of the session kept; where there is none yet, 0 will do
	// too. Any other one answers ErrOutrun and changes nothing.
	Save(ctx context.Context, s Session) error
}

// ErrOutrun says that another instance has saved since the session was loaded.
var ErrOutrun = errors.New("another instance has saved its session meanwhile")

// Memory is a SessionStore within one process.
type Memory struct {
	mu sync.Mutex
	s  Session
}

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{} }

// Load gives the session.
func (m *Memory) Load(context.Context) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.s, nil
}

// Save keeps the session that follows the one in place.
func (m *Memory) Save(_ context.Context, s Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.Version != m.s.Version+1 && (s.Version != 0 || m.s != Session{}) {
		return ErrOutrun
	}
	m.s = s
	return nil
}

// Format keeps the session out of every print.
func (m *Memory) Format(f fmt.State, _ rune) { fmt.Fprint(f, "session store") }

// signedIn gives a session other than the stale one, which the registry no longer takes ("" when none is). In this
// order: the one in hand, the shared one, a refreshed one, a new one. fresh says that the registry has just given it.
// An instance that changes the session leases it in the store first. Both, a refresh and a new sign-in, end the token
// that the others hold, so that two instances which start at once would sign each other out by turns; the one that
// comes second waits for what the first one leaves in the store. The lease of an instance that died lapses.
func (c *Client) signedIn(ctx context.Context, stale string) (s Session, fresh bool, err error) {
	if s := c.inHand(); c.usable(s, stale) {
		return s, false, nil
	}
	select {
	case c.signing <- struct{}{}:
		defer func() { <-c.signing }()
	case <-ctx.Done():
		return Session{}, false, c.late(ctx)
	}
	for range maxPolls {
		shared, err := c.shared(ctx)
		now := c.cfg.Now()
		switch {
		case err != nil || c.usable(shared, stale):
			return shared, false, err
		case shared.Lease != "" && shared.Lease != c.id && now.Before(shared.Until):
			if c.cfg.Sleep(ctx, c.cfg.Poll) != nil {
				return Session{}, false, c.late(ctx)
			}
			continue
		case now.Before(c.refusedUntil):
			return Session{}, false, c.refuses("sign-in was refused a short while ago")
		}
		lease := shared
		lease.Version, lease.Lease, lease.Until = shared.Version+1, c.id, now.Add(leaseLife)
		if err := c.save(ctx, lease); errors.Is(err, ErrOutrun) {
			continue
		} else if err != nil {
			return Session{}, false, err
		}
		s, err := c.renew(ctx, lease)
		if err != nil {
			c.release(ctx, lease)
			return Session{}, false, err
		}
		s.Version, s.Lease, s.Until = lease.Version+1, "", time.Time{}
		if err := c.save(ctx, s); !errors.Is(err, ErrOutrun) {
			c.take(s)
			return s, true, err
		}
		// Our lease had lapsed, and another instance has signed in since.
	}
	return Session{}, false, c.down("another instance is signing in")
}

// renew refreshes the session, or opens a new one.
func (c *Client) renew(ctx context.Context, old Session) (Session, error) {
	if old.RefreshToken.IsSet() {
		if s, ok, err := c.refresh(ctx, old); ok || err != nil {
			return s, err
		}
	}
	return c.open(ctx)
}

// release gives a lease up, so that the others need not wait for its end. It has to work in a context that has ended.
func (c *Client) release(ctx context.Context, lease Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	lease.Version, lease.Lease, lease.Until = lease.Version+1, "", time.Time{}
	_ = c.save(ctx, lease) // else it lapses
}

func (c *Client) usable(s Session, stale string) bool {
	token := s.AccessToken.Reveal()
	return token != "" && token != stale && c.cfg.Now().Add(sessionMargin).Before(s.Expires)
}

func (c *Client) inHand() Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

func (c *Client) shared(ctx context.Context) (Session, error) {
	s, err := c.cfg.Sessions.Load(ctx)
	if err != nil {
		return Session{}, fmt.Errorf("load the registry session: %w", err)
	}
	c.take(s)
	return s, nil
}

func (c *Client) take(s Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = s
}

func (c *Client) save(ctx context.Context, s Session) error {
	if err := c.cfg.Sessions.Save(ctx, s); err != nil {
		return fmt.Errorf("save the registry session: %w", err)
	}
	return nil
}

// grant is the answer of both sign-in calls, which spell it differently.
type grant struct {
	OAuthToken   text     `json:"oauthToken"`
	RefreshToken text     `json:"refreshToken"`
	ClientKey    text     `json:"clientKey"`
	ClientSecret text     `json:"clientSecret"`
	ExpiresIn    text     `json:"expiresIn"`
	Errors       mistakes `json:"errList"`
	Override     text     `json:"sessOverrideKey"`

	Refreshed    text `json:"access_token"`
	NewRefresh   text `json:"refresh_token"`
	RefreshedFor text `json:"expires_in"`
}

// taken is the registry's code for "you have a session already".
const taken = "701003"

// open signs in, and takes the live session of the login over where there is one: we hold the lease, so it is nobody's
// who is at work in the store. A refusal is remembered for a while: the registry locks a login after so many wrong
// passwords.
func (c *Client) open(ctx context.Context) (Session, error) {
	why := "sign-in not understood"
	password, err := c.cfg.Secret(ctx, porting.Secret{})
	if err != nil {
		return Session{}, c.down("our password can't be read: " + porting.Plain(err))
	}
	if !password.IsSet() { // a sign-in without it would count as a wrong one
		return Session{}, c.refuses("our password is not known")
	}
	for range takeovers {
		g, err := c.signIn(ctx, password, "")
		if err != nil {
			return Session{}, err
		}
		switch {
		case g.Errors.code() == taken && g.Override != "":
			if g, err = c.signIn(ctx, password, string(g.Override)); err != nil {
				return Session{}, err
			}
			why = strings.TrimSpace("session not taken over " + g.Errors.code())
		case g.OAuthToken == "":
			// The password may have been changed since it was read.
			if next, failed := c.cfg.Secret(ctx, password); failed == nil && next != password && next.IsSet() {
				password = next
				continue
			}
			c.refusedUntil = c.cfg.Now().Add(refusalRest)
			return Session{}, c.refuses(strings.TrimSpace("sign-in refused " + g.Errors.code()))
		}
		if g.OAuthToken != "" && len(g.Errors.errors()) == 0 {
			return Session{
				AccessToken: porting.NewSecret(string(g.OAuthToken)), RefreshToken: porting.NewSecret(string(g.RefreshToken)),
				ClientKey: porting.NewSecret(string(g.ClientKey)), ClientSecret: porting.NewSecret(string(g.ClientSecret)),
				Expires: c.cfg.Now().Add(g.ExpiresIn.seconds()),
			}, nil
		}
	}
	return Session{}, c.down(why)
}

func (c *Client) signIn(ctx context.Context, password porting.Secret, override string) (grant, error) {
	body, err := json.Marshal(struct {
		User     string `json:"usrName"`
		Password string `json:"password"`
		WithPerm bool   `json:"withPerm"`
		Override string `json:"sessOverrideKey,omitempty"`
	}{c.cfg.User, password.Reveal(), false, override})
	if err != nil {
		return grant{}, fmt.Errorf("write the sign-in: %w", err)
	}
	path := "/v3/ip/sec/session/open"
	for range maxPolls {
		g, deferred, err := c.token(ctx, func(ctx context.Context) (*http.Request, error) {
			method, at := http.MethodPost, path
			if body == nil {
				method = http.MethodGet
			}
			req, err := http.NewRequestWithContext(ctx, method, c.cfg.BaseURL+at, bytes.NewReader(body))
			if err == nil && body != nil {
				req.Header.Set("Content-Type", "application/json")
			}
			return req, err
		})
		if err != nil || deferred == "" {
			return g, err
		}
		body, path = nil, "/v3/ip/sec/session/open?reqId="+url.QueryEscape(deferred)
		if err := c.cfg.Sleep(ctx, c.cfg.Poll); err != nil {
			return grant{}, c.late(ctx)
		}
	}
	return grant{}, c.down(noAnswer)
}

// refresh trades the refresh token; ok is false when the registry no longer takes it.
func (c *Client) refresh(ctx context.Context, old Session) (s Session, ok bool, err error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.RefreshToken.Reveal()}}.Encode()
	g, _, err := c.token(ctx, func(ctx context.Context) (*http.Request, error) {
		// Not under /v3/ip: the token call stands at the host's root.
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.BaseURL+"/token", strings.NewReader(form))
		if err == nil {
			req.SetBasicAuth(old.ClientKey.Reveal(), old.ClientSecret.Reveal())
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return req, err
	})
	if err != nil || g.Refreshed == "" {
		return Session{}, false, err
	}
	s = old
	s.AccessToken, s.Expires = porting.NewSecret(string(g.Refreshed)), c.cfg.Now().Add(g.RefreshedFor.seconds())
	if g.NewRefresh != "" {
		s.RefreshToken = porting.NewSecret(string(g.NewRefresh))
	}
	return s, true, nil
}

// token makes a sign-in call. A refusal is an empty grant; deferred is the id of an answer that comes later.
func (c *Client) token(ctx context.Context,
	build func(context.Context) (*http.Request, error)) (g grant, deferred string, err error) {
	res, err := c.calls.Do(ctx, true, build)
	if err != nil {
		return grant{}, "", err
	}
	var reply struct {
		grant
		ReqID text `json:"reqId"`
	}
	if json.Unmarshal(res.Body, &reply) != nil {
		if res.Status < http.StatusBadRequest {
			return grant{}, "", c.down("answer not understood")
		}
		return grant{}, "", nil
	}
	return reply.grant, string(reply.ReqID), nil
}

func (c *Client) down(why string) error { return &peer.Down{Peer: c.cfg.Name, Why: why} }

// refuses is the error of a registry that does not take our login.
func (c *Client) refuses(why string) error {
	return &peer.Down{Peer: c.cfg.Name, Why: why, Refuses: true}
}
