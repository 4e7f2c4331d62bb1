package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/porting"
)

// Erase removes what tells of persons from an order that has ended (porting.Order.Erased), from its events, and the mails,
// records of mails and links that were kept for it. It writes no event. An order that changes meanwhile is refused, and
// so is one whose events still have effects to come. What a failure has left undone is done by calling it again. The
// order comes back as it was before.
func (s *Store) Erase(ctx context.Context, id porting.OrderID) (porting.Order, error) {
	before, err := s.Load(ctx, id)
	if err != nil {
		return before, err
	}
	after, err := before.Erased()
	if err != nil {
		return before, err
	}
	events, copies, err := s.toErase(ctx, id)
	if err != nil {
		return before, err
	}
	w := &writes{table: s.table}
	w.put(headOf(after), "version = :version", item{":version": number(before.Version)}, means(errStale))
	w.tries(before, after)
	w.dues(before, after)
	if err := s.run(ctx, w); err != nil {
		return before, err
	}
	for _, e := range events {
		e.Text, e.Reasons, e.StatusURL = nil, reasonsOf(porting.ErasedReasons(reasonsFrom(e.Reasons))), ""
		i, err := marshal(e)
		if err != nil {
			return before, err
		}
		if _, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: i}); err != nil {
			return before, fmt.Errorf("erase %s: %w", e.key, err)
		}
	}
	for _, k := range copies {
		if _, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: k.av()}); err != nil {
			return before, fmt.Errorf("erase %s: %w", k, err)
		}
	}
	return before, nil
}

// toErase reads the events of an order, and the keys of the items that repeat what was said to its customer, or
// among our staff.
func (s *Store) toErase(ctx context.Context, id porting.OrderID) (events []eventItem, copies []key, err error) {
	err = s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk < :from"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":from": text(fromNumbers)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		k := key{textOf(i["pk"]), textOf(i["sk"])}
		switch {
		case strings.HasPrefix(k.SK, fromEvents):
			var e eventItem
			if err := unmarshal(i, &e); err != nil {
				return err
			}
			if len(e.Todo) > 0 {
				return porting.Errorf(porting.WrongStatus, "Mails or webhooks of order %s are still to be sent.", id)
			}
			events = append(events, e)
		case strings.HasPrefix(k.SK, mailSK), strings.HasPrefix(k.SK, sentSK), strings.HasPrefix(k.SK, "LINK#"), strings.HasPrefix(k.SK, "DOC#"),
			strings.HasPrefix(k.SK, "DESK#"), strings.HasPrefix(k.SK, "FIND#"):
			copies = append(copies, k)
		}
		return nil
	})
	if err != nil && !errors.As(err, new(*porting.Error)) {
		err = fmt.Errorf("read what order %s tells: %w", id, err)
	}
	return events, copies, err
}
