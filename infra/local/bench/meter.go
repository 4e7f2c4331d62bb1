package bench

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"portway/internal/dynamo"
)

// cost counts requests to DynamoDB and their units.
type cost struct {
	reads, transactions, writes int // writes are those outside transactions
	readUnits, writeUnits       float64
	scanned                     int // items that queries read
}

func (c cost) String() string {
	return fmt.Sprintf("%s, %s, %s; %4.1f + %.1f units", count(c.reads, "read"), count(c.transactions, "transaction"),
		count(c.writes, "other write"), c.readUnits, c.writeUnits)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// meter counts reads and writes apart, by letting one request to DynamoDB through at a time.
type meter struct {
	mu    sync.Mutex
	calls dynamo.Calls
	sofar cost
}

// option is an option of dynamodb.NewFromConfig, which has the client's requests metered.
func (m *meter) option(o *dynamodb.Options) {
	m.calls.Option(o)
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("Meter", m.handle), middleware.Before)
	})
}

func (m *meter) handle(ctx context.Context, in middleware.InitializeInput,
	next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.calls.Units()
	out, md, err := next.HandleInitialize(ctx, in)
	units := m.calls.Units() - before
	switch middleware.GetOperationName(ctx) {
	case "GetItem", "Query", "BatchGetItem", "TransactGetItems", "Scan":
		m.sofar.reads++
		m.sofar.readUnits += units
	case "TransactWriteItems":
		m.sofar.transactions++
		m.sofar.writeUnits += units
	default:
		m.sofar.writes++
		m.sofar.writeUnits += units
	}
	if q, ok := out.Result.(*dynamodb.QueryOutput); ok && q != nil {
		m.sofar.scanned += int(q.ScannedCount)
	}
	return out, md, err
}

// of does do, and returns its cost.
func (m *meter) of(do func() error) (cost, error) {
	m.mu.Lock()
	m.sofar = cost{}
	m.mu.Unlock()
	err := do()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sofar, err
}
