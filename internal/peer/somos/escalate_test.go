package somos

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rickar/cal/v2"

	"portway/internal/bizday"
	"portway/internal/peer"
	"portway/internal/porting"
	simsomos "portway/internal/sim/somos"
)

// daily is a registry in which a step is a day, and whose due dates are days.
func daily(o *simsomos.Options) { o.Step = 24 * time.Hour }

// closed is a registry that keeps one more holiday than the adapter knows.
func closed(month time.Month, day int) func(*simsomos.Options) {
	days, err := bizday.New(bizday.Rules{
		Weekend:  []time.Weekday{time.Saturday, time.Sunday},
		Holidays: []*cal.Holiday{{Month: month, Day: day, Func: cal.CalcDayOfMonth}},
	}, "America/Chicago")
	if err != nil {
		panic(err)
	}
	return func(o *simsomos.Options) { o.Calendar = days }
}

// hourly is one in which a step is an hour, and the due date two hours after the submit.
func hourly(o *simsomos.Options) { o.Due = 2 * step }

func TestEscalateOnItsDay(t *testing.T) {
	const told = "Central Time to answer. The registry's help desk takes no request before that."
	for _, c := range []struct {
		name   string
		start  string
		change func(*simsomos.Options)
		digits string
		after  time.Duration
		said   string
		done   bool
	}{
		{"too early", "2030-03-04T15:02:00Z", daily, "42", 24 * time.Hour, "has until Wednesday, March 6, 9:02 AM " + told,
			false},
		{"overdue", "2030-03-04T15:02:00Z", daily, "42", 48 * time.Hour, "We have handed the request to the registry's " +
			"help desk", true},
		{"over a weekend", "2030-03-08T15:02:00Z", daily, "42", 48 * time.Hour, "has until Tuesday, March 12, 9:02 AM " +
			told, false},
		{"over a weekend, on its day", "2030-03-08T15:02:00Z", daily, "42", 96 * time.Hour, "We have handed the request to",
			true},
		{"evening in Chicago, next day in London", "2030-03-05T03:00:00Z", daily, "42", 47 * time.Hour,
			"has until Wednesday, March 6, 9:00 PM " + told, false},
		{"over Christmas", "2030-12-24T15:02:00Z", daily, "42", 48 * time.Hour, "has until Friday, December 27, 9:02 AM " +
			told, false},
		{"overdue on a Saturday", "2030-03-07T15:02:00Z", func(o *simsomos.Options) { daily(o); o.Due = 48 * time.Hour },
			"42", 50 * time.Hour,
			"The registry's help desk works again on Monday, March 11.", false},
		{"overdue by the registry's clock", "2030-03-04T15:02:00Z", hourly, "42", 2 * step, "We have handed the request to",
			true},
		{"not called overdue yet", "2030-03-08T15:02:00Z", closed(time.March, 11), "42", 4*24*time.Hour + 15*time.Hour,
			"The registry does not call the request overdue yet.", false},
		{"moved", "2030-03-04T15:02:00Z", hourly, "01", 3 * step, "There is nothing to escalate, since the request no " +
			"longer waits for an answer.", false},
		{"declined in time", "2030-03-04T15:02:00Z", hourly, "40", 5 * step, "There is nothing to escalate, since the " +
			"request no longer waits for an answer.", false},
		{"expired", "2030-03-04T15:02:00Z", hourly, "42", 10 * step, "There is nothing to escalate, since the request no " +
			"longer waits for an answer.", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, c.change)
			r.now = must(time.Parse(time.RFC3339, c.start))(t)
			client := r.client(nil)
			ref := must(client.Submit(t.Context(), request(0, tn(c.digits))))(t)
			r.advance(c.after)
			said, done, err := client.Escalate(t.Context(), ref, r.clock())
			if err != nil || done != c.done || !strings.Contains(said, c.said) {
				t.Errorf("got %q, %t, %v; want %q, %t", said, done, err, c.said, c.done)
			}
			want := 0
			if c.done {
				want = 1
			}
			if n := r.count("POST /v3/ip/roc/escalate"); n != want {
				t.Errorf("%d escalations", n)
			}
		})
	}
}

