package bucket

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"portway/internal/porting"
)

// Form is what an HTML form needs to send one file to the bucket: it posts multipart/form-data to URL, with the fields as
// they are and the file as the last one, named file.
type Form struct {
	URL    string
	Fields []Field
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

// Form signs a form by which one file of at most MaxDocumentSize may be sent to the key during life. S3 sends the browser
// to back once it has the file, with the key in the query. A browser without JavaScript can use it, where Upload needs a
// PUT. Whoever holds the form may use it (S3, "Authenticating requests in browser-based uploads").
func (b *Bucket) Form(ctx context.Context, key, back string, life time.Duration) (Form, error) {
	creds, err := b.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return Form{}, fmt.Errorf("credentials: %w", err)
	}
	req, err := b.request(ctx, "POST", "", nil)
	if err != nil {
		return Form{}, err
	}
	now := b.now().UTC()
	day := now.Format("20060102")
	fields := []Field{{"key", key}, {"success_action_redirect", back}, {"x-amz-algorithm", "AWS4-HMAC-SHA256"},
		{"x-amz-credential", creds.AccessKeyID + "/" + day + "/" + b.cfg.Region + "/s3/aws4_request"},
		{"x-amz-date", now.Format("20060102T150405Z")}}
	if creds.SessionToken != "" {
		fields = append(fields, Field{"x-amz-security-token", creds.SessionToken})
	}
	conditions := []any{map[string]string{"bucket": b.name}, []any{"content-length-range", 1, porting.MaxDocumentSize}}
	for _, f := range fields {
		conditions = append(conditions, map[string]string{f.Name: f.Value})
	}
	text, err := json.Marshal(map[string]any{"expiration": now.Add(life).Format("2006-01-02T15:04:05Z"), "conditions": conditions})
	if err != nil {
		return Form{}, fmt.Errorf("write the policy of a form: %w", err)
	}
	policy := base64.StdEncoding.EncodeToString(text)
	sign := []byte("AWS4" + creds.SecretAccessKey)
	for _, part := range []string{day, b.cfg.Region, "s3", "aws4_request", policy} {
		mac := hmac.New(sha256.New, sign)
		mac.Write([]byte(part))
		sign = mac.Sum(nil)
	}
	return Form{URL: req.URL.String(), Fields: append(fields, Field{"policy", policy}, Field{"x-amz-signature", hex.EncodeToString(sign)})}, nil
}

// Origin is the origin of the bucket's addresses, which a page has to name before a form may be sent there.
func (b *Bucket) Origin() string {
	req, err := b.request(context.Background(), "GET", "", nil)
	if err != nil {
		return ""
	}
	return req.URL.Scheme + "://" + req.URL.Host
}
