package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Paging, as documented (D-SEA); the bounds are our decision.
const (
	defaultLimit = 10
	maxLimit     = 200
	maxOffset    = 1_000_000
)

// listItem is one order of a list: the attributes that the store's index of an account holds. The id stands inside too,
// as printed (D-SEA).
type listItem struct {
	Alias           string  `json:"alias"`
	CompletionDate  *string `json:"completion_date"`
	CreatedDate     string  `json:"created_date"`
	Desired         *string `json:"desired_completion_date"`
	GroupID         string  `json:"group_id"`
	ID              string  `json:"id"`
	ModifiedDate    string  `json:"modified_date"`
	Status          string  `json:"status"`
	StatusUpdatedAt *string `json:"status_updated_at"`
}

type listAttributes struct {
	Orders list `json:"orders"`
}

// groupAttributes is a group: its summary, and its orders.
type groupAttributes struct {
	Orders list   `json:"orders"`
	Status string `json:"status"`
	// Excluded are the numbers of a create call that can't be ported, where the call asked to go on without them.
	Excluded []excluded `json:"excluded,omitempty"`
	// Missing are the secrets of the group's first order that an order opened beside it lacks.
	Missing []missing `json:"missing,omitempty"`
}

// listing is what a list call asks for: the orders that pass a filter, in an order, or the status of a group.
type listing struct {
	filter orders.Filter
	by     sorting
	group  *porting.GroupID
}

// listing reads the parameters of a list call.
func (r *request) listing() (listing, error) {
	q := r.query()
	f, fs := readFilter(q)
	l := listing{filter: f}
	l.filter.Sandbox = r.sandbox
	if values, ok := q["order_by"]; ok {
		l.by = readSorting(values, &fs)
		if f.Before != "" {
			fs.Add("cursor", porting.NotAllowed, "A cursor goes through orders by time. Send offset with order_by.")
		}
		if l.by.has("group_status") && len(f.Numbers) > 0 {
			fs.Add("order_by", porting.NotAllowed, "Send group_status or numbers, not both.")
		}
	}
	if group, ok := q["group_id"]; ok && isFlag(q["status"]) {
		for _, name := range names(q) { // anything else would narrow nothing
			if name != "group_id" && name != "status" {
				fs.Add(escape(name), porting.NotAllowed, "Leave this out when you ask for a group's status.")
			}
		}
		id := porting.GroupID(group[0])
		l.group = &id
		return l, fs.Err()
	}
	if isFlag(q["status"]) {
		fs.Add("status", porting.Required, "Give a status. Without a value it asks for the status of the group in group_id.")
	}
	if _, ok := q["offset"]; ok && f.Before != "" {
		fs.Add("offset", porting.NotAllowed, "Send cursor or offset, not both.")
	}
	return l, fs.Err()
}

// list is GET /v2/portorders: the account's orders, newest first unless order_by says otherwise. With group_id and a
// status without a value it is the status of that group.
func (a *API) list(ctx context.Context, r *request) (reply, error) {
	l, err := r.listing()
	if err != nil {
		return reply{}, err
	}
	if l.group != nil {
		return a.group(ctx, r, *l.group)
	}
	f := l.filter
	f.Limit++ // one more, to know whether there is a next page
	read := a.book.Store.List
	if len(l.by) > 0 {
		read = func(ctx context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
			return a.sorted(ctx, id, f, l.by)
		}
	}
	found, err := read(ctx, r.account, f)
	if err != nil {
		return reply{}, err
	}
	return r.listReply(l, found), nil
}

// listReply is a page of the orders that were found, which are one more than the page holds where there is a next page.
func (r *request) listReply(l listing, found []porting.Order) reply {
	limit, all := l.filter.Limit, list{Data: []resource{}}
	for _, o := range found[:min(limit, len(found))] {
		all.Data = append(all.Data, r.orderResource(o.ID, listItem{
			Alias: o.Details.Alias, CompletionDate: orNull(string(o.FOC)), CreatedDate: *stamp(o.Created), Desired: orNull(string(o.Details.Desired)),
			GroupID: string(o.Group), ID: string(o.ID), ModifiedDate: *stamp(o.Updated), Status: string(o.Status), StatusUpdatedAt: stamp(o.StatusAt)}))
	}
	q := r.query()
	around := r.self(queryText(q))
	if len(found) > limit {
		q["limit"] = []string{itoa(limit)}
		if len(l.by) > 0 {
			q["offset"] = []string{itoa(l.filter.Offset + limit)}
		} else {
			q["cursor"] = []string{cursorOf("order", string(found[limit-1].ID))}
			delete(q, "offset")
		}
		around.Next = r.self(queryText(q)).Self
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_list", Attributes: listAttributes{all}}, Links: around}}
}

// groupOf reads a group of the account with the heads of its orders.
func (a *API) groupOf(ctx context.Context, r *request, id porting.GroupID) (porting.Group, []porting.Order, error) {
	g, members, err := a.book.Store.Group(ctx, id)
	if porting.Is(err, porting.NotFound) || err == nil && g.Account != r.account {
		err = orders.ErrNoGroup
	}
	return g, members, err
}

// group is GET /v2/portorders?group_id=X&status.
func (a *API) group(ctx context.Context, r *request, id porting.GroupID) (reply, error) {
	if !isID(string(id)) {
		return reply{}, orders.ErrNoGroup
	}
	g, members, err := a.groupOf(ctx, r, id)
	if err != nil {
		return reply{}, err
	}
	all := list{Data: []resource{}}
	for _, o := range members {
		all.Data = append(all.Data, r.orderResource(o.ID, statusOf(o)))
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_group", ID: string(g.ID),
		Attributes: groupAttributes{Orders: all, Status: string(porting.Summarize(statusesOf(members)))}, Links: r.groupLink(g.ID)}}}, nil
}

