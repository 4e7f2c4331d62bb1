package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// maxItems is DynamoDB's limit on one transaction.
const maxItems = 100

// writes is a transaction being put together. Each write says what it means when its condition does not hold.
type writes struct {
	table  string
	items  []types.TransactWriteItem
	refuse []func(old item) error
	err    error // of putting it together
}

var (
	errStale = &porting.Error{Code: porting.Stale, Message: "The order has changed in between; read it again."}
	errInUse = &porting.Error{Code: porting.Stale, Message: "The id is used already."}
)

// isNew is the condition under which nothing is overwritten.
const isNew = "attribute_not_exists(pk)"

func means(err error) func(item) error { return func(item) error { return err } }

// oddity is a refusal that only an inconsistent table can cause.
func oddity(format string, args ...any) func(item) error {
	return means(fmt.Errorf("the table is not as it should be: "+format, args...))
}

func (w *writes) add(i types.TransactWriteItem, refuse func(item) error) {
	w.items, w.refuse = append(w.items, i), append(w.refuse, refuse)
}

// put writes an item; without a condition it replaces what was there.
func (w *writes) put(v any, condition string, values item, refuse func(item) error) {
	i, err := marshal(v)
	if err != nil {
		w.err = err
		return
	}
	p := &types.Put{TableName: &w.table, Item: i}
	if condition != "" {
		p.ConditionExpression = &condition
		p.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	if len(values) > 0 {
		p.ExpressionAttributeValues = values
	}
	w.add(types.TransactWriteItem{Put: p}, refuse)
}

func (w *writes) update(k key, update, condition string, values item, refuse func(item) error) {
	u := &types.Update{TableName: &w.table, Key: k.av(), UpdateExpression: &update, ExpressionAttributeValues: values}
	if condition != "" {
		u.ConditionExpression = &condition
		u.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	w.add(types.TransactWriteItem{Update: u}, refuse)
}

func (w *writes) delete(k key, condition string, values item, refuse func(item) error) {
	d := &types.Delete{TableName: &w.table, Key: k.av()}
	if condition != "" {
		d.ConditionExpression = &condition
	}
	if len(values) > 0 {
		d.ExpressionAttributeValues = values
	}
	w.add(types.TransactWriteItem{Delete: d}, refuse)
}

func (w *writes) check(k key, condition string, refuse func(item) error) {
	w.add(types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: &w.table, Key: k.av(), ConditionExpression: &condition}}, refuse)
}

// run carries the transaction out, all or nothing. Of several refusals Stale comes first, since the others may only follow
// from it; numbers taken are told all together.
func (s *Store) run(ctx context.Context, w *writes) error {
	if w.err != nil {
		return w.err
	}
	if len(w.items) > maxItems {
		return &porting.Error{Code: porting.Invalid, Message: fmt.Sprintf(
			"This changes %d items at once, and at most %d can be; do it in smaller steps.", len(w.items), maxItems)}
	}
	_, err := s.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: w.items})
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return err
	}
	var refusals []error
	for n, reason := range cancelled.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed":
			refusals = append(refusals, w.refuse[n](reason.Item))
		case "TransactionConflict":
			refusals = append(refusals, errStale)
		}
	}
	if len(refusals) == 0 {
		return err
	}
	return worst(refusals)
}

func worst(refusals []error) error {
	var taken *porting.Error
	for _, code := range []porting.ErrorCode{porting.Stale, porting.NoFunds, porting.Taken} {
		for _, err := range refusals {
			var e *porting.Error
			switch {
			case !errors.As(err, &e) || e.Code != code:
			case code != porting.Taken:
				return err
			case taken == nil:
				taken = &porting.Error{Code: e.Code, Message: e.Message, Faults: slices.Clone(e.Faults)}
			default:
				taken.Faults = append(taken.Faults, e.Faults...)
			}
		}
	}
	if taken != nil {
		return taken
	}
	return refusals[0]
}

// Commit writes one change in one transaction. The write of the head is conditional on the version; everything else is
// written only where it differs, so that what a step costs follows from what it changes.
func (s *Store) Commit(ctx context.Context, c orders.Change, redeliver time.Time) error {
	w, err := s.changes(ctx, c, redeliver)
	if err != nil {
		return err
	}
	for _, tn := range held(c) {
		w.hold(tn, c.After)
	}
	free := released(c)
	if len(free) > porting.HoldsPerTransaction {
		free = nil // left to the effect porting.ReleaseNumbers
	}
	return s.releasing(ctx, w, c.After, free)
}

