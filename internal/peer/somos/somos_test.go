package somos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
	simsomos "portway/internal/sim/somos"
)

const password = "correct-horse-1"

var signedLOA = []byte("%PDF-1.4\nletter of Robin Sample\n")

// rig is a simulated registry whose clock a test moves, and a record of every call that reached it.
type rig struct {
	t   *testing.T
	sim *simsomos.Server
	url string

	mu       sync.Mutex
	now      time.Time
	requests []string
	bodies   []string
	before   func(*http.Request) bool
	after    func(*http.Request) bool
	deferAll bool
	turn     sync.RWMutex
}

const step = time.Hour

func newRig(t *testing.T, change ...func(*simsomos.Options)) *rig {
	r := &rig{t: t, now: time.Date(2030, 3, 4, 15, 2, 0, 0, time.UTC)} // a Monday
	o := simsomos.Options{
		User: "ZZPWAPI1", Password: password, RespOrg: "ZZPW1", Step: step, Now: r.clock,
		TokenLife: 12 * time.Hour, RefreshLife: 48 * time.Hour,
		Before: func(q *http.Request) bool { before, _ := r.hooks(); return before != nil && before(q) },
		After:  func(q *http.Request) bool { _, after := r.hooks(); return after != nil && after(q) },
	}
	for _, f := range change {
		f(&o)
	}
	r.sim = simsomos.New(o)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		q.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		r.requests = append(r.requests, q.Method+" "+q.URL.Path)
		r.bodies = append(r.bodies, string(body))
		if r.deferAll {
			q.Header.Set("X-Sim-Defer", "1")
		}
		r.mu.Unlock()
		r.turn.RLock()
		r.sim.ServeHTTP(w, q)
		r.turn.RUnlock()
		if !r.turn.TryLock() {
			return // another call is at it, and does this after itself
		}
		defer r.turn.Unlock()
		raw, err := r.sim.Snapshot() // it lives from call to call, as a sandbox's does
		if err == nil {
			err = r.sim.Restore(raw)
		}
		if err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(srv.Close)
	r.url = srv.URL
	return r
}

// lose breaks connections before or after a request's effect.
func (r *rig) lose(before, after func(*http.Request) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.before, r.after = before, after
}

func (r *rig) hooks() (before, after func(*http.Request) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.before, r.after
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) advance(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// calls are all requests so far.
func (r *rig) calls() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// last is the body of the latest request.
func (r *rig) last() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[len(r.bodies)-1]
}

func (r *rig) count(request string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, q := range r.requests {
		if strings.HasPrefix(q, request) {
			n++
		}
	}
	return n
}

func (r *rig) client(store SessionStore) *Client {
	return clientOf(r.url, store, r.clock)
}

func clientOf(url string, store SessionStore, now func() time.Time) *Client {
	return New(Config{
		Name: "somos", BaseURL: url, User: "ZZPWAPI1", Password: porting.NewSecret(password), RespOrg: "ZZPW1",
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, Sessions: store, Now: now,
		Poll: time.Nanosecond,
		Call: []call.Option{call.Circuit(1000, time.Second), call.Sleep(func(ctx context.Context, _ time.Duration) error {
			return ctx.Err()
		})},
	})
}

func request(version int, tns ...string) peer.Request {
	o := porting.Order{Kind: porting.TollFree}
	for _, tn := range tns {
		o.Numbers = append(o.Numbers, porting.Number{TN: tn})
	}
	return peer.Request{PON: "PW000124", Version: version, Order: o, LOA: signedLOA}
}

// tn is the sample number with these last two, or four, digits.
func tn(digits string) string { return "+18005550100"[:12-len(digits)] + digits }

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// life reads the request through n steps and tells each new answer.
func (r *rig) life(c *Client, ref string, n int) string {
	r.t.Helper()
	var told []string
	for range n + 1 {
		a := must(c.Read(r.t.Context(), ref))(r.t)
		s := string(a.State) + " " + a.Said
		for _, why := range a.Reasons {
			s += " " + string(why.Code)
		}
		if len(told) == 0 || told[len(told)-1] != s {
			told = append(told, s)
		}
		r.advance(step)
	}
	return strings.Join(told, " > ")
}

