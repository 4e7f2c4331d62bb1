package dynamo

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// holdItem keeps a number for the live order that holds it, and remembers the orders that held it before.
type holdItem struct {
	key
	Holder  string     `dynamodbav:"holder,omitempty"`  // the order
	Account string     `dynamodbav:"account,omitempty"` // of that order
	Past    []pastItem `dynamodbav:"past,omitempty"`
}

type pastItem struct {
	Account string `dynamodbav:"account"`
	Order   string `dynamodbav:"order"`
}

// pastLimit is the number of past orders that a hold remembers. A list by numbers finds no older ones.
const pastLimit = 20

// holds reads the holds of these names that there are.
func (s *Store) holds(ctx context.Context, names []string, each func(holdItem) error) error {
	names = slices.Clone(names)
	slices.Sort(names)
	var keys []key
	for _, name := range slices.Compact(names) {
		keys = append(keys, holdKey(name))
	}
	return s.batchGet(ctx, keys, true, func(i item) error {
		var h holdItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		return each(h)
	})
}

// Held returns Taken where live orders have any of the holds, and names the numbers of all of those. A number that a
// signed order of the same account holds is held against a draft of the account too.
func (s *Store) Held(ctx context.Context, holds []string) error {
	var refusals []error
	for _, err := range []error{s.heldByOthers(ctx, holds, ""), s.heldBySigned(ctx, holds)} {
		if err != nil {
			refusals = append(refusals, err)
		}
	}
	if len(refusals) == 0 {
		return nil
	}
	return worst(refusals)
}

// heldByOthers returns Taken where live orders other than one have any of the holds.
func (s *Store) heldByOthers(ctx context.Context, holds []string, but porting.OrderID) error {
	return s.takenIf(ctx, holds, func(h holdItem) bool { return h.Holder != "" && h.Holder != string(but) })
}

// heldBySigned returns Taken where signed orders of the account that a hold is limited to have the number. Such an order
// holds it against everybody, which is another hold. The check is no part of the transaction that takes the hold: what
// slips through is a draft that can't be signed.
func (s *Store) heldBySigned(ctx context.Context, holds []string) error {
	own := map[string]string{} // the hold by that against everybody
	for _, hold := range holds {
		if porting.HoldOwner(hold) != "" {
			own[porting.HeldNumber(hold)] = hold
		}
	}
	var held []string
	err := s.holds(ctx, slices.Collect(maps.Keys(own)), func(h holdItem) error {
		if hold := own[h.name()]; h.Holder != "" && h.Account == string(porting.HoldOwner(hold)) {
			held = append(held, hold)
		}
		return nil
	})
	return takenError(held, err)
}

// newDrafts returns Taken, with all the numbers, where signed orders of the account have one of the numbers of drafts.
// The others are refused by the transaction that takes them.
func (s *Store) newDrafts(ctx context.Context, holds []string) error {
	err := s.heldBySigned(ctx, holds)
	if porting.Is(err, porting.Taken) {
		return s.Held(ctx, holds)
	}
	return err
}

// takenIf returns Taken where is says so of the holds.
func (s *Store) takenIf(ctx context.Context, holds []string, is func(holdItem) bool) error {
	var held []string
	err := s.holds(ctx, holds, func(h holdItem) error {
		if is(h) {
			held = append(held, h.name())
		}
		return nil
	})
	return takenError(held, err)
}

func takenError(held []string, err error) error {
	if err != nil || len(held) == 0 {
		return err
	}
	slices.Sort(held)
	return porting.TakenError(held...)
}

// held lists the holds that a change takes, released those that it gives up.
func held(c orders.Change) []string     { return porting.TakesHolds(c.Before, c.After) }
func released(c orders.Change) []string { return porting.Without(c.Before.Holds(), c.After.Holds()) }

// hold takes a number for an order that may hold it already.
func (w *writes) hold(hold string, o porting.Order) {
	w.update(holdKey(hold), "SET holder = :order, account = :account",
		"attribute_not_exists(holder) OR holder = :order",
		item{":order": text(string(o.ID)), ":account": text(string(o.Account))},
		func(item) error { return porting.TakenError(hold) })
}

// pass gives a number from the order that holds it to another order of the same account.
func (w *writes) pass(hold string, from, to porting.Order) {
	w.update(holdKey(hold), "SET holder = :to", "holder = :from",
		item{":to": text(string(to.ID)), ":from": text(string(from.ID))},
		oddity("%s is not held by order %s", hold, from.ID))
}

// errFull says that a hold remembers as many past orders as it may.
var errFull = errors.New("dynamo: the hold's past is full")

// remembers says that the hold of a number remembers the order for lists by numbers: the number stays on the order, and
// the order has no other hold on it, because the number is left out or the order is over.
func remembers(o porting.Order, tn string) bool {
	return slices.ContainsFunc(o.Numbers, func(n porting.Number) bool {
		return n.TN == tn && (n.State == porting.Excluded || !o.Status.Live() && !o.Withdrawing)
	})
}

