package pull_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/internal/bucket"
	"portway/internal/egress"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/pull"
	"portway/internal/storetest"
	"portway/internal/text"
)

// world is a puller on a store in memory, with orders of several accounts.
type world struct {
	*testing.T
	book    *orders.Book
	memory  *storetest.Memory
	puller  *pull.Puller
	started []porting.AccountID

	mu    sync.Mutex
	now   time.Time
	files map[string][]byte
	fail  error // of the bucket
}

func (w *world) Put(_ context.Context, key string, body io.Reader, size int64) error {
	file, err := io.ReadAll(body)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil || err != nil || int64(len(file)) != size {
		return errors.Join(w.fail, err)
	}
	w.files[key] = file
	return nil
}

func newWorld(t *testing.T, client *http.Client) *world {
	w := &world{T: t, now: storetest.Now, memory: storetest.NewMemory(), files: map[string][]byte{}}
	w.book = storetest.Book(t, w.memory)
	w.book.Now = func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	w.puller = &pull.Puller{Book: w.book, Store: w.memory, Bucket: w, Client: client,
		Start: func(_ context.Context, id porting.AccountID) error {
			w.started = append(w.started, id)
			return nil
		}}
	return w
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// order makes the n-th order.
func (w *world) order(account porting.AccountID, n int) porting.OrderID {
	w.Helper()
	_, made, err := w.book.Create(w.Context(), storetest.Draft(account, storetest.Numbers(n, 1)...))
	if err != nil {
		w.Fatal(err)
	}
	return made[0].ID
}

// add puts documents at the URLs on the order, and carries out the effect of each of the events.
func (w *world) add(id porting.OrderID, urls ...string) {
	w.Helper()
	for _, from := range urls {
		w.pass(time.Millisecond)
		o, err := w.book.Do(w.Context(), id, porting.AddDocument{By: storetest.Customer,
			Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, From: from}})
		if err != nil {
			w.Fatal(err)
		}
		for range 2 { // an effect may be carried out twice
			if err := w.puller.Queue(w.Context(), porting.Event{At: o.Updated}, o); err != nil {
				w.Fatal(err)
			}
		}
	}
}

func (w *world) document(order porting.OrderID, id string) porting.Document {
	w.Helper()
	o, err := w.memory.Load(w.Context(), order)
	if err != nil {
		w.Fatal(err)
	}
	d, ok := o.Document(porting.DocumentID(id))
	if !ok {
		w.Fatalf("no document %s among %v", id, o.Documents)
	}
	return d
}

func (w *world) work(account porting.AccountID) pull.Done {
	w.Helper()
	done, err := w.puller.Work(w.Context(), account)
	if err != nil {
		w.Fatal(err)
	}
	return done
}

func (w *world) sweep() orders.Swept {
	w.Helper()
	swept, err := w.puller.Sweep(w.Context(), w.book.At(w.book.Now()))
	if err != nil {
		w.Fatal(err)
	}
	return swept
}

func (w *world) jobs(account porting.AccountID) []pull.Job {
	w.Helper()
	all, err := w.memory.Pulls(w.Context(), account)
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// hosts answers for the customers' hosts. A host whose name begins with hang answers nothing, and is asked no more than
// hostShare times at once.
type hosts struct {
	mu    sync.Mutex
	asked map[string]int
	busy  map[string]int
	peak  map[string]int
	let   chan struct{} // a request of a host whose name begins with slow waits for it
}

func newHosts() *hosts {
	return &hosts{asked: map[string]int{}, busy: map[string]int{}, peak: map[string]int{}}
}

func (h *hosts) client() *http.Client { return &http.Client{Transport: h} }

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.mu.Lock()
	h.asked[r.URL.String()]++
	for _, what := range []string{r.URL.Host, "all"} {
		h.busy[what]++
		h.peak[what] = max(h.peak[what], h.busy[what])
	}
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.busy[r.URL.Host]--
		h.busy["all"]--
	}()
	switch {
	case strings.HasPrefix(r.URL.Host, "hang"), strings.HasSuffix(r.URL.Path, "/hang"):
		return nil, timeout{}
	case strings.HasPrefix(r.URL.Host, "slow"):
		<-h.let
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, ContentLength: -1,
		Body: io.NopCloser(strings.NewReader("%PDF-1.7 " + r.URL.Path))}, nil
}

func (h *hosts) total() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, times := range h.asked {
		n += times
	}
	return n
}

type timeout struct{}

func (timeout) Error() string { return "no answer" }
func (timeout) Timeout() bool { return true }

