package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"portway/internal/nanp"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// tab is one of the work lists: what is on it, and by which due dates it is read.
type tab struct {
	name, title string
	kind        orders.DueKind
}

// tabs are the lists, the one that shows all of them last.
var tabs = []tab{
	{"decide", "To decide", orders.DueKind(porting.QueueDecide.Due())},
	{"review", "Review", orders.DueKind(porting.QueueReview.Due())},
	{"comment", "Comments", orders.DueKind(porting.QueueComment.Due())},
	{"today", "Due today", orders.DueKind(porting.QueueToday.Due())},
	{"fallout", "Fallout", orders.DueKind(porting.QueueFallout.Due())},
	{"silent", "Silent", orders.DueKind(porting.QueueSilent.Due())},
	{"parked", "Parked", orders.DueParked},
	{"all", "All", ""},
}

// The length of a page, how many waiting orders are read of a list at most, and in how many a filter looks.
const (
	pageLength = 25
	listMost   = 10_000
	filterMost = 400
)

// always is later than every due date.
var always = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// waiting is an order's place on a list.
type waiting struct {
	tab string
	orders.Due
}

// lists reads every list: one query for each shard of each kind, all at the same time. What was asked of the desk before it
// had lists stands among the questions to decide.
func (w *Widgets) lists(ctx context.Context, now time.Time) (map[string][]waiting, error) {
	desk := w.Book.Rules.Calendar.Location()
	kinds := append(slices.Clone(tabs[:len(tabs)-1]), tab{"asked", "", orders.DueDesk})
	found, errs := make([][]orders.Due, len(kinds)), make([]error, len(kinds))
	var all sync.WaitGroup
	for i, t := range kinds {
		until := always
		if t.name == "today" {
			until = porting.DateOf(now.In(desk).AddDate(0, 0, 1)).In(desk)
		}
		all.Go(func() { found[i], errs[i] = w.Book.Store.Due(ctx, t.kind, until, listMost) })
	}
	all.Wait()
	by, listed := map[string][]waiting{}, map[porting.OrderID]bool{}
	for i, t := range kinds {
		if errs[i] != nil {
			return nil, errs[i]
		}
		on := t.name
		if on == "asked" {
			on = "decide"
		}
		for _, d := range found[i] {
			if t.name == "asked" && listed[d.Order] {
				continue
			}
			switch on {
			case "decide", "review", "fallout", "silent":
				listed[d.Order] = true
			}
			by[on] = append(by[on], waiting{on, d})
			by["all"] = append(by["all"], waiting{on, d})
		}
	}
	for _, some := range by {
		slices.SortStableFunc(some, func(a, b waiting) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	}
	return by, nil
}

// row is a line of the list.
type row struct {
	waiting
	head   orders.Head
	known  bool // the order exists: an intake that is parked has none
	queued orders.Queued
}

// rows reads the orders of places on the lists, and why work is parked: one read of each kind for a page.
func (w *Widgets) rows(ctx context.Context, places []waiting) ([]row, error) {
	var ids []porting.OrderID
	var parked []orders.Due
	for _, p := range places {
		if p.Order != "" && !slices.Contains(ids, p.Order) {
			ids = append(ids, p.Order)
		}
		if p.tab == "parked" {
			parked = append(parked, p.Due)
		}
	}
	heads, err := w.Lists.Heads(ctx, ids)
	if err != nil {
		return nil, err
	}
	queued, err := w.Lists.AllQueued(ctx, parked)
	if err != nil {
		return nil, err
	}
	byID := map[porting.OrderID]orders.Head{}
	for _, h := range heads {
		byID[h.ID] = h
	}
	var all []row
	for _, p := range places {
		h, known := byID[p.Order]
		r := row{waiting: p, head: h, known: known}
		if p.tab == "parked" {
			r.queued, queued = queued[0], queued[1:]
		}
		all = append(all, r)
	}
	return all, nil
}

// list makes the work list.
func (s *screen) list() markup {
	by, err := s.lists(s.ctx, s.now)
	if err != nil {
		return s.trouble(err)
	}
	at := slices.IndexFunc(tabs, func(t tab) bool { return t.name == s.call.Tab })
	if at < 0 {
		at = len(tabs) - 1
	}
	s.call.Tab = tabs[at].name
	if s.call.Filter {
		s.call.Customer, s.call.Carrier, s.call.Class, s.call.Reason, s.call.Days = s.call.Context.form("customer"),
			s.call.Context.form("carrier"), s.call.Context.form("class"), s.call.Context.form("reason"), s.call.Context.form("days")
		s.call.Filter, s.call.Page = false, 0
	}
	places := by[s.call.Tab]
	note := ""
	var rows []row
	if s.filters() {
		cut := min(len(places), filterMost)
		if cut < len(places) {
			note = fmt.Sprintf("The filter has looked at the oldest %d of %d.", cut, len(places))
		}
		all, err := s.rows(s.ctx, places[:cut])
		if err != nil {
			return s.trouble(err)
		}
		rows = slices.DeleteFunc(all, func(r row) bool { return !s.passes(r) })
		places = make([]waiting, len(rows))
	}
	pages := max(1, (len(places)+pageLength-1)/pageLength)
	page := min(max(s.call.Page, 0), pages-1)
	from, to := page*pageLength, min((page+1)*pageLength, len(places))
	if s.filters() {
		rows = rows[from:to]
	} else if rows, err = s.rows(s.ctx, places[from:to]); err != nil {
		return s.trouble(err)
	}
	var content []markup
	content = append(content, s.tabBar(by), s.filterForm())
	if len(rows) == 0 {
		return el("div", content, el("p", "Nothing waits here."))
	}
	if s.call.Tab == "parked" {
		content = append(content, textField("initials", "Your initials, to release parked work", s.call.Initials, s.wrong("initials"), maxLength(4)))
	}
	content = append(content, s.table(rows, fmt.Sprintf("%d to %d of %d, the oldest promise first", from+1, to, len(places))))
	if note != "" {
		content = append(content, el("p", class("quiet"), note))
	}
	var turn []markup
	next := s.call
	next.Context = nil
	if page > 0 {
		next.Page = page - 1
		turn = append(turn, s.see("Previous page", next))
	}
	if page < pages-1 {
		next.Page = page + 1
		turn = append(turn, s.see("Next page", next))
	}
	return el("div", content, el("div", turn))
}

// maxLength bounds the text of a field.
func maxLength(n int) attr { return at("maxlength", strconv.Itoa(n)) }

// tabBar shows the lists with how much is on each.
func (s *screen) tabBar(by map[string][]waiting) markup {
	var bar []markup
	for _, t := range tabs {
		label := fmt.Sprintf("%s %d", t.title, len(by[t.name]))
		b := s.see(label, Call{View: "list", Tab: t.name})
		if t.name == s.call.Tab {
			b = markup(strings.Replace(string(b), `<button type="button"`, `<button type="button" aria-current="page"`, 1))
		}
		bar = append(bar, b)
	}
	return el("div", at("role", "navigation"), at("aria-label", "Work lists"), el("h2", "What waits for a person"), bar)
}

func (s *screen) filters() bool {
	c := s.call
	return c.Customer+c.Carrier+c.Class+c.Reason+c.Days != ""
}

// passes says whether a line passes the filter.
func (s *screen) passes(r row) bool {
	has := func(all, part string) bool { return strings.Contains(strings.ToLower(all), strings.ToLower(part)) }
	c := s.call
	days, err := strconv.Atoi(c.Days)
	reason := c.Reason == "" || slices.ContainsFunc(r.head.Reasons, func(x porting.Reason) bool { return has(string(x.Code), c.Reason) }) ||
		has(s.asked(r), c.Reason)
	return has(string(r.head.Account), c.Customer) && has(r.head.Carrier.Name, c.Carrier) && has(string(r.head.Class), c.Class) && reason &&
		(err != nil || s.now.Sub(s.since(r)) >= time.Duration(days)*24*time.Hour)
}

func (s *screen) filterForm() markup {
	to := Call{View: "list", Tab: s.call.Tab, Filter: true}
	parts := []markup{el("div", class("row"),
		textField("customer", "Customer's account", s.call.Customer, ""), textField("carrier", "Carrier", s.call.Carrier, ""),
		textField("class", "Class", s.call.Class, ""), textField("reason", "Reason or question", s.call.Reason, ""),
		textField("days", "Waits for at least so many days", s.call.Days, "", at("inputmode", "numeric"))),
		s.see("Apply the filter", to), s.see("Show all", Call{View: "list", Tab: s.call.Tab})}
	if s.filters() {
		return el("details", attr{name: "open", flag: true}, el("summary", "Filter"), parts)
	}
	return more("Filter", parts...)
}

// since is since when the order waits.
func (s *screen) since(r row) time.Time {
	switch r.tab {
	case "parked":
		return r.queued.Since
	case "comment":
		return r.head.Unanswered
	case "today", "review":
		return r.head.StatusAt
	}
	if r.head.DeskAt.IsZero() {
		return r.head.Updated
	}
	return r.head.DeskAt
}

// asked is what the person is asked, in one sentence.
func (s *screen) asked(r row) string {
	switch r.tab {
	case "parked":
		return fmt.Sprintf("Work of the kind %s has failed, %d in a row: %s", r.queued.Kind, r.queued.Tries, text.English.Staff(r.queued.Why))
	case "comment":
		return "The customer has written a comment. Answer it, or say that it needs no answer."
	case "today":
		return "The numbers move on " + string(r.head.FOC) + "."
	}
	if r.head.Desk.IsZero() {
		return text.English.Staff(porting.Say(porting.MsgAskReview))
	}
	return text.English.Staff(r.head.Desk)
}

// table shows lines.
func (s *screen) table(rows []row, caption string) markup {
	heads := []string{"Order", "Due", "What is asked", "Customer", "Carrier", "Numbers", "Class", "Waits since"}
	var cells [][]markup
	for _, r := range rows {
		first := plain(string(r.Order))
		if r.known {
			first = s.see(string(r.Order), Call{View: "order", Order: r.Order})
		}
		asked := plain(s.asked(r))
		if r.tab == "parked" {
			asked += el("br") + button("Release", "", s.act, "Have the parked work tried again now?", decision{Action: unpark, Order: r.Order,
				Kind: r.queued.Kind, Desk: s.deskARN()})
		}
		numbers := "–"
		if len(r.head.Numbers) > 0 {
			numbers = shown(r.head.Numbers[0].TN)
			if r.head.Count > 1 {
				numbers += fmt.Sprintf(" and %d more", r.head.Count-1)
			}
		}
		due := s.due(r.At)
		if r.tab == "parked" {
			due = el("span", class("quiet"), "tried again") + el("br") + s.when(r.At)
		}
		cells = append(cells, []markup{first, due, asked, plain(string(r.head.Account)), plain(r.head.Carrier.Name), plain(numbers),
			plain(strings.ReplaceAll(string(r.head.Class), "_", " ")), s.when(s.since(r))})
	}
	return table(caption, heads, cells)
}

// deskARN is the ARN of the function that shows, whichever function answers.
func (s *screen) deskARN() string { return s.self }

// shown writes a number as people do.
func shown(tn string) string {
	if n, err := nanp.Parse(tn); err == nil {
		ten := n.Ten()
		return ten[:3] + "-" + ten[3:6] + "-" + ten[6:]
	}
	return tn
}

// searchBox asks for what is searched for.
func (s *screen) searchBox() markup {
	return el("div", class("row"), at("role", "search"),
		textField("q", "Find an order by its id, a number or a PON", s.call.Context.form("q"), ""),
		el("div", s.see("Find", Call{View: "search"}), s.see("Work list", Call{View: "list", Tab: s.call.Tab}),
			s.see("Accounts", Call{View: "accounts"})))
}

// search finds the order of an id, a telephone number in any spelling, or a PON: one read.
func (s *screen) search() markup {
	q := s.call.Context.form("q")
	if q == "" {
		s.fail("Type the id of an order, a telephone number or a PON, and press Find.")
		return s.list()
	}
	id, err := s.find(q)
	switch {
	case porting.Is(err, porting.NotFound):
		s.fail("No order is found by “%s”. An order that has ended is found by its id or PON alone.", q)
		return s.list()
	case err != nil:
		return s.trouble(err)
	}
	return s.order(id)
}

// find returns the order of what was typed.
func (s *screen) find(q string) (porting.OrderID, error) {
	if id := porting.PON(strings.ToLower(q)).Order(); id != "" {
		return id, nil
	}
	if n, err := nanp.Parse(q); err == nil {
		return s.Book.Store.Holder(s.ctx, n.E164())
	}
	return porting.OrderID(q), nil
}