func TestMagic(t *testing.T) {
	const ports = "waiting PENDING > accepted PORT_PROCESSING > completed PORTED"
	const silent = "waiting PENDING > waiting OVERDUE > over EXPIRED ROC_EXPIRED"
	type second struct {
		loa, life string
		papers    []peer.Paper
	}
	rows := map[string]struct {
		not    porting.ReasonCode // why the number is not portable
		life   string
		second []second // by supplements
	}{
		"01-39": {life: ports},
		"40":    {life: "waiting PENDING > refused DECLINED ADDRESS_MISMATCH"},
		"41":    {life: "waiting PENDING > refused DECLINED NAME_MISMATCH LOA_EXPIRED"},
		"42":    {life: silent},
		"43":    {life: "waiting PENDING > accepted DUE_DATE_APPROVAL > accepted PORT_PROCESSING > completed PORTED"},
		"44":    {life: "waiting PENDING > accepted PORT_PROCESSING > refused PORT_FAILED PEER_CANCELLED"},
		"45":    {life: "waiting PENDING > refused INVALID RESPORG_MISMATCH", second: []second{{loa: string(signedLOA), life: ports}}},
		"46":    {not: "TF_SPARE"},
		"47":    {not: "TF_UNAVAILABLE"},
		"48":    {not: "TF_TRANSITIONAL"},
		"49":    {not: "RESPORG_PROTECTED"},
		"50":    {life: silent},
		"51":    {life: silent},
		"52": {life: "waiting PENDING > refused DECLINED LOA_EXPIRED", second: []second{
			{loa: string(signedLOA), life: "waiting PENDING > refused DECLINED LOA_EXPIRED"}, {loa: "%PDF-1.4\nsigned again\n", life: ports}}},
		"53":    {life: ports},
		"54":    {life: ports},
		"55":    {life: "waiting PENDING > refused DECLINED ADDRESS_MISMATCH", second: []second{{loa: string(signedLOA), life: ports}}},
		"56":    {life: silent, second: []second{{loa: string(signedLOA), life: ports}}},
		"57-99": {life: ports},
		"00":    {life: ports},
		"9403":  {not: "TF_DISCONNECTED"},
		"9401":  {life: "waiting PENDING > unclear ON_HOLD"},
		"9402": {life: "waiting PENDING > refused DECLINED LOA_REQUIRED", second: []second{
			{loa: string(signedLOA), life: "waiting PENDING > refused DECLINED LOA_REQUIRED"},
			{loa: string(signedLOA), life: ports, papers: []peer.Paper{{Kind: porting.LOADocument, Name: "loa 2", PDF: []byte("%PDF-1.4\nthe end user's\n")}}}}},
	}
	for _, d := range simsomos.Declines {
		status := "DECLINED"
		if d.Code >= "18" && d.Code <= "22" {
			status = "INVALID"
		}
		refused := "refused " + status + " " + string(reasonOf(d.Code, decline))
		row := rows["40"]
		row.life = "waiting PENDING > " + refused
		rows["90"+d.Code] = row
		row.second = []second{{loa: string(signedLOA), life: ports}}
		rows["91"+d.Code] = row
		row.life, row.second = "waiting PENDING > waiting OVERDUE > "+refused, nil
		rows["93"+d.Code] = row
	}
	for _, magic := range simsomos.Magic() {
		if strings.HasPrefix(magic.Digits, "92") {
			continue // TestTrouble
		}
		row, ok := rows[magic.Digits]
		if !ok {
			t.Errorf("%s (%s) is not tested", magic.Digits, magic.What)
			continue
		}
		t.Run(magic.Digits+" "+magic.What, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, hourly)
			c, ctx, num := r.client(nil), t.Context(), tn(strings.Split(magic.Digits, "-")[0])
			found, err := c.Portability(ctx, []string{num})
			var down *peer.Down
			if magic.Digits == "54" && !errors.As(err, &down) {
				t.Fatalf("got %v; want the registry down at first", err)
			} else if magic.Digits == "54" {
				found, err = c.Portability(ctx, []string{num})
			}
			if err != nil || len(found) != 1 || found[0].Reason != row.not || found[0].Portable != (row.not == "") {
				t.Fatalf("portability %+v, %v", found, err)
			}
			ref, err := c.Submit(ctx, request(0, num))
			if row.not != "" {
				var denied *peer.Denied
				if !errors.As(err, &denied) || len(r.sim.Transactions().Transactions) != 0 {
					t.Fatalf("submit: %q, %v; want a refusal", ref, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := r.life(c, ref, 12); got != row.life {
				t.Errorf("got  %s\nwant %s", got, row.life)
			}
			for i, s := range row.second {
				again := request(i+1, num)
				again.LOA, again.Papers = []byte(s.loa), s.papers
				ref = must(c.Supplement(ctx, ref, again))(t)
				if got := r.life(c, ref, 12); got != s.life {
					t.Errorf("request %d: got  %s\nwant %s", i+2, got, s.life)
				}
			}
		})
	}
}

// registry makes a call that the client does not make, in the client's session.
func (r *rig) registry(store SessionStore, method, path, body string) string {
	r.t.Helper()
	s := must(store.Load(r.t.Context()))(r.t)
	q := must(http.NewRequestWithContext(r.t.Context(), method, r.url+"/v3/ip"+path, strings.NewReader(body)))(r.t)
	q.Header.Set("Authorization", "Bearer "+s.AccessToken.Reveal())
	q.Header.Set("Content-Type", "application/json")
	res := must(http.DefaultClient.Do(q))(r.t)
	defer res.Body.Close()
	return string(must(io.ReadAll(res.Body))(r.t))
}

func TestAnswer(t *testing.T) {
	at := func(status string, codes ...string) line {
		return line{Status: text(status), rejected: rejected{Reasons: codes}}
	}
	for _, c := range []struct {
		name      string
		lines     []line
		confirmed bool
		want      porting.AnswerState
		left      int
	}{
		{"nothing is known of it", nil, false, porting.AnswerWaiting, 0},
		{"one pending", []line{at("PORT_PROCESSING"), at("PENDING")}, false, porting.AnswerWaiting, 0},
		{"handed to the help desk", []line{at("HDR")}, false, porting.AnswerWaiting, 0},
		{"not handed over yet", []line{at("WAITING")}, false, porting.AnswerWaiting, 0},
		{"a word that nobody knows is for a person", []line{at("MARINATING")}, false, porting.AnswerUnclear, 0},
		{"beside one that waits", []line{at("PENDING"), at("MARINATING")}, false, porting.AnswerUnclear, 0},
		{"beside one that has moved", []line{at("PORTED"), at("MARINATING")}, true, porting.AnswerUnclear, 0},
		{"no word at all", []line{at("")}, false, porting.AnswerWaiting, 0},
		{"in the letters of a screen", []line{at("Port Processing"), at("due-date approval")}, false,
			porting.AnswerAccepted, 0},
		{"in small letters", []line{at("ported"), at(" Ported ")}, true, porting.AnswerCompleted, 0},
		{"all approved", []line{at("PORT_PROCESSING"), at("DUE_DATE_APPROVAL")}, false, porting.AnswerAccepted, 0},
		{"one moved, one about to", []line{at("PORTED"), at("PORT_PROCESSING")}, true, porting.AnswerAccepted, 0},
		{"a refusal waits for the approved", []line{at("DECLINED", "02"), at("PORT_PROCESSING")}, false,
			porting.AnswerWaiting, 0},
		{"a refusal waits for the pending", []line{at("DECLINED", "02"), at("PENDING")}, false, porting.AnswerWaiting, 0},
		{"moved but not confirmed", []line{at("PORTED")}, false, porting.AnswerAccepted, 0},
		{"moved", []line{at("PORTED"), at("PORTED")}, true, porting.AnswerCompleted, 0},
		{"some moved, one refused", []line{at("PORTED"), at("DECLINED", "02")}, true, porting.AnswerCompleted, 1},
		{"some moved unconfirmed, one refused", []line{at("PORTED"), at("DECLINED", "02")}, false, porting.AnswerWaiting, 0},
		{"all refused", []line{at("DECLINED", "02"), at("EXPIRED"), at("INVALID", "18"), at("PORT_FAILED")}, false,
			porting.AnswerRefused, 0},
		{"taken back by us", []line{at("DECLINED", "16"), at("DECLINED", "16")}, false, porting.AnswerOver, 0},
		{"expired", []line{at("EXPIRED"), at("EXPIRED", "17"), at("DECLINED", "17")}, false, porting.AnswerOver, 0},
		{"expired, the rest taken back", []line{at("EXPIRED"), at("DECLINED", "16")}, false, porting.AnswerOver, 0},
		{"one expired, one refused", []line{at("EXPIRED"), at("DECLINED", "02")}, false, porting.AnswerRefused, 0},
		{"some moved, one expired", []line{at("PORTED"), at("EXPIRED")}, true, porting.AnswerCompleted, 1},
		{"declined without a word", []line{at("DECLINED")}, false, porting.AnswerRefused, 0},
		{"refused, the rest taken back", []line{at("DECLINED", "16"), at("DECLINED", "02")}, false, porting.AnswerRefused, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := transaction{Lines: c.lines}.answer(c.confirmed)
			if a.State != c.want || len(a.Left) != c.left {
				t.Errorf("got %+v, want %s", a, c.want)
			}
			want := 0
			if c.name == "one moved, one about to" {
				want = 1
			}
			if len(a.Moved) != want {
				t.Errorf("moved already: %v, want %d", a.Moved, want)
			}
			if ended := a.State == porting.AnswerRefused || a.State == porting.AnswerOver ||
				len(a.Left) > 0; ended != (len(a.Reasons) > 0) {
				t.Errorf("reasons %+v", a.Reasons)
			}
		})
	}
}

