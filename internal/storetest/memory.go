package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Memory is a store in memory, for tests of what stands on a store. It keeps to the same rules as the table: versions,
// claims, charges, events with their effects, due dates.
type Memory struct {
	mu       sync.Mutex
	orders   map[porting.OrderID]porting.Order
	events   map[porting.OrderID][]porting.Event
	claims   map[string]porting.OrderID
	groups   map[porting.GroupID]porting.Group
	due      map[string]*dueEntry
	accounts map[porting.AccountID]account.Account
	once     map[string]bool // what was written to the ledger
	ledger   map[porting.AccountID][]account.Line
	presets  map[porting.AccountID]map[account.Ref]account.Preset
	keys     map[string]account.Key
	receipts map[string]orders.Receipt
	feeds    map[porting.AccountID][]orders.Placed
	counted  map[string]bool
	scores   map[porting.Scored][]porting.Month
	letters  map[porting.OrderID][]orders.Mail
	told     told
}

type dueEntry struct {
	orders.Due
	why string
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{
		orders: map[porting.OrderID]porting.Order{}, events: map[porting.OrderID][]porting.Event{},
		claims: map[string]porting.OrderID{}, groups: map[porting.GroupID]porting.Group{}, due: map[string]*dueEntry{},
		accounts: map[porting.AccountID]account.Account{}, once: map[string]bool{}, ledger: map[porting.AccountID][]account.Line{},
		presets: map[porting.AccountID]map[account.Ref]account.Preset{}, keys: map[string]account.Key{},
		receipts: map[string]orders.Receipt{}, feeds: map[porting.AccountID][]orders.Placed{}, counted: map[string]bool{},
		scores:  map[porting.Scored][]porting.Month{},
		letters: map[porting.OrderID][]orders.Mail{},
		told:    newTold(),
	}
}

func eventKey(e porting.Event) string { return fmt.Sprintf("%s|event %d.%d", e.Order, e.Version, e.N) }

func dueKey(id porting.OrderID, kind orders.DueKind) string { return fmt.Sprintf("%s|%s", id, kind) }

// Load implements orders.Store.
func (m *Memory) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.orders[id]
	if !ok {
		return porting.Order{}, orders.ErrNoOrder
	}
	o.Numbers, o.Attempts, o.Documents = slices.Clone(o.Numbers), slices.Clone(o.Attempts), slices.Clone(o.Documents)
	return o, ctx.Err()
}

// View implements orders.Store.
func (m *Memory) View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, orders.Found, error) {
	o, err := m.Load(ctx, id)
	if err != nil || comments == 0 {
		return o, orders.Found{}, err
	}
	found, err := m.Search(ctx, id, orders.Search{Comments: true, Limit: comments, Before: orders.Seq{Version: o.Version + 1}})
	return o, found, err
}

// Search implements orders.Store.
func (m *Memory) Search(ctx context.Context, id porting.OrderID, s orders.Search) (orders.Found, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return s.Walk(func(yield func(porting.Event, error) bool) {
		for _, e := range slices.Backward(m.events[id]) {
			if !yield(e, ctx.Err()) {
				return
			}
		}
	})
}

// History implements orders.Store.
func (m *Memory) History(ctx context.Context, id porting.OrderID, after int64, limit int) ([]porting.Event, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := slices.DeleteFunc(slices.Clone(m.events[id]), func(e porting.Event) bool { return e.Version <= after })
	page, more := pageOf(events, limit, sizeOf)
	return page, more, ctx.Err()
}

// pageOf cuts a page off a list as the table does: at limit, or behind 1 MB.
func pageOf[T any](all []T, limit int, size func(T) int) (page []T, more bool) {
	bytes := 0
	for n, one := range all {
		if bytes += size(one); n == limit || n > 0 && bytes > 1<<20 {
			return all[:n], true
		}
	}
	return all, false
}

// sizeOf is about as much as an event takes in the table.
func sizeOf(e porting.Event) int {
	n := 200 + len(e.Text)
	for _, r := range e.Reasons {
		n += 50 + len(r.Said) + 13*len(r.Numbers)
	}
	return n
}

