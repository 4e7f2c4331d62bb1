package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/orders"
	"portway/internal/porting"
)

// List reads an account's orders, newest first, as far as lists show them. A list lags a little behind the orders,
// except for one by numbers. Each row is of one instant, and no two need be of the same one; whoever changes an order
// reads it with Load first.
func (s *Store) List(ctx context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	if len(f.Numbers) > 0 {
		return s.listByNumbers(ctx, id, f)
	}
	var page pager
	page.filter = f
	in := &dynamodb.QueryInput{
		IndexName:                 aws.String(listIndex),
		KeyConditionExpression:    aws.String("account = :account"),
		ExpressionAttributeValues: item{":account": text(string(id))},
		ScanIndexForward:          aws.Bool(false),
	}
	if f.Before != "" {
		*in.KeyConditionExpression += " AND id < :before"
		in.ExpressionAttributeValues[":before"] = text(padded(f.Before))
	}
	if f.Limit > 0 && !f.Narrows() {
		in.Limit = aws.Int32(int32(f.Offset + f.Limit)) // a page of ten orders does not read a thousand
	}
	err := s.query(ctx, in, func(i item) error {
		var h headItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		return page.take(h.listed())
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("list orders of %s: %w", id, err)
	}
	return page.orders, nil
}

// Feed reads an account's events behind a place, from an index that lags a little. more says that later ones follow.
func (s *Store) Feed(ctx context.Context, id porting.AccountID, after orders.Place,
	limit int) (all []orders.Placed, more bool, err error) {
	in := &dynamodb.QueryInput{
		IndexName:                 aws.String(feedIndex),
		KeyConditionExpression:    aws.String("account = :account"),
		ExpressionAttributeValues: item{":account": text(string(id))},
	}
	if after != "" {
		*in.KeyConditionExpression += " AND feed_at > :after"
		in.ExpressionAttributeValues[":after"] = text(string(after))
	}
	items, more, err := s.page(ctx, in, limit)
	for _, i := range items {
		var e eventItem
		if err == nil {
			err = unmarshal(i, &e)
		}
		all = append(all, orders.Placed{Event: e.event(), Place: orders.Place(e.Place)})
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the events of %s: %w", id, err)
	}
	return all, more, nil
}

// pager collects the page that a filter asks for.
type pager struct {
	filter orders.Filter
	passed int
	orders []porting.Order
}

// take adds an order to the page where it belongs there. errEnough says that the page is full.
func (p *pager) take(o porting.Order) error {
	if !p.filter.Matches(o) {
		return nil
	}
	if p.passed++; p.passed <= p.filter.Offset {
		return nil
	}
	p.orders = append(p.orders, o)
	if p.filter.Limit > 0 && len(p.orders) >= p.filter.Limit {
		return errEnough
	}
	return nil
}

// listByNumbers finds the orders that contain any of the numbers, by the holds of the numbers.
func (s *Store) listByNumbers(ctx context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	var ids []porting.OrderID
	var holds []string
	for _, tn := range f.Numbers {
		owner := porting.Owner{Account: id, Sandbox: f.Sandbox}
		holds = append(holds, owner.Hold(tn), owner.OwnHold(tn))
	}
	err := s.holds(ctx, holds, func(h holdItem) error {
		if h.Holder != "" && h.Account == string(id) {
			ids = append(ids, porting.OrderID(h.Holder))
		}
		for _, p := range h.Past {
			if p.Account == string(id) {
				ids = append(ids, porting.OrderID(p.Order))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(ids, func(a, b porting.OrderID) int { return cmp.Compare(padded(b), padded(a)) })
	heads, err := s.heads(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	page := pager{filter: f}
	for _, o := range heads {
		if page.take(o) != nil {
			break
		}
	}
	return page.orders, nil
}
