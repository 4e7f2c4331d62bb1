package api

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"portway/internal/carrier"
	"portway/internal/orders"
	"portway/internal/peer"
	"portway/internal/porting"
	"portway/internal/text"
)

// changeAttributes are a change that was asked for on an order on its way, with what came of it.
type changeAttributes struct {
	Kind    string   `json:"kind"`
	Status  string   `json:"status"`
	By      string   `json:"by"`
	AskedAt *string  `json:"asked_at"`
	EndedAt *string  `json:"ended_at"`
	Date    *string  `json:"date"`
	Numbers []string `json:"numbers"`
	Fields  []string `json:"fields"`
	Reason  *string  `json:"reason"`
	Fee     string   `json:"fee"`
	Outcome *string  `json:"outcome"`
	// Plan says what the change takes, in the answer of the call that asks for it; null later.
	Plan *changePlan `json:"plan"`
}

// changePlan is what a change takes.
type changePlan struct {
	Way             string   `json:"way"`
	Supplement      *int     `json:"supplement"`
	Version         *int     `json:"version"`
	SafeUntil       *string  `json:"safe_until"`
	PossibleUntil   *string  `json:"possible_until"`
	Fee             string   `json:"fee"`
	FeeLater        string   `json:"fee_later"`
	Earliest        *string  `json:"earliest_date"`
	SignatureNeeded []string `json:"signature_needed"`
	NumbersLeft     []string `json:"numbers_left"`
	AnswerBy        *string  `json:"answer_by"`
	LeadsTo         *string  `json:"leads_to"`
}

func planOf(p porting.ChangePlan) *changePlan {
	out := &changePlan{Way: string(p.Way), SafeUntil: stamp(p.Until), PossibleUntil: stamp(p.Ends), Fee: p.Fee.String(),
		FeeLater: p.FeeLater.String(), Earliest: orNull(string(p.Earliest)), SignatureNeeded: append([]string{}, p.Sign...),
		NumbersLeft: append([]string{}, p.Rest...), AnswerBy: stamp(p.Answer), LeadsTo: orNull(string(p.Leads))}
	if p.Sup != porting.SupNew {
		sup, version := int(p.Sup), p.Version
		out.Supplement, out.Version = &sup, &version
	}
	return out
}

func changeOf(ch porting.AskedChange) changeAttributes {
	out := changeAttributes{Kind: string(ch.Kind), Status: string(ch.State), By: string(ch.By), AskedAt: stamp(ch.At),
		EndedAt: stamp(ch.Ended), Date: orNull(string(ch.Date)), Numbers: append([]string{}, ch.Numbers...),
		Fields: append([]string{}, ch.Fields...), Reason: orNull(string(ch.Reason)), Fee: ch.Fee.String()}
	if !ch.Outcome.IsZero() {
		out.Outcome = orNull(text.English.Message(ch.Outcome))
	}
	return out
}

// changeResource is the n-th change of an order, from 1. A dry run's has no number.
func (r *request) changeResource(n int, attrs changeAttributes) resource {
	one := resource{Type: "change", Attributes: attrs}
	if n > 0 {
		one.ID = itoa(n)
		one.Links = r.self("/" + string(r.order) + "/changes/" + one.ID)
	}
	return one
}

