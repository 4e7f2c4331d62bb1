package page

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

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
	service := &lambdax.Service{Name: "ses", URL: lambdax.Local(s.Config, "https://email."+s.Config.Region+".amazonaws.com/v2/email/outbound-emails"),
		AWS: s.Config, HTTP: s.HTTP, Now: s.Now}
	err := service.Post(ctx, map[string]any{
		"FromEmailAddress": s.From,
		"Destination":      map[string]any{"ToAddresses": []string{to}},
		"Content": map[string]any{"Simple": map[string]any{"Subject": content(subject),
			"Body": map[string]any{"Text": content(text), "Html": content(html)}}},
	})
	if err != nil {
		return fmt.Errorf("send a mail: %w", err)
	}
	return nil
}
