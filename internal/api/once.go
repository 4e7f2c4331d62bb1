package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

const (
	// keyLease is how long a keyed request may run: longer than a function lives, which is what makes a second try
	// safe.
	keyLease = time.Minute
	// keyLife is how long an answer is kept.
	keyLife = 24 * time.Hour
)

// idempotencyKey returns the Idempotency-Key of the request, quoted (as the IETF draft has it) or bare; empty when
// there is none.
func (r *request) idempotencyKey() (string, error) {
	raw, there := r.headerThere("Idempotency-Key")
	if !there {
		return "", nil
	}
	key := strings.TrimSpace(raw)
	if inner, ok := strings.CutPrefix(key, `"`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok {
			key = inner
		}
	}
	odd := strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' })
	if key == "" || len(key) > orders.MaxKey || odd {
		return "", refuse(http.StatusBadRequest, codeIdempotencyKey,
			fmt.Sprintf("Send an Idempotency-Key of 1 to %d printable ASCII characters, quoted or bare. A UUID is a good one.", orders.MaxKey))
	}
	return key, nil
}

// print returns a digest that tells the request from any other: its call, its body and its condition.
func (r *request) print() string {
	h := sha256.New()
	query := r.query()
	parts := []string{r.row.method, r.row.path, r.header("If-Match"), r.mediaType(), r.in.Body, query.Encode()}
	for _, name := range slices.Sorted(maps.Keys(r.params)) {
		parts = append(parts, r.params[name])
	}
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// replayedHeader marks an answer that is repeated from an earlier call.
const replayedHeader = "Idempotency-Replayed"

// once carries a keyed request out, unless it was carried out before: then it repeats the first answer, byte by byte. A
// change and its answer are written together; the answer to a call that changed nothing is written afterwards. A
// failure on our side and a lost race are not kept, so that the customer can send the same request again.
func (a *API) once(ctx context.Context, r *request, key string) (reply, error) {
	now := a.book.Now().UTC()
	want := orders.Receipt{Account: r.account, Key: key, Print: r.print(), Lease: now.Add(keyLease), Expires: now.Add(keyLife)}
	if r.row.makes {
		want.Group = a.book.NewGroup()
	}
	have, mine, err := a.receipts.Begin(ctx, want, now)
	switch {
	case err != nil:
		return reply{}, err
	case mine:
	case have.Print != want.Print:
		return reply{}, refuse(http.StatusUnprocessableEntity, codeKeyReused,
			"This Idempotency-Key came with another request before. Use a new key for each request.")
	case have.Answer.Status == 0:
		p := refuse(http.StatusConflict, codeKeyInProgress, "The request with this Idempotency-Key is still being carried out. Ask again in two seconds.")
		p.header = map[string]string{"Retry-After": "2"}
		return reply{}, p
	case have.Answer.Body == "":
		return reply{}, refuse(http.StatusConflict, codeAnswerNotKept,
			"The request was carried out, but its answer was not kept: it was too large, or showed a secret. Read what the request has made.")
	default:
		header := maps.Clone(have.Answer.Header)
		if header == nil {
			header = map[string]string{}
		}
		header[replayedHeader] = "true"
		return reply{status: have.Answer.Status, body: asItWas(have.Answer.Body), header: header}, nil
	}
	keyed := *r
	keyed.key = &have
	answer, err := r.row.handle(a, ctx, &keyed)
	if err == nil && answer.kept {
		return answer, nil
	}
	out := answer
	if err != nil {
		out = r.problem(err).reply(r)
	}
	// The caller may have hung up, or the time may be up: the record is still to be written.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	var left error
	if out.status >= http.StatusInternalServerError || porting.Is(err, porting.Stale) {
		left = a.receipts.ReleaseKey(after, have)
	} else {
		left = a.receipts.Finish(after, *keyed.receipt(out))
	}
	if left != nil { // the key is free when its lease is over
		slog.WarnContext(ctx, "an idempotency key was left running", "request", r.id, "error", porting.Plain(left))
	}
	return answer, err
}

// receipt returns the record of the request's key with this answer; nil when the request has no key.
func (r *request) receipt(a reply) *orders.Receipt {
	if r.key == nil {
		return nil
	}
	receipt := *r.key
	receipt.Answer = orders.Answer{Status: a.status, Header: a.header, Body: r.answer(a).Body}
	if r.row.secret && a.status < http.StatusMultipleChoices {
		receipt.Answer.Body = ""
	}
	return &receipt
}

// asItWas is a body that was encoded before, and is written unchanged.
type asItWas string

// headerThere returns a header by its name, and whether it was sent at all.
func (r *request) headerThere(name string) (string, bool) {
	same := func(k string) bool { return strings.EqualFold(k, name) }
	there := slices.ContainsFunc(slices.Collect(maps.Keys(r.in.Headers)), same) ||
		slices.ContainsFunc(slices.Collect(maps.Keys(r.in.MultiValueHeaders)), same)
	return r.header(name), there
}
