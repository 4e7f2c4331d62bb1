// Package dynamo keeps orders, accounts and what belongs to them in one DynamoDB table. It implements orders.Store and
// account.Store. How each item looks is in table.go.
package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
)

// Store is the table. It is safe for concurrent use.
type Store struct {
	client *dynamodb.Client
	table  string
	sealer *secret.Sealer
}

var (
	_ orders.Store  = (*Store)(nil)
	_ account.Store = (*Store)(nil)
	_ orders.Mails  = (*Store)(nil)
)

// New is the store in a table. The sealer seals what is written; reading never opens anything. A function that writes no order
// may go without one.
func New(client *dynamodb.Client, table string, sealer *secret.Sealer) *Store {
	return &Store{client, table, sealer}
}

// Load reads an order with its numbers and attempts. Its secrets are sealed. Only an order of thousands of numbers takes a second
// call.
func (s *Store) Load(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	var head headItem
	var numbers []porting.Number
	var attempts []porting.Attempt
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk >= :from"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":from": text(fromNumbers)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		sk := textOf(i["sk"])
		switch {
		case sk == orderSK:
			return unmarshal(i, &head)
		case strings.HasPrefix(sk, "NUMBERS#"):
			var c chunkItem
			if err := unmarshal(i, &c); err != nil {
				return err
			}
			numbers = append(numbers, c.list()...)
		case strings.HasPrefix(sk, "TRY#"):
			var t tryItem
			if err := unmarshal(i, &t); err != nil {
				return err
			}
			attempts = append(attempts, t.attempt())
		}
		return nil
	})
	if err != nil {
		return porting.Order{}, fmt.Errorf("read order %s: %w", id, err)
	}
	if head.PK == "" {
		return porting.Order{}, orders.ErrNoOrder
	}
	o := head.order()
	o.Numbers, o.Attempts = numbers, attempts
	return o, nil
}

// Event reads one event and what is still to follow from it.
func (s *Store) Event(ctx context.Context, d orders.Due) (porting.Event, error) {
	var e eventItem
	ok, err := s.get(ctx, d.Key, &e)
	if err != nil {
		return porting.Event{}, err
	}
	if !ok {
		return porting.Event{}, &porting.Error{Code: porting.NotFound, Message: "No such event."}
	}
	return e.event(), nil
}

// Group reads a group and the heads of its orders.
func (s *Store) Group(ctx context.Context, id porting.GroupID) (porting.Group, []porting.Order, error) {
	var i groupItem
	ok, err := s.get(ctx, groupKey(id).String(), &i)
	if err != nil {
		return porting.Group{}, nil, err
	}
	if !ok {
		return porting.Group{}, nil, &porting.Error{Code: porting.NotFound, Message: "No such port order group"}
	}
	g := porting.Group{ID: id, Account: porting.AccountID(i.Account), Created: i.Created.time()}
	for _, o := range i.Orders {
		g.Orders = append(g.Orders, porting.OrderID(o))
	}
	heads, err := s.heads(ctx, g.Orders)
	return g, heads, err
}

// heads reads the heads of orders, in the order asked for; an order that is not there is left out.
func (s *Store) heads(ctx context.Context, ids []porting.OrderID) ([]porting.Order, error) {
	keys := make([]key, 0, len(ids))
	for _, id := range ids {
		keys = append(keys, headKey(id))
	}
	found := map[porting.OrderID]porting.Order{}
	err := s.batchGet(ctx, keys, true, func(i item) error {
		var h headItem
		if err := unmarshal(i, &h); err != nil {
			return err
		}
		o := h.order()
		found[o.ID] = o
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]porting.Order, 0, len(found))
	for _, id := range ids {
		if o, ok := found[id]; ok {
			all = append(all, o)
		}
	}
	return all, nil
}

// List reads an account's orders, newest first, as far as lists show them. The index lags a little behind the orders, but for
// a filter by numbers.
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
		in.Limit = aws.Int32(int32(f.Offset + f.Limit)) // a page of ten need not read a thousand
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

// Feed reads an account's events behind a place, from an index that lags a little. more says that there are others behind them.
func (s *Store) Feed(ctx context.Context, id porting.AccountID, after orders.Place, limit int) (all []orders.Placed, more bool, err error) {
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

// errEnough ends a query whose remaining items nobody needs.
var errEnough = errors.New("enough")

// pager keeps the page that a filter asks for.
type pager struct {
	filter orders.Filter
	passed int
	orders []porting.Order
}

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

// listByNumbers finds the orders that contain any of the numbers, by the numbers' claims.
func (s *Store) listByNumbers(ctx context.Context, id porting.AccountID, f orders.Filter) ([]porting.Order, error) {
	var ids []porting.OrderID
	var claims []string
	for _, tn := range f.Numbers {
		claims = append(claims, porting.Owner{Account: id, Sandbox: f.Sandbox}.Hold(tn))
	}
	err := s.holds(ctx, claims, func(c holdItem) error {
		if c.Holder != "" && c.Account == string(id) {
			ids = append(ids, porting.OrderID(c.Holder))
		}
		for _, p := range c.Past {
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

// get reads one item by its key as text; ok is false when there is none.
func (s *Store) get(ctx context.Context, at string, into any) (ok bool, err error) {
	k, ok := parseKey(at)
	if !ok {
		return false, nil
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: k.av(), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return false, fmt.Errorf("read %s: %w", at, err)
	}
	if out.Item == nil {
		return false, nil
	}
	return true, unmarshal(out.Item, into)
}

// query hands over every item of every page.
func (s *Store) query(ctx context.Context, in *dynamodb.QueryInput, each func(item) error) error {
	in.TableName = &s.table
	for {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return err
		}
		for _, i := range out.Items {
			if err := each(i); err != nil {
				return err
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// batchGet hands over the items of the keys, in no order; keys must not repeat.
func (s *Store) batchGet(ctx context.Context, keys []key, consistent bool, each func(item) error) error {
	const most = 100
	for part := range slices.Chunk(keys, most) {
		var avs []item
		for _, k := range part {
			avs = append(avs, k.av())
		}
		ask := map[string]types.KeysAndAttributes{s.table: {Keys: avs, ConsistentRead: &consistent}}
		for len(ask) > 0 {
			out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: ask})
			if err != nil {
				return fmt.Errorf("read %d items: %w", len(part), err)
			}
			for _, i := range out.Responses[s.table] {
				if err := each(i); err != nil {
					return err
				}
			}
			ask = out.UnprocessedKeys
		}
	}
	return nil
}

func text(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(n)}
}

func textOf(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// unmarshal reads an item; its error tells the key, not the content.
func unmarshal(i item, into any) error {
	if err := attributevalue.UnmarshalMap(i, into); err != nil {
		return fmt.Errorf("item %s|%s is not as we write it (%T)", textOf(i["pk"]), textOf(i["sk"]), err)
	}
	return nil
}

func marshal(v any) (item, error) {
	i, err := attributevalue.MarshalMap(v)
	if err != nil {
		return nil, fmt.Errorf("make an item of a %T: %w", v, err)
	}
	return i, nil
}
