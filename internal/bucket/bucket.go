// Package bucket is where the files of orders' documents lie. It signs the URLs by which customers bring and fetch files, and
// moves files itself, over S3's plain HTTP: S3's own client would make the functions between a customer and the answer larger
// by a fifth, for four requests that the signer alone can make.
//
// A file that comes from outside lies at its [Incoming] key, where the holder of its URL may write for a quarter of an hour.
// What was found good is written anew at its [Kept] key, which no URL to write was ever given out for and which is named by the
// very bytes that were checked: what has been accepted can't be exchanged.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"portway/internal/porting"
)

// ContentType is that of every file here.
const ContentType = "application/pdf"

// unsigned is what is signed in place of a body: TLS guards it, and a URL is signed before there is one.
const unsigned = "UNSIGNED-PAYLOAD"

// Bucket is one bucket. It is safe for concurrent use.
type Bucket struct {
	cfg    aws.Config
	name   string
	now    func() time.Time
	signer *v4.Signer
	client *http.Client
}

// New is the bucket of that name.
func New(cfg aws.Config, name string, now func() time.Time) *Bucket {
	return &Bucket{
		cfg: cfg, name: name, now: now, client: &http.Client{Timeout: 30 * time.Second},
		signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }), // S3 escapes once
	}
}

// Incoming is the key at which a document's file arrives.
func Incoming(account porting.AccountID, order porting.OrderID, id porting.DocumentID) string {
	return strings.Join([]string{incoming, string(account), string(order), string(id)}, "/")
}

// Kept is the key at which the accepted bytes of an order's document lie for good.
func Kept(account porting.AccountID, order porting.OrderID, digest string) string {
	return strings.Join([]string{"kept", string(account), string(order), digest}, "/")
}

const incoming = "incoming"

// Arrived says whose document the file at an incoming key is; ok is false for any other key.
func Arrived(key string) (account porting.AccountID, order porting.OrderID, id porting.DocumentID, ok bool) {
	part := strings.Split(key, "/")
	if len(part) != 4 || part[0] != incoming {
		return "", "", "", false
	}
	return porting.AccountID(part[1]), porting.OrderID(part[2]), porting.DocumentID(part[3]), true
}

// Upload signs a URL by which one file may be PUT for that long, as a PDF; a size above zero is signed too. Whoever holds the
// URL may use it.
func (b *Bucket) Upload(ctx context.Context, key string, size int64, life time.Duration) (string, error) {
	req, err := b.request(ctx, http.MethodPut, key, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", ContentType)
	req.ContentLength = size
	return b.presign(ctx, req, nil, life)
}

// Download signs a URL by which the file may be fetched for that long, to be saved under the name.
func (b *Bucket) Download(ctx context.Context, key, name string, life time.Duration) (string, error) {
	req, err := b.request(ctx, http.MethodGet, key, nil)
	if err != nil {
		return "", err
	}
	return b.presign(ctx, req, url.Values{
		"response-content-disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": name})},
		"response-content-type":        {ContentType},
	}, life)
}

func (b *Bucket) presign(ctx context.Context, req *http.Request, query url.Values, life time.Duration) (string, error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("X-Amz-Expires", strconv.FormatInt(int64(life/time.Second), 10))
	req.URL.RawQuery = query.Encode()
	creds, err := b.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("credentials: %w", err)
	}
	signed, _, err := b.signer.PresignHTTP(ctx, creds, req, unsigned, "s3", b.cfg.Region, b.now())
	if err != nil {
		return "", fmt.Errorf("sign a URL of the bucket: %w", err)
	}
	return signed, nil
}

// request names the object by the bucket's own host, or by its path where everything has one endpoint.
func (b *Bucket) request(ctx context.Context, method, key string, body io.Reader) (*http.Request, error) {
	base := "https://" + b.name + ".s3." + b.cfg.Region + ".amazonaws.com"
	if strings.HasPrefix(b.cfg.Region, "cn-") {
		base += ".cn"
	}
	if b.cfg.BaseEndpoint != nil {
		base = strings.TrimSuffix(*b.cfg.BaseEndpoint, "/") + "/" + b.name
	}
	var path []string
	for part := range strings.SplitSeq(key, "/") {
		path = append(path, url.PathEscape(part))
	}
	return http.NewRequestWithContext(ctx, method, base+"/"+strings.Join(path, "/"), body)
}

// Put writes a file; the same key and bytes may be written again.
func (b *Bucket) Put(ctx context.Context, key string, body io.Reader, size int64) error {
	req, err := b.request(ctx, http.MethodPut, key, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", ContentType)
	req.ContentLength = size
	res, err := b.do(ctx, req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return read(res, "write")
}

var (
	// ErrNone says that there is no such file.
	ErrNone = errors.New("no such file in the bucket")
	// ErrTooLarge says that the file is larger than the reader takes.
	ErrTooLarge = errors.New("the file in the bucket is too large")
)

// Get reads a file of at most that many bytes, else it is ErrTooLarge; where there is none it is ErrNone.
func (b *Bucket) Get(ctx context.Context, key string, most int64) ([]byte, error) {
	req, err := b.request(ctx, http.MethodGet, key, nil)
	if err != nil {
		return nil, err
	}
	res, err := b.do(ctx, req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound:
		return nil, ErrNone
	case res.StatusCode/100 != 2:
		return nil, read(res, "read")
	case res.ContentLength > most:
		return nil, ErrTooLarge
	}
	file, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read a file of the bucket: %w", err)
	case int64(len(file)) > most:
		return nil, ErrTooLarge
	}
	return file, nil
}

func (b *Bucket) do(ctx context.Context, req *http.Request) (*http.Response, error) {
	creds, err := b.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	req.Header.Set("X-Amz-Content-Sha256", unsigned)
	if err := b.signer.SignHTTP(ctx, creds, req, unsigned, "s3", b.cfg.Region, b.now()); err != nil {
		return nil, fmt.Errorf("sign a request to the bucket: %w", err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("call the bucket: %w", err)
	}
	return res, nil
}

// read drops what S3 says beside its status; in words of its own it repeats the key.
func read(res *http.Response, what string) error {
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can serve again
	if res.StatusCode/100 == 2 {
		return nil
	}
	return &failed{what, res.StatusCode}
}

type failed struct {
	what   string
	status int
}

func (f *failed) Error() string {
	return fmt.Sprintf("could not %s a file of the bucket: HTTP %d", f.what, f.status)
}

// Plain says that the error's text is fit for logs and people.
func (f *failed) Plain() string { return f.Error() }
