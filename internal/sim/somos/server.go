// Package somos is a simulated TFNRegistry: the REST wire of Somos' RespOrg changes with a controlling RespOrg behind
// it that answers by the last digits of a number ([Magic]). Start at [New]. clock.go has the registry's clocks, roc.go
// its requests. The package speaks what infra/docs/wire-somos.md describes. It decides by itself where that page leaves
// something open, with the marks [P] and [I]. It must not know the adapter.
//
// States advance by the clock when somebody looks; there is no goroutine but the caller's own, in Run. The control
// calls under /_sim need no sign-in.
package somos

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"portway/internal/bizday"
)

// Options configure a simulated registry.
type Options struct {
	User     string
	Password string
	RespOrg  string // the login's RespOrg; its first two characters are the entity that may gain numbers
	Company  string // its name
	// Open lets every caller in as the login, for a registry behind somebody who has checked the caller.
	Open bool
	// Step is the time that a RespOrg takes for an action (1 s).
	Step time.Duration
	// Calendar counts the registry's business days: when a request is due, overdue and expired (bizday's "somos" in
	// Central Time).
	Calendar *bizday.Calendar
	// Due makes the registry's time go faster: it is the length of two business days. Due dates have a clock time then;
	// else they are bare days.
	Due time.Duration
	// Holder controls all numbers that are not named in Holders (QQ001).
	Holder  string
	Holders map[string]string // RespOrg by ten-digit number
	// TokenLife and RefreshLife are the lives of tokens (60 min, 24 h).
	TokenLife, RefreshLife time.Duration
	// LosingUser and LosingPassword sign in as Holder, who answers by hand what is PENDING or OVERDUE; without them nobody
	// can.
	LosingUser, LosingPassword string
	// Push is the URL that UNS-RCH notices go to; empty sends none. Run sends them, every Tick (a quarter of Step).
	Push string
	Tick time.Duration
	HTTP *http.Client
	// Slow is the time of a slow answer (20 s).
	Slow time.Duration
	Now  func() time.Time
	// Before and After lose a request: the connection breaks before the request has an effect, or after it, before the
	// answer.
	Before, After func(*http.Request) (drop bool)
}

// Server is the registry, an http.Handler.
type Server struct {
	opts Options

	mu        sync.Mutex
	skew      time.Duration
	ids       int
	logins    []*login
	notices   []notice
	files     map[string]file
	txns      []*transaction
	holders   map[string]string
	first     map[string]time.Time // when a number that the help desk hands over was first asked about
	past      map[string]past
	failures  map[string]int
	deferred  map[string]*deferral
	submits   map[string]int
	resporgs  map[string]string
	takeovers int
}

// past has the earlier requests for a number.
type past struct {
	requests int
	loa      [32]byte // of the first request
}

// deferral is an answer that is given later.
type deferral struct {
	path  string
	polls int // still answered with the id
	reply reply
}

// New makes a registry with nothing in it.
func New(o Options) *Server {
	if o.Step <= 0 {
		o.Step = time.Second
	}
	if o.Holder == "" {
		o.Holder = "QQ001"
	}
	if o.TokenLife <= 0 {
		o.TokenLife = time.Hour
	}
	if o.RefreshLife <= 0 {
		o.RefreshLife = 24 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Calendar == nil {
		o.Calendar = registryDays
	}
	if o.Tick <= 0 {
		o.Tick = max(o.Step/4, 10*time.Millisecond)
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 5 * time.Second}
	}
	if o.Slow <= 0 {
		o.Slow = 20 * time.Second
	}
	logins := []*login{{user: o.User, password: o.Password, respOrg: o.RespOrg}}
	if o.LosingUser != "" {
		logins = append(logins, &login{user: o.LosingUser, password: o.LosingPassword, respOrg: o.Holder})
	}
	return &Server{
		opts: o, logins: logins, files: map[string]file{}, holders: map[string]string{}, first: map[string]time.Time{}, past: map[string]past{},
		failures: map[string]int{},
		deferred: map[string]*deferral{}, submits: map[string]int{},
		resporgs: map[string]string{o.RespOrg: o.Company, o.Holder: "Sample Toll-Free Holding", "BRCUD": "Restricted Numbers",
			"BRRCC": "Restricted Numbers", "BRDUP": "Restricted Numbers"},
	}
}

