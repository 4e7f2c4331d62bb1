// Package locals is a Locals peer for the local stack, for sandboxes and for tests: Bandwidth's Numbers API on its published wire, with
// carriers behind it that behave by the last two digits of an order's first number, or by its last four when these are 74xx or
// 75xx ([Magic]).
//
// Any number of any area code is served, save toll-free ones. The losing carrier follows from the last digits of area code and
// exchange: an even sum is Fictional Tel (SPID 0T12), an odd one Mockingbird Mobile (SPID 8X34); so 206 555 and 425 555 are
// with different carriers, and a call with both is split. Area codes that end in 7 are out of the own footprint: a partner
// serves them.
//
// Time is Options.Now plus what /_sim/advance has added. Orders move when somebody looks at them, and at each Push.
package locals

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // for a machine without zone data
)

// Options are what a Server can be told; the zero value serves anybody, with carriers that take two seconds for each step.
type Options struct {
	User, Password string // Basic credentials; none are asked for when both are empty

	Step     time.Duration    // from a request to the carrier's answer (2 s)
	Complete time.Duration    // from the FOC to the completion, whatever the date (5 s)
	Now      func() time.Time // time.Now
	Down     int              // how many calls about a number of row 59, or of 7503 to 7506, meet trouble (3)
	Slow     time.Duration    // how long a slow answer takes (15 s)
	Wide     bool             // it carries what 7525 has refused elsewhere

	Hook Hook          // who gets every notice, beside the subscribers
	HTTP *http.Client  // sends the notices (a client with a limit of 5 s)
	Tick time.Duration // between two looks of Run (a quarter of Step)

	// Before is asked about each request; true loses it before it has had its effect. After loses the answer to a request that
	// has had it. Both break the connection.
	Before, After func(*http.Request) bool
}

// Hook is where notices go, and the credentials that are given when they are asked for.
type Hook struct{ URL, User, Password string }

// Server is the peer: an http.Handler for /v1.0, /api and /api/v1 alike, and for the controls under /_sim/.
type Server struct {
	opts Options
	api  http.Handler
	sim  http.Handler

	mu      sync.Mutex
	ahead   time.Duration
	orders  []*order
	csrs    []*csr
	subs    []subscription
	notices []notice
	refused map[string]values // what a carrier has refused, by number and code
	outages map[string]int    // calls that met trouble, by number
	burst   burst
	tokens  map[string]time.Time // until when they are good
}

// New makes a server with nothing in it.
func New(opts Options) *Server {
	if opts.Step == 0 {
		opts.Step = 2 * time.Second
	}
	if opts.Complete == 0 {
		opts.Complete = 5 * time.Second
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Down == 0 {
		opts.Down = 3
	}
	if opts.Slow == 0 {
		opts.Slow = 15 * time.Second
	}
	if opts.HTTP == nil {
		opts.HTTP = &http.Client{Timeout: 5 * time.Second}
	}
	if opts.Tick == 0 {
		opts.Tick = max(opts.Step/4, 10*time.Millisecond)
	}
	s := &Server{opts: opts, refused: map[string]values{}, outages: map[string]int{}, tokens: map[string]time.Time{}}
	s.api, s.sim = s.routes(), s.controls()
	return s
}

// Run moves the orders and sends the notices until ctx is over.
func (s *Server) Run(ctx context.Context) {
	tick := time.NewTicker(s.opts.Tick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.Push(ctx)
		}
	}
}

// Advance moves the clock.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

func (s *Server) now() time.Time { return s.opts.Now().Add(s.ahead).UTC() }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 10<<20))
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	a := &answer{header: http.Header{}, status: http.StatusOK}
	if strings.HasPrefix(r.URL.Path, "/_sim/") {
		s.serve(s.sim, a, r)
		a.send(w)
		return
	}
	if s.opts.Before != nil && s.opts.Before(r) {
		panic(http.ErrAbortHandler)
	}
	h := s.troubled(s.authorized(s.api))
	if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
		h = http.HandlerFunc(s.token)
	}
	s.serve(h, a, r)
	if a.slow && !linger(r.Context(), s.opts.Slow) {
		panic(http.ErrAbortHandler)
	}
	if s.opts.After != nil && s.opts.After(r) {
		panic(http.ErrAbortHandler)
	}
	a.send(w)
}

// serve runs h alone. Nothing below it waits for a client, since request and answer are in memory.
func (s *Server) serve(h http.Handler, a *answer, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.move()
	h.ServeHTTP(a, r)
}