// Whole reads an order with its whole history, oldest first.
func Whole(ctx context.Context, store orders.Store, id porting.OrderID) (porting.Order, []porting.Event, error) {
	o, err := store.Load(ctx, id)
	var all []porting.Event
	for more := err == nil; more && err == nil; {
		var page []porting.Event
		page, more, err = store.History(ctx, id, int64(len(all)), 100) // each version has one event
		all = append(all, page...)
	}
	return o, all, err
}

// Open implements orders.Store.
func (m *Memory) Open(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, ok := m.groups[g.ID]; ok {
		return &porting.Error{Code: porting.Stale, Message: "The id is used already."}
	}
	var numbers []string
	for _, c := range made {
		if _, ok := m.orders[c.After.ID]; ok {
			return &porting.Error{Code: porting.Stale, Message: "The id is used already."}
		}
		numbers = append(numbers, c.After.Holds()...)
	}
	if err := m.free(numbers, ""); err != nil {
		return err
	}
	if err := m.answer(made[0].Receipt); err != nil {
		return err
	}
	m.groups[g.ID] = g
	for _, c := range made {
		m.write(c, redeliver)
	}
	return nil
}

// free says which of the numbers another order than id has.
func (m *Memory) free(numbers []string, id porting.OrderID) error {
	e := &porting.Error{Code: porting.Taken, Message: "Numbers are on another live order."}
	for _, tn := range slices.Sorted(slices.Values(numbers)) {
		if holder, ok := m.claims[tn]; ok && holder != id {
			e.Faults = append(e.Faults, porting.Fault{Field: porting.HeldNumber(tn), Code: porting.NotAllowed, Message: "The number is on another live order."})
		}
	}
	if len(e.Faults) > 0 {
		return e
	}
	return nil
}

// Extend implements orders.Store.
func (m *Memory) Extend(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	stale := &porting.Error{Code: porting.Stale, Message: "The group has changed in between; read it again."}
	opened := 0
	for _, c := range made {
		if m.orders[c.After.ID].Version != c.Before.Version {
			return stale
		}
		if c.Before.Version == 0 {
			opened++
		}
	}
	if len(m.groups[g.ID].Orders) != len(g.Orders)-opened {
		return stale
	}
	e := &porting.Error{Code: porting.Taken, Message: "Numbers are on another live order."}
	given := map[string]porting.OrderID{} // numbers that go from hand to hand
	for _, c := range made {
		for tn := range set(c.Before.Holds()) {
			if !slices.Contains(c.After.Holds(), tn) && m.claims[tn] == c.After.ID {
				given[tn] = c.After.ID
			}
		}
	}
	for _, c := range made {
		wanted := slices.DeleteFunc(c.After.Holds(), func(tn string) bool { _, ok := given[tn]; return ok })
		var one *porting.Error
		if errors.As(m.free(wanted, c.After.ID), &one) {
			e.Faults = append(e.Faults, one.Faults...)
		}
	}
	if len(e.Faults) > 0 {
		return e
	}
	if err := m.answer(made[0].Receipt); err != nil {
		return err
	}
	m.groups[g.ID] = g
	for _, c := range made {
		m.write(c, redeliver)
	}
	return ctx.Err()
}

// Held implements orders.Store.
func (m *Memory) Held(ctx context.Context, numbers []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.free(numbers, ""); err != nil {
		return err
	}
	return ctx.Err()
}

// Commit implements orders.Store.
func (m *Memory) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.orders[c.After.ID].Version != c.Before.Version {
		return &porting.Error{Code: porting.Stale, Message: "The order has changed in between; read it again."}
	}
	for _, e := range c.Events {
		if e.Charge == 0 {
			continue
		}
		a, ok := m.accounts[e.Account]
		switch {
		case !ok || a.Kind != account.KindOf(c.After.Sandbox):
			return fmt.Errorf("there is no %s account %s to charge", account.KindOf(c.After.Sandbox), e.Account)
		case m.once[fee(e)]:
			return fmt.Errorf("order %s was charged already", e.Order)
		case account.FeeOf(e) != account.CancelFeeLine && a.Balance < e.Charge:
			return &porting.Error{Code: porting.NoFunds, Message: fmt.Sprintf("The balance does not cover the fee of $%s.", e.Charge)}
		}
	}
	if err := m.free(c.After.Holds(), c.After.ID); err != nil {
		return err
	}
	if err := m.answer(c.Receipt); err != nil {
		return err
	}
	m.write(c, redeliver)
	return nil
}

