package locals_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/infra/local/locals"
	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// world is a peer with a clock in our hands and the real client before it.
type world struct {
	*testing.T
	sim  *locals.Server
	bw   *bandwidth.Client
	url  string
	tns  []string
	want peer.Request
	ref  string
}

const password = "not-a-secret"

var monday = time.Date(2030, 3, 4, 15, 0, 0, 0, time.UTC)

// newWorld is for one order whose first number ends in digits, and whose second does not matter.
func newWorld(t *testing.T, digits string, opts locals.Options) *world {
	opts.User, opts.Password = "api", password
	opts.Step, opts.Complete = time.Hour, 4*time.Hour
	opts.Now = func() time.Time { return monday }
	w := &world{T: t, sim: locals.New(opts), tns: []string{"+12065550" + "1" + digits, "+12065550202"}}
	server := httptest.NewServer(w.sim)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.bw = bandwidth.New(bandwidth.Config{BaseURL: server.URL + "/api/v1", Account: "9900001", Site: "743", User: "api", Password: porting.NewSecret(password),
		HTTP: server.Client(), Calls: []call.Option{call.Sleep(func(context.Context, time.Duration) error { return nil })}})
	o := porting.Order{Details: porting.Details{
		BillingName: "Pat Q. Exampleton", Company: "Paper Kite Bakery and Tea Rooms", UsageType: porting.Business, ProviderAccount: porting.NewSecret("0012345"), PIN: porting.NewSecret("0042"),
		Street: "12 Example Ave", Street2: "Apt 4", City: "Sampleton", State: "NC", Zip: "27000", Country: "US",
	}}
	for _, tn := range w.tns {
		o.Numbers = append(o.Numbers, porting.Number{TN: tn})
	}
	w.want = peer.Request{PON: "pw-000123-1", Order: o, Date: "2030-03-14", LOA: []byte("%PDF-1.7")}
	return w
}

func (w *world) submit() {
	w.Helper()
	ref, err := w.bw.Submit(w.Context(), w.want)
	if err != nil {
		w.Fatal(err)
	}
	w.ref = ref
}

// supplement changes the order and sends it as SUP 3, or SUP 2 when only the date moves.
func (w *world) supplement(sup porting.Sup, change func(*peer.Request)) {
	w.Helper()
	change(&w.want)
	w.want.Sup, w.want.Version = sup, w.want.Version+1
	ref, err := w.bw.Supplement(w.Context(), w.ref, w.want)
	if err != nil || ref != w.ref {
		w.Fatalf("supplement: %q, %v", ref, err)
	}
}

// after lets time pass and reads the answer.
func (w *world) after(d time.Duration, state porting.AnswerState) porting.Answer {
	w.Helper()
	w.sim.Advance(d)
	a, err := w.bw.Read(w.Context(), w.ref)
	if err != nil {
		w.Fatal(err)
	}
	if a.State != state {
		w.Fatalf("the answer is %s (%s, %v); want %s", a.State, a.Said, a.Reasons, state)
	}
	return a
}

func (w *world) refused(code porting.ReasonCode, raw string) porting.Reason {
	w.Helper()
	a := w.after(time.Hour, porting.AnswerRefused)
	if len(a.Reasons) != 1 || a.Reasons[0].Code != code || a.Reasons[0].Raw != raw {
		w.Fatalf("reasons %v; want %s (%s)", a.Reasons, code, raw)
	}
	return a.Reasons[0]
}

// done waits for the FOC on the day and for the completion.
func (w *world) done(foc porting.Date) {
	w.Helper()
	if a := w.after(time.Hour, porting.AnswerAccepted); a.FOC != foc || a.At.UTC().Format("15:04") != "15:30" {
		w.Fatalf("FOC %s at %s; want %s at 15:30", a.FOC, a.At.UTC(), foc)
	}
	w.after(4*time.Hour, porting.AnswerCompleted)
	if n := w.sim.View().LSRs[w.want.PON]; n != 1 {
		w.Errorf("%d LSRs", n)
	}
}

