package stack

import (
	"html/template"
	"net/http"
	"slices"
)

// mailbox shows the mails that SES has taken, the newest first, as their readers see them.
func (s *Stack) mailbox(w http.ResponseWriter, r *http.Request) {
	all, err := s.File.Mails(r.Context())
	if err != nil {
		http.Error(w, "The mails can't be read: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	slices.Reverse(all)
	data := struct {
		Mails []Mail
		Shown *Mail
	}{Mails: all}
	for i, m := range all {
		if m.ID == r.URL.Query().Get("id") {
			data.Shown = &all[i]
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = mailboxPage.Execute(w, data) // it fails only where the reader has gone
}

// Frame is the mail's HTML for a frame, whose links open in the whole window.
func (m Mail) Frame() string { return `<base target="_top">` + m.HTML }

var mailboxPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{with .Shown}}{{.Subject}}{{else}}Mails{{end}}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
li{margin:.4rem 0}
iframe{width:100%;height:48rem;border:1px solid #888;background:#fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
</style>
</head>
<body>
{{with .Shown}}<p><a href="/mail">All mails</a></p>
<h1>{{.Subject}}</h1>
<p>From {{.From}} to {{range .To}}{{.}} {{end}}</p>
<iframe title="The mail" sandbox="allow-top-navigation-by-user-activation" srcdoc="{{.Frame}}"></iframe>
<details><summary>As plain text</summary><pre>{{.Text}}</pre></details>
{{else}}<h1>Mails</h1>
<ul>{{range .Mails}}<li><a href="/mail?id={{.ID}}">{{.Subject}}</a> to {{range .To}}{{.}} {{end}}</li>
{{else}}<li>There are none yet.</li>{{end}}</ul>{{end}}
</body>
</html>
`))