// maxBody bounds a request.
const maxBody = 8 << 20

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s.opts.Before != nil && s.opts.Before(r) {
		panic(http.ErrAbortHandler)
	}
	answer := s.serve(r, body)
	if s.opts.After != nil && s.opts.After(r) {
		panic(http.ErrAbortHandler)
	}
	raw, err := json.Marshal(answer.body)
	if err != nil {
		http.Error(w, "answer not written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if spoil := answer.spoil; spoil != nil {
		raw = spoil(w, r, raw)
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(raw) // a client that has gone is no concern of the registry
}

// reply is an answer before it is written.
type reply struct {
	status int
	body   any
	spoil  func(w http.ResponseWriter, r *http.Request, raw []byte) []byte // what happens to it on the way
}

// object is a JSON object.
type object map[string]any

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

// refuse is the error envelope. It comes with HTTP 200, as the registry's own does most of the time.
func refuse(code, message string) reply {
	return ok(object{"errList": []object{{"errCode": code, "errMsg": message, "errLvl": "ERROR"}}})
}

// gateway is an error of what stands before the registry.
func gateway(status int, what string) reply {
	return reply{status: status, body: object{"error": what, "code": status, "description": http.StatusText(status)}}
}

// call is a request, read.
type call struct {
	*http.Request
	path string // below /v3/ip
	raw  []byte
	now  time.Time
	in   input
	who  *login
}

// input is every field that any call's JSON may have.
type input struct {
	Numbers     []string `json:"numList"`
	Number      string   `json:"num"`
	TxnID       string   `json:"txnID"`
	NewRespOrg  string   `json:"newRespOrgID"`
	Type        string   `json:"requestType"`
	Contact     string   `json:"contactInformation"`
	LOA         string   `json:"loaId"`
	Notes       string   `json:"notes"`
	Effective   string   `json:"effectiveDate"`
	OldRespOrg  string   `json:"oldRespOrgID"`
	Source      string   `json:"srcTxnID"`
	Verified    string   `json:"loaVerification"`
	Emergency   string   `json:"emergencyRoc"`
	ROCType     string   `json:"rocType"`
	Entity      string   `json:"entityOrRespOrg"`
	From        string   `json:"startDate"`
	To          string   `json:"endDate"`
	Progress    string   `json:"progress"`
	Status      string   `json:"status"`
	Rejected    string   `json:"rejectReasonCode"`
	Customer    string   `json:"custName"`
	Attachments []struct {
		File string `json:"fileId"`
	} `json:"additionalDocuments"`
	Actions []struct {
		Number string `json:"num"`
		Action string `json:"action"`
	} `json:"numActionList"`
}

// serve carries one request out.
func (s *Server) serve(r *http.Request, body []byte) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now().Add(s.skew)
	s.settle(now)
	if what, found := strings.CutPrefix(r.URL.Path, "/_sim/"); found {
		return s.control(r.Method, what, body)
	}
	if r.URL.Path == "/token" && r.Method == http.MethodPost {
		return s.token(r, now)
	}
	path, found := strings.CutPrefix(r.URL.Path, "/v3/ip")
	if !found {
		return gateway(http.StatusNotFound, "no such resource")
	}
	c := call{Request: r, path: path, raw: body, now: now}
	if len(body) > 0 && strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") &&
		json.Unmarshal(body, &c.in) != nil {
		return gateway(http.StatusBadRequest, "malformed body")
	}
	if path == "/sec/session/open" && r.Method == http.MethodPost {
		return s.open(c)
	}
	if c.who = s.signedIn(r, now); c.who == nil {
		return gateway(http.StatusUnauthorized, "invalid token")
	}
	if id := r.URL.Query().Get("reqId"); id != "" && r.Method == http.MethodGet {
		return s.late(id, path)
	}
	about := s.about(c)
	late := r.Header.Get("X-Sim-Defer") != ""
	var hit trouble
	for _, num := range about {
		row := rowOf(num)
		if row.trouble != (trouble{}) && s.failures[num] < downCalls {
			s.failures[num]++
			hit = row.trouble
		}
		late = late || row.deferred
	}
	if hit.status != 0 {
		answer := gateway(hit.status, "registry in trouble")
		answer.spoil = func(w http.ResponseWriter, _ *http.Request, raw []byte) []byte {
			w.Header().Set("Retry-After", "1")
			return raw
		}
		return answer
	}
	answer := s.route(c)
	if hit.garble != noGarble {
		answer.spoil = s.garbled(hit.garble)
		return answer
	}
	if !late {
		return answer
	}
	id := s.id("req-")
	if strings.HasPrefix(path, "/roc/retrieve/") {
		path = "/roc/retrieve"
	}
	s.deferred[id] = &deferral{path: path, polls: 1, reply: answer}
	return reply{status: http.StatusAccepted, body: object{"reqId": id}}
}