// The help desk gets a request once, even if the answer or the request is lost.
func TestEscalateOnce(t *testing.T) {
	for digits, want := range map[string]string{
		"50":   "waiting HDR > accepted PORT_PROCESSING > completed PORTED",
		"51":   "waiting HDR > refused DECLINED PEER_DENIED",
		"9302": "waiting HDR > accepted PORT_PROCESSING > completed PORTED", // declined late: by a request of its own
	} {
		for _, lost := range []string{"no", "before its effect", "after its effect"} {
			t.Run(digits+" lost "+lost, func(t *testing.T) {
				r := newRig(t, hourly)
				c := r.client(nil)
				ref := must(c.Submit(t.Context(), request(0, tn(digits))))(t)
				path, wait := "/v3/ip/roc/escalate", 2*step
				if digits == "9302" {
					path, wait = "/v3/ip/roc/resubmitHDI", 3*step
				}
				r.advance(wait)
				var once atomic.Bool
				lose := func(q *http.Request) bool { return q.URL.Path == path && !once.Swap(true) }
				var down *peer.Down
				switch lost {
				case "before its effect":
					r.lose(lose, nil)
				case "after its effect":
					r.lose(nil, lose)
				}
				_, _, err := c.Escalate(t.Context(), ref, r.clock())
				if (lost == "no") != (err == nil) || err != nil && !errors.As(err, &down) {
					t.Fatal(err)
				}
				for range 3 {
					if said, done, err := c.Escalate(t.Context(), ref, r.clock()); err != nil || !done {
						t.Errorf("again: %q, %t, %v", said, done, err)
					}
				}
				calls := 1
				if lost == "before its effect" {
					calls = 2
				}
				if n := r.count("POST " + path); n != calls {
					t.Errorf("%d calls", n)
				}
				if got := r.life(c, ref, 4); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				said, done, err := c.Escalate(t.Context(), ref, r.clock())
				if err != nil || done || !strings.HasPrefix(said, "There is nothing to escalate") ||
					r.count("POST "+path) != calls {
					t.Errorf("after its end: %q, %t, %v", said, done, err)
				}
			})
		}
	}
}

func TestLateDeclines(t *testing.T) {
	holders := map[string]string{"8005559301": "QQ001", "8005559302": "QQ002", "8005559303": "QQ001"}
	late := func(t *testing.T) (*rig, *Client, string) {
		r := newRig(t, hourly, func(o *simsomos.Options) { o.Holders = holders })
		c := r.client(nil)
		ref := must(c.Submit(t.Context(), request(0, tn("9301"), tn("9302"), tn("9303"), tn("40"))))(t)
		r.advance(3 * step)
		if a := must(c.Read(t.Context(), ref))(t); a.State != porting.AnswerRefused || len(a.Reasons) != 3 {
			t.Fatalf("%+v", a)
		}
		if said, done, err := c.Escalate(t.Context(), ref, r.clock()); err != nil || !done {
			t.Fatal(said, err)
		}
		return r, c, ref
	}
	t.Run("one help desk request for each holder, followed by Read", func(t *testing.T) {
		r, c, ref := late(t)
		if n := r.count("POST /v3/ip/roc/resubmitHDI"); n != 2 {
			t.Errorf("%d requests", n)
		}
		if got, want := r.life(c, ref, 3), "waiting HDR, DECLINED > waiting PORT_PROCESSING, DECLINED > completed PORTED, "+
			"DECLINED ADDRESS_MISMATCH"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if found, ok, err := c.Find(t.Context(), request(0, tn("9301"))); err != nil || !ok || found != ref {
			t.Errorf("found %s, not the request itself (%v)", found, err)
		}
	})
	t.Run("Cancel ends them", func(t *testing.T) {
		r, c, ref := late(t)
		for range 2 {
			if err := c.Cancel(t.Context(), ref); err != nil {
				t.Error(err)
			}
		}
		r.advance(5 * step)
		for _, tx := range r.sim.Transactions().Transactions[1:] {
			for _, n := range tx.Numbers {
				if n.Status != "DECLINED" || n.Codes[0] != "16" {
					t.Errorf("%+v", n)
				}
			}
		}
	})
	t.Run("a new request by us is not followed", func(t *testing.T) {
		r := newRig(t, hourly)
		c := r.client(nil)
		ref := must(c.Submit(t.Context(), request(0, tn("9302"))))(t)
		r.advance(3 * step)
		must(c.Submit(t.Context(), request(1, tn("9302"))))(t)
		if a := must(c.Read(t.Context(), ref))(t); a.State != porting.AnswerRefused {
			t.Errorf("%+v", a)
		}
	})
}

