package bandwidth

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"portway/internal/peer/call"
	"portway/internal/porting"
)

// OAuth are the credentials of a client at the peer's token service; with them no user and password are sent.
type OAuth struct {
	URL    string // such as https://api.bandwidth.com/api/v1/oauth2/token
	ID     string
	Secret porting.Secret
}

// early is the time before its end from which a token is no longer used.
const early = time.Minute

// tokens keeps the access token, which all calls of a client share.
type tokens struct {
	cfg    OAuth
	secret func(ctx context.Context, refused porting.Secret) (porting.Secret, error)
	calls  *call.Caller
	now    func() time.Time

	mu    sync.Mutex
	token string
	until time.Time
}

// get is a token that is good for a while yet. One call fetches it, the others wait for that.
func (t *tokens) get(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token != "" && t.now().Before(t.until) {
		return t.token, nil
	}
	secret, err := t.secret(ctx, porting.Secret{})
	if err != nil {
		return "", err
	}
	build := func(ctx context.Context) (*http.Request, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.cfg.URL,
			strings.NewReader("grant_type=client_credentials"))
		if err != nil {
			return nil, errNoToken
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("User-Agent", agent)
		req.SetBasicAuth(t.cfg.ID, secret.Reveal())
		return req, nil
	}
	res, err := t.calls.Do(ctx, true, build)
	if err == nil && refuses(res.Status) { // the secret may have been changed since it was read
		if next, failed := t.secret(ctx, secret); failed == nil && next != secret {
			secret = next
			res, err = t.calls.Do(ctx, true, build)
		}
	}
	if err != nil {
		return "", err
	}
	var answer struct {
		Token string  `json:"access_token"`
		Life  float64 `json:"expires_in"`
	}
	if refuses(res.Status) {
		return "", errLoginRefused
	}
	if res.Status >= 300 || json.Unmarshal(res.Body, &answer) != nil || answer.Token == "" {
		return "", errNoToken
	}
	life := time.Duration(min(answer.Life, 86400) * float64(time.Second))
	if life <= 0 {
		life = time.Hour // as the peer's own SDKs take a missing expires_in
	}
	t.token, t.until = answer.Token, t.now().Add(life-early)
	return t.token, nil
}

// refuses says whether a status refuses the client's login (RFC 6749, 5.2: invalid_client and the like).
func refuses(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden
}

// drop forgets a token that the peer does not take any more.
func (t *tokens) drop(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token == token {
		t.token = ""
	}
}
