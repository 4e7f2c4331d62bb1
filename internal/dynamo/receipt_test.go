package dynamo_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"portway/internal/account"
	"portway/internal/dynamo"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
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

// The SDK repeats a write whose answer was lost. The repeated write opens, keeps and deposits what the first one did, and
// a second call is still refused.
func TestANewItemFindsItself(t *testing.T) {
	line := &loses{}
	name, client := table(t, func(o *dynamodb.Options) { o.HTTPClient = line })
	store := dynamo.New(client, name, nil)
	a := account.Account{ID: "acme", Name: "Acme", Mail: "a@example.com", Kind: account.Live, Created: storetest.Now}
	key := account.Key{Access: "AK1", Account: "acme", Created: storetest.Now}
	deposits := func() error { return store.Deposit(t.Context(), "acme", 100, "opening", storetest.Now) }
	for _, write := range []struct {
		name  string
		do    func() error
		twice porting.ErrorCode // what a second call of the same content is told
	}{
		{"an account", func() error { return store.OpenAccount(t.Context(), a) }, porting.Settled},
		{"an access key", func() error { return store.AddKey(t.Context(), key) }, porting.Settled},
		{"a deposit", deposits, porting.Settled},
		{"a mail", func() error {
			return store.KeepMail(t.Context(), orders.Mail{Order: "1", Version: 1, At: storetest.Now})
		}, ""},
		{"a job", func() error {
			return store.AddPull(t.Context(), pull.Job{Account: "acme", Order: "1", Document: "d",
				Due: orders.Due{At: storetest.Now}})
		}, ""},
	} {
		t.Run(write.name, func(t *testing.T) {
			line.left = 1
			if err := write.do(); err != nil || line.left != 0 {
				t.Errorf("with its answer lost: %v", err)
			}
			if err := write.do(); write.twice == "" && err != nil || write.twice != "" && !porting.Is(err, write.twice) {
				t.Errorf("a second time: %v", err)
			}
		})
	}
	if got, err := store.Account(t.Context(), "acme"); err != nil || got.Balance != 100 {
		t.Errorf("%+v, %v", got, err)
	}
}