func fee(e porting.Event) string { return string(e.Order) + "#" + string(account.FeeOf(e)) }

// write carries out a change whose conditions hold.
func (m *Memory) write(c orders.Change, redeliver time.Time) {
	o := c.After
	m.orders[o.ID] = o
	before, after := set(c.Before.Holds()), set(o.Holds())
	var gone []string
	for tn := range before {
		if !after[tn] {
			gone = append(gone, tn)
		}
	}
	if len(gone) <= porting.HoldsPerTransaction {
		for _, tn := range gone {
			delete(m.claims, tn)
		}
	}
	for tn := range after {
		m.claims[tn] = o.ID
	}
	for _, e := range c.Events {
		e.Effects = slices.Clone(e.Effects)
		m.events[o.ID] = append(m.events[o.ID], e)
		told := e
		told.Effects = nil // what is still to follow is nobody's business
		m.feeds[e.Account] = append(m.feeds[e.Account], orders.Placed{Event: told, Place: orders.PlaceOf(e, redeliver)})
		if len(e.Effects) > 0 {
			m.due[eventKey(e)] = &dueEntry{Due: orders.Due{Kind: orders.DueEvent, Key: eventKey(e), Order: o.ID, At: redeliver}}
		}
		if e.Charge != 0 {
			a := m.accounts[e.Account]
			a.Balance -= e.Charge
			m.accounts[e.Account] = a
			m.enter(e.Account, fee(e), account.Line{At: e.At, Kind: account.FeeOf(e), Amount: -e.Charge, Order: e.Order})
		}
	}
	for _, kind := range porting.DueKinds() {
		at, ok := o.Due[kind]
		kind, was, had := orders.KindOf(orders.DueKind(kind), o.Owner()), c.Before.Due[kind], !c.Before.Due[kind].IsZero()
		switch {
		case ok && (!had || !was.Equal(at)):
			m.put(o.ID, kind, at, "")
		case !ok:
			delete(m.due, dueKey(o.ID, kind))
		}
	}
	switch desk := orders.KindOf(orders.DueDesk, o.Owner()); {
	case o.Desk == "":
		delete(m.due, dueKey(o.ID, desk))
	case o.Desk != c.Before.Desk:
		m.put(o.ID, desk, o.Updated, o.Desk)
	}
}

func (m *Memory) put(id porting.OrderID, kind orders.DueKind, at time.Time, why string) {
	k := dueKey(id, kind)
	m.due[k] = &dueEntry{Due: orders.Due{Kind: kind, Key: k, Order: id, At: at}, why: why}
}

func set(tns []string) map[string]bool {
	all := make(map[string]bool, len(tns))
	for _, tn := range tns {
		all[tn] = true
	}
	return all
}

// Group implements orders.Store.
func (m *Memory) Group(_ context.Context, id porting.GroupID) (porting.Group, []porting.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g, ok := m.groups[id]
	if !ok {
		return porting.Group{}, nil, &porting.Error{Code: porting.NotFound, Message: "No such port order group"}
	}
	var heads []porting.Order
	for _, id := range g.Orders {
		o := m.orders[id]
		o.Numbers, o.Attempts = nil, nil
		heads = append(heads, o)
	}
	return g, heads, nil
}

// List implements orders.Store. As the table's, it answers with what lists show and no more.
func (m *Memory) List(_ context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []porting.Order
	wanted := set(f.Numbers)
	for _, o := range m.orders {
		has := slices.ContainsFunc(o.Numbers, func(n porting.Number) bool { return wanted[n.TN] })
		if o.Account == id && f.Matches(o) && (len(wanted) == 0 || has) {
			listed := porting.Order{ID: o.ID, Group: o.Group, Account: o.Account, Status: o.Status, StatusAt: o.StatusAt,
				Created: o.Created, Updated: o.Updated, Kind: o.Kind, Carrier: o.Carrier, Answers: porting.Answers{FOC: o.FOC},
				Given: porting.Given{Details: porting.Details{Alias: o.Details.Alias, Desired: o.Details.Desired}}}
			if len(o.Numbers) > 0 {
				listed.Numbers = []porting.Number{{TN: o.Numbers[0].TN}}
			}
			all = append(all, listed)
		}
	}
	slices.SortFunc(all, func(a, b porting.Order) int {
		return cmp.Or(cmp.Compare(len(b.ID), len(a.ID)), strings.Compare(string(b.ID), string(a.ID)))
	})
	all = all[min(f.Offset, len(all)):]
	if f.Limit > 0 {
		all = all[:min(f.Limit, len(all))]
	}
	return all, nil
}

