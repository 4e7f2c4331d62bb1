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

// Paging, as documented (D-SEA); how far one can go is our decision.
const (
	defaultLimit = 10
	maxLimit     = 200
	maxOffset    = 1_000_000
)

// listItem is one order of a list: what the store's index of an account holds. The id stands inside too, as printed (D-SEA).
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
	// Excluded are the numbers of a create call that can't be ported, where it asked to go on without them.
	Excluded []excluded `json:"excluded,omitempty"`
	// Missing are the secrets that an order opened in the group has not got from the group's first one.
	Missing []missing `json:"missing,omitempty"`
}

// list is GET /v2/portorders: the account's orders, newest first unless order_by says otherwise; with group_id and a status without a value, the status of
// that group.
func (a *API) list(ctx context.Context, r *request) (reply, error) {
	r.prefix = "" // faults are of parameters
	q := r.query()
	f, fs := readFilter(q)
	var by sorting
	if values, ok := q["order_by"]; ok {
		by = readSorting(values, &fs)
		if f.Before != "" {
			fs.Add("cursor", porting.NotAllowed, "A cursor goes through orders by time; with order_by send offset.")
		}
		if by.has("group_status") && len(f.Numbers) > 0 {
			fs.Add("order_by", porting.NotAllowed, "group_status does not go with numbers.")
		}
	}
	f.Sandbox = r.sandbox
	if group, ok := q["group_id"]; ok && isFlag(q["status"]) {
		// everything else in such a query is refused: it would narrow nothing
		for _, name := range names(q) {
			if name != "group_id" && name != "status" {
				fs.Add(escape(name), porting.NotAllowed, "This does not go with a group's status.")
			}
		}
		if err := fs.Err(); err != nil {
			return reply{}, err
		}
		return a.group(ctx, r, porting.GroupID(group[0]))
	}
	if isFlag(q["status"]) {
		fs.Add("status", porting.Required, "Name a status; without a value it goes with group_id only.")
	}
	if _, ok := q["offset"]; ok && f.Before != "" {
		fs.Add("offset", porting.NotAllowed, "Send cursor or offset, not both.")
	}
	if err := fs.Err(); err != nil {
		return reply{}, err
	}
	limit := f.Limit
	f.Limit++ // one more, to know whether there is a next page
	read := a.book.Store.List
	if len(by) > 0 {
		read = func(ctx context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
			return a.sorted(ctx, id, f, by)
		}
	}
	found, err := read(ctx, r.account, f)
	if err != nil {
		return reply{}, err
	}
	all := list{Data: []resource{}}
	for _, o := range found[:min(limit, len(found))] {
		all.Data = append(all.Data, resource{Type: "portorder", ID: string(o.ID), Links: r.self("/" + string(o.ID)), Attributes: listItem{
			Alias: o.Details.Alias, CompletionDate: orNull(string(o.FOC)), CreatedDate: *stamp(o.Created), Desired: orNull(string(o.Details.Desired)),
			GroupID: string(o.Group), ID: string(o.ID), ModifiedDate: *stamp(o.Updated), Status: string(o.Status), StatusUpdatedAt: stamp(o.StatusAt)}})
	}
	page := r.self(queryText(q))
	if len(found) > limit {
		q["limit"] = []string{itoa(limit)}
		if len(by) > 0 {
			q["offset"] = []string{itoa(f.Offset + limit)}
		} else {
			q["cursor"] = []string{cursorOf("order", string(found[limit-1].ID))}
			delete(q, "offset")
		}
		page.Next = r.self(queryText(q)).Self
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_list", Attributes: listAttributes{all}}, Links: page}}, nil
}

// group is GET /v2/portorders?group_id=X&status.
func (a *API) group(ctx context.Context, r *request, id porting.GroupID) (reply, error) {
	if !isID(string(id)) {
		return reply{}, orders.ErrNoGroup
	}
	g, members, err := a.book.Store.Group(ctx, id)
	if porting.Is(err, porting.NotFound) || err == nil && g.Account != r.account {
		err = orders.ErrNoGroup
	}
	if err != nil {
		return reply{}, err
	}
	all := list{Data: []resource{}}
	var states []porting.Status
	for _, o := range members {
		states = append(states, o.Status)
		all.Data = append(all.Data, resource{Type: "portorder", ID: string(o.ID), Attributes: statusOf(o), Links: r.self("/" + string(o.ID))})
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_group", ID: string(g.ID),
		Attributes: groupAttributes{Orders: all, Status: string(porting.Summarize(states))}, Links: r.groupLink(g.ID)}}}, nil
}

func (r *request) groupLink(id porting.GroupID) *links {
	return r.self("?group_id=" + string(id) + "&status")
}

// query is the query string; a name may stand more than once. A semicolon behind a name is none of it: the documented group
// status is printed with one (D-GRP).
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

// readFilter reads the documented parameters (D-SEA). What is unknown is a fault: a filter that is silently not kept shows
// orders that were not asked for.
func readFilter(q url.Values) (orders.Filter, porting.Faults) {
	f := orders.Filter{Limit: defaultLimit}
	var fs porting.Faults
	for _, name := range names(q) {
		values := q[name]
		if name != "numbers" && name != "order_by" && len(values) > 1 {
			fs.Add(name, porting.Duplicate, "This can be given once only.")
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
				fs.Add(name, porting.BadFormat, "A group's id is a number.")
			}
			f.Group = porting.GroupID(v)
		case "completion_date":
			day, err := porting.ParseDate(v)
			if err != nil {
				fs.Add(name, porting.BadFormat, "A date has the form YYYY-MM-DD.")
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
				fs.Add(name, porting.BadFormat, "A cursor comes from links.next of the page before.")
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

// cursorOf is a place in a list, of which nobody outside needs to know what it is made of.
func cursorOf(kind, place string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + place))
}

// maxPlace is how long a place can be: a key of the store's has 1,024 bytes, with what stands before the place.
const maxPlace = 960

// readCursor is the place of a cursor of the kind.
func readCursor(kind, cursor string) (place string, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(text) > maxPlace {
		return "", false
	}
	return strings.CutPrefix(string(text), kind+":")
}

// maxNumberFilter is how many numbers one list call may name.
const maxNumberFilter = 100

// readNumberFilter takes numbers repeated, or with commas between them.
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
		fs.Add("numbers", porting.TooMany, "At most "+itoa(maxNumberFilter)+" numbers.")
		return nil
	}
	return all
}

func readStatus(v string, fs *porting.Faults) porting.Status {
	s, ok := porting.ParseStatus(v)
	if !ok {
		fs.Add("status", porting.BadFormat, "There is no such status.")
	}
	return s
}

// readTime takes an instant, or a day, which is its midnight in UTC.
func readTime(name, v string, fs *porting.Faults) time.Time {
	if t, err := time.Parse(time.DateOnly, v); err == nil {
		return t
	}
	t, err := time.Parse(time.RFC3339, strings.ReplaceAll(v, " ", "+")) // a plus that was not escaped
	if err != nil {
		fs.Add(name, porting.BadFormat, "A date (YYYY-MM-DD) or an instant such as 2026-01-31T17:00:00Z.")
	}
	return t
}

func readCount(name, v string, low, high int, fs *porting.Faults) int {
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		fs.Add(name, porting.OutOfRange, "A whole number from "+itoa(low)+" to "+itoa(high)+".")
		return low
	}
	return n
}