// csr asks for the record and reads it so many times.
func (w *world) csr(reads int, state porting.AnswerState) porting.Record {
	w.Helper()
	ref, err := w.bw.RequestCSR(w.Context(), w.want.Order, "pw-000123-c")
	if err != nil {
		w.Fatal(err)
	}
	for n := 1; ; n++ {
		rec, got, said, err := w.bw.ReadCSR(w.Context(), ref)
		if err != nil {
			w.Fatal(err)
		}
		if n < reads && got == porting.AnswerWaiting {
			continue
		}
		if n != reads || got != state {
			w.Fatalf("read %d of the CSR is %s (%s); want %s at read %d", n, got, said, state, reads)
		}
		return rec
	}
}

func (w *world) match() {
	w.Helper()
	rec, d := w.csr(1, porting.AnswerReady), w.want.Order.Details
	if rec.Name != d.Company || rec.Street != d.Street+" "+d.Street2 || rec.City != d.City || rec.State != d.State || rec.Zip != d.Zip ||
		rec.AccountNumber.Reveal() != d.ProviderAccount.Reveal() || rec.BTN != w.tns[0] || len(rec.Numbers) != 0 {
		w.Fatalf("the record does not match: %+v", rec)
	}
}

func straight(w *world) {
	w.match()
	w.submit()
	w.after(0, porting.AnswerWaiting)
	w.done("2030-03-14")
}

func goes(w *world) { w.submit(); w.done("2030-03-14") }

// refusedFor is a row in which one detail has to change.
func refusedFor(code porting.ReasonCode, raw string, change func(*peer.Request)) func(*world) {
	return func(w *world) {
		w.submit()
		w.refused(code, raw)
		w.supplement(porting.SupOther, func(r *peer.Request) { r.Order.Details.LastFourSSN = porting.NewSecret("0000") }) // not what is wrong
		w.refused(code, raw)
		w.supplement(porting.SupOther, change)
		w.after(0, porting.AnswerWaiting)
		w.done("2030-03-14")
	}
}

