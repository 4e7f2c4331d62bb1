// Package sandbox carries the peer adapters' HTTP calls to the simulated peers, which run as a Lambda function.
// [Function] makes HTTP clients whose calls become calls of that function, and [Call] and [Answer] are what passes
// between them. The function itself is in package room. Start reading at Function.
//
// The peers are called as a function and not by a path of the API: so IAM says who may call them, there is no password
// to keep, and nobody outside can reach them.
package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"portway/internal/lambdax"
)

// Call is one HTTP call of an adapter. A call without a world is the schedule's tick.
type Call struct {
	World  string      `json:"world,omitempty"` // of a group of orders, or of an account's questions about numbers
	Peer   string      `json:"peer,omitempty"`  // Locals or TollFree
	Method string      `json:"method,omitempty"`
	URL    string      `json:"url,omitempty"` // path and query
	Header http.Header `json:"header,omitempty"`
	Body   []byte      `json:"body,omitempty"`
	// Time is the time of the tick.
	Time string `json:"time,omitempty"`
}

// Answer is the peer's answer. An answer without a status is a connection that broke.
type Answer struct {
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   []byte      `json:"body,omitempty"`
	// Ticked counts the worlds that a tick has updated.
	Ticked int `json:"ticked,omitempty"`
}

// The peers of each world.
const (
	Locals   = "locals"
	TollFree = "somos"
)

// RespOrg is our RespOrg id at the simulated registry.
const RespOrg = "ZZPW1"

// Function calls the sandbox's function.
type Function struct{ lambdax.Function }

// Client makes an HTTP client for one peer in one world. The host of its requests does not matter.
func (f *Function) Client(world, peer string) *http.Client {
	return &http.Client{Transport: transport{f, world, peer}}
}

type transport struct {
	*Function
	world, peer string
}

// maxCall keeps a call, whose body is in base64, below the 6 MB that Lambda takes.
const maxCall = 4 << 20

// RoundTrip has the function answer the request.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	call := Call{World: t.world, Peer: t.peer, Method: req.Method, URL: req.URL.RequestURI(), Header: req.Header}
	if req.Body != nil {
		defer req.Body.Close()
		body, err := io.ReadAll(io.LimitReader(req.Body, maxCall+1))
		if err != nil {
			return nil, err
		}
		if len(body) > maxCall {
			return response(req, Answer{Status: http.StatusRequestEntityTooLarge}), nil
		}
		call.Body = body
	}
	answer, err := t.invoke(req.Context(), call)
	switch {
	case err != nil:
		return nil, err
	case answer.Status == 0:
		return nil, io.ErrUnexpectedEOF // as for a connection that breaks
	}
	return response(req, answer), nil
}

func response(req *http.Request, a Answer) *http.Response {
	if a.Header == nil {
		a.Header = http.Header{}
	}
	return &http.Response{
		Status: http.StatusText(a.Status), StatusCode: a.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: int64(len(a.Body)),
		Request: req,
	}
}

// invoke calls the function. A failure of Lambda or of the function is an error, by which the peer can't be reached.
func (f *Function) invoke(ctx context.Context, call Call) (answer Answer, err error) {
	err = f.Call(ctx, call, &answer)
	return answer, err
}
