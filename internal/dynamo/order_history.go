package dynamo

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/orders"
	"portway/internal/porting"
)

// View reads an order with its latest comments: two calls at the same time, one call where no comments are wanted. A
// comment that is written between the two belongs to a later version of the order and is left out. Where the comments
// were read before the order, they are read again, since the order's version may have one of its own.
func (s *Store) View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, orders.Found, error) {
	if comments == 0 {
		o, err := s.Load(ctx, id)
		return o, orders.Found{}, err
	}
	want := orders.Search{Comments: true, Limit: comments}
	var o porting.Order
	var found orders.Found
	var latest int64
	var failed [2]error
	var both sync.WaitGroup
	both.Go(func() { o, failed[0] = s.Load(ctx, id) })
	both.Go(func() { found, latest, failed[1] = s.search(ctx, id, want) })
	both.Wait()
	for _, err := range failed {
		if err != nil {
			return porting.Order{}, orders.Found{}, err
		}
	}
	if latest < o.Version {
		var err error
		if found, _, err = s.search(ctx, id, want); err != nil {
			return porting.Order{}, orders.Found{}, err
		}
	}
	for n := len(found.Events); n > 0 && found.Events[n-1].Version > o.Version; n-- {
		found.Events = found.Events[:n-1]
	}
	return o, found, nil
}

// Search reads an order's events from the latest back, in pages of what is wanted. Events are never changed except for
// their effects, so a search is right as of the time of its first page: what is written later sorts before that page.
func (s *Store) Search(ctx context.Context, id porting.OrderID, want orders.Search) (orders.Found, error) {
	found, _, err := s.search(ctx, id, want)
	return found, err
}

// search is Search, which also tells the version of the latest event that it saw. Each version of an order has an
// event.
func (s *Store) search(ctx context.Context, id porting.OrderID,
	want orders.Search) (found orders.Found, latest int64, err error) {
	high := eventsEnd
	if want.Before != (orders.Seq{}) {
		high = eventKey(id, want.Before.Version, want.Before.N).SK // Walk leaves that one out
	}
	found, err = want.Walk(func(yield func(porting.Event, error) bool) {
		in := &dynamodb.QueryInput{
			TableName:                 &s.table,
			KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
			ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":low": text(fromEvents), ":high": text(high)},
			ScanIndexForward:          aws.Bool(false),
			ConsistentRead:            aws.Bool(true),
			Limit:                     aws.Int32(int32(want.Limit) + 2), // the event at high, and one to know of more
		}
		for {
			out, err := s.client.Query(ctx, in)
			if err != nil {
				yield(porting.Event{}, err)
				return
			}
			for _, i := range out.Items {
				var e eventItem
				err := unmarshal(i, &e)
				latest = max(latest, e.Version)
				if !yield(e.event(), err) {
					return
				}
			}
			if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
				return
			}
		}
	})
	if err != nil {
		return orders.Found{}, 0, fmt.Errorf("read the history of order %s: %w", id, err)
	}
	return found, latest, nil
}

// History reads an order's events after a version, oldest first. more says that later ones follow: a page ends at the
// limit, or at DynamoDB's own limit of 1 MB.
func (s *Store) History(ctx context.Context, id porting.OrderID, after int64,
	limit int) (events []porting.Event, more bool, err error) {
	items, more, err := s.page(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":low": text(eventKey(id, after+1, 0).SK),
			":high": text(eventsEnd)},
		ConsistentRead: aws.Bool(true),
	}, limit)
	for _, i := range items {
		var e eventItem
		if err == nil {
			err = unmarshal(i, &e)
		}
		events = append(events, e.event())
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the history of order %s: %w", id, err)
	}
	return events, more, nil
}