// stories tells every row of the table through the real client.
var stories = map[string]func(*world){
	"00–39": straight,
	"40": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); rec.AccountNumber.IsSet() {
			w.Error("the record shows an account number")
		}
		refusedFor("ACCOUNT_NUMBER_MISMATCH", "7401", func(r *peer.Request) { r.Order.Details.ProviderAccount = porting.NewSecret("12345") })(w)
	},
	"41": func(w *world) {
		w.match()
		refusedFor("PIN_INVALID", "7435", func(r *peer.Request) { r.Order.Details.PIN = porting.NewSecret("0043") })(w)
	},
	"42": func(w *world) {
		btn := w.csr(1, porting.AnswerReady).BTN
		refusedFor("BTN_MISMATCH", "7445", func(r *peer.Request) { r.Order.Details.BillingNumber = btn })(w)
	},
	"43": func(w *world) {
		w.match()
		refusedFor("ADDRESS_MISMATCH", "7402", func(r *peer.Request) { r.Order.Details.Street = "14 Example Ave" })(w)
	},
	"44": func(w *world) {
		w.match()
		refusedFor("NAME_MISMATCH", "7404", func(r *peer.Request) { r.Order.Details.Company = "Paper Kite LLC" })(w)
	},
	"45": func(w *world) {
		w.match()
		w.submit()
		if r := w.refused("TN_NOT_FOUND", "7427"); !slices.Equal(r.Numbers, w.tns[1:]) {
			w.Fatalf("the refusal names %v", r.Numbers)
		}
		w.supplement(porting.SupOther, func(r *peer.Request) {
			r.Order.Numbers = []porting.Number{{TN: w.tns[0]}, {TN: w.tns[1], State: porting.Excluded}}
		})
		w.done("2030-03-14")
	},
	"46": func(w *world) {
		w.submit()
		w.refused("PENDING_ORDER", "7407")
		w.supplement(porting.SupOther, func(*peer.Request) {})
		w.done("2030-03-14")
	},
	"47": func(w *world) {
		w.submit()
		w.refused("FOC_REJECTED", "7412")
		w.supplement(porting.SupOther, func(r *peer.Request) { r.Date = "2030-03-13" })
		w.refused("FOC_REJECTED", "7412")
		w.supplement(porting.SupOther, func(r *peer.Request) { r.Date = "2030-03-18" })
		w.done("2030-03-18")
	},
	"48": func(w *world) {
		w.submit()
		w.refused("LSR_FIELD_MISSING", "7471")
		w.supplement(porting.SupOther, func(*peer.Request) {})
		w.done("2030-03-14")
	},
	"49": func(w *world) {
		zip := w.csr(1, porting.AnswerReady).Zip
		if zip != "27000-0049" {
			w.Fatal(zip)
		}
		refusedFor("ZIP_MISMATCH", "7402", func(r *peer.Request) { r.Order.Details.Zip = zip })(w)
	},
	"50": func(w *world) { w.csr(1, porting.AnswerNoRecord); goes(w) },
	"51": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); rec.Name != "Bluebird Holdings LLC" {
			w.Fatal(rec.Name)
		}
		goes(w)
	},
	"52": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); rec.Street != "14 Example Ave Apt 4" || rec.Zip != "27001" {
			w.Fatal(rec.Street, rec.Zip)
		}
		goes(w)
	},
	"53": func(w *world) { w.csr(3, porting.AnswerReady); goes(w) },
	"54": func(w *world) { w.submit(); w.done("2030-03-18") }, // Thursday and two days is a Saturday
	"55": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		w.refused("FOC_REJECTED", "7412")
		w.supplement(porting.SupDate, func(r *peer.Request) { r.Date = "2030-03-19" })
		w.done("2030-03-19")
	},
	"56": func(w *world) {
		got, err := w.bw.Portability(w.Context(), w.tns)
		if err != nil || got[0].Portable || got[0].Reason != porting.NoCoverage || !got[1].Portable {
			w.Fatalf("%+v, %v", got, err)
		}
		_, err = w.bw.Submit(w.Context(), w.want)
		var denied *peer.Denied
		if !errors.As(err, &denied) || denied.Reasons[0].Code != "TN_NOT_PORTABLE" || len(w.sim.View().Orders) != 0 {
			w.Fatal(err)
		}
	},
	"57": func(w *world) {
		w.submit()
		w.after(1000*time.Hour, porting.AnswerWaiting)
		w.post("/_sim/answer", `{"order": "pw-000123-1", "status": "EXCEPTION", "code": "7402", "vendor": "8D"}`)
		w.refused("ZIP_MISMATCH", "7402")
		w.post("/_sim/answer", `{"order": "pw-000123-1", "status": "FOC", "date": "2030-04-18"}`)
		if a := w.after(0, porting.AnswerAccepted); a.FOC != "2030-04-18" {
			w.Fatal(a)
		}
	},
	"58": func(w *world) {
		w.submit()
		var denied *peer.Denied
		if err := w.bw.Cancel(w.Context(), w.ref); !errors.As(err, &denied) || denied.Reasons[0].Raw != "7432" {
			w.Fatal(err)
		}
		w.done("2030-03-14")
	},
	"59": func(w *world) {
		var down *peer.Down
		if _, err := w.bw.Portability(w.Context(), w.tns); !errors.As(err, &down) || down.Why != "HTTP 503" {
			w.Fatal(err)
		}
		straight(w)
	},
	"60": func(w *world) {
		ref, err := w.bw.RequestCSR(w.Context(), w.want.Order, "c")
		if err != nil {
			w.Fatal(err)
		}
		for range 5 {
			if _, state, _, err := w.bw.ReadCSR(w.Context(), ref); err != nil || state != porting.AnswerWaiting {
				w.Fatal(state, err)
			}
		}
		goes(w)
	},
	"61": func(w *world) {
		w.submit()
		w.refused("LOA_REQUIRED", "7424")
		w.supplement(porting.SupOther, func(*peer.Request) {})
		w.done("2030-03-14")
	},
	"62": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); rec.AccountNumber.Reveal() != "62-0162" {
			w.Fatal("the record has the order's account number")
		}
		goes(w)
	},
	"63": func(w *world) {
		told := w.listen()
		goes(w)
		if got := told(); len(got) != 0 {
			w.Fatalf("told: %v", got)
		}
	},
	"64": func(w *world) {
		told := w.listen()
		goes(w)
		if got := told(); !slices.Equal(got, []string{"SUBMITTED", "SUBMITTED", "FOC", "SUBMITTED", "FOC", "COMPLETE", "FOC", "COMPLETE"}) {
			w.Fatalf("told: %v", got)
		}
	},
	"65": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		w.refused("OTHER", "7417")
		w.supplement(porting.SupOther, func(*peer.Request) {})
		w.done("2030-03-14")
	},
	"66–99": straight,
}

