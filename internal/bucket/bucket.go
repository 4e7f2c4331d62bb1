// Package bucket keeps the files of orders' documents in S3. [Bucket] signs the URLs by which customers upload and
// download files, and reads and writes files itself. It speaks S3's plain HTTP: S3's own client would make the
// functions between a customer and the answer larger by a fifth, for four requests that the signer alone can make.
//
// A file arrives at its [Incoming] key, where the holder of its URL may write for a quarter of an hour. A file that is
// accepted is written again at its [Kept] key. No URL to write there is ever given out, and the key holds the digest of
// the bytes that were checked, so that an accepted file can't be exchanged.
//
// Start reading at Bucket. The package knows nothing of what a document means; package document does.
package bucket

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
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

// ContentType is the type of every file here.
const ContentType = "application/pdf"

// unsigned is signed in place of a body's digest: TLS protects the body, and a URL is signed before there is a body.
const unsigned = "UNSIGNED-PAYLOAD"

// Bucket is one bucket. It is safe for concurrent use.
type Bucket struct {
	cfg    aws.Config
	name   string
	now    func() time.Time
	signer *v4.Signer
	client *http.Client
	lock   Lock
	term   time.Duration
}

// Lock is a mode of S3's Object Lock. A version of a file that has a lock can't be removed or overwritten until its time is
// over: with Governance only by people who may bypass locks, with Compliance by nobody.
type Lock string

// The modes, by the words of the template's parameter. The bucket must have Object Lock for any but Unlocked.
const (
	Unlocked   Lock = "no"
	Governance Lock = "governance"
	Compliance Lock = "compliance"
)

// Locked returns the bucket for files that are locked from their writing on, for the term. Unlocked is the bucket as it is.
func (b *Bucket) Locked(mode Lock, term time.Duration) *Bucket {
	locked := *b
	locked.lock, locked.term = mode, term
	return &locked
}

// New makes a Bucket of the S3 bucket with that name.
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

// Kept is the key of an accepted document with that digest.
func Kept(account porting.AccountID, order porting.OrderID, digest string) string {
	return strings.Join([]string{"kept", string(account), string(order), digest}, "/")
}

const incoming = "incoming"

// Arrived says which document the file at an incoming key belongs to; ok is false for any other key.
func Arrived(key string) (account porting.AccountID, order porting.OrderID, id porting.DocumentID, ok bool) {
	part := strings.Split(key, "/")
	if len(part) != 4 || part[0] != incoming {
		return "", "", "", false
	}
	return porting.AccountID(part[1]), porting.OrderID(part[2]), porting.DocumentID(part[3]), true
}

// Upload signs a URL to which one PDF may be PUT during life. A size above zero is signed too. Whoever holds the URL
// may use it.
func (b *Bucket) Upload(ctx context.Context, key string, size int64, life time.Duration) (string, error) {
	req, err := b.request(ctx, http.MethodPut, key, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", ContentType)
	req.ContentLength = size
	return b.presign(ctx, req, nil, life)
}

// Download signs a URL from which the file may be fetched during life. A browser saves the file under name.
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

// request makes a request for the object: on the bucket's own host, or below the one endpoint of a local engine.
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

// Put writes a file. Writing the same key and bytes again is no error.
func (b *Bucket) Put(ctx context.Context, key string, body io.Reader, size int64) error {
	req, err := b.request(ctx, http.MethodPut, key, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", ContentType)
	req.ContentLength = size
	if b.lock == Governance || b.lock == Compliance {
		if err := b.addLock(req); err != nil {
			return err
		}
	}
	res, err := b.do(ctx, req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return outcome(res, "write")
}

// addLock has S3 lock the file of the request. S3 wants a digest of the body with a lock.
func (b *Bucket) addLock(req *http.Request) error {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return fmt.Errorf("read what is to be locked: %w", err)
	}
	sum := md5.Sum(body)
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	req.Header.Set("X-Amz-Object-Lock-Mode", strings.ToUpper(string(b.lock)))
	req.Header.Set("X-Amz-Object-Lock-Retain-Until-Date", b.now().Add(b.term).UTC().Format(time.RFC3339))
	return nil
}

var (
	// ErrNone says that there is no file at the key.
	ErrNone = errors.New("no such file in the bucket")
	// ErrTooLarge says that the file is larger than the caller reads.
	ErrTooLarge = errors.New("the file in the bucket is too large")
)

// Get reads a file of at most that many bytes. The error is ErrNone where there is no file, and ErrTooLarge for a
// larger one.
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
		return nil, outcome(res, "read")
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

// outcome reads the status of an answer, and drops the body: S3's error texts repeat the key.
func outcome(res *http.Response, what string) error {
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
	if res.StatusCode/100 == 2 {
		return nil
	}
	return &failed{what, res.StatusCode}
}

// failed is a request to the bucket that was answered with an error.
type failed struct {
	what   string
	status int
}

func (f *failed) Error() string {
	return fmt.Sprintf("could not %s a file of the bucket: HTTP %d", f.what, f.status)
}

// Plain says that the error's text is fit for logs and people.
func (f *failed) Plain() string { return f.Error() }
