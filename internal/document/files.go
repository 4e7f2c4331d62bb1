package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"strconv"

	"portway/internal/bucket"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Bucket keeps files by their keys.
type Bucket interface {
	Put(ctx context.Context, key string, body io.Reader, size int64) error
	Get(ctx context.Context, key string, most int64) ([]byte, error)
}

// Files keeps the files of documents: uploads, files that package pull has fetched, and signed LOAs.
type Files struct {
	Book   *orders.Book
	Bucket Bucket
	// LOAs is where letters of agency are written; nil is Bucket. It may be the same place with a lock.
	LOAs Bucket
	// Reprint copies the pages of a PDF into a new one. It returns the copy and the number of its pages, or why there is
	// no copy. An error says that the file was not judged.
	Reprint func(ctx context.Context, file []byte) (made []byte, pages int, why porting.Message, err error)
}

// byFile gives the commands that tell an order of its files.
var byFile = porting.SystemBy(porting.WayFile)

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
				porting.SettleDocument{ID: d.ID, Why: porting.Say(porting.MsgLOAReplaced)}))
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
	to := f.Bucket
	if f.LOAs != nil && (d.LOA || d.Kind == porting.LOADocument) {
		to = f.LOAs
	}
	if err := to.Put(ctx, bucket.Kept(o.Account, o.ID, digest), bytes.NewReader(file), int64(len(file))); err != nil {
		return err
	}
	return f.settle(ctx, o.ID, porting.SettleDocument{ID: d.ID, Digest: digest, Size: int64(len(file)), Pages: pages})
}

func (f *Files) settle(ctx context.Context, id porting.OrderID, cmd porting.SettleDocument) error {
	cmd.By = byFile
	_, err := f.Book.Do(ctx, id, cmd)
	return err
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

// Arrived handles a file that has arrived. It copies the pages into a new PDF, or sets a picture into one, keeps that, and
// tells the order.
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
			Why: porting.Say(porting.MsgFileTooLarge, "mb", strconv.Itoa(porting.MaxDocumentSize>>20))})
	case err != nil:
		return err
	}
	pages := 1
	made, is, why := photo(file, d.Added)
	if !is {
		if made, pages, why, err = f.Reprint(ctx, file); err != nil {
			return err
		}
	}
	slog.InfoContext(ctx, "document reprinted", "order", id, "document", number, "bytes", len(file), "made", len(made),
		"pages", pages, "accepted", why.IsZero())
	if !why.IsZero() {
		return f.settle(ctx, id, porting.SettleDocument{ID: number, Why: why})
	}
	return f.keep(ctx, o, d, made, pages)
}