func TestDueDate(t *testing.T) {
	for due, want := range map[text]string{
		"2030-03-06":           "2030-03-06 2030-03-06T06:00:00Z", // Central midnight
		"2030-03-06T15:02:00Z": "2030-03-06 2030-03-06T15:02:00Z",
		"2030-03-07T03:00:00Z": "2030-03-06 2030-03-07T03:00:00Z", // still the 6th in Central Time
		"2030-03-06T09:02:00":  "2030-03-06 2030-03-06T15:02:00Z",
		"2030-07-06T09:02Z":    "2030-07-06 2030-07-06T09:02:00Z",
		"2030-07-06":           "2030-07-06 2030-07-06T05:00:00Z",
		"soon":                 " 0001-01-01T00:00:00Z",
		"":                     " 0001-01-01T00:00:00Z",
	} {
		a := transaction{Due: due, Lines: []line{{Status: "PORT_PROCESSING"}}}.answer(false)
		if got := string(a.FOC) + " " + a.At.UTC().Format(time.RFC3339); got != want {
			t.Errorf("%q: got %s, want %s", due, got, want)
		}
	}
}

// TestEveryDecline walks the registry's codes from 01 to 24: those of the table mean their reason, and 10, 13, 14 and
// 24, which do not exist, are for people.
func TestEveryDecline(t *testing.T) {
	for n := 1; n <= 24; n++ {
		word := fmt.Sprintf("%02d", n)
		row, ok := codeOf(decline, word)
		if ok == slices.Contains([]int{10, 13, 14, 24}, n) {
			t.Errorf("%s: %+v", word, row)
		}
		want := row.reason
		if !ok {
			want = porting.OtherReason
		}
		l := line{Number: "8005550101", Status: "DECLINED", rejected: rejected{Reasons: reasonList{word}}}
		why := transaction{Lines: []line{l}}.answer(false).Reasons
		if len(why) != 1 || why[0].Code != want || why[0].Raw != word || !slices.Equal(why[0].Numbers, []string{tn("01")}) {
			t.Errorf("%s: %+v, want %s", word, why, want)
		}
	}
	if !slices.Contains(porting.ROCExpired.Info().Repairs, porting.StartOver) {
		t.Error("an expired request is not made anew")
	}
}

