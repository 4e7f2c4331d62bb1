package locals_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/bandwidth"
	"portway/internal/peer/call"
	"portway/internal/porting"
	"portway/internal/sim/locals"
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
	hook string
	anew bool // a supplement may make another order
}

const password = "not-a-secret"

var monday = time.Date(2030, 3, 4, 15, 0, 0, 0, time.UTC)

// newWorld is for one order whose first number ends in digits (two or four), and whose second does not matter.
func newWorld(t *testing.T, digits string, opts locals.Options) *world {
	opts.User, opts.Password = "api", password
	opts.Step, opts.Complete = time.Hour, 4*time.Hour
	opts.Now = func() time.Time { return monday }
	first := "+120655501" + digits
	if len(digits) == 4 {
		first = "+1206555" + digits
	}
	w := &world{T: t, sim: locals.New(opts), tns: []string{first, "+12065550202"}}
	server := httptest.NewServer(forgetful(t, w.sim))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.bw = bandwidth.New(bandwidth.Config{BaseURL: server.URL + "/api/v1", Account: "9900001", Site: "743", User: "api",
		Password: porting.NewSecret(password),
		HTTP:     server.Client(), Calls: []call.Option{call.Sleep(func(context.Context, time.Duration) error { return nil }),
			call.Pace(0), call.Circuit(1000, 0)}})
	o := porting.Order{Given: porting.Given{Details: porting.Details{
		BillingName: "Pat Q. Exampleton", Company: "Paper Kite Bakery and Tea Rooms", UsageType: porting.Business,
		ProviderAccount: porting.NewSecret("0012345"), PIN: porting.NewSecret("0042"),
		Street: "12 Example Ave", Street2: "Apt 4", City: "Sampleton", State: "NC", Zip: "27000", Country: "US",
	}}}
	for _, tn := range w.tns {
		o.Numbers = append(o.Numbers, porting.Number{TN: tn})
	}
	w.want = peer.Request{PON: "pw-000123-1", Order: o, Date: "2030-03-14", LOA: []byte("%PDF-1.7")}
	return w
}

