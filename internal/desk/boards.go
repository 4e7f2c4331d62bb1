package desk

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/carrier"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Boards are the sources of the boards, and of the carrier's profile on an order's screen.
type Boards interface {
	// Months reads what was counted of a peer since a month.
	Months(ctx context.Context, of porting.Scored, since string) ([]porting.Month, error)
}

// Carriers tells what is known of losing carriers.
type Carriers interface {
	carrier.FiguresReader
	Refresh(ctx context.Context)
	Directory() carrier.Directory
}

// board is a picture of the whole: its name, its title, and what it shows.
type board struct {
	name, title, about string
	shows              func(s *screen) (chart, error)
}

// boards are all of them in the order of their buttons.
var boards = []board{
	{"health", "Health", "Work of our programs that is overdue, by how long the oldest piece has waited.", (*screen).health},
	{"peers", "Peers", "Answers of peers in the last six months.", (*screen).peers},
	{"promises", "Promises", "Orders that wait for a person, against what is promised.", (*screen).promises},
	{"carriers", "Carriers", "What orders have shown of the carriers whose orders wait for a person, in the last four quarters.", (*screen).carriers},
	{"money", "Money", "Changes of an account's balance by month.", (*screen).moneyByMonth},
}

// chart is what a board shows: rows with a value each, of which a picture, a table and CSV are made.
type chart struct {
	heads []string
	rows  []chartRow
	note  string
}

// chartRow is a line of a chart. The bar is as long as its value; late draws it as late.
type chartRow struct {
	cells []string
	value float64
	late  bool
}

// board makes the screen of a board.
func (s *screen) board() markup {
	i := max(0, slices.IndexFunc(boards, func(b board) bool { return b.name == s.call.Tab }))
	b := boards[i]
	var bar []markup
	for _, other := range boards {
		button := s.see(other.title, Call{View: "board", Tab: other.name})
		if other.name == b.name {
			button = markup(strings.Replace(string(button), `<button type="button"`, `<button type="button" aria-current="page"`, 1))
		}
		bar = append(bar, button)
	}
	c, err := b.shows(s)
	if err != nil {
		return s.trouble(err)
	}
	parts := []markup{el("div", at("role", "navigation"), at("aria-label", "Boards"), el("h2", b.title), bar), el("p", b.about)}
	if b.name == "money" {
		parts = append(parts, el("div", class("row"), textField("account", "Account", cmp.Or(s.typed("account"), string(s.call.Account)), ""),
			el("div", s.see("Show the account's money", Call{View: "board", Tab: "money"}))))
	}
	if c.note != "" {
		parts = append(parts, el("p", class("quiet"), c.note))
	}
	if len(c.rows) == 0 {
		return el("div", parts, el("p", "There is nothing to show."))
	}
	return el("div", parts, c.picture(b.title, s.width() < 700), c.table(b.about), c.csv())
}

// picture draws a bar for each row.
func (c chart) picture(title string, narrow bool) markup {
	width, left := 760, 220
	if narrow {
		width, left = 360, 130
	}
	longest := 0.0
	for _, r := range c.rows {
		longest = math.Max(longest, r.value)
	}
	const step = 26
	num := strconv.Itoa
	var parts []markup
	for i, r := range c.rows {
		length := 1
		if longest > 0 {
			length = max(1, int(float64(width-left-70)*r.value/longest))
		}
		kind, label := "bar", r.cells[0]
		if r.late {
			kind = "bar pd-barlate"
		}
		if cut := []rune(label); len(cut) > left/7 {
			label = string(cut[:left/7-1]) + "…"
		}
		y := step * i
		parts = append(parts, el("text", at("x", num(left-8)), at("y", num(y+17)), at("text-anchor", "end"), label),
			el("rect", class(kind), at("x", num(left)), at("y", num(y+5)), at("width", num(length)), at("height", "16")),
			el("text", at("x", num(left+length+6)), at("y", num(y+17)), r.cells[1]))
	}
	return el("svg", class("line"), at("viewBox", fmt.Sprintf("0 0 %d %d", width, step*len(c.rows)+4)), at("style", "max-width:"+num(width)+"px"),
		at("role", "img"), el("title", title+", as bars: "+c.heads[1]), parts)
}

func (c chart) table(caption string) markup {
	var rows [][]markup
	for _, r := range c.rows {
		var cells []markup
		for i, cell := range r.cells {
			if i == 1 && r.late {
				cells = append(cells, sign("late", cell))
				continue
			}
			cells = append(cells, plain(cell))
		}
		rows = append(rows, cells)
	}
	return table(caption, c.heads, rows)
}

// csv shows the rows as a file to be copied: a widget can't hand out files.
func (c chart) csv() markup {
	var b strings.Builder
	line := func(cells []string) {
		for i, cell := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t") { // a spreadsheet would take it for a formula
				cell = "'" + cell
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString("\n")
	}
	line(c.heads)
	for _, r := range c.rows {
		line(r.cells)
	}
	return more("As CSV", areaField("csv", "Copy this into a file", b.String(), ""))
}

