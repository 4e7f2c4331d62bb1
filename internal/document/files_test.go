package document_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/internal/account"
	"portway/internal/bucket"
	"portway/internal/document"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
	"portway/internal/text"
)

// shelf is a bucket in memory; what fails is tried before anything is kept.
type shelf struct {
	mu    sync.Mutex
	files map[string][]byte
	fail  error
}

func (s *shelf) Put(_ context.Context, key string, body io.Reader, size int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, err := io.ReadAll(body)
	if s.fail != nil || err != nil || int64(len(file)) != size {
		return errors.Join(s.fail, err)
	}
	s.files[key] = file
	return nil
}

func (s *shelf) Get(_ context.Context, key string, most int64) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.files[key]
	switch {
	case s.fail != nil:
		return nil, s.fail
	case !ok:
		return nil, bucket.ErrNone
	case int64(len(file)) > most:
		return nil, bucket.ErrTooLarge
	}
	return file, nil
}

// world is an order of acme's and what brings its files in.
type world struct {
	*testing.T
	book  *orders.Book
	now   time.Time
	shelf *shelf
	files *document.Files
	order porting.OrderID
	why   porting.Message
	saw   [][]byte
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, now: storetest.Now, shelf: &shelf{files: map[string][]byte{}}}
	store := storetest.NewMemory()
	w.book = storetest.Book(t, store)
	w.book.Now = func() time.Time { return w.now }
	_, made, err := w.book.Create(t.Context(), storetest.Draft("acme", storetest.Numbers(1, 1)...))
	if err != nil {
		t.Fatal(err)
	}
	w.order = made[0].ID
	w.files = &document.Files{Book: w.book, Bucket: w.shelf,
		Reprint: func(_ context.Context, file []byte) ([]byte, int, porting.Message, error) {
			w.saw = append(w.saw, file)
			return reprinted(file), 3, w.why, nil
		}}
	return w
}

// reprinted stands for what is made of a file.
func reprinted(file []byte) []byte { return append([]byte("%PDF-1.7 made of "), file...) }

func (w *world) do(cmd porting.Command) porting.Order {
	w.Helper()
	o, err := w.book.Do(w.Context(), w.order, cmd)
	if err != nil {
		w.Fatal(err)
	}
	return o
}

func (w *world) document(id porting.DocumentID) porting.Document {
	w.Helper()
	o, err := w.book.Store.Load(w.Context(), w.order)
	if err != nil {
		w.Fatal(err)
	}
	d, ok := o.Document(id)
	if !ok {
		w.Fatalf("no document %s among %v", id, o.Documents)
	}
	return d
}

func (w *world) add(from string) porting.Order {
	return w.do(porting.AddDocument{By: storetest.Customer,
		Document: porting.Document{Name: "bill.pdf", Kind: porting.BillDocument, From: from}})
}

func (w *world) arrive(key string) error {
	var in document.Arrival
	in.Detail.Object.Key = key
	return w.files.Arrived(w.Context(), in)
}

func (w *world) key() string { return bucket.Incoming("acme", w.order, "1") }

