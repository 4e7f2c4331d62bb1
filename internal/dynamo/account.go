package dynamo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/internal/account"
	"portway/internal/porting"
)

var errNoAccount = &porting.Error{Code: porting.NotFound, Message: "No such account"}

// Account reads an account.
func (s *Store) Account(ctx context.Context, id porting.AccountID) (account.Account, error) {
	var i accountItem
	ok, err := s.get(ctx, accountKey(id).String(), &i)
	if err != nil {
		return account.Account{}, err
	}
	if !ok {
		return account.Account{}, errNoAccount
	}
	return i.value(), nil
}

// OpenAccount writes a new account.
func (s *Store) OpenAccount(ctx context.Context, a account.Account) error {
	return s.putNew(ctx, accountItem{key: accountKey(a.ID), Name: a.Name, Mail: a.Mail, Kind: string(a.Kind),
		Balance: int64(a.Balance), Created: stampOf(a.Created)}, "The account is there already.")
}

// Deposit adds to a balance, once for each reference.
func (s *Store) Deposit(ctx context.Context, id porting.AccountID, amount porting.Money, reference string, at time.Time) error {
	w := &writes{table: s.table}
	w.update(accountKey(id), "SET balance_cents = balance_cents + :amount", "attribute_exists(pk)",
		item{":amount": number(int64(amount))}, means(errNoAccount))
	w.put(ledgerItem{key: ledgerKey(id, "deposit#"+reference), Amount: int64(amount), At: stampOf(at)}, isNew, nil,
		means(&porting.Error{Code: porting.Settled, Message: "The deposit was made already."}))
	return s.run(ctx, w)
}

// Key reads an access key.
func (s *Store) Key(ctx context.Context, access string) (account.Key, error) {
	var i keyItem
	ok, err := s.get(ctx, accessKey(access).String(), &i)
	if err != nil {
		return account.Key{}, err
	}
	k := account.Key{Access: access, Account: porting.AccountID(i.Account), Kind: account.Kind(cmp.Or(i.Kind, string(account.Live))),
		Created: i.Created.time()}
	if !ok || copy(k.Hash[:], i.Hash) != len(k.Hash) {
		return account.Key{}, &porting.Error{Code: porting.NotFound, Message: "No such access key"}
	}
	return k, nil
}

// AddKey writes a new access key.
func (s *Store) AddKey(ctx context.Context, k account.Key) error {
	return s.putNew(ctx, keyItem{key: accessKey(k.Access), Account: string(k.Account), Kind: string(k.Kind), Hash: k.Hash[:], Created: stampOf(k.Created)},
		"The access key is there already.")
}

// RemoveKey ends an access key.
func (s *Store) RemoveKey(ctx context.Context, access string) error {
	_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: accessKey(access).av()})
	return err
}

func (s *Store) putNew(ctx context.Context, v any, there string) error {
	i, err := marshal(v)
	if err != nil {
		return err
	}
	_, err = s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: i, ConditionExpression: aws.String(isNew)})
	var refused *types.ConditionalCheckFailedException
	if errors.As(err, &refused) {
		return &porting.Error{Code: porting.Settled, Message: there}
	}
	if err != nil {
		return fmt.Errorf("write %s|%s: %w", textOf(i["pk"]), textOf(i["sk"]), err)
	}
	return nil
}