// forgetful has the peer live from call to call by its snapshots, as a sandbox's does: whatever a test finds, it finds
// of a peer that has just been restored.
func forgetful(t *testing.T, s *locals.Server) http.Handler {
	var mu sync.RWMutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.RLock()
		s.ServeHTTP(w, r)
		mu.RUnlock()
		if !mu.TryLock() {
			return // another call is at it, and does this after itself
		}
		defer mu.Unlock()
		raw, err := s.Snapshot()
		if err == nil {
			err = s.Restore(raw)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

func (w *world) submit() {
	w.Helper()
	ref, err := w.bw.Submit(w.Context(), w.want)
	if err != nil {
		w.Fatal(err)
	}
	w.ref = ref
}

// supplement changes the order and sends it as SUP 3, or SUP 2 when only the date moves. A partner's order that goes no
// further is made anew, which takes as long as the carrier needs to let the one before go.
func (w *world) supplement(sup porting.Sup, change func(*peer.Request)) {
	w.Helper()
	change(&w.want)
	w.want.Sup, w.want.Version = sup, w.want.Version+1
	for range 3 {
		ref, err := w.bw.Supplement(w.Context(), w.ref, w.want)
		var down *peer.Down
		switch {
		case errors.As(err, &down) && down.Why == "the request before has yet to end":
			w.sim.Advance(time.Hour)
			continue
		case err != nil || ref != w.ref && !w.anew:
			w.Fatalf("supplement: %q, %v", ref, err)
		}
		w.ref = ref
		return
	}
	w.Fatal("the request before never ends")
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
	if n := w.sim.View().LSRs[string(w.want.PON)]; n != 1 && !w.anew {
		w.Errorf("%d LSRs", n)
	}
}

// note writes to the people behind the order, twice, as after an answer that was lost.
func (w *world) note(text string) {
	w.Helper()
	for range 2 {
		if err := w.bw.Note(w.Context(), w.ref, text); err != nil {
			w.Fatal(err)
		}
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
	if rec.Name != d.Company || rec.Street != d.Street+" "+d.Street2 || rec.City != d.City || rec.State != d.State ||
		rec.Zip != d.Zip ||
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
		// not what is wrong
		w.supplement(porting.SupOther, func(r *peer.Request) { r.Order.Details.LastFourSSN = porting.NewSecret("0000") })
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
		refusedFor("ACCOUNT_NUMBER_MISMATCH", "7401", func(r *peer.Request) {
			r.Order.Details.ProviderAccount = porting.NewSecret("12345")
		})(w)
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
		if rec := w.csr(1, porting.AnswerReady); rec.Street+rec.City+rec.Zip != "" || rec.Name == "" {
			w.Errorf("the record shows %+v", rec)
		}
		refusedFor("ADDRESS_MISMATCH", "7402", func(r *peer.Request) { r.Order.Details.Street = "14 Example Ave" })(w)
	},
	"44": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); rec.Name != "" || rec.Street == "" {
			w.Errorf("the record shows %+v", rec)
		}
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
			if _, state, _, err := w.bw.ReadCSR(w.Context(), ref); err != nil || state != porting.AnswerLacking {
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
		if got := told(); !slices.Equal(got, []string{"SUBMITTED", "SUBMITTED", "FOC", "SUBMITTED", "FOC", "COMPLETE", "FOC",
			"COMPLETE"}) {
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
	"66": func(w *world) {
		rec := w.csr(1, porting.AnswerReady)
		if name := w.want.Order.Details; rec.Name != name.BillingName && rec.Name != name.Company || rec.AccountNumber.Reveal() != "66-ZQ-0166" {
			w.Fatal(rec)
		}
		goes(w)
	},
	"67": func(w *world) {
		rec := w.csr(1, porting.AnswerReady)
		if rec.Name != "Zephyrine Quillfeather" || rec.AccountNumber.Reveal() != "66-ZQ-0167" || rec.BTN != "+19195550166" {
			w.Fatal(rec)
		}
		goes(w)
	},
	"68": func(w *world) {
		rec := w.csr(1, porting.AnswerReady)
		if rec.Name != "Bluebird Holdings LLC" || rec.AccountNumber.Reveal() != "68-0168" {
			w.Fatal(rec)
		}
		goes(w)
	},
	"69–99": straight,

	// 6100; the others have a test
	"6100–6579": func(w *world) { w.submit(); w.after(time.Hour, porting.AnswerWaiting); w.done("2030-03-14") },

	"7432": func(w *world) {
		w.submit()
		w.denied(w.bw.Cancel(w.Context(), w.ref), "7432")
		w.done("2030-03-14")
	},
	"7433": func(w *world) {
		w.submit()
		w.deniedChange("7433", func(r *peer.Request) { r.Order.Details.Street = "14 Example Ave" })
		w.done("2030-03-14")
	},
	"7500": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		if a := w.after(time.Hour, porting.AnswerAccepted); a.FOC != "2030-03-21" {
			w.Fatal(a.FOC)
		}
		w.after(4*time.Hour, porting.AnswerCompleted)
	},
	"7501": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		a := w.after(4*time.Hour, porting.AnswerCompleted)
		if !slices.Equal(a.Left, w.tns[1:]) || a.Reasons[0].Code != "TN_NOT_IN_SERVICE" {
			w.Fatalf("%+v", a)
		}
	},
	"7502": func(w *world) {
		w.submit()
		w.after(9*time.Hour, porting.AnswerWaiting)
		w.done("2030-03-14")
	},
	"7503": troubled("HTTP 200 with an unreadable answer"),
	"7504": func(w *world) {
		w.submit() // the client of the world is patient
		w.done("2030-03-14")
		hasty := newWorld(w.T, "7504", locals.Options{Slow: time.Hour})
		bw := bandwidth.New(bandwidth.Config{BaseURL: hasty.url + "/api", Account: "1", User: "api",
			Password: porting.NewSecret(password), Calls: []call.Option{call.Limit(10 * time.Millisecond), call.Attempts(1)}})
		var down *peer.Down
		if _, err := bw.Portability(w.Context(), w.tns); !errors.As(err, &down) || down.Why != "no answer in time" {
			w.Fatal(err)
		}
	},
	"7505": troubled("HTTP 429"),
	"7506": troubled("HTTP 504"),
	"7507": func(w *world) {
		told := w.listen()
		goes(w)
		if got := told(); !slices.Equal(got, []string{"SUBMITTED", "SUBMITTED", "FOC", "FOC", "COMPLETE", "COMPLETE"}) {
			w.Fatalf("told: %v", got)
		}
	},
	"7508": func(w *world) {
		told := w.listen()
		w.submit()
		if got := told(); len(got) != 0 {
			w.Fatalf("told: %v", got)
		}
		w.done("2030-03-14")
		if got := told(); !slices.Equal(got, []string{"COMPLETE", "FOC", "SUBMITTED"}) {
			w.Fatalf("told: %v", got)
		}
	},
	"7550": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); !slices.Equal(rec.Numbers, w.tns[:1]) {
			w.Errorf("the record lists %v", rec.Numbers)
		}
		w.submit()
		w.refused("NAME_MISMATCH", "7404")
		w.note("Please look into it.")
		w.refused("NAME_MISMATCH", "7404")
		w.note("Objection: a simple port.")
		w.after(0, porting.AnswerWaiting)
		w.done("2030-03-14")
	},
	"7551": func(w *world) {
		w.submit()
		w.refused("NAME_MISMATCH", "7404")
		w.note("Objection: a simple port.")
		w.refused("NAME_MISMATCH", "7404")
		w.supplement(porting.SupOther, func(r *peer.Request) { r.Order.Details.Company = "Paper Kite LLC" })
		w.refused("NAME_MISMATCH", "7404")
	},
	"7552": func(w *world) {
		if rec := w.csr(1, porting.AnswerReady); len(rec.Numbers) != 2 || rec.Name != w.want.Order.Details.Company {
			w.Errorf("the record shows %+v", rec)
		}
		w.submit()
		w.refused("NAME_MISMATCH", "7404")
		w.supplement(porting.SupOther, func(*peer.Request) {})
		w.done("2030-03-14")
	},
	"7509": func(w *world) {
		ref, err := w.bw.RequestCSR(w.Context(), w.want.Order, "c")
		if err != nil {
			w.Fatal(err)
		}
		if _, state, said, err := w.bw.ReadCSR(w.Context(), ref); err != nil || state != porting.AnswerLacking ||
			said != "ACTION_REQUIRED: end user PIN wanted" {
			w.Fatal(state, said, err)
		}
		if sent, err := w.bw.SupplyCSR(w.Context(), ref, w.want.Order); !sent || err != nil {
			w.Fatal(sent, err)
		}
		if rec, state, _, err := w.bw.ReadCSR(w.Context(), ref); err != nil || state != porting.AnswerReady ||
			rec.AccountNumber.Reveal() != "0012345" {
			w.Fatal(state, err)
		}
		if sent, err := w.bw.SupplyCSR(w.Context(), ref, w.want.Order); sent || err != nil {
			w.Fatal(sent, err)
		}
		goes(w)
	},
	"7510": func(w *world) { w.match(); goes(w) }, // whatever error stands beside the record
	"7511": func(w *world) {
		w.submit()
		if a := w.after(0, porting.AnswerRefused); a.Reasons[0].Code != "DUE_DATE_INVALID" {
			w.Fatal(a.Reasons)
		}
		w.supplement(porting.SupOther, func(*peer.Request) {})
		w.done("2030-03-14")
	},
	"7512": straight,
	"7513": func(w *world) {
		w.submit()
		if a := w.after(time.Hour, porting.AnswerOver); a.Reasons[0].Raw != "7611" {
			w.Fatal(a.Reasons)
		}
		w.want.PON = "pw-000123-2"
		straight(w)
	},
	"7514": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		w.denied(w.bw.Cancel(w.Context(), w.ref), "7301")
		w.deniedChange("7301", func(r *peer.Request) { r.Date = "2030-03-19" })
	},
	"7515": straight,
	"7516": func(w *world) {
		w.submit()
		for range 3 {
			if a := w.after(0, porting.AnswerWaiting); a.Said != "pending" {
				w.Fatal(a.Said)
			}
		}
		w.done("2030-03-14")
	},
	"7517": blamed(porting.TNNotPortable), "7518": blamed(porting.TNNotPortable), "7519": blamed(porting.TNNotInService),
	"7520": blamed(porting.TNAlreadyPorting),
	"7526": func(w *world) {
		w.match()
		w.submit()
		w.after(0, porting.AnswerWaiting)
		w.refusedBy(`{"order": "pw-000123-1", "status": "EXCEPTION", "code": "7401"}`, porting.AccountMismatch)
		w.supplement(porting.SupOther, account)
		w.done("2030-03-14")
	},
	"7527": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		if a := w.after(time.Hour, porting.AnswerOver); len(a.Reasons) != 1 || a.Reasons[0].Code != porting.PortUndone {
			w.Fatal(a.Reasons)
		}
	},
	"7528": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		if a := w.after(1000*time.Hour, porting.AnswerUnclear); a.Said != "ON_HOLD" {
			w.Fatal(a.Said)
		}
	},
	"7529": func(w *world) {
		w.submit()
		if a := w.after(time.Hour, porting.AnswerUnclear); a.FOC != "" {
			w.Fatal("the date asked for became the date agreed: ", a.FOC)
		}
	},
	"7531": func(w *world) {
		w.submit()
		w.want.LOA = []byte("%PDF-1.4 LOA")
		if _, asked, err := w.bw.LOAAsked(w.Context(), w.ref, time.Time{}); err != nil || asked {
			w.Fatal("asked before: ", err)
		}
		w.done("2030-03-14")
		said, asked, err := w.bw.LOAAsked(w.Context(), w.ref, time.Time{})
		if err != nil || !asked || !strings.Contains(said, "signed LOA") {
			w.Fatalf("%q, %v, %v", said, asked, err)
		}
		for range 2 {
			if err := w.bw.GiveLOA(w.Context(), w.ref, w.want); err != nil {
				w.Fatal(err)
			}
		}
		if o := w.sim.View().Orders[0]; o.LOAs != 1 || o.Notes != 2 {
			w.Fatalf("%d LOAs and %d notes", o.LOAs, o.Notes)
		}
		if _, asked, err := w.bw.LOAAsked(w.Context(), w.ref, time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil || asked {
			w.Fatal("an old demand is read as a new one: ", err)
		}
	},
	"7530": func(w *world) {
		w.submit()
		w.after(time.Hour, porting.AnswerAccepted)
		w.want.Sup, w.want.Date = porting.SupDate, "2030-03-19"
		var denied *peer.Denied
		if _, err := w.bw.Supplement(w.Context(), w.ref, w.want); !errors.As(err, &denied) ||
			denied.Reasons[0].Raw != "7300" {
			w.Fatal(err)
		}
		if a := w.after(0, porting.AnswerAccepted); a.FOC != "2030-03-14" {
			w.Fatal(a.FOC)
		}
	},
	"7524": func(w *world) {
		w.anew = true
		w.submit()
		if reason := w.refused("MULTIPLE_ACCOUNTS", "6558"); !slices.Equal(reason.Numbers, w.tns[1:]) {
			w.Fatalf("it names %v", reason.Numbers)
		}
		w.supplement(porting.SupOther, again)
		w.refused("MULTIPLE_ACCOUNTS", "6558") // nothing has changed
		w.supplement(porting.SupOther, fewer)
		w.after(24*time.Hour, porting.AnswerWaiting) // the other number is nowhere yet
		other := w.want
		other.PON, other.Order.Numbers = "pw-2-1", []porting.Number{{TN: w.tns[1]}}
		if _, err := w.bw.Submit(w.Context(), other); err != nil {
			w.Fatal(err)
		}
		w.after(0, porting.AnswerWaiting) // nor accepted
		w.done("2030-03-14")
	},
	"7525": func(w *world) {
		w.match()
		var denied *peer.Denied
		if _, err := w.bw.Submit(w.Context(), w.want); !errors.As(err, &denied) || denied.Reasons[0].Raw != "7331" ||
			denied.Reasons[0].Code != porting.NoCoverage {
			w.Fatal(err)
		}
	},
	"7521": listFrozen, "7522": listFrozen, "7523": listFrozen,
}

