package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"portway/internal/lambdax"
)

// SES mails codes and fresh links through SES. It makes its one call by hand: SES's client would make the function larger
// by a fifth.
type SES struct {
	From   string // a verified address
	Config aws.Config
	HTTP   *http.Client
	Now    func() time.Time
}

// Mail sends one mail. An error tells SES's status alone, since SES's text may repeat the address.
func (s *SES) Mail(ctx context.Context, to, subject, text, html string) error {
	content := func(data string) map[string]string { return map[string]string{"Data": data, "Charset": "UTF-8"} }
	raw, err := json.Marshal(map[string]any{
		"FromEmailAddress": s.From,
		"Destination":      map[string]any{"ToAddresses": []string{to}},
		"Content": map[string]any{"Simple": map[string]any{"Subject": content(subject),
			"Body": map[string]any{"Text": content(text), "Html": content(html)}}},
	})
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	at := lambdax.Local(s.Config, "https://email."+s.Config.Region+".amazonaws.com/v2/email/outbound-emails")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	keys, err := s.Config.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("credentials: %w", err)
	}
	sum := sha256.Sum256(raw)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "ses", s.Config.Region, s.Now()); err != nil {
		return fmt.Errorf("sign a mail: %w", err)
	}
	res, err := s.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("call SES: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("SES answers %d", res.StatusCode)
	}
	return nil
}
