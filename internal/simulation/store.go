package simulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/secret"
	"portway/internal/storetest"
	"portway/internal/webhook"
)

// store is the table as a function calls it: the store in memory behind calls that may fail. It keeps secrets sealed, as
// the table does.
type store struct {
	*storetest.Memory
	w      *World
	sealer *secret.Sealer
	// last marks the store of a function of the last release, which loses what that release does not know.
	last bool
}

// table makes a call of the table.
func (s *store) table(ctx context.Context, what string, do func() error) error {
	return s.w.call(ctx, Table, what, do)
}

// write makes a call of the table that only changes it. Such a call may have its effect late, or twice.
func (s *store) write(ctx context.Context, what string, do func() error) error {
	return s.w.call(ctx, Table, what, do, func() { _ = do() })
}

// read makes a call of the table that returns something.
func read[T any](ctx context.Context, s *store, what string, do func() (T, error)) (out T, err error) {
	err = s.table(ctx, what, func() error { out, err = do(); return err })
	return out, err
}

func (s *store) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	o, err := read(ctx, s, "Load "+string(id), func() (porting.Order, error) { return s.Memory.Load(ctx, id) })
	return s.known(o), err
}

func (s *store) View(ctx context.Context, id porting.OrderID, comments int) (o porting.Order, f orders.Found,
	err error) {
	err = s.table(ctx, "View "+string(id), func() error { o, f, err = s.Memory.View(ctx, id, comments); return err })
	return s.known(o), f, err
}

func (s *store) Search(ctx context.Context, id porting.OrderID, want orders.Search) (orders.Found, error) {
	return read(ctx, s, "Search "+string(id), func() (orders.Found, error) { return s.Memory.Search(ctx, id, want) })
}

func (s *store) Group(ctx context.Context, id porting.GroupID) (g porting.Group, heads []porting.Order, err error) {
	err = s.table(ctx, "Group "+string(id), func() error { g, heads, err = s.Memory.Group(ctx, id); return err })
	for i := range heads {
		heads[i] = s.known(heads[i])
	}
	return g, heads, err
}

func (s *store) Open(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, made)
	if err != nil {
		return err
	}
	return s.write(ctx, "Open "+string(g.ID), func() error { return s.Memory.Open(context.WithoutCancel(ctx), g, made, redeliver) })
}

func (s *store) Extend(ctx context.Context, g porting.Group, made []orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, made)
	if err != nil {
		return err
	}
	return s.write(ctx, "Extend "+string(g.ID), func() error { return s.Memory.Extend(context.WithoutCancel(ctx), g, made, redeliver) })
}

func (s *store) HandOver(ctx context.Context, from, to orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, []orders.Change{from, to})
	if err != nil {
		return err
	}
	return s.write(ctx, "HandOver "+string(from.After.ID)+" "+string(to.After.ID), func() error {
		err := s.Memory.HandOver(context.WithoutCancel(ctx), made[0], made[1], redeliver)
		if err == nil {
			s.w.committed(made[0])
			s.w.committed(made[1])
		}
		return err
	})
}

func (s *store) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	made, err := s.sealed(ctx, []orders.Change{c})
	if err != nil {
		return err
	}
	c = made[0]
	what := fmt.Sprintf("Commit %s.%d %s %s", c.After.ID, c.After.Version, c.Events[0].Kind, c.After.Status)
	return s.write(ctx, what, func() error {
		err := s.Memory.Commit(context.WithoutCancel(ctx), c, redeliver)
		if err == nil {
			s.w.committed(c)
		}
		return err
	})
}

// known returns an order as far as the store's release knows it.
func (s *store) known(o porting.Order) porting.Order {
	if s.last {
		return storetest.ByLastRelease(o)
	}
	return o
}

// sealed returns the changes as they are written: with their secrets sealed, each under its own order.
func (s *store) sealed(ctx context.Context, made []orders.Change) ([]orders.Change, error) {
	made = slices.Clone(made)
	for i := range made {
		sealed, err := s.sealer.SealOrder(ctx, made[i].After)
		if err != nil {
			return nil, err
		}
		made[i].After = s.known(sealed)
		if s.last {
			made[i].Events = slices.Clone(made[i].Events)
			for n, e := range made[i].Events {
				made[i].Events[n] = storetest.EventByLastRelease(e)
			}
		}
	}
	return made, nil
}

func (s *store) Refund(ctx context.Context, e porting.Event) error {
	return s.write(ctx, "Refund "+string(e.Order), func() error { return s.Memory.Refund(ctx, e) })
}

func (s *store) Held(ctx context.Context, holds []string) error {
	return s.table(ctx, "Held", func() error { return s.Memory.Held(ctx, holds) })
}

func (s *store) Holder(ctx context.Context, hold string) (porting.OrderID, error) {
	return read(ctx, s, "Holder "+hold, func() (porting.OrderID, error) { return s.Memory.Holder(ctx, hold) })
}

func (s *store) Release(ctx context.Context, o porting.Order) error {
	return s.write(ctx, "Release "+string(o.ID), func() error { return s.Memory.Release(ctx, o) })
}

func (s *store) Event(ctx context.Context, d orders.Due) (porting.Event, error) {
	return read(ctx, s, "Event "+d.Key, func() (porting.Event, error) { return s.Memory.Event(ctx, d) })
}

func (s *store) Delivered(ctx context.Context, d orders.Due, effects []porting.Effect) error {
	return s.write(ctx, "Delivered "+d.Key, func() error { return s.Memory.Delivered(ctx, d, effects) })
}

func (s *store) Due(ctx context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error) {
	return read(ctx, s, "Due "+string(kind), func() ([]orders.Due, error) {
		return s.Memory.Due(ctx, kind, until, limit)
	})
}

