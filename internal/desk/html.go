package desk

import (
	"encoding/json"
	"html"
	"strings"
)

// markup is HTML in which everything that came from outside is escaped. The screens are made by the functions of this file
// alone, in the form in which a parser writes HTML back: the console's sanitiser leaves every byte as it is.
type markup string

// attr is an attribute of an element. An attribute without a value is left out, save those that flag makes.
type attr struct {
	name, value string
	flag        bool
}

func at(name, value string) attr { return attr{name: name, value: value} }

// flag is an attribute whose presence alone counts.
func flag(name string, set bool) attr { return attr{name: name, flag: set} }

func class(names ...string) attr {
	for i, n := range names {
		if n != "" {
			names[i] = "pd-" + n
		}
	}
	return at("class", strings.TrimSpace(strings.Join(names, " ")))
}

// plain escapes what a person, a customer or a carrier has written.
func plain(s string) markup { return markup(html.EscapeString(s)) }

// void are the elements without content.
var void = map[string]bool{"input": true, "br": true}

// el makes an element of attributes (attr) and content: markup, lists of it, and texts, which it escapes.
func el(name string, parts ...any) markup {
	var attrs, content strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case attr:
			if p.flag || p.value != "" {
				attrs.WriteString(" " + p.name + `="` + html.EscapeString(p.value) + `"`)
			}
		case markup:
			content.WriteString(string(p))
		case []markup:
			for _, m := range p {
				content.WriteString(string(m))
			}
		case string:
			content.WriteString(html.EscapeString(p))
		}
	}
	if void[name] {
		return markup("<" + name + attrs.String() + "/>")
	}
	return markup("<" + name + attrs.String() + ">" + content.String() + "</" + name + ">")
}

// button makes a button and the console's action behind it, which sends the payload to a function. The console shows the
// confirmation before, unless it is empty. It leaves out an attribute that begins like "word:", so no confirmation may.
func button(label, kind, endpoint, confirmation string, payload any) markup {
	raw, err := json.Marshal(payload)
	if err != nil { // of plain fields alone
		panic(err)
	}
	return el("button", at("type", "button"), at("class", strings.TrimSpace("btn "+kind)), label) +
		el("cwdb-action", at("action", "call"), at("endpoint", endpoint), at("confirmation", confirmation), at("display", "widget"),
			markup(html.EscapeString(string(raw))))
}

// link makes a link into the console, which opens in a tab of its own.
func link(label, href string) markup {
	return el("a", at("href", href), at("rel", "noopener"), at("target", "_blank"), label)
}

// field makes a labelled field. problem is told with the field.
func field(name, label, problem string, input func(id string, described attr) markup) markup {
	id := "pd-" + name
	wrong, described := markup(""), attr{}
	if problem != "" {
		wrong, described = el("span", class("wrong"), at("id", id+"-wrong"), problem), at("aria-describedby", id+"-wrong")
	}
	return el("div", class("field"), el("label", at("for", id), label), input(id, described), wrong)
}

// textField makes a field of one line.
func textField(name, label, value, problem string, more ...any) markup {
	return field(name, label, problem, func(id string, described attr) markup {
		return el("input", append([]any{at("type", "text"), at("id", id), at("name", id), at("value", value), at("autocomplete", "off"), described},
			more...)...)
	})
}

// areaField makes a field of several lines.
func areaField(name, label, value, problem string) markup {
	return field(name, label, problem, func(id string, described attr) markup {
		return el("textarea", at("id", id), at("name", id), at("rows", "4"), described, value)
	})
}

// choice is a value of a field that has a list of them.
type choice struct{ value, label string }

// selectField makes a field with a list of values.
func selectField(name, label, value, problem string, choices []choice) markup {
	var options []markup
	for _, c := range choices {
		options = append(options, el("option", attr{name: "value", value: c.value, flag: true}, flag("selected", c.value == value), c.label))
	}
	return field(name, label, problem, func(id string, described attr) markup {
		return el("select", at("id", id), at("name", id), described, options)
	})
}

// table makes a table with a caption and a row for each of rows, whose first cell is the head of its row.
func table(caption string, heads []string, rows [][]markup, of ...string) markup {
	var head, body []markup
	for _, h := range heads {
		head = append(head, el("th", at("scope", "col"), h))
	}
	for _, r := range rows {
		var cells []markup
		for i, c := range r {
			narrow := at("data-label", heads[i])
			if i == 0 {
				cells = append(cells, el("th", at("scope", "row"), c))
			} else {
				cells = append(cells, el("td", narrow, c))
			}
		}
		body = append(body, el("tr", cells))
	}
	return el("div", class("wide"), at("role", "region"), at("aria-label", caption), at("tabindex", "0"), el("table", class(append([]string{"table"}, of...)...), el("caption", caption),
		el("thead", el("tr", head)), el("tbody", body)))
}

// sign draws the shape that stands beside a word of state, so that color is not all that tells: a triangle, a disc or a ring. The
// shapes are drawn, since not every font has them.
func sign(kind, word string) markup {
	var shape markup
	switch kind {
	case "late":
		shape = el("path", at("d", "M6 1 L11 11 L1 11 Z"), at("fill", "currentColor"))
	case "today", "same":
		shape = el("circle", class("disc"), at("cx", "6"), at("cy", "6"), at("r", "5"))
	default:
		shape = el("circle", class("ring"), at("cx", "6"), at("cy", "6"), at("r", "4"))
	}
	return el("span", class(kind), el("svg", class("sign"), at("viewBox", "0 0 12 12"), at("aria-hidden", "true"), shape), word)
}

// section makes a part of a screen under a heading.
func section(heading string, content ...markup) markup {
	return el("section", class("section"), el("h3", heading), content)
}

// more makes a part that the reader opens.
func more(summary string, content ...markup) markup {
	return el("details", el("summary", summary), content)
}
