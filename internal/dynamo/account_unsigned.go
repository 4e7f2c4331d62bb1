package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/porting"
)

// unsignedItem counts the numbers that an account has put on orders that are not signed, since they were last counted.
// It never counts what leaves them, so that no two changes of an account's orders wait for each other: where the count
// comes to the limit, the orders themselves are counted.
type unsignedItem struct {
	key
	Added int `dynamodbav:"added,omitempty"`
	Most  int `dynamodbav:"most,omitempty"` // the account's own limit
}

// LimitUnsigned writes how many unsigned numbers an account may have; 0 is porting.UnsignedNumbers.
func (s *Store) LimitUnsigned(ctx context.Context, id porting.AccountID, most int) error {
	update, values := "SET most = :most", item{":most": number(int64(most))}
	if most == 0 {
		update, values = "REMOVE most", nil
	}
	_, err := s.addUnsigned(ctx, id, update, values)
	return err
}

// Draft counts n more unsigned numbers of an account, and refuses them where it would have too many. Calls at the same
// time may go past the limit by what they add.
func (s *Store) Draft(ctx context.Context, id porting.AccountID, n int) error {
	i, err := s.addUnsigned(ctx, id, "ADD added :n", item{":n": number(int64(n))})
	if err != nil {
		return err
	}
	most := cmp.Or(i.Most, porting.UnsignedNumbers)
	if i.Added <= most {
		return nil
	}
	has, err := s.countUnsigned(ctx, id)
	if err != nil {
		return err
	}
	added := has
	if has+n <= most {
		added += n
	}
	if _, err := s.addUnsigned(ctx, id, "SET added = :n", item{":n": number(int64(added))}); err != nil {
		return err
	}
	if has+n > most {
		return porting.UnsignedError(n, most, has)
	}
	return nil
}

// addUnsigned changes the count and returns it.
func (s *Store) addUnsigned(ctx context.Context, id porting.AccountID, update string, values item) (unsignedItem, error) {
	out, err := s.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &s.table, Key: unsignedKey(id).av(),
		UpdateExpression: &update, ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew})
	var i unsignedItem
	if err == nil {
		err = unmarshal(out.Attributes, &i)
	}
	if err != nil {
		return i, fmt.Errorf("count the unsigned numbers of %s: %w", id, err)
	}
	return i, nil
}

// countUnsigned counts the numbers on the account's unsigned orders, as far as the index of orders has them.
func (s *Store) countUnsigned(ctx context.Context, id porting.AccountID) (int, error) {
	var keys []key
	err := s.query(ctx, &dynamodb.QueryInput{
		IndexName:                 aws.String(listIndex),
		KeyConditionExpression:    aws.String("account = :account"),
		ExpressionAttributeValues: item{":account": text(string(id))},
	}, func(i item) error {
		if status := porting.Status(textOf(i["status"])); status == porting.Pending || status == porting.Rejected {
			keys = append(keys, key{textOf(i["pk"]), textOf(i["sk"])})
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count the unsigned numbers of %s: %w", id, err)
	}
	n := 0
	err = s.batchGet(ctx, keys, true, func(i item) error {
		own, _ := i["own_only"].(*types.AttributeValueMemberBOOL)
		numbers, _ := i["numbers"].(*types.AttributeValueMemberN)
		if own == nil || !own.Value || numbers == nil || !porting.Status(textOf(i["status"])).Live() {
			return nil
		}
		count, err := strconv.Atoi(numbers.Value)
		n += count
		return err
	})
	return n, err
}
