package bandwidth

import (
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

// Submit posts the order and uploads the LOA, wanted or not: whether the order waits for it can't be told beforehand.
// When the upload does not come through the answer is Down, and Complete makes up for it.
func (c *Client) Submit(ctx context.Context, r peer.Request) (string, error) {
	return c.submit(ctx, r, c.order(r), "")
}

// submit posts an order that says in. A request that it takes the place of is instead, and no answer to this one.
func (c *Client) submit(ctx context.Context, r peer.Request, in order, instead string) (string, error) {
	if c.cfg.Draft {
		in.Status = "DRAFT"
	}
	res, err := c.send(ctx, false, http.MethodPost, "portins", nil, lnpOrder{order: in})
	if err != nil {
		return "", err
	}
	ref, err := c.created(ctx, r, res, instead)
	if err != nil {
		return "", err
	}
	if err := c.ensureLOA(ctx, ref, r); err != nil {
		return ref, err
	}
	if _, err := c.remark(ctx, ref, r); err != nil || !c.cfg.Draft {
		return ref, err
	}
	return ref, c.release(ctx, ref, r, in)
}

// release submits a draft. One that the peer does not take is deleted, so that Denied leaves nothing behind. Sending it
// twice does no harm, since an order that is no draft any more has what is sent.
func (c *Client) release(ctx context.Context, ref string, r peer.Request, in order) error {
	in.Status = "SUBMITTED"
	in.Wireless = in.Wireless.both(nil)
	res, err := c.send(ctx, true, http.MethodPut, "portins/"+url.PathEscape(ref), nil, lnpOrderSupp{order: in})
	if err != nil {
		return err
	}
	if res.Status < 300 {
		return c.provisional(ctx, res)
	}
	denied := c.denied(ctx, res, r.Order.Active())
	if errors.As(denied, new(*peer.Denied)) {
		if err := c.Cancel(ctx, ref); err != nil {
			return err
		}
	}
	return denied
}

// created is the order's id. An answer with an id means that the order exists, even in EXCEPTION. An answer without an
// id means that there is none, even if it has a ProcessingStatus. No source tells which of the peer's checks answer in
// which way (L1).
func (c *Client) created(ctx context.Context, r peer.Request, res call.Response, instead string) (string, error) {
	root, ok := parse(res.Body)
	location := res.Header.Get("Location")
	empty := len(strings.TrimSpace(string(res.Body))) == 0
	switch id := root.text("OrderId"); {
	case ok && id != "":
		return id, nil
	case res.Status < 300 && location != "" && (ok && root.is("LnpOrderResponse") || empty):
		return path.Base(location), nil
	case res.Status < 300:
		return "", c.down("an answer without an order id")
	}
	denied := c.denied(ctx, res, r.Order.Active())
	if slices.ContainsFunc(faults(root), func(f fault) bool { return f.code == "7205" }) {
		// A number is in another order: it may be our own, made by a call whose answer was lost and listed only now.
		if ref, _, err := c.living(ctx, r.PON, instead); err == nil && ref != "" {
			return ref, nil
		}
	}
	return "", denied
}

// existing is an order as a GET shows it.
type existing struct {
	order
	node
	faults []fault
}

// get reads an order; its root may have any name if the answer tells a state.
func (c *Client) get(ctx context.Context, ref string) (existing, error) {
	res, err := c.send(ctx, true, http.MethodGet, "portins/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return existing{}, err
	}
	root, ok := parse(res.Body)
	switch {
	case res.Status >= 300:
		return existing{}, c.denied(ctx, res, nil)
	case !ok || !root.has("ProcessingStatus") && root.text("Status", "Code") != stillPending:
		return existing{}, c.down("an order without a status")
	}
	return existing{order: orderOf(root), node: root, faults: faults(root)}, nil
}

// own are the order's numbers, which an error's text may name.
func (e existing) own() []string {
	all := make([]string, len(e.order.Numbers))
	for i, tn := range e.order.Numbers {
		all[i] = e164(tn)
	}
	return all
}

// ownHour says that the order moves at an hour of its own, and not at the usual one.
func (e existing) ownHour() bool { return e.yes("Triggered") || e.yes("LosingCarrierIsWireless") }

// ended says that the partner is through with the order: the published advice on what it refuses is to cancel and to
// make another one. No source tells what a change of such an order does (L4).
func (e existing) ended() bool {
	stops := slices.DeleteFunc(slices.Clone(e.faults), func(f fault) bool { return f.kind() == informs })
	return slices.ContainsFunc(stops, func(f fault) bool {
		row, known := f.row()
		return known && row.final && row.family == offNetFamily
	})
}

// Supplement changes the order. The wire has no SUP type and may drop what a PUT leaves out, so the order is read first
// and goes back whole; for SUP 2 only its date is another. An order that is already as r wants it, and is not refused,
// is left alone. One that the partner is through with is cancelled, and another one is made in its place under the same
// PON.
func (c *Client) Supplement(ctx context.Context, ref string, r peer.Request) (string, error) {
	have, err := c.get(ctx, ref)
	if err != nil {
		return "", err
	}
	state := stateOf(have.Status)
	switch {
	case canonical(have.Status) == leaving:
		return "", c.ending()
	case state == porting.AnswerOver:
		return c.afterCancel(ctx, ref, have, r)
	case state == porting.AnswerRefused && have.ended():
		return c.replace(ctx, ref, have, r)
	}
	want := c.changedOrder(have, r)
	if r.Sup != porting.SupDate {
		if _, err := c.remark(ctx, ref, r); err != nil {
			return "", err
		}
	}
	if state != porting.AnswerRefused && same(have, want) {
		return ref, nil
	}
	if err := c.frozen(have, want); err != nil {
		return "", err
	}
	if err := c.enclose(ctx, ref, have, r); err != nil {
		return "", err
	}
	res, err := c.send(ctx, false, http.MethodPut, "portins/"+url.PathEscape(ref), nil, lnpOrderSupp{order: want})
	if err != nil {
		return "", err
	}
	if res.Status >= 300 {
		return "", c.denied(ctx, res, r.Order.Active())
	}
	if err := c.provisional(ctx, res); err != nil {
		return "", err
	}
	return ref, c.lost(ctx, ref, have)
}

// provisional checks the answer of a change that was taken: nothing, or the order. The state and the errors in it may
// be those of before; Read tells.
func (c *Client) provisional(ctx context.Context, res call.Response) error {
	if len(strings.TrimSpace(string(res.Body))) == 0 {
		return nil
	}
	_, err := c.read(ctx, res, nil, "LnpOrderResponse")
	return err
}

// changedOrder is the order as the supplement wants it, with everything that a PUT must send back.
func (c *Client) changedOrder(have existing, r peer.Request) order {
	want, ours := c.order(r), c.order(r).Wireless
	if r.Sup == porting.SupDate {
		want = have.order
		want.CustomerOrderID = string(r.PON)
		ours = cmp.Or(have.order.Wireless, ours)
	} else {
		whole := r.Order.Details.PortScope == porting.WholeAccount && !r.Order.Stays()
		if !whole {
			want.NewBTN = cmp.Or(want.NewBTN, have.NewBTN)
		}
		want.Attributes, want.AlternateSPID = have.Attributes, have.AlternateSPID
		if strings.EqualFold(have.PartialPort, "true") && !whole {
			want.PartialPort = "true"
		}
		if want.Subscriber != nil && have.order.Subscriber != nil && have.order.Subscriber.Address.County != "" {
			want.Subscriber.Address.County = have.order.Subscriber.Address.County
		}
	}
	want.Triggered = have.Triggered
	want.RequestedFOC = wireDate(r.Date, r.At, strings.EqualFold(have.Triggered, "true"))
	want.Wireless = ours.both(have.order.Wireless)
	if have.order.Wireless == nil && c.offNet(have) && !have.yes("LosingCarrierIsWireless") {
		want.Wireless = nil // the partner refuses it on fixed numbers (6209)
	}
	want.Status = ""
	if want.Subscriber != nil {
		s := *want.Subscriber
		s.Address.Reset = "true"
		want.Subscriber = &s
	}
	return want
}

// both has account number and PIN both, as a PUT wants them: what we lack as the order has it, else empty (L5).
func (w *wireless) both(have *wireless) *wireless {
	if w == nil {
		return nil
	}
	if have == nil {
		have = &wireless{}
	}
	account, pin := cmp.Or(text(w.Account), text(have.Account)), cmp.Or(text(w.PIN), text(have.PIN))
	return &wireless{&account, &pin}
}

// enclose uploads what the refusal or the request wants to go along.
func (c *Client) enclose(ctx context.Context, ref string, have existing, r peer.Request) error {
	if have.wantsLOA() {
		if err := c.uploadLOA(ctx, ref, r); err != nil {
			return err
		}
	}
	if len(r.Papers) == 0 {
		return nil
	}
	there, err := c.Documents(ctx, ref)
	if err != nil {
		return err
	}
	return c.ensurePapers(ctx, ref, r, there)
}

// wantsLOA says that the order is refused for its LOA.
func (e existing) wantsLOA() bool {
	return slices.ContainsFunc(e.faults, func(f fault) bool {
		return slices.ContainsFunc(f.reasons(), func(code porting.ReasonCode) bool {
			return slices.Contains(code.Info().Repairs, porting.SendLOA)
		})
	})
}

// replace cancels an order that goes no further, and makes another one as soon as it has ended: its numbers are kept
// from other orders as long as it lives.
func (c *Client) replace(ctx context.Context, ref string, have existing, r peer.Request) (string, error) {
	if err := c.Cancel(ctx, ref); err != nil {
		return "", err
	}
	now, err := c.get(ctx, ref)
	var denied *peer.Denied
	switch {
	case errors.As(err, &denied) && denied.Unknown():
	case err != nil:
		return "", err
	case stateOf(now.Status) != porting.AnswerOver:
		return "", c.ending()
	}
	return c.submit(ctx, r, c.inPlaceOf(have, r), ref)
}

// afterCancel makes another order in the place of a cancelled one, unless it is there already. A cancelled order
// without errors was cancelled by somebody (guide stand-alone port-ins): by replace, as a rule, whose order had yet to
// end. One with errors has died of them.
func (c *Client) afterCancel(ctx context.Context, ref string, have existing, r peer.Request) (string, error) {
	next, listed, err := c.living(ctx, r.PON, ref)
	if err != nil {
		return "", err
	}
	if next != "" {
		return next, c.complete(ctx, next, listed, r)
	}
	died := c.reasons(ctx, have.faults, have.own())
	if canonical(have.Status) == snapback || len(died) > 0 && !have.ended() {
		return "", &peer.Denied{Peer: c.cfg.Name,
			Reasons: append(died, porting.Reason{Code: porting.PeerCancelled, Raw: canonical(have.Status)})}
	}
	return c.submit(ctx, r, c.inPlaceOf(have, r), ref)
}

// inPlaceOf is the order that takes the place of another one: without account number and PIN, where the partner has
// refused those on a fixed number (6209), or may have.
func (c *Client) inPlaceOf(have existing, r peer.Request) order {
	in := c.order(r)
	fixed := c.offNet(have) && !have.yes("LosingCarrierIsWireless")
	if slices.ContainsFunc(have.faults, func(f fault) bool { return f.code == "6209" }) || fixed && len(have.faults) == 0 {
		in.Wireless = nil
	}
	return in
}

// lost reads the order once more after a change that was taken. The peer may take one and drop it: then the refusal of
// the change stands among the errors, and the carrier never gets it.
func (c *Client) lost(ctx context.Context, ref string, before existing) error {
	now, err := c.get(ctx, ref)
	if err != nil {
		return nil // the change was sent; Read tells what became of it
	}
	dropped := slices.DeleteFunc(now.faults, func(f fault) bool {
		row, known := f.row()
		old := slices.ContainsFunc(before.faults, func(b fault) bool { return b.code == f.code })
		return old || !known || row.kind != stops || row.when != "supplement"
	})
	if len(dropped) == 0 {
		return nil
	}
	return &peer.Denied{Peer: c.cfg.Name, Reasons: c.reasons(ctx, dropped, now.own())}
}

// same says that the order has what we want of it.
func same(have existing, want order) bool {
	text := func(o order) string {
		o.Status = ""
		if day, at, ok := parseFOC(o.RequestedFOC, have.ownHour()); ok {
			o.RequestedFOC = string(day)
			if have.ownHour() { // a bare day is the usual hour
				o.RequestedFOC = at.UTC().Format(time.RFC3339)
			}
		}
		if o.Subscriber != nil {
			s := *o.Subscriber
			s.Address.Reset = ""
			o.Subscriber = &s
		}
		o.Wireless = o.Wireless.both(nil)
		o.Numbers = slices.Sorted(slices.Values(o.Numbers))
		b, err := xml.Marshal(o)
		if err != nil {
			return ""
		}
		return strings.ToLower(string(b))
	}
	return text(have.order) == text(want)
}

// Cancel deletes the order. An order that the peer does not know (L9), or that is cancelled, leaves nothing to cancel
// and is no error. The freeze before its FOC, and a carrier that no longer lets go, are a Denied whose reason is
// LATE_CHANGE_REFUSED, also with a good status; so is an order that is complete, with ORDER_DONE.
func (c *Client) Cancel(ctx context.Context, ref string) error {
	res, err := c.send(ctx, true, http.MethodDelete, "portins/"+url.PathEscape(ref), nil, nil)
	if err != nil {
		return err
	}
	err = c.taken(ctx, res, "LnpOrderResponse")
	var denied *peer.Denied
	if !errors.As(err, &denied) {
		return err
	}
	kept := slices.ContainsFunc(denied.Reasons, func(r porting.Reason) bool {
		return r.Code == porting.LateChangeRefused || r.Code == porting.OrderDone
	})
	if denied.Unknown() || res.Status < 300 && !kept { // beside a good status the errors are those of the order
		return nil
	}
	return err
}

// Find looks for an order with our PON, and changes nothing.
func (c *Client) Find(ctx context.Context, r peer.Request) (string, bool, error) {
	ref, _, err := c.lookup(ctx, r.PON, "")
	return ref, err == nil && ref != "", err
}

// Complete uploads the LOA and the papers that the order lacks, and submits a draft.
func (c *Client) Complete(ctx context.Context, ref string, r peer.Request) error {
	if !c.cfg.Draft {
		return c.complete(ctx, ref, "", r)
	}
	have, err := c.get(ctx, ref)
	if err != nil {
		return err
	}
	return c.complete(ctx, ref, have.Status, r)
}

// complete completes an order whose state is known.
func (c *Client) complete(ctx context.Context, ref, state string, r peer.Request) error {
	if err := c.ensureLOA(ctx, ref, r); err != nil {
		return err
	}
	if _, err := c.remark(ctx, ref, r); err != nil {
		return err
	}
	if canonical(state) == "DRAFT" {
		return c.release(ctx, ref, r, c.order(r))
	}
	return nil
}

// lookup finds our order by our reference, and its state; the one that lives when there are several, none when ref is
// empty, and never the one that is not wanted. Drafts are listed only when they are asked for.
func (c *Client) lookup(ctx context.Context, pon porting.PON, not string) (ref, state string, err error) {
	ref, state, err = c.listed(ctx, pon, "", not)
	if err == nil && ref == "" && c.cfg.Draft {
		return c.listed(ctx, pon, "draft", not)
	}
	return ref, state, err
}

// living finds our order, other than that one, that has not ended without its numbers.
func (c *Client) living(ctx context.Context, pon porting.PON, not string) (ref, state string, err error) {
	ref, state, err = c.lookup(ctx, pon, not)
	if stateOf(state) == porting.AnswerOver {
		return "", "", err
	}
	return ref, state, err
}

// maxPages limits the pages of a list that are read.
const maxPages = 20

func (c *Client) listed(ctx context.Context, pon porting.PON, status, not string) (ref, state string, err error) {
	query := url.Values{"page": {"1"}, "size": {"50"}, "customerOrderId": {string(pon)}}
	if status != "" {
		query.Set("status", status)
	}
	seen := 0
	for range maxPages {
		res, err := c.send(ctx, true, http.MethodGet, "portins", query, nil)
		if err != nil || res.Status == http.StatusNoContent {
			return ref, state, err
		}
		list, err := c.read(ctx, res, nil, "LNPResponseWrapper")
		if err != nil {
			return "", "", err
		}
		all := list.all("lnpPortInfoForGivenStatus")
		if len(faults(list)) > 0 && len(all) == 0 {
			return "", "", c.denied(ctx, res, nil) // an error must not read as "none": a second order would follow
		}
		for _, row := range all {
			switch id := row.text("OrderId"); {
			case id == "" || id == not || !ours(row, pon):
			case stateOf(row.text("ProcessingStatus")) != porting.AnswerOver:
				return id, row.text("ProcessingStatus"), nil
			case ref == "":
				ref, state = id, row.text("ProcessingStatus")
			}
		}
		seen += len(all)
		total, err := strconv.Atoi(list.text("TotalCount"))
		next := nextPage(list)
		if next == "" || next == query.Get("page") {
			if err == nil && seen < total && ref == "" {
				return "", "", c.down("a list that is not whole")
			}
			return ref, state, nil
		}
		query.Set("page", next)
	}
	return ref, state, nil
}

// ours says that a row of a list is a port-in with our reference. One without a reference is somebody else's, even in a
// list of ours alone; port-outs stand in the same list.
func ours(row node, pon porting.PON) bool {
	kind := strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(row.text("OrderType")))
	return row.text("CustomerOrderId") == string(pon) && (kind == "" || strings.HasPrefix(kind, "portin"))
}

