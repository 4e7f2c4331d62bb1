// Package mail tells customers by mail what happened to their port orders and webhooks. [Composer] writes a mail from
// an event, [Sender] sends it once through SES, [Notifier] does both as the effect of an event, [Sandbox] keeps the
// mail of sandboxes in place of sending it, and [Feedbacks] acts on what SES tells of sent mail. Start reading at
// mails.go, whose table leads to the text of every mail.
//
// The package knows the domain and the interface of SES. It knows no store: [Records] and the functions that find an
// account's addresses come by parameter.
//
// A mail is written as a list of blocks, from which both its plain text and its HTML are made. So the two can't say
// different things, and every text of others is escaped in one place. Go's template packages would do the same for 4.6
// MB more in the function's binary: they reach methods by name, and the linker then keeps every operation of every AWS
// client.
package mail

import (
	_ "embed" // es.txt and fr.txt
	"fmt"
	"html"
	"slices"
	"strings"

	"portway/internal/porting"
	"portway/internal/text"
)

// Table has the translations of the mails' sentences.
var Table = text.NewTable(spanish, french)

//go:embed es.txt
var spanish string

//go:embed fr.txt
var french string

// Composer writes mails.
type Composer struct {
	Rules porting.Rules // for the life of an order, and for the desk's time zone, in which mails tell times
	// API is the base address of the API, with the version and without a slash at its end: https://api.example.com/v2.
	API string
	// Language is the reader's; empty for English.
	Language porting.Language
}

// Message is a mail that is ready to go.
type Message struct {
	Key     Key
	Subject string
	Text    string
	HTML    string
}

// Compose writes the mail that follows from e, which happened to o. The mail says how things stood at the event; o may
// have gone on since. page is the address of the order's page for the mail's one reader, to which a button leads; where it
// is empty, the mail shows the calls of the API instead. The mail holds no secret of the order: no PIN, account number or
// SSN digits. The only error is an event of which no mail tells.
func (c Composer) Compose(e porting.Event, o porting.Order, page string) (Message, error) {
	write, ok := mails[e.Kind]
	if !ok {
		return Message{}, fmt.Errorf("no mail tells of %q", e.Kind)
	}
	d := c.draft()
	d.e, d.o, d.page = e, o, page
	write(d)
	d.link()
	subject := line(first(d.about) + ": " + d.which())
	last := d.say("To see the order and its history, call {call}", "call", "GET "+c.API+d.path(""))
	if page != "" {
		last = d.say("The link is yours alone: do not pass it on. Answers to this mail are not read. Write to our porting desk on the page " +
			"of the order.")
	}
	d.footer(last)
	return Message{Key: OrderKey(e.Order, e.Version), Subject: subject, Text: asText(d.blocks),
		HTML: asHTML(frame{subject: subject, language: d.words.Language(), status: first(d.status()), tone: tones[e.Status]}, d.blocks)}, nil
}

// For returns the composer of mails in the language of their reader.
func (c Composer) For(r Reader) Composer {
	c.Language = r.Language
	return c
}

// draft begins a mail.
func (c Composer) draft() *draft {
	d := &draft{Composer: c, words: text.English}
	if c.Language != "" && c.Language != porting.English {
		d.words = text.In(c.Language, Table)
	}
	return d
}

// OwnLink stands for the address of the page where a mail is shown to somebody else than its reader.
const OwnLink = "(the reader's own link)"

// footer says from whom a mail comes, and why its reader gets it.
func (d *draft) footer(last string) {
	d.blocks = append(d.blocks, block{as: foot, text: d.say("This mail comes from Portway's porting desk. You get it because your account "+
		"names this address for porting mail.") + " " + last})
}

// form says how a block is shown.
type form int

const (
	heading form = iota
	para
	facts
	quote
	code
	foot
	button
)

// block is a piece of a mail: a text, rows of facts, or a button with the address to which it leads.
type block struct {
	as   form
	text string
	rows [][2]string
	link string
}

// width is where the lines of a plain text break (RFC 5322, 2.1.1: at most 78 characters).
const width = 76

func asText(blocks []block) string {
	var b strings.Builder
	wide := 9 // of the names of facts
	for _, bl := range blocks {
		for _, row := range bl.rows {
			wide = max(wide, len([]rune(row[0]))+2)
		}
	}
	for i, bl := range blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		switch bl.as {
		case heading:
			s := line(bl.text)
			fmt.Fprintf(&b, "%s\n%s\n", s, strings.Repeat("-", len([]rune(s))))
		case facts:
			for _, row := range bl.rows {
				name := row[0] + ":"
				wrap(&b, name+strings.Repeat(" ", wide-len([]rune(name))), strings.Repeat(" ", wide), line(row[1]))
			}
		case quote:
			wrap(&b, "> ", "> ", line(bl.text))
		case code:
			for s := range strings.SplitSeq(bl.text, "\n") {
				b.WriteString(strings.TrimRight("    "+s, " ") + "\n")
			}
		case button:
			b.WriteString(line(bl.text) + ":\n" + bl.link + "\n") // never broken, so that it can be clicked
		case foot:
			b.WriteString("-- \n") // the signature mark of RFC 3676, 4.3
			wrap(&b, "", "", line(bl.text))
		default:
			wrap(&b, "", "", line(bl.text))
		}
	}
	return b.String()
}

// wrap breaks s between words; the first line begins with first, the others with rest.
func wrap(b *strings.Builder, first, rest, s string) {
	at := len([]rune(first))
	b.WriteString(first)
	for i, word := range strings.Fields(s) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case at+1+n > width:
			b.WriteString("\n" + rest)
			at = len([]rune(rest))
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	b.WriteByte('\n')
}

