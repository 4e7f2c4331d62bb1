package somos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

// canned is a registry that signs anybody in and gives one answer to everything else.
func canned(t *testing.T, status int, body string) *Client {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/session/open") {
			fmt.Fprint(w, `{"oauthToken":"tok-1","refreshToken":"ref-1","clientKey":"ck-1","clientSecret":"cs-1",`+
				`"expiresIn":"3600"}`)
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(srv.Close)
	return clientOf(srv.URL, nil, time.Now)
}

// TestTraps has the traps of infra/docs/wire-somos.md by their numbers.
func TestTraps(t *testing.T) {
	t.Run("1 errors with HTTP 200", func(t *testing.T) {
		for body, want := range map[string]string{
			`{"errList":[{"errCode":"505002","errMsg":"no permission",` +
				`"errLvl":"ERROR"}]}`: "505002",
			`{"errList":[{"errCode":"1","errLvl":"WARN"},{"errCode":805102,"errMsg":"account 44556677 differs",` +
				`"errLvl":null}]}`: "805102",
			`{"txnID":"A","errList":[{"errCode":"099029",` +
				`"errLvl":"ERROR"}]}`: "099029",
		} {
			c := canned(t, 200, body)
			_, err := c.retrieve(t.Context(), "A")
			var denied *peer.Denied
			if !errors.As(err, &denied) || denied.Reasons[0].Raw != want || strings.Contains(err.Error()+denied.Reasons[0].Said,
				"44556677") {
				t.Errorf("%s: %v", body, err)
			}
		}
		c := canned(t, 200, `{"errList":[{"errCode":"1","errMsg":"old version","errLvl":"WARN"}],"numList":[]}`)
		if _, err := c.retrieve(t.Context(), "A"); err != nil {
			t.Errorf("a WARN alone: %v", err)
		}
		for name, row := range map[string]string{
			"errList":         `"errList":[{"errCode":"505002","errLvl":"ERROR"}]`,
			"failReason":      `"failReason":["not allowed"]`,
			"failReason text": `"failReason":"not allowed"`,
		} {
			c := canned(t, 200, `{"queryResult":[{"num":"8005550101","status":"WORKING",`+row+`}]}`)
			if found, err := c.Portability(t.Context(), []string{tn("01")}); err != nil || found[0].Portable {
				t.Errorf("%s inside a row: %+v, %v", name, found, err)
			}
		}
	})
	t.Run("2 a deferred answer on any call", func(t *testing.T) {
		r := newRig(t)
		r.deferAll = true
		c := r.client(nil)
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
		ref := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
		if found, ok, err := c.Find(t.Context(), request(0, tn("01"))); err != nil || !ok || found != ref {
			t.Errorf("find: %q %t %v", found, ok, err)
		}
		must(c.Read(t.Context(), ref))(t)
		if err := c.Cancel(t.Context(), ref); err != nil {
			t.Error(err)
		}
		for _, twice := range []string{"PUT /v3/ip/num/tfn/query", "POST /v3/ip/roc/uploadLOA", "POST /v3/ip/roc/submit",
			"PUT /v3/ip/roc/cancel"} {
			_, path, _ := strings.Cut(twice, " ")
			if r.count(twice) != 1 || r.count("GET "+path) != 2 {
				t.Errorf("%s: %d calls, %d polls", twice, r.count(twice), r.count("GET "+path))
			}
		}
	})
	t.Run("2 an answer that never comes", func(t *testing.T) {
		c := canned(t, 202, `{"reqId":"r1"}`)
		var down *peer.Down
		if _, err := c.retrieve(t.Context(), "A"); !errors.As(err, &down) {
			t.Errorf("got %v", err)
		}
		c.cfg.Poll = time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := c.retrieve(ctx, "A"); !errors.As(err, &down) || down.Why != noAnswer {
			t.Errorf("got %v", err)
		}
	})
	t.Run("3 token is outside v3 ip", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
		for range 3 { // the refresh token stays the old one
			r.advance(13 * time.Hour)
			must(c.Portability(t.Context(), []string{tn("01")}))(t)
		}
		if r.count("POST /token") != 3 || r.count("POST /v3/ip/sec/session/open") != 1 {
			t.Errorf("%v", r.calls())
		}
		r.advance(72 * time.Hour)
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
		if r.count("POST /v3/ip/sec/session/open") != 2 {
			t.Errorf("after the refresh token's end: %v", r.calls())
		}
	})
	t.Run("4 replicas share one session", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		a, b := r.client(store), r.client(store)
		for range 3 {
			must(a.Portability(t.Context(), []string{tn("01")}))(t)
			must(b.Portability(t.Context(), []string{tn("01")}))(t)
			r.advance(13 * time.Hour) // the token ends; one of them refreshes
		}
		if all := r.sim.Transactions(); all.Takeovers != 0 || r.count("POST /v3/ip/sec/session/open") != 1 ||
			r.count("POST /token") != 2 {
			t.Errorf("%d take-overs, %v", all.Takeovers, r.calls())
		}
	})
	t.Run("4 replicas without a shared store take over", func(t *testing.T) {
		r := newRig(t)
		a, b := r.client(NewMemory()), r.client(NewMemory())
		for range 3 {
			must(a.Portability(t.Context(), []string{tn("01")}))(t)
			must(b.Portability(t.Context(), []string{tn("01")}))(t)
		}
		if all := r.sim.Transactions(); all.Takeovers != 5 {
			t.Errorf("%d take-overs, %v", all.Takeovers, r.calls())
		}
	})
	t.Run("4 another instance has refreshed already", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		a, b := r.client(store), r.client(store)
		must(a.Portability(t.Context(), []string{tn("01")}))(t)
		must(b.Portability(t.Context(), []string{tn("01")}))(t)
		// A third one refreshes behind their backs: their token ends before its time.
		s := must(store.Load(t.Context()))(t)
		fresh, ok, err := a.refresh(t.Context(), s)
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		fresh.Version++
		if err := store.Save(t.Context(), fresh); err != nil {
			t.Fatal(err)
		}
		before := r.count("POST /token")
		must(a.Portability(t.Context(), []string{tn("01")}))(t)
		must(b.Portability(t.Context(), []string{tn("01")}))(t)
		if r.count("POST /token") != before || r.count("POST /v3/ip/sec/session/open") != 1 {
			t.Errorf("%v", r.calls())
		}
	})
	t.Run("5 EMERGENCY is the ordinary request type", func(t *testing.T) {
		r := newRig(t)
		must(r.client(nil).Submit(t.Context(), request(0, tn("01"))))(t)
		last := r.last()
		if want := `{"numList":["8005550101"],"newRespOrgID":"ZZPW1","requestType":"EMERGENCY",` +
			`"contactInformation":"USE_MY_INFO","loaId":"`; !strings.HasPrefix(last, want) ||
			!strings.HasSuffix(last, `","notes":"PW000124/0"}`) {
			t.Error(last)
		}
	})
	t.Run("6 the wire's many spellings", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		ref := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
		must(c.Read(t.Context(), ref))(t)
		if r.count("GET /v3/ip/roc/retrieve/txnid/"+ref) != 1 {
			t.Errorf("%v", r.calls())
		}
	})
	t.Run("7 FUTURE is not used: it delays the asking", func(t *testing.T) {
		r := newRig(t)
		q := request(0, tn("01"))
		q.Date = "2030-03-20"
		must(r.client(nil).Submit(t.Context(), q))(t)
		if last := r.last(); strings.Contains(last, "FUTURE") || strings.Contains(last, "effectiveDate") {
			t.Error(last)
		}
	})
	t.Run("8 rch is never called: it gives numbers away", func(t *testing.T) {
		r := newRig(t)
		c := r.client(nil)
		ref := must(c.Submit(t.Context(), request(0, tn("01"))))(t)
		r.life(c, ref, 3)
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
		if r.count("POST /v3/ip/num/rch") != 0 {
			t.Errorf("%v", r.calls())
		}
	})
	t.Run("9 due dates are the registry's business days in Central Time", func(t *testing.T) {
		r := newRig(t, closed(time.March, 11))              // a Monday
		r.now = time.Date(2030, 3, 9, 3, 0, 0, 0, time.UTC) // still Friday the 8th in Chicago
		c := r.client(nil)
		ref := must(c.Submit(t.Context(), request(0, tn("43"))))(t)
		r.advance(step)
		if a := must(c.Read(t.Context(), ref))(t); a.State != porting.AnswerAccepted || a.FOC != "2030-03-13" {
			t.Errorf("%+v", a)
		}
	})
	t.Run("10 several codes for a number", func(t *testing.T) {
		for list, want := range map[string]string{
			`[{"reason":"01"},{"reason":"05"}]`:                          "01 05",
			`[{"reason":"01,05"}]`:                                       "01 05",
			`[{"reason":"02 - address mismatch, see 12 Main Street"}]`:   "02",
			`["02 - Address", "09"]`:                                     "02 09",
			`[{"reason":2},{"reason":"2"},null]`:                         "02",
			`[{"reason":"customer name"}]`:                               "",
			`null`:                                                       "",
			`[{"reason":"8005550101 is not listed"},{"reason":"07 - "}]`: "07",
		} {
			var l line
			if err := json.Unmarshal([]byte(`{"rejectReasonList":`+list+`}`), &l); err != nil {
				t.Errorf("%s: %v", list, err)
			}
			if got := strings.Join(l.codes(), " "); got != want {
				t.Errorf("%s: got %q, want %q", list, got, want)
			}
		}
	})
	t.Run("11 a number is PORTED while the transaction is open", func(t *testing.T) {
		r := newRig(t, hourly)
		c := r.client(nil)
		ref := must(c.Submit(t.Context(), request(0, tn("01"), tn("43"))))(t)
		if got, want := r.life(c, ref, 4), "waiting PENDING > accepted DUE_DATE_APPROVAL, PORT_PROCESSING > accepted "+
			"PORT_PROCESSING, PORTED > completed PORTED"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("11 PORTED is no activation before the registry shows us", func(t *testing.T) {
		c := canned(t, 200, `{"numList":[{"num":"8005550101","status":"PORTED"}],"queryResult":[{"num":"8005550101",`+
			`"status":"WORKING","ctrlRespOrgId":"ZZPW2"}]}`)
		if a := must(c.Read(t.Context(), "A"))(t); a.State != porting.AnswerAccepted {
			t.Errorf("%+v", a)
		}
	})
	t.Run("12 only PDF is sent, so that nothing comes back changed", func(t *testing.T) {
		q := request(0, tn("01"))
		q.LOA = []byte("II*\x00tiff")
		var denied *peer.Denied
		if _, err := newRig(t).client(nil).Submit(t.Context(), q); !errors.As(err, &denied) ||
			denied.Reasons[0].Code != "LOA_ILLEGIBLE" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("13 secrets stay out of prints", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		c := r.client(store)
		must(c.Portability(t.Context(), []string{tn("01")}))(t)
		s := must(store.Load(t.Context()))(t)
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("session", "session", s, "config", fmt.Sprint(c.cfg))
		marshalled := must(json.Marshal(s))(t)
		printed := log.String() + string(marshalled)
		for _, v := range []any{c, store, s, &s, c.cfg} {
			printed += fmt.Sprintf("%v %+v %#v %s %d", v, v, v, v, v)
		}
		for _, secret := range []string{password, s.AccessToken.Reveal(), s.RefreshToken.Reveal(), s.ClientKey.Reveal(),
			s.ClientSecret.Reveal()} {
			if secret == "" || strings.Contains(printed, secret) {
				t.Errorf("%q is shown", secret)
			}
		}
		for _, body := range []string{
			`{"errList":[{"errCode":"` + password + `-is-wrong","errMsg":"` + password + `","errLvl":"ERROR"}]}`,
			`{"error":"` + password + `","code":"` + password + `","description":"` + password + `"}`, password,
		} {
			for _, status := range []int{200, 400, 403, 404, 500} {
				if _, err := canned(t, status, body).Submit(t.Context(), request(0, tn("01"))); err == nil ||
					strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "Robin") {
					t.Errorf("%d: %v", status, err)
				}
			}
		}
		wrong := r.client(nil)
		wrong.cfg.Secret = func(context.Context, porting.Secret) (porting.Secret, error) {
			return porting.NewSecret("battery-staple-2"), nil
		}
		var down *peer.Down
		if _, err := wrong.Portability(t.Context(), []string{tn("01")}); !errors.As(err, &down) ||
			down.Why != "sign-in refused PW0801" {
			t.Errorf("got %v", err)
		}
		tries := r.count("POST /v3/ip/sec/session/open")
		if _, err := wrong.Portability(t.Context(), []string{tn("01")}); !errors.As(err, &down) ||
			r.count("POST /v3/ip/sec/session/open") != tries {
			t.Errorf("a refused sign-in is tried again at once: %v", err)
		}
	})
	t.Run("14 the path of the help desk request has its slash", func(t *testing.T) {
		r := newRig(t)
		store := NewMemory()
		c := r.client(store)
		ref := must(c.Submit(t.Context(), request(0, tn("40"))))(t)
		r.advance(step)
		said := r.registry(store, "POST", "/roc/resubmitHDI", `{"numList":["8005550140"],"newRespOrgID":"ZZPW1",`+
			`"oldRespOrgID":"QQ001","srcTxnID":"`+ref+
			`","loaVerification":"SIGNATURE","emergencyRoc":"N","effectiveDate":"2030-03-07T00:00:00Z"}`)
		if !strings.Contains(said, `"txnID"`) {
			t.Error(said)
		}
	})
}

func TestOtherTongues(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		why    string
	}{
		{"the gateway", 403, `{"error":"invalid","code":900908,"description":"resource forbidden"}`,
			"HTTP 403 from the gateway 900908"},
		{"the gateway under 200", 200, `{"error":"invalid","code":"900908"}`, "HTTP 200 from the gateway 900908"},
		{"a web shield", 403, `<html>blocked</html>`, "HTTP 403, answer not understood"},
		{"a web shield under 200", 200, `<html>blocked</html>`, "HTTP 200, answer not understood"},
		{"too slow", 408, `{}`, "HTTP 408"},
		{"too busy", 429, `{}`, "HTTP 429"},
		{"broken", 503, `x`, "HTTP 503"},
		{"a refusal without words", 400, `{}`, "HTTP 400"},
		{"no result", 200, `{}`, "answer without numList"},
		{"an empty answer", 200, ``, "answer without numList"},
		{"another shape", 200, `{"numList":{"num":1}}`, "answer not understood"},
		{"a list", 200, `[]`, "HTTP 200, answer not understood"},
		{"never signed in", 401, `{}`, "HTTP 401 in a new session"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := canned(t, c.status, c.body).retrieve(t.Context(), "A")
			var down *peer.Down
			if !errors.As(err, &down) || down.Why != c.why {
				t.Errorf("got %v, want %s", err, c.why)
			}
		})
	}
}

