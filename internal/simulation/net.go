package simulation

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
)

// wire is the way of a function to a server outside. It has no sockets.
type wire struct {
	w    *World
	part Part
	next http.Handler
}

// RoundTrip implements http.RoundTripper.
func (x *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	var res *http.Response
	err = x.w.call(r.Context(), x.part, r.Method+" "+x.path(r), func() error {
		copied := r.Clone(r.Context())
		copied.Body, copied.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.RequestURI()
		if copied.Host == "" {
			copied.Host = r.URL.Host
		}
		res, err = answer(x.next, copied)
		return err
	})
	switch {
	case errors.Is(err, errAway):
		return nil, &net.OpError{Op: "dial", Err: err}
	case err != nil:
		return nil, err
	}
	return res, nil
}

// path is the path of a request without ids that no seed draws.
func (x *wire) path(r *http.Request) string {
	parts := strings.Split(r.URL.Path, "/")
	for i, part := range parts {
		if len(part) == 36 && strings.Count(part, "-") == 4 {
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