// Feed implements orders.Store.
func (m *Memory) Feed(ctx context.Context, account porting.AccountID, after orders.Place, limit int) ([]orders.Placed, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	feed := slices.Clone(m.feeds[account])
	slices.SortFunc(feed, func(a, b orders.Placed) int { return cmp.Compare(a.Place, b.Place) })
	feed = slices.DeleteFunc(feed, func(e orders.Placed) bool { return e.Place <= after })
	page, more := pageOf(feed, limit, func(p orders.Placed) int { return sizeOf(p.Event) })
	return page, more, ctx.Err()
}

// Event implements orders.Store.
func (m *Memory) Event(_ context.Context, d orders.Due) (porting.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.events[d.Order] {
		if eventKey(e) == d.Key {
			return e, nil
		}
	}
	return porting.Event{}, &porting.Error{Code: porting.NotFound, Message: "No such event."}
}

// Due implements orders.Store.
func (m *Memory) Due(_ context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []orders.Due
	for _, k := range slices.Sorted(maps.Keys(m.due)) {
		if e := m.due[k]; e.Kind == kind && !e.At.After(until) {
			d := e.Due
			d.Tries = 0 // Claim reads them
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b orders.Due) int { return a.At.Compare(b.At) })
	return all[:min(limit, len(all))], nil
}

// at is the entry that still is where d saw it.
func (m *Memory) at(d orders.Due) (*dueEntry, bool) {
	e, ok := m.due[d.Key]
	return e, ok && e.Kind == d.Kind && e.At.Equal(d.At)
}

// Claim implements orders.Store.
func (m *Memory) Claim(_ context.Context, d orders.Due, hold time.Time) (orders.Due, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.at(d)
	if !ok {
		return d, false, nil
	}
	e.At = hold
	return e.Due, true, nil
}

// Fail implements orders.Store.
func (m *Memory) Fail(_ context.Context, d orders.Due, next time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.at(d); ok {
		e.At = next
		e.Tries++
	}
	return nil
}

// Park implements orders.Store.
func (m *Memory) Park(_ context.Context, d orders.Due, why string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.at(d); ok {
		e.Kind, e.At, e.why = orders.DueParked, at, why
		e.Tries++
	}
	return nil
}

// Why is the reason with which something was put where staff see it.
func (m *Memory) Why(_ context.Context, d orders.Due) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.due[d.Key]; ok {
		return e.why, nil
	}
	return "", nil
}

// Delivered implements orders.Store.
func (m *Memory) Delivered(_ context.Context, d orders.Due, effects []porting.Effect) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, e := range m.events[d.Order] {
		if eventKey(e) != d.Key {
			continue
		}
		var left []porting.Effect
		for _, effect := range e.Effects {
			if !slices.Contains(effects, effect) {
				left = append(left, effect)
			}
		}
		m.events[d.Order][i].Effects = left
		if len(left) == 0 {
			delete(m.due, d.Key)
		}
	}
	return nil
}

// Count adds the event's tally to the scores, once.
func (m *Memory) Count(_ context.Context, e porting.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := slices.ContainsFunc(m.events[e.Order], func(have porting.Event) bool { return eventKey(have) == eventKey(e) })
	if e.Tally.Mark == "" || e.Tally.Peer == "" || !known || m.counted[eventKey(e)] {
		return nil
	}
	m.counted[eventKey(e)] = true
	of := []porting.Scored{porting.ScoreOfPeer(e.Tally.Peer)}
	if e.Tally.Carrier != "" {
		of = append(of, porting.ScoreOfCarrier(e.Tally.Carrier))
	}
	for _, scored := range of {
		m.scores[scored] = counted(m.scores[scored], e)
	}
	return nil
}

