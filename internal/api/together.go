package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"portway/internal/orders"
	"portway/internal/porting"
)

// A call about a whole group does for each of its orders what the call about one order does, with the same body: the path
// is that of one order behind groups/{group} in the place of {order}. It has one answer with an entry for each order. What
// one order refuses keeps none of the others back.

// togetherRoutes are the calls about a whole group.
var togetherRoutes = []route{
	{method: "POST", path: "/v2/portorders/groups/{group}/loa", changes: true, each: "/v2/portorders/{order}/loa"},
	{method: "PATCH", path: "/v2/portorders/groups/{group}/status", changes: true, each: "/v2/portorders/{order}/status"},
	{method: "POST", path: "/v2/portorders/groups/{group}/comments", changes: true, each: "/v2/portorders/{order}/comments"},
	{method: "POST", path: "/v2/portorders/groups/{group}/changes", changes: true, each: "/v2/portorders/{order}/changes"},
	{method: "POST", path: "/v2/portorders/groups/{group}/upload_file", changes: true, each: "/v2/portorders/{order}/upload_file", bare: true},
	{method: "POST", path: "/v2/portorders/groups/{group}/files", changes: true, each: "/v2/portorders/{order}/files", bare: true},
}

// states of an order in the answer of a call about its group.
const (
	eachDone    = "done"
	eachRefused = "refused"
	// eachOpen: it was not come to, or could not be done at this moment; the same call does it.
	eachOpen = "open"
)

// eachAnswer is what became of one order of a group.
type eachAnswer struct {
	State string `json:"state"`
	// Status is the HTTP status that a call about this order alone is answered with; null where it was not come to.
	Status *int `json:"status"`
	// Result is the resource of that answer. Of an answer with the whole order it has the status alone.
	Result json.RawMessage `json:"result"`
	Errors json.RawMessage `json:"errors"`
}

// eachCounts counts the orders of a call about a group by their state.
type eachCounts struct {
	Done    int `json:"done"`
	Refused int `json:"refused"`
	Open    int `json:"open"`
}

// eachOrder carries out a call about a whole group. Each order has a record of its own under the call's key, so that a call
// that is repeated goes on with the orders that are open, and repeats the answers of the others. A call without a key is
// given one.
func (a *API) eachOrder(ctx context.Context, r *request) (reply, error) {
	single, _, err := find(r.row.method, r.row.each)
	if err != nil {
		return reply{}, err
	}
	if r.dry, err = r.validateOnly(); err != nil {
		return reply{}, err
	}
	key, err := r.idempotencyKey()
	switch {
	case err != nil:
		return reply{}, err
	case r.header("If-Match") != "":
		return reply{}, refuse(http.StatusBadRequest, codePrecondition, "If-Match names the version of one order. Leave it out in a call about a group.")
	case key == "":
		key = newUUID()
	}
	a.profiles.Refresh(ctx)
	g, heads, err := a.groupOf(ctx, r, r.group)
	if err != nil {
		return reply{}, err
	}
	if _, err := r.object(); err != nil { // it is no fault of any order
		return reply{}, err
	}
	counts, all, replayed := eachCounts{Open: len(heads)}, list{Data: []resource{}}, 0
	came := a.book.Each(ctx, heads, orders.EachWithin, func(ctx context.Context, o porting.Order) {
		answer, again := a.oneOf(ctx, r, single, o.ID, key)
		if again {
			replayed++
		}
		switch answer.State {
		case eachDone:
			counts.Done, counts.Open = counts.Done+1, counts.Open-1
		case eachRefused:
			counts.Refused, counts.Open = counts.Refused+1, counts.Open-1
		}
		all.Data = append(all.Data, r.orderResource(o.ID, answer))
	})
	for _, o := range heads[came:] {
		all.Data = append(all.Data, r.orderResource(o.ID, eachAnswer{State: eachOpen}))
	}
	out := reply{status: http.StatusMultiStatus, body: document{Data: resource{Type: "portorder_group", ID: string(g.ID),
		Attributes: struct {
			eachCounts
			Orders list `json:"orders"`
		}{counts, all}, Links: r.groupLink(g.ID)}}}
	if r.dry {
		out = validated(out)
		out.status = http.StatusMultiStatus
		return out, nil
	}
	out.header = map[string]string{"Idempotency-Key": key}
	if counts.Open > 0 {
		out.header["Retry-After"] = "1"
	}
	if len(heads) > 0 && replayed == len(heads) {
		out.header[replayedHeader] = "true"
	}
	return out, nil
}

// oneOf carries the call out for one order of the group. It reports whether the answer is that of an earlier call.
func (a *API) oneOf(ctx context.Context, r *request, single route, id porting.OrderID, key string) (eachAnswer, bool) {
	one := *r
	one.row, one.order, one.group, one.params = single, id, "", map[string]string{"order": string(id)}
	var out reply
	var err error
	if r.dry {
		out, err = single.handle(a, ctx, &one)
	} else {
		out, err = a.once(ctx, &one, partKey(key, id))
	}
	if err != nil {
		out = one.problem(err).reply(&one)
	}
	var body struct {
		Data   json.RawMessage `json:"data"`
		Errors json.RawMessage `json:"errors"`
	}
	as := one.answer(out)
	if json.Unmarshal([]byte(as.Body), &body) != nil {
		as.StatusCode = http.StatusInternalServerError
	}
	answer := eachAnswer{State: eachDone, Status: &as.StatusCode, Result: brief(body.Data), Errors: body.Errors}
	switch {
	case as.StatusCode >= http.StatusInternalServerError, porting.Is(err, porting.Stale), codeIs(err, codeKeyInProgress):
		answer.State = eachOpen
	case as.StatusCode >= http.StatusMultipleChoices:
		answer.State = eachRefused
	}
	return answer, out.header[replayedHeader] != ""
}

// partKey is the key of one order's part of a call about a group. A backslash stands in no key of a customer.
func partKey(key string, id porting.OrderID) string {
	sum := sha256.Sum256([]byte(key))
	return `each\` + hex.EncodeToString(sum[:16]) + `\` + string(id)
}

// codeIs says that err is a problem with the code.
func codeIs(err error, code errorCode) bool {
	p, ok := err.(*problem)
	return ok && p.entries[0].code == string(code)
}

// brief returns a resource as the answer about a group shows it: of a whole order, with its thousands of numbers, its status
// alone.
func brief(data json.RawMessage) json.RawMessage {
	var order struct {
		Type       string     `json:"type"`
		ID         string     `json:"id"`
		Attributes statusBody `json:"attributes"`
	}
	if json.Unmarshal(data, &order) != nil || order.Type != "portorder" {
		return data
	}
	short, err := json.Marshal(order)
	if err != nil {
		return nil
	}
	return short
}