// blamed is a number that the portability check condemns in one of the peer's ways, and no other.
func blamed(reason porting.ReasonCode) func(*world) {
	return func(w *world) {
		tns := append(slices.Clone(w.tns), "+12065550203", "+12065550204")
		got, err := w.bw.Portability(w.Context(), tns)
		if err != nil || got[0].Portable || got[0].Reason != reason ||
			slices.ContainsFunc(got[1:], func(p peer.Portability) bool { return !p.Portable }) {
			w.Fatalf("%+v, %v", got, err)
		}
		goes(w)
	}
}

// refusedBy has the carrier say that, and reads it.
func (w *world) refusedBy(said string, reason porting.ReasonCode) {
	w.Helper()
	w.post("/_sim/answer", said)
	if a := w.after(0, porting.AnswerRefused); len(a.Reasons) != 1 || a.Reasons[0].Code != reason {
		w.Fatalf("%+v", a)
	}
}

// listFrozen lets the address change, but not the numbers.
func listFrozen(w *world) {
	w.submit()
	w.supplement(porting.SupOther, func(r *peer.Request) { r.Order.Details.Street = "14 Example Ave" })
	w.want.Order.Numbers = w.want.Order.Numbers[:1]
	_, err := w.bw.Supplement(w.Context(), w.ref, w.want)
	var frozen *bandwidth.Frozen
	if !errors.As(err, &frozen) || !frozen.NewRequest {
		w.Fatal(err)
	}
	w.done("2030-03-14")
}

