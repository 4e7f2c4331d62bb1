package bench

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/infra/local/engine"
	"portway/internal/account"
	"portway/internal/bizday"
	"portway/internal/dynamo"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/secret"
)

// owner is the account of all these orders.
const owner porting.AccountID = "bench"

// table is a metered store on a table of its own, with a book.
type table struct {
	engine *engine.Engine
	meter  *meter
	store  *dynamo.Store
	book   *orders.Book
}

func newTable(ctx context.Context) (*table, error) {
	e, err := engine.Start(ctx, engine.Options{})
	if err != nil {
		return nil, err
	}
	t := &table{engine: e, meter: &meter{}}
	if err := t.open(ctx); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *table) open(ctx context.Context) error {
	const name = "bench"
	if err := dynamotest.Create(ctx, dynamodb.NewFromConfig(t.engine.Config()), name); err != nil {
		return err
	}
	days, err := bizday.Named("npac", "America/New_York")
	if err != nil {
		return err
	}
	t.store = t.on(t.meter.option)
	var ids atomic.Uint32
	t.book = &orders.Book{Store: t.store, Rules: porting.Standard(days), Now: time.Now,
		Random: func() uint16 { return uint16(ids.Add(1)) }}
	return t.store.OpenAccount(ctx, account.Account{ID: owner, Kind: account.Live, Balance: 1_000_000_00})
}

// on makes a store on the table with other client options.
func (t *table) on(options ...func(*dynamodb.Options)) *dynamo.Store {
	return dynamo.New(dynamodb.NewFromConfig(t.engine.Config(), options...), "bench",
		&secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "bench"})
}

func (t *table) close() { _ = t.engine.Stop() } // the process ends whatever is left