// frame is what a mail's HTML has around its blocks.
type frame struct {
	subject  string
	language porting.Language
	status   string // words of the band above the heading; empty for none
	tone     tone
}

// tone is the colour of the band: its ground, which bears white letters in light and dark alike.
type tone string

// The tones: a matter that goes its way, one that waits for the reader, one that is done, and one that has ended. Each has a
// contrast of at least 4.5 to white (WCAG 2.2, 1.4.3).
const (
	going tone = "#0b5cad"
	waits tone = "#8a4b00"
	done  tone = "#17693a"
	ended tone = "#4b5563"
)

var tones = map[porting.Status]tone{
	porting.Pending: waits, porting.Processing: going, porting.Submitted: going, porting.Review: going, porting.Accepted: going,
	porting.Rejected: waits, porting.Completed: done, porting.Cancelled: ended, porting.Abandoned: ended, porting.HardCanceled: ended,
}

// dark are the colours of mail programs that know the reader's choice; the others keep those on the elements.
const dark = `:root{color-scheme:light dark;supported-color-schemes:light dark}` +
	`@media (prefers-color-scheme:dark){.page{background:#14171a!important;color:#e6e8ea!important}.quiet{color:#a9b1ba!important}` +
	`.code{background:#22272e!important}.line{border-color:#3d444d!important}a.url{color:#7db7ff!important}}`

// preheader is how many letters of the first sentences mail programs show behind the subject.
const preheader = 140

// asHTML writes one column with its styles on the elements, which every mail client shows alike.
func asHTML(f frame, blocks []block) string {
	const (
		font  = "font-family:Arial,Helvetica,sans-serif;"
		mono  = "font-family:Consolas,Menlo,monospace;font-size:13px;line-height:19px;"
		table = `<table role="presentation" cellpadding="0" cellspacing="0" `
	)
	var b strings.Builder
	put := func(format string, texts ...string) {
		args := make([]any, 0, len(texts))
		for _, s := range texts {
			args = append(args, html.EscapeString(s))
		}
		fmt.Fprintf(&b, format+"\n", args...)
	}
	put("<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"+
		"<meta name=\"supported-color-schemes\" content=\"light dark\">\n<meta name=\"x-apple-disable-message-reformatting\">\n"+
		"<meta name=\"format-detection\" content=\"telephone=no,date=no,address=no\">\n<title>%s</title>", string(f.language), f.subject)
	b.WriteString("<style>" + dark + "</style>\n</head>\n")
	put(`<body class="page" style="margin:0;padding:24px 16px;background:#ffffff;color:#1f2328;` + font +
		`font-size:15px;line-height:22px">`)
	if i := slices.IndexFunc(blocks, func(bl block) bool { return bl.as == para }); i >= 0 { // what a list of mails shows
		put(`<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">%s`, short(line(blocks[i].text), preheader))
		b.WriteString(strings.Repeat("&#847;&zwnj;&nbsp;", 60) + "</div>\n")
	}
	put(`<div style="max-width:600px;margin:0 auto">`)
	if f.status != "" {
		put(table+`width="100%%" style="margin:0 0 16px"><tr><td bgcolor="%s" style="padding:6px 12px;background:%s;color:#ffffff;font-size:13px;line-height:18px">%s</td></tr></table>`,
			string(f.tone), string(f.tone), f.status)
	}
	for i, bl := range blocks {
		s := line(bl.text)
		switch {
		case i == 0:
			put(`<h1 style="margin:0 0 16px;font-size:22px;line-height:28px">%s</h1>`, s)
		case bl.as == heading:
			put(`<h2 style="margin:24px 0 8px;font-size:16px;line-height:22px">%s</h2>`, s)
		case bl.as == facts:
			put(table + `style="margin:16px 0;border-collapse:collapse">`)
			for _, row := range bl.rows {
				put(`<tr><td class="quiet" style="padding:3px 16px 3px 0;color:#59636e;vertical-align:top">%s</td><td style="padding:3px 0">%s</td></tr>`, row[0], line(row[1]))
			}
			put(`</table>`)
		case bl.as == quote:
			put(`<p class="quiet line" style="margin:0 0 12px;padding:2px 0 2px 12px;border-left:3px solid #d1d9e0;color:#59636e">%s</p>`,
				s)
		case bl.as == code:
			put(`<pre class="code" style="margin:0 0 12px;padding:10px 12px;background:#f6f8fa;`+mono+`white-space:pre-wrap;word-break:break-word">%s</pre>`, bl.text)
		case bl.as == button: // a cell with a colour, and the padding on the link, which Outlook shows too (MJML's way)
			put(table+`style="margin:16px 0 8px"><tr><td bgcolor="#0b5cad" style="border-radius:6px;background:#0b5cad;mso-padding-alt:12px 20px">`+
				`<a href="%s" style="display:inline-block;padding:12px 20px;background:#0b5cad;color:#ffffff;font-weight:bold;text-decoration:none;border-radius:6px">%s</a></td></tr></table>`, bl.link, s)
			put(`<p class="quiet" style="margin:0 0 12px;color:#59636e;font-size:12px;line-height:18px;word-break:break-all">%s</p>`, bl.link)
		case bl.as == foot:
			put(`<p class="quiet line" style="margin:32px 0 0;padding-top:12px;border-top:1px solid #d1d9e0;color:#59636e;font-size:12px;line-height:18px">%s</p>`, s)
		default:
			put(`<p style="margin:0 0 12px">%s</p>`, s)
		}
	}
	b.WriteString("</div>\n</body>\n</html>\n")
	return b.String()
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