// troubled is a peer that is down for three calls in that way.
func troubled(why string) func(*world) {
	return func(w *world) {
		for {
			_, err := w.bw.Portability(w.Context(), w.tns)
			if err == nil {
				break
			}
			var down *peer.Down
			if !errors.As(err, &down) || down.Why != why {
				w.Fatal(err)
			}
		}
		straight(w)
	}
}

func (w *world) denied(err error, raw string) {
	w.Helper()
	var denied *peer.Denied
	if !errors.As(err, &denied) || denied.Reasons[0].Raw != raw || denied.Reasons[0].Code != "LATE_CHANGE_REFUSED" {
		w.Fatalf("got %v; want %s", err, raw)
	}
}

func (w *world) deniedChange(raw string, change func(*peer.Request)) {
	w.Helper()
	was := w.want
	change(&w.want)
	w.want.Sup = porting.SupOther
	_, err := w.bw.Supplement(w.Context(), w.ref, w.want)
	w.denied(err, raw)
	w.want = was
}

// reject says what a refused request needs. With passes it is information, and the date comes by itself.
type reject struct {
	reason porting.ReasonCode
	change func(*peer.Request) // nil: nothing helps
	code   string              // where it is not the digits
	passes bool
}

func (r reject) live(digits string) func(*world) {
	code := cmp.Or(r.code, digits)
	return func(w *world) {
		w.submit()
		if r.passes {
			w.after(time.Hour, porting.AnswerWaiting)
			w.done("2030-03-14")
			return
		}
		reason := w.refused(r.reason, code)
		switch {
		case r.change == nil:
			w.supplement(porting.SupOther, func(*peer.Request) {})
			w.refused(r.reason, code)
			return
		case len(reason.Numbers) > 0 && !slices.Equal(reason.Numbers, w.tns[1:]):
			w.Fatalf("it names %v", reason.Numbers)
		}
		if fields := []string{"7401", "7402", "7403", "7412", "7434", "7435", "7443", "7445", "7473"}; slices.Contains(fields, code) {
			// not what is wrong
			w.supplement(porting.SupOther, func(r *peer.Request) { r.Order.Details.LastFourSSN = porting.NewSecret("0000") })
			w.refused(r.reason, code)
		}
		if r.reason == "BILL_REQUIRED" || r.reason == "BILL_STALE" {
			w.supplement(porting.SupOther, again)
			w.refused(r.reason, code)
			w.upload("INVOICE")
		}
		w.supplement(porting.SupOther, r.change)
		w.done(w.want.Date)
	}
}

// upload adds a document of the kind to the order.
func (w *world) upload(kind string) {
	w.Helper()
	req, err := http.NewRequest(http.MethodPost, w.url+"/api/v1/accounts/9900001/portins/"+w.ref+"/loas?documentType="+
		kind, strings.NewReader("%PDF-1.7"))
	if err != nil {
		w.Fatal(err)
	}
	req.SetBasicAuth("api", password)
	req.Header.Set("Content-Type", "application/pdf")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode/100 != 2 {
		w.Fatalf("upload: %s", res.Status)
	}
}

func again(*peer.Request)      {}
func tomorrow(r *peer.Request) { r.Date = "2030-03-18" }
func renamed(r *peer.Request)  { r.Order.Details.Company = "Kite LLC" }
func fewer(r *peer.Request) {
	r.Order.Numbers = []porting.Number{r.Order.Numbers[0], {TN: r.Order.Numbers[1].TN, State: porting.Excluded}}
}
func moved(r *peer.Request)   { r.Order.Details.Street = "14 Example Ave" }
func newPIN(r *peer.Request)  { r.Order.Details.PIN = porting.NewSecret("9999") }
func signer(r *peer.Request)  { r.Order.Details.BillingName = "Sam Signer" }
func account(r *peer.Request) { r.Order.Details.ProviderAccount = porting.NewSecret("99") }
func billing(r *peer.Request) { r.Order.Details.BillingNumber = "+12065550100" }