// sweptKinds are the kinds of work of our programs, in words.
var sweptKinds = []struct {
	kind orders.DueKind
	what string
}{
	{orders.DueEvent, "Effects of events"}, {orders.DueKind(porting.DueCheck), "Status checks"}, {orders.DueKind(porting.DueDriver), "Drivers of machines"},
	{orders.DueKind(porting.DueClock), "Reminders and ends"}, {orders.DueKind(porting.DuePapers), "Papers that run out"}, {orders.DueIntake, "Large create calls"},
	{"webhook", "Webhooks"}, {"webhook-paused", "Webhooks that are paused"}, {"pull", "Documents to fetch"}, {orders.DueParked, "Parked work to be tried again"},
}

// overdue is how long work of our programs may wait before a person should look (the sweeps run every 15 minutes).
const overdue = 30 * time.Minute

func (s *screen) health() (chart, error) {
	c := chart{heads: []string{"Work", "Oldest, in minutes", "Overdue", "Since"}}
	for _, k := range sweptKinds {
		due, err := s.Lists.DueBehind(s.ctx, k.kind, orders.Due{}, s.now, countMost+1)
		if err != nil {
			return c, err
		}
		r := chartRow{cells: []string{k.what, "0", "0", ""}}
		if len(due) > 0 {
			waited := s.now.Sub(due[0].At)
			n := strconv.Itoa(len(due))
			if len(due) > countMost {
				n = strconv.Itoa(countMost) + "+"
			}
			r.value, r.late = waited.Minutes(), waited > overdue
			r.cells = []string{k.what, strconv.Itoa(int(waited.Minutes())), n, s.clock(due[0].At)}
		}
		c.rows = append(c.rows, r)
	}
	return c, nil
}

func (s *screen) peers() (chart, error) {
	c := chart{heads: []string{"Peer and month", "Answers", "Accepted", "Refused", "Not carried", "Date moved or lost", "Not reached", "Last not reached"}}
	for _, name := range append(slices.Clone(s.Peers), "somos") {
		months, err := s.Boards.Months(s.ctx, porting.ScoreOfPeer(name), porting.ScoreSince(s.now))
		if err != nil {
			return c, err
		}
		for _, m := range months {
			of := func(marks ...porting.Mark) int {
				n := 0
				for _, mark := range marks {
					n += m.Marks[mark]
				}
				return n
			}
			answers, down := of(porting.MarkAccepted, porting.MarkRefused, porting.MarkDenied), ""
			if !m.DownAt.IsZero() {
				down = s.clock(m.DownAt)
			}
			c.rows = append(c.rows, chartRow{value: float64(answers), late: !m.DownAt.IsZero() && s.now.Sub(m.DownAt) < time.Hour,
				cells: []string{name + " " + m.Month, strconv.Itoa(answers), strconv.Itoa(of(porting.MarkAccepted)), strconv.Itoa(of(porting.MarkRefused)),
					strconv.Itoa(of(porting.MarkDenied)), strconv.Itoa(of(porting.MarkMoved, porting.MarkLost)), strconv.Itoa(of(porting.MarkDown)), down}})
		}
	}
	return c, nil
}

func (s *screen) promises() (chart, error) {
	c := chart{heads: []string{"List", "Late", "Waiting", "Due today", "Oldest promise"}}
	by, err := s.lists(s.ctx, s.now, "", nil, filterMost)
	if err != nil {
		return c, err
	}
	desk := s.Book.Rules.Calendar.Location()
	for _, t := range tabs {
		if t.kind == "" || t.kind == DueLater || t.kind == orders.DueParked {
			continue
		}
		late, today, oldest := 0, 0, ""
		for i, w := range by.places[t.name] {
			if i == 0 {
				oldest = s.clock(w.At)
			}
			switch {
			case w.At.Before(s.now):
				late++
			case porting.DateOf(w.At.In(desk)) == porting.DateOf(s.now.In(desk)):
				today++
			}
		}
		c.rows = append(c.rows, chartRow{value: float64(late), late: late > 0,
			cells: []string{t.title, strconv.Itoa(late), by.count(t.name), strconv.Itoa(today), oldest}})
	}
	c.note = fmt.Sprintf("Of each list, the %d oldest promises are counted.", filterMost)
	return c, nil
}

// carriersShown is how many carriers the board has.
const carriersShown = 25

