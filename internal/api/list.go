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

// listItem is one order of a list: the documented attributes, and ours, which a work list shows. The id stands inside too,
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

	// Next is what happens next by itself, and when; null where nothing does.
	Next        *coming  `json:"next"`
	NumberCount int      `json:"number_count"`
	Numbers     []string `json:"numbers"` // the first few
	// Reason is the first reason of the present rejection; null where there is none.
	Reason *string `json:"reason"`
	Turn   string  `json:"turn"`
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
	// csv asks for a sheet.
	csv bool
}

// listing reads the parameters of a list call.
func (r *request) listing() (listing, error) {
	q := r.query()
	var fs porting.Faults
	sheet := false
	if format := q["format"]; len(format) > 0 {
		if sheet = slices.Equal(format, []string{"csv"}); !sheet && !slices.Equal(format, []string{"json"}) {
			fs.Add("format", porting.BadFormat, "Give json or csv.")
		}
	}
	most := maxLimit
	if sheet {
		most = maxSheet
	}
	f, faults := readFilter(q, most)
	fs = append(fs, faults...)
	if _, ok := q["limit"]; sheet && !ok {
		f.Limit = maxSheet
	}
	l := listing{filter: f, csv: sheet}
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
	page, err := a.page(ctx, r, l)
	if err != nil {
		return reply{}, err
	}
	if l.csv {
		return a.sheetReply(r, l, page)
	}
	return a.listReply(r, l, page), nil
}

// page reads the orders that a list call asks for.
func (a *API) page(ctx context.Context, r *request, l listing) (orders.HeadPage, error) {
	if len(l.by) == 0 {
		return a.book.Rows(ctx, r.account, l.filter)
	}
	wanted := l.filter
	wanted.Limit++ // one more, to know whether there is a next page
	found, err := a.sorted(ctx, r.account, wanted, l.by)
	if err != nil {
		return orders.HeadPage{}, err
	}
	rows, err := a.book.Heads(ctx, found[:min(l.filter.Limit, len(found))])
	return orders.HeadPage{Rows: rows, More: len(found) > l.filter.Limit}, err
}

// listReply is the answer with a page of orders.
func (a *API) listReply(r *request, l listing, p orders.HeadPage) reply {
	all := list{Data: []resource{}}
	for _, h := range p.Rows {
		all.Data = append(all.Data, r.orderResource(h.ID, a.itemOf(h)))
	}
	return reply{status: http.StatusOK, body: document{Data: resource{Type: "portorder_list", Attributes: listAttributes{all}},
		Links: r.around(l, p)}}
}

// around are the links of a page of orders.
func (r *request) around(l listing, p orders.HeadPage) *links {
	q := r.query()
	around := r.self(queryText(q))
	if p.More {
		q["limit"] = []string{itoa(l.filter.Limit)}
		if len(l.by) > 0 {
			q["offset"] = []string{itoa(l.filter.Offset + l.filter.Limit)}
		} else {
			q["cursor"] = []string{cursorOf("order", string(p.Next))}
			delete(q, "offset")
		}
		around.Next = r.self(queryText(q)).Self
	}
	return around
}

// itemOf is an order as lists show it.
func (a *API) itemOf(o orders.Head) listItem {
	item := listItem{
		Alias: o.Details.Alias, CompletionDate: orNull(string(o.FOC)), CreatedDate: *stamp(o.Created), Desired: orNull(string(o.Details.Desired)),
		GroupID: string(o.Group), ID: string(o.ID), ModifiedDate: *stamp(o.Updated), Status: string(o.Status), StatusUpdatedAt: stamp(o.StatusAt),
		NumberCount: o.Count, Numbers: []string{}, Turn: string(o.Turn()),
	}
	if event, at, ok := orders.Next(a.book.Rules, o.Order); ok {
		item.Next = &coming{event, *stamp(at)}
	}
	for _, n := range o.Numbers {
		item.Numbers = append(item.Numbers, n.TN)
	}
	if len(o.Reasons) > 0 && orders.ShowsReasons(o.Status) {
		item.Reason = orNull(string(o.Reasons[0].Code))
	}
	return item
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
func readFilter(q url.Values, most int) (orders.Filter, porting.Faults) {
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
		case "desired_completion_date":
			day, err := porting.ParseDate(v)
			if err != nil {
				fs.Add(name, porting.BadFormat, "Give a date in the form YYYY-MM-DD.")
			}
			f.Desired = day
		case "turn":
			f.Turn = porting.Turn(strings.ToLower(v))
			if !slices.Contains([]porting.Turn{porting.TurnCustomer, porting.TurnStaff, porting.TurnCarrier, porting.TurnCalendar}, f.Turn) {
				fs.Add(name, porting.BadFormat, "Give customer, staff, carrier or calendar.")
			}
		case "reason":
			f.Reason = porting.ReasonCode(strings.ToUpper(v))
			if !slices.ContainsFunc(porting.Reasons, func(info porting.ReasonInfo) bool { return info.Code == f.Reason }) {
				fs.Add(name, porting.BadFormat, "There is no such reason. Give the code of one, such as ZIP_MISMATCH.")
			}
		case "next_before":
			f.DueBefore = readTime(name, v, &fs)
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
			f.Limit = readCount(name, v, 1, most, &fs)
		case "offset":
			f.Offset = readCount(name, v, 0, maxOffset, &fs)
		case "cursor":
			id, ok := readCursor("order", v)
			if !ok || !isID(id) {
				fs.Add(name, porting.BadFormat, "Give a cursor from links.next of the page before.")
			}
			f.Before = porting.OrderID(id)
		case "order_by", "format": // read by themselves
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