var rejects = map[string]reject{
	"7400": {reason: porting.PeerDenied},
	"7401": {reason: porting.AccountMismatch, change: account},
	"7402": {reason: porting.AddressMismatch, change: moved},
	"7403": {reason: porting.TNNotPortable, change: fewer},
	"7404": {reason: porting.NameMismatch, change: renamed},
	"7405": {reason: porting.MultiLineRule, change: again},
	"7406": {reason: porting.SpecialFeature, change: again},
	"7407": {reason: porting.PendingOrder, change: again},
	"7408": {reason: porting.AllDataMismatch, change: account},
	"7409": {reason: porting.TNNotInService, change: fewer},
	"7410": {reason: porting.SpecialFeature, change: again},
	"7411": {reason: porting.BroadbandOnLine, change: again},
	"7412": {reason: porting.FOCRejected, change: tomorrow},
	"7413": {reason: porting.JeopardyCustomer, change: tomorrow},
	"7414": {reason: porting.NameMismatch, change: renamed},
	"7415": {reason: porting.SpecialFeature, change: again},
	"7416": {reason: porting.PortFreeze, change: again},
	"7417": {reason: porting.OtherReason, change: again},
	"7418": {passes: true},
	"7419": {reason: porting.SpecialFeature, change: again},
	"7420": {reason: porting.PortFreeze, change: again},
	"7421": {reason: porting.SpecialFeature, change: again},
	"7422": {reason: porting.NameMismatch, change: renamed},
	"7423": {passes: true},
	"7424": {reason: porting.LOARequired, change: again},
	"7425": {reason: porting.PortFreeze, change: again},
	"7426": {reason: porting.TNNotInService, change: fewer},
	"7427": {reason: porting.TNNotFound, change: fewer},
	"7428": {reason: porting.MultiLineRule, change: fewer},
	"7429": {reason: porting.NameMismatch, change: renamed},
	"7430": {reason: porting.JeopardyCarrier, change: tomorrow},
	"7431": {reason: porting.InternalPort, change: fewer},
	"7434": {reason: porting.BTNRemaining, change: billing},
	"7435": {reason: porting.PINInvalid, change: newPIN},
	"7436": {reason: porting.Prepaid, change: again},
	"7437": {reason: porting.SpecialFeature, change: again},
	"7438": {reason: porting.CarrierBusy, change: again},
	"7439": {reason: porting.DueDateTooSoon, change: tomorrow},
	"7441": {reason: porting.InternalPort, change: fewer},
	"7442": {reason: porting.JeopardyCarrier, change: tomorrow},
	"7443": {reason: porting.TaxIDMismatch, change: again},
	"7444": {passes: true},
	"7445": {reason: porting.BTNMismatch, change: billing},
	"7470": {reason: porting.TNNotPortable, change: fewer},
	"7471": {reason: porting.LSRFieldMissing, change: again},
	"7473": {reason: porting.AuthPersonMismatch, change: signer},
	"7484": {passes: true},
	"7485": {passes: true},

	"7601": {reason: porting.AccountMissing, change: account, code: "7113"},
	"7602": {reason: porting.AuthPersonInvalid, change: signer, code: "7115"},
	"7603": {reason: porting.AddressInvalid, change: moved, code: "7107"},
	"7604": {reason: porting.PINMissing, change: newPIN, code: "7117"},
	"7605": {reason: porting.ZipMismatch, change: func(r *peer.Request) { r.Order.Details.Zip = "27001" }, code: "7515"},
	"7606": {reason: porting.TNAlreadyPorting, change: again, code: "7205"},
	"7607": {reason: porting.DifferentCarriers, change: fewer, code: "7204"},
	"7608": {reason: porting.NoCoverage, change: fewer, code: "7331"},
	"7609": {reason: porting.DateOutOfRange, change: func(r *peer.Request) { r.Date = "2030-03-13" }, code: "7210"},
	"7610": {reason: porting.DocTypeInvalid, change: again, code: "7638"},
	"7611": {reason: porting.OrderIncomplete, change: account, code: "7105"},
	"7612": {reason: porting.ResellerRecord, change: account, code: "6125"},
	"7613": {reason: porting.BillRequired, change: again, code: "6125"},
	"7614": {reason: porting.BillStale, change: again, code: "6125"},
	"7615": {reason: porting.WrongLosingCarrier, change: fewer, code: "6125"},
	"7616": {reason: porting.DifferentRateCenters, change: fewer, code: "6125"},
	"7617": {reason: porting.AccountUnpaid, change: again, code: "6125"},
	"7618": {reason: porting.AccountSuspended, change: again, code: "6125"},
	"7619": {reason: porting.RemainingServiceUnspecified, change: func(r *peer.Request) {
		r.Order.Remaining.Active = true
	}, code: "6125"},
	"7620": {reason: porting.FraudHold, change: again, code: "6125"},
	"7621": {reason: porting.FOCExpired, change: tomorrow, code: "6125"},
	"7622": {reason: porting.SnapbackExpired, code: "6125"},
	"7623": {reason: porting.CarrierNoResponse, change: again, code: "6125"},
	"7624": {reason: porting.LSRNotReceived, change: again, code: "6125"},
	"7625": {reason: porting.SVConflict, change: again, code: "6125"},
	"7626": {reason: porting.SVFailure, change: again, code: "6125"},
}

// Every losing-carrier refusal of the peer's published list has its number.
func TestMagicHasEveryReject(t *testing.T) {
	told := map[string]bool{}
	for _, row := range locals.Magic() {
		if told[row.Digits] {
			t.Errorf("%s stands twice", row.Digits)
		}
		told[row.Digits] = true
	}
	n := 0
	for _, row := range published(t) {
		if row.family != "port-in-onnet" || row.code >= "7500" || row.code == "7440" || row.words != "-" {
			continue // internal ports' codes are not a carrier's, 7440 is never to come out
		}
		if n++; !told[row.code] && row.code != "7491" && row.code != "7504" {
			t.Errorf("no number for %s", row.code)
		}
	}
	if n < 50 {
		t.Errorf("%d codes", n)
	}
}

// publishedCode is a row of the adapter's table of codes, which was written from the same list by itself.
type publishedCode struct{ code, family, kind, final, words string }

