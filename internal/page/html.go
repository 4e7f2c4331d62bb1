package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html"
	"html/template"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

//go:embed en/*.html
var files embed.FS

//go:embed style.css
var styleText string

// style is the one style sheet, which stands in each page: a page fetches nothing.
var style = template.CSS(styleText)

// styleHash names the style sheet in the policy. Its text stands between the tags as it is.
var styleHash = func() string {
	sum := sha256.Sum256([]byte(styleText))
	return base64.StdEncoding.EncodeToString(sum[:])
}()

var templates = template.Must(template.ParseFS(files, "en/*.html"))

// policy lets a page show its own style sheet and send forms to us and to the bucket, and nothing else: no script, no
// picture, nothing from elsewhere.
func policy(bucket string) string {
	forms := "'self'"
	if bucket != "" {
		forms += " " + bucket
	}
	return "default-src 'none'; style-src 'sha256-" + styleHash + "'; form-action " + forms + "; base-uri 'none'; frame-ancestors 'none'"
}

// fixed makes a page without facts of an order.
func fixed(name string, data any) []byte {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(err) // the template is fixed
	}
	return b.Bytes()
}

func troublePage() []byte {
	return fixed("trouble", frame{Title: "Something went wrong on our side", Style: style})
}

// gonePage is shown for every link that opens nothing, whatever the cause. Its one button mails a fresh link to the address
// that the old one went to.
func (p *Page) gonePage(in events.APIGatewayProxyRequest) []byte {
	token, _ := tokenOf(in.Path)
	return fixed("gone", frame{Title: "This link does not work", Path: p.prefix(in) + "/p/" + token, Style: style})
}

func renewedPage() []byte {
	return fixed("renewed", frame{Title: "Look into your mail", Style: style})
}

// mailHTML is a mail of a heading, sentences and perhaps a button. Both its colours stand on each cell, since mail clients
// take either over in the dark.
func mailHTML(heading string, sentences []string, address string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<meta name="color-scheme" content="light dark"><title>` + html.EscapeString(heading) + `</title></head>` +
		`<body style="margin:0;padding:24px 16px;background:#ffffff;color:#1f2328;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:22px">` +
		`<div style="max-width:600px;margin:0 auto"><h1 style="margin:0 0 16px;font-size:22px;line-height:28px">` + html.EscapeString(heading) + `</h1>`)
	for _, s := range sentences {
		b.WriteString(`<p style="margin:0 0 12px">` + html.EscapeString(s) + `</p>`)
	}
	if address != "" {
		a := html.EscapeString(address)
		b.WriteString(`<table role="presentation" cellpadding="0" cellspacing="0"><tr><td bgcolor="#0b5cad" style="border-radius:6px"><a href="` + a +
			`" style="display:inline-block;padding:12px 20px;color:#ffffff;font-weight:bold;text-decoration:none">Open your order</a></td></tr></table>` +
			`<p style="margin:16px 0 0;font-size:13px;line-height:19px;word-break:break-all">` + a + `</p>`)
	}
	b.WriteString("</div></body></html>\n")
	return b.String()
}
