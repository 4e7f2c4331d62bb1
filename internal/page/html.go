package page

import (
	"html"
	"strconv"
	"strings"
)

// markup is HTML in which everything that came from outside is escaped. Only the functions of this file and literals make
// it. A template package would do the same, and make the function larger by a third (figures.md).
type markup string

// attr is an attribute of an element. An attribute without a value is left out, save those that present makes.
type attr struct {
	name, value string
	alone       bool
}

func at(name, value string) attr { return attr{name: name, value: value} }

func class(names string) attr { return at("class", names) }

// present is an attribute whose presence alone counts.
func present(name string, set bool) attr { return attr{name: name, alone: set} }

// void are the elements without content, with their end. Those of a drawing end with a stroke.
var void = map[string]string{"input": ">", "br": ">", "circle": "/>", "line": "/>", "path": "/>"}

// el makes an element of attributes (attr) and content: markup, lists of it, and texts, which it escapes.
func el(name string, parts ...any) markup {
	var attrs, content strings.Builder
	for _, p := range parts {
		switch p := p.(type) {
		case attr:
			switch {
			case p.alone:
				attrs.WriteString(" " + p.name)
			case p.value != "":
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
	if end, ok := void[name]; ok {
		return markup("<" + name + attrs.String() + end)
	}
	return markup("<" + name + attrs.String() + ">" + content.String() + "</" + name + ">")
}

// all puts several pieces one behind the other, each on a line of its own.
func all(parts ...markup) markup {
	var b strings.Builder
	for _, p := range parts {
		if p != "" {
			b.WriteString(string(p) + "\n")
		}
	}
	return markup(b.String())
}

func para(words string) markup {
	if words == "" {
		return ""
	}
	return el("p", words)
}

// soft is a text of less weight behind another one.
func soft(words string) markup { return el("span", class("soft"), words) }

// hyperlink makes a link to a path of ours, or to an address that its maker has checked to be https.
func hyperlink(to, label string, parts ...any) markup {
	return el("a", append([]any{at("href", to)}, append(parts, label)...)...)
}

// hidden is a field of a form that nobody sees.
func hidden(name, value string) markup {
	return markup(`<input type="hidden" name="` + html.EscapeString(name) + `" value="` + html.EscapeString(value) + `">`)
}

// choice is one of several values of a field.
type choice struct {
	value, label string
	chosen       bool
}

// radios make a group of choices, of which one is chosen.
func radios(id, name, legend string, of []choice) markup {
	var picks []markup
	for _, c := range of {
		picks = append(picks, el("label", class("pick"),
			el("input", at("type", "radio"), at("name", name), at("value", c.value), present("checked", c.chosen)), " "+c.label))
	}
	list := el("div", picks)
	if len(of) > 6 {
		list = el("div", class("days"), picks)
	}
	return el("fieldset", at("id", id), el("legend", legend), list)
}

// tick is a box to be ticked.
func tick(id, value string, ticked bool, label string) markup {
	return el("label", class("pick"), el("input", at("type", "checkbox"), at("id", id), at("name", id), at("value", value),
		present("checked", ticked)), " "+label)
}

// input is a line to type in, with its label, hints and what is wrong.
type input struct {
	id, name, label, value string
	hints                  []string
	wrong                  string
	auto                   string // by which name a browser fills it in
	numeric, short, code   bool
}

func (f input) html() markup {
	var described []string
	out := all(el("label", at("for", f.id), f.label))
	for i, hint := range f.hints {
		id := f.id + "-hint"
		if i > 0 {
			id += strconv.Itoa(i)
		}
		described = append(described, id)
		out += all(el("span", class("hint"), at("id", id), hint))
	}
	invalid := ""
	if f.wrong != "" {
		invalid = "true"
		described = append(described, f.id+"-wrong")
		out += all(el("span", class("wrong"), at("id", f.id+"-wrong"), f.wrong))
	}
	kind, mode := "", ""
	switch {
	case f.code:
		kind, mode = "short code", "numeric"
	case f.short:
		kind = "short"
	}
	if f.numeric {
		mode = "numeric"
	}
	name := f.name
	if name == "" {
		name = f.id
	}
	return out + all(el("input", class(kind), at("type", "text"), at("id", f.id), at("name", name), at("value", f.value),
		at("inputmode", mode), at("autocomplete", f.auto), at("spellcheck", "false"), at("aria-describedby", strings.Join(described, " ")),
		at("aria-invalid", invalid)))
}

// button sends its form. A second one has less weight.
func button(label string) markup { return el("p", el("button", label)) }

func second(label string) markup { return el("p", el("button", class("second"), label)) }

// facts are rows of a name and a value.
func facts(rows [][2]string) markup {
	var list []markup
	for _, row := range rows {
		list = append(list, el("dt", row[0]), el("dd", row[1]))
	}
	return el("dl", list)
}

// folded shows a long list behind a summary.
func folded(fold bool, summary string, list markup) markup {
	if !fold {
		return list
	}
	return el("details", el("summary", summary), list)
}
