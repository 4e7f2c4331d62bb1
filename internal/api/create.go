package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"portway/internal/account"
	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
)

// maxAsked is how many numbers one portability call asks about.
const maxAsked = 1000

// askWithin is how long the peers have: the gateway hangs up after 29 s, and an order is still to be written.
const askWithin = 20 * time.Second

// portabilityLists are the documented three (D-CHK). What is on our own network is portable too.
type portabilityLists struct {
	OnNet       []string `json:"hypernetwork_enabled"`
	Nonportable []string `json:"nonportable"`
	Portable    []string `json:"portable"`
	// Details are there only if the call asks for them.
	Details *[]checked `json:"details,omitempty"`
}

// checkPortability is POST /v2/portorders/portability. It answers each number once, in the order of the body. A text in
// the form of a number that nobody can have is answered as not portable, as in the documents' own example (212-555-1212,
// D-CHK).
func (a *API) checkPortability(ctx context.Context, r *request) (reply, error) {
	detailed, err := r.yes("detail")
	if err != nil {
		return reply{}, err
	}
	asked, err := r.askedNumbers()
	if err != nil {
		return reply{}, err
	}
	found, err := a.ask(ctx, r, asked)
	if err != nil {
		return reply{}, err
	}
	lists := listsOf(asked, found)
	if detailed {
		details := a.detailsOf(ctx, asked, found)
		lists.Details = &details
	}
	return a.warned(reply{status: http.StatusOK, body: document{Data: lists}}, asked), nil
}

// askedNumbers reads the body of a portability call.
func (r *request) askedNumbers() (numbers, error) {
	body, err := r.portabilityBody()
	if err != nil {
		return nil, err
	}
	var fs porting.Faults
	body.expect(&fs, "", "numbers")
	asked := readNumbers(body, &fs, r.row, "numbers", maxAsked)
	fs = slices.DeleteFunc(fs, func(f porting.Fault) bool {
		return slices.ContainsFunc(asked, func(n sent) bool { return n.dead != "" && n.pointer == r.row.pointer(f.Field) })
	})
	if len(asked) == 0 && len(fs) == 0 {
		fs.Add("numbers", porting.Required, "Give at least one number.")
	}
	return asked, fs.Err()
}

func listsOf(asked numbers, found map[string]peer.Portability) portabilityLists {
	lists := portabilityLists{OnNet: []string{}, Nonportable: []string{}, Portable: []string{}}
	seen := map[string]bool{}
	for _, n := range asked {
		tn := cmp.Or(n.tn, n.dead)
		if seen[tn] {
			continue
		}
		seen[tn] = true
		answer := found[n.tn]
		if answer.Portable {
			lists.Portable = append(lists.Portable, tn)
		} else {
			lists.Nonportable = append(lists.Nonportable, tn)
		}
		if answer.OnNet {
			lists.OnNet = append(lists.OnNet, n.tn)
		}
	}
	return lists
}

// portabilityBody reads JSON and the bodies of the official SDKs: a form (C-PY, C-RB), JSON under a form's name, as
// curl -d sends it, and a text that quotes the object once more (C-NET).
func (r *request) portabilityBody() (object, error) {
	kind := r.mediaType()
	if kind != formType && kind != textType {
		return r.object()
	}
	body, err := r.raw()
	switch {
	case err != nil:
		return object{}, err
	case kind == textType:
		return readQuoted(body)
	case strings.HasPrefix(strings.TrimSpace(body), "{"):
		return readObject(body)
	}
	return readForm(body)
}

// readQuoted reads a JSON text that holds an object, in which numbers stand in single quotes. No number has a quote in
// it.
func readQuoted(body string) (object, error) {
	if !utf8.ValidString(body) { // the decoder would replace what is not
		return object{}, notUTF8
	}
	var inner string
	if err := json.Unmarshal([]byte(body), &inner); err != nil {
		return object{}, notJSON
	}
	return readObject(strings.ReplaceAll(inner, "'", `"`))
}

// readForm reads numbers=…&numbers=…, with commas between them or not.
func readForm(body string) (object, error) {
	form, err := url.ParseQuery(strings.TrimSpace(body))
	if err != nil {
		return object{}, malformed("The form cannot be read. Send numbers=…&numbers=…, percent-encoded.")
	}
	o := object{values: map[string]any{}}
	for name, values := range form {
		list := []any{}
		for _, v := range append(values, name) {
			if why := unreadable(v); why != "" {
				return object{}, malformed(why)
			}
		}
		for _, v := range values {
			for part := range strings.SplitSeq(v, ",") {
				list = append(list, part)
			}
		}
		name = strings.TrimSuffix(name, "[]")
		if _, twice := o.values[name]; !twice {
			o.names = append(o.names, name)
		}
		o.values[name] = list
	}
	return o, nil
}

