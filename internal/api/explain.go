package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// explanation tells an order's state, the things that follow by themselves, and the calls that the customer can make.
type explanation struct {
	Status  string   `json:"status"`
	Turn    string   `json:"turn"`
	Since   string   `json:"since"`
	Summary string   `json:"summary"`
	Next    []coming `json:"next"`
	Actions []action `json:"actions"`
	Fixes   []fix    `json:"fixes"`
	// Choices are what only the customer can choose; empty where nothing is.
	Choices []choice `json:"choices"`
	// SignatureNeeded has what the LOA has to be signed again for before a rejected order is sent.
	SignatureNeeded []string `json:"signature_needed"`
	// Objection is null unless an objection of ours is open.
	Objection *objection `json:"objection"`
	// Dispute is null unless another account's order has kept this one from being submitted.
	Dispute *dispute `json:"dispute"`
}

// objection is our open objection to a refusal, with the rules that the carrier breaks.
type objection struct {
	State   string   `json:"state"`
	Grounds []ground `json:"grounds"`
	With    *string  `json:"with"`
	Since   string   `json:"since"`
	Until   *string  `json:"until"`
}

// ground is one ground of a refusal, and the rule against it.
type ground struct {
	Reason string `json:"reason"`
	Title  string `json:"title"`
	Rule   string `json:"rule"`
	Source string `json:"source"`
}

// objectionOf tells of the order's open objection; nil where there is none.
func objectionOf(o porting.Order) *objection {
	b := o.Objection
	if !b.Open() {
		return nil
	}
	told := &objection{State: string(b.State), Grounds: []ground{}, With: orNull(b.Step.Who()), Since: *stamp(b.Opened),
		Until: stamp(b.Ends)}
	for _, code := range b.Reasons {
		v := porting.JudgeGround(b.Class, true, code)
		told.Grounds = append(told.Grounds, ground{string(code), code.Info().Title, v.Rule, v.Source})
	}
	return told
}

// contesting says in a sentence or two that a refusal is contested, by the order's status.
var contesting = map[porting.Status]string{
	porting.Submitted: "We contest the carrier's refusal. There is nothing for you to do.",
	porting.Rejected: "The order was rejected, and we contest the refusal. You need not do anything for that; " +
		"correcting the order may be the quicker way.",
	porting.Review: "We look at your corrections, and contest the carrier's refusal meanwhile.",
}

// coming is something that happens at that time at the latest, unless the order changes before.
type coming struct {
	Event string `json:"event"`
	At    string `json:"at"`
}

