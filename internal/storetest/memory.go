package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"portway/internal/account"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
)

// Memory is a store in memory, for tests of what stands on a store. It keeps the same promises as the table, about
// versions, holds, charges, effects and due dates. It is safe for concurrent use.
type Memory struct {
	mu       sync.Mutex
	orders   map[porting.OrderID]porting.Order
	events   map[porting.OrderID][]porting.Event
	holds    map[string]porting.OrderID
	groups   map[porting.GroupID]porting.Group
	due      map[string]*dueEntry
	accounts map[porting.AccountID]account.Account
	unsigned map[porting.AccountID]int // the limits
	once     map[string]bool           // what was written to the ledger
	ledger   map[porting.AccountID][]account.Line
	presets  map[porting.AccountID]map[account.Ref]account.Preset
	keys     map[string]account.Key
	receipts map[string]orders.Receipt
	feeds    map[porting.AccountID][]orders.Placed
	counted  map[string]bool
	lessons  []porting.Event // that were counted
	scores   map[porting.Scored][]porting.Month
	mails    map[porting.OrderID][]orders.Mail
	sent     map[porting.OrderID][]orders.SentMail
	told     told
	pulls    map[string]pull.Job // by due key
	links    map[linkKey]link.Link
	words    map[porting.OrderID][]string // by which orders are found
	torn     tear
	watch    func(orders.Due)
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{
		orders: map[porting.OrderID]porting.Order{}, events: map[porting.OrderID][]porting.Event{},
		holds: map[string]porting.OrderID{}, groups: map[porting.GroupID]porting.Group{}, due: map[string]*dueEntry{},
		accounts: map[porting.AccountID]account.Account{}, once: map[string]bool{},
		unsigned: map[porting.AccountID]int{},
		ledger:   map[porting.AccountID][]account.Line{},
		presets:  map[porting.AccountID]map[account.Ref]account.Preset{}, keys: map[string]account.Key{},
		receipts: map[string]orders.Receipt{}, feeds: map[porting.AccountID][]orders.Placed{},
		counted: map[string]bool{},
		scores:  map[porting.Scored][]porting.Month{},
		mails:   map[porting.OrderID][]orders.Mail{},
		sent:    map[porting.OrderID][]orders.SentMail{},
		words:   map[porting.OrderID][]string{},
		told:    newTold(),
		pulls:   map[string]pull.Job{},
		links:   map[linkKey]link.Link{},
	}
}

