package main

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/carrier"
	"portway/internal/dynamo"
	"portway/internal/dynamo/carrierrows"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/usageplan"
)

// deployment is the deployed stack that a command reads or changes, with the time and the randomness of this run.
type deployment struct {
	accounts account.Store
	// history reads an order's events after a version, oldest first; more says that later ones follow.
	history func(ctx context.Context, id porting.OrderID, after int64, limit int) (events []porting.Event, more bool, err error)
	// book lists and releases parked work. It changes no order.
	book *orders.Book
	// carriers keeps what the operator sets about losing carriers, and reads what is learned about them.
	carriers carriers
	// join puts an account on a usage plan; joining twice is joining once.
	join   func(ctx context.Context, plan string, id porting.AccountID) error
	now    time.Time
	random io.Reader
}

// carriers is what the commands about carriers need of the table.
type carriers interface {
	carrier.Keeper
	carrier.Store
}

// connector reaches the stack that has the table.
type connector func(ctx context.Context, table string) (deployment, error)

// onAWS connects as AWS's command line does. Nothing is called yet.
func onAWS(ctx context.Context, table string) (deployment, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return deployment{}, err
	}
	client := dynamodb.NewFromConfig(cfg)
	store := dynamo.New(client, table, nil) // it writes no order, so it seals nothing
	return deployment{
		accounts: store, history: store.History, book: &orders.Book{Store: store, Now: time.Now},
		carriers: carrierrows.New(client, table, store),
		join: func(ctx context.Context, plan string, id porting.AccountID) error {
			return usageplan.Join(ctx, cfg, plan, id)
		},
		now: time.Now().UTC(), random: rand.Reader,
	}, nil
}