// ask asks the peers once about each number that somebody can have.
func (a *API) ask(ctx context.Context, r *request, asked numbers) (map[string]peer.Portability, error) {
	found := map[string]peer.Portability{}
	var tns []string
	for _, n := range asked {
		if _, have := found[n.tn]; !have && n.tn != "" {
			found[n.tn] = peer.Portability{}
			tns = append(tns, n.tn)
		}
	}
	if len(tns) == 0 {
		return found, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	answers, err := a.peers.Portability(ctx, porting.Order{Account: r.account, Sandbox: r.sandbox}, tns)
	if err != nil {
		if down(err) {
			err = unavailable(err)
		}
		return nil, err
	}
	for _, answer := range answers {
		if _, asked := found[answer.TN]; asked {
			found[answer.TN] = answer
		}
	}
	return found, nil
}

// warning tells the customer what is doubtful about a number or an attribute that the order has all the same.
type warning struct {
	Number string     `json:"number,omitempty"`
	Field  string     `json:"field,omitempty"`
	Code   string     `json:"code"`
	Detail string     `json:"detail"`
	Days   *dayAdvice `json:"days,omitempty"`
}

// The codes of warnings.
const (
	unknownAreaCode   = "area_code_unknown"
	announcedAreaCode = "area_code_announced"
)

// maxWarnings is how many warnings an answer has.
const maxWarnings = 100

// warned adds to an answer the warnings about numbers whose area codes are not known to be in service.
func (a *API) warned(out reply, taken numbers) reply {
	var all []warning
	for _, n := range taken {
		d, doubtful := n.number.Doubtful(a.book.Now())
		if !doubtful || len(all) == maxWarnings || slices.ContainsFunc(all, func(w warning) bool { return w.Number == n.tn }) {
			continue
		}
		w := warning{Number: n.tn, Code: unknownAreaCode,
			Detail: "We do not know the area code " + d.NPA + ", and have asked the carriers all the same. Check that the number is right."}
		if d.Since != "" {
			w.Code = announcedAreaCode
			w.Detail = "The area code " + d.NPA + " is to be in service from " + d.Since + " on. We have asked the carriers all the same."
		}
		all = append(all, w)
	}
	return out.warn(all...)
}

// warn adds warnings to an answer.
func (out reply) warn(all ...warning) reply {
	doc, ok := out.body.(document)
	if !ok || len(all) == 0 {
		return out
	}
	var about meta
	if doc.Meta != nil {
		about = *doc.Meta
	}
	about.Warnings = append(slices.Clip(about.Warnings), all...)
	doc.Meta = &about
	out.body = doc
	return out
}

// excluded is a number that can't be ported, and why.
type excluded struct {
	Number string `json:"number"`
	Reason string `json:"reason"`
	Detail string `json:"detail"`
	// impossible says that nobody can have such a number.
	impossible bool
	// byHelpDesk says that the registry's help desk can hand the number over.
	byHelpDesk bool
}

// newOrders is what a create call asks for.
type newOrders struct {
	given
	numbers   numbers
	documents []porting.Document
	exclude   bool // the portable numbers go on without the others
	faults    porting.Faults
}

func (r *request) newOrders() (newOrders, error) {
	attrs, fs, err := r.document("portorder")
	if err != nil {
		return newOrders{}, err
	}
	return newOrdersOf(r, attrs, fs), nil
}

// newOrdersOf reads the attributes of a create call.
func newOrdersOf(r *request, attrs object, fs porting.Faults) newOrders {
	in := newOrders{given: readAttributes(attrs, &fs, true)}
	in.numbers = readNumbers(attrs, &fs, r.row, "numbers", porting.MaxNumbers)
	in.documents = readDocuments(attrs, &fs)
	in.exclude = in.details.Tidy().Unportable == porting.ExcludeUnportable
	in.faults = fs
	return in
}

// create is POST /v2/portorders: one group, an order for each losing carrier, all or none. It does not submit.
func (a *API) create(ctx context.Context, r *request) (reply, error) {
	in, err := r.newOrders()
	if err != nil {
		return reply{}, err
	}
	return a.createOf(ctx, r, in)
}

// createSheet is POST /v2/portorders/sheet: a create call whose numbers and attributes are the rows and columns of a sheet
// in CSV. The faults are those of cells, all at once.
func (a *API) createSheet(ctx context.Context, r *request) (reply, error) {
	body, err := r.raw()
	if err != nil {
		return reply{}, err
	}
	if r.mediaType() != csvType {
		return reply{}, refuse(http.StatusUnsupportedMediaType, codeMediaType, "Send the sheet as text/csv.")
	}
	attrs, places, fs, err := readSheet(body)
	if err != nil {
		return reply{}, r.problem(err).onSheet(places)
	}
	out, err := a.createOf(ctx, r, newOrdersOf(r, attrs, fs))
	if err == nil {
		return out, nil
	}
	if p := r.problem(err); p.status < http.StatusInternalServerError && !porting.Is(err, porting.Stale) {
		return out, p.onSheet(places)
	}
	return out, err
}

// createOf makes the orders that a create call asks for.
func (a *API) createOf(ctx context.Context, r *request, in newOrders) (reply, error) {
	draft, left, err := a.draft(ctx, r, in)
	if err != nil {
		return reply{}, err
	}
	known, err := a.intake(ctx, r)
	if err != nil {
		return reply{}, err
	}
	out, err := orders.Retry(func(n int) (reply, error) {
		if n > 1 {
			draft.Group = "" // its id, or an order's, was taken
		}
		plan, err := a.book.PlanGroup(draft)
		if err != nil {
			return reply{}, err
		}
		if r.dry {
			return validated(a.warned(a.created(r, plan.WithoutIDs(), left, known).warn(a.dayWarnings(plan.Orders()...)...), in.numbers)), a.book.HeldByOwn(ctx, plan.Takes())
		}
		return r.commit(a.warned(a.created(r, plan, left, known).warn(a.dayWarnings(plan.Orders()...)...), in.numbers), func(receipt *orders.Receipt) error {
			return a.book.Open(ctx, plan, receipt)
		})
	})
	return out, in.numbers.conflict(err)
}

// draft makes the draft of the orders of a create call, for which it asks the account's records and the peers. left are
// the numbers that go on no order. Faults of the call are told before the trouble of a peer that could not be asked.
func (a *API) draft(ctx context.Context, r *request, in newOrders) (_ orders.Draft, left []excluded, _ error) {
	unknown, err := account.CheckPresets(ctx, a.accounts, r.account, in.presets)
	if err != nil {
		return orders.Draft{}, nil, err
	}
	payer, err := a.ownerOf(ctx, r)
	if err != nil {
		return orders.Draft{}, nil, err
	}
	fs := slices.Concat(in.faults, unknown)
	found, unasked := a.ask(ctx, r, in.numbers)
	out := in.numbers.unportable(found)
	possible := slices.ContainsFunc(in.numbers, func(n sent) bool {
		return n.tn != "" && (unasked != nil || found[n.tn].Portable || found[n.tn].Reason.ByHelpDesk())
	})
	if in.exclude && possible {
		maps.DeleteFunc(out, func(_ int, e excluded) bool { return e.byHelpDesk })
		maps.Copy(out, in.numbers.takeImpossible(&fs, "numbers"))
	} else {
		addUnportable(&fs, out, "numbers")
		out = nil
	}
	draft := orders.Draft{By: r.by, Account: r.account, Sandbox: r.sandbox, Tariff: payer.Tariff, Quiet: payer.Quiet, Details: in.details,
		Presets: in.presets, Documents: in.documents,
		Lines: in.numbers.lines(a.profiles.Directory(), found, strings.ToUpper(in.details.Country), in.details.Provider), Faults: fs}
	if r.key != nil {
		draft.Group = r.key.Group
	}
	if len(out) > 0 {
		draft.Lines, left, err = a.leaveOut(draft, out)
	} else if unasked != nil {
		err = a.book.Check(draft)
	}
	return draft, left, cmp.Or(err, unasked)
}

// leaveOut parts the lines of a create call from those that can't be ported. Before, all lines are checked in their
// places, so that a fault of the call is told as it stands in the call.
func (a *API) leaveOut(draft orders.Draft, out map[int]excluded) (kept []porting.Line, left []excluded, _ error) {
	for i, l := range draft.Lines {
		if row, ok := out[i]; ok {
			left = append(left, row)
			continue
		}
		kept = append(kept, l)
	}
	whole := draft
	whole.Lines = slices.Clone(draft.Lines)
	impossible := map[string]bool{}
	for i := range out { // it makes no order of its own
		tn := whole.Lines[i].TN
		whole.Lines[i] = kept[0]
		whole.Lines[i].TN = tn
		impossible["numbers/"+itoa(i)] = out[i].impossible
	}
	err := a.book.Check(whole)
	var e *porting.Error
	if errors.As(err, &e) && e.Code == porting.Invalid {
		rest := slices.DeleteFunc(slices.Clone(e.Faults), func(f porting.Fault) bool { return impossible[f.Field] })
		return kept, left, rest.Err()
	}
	return kept, left, err
}

// created is the answer to a create call.
func (a *API) created(r *request, plan orders.Opening, left []excluded, in intake) reply {
	made := plan.Orders()
	g := groupAttributes{Status: string(porting.Summarize(statusesOf(made))), Excluded: left}
	g.Orders = a.ordersOf(r, made, g.Status, in)
	group := resource{Type: "portorder_group", ID: string(plan.Group.ID), Attributes: g}
	if group.ID == "" { // a dry run
		return reply{body: document{Data: group}}
	}
	group.Links = r.groupLink(plan.Group.ID)
	return reply{status: http.StatusCreated, header: map[string]string{"Location": group.Links.Self}, body: document{Data: group}}
}

// ordersOf lists whole orders of a group with the group's status.
func (a *API) ordersOf(r *request, all []porting.Order, status string, in intake) list {
	l := list{Data: []resource{}}
	for _, o := range all {
		attrs := a.orderOf(r, o, orders.Found{})
		attrs.GroupStatus = status
		a.showReadiness(&attrs, o, in)
		l.Data = append(l.Data, r.orderResource(o.ID, attrs))
	}
	return l
}

func statusesOf(all []porting.Order) []porting.Status {
	var states []porting.Status
	for _, o := range all {
		states = append(states, o.Status)
	}
	return states
}

// changeNumbers is PATCH /v2/portorders/{order}/relationships/numbers, with a bare body. A number joins an order only
// if it is of the order's own kind, country and carrier (D-NUM, D-GRP).
func (a *API) changeNumbers(ctx context.Context, r *request) (reply, error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var fs porting.Faults
	body.expect(&fs, "", "add", "remove")
	add := readNumbers(body, &fs, r.row, "add", porting.MaxNumberChanges)
	remove := readNumbers(body, &fs, r.row, "remove", porting.MaxNumberChanges)
	cmd := porting.ChangeNumbers{By: r.by, Add: add.texts(), Remove: remove.texts()}
	ask := sync.OnceValues(func() (map[string]peer.Portability, error) { return a.ask(ctx, r, add) })
	show := a.whole(r, http.StatusOK, a.knowing(ctx, r))
	out, err := a.change(ctx, r, latest, func(o porting.Order) (decision, error) {
		if !porting.Open(o.Status, "ChangeNumbers", porting.Customer) {
			return decision{command: cmd}, nil // it is refused, and nobody is asked
		}
		found, unasked := ask()
		cmd.Flags = porting.FlagsOf(add.lines(a.profiles.Directory(), found, countryOf(o), o.Details.Provider))
		d := decision{cmd, slices.Clone(fs)}
		addUnportable(&d.faults, add.unportable(found), "add")
		for i, l := range add.lines(a.profiles.Directory(), found, countryOf(o), o.Details.Provider) {
			if unasked == nil && add[i].tn != "" && !joins(o, l) && found[l.TN].Portable {
				d.faults.Add("add/"+itoa(i), porting.NotAllowed,
					"The number is of another kind, country or carrier than this order's. Make a new order for it.")
			}
		}
		if unasked != nil {
			return decision{}, cmp.Or(together(d.faults, a.book.Try(o, cmd)), unasked)
		}
		return d, nil
	}, func(p orders.Plan) (reply, error) {
		out, err := show(p)
		return a.warned(out, add), err
	})
	return out, add.conflict(err)
}

// joins says whether a line may go on an order.
func joins(o porting.Order, l porting.Line) bool {
	if l.Kind != o.Kind || l.Carrier.SPID != o.Carrier.SPID {
		return false
	}
	if l.Kind == porting.TollFree || len(o.Numbers) == 0 {
		return true
	}
	return l.Country == "" || l.Country == countryOf(o)
}

// countryOf is the country of an order's numbers; empty where their area codes tell none.
func countryOf(o porting.Order) string {
	for _, n := range o.Numbers {
		if parsed, err := nanp.Parse(n.TN); err == nil && parsed.Country() != "" {
			return parsed.Country()
		}
	}
	return o.Details.Country
}

func itoa(n int) string { return strconv.Itoa(n) }
