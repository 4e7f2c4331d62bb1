// Package somos ports toll-free numbers through Somos' TFNRegistry: its REST wire for RespOrg changes (ROC).
//
// A port request is one ROC transaction. There is no CSR, no FOC and no supplement on this wire: the due date stands
// for the FOC, and a change is a cancel followed by a new request. Our reference of a request, "PON/version", is the
// first word of its notes. A request that the controlling RespOrg leaves unanswered goes to the registry's help desk
// (Escalate). If that takes another request, Read and Cancel follow it under the old id. assumed.go alone has the
// assumptions about Somos' wire.
package somos

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"portway/internal/bizday"
	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// Config configures a client.
type Config struct {
	Name     string // the peer's name in comments and attempts
	BaseURL  string // scheme and host, such as https://sandbox-api-tfnregistry.somos.com
	User     string
	Password porting.Secret
	// Secret gives the password before each sign-in. It is then sent in place of Password. refused is what the registry
	// has just refused, or the zero Secret.
	Secret  func(ctx context.Context, refused porting.Secret) (porting.Secret, error)
	RespOrg string // our five characters; the first two are the entity
	HTTP    *http.Client
	// Sessions is shared by all instances that use the login: the registry keeps one session for each.
	Sessions SessionStore
	Now      func() time.Time
	// Poll is the pause before a deferred answer is asked for the first time; it grows from there.
	Poll time.Duration
	// Sleep waits; a test that holds the clock in its hands waits in its own way.
	Sleep func(context.Context, time.Duration) error
	// Calendar counts the registry's business days; nil is bizday's "somos" in Central Time.
	Calendar *bizday.Calendar
	// Call changes the bounds of single calls; call.Pace(Gentle) keeps the pace that the registry is meant to bear.
	Call []call.Option
}

// Client is the peer.Peer "toll-free". It is safe for concurrent use.
type Client struct {
	cfg   Config
	id    string // in the leases of this instance
	calls *call.Caller

	signing      chan struct{} // held by whoever changes the session
	refusedUntil time.Time     // under signing: no sign-in is tried before

	mu      sync.Mutex
	session Session           // the last one seen
	names   map[string]string // companies by RespOrg id
}

var _ peer.Peer = (*Client)(nil)

// New makes a client; without Sessions it keeps its session to itself.
func New(cfg Config) *Client {
	cfg.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	if cfg.Sessions == nil {
		cfg.Sessions = NewMemory()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Poll <= 0 {
		cfg.Poll = pollAfter
	}
	if cfg.Sleep == nil {
		cfg.Sleep = pause
	}
	if fixed := cfg.Password; cfg.Secret == nil {
		cfg.Secret = func(context.Context, porting.Secret) (porting.Secret, error) { return fixed, nil }
	}
	if cfg.Calendar == nil {
		cfg.Calendar = registryDays
	}
	return &Client{
		cfg: cfg, id: rand.Text(), calls: call.New(cfg.Name, cfg.HTTP, cfg.Call...), signing: make(chan struct{}, 1),
		names: map[string]string{},
	}
}

// Name is the configured one.
func (c *Client) Name() string { return c.cfg.Name }

// Format keeps the secrets inside out of every print: fmt does not ask unexported fields how they want to be shown.
func (c *Client) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "somos client %q", c.cfg.Name) }

// Portability asks the registry for each number's status and controlling RespOrg, whose id is the carrier's SPID. A
// number of which the registry says nothing that we understand is not portable for porting.OtherReason.
func (c *Client) Portability(ctx context.Context, tns []string) ([]peer.Portability, error) {
	rows, err := c.query(ctx, tns)
	if err != nil {
		return nil, err
	}
	found := make([]peer.Portability, 0, len(tns))
	names := map[string]string{}
	for _, tn := range tns {
		row := rows[short(tn)]
		p := peer.Portability{TN: tn, Reason: row.obstacle(c.cfg.RespOrg)}
		p.Portable = p.Reason == ""
		if id := string(row.Holder); id != "" {
			if names[id] == "" {
				names[id] = c.company(ctx, id)
			}
			p.Carrier = porting.Carrier{SPID: id, Name: names[id]}
		}
		found = append(found, p)
	}
	return found, nil
}

// RequestCSR answers peer.ErrNoCSR: toll-free numbers have no CSR.
func (c *Client) RequestCSR(context.Context, porting.Order, porting.PON) (string, error) {
	return "", peer.ErrNoCSR
}

// ReadCSR answers peer.ErrNoCSR.
func (c *Client) ReadCSR(context.Context, string) (porting.Record, porting.AnswerState, string, error) {
	return porting.Record{}, porting.AnswerNoRecord, "", peer.ErrNoCSR
}

