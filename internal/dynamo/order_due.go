package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

// due makes an item fall due: its place in the due index, and how often the work on it has failed.
type due struct {
	Shard string `dynamodbav:"due_shard,omitempty"`
	At    stamp  `dynamodbav:"due_at,omitempty"`
	Tries int    `dynamodbav:"tries,omitempty"`
	// Why is the question to staff, or the failure for which the item was parked.
	Why *messageItem `dynamodbav:"why,omitempty"`
	// Parked is when the item was first parked. An item of an earlier release that is parked fell due at that time.
	Parked stamp `dynamodbav:"parked_at,omitempty"`
}

// dueAt makes an item fall due at an instant.
func dueAt(kind orders.DueKind, k key, at time.Time) due {
	return due{Shard: shard(kind, k.PK), At: stampOf(at)}
}

// kind returns the kind among which the item falls due at present.
func (d due) kind() orders.DueKind {
	kind, _, _ := strings.Cut(d.Shard, "#")
	return orders.DueKind(kind)
}

// dueItem is a due date of an order.
type dueItem struct {
	key
	due
}

func (i dueItem) value() orders.Due {
	d := orders.Due{Kind: i.kind(), Key: i.key.String(), Order: i.key.order(), At: i.At.time(), Tries: i.Tries}
	if d.Kind == orders.DueParked {
		d.Of = i.key.work()
	}
	return d
}

// work returns the kind of the work on an item that falls due, by its key: parked or not.
func (k key) work() orders.DueKind {
	kind, isDate := strings.CutPrefix(k.SK, dueSK)
	switch {
	case isDate:
		return orders.DueKind(kind)
	case strings.HasPrefix(k.SK, fromEvents):
		return orders.DueEvent
	case strings.HasPrefix(k.SK, hookSK):
		return webhook.DuePause
	case strings.HasPrefix(k.PK, "W#"):
		return webhook.DueDelivery
	}
	return orders.DueIntake
}

func (i dueItem) queued() orders.Queued {
	q := orders.Queued{Kind: i.key.work(), Why: i.Why.message(), Since: i.Parked.time(), Tries: i.Tries}
	if q.Since.IsZero() {
		q.Since = i.At.time()
	}
	return q
}

// dues writes the due dates that changed. An item that a sweep has leased, put off or parked stays as it is while the
// order's own date stays the same.
func (w *writes) dues(before, after porting.Order) {
	type wish struct {
		at  time.Time
		why porting.Message
	}
	of := func(o porting.Order, at time.Time) map[orders.DueKind]wish {
		wishes := map[orders.DueKind]wish{}
		for kind, at := range o.Due {
			wishes[orders.KindOf(orders.DueKind(kind), o.Owner())] = wish{at: at}
		}
		if !o.Desk.IsZero() {
			wishes[orders.KindOf(orders.DueDesk, o.Owner())] = wish{at, o.Desk}
		}
		return wishes
	}
	// The question to the desk falls due at once: at the instant of the change that asks it.
	old, now := of(before, after.Updated), of(after, after.Updated)
	for kind, d := range now {
		if o, ok := old[kind]; !ok || !o.at.Equal(d.at) || !o.why.Equal(d.why) {
			k := dueKey(after.ID, kind)
			i := dueItem{k, dueAt(kind, k, d.at)}
			i.Why = messageOf(d.why)
			w.put(i, "", nil, nil)
		}
	}
	for kind := range old {
		if _, ok := now[kind]; !ok {
			w.delete(dueKey(after.ID, kind), "", nil, nil)
		}
	}
}

// Due reads what falls due at or before until, the longest due first. The index lags a little behind the items and has
// their keys only, so Tries is zero until Lease reads it.
func (s *Store) Due(ctx context.Context, kind orders.DueKind, until time.Time, limit int) ([]orders.Due, error) {
	var all []orders.Due
	for n := range shards {
		out, err := s.client.Query(ctx, &dynamodb.QueryInput{
			TableName: &s.table, IndexName: aws.String(dueIndex),
			KeyConditionExpression:    aws.String("due_shard = :shard AND due_at <= :until"),
			ExpressionAttributeValues: item{":shard": text(shardOf(kind, n)), ":until": text(string(stampOf(until)))},
			Limit:                     aws.Int32(int32(limit)),
		})
		if err != nil {
			return nil, fmt.Errorf("read what is due of %s: %w", kind, err)
		}
		for _, i := range out.Items {
			var d dueItem
			if err := unmarshal(i, &d); err != nil {
				return nil, err
			}
			all = append(all, d.value())
		}
	}
	slices.SortStableFunc(all, func(a, b orders.Due) int { return a.At.Compare(b.At) })
	return all[:min(limit, len(all))], nil
}