func TestMagic(t *testing.T) {
	for _, row := range locals.Magic() {
		t.Run(row.Digits, func(t *testing.T) {
			story := stories[row.Digits]
			if story == nil || row.Story == "" {
				t.Fatal("a row without a story")
			}
			story(newWorld(t, row.Digits[:2], locals.Options{}))
		})
	}
}

func (w *world) post(path, body string) {
	w.Helper()
	res, err := http.Post(w.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		w.Fatalf("%s: %s", path, res.Status)
	}
}

// listen subscribes a hook that asks for credentials; what it returns pushes, and gives the states that the hook was told.
func (w *world) listen() func() []string {
	var mu sync.Mutex
	var told []string
	hook := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if user, pass, ok := r.BasicAuth(); !ok || user != "hook" || pass != "open" {
			rw.Header().Set("WWW-Authenticate", `Basic realm="portway"`)
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if _, pon, err := bandwidth.ParseNotification(body); err != nil || pon != "pw-000123-1" {
			w.Errorf("a notice of %q, %v", pon, err)
		}
		_, rest, _ := strings.Cut(string(body), "<Status>")
		state, _, _ := strings.Cut(rest, "<")
		mu.Lock()
		defer mu.Unlock()
		told = append(told, state)
	}))
	w.Cleanup(hook.Close)
	for range 2 { // the second time renews
		if err := w.bw.Subscribe(w.Context(), bandwidth.Hook{URL: hook.URL, User: "hook", Password: porting.NewSecret("open")}); err != nil {
			w.Fatal(err)
		}
	}
	return func() []string {
		w.sim.Push(w.Context())
		mu.Lock()
		defer mu.Unlock()
		return told
	}
}

func TestNotices(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	told := w.listen()
	goes(w)
	if got := told(); !slices.Equal(got, []string{"SUBMITTED", "FOC", "COMPLETE"}) {
		t.Fatalf("told: %v", got)
	}
	if got := told(); len(got) != 3 {
		t.Fatalf("told again: %v", got)
	}
}

func TestRunEnds(t *testing.T) {
	w := newWorld(t, "01", locals.Options{Tick: time.Millisecond})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.sim.Run(ctx); close(ended) }()
	cancel()
	<-ended
}

func TestCrash(t *testing.T) {
	post := func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/portins")
	}
	loa := func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/loas")
	}
	for _, c := range []struct {
		name          string
		before, after func(*http.Request) bool
		times         int
		exists        bool
	}{
		{"the request is lost", post, nil, 1, false},
		{"the answer is lost", nil, post, 1, true},
		{"the LOA is lost", loa, nil, 3, true}, // an upload is tried three times
	} {
		t.Run(c.name, func(t *testing.T) {
			var mu sync.Mutex
			left := c.times
			lose := func(these func(*http.Request) bool) func(*http.Request) bool {
				return func(r *http.Request) bool {
					mu.Lock()
					defer mu.Unlock()
					if these == nil || left == 0 || !these(r) {
						return false
					}
					left--
					return true
				}
			}
			w := newWorld(t, "61", locals.Options{Before: lose(c.before), After: lose(c.after)})
			_, err := w.bw.Submit(t.Context(), w.want)
			var down *peer.Down
			if !errors.As(err, &down) {
				t.Fatalf("got %v; want Down", err)
			}
			ref, ok, err := w.bw.Find(t.Context(), w.want)
			if err != nil || ok != c.exists {
				t.Fatalf("found %t, %v; want %t", ok, err, c.exists)
			}
			if w.ref = ref; !ok {
				w.submit()
			}
			v := w.sim.View()
			if v.LSRs[w.want.PON] != 1 || v.Orders[0].LOAs != 1 || v.Orders[0].Status != "SUBMITTED" {
				t.Fatalf("%+v", v)
			}
		})
	}
}