func TestPortability(t *testing.T) {
	holders := map[string]string{
		"8005550101": "QQ001", "8005550102": "QQ099", "8005550103": "BRRCC", "8005550104": "BRDUP", "8005550105": "BRDXX",
		"8005550106": "ZZPW2", "8005550107": "ZZPW1",
	}
	r := newRig(t, func(o *simsomos.Options) { o.Holders = holders })
	c := r.client(nil)
	var tns []string
	for i := range 120 { // more than one batch
		tns = append(tns, fmt.Sprintf("+1800555%02d%02d", 1+i/39, 1+i%39))
	}
	tns[119] = "+12065550100"
	found := must(c.Portability(t.Context(), tns))(t)
	if len(found) != len(tns) || r.count("PUT /v3/ip/num/tfn/query") != 3 {
		t.Fatalf("%d answers in %d calls", len(found), r.count("PUT /v3/ip/num/tfn/query"))
	}
	for i, want := range []porting.ReasonCode{"", "RESPORG_PROTECTED", "RESPORG_PROTECTED", "RESPORG_PROTECTED",
		"TF_DISCONNECTED", "TN_ALREADY_OURS", "TN_ALREADY_OURS", ""} {
		p := found[i]
		if p.TN != tns[i] || p.Reason != want || p.Portable != (want == "") || p.Carrier.SPID == "" || p.Carrier.Name == "" {
			t.Errorf("%+v, want %q", p, want)
		}
	}
	if found[0].Carrier != (porting.Carrier{SPID: "QQ001", Name: "Sample Toll-Free Holding"}) {
		t.Errorf("carrier %+v", found[0].Carrier)
	}
	if p := found[119]; p.Portable || p.Reason != porting.OtherReason {
		t.Errorf("an error inside a row: %+v", p)
	}
	if n := r.count("GET /v3/ip/org/resporg/QQ001"); n != 1 {
		t.Errorf("the holder's name was asked for %d times", n)
	}
}

