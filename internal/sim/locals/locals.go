// Package locals is a Locals peer for the local stack, for sandboxes and for tests: Bandwidth's Numbers API on its
// published wire, with carriers behind it that behave by the last two digits of an order's first number, or by its last
// four where [Magic] has them: 74xx is the carrier's refusal of that code, 6100 to 6579 the off-net partner's, 75xx a
// life that no code makes.
//
// Start at [New] and at [Magic]. wire.go has the shapes with the source of each, order.go the life of an order,
// refusals.go and offnet.tsv what carriers say. It is written from the peer's own sources by its own decoding. It is
// stricter than the peer with what it is sent, and writes its answers in all the ways that the peer is known to. It
// must not know the adapter.
//
// Any number of any area code is served, save toll-free ones. The losing carrier follows from the last digits of area
// code and exchange: an even sum is Fictional Tel (SPID 0T12), an odd one Mockingbird Mobile (SPID 8X34); so 206 555
// and 425 555 are with different carriers, and a call with both makes two orders. Area codes that end in 7, and the lines of
// the partner's codes, are out of the own footprint: a partner serves them.
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
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // for a machine without zone data
)

// Options configure a Server. The zero value serves every caller, with carriers that take two seconds for each step.
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

	// Before is asked about each request; true loses it before it has had its effect. After loses the answer to a request
	// that has had it. Both break the connection.
	Before, After func(*http.Request) bool
}

// Hook is the address to which notices go, with the credentials for it.
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
	odd    bool
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *answer) send(w http.ResponseWriter) {
	for name, v := range a.header {
		w.Header()[name] = v
	}
	w.WriteHeader(a.status)
	body := a.body.Bytes()
	if a.odd {
		body = oddly(body)
	}
	_, _ = w.Write(body) // a client that has gone misses its answer
}

// oddly writes an answer in the ways that the peer has been seen to use elsewhere: states in small letters ([guide]
// stand-alone port-ins), codes with line breaks around them ([old guide] testingPorting), the lists' spelling of the
// FOC date, dates with an offset ([guide]), an element more, and Latin-1 (no source: a client must not mind).
func oddly(body []byte) []byte {
	s := strings.Replace(string(body), xml.Header, `<?xml version="1.0" encoding="ISO-8859-1"?>`+"\n", 1)
	s = stateForm.ReplaceAllStringFunc(s, strings.ToLower)
	s = strings.NewReplacer("<processingstatus>", "<ProcessingStatus>", "</processingstatus>", "</ProcessingStatus>",
		"<Code>", "<Code>\n      ", "</Code>", "\n    </Code>",
		"ActualFocDate>", "ActualFOCDate>", "T15:30:00Z", "T11:30:00-0400", "T16:30:00Z", "T11:30:00-05:00", "<AccountId>",
		"<Extra>é</Extra><AccountId>").Replace(s)
	var latin []byte
	for _, r := range s {
		latin = append(latin, byte(min(r, 0xff)))
	}
	return latin
}

var stateForm = regexp.MustCompile(`<ProcessingStatus>[^<]*</ProcessingStatus>`)

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

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b)
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// carrier is the carrier that has a number now.
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
	return len(tn) == 10 && slices.Contains([]string{"800", "822", "833", "844", "855", "866", "877", "888"}, tn[:3])
}

// offNet says that a partner serves the number: by its area code, or since its line is one of the partner's stories.
func offNet(tn string) bool { return len(tn) == 10 && (tn[2] == '7' || rowOf(tn).partner) }

func isNumber(tn string) bool {
	return len(tn) == 10 && strings.Trim(tn, "0123456789") == "" && tn[0] >= '2' && tn[3] >= '2'
}