func TestBulkAnswer(t *testing.T) {
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v3/ip/sec/session/open":
			fmt.Fprint(w, `{"oauthToken":"tok-1","expiresIn":3600}`)
		case "/v3/ip/num/tfn/query":
			fmt.Fprint(w, `{"blkId":77}`)
		case "/v3/ip/sys/mnq/blkId/77":
			if asked.Add(1) < 3 {
				fmt.Fprint(w, `{"status":"IN_PROGRESS"}`)
				return
			}
			fmt.Fprint(w, `{"queryResult":[{"num":"8005550101","status":"SUSPENDED"}]}`)
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	found, err := clientOf(srv.URL, nil, time.Now).Portability(t.Context(), []string{tn("01")})
	if err != nil || !found[0].Portable || asked.Load() != 3 {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestReasonsFromSearch(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v3/ip/sec/session/open":
			fmt.Fprint(w, `{"oauthToken":"tok-1","expiresIn":3600}`)
		case "/v3/ip/roc/search":
			fmt.Fprint(w, `{"resultList":[{"txnID":"B","num":"8005550101","rejectReasonList":[{"reason":"01"}]},{"txnID":"A",`+
				`"num":"8005550101","rejectReasonList":[{"reason":"12"}],"rejectNote":"newer LOA"}]}`)
		default:
			fmt.Fprint(w, `{"numList":[{"num":"8005550101","status":"DECLINED"}]}`)
		}
	}))
	defer srv.Close()
	a, err := clientOf(srv.URL, nil, time.Now).Read(t.Context(), "A")
	if err != nil || len(a.Reasons) != 1 || a.Reasons[0].Code != "LOA_SUPERSEDED" || a.Reasons[0].Said != "newer LOA" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestOverrideExpired(t *testing.T) {
	r := newRig(t)
	must(r.client(nil).Portability(t.Context(), []string{tn("01")}))(t)
	var lapsed atomic.Bool
	r.lose(nil, func(q *http.Request) bool { // the override key lapses once before it is used
		if strings.HasSuffix(q.URL.Path, "/open") && !lapsed.Swap(true) {
			r.advance(2 * time.Minute)
		}
		return false
	})
	must(r.client(nil).Portability(t.Context(), []string{tn("01")}))(t)
	if n := r.count("POST /v3/ip/sec/session/open"); n != 5 {
		t.Errorf("%d sign-ins", n)
	}
}

