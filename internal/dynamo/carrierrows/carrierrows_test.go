package carrierrows_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/carrier"
	"portway/internal/dynamo/carrierrows"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/porting"
)

var now = time.Date(2027, 1, 5, 17, 0, 0, 7, time.UTC)

// The table keeps rows and their changes as memory does, in the order that both promise.
func TestRows(t *testing.T) {
	e := enginetest.Start(t, engine.Options{})
	client := dynamodb.NewFromConfig(e.Config())
	if err := dynamotest.Create(t.Context(), client, "rows"); err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]carrier.Keeper{"memory": &carrier.Memory{}, "table": carrierrows.New(client, "rows", nil)} {
		t.Run(name, func(t *testing.T) { keeps(t, k) })
	}
	t.Run("what a person has stored is left out", func(t *testing.T) {
		for n, item := range []map[string]types.AttributeValue{
			{"set": &types.AttributeValueMemberS{Value: "complex.days=5"}, "carrier": &types.AttributeValueMemberS{Value: "tds"}},
			{"carrier": &types.AttributeValueMemberN{Value: "7"}},
			{},
		} {
			item["pk"], item["sk"] = &types.AttributeValueMemberS{Value: "C#/rows"}, &types.AttributeValueMemberS{Value: fmt.Sprintf("ROW#%d", n)}
			if n == 0 {
				item["sk"] = &types.AttributeValueMemberS{Value: "ROW#tds"}
			}
			table := "rows"
			if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := carrierrows.New(client, "rows", nil).Rows(t.Context())
		if err != nil || len(rows) != 1 || rows[0].ID != "zoom" {
			t.Errorf("%+v (%v)", rows, err)
		}
	})
}

func keeps(t *testing.T, k carrier.Keeper) {
	ctx := context.Background()
	row := func(id string, version int, days string) carrier.Row {
		return carrier.Row{ID: id, Set: map[string]string{"complex.days": days, "remark": "é; =#|"}, Version: version, By: "AB",
			Why: "A call.", At: now.Add(time.Duration(version) * time.Minute)}
	}
	change := func(before carrier.Row, after *carrier.Row, id string, version int) carrier.Change {
		c := carrier.Change{ID: id, Version: version, At: now.Add(time.Duration(version) * time.Minute), By: "AB", Why: "A call.",
			Before: before.Set}
		if after != nil {
			c.After = after.Set
		}
		return c
	}
	var told []carrier.Change
	do := func(before carrier.Row, after *carrier.Row, id string, version int, want porting.ErrorCode) {
		t.Helper()
		c := change(before, after, id, version)
		err := k.Change(ctx, before, after, c)
		if (want == "") != (err == nil) || err != nil && !porting.Is(err, want) {
			t.Fatalf("%s, version %d: %v, want %q", id, version, err, want)
		}
		if err == nil && id == "cox" {
			told = append(told, c)
		}
	}
	one, two, three, zoom := row("cox", 1, "5"), row("cox", 2, "6"), row("cox", 3, "7"), row("zoom", 1, "5")
	do(zoom, &two, "cox", 2, porting.Stale) // there is none yet
	do(carrier.Row{}, &one, "cox", 1, "")
	do(carrier.Row{}, &one, "cox", 1, porting.Stale)
	do(carrier.Row{}, &zoom, "zoom", 1, "")
	do(one, &two, "cox", 2, "")
	do(one, &three, "cox", 3, porting.Stale)
	rows, err := k.Rows(ctx)
	if diff := cmp.Diff([]carrier.Row{two, zoom}, rows); diff != "" || err != nil {
		t.Error(diff, err)
	}
	got, ok, err := k.Row(ctx, "cox")
	if diff := cmp.Diff(two, got); diff != "" || !ok || err != nil {
		t.Error(diff, ok, err)
	}
	do(one, nil, "cox", 3, porting.Stale)
	do(two, nil, "cox", 3, "")
	if _, ok, err := k.Row(ctx, "cox"); ok || err != nil {
		t.Error("a removed row is there", err)
	}
	changes, err := k.Changes(ctx, "cox")
	if diff := cmp.Diff(told, changes); diff != "" || err != nil {
		t.Error(diff, err)
	}
	all, err := k.Changes(ctx, "")
	if err != nil || len(all) != len(told)+1 {
		t.Errorf("%d changes in all, want %d (%v)", len(all), len(told)+1, err)
	}
}