// action is a call that the customer can make now; in its body, "…" stands for a value that the customer fills in.
type action struct {
	Action string `json:"action"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Body   any    `json:"body"`
}

// fix is one reason of a rejection and the way to fix it.
type fix struct {
	N       int        `json:"n"`
	Reason  string     `json:"reason"`
	Title   string     `json:"title"`
	Meaning string     `json:"meaning"`
	Do      string     `json:"do"`
	FixedBy string     `json:"fixed_by"`
	Numbers []string   `json:"numbers"`
	Fields  []fixField `json:"fields"`
	// Papers are the calls that bring the documents that the carrier asks for.
	Papers []action `json:"papers"`
	// Patch is the ready PATCH, and Apply the call that carries it out; null where we do not know the right value.
	Patch *action `json:"patch"`
	Apply *action `json:"apply"`
}

// fixField is an attribute that the reason is about. A secret shows as its mask, and the carrier's value of it never
// shows.
type fixField struct {
	Field    string  `json:"field"`
	Given    string  `json:"given"`
	OnRecord *string `json:"on_record"`
}

type members = map[string]any

func portorder(attrs members) members {
	return members{"data": members{"type": "portorder", "attributes": attrs}}
}

// actions are the customer's calls by the command that each gives. The table of moves says which are open.
var actions = []struct {
	command, name, method, path string
	body                        any
}{
	{"Sign", "sign the letter of agency, which submits the order", "POST", "/loa",
		members{"data": members{"type": "loa", "attributes": members{"signature_name": "…", "signature_title": "…"}}}},
	{"Edit", "change details", "PATCH", "", portorder(members{"…": "…"})},
	{"ChangeNumbers", "add or remove numbers", "PATCH", "/relationships/numbers", members{"add": []string{"…"}, "remove": []string{"…"}}},
	{"AddDocument", "upload a document", "POST", "/upload_file", members{"filename": "….pdf", "kind": "bill"}},
	{"AddDocument", "have a document pulled", "POST", "/files", members{"url": "…", "kind": "bill"}},
	{"SetPresets", "change presets", "PATCH", "", portorder(members{"presets": members{"…": "…"}})},
	{"Resubmit", "send the corrected order again", "PATCH", "/status", portorder(members{"status": "review"})},
	{"Cancel", "end the order", "PATCH", "/status", portorder(members{"status": "cancelled"})},
	{"Comment", "write a comment", "POST", "/comments", members{"data": members{"type": "comment", "attributes": members{"text": "…"}}}},
}

// pendingChange says how a change stands that was asked for.
var pendingChange = map[porting.ChangeState]string{
	porting.ChangeAskedFor:    "You have asked for a change, which goes to the carrier now.",
	porting.ChangeWithCarrier: "You have asked for a change, and the carrier has not answered yet.",
	porting.ChangeWithStaff:   "You have asked for a change, for which our staff asks the carrier.",
}

// renewal names signing where it submits nothing.
const renewal = "sign the letter of agency anew; the order goes on as it is"

// summaries say in a sentence what an order of each status waits for.
var summaries = map[porting.Status]string{
	porting.Pending:      "The order waits for your signature of the letter of agency.",
	porting.Processing:   "We check the order before it goes to the carrier.",
	porting.Submitted:    "The order is with the losing carrier; we wait for its answer.",
	porting.Accepted:     "The carrier has agreed to a date; the numbers move on that day.",
	porting.Rejected:     "The order was rejected; correct it and send it again.",
	porting.Review:       "We look at your corrections before the order goes to the carrier again.",
	porting.Completed:    "The numbers are with us.",
	porting.Cancelled:    "The order is over: it was cancelled.",
	porting.Abandoned:    "The order is over: it was abandoned after a rejection.",
	porting.HardCanceled: "The order is over: it was cancelled after it had gone to the carrier.",
}

// asking are the statuses in which the carrier of a Canadian mobile number is still to ask its holder.
var asking = map[porting.Status]bool{porting.Pending: true, porting.Processing: true, porting.Submitted: true, porting.Review: true}

// explain is GET /v2/portorders/{order}/explain.
func (a *API) explain(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	since := o.StatusAt
	if since.IsZero() {
		since = o.Created
	}
	e := explanation{Status: string(o.Status), Turn: string(o.Turn()), Summary: summaries[o.Status], Next: a.next(o), Actions: []action{}, Fixes: []fix{},
		SignatureNeeded: []string{}}
	if o.Status == porting.Rejected {
		e.SignatureNeeded = append(e.SignatureNeeded, a.book.Rules.SignatureNeeded(o, a.book.Time())...)
	}
	if hour := a.book.Rules.HourMessage(o); o.Status == porting.Accepted && !hour.IsZero() {
		e.Summary += " " + text.English.Message(hour)
	}
	if o.Status.Terminal() && o.Withdrawing {
		e.Summary += " Its numbers are held until the carrier has let the request go."
	}
	if o.Status == porting.Submitted && !o.HandOver.IsZero() {
		e.Summary = "The order waits for the day on which its request goes to the toll-free registry; there is nothing for you to do."
	}
	if !o.Desk.IsZero() {
		e.Summary = "Our staff looks at the order; there is nothing for you to do."
		if o.Desk.Key == porting.MsgAskRecover {
			e.Summary = "Only the toll-free registry's help desk can hand the numbers over, and our staff asks it. It normally answers " +
				"within two business days; there is nothing for you to do."
		}
		if o.Status == porting.Rejected {
			e.Summary = "The order was rejected, and the carrier still has a request of it, of which our staff takes care. You may correct the order meanwhile."
		}
		asked, err := a.book.Store.Search(ctx, o.ID, orders.Search{Kind: porting.DeskAsked, Limit: 1})
		if err != nil {
			return reply{}, err
		}
		for _, was := range asked.Events {
			since = was.At
		}
	}
	if len(e.SignatureNeeded) > 0 && o.Desk.IsZero() {
		e.Summary = "The order was rejected. The letter of agency has to be signed again before it is sent, which sends it too."
	}
	if o.AsksHolder() && asking[o.Status] {
		e.Summary += " " + text.English.Message(porting.Say(porting.MsgHolderAsked))
	}
	e.Since = *stamp(since)
	if e.Objection = objectionOf(o); e.Objection != nil {
		e.Summary = cmp.Or(contesting[o.Status], e.Summary)
	}
	path := "/v2/portorders/" + string(o.ID)
	if o.Authority.Open() {
		e.Summary += " Somebody says that the port was not authorised: add what shows that the holder of the numbers wanted it, by " +
			o.Authority.Ends.In(a.book.Rules.Calendar.Location()).Format("Monday, January 2, 2006") + "."
	}
	if said := inDispute(o); said != "" && (o.Status != porting.Rejected || o.OwnOnly) {
		e.Summary = said
	}
	if e.Dispute = disputing(o, path); e.Dispute != nil {
		e.Summary = "Another request to port numbers of this order exists. Open a dispute if the numbers are yours, or leave them out and submit the order."
	}
	if e.Choices, err = a.choicesOf(ctx, o, path, len(e.SignatureNeeded) > 0); err != nil {
		return reply{}, err
	}
	for _, row := range actions {
		if row.command == "Resubmit" && len(e.SignatureNeeded) > 0 { // signing sends the order again
			continue
		}
		if porting.Open(o.Status, row.command, porting.Customer) {
			if o.Status != porting.Pending && o.Status != porting.Rejected { // later a document is taken only when it was asked for
				switch {
				case row.command == "AddDocument" && (o.Disputed() || o.Authority.Open()):
				case row.command == "Sign" && o.Wanted(porting.SignedLOA):
					row.name = renewal
				case row.command == "Sign", row.command == "AddDocument" && !o.Wanted(porting.Bill) &&
					!(o.Wanted(porting.SignedLOA) && o.Signature.Capacity == porting.Reseller):
					continue
				}
			}
			e.Actions = append(e.Actions, action{row.name, row.method, path + row.path, row.body})
		}
	}
	e.Actions = append(e.Actions, a.offers(o)...)
	e.Actions = append(e.Actions, a.secondChances(o, path)...)
	if ch, open := o.OpenChange(); open {
		e.Summary += " " + pendingChange[ch.State]
	}
	if o.Status == porting.Rejected {
		for i, reason := range o.Reasons {
			e.Fixes = append(e.Fixes, fixOf(o, i+1, reason, path, a.ready(o, reason)))
		}
	}
	return versioned(http.StatusOK, document{Data: resource{Type: "explanation", ID: string(o.ID), Attributes: e},
		Links: r.self("/" + string(o.ID) + "/explain")}, o.Version), nil
}

// next lists the things that happen by themselves, the soonest first.
func (a *API) next(o porting.Order) []coming {
	all := []coming{}
	for _, c := range orders.Comings(a.book.Rules, o) {
		all = append(all, coming{c.Event, *stamp(c.At)})
	}
	return all
}

// ready returns the values that would fix the reason and that the order can take. A value that the order can't take is
// told (porting.Order.OnRecord), and not offered.
func (a *API) ready(o porting.Order, reason porting.Reason) map[string]string {
	return a.book.Rules.Takable(o, o.FixValues(reason), a.book.Time())
}

func fixOf(o porting.Order, n int, reason porting.Reason, path string, values map[string]string) fix {
	info := reason.Code.Info()
	f := fix{N: n, Reason: string(reason.Code), Title: info.Title, Meaning: o.Meaning(reason), Do: o.Advice(reason), FixedBy: string(info.Fix),
		Numbers: append([]string{}, reason.Numbers...), Fields: []fixField{}, Papers: []action{}}
	for _, paper := range info.Papers {
		call := action{"upload a document: " + paper, "POST", path + "/upload_file", members{"filename": "….pdf", "kind": string(porting.KindOf(paper))}}
		if paper == porting.SignedLOA {
			call = action{actions[0].name, actions[0].method, path + actions[0].path, actions[0].body}
		}
		f.Papers = append(f.Papers, call)
	}
	for _, name := range info.Fields {
		given, _ := o.Details.Get(name)
		if row, ok := porting.DetailRow(name); ok && row.Seal != "" {
			given = mask(*row.Secret(&o.Details))
		}
		record := o.OnRecord(name)
		// A patch of the company says that the record's name is the company's and not a person's.
		if company, theirs := reason.Patch["company"]; theirs && o.Proof.Discloses("company").Shown {
			record = map[string]string{"billing_name": "", "company": company}[name]
		}
		f.Fields = append(f.Fields, fixField{Field: name, Given: given, OnRecord: orNull(record)})
	}
	if len(values) == 0 {
		return f
	}
	attrs := members{}
	for name, value := range values {
		outer, inner, nested := strings.Cut(name, "/")
		if !nested {
			attrs[name] = value
			continue
		}
		group, _ := attrs[outer].(members)
		if group == nil {
			group = members{}
			attrs[outer] = group
		}
		group[inner] = value
	}
	f.Patch = &action{"correct the order", "PATCH", path, portorder(attrs)}
	f.Apply = &action{"apply this fix", "POST", fmt.Sprintf("%s/fixes/%d", path, n), nil}
	if porting.AsksSignature(slices.Collect(maps.Keys(values))) {
		f.Apply.Action, f.Apply.Body = "apply this fix and sign it", actions[0].body
	}
	return f
}

// applyFix is POST /v2/portorders/{order}/fixes/{fix}: the customer's own edit, with the values of the fix. It does not
// send the order again. It needs no body; one with the two signature fields signs the corrected LOA in the same call.
func (a *API) applyFix(ctx context.Context, r *request) (reply, error) {
	n, err := strconv.Atoi(r.params["fix"])
	if err != nil {
		n = 0
	}
	var fs porting.Faults
	var sign given
	if r.in.Body != "" {
		attrs, faults, err := r.document("loa")
		if err != nil {
			return reply{}, err
		}
		fs = faults
		attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "signature_name", "signature_title", "signature_capacity")
		sign.signature.Name, _ = attrs.text(&fs, "signature_name", "signature_name")
		sign.signature.Title, _ = attrs.text(&fs, "signature_title", "signature_title")
		sign.signature.Capacity = attrs.capacity(&fs)
		sign.signature.IP, sign.signs = r.in.RequestContext.Identity.SourceIP, true
	}
	known := a.knowing(ctx, r)
	return a.change(ctx, r, latest, func(o porting.Order) (decision, error) {
		if o.Status != porting.Rejected || n < 1 || n > len(o.Reasons) {
			return decision{}, refuse(http.StatusNotFound, codeNoSuchFix, "The order has no such fix now. Read its explanation for those that it has.")
		}
		values := a.ready(o, o.Reasons[n-1])
		if len(values) == 0 {
			return decision{}, refuse(http.StatusConflict, codeNoReadyFix, "We know no value that the order can take. "+o.Reasons[n-1].Code.Info().Do)
		}
		cmd := porting.Edit{By: r.by, To: o.Details, Fields: slices.Sorted(maps.Keys(values)),
			Signs: sign.signs, Signature: sign.signature}
		for name, value := range values {
			cmd.To.Set(name, value)
		}
		if cmd.Signs {
			in, err := known()
			if err != nil {
				return decision{}, err
			}
			cmd.Intake = in(o)
		}
		return decision{cmd, slices.Clone(fs)}, nil
	}, a.whole(r, http.StatusOK, known))
}
