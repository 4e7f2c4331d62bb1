package engine

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
)

// Recorder stands between the functions and the engine, and keeps the requests that functions make to AWS. [Recorder.Check]
// holds the requests against AWS's published models of the services.
type Recorder struct {
	server *http.Server
	url    string

	mu     sync.Mutex
	to     *url.URL
	calls  []Call
	forms  map[string]int    // how many calls of a form were kept
	owners map[string]string // the function of each access key
}

// Call is a request to a service of AWS.
type Call struct {
	// Function is the name of the function that calls. It is empty for a caller that names none.
	Function string `json:"function"`
	// Service is the name by which the request is signed, such as dynamodb.
	Service string `json:"service"`
	Target  string `json:"target,omitempty"` // X-Amz-Target, for services that name the operation there
	Method  string `json:"method"`
	Path    string `json:"path"`
	Query   string `json:"query,omitempty"`
	Body    []byte `json:"body,omitempty"`
}

// kept is how many requests of one form are kept. Requests of a form differ in their values alone.
const kept = 5

// NewRecorder starts a recorder. It passes nothing on before Start has got it in its Options.
func NewRecorder() (*Recorder, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Recorder{url: "http://" + l.Addr().String(), forms: map[string]int{}, owners: map[string]string{}}
	r.server = &http.Server{Handler: r.handler()} //nolint:gosec // its callers are functions of ours
	go func() { _ = r.server.Serve(l) }()         // until Close
	return r, nil
}

// Close ends the recorder. What was recorded stays.
func (r *Recorder) Close() error { return r.server.Close() }

func (r *Recorder) handler() http.Handler {
	pass := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(r.to)
		p.Out.Host = p.In.Host // which is signed
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return // the caller is gone
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		r.keep(req, body)
		pass.ServeHTTP(w, req)
	})
}

// signed is the part of an Authorization header, or of a presigned address, that names the signer's key and the service.
var signed = regexp.MustCompile(`Credential=([^/]+)/\d{8}/[^/]+/([^/]+)/aws4_request`)

func (r *Recorder) keep(req *http.Request, body []byte) {
	by := signed.FindStringSubmatch(req.Header.Get("Authorization"))
	if by == nil {
		by = signed.FindStringSubmatch("Credential=" + req.URL.Query().Get("X-Amz-Credential"))
	}
	if by == nil {
		return
	}
	c := Call{Function: r.function(by[1], req.UserAgent()), Service: by[2],
		Target: req.Header.Get("X-Amz-Target"), Method: req.Method, Path: req.URL.EscapedPath(), Query: req.URL.RawQuery}
	if c.Service != "s3" { // files say nothing
		c.Body = body
	}
	form := c.form()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.forms[form]++; r.forms[form] <= kept {
		r.calls = append(r.calls, c)
	}
}

// app is the part of a User-Agent header in which the functions' clients name the function.
var app = regexp.MustCompile(`\bapp/(\S+)`)

// function returns the name of the function that a key belongs to. A presigned address names the key alone, and its function
// has called by then.
func (r *Recorder) function(key, agent string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := app.FindStringSubmatch(agent); m != nil {
		r.owners[key] = m[1]
	}
	return r.owners[key]
}

// form is what calls have in common that differ in their values alone: the caller, the operation, and of a body the names,
// the expressions and the purposes of keys ("O#").
func (c Call) form() string {
	var body any
	if json.Unmarshal(c.Body, &body) != nil {
		body = nil
	}
	raw, _ := json.Marshal(withoutValues(body)) // it comes from JSON
	path := regexp.MustCompile(`[0-9A-Za-z-]{12,}`).ReplaceAllString(c.Path, "_")
	return strings.Join([]string{c.Function, c.Service, c.Target, c.Method, path, string(raw)}, " ")
}

func withoutValues(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, 0, len(v))
		for _, x := range v {
			all = append(all, withoutValues(x))
		}
		return all
	case map[string]any:
		if text, ok := v["S"].(string); ok && len(v) == 1 {
			purpose, _, cut := strings.Cut(text, "#")
			if !cut {
				purpose = ""
			}
			return map[string]any{"S": purpose}
		}
		all := map[string]any{}
		for name, x := range v {
			if text, ok := x.(string); ok && !strings.HasSuffix(name, "Expression") && !strings.HasPrefix(name, "#") {
				x = len(text) > 0
			}
			all[name] = withoutValues(x)
		}
		return all
	case float64:
		return 0
	}
	return v
}

// Calls returns the calls of functions that were kept.
func (r *Recorder) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Call(nil), r.calls...)
}

//go:embed models.py
var models string

// Problem is something in a call that AWS's model of the service does not allow. It holds no value of the call.
type Problem struct {
	Call      int    `json:"call"`
	Operation string `json:"operation"`
	Where     string `json:"where"`
	Why       string `json:"why"`
}

// Check holds calls against AWS's published models of the services, which come with the engine: operation, required members,
// unknown members, types, lengths, ranges, patterns and enumerations.
func Check(ctx context.Context, calls []Call) ([]Problem, error) {
	python, err := interpreter()
	if err != nil {
		return nil, err
	}
	in, err := json.Marshal(calls)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", models)
	cmd.Stdin = bytes.NewReader(in)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("check requests: %w\n%s", err, stderr.String())
	}
	var all []Problem
	return all, json.Unmarshal(out, &all)
}