func TestCancelledContext(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.client(nil).Portability(ctx, []string{tn("01")}); err == nil {
		t.Error("no error")
	}
}

func FuzzTransaction(f *testing.F) {
	for _, seed := range []string{
		`{"dueDate":"2030-03-06","numList":[{"num":"8005550101","status":"DECLINED","rejectReasonList":[{"reason":"05"}],` +
			`"rejectNote":"date too old"}]}`,
		`{"numList":[{"status":"PORTED"},{"status":"X"}],"notes":" PW1/0 x"}`, `{"numList":[{"rejectReasonList":["1,2",3,` +
			`null]}]}`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var tx transaction
		if json.Unmarshal(data, &tx) != nil {
			return
		}
		for _, confirmed := range []bool{false, true} {
			a := tx.answer(confirmed)
			if a.State == porting.AnswerCompleted && (!confirmed || !tx.any(moved) || tx.any(asked) || tx.any(agreed)) {
				t.Errorf("completed: %s", data)
			}
			if (a.State == porting.AnswerRefused || a.State == porting.AnswerOver) && (len(a.Reasons) == 0 || tx.any(moved)) {
				t.Errorf("refused: %s", data)
			}
		}
		tx.key()
	})
}

func FuzzJudge(f *testing.F) {
	for _, seed := range []string{`{"reqId":1}`, `{"errList":[{"errCode":"1","errLvl":"WARN"}]}`,
		`{"errList":{"errCode":1}}`, `{"error":true}`, `[]`, ``, `{"numList":null}`} {
		f.Add(200, []byte(seed))
	}
	c := clientOf("http://127.0.0.1:1", nil, time.Now)
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		env, err := c.judge(status, body)
		var down *peer.Down
		var denied *peer.Denied
		if err != nil && !errors.As(err, &down) && !errors.As(err, &denied) {
			t.Errorf("neither down nor denied: %v", err)
		}
		if denied != nil && len(denied.Reasons) == 0 {
			t.Error("denied without a reason")
		}
		env.has([]string{"numList"})
	})
}

func FuzzRecord(f *testing.F) {
	f.Add([]byte(`{"num":"8005550101","status":"WORKING","ctrlRespOrgId":"QQ001","errList":[],"failReason":null}`))
	f.Add([]byte(`{"num":1,"status":null,"ctrlRespOrgId":"é99","errList":["x"],"failReason":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r record
		if json.Unmarshal(data, &r) == nil && r.obstacle("ZZPW1") == "" && !slices.Contains(movable,
			strings.ToUpper(string(r.Status))) {
			t.Errorf("portable: %s", data)
		}
	})
}