// Submit uploads the LOA and makes one transaction of all active numbers; the id is its txnID.
func (c *Client) Submit(ctx context.Context, r peer.Request) (string, error) {
	loa, err := c.uploadLOA(ctx, r)
	if err != nil {
		return "", err
	}
	var made struct {
		TxnID text `json:"txnID"`
	}
	err = c.ask(ctx, ask{method: http.MethodPost, path: "/roc/submit", keys: []string{"txnID"}, body: submission{
		Numbers: shorts(r.Order.Active()), NewRespOrg: c.cfg.RespOrg, Type: ordinary, Contact: "USE_MY_INFO", LOA: loa,
		Notes: key(r),
	}}, &made)
	if err != nil {
		return "", err
	}
	return string(made.TxnID), c.attach(ctx, string(made.TxnID), r)
}

// attach adds the papers to a request. One that the registry does not take is no error: the request exists all the
// same.
func (c *Client) attach(ctx context.Context, ref string, r peer.Request) error {
	for _, p := range r.Papers {
		if _, err := c.Attach(ctx, ref, p.Name, p.PDF); err != nil && !errors.As(err, new(*peer.Denied)) {
			return err
		}
	}
	return nil
}

type submission struct {
	Numbers    []string `json:"numList"`
	NewRespOrg string   `json:"newRespOrgID"`
	Type       string   `json:"requestType"`
	Contact    string   `json:"contactInformation"`
	LOA        string   `json:"loaId"`
	Notes      string   `json:"notes"`
}

// ordinary is the request type of a plain RespOrg change, in spite of its name. FUTURE would delay the request, not the
// move.
const ordinary = "EMERGENCY"

// Supplement ends the request ref and makes a new one, for this wire changes none; its txnID is the new id. A request
// that the carrier no longer lets go is Denied, and then nothing new is made.
func (c *Client) Supplement(ctx context.Context, ref string, r peer.Request) (string, error) {
	made, ok, err := c.Find(ctx, r)
	switch {
	case err != nil:
		return "", err
	case ok:
		return made, c.Complete(ctx, made, r)
	}
	if ref != "" {
		if err := c.Cancel(ctx, ref); err != nil {
			return "", err
		}
	}
	return c.Submit(ctx, r)
}

// Cancel ends what is still open of the request, and of what the help desk made of it. The registry has no word of its
// own for "over already", so after a refusal the transaction itself is read: when none of its numbers is under way any
// more, there was nothing to cancel.
func (c *Client) Cancel(ctx context.Context, ref string) error {
	err := c.ask(ctx, ask{method: http.MethodPut, path: "/roc/cancel", safe: true, body: struct {
		TxnID string `json:"txnID"`
	}{ref}}, nil)
	var denied *peer.Denied
	if !errors.As(err, &denied) {
		return err
	}
	t, failed := c.retrieve(ctx, ref)
	var down *peer.Down
	switch {
	case errors.As(failed, &down):
		return failed
	case failed != nil || t.any(asked) || t.any(agreed) || t.any(unclear):
		return err
	}
	later, err := c.follow(ctx, ref, &t)
	for _, ref := range later {
		if err == nil {
			err = c.Cancel(ctx, ref)
		}
	}
	return err
}

// Remove takes single numbers out of a request; those that are out of it already are no error. A number that was
// answered can't be taken back: that is Denied, and then none is removed.
func (c *Client) Remove(ctx context.Context, ref string, tns []string) error {
	err := c.ask(ctx, ask{method: http.MethodPut, path: "/roc/removeTfn", keys: []string{"recVersionId"}, safe: true,
		body: struct {
			TxnID   string   `json:"txnID"`
			Numbers []string `json:"numList"`
		}{ref, shorts(tns)}}, nil)
	var denied *peer.Denied
	if !errors.As(err, &denied) {
		return err
	}
	t, failed := c.retrieve(ctx, ref)
	if failed == nil {
		failed = c.complete(ctx, ref, &t)
	}
	var down *peer.Down
	if errors.As(failed, &down) {
		return failed
	}
	for _, num := range shorts(tns) {
		if failed != nil || !slices.ContainsFunc(t.Lines, func(l line) bool {
			return string(l.Number) == num && slices.Equal(l.codes(), []string{"16"})
		}) {
			return err
		}
	}
	return nil
}

// Find looks for the request whose notes begin with our key, among all that hold the order's first number. It changes
// nothing.
func (c *Client) Find(ctx context.Context, r peer.Request) (string, bool, error) {
	tns := r.Order.Active()
	if len(tns) == 0 {
		return "", false, nil
	}
	from, to := c.window(r)
	found, err := c.requestsFor(ctx, short(tns[0]), from, to)
	if err != nil {
		return "", false, err
	}
	for _, ref := range found {
		t, err := c.retrieve(ctx, ref)
		if err != nil {
			return "", false, err
		}
		if t.key() == key(r) && t.Kind != byHelpDesk {
			return ref, true, nil
		}
	}
	return "", false, nil
}

