package somos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// ask is one call of the registry.
type ask struct {
	method string
	path   string // below /v3/ip
	poll   string // where a deferred answer is fetched, when that is not path
	safe   bool   // it may be repeated
	keys   []string
	body   any    // sent as JSON
	form   string // content type of raw
	raw    []byte
	// awaited says that the answer may be late without being called deferred.
	awaited bool
}

const noAnswer = "no answer within the time limit"

// ask makes a call and decodes its answer into into. The registry may give any answer later: reqId stands in its place
// until one of keys shows up. A call without keys has succeeded with any answer that is no error.
func (c *Client) ask(ctx context.Context, a ask, into any) error {
	if a.body != nil {
		raw, err := json.Marshal(a.body)
		if err != nil {
			return fmt.Errorf("write %s: %w", a.path, err)
		}
		a.form, a.raw = "application/json", raw
	}
	wait := c.cfg.Poll
	for range maxPolls {
		body, env, err := c.send(ctx, a)
		if err != nil {
			var denied *peer.Denied
			if errors.As(err, &denied) {
				c.count(ctx, denied.Reasons, refusedBy)
			}
			return err
		}
		switch done := env.has(a.keys); {
		case done || len(a.keys) == 0 && env.ReqID == "":
			if into != nil && json.Unmarshal(body, into) != nil {
				return c.down("answer not understood")
			}
			return nil
		case env.ReqID != "":
			if a.poll == "" {
				a.poll, _, _ = strings.Cut(a.path, "?")
			}
			a.method, a.path, a.form, a.raw, a.safe = http.MethodGet, a.poll+"?reqId="+url.QueryEscape(string(env.ReqID)), "",
				nil, true
		case !a.awaited:
			return c.down("answer without " + strings.Join(a.keys, " or "))
		}
		if err := c.cfg.Sleep(ctx, wait); err != nil {
			return c.late(ctx)
		}
		wait = min(2*wait, pollAtMost*c.cfg.Poll)
	}
	return c.down(noAnswer)
}