// askChange is POST /v2/portorders/{order}/changes. A dry run tells what the change takes, and wants neither the fee nor a
// signature.
func (a *API) askChange(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("change")
	if err != nil {
		return reply{}, err
	}
	asked := a.readWish(r, attrs, &fs)
	wish, fee, added := asked.wish, asked.fee, asked.numbers
	ask := sync.OnceValues(func() (map[string]peer.Portability, error) { return a.ask(ctx, r, added) })
	known := a.knowing(ctx, r)
	if r.dry {
		o, err := r.mine(ctx, a.book)
		if err != nil {
			return reply{}, err
		}
		p, err := a.planFor(o, wish, added, ask, &fs)
		if err != nil {
			return reply{}, together(fs, err)
		}
		if err := fs.Err(); err != nil {
			return reply{}, err
		}
		ch := porting.AskedChange{Kind: wish.Kind, State: p.State(), By: porting.Customer, At: a.book.Time(), Date: wish.Date,
			Numbers: wish.Numbers, Fields: wish.Fields, Reason: wish.Reason, Fee: p.Fee}
		out := changeOf(ch)
		out.Plan = planOf(p)
		return validated(versioned(http.StatusOK, document{Data: r.changeResource(0, out)}, o.Version)), nil
	}
	var plan porting.ChangePlan
	out, err := a.change(ctx, r, 0, func(o porting.Order) (decision, error) {
		faults := slices.Clone(fs)
		if wish.Signs {
			in, err := known()
			if err != nil {
				return decision{}, err
			}
			wish.Intake = in(o)
		}
		p, err := a.planFor(o, wish, added, ask, &faults)
		if err != nil {
			return decision{}, together(faults, err)
		}
		plan = p
		return decision{p.Command(r.by, fee), faults}, nil
	}, func(p orders.Plan) (reply, error) {
		n := len(p.After.Changes)
		out := changeOf(p.After.Changes[n-1])
		out.Plan = planOf(plan)
		answer := versioned(http.StatusAccepted, document{Data: r.changeResource(n, out)}, p.After.Version)
		answer.header["Location"] = r.self("/" + string(r.order) + "/changes/" + itoa(n)).Self
		return answer, nil
	})
	return out, added.conflict(err)
}

// planFor plans the wish for the order, with what is known of the carrier of added numbers.
func (a *API) planFor(o porting.Order, wish porting.Wish, added numbers, ask func() (map[string]peer.Portability, error),
	fs *porting.Faults) (porting.ChangePlan, error) {
	if wish.Kind == porting.WishCorrection && slices.Contains(wish.Fields, "provider") {
		wish.Flags.Resold = newResales(a.profiles.Directory()).of(o.Carrier, o.Wireless(), wish.To.Provider) == carrier.IsResold
	}
	p, err := a.book.Rules.PlanChange(o, wish, a.book.Time())
	if err != nil || wish.Kind != porting.WishAddition {
		return p, err
	}
	found, err := ask()
	if err != nil {
		return p, err
	}
	lines := added.lines(a.profiles.Directory(), found, countryOf(o), o.Details.Provider)
	addUnportable(fs, added.unportable(found), "numbers")
	for i, l := range lines {
		if !joins(o, l) && found[l.TN].Portable {
			fs.Add("numbers/"+itoa(i), porting.NotAllowed,
				"The number is of another kind, country or carrier than this order's. Make a new order for it.")
		}
	}
	p.Wish.Flags = porting.FlagsOf(lines)
	return p, nil
}

// askedWish is what the body of a change asks for.
type askedWish struct {
	wish    porting.Wish
	fee     porting.Money
	numbers numbers
}

// amountForm is an amount of dollars: 25, 7.5 or 7.50.
var amountForm = regexp.MustCompile(`^([0-9]{1,7})(?:\.([0-9]{1,2}))?$`)

// readWish reads the attributes of a change.
func (a *API) readWish(r *request, attrs object, fs *porting.Faults) askedWish {
	var in askedWish
	attrs.expect(fs, strings.TrimSuffix(attributes, "/"), "kind", "date", "attributes", "numbers", "reason", "accept_fee",
		"signature_name", "signature_title", "signature_capacity")
	w := &in.wish
	kind, ok := attrs.text(fs, "kind", "kind")
	if !ok && len(*fs) == 0 {
		fs.Add("kind", porting.Required, "This is required.")
	}
	w.Kind = porting.WishKind(kind)
	date, _ := attrs.text(fs, "date", "date")
	reason, _ := attrs.text(fs, "reason", "reason")
	w.Date, w.Reason = porting.Date(date), porting.ExpediteReason(reason)
	in.numbers = readNumbers(attrs, fs, r.row, "numbers", porting.MaxNumberChanges)
	w.Numbers = in.numbers.texts()
	if _, there := attrs.values["attributes"]; there {
		if inner, ok := attrs.inner(fs, "attributes"); ok {
			var faults porting.Faults
			given := readAttributes(inner, &faults, false)
			w.To, w.Fields = given.details, given.fields
			if given.signs || len(given.preset) > 0 {
				faults.Add("attributes", porting.NotAllowed, "Give details of the account here. Presets are changed by PATCH on the order, and a signature stands beside this.")
			}
			*fs = append(*fs, faults...)
		}
	}
	for _, name := range []string{"signature_name", "signature_title", "signature_capacity"} {
		_, there := attrs.values[name]
		w.Signs = w.Signs || there
	}
	if w.Signs {
		w.Signature.Name, _ = attrs.text(fs, "signature_name", "signature_name")
		w.Signature.Title, _ = attrs.text(fs, "signature_title", "signature_title")
		w.Signature.Capacity = attrs.capacity(fs)
		w.Signature.IP = r.in.RequestContext.Identity.SourceIP
	}
	if amount, ok := attrs.text(fs, "accept_fee", "accept_fee"); ok {
		m := amountForm.FindStringSubmatch(amount)
		if m == nil {
			fs.Add("accept_fee", porting.BadFormat, `Give an amount of dollars, such as "25" or "7.50".`)
			return in
		}
		dollars, _ := strconv.Atoi(m[1])
		cents, _ := strconv.Atoi((m[2] + "00")[:2])
		in.fee = porting.Money(dollars*100 + cents)
	}
	return in
}