// nextPage is the page parameter of a list's link to its next page; empty where there is none. The link is a text such
// as Link=<URL>;rel="next"; of which the URL's parameter alone is used: the call goes where the others go.
func nextPage(list node) string {
	link := list.text("Links", "next")
	_, link, _ = strings.Cut(link, "<")
	link, _, ok := strings.Cut(link, ">")
	u, err := url.Parse(strings.TrimSpace(link))
	if !ok || err != nil {
		return ""
	}
	return u.Query().Get("page")
}

// order is the request as the wire has it.
func (c *Client) order(r peer.Request) order {
	d, tns := r.Order.Details, r.Order.Active()
	o := order{
		CustomerOrderID: string(r.PON),
		RequestedFOC:    wireDate(r.Date, r.At, c.cfg.Triggered),
		BTN:             ten(d.BillingNumber),
		Subscriber:      parseSubscriber(d),
		LOAPerson:       cut(d.BillingName, maxLOAPerson),
		Site:            c.cfg.Site,
		Peer:            c.cfg.PeerID,
		PartialPort:     strconv.FormatBool(r.Order.Stays()),
		Triggered:       strconv.FormatBool(c.cfg.Triggered),
	}
	for _, tn := range tns {
		o.Numbers = append(o.Numbers, ten(tn))
	}
	if o.BTN == "" && len(o.Numbers) > 0 {
		o.BTN = o.Numbers[0]
	}
	// The new main number is neither the old one nor among those that leave (7496, 7497), and it goes with a partial port
	// alone.
	if btn := ten(r.Order.NewMain()); btn != o.BTN && !slices.Contains(o.Numbers, btn) && o.PartialPort == "true" {
		o.NewBTN = btn
	}
	var w wireless
	if account := d.ProviderAccount.Reveal(); account != "" {
		w.Account = &account
	}
	if pin := d.PIN.Reveal(); pin != "" {
		w.PIN = &pin
	}
	if w != (wireless{}) {
		o.Wireless = &w
	}
	return o
}
