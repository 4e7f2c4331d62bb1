package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/porting"
)

// Key reads an access key.
func (s *Store) Key(ctx context.Context, access string) (account.Key, error) {
	var i keyItem
	ok, err := s.get(ctx, accessKey(access).String(), &i)
	if err != nil {
		return account.Key{}, err
	}
	k := i.value()
	k.Access = access
	if !ok || copy(k.Hash[:], i.Hash) != len(k.Hash) {
		return account.Key{}, porting.Errorf(porting.NotFound, "The account has no such access key.")
	}
	return k, nil
}

// AddKey writes a new access key. Its error is Settled where the key is there already.
func (s *Store) AddKey(ctx context.Context, k account.Key) error {
	w := &writes{table: s.table}
	w.newKey(k)
	return s.run(ctx, w)
}

// newKey writes a key in two places: where the authorizer finds it by its name, and where a list finds it by its
// account.
func (w *writes) newKey(k account.Key) {
	i := keyOf(k)
	i.Hash = k.Hash[:]
	w.put(i, isNew, nil, means(porting.Errorf(porting.Settled, "The access key is there already.")))
	listed := keyOf(k)
	listed.key = listedKey(k.Account, k.Access)
	w.put(listed, "", nil, nil)
}

// Keys reads an account with its keys, the oldest first. The account comes before its keys, so that a change of the
// keys in between makes the account stale: Amend refuses what was decided from keys of another version.
func (s *Store) Keys(ctx context.Context, id porting.AccountID) (account.Account, []account.Key, error) {
	var a account.Account
	var keys []account.Key
	err := s.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: item{":pk": text(accountKey(id).PK), ":from": text(fromAccess),
			":to": text(accountKey(id).SK)},
		ScanIndexForward: aws.Bool(false), ConsistentRead: aws.Bool(true),
	}, func(i item) error {
		if textOf(i["sk"]) == accountKey(id).SK {
			var head accountItem
			err := unmarshal(i, &head)
			a = head.value()
			return err
		}
		var k keyItem
		err := unmarshal(i, &k)
		keys = append(keys, k.value())
		return err
	})
	if err != nil {
		return a, nil, fmt.Errorf("read account %s: %w", id, err)
	}
	if a.ID == "" {
		return a, nil, errNoAccount
	}
	slices.SortFunc(keys, func(a, b account.Key) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Access, b.Access))
	})
	return a, keys, nil
}

// keyItem is an access key. The item below the account has no hash.
type keyItem struct {
	key
	Account string `dynamodbav:"account"`
	Access  string `dynamodbav:"access"`
	// Kind is the account's, so that the authorizer reads one item. Where it is missing, the account is live.
	Kind    string `dynamodbav:"kind,omitempty"`
	Hash    []byte `dynamodbav:"secret_sha256,omitempty"`
	Name    string `dynamodbav:"name,omitempty"`
	Created stamp  `dynamodbav:"created"`
	Expires stamp  `dynamodbav:"expires,omitempty"`
	// Scopes and Ranges are missing where the key opens everything, and from everywhere.
	Scopes string `dynamodbav:"scopes,omitempty"`
	Ranges string `dynamodbav:"ranges,omitempty"`
}

// keyOf makes the item of a key without its hash.
func keyOf(k account.Key) keyItem {
	return keyItem{key: accessKey(k.Access), Account: string(k.Account), Access: k.Access, Kind: string(k.Kind),
		Name: k.Name, Created: stampOf(k.Created), Expires: stampOf(k.Expires),
		Scopes: string(k.Scopes), Ranges: string(k.Ranges)}
}

// value reads the key without its hash.
func (i keyItem) value() account.Key {
	return account.Key{Access: i.Access, Account: porting.AccountID(i.Account),
		Kind: account.Kind(cmp.Or(i.Kind, string(account.Live))), Name: i.Name, Created: i.Created.time(),
		Expires: i.Expires.time(), Scopes: account.Scopes(i.Scopes), Ranges: account.Ranges(i.Ranges)}
}
