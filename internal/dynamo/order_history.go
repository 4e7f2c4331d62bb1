package dynamo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
)

// viewed is how many items besides comments a view reads in one call: the order's own, and its other latest events.
const viewed = 32

// View reads an order with its latest comments: one call for nearly every order, since the order's items stand behind its
// events and all of them are read downwards. A comment of a later version than the order's is left out. An order that
// changes meanwhile is read again.
func (s *Store) View(ctx context.Context, id porting.OrderID, comments int) (porting.Order, orders.Found, error) {
	if comments == 0 {
		o, err := s.Load(ctx, id)
		return o, orders.Found{}, err
	}
	return s.viewWith(ctx, id, comments, func(item) error { return nil })
}

// ViewByLink reads an order with its latest comments, and the link with the id: one call. The error is link.ErrNoLink where
// there is no such link, or no such order.
func (s *Store) ViewByLink(ctx context.Context, id porting.OrderID, linkID string, comments int) (link.Link, porting.Order, orders.Found, error) {
	var found *linkItem
	o, events, err := s.viewWith(ctx, id, comments, func(i item) error {
		if textOf(i["sk"]) != linkSK+linkID {
			return nil
		}
		found = &linkItem{}
		return unmarshal(i, found)
	})
	if porting.Is(err, porting.NotFound) || err == nil && found == nil {
		err = link.ErrNoLink
	}
	if err != nil {
		return link.Link{}, porting.Order{}, orders.Found{}, err
	}
	return found.link(), o, events, nil
}

// viewWith reads an order with its latest comments. Each item of the order that is no event goes to other too.
func (s *Store) viewWith(ctx context.Context, id porting.OrderID, comments int, other func(item) error) (porting.Order, orders.Found, error) {
	for range loads {
		o, found, whole, err := s.view(ctx, id, orders.Search{Comments: true, Limit: comments}, other)
		if err != nil || whole {
			return o, found, err
		}
		slog.InfoContext(ctx, "the order has changed while it was read", "order", id, "version", o.Version)
	}
	return porting.Order{}, orders.Found{}, tornError{id}
}

// view reads an order and what is wanted of its events once. whole says that the order's items are of one version, and
// that its latest event was seen.
func (s *Store) view(ctx context.Context, id porting.OrderID,
	want orders.Search, other func(item) error) (o porting.Order, found orders.Found, whole bool, err error) {
	var read reading
	found, latest, err := s.walk(ctx, want, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk >= :from"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":from": text(fromEvents)},
		Limit:                     aws.Int32(int32(want.Limit) + viewed),
	}, func(i item) error { return errors.Join(other(i), read.add(i)) })
	if err != nil {
		return porting.Order{}, orders.Found{}, false, fmt.Errorf("read order %s and its history: %w", id, err)
	}
	if o, whole, err = read.order(); err != nil {
		return porting.Order{}, orders.Found{}, false, err
	}
	for n := len(found.Events); n > 0 && found.Events[n-1].Version > o.Version; n-- {
		found.Events = found.Events[:n-1]
	}
	return o, found, whole && latest >= o.Version, nil
}

// Search reads an order's events from the latest back, in pages of what is wanted. Events are never changed except for
// their effects, so a search is right as of the time of its first page: what is written later sorts before that page.
func (s *Store) Search(ctx context.Context, id porting.OrderID, want orders.Search) (orders.Found, error) {
	high := eventsEnd
	if want.Before != (orders.Seq{}) {
		high = eventKey(id, want.Before.Version, want.Before.N).SK // Walk leaves that one out
	}
	found, _, err := s.walk(ctx, want, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":low": text(fromEvents), ":high": text(high)},
		Limit:                     aws.Int32(int32(want.Limit) + 2), // the event at high, and one to know of more
	}, func(item) error { return nil })
	if err != nil {
		return orders.Found{}, fmt.Errorf("read the history of order %s: %w", id, err)
	}
	return found, nil
}

// walk searches the events among the items of a query, which it reads downwards, page by page, until it has what is
// wanted. Items before the first event go to other. latest is the version of the latest event that it saw; each version
// of an order has an event.
func (s *Store) walk(ctx context.Context, want orders.Search, in *dynamodb.QueryInput,
	other func(item) error) (found orders.Found, latest int64, err error) {
	in.TableName, in.ScanIndexForward, in.ConsistentRead = &s.table, aws.Bool(false), aws.Bool(true)
	found, err = want.Walk(func(yield func(porting.Event, error) bool) {
		for {
			out, err := s.client.Query(ctx, in)
			if err != nil {
				yield(porting.Event{}, err)
				return
			}
			for _, i := range out.Items {
				if !strings.HasPrefix(textOf(i["sk"]), fromEvents) {
					if err := other(i); err != nil && !yield(porting.Event{}, err) {
						return
					}
					continue
				}
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
	return found, latest, err
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
