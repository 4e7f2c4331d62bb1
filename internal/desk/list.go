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
	{"change", "Changes", orders.DueKind(porting.QueueChange.Due())},
	{"today", "Due today", orders.DueKind(porting.QueueToday.Due())},
	{"fallout", "Fallout", orders.DueKind(porting.QueueFallout.Due())},
	{"silent", "Silent", orders.DueKind(porting.QueueSilent.Due())},
	{"later", "Put off", DueLater},
	{"parked", "Parked", orders.DueParked},
	{"all", "All", ""},
}

// The length of a page, how many places are read of a list for its count, in how many a filter or another order looks, and
// how many orders that are put off are known.
const (
	pageLength = 25
	countMost  = 100
	filterMost = 400
	laterMost  = 1000
)

// always is later than every due date.
var always = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// waiting is an order's place on a list.
type waiting struct {
	tab string
	orders.Due
}

// lists are the places that were read of each list, the oldest promise first.
type lists struct {
	places map[string][]waiting
	more   map[string]bool // there are more places on the list than were read
}

// count is how many are on a list, as far as they were read.
func (l lists) count(tab string) string {
	n := strconv.Itoa(len(l.places[tab]))
	if l.more[tab] {
		n += "+"
	}
	return n
}

// place is where a page of a list ends.
type place struct {
	At  time.Time `json:"at"`
	Key string    `json:"key"`
}

// lists reads at most so many places of a list, or of every list where only is empty, behind a place: one query for each
// shard of each kind, all kinds at the same time. An order that is put off stands on the list of those alone.
func (w *Widgets) lists(ctx context.Context, now time.Time, only string, behind *place, most int) (lists, error) {
	desk := w.Book.Rules.Calendar.Location()
	var from orders.Due
	if behind != nil {
		from = orders.Due{At: behind.At, Key: behind.Key}
	}
	var kinds []tab
	for _, t := range tabs {
		if t.kind != "" && t.kind != DueLater && (only == "" || only == "all" || only == t.name) {
			kinds = append(kinds, t)
		}
	}
	if only == "" {
		kinds = append(kinds, tab{"asked", "", orders.DueDesk})
	}
	found, errs := make([][]orders.Due, len(kinds)), make([]error, len(kinds))
	var off []orders.Due
	var offErr error
	var all sync.WaitGroup
	for i, t := range kinds {
		until := always
		if t.name == "today" {
			until = porting.DateOf(now.In(desk).AddDate(0, 0, 1)).In(desk)
		}
		all.Go(func() { found[i], errs[i] = w.Lists.DueBehind(ctx, t.kind, from, until, most+1) })
	}
	all.Go(func() { off, offErr = w.Marks.PutOff(ctx, laterMost) })
	all.Wait()
	if offErr != nil {
		return lists{}, offErr
	}
	by, listed, hidden := lists{map[string][]waiting{}, map[string]bool{}}, map[porting.OrderID]bool{}, map[porting.OrderID]bool{}
	for _, d := range off {
		if d.At.After(now) {
			hidden[d.Order] = true
			by.places["later"] = append(by.places["later"], waiting{"later", d})
		}
	}
	for i, t := range kinds {
		if errs[i] != nil {
			return by, errs[i]
		}
		if t.name == "asked" {
			old, err := w.before(ctx, found[i], listed)
			if err != nil {
				return by, err
			}
			found[i] = old
			t.name = "decide"
		}
		if len(found[i]) > most {
			by.more[t.name], by.more["all"] = true, true
			found[i] = found[i][:most]
		}
		for _, d := range found[i] {
			listed[d.Order] = true
			if !hidden[d.Order] || t.name == "parked" {
				by.places[t.name] = append(by.places[t.name], waiting{t.name, d})
				by.places["all"] = append(by.places["all"], waiting{t.name, d})
			}
		}
	}
	for _, some := range by.places {
		slices.SortStableFunc(some, func(a, b waiting) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	}
	return by, nil
}

// before keeps, of all questions to the desk, those that were asked before it had lists: their orders stand on none.
func (w *Widgets) before(ctx context.Context, asked []orders.Due, listed map[porting.OrderID]bool) ([]orders.Due, error) {
	asked = slices.DeleteFunc(asked, func(d orders.Due) bool { return listed[d.Order] })
	asked = asked[:min(len(asked), countMost)]
	var ids []porting.OrderID
	for _, d := range asked {
		ids = append(ids, d.Order)
	}
	heads, err := w.Lists.Heads(ctx, ids)
	if err != nil {
		return nil, err
	}
	new := map[porting.OrderID]bool{}
	for _, h := range heads {
		for _, q := range porting.Queues() {
			if !h.Due[q.Due()].IsZero() && q != porting.QueueComment && q != porting.QueueToday {
				new[h.ID] = true
			}
		}
	}
	return slices.DeleteFunc(asked, func(d orders.Due) bool { return new[d.Order] }), nil
}

// row is a line of the list.
type row struct {
	waiting
	head   orders.Head
	known  bool // the order exists: an intake that is parked has none
	queued orders.Queued
	mark   Mark
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
	marks, err := w.Marks.MarksOf(ctx, ids)
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
		r := row{waiting: p, head: h, known: known, mark: marks[p.Order]}
		if p.tab == "parked" {
			r.queued, queued = queued[0], queued[1:]
		}
		all = append(all, r)
	}
	return all, nil
}

