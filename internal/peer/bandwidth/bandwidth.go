// Package bandwidth ports local numbers through Bandwidth's Numbers API: XML over HTTPS, one order for each request. There is
// no LSR on this wire; an order is posted, changed by PUT (SUP 2 and 3) and deleted (SUP 1), and its ProcessingStatus tells how
// the losing carrier stands to it. CustomerOrderId carries our PON; it is searchable but no idempotency key.
package bandwidth

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// Config is an account at the peer.
type Config struct {
	Name     string // the peer's name in comments and attempts; "locals" when empty
	BaseURL  string // up to and without /accounts, such as https://dashboard.bandwidth.com/api/v1
	Account  string
	Site     string // the sub-account in which numbers land
	PeerID   string // its location; empty is the site's default
	User     string
	Password porting.Secret
	// OAuth is used in place of user and password when it has a URL; notes are then written in User's name, or else OAuth.ID's.
	OAuth OAuth
	// Token gives an OAuth2 access token that somebody else looks after, which is then sent in place of the others.
	Token func(context.Context) (string, error)

	// Draft has orders made as drafts, which the carrier sees only when the letter of agency is on them. It costs one call more;
	// without it an order may be with the carrier for a moment before its letter is.
	Draft bool
	// Triggered has orders wait for Activate on their FOC day. It can't be changed on an order.
	Triggered bool
	// Wireless says that the site is a mobile network: fewer fields of a mobile number's order may change.
	Wireless bool

	HTTP  *http.Client  // nil is a plain one
	Calls []call.Option // time limits, retries and pace other than usual
	Now   func() time.Time
}

// The peer publishes no limits. These are what we keep to, a client and a second.
const (
	perSecond = 3
	atOnce    = 4
)

const agent = "portway/1"

var errNoToken = errors.New("no access token")

// Client is the peer. It is safe for concurrent use.
type Client struct {
	cfg    Config
	calls  *call.Caller
	tokens *tokens
}

var _ peer.Peer = (*Client)(nil)

