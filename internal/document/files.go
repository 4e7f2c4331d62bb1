package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"portway/internal/bucket"
	"portway/internal/egress"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Bucket keeps files by their keys.
type Bucket interface {
	Put(ctx context.Context, key string, body io.Reader, size int64) error
	Get(ctx context.Context, key string, most int64) ([]byte, error)
}

// Files keeps the files of documents: uploads, files that we pull for a customer, and signed letters of agency.
type Files struct {
	Book   *orders.Book
	Bucket Bucket
	// Client fetches the files that customers name (egress.Client).
	Client *http.Client
	// Reprint copies the pages of a PDF into a new one. It returns the copy and the number of its pages, or why there is
	// no copy, in a sentence for the customer. An error says that the file was not judged.
	Reprint func(ctx context.Context, file []byte) (made []byte, pages int, why string, err error)
}

// byFile gives the commands that tell an order of its files.
var byFile = porting.SystemBy(porting.WayFile)

const (
	// PullLimit is the time for fetching one file, from the look-up of its host to the last byte.
	PullLimit = 20 * time.Second
	// patience is how long we keep trying to fetch a file.
	patience = time.Hour
)

// FileLOA handles the effect of the same name: it keeps the letter of agency as it was signed. If the customer has
// signed again in the meantime, only the newest one is kept.
func (f *Files) FileLOA(ctx context.Context, _ porting.Event, o porting.Order) error {
	present, _ := o.LOA()
	var all []error
	for _, d := range o.Documents {
		switch {
		case !d.LOA || !d.Settled.IsZero():
		case d.ID != present.ID:
			all = append(all, f.settle(ctx, o.ID,
				porting.SettleDocument{ID: d.ID, Why: "A newer letter of agency was signed before this one was kept."}))
		default:
			letter, err := LOA(o)
			if err == nil {
				err = f.keep(ctx, o, d, letter, 0)
			}
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// keep writes a file to its place for good, and tells the order.
func (f *Files) keep(ctx context.Context, o porting.Order, d porting.Document, file []byte, pages int) error {
	sum := sha256.Sum256(file)
	digest := hex.EncodeToString(sum[:])
	if err := f.Bucket.Put(ctx, bucket.Kept(o.Account, o.ID, digest), bytes.NewReader(file),
		int64(len(file))); err != nil {
		return err
	}
	return f.settle(ctx, o.ID, porting.SettleDocument{ID: d.ID, Digest: digest, Size: int64(len(file)), Pages: pages})
}

func (f *Files) settle(ctx context.Context, id porting.OrderID, cmd porting.SettleDocument) error {
	cmd.By = byFile
	_, err := f.Book.Do(ctx, id, cmd)
	return err
}

// Pull handles the effect PullDocuments: it fetches the files that the customer named, all at once, and puts them where
// uploads arrive. It tries for an hour if the host is down, and gives up at once if the file cannot be had.
func (f *Files) Pull(ctx context.Context, _ porting.Event, o porting.Order) error {
	failures := make([]error, len(o.Documents))
	var all sync.WaitGroup
	for i, d := range o.Documents {
		if d.State == porting.DocumentPending && d.From != "" {
			all.Go(func() { failures[i] = f.pull(ctx, o, d) })
		}
	}
	all.Wait()
	return errors.Join(failures...)
}

func (f *Files) pull(ctx context.Context, o porting.Order, d porting.Document) error {
	file, err := os.CreateTemp("", "pull-")
	if err != nil {
		return fmt.Errorf("a place for the file: %w", err)
	}
	defer func() { _, _ = file.Close(), os.Remove(file.Name()) }()
	size, err := f.fetch(ctx, d.From, file)
	var no *unfetched
	switch {
	case errors.As(err, &no) && (no.final || f.Book.Now().Sub(d.Added) > patience):
		return f.settle(ctx, o.ID, porting.SettleDocument{ID: d.ID, Why: no.Error()})
	case err != nil:
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the file again: %w", err)
	}
	if err := f.Bucket.Put(ctx, bucket.Incoming(o.Account, o.ID, d.ID), file, size); err != nil {
		return err
	}
	_, err = f.Book.Do(ctx, o.ID, porting.TakeDocument{By: byFile, ID: d.ID})
	return err
}

// unfetched says in our own words why a file could not be fetched. It repeats nothing of the URL, which can hold a key.
type unfetched struct {
	why   string
	final bool
}

func (u *unfetched) Error() string { return "The file could not be fetched: " + u.why + "." }

// Plain says that the error's text is fit for logs and people.
func (u *unfetched) Plain() string { return u.Error() }

// fetch writes the file at a URL, up to the size of a document.
func (f *Files) fetch(ctx context.Context, from string, to io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil || req.URL.Host == "" {
		return 0, &unfetched{"its URL is not valid", true}
	}
	req.Header.Set("Accept", bucket.ContentType)
	req.Header.Set("User-Agent", "Portway-Documents/1.0")
	res, err := f.Client.Do(req)
	if err != nil {
		return 0, &unfetched{egress.Cause(err), egress.Refused(err)}
	}
	defer res.Body.Close()
	tooLarge := &unfetched{fmt.Sprintf("it is larger than %d MB", porting.MaxDocumentSize>>20), true}
	switch code := res.StatusCode; {
	case code/100 == 3:
		return 0, &unfetched{"its URL leads to another one, and redirects are not followed", true}
	case code == http.StatusRequestTimeout || code == http.StatusTooManyRequests || code >= 500:
		return 0, &unfetched{fmt.Sprintf("its host answers %d", code), false}
	case code != http.StatusOK:
		return 0, &unfetched{fmt.Sprintf("its host answers %d", code), true}
	case res.ContentLength > porting.MaxDocumentSize:
		return 0, tooLarge
	}
	size, err := io.Copy(to, io.LimitReader(res.Body, porting.MaxDocumentSize+1))
	switch {
	case err != nil:
		return 0, &unfetched{"the connection broke", false}
	case size > porting.MaxDocumentSize:
		return 0, tooLarge
	}
	return size, nil
}

// Arrival is S3's event of a new object, as EventBridge delivers it.
type Arrival struct {
	Detail struct {
		Object struct {
			Key string `json:"key"`
		} `json:"object"`
	} `json:"detail"`
}

// OrderID names the order of the file.
func (a Arrival) OrderID() porting.OrderID {
	_, order, _, _ := bucket.Arrived(a.Detail.Object.Key)
	return order
}

// Arrived handles a file that has arrived. It copies the pages into a new PDF, keeps that, and tells the order.
// Carriers and customers only ever get the copy. The holder of the upload URL can still replace the file, which changes
// nothing.
func (f *Files) Arrived(ctx context.Context, in Arrival) error {
	account, id, number, ok := bucket.Arrived(in.Detail.Object.Key)
	if !ok {
		return nil
	}
	o, err := f.Book.Mine(ctx, account, id)
	if porting.Is(err, porting.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d, ok := o.Document(number)
	if !ok || !d.Settled.IsZero() {
		return nil // it came again
	}
	file, err := f.Bucket.Get(ctx, in.Detail.Object.Key, porting.MaxDocumentSize)
	switch {
	case errors.Is(err, bucket.ErrNone):
		return nil
	case errors.Is(err, bucket.ErrTooLarge):
		return f.settle(ctx, id, porting.SettleDocument{ID: number,
			Why: fmt.Sprintf("The file is larger than %d MB.", porting.MaxDocumentSize>>20)})
	case err != nil:
		return err
	}
	made, pages, why, err := f.Reprint(ctx, file)
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "document reprinted", "order", id, "document", number, "bytes", len(file), "made", len(made),
		"pages", pages, "accepted", why == "")
	if why != "" {
		return f.settle(ctx, id, porting.SettleDocument{ID: number, Why: why})
	}
	return f.keep(ctx, o, d, made, pages)
}
