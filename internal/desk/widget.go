package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Widgets shows the desk in custom widgets of a CloudWatch dashboard. Its answers are HTML without JavaScript. A fault of the
// caller, or of the store, is shown as a screen too: the console would show no more than an error.
type Widgets struct {
	Book  *orders.Book
	Lists Lists
	Links Links
	// Marks has what our staff have agreed on among themselves.
	Marks Marks
	// Mail writes the mail that an event would send; ok is false where none does.
	Mail func(e porting.Event, o porting.Order) (subject, body string, ok bool)
	// Peers are the names of the peers for local numbers.
	Peers []string
	// Boards and Carriers are the sources of the boards.
	Boards   Boards
	Carriers Carriers
	// Accounts has the customers' accounts.
	Accounts Accounts
	// Find finds orders; nil in the function that carries decisions out, which shows no search.
	Find Finder
	// Act is the ARN of the function that carries decisions out. The function itself sends it to itself.
	Act string
}

// Lists reads what the work lists and the screens of orders show beside the orders.
type Lists interface {
	// DueBehind reads what falls due at or before until, the longest due first and by key where two fall due at once, from
	// behind a place on, at most limit.
	DueBehind(ctx context.Context, kind orders.DueKind, behind orders.Due, until time.Time, limit int) ([]orders.Due, error)
	// Heads reads orders without attempts and with the first of their numbers alone. One that does not exist is left out.
	Heads(ctx context.Context, ids []porting.OrderID) ([]orders.Head, error)
	// AllQueued reads why staff see due dates, in their order.
	AllQueued(ctx context.Context, of []orders.Due) ([]orders.Queued, error)
	// Had returns the order that holds a number against everybody and those that did before, the latest first: one read.
	Had(ctx context.Context, hold string) ([]porting.OrderID, error)
	// Mails reads the latest mails of a sandbox's order, which are kept and not sent.
	Mails(ctx context.Context, id porting.OrderID, before int64, limit int) ([]orders.Mail, bool, error)
	// SentMails reads the latest mails that were sent about an order of a live account, with what has become of each.
	SentMails(ctx context.Context, id porting.OrderID, before string, limit int) ([]orders.SentMail, bool, error)
}

// Finder finds orders by what people know of them.
type Finder interface {
	// Found returns the orders that have a word (porting.SearchWord), the latest first, at most limit: one query. It may lag a
	// little behind the orders.
	Found(ctx context.Context, word string, limit int) ([]porting.OrderID, error)
}