func TestOutcomes(t *testing.T) {
	var status int
	var body []byte
	host := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if status/100 == 3 {
			rw.Header().Set("Location", "http://169.254.169.254/")
		}
		rw.WriteHeader(status)
		_, _ = rw.Write(body)
	}))
	defer host.Close()
	for _, test := range []struct {
		name   string
		status int
		body   []byte
		public bool // addresses alone
		state  porting.DocumentState
		why    string
		again  bool
	}{
		{name: "OK", status: 200, body: []byte("%PDF-1.7"), state: porting.DocumentProcessing},
		{name: "not there", status: 404, state: porting.DocumentError, why: "its host answers 404"},
		{name: "a redirect", status: 302, state: porting.DocumentError, why: "redirects are not followed"},
		{name: "too large", status: 200, body: make([]byte, porting.MaxDocumentSize+1), state: porting.DocumentError,
			why: "larger than 20 MB"},
		{name: "a private address", public: true, status: 200, state: porting.DocumentError, why: "not public"},
		{name: "busy", status: 503, state: porting.DocumentPending, again: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, body = test.status, test.body
			w := newWorld(t, egress.Client(pull.Limit, !test.public))
			id := w.order("acme", 1)
			w.add(id, host.URL+"/bill.pdf?signature=S3CRET")
			w.work("acme")
			d := w.document(id, "1")
			if d.State != test.state || !strings.Contains(text.English.Message(d.Why), test.why) || test.why != "" &&
				!strings.HasPrefix(text.English.Message(d.Why), "The file could not be fetched: ") || (len(w.jobs("acme")) > 0) != test.again {
				t.Errorf("%+v, %d jobs", d, len(w.jobs("acme")))
			}
			if strings.Contains(fmt.Sprint(d.Why, w.jobs("acme")), "S3CRET") || !test.again && strings.Contains(d.From, "S3CRET") {
				t.Errorf("the URL's key is told: %+v %+v", d, w.jobs("acme"))
			}
			kept := w.files[bucket.Incoming("acme", id, "1")]
			if (kept != nil) != (test.state == porting.DocumentProcessing) || kept != nil && !bytes.Equal(kept, test.body) {
				t.Errorf("%d bytes came", len(kept))
			}
		})
	}
}

func TestQueue(t *testing.T) {
	h := newHosts()
	w := newWorld(t, h.client())
	id := w.order("acme", 1)
	w.add(id, "https://a.example/1", "https://a.example/2")
	if len(w.jobs("acme")) != 2 || len(w.started) != 4 {
		t.Fatalf("%d jobs of two documents, %d workers called", len(w.jobs("acme")), len(w.started))
	}
	w.work("acme")
	o, err := w.memory.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("an event of other documents makes no job", func(t *testing.T) {
		w.add(id, "https://a.example/3")
		if all := w.jobs("acme"); len(all) != 1 || all[0].Document != "3" {
			t.Errorf("%+v", all)
		}
		w.work("acme")
	})
	t.Run("an event that comes late makes no request", func(t *testing.T) {
		if err := w.puller.Queue(t.Context(), porting.Event{At: o.Documents[0].Added}, o); err != nil {
			t.Fatal(err)
		}
		w.work("acme")
		if h.total() != 3 || len(w.jobs("acme")) != 0 {
			t.Errorf("%v asked, %d jobs", h.asked, len(w.jobs("acme")))
		}
	})
	t.Run("where no worker can be called, the schedule works", func(t *testing.T) {
		w.puller.Start = func(context.Context, porting.AccountID) error { return errors.New("throttled") }
		w.add(id, "https://a.example/4")
		if swept := w.sweep(); swept.Done != 1 || w.document(id, "4").State != porting.DocumentProcessing {
			t.Errorf("%+v, %+v", swept, w.document(id, "4"))
		}
	})
}

// 48 documents of a host that never answers cost it few requests, and are all given up after an hour, with the reason.
func TestHostThatNeverAnswers(t *testing.T) {
	h := newHosts()
	w := newWorld(t, h.client())
	var made []porting.OrderID
	for n := range 3 {
		id := w.order("acme", n+1)
		made = append(made, id)
		for i := range 16 {
			w.add(id, fmt.Sprintf("https://hang.example/%d/%d", n, i))
		}
	}
	other := w.order("acme", 9)
	w.add(other, "https://good.example/bill")
	w.work("acme")
	if first := h.total(); first > 3 || w.document(other, "1").State != porting.DocumentProcessing {
		t.Errorf("%d requests at first; the other host's document is %s", first, w.document(other, "1").State)
	}
	begin := w.book.Now()
	for w.book.Now().Sub(begin) < 3*time.Hour && len(w.jobs("acme")) > 0 {
		w.pass(time.Minute)
		w.sweep()
	}
	for _, id := range made {
		for i := range 16 {
			if d := w.document(id, fmt.Sprint(i+1)); d.State != porting.DocumentError ||
				text.English.Message(d.Why) != "The file could not be fetched: the host did not answer in time." {
				t.Errorf("document %d of %s is %s: %s", i+1, id, d.State, d.Why.Key)
			}
		}
	}
	if took := w.book.Now().Sub(begin); took < time.Hour || took > 2*time.Hour {
		t.Errorf("given up after %s", took)
	}
	if n := h.total(); n > 48+16 || h.peak["hang.example"] > 2 {
		t.Errorf("the host was asked %d times, %d at once", n, h.peak["hang.example"])
	}
	for url, times := range h.asked {
		if times > 5 {
			t.Errorf("%s was asked %d times", url, times)
		}
	}
}

