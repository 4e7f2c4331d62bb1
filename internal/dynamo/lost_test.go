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

// loses carries a request out and loses its answer, once for each that is still to be lost.
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

// A key whose taking was answered to nobody, so that the client asks again, is taken by the one who asked; by nobody else at the
// same instant.
func TestBeginFindsItself(t *testing.T) {
	line := &loses{}
	name, client := table(t, func(o *dynamodb.Options) { o.HTTPClient = line })
	store := dynamo.New(client, name, nil)
	want := orders.Receipt{Account: "acme", Key: "k", Print: "p", Lease: storetest.Now.Add(time.Minute), Expires: storetest.Now.Add(time.Hour)}
	line.left = 1
	if _, mine, err := store.Begin(t.Context(), want, storetest.Now); err != nil || !mine || line.left != 0 {
		t.Errorf("mine %v, %v", mine, err)
	}
	if _, mine, err := store.Begin(t.Context(), want, storetest.Now); err != nil || mine {
		t.Errorf("another's at the same instant: mine %v, %v", mine, err)
	}
}
