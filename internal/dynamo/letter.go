package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/orders"
	"portway/internal/porting"
)

// letterItem is a letter that was kept in place of being sent. It sorts before what View and Load read.
type letterItem struct {
	key
	Version int64  `dynamodbav:"version"`
	Written stamp  `dynamodbav:"written"`
	To      string `dynamodbav:"to"`
	Subject string `dynamodbav:"subject"`
	Text    string `dynamodbav:"text"`
}

const lettersSK = "COPY#"

// KeepLetter writes a letter, once for each event.
func (s *Store) KeepLetter(ctx context.Context, l orders.Letter) error {
	k := orderKey(l.Order, fmt.Sprintf("%s%010d", lettersSK, l.Version))
	err := s.putNew(ctx, letterItem{key: k, Version: l.Version, Written: stampOf(l.At), To: l.To, Subject: l.Subject, Text: l.Text}, "The letter is there already.")
	if orders.Is(err, porting.Settled) {
		return nil
	}
	return err
}

// Letters reads an order's letters, oldest first.
func (s *Store) Letters(ctx context.Context, id porting.OrderID) ([]orders.Letter, error) {
	var all []orders.Letter
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :letters)"),
		ExpressionAttributeValues: item{":pk": text(headKey(id).PK), ":letters": text(lettersSK)},
		ConsistentRead:            aws.Bool(true),
	}, func(i item) error {
		var l letterItem
		err := unmarshal(i, &l)
		all = append(all, orders.Letter{Order: id, Version: l.Version, At: l.Written.time(), To: l.To, Subject: l.Subject, Text: l.Text})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the letters of order %s: %w", id, err)
	}
	return all, nil
}