// Complete adds the papers to the request. The registry may have them twice, which does no harm.
func (c *Client) Complete(ctx context.Context, ref string, r peer.Request) error {
	return c.attach(ctx, ref, r)
}

// requestsFor are the ids of our requests for a number.
func (c *Client) requestsFor(ctx context.Context, num string, from, to time.Time) ([]string, error) {
	var found struct {
		List []struct {
			TxnID text `json:"txnID"`
		} `json:"transactionList"`
	}
	err := c.ask(ctx, ask{
		method: http.MethodPost, path: "/roc/searchTxn", keys: []string{"transactionList"}, safe: true,
		body: c.search(num, from, to),
	}, &found)
	var refs []string
	for _, t := range found.List {
		refs = append(refs, string(t.TxnID))
	}
	return refs, err
}

type search struct {
	Type     string `json:"rocType"`
	RespOrg  string `json:"entityOrRespOrg"`
	From     string `json:"startDate"`
	To       string `json:"endDate"`
	Progress string `json:"progress"`
	Number   string `json:"num"`
}

func (c *Client) search(num string, from, to time.Time) search {
	stamp := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
	return search{"OUTGOING", c.cfg.RespOrg, stamp(from), stamp(to), "BOTH", num}
}

// Read makes one answer of the states of all numbers. The activation is confirmed by the registry's own record of the
// numbers.
func (c *Client) Read(ctx context.Context, ref string) (porting.Answer, error) {
	t, err := c.retrieve(ctx, ref)
	if err != nil {
		return porting.Answer{}, err
	}
	if err := c.complete(ctx, ref, &t); err != nil {
		return porting.Answer{}, err
	}
	if _, err := c.follow(ctx, ref, &t); err != nil {
		return porting.Answer{}, err
	}
	confirmed := false
	if t.any(moved) && !t.any(asked) && !t.any(agreed) {
		if confirmed, err = c.controls(ctx, t.numbers(moved)); err != nil {
			return porting.Answer{}, err
		}
	}
	answer := t.answer(confirmed)
	c.count(ctx, answer.Reasons, decline, ended)
	return answer, nil
}

func (c *Client) retrieve(ctx context.Context, ref string) (transaction, error) {
	var t transaction
	err := c.ask(ctx, ask{
		method: http.MethodGet, path: "/roc/retrieve/txnid/" + url.PathEscape(ref), poll: "/roc/retrieve",
		keys: []string{"numList"}, safe: true,
	}, &t)
	return t, err
}

// controls says whether all the numbers are under our own RespOrg.
func (c *Client) controls(ctx context.Context, tns []string) (bool, error) {
	rows, err := c.query(ctx, tns)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(tns, func(tn string) bool {
		return !strings.EqualFold(string(rows[short(tn)].Holder), c.cfg.RespOrg)
	}), nil
}

func (c *Client) query(ctx context.Context, tns []string) (map[string]record, error) {
	rows := make(map[string]record, len(tns))
	for batch := range slices.Chunk(shorts(tns), queryBatch) {
		var result struct {
			Bulk text     `json:"blkId"`
			Rows []record `json:"queryResult"`
		}
		err := c.ask(ctx, ask{
			method: http.MethodPut, path: "/num/tfn/query", keys: []string{"queryResult", "blkId"}, safe: true, body: struct {
				Numbers []string `json:"numList"`
			}{batch},
		}, &result)
		if err == nil && result.Bulk != "" && result.Rows == nil {
			err = c.ask(ctx, bulk(result.Bulk), &result)
		}
		if err != nil {
			return nil, err
		}
		for _, row := range result.Rows {
			rows[string(row.Number)] = row
		}
	}
	return rows, nil
}

// company is the name behind a RespOrg id, or the id itself: a name is a courtesy that no port waits for.
func (c *Client) company(ctx context.Context, id string) string {
	c.mu.Lock()
	name, ok := c.names[id]
	c.mu.Unlock()
	if ok {
		return name
	}
	var org struct {
		Company text `json:"companyName"`
	}
	err := c.ask(ctx, ask{
		method: http.MethodGet, path: "/org/resporg/" + url.PathEscape(id), keys: []string{"companyName", "respOrgEntity"},
		safe: true,
	}, &org)
	var down *peer.Down
	if errors.As(err, &down) {
		return id
	}
	if name = strings.TrimSpace(string(org.Company)); name == "" {
		name = id
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names[id] = name
	return name
}

// short is a number as the wire's JSON has it: ten digits.
func short(tn string) string { return strings.TrimPrefix(tn, "+1") }

func long(num string) string { return "+1" + num }

func shorts(tns []string) []string {
	nums := make([]string, 0, len(tns))
	for _, tn := range tns {
		nums = append(nums, short(tn))
	}
	return nums
}