// New makes a client for an account at the peer.
func New(cfg Config) *Client {
	if cfg.Name == "" {
		cfg.Name = "locals"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	options := append([]call.Option{call.Pace(perSecond), call.AtOnce(atOnce)}, cfg.Calls...)
	c := &Client{cfg: cfg, calls: call.New(cfg.Name, cfg.HTTP, options...)}
	if cfg.OAuth.URL != "" {
		// Its circuit is its own: a token service that is down says nothing about the peer.
		c.tokens = &tokens{cfg: cfg.OAuth, calls: call.New(cfg.Name, cfg.HTTP, options...), now: cfg.Now}
	}
	return c
}

// Name is the peer's name.
func (c *Client) Name() string { return c.cfg.Name }

// Submit posts the order and uploads the letter of agency, wanted or not: whether the order waits for it can't be told
// beforehand. When the upload does not come through the answer is Down, and Find makes up for it.
func (c *Client) Submit(ctx context.Context, r peer.Request) (string, error) {
	in := lnpOrder{order: c.order(r)}
	if c.cfg.Draft {
		in.Status = "DRAFT"
	}
	res, err := c.send(ctx, false, http.MethodPost, "portins", nil, in)
	if err != nil {
		return "", err
	}
	ref, err := c.created(ctx, r, res)
	if err != nil {
		return "", err
	}
	if err := c.ensureLOA(ctx, ref, r); err != nil || !c.cfg.Draft {
		return ref, err
	}
	return ref, c.release(ctx, ref, r)
}

// release submits a draft. One that the peer does not take is deleted, so that Denied leaves nothing behind; sending it twice
// does no harm, since an order that is no draft any more has what is sent.
func (c *Client) release(ctx context.Context, ref string, r peer.Request) error {
	in := lnpOrderSupp{order: c.order(r)}
	in.Status = "SUBMITTED"
	res, err := c.send(ctx, true, http.MethodPut, "portins/"+url.PathEscape(ref), nil, in)
	if err != nil || res.Status < 300 {
		return err
	}
	denied := c.denied(res)
	if errors.As(denied, new(*peer.Denied)) {
		if err := c.Cancel(ctx, ref); err != nil {
			return err
		}
	}
	return denied
}

// created is the order's id. An answer with an id means that the order exists, be it in EXCEPTION; one without means that there
// is none, whatever ProcessingStatus says.
func (c *Client) created(ctx context.Context, r peer.Request, res call.Response) (string, error) {
	var answer lnpOrderResponse
	err := xml.Unmarshal(res.Body, &answer)
	switch {
	case err == nil && answer.OrderID != "":
		return answer.OrderID, nil
	case res.Status < 300 && res.Header.Get("Location") != "":
		return path.Base(res.Header.Get("Location")), nil
	case res.Status < 300:
		return "", c.down("an answer without an order id")
	}
	denied := c.denied(res)
	if all, _ := faults(res.Body); slices.ContainsFunc(all, func(f fault) bool { return f.code == "7205" }) {
		// A number is in another order: it may be our own, made by a call whose answer was lost and listed only now.
		if ref, _, err := c.lookup(ctx, r.PON); err == nil && ref != "" {
			return ref, nil
		}
	}
	return "", denied
}

// Supplement changes the order. The wire has no SUP type and may drop what a PUT leaves out, so the order is read first and
// goes back whole; for SUP 2 only its date is another. An order that is already as r wants it, and is not refused, is left alone.
func (c *Client) Supplement(ctx context.Context, ref string, r peer.Request) (string, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return "", err
	}
	var have lnpOrderResponse
	if err := c.read(res, &have); err != nil {
		return "", err
	}
	want := c.order(r)
	if r.Sup == porting.SupDate {
		want = have.order
		want.CustomerOrderID, want.RequestedFOC = string(r.PON), string(r.Date)
		if have.Wireless == nil {
			want.Wireless = c.order(r).Wireless
		}
	} else {
		want.NewBTN = cmp.Or(want.NewBTN, have.NewBTN)
		want.Triggered, want.Attributes, want.AlternateSPID = have.Triggered, have.Attributes, have.AlternateSPID
		if have.PartialPort == "true" {
			want.PartialPort = "true"
		}
	}
	want.Status = ""
	if have.Status != "EXCEPTION" && same(have.order, want) {
		return ref, nil
	}
	if err := c.frozen(have, want); err != nil {
		return "", err
	}
	if wantsLOA(res.Body) {
		if err := c.uploadLOA(ctx, ref, r); err != nil {
			return "", err
		}
	}
	if len(r.Papers) > 0 {
		there, err := c.Documents(ctx, ref)
		if err == nil {
			err = c.ensurePapers(ctx, ref, r, there)
		}
		if err != nil {
			return "", err
		}
	}
	if want.Subscriber != nil {
		s := *want.Subscriber
		s.Address.Reset = "true"
		want.Subscriber = &s
	}
	res, err = c.send(ctx, false, http.MethodPut, "portins/"+url.PathEscape(ref), nil, lnpOrderSupp{order: want})
	switch {
	case err != nil:
		return "", err
	case res.Status >= 300:
		if all, _ := faults(res.Body); only(" 7480 ", all) {
			return ref, nil // it has nothing to change: we have sent it before
		}
		return "", c.denied(res)
	}
	return ref, nil // the state in this answer is provisional: Read tells
}

// wantsLOA says that the order is refused for its letter of agency.
func wantsLOA(body []byte) bool {
	all, _ := faults(body)
	return slices.ContainsFunc(reasons(all), func(r porting.Reason) bool { return slices.Contains(r.Code.Info().Repairs, porting.SendLOA) })
}

// same says that the order has what we want of it.
func same(have, want order) bool {
	text := func(o order) string {
		o.Status = ""
		if day, _, ok := parseFOC(o.RequestedFOC); ok {
			o.RequestedFOC = string(day)
		}
		o.Numbers = slices.Sorted(slices.Values(o.Numbers))
		b, err := xml.Marshal(o)
		if err != nil {
			return ""
		}
		return strings.ToLower(string(b))
	}
	return text(have) == text(want)
}

// Cancel deletes the order. The freeze before its FOC, and a carrier that no longer lets go, are a Denied whose reason is
// LATE_CHANGE_REFUSED, be it with a good status.
func (c *Client) Cancel(ctx context.Context, ref string) error {
	res, err := c.send(ctx, true, http.MethodDelete, "portins/"+url.PathEscape(ref), nil, nil)
	if err != nil || res.Status == http.StatusNotFound {
		return err
	}
	all, _ := faults(res.Body)
	if res.Status < 300 && !slices.ContainsFunc(reasons(all), func(r porting.Reason) bool { return r.Code == "LATE_CHANGE_REFUSED" }) ||
		only(" 7303 7353 ", all) { // cancelled, or about to be
		return nil
	}
	return c.denied(res)
}