func TestRemove(t *testing.T) {
	r := newRig(t)
	c := r.client(nil)
	ref := must(c.Submit(t.Context(), request(0, tn("01"), tn("40"), tn("42"))))(t)
	for _, what := range []string{"pending", "removed already"} {
		if err := c.Remove(t.Context(), ref, []string{tn("01")}); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	r.advance(step)
	var denied *peer.Denied
	for _, tns := range [][]string{{tn("40")}, {tn("40"), tn("01")}, {tn("77")}} {
		if err := c.Remove(t.Context(), ref, tns); !errors.As(err, &denied) {
			t.Errorf("%v: %v", tns, err)
		}
	}
	if err := c.Remove(t.Context(), "nobody's", []string{tn("01")}); !errors.As(err, &denied) {
		t.Errorf("unknown: %v", err)
	}
	if a := must(c.Read(t.Context(), ref))(t); a.State != porting.AnswerWaiting {
		t.Errorf("%+v", a)
	}
}

func TestAttach(t *testing.T) {
	r := newRig(t)
	c := r.client(nil)
	ref := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
	if id := must(c.Attach(t.Context(), ref, "März bill.pdf", signedLOA))(t); id == "" {
		t.Error("no id")
	}
	if last := r.last(); !strings.Contains(last, `{"txnID":"`+ref+`","additionalDocuments":[{"fileId":"`) {
		t.Error(last)
	}
	var denied *peer.Denied
	calls := len(r.calls())
	for _, body := range []string{"", "<html>", "%PDF-" + strings.Repeat("x", maxFiles)} {
		if _, err := c.Attach(t.Context(), ref, "bill", []byte(body)); !errors.As(err, &denied) || len(r.calls()) != calls {
			t.Errorf("%.10q: %v", body, err)
		}
	}
	r.advance(step)
	if _, err := c.Attach(t.Context(), ref, "bill", signedLOA); !errors.As(err, &denied) ||
		denied.Reasons[0].Raw != "PW0906" {
		t.Errorf("too late: %v", err)
	}
}

// The documents that the RespOrg has asked for go with the request. A document that the registry does not take keeps no
// request back.
func TestPapers(t *testing.T) {
	r := newRig(t)
	c := r.client(nil)
	want := request(0, tn("01"))
	want.Papers = []peer.Paper{
		{Kind: porting.BillDocument, Name: "bill 2", PDF: []byte("%PDF-" + strings.Repeat("x", maxFiles))},
		{Kind: porting.ProofDocument, Name: "proof 3", PDF: signedLOA}}
	ref, err := c.Submit(t.Context(), want)
	if err != nil || ref == "" {
		t.Fatalf("%q %v", ref, err)
	}
	if last := r.last(); !strings.Contains(last, `{"txnID":"`+ref+`","additionalDocuments":[{"fileId":"`) {
		t.Error(last)
	}
	if found, ok, err := c.Find(t.Context(), want); found != ref || !ok || err != nil {
		t.Errorf("found %q %v %v", found, ok, err)
	}
}

func TestLetter(t *testing.T) {
	r := newRig(t)
	r.deferAll = true
	c := r.client(nil)
	ref := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
	name, pdf, err := c.LOA(t.Context(), ref)
	if err != nil || name != "loa-PW000124-0.pdf" || string(pdf) != string(signedLOA) {
		t.Errorf("%s %q %v", name, pdf, err)
	}
	var denied *peer.Denied
	if _, _, err := c.LOA(t.Context(), "nobody's"); !errors.As(err, &denied) {
		t.Error(err)
	}
	if _, _, err := canned(t, 200, `{"numList":[]}`).LOA(t.Context(), "A"); !errors.As(err, &denied) {
		t.Error(err)
	}
	var down *peer.Down
	if _, _, err := canned(t, 200, `{"numList":[],"loaID":"1","fileContent":"*"}`).LOA(t.Context(), "A"); !errors.As(err,
		&down) {
		t.Error(err)
	}
}

func TestReadNotice(t *testing.T) {
	for body, want := range map[string]string{
		`{"tfNum":"800-555-0101","respOrgId":"ZZPW1","oldRespOrgId":"QQ001","newRespOrgId":"ZZPW1",` +
			`"status":"WORKING"}`: "+18005550101",
		`{"tfNum":"8885550102"}`:   "+18885550102",
		`{"tfNum":8885550102}`:     "+18885550102",
		`{"tfNum":"206-555-0100"}`: "", // not toll-free
		`{"tfNum":"800-555-01"}`:   "",
		`{"tfNum":{"a":1}}`:        "",
		`{}`:                       "",
		`[]`:                       "",
		`<xml/>`:                   "",
		``:                         "",
	} {
		got, err := ReadNotice([]byte(body))
		if got.TN != want || (err == nil) != (want != "") {
			t.Errorf("%s: %+v, %v; want %q", body, got, err, want)
		}
	}
}

func FuzzReadNotice(f *testing.F) {
	f.Add([]byte(`{"tfNum":"800-555-0101"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if n, err := ReadNotice(body); err == nil && (len(n.TN) != 12 || !strings.HasPrefix(n.TN, "+18")) {
			t.Errorf("%q: %+v", body, n)
		}
	})
}

func TestDueBy(t *testing.T) {
	for _, c := range []struct {
		name string
		t    transaction
		want string
	}{
		{"the registry's clock time", transaction{Submitted: "2030-03-04T15:02:00Z", Due: "2030-03-07T10:00:00Z"},
			"2030-03-07T10:00:00Z"},
		{"a clock time without a zone is Central", transaction{Due: "2030-03-06T09:02:00"}, "2030-03-06T15:02:00Z"},
		{"a day: at the hour of the submit", transaction{Submitted: "2030-03-04T15:02:00Z", Due: "2030-03-06"},
			"2030-03-06T15:02:00Z"},
		{"a day: at the hour of the handing over", transaction{Submitted: "2030-03-04T15:02:00Z",
			Future: "2030-03-11T16:00:00Z", Due: "2030-03-13"}, "2030-03-13T16:00:00Z"},
		{"a later day than ours: a holiday of theirs", transaction{Submitted: "2030-03-04T15:02:00Z", Due: "2030-03-08"},
			"2030-03-08T06:00:00Z"},
		{"no due date", transaction{Submitted: "2030-03-04T15:02:00Z"}, "2030-03-06T15:02:00Z"},
		{"no submit", transaction{Due: "2030-03-06"}, "2030-03-07T06:00:00Z"},
		{"over the change of clocks", transaction{Submitted: "2030-03-08T15:02:00Z"}, "2030-03-12T14:02:00Z"},
		{"nothing", transaction{Submitted: "soon", Due: "later"}, "0001-01-01T00:00:00Z"},
	} {
		if got := c.t.dueBy(registryDays).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestUnknownDueDate: a registry that tells no dates is believed when it says OVERDUE.
func TestUnknownDueDate(t *testing.T) {
	c := canned(t, 200, `{"numList":[{"num":"8005550101","status":"OVERDUE"}],"txnList":[]}`)
	monday := time.Date(2030, 3, 4, 15, 2, 0, 0, time.UTC)
	if said, done, err := c.Escalate(t.Context(), "A", monday); err != nil || !done {
		t.Errorf("%q, %t, %v", said, done, err)
	}
	if said, done, err := c.Escalate(t.Context(), "A", monday.AddDate(0, 0, -1)); err != nil || done ||
		said != "The registry's help desk works again on Monday, March 4." {
		t.Errorf("on a Sunday: %q, %t, %v", said, done, err)
	}
}