func TestNoCSR(t *testing.T) {
	c := clientOf("http://127.0.0.1:1", nil, time.Now)
	if _, err := c.RequestCSR(t.Context(), porting.Order{}, "PW1"); !errors.Is(err, peer.ErrNoCSR) {
		t.Error(err)
	}
	if _, state, _, err := c.ReadCSR(t.Context(), "1"); !errors.Is(err, peer.ErrNoCSR) || state != porting.AnswerNoRecord {
		t.Error(state, err)
	}
}

func TestSubmit(t *testing.T) {
	t.Run("refused without a proper LOA", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		for _, loa := range [][]byte{nil, []byte("<html>"), slices.Concat(signedLOA, make([]byte, maxFiles))} {
			q := request(0, tn("01"))
			q.LOA = loa
			var denied *peer.Denied
			if _, err := c.Submit(t.Context(), q); !errors.As(err, &denied) {
				t.Errorf("got %v", err)
			}
		}
		if calls := r.calls(); len(calls) != 0 {
			t.Errorf("the registry was called: %v", calls)
		}
	})
	t.Run("file name keeps to the rules", func(t *testing.T) {
		q := request(3)
		q.PON = porting.PON(strings.Repeat("Ä/ü<x> ", 30))
		if name := loaName(q); len(name) > 100 || strings.ContainsFunc(strings.TrimSuffix(name, ".pdf"), func(c rune) bool {
			return c > 'z' || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", c)
		}) {
			t.Errorf("%q", name)
		}
		if k := key(q); strings.ContainsAny(k, "<> ") {
			t.Errorf("%q", k)
		}
	})
	for name, lose := range map[string]func(*rig, func(*http.Request) bool){
		"lost before its effect": func(r *rig, f func(*http.Request) bool) { r.lose(f, nil) },
		"lost after its effect":  func(r *rig, f func(*http.Request) bool) { r.lose(nil, f) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c, q := r.client(nil), request(0, tn("01"), tn("02"))
			var lost atomic.Bool
			lose(r, func(h *http.Request) bool { return h.URL.Path == "/v3/ip/roc/submit" && !lost.Swap(true) })
			var down *peer.Down
			if _, err := c.Submit(t.Context(), q); !errors.As(err, &down) {
				t.Fatalf("got %v", err)
			}
			ref, ok, err := c.Find(t.Context(), q)
			if err != nil || ok != strings.Contains(name, "after") {
				t.Fatalf("found %t, %v", ok, err)
			}
			if !ok {
				ref = must(c.Submit(t.Context(), q))(t)
			}
			if all := r.sim.Transactions(); all.Submits["PW000124/0"] != 1 || len(all.Transactions) != 1 ||
				all.Transactions[0].TxnID != ref {
				t.Errorf("%+v", all)
			}
		})
	}
}