func (s *screen) carriers() (chart, error) {
	c := chart{heads: []string{"Carrier", "Orders", "Days to a date", "Days to the port", "Refused most for", "Waiting here"}}
	by, err := s.lists(s.ctx, s.now, "", nil, countMost)
	if err != nil {
		return c, err
	}
	places := by.places["all"]
	rows, err := s.rows(s.ctx, places[:min(len(places), countMost)])
	if err != nil {
		return c, err
	}
	type found struct {
		name, spid string
		profile    carrier.Profile
		waiting    int
	}
	var all []found
	s.Carriers.Refresh(s.ctx)
	for _, r := range rows {
		if !r.known || r.head.Kind == porting.TollFree {
			continue
		}
		p, _ := s.Carriers.Directory().Find(r.head.Carrier.SPID, false, r.head.Carrier.Name)
		name := cmp.Or(p.Name, r.head.Carrier.Name, r.head.Carrier.SPID)
		i := slices.IndexFunc(all, func(f found) bool { return f.name == name })
		if i < 0 {
			i = len(all)
			all = append(all, found{name: name, spid: r.head.Carrier.SPID, profile: p})
		}
		all[i].waiting++
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.waiting, a.waiting) })
	days := func(d carrier.Days) string {
		if d.Orders == 0 {
			return "–"
		}
		return fmt.Sprintf("%d, nine in ten within %d", d.Median, d.Ninety)
	}
	for _, f := range all[:min(len(all), carriersShown)] {
		figures, _, err := s.Carriers.Figures(s.ctx, f.profile, f.spid)
		if err != nil {
			return c, err
		}
		var most []string
		for _, r := range figures.Refusals[:min(3, len(figures.Refusals))] {
			most = append(most, fmt.Sprintf("%s (%d)", r.Code.Info().Title, r.Orders))
		}
		c.rows = append(c.rows, chartRow{value: float64(figures.Orders),
			cells: []string{f.name, strconv.Itoa(figures.Orders), days(figures.FOC), days(figures.Port), strings.Join(most, ", "), strconv.Itoa(f.waiting)}})
	}
	c.note = "Half of the orders took the first number of days or less."
	return c, nil
}

// moneyLines is how many changes of a balance the board looks at.
const moneyLines = 1000

func (s *screen) moneyByMonth() (chart, error) {
	c := chart{heads: []string{"Month", "Fees", "Deposits", "Refunds", "Changes"}}
	id := porting.AccountID(cmp.Or(s.typed("account"), string(s.call.Account)))
	if id == "" {
		return c, nil
	}
	lines, err := s.Accounts.Store.Ledger(s.ctx, id, "", moneyLines)
	if err != nil {
		return c, err
	}
	type month struct {
		fees, deposits, refunds porting.Money
		changes                 int
	}
	by := map[string]*month{}
	for _, l := range lines {
		name := l.At.UTC().Format("2006-01")
		if by[name] == nil {
			by[name] = &month{}
		}
		m := by[name]
		m.changes++
		switch {
		case l.Kind == account.DepositLine:
			m.deposits += l.Amount
		case l.Kind == account.RefundLine:
			m.refunds += l.Amount
		default:
			m.fees -= l.Amount
		}
	}
	names := make([]string, 0, len(by))
	for name := range by {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m := by[name]
		c.rows = append(c.rows, chartRow{value: float64(m.fees), cells: []string{name, account.InDollars(m.fees), account.InDollars(m.deposits),
			account.InDollars(m.refunds), strconv.Itoa(m.changes)}})
	}
	c.note = fmt.Sprintf("The account %s, in months of UTC.", id)
	if len(lines) == moneyLines {
		c.note += fmt.Sprintf(" Only the latest %d changes are counted.", moneyLines)
	}
	return c, nil
}

// carrierProfile shows what is known of an order's losing carrier: how to reach it, its hours, and whom to ask next.
func (s *screen) carrierProfile(o porting.Order) markup {
	if s.Carriers == nil || o.Kind == porting.TollFree {
		return ""
	}
	s.Carriers.Refresh(s.ctx)
	p, ok := s.Carriers.Directory().Find(o.Carrier.SPID, o.Wireless(), o.Carrier.Name, o.Details.Provider)
	if !ok {
		return section("The carrier", el("p", "Nothing is known of "+cmp.Or(o.Carrier.Name, o.Details.Provider, o.Carrier.SPID)+"."))
	}
	var rows [][]markup
	for _, v := range p.Values {
		rows = append(rows, []markup{plain(strings.ReplaceAll(strings.ReplaceAll(v.Field, "_", " "), ".", ", ")), plain(v.Text), plain(string(v.Mark))})
	}
	parts := []markup{table(p.Name+": what it wants, and how sure we are", []string{"Fact", "Value", "Known from"}, rows)}
	if f, _, err := s.Carriers.Figures(s.ctx, p, o.Carrier.SPID); err == nil && f.Orders > 0 {
		parts = append(parts, el("p", fmt.Sprintf("It has answered %d orders in the last four quarters. Half of them had a date within %d business days, nine in ten within %d.",
			f.Orders, f.FOC.Median, f.FOC.Ninety)))
	}
	return section("The carrier", more(p.Name, parts...))
}
