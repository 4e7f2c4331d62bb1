package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portway/internal/api/apitest"
	"portway/internal/document"
	"portway/internal/porting"
)

var soak = flag.Int("soak", 150, "how many bad requests the deployed stack gets")

// described is the API's description together with the deployed stack that answers its requests.
type described struct {
	*testing.T
	*apitest.Contract
	numbers atomic.Int64 // used so far
}

func describe(t *testing.T) *described {
	c, err := apitest.Open()
	if err != nil {
		t.Fatal(err)
	}
	return &described{T: t, Contract: c}
}

// send sends the request as the main account, and checks the answer against the description.
func (d *described) send(ctx context.Context, t *testing.T, r apitest.Request) (apitest.Answer, error) {
	target := up.File.API + r.Path
	if r.Query != "" {
		target += "?" + r.Query
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, target, strings.NewReader(r.Body))
	if err != nil {
		return apitest.Answer{}, err
	}
	req.SetBasicAuth(up.File.AccessKey, up.File.SecretKey)
	for name, value := range r.Header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return apitest.Answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return apitest.Answer{}, err
	}
	a := apitest.Answer{Status: res.StatusCode, Header: res.Header, Body: raw}
	if err := d.Check(r.Method, r.Path, a); err != nil {
		t.Errorf("%s, %v: %v\n%s\n%.1000q", r.From, r.Why, err, raw, r.Body)
	}
	return a, nil
}