func TestArrived(t *testing.T) {
	file := []byte("%PDF-1.7 a bill")
	uploaded := func(t *testing.T) *world {
		w := newWorld(t)
		w.add("")
		w.shelf.files[w.key()] = file
		return w
	}
	t.Run("accepted, once, whatever is written over it later", func(t *testing.T) {
		w := uploaded(t)
		if err := w.arrive(w.key()); err != nil {
			t.Fatal(err)
		}
		w.shelf.files[w.key()] = []byte("%PDF-1.7 another")
		if err := w.arrive(w.key()); err != nil {
			t.Fatal(err)
		}
		d := w.document("1")
		if d.State != porting.DocumentComplete || d.Pages != 3 || d.Size != int64(len(reprinted(file))) || len(w.saw) != 1 {
			t.Errorf("%+v, looked at %d times", d, len(w.saw))
		}
		kept, sum := w.shelf.files[bucket.Kept("acme", w.order, d.Digest)], sha256.Sum256(reprinted(file))
		if !bytes.Equal(kept, reprinted(file)) || d.Digest != hex.EncodeToString(sum[:]) {
			t.Errorf("%q is kept as %s", kept, d.Digest)
		}
	})
	t.Run("failed", func(t *testing.T) {
		w := uploaded(t)
		w.why = porting.Say(porting.MsgFileNotPDF)
		if err := w.arrive(w.key()); err != nil {
			t.Fatal(err)
		}
		if d := w.document("1"); d.State != porting.DocumentError || !d.Why.Equal(w.why) || len(w.shelf.files) != 1 {
			t.Errorf("%+v, %d files", d, len(w.shelf.files))
		}
	})
	t.Run("too large", func(t *testing.T) {
		w := uploaded(t)
		w.shelf.files[w.key()] = make([]byte, porting.MaxDocumentSize+1)
		if err := w.arrive(w.key()); err != nil {
			t.Fatal(err)
		}
		if d := w.document("1"); text.English.Message(d.Why) != "The file is larger than 20 MB." || len(w.saw) != 0 {
			t.Errorf("%+v", d)
		}
	})
	t.Run("our own trouble is no verdict", func(t *testing.T) {
		w := uploaded(t)
		w.shelf.fail = errors.New("S3 is down")
		if err := w.arrive(w.key()); err == nil || w.document("1").State != porting.DocumentPending {
			t.Errorf("%v, %+v", err, w.document("1"))
		}
		w.shelf.fail = nil
		if err := w.arrive(w.key()); err != nil || w.document("1").State != porting.DocumentComplete {
			t.Errorf("%v, %+v", err, w.document("1"))
		}
	})
	t.Run("not ours", func(t *testing.T) {
		w := uploaded(t)
		for _, key := range []string{"", "kept/acme/1/1/d", "incoming/acme/1", bucket.Incoming("other", w.order, "1"),
			bucket.Incoming("acme", "1", "1"),
			bucket.Incoming("acme", w.order, "2"), w.key() + "/x"} {
			w.shelf.files[key] = file
			if err := w.arrive(key); err != nil || len(w.saw) != 0 {
				t.Errorf("%q: %v, looked at %d", key, err, len(w.saw))
			}
		}
	})
	t.Run("the sample event", func(t *testing.T) {
		raw, err := os.ReadFile("../../events/document.json")
		if err != nil {
			t.Fatal(err)
		}
		var in document.Arrival
		if err := json.Unmarshal(raw, &in); err != nil {
			t.Fatal(err)
		}
		account, order, id, ok := bucket.Arrived(in.Detail.Object.Key)
		if !ok || account != "acme" || order != "279827251204108" || id != "1" {
			t.Errorf("%s %s %s %v", account, order, id, ok)
		}
		w := newWorld(t)
		in.Detail.Object.Key = strings.Replace(in.Detail.Object.Key, string(order), string(w.order), 1)
		w.add("")
		w.shelf.files[in.Detail.Object.Key] = file
		if err := w.files.Arrived(t.Context(), in); err != nil || w.document("1").State != porting.DocumentComplete {
			t.Errorf("%v, %+v", err, w.document("1"))
		}
	})
}