func published(t *testing.T) []publishedCode {
	t.Helper()
	raw, err := os.ReadFile("../../peer/bandwidth/codes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []publishedCode
	for line := range strings.Lines(string(raw)) {
		if col := strings.Split(strings.TrimSpace(line), "\t"); len(col) == 10 && col[0] != "code" {
			all = append(all, publishedCode{code: col[0], family: col[1], kind: col[3], final: col[5], words: col[8]})
		}
	}
	return all
}

// The simulator's reading of the partner's published texts and the adapter's, each made by itself, agree on what the
// order does next.
func TestPartnersCodesAreReadAlike(t *testing.T) {
	n := 0
	for _, row := range published(t) {
		if row.family != "port-in-offnet" || row.code >= "7000" {
			continue // the codes from 7446 on were withdrawn
		}
		n++
		t.Run(row.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, row.code, locals.Options{})
			w.anew = true
			if row.code == "6209" { // of a fixed number
				w.tns = []string{"+14255556209", "+14255550202"}
				w.want.Order.Numbers = []porting.Number{{TN: w.tns[0]}, {TN: w.tns[1]}}
			}
			w.submit()
			w.sim.Advance(time.Hour)
			a, err := w.bw.Read(t.Context(), w.ref)
			if err != nil || row.kind == "info" != (a.State == porting.AnswerWaiting) || a.State != porting.AnswerWaiting &&
				a.State != porting.AnswerRefused {
				t.Fatalf("%+v, %v; the adapter's table says %s", a, err, row.kind)
			}
			if row.kind == "info" {
				w.done("2030-03-14")
				return
			}
			before := w.ref
			w.supplement(porting.SupOther, fewer)
			if (w.ref != before) != (row.final == "final") {
				t.Errorf("made anew: %t; the adapter's table says %q", w.ref != before, row.final)
			}
			w.sim.Advance(time.Hour)
			a, err = w.bw.Read(t.Context(), w.ref)
			if err != nil || a.State != porting.AnswerAccepted && !unportable(a.Reasons) {
				t.Errorf("after what its text asks for: %+v, %v", a, err)
			}
		})
	}
	if n != 445 {
		t.Errorf("%d codes", n)
	}
}

// unportable says that a number was refused for good.
func unportable(reasons []porting.Reason) bool {
	return len(reasons) > 0 && (reasons[0].Code == porting.TNNotPortable || reasons[0].Code == porting.NoCoverage)
}

func TestTroubleByHand(t *testing.T) {
	for kind, why := range map[string]string{"429": "HTTP 429", "5xx": "HTTP 504", "503": "HTTP 503",
		"garbage": "HTTP 200 with an unreadable answer"} {
		w := newWorld(t, "01", locals.Options{})
		w.post("/_sim/trouble", `{"kind": "`+kind+`", "times": 3}`)
		var down *peer.Down
		for n := 0; ; n++ {
			_, err := w.bw.Portability(t.Context(), w.tns)
			if err == nil && n > 0 {
				break
			}
			if !errors.As(err, &down) || down.Why != why {
				t.Fatalf("%s: %v", kind, err)
			}
		}
		straight(w)
	}
}

func TestOAuth(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.bw = bandwidth.New(bandwidth.Config{BaseURL: w.url + "/api/v1", Account: "9900001", Site: "743", User: "api",
		Now:   func() time.Time { return w.sim.View().Now },
		OAuth: bandwidth.OAuth{URL: w.url + "/api/v1/oauth2/token", ID: "api", Secret: porting.NewSecret(password)},
		Calls: []call.Option{call.Pace(0)}})
	goes(w) // longer than a token lives
	bw := bandwidth.New(bandwidth.Config{BaseURL: w.url + "/api/v1", Account: "9900001",
		OAuth: bandwidth.OAuth{URL: w.url + "/api/v1/oauth2/token", ID: "api", Secret: porting.NewSecret("wrong")}})
	var down *peer.Down
	if _, err := bw.Read(t.Context(), w.ref); !errors.As(err, &down) || down.Why != "no access token" {
		t.Error(err)
	}
}

func (w *world) drafting(change ...func(*bandwidth.Config)) {
	cfg := bandwidth.Config{BaseURL: w.url + "/api/v1", Account: "9900001", Site: "743", User: "api",
		Password: porting.NewSecret(password), Draft: true,
		Calls: []call.Option{call.Pace(0), call.Sleep(func(context.Context, time.Duration) error { return nil })}}
	for _, c := range change {
		c(&cfg)
	}
	w.bw = bandwidth.New(cfg)
}

func TestDraft(t *testing.T) {
	w := newWorld(t, "61", locals.Options{}) // would wait for its LOA
	w.drafting()
	w.submit()
	v := w.sim.View().Orders[0]
	if !slices.Equal(v.History, []string{"DRAFT", "SUBMITTED"}) || v.LOAs != 1 {
		t.Errorf("%+v", v)
	}

	w = newWorld(t, "01", locals.Options{})
	w.drafting(func(c *bandwidth.Config) { c.Site = "" })
	var denied *peer.Denied
	if _, err := w.bw.Submit(t.Context(), w.want); !errors.As(err, &denied) || denied.Reasons[0].Raw != "7309" ||
		len(w.sim.View().Orders) != 0 {
		t.Errorf("a draft that is not taken leaves nothing: %v, %+v", err, w.sim.View().Orders)
	}

	// The function dies between the draft and its submission, and after it.
	for _, after := range []bool{false, true} {
		var lost atomic.Bool
		lost.Store(true)
		put := func(r *http.Request) bool { return r.Method == http.MethodPut && lost.Load() }
		opts := locals.Options{Before: put}
		if after {
			opts = locals.Options{After: put}
		}
		w = newWorld(t, "01", opts)
		w.drafting()
		if _, err := w.bw.Submit(t.Context(), w.want); err == nil {
			t.Fatal("not lost")
		}
		lost.Store(false)
		ref, ok, err := w.bw.Find(t.Context(), w.want)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := w.bw.Complete(t.Context(), ref, w.want); err != nil {
			t.Fatal(err)
		}
		w.ref = ref
		w.done("2030-03-14")
	}

	lost := func(r *http.Request) bool { return r.Method == http.MethodPut }
	w = newWorld(t, "01", locals.Options{Before: lost})
	w.drafting()
	_, _ = w.bw.Submit(t.Context(), w.want)
	w.sim.Advance(48 * time.Hour)
	if _, ok, err := w.bw.Find(t.Context(), w.want); ok || err != nil {
		t.Errorf("a draft of two days: %t, %v", ok, err)
	}
}