// order makes an order that an example needs. A number that ends in 51 is rejected with a ready fix unless we may
// correct it.
func (d *described) order(ctx context.Context, t *testing.T, n apitest.Needs) (order, group string) {
	numbers := n.Numbers
	if len(numbers) == 0 {
		last := "01"
		if n.Status == string(porting.Rejected) {
			last = "51"
		}
		numbers = []string{fmt.Sprintf("+1253555%02d%s", 10+d.numbers.Add(1), last)}
	}
	attrs := stories()[0].attrsWith("")
	attrs["numbers"] = numbers
	if n.Status != string(porting.Completed) {
		attrs["auto_correct"] = "none"
	}
	told := follow(t)
	err := told.live(ctx, story{name: "idle", attrs: attrs, tell: created, unsigned: true})
	if signed := porting.Status(n.Status); err == nil && (signed == porting.Rejected || signed == porting.Completed) {
		if err = told.sign(ctx); err == nil {
			err = told.until(ctx, signed)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return told.order, told.group
}

// at puts the ids into the request's path.
func at(r apitest.Request, order, group string) apitest.Request {
	r.Path = strings.NewReplacer("{order}", order, "{group}", group, "{webhook}", "status_url", "{delivery}",
		"msg_none",
		"{key}", "nosuchky", "{record}", "4503599627370495").Replace(r.Path)
	return r
}

// webhook puts the ids of a webhook, and of a delivery to it, into the path. It is deleted with the example.
func (d *described) webhook(ctx context.Context, t *testing.T, path string) string {
	s := newSigned(t)
	at := s.register(t, follow(t), ctx)
	t.Cleanup(func() {
		if _, err := up.File.Call(context.Background(), http.MethodDelete, at, nil); err != nil {
			t.Error(err)
		}
	})
	ping := ask(t, follow(t), ctx, http.MethodPost, at+"/ping", nil, http.StatusAccepted)
	return strings.NewReplacer(webhooks+"/{webhook}", at, "{delivery}", ping.Data.ID).Replace(path)
}

// key puts the id of an access key into the path. It is revoked with the example, if the example has not done that.
func (d *described) key(ctx context.Context, t *testing.T, path string) string {
	made := d.made(ctx, t, "/v2/account/keys", nil)
	t.Cleanup(func() { d.revoke(t, made) })
	return strings.ReplaceAll(path, "{key}", made)
}

// made is the id of what a POST makes.
func (d *described) made(ctx context.Context, t *testing.T, path string, body any) string {
	raw, err := follow(t).call(ctx, http.MethodPost, path, body, http.StatusCreated)
	var made struct{ Data struct{ ID string } }
	if err == nil {
		err = json.Unmarshal(raw, &made)
	}
	if err != nil {
		t.Fatal(err)
	}
	return made.Data.ID
}

func (d *described) revoke(t *testing.T, key string) {
	if a, err := up.File.Call(context.Background(), http.MethodDelete, "/v2/account/keys/"+key, nil); err != nil ||
		a.Status != http.StatusOK && a.Status != http.StatusNotFound {
		t.Errorf("%v, %s", err, a.Body)
	}
}

// record puts the id of a record into the path, made by the first example of the call that makes one.
func (d *described) record(ctx context.Context, t *testing.T, path string) string {
	all, _, _ := strings.Cut(path, "/{record}")
	o, ok := d.Find(http.MethodPost, all)
	if !ok || len(o.Examples) == 0 {
		t.Fatalf("nothing makes what %s wants", path)
	}
	return strings.ReplaceAll(path, "{record}", d.made(ctx, t, all, o.Examples[0].Body))
}

// deleteWebhooks deletes the webhooks of the examples, which lead to no server.
func (d *described) deleteWebhooks(t *testing.T) {
	var all struct {
		Data []struct {
			ID         string
			Attributes struct{ URL string }
		}
	}
	a, err := up.File.Call(context.Background(), http.MethodGet, webhooks, nil)
	if err == nil {
		err = json.Unmarshal(a.Body, &all)
	}
	for _, w := range all.Data {
		if err == nil && strings.Contains(w.Attributes.URL, "hooks.example.com") {
			_, err = up.File.Call(context.Background(), http.MethodDelete, webhooks+"/"+w.ID, nil)
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func (d *described) etag(ctx context.Context, t *testing.T, order string) string {
	a, err := up.File.Call(ctx, http.MethodGet, "/v2/portorders/"+order+"/status", nil)
	if err != nil || a.Status != http.StatusOK {
		t.Fatalf("%v, %s", err, a.Body)
	}
	return a.Header.Get("ETag")
}

// The deployed stack does what the description says: first its examples, then bad requests, which use the same numbers.
func TestDescriptionOnTheDeployedStack(t *testing.T) {
	t.Parallel()
	d := describe(t)
	t.Run("Examples", func(t *testing.T) {
		for _, o := range d.Operations {
			for _, e := range o.Examples {
				t.Run(o.Method+" "+o.Path+" "+e.Name, func(t *testing.T) {
					t.Parallel()
					d.example(limited(t), t, o, e)
				})
			}
		}
	})
	t.Run("GroupStatus", d.groupStatus)
	t.Run("BadRequests", d.badRequests)
}

// example makes the call as a dry run, then for good, then once more with its idempotency key, which repeats the
// answer. A read is also made with the example of each of its parameters.
func (d *described) example(ctx context.Context, t *testing.T, o apitest.Operation, e apitest.Example) {
	r := o.Good(e)
	var order, group string
	for _, p := range o.Parameters {
		if p.Name == "carrier" {
			r.Path = strings.ReplaceAll(r.Path, "{carrier}", p.Example)
		}
	}
	if strings.Contains(r.Path, "{webhook}") {
		r.Path = d.webhook(ctx, t, r.Path)
	}
	switch {
	case e.Needs.Key:
		r.Path = d.key(ctx, t, r.Path)
	case e.Needs.Record != "":
		r.Path = d.record(ctx, t, r.Path)
	case e.Needs.Contact != "": // the purpose that no order's mail goes to
		ask(t, follow(t), ctx, http.MethodPatch, "/v2/account/contacts",
			map[string]any{"billing": []string{e.Needs.Contact}}, http.StatusOK)
	}
	if strings.Contains(r.Path, "{") {
		switch o.Method + " " + o.Path {
		case "POST /v2/portorders/{order}/snapback":
			e.Needs.Status = string(porting.Completed)
		case "POST /v2/portorders/{order}/disputes": // whose carrier never answers the other side's order
			e.Needs.Numbers = []string{fmt.Sprintf("+1253555%02d57", 10+d.numbers.Add(1))}
		}
		order, group = d.order(ctx, t, e.Needs)
		r = d.prepared(ctx, t, o, e, at(r, order, group), order)
	}
	succeed := func(r apitest.Request) apitest.Answer {
		a, err := d.send(ctx, t, r)
		if err != nil {
			t.Fatal(err)
		}
		if !o.Succeeds(a.Status) {
			t.Errorf("%s?%s answers %d %s", r.From, r.Query, a.Status, a.Body)
		}
		return a
	}
	if !o.Changes() {
		succeed(r)
		for _, p := range o.Parameters {
			if p.In == "query" && p.Example != "" {
				r.Query = url.Values{p.Name: {p.Example}}.Encode()
				succeed(r)
			}
		}
		return
	}
	dry := r
	dry.Query = "validate_only=true"
	dryStatus := http.StatusOK
	if strings.Contains(o.Path, "/groups/{group}/") {
		dryStatus = http.StatusMultiStatus
	}
	if a := succeed(dry); a.Status != dryStatus || !bytes.Contains(a.Body, []byte(`"validated":true`)) {
		t.Errorf("a dry run answers %d %s", a.Status, a.Body)
	}
	r.Header["Idempotency-Key"] = fmt.Sprintf("example %s %s", t.Name(), order)
	if order != "" && strings.Contains(o.Path, "{order}") {
		r.Header["If-Match"] = d.etag(ctx, t, order)
	}
	first := succeed(r)
	webhook, key := bytes.Contains(first.Body, []byte(`"secret":"whsec_`)),
		bytes.Contains(first.Body, []byte(`"secret_key":"`))
	link := bytes.Contains(first.Body, []byte(`"type":"link"`)) && bytes.Contains(first.Body, []byte(`"url":"`))
	if webhook || key || link { // shown once
		if second, err := d.send(ctx, t, r); err != nil || second.Status != http.StatusConflict ||
			!bytes.Contains(second.Body, []byte("idempotency_answer_not_kept")) {
			t.Errorf("the second answer is %d %s (%v)", second.Status, second.Body, err)
		}
		switch {
		case webhook:
			d.deleteWebhooks(t)
			return
		case link:
			return
		}
		var made struct{ Data struct{ ID string } }
		if err := json.Unmarshal(first.Body, &made); err != nil {
			t.Fatal(err)
		}
		d.revoke(t, made.Data.ID)
		return
	}
	second := succeed(r)
	if second.Header.Get("Idempotency-Replayed") != "true" || !bytes.Equal(first.Body, second.Body) ||
		first.Status != second.Status {
		t.Errorf("the second answer is %d %s\nthe first was %d %s", second.Status, second.Body, first.Status,
			first.Body)
	}
}

// prepared does on the order what the example's call needs, and puts the id of what that made into the path.
func (d *described) prepared(ctx context.Context, t *testing.T, o apitest.Operation, e apitest.Example, r apitest.Request,
	order string) apitest.Request {
	told := follow(t)
	told.order = order
	do := func(path string, body any, want int) {
		if _, err := told.call(ctx, http.MethodPost, told.path(path), body, want); err != nil {
			t.Fatal(err)
		}
	}
	loa := wrapped("loa", map[string]any{"signature_name": "Sam Signer", "signature_title": "Operations"})
	switch o.Method + " " + o.Path {
	case "GET /v2/portorders/{order}/changes/{change}":
		do("/changes", wrapped("change", map[string]any{"kind": "cancel"}), http.StatusAccepted)
	case "POST /v2/portorders/{order}/reopen":
		if _, err := told.call(ctx, http.MethodPatch, told.path("/status"), wrapped("portorder", map[string]any{"status": "cancelled"}),
			http.StatusOK); err != nil {
			t.Fatal(err)
		}
	case "DELETE /v2/portorders/{order}/links/{link}":
		made := d.made(ctx, t, told.path("/links"), wrapped("link", map[string]any{"email": "jane@example.com"}))
		r.Path = r.Path[:strings.LastIndex(r.Path, "/")+1] + made
	case "POST /v2/portorders/{order}/disputes":
		attrs := stories()[0].attrsWith("")
		attrs["numbers"], attrs["auto_correct"] = e.Needs.Numbers, "none"
		_, created := second(t, http.MethodPost, "/v2/portorders", wrapped("portorder", attrs), http.StatusCreated)
		var group struct {
			Data struct {
				Attributes struct {
					Orders struct{ Data []struct{ ID string } }
				}
			}
		}
		if err := json.Unmarshal(created.Body, &group); err != nil {
			t.Fatal(err)
		}
		holding := group.Data.Attributes.Orders.Data[0].ID
		second(t, http.MethodPost, "/v2/portorders/"+holding+"/loa", loa, http.StatusCreated)
		do("/loa", loa, http.StatusConflict)
		p := papers{t, ctx, told}
		bill := p.ask(http.MethodPost, "/upload_file", map[string]any{"filename": "bill.pdf"}, http.StatusOK).Data
		file, err := document.LOA(porting.Order{ID: "1", Numbers: []porting.Number{{TN: e.Needs.Numbers[0]}},
			Given: porting.Given{Signature: porting.Signature{Name: "A Bill", Title: "Bill", At: time.Now()}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.put(bill.Attributes.URL, bill.Attributes.Headers, file); got != http.StatusOK {
			t.Fatalf("the upload is answered %d", got)
		}
		if done := p.settled(bill.ID).Data.Attributes; done.Status != "complete" {
			t.Fatalf("the bill is %+v", done)
		}
	}
	return r
}

// groupStatus lists with a parameter that has no value, which no example can have.
func (d *described) groupStatus(t *testing.T) {
	ctx := limited(t)
	order, group := d.order(ctx, t, apitest.Needs{Status: "pending"})
	for _, query := range []string{"group_id=" + group + "&status", "status&group_id=" + group,
		"group_id=" + group + "&status;"} { // as printed (D-GRP)
		a, err := d.send(ctx, t, apitest.Request{Method: http.MethodGet, Path: "/v2/portorders", Query: query})
		if err != nil || a.Status != http.StatusOK || !strings.Contains(string(a.Body), `"portorder_group"`) ||
			!strings.Contains(string(a.Body), order) {
			t.Errorf("%s: %v, %d %s", query, err, a.Status, a.Body)
		}
	}
}

// badRequests checks that the whole stack refuses them as the handler alone does, and that they change nothing.
func (d *described) badRequests(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	type target struct{ order, group, version string }
	have := map[string]target{}
	kinds, n := map[int]int{}, 0
	for bad := range d.Bad(20260303) {
		if n++; n > *soak {
			break
		}
		status := string(porting.Pending)
		if bad.Needs.Status == string(porting.Rejected) {
			status = bad.Needs.Status
		}
		on, ok := have[status]
		if !ok {
			on.order, on.group = d.order(ctx, t, apitest.Needs{Status: status})
			on.version = d.etag(ctx, t, on.order)
			have[status] = on
		}
		a, err := d.send(ctx, t, at(bad, on.order, on.group))
		if err != nil {
			continue // no client can send it
		}
		kinds[a.Status]++
		what := fmt.Sprintf("request %d, %s, %v", n, bad.From, bad.Why)
		switch now := d.etag(ctx, t, on.order); {
		case a.Status >= http.StatusInternalServerError:
			t.Errorf("%s: answered %d %s\n%.1000q", what, a.Status, a.Body, bad.Body)
		case now == on.version:
		case a.Status >= http.StatusBadRequest:
			t.Errorf("%s: refused with %d, and the order is version %s, not %s", what, a.Status, now, on.version)
		default: // it was good enough
			delete(have, status)
		}
	}
	d.deleteWebhooks(t)
	t.Logf("%d requests, by status: %v", n-1, kinds)
}
