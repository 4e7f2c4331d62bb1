package page

import (
	"crypto/sha256"
	_ "embed" // the style sheet and the tables of words
	"encoding/base64"
	"html"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"portway/internal/account"
	"portway/internal/porting"
	"portway/internal/text"
)

//go:embed style.css
var styleText string

// styleHash names the style sheet in the policy. Its text stands between the tags as it is.
var styleHash = hashOf(styleText)

func hashOf(style string) string {
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}

//go:embed es.txt
var spanish string

//go:embed fr.txt
var french string

// words are the translations of the page's own sentences.
var words = text.NewTable(spanish, french)

// sheet writes pages in one language. Its path is that of the page which a person looks at.
type sheet struct {
	*text.Catalogue
	looks account.Looks
	path  string // of the page, with its token
	at    string // of the screen that is shown
}

// languageCookie keeps the language that a person has chosen on a page.
const languageCookie = "__Host-portway-language"

// chosen is the language that the person has chosen: by the address of the request, or before by a cookie.
func chosen(in events.APIGatewayProxyRequest) porting.Language {
	if l, ok := porting.ParseLanguage(in.QueryStringParameters["lang"]); ok {
		return l
	}
	l, _ := porting.ParseLanguage(cookie(in, languageCookie))
	return l
}

// accepted is the first language of ours among those that the browser names.
func accepted(in events.APIGatewayProxyRequest) porting.Language {
	for tag := range strings.SplitSeq(header(in, "Accept-Language"), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := porting.ParseLanguage(tag); ok {
			return l
		}
	}
	return porting.English
}

// languageKept is the cookie of a language.
func languageKept(l porting.Language) string {
	return (&http.Cookie{Name: languageCookie, Value: string(l), Path: "/", MaxAge: 90 * 24 * 3600, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode}).String()
}

func catalogue(l porting.Language) *text.Catalogue { return text.In(l, words) }

// frame is what stands around the content of a screen.
type frame struct {
	title string
	// wrong says that the screen tells of something to be put right; its title begins with it.
	wrong bool
	back  bool // the way back to the page is shown
	bare  bool // nothing stands below: an LOA has nothing beside it (47 CFR 64.1130(b))
}

// write makes a whole page.
func (s sheet) write(f frame, content ...markup) []byte {
	title := f.title
	if f.wrong {
		title = s.Say("Error: {title}", "title", f.title)
	}
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"" + string(s.Language()) + "\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n" +
		"<meta name=\"format-detection\" content=\"telephone=no\">\n<meta name=\"robots\" content=\"noindex\">\n" +
		"<title>" + html.EscapeString(title) + "</title>\n<style>" + styleText + "</style>\n")
	if own := ownStyle(s.looks); own != "" {
		b.WriteString("<style>" + own + "</style>\n")
	}
	b.WriteString("</head>\n<body>\n")
	if s.looks.Name != "" {
		b.WriteString(string(el("header", el("p", class("brand"), s.looks.Name))) + "\n")
	}
	top := []markup{hyperlink("#main", s.Say("Skip to the page"), class("skip"))}
	if f.back {
		top = append(top, el("p", class("back"), hyperlink(s.path, s.Say("Back to your order"))))
	}
	b.WriteString(string(el("div", class("top"), top)) + "\n<main id=\"main\">\n")
	b.WriteString(string(all(content...)))
	b.WriteString("</main>\n")
	if !f.bare {
		b.WriteString(string(s.foot(f.back)))
	}
	b.WriteString("</body>\n</html>\n")
	return []byte(b.String())
}

// foot has the help, which stands at the same place on every screen, and the languages.
func (s sheet) foot(help bool) markup {
	var languages []markup
	for _, l := range porting.Languages() {
		name := text.Name(l)
		if l == s.Language() {
			languages = append(languages, el("li", at("aria-current", "true"), name))
			continue
		}
		languages = append(languages, el("li", hyperlink(s.at+"?lang="+string(l), name, at("lang", string(l)), at("hreflang", string(l)))))
	}
	said := s.Say("This page is yours alone: do not pass its address on.")
	if help {
		said = s.Say("Do you need help? Write to our porting desk under “Messages” on the page of your order.") + " " + said
	}
	own := markup("")
	if s.looks.Footer != "" {
		own = el("p", s.looks.Footer)
	}
	return all(el("footer", own, el("p", said), el("nav", at("aria-label", s.Say("Language")), el("ul", class("languages"), languages))))
}

// mistake is what is wrong with one field; without a field it is about the whole form.
type mistake struct{ field, words string }

// problems stand at the top of a screen, and lead to their fields.
func (s sheet) problems(found []mistake) markup {
	if len(found) == 0 {
		return ""
	}
	var list []markup
	for _, p := range found {
		if p.field == "" {
			list = append(list, el("li", p.words))
			continue
		}
		list = append(list, el("li", hyperlink("#"+p.field, p.words)))
	}
	return el("div", class("bad"), at("role", "alert"), el("h2", s.Say("There is a problem")), el("ul", list))
}

