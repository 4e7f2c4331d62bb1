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

	"portway/internal/orders"
	"portway/internal/porting"
)

// intakeItem is a large create call that has not ended. Its numbers stand in the chunks of its orders, which are
// written before the numbers are held.
type intakeItem struct {
	key
	due
	Orders  []string `dynamodbav:"orders"`
	Account string   `dynamodbav:"sandbox,omitempty"` // in items of before v9 there for a sandbox alone
	Undoing bool     `dynamodbav:"undoing,omitempty"` // nothing may be added to it any more
}

// intake writes a create call that is too large for one transaction:
//
//  1. an intake item, due at redeliver, that names the orders
//  2. the numbers of those orders, which nobody sees as long as an order has no head
//  3. the holds of the numbers, in batches
//  4. in one transaction the heads, events, due dates and the group, and the removal of the intake item
//
// Each step but the first is carried out only while the intake item is there and nobody undoes it. So the orders exist
// from step 4 on, all of them or none. Everything that a crash leaves before that can be found from the intake item,
// and Undo removes it.
func (s *Store) intake(ctx context.Context, g porting.Group, made []orders.Change, heads []*writes,
	redeliver time.Time) error {
	if err := s.heldByOthers(ctx, holdsOf(made), ""); err != nil {
		return err // which names all numbers, before anything is written
	}
	k := intakeKey(g.ID)
	i := intakeItem{key: k, due: dueAt(orders.DueIntake, k, redeliver)}
	for _, c := range made {
		i.Account = string(c.After.Account)
		i.Orders = append(i.Orders, string(c.After.ID))
	}
	start := &writes{table: s.table}
	start.put(i, isNew, nil, means(errInUse))
	if err := s.run(ctx, start); err != nil {
		return err
	}
	err := s.fill(ctx, g, made, heads)
	if err == nil {
		return nil
	}
	if undone := s.undo(ctx, k); undone != nil {
		return errors.Join(err, fmt.Errorf("undo the intake, which is left to the sweep: %w", undone))
	}
	return err
}

// holdsOf returns the holds of new orders.
func holdsOf(made []orders.Change) []string {
	var holds []string
	for _, c := range made {
		holds = append(holds, c.After.Holds()...)
	}
	return holds
}

// fill carries out the steps of an intake behind the first.
func (s *Store) fill(ctx context.Context, g porting.Group, made []orders.Change, heads []*writes) error {
	k := intakeKey(g.ID)
	gone := means(porting.Errorf(porting.Stale, "The create call took too long and was undone."))
	batch := func() *writes {
		w := &writes{table: s.table}
		w.check(k, stands, gone)
		return w
	}
	w := batch()
	room := func() error {
		if len(w.items) < maxItems {
			return nil
		}
		err := s.run(ctx, w)
		w = batch()
		return err
	}
	for _, c := range made {
		for n, numbers := range chunksOf(c.After.Numbers) {
			if err := room(); err != nil {
				return err
			}
			chunk := chunkItem{key: chunkKey(c.After.ID, n), Numbers: numbers, Intake: string(g.ID)}
			w.put(chunk, isNew, nil, means(errInUse))
		}
	}
	if err := s.run(ctx, w); err != nil {
		return err
	}
	w = batch()
	for _, c := range made {
		for _, tn := range c.After.Holds() {
			if err := room(); err != nil {
				return err
			}
			w.hold(tn, c.After)
		}
	}
	if err := s.run(ctx, w); err != nil {
		return err
	}

	last := &writes{table: s.table}
	last.delete(k, stands, nil, gone)
	last.put(groupOf(g), isNew, nil, means(errInUse))
	for _, h := range heads {
		for n, i := range h.items {
			if i.Put != nil && isChunk(i.Put.Item) {
				continue // written already
			}
			last.add(i, h.refuse[n])
		}
	}
	return s.run(ctx, last)
}

// Undo ends an intake, or a taking of numbers, that was left half-way. A process that still carries out its steps gets
// no further. Undo may be repeated, and does nothing where the orders exist.
func (s *Store) Undo(ctx context.Context, d orders.Due) error {
	k, ok := parseKey(d.Key)
	if !ok {
		return fmt.Errorf("%q is no key of this table", d.Key)
	}
	if id := k.order(); id != "" && k == takingKey(id) {
		return s.undoTaking(ctx, k)
	}
	return s.undo(ctx, k)
}

func (s *Store) undo(ctx context.Context, k key) error {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k.av(), UpdateExpression: aws.String("SET undoing = :yes"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: item{":yes": &types.AttributeValueMemberBOOL{Value: true}},
		ReturnValues:              types.ReturnValueAllNew,
	})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return nil // it is undone, or the orders exist
	}
	if err != nil {
		return fmt.Errorf("undo %s: %w", k, err)
	}
	var i intakeItem
	if err := unmarshal(out.Attributes, &i); err != nil {
		return err
	}
	for _, id := range i.Orders {
		never := porting.Order{ID: porting.OrderID(id), Account: porting.AccountID(i.Account)}
		if err := s.withdraw(ctx, k, never); err != nil {
			return fmt.Errorf("undo %s: %w", k, err)
		}
	}
	return s.deleteIf(ctx, k, "attribute_exists(undoing)", nil)
}

// withdraw frees the numbers of an order that an intake did not get to write, then removes its chunks, which tell the
// numbers. The holds do not remember the order, which never existed.
func (s *Store) withdraw(ctx context.Context, intake key, never porting.Order) error {
	group := porting.GroupID(intake.PK[len("G#"):])
	var chunks []chunkItem
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :numbers)"),
		ExpressionAttributeValues: item{":pk": text(headKey(never.ID).PK), ":numbers": text(fromNumbers)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		var c chunkItem
		err := unmarshal(i, &c)
		if c.Intake == string(group) { // else the id is another order's, and so are the numbers
			chunks = append(chunks, c)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range chunks {
		for part := range slices.Chunk(c.list(), maxItems/2) {
			var holds []string
			for _, n := range part {
				holds = append(holds, never.Owner().Hold(n.TN), never.Owner().OwnHold(n.TN))
			}
			w := &writes{table: s.table}
			err := s.holds(ctx, holds, func(h holdItem) error {
				if h.Holder == string(never.ID) {
					w.free(h.name(), never, nil)
				}
				return nil
			})
			if err != nil {
				return err
			}
			if len(w.items) == 0 {
				continue
			}
			if err := s.run(ctx, w); err != nil {
				return err
			}
		}
	}
	for _, c := range chunks {
		if err := s.deleteIf(ctx, c.key, "intake = :intake", item{":intake": text(string(group))}); err != nil {
			return err
		}
	}
	return nil
}
