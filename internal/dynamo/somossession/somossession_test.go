package somossession_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/dynamo/dynamotest"
	"portway/internal/dynamo/somossession"
	"portway/internal/peer/somos"
	"portway/internal/porting"
	"portway/internal/secret"
)

var now = time.Date(2030, 3, 4, 15, 2, 0, 0, time.UTC)

func session(version int64, token string) somos.Session {
	return somos.Session{AccessToken: porting.NewSecret(token), Expires: now, Version: version,
		Lease: "claim-of-" + token, Until: now}
}

// create makes the table. That it is there already is the answer to a call that the SDK repeated after a broken
// connection: no two tests share a name.
func create(t *testing.T, client *dynamodb.Client, name string) {
	t.Helper()
	if err := dynamotest.Create(t.Context(), client, name); err != nil {
		t.Fatal(err)
	}
}

// TestLostAnswer: a write that the SDK repeats is not outrun by itself, and is by another one.
func TestLostAnswer(t *testing.T) {
	e := enginetest.Start(t, engine.Options{})
	client := dynamodb.NewFromConfig(e.Config())
	for i, test := range []struct {
		name  string
		token string // of the session of another instance that follows meanwhile
		want  error
	}{
		{"our own stands there", "", nil},
		{"another one has followed", "c", somos.ErrOutrun},
	} {
		t.Run(test.name, func(t *testing.T) {
			table := "session-lost-" + strconv.Itoa(i)
			create(t, client, table)
			sealer := &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"}
			other, broken := somossession.New(client, table, sealer), &dynamotest.Lossy{Lose: true}
			broken.Meanwhile = func() {
				if test.token == "" {
					return
				}
				if err := other.Save(t.Context(), session(2, test.token)); err != nil {
					t.Error(err)
				}
			}
			store := somossession.New(dynamodb.NewFromConfig(e.Config(),
				func(o *dynamodb.Options) { o.HTTPClient = broken }), table, sealer)
			if err := store.Save(t.Context(), session(1, "a")); !errors.Is(err, test.want) || broken.Lose {
				t.Errorf("%v, want %v; lost: %t", err, test.want, !broken.Lose)
			}
		})
	}
}

// TestSave: both stores keep what follows the session in place, and nothing else.
func TestSave(t *testing.T) {
	e := enginetest.Start(t, engine.Options{})
	client := dynamodb.NewFromConfig(e.Config())
	tables := 0
	for name, fresh := range map[string]func(*testing.T) somos.SessionStore{
		"memory": func(*testing.T) somos.SessionStore { return somos.NewMemory() },
		"table": func(t *testing.T) somos.SessionStore {
			tables++
			name := "session-" + string(rune('a'+tables))
			create(t, client, name)
			return somossession.New(client, name, &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			holds := func(store somos.SessionStore, token string) {
				t.Helper()
				got, err := store.Load(t.Context())
				if err != nil || got.AccessToken.Reveal() != token || got.Lease != "claim-of-"+token ||
					!got.Until.Equal(now) {
					t.Errorf("holds %v, %v; want %s", got, err, token)
				}
			}
			for _, c := range []struct {
				name  string
				saved []somos.Session
				want  error
				holds string
			}{
				{"the first of all", []somos.Session{session(1, "a")}, nil, "a"},
				{"the first of all, without a version", []somos.Session{session(0, "a")}, nil, "a"},
				{"after one without a version", []somos.Session{session(0, "a"), session(1, "b")}, nil, "b"},
				{"the next one", []somos.Session{session(1, "a"), session(2, "b")}, nil, "b"},
				{"an equal one", []somos.Session{session(1, "a"), session(1, "b")}, somos.ErrOutrun, "a"},
				{"an older one", []somos.Session{session(1, "a"), session(2, "b"), session(1, "c")}, somos.ErrOutrun,
					"b"},
				{"one from nowhere", []somos.Session{session(1, "a"), session(3, "b")}, somos.ErrOutrun, "a"},
				{"one without a version where there is one", []somos.Session{session(1, "a"), session(0, "b")},
					somos.ErrOutrun, "a"},
				{"without a version twice", []somos.Session{session(0, "a"), session(0, "b")}, somos.ErrOutrun, "a"},
			} {
				t.Run(c.name, func(t *testing.T) {
					store := fresh(t)
					var err error
					for i, s := range c.saved {
						if err = store.Save(t.Context(), s); err != nil && i+1 < len(c.saved) {
							t.Fatal(err)
						}
					}
					if !errors.Is(err, c.want) {
						t.Errorf("got %v, want %v", err, c.want)
					}
					holds(store, c.holds)
				})
			}
			t.Run("one of many at once", func(t *testing.T) {
				store := fresh(t)
				results := make(chan error, 8)
				for i := range cap(results) {
					s := session(1, string(rune('a'+i)))
					go func() { results <- store.Save(context.WithoutCancel(t.Context()), s) }()
				}
				saved := 0
				for range cap(results) {
					if err := <-results; err == nil {
						saved++
					} else if !errors.Is(err, somos.ErrOutrun) {
						t.Error(err)
					}
				}
				if saved != 1 {
					t.Errorf("%d saved", saved)
				}
			})
		})
	}
}

// TestItemOfOld: an item that was written before there were versions counts as version 0.
func TestItemOfOld(t *testing.T) {
	e := enginetest.Start(t, engine.Options{})
	client, name := dynamodb.NewFromConfig(e.Config()), "session-old"
	create(t, client, name)
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &name,
		Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "P#somos"}, "sk": &types.AttributeValueMemberS{Value: "SESSION"},
			"expires": &types.AttributeValueMemberS{Value: now.Format(time.RFC3339)},
		}}); err != nil {
		t.Fatal(err)
	}
	store := somossession.New(client, name, &secret.Sealer{Keys: &dynamotest.Keys{}, KeyID: "test"})
	old, err := store.Load(t.Context())
	if err != nil || old.Version != 0 || old.Lease != "" {
		t.Fatal(old, err)
	}
	if err := store.Save(t.Context(), session(1, "a")); err != nil {
		t.Error(err)
	}
}