// free gives a number up. The hold may remember the order (remembers). old is the hold as it was read, where it is to
// forget its oldest order for that.
func (w *writes) free(hold string, o porting.Order, old *holdItem) {
	values := item{":order": text(string(o.ID))}
	held := "holder = :order"
	refuse := oddity("%s is not held by order %s", hold, o.ID)
	update := "REMOVE holder, account"
	switch {
	case !remembers(o, porting.HeldNumber(hold)):
	case old != nil:
		past := append(old.Past, pastItem{string(o.Account), string(o.ID)})
		update = "SET past = :past REMOVE holder, account"
		values[":past"] = w.list(past[max(0, len(past)-pastLimit):])
	default:
		update = "SET past = list_append(if_not_exists(past, :none), :this) REMOVE holder, account"
		held += " AND (attribute_not_exists(past) OR size(past) < :most)"
		values[":none"], values[":this"] = w.list([]pastItem{}), w.list([]pastItem{{string(o.Account), string(o.ID)}})
		values[":most"] = number(pastLimit)
		refuse = func(found item) error {
			if textOf(found["holder"]) == string(o.ID) {
				return errFull
			}
			return oddity("%s is not held by order %s", hold, o.ID)(found)
		}
	}
	w.update(holdKey(hold), update, held, values, refuse)
}

func (w *writes) list(past []pastItem) types.AttributeValue {
	v, err := attributevalue.Marshal(past)
	if err != nil {
		w.err = err
	}
	return v
}

// releasing runs a transaction that also frees numbers. A hold that remembers as many orders as it may is rare: only
// then the holds are read.
func (s *Store) releasing(ctx context.Context, w *writes, o porting.Order, holds []string) error {
	short := *w
	for _, hold := range holds {
		w.free(hold, o, nil)
	}
	err := s.run(ctx, w)
	if !errors.Is(err, errFull) {
		return err
	}
	full := map[string]holdItem{}
	err = s.holds(ctx, holds, func(h holdItem) error {
		if len(h.Past) >= pastLimit {
			full[h.PK] = h
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, hold := range holds {
		if h, ok := full[holdKey(hold).PK]; ok {
			short.free(hold, o, &h)
		} else {
			short.free(hold, o, nil)
		}
	}
	return s.run(ctx, &short)
}

// Holder returns the live order that has the hold, NotFound where none has.
func (s *Store) Holder(ctx context.Context, hold string) (porting.OrderID, error) {
	var h holdItem
	ok, err := s.get(ctx, holdKey(hold).String(), &h)
	switch {
	case err != nil:
		return "", err
	case !ok || h.Holder == "":
		return "", porting.Errorf(porting.NotFound, "No live order has the number.")
	}
	return porting.OrderID(h.Holder), nil
}

// Had returns the live order that has the hold and then those that had it before, the latest first: one read.
func (s *Store) Had(ctx context.Context, hold string) ([]porting.OrderID, error) {
	var h holdItem
	if _, err := s.get(ctx, holdKey(hold).String(), &h); err != nil {
		return nil, err
	}
	var ids []porting.OrderID
	if h.Holder != "" {
		ids = append(ids, porting.OrderID(h.Holder))
	}
	for _, p := range slices.Backward(h.Past) {
		ids = append(ids, porting.OrderID(p.Order))
	}
	return ids, nil
}

// Release frees the numbers that the order still holds and no longer needs, in batches. The holds tell which these are,
// so it may be repeated. Stale means that the order has begun to take numbers, or has another kind of hold by now.
func (s *Store) Release(ctx context.Context, o porting.Order) error {
	return s.release(ctx, o, func() *writes {
		w := &writes{table: s.table}
		same := "attribute_not_exists(own_only)"
		if o.OwnOnly {
			same = "attribute_exists(own_only)"
		}
		w.check(headKey(o.ID), same, means(errStale))
		w.check(takingKey(o.ID), "attribute_not_exists(pk)", means(errStale))
		return w
	})
}

// release frees what an order holds and does not need. Each batch begins with the checks of begin.
func (s *Store) release(ctx context.Context, o porting.Order, begin func() *writes) error {
	needed := map[string]bool{}
	for _, hold := range o.Holds() {
		needed[hold] = true
	}
	var holds []string
	for _, n := range o.Numbers {
		for _, hold := range slices.Compact([]string{o.Owner().Hold(n.TN), o.Owner().OwnHold(n.TN)}) {
			if !needed[hold] {
				holds = append(holds, hold)
			}
		}
	}
	for part := range slices.Chunk(holds, maxItems-len(begin().items)) {
		var held []string
		err := s.holds(ctx, part, func(h holdItem) error {
			if h.Holder == string(o.ID) {
				held = append(held, h.name())
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(held) == 0 {
			continue
		}
		if err := s.releasing(ctx, begin(), o, held); err != nil {
			return err
		}
	}
	return nil
}

// name is the hold as Order.Holds has it.
func (h holdItem) name() string { return h.PK[len("TN#"):] }