// A few files that hang keep no other file of their host back: what was not asked for comes first in the next round.
func TestFilesThatHang(t *testing.T) {
	h := newHosts()
	w := newWorld(t, h.client())
	id := w.order("acme", 1)
	w.add(id, "https://a.example/1/hang", "https://a.example/2/hang", "https://a.example/3/hang")
	for n := range 12 {
		w.add(id, fmt.Sprintf("https://a.example/good/%d", n))
	}
	w.work("acme")
	begin := w.book.Now()
	good := func() (n int) {
		for i := range 12 {
			if w.document(id, fmt.Sprint(i+4)).State == porting.DocumentProcessing {
				n++
			}
		}
		return n
	}
	for good() < 12 && w.book.Now().Sub(begin) < time.Hour {
		w.pass(time.Minute)
		w.sweep()
	}
	if took := w.book.Now().Sub(begin); good() < 12 || took > 30*time.Minute {
		t.Errorf("%d of 12 files have come after %s", good(), took)
	}
}

// All workers of an account together keep within its share, while other accounts go on.
func TestShares(t *testing.T) {
	h := newHosts()
	h.let = make(chan struct{})
	w := newWorld(t, h.client())
	for n := range 3 {
		id := w.order("acme", n+1)
		for i := range 10 {
			w.add(id, fmt.Sprintf("https://slow%d.example/%d/%d", i%5, n, i))
		}
	}
	other := w.order("other", 9)
	w.add(other, "https://good.example/bill")
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { w.sweep() })
		all.Go(func() { w.work("acme") })
	}
	for w.document(other, "1").State != porting.DocumentProcessing { // by one of the sweeps, while acme's hosts are slow
		time.Sleep(time.Millisecond)
	}
	close(h.let)
	all.Wait()
	for n := 0; len(w.jobs("acme")) > 0; n++ {
		if n > 60 {
			t.Fatalf("an hour later %d jobs are left", len(w.jobs("acme")))
		}
		w.sweep()
		w.pass(time.Minute)
	}
	for url, times := range h.asked { // again only where the order changed too often while the file was noted
		if times > 2 {
			t.Errorf("%s was asked for %d times", url, times)
		}
	}
	if n := h.total(); n < 31 || n > 36 {
		t.Errorf("31 files were asked for %d times", n)
	}
	for host, peak := range h.peak {
		// workers that begin in the same instant may not see each other's first requests
		if host != "all" && peak > 6*2 || host == "all" && peak > 6*4+1 {
			t.Errorf("%s: %d requests at once", host, peak)
		}
	}
}

func TestOurOwnTrouble(t *testing.T) {
	h := newHosts()
	w := newWorld(t, h.client())
	id := w.order("acme", 1)
	w.add(id, "https://a.example/1")
	w.fail = errors.New("S3 is down")
	w.work("acme")
	if d := w.document(id, "1"); d.State != porting.DocumentPending {
		t.Errorf("%+v", d)
	}
	w.fail = nil
	w.pass(2 * time.Minute)
	if w.sweep(); w.document(id, "1").State != porting.DocumentProcessing || len(w.jobs("acme")) != 0 {
		t.Errorf("%+v", w.document(id, "1"))
	}
}

// The sample event is one that the function gets.
func TestSampleEvent(t *testing.T) {
	raw, err := os.ReadFile("../../events/pull.json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct{ Account porting.AccountID }
	if err := json.Unmarshal(raw, &in); err != nil || in.Account == "" {
		t.Errorf("%+v, %v", in, err)
	}
}

// Each way in which a call can fail has its message.
func TestEveryFailureOfACallHasItsMessage(t *testing.T) {
	for _, err := range []error{
		&url.Error{Op: "Get", Err: context.DeadlineExceeded}, &net.DNSError{}, &tls.CertificateVerificationError{},
		&net.OpError{Op: "dial", Err: errors.New("refused")}, errors.New("reset"),
	} {
		w := newWorld(t, &http.Client{Transport: failing{err}})
		id := w.order("acme", 1)
		w.add(id, "https://files.example.com/bill.pdf")
		w.work("acme")
		for n := 0; n < 200 && len(w.jobs("acme")) > 0; n++ {
			w.pass(time.Minute)
			w.sweep()
		}
		want := "The file could not be fetched: " + string(egress.Cause(err)) + "."
		if why := text.English.Message(w.document(id, "1").Why); why != want {
			t.Errorf("%T: %q, want %q", err, why, want)
		}
	}
}

// failing is a network on which every call fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }
