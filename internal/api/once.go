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
	// keyLease is how long a keyed request may run: longer than a function lives, which is what makes a second try safe.
	keyLease = time.Minute
	// keyLife is how long an answer is kept.
	keyLife = 24 * time.Hour
)

// key is the Idempotency-Key of the request, quoted (as the IETF draft has it) or bare; empty when there is none.
func (r *request) key() (string, error) {
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
			fmt.Sprintf("An Idempotency-Key has 1 to %d printable ASCII characters, quoted or bare; a UUID is a good one.", orders.MaxKey))
	}
	return key, nil
}

// print tells the request from any other: what would be done, to what, under which condition.
func (r *request) print(row route) string {
	h := sha256.New()
	query := r.query()
	parts := []string{row.method, row.path, r.header("If-Match"), r.mediaType(), r.in.Body, query.Encode()}
	for _, name := range slices.Sorted(maps.Keys(r.params)) {
		parts = append(parts, r.params[name])
	}
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// once carries a keyed request out, unless it was before: then it answers what it answered then, byte by byte. What is done
// and the answer to it are written together; an answer to what did nothing is written afterwards. Our own trouble is not kept,
// nor a lost race: the same request may come again.
func (a *API) once(ctx context.Context, r *request, row route, key string) (reply, error) {
	now := a.book.Now().UTC()
	want := orders.Receipt{Account: r.account, Key: key, Print: r.print(row), Lease: now.Add(keyLease), Expires: now.Add(keyLife)}
	if row.makes {
		want.Group = a.book.NewGroup()
	}
	have, mine, err := a.receipts.Begin(ctx, want, now)
	switch {
	case err != nil:
		return reply{}, err
	case mine:
		r.receipt = &have
	case have.Print != want.Print:
		return reply{}, refuse(http.StatusUnprocessableEntity, codeKeyReused,
			"This Idempotency-Key came with another request before; use a new key for each request.")
	case have.Answer.Status == 0:
		p := refuse(http.StatusConflict, codeKeyInProgress, "The request with this Idempotency-Key is still being carried out; ask again in a moment.")
		p.header = map[string]string{"Retry-After": "2"}
		return reply{}, p
	case have.Answer.Body == "":
		return reply{}, refuse(http.StatusConflict, codeAnswerNotKept,
			"The request was carried out, but its answer could not be kept: it was too large, or showed a secret. Read what it made.")
	default:
		header := maps.Clone(have.Answer.Header)
		if header == nil {
			header = map[string]string{}
		}
		header["Idempotency-Replayed"] = "true"
		return reply{status: have.Answer.Status, body: asItWas(have.Answer.Body), header: header}, nil
	}
	answer, err := row.handle(a, ctx, r)
	if r.kept {
		return answer, err
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
		left = a.receipts.Finish(after, *r.keep(out))
	}
	if left != nil { // the key is free when its lease is over
		slog.WarnContext(ctx, "an idempotency key was left running", "request", r.id, "error", porting.Plain(left))
	}
	return answer, err
}

// keep is the receipt of the request with this answer; nil when the request has no key.
func (r *request) keep(a reply) *orders.Receipt {
	if r.receipt == nil {
		return nil
	}
	receipt := *r.receipt
	receipt.Answer = orders.Answer{Status: a.status, Header: a.header, Body: r.answer(a).Body}
	if r.secret && a.status < http.StatusMultipleChoices {
		receipt.Answer.Body = ""
	}
	return &receipt
}

// asItWas is a body that was written before.
type asItWas string

// headerThere is a header by its name, and whether it was sent at all.
func (r *request) headerThere(name string) (string, bool) {
	same := func(k string) bool { return strings.EqualFold(k, name) }
	there := slices.ContainsFunc(slices.Collect(maps.Keys(r.in.Headers)), same) ||
		slices.ContainsFunc(slices.Collect(maps.Keys(r.in.MultiValueHeaders)), same)
	return r.header(name), there
}