// Find looks for an order with our PON. It also uploads the letter of agency that a crash has left behind.
func (c *Client) Find(ctx context.Context, r peer.Request) (string, bool, error) {
	ref, state, err := c.lookup(ctx, r.PON)
	if err != nil || ref == "" {
		return "", false, err
	}
	if err := c.ensureLOA(ctx, ref, r); err != nil {
		return "", false, err
	}
	if state == "DRAFT" {
		if err := c.release(ctx, ref, r); err != nil {
			return "", false, err
		}
	}
	return ref, true, nil
}

// lookup finds our order by our reference, and its state; the one that lives when there are several, none when ref is empty.
// Drafts are listed only when they are asked for.
func (c *Client) lookup(ctx context.Context, pon porting.PON) (ref, state string, err error) {
	ref, state, err = c.listed(ctx, pon, "")
	if err == nil && ref == "" && c.cfg.Draft {
		return c.listed(ctx, pon, "draft")
	}
	return ref, state, err
}

func (c *Client) listed(ctx context.Context, pon porting.PON, status string) (ref, state string, err error) {
	query := url.Values{"page": {"1"}, "size": {"50"}, "customerOrderId": {string(pon)}}
	if status != "" {
		query.Set("status", status)
	}
	res, err := c.send(ctx, true, http.MethodGet, "portins", query, nil)
	if err != nil || res.Status == http.StatusNoContent {
		return "", "", err
	}
	var list lnpResponseWrapper
	if err := c.read(res, &list); err != nil {
		return "", "", err
	}
	if all, _ := faults(res.Body); len(all) > 0 && len(list.Orders) == 0 {
		return "", "", c.denied(res) // an error must not read as "none": a second order would follow
	}
	for _, o := range list.Orders {
		switch {
		case o.OrderID == "" || o.CustomerOrderID != "" && o.CustomerOrderID != string(pon):
		case o.Status != "CANCELLED":
			return o.OrderID, o.Status, nil
		case ref == "":
			ref, state = o.OrderID, o.Status
		}
	}
	return ref, state, nil
}

// stillPending is the Status/Code of an order that the peer has taken and can't tell of yet.
const stillPending = "241"

// Read is what the order's ProcessingStatus says. States may be skipped, repeated or unknown.
func (c *Client) Read(ctx context.Context, ref string) (porting.Answer, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return porting.Answer{}, err
	}
	var o lnpOrderResponse
	if err := c.read(res, &o); err != nil {
		return porting.Answer{}, err
	}
	switch {
	case o.Status == "" && o.Code == stillPending:
		return porting.Answer{State: porting.AnswerWaiting, Said: "pending"}, nil
	case o.Status == "":
		return porting.Answer{}, c.down("an order without a status")
	}
	all, _ := faults(res.Body)
	a := porting.Answer{State: porting.AnswerWaiting, Said: porting.Quote(o.Status)}
	for _, date := range []string{o.ActualFOC, o.ActualOld, o.RequestedFOC} {
		if day, at, ok := parseFOC(date); ok {
			a.FOC, a.At = day, at
			break
		}
	}
	switch {
	case o.Status == "FOC" && a.FOC != "":
		a.State = porting.AnswerAccepted
		return a, nil
	case o.Status == "COMPLETE":
		a.State = porting.AnswerCompleted
		if named := reasons(all); slices.ContainsFunc(named, func(r porting.Reason) bool { return len(r.Numbers) > 0 }) {
			// Errors beside COMPLETE may be old ones. Which numbers did not move, only the activation tells.
			done, err := c.Activation(ctx, ref)
			var denied *peer.Denied
			switch {
			case err != nil && !errors.As(err, &denied):
				return porting.Answer{}, err
			case len(done.Waiting) > 0:
				a.Left, a.Reasons = done.Waiting, named
			}
		}
		return a, nil
	case o.Status == "EXCEPTION":
		a.State, a.Reasons = porting.AnswerRefused, reasons(all)
		if len(a.Reasons) == 0 {
			a.Reasons = []porting.Reason{{Code: porting.OtherReason, Raw: "EXCEPTION"}}
		}
	case o.Status == "CANCELLED":
		a.State, a.Reasons = porting.AnswerOver, append(reasons(all), porting.Reason{Code: "PEER_CANCELLED", Raw: "CANCELLED"})
	}
	a.FOC, a.At = "", time.Time{}
	return a, nil
}

