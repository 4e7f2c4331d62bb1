package dynamo_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"portway/internal/dynamo"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// tearing lets somebody else write between the first page of a client's Query, which it cuts short, and the next. It
// implements storetest.Tearer.
type tearing struct {
	mu    sync.Mutex
	armed *tear
}

// tear is one reading that is torn.
type tear struct {
	items   int
	between func()
}

// Tear lets the next query of a whole order read so many items, call between, and read the rest.
func (t *tearing) Tear(items int, between func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.armed = &tear{items, between}
}

// option is an option for dynamodb.NewFromConfig.
func (t *tearing) option(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Tear", t.handle), middleware.After)
	})
}

func (t *tearing) handle(ctx context.Context, in middleware.InitializeInput,
	next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	q, ok := in.Parameters.(*dynamodb.QueryInput)
	if !ok || q.ExpressionAttributeValues[":from"] == nil || len(q.ExclusiveStartKey) > 0 { // no reading of a whole order
		return next.HandleInitialize(ctx, in)
	}
	t.mu.Lock()
	now := t.armed
	t.armed = nil
	t.mu.Unlock()
	if now == nil {
		return next.HandleInitialize(ctx, in)
	}
	q.Limit = aws.Int32(int32(now.items))
	out, md, err := next.HandleInitialize(ctx, in)
	now.between()
	return out, md, err
}

// A head of an earlier release does not say what belongs to it, and one of a later release says it in a later form.
// Both are read, and the next change of the order writes the present form. Items that a person has changed are no
// order: the error says what to do.
func TestHeadsOfOtherReleases(t *testing.T) {
	t.Parallel()
	name, client := table(t)
	store := dynamo.New(client, name, sealer())
	book := storetest.Book(t, store)
	_, made, err := book.Create(t.Context(), storetest.Draft("a", storetest.Numbers(0, 3)...))
	if err != nil {
		t.Fatal(err)
	}
	id := made[0].ID
	head := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "O#" + string(id)},
		"sk": &types.AttributeValueMemberS{Value: "ORDER"}}
	update := func(expression string, values map[string]types.AttributeValue) {
		t.Helper()
		in := &dynamodb.UpdateItemInput{TableName: &name, Key: head, UpdateExpression: &expression}
		if len(values) > 0 {
			in.ExpressionAttributeValues = values
		}
		if _, err := client.UpdateItem(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	form := func() string {
		t.Helper()
		parts, ok := items(t, name, client)["O#"+string(id)+"|ORDER"]["parts"].(*types.AttributeValueMemberM)
		if !ok {
			return ""
		}
		return value(parts.Value["form"])
	}
	present := form()
	for what, change := range map[string]func(){
		"earlier": func() { update("REMOVE parts", nil) },
		"later": func() {
			update("SET parts.form = :form, parts.digest = :digest", map[string]types.AttributeValue{
				":form":   &types.AttributeValueMemberN{Value: "99"},
				":digest": &types.AttributeValueMemberS{Value: "of more fields"}})
		},
	} {
		change()
		if o, err := store.Load(t.Context(), id); err != nil || len(o.Numbers) != 3 {
			t.Errorf("a head of an %s release: %d numbers (%v)", what, len(o.Numbers), err)
		}
		if _, err := book.Do(t.Context(), id, porting.Comment{By: storetest.Customer, Text: what}); err != nil {
			t.Fatal(err)
		}
		if got := form(); got != present || got == "" {
			t.Errorf("after a head of an %s release, the next one has parts of form %q", what, got)
		}
	}
	update("SET parts.digest = :digest", map[string]types.AttributeValue{
		":digest": &types.AttributeValueMemberS{Value: "of other numbers"}})
	if _, err := store.Load(t.Context(), id); err == nil || !strings.Contains(porting.Plain(err), string(id)) {
		t.Errorf("an order with other numbers than its head says: %v", err)
	}
}