// View implements orders.Store.
func (m *Memory) View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, orders.Found, error) {
	o, err := m.Load(ctx, id)
	if err != nil || comments == 0 {
		return o, orders.Found{}, err
	}
	found, err := m.Search(ctx, id, orders.Search{Comments: true, Limit: comments,
		Before: orders.Seq{Version: o.Version + 1}})
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
func (m *Memory) History(ctx context.Context, id porting.OrderID, after int64, limit int) ([]porting.Event, bool,
	error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := slices.DeleteFunc(slices.Clone(m.events[id]), func(e porting.Event) bool { return e.Version <= after })
	page, more := pageOf(events, limit, sizeOf)
	return page, more, ctx.Err()
}

// pageOf cuts a page off a list where the table ends one: at limit, or after 1 MB.
func pageOf[T any](all []T, limit int, size func(T) int) (page []T, more bool) {
	bytes := 0
	for n, one := range all {
		if bytes += size(one); n == limit || n > 0 && bytes > 1<<20 {
			return all[:n], true
		}
	}
	return all, false
}

// sizeOf returns the bytes that an event takes in the table, roughly.
func sizeOf(e porting.Event) int {
	n := 200 + len(e.Message.Text)
	for _, r := range e.Reasons {
		n += 50 + len(r.Said) + 13*len(r.Numbers)
	}
	return n
}

// Open implements orders.Store.
func (m *Memory) Open(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, ok := m.groups[g.ID]; ok {
		return porting.Errorf(porting.Stale, "The id is used already.")
	}
	var numbers []string
	for _, c := range made {
		if _, ok := m.orders[c.After.ID]; ok {
			return porting.Errorf(porting.Stale, "The id is used already.")
		}
		if err := m.payable(c); err != nil {
			return err
		}
		numbers = append(numbers, c.After.Holds()...)
	}
	if err := m.open(numbers); err != nil {
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

// Extend implements orders.Store.
func (m *Memory) Extend(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	stale := porting.Errorf(porting.Stale, "The group has changed in between; read it again.")
	opened := 0
	for _, c := range made {
		if m.orders[c.After.ID].Version != c.Before.Version {
			return stale
		}
		if c.Before.Version == 0 {
			opened++
		}
		if err := m.payable(c); err != nil {
			return err
		}
	}
	if len(m.groups[g.ID].Orders) != len(g.Orders)-opened {
		return stale
	}
	e := porting.TakenError()
	given := map[string]porting.OrderID{} // numbers that go from hand to hand
	for _, c := range made {
		for tn := range set(c.Before.Holds()) {
			if !slices.Contains(c.After.Holds(), tn) && m.holds[tn] == c.After.ID {
				given[tn] = c.After.ID
			}
		}
	}
	for _, c := range made {
		wanted := slices.DeleteFunc(c.After.Holds(), func(tn string) bool { _, ok := given[tn]; return ok })
		var one *porting.Error
		err := m.free(wanted, c.After.ID)
		if c.After.OwnOnly {
			err = m.open(c.Takes())
		}
		if errors.As(err, &one) {
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

// Commit implements orders.Store.
func (m *Memory) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.orders[c.After.ID].Version != c.Before.Version {
		return porting.Errorf(porting.Stale, "The order has changed in between; read it again.")
	}
	if err := m.payable(c); err != nil {
		return err
	}
	if err := m.free(c.After.Holds(), c.After.ID); err != nil {
		return err
	}
	if c.Before.OwnOnly && c.After.OwnOnly {
		if err := m.open(c.Takes()); err != nil {
			return err
		}
	}
	if err := m.answer(c.Receipt); err != nil {
		return err
	}
	m.write(c, redeliver)
	return nil
}

// payable returns the error for which the charges of a change can't be taken.
func (m *Memory) payable(c orders.Change) error {
	for _, e := range c.Events {
		if e.Charge == 0 && e.Credit == 0 {
			continue
		}
		a, ok := m.accounts[e.Account]
		switch {
		case !ok || a.Kind != account.KindOf(c.After.Sandbox):
			return fmt.Errorf("there is no %s account %s to charge", account.KindOf(c.After.Sandbox), e.Account)
		case m.once[fee(e)]:
			return fmt.Errorf("order %s was charged already", e.Order)
		case !account.MayLeaveDebt(e) && a.Balance < e.Charge:
			return porting.Errorf(porting.NoFunds, "The balance does not cover the fee of $%s.", e.Charge)
		}
	}
	return nil
}

func fee(e porting.Event) string { return account.ChargeOf(e) }

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
	if !porting.LeavesHolds(c.Before, o) {
		for _, tn := range gone {
			delete(m.holds, tn)
		}
	}
	for tn := range after {
		m.holds[tn] = o.ID
	}
	for _, e := range c.Events {
		e.Effects = slices.Clone(e.Effects)
		m.events[o.ID] = append(m.events[o.ID], e)
		m.feeds[e.Account] = append(m.feeds[e.Account], orders.Placed{Event: InFeed(e), Place: orders.PlaceOf(e, redeliver)})
		if len(e.Effects) > 0 {
			due := orders.Due{Kind: orders.DueEvent, Key: eventKey(e), Order: o.ID, At: redeliver}
			m.due[due.Key] = &dueEntry{Due: due}
			m.stream(due)
		}
		if e.Charge != 0 || e.Credit != 0 {
			a := m.accounts[e.Account]
			a.Balance -= e.Charge
			m.accounts[e.Account] = a
			m.enter(e.Account, fee(e), account.Line{At: e.At, Kind: account.FeeOf(e), Amount: -e.Charge,
				Order: e.Order, Reference: account.ReferenceOf(e), Change: e.ChargeFor})
		}
	}
	kinds := porting.DueKinds()
	for _, q := range porting.Queues() {
		kinds = append(kinds, q.Due())
	}
	for _, kind := range kinds {
		at, ok := o.Due[kind]
		kind, was, had := orders.KindOf(orders.DueKind(kind), o.Owner()), c.Before.Due[kind],
			!c.Before.Due[kind].IsZero()
		switch {
		case ok && (!had || !was.Equal(at)):
			m.put(o.ID, kind, at, porting.Message{})
		case !ok:
			delete(m.due, dueKey(o.ID, kind))
		}
	}
	switch desk := orders.KindOf(orders.DueDesk, o.Owner()); {
	case o.Desk.IsZero():
		delete(m.due, dueKey(o.ID, desk))
	case !o.Desk.Equal(c.Before.Desk):
		m.put(o.ID, desk, o.Updated, o.Desk)
	}
}

func set(tns []string) map[string]bool {
	all := make(map[string]bool, len(tns))
	for _, tn := range tns {
		all[tn] = true
	}
	return all
}
