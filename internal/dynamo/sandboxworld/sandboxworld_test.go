package sandboxworld_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/dynamo/sandboxworld"
	"portway/internal/sandbox/room"
	"portway/internal/secret"
)

var now = time.Date(2030, 3, 4, 15, 2, 0, 0, time.UTC)

const canary = "CANARY-PIN-8842"

func TestWorlds(t *testing.T) {
	config := enginetest.Start(t, engine.Options{}).Config()
	client := dynamodb.NewFromConfig(config)
	if err := dynamotest.Create(t.Context(), client, "worlds"); err != nil {
		t.Fatal(err)
	}
	sealer := &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"}
	over := func(o *dynamodb.Client) *sandboxworld.Store {
		return sandboxworld.New(o, "worlds", sealer, func() time.Time { return now })
	}
	s := over(client)
	load := func(name string) room.World {
		t.Helper()
		w, err := s.Load(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	save := func(name string, w room.World, next time.Time) {
		t.Helper()
		if err := s.Save(t.Context(), name, w, next); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("a new one is empty, and comes back as it was written", func(t *testing.T) {
		if w := load("order-1/locals"); w.Version != 0 || w.State != nil {
			t.Errorf("it is %+v", w)
		}
		save("order-1/locals", room.World{State: []byte(canary)}, time.Time{})
		if w := load("order-1/locals"); w.Version != 1 || string(w.State) != canary {
			t.Errorf("version %d, %q", w.Version, w.State)
		}
	})
	t.Run("the second of two writers is outrun", func(t *testing.T) {
		w := load("order-1/locals")
		save("order-1/locals", w, time.Time{})
		for _, stale := range []room.World{w, {State: w.State}} {
			if err := s.Save(t.Context(), "order-1/locals", stale, time.Time{}); !errors.Is(err, room.ErrOutrun) {
				t.Errorf("version %d: %v", stale.Version, err)
			}
		}
	})
	t.Run("nobody is outrun by himself", func(t *testing.T) {
		broken := &dynamotest.Lossy{Lose: true}
		w := load("order-1/locals")
		mine := over(dynamodb.NewFromConfig(config, func(o *dynamodb.Options) { o.HTTPClient = broken }))
		if err := mine.Save(t.Context(), "order-1/locals", w, time.Time{}); err != nil || broken.Lose {
			t.Errorf("%v; lost %v", err, !broken.Lose)
		}
		if got := load("order-1/locals"); got.Version != w.Version+1 {
			t.Errorf("version %d after %d", got.Version, w.Version)
		}
	})
	t.Run("due are those whose time has come, the longest first", func(t *testing.T) {
		for i, at := range []time.Time{now.Add(time.Second), now, now.Add(-time.Minute), {}} {
			save(fmt.Sprintf("order-%d/locals", 10+i), room.World{}, at)
		}
		names, err := s.Due(t.Context(), now, 10)
		if got := strings.Join(names, " "); err != nil || got != "order-12/locals order-11/locals" {
			t.Errorf("due are %s (%v)", got, err)
		}
		save("order-12/locals", load("order-12/locals"), time.Time{})
		if names, err := s.Due(t.Context(), now, 10); err != nil || len(names) != 1 {
			t.Errorf("afterwards %v (%v)", names, err)
		}
	})
	t.Run("nothing of it can be read in the table", func(t *testing.T) {
		out, err := client.Query(t.Context(), &dynamodb.QueryInput{TableName: aws.String("worlds"),
			KeyConditionExpression:    aws.String("pk = :pk"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: "S#order-1/locals"}}})
		if err != nil || len(out.Items) != 1 {
			t.Fatalf("%d items (%v)", len(out.Items), err)
		}
		var plain map[string]any
		if err := attributevalue.UnmarshalMap(out.Items[0], &plain); err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(plain); strings.Contains(text, canary) || plain["ttl"] == nil {
			t.Errorf("the item is %s", text)
		}
	})
}