func TestLetter(t *testing.T) {
	w := newWorld(t)
	first := w.do(storetest.Sign())
	for range 2 { // the same bytes for the same signature
		if err := w.files.FileLOA(t.Context(), porting.Event{}, first); err != nil {
			t.Fatal(err)
		}
	}
	d := w.document("1")
	want, err := document.LOA(first)
	if err != nil || d.State != porting.DocumentComplete || d.Kind != porting.LOADocument || len(w.shelf.files) != 1 ||
		!bytes.Equal(w.shelf.files[bucket.Kept("acme", w.order, d.Digest)], want) {
		t.Errorf("%v %+v, %d files", err, d, len(w.shelf.files))
	}
	w.do(porting.Return{By: storetest.Staff, Reasons: []porting.Reason{{Code: porting.LOAExpired}}})
	w.do(storetest.Sign())
	w.do(porting.Return{By: storetest.Staff, Reasons: []porting.Reason{{Code: porting.LOAExpired}}})
	third := w.do(storetest.Sign())
	if err := w.files.FileLOA(t.Context(), porting.Event{}, third); err != nil {
		t.Fatal(err)
	}
	if second, last := w.document("2"), w.document("3"); second.State != porting.DocumentError ||
		last.State != porting.DocumentComplete || last.Digest == d.Digest && third.Signature.At != first.Signature.At {
		t.Errorf("the second %+v, the third %+v", second, last)
	}
}

// The pack is kept once, however often the effect is carried out.
// Letters of agency go to the place that has a lock, those that we make and those that a customer brings; bills go to the
// place without one.
func TestLOAsAreWrittenWithTheirLock(t *testing.T) {
	for kind, locked := range map[porting.DocumentKind]bool{porting.LOADocument: true, porting.BillDocument: false} {
		w := newWorld(t)
		safe := &shelf{files: map[string][]byte{}}
		w.files.LOAs = safe
		w.do(porting.AddDocument{By: storetest.Customer, Document: porting.Document{Name: "a.pdf", Kind: kind}})
		w.shelf.files[w.key()] = []byte("%PDF-1.7 a file")
		if err := w.arrive(w.key()); err != nil {
			t.Fatal(err)
		}
		if (len(safe.files) == 1) != locked || (len(w.shelf.files) == 1) != locked {
			t.Errorf("a document of the kind %s: %d files have a lock, %d have none", kind, len(safe.files), len(w.shelf.files))
		}
	}
	w := newWorld(t)
	safe := &shelf{files: map[string][]byte{}}
	w.files.LOAs = safe
	o := w.do(storetest.Sign())
	if err := w.files.FileLOA(t.Context(), porting.Event{}, o); err != nil {
		t.Fatal(err)
	}
	if len(safe.files) != 1 || len(w.shelf.files) != 0 {
		t.Errorf("a signed LOA: %d files have a lock, %d have none", len(safe.files), len(w.shelf.files))
	}
}

func TestEvidenceIsKeptOnce(t *testing.T) {
	w := newWorld(t)
	err := w.book.Store.(*storetest.Memory).OpenAccount(t.Context(), account.Account{ID: "acme", Kind: account.Live, Balance: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range []porting.Command{storetest.Sign(), porting.Pass{By: storetest.System},
		porting.SkipCSR{By: storetest.System, Why: porting.Say(porting.MsgSkippedLate)},
		porting.Plan{By: storetest.System, Attempt: porting.Attempt{Kind: porting.AskPort, Peer: "locals", PON: "P1"}},
		porting.MarkSent{By: storetest.System, PON: "P1", Ref: "ref"},
		porting.Refuse{By: porting.PeerBy("locals"), PON: "P1", Reasons: []porting.Reason{{Code: porting.AccountUnpaid}}},
		porting.Object{By: storetest.System}} {
		w.do(cmd)
	}
	o, err := w.book.Store.Load(t.Context(), w.order)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time with the order of before, as when an event is handed over twice
		if err := w.files.FileEvidence(t.Context(), porting.Event{}, o); err != nil {
			t.Fatal(err)
		}
	}
	now, err := w.book.Store.Load(t.Context(), w.order)
	if err != nil || now.Objection.Pack == "" || len(now.Documents) != len(o.Documents) {
		t.Errorf("kept as %q, %d documents (%v)", now.Objection.Pack, len(now.Documents), err)
	}
	if err := w.files.FileEvidence(t.Context(), porting.Event{}, now); err != nil {
		t.Fatal(err)
	}
}
