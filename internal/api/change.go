package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

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
	return a.whole(r, http.StatusOK, o, comments), nil
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
	attrs, sofar, err := r.document("portorder")
	if err != nil {
		return reply{}, err
	}
	if _, ok := attrs.values["status"]; ok && len(attrs.names) == 1 {
		return a.changeStatus(ctx, r, attrs, sofar)
	}
	unknown, err := a.unknownPresets(ctx, r, attrs)
	if err != nil {
		return reply{}, err
	}
	return r.change(ctx, a.book, func(o porting.Order) (porting.Command, error) {
		fs := append(append(porting.Faults{}, sofar...), unknown...)
		in := readAttributes(attrs, &fs, o.Details, o.Presets, false)
		var cmd porting.Command = porting.Edit{By: r.by, To: in.details, Fields: in.fields, Presets: in.presets, PresetFields: in.preset}
		if len(in.preset) > 0 && len(in.fields) == 0 {
			cmd = porting.SetPresets{By: r.by, To: in.presets, Fields: in.preset}
		}
		switch {
		case !in.asked:
			fs.Add("/data/attributes", porting.Required, "Name at least one attribute.")
			return nil, fs.Err()
		case len(fs) > 0:
			return nil, together(fs, a.book.Try(o, cmd))
		case len(in.fields)+len(in.preset) == 0: // masks alone: everything stays
			return nil, nil
		}
		return cmd, nil
	}, a.withOrder(r, http.StatusOK))
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
func (a *API) changeStatus(ctx context.Context, r *request, attrs object, sofar porting.Faults) (reply, error) {
	word, ok := attrs.text(&sofar, "status", "status")
	status, _ := porting.ParseStatus(word)
	var cmd porting.Command
	switch {
	case status == porting.Cancelled:
		cmd = porting.Cancel{By: r.by}
	case status == porting.Review:
		cmd = porting.Resubmit{By: r.by}
	case ok:
		sofar.Add("status", porting.NotAllowed, "Only cancelled (ends the order) and review (resubmits it) can be asked for.")
	case len(sofar) == 0:
		sofar.Add("status", porting.Required, "This is required.")
	}
	return r.change(ctx, a.book, func(porting.Order) (porting.Command, error) {
		if len(sofar) > 0 {
			return nil, sofar.Err()
		}
		return cmd, nil
	}, showing(statusReply))
}

// loaBlob is everything needed to sign (D-LOA, D-SLO).
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
}

func (a *API) blob(o porting.Order) loaBlob {
	d := o.Details
	b := loaBlob{Numbers: []string{}, BillingName: d.BillingName, Street: d.Street, Street2: d.Street2, City: d.City, State: d.State,
		Zip: d.Zip, Country: d.Country, Provider: d.Provider, UsageType: string(d.UsageType), Company: d.Company, LOACopy: a.loaCopy}
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
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "loa", Attributes: a.blob(o)}},
		header: map[string]string{"ETag": etag(o.Version)}}, nil
}

// sign is POST /v2/portorders/{order}/loa, which submits the order, or renews the letter of one that is under way: the blob comes back with its two signature fields filled and
// nothing else changed (D-SLO). The two fields alone do too.
func (a *API) sign(ctx context.Context, r *request) (reply, error) {
	attrs, sofar, err := r.document("loa")
	if err != nil {
		return reply{}, err
	}
	name, _ := attrs.text(&sofar, "signature_name", "signature_name")
	title, _ := attrs.text(&sofar, "signature_title", "signature_title")
	cmd := porting.Sign{By: r.by, Signature: porting.Signature{Name: name, Title: title, IP: r.in.RequestContext.Identity.SourceIP}}
	return r.change(ctx, a.book, func(o porting.Order) (porting.Command, error) {
		fs := append(porting.Faults{}, sofar...)
		unmodified(attrs, a.blob(o), &fs)
		if len(fs) > 0 {
			return nil, together(fs, a.book.Try(o, cmd))
		}
		return cmd, nil
	}, a.withOrder(r, http.StatusCreated))
}

// unmodified finds everything in a signed blob that differs from what was given out.
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
		case name == "signature_name", name == "signature_title":
		case !known:
			fs.Add(attributes+escape(name), porting.Unknown, "There is no such attribute.")
		case !reflect.DeepEqual(value, attrs.values[name]):
			fs.Add(name, porting.NotAllowed, "This must come back unmodified; to change it, change the order and fetch the letter again.")
		}
	}
}

// comments is GET /v2/portorders/{order}/comments: the latest comments, oldest first; links.next leads to those before them.
func (a *API) comments(ctx context.Context, r *request) (reply, error) {
	search := orders.Search{Comments: true}
	return a.back(ctx, r, "comments", func(place string) bool {
		seq, ok := readSeq(place)
		search.Before = seq
		return ok
	}, func(o porting.Order, limit int) ([]resource, string, error) {
		search.Limit = limit
		found, err := a.book.Store.Search(ctx, o.ID, search)
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

// back answers with a page of what belongs to the order of the URL and is kept under a name: the latest entries, or those
// before the cursor, oldest first. read gets how many are wanted, and says from where a page of earlier ones goes back; empty
// where there are none.
func (a *API) back(ctx context.Context, r *request, name string, take func(place string) bool,
	read func(o porting.Order, limit int) (page []resource, earlier string, err error)) (reply, error) {
	q := r.query()
	limit, faulty := r.pageOf(latest, q, "cursor", from(name, take))
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	if faulty != nil {
		return reply{}, faulty
	}
	page, earlier, err := read(o, limit)
	if err != nil {
		return reply{}, err
	}
	path := "/" + string(o.ID) + "/" + name
	around := r.self(path + queryText(q))
	if earlier != "" {
		around.Next = r.self(path + queryText(url.Values{"limit": {itoa(limit)}, "cursor": {cursorOf(name, earlier)}})).Self
	}
	return reply{status: http.StatusOK, body: document{Data: page, Links: around}, header: map[string]string{"ETag": etag(o.Version)}}, nil
}

// placeOf writes the place before which earlier comments are; empty where there are none.
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
	attrs, sofar, err := r.document("comment")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&sofar, strings.TrimSuffix(attributes, "/"), "text")
	text, _ := attrs.text(&sofar, "text", "text")
	cmd := porting.Comment{By: r.by, Text: text}
	return r.change(ctx, a.book, func(o porting.Order) (porting.Command, error) {
		if len(sofar) > 0 {
			return nil, together(sofar, a.book.Try(o, cmd))
		}
		return cmd, nil
	}, showing(func(o porting.Order) reply {
		made := commentOf(porting.Event{Version: o.Version, At: o.Updated, By: r.by, Text: porting.TidyLines(text)})
		return reply{status: http.StatusCreated, body: document{Data: made.resource()}, header: map[string]string{"ETag": etag(o.Version)}}
	}))
}
