package page

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/link"
	"portway/internal/porting"
)

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// codeData is the screen that asks for the mailed code.
type codeData struct {
	frame
	Masked  string
	Sent    bool
	Shown   string // the code itself, in a sandbox
	Problem string
	Next    string
	Send    formMark
	Enter   formMark
}

// toCode leads to the code, and from there back to the screen that needs it.
func (v *visit) toCode(next string) reply {
	r := v.to("code")
	r.redirect += "?next=" + next
	return r
}

// next is the screen that the code opens. Any other word leads to the page itself.
func (v *visit) next() string {
	next := v.form.Get("next")
	if next == "" {
		next = v.in.QueryStringParameters["next"]
	}
	if s, ok := screens()[next]; ok && s.verb.Weighty() {
		return next
	}
	return ""
}

func showCode(_ context.Context, v *visit) (reply, error) { return v.code(http.StatusOK, "") }

func (v *visit) code(status int, problem string) (reply, error) {
	d := codeData{frame: v.frame(titleCode), Masked: masked(v.link.To), Problem: problem, Next: v.next(),
		Send: v.mark("mail"), Enter: v.mark("code")}
	d.Sent = v.link.Code.Nonce != "" && v.now.Sub(v.link.Code.Sent) < link.CodeLife
	if d.Sent && v.order.Sandbox {
		d.Shown = v.link.Digits(v.token)
	}
	d.Error = problem != ""
	return v.show(status, "code", d)
}

// mailCode mails a code. In a sandbox no mail is sent, and the page shows the code itself.
func mailCode(ctx context.Context, v *visit) (reply, error) {
	if v.link.To == "" {
		return reply{}, errNothing
	}
	l, err := v.link.SendCode(v.Random, v.now)
	if err != nil {
		return v.codeRefused(err)
	}
	if err := v.Links.Store.SaveLink(ctx, l, nil); err != nil {
		return reply{}, err
	}
	if !v.order.Sandbox {
		subject, text, html := codeMail(l.Digits(v.token), v.numbersLine())
		if err := v.Post.Mail(ctx, l.To, subject, text, html); err != nil {
			return reply{}, fmt.Errorf("mail a code: %w", err)
		}
	}
	return v.toCode(v.next()), nil
}

func (v *visit) codeRefused(err error) (reply, error) {
	var e *porting.Error
	if !errors.As(err, &e) {
		return reply{}, err
	}
	return v.code(http.StatusUnprocessableEntity, e.Message)
}

// takeCode tries a code, and opens a session with the right one.
func takeCode(ctx context.Context, v *visit) (reply, error) {
	digits := strings.Map(func(c rune) rune {
		if strings.ContainsRune(" -", c) {
			return -1
		}
		return c
	}, v.text("code"))
	l, secret, refused := v.link.Enter(v.token, digits, v.Random, v.now)
	if l.Version != v.link.Version { // the try counts
		if err := v.Links.Store.SaveLink(ctx, l, nil); err != nil {
			return reply{}, err
		}
		v.link = l
	}
	if refused != nil {
		return v.codeRefused(refused)
	}
	r := v.to(v.next())
	r.cookie = (&http.Cookie{Name: v.cookieName(), Value: secret, Path: "/", MaxAge: int(link.SessionLife.Seconds()), Secure: true,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}).String()
	return r, nil
}

// renew mails a fresh link to the address that the old one went to, and says the same whatever the token is. A link that
// was revoked stays so.
func (p *Page) renew(ctx context.Context, in events.APIGatewayProxyRequest, text string) (reply, error) {
	sent := reply{status: http.StatusOK, html: renewedPage()}
	token, ok := link.ParseToken(text)
	if !ok {
		return sent, nil
	}
	l, err := p.Links.Store.Link(ctx, token.Order(), token.ID())
	if porting.Is(err, porting.NotFound) || err == nil && (l.To == "" || !l.Revoked.IsZero() || !l.Expires.IsZero()) {
		return sent, nil
	}
	if err != nil {
		return reply{}, err
	}
	o, err := p.Book.Store.Load(ctx, l.Order)
	if err != nil {
		return reply{}, err
	}
	now := p.Book.Time()
	// A token that never was ours asks for nothing. An old one of ours does: the link's earlier tokens are known by remaking them.
	was, err := p.Links.Was(ctx, l, token)
	if err != nil {
		return reply{}, err
	}
	if !was || l.Access(o, now) == link.Closed || now.Sub(l.Code.Sent) < link.CodePause {
		return sent, nil
	}
	l, fresh, err := p.Links.Renew(ctx, l, now)
	if porting.Is(err, porting.Stale) {
		return sent, nil // another request has just renewed it
	}
	if err != nil || o.Sandbox {
		return sent, err
	}
	subject, plain, html := linkMail(p.address(in, fresh), numbersLine(o))
	if err := p.Post.Mail(ctx, l.To, subject, plain, html); err != nil {
		return reply{}, fmt.Errorf("mail a fresh link: %w", err)
	}
	return sent, nil
}

// masked shows of a mail address what its owner needs to know it by.
func masked(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if local == "" {
		return ""
	}
	return string([]rune(local)[:1]) + "…@" + domain
}

// takeComment writes a comment. The same words as the person's last comment are the second click of one button.
func takeComment(ctx context.Context, v *visit) (reply, error) {
	words := porting.TidyLines(v.form.Get("text"))
	if last, ok := v.lastComment(); ok && last == words {
		return v.to(""), nil
	}
	_, err := v.Book.Do(ctx, v.order.ID, porting.Comment{By: v.link.By(), Text: words})
	if faults := faultsOf(err); len(faults) > 0 {
		return v.status(http.StatusUnprocessableEntity, faults[0].Message, v.form.Get("text"))
	}
	if err != nil {
		return reply{}, err
	}
	return v.to(""), nil
}

func (v *visit) lastComment() (string, bool) {
	for _, e := range slices.Backward(v.comments) {
		if e.Kind == porting.Commented && e.By.Role == porting.Customer {
			return e.Message.Text, true
		}
	}
	return "", false
}

func faultsOf(err error) porting.Faults {
	var e *porting.Error
	if errors.As(err, &e) {
		return e.Faults
	}
	return nil
}
