package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"portway/internal/account"
	"portway/internal/carrier"
	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/porting"
)

// details is GET /v2/portorders/{order}.
func (a *API) details(ctx context.Context, r *request) (reply, error) {
	o, comments, err := a.book.Store.View(ctx, r.order, latest)
	if err == nil && o.Account != r.account {
		err = orders.ErrNoOrder
	}
	if err != nil {
		return reply{}, err
	}
	var in intake
	if showsReadiness(o.Status) {
		if in, err = a.intake(ctx, r); err != nil {
			return reply{}, err
		}
	}
	return a.orderReply(r, http.StatusOK, o, comments, in), nil
}

// status is GET /v2/portorders/{order}/status.
func (a *API) status(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	return statusReply(o), nil
}

// patch is PATCH /v2/portorders/{order}: the status, or details and presets in one change (D-UPD, D-PRS, D-CAN).
func (a *API) patch(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("portorder")
	if err != nil {
		return reply{}, err
	}
	if _, ok := attrs.values["status"]; ok && len(attrs.names) == 1 {
		return a.changeStatus(ctx, r, attrs, fs)
	}
	in := readAttributes(attrs, &fs, false)
	unknown, err := account.CheckPresets(ctx, a.accounts, r.account, in.presets)
	if err != nil {
		return reply{}, err
	}
	in.signature.IP = r.in.RequestContext.Identity.SourceIP
	d := decision{in.edit(r.by), slices.Concat(fs, unknown)}
	switch {
	case !in.asked:
		d = decision{}
		d.faults.Add("/data/attributes", porting.Required, "Name at least one attribute.")
	case len(d.faults)+len(in.fields)+len(in.preset) == 0 && !in.signs: // masks alone: everything stays
		d.command = nil
	}
	known := a.knowing(ctx, r)
	return a.change(ctx, r, latest, func(o porting.Order) (decision, error) {
		edit, ok := d.command.(porting.Edit)
		if !ok {
			return d, nil
		}
		edit.Resold = newResales(a.profiles.Directory()).of(o.Carrier, o.Wireless(), edit.To.Provider) == carrier.IsResold
		if edit.Signs || slices.Contains(edit.Fields, "desired_completion_date") {
			in, err := known()
			if err != nil {
				return decision{}, err
			}
			edit.Intake = in(o)
		}
		return decision{edit, d.faults}, nil
	}, a.whole(r, http.StatusOK, known))
}

// edit returns the command for the attributes of the body.
func (g given) edit(by porting.By) porting.Command {
	if len(g.preset) > 0 && len(g.fields) == 0 && !g.signs {
		return porting.SetPresets{By: by, To: g.presets, Fields: g.preset}
	}
	return porting.Edit{By: by, To: g.details, Fields: g.fields, Presets: g.presets, PresetFields: g.preset,
		Signs: g.signs, Signature: g.signature}
}

// always decides the same, whatever the order is.
func always(d decision) func(porting.Order) (decision, error) {
	return func(porting.Order) (decision, error) { return d, nil }
}

// patchStatus is PATCH /v2/portorders/{order}/status.
func (a *API) patchStatus(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("portorder")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "status")
	return a.changeStatus(ctx, r, attrs, fs)
}

// changeStatus cancels or resubmits: the two changes of status that are the customer's own.
func (a *API) changeStatus(ctx context.Context, r *request, attrs object, fs porting.Faults) (reply, error) {
	word, ok := attrs.text(&fs, "status", "status")
	status, _ := porting.ParseStatus(word)
	var cmd porting.Command
	switch {
	case status == porting.Cancelled:
		cmd = porting.Cancel{By: r.by}
	case status == porting.Review:
		cmd = porting.Resubmit{By: r.by}
	case ok:
		fs.Add("status", porting.NotAllowed, "Give cancelled, which ends the order, or review, which sends it again.")
	case len(fs) == 0:
		fs.Add("status", porting.Required, "This is required.")
	}
	if len(fs) > 0 {
		cmd = nil // the faults are told instead of the order's status
	}
	out, err := a.change(ctx, r, 0, always(decision{cmd, fs}), func(p orders.Plan) (reply, error) { return statusReply(p.After), nil })
	return out, a.rivalled(ctx, r, err)
}

// loaBlob is everything that is needed to sign (D-LOA, D-SLO).
type loaBlob struct {
	Numbers        []string `json:"numbers"`
	BillingName    string   `json:"billing_name"`
	Street         string   `json:"street"`
	Street2        string   `json:"street2"`
	City           string   `json:"city"`
	State          string   `json:"state"`
	Zip            string   `json:"zip"`
	Country        string   `json:"country"`
	Provider       string   `json:"provider"`
	UsageType      string   `json:"usage_type"`
	Company        string   `json:"company"`
	SignatureName  string   `json:"signature_name"`
	SignatureTitle string   `json:"signature_title"`
	LOACopy        string   `json:"loa_copy"`

	AccountAddress    address `json:"account_address"`
	DisclosureVersion string  `json:"disclosure_version"`
	NewCarrier        string  `json:"new_carrier"`
	NewRespOrg        *string `json:"new_resporg"`
	SignatureCapacity string  `json:"signature_capacity"`
}

func (a *API) blob(o porting.Order) loaBlob {
	d := o.Details
	drafted := o
	drafted.Signature = a.book.Rules.Draft(o)
	s := drafted.Signature
	b := loaBlob{Numbers: []string{}, BillingName: d.BillingName, Street: d.Street, Street2: d.Street2, City: d.City, State: d.State,
		Zip: d.Zip, Country: d.Country, Provider: d.Provider, UsageType: string(d.UsageType), Company: d.Company,
		LOACopy: porting.LOAWordsOf(drafted).Text(), AccountAddress: accountAddressOf(d.WithAccountAddress()),
		DisclosureVersion: s.Words, NewCarrier: s.Operator.Name}
	if o.Kind == porting.TollFree {
		b.NewRespOrg = orNull(s.Operator.RespOrg)
	}
	for _, tn := range o.Active() {
		if n, err := nanp.Parse(tn); err == nil {
			tn = n.Ten()
		}
		b.Numbers = append(b.Numbers, tn)
	}
	return b
}

