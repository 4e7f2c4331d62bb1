package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"portway/internal/account"
	"portway/internal/link"
	"portway/internal/orders"
	"portway/internal/porting"
)

// linkAttributes is a link to the order's page. Its address stands in the one answer that made it.
type linkAttributes struct {
	URL     *string  `json:"url,omitempty"`
	Email   *string  `json:"email"`
	Scope   []string `json:"scope"`
	State   string   `json:"state"` // open, read_only or ended
	Created string   `json:"created_at"`
	Expires *string  `json:"expires_at"`
	Revoked *string  `json:"revoked_at"`
	Return  *string  `json:"return_url"`
}

// maxLinks is how many links an order may have.
const maxLinks = 50

// withoutEmail is the scope of a link for which no other is asked, and which has no address for codes.
var withoutEmail = link.Scope{link.See, link.Comment, link.Upload}

func (a *API) linkOf(r *request, o porting.Order, l link.Link) resource {
	state := map[link.Access]string{link.Opens: "open", link.Reads: "read_only", link.Closed: "ended"}[l.Access(o, a.book.Time())]
	attrs := linkAttributes{Email: orNull(l.To), Scope: []string{}, State: state, Created: *stamp(l.Created), Expires: stamp(l.Expires),
		Revoked: stamp(l.Revoked), Return: orNull(l.Return)}
	for _, v := range l.Scope {
		attrs.Scope = append(attrs.Scope, string(v))
	}
	return resource{Type: "link", ID: l.ID, Attributes: attrs}
}

// listLinks is GET /v2/portorders/{order}/links: those of mails too.
func (a *API) listLinks(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	found, err := a.links.Store.Links(ctx, o.ID)
	if err != nil {
		return reply{}, err
	}
	all := []resource{}
	for _, l := range found {
		all = append(all, a.linkOf(r, o, l))
	}
	return versioned(http.StatusOK, document{Data: all, Links: r.self("/" + string(o.ID) + "/links")}, o.Version), nil
}

// createLink is POST /v2/portorders/{order}/links: a link for the account's own portal.
func (a *API) createLink(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.optional("link")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "email", "scope", "expires_at", "return_url")
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	if err := r.fits(o); err != nil {
		return reply{}, err
	}
	l := link.Link{Order: o.ID, Account: o.Account}
	a.readLink(attrs, r.scopes, &fs, &l)
	if l.Scope.Has(link.Sign) {
		if err := r.may(account.ScopeSign); err != nil {
			return reply{}, err
		}
	}
	if err := fs.Err(); err != nil {
		return reply{}, err
	}
	have, err := a.links.Store.Links(ctx, o.ID)
	if err != nil {
		return reply{}, err
	}
	have = slices.DeleteFunc(have, func(l link.Link) bool { return l.Access(o, a.book.Now()) == link.Closed })
	if len(have) >= maxLinks {
		return reply{}, refuse(http.StatusConflict, codeTooManyLinks, "The order has 50 links that open its page. Revoke one of them.")
	}
	l, token, err := a.links.Draft(ctx, l)
	if err != nil {
		return reply{}, err
	}
	made := a.linkOf(r, o, l)
	out := versioned(http.StatusCreated, document{Data: made}, o.Version)
	if r.dry {
		made.ID = ""
		out.body = document{Data: made}
		return validated(out), nil
	}
	shown := made.Attributes.(linkAttributes)
	shown.URL = orNull(a.pages + "/p/" + token.Reveal())
	made.Attributes = shown
	out.body = document{Data: made}
	return r.commit(out, func(receipt *orders.Receipt) error { return a.links.Store.SaveLink(ctx, l, receipt) })
}

// readLink reads the attributes of a new link. Unless a scope is sent, the link of a key that may not sign does not sign
// either.
func (a *API) readLink(attrs object, of account.Scopes, fs *porting.Faults, l *link.Link) {
	if v, ok := attrs.text(fs, "email", "email"); ok && v != "" {
		if l.To = porting.TidyForm(v); porting.MailFault(l.To) != "" {
			fs.Add("email", porting.BadFormat, porting.MailFault(l.To))
		}
	}
	l.Scope = withoutEmail
	if l.To != "" {
		l.Scope = link.Verbs()
		if !of.Has(account.ScopeSign) {
			l.Scope = slices.DeleteFunc(l.Scope, func(v link.Verb) bool { return v == link.Sign })
		}
	}
	if v, there := attrs.values["scope"]; there && v != nil {
		l.Scope = readScope(v, fs)
	}
	for i, verb := range l.Scope {
		if verb.Weighty() && l.To == "" {
			fs.Add("scope/"+itoa(i), porting.NotAllowed, "Give email too, since whoever does this proves by a mailed code who asks.")
		}
	}
	if v, ok := attrs.text(fs, "expires_at", "expires_at"); ok && v != "" {
		at, err := time.Parse(time.RFC3339, v)
		now := a.book.Now()
		switch {
		case err != nil:
			fs.Add("expires_at", porting.BadFormat, "Give a time such as 2027-03-02T17:00:00Z.")
		case !at.After(now) || at.After(now.AddDate(1, 0, 0)):
			fs.Add("expires_at", porting.OutOfRange, "Give a time within the next year.")
		default:
			l.Expires = at.UTC()
		}
	}
	if v, ok := attrs.text(fs, "return_url", "return_url"); ok && v != "" {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(v) > 2000 || porting.LineFault(v) != "" {
			fs.Add("return_url", porting.BadFormat, "Give an https URL of at most 2000 characters.")
		}
		l.Return = v
	}
}

func readScope(value any, fs *porting.Faults) link.Scope {
	list, ok := value.([]any)
	if !ok {
		fs.Add("scope", wrongType, "Send a list of texts, such as [\"see\", \"comment\"].")
		return nil
	}
	scope := link.Scope{link.See}
	for i, one := range list {
		word, ok := one.(string)
		verb := link.Verb(word)
		switch {
		case !ok:
			fs.Add("scope/"+itoa(i), wrongType, "Send a text.")
		case !link.Scope(link.Verbs()).Has(verb):
			fs.Add("scope/"+itoa(i), porting.BadFormat, "Give see, comment, upload, correct, sign, date or cancel.")
		case !scope.Has(verb):
			scope = append(scope, verb)
		}
	}
	return scope
}

// revokeLink is DELETE /v2/portorders/{order}/links/{link}. A link that was revoked stays so; mail goes on without one.
func (a *API) revokeLink(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	if err := r.fits(o); err != nil {
		return reply{}, err
	}
	l, err := a.links.Store.Link(ctx, o.ID, r.params["link"])
	if err != nil {
		return reply{}, err
	}
	if !l.Revoked.IsZero() {
		return versioned(http.StatusOK, document{Data: a.linkOf(r, o, l)}, o.Version), nil
	}
	l = link.Revoke(l, a.book.Now())
	out := versioned(http.StatusOK, document{Data: a.linkOf(r, o, l)}, o.Version)
	if r.dry {
		return validated(out), nil
	}
	return r.commit(out, func(receipt *orders.Receipt) error { return a.links.Store.SaveLink(ctx, l, receipt) })
}