// list makes the work list.
func (s *screen) list() markup {
	at := slices.IndexFunc(tabs, func(t tab) bool { return t.name == s.call.Tab })
	if at < 0 {
		at = len(tabs) - 1
	}
	s.call.Tab = tabs[at].name
	if c := s.call.Context; s.call.Filter {
		s.call.Customer, s.call.Carrier, s.call.Class, s.call.Reason, s.call.Days, s.call.Sort = c.form("customer"), c.form("carrier"),
			c.form("class"), c.form("reason"), c.form("days"), c.form("sort")
		s.call.Filter, s.call.Page, s.call.Behind, s.call.Before = false, 0, nil, nil
	}
	if s.filters() {
		return s.filtered()
	}
	only, most := "", countMost
	if s.call.Behind != nil {
		only, most = s.call.Tab, pageLength
	}
	by, err := s.lists(s.ctx, s.now, only, s.call.Behind, most)
	if err != nil {
		return s.trouble(err)
	}
	places := by.places[s.call.Tab]
	more := by.more[s.call.Tab] || len(places) > pageLength
	places = places[:min(len(places), pageLength)]
	rows, err := s.rows(s.ctx, places)
	if err != nil {
		return s.trouble(err)
	}
	from := 1 + pageLength*len(s.call.Before)
	caption := fmt.Sprintf("%d to %d, the oldest promise first", from, from+len(rows)-1)
	if s.call.Behind == nil {
		caption = fmt.Sprintf("%d to %d of %s, the oldest promise first", from, from+len(rows)-1, by.count(s.call.Tab))
	}
	turn := s.call
	turn.Context = nil
	var pages []markup
	if n := len(s.call.Before); n > 0 {
		back := turn
		back.Behind, back.Before = s.call.Before[n-1], s.call.Before[:n-1]
		pages = append(pages, s.see("Previous page", back))
	}
	if more && len(places) > 0 && s.call.Tab != "later" {
		last := places[len(places)-1]
		turn.Before, turn.Behind = append(slices.Clone(s.call.Before), s.call.Behind), &place{last.At, last.Key}
		pages = append(pages, s.see("Next page", turn))
	}
	return s.listed(by, rows, caption, pages)
}

