package simulation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"portway/internal/account"
	"portway/internal/bus"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
	"portway/internal/workflow"
	"portway/internal/workflow/workflowtest"
)

// Violation is a broken promise.
type Violation struct {
	Promise string
	Order   porting.OrderID // empty where it is about none
	What    string
	At      time.Duration // since the start
}

// String tells the violation.
func (v Violation) String() string {
	return fmt.Sprintf("%s: order %s after %s: %s", v.Promise, v.Order, v.At.Round(time.Second), v.What)
}

// violate notes a broken promise, each once for an order.
func (w *World) violate(promise string, id porting.OrderID, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range w.violations {
		if v.Promise == promise && v.Order == id {
			return
		}
	}
	w.violations = append(w.violations, Violation{promise, id, what, w.since()})
}

// promise is one promise that is judged at the end of a history.
type promise struct {
	name  string
	broke func(*World, func(id porting.OrderID, what string))
}

// promises are those that are judged at the end. The others are watched as things happen.
var promises = []promise{
	{"an order's end is its carrier's end, or a person is asked", (*World).endsAgree},
	{"an order that is over holds no number", (*World).holdsEnd},
	{"a dispute ends, or waits for somebody who knows it", (*World).disputesEnd},
	{"a fee is taken once for each submission, and comes back once for what no carrier was asked", (*World).feesOnce},
	{"an order is reopened once, and its fee counts once", (*World).reopenedOnce},
	{"a cancelled order does not port without its customer being told", (*World).cancellationsTold},
	{"a change has the fee that was accepted, once it is done", (*World).changeFeesHaveReasons},
	{"every order comes to its end, or waits for somebody who knows it", (*World).allMove},
	{"an outage of less than three hours asks nobody", (*World).outlasts},
	{"the effects of every event are carried out", (*World).effectsDone},
	{"a machine knows every outcome of its tasks", (*World).outcomesKnown},
	{"each mail is sent", (*World).mailsSent},
	{"each webhook is sent", (*World).hooksSent},
	{"each event comes to the bus", (*World).busTold},
}

// The promises that are watched as things happen.
const (
	oneHolder   = "no number is on two signed orders"
	oneRequest  = "a number has one live request at the carriers"
	ownMail     = "a mail is of the order of its reader"
	soonMoved   = "nobody's host delays an order"
	ownWebhook  = "a webhook is of an order of its account"
	noSecret    = "no secret leaves"
	mostMails   = 3 // of one event: a further one only where neither the answer nor SES's event has come
	unsureMails = "a mail is sent three times at most"
)

// judge judges the promises at the end of the history.
func (w *World) judge() {
	for _, p := range promises {
		p.broke(w, func(id porting.OrderID, what string) { w.violate(p.name, id, what) })
	}
}

// committed watches a change that was written.
func (w *World) committed(c orders.Change) {
	for _, hold := range c.After.Holds() {
		if id, err := w.memory.Holder(context.Background(), hold); err != nil || id != c.After.ID {
			w.violate(oneHolder, c.After.ID, hold+" is held by "+string(id))
		}
	}
	for _, e := range c.Events {
		if slices.Contains(e.Effects, porting.StartDriver) {
			w.mu.Lock()
			w.asked[workflow.ExecutionName(c.After)] = time.Now()
			w.mu.Unlock()
		}
	}
	w.tellNews(c.After)
}

// soon is how long the stream and a batch of its records take at most where nothing but customers' hosts is in trouble.
const soon = time.Minute

// moves watches how long an order has waited for its machine, unless anything but a customer's host was in trouble.
func (w *World) moves(execution string) {
	w.mu.Lock()
	at, ok := w.asked[execution]
	w.mu.Unlock()
	if waited := time.Since(at); ok && waited > soon && w.calm(at.Sub(Start)) {
		w.violate(soonMoved, "", fmt.Sprintf("%s was started after %s", execution, waited))
	}
}

// calm reports whether nothing but customers' hosts has been in trouble since then, and for a while before.
func (w *World) calm(since time.Duration) bool {
	const after = 6 * time.Hour // what an outage leaves behind
	return !slices.ContainsFunc(w.plan.Faults, func(f Fault) bool {
		return !strings.HasPrefix(string(f.Part), "host") && f.From <= w.since() && f.From+f.For+after > since
	}) && w.plan.Deploy == 0
}

// tellNews wakes the customer of an order that changed its status.
func (w *World) tellNews(o porting.Order) {
	if o.Status != porting.Rejected && !o.Status.Terminal() {
		return
	}
	w.mu.Lock()
	news := w.news[o.Group]
	w.mu.Unlock()
	if news != nil {
		signal(news)
	}
}