func TestTriggered(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.drafting(func(c *bandwidth.Config) { c.Draft, c.Triggered = false, true })
	w.submit()
	var denied *peer.Denied
	if _, err := w.bw.Activate(t.Context(), w.ref, time.Time{}); !errors.As(err, &denied) ||
		denied.Reasons[0].Raw != "7352" {
		t.Errorf("without a FOC: %v", err)
	}
	if a := w.after(100*time.Hour, porting.AnswerAccepted); a.FOC != "2030-03-14" ||
		a.At.UTC().Format(time.RFC3339) != "2030-03-14T15:30:00Z" {
		t.Errorf("%+v", a)
	}
	if _, err := w.bw.Activate(t.Context(), w.ref, time.Time{}); !errors.As(err, &denied) ||
		denied.Reasons[0].Raw != "7342" || denied.Reasons[0].Code != porting.ActivationRefused {
		t.Errorf("before the day: %v", err)
	}
	w.sim.Advance(6 * 24 * time.Hour)
	if a, err := w.bw.Activation(t.Context(), w.ref); err != nil || !slices.Equal(a.Waiting, w.tns) || len(a.Active) != 0 {
		t.Errorf("%+v, %v", a, err)
	}
	for n := range 2 { // the second time it is done, and erased
		if a, err := w.bw.Activate(t.Context(), w.ref, time.Time{}); err != nil || a.Erased != (n == 1) {
			t.Errorf("%+v, %v", a, err)
		}
	}
	w.after(0, porting.AnswerCompleted)
}

func TestNotesHistoryAndDocuments(t *testing.T) {
	w := newWorld(t, "57", locals.Options{}) // silent until it is written to
	w.submit()
	if all, err := w.bw.Notes(t.Context(), w.ref); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
	if err := w.bw.WriteNote(t.Context(), w.ref, "please confirm"); err != nil {
		t.Fatal(err)
	}
	if all, err := w.bw.Notes(t.Context(), w.ref); err != nil || len(all) != 1 || all[0].Text != "please confirm" ||
		all[0].By != "api" {
		t.Errorf("%v, %v", all, err)
	}
	id, err := w.bw.Upload(t.Context(), w.ref, bandwidth.Document{Type: "INVOICE", Name: "bill of March",
		ContentType: "application/pdf", Bytes: []byte("%PDF")})
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.bw.Documents(t.Context(), w.ref)
	if err != nil || len(all) != 2 || all[0].Type != "LOA" || all[1].ID != id || all[1].Name != "bill of March" {
		t.Errorf("%+v, %v", all, err)
	}
	w.done("2030-03-14")
	past, err := w.bw.History(t.Context(), w.ref)
	if err != nil || len(past) != 3 || past[2].Status != "COMPLETE" {
		t.Errorf("%+v, %v", past, err)
	}
}

// Off-net, nothing but the date changes after the FOC, even when the client is passed by.
func TestOffNetAfterFOC(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.tns = []string{"+13175550101"}
	w.want.Order.Numbers = []porting.Number{{TN: w.tns[0]}}
	w.submit()
	w.after(time.Hour, porting.AnswerAccepted)
	street := w.want.Order.Details.Street
	w.want.Sup, w.want.Order.Details.Street = porting.SupOther, "14 Example Ave"
	var frozen *bandwidth.Frozen
	if _, err := w.bw.Supplement(t.Context(), w.ref, w.want); !errors.As(err, &frozen) || frozen.NewRequest ||
		!slices.Equal(frozen.Fields, []string{"ServiceAddress"}) {
		t.Fatal(err)
	}
	w.want.Order.Details.Street = street
	w.supplement(porting.SupDate, func(r *peer.Request) { r.Date = "2030-03-19" })
	w.done("2030-03-19")
}

func TestKeepSubscribed(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	told := w.listen()
	w.sim.Advance(364*24*time.Hour + 12*time.Hour)
	if err := w.bw.KeepSubscribed(t.Context(), bandwidth.Hook{URL: w.hook, User: "hook",
		Password: porting.NewSecret("open")}, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	w.sim.Advance(24 * time.Hour)
	w.want.Date = "" // monday's dates are past
	w.submit()
	if got := told(); !slices.Equal(got, []string{"SUBMITTED"}) {
		t.Errorf("told after the first subscription's end: %v", got)
	}
}

func TestMagic(t *testing.T) {
	for _, row := range locals.Magic() {
		t.Run(row.Digits, func(t *testing.T) {
			story, digits := stories[row.Digits], row.Digits
			if r, ok := rejects[row.Digits]; ok {
				story = r.live(row.Digits)
			}
			if story == nil || row.Story == "" {
				t.Fatal("a row without a story")
			}
			if first, _, many := strings.Cut(digits, "–"); many {
				digits = first
			}
			story(newWorld(t, digits, locals.Options{Slow: 20 * time.Millisecond}))
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

// listen subscribes a hook that asks for credentials; what it returns pushes, and gives the states that the hook was
// told.
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
		if n, err := bandwidth.ReadNotice(body); err != nil || n.PON != "pw-000123-1" {
			w.Errorf("a notice of %+v, %v", n, err)
		}
		_, rest, _ := strings.Cut(string(body), "<Status>")
		state, _, _ := strings.Cut(rest, "<")
		mu.Lock()
		defer mu.Unlock()
		told = append(told, state)
	}))
	w.Cleanup(hook.Close)
	w.hook = hook.URL
	for range 2 { // the second time renews
		if err := w.bw.Subscribe(w.Context(), bandwidth.Hook{URL: hook.URL, User: "hook",
			Password: porting.NewSecret("open")}); err != nil {
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
			} else if err := w.bw.Complete(t.Context(), ref, w.want); err != nil {
				t.Fatal(err)
			}
			v := w.sim.View()
			if v.LSRs[string(w.want.PON)] != 1 || v.Orders[0].LOAs != 1 || v.Orders[0].Status != "SUBMITTED" {
				t.Fatalf("%+v", v)
			}
		})
	}
}

