// Package passwords gives functions the passwords of porting peers: ours at the peers, or the peers' own for their notices.
// They stand in a secret of AWS Secrets Manager as one JSON object, with a text by each peer's name. A [Reader] reads the
// secret when a password is first needed, keeps it for a minute, and reads it anew when a peer refuses a password. So a
// password is changed without a deployment. [Hooks] joins the peers' own passwords to the hooks that package access checks.
// Start reading at Reader.Of. The package must not know any peer's wire.
package passwords

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/lambdax"
	"portway/internal/porting"
)

// How long passwords are kept before they are read again, and how long they are kept at least.
const (
	Life  = time.Minute
	Least = 10 * time.Second
)

// limit bounds one reading of the secret, which takes some milliseconds otherwise.
const limit = 3 * time.Second

// Reader reads passwords. It is safe for concurrent use.
type Reader struct {
	// Read reads the secret's value.
	Read func(context.Context) (string, error)
	Now  func() time.Time

	mu    sync.Mutex
	all   map[string]porting.Secret // nil until the first reading has succeeded
	asked time.Time                 // the last reading, also a failed one
}

// In reads the passwords of a secret of AWS Secrets Manager.
func In(cfg aws.Config, arn string) *Reader {
	s := &lambdax.Secret{ARN: arn, AWS: cfg, HTTP: &http.Client{Timeout: limit}, Now: time.Now}
	return &Reader{Read: s.Value, Now: time.Now}
}

// Of returns the password of a peer, which is not set if the secret has none. refused is a password that the peer has just
// refused, or the zero Secret: if it is the one in hand, the secret is read again.
func (r *Reader) Of(ctx context.Context, peer string, refused porting.Secret) (porting.Secret, error) {
	all, err := r.All(ctx, Life)
	if err == nil && refused.IsSet() && all[peer].Reveal() == refused.Reveal() {
		all, err = r.All(ctx, Least)
	}
	return all[peer], err
}

// All returns the passwords of all peers by name, as they were at most age ago. If they can't be read now, those that were
// read before go on to count. Callers must not change the map.
func (r *Reader) All(ctx context.Context, age time.Duration) (map[string]porting.Secret, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.Now(); r.all != nil && now.Sub(r.asked) < max(age, Least) {
		return r.all, nil
	}
	r.asked = r.Now()
	all, err := r.read(ctx)
	switch {
	case err == nil:
		r.all = all
	case r.all == nil:
		return nil, err
	default:
		slog.WarnContext(ctx, "the passwords of peers can't be read again; those that were read before go on to count",
			"error", porting.Plain(err))
	}
	return r.all, nil
}

// formError says that the secret's value can't be used. It does not repeat the value, as an error of package json may.
type formError struct{}

func (formError) Error() string {
	return `the secret of peers' passwords is no JSON object of texts by peer, such as {"locals": "...", "somos": "..."}`
}

// Plain is the text for logs.
func (e formError) Plain() string { return e.Error() }

func (r *Reader) read(ctx context.Context) (map[string]porting.Secret, error) {
	value, err := r.Read(ctx)
	if err != nil {
		return nil, err
	}
	var texts map[string]string
	if json.Unmarshal([]byte(value), &texts) != nil || texts == nil {
		return nil, formError{}
	}
	all := map[string]porting.Secret{}
	for peer, password := range texts {
		all[peer] = porting.NewSecret(password)
	}
	return all, nil
}