// counted are the months with one event more.
func counted(months []porting.Month, e porting.Event) []porting.Month {
	t, name := e.Tally, porting.MonthOf(e.At)
	at := slices.IndexFunc(months, func(m porting.Month) bool { return m.Month == name && m.Peer == t.Peer })
	if at < 0 {
		at = len(months)
		months = append(months, porting.Month{Month: name, Peer: t.Peer, Marks: map[porting.Mark]int{}})
	}
	m := &months[at]
	m.Marks[t.Mark]++
	m.Lead += t.Lead
	if t.Answered {
		m.Days[min(max(t.Days, 0), porting.MaxDays)]++
	}
	if t.Mark == porting.MarkDown && e.At.After(m.DownAt) {
		m.DownAt = e.At
	}
	return months
}

// Months reads what was counted in the given month and after it.
func (m *Memory) Months(_ context.Context, of porting.Scored, since string) ([]porting.Month, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []porting.Month
	for _, month := range m.scores[of] {
		if month.Month >= since {
			month.Marks = maps.Clone(month.Marks)
			all = append(all, month)
		}
	}
	return all, nil
}

// Holder implements orders.Store.
func (m *Memory) Holder(_ context.Context, claim string) (porting.OrderID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id, ok := m.claims[claim]; ok {
		return id, nil
	}
	return "", &porting.Error{Code: porting.NotFound, Message: "No live order has the number."}
}

// Release implements orders.Store.
func (m *Memory) Release(_ context.Context, o porting.Order) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	needed := set(o.Holds())
	for _, n := range o.Numbers {
		if claim := o.Owner().Hold(n.TN); m.claims[claim] == o.ID && !needed[claim] {
			delete(m.claims, claim)
		}
	}
	return nil
}

// Undo implements orders.Store. Open leaves nothing half-way here.
func (m *Memory) Undo(context.Context, orders.Due) error { return nil }

func receiptKey(r orders.Receipt) string { return string(r.Account) + "#" + r.Key }

// running says whether the receipt's key is still this try's.
func (m *Memory) running(r orders.Receipt) bool {
	have, ok := m.receipts[receiptKey(r)]
	return ok && have.Answer.Status == 0 && have.Lease.Equal(r.Lease)
}

func (m *Memory) answer(r *orders.Receipt) error {
	if r == nil {
		return nil
	}
	if !m.running(*r) {
		return &porting.Error{Code: porting.Stale, Message: "The request's key is another try's by now."}
	}
	m.receipts[receiptKey(*r)] = *r
	return nil
}

// Begin implements orders.Store.
func (m *Memory) Begin(ctx context.Context, want orders.Receipt, now time.Time) (orders.Receipt, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.receipts[receiptKey(want)]
	if ok && !have.Free(want.Print, now) {
		return have, false, ctx.Err()
	}
	want.Answer = orders.Answer{}
	m.receipts[receiptKey(want)] = want
	return want, true, ctx.Err()
}

// Finish implements orders.Store.
func (m *Memory) Finish(ctx context.Context, r orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running(r) {
		m.receipts[receiptKey(r)] = r
	}
	return ctx.Err()
}

// ReleaseKey implements orders.Store.
func (m *Memory) ReleaseKey(ctx context.Context, r orders.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running(r) {
		delete(m.receipts, receiptKey(r))
	}
	return ctx.Err()
}

// KeepLetter implements orders.Letters.
func (m *Memory) KeepMail(ctx context.Context, l orders.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.letters[l.Order], func(have orders.Mail) bool { return have.Version == l.Version }) {
		return ctx.Err()
	}
	m.letters[l.Order] = append(m.letters[l.Order], l)
	slices.SortFunc(m.letters[l.Order], func(a, b orders.Mail) int { return cmp.Compare(a.Version, b.Version) })
	return ctx.Err()
}

// Letters implements orders.Letters.
func (m *Memory) Mails(ctx context.Context, id porting.OrderID, before int64, limit int) ([]orders.Mail, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(m.letters[id]), func(l orders.Mail) bool { return before > 0 && l.Version >= before })
	slices.Reverse(all)
	page, more := pageOf(all, limit, func(l orders.Mail) int { return 100 + len(l.Subject) + len(l.Text) })
	slices.Reverse(page)
	return page, more, ctx.Err()
}