func (s *store) Lease(ctx context.Context, d orders.Due, until time.Time) (leased orders.Due, ok bool, err error) {
	err = s.table(ctx, "Lease "+d.Key, func() error { leased, ok, err = s.Memory.Lease(ctx, d, until); return err })
	return leased, ok, err
}

func (s *store) Fail(ctx context.Context, d orders.Due, next time.Time) error {
	return s.write(ctx, "Fail "+d.Key, func() error { return s.Memory.Fail(ctx, d, next) })
}

func (s *store) Succeed(ctx context.Context, d orders.Due, next time.Time) error {
	return s.write(ctx, "Succeed "+d.Key, func() error { return s.Memory.Succeed(ctx, d, next) })
}

func (s *store) Park(ctx context.Context, d orders.Due, why string, at, next time.Time) error {
	return s.write(ctx, "Park "+d.Key, func() error {
		s.w.leaves("parked item", why)
		return s.Memory.Park(ctx, d, why, at, next)
	})
}

func (s *store) Unpark(ctx context.Context, d orders.Due, at time.Time) (q orders.Queued, ok bool, err error) {
	err = s.table(ctx, "Unpark "+d.Key, func() error { q, ok, err = s.Memory.Unpark(ctx, d, at); return err })
	return q, ok, err
}

func (s *store) Count(ctx context.Context, e porting.Event) error {
	return s.write(ctx, "Count "+string(e.Order), func() error { return s.Memory.Count(ctx, e) })
}

func (s *store) Months(ctx context.Context, of porting.Scored, since string) ([]porting.Month, error) {
	return read(ctx, s, "Months", func() ([]porting.Month, error) { return s.Memory.Months(ctx, of, since) })
}

func (s *store) Account(ctx context.Context, id porting.AccountID) (account.Account, error) {
	return read(ctx, s, "Account "+string(id), func() (account.Account, error) { return s.Memory.Account(ctx, id) })
}

func (s *store) Endpoints(ctx context.Context, id porting.AccountID) ([]webhook.Endpoint, error) {
	return read(ctx, s, "Endpoints "+string(id), func() ([]webhook.Endpoint, error) {
		return s.Memory.Endpoints(ctx, id)
	})
}

// Endpoint is called under a lock of the sender.
func (s *store) Endpoint(ctx context.Context, id porting.AccountID, name string) (webhook.Endpoint, error) {
	return read(instantly(ctx), s, "Endpoint "+string(id)+" "+name, func() (webhook.Endpoint, error) {
		return s.Memory.Endpoint(ctx, id, name)
	})
}

func (s *store) Add(ctx context.Context, d webhook.Delivery) error {
	return s.write(ctx, "Add "+d.ID(), func() error { return s.Memory.Add(ctx, d) })
}

func (s *store) LeaseWork(ctx context.Context, d orders.Due, now, until time.Time) (work webhook.Work, ok bool, err error) {
	err = s.table(ctx, "LeaseWork "+d.Key, func() error {
		work, ok, err = s.Memory.LeaseWork(ctx, d, now, until)
		return err
	})
	return work, ok, err
}

func (s *store) Lane(ctx context.Context, work webhook.Work) ([]webhook.Work, error) {
	return read(ctx, s, "Lane "+work.Due.Key, func() ([]webhook.Work, error) { return s.Memory.Lane(ctx, work) })
}

func (s *store) PutOff(ctx context.Context, work webhook.Work, until time.Time) error {
	return s.write(ctx, "PutOff "+work.Due.Key, func() error { return s.Memory.PutOff(ctx, work, until) })
}

func (s *store) Settle(ctx context.Context, work webhook.Work, a webhook.Attempt) error {
	return s.write(ctx, "Settle "+work.Due.Key, func() error { return s.Memory.Settle(ctx, work, a) })
}

func (s *store) EventOf(ctx context.Context, d webhook.Delivery) (porting.Event, error) {
	return read(ctx, s, "EventOf "+d.ID(), func() (porting.Event, error) { return s.Memory.EventOf(ctx, d) })
}

func (s *store) AddPull(ctx context.Context, j pull.Job) error {
	return s.write(ctx, "AddPull "+string(j.Order)+" "+string(j.Document), func() error { return s.Memory.AddPull(ctx, j) })
}

func (s *store) PullAccounts(ctx context.Context, until time.Time) ([]porting.AccountID, error) {
	return read(ctx, s, "PullAccounts", func() ([]porting.AccountID, error) { return s.Memory.PullAccounts(ctx, until) })
}

// Pulls is called under a lock of the puller.
func (s *store) Pulls(ctx context.Context, id porting.AccountID) ([]pull.Job, error) {
	return read(instantly(ctx), s, "Pulls "+string(id), func() ([]pull.Job, error) { return s.Memory.Pulls(ctx, id) })
}

func (s *store) LeasePull(ctx context.Context, j pull.Job, until time.Time) (leased pull.Job, ok bool, err error) {
	err = s.table(ctx, "LeasePull "+j.Due.Key, func() error {
		leased, ok, err = s.Memory.LeasePull(ctx, j, until)
		return err
	})
	return leased, ok, err
}

func (s *store) PutOffPull(ctx context.Context, j pull.Job, next time.Time, asked bool) error {
	return s.write(ctx, "PutOffPull "+j.Due.Key, func() error { return s.Memory.PutOffPull(ctx, j, next, asked) })
}

func (s *store) EndPull(ctx context.Context, j pull.Job) error {
	return s.write(ctx, "EndPull "+j.Due.Key, func() error { return s.Memory.EndPull(ctx, j) })
}
