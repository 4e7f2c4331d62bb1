package api

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/porting"
)

func TestReopenAndExtend(t *testing.T) {
	const reopen = "POST /v2/portorders/{cancelled}/reopen"
	later := func(days int) func(*world) {
		return func(w *world) {
			at := w.book.Now().AddDate(0, 0, days)
			w.book.Now = func() time.Time { return at }
		}
	}
	extended := func(w *world) {
		if _, err := w.book.Do(w.t.Context(), porting.OrderID(w.ids["pending"]), porting.Extend{By: customer}); err != nil {
			w.t.Fatal(err)
		}
	}
	run(t, []scenario{
		{name: "Reopened", request: reopen, status: 201, expect: []string{`"reopens":"{cancelled}"`, `"status":"pending"`, `"pin":""`, `"provider_account":""`},
			not: []string{Mask}, after: func(t *testing.T, w *world, out events.APIGatewayProxyResponse) {
				o := w.stored("cancelled")
				if o.ReopenedAs == "" || !strings.HasSuffix(out.Headers["Location"], string(o.ReopenedAs)) || o.Status != porting.Cancelled {
					t.Errorf("the old order is %s and reopened as %q; the answer names %s", o.Status, o.ReopenedAs, out.Headers["Location"])
				}
			}},
		{name: "ADryRunMakesNothing", request: reopen + "?validate_only=true", status: 200, expect: []string{`"validated":true`, `"reopens":"{cancelled}"`}, not: []string{`"links":{"self":"https://api.example.com/v2/portorders/"`},
			after: func(t *testing.T, w *world, _ events.APIGatewayProxyResponse) {
				if o := w.stored("cancelled"); o.ReopenedAs != "" {
					t.Error("it was reopened")
				}
			}},
		{name: "ABodyIsNotNeeded", request: reopen, body: `{"data":{"type":"portorder","attributes":{}}}`, status: 201},
		{name: "ABodyWithAttributes", request: reopen, body: `{"data":{"type":"portorder","attributes":{"pin":"1234"}}}`, status: 422,
			expect: []string{`"pointer":"/data/attributes/pin"`}},
		{name: "TooLate", request: reopen, before: later(31), status: 409, expect: []string{"more than 30 days ago"}},
		{name: "ALiveOrder", request: "POST /v2/portorders/{pending}/reopen", status: 409},
		{name: "AnotherAccounts", request: "POST /v2/portorders/{theirs}/reopen", status: 404},
		{name: "OfAnOlderVersion", request: reopen, header: map[string]string{"If-Match": `"99"`}, status: 412},
		{name: "ExplainOffersIt", request: "GET /v2/portorders/{cancelled}/explain", status: 200,
			expect: []string{"reopen the order, as a new one with the same details (until ", "/v2/portorders/{cancelled}/reopen"}},
		{name: "ExplainOffersItNoMore", request: "GET /v2/portorders/{cancelled}/explain", before: later(31), status: 200, not: []string{"/reopen"}},

		{name: "Extended", request: "POST /v2/portorders/{pending}/extend", status: 200, expect: []string{"was extended by 45 days. It ends on "}},
		{name: "ExtendedADryRun", request: "POST /v2/portorders/{pending}/extend?validate_only=true", status: 200, expect: []string{`"validated":true`}},
		{name: "ARejectedOrder", request: "POST /v2/portorders/{rejected}/extend", status: 200, expect: []string{"was extended"}},
		{name: "ExtendedTwice", request: "POST /v2/portorders/{pending}/extend", status: 409, expect: []string{"can be extended once"},
			before: extended},
		{name: "ASubmittedOrder", request: "POST /v2/portorders/{submitted}/extend", status: 409},
		{name: "ExplainOffersTheExtension", request: "GET /v2/portorders/{pending}/explain", status: 200,
			expect: []string{"extend the time of the order to ", "/v2/portorders/{pending}/extend"}},
		{name: "ExplainOffersTheExtensionOnce", request: "GET /v2/portorders/{pending}/explain", status: 200, not: []string{"/extend"},
			before: extended},
	})
}

// Of calls that reopen one order at the same time, one makes an order. A repeated one with the same key gets its answer.
func TestReopenedOnce(t *testing.T) {
	w := newWorld(t)
	w.five()
	var wg sync.WaitGroup
	answers := make(chan int, 8)
	for range cap(answers) {
		wg.Go(func() { answers <- w.send(w.request("POST", "/v2/portorders/{cancelled}/reopen", "", nil)).StatusCode })
	}
	wg.Wait()
	close(answers)
	made := map[int]int{}
	for status := range answers {
		made[status]++
	}
	if made[201] != 1 || made[409] != cap(answers)-1 {
		t.Errorf("answers by status: %v", made)
	}
}
