// Package sandbox is the way to the simulated peers where these run as a function: the adapters' HTTP calls, carried by calls
// of the function. It is a Lambda call and no path of the API, since then IAM says who may play, no password has to be kept,
// and nobody outside can reach it. The call is made by hand: the signer is in every function with DynamoDB, while Lambda's own
// client would make each of them half a megabyte larger.
package sandbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Call is one HTTP call of an adapter; without a world it is the schedule's tick.
type Call struct {
	World  string      `json:"world,omitempty"` // that of a group of orders, or of an account's questions about numbers
	Peer   string      `json:"peer,omitempty"`  // Locals or TollFree
	Method string      `json:"method,omitempty"`
	URL    string      `json:"url,omitempty"` // path and query
	Header http.Header `json:"header,omitempty"`
	Body   []byte      `json:"body,omitempty"`
	// Time is the tick's.
	Time string `json:"time,omitempty"`
}

// Answer is what the peer answers; a broken one comes without a status.
type Answer struct {
	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   []byte      `json:"body,omitempty"`
	// Ticked is how many worlds a tick has moved on.
	Ticked int `json:"ticked,omitempty"`
}

// The peers of each world.
const (
	Locals   = "locals"
	TollFree = "somos"
)

// RespOrg is ours at the simulated registry.
const RespOrg = "ZZPW1"

// Function is the sandbox's function as its callers reach it.
type Function struct {
	URL    string // of Lambda's Invoke
	Region string
	Keys   aws.CredentialsProvider
	HTTP   *http.Client
	Now    func() time.Time
}

// Client is an HTTP client for one peer of one world, whatever the host that it is given.
func (f *Function) Client(world, peer string) *http.Client {
	return &http.Client{Transport: transport{f, world, peer}}
}

type transport struct {
	*Function
	world, peer string
}

// maxCall keeps a call below what Lambda takes, 6 MB, with a body in base64.
const maxCall = 4 << 20

// RoundTrip has the function carry the request out.
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
		return nil, io.ErrUnexpectedEOF // as of a connection that breaks
	}
	return response(req, answer), nil
}

func response(req *http.Request, a Answer) *http.Response {
	if a.Header == nil {
		a.Header = http.Header{}
	}
	return &http.Response{Status: http.StatusText(a.Status), StatusCode: a.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: int64(len(a.Body)), Request: req}
}

// invoke calls the function. What Lambda or the function could not do is an error: the peer can't be reached.
func (f *Function) invoke(ctx context.Context, call Call) (Answer, error) {
	payload, err := json.Marshal(call)
	if err != nil {
		return Answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL, bytes.NewReader(payload))
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	keys, err := f.Keys.Retrieve(ctx)
	if err != nil {
		return Answer{}, err
	}
	sum := sha256.Sum256(payload)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "lambda", f.Region, f.Now()); err != nil {
		return Answer{}, err
	}
	res, err := f.HTTP.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return Answer{}, err
	}
	if failed := res.Header.Get("X-Amz-Function-Error"); res.StatusCode != http.StatusOK || failed != "" {
		return Answer{}, fmt.Errorf("the sandbox could not be called: %s %s", strconv.Itoa(res.StatusCode), failed)
	}
	var answer Answer
	if err := json.Unmarshal(body, &answer); err != nil {
		return Answer{}, err
	}
	return answer, nil
}