// carried is a request at a carrier as the carrier has it.
type carried struct {
	part    Part
	pon     string
	status  string
	numbers []string // E.164
	done    bool     // the numbers moved
	live    bool
}

// requests returns the requests of all carriers.
func (w *World) requests() []carried {
	var all []carried
	for _, p := range []Part{Locals, Locals2} {
		for _, o := range w.locals[p].View().Orders {
			c := carried{part: p, pon: o.CustomerOrderID, status: o.Status, done: o.Status == "COMPLETE",
				live: !slices.Contains([]string{"COMPLETE", "CANCELLED", "DRAFT", "SNAPBACK"}, o.Status)}
			for _, tn := range o.Numbers {
				c.numbers = append(c.numbers, "+1"+tn)
			}
			all = append(all, c)
		}
	}
	for _, t := range w.somos.Transactions().Transactions {
		pon, _, _ := strings.Cut(t.Key, "/")
		for _, n := range t.Numbers {
			all = append(all, carried{part: Somos, pon: pon, status: n.Status, numbers: []string{"+1" + n.Number},
				done: n.Status == "PORTED",
				live: slices.Contains([]string{"WAITING", "PENDING", "OVERDUE", "HDR", "DUE_DATE_APPROVAL", "PORT_PROCESSING"}, n.Status)})
		}
	}
	return all
}

// openRequests returns the requests that are still open at a carrier.
func (w *World) openRequests() []carried {
	return slices.DeleteFunc(w.requests(), func(c carried) bool { return !c.live })
}

// requested watches the requests at the carriers after a call of one that may change them.
func (w *World) requested(p Part, method string) {
	if method == "GET" {
		return
	}
	seen := map[string]carried{}
	for _, c := range w.openRequests() {
		for _, tn := range c.numbers {
			if other, twice := seen[tn]; twice {
				w.violate(oneRequest, porting.PON(c.pon).Order(),
					fmt.Sprintf("%s: %s %s at %s, and %s %s at %s", tn, c.pon, c.status, c.part, other.pon, other.status, other.part))
			}
			seen[tn] = c
		}
	}
}

// mailed is a mail that SES has taken, and hooked a webhook that a customer's server has taken.
type mailed struct {
	order porting.OrderID
	event string
}

type hooked struct {
	id      string
	account porting.AccountID
}

var orderIDs = regexp.MustCompile(`\b[0-9]{12,16}\b`)

// mailed watches a mail.
func (w *World) mailed(id porting.OrderID, event string, to []string, text string) {
	w.leaves("mail", text)
	o, err := w.memory.Load(context.Background(), id)
	if err == nil && !slices.Equal(to, []string{"porting@" + string(o.Account) + ".example"}) {
		w.violate(ownMail, id, fmt.Sprintf("it goes to %q", to))
	}
	for _, other := range orderIDs.FindAllString(text, -1) {
		if other, err := w.memory.Load(context.Background(), porting.OrderID(other)); err == nil && other.Group != o.Group {
			w.violate(ownMail, id, "it names the order "+string(other.ID))
		}
	}
	w.mu.Lock()
	w.mails = append(w.mails, mailed{id, event})
	n := 0
	for _, m := range w.mails {
		if m == (mailed{id, event}) {
			n++
		}
	}
	w.mu.Unlock()
	if n > mostMails {
		w.violate(unsureMails, id, fmt.Sprintf("the mail of event %s is sent %d times", event, n))
	}
}

