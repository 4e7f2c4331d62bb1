package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// errEnough ends a query whose remaining items nobody needs.
var errEnough = errors.New("enough")

// get reads one item by its key in one text. ok is false where there is none.
func (s *Store) get(ctx context.Context, at string, into any) (ok bool, err error) {
	k, ok := parseKey(at)
	if !ok {
		return false, nil
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: k.av(),
		ConsistentRead: aws.Bool(true)})
	if err != nil {
		return false, fmt.Errorf("read %s: %w", at, err)
	}
	if out.Item == nil {
		return false, nil
	}
	return true, unmarshal(out.Item, into)
}

// query hands every item of every page to each. DynamoDB promises no snapshot: the items, also those of one page, may be
// of different instants. Whoever decides from several items that belong together has to see to it:
//
//   - Load checks numbers and attempts against the parts in the head, and reads again.
//   - View compares versions, leaves later comments out and reads the comments again where they came too early.
//   - Keys reads the account before its keys, so that Amend refuses a decision from other keys.
//   - Group, List and PresetUsers are overviews of items that stand each for itself; Commit and Extend check versions.
//   - Search, History, Feed, Ledger, Mails and Deliveries read items in the order in which they were written. An item
//     stays as it was, or (effects, state of a delivery) stands for itself.
//   - Lane, Due and holds tell where to try. Each lease, and each transaction on a hold, has a condition of its own.
//   - Endpoints, Presets, Months and Learned read items that have nothing to do with each other.
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

// batchGet hands the items of the keys to each, in no particular order. As with query, they need not be of one instant.
// No key may stand in keys twice.
func (s *Store) batchGet(ctx context.Context, keys []key, consistent bool, each func(item) error) error {
	const most = 100 // DynamoDB's limit on one call
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

// text is an attribute that holds a text, number one that holds a number.
func text(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(n)}
}

// textOf returns the text of an attribute, and nothing where the attribute is missing or is no text.
func textOf(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

// unmarshal reads an item. Its error tells the key and not the content.
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

// page reads one page of at most limit items. more says that others come after them.
func (s *Store) page(ctx context.Context, in *dynamodb.QueryInput, limit int) (items []item, more bool, err error) {
	in.TableName, in.Limit = &s.table, aws.Int32(int32(limit)+1)
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, false, err
	}
	if len(out.Items) > limit {
		return out.Items[:limit], true, nil
	}
	return out.Items, len(out.LastEvaluatedKey) > 0, nil
}