// DueBehind reads what falls due at or before until, the longest due first and by key where two fall due at once, from
// behind a place on: one query for each shard, and more where many fall due at the instant where the answer ends.
func (s *Store) DueBehind(ctx context.Context, kind orders.DueKind, behind orders.Due, until time.Time, limit int) ([]orders.Due, error) {
	later := func(a, b orders.Due) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) }
	var all []orders.Due
	for n := range shards {
		in := &dynamodb.QueryInput{
			TableName: &s.table, IndexName: aws.String(dueIndex),
			KeyConditionExpression: aws.String("due_shard = :shard AND due_at BETWEEN :from AND :until"),
			ExpressionAttributeValues: item{":shard": text(shardOf(kind, n)), ":from": text(cmp.Or(string(stampOf(behind.At)), " ")),
				":until": text(string(stampOf(until)))},
			Limit: aws.Int32(int32(limit) + 1),
		}
		var some []orders.Due
		for more := true; more; more = len(in.ExclusiveStartKey) > 0 && (len(some) < limit || some[len(some)-1].At.Equal(some[limit-1].At)) {
			out, err := s.client.Query(ctx, in)
			if err != nil {
				return nil, fmt.Errorf("read what is due of %s: %w", kind, err)
			}
			for _, i := range out.Items {
				var d dueItem
				if err := unmarshal(i, &d); err != nil {
					return nil, err
				}
				if v := d.value(); later(v, behind) > 0 {
					some = append(some, v)
				}
			}
			in.ExclusiveStartKey = out.LastEvaluatedKey
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, later)
	return all[:min(limit, len(all))], nil
}

// Lease moves a due date to until where it still is as d has it.
func (s *Store) Lease(ctx context.Context, d orders.Due, until time.Time) (orders.Due, bool, error) {
	var now dueItem
	ok, err := s.move(ctx, d, "SET due_at = :to", item{":to": text(string(stampOf(until)))}, &now)
	if err != nil || !ok {
		return d, false, err
	}
	return now.value(), true, nil
}

// Succeed clears the failures of leased work that stays due, and lets it fall due at next.
func (s *Store) Succeed(ctx context.Context, d orders.Due, next time.Time) error {
	values := item{":to": text(string(stampOf(next)))}
	_, err := s.move(ctx, d, "SET due_at = :to REMOVE tries, parked_at", values, nil)
	return err
}

// Fail counts a failure of the work on d, which falls due again at next. A due date that somebody else has moved in
// between stays as it is.
func (s *Store) Fail(ctx context.Context, d orders.Due, next time.Time) error {
	values := item{":to": text(string(stampOf(next))), ":one": number(1)}
	_, err := s.move(ctx, d, "SET due_at = :to ADD tries :one", values, nil)
	return err
}

// Park puts a due date where staff see it, with the reason.
func (s *Store) Park(ctx context.Context, d orders.Due, why string, at, next time.Time) error {
	k, _ := parseKey(d.Key)
	const park = "SET due_shard = :parked, due_at = :to, why = :why, parked_at = if_not_exists(parked_at, :at) " +
		"ADD tries :one"
	_, err := s.move(ctx, d, park, item{":parked": text(shard(orders.DueParked, k.PK)),
		":to": text(string(stampOf(next))), ":at": text(string(stampOf(at))), ":why": text(why), ":one": number(1)}, nil)
	return err
}

// Unpark returns what is parked to its own kind. The reason goes with it: the next failure has its own.
func (s *Store) Unpark(ctx context.Context, d orders.Due, at time.Time) (orders.Queued, bool, error) {
	k, _ := parseKey(d.Key)
	const unpark = "SET due_shard = :own, due_at = :to, parked_at = if_not_exists(parked_at, :seen) REMOVE why"
	var now dueItem
	ok, err := s.move(ctx, d, unpark, item{":own": text(shard(k.work(), k.PK)), ":to": text(string(stampOf(at)))}, &now)
	return now.queued(), ok, err
}

// Queued reads why staff see a due date, and since when.
func (s *Store) Queued(ctx context.Context, d orders.Due) (orders.Queued, error) {
	var i dueItem
	_, err := s.get(ctx, d.Key, &i)
	return i.queued(), err
}

// AllQueued reads why staff see due dates, at most 100 of them in one call, in their order. One that is gone by now is
// empty.
func (s *Store) AllQueued(ctx context.Context, of []orders.Due) ([]orders.Queued, error) {
	keys := make([]key, 0, len(of))
	for _, d := range of {
		k, ok := parseKey(d.Key)
		if !ok {
			return nil, fmt.Errorf("%q is no key of this table", d.Key)
		}
		keys = append(keys, k)
	}
	found := map[key]orders.Queued{}
	err := s.batchGet(ctx, keys, false, func(i item) error {
		var d dueItem
		if err := unmarshal(i, &d); err != nil {
			return err
		}
		found[d.key] = d.queued()
		return nil
	})
	all := make([]orders.Queued, 0, len(of))
	for _, k := range keys {
		all = append(all, found[k])
	}
	return all, err
}

// move updates the due item where its due date still is as d has it, and reads it into into unless that is nil. ok is
// false where the due date has changed.
func (s *Store) move(ctx context.Context, d orders.Due, update string, values item,
	into *dueItem) (ok bool, err error) {
	k, ok := parseKey(d.Key)
	if !ok {
		return false, fmt.Errorf("%q is no key of this table", d.Key)
	}
	values[":shard"], values[":seen"] = text(shard(d.Kind, k.PK)), text(string(stampOf(d.At)))
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: &update,
		ConditionExpression:       aws.String("due_shard = :shard AND due_at = :seen"),
		ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	var busy *types.TransactionConflictException // a change of the order writes the item at the same time
	if errors.As(err, &refused) || errors.As(err, &busy) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("move the due date of %s: %w", d.Key, err)
	}
	if into == nil {
		return true, nil
	}
	return true, unmarshal(out.Attributes, into)
}
