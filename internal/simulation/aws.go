package simulation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"portway/internal/bucket"
	"portway/internal/mail"
	"portway/internal/orders"
	"portway/internal/porting"
)

// keys is KMS: a data key follows from the context that it is bound to.
type keys struct{ w *World }

func dataKey(scope map[string]string) []byte {
	key := sha256.Sum256([]byte(scope["account"] + "#" + scope["order"]))
	return key[:]
}

func (k keys) GenerateDataKey(ctx context.Context, in *kms.GenerateDataKeyInput, _ ...func(*kms.Options)) (
	*kms.GenerateDataKeyOutput, error) {
	err := k.w.call(ctx, Keys, "GenerateDataKey", func() error { return nil })
	return &kms.GenerateDataKeyOutput{Plaintext: dataKey(in.EncryptionContext), CiphertextBlob: []byte("wrapped")}, err
}

func (k keys) Decrypt(ctx context.Context, in *kms.DecryptInput, _ ...func(*kms.Options)) (*kms.DecryptOutput, error) {
	err := k.w.call(ctx, Keys, "Decrypt", func() error { return nil })
	return &kms.DecryptOutput{Plaintext: dataKey(in.EncryptionContext)}, err
}

// storage is S3.
type storage struct {
	w     *World
	mu    sync.Mutex
	files map[string][]byte
	puts  int
}

func (s *storage) Put(ctx context.Context, key string, body io.Reader, size int64) error {
	file, err := io.ReadAll(body)
	if err != nil || int64(len(file)) != size {
		return fmt.Errorf("%d bytes of %d came: %w", len(file), size, err)
	}
	put := func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.files[key] = bytes.Clone(file)
		s.puts++
		s.w.arrived(key, s.puts)
		return nil
	}
	return s.w.call(ctx, Storage, "Put", put, func() { _ = put() })
}

func (s *storage) Get(ctx context.Context, key string, _ int64) (file []byte, err error) {
	err = s.w.call(ctx, Storage, "Get", func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		var ok bool
		if file, ok = s.files[key]; !ok {
			return bucket.ErrNone
		}
		return nil
	})
	return file, err
}

// ses takes mails, and tells of each by a Send event.
type ses struct {
	w  *World
	mu sync.Mutex
	n  int
}

func (s *ses) SendEmail(ctx context.Context, in *sesv2.SendEmailInput, _ ...func(*sesv2.Options)) (
	*sesv2.SendEmailOutput, error) {
	tags, listed := map[string]string{}, map[string][]string{}
	for _, tag := range in.EmailTags {
		tags[aws.ToString(tag.Name)] = aws.ToString(tag.Value)
		listed[aws.ToString(tag.Name)] = []string{aws.ToString(tag.Value)}
	}
	key := tags["order"] + "." + tags["event"]
	send := func() (string, error) {
		s.mu.Lock()
		s.n++
		id := fmt.Sprintf("message-%d", s.n)
		s.mu.Unlock()
		simple := in.Content.Simple
		s.w.mailed(porting.OrderID(tags["order"]), tags["event"], in.Destination.ToAddresses,
			aws.ToString(simple.Subject.Data)+"\n"+aws.ToString(simple.Body.Text.Data)+"\n"+
				aws.ToString(simple.Body.Html.Data))
		event, err := json.Marshal(map[string]any{"detail-type": "Email Sent", "source": "aws.ses", "detail": map[string]any{
			"eventType": "Send", "send": struct{}{},
			"mail": map[string]any{"messageId": id, "destination": in.Destination.ToAddresses, "tags": listed},
		}})
		if err == nil {
			s.w.feedback(key+"/"+id, event)
		}
		return id, err
	}
	out := &sesv2.SendEmailOutput{}
	err := s.w.call(ctx, Mail, "SendEmail "+key, func() error {
		id, err := send()
		out.MessageId = aws.String(id)
		return err
	}, func() { _, _ = send() })
	switch {
	case errors.Is(err, errAway):
		err = &net.OpError{Op: "dial", Err: err}
	case errors.Is(err, errThrottled):
		err = &smithyhttp.ResponseError{Err: &smithy.GenericAPIError{Code: "TooManyRequestsException"},
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusTooManyRequests}}}
	}
	return out, err
}

// records are the send records of mails, as the table keeps them.
type records struct {
	w    *World
	mu   sync.Mutex
	rows map[mail.Key]*record
}

type record struct {
	until time.Time
	tries int
	sent  string
}

// on makes a call about the record of a key.
func (r *records) on(ctx context.Context, what string, key mail.Key, do func(*record)) error {
	return r.w.call(ctx, Table, what+" "+key.String(), func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.rows[key] == nil {
			r.rows[key] = &record{}
		}
		do(r.rows[key])
		return nil
	})
}

// Lease implements mail.Records.
func (r *records) Lease(ctx context.Context, key mail.Key, _ mail.Outline, now time.Time, term time.Duration) (l mail.Lease, err error) {
	err = r.on(ctx, "lease", key, func(row *record) {
		l = mail.Lease{State: mail.Unknown}
		switch {
		case row.sent != "":
			l = mail.Lease{State: mail.Sent, Tries: row.tries, MessageID: row.sent}
			return
		case now.Before(row.until):
			l = mail.Lease{State: mail.Leased, Tries: row.tries}
			return
		case row.tries == 0:
			l.State = mail.Fresh
		}
		row.tries++
		row.until, l.Tries = now.Add(term), row.tries
	})
	return l, err
}

// MarkSent implements mail.Records.
func (r *records) MarkSent(ctx context.Context, key mail.Key, messageID string) error {
	return r.on(ctx, "mark", key, func(row *record) {
		if row.sent == "" {
			row.sent = messageID
		}
	})
}

// Release implements mail.Records.
func (r *records) Release(ctx context.Context, key mail.Key) error {
	return r.on(ctx, "release", key, func(row *record) {
		if row.sent == "" {
			*row = record{}
		}
	})
}

// Mark implements mail.Records.
func (r *records) Mark(ctx context.Context, key mail.Key, _ orders.MailFate, _ time.Time) error {
	return r.on(ctx, "mark the fate of", key, func(*record) {})
}