// filtered makes a list of what passes the filter, or in another order. It looks at the oldest promises alone.
func (s *screen) filtered() markup {
	all, by, err := s.passing()
	if err != nil {
		return s.trouble(err)
	}
	places := by.places[s.call.Tab]
	cut := min(len(places), filterMost)
	sorted := s.sorted(all)
	pages := max(1, (len(all)+pageLength-1)/pageLength)
	page := min(max(s.call.Page, 0), pages-1)
	from, to := page*pageLength, min((page+1)*pageLength, len(all))
	caption := fmt.Sprintf("%d to %d of %d, %s", min(from+1, to), to, len(all), sorted)
	if cut < len(places) || by.more[s.call.Tab] {
		caption += fmt.Sprintf("; only the %d oldest promises were looked at", cut)
	}
	next := s.call
	next.Context = nil
	var turn []markup
	if page > 0 {
		next.Page = page - 1
		turn = append(turn, s.see("Previous page", next))
	}
	if page < pages-1 {
		next.Page = page + 1
		turn = append(turn, s.see("Next page", next))
	}
	return s.listed(by, all[from:to], caption, turn)
}

// passing reads what passes the filter of the list, among its oldest promises.
func (s *screen) passing() ([]row, lists, error) {
	by, err := s.lists(s.ctx, s.now, "", nil, filterMost)
	if err != nil {
		return nil, by, err
	}
	places := by.places[s.call.Tab]
	all, err := s.rows(s.ctx, places[:min(len(places), filterMost)])
	return slices.DeleteFunc(all, func(r row) bool { return !s.passes(r) }), by, err
}

// sorts are the orders of a list beside that of the promises.
var sorts = []choice{{"", "the oldest promise first"}, {"since", "who waits longest first"}, {"customer", "by customer"}, {"carrier", "by carrier"},
	{"numbers", "most numbers first"}}

// sorted sorts lines as the person has chosen, and says how.
func (s *screen) sorted(rows []row) string {
	i := slices.IndexFunc(sorts, func(c choice) bool { return c.value == s.call.Sort })
	if i <= 0 {
		return sorts[0].label
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		switch s.call.Sort {
		case "since":
			return s.since(a).Compare(s.since(b))
		case "customer":
			return cmp.Compare(a.head.Account, b.head.Account)
		case "carrier":
			return cmp.Compare(a.head.Carrier.Name, b.head.Carrier.Name)
		}
		return cmp.Compare(b.head.Count, a.head.Count)
	})
	return sorts[i].label
}

// listed shows lines of a list, with the tabs and the filter above and the pages below.
func (s *screen) listed(by lists, rows []row, caption string, pages []markup) markup {
	content := []markup{s.tabBar(by), s.filterForm()}
	if len(rows) == 0 {
		return el("div", content, el("p", "Nothing waits here."), el("div", pages))
	}
	if s.call.Tab == "parked" || s.call.Tab == "all" {
		content = append(content, textField("initials", "Your initials, to release parked work", s.call.Initials, s.wrong("initials"), maxLength(4)))
	}
	many := s.call
	many.Context, many.View, many.Behind, many.Before, many.Page = nil, "bulk", nil, nil, 0
	return el("div", content, s.table(rows, caption), el("div", pages, s.see("Decide on all of these", many)))
}

// maxLength bounds the text of a field.
func maxLength(n int) attr { return at("maxlength", strconv.Itoa(n)) }

// tabBar shows the lists with how much is on each.
func (s *screen) tabBar(by lists) markup {
	var bar []markup
	for _, t := range tabs {
		label := t.title
		if s.call.Behind == nil {
			label += " " + by.count(t.name)
		}
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
	return c.Customer+c.Carrier+c.Class+c.Reason+c.Days+c.Sort != ""
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
		textField("days", "Waits for at least so many days", s.call.Days, "", at("inputmode", "numeric")),
		selectField("sort", "In the order", s.call.Sort, "", sorts)),
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
	case "later":
		return r.head.Updated
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
	case "later":
		return "Put off by " + r.mark.LaterBy + ": " + r.mark.LaterWhy
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
		if who := r.mark.takenBy(s.now); who != "" {
			asked += el("br") + el("span", class("quiet"), who+" works on it")
		}
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
		switch r.tab {
		case "parked":
			due = el("span", class("quiet"), "tried again") + el("br") + s.when(r.At)
		case "later":
			due = el("span", class("quiet"), "comes back") + el("br") + s.when(r.At)
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