// listChanges is GET /v2/portorders/{order}/changes: all of them, the oldest first.
func (a *API) listChanges(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	all := []resource{}
	for i, ch := range o.Changes {
		all = append(all, r.changeResource(i+1, changeOf(ch)))
	}
	return versioned(http.StatusOK, document{Data: all, Links: r.self("/" + string(o.ID) + "/changes")}, o.Version), nil
}

// readChange is GET /v2/portorders/{order}/changes/{change}.
func (a *API) readChange(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	n, err := strconv.Atoi(r.params["change"])
	if err != nil || n < 1 || n > len(o.Changes) {
		return reply{}, refuse(http.StatusNotFound, codeNoSuchChange, "The order has no such change. Read the list of its changes.")
	}
	return versioned(http.StatusOK, document{Data: r.changeResource(n, changeOf(o.Changes[n-1]))}, o.Version), nil
}

// offers are the changes that can be asked for now, as actions with their deadline and fee.
func (a *API) offers(o porting.Order) []action {
	var all []action
	zone := a.book.Rules.Calendar.Location()
	for _, f := range a.book.Rules.Offers(o, a.book.Time()) {
		attrs := members{"kind": string(f.Kind)}
		for _, name := range changeSamples[f.Kind] {
			attrs[name] = "…"
		}
		if slices.Contains(changeSamples[f.Kind], "numbers") {
			attrs["numbers"] = []string{"…"}
		}
		if f.Kind == porting.WishCorrection {
			attrs["attributes"] = members{"…": "…"}
		}
		if f.Fee > 0 {
			attrs["accept_fee"] = f.Fee.String()
		}
		all = append(all, action{changeNames[f.Kind] + " (" + f.Words(zone) + ")", http.MethodPost,
			"/v2/portorders/" + string(o.ID) + "/changes", members{"data": members{"type": "change", "attributes": attrs}}})
	}
	return all
}

// changeNames name the changes for a list of actions, and changeSamples their attributes.
var changeNames = map[porting.WishKind]string{
	porting.WishDate: "ask for another date", porting.WishCorrection: "correct what the carrier was told",
	porting.WishRemoval: "take numbers off the order", porting.WishAddition: "add numbers to the order",
	porting.WishCancel: "cancel the order", porting.WishExpedite: "have the port expedited",
}

var changeSamples = map[porting.WishKind][]string{
	porting.WishDate: {"date"}, porting.WishRemoval: {"numbers"}, porting.WishAddition: {"numbers"},
	porting.WishExpedite: {"reason"},
}

// towardsChanges names the call that changes a submitted order, in the refusal of a documented call that does not.
func (r *request) towardsChanges(err error) error {
	documented := []string{"/v2/portorders/{order}", "/v2/portorders/{order}/status", "/v2/portorders/{order}/relationships/numbers"}
	if !porting.Is(err, porting.WrongStatus) || !slices.Contains(documented, r.row.path) ||
		strings.HasSuffix(err.Error(), "any more.") {
		return err
	}
	return porting.Errorf(porting.WrongStatus, "%s To change or cancel a submitted order, ask by POST /v2/portorders/%s/changes.",
		strings.TrimSpace(err.Error()), cmp.Or(string(r.order), "{order}"))
}