func TestPostAgainBeforeItIsListed(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.submit()
	ref, err := w.bw.Submit(t.Context(), w.want)
	if err != nil || ref != w.ref || w.sim.View().LSRs[w.want.PON] != 1 {
		t.Fatalf("a second post gives %q, %v; want the first order", ref, err)
	}
}

func TestSupplementTwice(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.submit()
	w.after(time.Hour, porting.AnswerAccepted)
	w.supplement(porting.SupDate, func(r *peer.Request) { r.Date = "2030-03-19" })
	w.supplement(porting.SupDate, func(*peer.Request) {})
	if n := w.sim.View().Orders[0].Supplements; n != 1 {
		t.Errorf("%d supplements", n)
	}
	w.done("2030-03-19")
}

func TestCancel(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.submit()
	for range 2 { // the second time it is about to be cancelled
		if err := w.bw.Cancel(t.Context(), w.ref); err != nil {
			t.Fatal(err)
		}
	}
	if a := w.after(time.Hour, porting.AnswerOver); a.Reasons[0].Code != "PEER_CANCELLED" {
		t.Error(a)
	}
	if err := w.bw.Cancel(t.Context(), w.ref); err != nil {
		t.Errorf("cancelling a cancelled order: %v", err)
	}
	w.want.PON = "pw-000123-2"
	w.submit()
	w.done("2030-03-14")
	var denied *peer.Denied
	if err := w.bw.Cancel(t.Context(), w.ref); !errors.As(err, &denied) || denied.Reasons[0].Raw != "7304" {
		t.Errorf("cancelling a completed order: %v", err)
	}
}

func TestPortability(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	got, err := w.bw.Portability(t.Context(), []string{"+12065550101", "+14255550102", "+13175550103", "+18005550104"})
	if err != nil {
		t.Fatal(err)
	}
	mobile, fictional := porting.Carrier{SPID: "8X34", Name: "Mockingbird Mobile"}, porting.Carrier{SPID: "0T12", Name: "Fictional Tel"}
	want := []peer.Portability{
		{TN: "+12065550101", Portable: true, OnNet: true, Carrier: mobile},
		{TN: "+14255550102", Portable: true, OnNet: true, Carrier: fictional},
		{TN: "+13175550103", Portable: true, Carrier: fictional},
		{TN: "+18005550104", Reason: porting.NoCoverage},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestWrongPassword(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	bw := bandwidth.New(bandwidth.Config{BaseURL: w.url + "/v1.0", Account: "1", User: "api", Password: porting.NewSecret("wrong")})
	var down *peer.Down
	if _, err := bw.Read(t.Context(), "x"); !errors.As(err, &down) || down.Why != "HTTP 401" {
		t.Fatal(err)
	}
}

func TestViewShowsNoSecrets(t *testing.T) {
	w := newWorld(t, "40", locals.Options{})
	w.csr(1, porting.AnswerReady)
	w.submit()
	w.post("/_sim/advance", `{"by": "1h"}`)
	res, err := http.Get(w.url + "/_sim/orders")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var v locals.View
	if err := json.Unmarshal(body, &v); err != nil || v.LSRs["pw-000123-1"] != 1 || v.CSRs["pw-000123-c"] != 1 || v.Orders[0].Status != "EXCEPTION" {
		t.Fatalf("%s, %v", body, err)
	}
	for _, secret := range []string{"0012345", "0042", "Exampleton", "Kite", password} {
		if strings.Contains(string(body), secret) {
			t.Errorf("it shows %q", secret)
		}
	}
}
