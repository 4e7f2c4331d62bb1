package api

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"portway/internal/porting"
)

func TestLimiter(t *testing.T) {
	l := newLimiter(Limit{PerSecond: 2, Burst: 3})
	at := func(ms int) time.Time { return now.Add(time.Duration(ms) * time.Millisecond) }
	for _, c := range []struct {
		name string
		id   porting.AccountID
		at   int
		wait time.Duration
	}{
		{"the first of a burst", mine, 0, 0}, {"the second", mine, 0, 0}, {"the third", mine, 0, 0},
		{"one too many", mine, 0, 500 * time.Millisecond}, {"and again: a refusal costs nothing", mine, 0, 500 * time.Millisecond},
		{"another account is free", theirs, 0, 0}, {"half a token", mine, 250, 250 * time.Millisecond}, {"a whole one", mine, 500, 0},
		{"which was the only one", mine, 500, 500 * time.Millisecond}, {"a clock that goes back gives none", mine, 400, 500 * time.Millisecond},
		{"a long rest fills it", mine, 60_000, 0}, {"to the burst", mine, 60_000, 0}, {"and no more", mine, 60_000, 0}, {"than that", mine, 60_000, 500 * time.Millisecond},
	} {
		if got := l.take(c.id, at(c.at)); got != c.wait {
			t.Errorf("%s: wait %s, want %s", c.name, got, c.wait)
		}
	}
	if got := newLimiter(Limit{}).take(mine, now); got != 0 {
		t.Errorf("without a limit: wait %s", got)
	}
}

// What is remembered of accounts that have been quiet is forgotten; of the others it is not.
func TestLimiterForgets(t *testing.T) {
	l := newLimiter(Limit{PerSecond: 1, Burst: 1})
	for i := range maxBuckets {
		l.take(porting.AccountID("a"+strconv.Itoa(i)), now)
	}
	l.take("busy", now.Add(time.Hour))
	l.take("other", now.Add(time.Hour))
	if len(l.buckets) != 2 || l.take("busy", now.Add(time.Hour)) == 0 {
		t.Errorf("%d accounts are remembered", len(l.buckets))
	}
}

func TestABurstIsAnswered429(t *testing.T) {
	w := newWorld(t)
	w.api = New(Config{Book: w.book, Accounts: w.store, Portability: w.peers, BaseURL: "https://api.example.com", Limit: Limit{PerSecond: 1, Burst: 2}})
	for n, want := range []int{200, 404, 429, 429} { // what is answered with an error counts too
		path := "/v2/portorders"
		if n == 1 {
			path = "/v2/nothing"
		}
		out := w.send(w.request("GET", path, "", nil))
		if out.StatusCode != want || want == 429 && (out.Headers["Retry-After"] != "1" || !strings.Contains(out.Body, `"code":"too_many_requests"`)) {
			t.Errorf("call %d: %d %v %s", n, out.StatusCode, out.Headers, out.Body)
		}
	}
	in := w.request("GET", "/v2/portorders", "", nil)
	in.RequestContext.Authorizer["account"] = string(theirs)
	if out := w.send(in); out.StatusCode != 200 {
		t.Errorf("another account: %d", out.StatusCode)
	}
}

// The largest bodies and the longest lists that are taken, and one beyond.
func TestSizes(t *testing.T) {
	numbers := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, `"+1206`+strconv.Itoa(2000000+i*10)+`"`) // the test's peers carry them all
		}
		return attrs(strings.Replace(minimal, `"+12065550150"`, strings.Join(all, ","), 1))
	}
	run(t, []scenario{
		{name: "FiveThousandNumbers", request: "POST /v2/portorders", body: numbers(5000), status: 201},
		{name: "OneMoreNumber", request: "POST /v2/portorders", body: numbers(5001), status: 422, expect: []string{`"code":"too_many","pointer":"/data/attributes/numbers"`}, after: nothingMade},
		{name: "AMegabyte", request: "POST /v2/portorders", body: attrs(minimal) + strings.Repeat(" ", 1<<20-len(attrs(minimal))), status: 201},
		{name: "OneMoreByte", request: "POST /v2/portorders", body: attrs(minimal) + strings.Repeat(" ", 1<<20-len(attrs(minimal))+1), status: 413, after: nothingMade},
	})
}