func (r *request) groupLink(id porting.GroupID) *links {
	return r.self("?group_id=" + string(id) + "&status")
}

// query returns the parameters of the query, in which a name may stand more than once. A semicolon behind a name is cut
// off, since the documented group status is printed with one (D-GRP).
func (r *request) query() url.Values {
	q := url.Values{}
	for name, values := range r.in.MultiValueQueryStringParameters {
		if name = strings.TrimSuffix(name, ";"); len(values) > 0 {
			q[name] = append(q[name], values...)
		}
	}
	for name, value := range r.in.QueryStringParameters {
		if name = strings.TrimSuffix(name, ";"); len(q[name]) == 0 {
			q[name] = []string{value}
		}
	}
	return q
}

func queryText(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func isFlag(values []string) bool { return len(values) == 1 && values[0] == "" }

func names(q url.Values) []string {
	var all []string
	for name := range q {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// readFilter reads the documented parameters (D-SEA). An unknown one is a fault: a filter that is silently left out
// shows orders that were not asked for.
func readFilter(q url.Values) (orders.Filter, porting.Faults) {
	f := orders.Filter{Limit: defaultLimit}
	var fs porting.Faults
	for _, name := range names(q) {
		values := q[name]
		if name != "numbers" && name != "order_by" && len(values) > 1 {
			fs.Add(name, porting.Duplicate, "Give this parameter once only.")
			continue
		}
		v := strings.TrimSpace(values[0])
		switch name {
		case "numbers":
			f.Numbers = readNumberFilter(values, &fs)
		case "status":
			if v != "" {
				f.Status = readStatus(v, &fs)
			}
		case "alias":
			f.Alias = norm.NFC.String(porting.TidyLine(v)) // as the order's is kept
		case "group_id":
			if !isID(v) {
				fs.Add(name, porting.BadFormat, "Give the group's id, which is a number.")
			}
			f.Group = porting.GroupID(v)
		case "completion_date":
			day, err := porting.ParseDate(v)
			if err != nil {
				fs.Add(name, porting.BadFormat, "Give a date in the form YYYY-MM-DD.")
			}
			f.FOC = day
		case "modified_after":
			f.ModifiedAfter = readTime(name, v, &fs)
		case "modified_before":
			f.ModifiedBefore = readTime(name, v, &fs)
		case "created_after":
			f.CreatedAfter = readTime(name, v, &fs)
		case "created_before":
			f.CreatedBefore = readTime(name, v, &fs)
		case "completed_after":
			f.DoneAfter = readTime(name, v, &fs)
		case "completed_before":
			f.DoneBefore = readTime(name, v, &fs)
		case "limit":
			f.Limit = readCount(name, v, 1, maxLimit, &fs)
		case "offset":
			f.Offset = readCount(name, v, 0, maxOffset, &fs)
		case "cursor":
			id, ok := readCursor("order", v)
			if !ok || !isID(id) {
				fs.Add(name, porting.BadFormat, "Give a cursor from links.next of the page before.")
			}
			f.Before = porting.OrderID(id)
		case "order_by": // read by itself
		case "is_approved": // one SDK sends it here by mistake (C-RB)
		default:
			fs.Add(escape(name), porting.Unknown, "There is no such parameter.")
		}
	}
	return f, fs
}

// cursorOf writes a place in a list. What it holds is not for its readers.
func cursorOf(kind, place string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + place))
}

// maxPlace is how long a place can be: a key of the store has 1,024 bytes, of which some stand before the place.
const maxPlace = 960

// readCursor returns the place of a cursor of the kind.
func readCursor(kind, cursor string) (place string, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(text) > maxPlace {
		return "", false
	}
	return strings.CutPrefix(string(text), kind+":")
}

// maxNumberFilter is how many numbers one list call may name.
const maxNumberFilter = 100

// readNumberFilter takes the parameter repeated, or with commas between the numbers.
func readNumberFilter(values []string, fs *porting.Faults) []string {
	var all []string
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			n, err := nanp.Parse(part) // a plus that was not escaped has become a space
			if err != nil {
				fs.Add("numbers", faultOf(err), sentence(err))
				return nil
			}
			all = append(all, n.E164())
		}
	}
	if len(all) > maxNumberFilter {
		fs.Add("numbers", porting.TooMany, "Give at most "+itoa(maxNumberFilter)+" numbers.")
		return nil
	}
	return all
}

func readStatus(v string, fs *porting.Faults) porting.Status {
	s, ok := porting.ParseStatus(v)
	if !ok {
		fs.Add("status", porting.BadFormat, "There is no such status. Give one such as pending or rejected.")
	}
	return s
}

// readTime takes an instant, or a day, which stands for its midnight in UTC.
func readTime(name, v string, fs *porting.Faults) time.Time {
	if t, err := time.Parse(time.DateOnly, v); err == nil {
		return t
	}
	t, err := time.Parse(time.RFC3339, strings.ReplaceAll(v, " ", "+")) // a plus that was not escaped
	if err != nil {
		fs.Add(name, porting.BadFormat, "Give a date (YYYY-MM-DD) or a time such as 2026-01-31T17:00:00Z.")
	}
	return t
}

func readCount(name, v string, low, high int, fs *porting.Faults) int {
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		fs.Add(name, porting.OutOfRange, "Give a whole number from "+itoa(low)+" to "+itoa(high)+".")
		return low
	}
	return n
}
