package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/infra/local/stack"
	"portway/internal/porting"
)

// items reads every item of a table, as an export to S3 has them.
func items(t *testing.T, s *stack.Stack) []map[string]types.AttributeValue {
	t.Helper()
	var all []map[string]types.AttributeValue
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(s.Engine.Config()), &dynamodb.ScanInput{TableName: &s.File.Table,
		ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
	}
	return all
}

// restore has the table hold the items of a backup and nothing else.
func restore(t *testing.T, s *stack.Stack, backup []map[string]types.AttributeValue) {
	t.Helper()
	client := dynamodb.NewFromConfig(s.Engine.Config())
	for _, i := range items(t, s) {
		if _, err := client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.File.Table,
			Key: map[string]types.AttributeValue{"pk": i["pk"], "sk": i["sk"]}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range backup {
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.File.Table, Item: i}); err != nil {
			t.Fatal(err)
		}
	}
}

// The table is lost after an order was completed, and restored as it was when the carrier had just got the request. The order
// goes on from there by the schedules alone, although its executions have ended and the carrier is further than the table
// knows. Nothing is done twice: the carrier has one request, and the fee was taken once.
func TestOrdersGoOnAfterARestore(t *testing.T) {
	ctx := limited(t)
	s, err := up.Beside(ctx, "portway-restored")
	if err != nil {
		t.Fatal(err)
	}
	told := follow(t)
	told.file = s.File
	balance := func() string {
		t.Helper()
		a, err := s.File.Call(ctx, http.MethodGet, "/v2/account", nil)
		if err != nil || a.Status != http.StatusOK {
			t.Fatalf("the account is answered %d: %v", a.Status, err)
		}
		_, after, _ := strings.Cut(string(a.Body), `"balance":"`)
		amount, _, _ := strings.Cut(after, `"`)
		return amount
	}
	requests := func() (n int) {
		for _, o := range up.Locals.View().Orders {
			if strings.Contains(o.CustomerOrderID, told.order) {
				n++
			}
		}
		return n
	}
	// onward runs the schedules of later and later days, from a number of days ahead to 30 days later, and then of the last
	// day again, until the order is completed.
	onward := func(ctx context.Context, n *narrator, from int) error {
		for day := from; ctx.Err() == nil; day = min(day+1, from+30) {
			for _, name := range []string{"redeliver", "status-check"} {
				if _, err := s.File.Sweep(ctx, name, time.Now().AddDate(0, 0, day)); err != nil {
					return err
				}
			}
			if _, err := n.look(ctx); err != nil {
				return err
			}
			if n.status == porting.Completed {
				return nil
			}
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
		return fmt.Errorf("order %s is still %s: %w", n.order, n.status, ctx.Err())
	}

	before := balance()
	if err := told.live(ctx, story{name: "restored", attrs: stories()[0].attrsWith("+14255550301"),
		tell: func(ctx context.Context, n *narrator) error { return n.until(ctx, porting.Submitted) }}); err != nil {
		t.Fatal(err)
	}
	for requests() == 0 { // the backup is of the moment at which the carrier has the request
		await(t, ctx, 100*time.Millisecond)
	}
	backup := items(t, s)
	if err := onward(ctx, told, 1); err != nil {
		t.Fatal(err)
	}
	charged, asked := balance(), requests()
	if charged == before || asked != 1 {
		t.Fatalf("the first life made %d requests, and the balance is %s after %s", asked, charged, before)
	}

	restore(t, s, backup)
	if v, err := told.look(ctx); err != nil || v.Data.Attributes.Status == porting.Completed {
		t.Fatalf("the restored order is %s (%v)", v.Data.Attributes.Status, err)
	}
	if err := onward(ctx, told, 31); err != nil {
		t.Fatal(err)
	}
	if got := balance(); got != charged {
		t.Errorf("the balance is %s, and was %s in the life that was lost", got, charged)
	}
	if got := requests(); got != 1 {
		t.Errorf("the carrier has %d requests", got)
	}
}

// await waits for a moment.
func await(t *testing.T, ctx context.Context, pause time.Duration) {
	t.Helper()
	select {
	case <-ctx.Done():
		t.Fatal(ctx.Err())
	case <-time.After(pause):
	}
}
