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
	"time"
	"unicode/utf8"

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
}

// checkPortability is POST /v2/portorders/portability. Each number is answered once, in the order in which they came. What is
// written like a number and can be none is not portable, as the documents' own example has it (212-555-1212, D-CHK).
func (a *API) checkPortability(ctx context.Context, r *request) (reply, error) {
	r.prefix = "/"
	body, err := r.portabilityBody()
	if err != nil {
		return reply{}, err
	}
	var fs porting.Faults
	body.expect(&fs, "", "numbers")
	numbers := readNumbers(body, &fs, "numbers", "/numbers", "numbers", maxAsked)
	fs = slices.DeleteFunc(fs, func(f porting.Fault) bool {
		return slices.ContainsFunc(numbers, func(n sent) bool { return n.dead != "" && n.pointer == "/"+f.Field })
	})
	if len(numbers) == 0 && len(fs) == 0 {
		fs.Add("numbers", porting.Required, "At least one number.")
	}
	if err := fs.Err(); err != nil {
		return reply{}, err
	}
	found, err := a.ask(ctx, r, numbers)
	if err != nil {
		return reply{}, err
	}
	lists := portabilityLists{[]string{}, []string{}, []string{}}
	seen := map[string]bool{}
	for _, n := range numbers {
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
	return reply{status: http.StatusOK, body: document{Data: lists, Meta: a.doubts(numbers)}}, nil
}

// portabilityBody takes beside JSON what the official SDKs send: a form (C-PY, C-RB), JSON under a form's name, as curl -d does,
// and a text that quotes the object once more (C-NET).
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

// readQuoted reads a JSON text that holds an object, in which numbers stand in single quotes. No number has a quote in it.
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
		return object{}, malformed("The form could not be read.")
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

// ask asks the peers once about each well-formed number.
func (a *API) ask(ctx context.Context, r *request, numbers []sent) (map[string]peer.Portability, error) {
	found := map[string]peer.Portability{}
	var tns []string
	for _, n := range numbers {
		if _, asked := found[n.tn]; !asked && n.tn != "" {
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

// warning is what the customer had better know of a number that was taken.
type warning struct {
	Number string `json:"number"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// The codes of warnings.
const (
	unknownAreaCode   = "area_code_unknown"
	announcedAreaCode = "area_code_announced"
)

// maxWarnings is how many warnings an answer has.
const maxWarnings = 100

// doubts are warnings of numbers whose area codes are not known to be in service; nil where there are none.
func (a *API) doubts(numbers []sent) *meta {
	var all []warning
	for _, n := range numbers {
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
	if all == nil {
		return nil
	}
	return &meta{Warnings: all}
}

// warned adds the warnings to an answer about one thing.
func (a *API) warned(out reply, numbers []sent) reply {
	if doc, ok := out.body.(document); ok && doc.Meta == nil {
		doc.Meta = a.doubts(numbers)
		out.body = doc
	}
	return out
}

// lines classifies numbers for the order book, each in its place. A number whose area code tells no country is of the one given.
func lines(numbers []sent, found map[string]peer.Portability, country string) []porting.Line {
	all := make([]porting.Line, 0, len(numbers))
	for _, n := range numbers {
		line := porting.Line{TN: n.text(), Kind: porting.Local, Country: cmp.Or(n.number.Country(), country), Carrier: found[n.tn].Carrier}
		if n.number.TollFree() {
			line.Kind = porting.TollFree
		}
		all = append(all, line)
	}
	return all
}

// excluded is a number that can't be ported, and why.
type excluded struct {
	Number string `json:"number"`
	Reason string `json:"reason"`
	Detail string `json:"detail"`
	// impossible: there can be no such number, in whatever way it was written.
	impossible bool
}

// unportable are the numbers that nobody can bring to us, by their place.
func unportable(numbers []sent, found map[string]peer.Portability) map[int]excluded {
	all := map[int]excluded{}
	for i, n := range numbers {
		if answer, asked := found[n.tn]; asked && !answer.Portable {
			reason := answer.Reason
			if reason == "" {
				reason = porting.NoCoverage
			}
			all[i] = excluded{Number: n.tn, Reason: string(reason), Detail: reason.Info().Meaning}
		}
	}
	return all
}

// takeImpossible finds the numbers of a call that can be none, by their place, where the rest goes on without them. Their faults are
// taken off the list, and one that stands there twice is a fault of its own.
func takeImpossible(fs *porting.Faults, numbers []sent, field string) map[int]excluded {
	all := map[int]excluded{}
	seen := map[string]bool{}
	for i, n := range numbers {
		if n.dead == "" {
			continue
		}
		at := field + "/" + itoa(i)
		*fs = slices.DeleteFunc(*fs, func(f porting.Fault) bool { return f.Field == at })
		if seen[n.dead] {
			fs.Add(at, porting.Duplicate, "The number stands here twice.")
			continue
		}
		seen[n.dead] = true
		all[i] = excluded{Number: n.dead, Reason: string(porting.TNNotPortable), Detail: n.why, impossible: true}
	}
	return all
}

// addUnportable adds a fault for each number that can't be ported.
func addUnportable(fs *porting.Faults, out map[int]excluded, field string) {
	for _, i := range slices.Sorted(maps.Keys(out)) {
		fs.Add(field+"/"+itoa(i), notPortable, out[i].Detail)
	}
}

// onUnportable says what a create call does about numbers that can't be ported.
const onUnportable = "on_unportable"

// excludes reads it: fail, as documented (D-CRE), unless exclude is asked for.
func excludes(attrs object, fs *porting.Faults) bool {
	word, ok := attrs.text(fs, onUnportable, onUnportable)
	if ok && word != "fail" && word != "exclude" {
		fs.Add(onUnportable, porting.BadFormat, "fail (nothing is made) or exclude (the portable numbers go on).")
	}
	return word == "exclude"
}

// create is POST /v2/portorders: one group, an order for each losing carrier, all or none. It does not submit.
func (a *API) create(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("portorder")
	if err != nil {
		return reply{}, err
	}
	in := readAttributes(attrs, &fs, porting.Details{}, porting.Presets{}, true)
	r.numbers = readNumbers(attrs, &fs, "numbers", attributes+"numbers", "numbers", porting.MaxNumbers)
	documents := readDocuments(attrs, &fs)
	goOn := excludes(attrs, &fs)
	unknown, err := a.unknownPresets(ctx, r, attrs)
	if err != nil {
		return reply{}, err
	}
	fs = append(fs, unknown...)
	found, unasked := a.ask(ctx, r, r.numbers)
	out := unportable(r.numbers, found)
	possible := slices.ContainsFunc(r.numbers, func(n sent) bool { return n.tn != "" && (unasked != nil || found[n.tn].Portable) })
	if goOn && possible {
		maps.Copy(out, takeImpossible(&fs, r.numbers, "numbers"))
	} else {
		addUnportable(&fs, out, "numbers")
		out = nil
	}
	draft := orders.Draft{By: r.by, Account: r.account, Sandbox: r.sandbox, Details: in.details, Presets: in.presets, Documents: documents,
		Lines: lines(r.numbers, found, strings.ToUpper(in.details.Country)), Faults: fs}
	var left []excluded
	if len(out) > 0 {
		draft.Lines, left, err = a.leaveOut(draft, out)
	} else if unasked != nil {
		err = a.book.Check(draft)
	}
	if err = cmp.Or(err, unasked); err != nil {
		return reply{}, err // what is wrong anyway is told before that nobody could be asked
	}
	if r.dry {
		made, err := a.book.Preview(ctx, draft)
		if err != nil {
			return reply{}, err
		}
		return validated(a.warned(a.created(r, porting.Group{}, made, left), r.numbers)), nil
	}
	var answer reply
	if r.receipt != nil {
		draft.Group = r.receipt.Group
	}
	draft.Receipt = func(g porting.Group, made []porting.Order) *orders.Receipt {
		answer = a.warned(a.created(r, g, made, left), r.numbers)
		return r.keep(answer)
	}
	if _, _, err := a.book.Create(ctx, draft); err != nil {
		return reply{}, err
	}
	r.kept = true
	return answer, nil
}

// leaveOut parts the lines of a create call from those that can't be ported. Before, all lines are checked in their places: a
// fault of the call is told as it stands in the call.
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
		return kept, left, porting.Faults(rest).Err()
	}
	return kept, left, err
}

// created is the answer to a create call.
func (a *API) created(r *request, g porting.Group, made []porting.Order, left []excluded) reply {
	all := list{Data: []resource{}}
	var states []porting.Status
	for _, o := range made {
		states = append(states, o.Status)
	}
	summary := string(porting.Summarize(states))
	for _, o := range made {
		one := a.order(r, o, orders.Found{})
		attrs := one.Attributes.(orderAttributes)
		attrs.GroupStatus = summary
		one.Attributes = attrs
		all.Data = append(all.Data, one)
	}
	group := resource{Type: "portorder_group", ID: string(g.ID), Attributes: groupAttributes{Orders: all, Status: summary, Excluded: left}}
	if g.ID == "" { // a dry run
		return reply{body: document{Data: group}}
	}
	group.Links = r.groupLink(g.ID)
	return reply{status: http.StatusCreated, header: map[string]string{"Location": group.Links.Self}, body: document{Data: group}}
}

// changeNumbers is PATCH /v2/portorders/{order}/relationships/numbers, with a bare body. A number joins an order only if it is
// of the order's own kind, country and carrier (D-NUM, D-GRP).
func (a *API) changeNumbers(ctx context.Context, r *request) (reply, error) {
	r.prefix = "/"
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var sofar porting.Faults
	body.expect(&sofar, "", "add", "remove")
	add := readNumbers(body, &sofar, "add", "/add", "add", porting.MaxNumberChanges)
	remove := readNumbers(body, &sofar, "remove", "/remove", "remove", porting.MaxNumberChanges)
	r.numbers = add
	var found map[string]peer.Portability
	var unasked error
	return r.change(ctx, a.book, func(o porting.Order) (porting.Command, error) {
		cmd := porting.ChangeNumbers{By: r.by, Add: texts(add), Remove: texts(remove)}
		if !porting.Open(o.Status, "ChangeNumbers", porting.Customer) {
			return cmd, nil // to be refused, without asking anybody
		}
		if found == nil {
			found, unasked = a.ask(ctx, r, add)
		}
		fs := append(porting.Faults{}, sofar...)
		addUnportable(&fs, unportable(add, found), "add")
		for i, l := range lines(add, found, countryOf(o)) {
			if unasked == nil && add[i].tn != "" && !joins(o, l) && found[l.TN].Portable {
				fs.Add("add/"+itoa(i), porting.NotAllowed, "The number is of another kind, country or carrier than this order's; make a new order for it.")
			}
		}
		if err := a.book.Try(o, cmd); err != nil || len(fs) > 0 {
			return nil, together(fs, err)
		}
		return cmd, unasked
	}, answer{latest, func(o porting.Order, comments orders.Found) reply {
		return a.warned(a.whole(r, http.StatusOK, o, comments), add)
	}})
}

// joins says whether the line may go on the order.
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

func texts(numbers []sent) []string {
	var all []string
	for _, n := range numbers {
		all = append(all, n.text())
	}
	return all
}

// faultOf and sentence are a refused number's code and plain words, without the number.
func faultOf(err error) porting.FaultCode {
	var e *nanp.ParseError
	if errors.As(err, &e) {
		return porting.FaultCode(e.Fault)
	}
	return porting.BadFormat
}

func sentence(err error) string {
	var e *nanp.ParseError
	if !errors.As(err, &e) {
		return "This is no telephone number."
	}
	s := e.Fault.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func itoa(n int) string { return strconv.Itoa(n) }
