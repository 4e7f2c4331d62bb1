package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// pageSize is how many entries a page of ours has unless another limit is asked for.
const pageSize = 50

// eventBody tells one change of an order. Sequence counts the changes of an order; there are no gaps.
type eventBody struct {
	Order          string        `json:"portorder_id"`
	Group          string        `json:"group_id"`
	Sequence       int64         `json:"sequence"`
	Event          string        `json:"event"`
	At             string        `json:"at"`
	By             string        `json:"by"`
	KeyID          *string       `json:"key_id"` // the public id of the access key, for a change by the customer
	StatusBefore   *string       `json:"status_before"`
	Status         string        `json:"status"`
	Text           string        `json:"text"`
	Comment        bool          `json:"comment"` // it stands among the order's comments
	Reasons        []eventReason `json:"reasons"`
	CompletionDate *string       `json:"completion_date"`
	Charge         *string       `json:"charge"`
}

type eventReason struct {
	Code    string   `json:"code"`
	Title   string   `json:"title"`
	Numbers []string `json:"numbers"`
}

// eventOf returns an event as customers see it: our people have a role and no name, and the questions to them are left
// out.
func (r *request) eventOf(e porting.Event) resource {
	body := eventBody{Order: string(e.Order), Group: string(e.Group), Sequence: e.Version, Event: string(e.Kind), At: *stamp(e.At),
		By: string(e.By.Role), KeyID: orNull(e.KeyID()), StatusBefore: orNull(string(e.Before)), Status: string(e.Status), Text: text.English.Event(e), Comment: e.Comment,
		Reasons: []eventReason{}, CompletionDate: orNull(string(e.FOC))}
	if e.Charge != 0 {
		body.Charge = orNull(e.Charge.String())
	}
	for _, reason := range e.Reasons {
		body.Reasons = append(body.Reasons, eventReason{string(reason.Code), reason.Code.Info().Title, append([]string{}, reason.Numbers...)})
	}
	return resource{Type: "event", ID: fmt.Sprintf("%s.%d.%d", e.Order, e.Version, e.N), Attributes: body}
}

// events is GET /v2/portorders/{order}/events: the order's changes, oldest first, behind the sequence number after.
func (a *API) events(ctx context.Context, r *request) (reply, error) {
	p, faulty := r.page(pageSize, "after", func(v string, fs *porting.Faults) string { return itoa(readCount("after", v, 0, 1<<31-1, fs)) })
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	if faulty != nil {
		return reply{}, faulty
	}
	after, _ := strconv.ParseInt(p.place, 10, 64) // 0 at the beginning
	found, more, err := a.book.Store.History(ctx, o.ID, after, p.limit)
	if err != nil {
		return reply{}, err
	}
	path := "/" + string(o.ID) + "/events"
	all, around := []resource{}, r.self(path+queryText(r.query()))
	for _, e := range found {
		all = append(all, r.eventOf(e))
	}
	if more {
		around.Next = r.self(fmt.Sprintf("%s?after=%d&limit=%d", path, found[len(found)-1].Version, p.limit)).Self
	}
	return versioned(http.StatusOK, document{Data: all, Links: around}, o.Version), nil
}

// feed is GET /v2/events: the changes of all the account's orders, in the order in which they were written, behind the
// cursor after. links.next is there while there is more; meta.resume is the cursor to come back with later. A client
// that comes back gets every event at least once. The events of the last minutes come again, with the same ids.
func (a *API) feed(ctx context.Context, r *request) (reply, error) {
	p, err := r.page(pageSize, "after", func(v string, fs *porting.Faults) string {
		place, ok := readCursor("event", v)
		if !ok {
			fs.Add("after", porting.BadFormat, "Give a cursor from links.next or meta.resume of an earlier answer.")
		}
		return place
	})
	if err != nil {
		return reply{}, err
	}
	found, err := a.book.Feed(ctx, r.account, orders.Place(p.place), p.limit)
	if err != nil {
		return reply{}, err
	}
	self := func(q url.Values) string { return r.base + "/v2/events" + queryText(q) }
	all, around := []resource{}, &links{Self: self(r.query())}
	for _, e := range found.Events {
		all = append(all, r.eventOf(e.Event))
	}
	if n := len(found.Events); found.More && n > 0 {
		around.Next = self(url.Values{"limit": {itoa(p.limit)}, "after": {cursorOf("event", string(found.Events[n-1].Place))}})
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: around, Meta: &meta{Resume: cursorOf("event", string(found.Resume))}}}, nil
}
