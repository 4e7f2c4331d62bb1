package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/webhook"
)

func toldPK(account porting.AccountID, endpoint string) string {
	return "W#" + string(account) + "#" + endpoint
}

func recordKey(d webhook.Delivery) key {
	return key{toldPK(d.Account, d.Endpoint), fmt.Sprintf("D#%s#%s#%010d.%d", stampOf(d.At), padded(d.Order), d.Version,
		d.N)}
}

// toldItem has the attributes that the record of a delivery and its work have in common.
type toldItem struct {
	key
	Order    string `dynamodbav:"order,omitempty"`
	Version  int64  `dynamodbav:"version"`
	N        int    `dynamodbav:"n"`
	Type     string `dynamodbav:"type"`
	Happened stamp  `dynamodbav:"happened"`
	Made     stamp  `dynamodbav:"made"`
}

func toldOf(k key, d webhook.Delivery) toldItem {
	return toldItem{key: k, Order: string(d.Order), Version: d.Version, N: d.N, Type: d.Type, Happened: stampOf(d.At),
		Made: stampOf(d.Made)}
}

func (i toldItem) delivery() webhook.Delivery {
	account, endpoint, _ := strings.Cut(strings.TrimPrefix(i.PK, "W#"), "#")
	return webhook.Delivery{Account: porting.AccountID(account), Endpoint: endpoint, Order: porting.OrderID(i.Order),
		Version: i.Version, N: i.N, Type: i.Type, At: i.Happened.time(), Made: i.Made.time()}
}

// deliveryItem is the record of a delivery.
type deliveryItem struct {
	toldItem
	State    string        `dynamodbav:"state"`
	Next     stamp         `dynamodbav:"next,omitempty"`
	Attempts []attemptItem `dynamodbav:"attempts"`
	TTL      int64         `dynamodbav:"ttl"` // seconds since 1970; DynamoDB removes the item some time later
}

type attemptItem struct {
	At     stamp  `dynamodbav:"at"`
	Status int    `dynamodbav:"status,omitempty"`
	Why    string `dynamodbav:"why,omitempty"`
	Took   int64  `dynamodbav:"ms"`
}

func (i deliveryItem) value() webhook.Delivery {
	d := i.delivery()
	d.State, d.Next = webhook.State(i.State), i.Next.time()
	for _, a := range i.Attempts {
		d.Attempts = append(d.Attempts, webhook.Attempt{At: a.At.time(), Status: a.Status, Why: a.Why,
			Took: time.Duration(a.Took) * time.Millisecond})
	}
	d.Attempts = d.Attempts[max(0, len(d.Attempts)-webhook.MostAttempts):]
	return d
}

// Add writes a delivery that is not there yet, and its work where it is pending.
func (s *Store) Add(ctx context.Context, d webhook.Delivery) error {
	w := &writes{table: s.table}
	there := errors.New("it is there already")
	record := deliveryItem{toldItem: toldOf(recordKey(d), d), State: string(d.State), Next: stampOf(d.Next),
		Attempts: []attemptItem{}, TTL: d.Made.Add(webhook.Kept).Unix()}
	w.put(record, isNew, nil, means(there))
	if d.State == webhook.Pending {
		w.put(workOf(d), "", nil, nil)
	}
	if err := s.run(ctx, w); err != nil && !errors.Is(err, there) {
		return err
	}
	return nil
}

// Delivery reads the record of a delivery.
func (s *Store) Delivery(ctx context.Context, d webhook.Delivery) (webhook.Delivery, error) {
	var i deliveryItem
	ok, err := s.get(ctx, recordKey(d).String(), &i)
	if err == nil && !ok {
		err = webhook.ErrNoDelivery
	}
	return i.value(), err
}

// Deliveries reads a page of an endpoint's deliveries, by the time of their events.
func (s *Store) Deliveries(ctx context.Context, account porting.AccountID, endpoint string,
	p webhook.Page) ([]webhook.Delivery, error) {
	low, high := "D#", "D$" // $ follows #
	if !p.From.IsZero() {
		low += string(stampOf(p.From))
	}
	if !p.To.IsZero() {
		high = "D#" + string(stampOf(p.To))
	}
	if p.Before != nil {
		high = recordKey(*p.Before).SK
	}
	var all []webhook.Delivery
	if low >= high {
		return nil, nil
	}
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk BETWEEN :low AND :high"),
		ExpressionAttributeValues: item{":pk": text(toldPK(account, endpoint)), ":low": text(low), ":high": text(high)},
		ScanIndexForward:          &p.Oldest, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(p.Limit) + 1),
	}, func(i item) error {
		if textOf(i["sk"]) == high { // the page ends before it
			return nil
		}
		var d deliveryItem
		if err := unmarshal(i, &d); err != nil {
			return err
		}
		if all = append(all, d.value()); len(all) >= p.Limit {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, fmt.Errorf("read the deliveries of %s: %w", account, err)
	}
	return all, nil
}

// Requeue makes a delivery pending again, whatever its state is.
func (s *Store) Requeue(ctx context.Context, d webhook.Delivery) error {
	w := &writes{table: s.table}
	update := "SET #state = :pending, made = :made, #next = :next, #ttl = :ttl"
	values := item{":pending": text(string(webhook.Pending)), ":made": text(string(stampOf(d.Made))),
		":next": text(string(stampOf(d.Next))), ":ttl": number(d.Made.Add(webhook.Kept).Unix())}
	if len(d.Attempts) >= webhook.MostAttempts {
		update += ", attempts = :none" // the list has a limit
		values[":none"] = &types.AttributeValueMemberL{}
	}
	w.update(recordKey(d), update, "attribute_exists(pk)", values, means(webhook.ErrNoDelivery))
	w.names(reserved)
	w.put(workOf(d), "", nil, nil)
	return s.run(ctx, w)
}

// reserved has placeholders for our attributes whose names are reserved words of DynamoDB.
var reserved = map[string]string{"#state": "state", "#next": "next", "#ttl": "ttl"}

// EventOf reads the event that a delivery tells.
func (s *Store) EventOf(ctx context.Context, d webhook.Delivery) (porting.Event, error) {
	return s.Event(ctx, orders.Due{Key: eventKey(d.Order, d.Version, d.N).String()})
}