// loa is GET /v2/portorders/{order}/loa.
func (a *API) loa(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	return versioned(http.StatusOK, document{Data: resource{Type: "loa", Attributes: a.blob(o)}}, o.Version), nil
}

// sign is POST /v2/portorders/{order}/loa, which submits the order, or renews the LOA of one that is under way. The
// blob comes back with its signature fields filled and nothing else changed (D-SLO). The two documented fields alone are
// enough; the capacity is ours.
func (a *API) sign(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("loa")
	if err != nil {
		return reply{}, err
	}
	name, _ := attrs.text(&fs, "signature_name", "signature_name")
	title, _ := attrs.text(&fs, "signature_title", "signature_title")
	cmd := porting.Sign{By: r.by, Signature: porting.Signature{Name: name, Title: title, Capacity: attrs.capacity(&fs),
		IP: r.in.RequestContext.Identity.SourceIP}}
	known := a.knowing(ctx, r)
	out, err := a.change(ctx, r, latest, func(o porting.Order) (decision, error) {
		in, err := known()
		if err != nil {
			return decision{}, err
		}
		cmd.Intake = in(o)
		d := decision{cmd, slices.Clone(fs)}
		unmodified(attrs, a.blob(o), &d.faults)
		return d, nil
	}, a.whole(r, http.StatusCreated, known))
	return out, a.rivalled(ctx, r, err)
}

// unmodified finds everything in a signed blob that differs from the one that was given out.
func unmodified(attrs object, given loaBlob, fs *porting.Faults) {
	text, err := json.Marshal(given)
	if err != nil {
		panic(err) // texts alone can always be written
	}
	want, err := readObject(string(text))
	if err != nil {
		panic(err)
	}
	for _, name := range attrs.names {
		switch value, known := want.values[name]; {
		case name == "signature_name", name == "signature_title", name == "signature_capacity":
		case !known:
			fs.Add(attributes+escape(name), porting.Unknown, "There is no such attribute.")
		case !reflect.DeepEqual(value, attrs.values[name]):
			fs.Add(name, porting.NotAllowed, "Send this back as you got it. To change it, change the order and read the letter of agency again.")
		}
	}
}

// comments is GET /v2/portorders/{order}/comments: the latest comments, oldest first; links.next leads to those before
// them.
func (a *API) comments(ctx context.Context, r *request) (reply, error) {
	isSeq := func(place string) bool { _, ok := readSeq(place); return ok }
	return a.back(ctx, r, "comments", isSeq, func(o porting.Order, p page) ([]resource, string, error) {
		before, _ := readSeq(p.place)
		found, err := a.book.Store.Search(ctx, o.ID, orders.Search{Comments: true, Limit: p.limit, Before: before})
		if err != nil {
			return nil, "", err
		}
		all := []resource{}
		for _, e := range found.Events {
			all = append(all, commentOf(e).resource())
		}
		return all, placeOf(found.Earlier), nil
	})
}

// latest is how many entries a list has that shows the latest ones, unless another limit is asked for.
const latest = 100

// back answers with a page of a list of the order in the URL: the latest entries, or those before the cursor, oldest
// first. fits says whether a cursor's place can be in the list. read returns the page, and the place before which
// earlier entries are; empty where there are none.
func (a *API) back(ctx context.Context, r *request, name string, fits func(place string) bool,
	read func(porting.Order, page) (_ []resource, earlier string, _ error)) (reply, error) {
	p, faulty := r.page(latest, "cursor", cursors("cursor", name, fits))
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	if faulty != nil {
		return reply{}, faulty
	}
	found, earlier, err := read(o, p)
	if err != nil {
		return reply{}, err
	}
	path := "/" + string(o.ID) + "/" + name
	around := r.self(path + queryText(r.query()))
	if earlier != "" {
		around.Next = r.self(path + queryText(url.Values{"limit": {itoa(p.limit)}, "cursor": {cursorOf(name, earlier)}})).Self
	}
	return versioned(http.StatusOK, document{Data: found, Links: around}, o.Version), nil
}

// placeOf writes the place before which there are earlier comments; empty where there are none.
func placeOf(s orders.Seq) string {
	if s == (orders.Seq{}) {
		return ""
	}
	return fmt.Sprintf("%d.%d", s.Version, s.N)
}

// readSeq reads what placeOf wrote.
func readSeq(place string) (s orders.Seq, ok bool) {
	_, err := fmt.Sscanf(place, "%d.%d", &s.Version, &s.N)
	return s, err == nil && s.Version > 0 && s.N >= 0 && placeOf(s) == place
}

func (c commentBody) resource() resource {
	return resource{Type: "comment", ID: c.ID, Attributes: struct {
		At   string `json:"at"`
		By   string `json:"by"`
		Text string `json:"text"`
	}{c.At, c.By, c.Text}}
}

// comment is POST /v2/portorders/{order}/comments.
func (a *API) comment(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("comment")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "text")
	text, _ := attrs.text(&fs, "text", "text")
	cmd := porting.Comment{By: r.by, Text: text}
	return a.change(ctx, r, 0, always(decision{cmd, fs}), func(p orders.Plan) (reply, error) {
		return versioned(http.StatusCreated, document{Data: commentOf(p.Events[0]).resource()}, p.After.Version), nil
	})
}
