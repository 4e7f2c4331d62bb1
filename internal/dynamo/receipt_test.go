package dynamo_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/dynamo"
	"portway/internal/orders"
	"portway/internal/storetest"
)

// loses carries requests out and loses as many of their answers as are left to lose.
type loses struct{ left int }

func (l *loses) Do(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultClient.Do(r)
	if l.left > 0 && err == nil {
		l.left--
		res.Body.Close()
		return nil, errors.New("use of closed network connection")
	}
	return res, err
}

// The SDK repeats the write of Begin where its answer was lost. The key then belongs to the call that wrote it, and to
// no other call at the same instant.
func TestBeginFindsItself(t *testing.T) {
	line := &loses{}
	name, client := table(t, func(o *dynamodb.Options) { o.HTTPClient = line })
	store := dynamo.New(client, name, nil)
	want := orders.Receipt{Account: "acme", Key: "k", Print: "p", Lease: storetest.Now.Add(time.Minute),
		Expires: storetest.Now.Add(time.Hour)}
	line.left = 1
	if _, mine, err := store.Begin(t.Context(), want, storetest.Now); err != nil || !mine || line.left != 0 {
		t.Errorf("mine %v, %v", mine, err)
	}
	if _, mine, err := store.Begin(t.Context(), want, storetest.Now); err != nil || mine {
		t.Errorf("another's at the same instant: mine %v, %v", mine, err)
	}
}