func TestPostAgainBeforeItIsListed(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	w.submit()
	ref, err := w.bw.Submit(t.Context(), w.want)
	if err != nil || ref != w.ref || w.sim.View().LSRs[string(w.want.PON)] != 1 {
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

// One peer carries the numbers that another one does not carry.
func TestWide(t *testing.T) {
	w := newWorld(t, "7525", locals.Options{Wide: true})
	straight(w)
}

func TestPortability(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	got, err := w.bw.Portability(t.Context(), []string{"+12065550101", "+14255550102", "+13175550103", "+18005550104"})
	if err != nil {
		t.Fatal(err)
	}
	mobile, fictional := porting.Carrier{SPID: "8X34", Name: "Mockingbird Mobile"},
		porting.Carrier{SPID: "0T12", Name: "Fictional Tel"}
	want := []peer.Portability{
		{TN: "+12065550101", Portable: true, OnNet: true, Carrier: mobile, RateCenter: "SAMPLETON", Wireless: true,
			NeedsAccountNumber: true, LeadDays: 1},
		{TN: "+14255550102", Portable: true, OnNet: true, Carrier: fictional, RateCenter: "SAMPLETON",
			NeedsAccountNumber: true, LeadDays: 3},
		{TN: "+13175550103", Portable: true, Carrier: fictional, RateCenter: "SAMPLETON", NeedsAccountNumber: true,
			LeadDays: 7},
		{TN: "+18005550104", Reason: porting.NoCoverage},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestWrongPassword(t *testing.T) {
	w := newWorld(t, "01", locals.Options{})
	bw := bandwidth.New(bandwidth.Config{BaseURL: w.url + "/v1.0", Account: "1", User: "api",
		Password: porting.NewSecret("wrong")})
	var down *peer.Down
	if _, err := bw.Read(t.Context(), "x"); !errors.As(err, &down) || down.Why != "our login is refused, HTTP 401" ||
		!down.Refuses {
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
	if err := json.Unmarshal(body, &v); err != nil || v.LSRs["pw-000123-1"] != 1 || v.CSRs["pw-000123-c"] != 1 ||
		v.Orders[0].Status != "EXCEPTION" {
		t.Fatalf("%s, %v", body, err)
	}
	for _, secret := range []string{"0012345", "0042", "Exampleton", "Kite", password} {
		if strings.Contains(string(body), secret) {
			t.Errorf("it shows %q", secret)
		}
	}
}

// The hour of a date counts for mobile numbers and for no others, and comes back with the agreed date; a change moves it.
// Outside of the hours of activation it is refused.
func TestHour(t *testing.T) {
	at := func(clock string) time.Time {
		moves, err := time.Parse(time.RFC3339, "2030-03-14T"+clock+":00-07:00") // in Seattle
		if err != nil {
			t.Fatal(err)
		}
		return moves
	}
	t.Run("a mobile number moves at its hour", func(t *testing.T) {
		w := newWorld(t, "01", locals.Options{})
		w.want.At = at("14:30")
		w.submit()
		if a := w.after(90*time.Minute, porting.AnswerAccepted); a.FOC != "2030-03-14" || !a.At.Equal(at("14:30")) || !a.Timed {
			t.Errorf("%+v", a)
		}
		w.supplement(porting.SupDate, func(r *peer.Request) { r.At = at("09:15") })
		if a := w.after(90*time.Minute, porting.AnswerAccepted); a.FOC != "2030-03-14" || !a.At.Equal(at("09:15")) || !a.Timed {
			t.Errorf("after the change: %+v", a)
		}
	})
	t.Run("a mobile number without an hour moves at the usual one", func(t *testing.T) {
		w := newWorld(t, "01", locals.Options{})
		w.submit()
		if a := w.after(90*time.Minute, porting.AnswerAccepted); a.FOC != "2030-03-14" || !a.At.Equal(at("08:30")) {
			t.Errorf("%+v", a)
		}
	})
	t.Run("a fixed number moves at the usual hour", func(t *testing.T) {
		w := newWorld(t, "01", locals.Options{})
		w.tns = []string{"+14255550101"}
		w.want.Order.Numbers = []porting.Number{{TN: w.tns[0]}}
		w.want.At = at("14:30")
		w.submit()
		if a := w.after(90*time.Minute, porting.AnswerAccepted); a.FOC != "2030-03-14" || !a.At.Equal(at("08:30")) || a.Timed {
			t.Errorf("%+v", a)
		}
	})
	for _, clock := range []string{"02:45", "19:15"} { // 5:45 and 22:15 in New York
		t.Run("nobody moves numbers at "+clock, func(t *testing.T) {
			w := newWorld(t, "01", locals.Options{})
			w.want.At = at(clock)
			var denied *peer.Denied
			if _, err := w.bw.Submit(t.Context(), w.want); !errors.As(err, &denied) || denied.Reasons[0].Raw != "7313" {
				t.Errorf("%v", err)
			}
		})
	}
}
