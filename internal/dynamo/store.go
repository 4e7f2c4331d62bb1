// Package dynamo keeps orders, accounts, webhooks and what belongs to them in one DynamoDB table.
//
// A [Store] is what packages orders, account and webhook ask for. Start reading with table_keys.go, which has the keys
// of all items, and order.go, which reads an order and writes a change of it in one transaction. How an item of each
// kind looks stands at the top of its subject's file; testdata/golden has examples of all of them, in every form that
// was ever written.
//
// The package knows the domain and DynamoDB, and no API, peer or mail. What only some functions need has packages of
// its own below this one, so that the others do not carry its libraries: mailrecord, sandboxworld and somossession.
package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/secret"
	"portway/internal/webhook"
)

// Store keeps everything in one table. It is safe for concurrent use.
type Store struct {
	client *dynamodb.Client
	table  string
	sealer *secret.Sealer
}

var (
	_ orders.Store    = (*Store)(nil)
	_ orders.Events   = (*Store)(nil)
	_ orders.Receipts = (*Store)(nil)
	_ orders.Mails    = (*Store)(nil)
	_ account.Store   = (*Store)(nil)
	_ webhook.Store   = (*Store)(nil)
)

// New returns the store in the table of that name. The sealer seals secrets as they are written; reading opens none. A
// function that writes no orders needs no sealer.
func New(client *dynamodb.Client, table string, sealer *secret.Sealer) *Store {
	return &Store{client, table, sealer}
}