func TestFind(t *testing.T) {
	r := newRig(t)
	c := r.client(nil)
	ref := must(c.Submit(t.Context(), request(1, tn("40"))))(t)
	r.advance(2 * step)
	must(c.Submit(t.Context(), request(10, tn("40"))))(t)
	if found, ok, err := c.Find(t.Context(), request(1, tn("40"))); err != nil || !ok || found != ref {
		t.Errorf("version 1: %q %t %v", found, ok, err)
	}
	if _, ok, err := c.Find(t.Context(), request(100, tn("40"))); ok || err != nil {
		t.Errorf("version 100: %t %v", ok, err)
	}
	if _, ok, err := c.Find(t.Context(), request(1, tn("41"))); ok || err != nil {
		t.Errorf("another number: %t %v", ok, err)
	}
	withPaper := request(1, tn("40"))
	withPaper.Papers = []peer.Paper{{Kind: porting.BillDocument, Name: "bill 2", PDF: []byte("%PDF-1.4 bill")}}
	if found, ok, err := c.Find(t.Context(), withPaper); err != nil || !ok || found != ref ||
		r.count("POST /v3/ip/roc/uploadFile") != 0 {
		t.Errorf("with a paper in hand: %q %t %v, %d files uploaded", found, ok, err, r.count("POST /v3/ip/roc/uploadFile"))
	}
	if err := c.Complete(t.Context(), ref, withPaper); err != nil || r.count("POST /v3/ip/roc/uploadFile") != 1 {
		t.Errorf("completed: %v, %d files uploaded", err, r.count("POST /v3/ip/roc/uploadFile"))
	}
	planned := request(1, tn("40"))
	planned.Order.Attempts = []porting.Attempt{{Kind: porting.AskPort, PON: planned.PON, Version: 1, Planned: r.clock()}}
	if found, ok, err := c.Find(t.Context(), planned); err != nil || !ok || found != ref {
		t.Errorf("from its own day: %q %t %v", found, ok, err)
	}
}

func TestSupplement(t *testing.T) {
	t.Run("cancels what is open and makes a new request, once", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		old := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
		made := must(c.Supplement(t.Context(), old, request(1, tn("01"))))(t)
		again := must(c.Supplement(t.Context(), old, request(1, tn("01"))))(t)
		if all := r.sim.Transactions(); made == old || again != made || all.Submits["PW000124/1"] != 1 ||
			all.Transactions[0].Numbers[0].Codes[0] != "16" {
			t.Errorf("%s, %s, %s: %+v", old, made, again, all)
		}
		if a := must(c.Read(t.Context(), old))(t); a.State != porting.AnswerOver || a.Reasons[0].Code != "PEER_CANCELLED" {
			t.Errorf("the old one: %+v", a)
		}
	})
	t.Run("lost between cancel and submit", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		old := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
		r.lose(func(q *http.Request) bool { return q.URL.Path == "/v3/ip/roc/submit" }, nil)
		var down *peer.Down
		if _, err := c.Supplement(t.Context(), old, request(1, tn("01"))); !errors.As(err, &down) {
			t.Fatal(err)
		}
		r.lose(nil, nil)
		must(c.Supplement(t.Context(), old, request(1, tn("01"))))(t)
		if all := r.sim.Transactions(); all.Submits["PW000124/1"] != 1 {
			t.Errorf("%+v", all)
		}
	})
	t.Run("Denied while the numbers are on their way", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		old := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
		r.advance(step)
		var denied *peer.Denied
		if _, err := c.Supplement(t.Context(), old, request(1, tn("01"))); !errors.As(err, &denied) ||
			denied.Reasons[0].Raw != "PW0906" {
			t.Errorf("got %v", err)
		}
		if all := r.sim.Transactions(); len(all.Transactions) != 1 {
			t.Errorf("%+v", all)
		}
	})
}

func TestCancel(t *testing.T) {
	r := newRig(t)
	c := r.client(nil)
	ref := must(c.Submit(t.Context(), request(0, tn("01"), tn("42"))))(t)
	for _, what := range []string{"open", "over already"} {
		if err := c.Cancel(t.Context(), ref); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	var denied *peer.Denied
	if err := c.Cancel(t.Context(), "nobody's"); !errors.As(err, &denied) {
		t.Errorf("unknown: %v", err)
	}
	moving := must(c.Submit(t.Context(), request(1, tn("02"))))(t)
	r.advance(step)
	if err := c.Cancel(t.Context(), moving); !errors.As(err, &denied) {
		t.Errorf("on its way: %v", err)
	}
}

func TestPartial(t *testing.T) {
	r := newRig(t)
	c := r.client(nil)
	ref := must(c.Submit(t.Context(), request(0, tn("01"), tn("40"), tn("41"))))(t)
	if got, want := r.life(c, ref, 3), "waiting PENDING > waiting PORT_PROCESSING, DECLINED > completed PORTED, DECLINED "+
		"ADDRESS_MISMATCH NAME_MISMATCH LOA_EXPIRED"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a := must(c.Read(t.Context(), ref))(t)
	if !slices.Equal(a.Left, []string{tn("40"), tn("41")}) || !slices.Equal(a.Reasons[0].Numbers, []string{tn("40")}) ||
		a.Reasons[0].Said != "service address differs" {
		t.Errorf("%+v", a)
	}
}