// order is the request as the wire has it.
func (c *Client) order(r peer.Request) order {
	d, tns := r.Order.Details, r.Order.Active()
	o := order{
		CustomerOrderID: string(r.PON),
		RequestedFOC:    string(r.Date),
		BTN:             ten(d.BillingNumber),
		Subscriber:      parseSubscriber(d),
		LOAPerson:       cut(d.BillingName, maxLOAPerson),
		Site:            c.cfg.Site,
		Peer:            c.cfg.PeerID,
		PartialPort:     strconv.FormatBool(partial(r.Order)),
		Triggered:       strconv.FormatBool(c.cfg.Triggered),
	}
	if btn := r.Order.Remaining.BTN; btn != "" {
		o.NewBTN = ten(btn)
	}
	for _, tn := range tns {
		o.Numbers = append(o.Numbers, ten(tn))
	}
	if o.BTN == "" && len(o.Numbers) > 0 {
		o.BTN = o.Numbers[0]
	}
	if w := (wireless{Account: d.ProviderAccount.Reveal(), PIN: d.PIN.Reveal()}); w != (wireless{}) {
		o.Wireless = &w
	}
	return o
}

// partial says that something stays at the carrier, by the order's word or the record's numbers.
func partial(o porting.Order) bool {
	if o.Remaining.Active {
		return true
	}
	record, _ := o.Last(porting.AskCSR)
	going := o.Active()
	return slices.ContainsFunc(record.Record.Numbers, func(tn string) bool { return !slices.Contains(going, tn) })
}

// document is a body that is sent as it is.
type document struct {
	contentType string
	bytes       []byte
}

// send makes one call below the account. A status of 401 or 403 is our own credentials' trouble: the order waits for it.
func (c *Client) send(ctx context.Context, safe bool, method, below string, query url.Values, in any) (call.Response, error) {
	var doc document
	switch in := in.(type) {
	case nil:
	case document:
		doc = in
	default:
		b, err := xml.Marshal(in)
		if err != nil {
			return call.Response{}, err
		}
		doc = document{"application/xml; charset=utf-8", append([]byte(xml.Header), b...)}
	}
	address := strings.TrimSuffix(c.cfg.BaseURL, "/") + "/accounts/" + url.PathEscape(c.cfg.Account) + "/" + below
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	token := ""
	build := func(ctx context.Context) (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(doc.bytes))
		if err != nil {
			return nil, c.down("its address is not one")
		}
		req.Header.Set("Accept", "application/xml")
		req.Header.Set("User-Agent", agent)
		if in != nil {
			req.Header.Set("Content-Type", doc.contentType)
		}
		switch {
		case c.cfg.Token != nil:
			token, err = c.cfg.Token(ctx)
		case c.tokens != nil:
			token, err = c.tokens.get(ctx)
		default:
			req.SetBasicAuth(c.cfg.User, c.cfg.Password.Reveal())
			return req, nil
		}
		if err != nil {
			return nil, c.down("no access token")
		}
		req.Header.Set("Authorization", "Bearer "+token)
		return req, nil
	}
	res, err := c.calls.Do(ctx, safe, build)
	if err == nil && res.Status == http.StatusUnauthorized && c.tokens != nil {
		// The token was ended before its time, and the call has had no effect: once more with a new one.
		c.tokens.drop(token)
		res, err = c.calls.Do(ctx, safe, build)
	}
	if err == nil && (res.Status == http.StatusUnauthorized || res.Status == http.StatusForbidden) {
		return res, c.down("HTTP " + strconv.Itoa(res.Status))
	}
	return res, err
}

// read decodes a good answer into v, whose root has to fit.
func (c *Client) read(res call.Response, v any) error {
	if res.Status >= 300 {
		return c.denied(res)
	}
	if err := xml.Unmarshal(res.Body, v); err == nil {
		return nil
	}
	if all, _ := faults(res.Body); len(all) > 0 {
		return c.denied(res)
	}
	return c.down("HTTP " + strconv.Itoa(res.Status) + " with an unreadable answer")
}

// denied is the error of an answer that says no. An answer that is not the peer's own (a proxy's page), and troubles that the
// peer itself calls passing, are Down.
func (c *Client) denied(res call.Response) error {
	status := "HTTP " + strconv.Itoa(res.Status)
	all, ok := faults(res.Body)
	switch {
	case !ok && len(bytes.TrimSpace(res.Body)) > 0:
		return c.down(status + " with an unreadable answer")
	case only(passing, all):
		return c.down("its own trouble " + all[0].code)
	}
	why := reasons(all)
	if len(why) == 0 {
		why = []porting.Reason{{Code: "PEER_DENIED", Raw: status}}
	}
	return &peer.Denied{Peer: c.cfg.Name, Reasons: why}
}

func (c *Client) down(why string) error { return &peer.Down{Peer: c.cfg.Name, Why: why} }
