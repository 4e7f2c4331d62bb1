package page

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/text"
)

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// toCode leads to the code, and from there back to the screen that needs it.
func (v *visit) toCode(next string) reply {
	r := v.to("code")
	r.redirect += "?next=" + url.QueryEscape(next)
	return r
}

// nextScreen is the screen that the code opens. Any other word leads to the page itself.
func (v *visit) nextScreen() string {
	next := v.form.Get("next")
	if next == "" {
		next = v.in.QueryStringParameters["next"]
	}
	name, id, _ := strings.Cut(next, "/")
	_, file := v.order.Document(porting.DocumentID(id))
	if s, ok := screens()[name]; ok && s.get != nil && name != "code" && (next == name || name == "file" && file) {
		return next
	}
	return ""
}

func showCode(_ context.Context, v *visit) (reply, error) { return v.code(http.StatusOK, "") }

// code is the screen that asks for the mailed code. In a sandbox it shows the code itself.
func (v *visit) code(status int, wrong string) (reply, error) {
	title, next := v.Say("Show that it is you"), hidden("next", v.nextScreen())
	var found []mistake
	if wrong != "" {
		found = []mistake{{"code", wrong}}
	}
	page := []markup{v.problems(found), el("h1", title)}
	switch sent := v.link.Code.Nonce != "" && v.now.Sub(v.link.Code.Sent) < link.CodeLife; {
	case v.link.To == "":
		page = append(page, para(v.Say("Only a link that came by mail can do this. Ask the company from which you have the link.")))
	case sent:
		page = append(page, para(v.Say("We have mailed a code of six digits to {address}. It is valid for 15 minutes.", "address", masked(v.link.To))))
		if v.order.Sandbox {
			page = append(page, el("p", class("note"), v.Say("This order is a trial, so nothing is mailed. The code is {digits}.", "digits",
				v.link.Digits(v.token))))
		}
		page = append(page,
			v.formOf("code", next, input{id: "code", label: v.Say("Code"), code: true, auto: "one-time-code"}.html(), button(v.Say("Continue"))),
			v.formOf("mail", next, second(v.Say("Mail me another code"))))
	default:
		page = append(page, para(v.Say("Before you go on, we mail a code to {address}, so that nobody who only has your link can do it for you.",
			"address", masked(v.link.To))),
			v.formOf("mail", next, el("p", el("button", at("id", "code"), v.Say("Mail me the code")))))
	}
	return v.show(status, frame{title: title, wrong: wrong != "", back: true}, page...)
}

// mailCode mails a code. In a sandbox no mail is sent.
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
	v.link = l
	if !v.order.Sandbox {
		subject, text, html := v.codeMail(l.Digits(v.token), v.Numbers(v.order.Active()))
		if err := v.Post.Mail(ctx, l.To, subject, text, html); err != nil {
			slog.ErrorContext(ctx, "a code was not mailed", "link", l.ID, "order", l.Order, "error", err)
			return v.code(http.StatusServiceUnavailable, v.Say("The mail with the code could not be sent. Ask for another code in a minute."))
		}
	}
	return v.toCode(v.nextScreen()), nil
}

func (v *visit) codeRefused(err error) (reply, error) {
	var e *porting.Error
	if !errors.As(err, &e) {
		return reply{}, err
	}
	return v.code(http.StatusUnprocessableEntity, v.Translate(e.Message))
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
	r := v.to(v.nextScreen())
	r.cookie = (&http.Cookie{Name: v.cookieName(), Value: secret, Path: "/", MaxAge: int(link.SessionLife.Seconds()), Secure: true,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}).String()
	return r, nil
}

// remind mails the link that works to the address that an old one went to, and says the same whatever the token is. It makes
// no new link, so that who has an old link can end nobody's session. A link that was revoked stays so.
func (p *Page) remind(ctx context.Context, in events.APIGatewayProxyRequest, text string) (reply, error) {
	s := p.sheetOf(in)
	sent := reply{status: http.StatusOK, html: s.mailed()}
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
	// A token that never was ours asks for nothing. An old one of ours does: the link's earlier tokens are known by remaking them.
	was, err := p.Links.Was(ctx, l, token)
	if err != nil {
		return reply{}, err
	}
	now := p.Book.Time()
	l, mails := l.Remind(now)
	if !was || !mails || l.Access(o, now) == link.Closed {
		return sent, nil
	}
	err = p.Links.Store.SaveLink(ctx, l, nil)
	if porting.Is(err, porting.Stale) {
		return sent, nil // another request has just mailed it
	}
	if err != nil || o.Sandbox {
		return sent, err
	}
	return sent, p.mailLink(ctx, in, s, l, o)
}

