package dynamo

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
)

// holdItem is a number on a live order, and the orders that had it before.
type holdItem struct {
	key
	Holder  string     `dynamodbav:"holder,omitempty"`  // the order that has it
	Account string     `dynamodbav:"account,omitempty"` // the holder's
	Past    []pastItem `dynamodbav:"past,omitempty"`
}

type pastItem struct {
	Account string `dynamodbav:"account"`
	Order   string `dynamodbav:"order"`
}

// pastLimit is how many past orders a number remembers; the list's filter by number finds no older ones.
const pastLimit = 20

// claims reads the claims of these names, those that there are.
func (s *Store) holds(ctx context.Context, names []string, each func(holdItem) error) error {
	names = slices.Clone(names)
	slices.Sort(names)
	var keys []key
	for _, name := range slices.Compact(names) {
		keys = append(keys, holdKey(name))
	}
	return s.batchGet(ctx, keys, true, func(i item) error {
		var c holdItem
		if err := unmarshal(i, &c); err != nil {
			return err
		}
		return each(c)
	})
}

// Held is Taken where any of the claims is a live order's.
func (s *Store) Held(ctx context.Context, claims []string) error {
	var held []string
	err := s.holds(ctx, claims, func(c holdItem) error {
		if c.Holder != "" {
			held = append(held, c.name())
		}
		return nil
	})
	if err != nil || len(held) == 0 {
		return err
	}
	slices.Sort(held)
	return porting.TakenError(held...)
}

// claimed and released are the claims that a change takes and gives up.
func held(c orders.Change) []string     { return without(c.After.Holds(), c.Before.Holds()) }
func released(c orders.Change) []string { return without(c.Before.Holds(), c.After.Holds()) }

func without(claims, those []string) []string {
	skip := make(map[string]bool, len(those))
	for _, c := range those {
		skip[c] = true
	}
	return slices.DeleteFunc(slices.Clone(claims), func(c string) bool { return skip[c] })
}

// claim takes a number for an order; what the order has already stays its own.
func (w *writes) hold(claim string, o porting.Order) {
	w.update(holdKey(claim), "SET holder = :order, account = :account", "attribute_not_exists(holder) OR holder = :order",
		item{":order": text(string(o.ID)), ":account": text(string(o.Account))},
		func(item) error { return porting.TakenError(claim) })
}

// hand passes a number from the order that holds it on to another one of the same account.
func (w *writes) hand(claim string, from, to porting.Order) {
	w.update(holdKey(claim), "SET holder = :to", "holder = :from",
		item{":to": text(string(to.ID)), ":from": text(string(from.ID))}, oddity("%s is not held by order %s", claim, from.ID))
}

// errFull says that a number remembers as many past orders as it may.
var errFull = errors.New("dynamo: the claim's past is full")

// free gives a number up. Where it stays on the order, as an excluded number or on an order that is over, the claim remembers
// it for the list's filter by number.
func (w *writes) free(claim string, o porting.Order, old *holdItem) {
	values := item{":order": text(string(o.ID))}
	held := "holder = :order"
	refuse := oddity("%s is not held by order %s", claim, o.ID)
	update := "REMOVE holder, account"
	switch {
	case !slices.ContainsFunc(o.Numbers, func(n porting.Number) bool { return n.TN == porting.HeldNumber(claim) }):
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
			return oddity("%s is not held by order %s", claim, o.ID)(found)
		}
	}
	w.update(holdKey(claim), update, held, values, refuse)
}

func (w *writes) list(past []pastItem) types.AttributeValue {
	v, err := attributevalue.Marshal(past)
	if err != nil {
		w.err = err
	}
	return v
}

// releasing runs a transaction that also frees numbers. The rare number whose past is full is read and shortened.
func (s *Store) releasing(ctx context.Context, w *writes, o porting.Order, claims []string) error {
	short := *w
	for _, claim := range claims {
		w.free(claim, o, nil)
	}
	err := s.run(ctx, w)
	if !errors.Is(err, errFull) {
		return err
	}
	full := map[string]holdItem{}
	err = s.holds(ctx, claims, func(c holdItem) error {
		if len(c.Past) >= pastLimit {
			full[c.PK] = c
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, claim := range claims {
		if c, ok := full[holdKey(claim).PK]; ok {
			short.free(claim, o, &c)
		} else {
			short.free(claim, o, nil)
		}
	}
	return s.run(ctx, &short)
}

// Holder is the live order that has the claim.
func (s *Store) Holder(ctx context.Context, claim string) (porting.OrderID, error) {
	var c holdItem
	ok, err := s.get(ctx, holdKey(claim).String(), &c)
	switch {
	case err != nil:
		return "", err
	case !ok || c.Holder == "":
		return "", porting.Errorf(porting.NotFound, "No live order has the number.")
	}
	return porting.OrderID(c.Holder), nil
}

// Release frees the claims of numbers that the order still holds and no longer needs, in batches: the claims tell which, so
// it may be repeated.
func (s *Store) Release(ctx context.Context, o porting.Order) error {
	needed := map[string]bool{}
	for _, claim := range o.Holds() {
		needed[claim] = true
	}
	var claims []string
	for _, n := range o.Numbers {
		if claim := o.Owner().Hold(n.TN); !needed[claim] {
			claims = append(claims, claim)
		}
	}
	for part := range slices.Chunk(claims, maxItems) {
		var held []string
		err := s.holds(ctx, part, func(c holdItem) error {
			if c.Holder == string(o.ID) {
				held = append(held, c.name())
			}
			return nil
		})
		if err != nil {
			return err
		}
		if len(held) == 0 {
			continue
		}
		if err := s.releasing(ctx, &writes{table: s.table}, o, held); err != nil {
			return err
		}
	}
	return nil
}

func (c holdItem) name() string { return c.PK[len("TN#"):] }