// policy lets a page show our style sheet and the account's, and send forms to us and to the bucket, and nothing else: no
// script, no picture, nothing from elsewhere.
func policy(bucket, own string) string {
	forms := "'self'"
	if bucket != "" {
		forms += " " + bucket
	}
	style := "'sha256-" + styleHash + "'"
	if own != "" {
		style += " 'sha256-" + hashOf(own) + "'"
	}
	return "default-src 'none'; style-src " + style + "; form-action " + forms + "; base-uri 'none'; frame-ancestors 'none'"
}

// sheetOf is the sheet for a request whose link is not known.
func (p *Page) sheetOf(in events.APIGatewayProxyRequest) sheet {
	language := chosen(in)
	if language == "" {
		language = accepted(in)
	}
	token, _ := tokenOf(in.Path)
	path := p.prefix(in) + "/p/" + token
	return sheet{Catalogue: catalogue(language), path: path, at: path}
}

// trouble is shown for a failure of ours. A form may have been carried out in part before, or in whole.
func (s sheet) trouble(sent bool) []byte {
	title, said := s.Say("Something went wrong on our side"), s.Say("Nothing was changed. Please try again in a minute.")
	if sent {
		said = s.Say("What you sent may have been done in part. Open your order in a minute and see how it stands before you send it again.")
	}
	return s.write(frame{title: title, bare: true}, el("h1", title), para(said), el("p", hyperlink(s.path, s.Say("Open your order"))))
}

// gone is shown for every link that opens nothing, whatever the cause. Its one button mails the link that works to the
// address that the old one went to.
func (s sheet) gone() []byte {
	title := s.Say("This link does not work")
	return s.write(frame{title: title}, el("h1", title), para(s.Say("The link is not complete, has ended, or was replaced by a newer one.")),
		el("form", at("method", "post"), at("action", s.path+"/renew"),
			para(s.Say("We can mail you the link that works. It goes to the address that got the old one.")),
			button(s.Say("Mail me the link"))))
}

func (s sheet) mailed() []byte {
	title := s.Say("Look into your mail")
	return s.write(frame{title: title}, el("h1", title), para(s.Say("If the order of this link can still be opened, we have mailed the "+
		"link to the address that got the old one. It takes a minute. If nothing comes, ask the company from which you have the link.")))
}

// mailHTML is a mail of a heading, sentences and perhaps a button. Both its colours stand on each cell, since mail clients
// take either over in the dark.
func (s sheet) mailHTML(heading string, sentences []string, address string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + string(s.Language()) + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<meta name="color-scheme" content="light dark"><title>` + html.EscapeString(heading) + `</title></head>` +
		`<body style="margin:0;padding:24px 16px;background:#ffffff;color:#1f2328;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px">` +
		`<div style="max-width:600px;margin:0 auto"><h1 style="margin:0 0 16px;font-size:22px;line-height:28px">` + html.EscapeString(heading) + `</h1>`)
	for _, s := range sentences {
		b.WriteString(`<p style="margin:0 0 12px">` + html.EscapeString(s) + `</p>`)
	}
	if address != "" {
		a := html.EscapeString(address)
		b.WriteString(`<table role="presentation" cellpadding="0" cellspacing="0"><tr><td bgcolor="#0b5cad" style="border-radius:6px"><a href="` + a +
			`" style="display:inline-block;padding:12px 20px;color:#ffffff;font-weight:bold;text-decoration:none">` +
			html.EscapeString(s.Say("Open your order")) + `</a></td></tr></table>` +
			`<p style="margin:16px 0 0;font-size:13px;line-height:19px;word-break:break-all">` + a + `</p>`)
	}
	b.WriteString("</div></body></html>\n")
	return b.String()
}

// codeMail is the mail with a code. Its subject has no digit of it, so that a glance at a locked telephone shows none.
func (s sheet) codeMail(digits, numbers string) (subject, text, html string) {
	subject = s.Say("Your code for the page of your port order")
	enter := s.Say("Enter {digits} on the page of your port order for {numbers}. It is valid for 15 minutes.", "digits", digits, "numbers", numbers)
	careful := s.Say("If you did not ask for it, somebody else may have your link: do not pass the code on, and write to our porting desk.")
	return subject, enter + "\n\n" + careful + "\n", s.mailHTML(subject, []string{enter, careful}, "")
}

// linkMail is the mail with the link that works.
func (s sheet) linkMail(address, numbers string) (subject, text, html string) {
	subject = s.Say("Your link to your port order")
	here := s.Say("Here is the link to the page of your port order for {numbers}.", "numbers", numbers)
	other := s.Say("Another link that you have had from us may no longer work.")
	return subject, here + "\n\n" + address + "\n\n" + other + "\n", s.mailHTML(subject, []string{here, other}, address)
}
