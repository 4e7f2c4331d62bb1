package dynamo_test

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

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
		tear := &tearing{}
		name, client := table(t, tear.option)
		return struct {
			*dynamo.Store
			*tearing
		}{dynamo.New(client, name, &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"}), tear}
	})
}

func sealer() *secret.Sealer { return &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"} }

// items reads the whole table by the keys of its items.
func items(t *testing.T, name string, client *dynamodb.Client) map[string]map[string]types.AttributeValue {
	t.Helper()
	all := map[string]map[string]types.AttributeValue{}
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &name, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			all[value(i["pk"])+"|"+value(i["sk"])] = i
		}
	}
	return all
}

func value(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	}
	return ""
}

// flat returns an item as one text with its attributes in order.
func flat(i map[string]types.AttributeValue) string {
	var show func(v types.AttributeValue) string
	show = func(v types.AttributeValue) string {
		switch v := v.(type) {
		case *types.AttributeValueMemberM:
			return flat(v.Value)
		case *types.AttributeValueMemberL:
			var all []string
			for _, x := range v.Value {
				all = append(all, show(x))
			}
			return fmt.Sprint(all)
		case *types.AttributeValueMemberSS:
			return fmt.Sprint(v.Value)
		case *types.AttributeValueMemberBOOL:
			return fmt.Sprint(v.Value)
		}
		return fmt.Sprintf("%q", value(v))
	}
	all := map[string]string{}
	for k, v := range i {
		all[k] = show(v)
	}
	return fmt.Sprint(all)
}
