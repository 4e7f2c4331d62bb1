package simulation

import (
	"bytes"
	"context"
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
		return x.answer(copied)
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
func (x *wire) answer(r *http.Request) (*http.Response, error) {
	id := requestPath(r.URL.Path)
	trouble := x.w.state(x.part)
	switch {
	case id == "":
	case trouble == Forgetful && r.Method == http.MethodGet:
		r.URL.Path = strings.Replace(r.URL.Path, id[strings.LastIndex(id, "/")+1:], "00000000-0000-4000-8000-000000000000", 1)
	case trouble == Lagging && r.Method != http.MethodGet:
		x.remember(r, id)
	case trouble == Lagging && r.URL.Path == id:
		x.mu.Lock()
		was, ok := x.before[id]
		x.mu.Unlock()
		if ok && time.Now().Before(was.until) {
			was.res.Body = io.NopCloser(bytes.NewReader(was.body))
			return was.res, nil
		}
	}
	return answer(x.next, r)
}

// remember keeps the answer that the peer gives before it takes a change of a request.
func (x *wire) remember(r *http.Request, id string) {
	look := r.Clone(r.Context())
	look.Method, look.Body, look.ContentLength = http.MethodGet, http.NoBody, 0
	look.URL.Path, look.URL.RawQuery = id, ""
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
	x.before[id] = shadow{res, body, time.Now().Add(d.between(time.Second, of(&d, 5*time.Second, time.Minute)))}
}

func bodyOfAnswer(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

// requestPath is the path of the port request that a call to a Locals peer is about; empty for any other call.
func requestPath(path string) string {
	at := strings.Index(path, "/portins/")
	if at < 0 {
		return ""
	}
	id, _, _ := strings.Cut(path[at+len("/portins/"):], "/")
	return path[:at+len("/portins/")] + id
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
