// Package mail tells customers by mail what happened to their port orders and webhooks. [Composer] writes a mail from
// an event, [Sender] sends it once through SES, [Notifier] does both as the effect of an event, [Sandbox] keeps the
// mail of sandboxes in place of sending it, and [Feedbacks] acts on what SES tells of sent mail. Start reading at
// mails.go, which has the text of every mail.
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
	"fmt"
	"html"
	"strings"

	"portway/internal/porting"
)

// Composer writes mails.
type Composer struct {
	Rules porting.Rules // for the life of an order, and for the desk's time zone, in which mails tell times
	// API is the base address of the API, with the version and without a slash at its end: https://api.example.com/v2.
	API string
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
	d := &draft{Composer: c, e: e, o: o, page: page}
	write(d)
	d.link()
	subject := "Port order " + string(o.ID)
	if o.Details.Alias != "" {
		subject += " (" + short(o.Details.Alias, 40) + ")"
	}
	subject = line(subject + ": " + d.about)
	last := "To see the order and its history, call GET " + c.API + d.path("")
	if page != "" {
		last = "The link is yours alone: do not pass it on."
	}
	d.blocks = append(d.blocks, block{as: foot, text: footer + last})
	return Message{Key: OrderKey(e.Order, e.Version), Subject: subject, Text: asText(d.blocks),
		HTML: asHTML(subject, d.blocks)}, nil
}

// OwnLink stands for the address of the page where a mail is shown to somebody else than its reader.
const OwnLink = "(the reader's own link)"

// footer says from whom a mail comes, and why its reader gets it.
const footer = "This mail comes from Portway's porting desk. You get it because your account names this address for " +
	"porting mail. "

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
				wrap(&b, fmt.Sprintf("%-9s", row[0]+":"), strings.Repeat(" ", 9), line(row[1]))
			}
		case quote:
			wrap(&b, "> ", "> ", line(bl.text))
		case code:
			for s := range strings.SplitSeq(bl.text, "\n") {
				b.WriteString("    " + s + "\n")
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

// asHTML writes one column with its styles on the elements, which every mail client shows alike.
func asHTML(subject string, blocks []block) string {
	const (
		font = "font-family:Arial,Helvetica,sans-serif;"
		mono = "font-family:Consolas,Menlo,monospace;font-size:13px;line-height:19px;"
	)
	var b strings.Builder
	put := func(format string, texts ...string) {
		args := make([]any, 0, len(texts))
		for _, s := range texts {
			args = append(args, html.EscapeString(s))
		}
		fmt.Fprintf(&b, format+"\n", args...)
	}
	put("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n</head>", subject)
	put(`<body style="margin:0;padding:24px 16px;background:#ffffff;color:#1f2328;` + font +
		`font-size:15px;line-height:22px">`)
	put(`<div style="max-width:600px;margin:0 auto">`)
	for i, bl := range blocks {
		s := line(bl.text)
		switch {
		case i == 0:
			put(`<h1 style="margin:0 0 16px;font-size:22px;line-height:28px">%s</h1>`, s)
		case bl.as == heading:
			put(`<h2 style="margin:24px 0 8px;font-size:16px;line-height:22px">%s</h2>`, s)
		case bl.as == facts:
			put(`<table role="presentation" cellpadding="0" cellspacing="0" style="margin:16px 0;border-collapse:collapse">`)
			for _, row := range bl.rows {
				put(`<tr><td style="padding:3px 16px 3px 0;color:#59636e;vertical-align:top">%s</td><td style="padding:3px 0">%s</td></tr>`, row[0], line(row[1]))
			}
			put(`</table>`)
		case bl.as == quote:
			put(`<p style="margin:0 0 12px;padding:2px 0 2px 12px;border-left:3px solid #d1d9e0;color:#59636e">%s</p>`,
				s)
		case bl.as == code:
			put(`<pre style="margin:0 0 12px;padding:10px 12px;background:#f6f8fa;`+mono+`white-space:pre-wrap;word-break:break-word">%s</pre>`, bl.text)
		case bl.as == button: // a cell with a colour, and the padding on the link, which Outlook shows too (MJML's way)
			put(`<table role="presentation" cellpadding="0" cellspacing="0" style="margin:16px 0 8px"><tr><td bgcolor="#0b5cad" style="border-radius:6px;background:#0b5cad;mso-padding-alt:12px 20px">`+
				`<a href="%s" style="display:inline-block;padding:12px 20px;background:#0b5cad;color:#ffffff;font-weight:bold;text-decoration:none;border-radius:6px">%s</a></td></tr></table>`, bl.link, s)
			put(`<p style="margin:0 0 12px;color:#59636e;font-size:12px;line-height:18px;word-break:break-all">%s</p>`, bl.link)
		case bl.as == foot:
			put(`<p style="margin:32px 0 0;padding-top:12px;border-top:1px solid #d1d9e0;color:#59636e;font-size:12px;line-height:18px">%s</p>`, s)
		default:
			put(`<p style="margin:0 0 12px">%s</p>`, s)
		}
	}
	b.WriteString("</div>\n</body>\n</html>\n")
	return b.String()
}
