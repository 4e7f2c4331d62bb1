package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"portway/internal/document"
	"portway/internal/porting"
)

// fileView is the answer of a call about a file.
type fileView struct {
	Data struct {
		ID         string
		Attributes struct {
			URL, Status, Kind, Reason string
			Headers                   map[string]string
			Pages                     int
		}
	}
}

// papers makes calls about the documents of one order.
type papers struct {
	*testing.T
	ctx  context.Context
	told *narrator
}

func (p papers) ask(method, more string, body any, status int) fileView {
	p.Helper()
	raw, err := p.told.call(p.ctx, method, p.told.path(more), body, status)
	var v fileView
	if err != nil || json.Unmarshal(raw, &v) != nil {
		p.Fatalf("%s %s: %v %s", method, more, err, raw)
	}
	return v
}

// settled waits until the document is accepted or has failed.
func (p papers) settled(id string) fileView {
	p.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		v := p.ask(http.MethodGet, "/files/"+id, nil, http.StatusOK)
		if s := v.Data.Attributes.Status; s == "complete" || s == "error" {
			return v
		}
		select {
		case <-p.ctx.Done():
			p.Fatalf("document %s is %s still", id, v.Data.Attributes.Status)
		case <-tick.C:
		}
	}
}

func (p papers) put(url string, header map[string]string, file []byte) int {
	p.Helper()
	req, err := http.NewRequestWithContext(p.ctx, http.MethodPut, url, bytes.NewReader(file))
	if err != nil {
		p.Fatal(err)
	}
	for name, value := range header {
		if name != "Content-Length" { // the client's own
			req.Header.Set(name, value)
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

func (p papers) fetch(url string) []byte {
	p.Helper()
	res, err := http.Get(url)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	file, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/pdf" {
		p.Fatalf("%d %s %v", res.StatusCode, res.Header.Get("Content-Type"), err)
	}
	return file
}

// A document is uploaded, or pulled from the customer's host. What can be downloaded is a copy of its pages, and the same file
// makes the same copy every time.
func TestDocuments(t *testing.T) {
	t.Parallel()
	p := papers{t, limited(t), follow(t)}
	if err := p.told.live(p.ctx, story{name: "idle", attrs: stories()[0].attrsWith("+12065550219"), tell: created,
		unsigned: true}); err != nil {
		t.Fatal(err)
	}
	bill, err := document.LOA(porting.Order{ID: "1", Numbers: []porting.Number{{TN: "+12065550219"}},
		Given: porting.Given{Signature: porting.Signature{Name: "A Bill", Title: "Bill",
			At: time.Date(2027, 3, 2, 9, 0, 0, 0, time.UTC)}}})
	if err != nil {
		t.Fatal(err)
	}
	name := map[string]any{"filename": "/home/jane/may bill.pdf"}

	up1 := p.ask(http.MethodPost, "/upload_file", name, http.StatusOK).Data
	if got := p.put(up1.Attributes.URL, map[string]string{"Content-Type": "text/html"},
		bill); got != http.StatusForbidden {
		t.Errorf("another kind of file is answered %d", got)
	}
	if got := p.put(strings.Replace(up1.Attributes.URL, "/"+up1.ID+"?", "/9?", 1), up1.Attributes.Headers,
		bill); got != http.StatusForbidden {
		t.Errorf("another place is answered %d", got)
	}
	if got := p.put(up1.Attributes.URL, up1.Attributes.Headers, bill); got != http.StatusOK {
		t.Fatalf("the upload is answered %d", got)
	}
	done := p.settled(up1.ID).Data.Attributes
	if done.Status != "complete" || done.Kind != "bill" || done.Pages != 1 {
		t.Fatalf("the upload is %+v", done)
	}
	kept := p.fetch(done.URL)
	if !bytes.HasPrefix(kept, []byte("%PDF-1.7\n")) || !bytes.HasSuffix(kept, []byte("\n%%EOF\n")) || bytes.Equal(kept, bill) {
		t.Errorf("the download is not a copy of our own writing: %.40q", kept)
	}
	acting := p.ask(http.MethodPost, "/upload_file", name, http.StatusOK).Data
	script := bytes.Replace(bill, []byte("/Type /Catalog"), []byte("/Type /Catalog\n/OpenAction<</S/JavaScript/JS(1)>>"), 1)
	if got := p.put(acting.Attributes.URL, acting.Attributes.Headers, script); got != http.StatusOK {
		t.Errorf("the upload is answered %d", got)
	}
	if got := p.settled(acting.ID).Data.Attributes; got.Status != "complete" || !bytes.Equal(p.fetch(got.URL), kept) {
		t.Errorf("with a script: %+v", got)
	}

	sized := p.ask(http.MethodPost, "/upload_file", map[string]any{"filename": "b.pdf", "size": len(bill)},
		http.StatusOK).Data
	if got := p.put(sized.Attributes.URL, sized.Attributes.Headers, append(bill, '\n')); got != http.StatusForbidden {
		t.Errorf("another size is answered %d", got)
	}
	for _, bad := range []struct {
		file []byte
		why  string
	}{
		{[]byte("<html>no bill</html>"), "The file is no PDF, JPEG or PNG file."},
		{append(bytes.Clone(bill), make([]byte, porting.MaxDocumentSize)...), "larger than 20 MB"},
	} {
		to := p.ask(http.MethodPost, "/upload_file", name, http.StatusOK).Data
		if got := p.put(to.Attributes.URL, to.Attributes.Headers, bad.file); got != http.StatusOK {
			t.Errorf("the upload is answered %d", got)
		}
		if got := p.settled(to.ID).Data.Attributes; got.Status != "error" || !strings.Contains(got.Reason, bad.why) ||
			got.URL != "" {
			t.Errorf("%q: %+v", bad.why, got)
		}
	}

	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/bill" || r.URL.Query().Get("key") != "K1" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(bill)
	}))
	defer host.Close()
	pulled := p.ask(http.MethodPost, "/files", map[string]any{"url": host.URL + "/bill?key=K1&filename=b.pdf"},
		http.StatusOK).Data
	if got := p.settled(pulled.ID).Data.Attributes; got.Status != "complete" || !bytes.Equal(p.fetch(got.URL), kept) {
		t.Errorf("pulled: %+v", got)
	}
	gone := p.ask(http.MethodPost, "/files", map[string]any{"url": host.URL + "/gone"}, http.StatusOK).Data
	if got := p.settled(gone.ID).Data.Attributes; got.Status != "error" ||
		!strings.Contains(got.Reason, "answers 404") {
		t.Errorf("not there: %+v", got)
	}

	if err := p.told.sign(p.ctx); err != nil {
		t.Fatal(err)
	}
	raw, err := p.told.call(p.ctx, http.MethodGet, p.told.path(""), nil, http.StatusOK)
	if err != nil {
		t.Fatal(err)
	}
	letter := fmt.Sprint(len(strings.Split(string(raw), `"portorder-file"`)) - 1) // the last of them
	if got := p.settled(letter).Data.Attributes; got.Kind != "loa" ||
		!bytes.HasPrefix(p.fetch(got.URL), []byte("%PDF-")) {
		t.Errorf("the letter is %+v", got)
	}
	f := up.File
	for _, more := range []string{"/files", "/files/" + up1.ID} {
		if a, err := f.CallAs(p.ctx, f.SecondAccessKey, f.SecondSecretKey, http.MethodGet, p.told.path(more),
			nil); err != nil || a.Status != http.StatusNotFound {
			t.Errorf("another account's %s: %d %v", more, a.Status, err)
		}
	}
}