// changes is the transaction of a change, save its claims.
func (s *Store) changes(ctx context.Context, c orders.Change, redeliver time.Time) (*writes, error) {
	w := &writes{table: s.table}
	after, err := s.seal(ctx, c.After)
	if err != nil {
		return nil, err
	}
	if c.Before.Version == 0 {
		w.put(headOf(after), isNew, nil, means(errInUse))
	} else {
		w.put(headOf(after), "version = :version", item{":version": number(c.Before.Version)}, means(errStale))
	}
	w.events(c.Events, redeliver)
	w.chunks(c.Before, c.After)
	w.tries(c.Before, after)
	w.dues(c.Before, c.After)
	for _, e := range c.Events {
		w.charge(e, c.After.Sandbox)
	}
	w.receipt(c.Receipt)
	return w, nil
}

func (s *Store) seal(ctx context.Context, o porting.Order) (porting.Order, error) {
	if s.sealer == nil {
		return o, errors.New("dynamo: a store without a sealer writes no orders")
	}
	return s.sealer.SealOrder(ctx, o)
}

func (w *writes) events(events []porting.Event, redeliver time.Time) {
	for _, e := range events {
		// A version that is stale shows in the head; an event that is there already tells the same.
		w.put(eventOf(e, redeliver), isNew, nil, means(errStale))
	}
}

func (w *writes) chunks(before, after porting.Order) {
	old, now := chunksOf(before.Numbers), chunksOf(after.Numbers)
	for n, numbers := range now {
		if n >= len(old) || old[n] != numbers {
			w.put(chunkItem{key: chunkKey(after.ID, n), Numbers: numbers}, "", nil, nil)
		}
	}
	for n := len(now); n < len(old); n++ {
		w.delete(chunkKey(after.ID, n), "", nil, nil)
	}
}

func (w *writes) tries(before, after porting.Order) {
	for n, a := range after.Attempts {
		t := tryOf(after.ID, n, a)
		if n >= len(before.Attempts) || !t.same(tryOf(after.ID, n, before.Attempts[n])) {
			w.put(t, "", nil, nil)
		}
	}
}

// dues writes the due dates that changed. An item that a sweep has moved, or that was parked, is left alone as long as the
// order's own date stays what it was.
func (w *writes) dues(before, after porting.Order) {
	type wish struct {
		at  time.Time
		why string
	}
	of := func(o porting.Order, at time.Time) map[orders.DueKind]wish {
		wishes := map[orders.DueKind]wish{}
		for kind, at := range o.Due {
			wishes[orders.KindOf(orders.DueKind(kind), o.Owner())] = wish{at: at}
		}
		if o.Desk != "" {
			wishes[orders.KindOf(orders.DueDesk, o.Owner())] = wish{at, o.Desk}
		}
		return wishes
	}
	// The desk's item is due since it was asked: the instant of the change that writes it.
	old, now := of(before, after.Updated), of(after, after.Updated)
	for kind, d := range now {
		if o, ok := old[kind]; !ok || !o.at.Equal(d.at) || o.why != d.why {
			k := dueKey(after.ID, kind)
			i := dueItem{k, dueAt(kind, k, d.at)}
			i.Why = d.why
			w.put(i, "", nil, nil)
		}
	}
	for kind := range old {
		if _, ok := now[kind]; !ok {
			w.delete(dueKey(after.ID, kind), "", nil, nil)
		}
	}
}

// charge takes what an event charges from the balance, once: a fee has one line in the ledger. A fee for ending the order is
// owed whatever the balance; all others need cover. Play money pays for a sandbox's orders and for nothing else.
func (w *writes) charge(e porting.Event, sandbox bool) {
	if e.Charge == 0 {
		return
	}
	fee, condition := account.FeeOf(e), "balance_cents >= :amount"
	if fee == account.CancelFeeLine {
		condition = "attribute_exists(pk)"
	}
	kind := account.KindOf(sandbox)
	condition += " AND kind = :kind"
	w.update(accountKey(e.Account), "SET balance_cents = balance_cents - :amount", condition,
		item{":amount": number(int64(e.Charge)), ":kind": text(string(kind))},
		func(old item) error {
			if old == nil || textOf(old["kind"]) != string(kind) {
				return fmt.Errorf("there is no %s account %s to charge", kind, e.Account)
			}
			return &porting.Error{Code: porting.NoFunds, Message: fmt.Sprintf("The balance does not cover the fee of $%s.", e.Charge)}
		})
	w.ledger(e.Account, string(e.Order)+"#"+string(fee), ledgerItem{Kind: string(fee), Amount: -int64(e.Charge), Order: string(e.Order), At: stampOf(e.At)},
		oddity("order %s was charged its %s already", e.Order, fee))
}

// ledger writes a line of the ledger, once for each name.
func (w *writes) ledger(id porting.AccountID, what string, i ledgerItem, refuse func(item) error) {
	i.key = ledgerKey(id, i.At.time(), what)
	w.put(onceItem{key: onceKey(id, what), Line: i.SK}, isNew, nil, refuse)
	w.put(i, "", nil, nil)
}