// late is a context that has ended: its owner's doing, or a registry that took too long.
func (c *Client) late(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return c.down(noAnswer)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// send makes one request in a live session. A 401 means that the call had no effect: it is made again in the session in
// hand, the shared one, and one that the registry has just given us. If it refuses the last one too, another instance
// may have signed in and left its session in the store; without one, there is no further try.
func (c *Client) send(ctx context.Context, a ask) ([]byte, envelope, error) {
	stale := ""
	for range 3 {
		s, fresh, err := c.signedIn(ctx, stale)
		if err != nil {
			return nil, envelope{}, err
		}
		stale = s.AccessToken.Reveal()
		res, err := c.calls.Do(ctx, a.safe, func(ctx context.Context) (*http.Request, error) {
			return c.request(ctx, a, stale)
		})
		if err != nil {
			return nil, envelope{}, err
		}
		if res.Status != http.StatusUnauthorized {
			env, err := c.judge(res.Status, res.Body)
			return res.Body, env, err
		}
		if !fresh {
			continue
		}
		if others, err := c.shared(ctx); err != nil {
			return nil, envelope{}, err
		} else if !c.usable(others, stale) {
			break
		}
	}
	return nil, envelope{}, c.refuses("HTTP 401 in a new session")
}

func (c *Client) request(ctx context.Context, a ask, token string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, a.method, c.cfg.BaseURL+"/v3/ip"+a.path, bytes.NewReader(a.raw))
	if err != nil {
		return nil, c.down("no such address")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("ROID", c.cfg.RespOrg)
	req.Header.Set("Accept-Version", numVersion)
	if strings.HasPrefix(a.path, "/roc/") {
		req.Header.Set("Accept-Version", rocVersion)
	}
	if a.form != "" {
		req.Header.Set("Content-Type", a.form)
	}
	return req, nil
}

// envelope has the elements that any answer may hold beside its result, or instead of it.
type envelope struct {
	ReqID   text     `json:"reqId"`
	Errors  mistakes `json:"errList"`
	Gateway text     `json:"error"`
	Code    text     `json:"code"`

	fields map[string]json.RawMessage
}

func (e envelope) has(keys []string) bool {
	for name, value := range e.fields {
		for _, key := range keys {
			if strings.EqualFold(name, key) && string(value) != "null" {
				return true
			}
		}
	}
	return false
}

// judge tells an answer from a refusal and both from a broken peer. The registry refuses with errList, under HTTP 200
// as well as 4xx; the gateway and the web shield in front of it speak other tongues, and never of the request itself.
func (c *Client) judge(status int, body []byte) (envelope, error) {
	var env envelope
	if len(bytes.TrimSpace(body)) == 0 && status < http.StatusBadRequest {
		return env, nil
	}
	if json.Unmarshal(body, &env.fields) != nil || json.Unmarshal(body, &env) != nil {
		return envelope{}, c.down("HTTP " + strconv.Itoa(status) + ", answer not understood")
	}
	if failed := env.Errors.errors(); len(failed) > 0 {
		denied := &peer.Denied{Peer: c.cfg.Name}
		for _, m := range failed {
			denied.Reasons = append(denied.Reasons, porting.Reason{
				Code: refusalOf(m.code()), Raw: m.code(), Said: porting.Quote(string(m.Text)),
			})
		}
		return envelope{}, denied
	}
	switch {
	case env.Gateway != "":
		return envelope{}, c.down(strings.TrimSpace("HTTP " + strconv.Itoa(status) + " from the gateway " +
			plainCode(env.Code)))
	case status >= http.StatusBadRequest:
		return envelope{}, c.down("HTTP " + strconv.Itoa(status))
	}
	return env, nil
}

// denied is a refusal of our own, before the registry is asked.
func (c *Client) denied(code porting.ReasonCode, raw, said string) error {
	return &peer.Denied{Peer: c.cfg.Name, Reasons: []porting.Reason{{Code: code, Raw: raw, Said: said}}}
}

// mistakes is errList. A list in another form than ours holds one error of unknown code.
type mistakes []mistake

type mistake struct {
	Code  text `json:"errCode"`
	Text  text `json:"errMsg"`
	Level text `json:"errLvl"`
}

// UnmarshalJSON reads the list.
func (m *mistakes) UnmarshalJSON(data []byte) error {
	var items []json.RawMessage
	*m = nil
	if json.Unmarshal(data, &items) != nil {
		items = []json.RawMessage{data}
	}
	for _, item := range items {
		var one mistake
		if string(item) == "null" || string(item) == `""` || string(item) == "{}" {
			continue
		}
		if json.Unmarshal(item, &one) != nil {
			one = mistake{}
			_ = json.Unmarshal(item, &one.Text) // a plain text is the message; anything else has none
		}
		*m = append(*m, one)
	}
	return nil
}

// errors are those that mean failure. A WARN alone does not.
func (m mistakes) errors() mistakes {
	var failed mistakes
	for _, one := range m {
		if level := strings.ToUpper(string(one.Level)); level != "WARN" && level != "WARNING" && level != "INFO" {
			failed = append(failed, one)
		}
	}
	return failed
}

func (m mistakes) code() string {
	for _, one := range m.errors() {
		return one.code()
	}
	return ""
}

func (m mistake) code() string { return plainCode(m.Code) }

// plainCode lets only what looks like a code into errors: a peer's text may echo anything.
func plainCode(s text) string {
	if len(s) > 12 || strings.ContainsFunc(string(s), func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
	}) {
		return "?"
	}
	return string(s)
}

// text is a JSON string, or a number, a truth or nothing where the record is not sure that it is one.
type text string

// UnmarshalJSON reads a scalar.
func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	switch {
	case string(data) == "null":
		*t = ""
	case len(data) > 0 && data[0] == '"':
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*t = text(s)
	case len(data) > 0 && (data[0] == '{' || data[0] == '['):
		return errors.New("a text is wanted")
	default:
		*t = text(data)
	}
	return nil
}

// seconds is a lifetime; the documented hour's short cousin where there is none.
func (t text) seconds() time.Duration {
	if n, err := strconv.ParseFloat(string(t), 64); err == nil && n > 0 && n < 1e8 {
		return time.Duration(n * float64(time.Second))
	}
	return 5 * time.Minute
}