// mailLink mails the present token of a link.
func (p *Page) mailLink(ctx context.Context, in events.APIGatewayProxyRequest, s sheet, l link.Link, o porting.Order) error {
	t, err := p.Links.Token(ctx, l)
	if err != nil {
		return err
	}
	subject, plain, html := s.linkMail(p.address(in, t), s.Numbers(o.Active()))
	return p.Post.Mail(ctx, l.To, subject, plain, html)
}

// masked shows of a mail address what its owner needs to know it by.
func masked(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if local == "" {
		return ""
	}
	return string([]rune(local)[:1]) + "…@" + domain
}

// showSettings has what concerns the link and not the order: the language, who gets mail, and another link.
func showSettings(_ context.Context, v *visit) (reply, error) {
	title := v.Say("Language, mail and your link")
	var languages []choice
	for _, l := range porting.Languages() {
		languages = append(languages, choice{value: string(l), label: text.Name(l), chosen: l == v.Language()})
	}
	page := []markup{el("h1", title),
		v.formOf("settings", radios("language", "language", v.Say("In which language do you want this page?"), languages), button(v.Say("Keep this language")))}
	if v.link.To != "" {
		page = append(page, el("h2", v.Say("Who gets mail")),
			para(v.Say("Mail about this order goes to {address}, and to the other contacts of the company that made the order. To have it sent "+
				"elsewhere, write to our porting desk.", "address", masked(v.link.To))),
			el("h2", v.Say("Another link")),
			para(v.Say("If somebody else may have your link, have it replaced. We mail the new one to {address}, and this one opens nothing any more.",
				"address", masked(v.link.To))),
			v.formOf("replace", second(v.Say("Replace my link"))))
	}
	return v.show(http.StatusOK, frame{title: title, back: true}, page...)
}

func takeSettings(ctx context.Context, v *visit) (reply, error) {
	l, ok := porting.ParseLanguage(v.form.Get("language"))
	if !ok {
		return showSettings(ctx, v)
	}
	if v.link.Language != l {
		v.link.Language = l
		v.link.Version++
		if err := v.Links.Store.SaveLink(ctx, v.link, nil); err != nil {
			return reply{}, err
		}
	}
	r := v.done("kept")
	r.language = l
	return r, nil
}

// takeReplace gives the person another link, which goes to the known address. It needs the code, as everything of weight.
func takeReplace(ctx context.Context, v *visit) (reply, error) {
	if v.link.To == "" {
		return reply{}, errNothing
	}
	l, t, err := v.Links.Renew(ctx, v.link, v.now)
	if err != nil {
		return reply{}, err
	}
	if v.order.Sandbox {
		r := v.to("")
		r.redirect = v.prefix(v.in) + "/p/" + t.Reveal()
		return r, nil
	}
	if err := v.mailLink(ctx, v.in, v.sheet, l, v.order); err != nil {
		slog.ErrorContext(ctx, "a new link was not mailed", "link", l.ID, "order", l.Order, "error", err)
		return v.plain(http.StatusServiceUnavailable, v.Say("The mail could not be sent"),
			v.Say("Your old link opens nothing any more. Open it in a minute, and have the link that works mailed to you."))
	}
	return v.plain(http.StatusOK, v.Say("Look into your mail"), v.Say(doneWords["replaced"]))
}

// takeComment writes a comment. The same words as the person's last comment are the second click of one button.
func takeComment(ctx context.Context, v *visit) (reply, error) {
	words := porting.TidyLines(v.form.Get("text"))
	if last, ok := v.lastComment(); ok && last == words {
		return v.to(""), nil
	}
	_, err := v.Book.Do(ctx, v.order.ID, porting.Comment{By: v.link.By(), Text: words})
	if faults := faultsOf(err); len(faults) > 0 {
		return v.status(http.StatusUnprocessableEntity, v.fault(faults[0]), v.form.Get("text"))
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