// hooked watches a webhook.
func (w *World) hooked(a porting.AccountID, body string) {
	w.leaves("webhook", body)
	var in struct {
		Data struct {
			ID            string
			Relationships struct {
				Order struct{ Data struct{ ID porting.OrderID } } `json:"portorder"`
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		w.violate(ownWebhook, "", "it can't be read: "+err.Error())
		return
	}
	for _, id := range orderIDs.FindAllString(body, -1) {
		if o, err := w.memory.Load(context.Background(), porting.OrderID(id)); err == nil && o.Account != a {
			w.violate(ownWebhook, o.ID, "it goes to the host of "+string(a))
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hooks = append(w.hooks, hooked{in.Data.ID, a})
}

// busTook watches what comes to the bus.
func (w *World) busTook(entries []bus.Entry) {
	for _, entry := range entries {
		w.leaves("bus", entry.Detail)
		var told bus.Detail
		if err := json.Unmarshal([]byte(entry.Detail), &told); err != nil || told.ID == "" {
			w.violate("each event comes to the bus", "", fmt.Sprintf("an entry can't be read: %v", err))
		}
		w.mu.Lock()
		if w.onBus == nil {
			w.onBus = map[string]int{}
		}
		w.onBus[told.ID]++
		w.mu.Unlock()
	}
}

// busTold judges that each event that is published came to the bus. Those that the last release wrote do not.
func (w *World) busTold(broke func(porting.OrderID, string)) {
	for _, o := range w.memory.Orders() {
		for _, e := range w.memory.Events(o.ID) {
			if id := fmt.Sprintf("%s-%d.%d-1", e.Order, e.Version, e.N); e.Published() && w.plan.Deploy == 0 && w.onBus[id] == 0 {
				broke(o.ID, fmt.Sprintf("%s of version %d did not come", e.Kind, e.Version))
			}
		}
	}
}

// leaves watches what others can read.
func (w *World) leaves(where, what string) {
	if found := workflowtest.Leak(what); found != "" {
		w.violate(noSecret, "", where+" shows "+found)
	}
}

func (w *World) leavesJSON(where string, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		raw = []byte(err.Error())
	}
	w.leaves(where, string(raw))
}

// --- judged at the end ---

// asked says that a person is asked about an order.
func asked(o porting.Order) bool { return !o.Desk.IsZero() }

// wasAsked says that a person is asked about an order, or was asked since it has ended, and so has looked at the carrier.
func (w *World) wasAsked(o porting.Order) bool {
	return asked(o) || slices.ContainsFunc(w.memory.Events(o.ID), func(e porting.Event) bool {
		return e.Kind == porting.DeskAsked && e.Status.Terminal()
	})
}

func (w *World) endsAgree(broke func(porting.OrderID, string)) {
	at := map[string][]carried{}
	moved := map[string]carried{}
	for _, c := range w.requests() {
		for _, tn := range c.numbers {
			at[tn] = append(at[tn], c)
			if c.done {
				moved[tn] = c
			}
		}
	}
	owned := map[string]bool{}
	for _, o := range w.memory.Orders() {
		for _, n := range o.Numbers {
			switch c, done := moved[n.TN]; {
			case n.State == porting.Ported && !done:
				broke(o.ID, n.TN+" is ours, and its carrier has not let it go")
			case n.State == porting.Ported:
				owned[n.TN] = true
			case done && porting.PON(c.pon).Order() == o.ID && n.State != porting.Excluded && !w.wasAsked(o):
				broke(o.ID, fmt.Sprintf("%s has moved by %s at %s, and the order is %s", n.TN, c.pon, c.part, o.Status))
			}
		}
		if !o.Status.Terminal() {
			continue
		}
		for _, tn := range o.Active() {
			for _, c := range at[tn] {
				if c.live && porting.PON(c.pon).Order() == o.ID && !asked(o) {
					broke(o.ID, fmt.Sprintf("the order is %s, and %s is %s at %s", o.Status, c.pon, c.status, c.part))
				}
			}
		}
	}
}

func (w *World) holdsEnd(broke func(porting.OrderID, string)) {
	for hold, id := range w.memory.Holds() {
		o, err := w.memory.Load(context.Background(), id)
		switch {
		case err != nil || !slices.Contains(o.Holds(), hold):
			broke(id, fmt.Sprintf("%s is held by an order that is %s", hold, o.Status))
		case o.Status.Terminal() && !w.isOpen(id) && !asked(o):
			broke(id, fmt.Sprintf("%s is held by an order that is %s, and no carrier has its request", hold, o.Status))
		}
	}
}

// disputesEnd looks for disputes that nothing moves on. What waits for papers, for a person or for a carrier is not over.
func (w *World) disputesEnd(broke func(porting.OrderID, string)) {
	for _, o := range w.memory.Orders() {
		for _, d := range o.Disputes {
			rival, err := w.memory.Load(context.Background(), d.Rival)
			waits := asked(o) || time.Since(d.Ends) < 24*time.Hour && d.State == porting.DisputeOpen || asked(rival) ||
				rival.Withdrawing || o.Withdrawing || rival.Status == porting.Accepted || o.Status == porting.Accepted
			if d.Lives() && !waits {
				broke(o.ID, fmt.Sprintf("the dispute about %v with order %s is %s, %s by %s (%v)", d.Numbers, d.Rival, d.State, o.Status,
					rival.Status, err))
			}
		}
	}
}

func (w *World) feesOnce(broke func(porting.OrderID, string)) {
	spent := map[porting.AccountID]porting.Money{}
	for _, o := range w.memory.Orders() {
		fees := 0
		for _, e := range w.memory.Events(o.ID) {
			spent[o.Account] += e.Charge - e.Refund
			if e.Charge != 0 && account.FeeOf(e) == account.PortFeeLine {
				fees++
			}
		}
		if o.Refunded > o.PortFee || o.Paid() > 0 && o.Status.Terminal() && o.Status != porting.Completed && o.Tariff.Abandoned != porting.RefundNever && w.plan.Deploy == 0 && !w.everAsked(o) {
			broke(o.ID, fmt.Sprintf("$%s of the fee of $%s has come back, and the order is %s", o.Refunded, o.PortFee, o.Status))
		}
		if fees > 1 {
			broke(o.ID, fmt.Sprintf("%d port fees", fees))
		}
	}
	for _, id := range Accounts {
		a, err := w.memory.Account(context.Background(), id)
		if err != nil || balance-a.Balance != spent[id] {
			broke("", fmt.Sprintf("account %s has paid $%s for events of $%s", id, balance-a.Balance, spent[id]))
		}
	}
}

// reopenedOnce holds the orders in the place of others against these. Functions of the last release lose what ties them.
func (w *World) reopenedOnce(broke func(porting.OrderID, string)) {
	all := w.memory.Orders()
	place, counted := map[porting.OrderID][]porting.OrderID{}, map[porting.OrderID]porting.Money{}
	for _, o := range all {
		if o.Reopens != "" {
			place[o.Reopens] = append(place[o.Reopens], o.ID)
		}
		for _, e := range w.memory.Events(o.ID) {
			counted[e.CreditOf] += e.Credit
		}
	}
	for _, o := range all {
		if w.plan.Deploy != 0 {
			continue
		}
		if len(place[o.ID]) > 1 || len(place[o.ID]) == 1 && place[o.ID][0] != o.ReopenedAs || len(place[o.ID]) == 0 && o.ReopenedAs != "" {
			broke(o.ID, fmt.Sprintf("the orders %v take its place, and it knows %q", place[o.ID], o.ReopenedAs))
		}
		if o.Paid() < 0 || counted[o.ID] > o.Credited {
			broke(o.ID, fmt.Sprintf("$%s of its fee count, of which it gives $%s", counted[o.ID], o.Credited))
		}
	}
}

// cancellationsTold looks at the orders that were completed though their customer had asked to cancel them. Functions of the
// last release know no such question.
func (w *World) cancellationsTold(broke func(porting.OrderID, string)) {
	for _, o := range w.memory.Orders() {
		asked := false
		for _, e := range w.memory.Events(o.ID) {
			told := slices.ContainsFunc(e.Message.List, func(m porting.Message) bool { return m.Key == porting.MsgMovedAllTheSame })
			switch {
			case e.Kind == porting.ChangeAsked && e.Message.Key == porting.MsgCancelAsked:
				asked = true
			case e.Kind == porting.ChangeRefused:
				asked = false
			case e.Kind == porting.WasCompleted && asked && !told && w.plan.Deploy == 0:
				broke(o.ID, "it was completed, and its customer, who had cancelled it, was told nothing of that")
			}
		}
		if ch, open := o.OpenChange(); open && o.Status.Terminal() {
			broke(o.ID, fmt.Sprintf("it is %s, and the change %s waits for an answer", o.Status, ch.Kind))
		}
	}
}

// changeFeesHaveReasons holds the fees that were taken for changes against the changes that are done.
func (w *World) changeFeesHaveReasons(broke func(porting.OrderID, string)) {
	for _, o := range w.memory.Orders() {
		var taken, agreed porting.Money
		for _, e := range w.memory.Events(o.ID) {
			if e.ChargeFor != "" {
				taken += e.Charge
			}
		}
		for _, ch := range o.Changes {
			if ch.State == porting.ChangeIsDone {
				agreed += ch.Fee
			}
		}
		if taken != agreed && w.plan.Deploy == 0 {
			broke(o.ID, fmt.Sprintf("$%s was taken for changes that cost $%s", taken, agreed))
		}
	}
}

// everAsked reports whether a carrier was ever asked to port the numbers of the order.
func (w *World) everAsked(o porting.Order) bool {
	return slices.ContainsFunc(o.Attempts, func(a porting.Attempt) bool { return a.Kind == porting.AskPort })
}

func (w *World) allMove(broke func(porting.OrderID, string)) {
	for _, o := range w.memory.Orders() {
		comes := false // something is due, and not for long
		for _, at := range o.Due {
			comes = comes || time.Since(at) < 24*time.Hour
		}
		if !o.Status.Terminal() && !asked(o) && !comes {
			broke(o.ID, fmt.Sprintf("the order is %s since %s, driver %v, wait %s %q", o.Status,
				o.StatusAt.Format(time.RFC3339), o.Driver, o.Wait.For, o.Wait.Outcome))
		}
	}
}

func (w *World) outlasts(broke func(porting.OrderID, string)) {
	const outage = 3 * time.Hour
	for _, o := range w.memory.Orders() {
		for _, e := range w.memory.Events(o.ID) {
			at := e.At.Sub(Start)
			long := slices.ContainsFunc(w.plan.Faults, func(f Fault) bool {
				return f.For > outage && f.From < at && f.From+f.For+30*time.Hour > at
			})
			for _, why := range e.Message.List {
				asked := porting.Order{Drive: porting.Drive{Desk: why}}
				if e.Kind == porting.DeskAsked && asked.AskedByOutage() && !long && w.plan.Deploy == 0 {
					broke(o.ID, "a person is asked why a step failed: "+why.Args["error"])
				}
			}
		}
	}
}

// unplanned is the state to which an execution goes whose task has an outcome that its definition does not know. An
// execution of the last release runs by that release's definition, and meets the present functions.
const unplanned = "A task said what nobody planned for"

func (w *World) outcomesKnown(broke func(porting.OrderID, string)) {
	for _, e := range w.machines.Executions() {
		if slices.Contains(e.States, unplanned) {
			broke("", "execution "+e.Name+" went through "+strings.Join(e.States, ", "))
		}
	}
}

func (w *World) effectsDone(broke func(porting.OrderID, string)) {
	for _, o := range w.memory.Orders() {
		for _, e := range w.memory.Events(o.ID) {
			if len(e.Effects) > 0 {
				broke(o.ID, fmt.Sprintf("%s of %s is not done", e.Effects, e.Kind))
			}
		}
	}
}

func (w *World) mailsSent(broke func(porting.OrderID, string)) {
	sent := map[mailed]bool{}
	for _, m := range w.mails {
		sent[m] = true
	}
	for _, o := range w.memory.Orders() {
		for _, e := range w.memory.Events(o.ID) {
			if slices.Contains(mailKinds, e.Kind) && !sent[mailed{o.ID, fmt.Sprint(e.Version)}] {
				broke(o.ID, fmt.Sprintf("no mail tells of %s (version %d)", e.Kind, e.Version))
			}
		}
	}
}

// mailKinds are the events that every customer has to be told of by mail.
var mailKinds = []porting.EventKind{porting.WasRejected, porting.NotPortable, porting.WasAccepted, porting.Parted, porting.WasCompleted,
	porting.Expired}

func (w *World) hooksSent(broke func(porting.OrderID, string)) {
	got := map[porting.AccountID]map[string]bool{}
	for _, h := range w.hooks {
		if got[h.account] == nil {
			got[h.account] = map[string]bool{}
		}
		got[h.account][h.id] = true
	}
	for _, o := range w.memory.Orders() {
		for _, e := range w.memory.Events(o.ID) {
			if e.Topic() != porting.StatusChange {
				continue
			}
			d, err := w.memory.Delivery(context.Background(), webhook.Delivery{Account: o.Account, Endpoint: webhook.StatusURL,
				Order: o.ID, Version: e.Version, N: e.N, At: e.At})
			if err != nil || d.State != webhook.Delivered && d.State != webhook.GivenUp {
				broke(o.ID, fmt.Sprintf("no webhook tells of %s (version %d): %s %v", e.Kind, e.Version, d.State, err))
			}
		}
	}
}

// --- logs ---

var logging sync.Once

// installLogs has every line that is logged searched for secrets.
func installLogs() {
	logging.Do(func() { slog.SetDefault(slog.New(searched{})) })
}

// searched is a log whose lines are searched for secrets.
type searched struct{ attrs []slog.Attr }

func (searched) Enabled(context.Context, slog.Level) bool { return true }

func (s searched) Handle(ctx context.Context, r slog.Record) error {
	w, ok := ctx.Value(worldKey{}).(*World)
	if !ok {
		return nil
	}
	var line bytes.Buffer
	fmt.Fprintf(&line, "%s", r.Message)
	each := func(a slog.Attr) bool {
		fmt.Fprintf(&line, " %s=%s", a.Key, workflowtest.Counted(nil, a).Value)
		return true
	}
	for _, a := range s.attrs {
		each(a)
	}
	r.Attrs(each)
	w.leaves("log", line.String())
	if r.Level >= slog.LevelWarn {
		w.trace("log", line.String())
	}
	return nil
}

func (s searched) WithAttrs(attrs []slog.Attr) slog.Handler {
	return searched{append(slices.Clone(s.attrs), attrs...)}
}

func (s searched) WithGroup(string) slog.Handler { return s }