// late gives a deferred answer, the second time that it is asked for.
func (s *Server) late(id, path string) reply {
	d := s.deferred[id]
	switch {
	case d == nil || d.path != path:
		return gateway(http.StatusNotFound, "no such request")
	case d.polls > 0:
		d.polls--
		return reply{status: http.StatusAccepted, body: object{"reqId": id}}
	}
	delete(s.deferred, id)
	return d.reply
}

// about are the numbers that a call concerns.
func (s *Server) about(c call) []string {
	nums := slices.Clone(c.in.Numbers)
	if c.in.Number != "" {
		nums = append(nums, c.in.Number)
	}
	last := c.path[strings.LastIndex(c.path, "/")+1:]
	for _, t := range s.txns {
		if t.id == c.in.TxnID || t.id == last {
			for _, n := range t.numbers {
				nums = append(nums, n.num)
			}
		}
	}
	if strings.HasPrefix(c.path, "/num/tfn/query/tfn/") {
		nums = append(nums, last)
	}
	return nums
}

// route finds the call in the list of operations.
func (s *Server) route(c call) reply {
	for _, op := range []struct {
		method, path string // a path that ends in / takes one more segment
		do           func(call, string) reply
	}{
		{"PUT", "/sec/session/close", s.closeSession},
		{"PUT", "/num/tfn/query", s.query},
		{"GET", "/num/tfn/query/tfn/", s.queryOne},
		{"POST", "/num/rch", s.giveAway},
		{"GET", "/org/resporg/num/", s.orgOfNumber},
		{"GET", "/org/resporg/", s.org},
		{"POST", "/roc/uploadLOA", s.uploadLOA},
		{"POST", "/roc/uploadFile", s.uploadFile},
		{"POST", "/roc/generateLoa", s.generateLOA},
		{"POST", "/roc/submit", s.submit},
		{"POST", "/roc/searchTxn", s.searchTxn},
		{"POST", "/roc/search", s.search},
		{"GET", "/roc/retrieve/txnid/", s.retrieve},
		{"GET", "/roc/retrieveDocument", s.document},
		{"PUT", "/roc/removeTfn", s.remove},
		{"PUT", "/roc/cancel", s.cancel},
		{"POST", "/roc/uploadDoc", s.uploadDoc},
		{"PUT", "/roc/checkout", s.checkout},
		{"PUT", "/roc/checkin", s.checkin},
		{"PUT", "/roc/processRoc", s.process},
		{"POST", "/roc/escalate", s.escalate},
		{"POST", "/roc/resubmitHDI", s.resubmitHDI},
	} {
		rest, found := strings.CutPrefix(c.path, op.path)
		if found && c.Method == op.method && (rest == "") == !strings.HasSuffix(op.path, "/") &&
			!strings.Contains(rest, "/") {
			return op.do(c, rest)
		}
	}
	return gateway(http.StatusNotFound, "no such resource")
}

func (s *Server) id(prefix string) string {
	s.ids++
	return prefix + strconv.Itoa(s.ids)
}
