package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// wire is the way of a function to a server outside. It has no sockets.
type wire struct {
	w    *World
	part Part
	next http.Handler

	mu     sync.Mutex
	before map[string]shadow // what the peer answered before its last change, by the path of a request
}

// shadow is an answer of before a change, which a lagging peer gives for a while after it.
type shadow struct {
	res   *http.Response
	body  []byte
	until time.Time
}

// RoundTrip implements http.RoundTripper.
func (x *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	reach := func() (*http.Response, error) {
		copied := r.Clone(context.WithoutCancel(r.Context()))
		copied.Body, copied.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.RequestURI()
		if copied.Host == "" {
			copied.Host = r.URL.Host
		}
		return x.answer(copied, body)
	}
	var res *http.Response
	err = x.w.call(r.Context(), x.part, r.Method+" "+x.path(r), func() error {
		res, err = reach()
		return err
	}, func() { _, _ = reach() })
	switch {
	case errors.Is(err, errAway):
		return nil, &net.OpError{Op: "dial", Err: err}
	case errors.Is(err, errThrottled):
		return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	case err != nil:
		return nil, err
	}
	return res, nil
}

// answer has the server answer, or what is left of it while it lags or has forgotten.
func (x *wire) answer(r *http.Request, body []byte) (*http.Response, error) {
	own := requestPath(r.URL.Path, body)
	trouble := x.w.state(x.part)
	switch {
	case own == "":
	case trouble == Forgetful && r.Method == http.MethodGet:
		x.w.hit(x.part, Forgetful, 1)
		r.URL.Path = own[:strings.LastIndex(own, "/")+1] + unknown[x.part] + strings.TrimPrefix(r.URL.Path, own)
	case trouble == Lagging && r.Method != http.MethodGet:
		x.remember(r, own)
	case trouble == Lagging && r.URL.Path == own:
		x.mu.Lock()
		was, ok := x.before[own]
		x.mu.Unlock()
		if ok && time.Now().Before(was.until) {
			x.w.hit(x.part, Lagging, 1)
			was.res.Body = io.NopCloser(bytes.NewReader(was.body))
			return was.res, nil
		}
	}
	return answer(x.next, r)
}

// unknown is the id of a request that the peer has never had.
var unknown = map[Part]string{
	Locals: "00000000-0000-4000-8000-000000000000", Locals2: "00000000-0000-4000-8000-000000000000", Somos: "999999999",
}

// remember keeps the answer that the peer gives before it takes a change of a request.
func (x *wire) remember(r *http.Request, own string) {
	look := r.Clone(r.Context())
	look.Method, look.Body, look.ContentLength = http.MethodGet, http.NoBody, 0
	look.URL.Path, look.URL.RawQuery = own, ""
	res, err := answer(x.next, look)
	if err != nil {
		return
	}
	body, err := bodyOfAnswer(res)
	if err != nil {
		return
	}
	d := roll(x.w.plan.Seed, "lag", string(x.part), x.w.since().String())
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.before == nil {
		x.before = map[string]shadow{}
	}
	x.before[own] = shadow{res, body, time.Now().Add(d.between(time.Second, of(&d, 5*time.Second, time.Minute, 9*time.Minute)))}
}

func bodyOfAnswer(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// requestPath is the path at which a peer tells of the port request that a call is about; empty for any other call. The
// registry has the id in the body of a change.
func requestPath(path string, body []byte) string {
	if before, after, ok := strings.Cut(path, "/portins/"); ok {
		id, _, _ := strings.Cut(after, "/")
		return before + "/portins/" + id
	}
	before, after, ok := strings.Cut(path, "/roc/")
	switch {
	case !ok:
		return ""
	case strings.HasPrefix(after, "retrieve/txnid/"):
		return path
	}
	var change struct {
		TxnID string `json:"txnID"`
	}
	if json.Unmarshal(body, &change) != nil || change.TxnID == "" {
		return ""
	}
	return before + "/roc/retrieve/txnid/" + change.TxnID
}

// path is the path of a request without ids that no seed draws.
func (x *wire) path(r *http.Request) string {
	parts := strings.Split(r.URL.Path, "/")
	for i, part := range parts {
		if len(part) >= 36 && part[8] == '-' && part[13] == '-' && part[18] == '-' {
			parts[i] = "…"
		}
	}
	return string(x.part) + strings.Join(parts, "/") + r.Header.Get("Webhook-Id")
}

func bodyOf(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// answer has a server answer. A server that breaks the connection off gives no answer.
func answer(h http.Handler, r *http.Request) (res *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler {
				panic(p)
			}
			err = errLost
		}
	}()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Result(), nil
}