// Call is the event of a widget: its params, or the JSON of the button that was pressed, and what the console adds.
type Call struct {
	Describe bool   `json:"describe,omitempty"`
	View     string `json:"view,omitempty"` // list, bulk, search, order, board, accounts, account; empty is the list
	Tab      string `json:"tab,omitempty"`
	Page     int    `json:"page,omitempty"`
	// Behind is the place behind which the page begins, and Before are those of the pages before it.
	Behind *place   `json:"behind,omitempty"`
	Before []*place `json:"before,omitempty"`
	// Sort is another order of the list than that of the promises: since, customer, carrier or numbers.
	Sort string `json:"sort,omitempty"`
	// Customer, Carrier, Class, Reason and Days narrow the list. Filter says that they are in the fields of the form.
	Customer string          `json:"customer,omitempty"`
	Carrier  string          `json:"carrier,omitempty"`
	Class    string          `json:"class,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Days     string          `json:"days,omitempty"`
	Filter   bool            `json:"filter,omitempty"`
	Order    porting.OrderID `json:"order,omitempty"`
	// Form is the action whose form is shown with the order.
	Form string `json:"form,omitempty"`
	// Account is the account that is shown, and Key the key, the address or the name on it that a form is about.
	Account porting.AccountID `json:"account,omitempty"`
	Key     string            `json:"key,omitempty"`
	// Preview shows what the decision of the form would do, and Insert puts the text that was chosen into the form.
	Preview bool `json:"preview,omitempty"`
	Insert  bool `json:"insert,omitempty"`
	// Initials are those of the person, to be put into the forms.
	Initials string   `json:"initials,omitempty"`
	Context  *Context `json:"widgetContext,omitempty"`
}

// Context is what the console adds to a call, as far as the desk reads it.
type Context struct {
	Theme    string `json:"theme"`
	Timezone struct {
		OffsetISO string `json:"offsetISO"`
	} `json:"timezone"`
	Width int `json:"width"`
	Forms struct {
		All map[string]any `json:"all"`
	} `json:"forms"`
}

// form returns the value of a field of the form. The console sends a text; of a list the first counts.
func (c *Context) form(name string) string {
	if c == nil {
		return ""
	}
	switch v := c.Forms.All["pd-"+name].(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		if len(v) > 0 {
			return strings.TrimSpace(fmt.Sprint(v[0]))
		}
	}
	return ""
}

// screen is one answer that is being made: who looks, as of when, and where the buttons lead.
type screen struct {
	*Widgets
	ctx  context.Context
	call Call
	// self is the ARN of the function that shows, act of the one that carries out.
	self, act string
	now       time.Time
	// zone is the viewer's offset from UTC.
	zone *time.Location
	// done tells what the decision has done, or why it did nothing. faults are told beside their fields.
	done   string
	failed bool
	faults []Fault
	// sure says that the person is asked whether a text that may hold a secret is sent as written.
	sure bool
	// marked is the mark of the order that is shown.
	marked Mark
	// shown is a new key of an account.
	shown account.Credentials
}

const describe = "# The porting desk\n\nShows what waits for a person, one order with all of its facts, and customers' accounts.\n\n" +
	"``` yaml\nview: list # list, search, order, board, accounts or account\ntab: all # one of the lists or boards\norder: \"\" # the order that is shown\naccount: \"\" # the account that is shown\ninitials: \"\" # put into the forms\n```\n"

// Describe is the answer to a call that asks what the widget shows.
type Describe struct {
	Markdown string `json:"markdown"`
}

// Show answers a call of a widget: HTML, or [Describe]. self is the ARN of the function that answers.
func (w *Widgets) Show(ctx context.Context, self string, event json.RawMessage) any {
	var c Call
	if err := json.Unmarshal(event, &c); err != nil {
		c = Call{}
		s := w.screen(ctx, self, w.Act, c)
		s.fail("The widget's parameters can't be read. Take them from the example in its description.")
		return s.page(s.list())
	}
	if c.Describe {
		return Describe{Markdown: describe}
	}
	return w.screen(ctx, self, w.Act, c).show()
}

// screen begins an answer.
func (w *Widgets) screen(ctx context.Context, self, act string, c Call) *screen {
	s := &screen{Widgets: w, ctx: ctx, call: c, self: self, act: act, now: w.Book.Time(), zone: time.UTC}
	if c.Context != nil {
		if t, err := time.Parse("-07:00", c.Context.Timezone.OffsetISO); err == nil {
			_, offset := t.Zone()
			s.zone = time.FixedZone("UTC"+c.Context.Timezone.OffsetISO, offset)
		}
	}
	return s
}

// show makes the screen that the call asks for.
func (s *screen) show() string {
	switch s.call.View {
	case "order":
		if !s.call.Preview && !s.call.Insert {
			s.forget() // what was typed into another form, perhaps for other eyes
		}
		return s.page(s.order(s.call.Order))
	case "search":
		return s.page(s.search())
	case "bulk":
		if !slices.ContainsFunc(tabs, func(t tab) bool { return t.name == s.call.Tab }) {
			s.call.Tab = tabs[len(tabs)-1].name
		}
		return s.page(s.bulk())
	case "board":
		return s.page(s.board())
	case "accounts":
		return s.page(s.accounts())
	case "account":
		if s.call.Account != "" {
			s.forget()
		}
		return s.page(s.account(s.call.Account))
	}
	return s.page(s.list())
}

// forget drops what was typed but the initials.
func (s *screen) forget() {
	if s.call.Context == nil {
		return
	}
	if by := s.typed("initials"); initialsForm.MatchString(by) {
		s.call.Initials = by
	}
	s.call.Context = &Context{Theme: s.call.Context.Theme, Timezone: s.call.Context.Timezone, Width: s.call.Context.Width}
}

// fail has the screen begin with what went wrong.
func (s *screen) fail(format string, args ...any) {
	s.done, s.failed = fmt.Sprintf(format, args...), true
}

// trouble tells of a failure of the store, without its details: they are in the log of the function.
func (s *screen) trouble(err error) markup {
	s.fail("%s", porting.Plain(err))
	return ""
}

// page wraps a screen: its style, the search, the result of what was done, and the content.
func (s *screen) page(content markup) string {
	of := "light"
	if s.call.Context != nil && s.call.Context.Theme == "dark" {
		of = "dark"
	}
	narrow := ""
	if s.width() < 800 {
		narrow = "narrow"
	}
	result := markup("")
	if s.done != "" {
		kind := "done"
		if s.failed {
			kind = "bad"
		}
		result = el("div", class("note", kind), at("role", "status"), el("strong", s.done))
	}
	// The console drops a style that comes first.
	return string(el("div", at("class", strings.TrimSpace("pd pd-"+of+" "+map[bool]string{true: "pd-narrow"}[narrow != ""])),
		el("div", class("top"), result), markup("<style>"+style+"</style>"), s.searchBox(), content,
		el("p", class("quiet"), "As of "+s.clock(s.now)+", times in "+s.zone.String()+".")))
}

// width is the width of the widget in pixels.
func (s *screen) width() int {
	if s.call.Context == nil || s.call.Context.Width <= 0 {
		return 900
	}
	return s.call.Context.Width
}

// see makes a button that shows another screen.
func (s *screen) see(label string, to Call) markup {
	to.Initials = s.call.Initials
	return button(label, "", s.self, "", to)
}

// clock writes an instant in the viewer's offset.
func (s *screen) clock(t time.Time) string { return t.In(s.zone).Format("Jan 2, 2006 15:04") }

// when writes an instant with how far away it is.
func (s *screen) when(t time.Time) markup {
	if t.IsZero() {
		return plain("–")
	}
	return el("time", at("datetime", t.UTC().Format(time.RFC3339)), at("title", t.UTC().Format(time.RFC3339)), s.clock(t)) +
		plain(" ("+away(t.Sub(s.now))+")")
}

// away writes a distance in time: "in 3 h", "2 days ago".
func away(d time.Duration) string {
	n, past := d.Abs(), d < 0
	var much string
	switch {
	case n < time.Minute:
		return "now"
	case n < time.Hour:
		much = fmt.Sprintf("%d min", n/time.Minute)
	case n < 48*time.Hour:
		much = fmt.Sprintf("%d h", n/time.Hour)
	default:
		much = fmt.Sprintf("%d days", n/(24*time.Hour))
	}
	if past {
		return much + " ago"
	}
	return "in " + much
}

// due writes a promise with a word and a shape beside the color.
func (s *screen) due(by time.Time) markup {
	desk := s.Book.Rules.Calendar.Location()
	kind, word := "well", "waits"
	switch {
	case by.IsZero():
		return plain("–")
	case by.Before(s.now):
		kind, word = "late", "late"
	case porting.DateOf(by.In(desk)) == porting.DateOf(s.now.In(desk)):
		kind, word = "today", "today"
	}
	return sign(kind, word) + el("br") + s.when(by)
}

var lambdaARN = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$`)

// Links are the places in the console that the screens lead to. Their forms are seen in public code; AWS promises none.
type Links struct {
	Region, Table, Bucket string
	Machines              map[porting.Machine]string // ARNs
	Logs                  []string                   // log groups
}

// execution leads to an execution of a state machine.
func (l Links) execution(machine porting.Machine, name string) string {
	return "/states/home?region=" + l.Region + "#/v2/executions/details/" +
		strings.Replace(l.Machines[machine], ":stateMachine:", ":execution:", 1) + ":" + name
}

// items leads to the items of an order in the table.
func (l Links) items(id porting.OrderID) string {
	return "/dynamodbv2/home?region=" + l.Region + "#item-explorer?operation=QUERY&table=" + url.QueryEscape(l.Table) +
		"&pk=" + url.QueryEscape("O#"+string(id))
}

// logs leads to the lines about an order in the logs of all functions.
func (l Links) logs(id porting.OrderID) string {
	star := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(s), "+", "%20"), "%", "*")
	}
	groups := ""
	for _, g := range l.Logs {
		groups += "~'" + star(g)
	}
	query := "fields @timestamp, message, event, status, error, @log | filter order = '" + string(id) + "' | sort @timestamp asc | limit 1000"
	return "/cloudwatch/home?region=" + l.Region + "#logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-604800~timeType~'RELATIVE" +
		"~unit~'seconds~editorString~'" + star(query) + "~source~(" + groups + "))"
}

// file leads to a document in the bucket.
func (l Links) file(key string) string {
	return "/s3/object/" + l.Bucket + "?region=" + l.Region + "&prefix=" + url.QueryEscape(key)
}
