package dynamo_test

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/infra/local/engine"
	"portway/internal/dynamo"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/secret"
	"portway/internal/storetest"
)

// local is the engine of this test binary.
var local *engine.Engine

func engineConfig() aws.Config { return local.Config() }

func TestMain(m *testing.M) {
	os.Exit(func() int {
		e, err := engine.Start(context.Background(), engine.Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer e.Stop()
		local = e
		return m.Run()
	}())
}

var tables atomic.Int32

// table makes a table, and a client of it.
func table(t testing.TB, options ...func(*dynamodb.Options)) (string, *dynamodb.Client) {
	t.Helper()
	name := fmt.Sprintf("portway-%d", tables.Add(1))
	if err := dynamotest.Create(t.Context(), dynamodb.NewFromConfig(engineConfig()), name); err != nil {
		t.Fatal(err)
	}
	return name, dynamodb.NewFromConfig(engineConfig(), options...)
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store {
		name, client := table(t)
		return dynamo.New(client, name, &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"})
	})
}