// linger waits; false when ctx is over before that.
func linger(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for _, root := range []string{"/v1.0", "/api", "/api/v1"} {
		at := root + "/accounts/{account}"
		for route, h := range map[string]http.HandlerFunc{
			"POST lnpchecker":                       s.check,
			"POST portins":                          s.create,
			"GET portins":                           s.list,
			"GET portins/{id}":                      s.ofOrder(s.get),
			"PUT portins/{id}":                      s.ofOrder(s.put),
			"DELETE portins/{id}":                   s.ofOrder(s.cancel),
			"GET portins/{id}/history":              s.ofOrder(s.history),
			"GET portins/{id}/notes":                s.ofOrder(s.notes),
			"POST portins/{id}/notes":               s.ofOrder(s.addNote),
			"PUT portins/{id}/notes/{note}":         s.ofOrder(s.putNote),
			"GET portins/{id}/tns":                  s.ofOrder(s.tns),
			"GET portins/{id}/totals":               s.ofOrder(s.totals),
			"GET portins/{id}/loas":                 s.ofOrder(s.files),
			"POST portins/{id}/loas":                s.ofOrder(s.upload),
			"GET portins/{id}/loas/{file}":          s.ofOrder(s.download),
			"GET portins/{id}/loas/{file}/metadata": s.ofOrder(s.metadata),
			"PUT portins/{id}/loas/{file}/metadata": s.ofOrder(s.putMetadata),
			"DELETE portins/{id}/loas/{file}":       s.ofOrder(s.removeFile),
			"GET portins/{id}/activationStatus":     s.ofOrder(s.activation),
			"PUT portins/{id}/activationStatus":     s.ofOrder(s.activate),
			"POST csrs":                             s.createCSR,
			"GET csrs":                              s.listCSRs,
			"GET csrs/{id}":                         s.ofCSR(s.getCSR),
			"PUT csrs/{id}":                         s.ofCSR(s.putCSR),
			"GET csrs/{id}/notes":                   s.ofCSR(s.csrNotes),
			"POST csrs/{id}/notes":                  s.ofCSR(s.addCSRNote),
			"GET subscriptions":                     s.listSubs,
			"POST subscriptions":                    s.createSub,
			"GET subscriptions/{id}":                s.ofSub(s.getSub),
			"PUT subscriptions/{id}":                s.ofSub(s.putSub),
			"DELETE subscriptions/{id}":             s.ofSub(s.deleteSub),
		} {
			method, below, _ := strings.Cut(route, " ")
			mux.HandleFunc(method+" "+at+"/"+below, h)
		}
	}
	return mux
}

// answer is a reply held back until it is known whether it may arrive.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
	slow   bool
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *answer) send(w http.ResponseWriter) {
	for name, v := range a.header {
		w.Header()[name] = v
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // a client that has gone misses its answer
}

func reply(w http.ResponseWriter, status int, v any) {
	b, err := xml.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), b...)) // into memory
}

func decode(r *http.Request, v any) bool { return xml.NewDecoder(r.Body).Decode(v) == nil }

func faulty(code string, numbers ...string) fault {
	text := texts[code]
	if text == "" {
		text = words(code)
	}
	return fault{Code: code, Text: text, Numbers: numbers}
}

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// carrier is who has a number now.
type carrier struct {
	spid, name string
	mobile     bool
}

func carrierOf(tn string) carrier {
	if len(tn) == 10 && (tn[2]+tn[5])%2 == 0 {
		return carrier{"0T12", "Fictional Tel", false}
	}
	return carrier{"8X34", "Mockingbird Mobile", true}
}

func tollFree(tn string) bool {
	return len(tn) == 10 && slices.Contains([]string{"800", "833", "844", "855", "866", "877", "888"}, tn[:3])
}

func offNet(tn string) bool { return len(tn) == 10 && tn[2] == '7' }

func isNumber(tn string) bool {
	return len(tn) == 10 && strings.Trim(tn, "0123456789") == "" && tn[0] >= '2' && tn[3] >= '2'
}

// check is the portability check.
func (s *Server) check(w http.ResponseWriter, r *http.Request) {
	var in checkRequest
	if !decode(r, &in) || len(in.Numbers) == 0 {
		reply(w, http.StatusBadRequest, checkResponse{Errors: []fault{faulty("7201")}})
		return
	}
	full := ""
	for name, v := range r.URL.Query() {
		if strings.EqualFold(name, "fullCheck") {
			full = strings.ToLower(v[0])
		}
	}
	if !slices.Contains([]string{"", "false", "true", "onnetportability", "offnetportability"}, full) {
		reply(w, http.StatusBadRequest, checkResponse{Errors: []fault{faulty("7472")}})
		return
	}
	if s.down(w, r, in.Numbers[0]) {
		return
	}
	for _, tn := range in.Numbers {
		if rowOf(tn).bad {
			reply(w, http.StatusBadRequest, checkResponse{Errors: []fault{faulty("7201", tn)}})
			return
		}
	}
	out := checkResponse{PortType: "AUTOMATED"}
	at := func(groups []rateCenter, tn string) []rateCenter {
		center := "SAMPLETON"
		if len(tn) == 10 && tn[3:6] != "555" { // an NPA-NXX is in one rate center
			center = "OTHERTON"
		}
		i := slices.IndexFunc(groups, func(g rateCenter) bool { return g.RateCenter == center })
		if i < 0 {
			i, groups = len(groups), append(groups, rateCenter{RateCenter: center, City: center, State: "NC", LATA: "426"})
		}
		groups[i].Numbers = append(groups[i].Numbers, tn)
		return groups
	}
	for _, tn := range in.Numbers {
		switch {
		case !isNumber(tn):
			out.Errors = append(out.Errors, faulty("7201", tn))
			continue
		case tollFree(tn) || rowOf(tn).unportable:
			out.Unsupported = at(out.Unsupported, tn)
		case !offNet(tn):
			out.OnNet, out.Portable = at(out.OnNet, tn), append(out.Portable, tn)
		case full == "offnetportability":
			out.Partner, out.Portable = at(out.Partner, tn), append(out.Portable, tn)
			for i := range out.Partner {
				out.Partner[i].Vendor = partner
			}
		default:
			out.Unsupported = at(out.Unsupported, tn)
		}
		if full == "" || full == "false" || tollFree(tn) {
			continue
		}
		c := carrierOf(tn)
		i := slices.IndexFunc(out.Losing, func(l losing) bool { return l.SPID == c.spid })
		if i < 0 {
			out.Losing = append(out.Losing, losing{SPID: c.spid, Name: c.name, IsWireless: c.mobile, Account: true, Interval: 3})
			i = len(out.Losing) - 1
		}
		out.Losing[i].Numbers = append(out.Losing[i].Numbers, tn)
	}
	reply(w, http.StatusOK, out)
}
