package console

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Sanitise returns the HTML of a widget as the console would show it, and lists what was taken out. The rules are those
// that AWS publishes (no JavaScript, iframe or SVG use) and those of DOMPurify, whose use the
// ban on SVG use suggests: infra/docs/desk.md says what is to be tried on a real console.
func Sanitise(raw string) (clean string, removed []string) {
	nodes, err := html.ParseFragment(strings.NewReader(raw), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return "", []string{"all: it can't be parsed"}
	}
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	s := sanitiser{}
	s.below(root)
	var b strings.Builder
	for n := range root.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			return "", []string{"all: it can't be written"}
		}
	}
	return b.String(), s.removed
}

type sanitiser struct{ removed []string }

// elements are what a widget may show.
var elements = strings.Fields(`a abbr b blockquote br button caption code cwdb-action dd details dialog div dl dt em h1 h2 h3 h4 h5 h6 hr i img
	input label li mark meter ol optgroup option p pre progress s section select small span strong style sub summary sup table tbody td
	textarea tfoot th thead time tr u ul svg g path rect circle ellipse line polyline polygon text tspan title defs lineargradient stop`)

// attributes are what they may have, beside aria-* and data-*.
var attributes = strings.Fields(`action align alt autocomplete checked class cols colspan confirmation cx cy d datetime disabled display endpoint
	event fill for height href id inputmode label max maxlength min multiple name offset open placeholder points r readonly rel role rows rowspan rx ry
	scope selected size span src stroke style tabindex target text-anchor title transform type value viewbox width x x1 x2 y y1 y2`)

// clashing are names that are properties of a document or a form.
var clashing = strings.Fields(`action attributes body children cookie elements forms head id images lang length links location method name nodename
	parentnode style submit target title`)

// scheme begins a value that is dropped, as javascript: is; those of links may be one of these.
var (
	scheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:`)
	safe   = regexp.MustCompile(`^(https?|mailto|tel):`)
)

func (s *sanitiser) below(parent *html.Node) {
	for n := parent.FirstChild; n != nil; {
		next := n.NextSibling
		if why := s.refused(n, parent); why != "" {
			s.removed = append(s.removed, why)
			parent.RemoveChild(n)
		} else {
			s.attributes(n)
			s.below(n)
		}
		n = next
	}
}

// refused says why a node is taken out; empty where it stays.
func (s *sanitiser) refused(n, parent *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return ""
	case n.Type != html.ElementNode:
		return "a comment"
	case !slices.Contains(elements, strings.ToLower(n.Data)):
		return "the element " + n.Data
	case n.Data == "style" && n.PrevSibling == nil:
		return "a style that comes first"
	case n.Data == "style" && n.FirstChild != nil && strings.Contains(n.FirstChild.Data, "<"):
		return "a style that holds <"
	}
	return ""
}

func (s *sanitiser) attributes(n *html.Node) {
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		key, value := strings.ToLower(a.Key), strings.ToLower(strings.TrimSpace(a.Val))
		ok := slices.Contains(attributes, key) || strings.HasPrefix(key, "aria-") || strings.HasPrefix(key, "data-")
		switch {
		case key == "endpoint" && n.Data == "cwdb-action":
		case (key == "id" || key == "name") && slices.Contains(clashing, value):
			ok = false
		case key == "href" || key == "src":
			ok = ok && (!scheme.MatchString(value) || safe.MatchString(value))
		case scheme.MatchString(value) && key != "value" && key != "style":
			ok = false
		}
		if ok {
			kept = append(kept, a)
		} else {
			s.removed = append(s.removed, "the attribute "+a.Key+" of "+n.Data)
		}
	}
	n.Attr = kept
}

// Lint finds what would not work in the console: an action without an element before it or with a content that is no JSON,
// fields and selectors without our prefix, fields without a label, links that lead nowhere, and buttons that submit.
func Lint(raw string) []string {
	nodes, err := html.ParseFragment(strings.NewReader(raw), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return []string{err.Error()}
	}
	l := linter{labels: map[string]bool{}, ids: map[string]int{}}
	for _, n := range nodes {
		l.walk(n)
	}
	for _, id := range l.fields {
		if !l.labels[id] {
			l.found = append(l.found, "the field "+id+" has no label")
		}
	}
	for id, n := range l.ids {
		if n > 1 {
			l.found = append(l.found, "the id "+id+" comes twice")
		}
	}
	slices.Sort(l.found)
	return l.found
}

type linter struct {
	labels map[string]bool
	ids    map[string]int
	fields []string
	found  []string
}

func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (l *linter) walk(n *html.Node) {
	if n.Type == html.ElementNode {
		if id := get(n, "id"); id != "" {
			l.ids[id]++
			if !strings.HasPrefix(id, "pd-") {
				l.found = append(l.found, "the id "+id)
			}
		}
		l.element(n)
	}
	for below := range n.ChildNodes() {
		l.walk(below)
	}
}

func (l *linter) element(n *html.Node) {
	switch n.Data {
	case "cwdb-action":
		if n.PrevSibling == nil || n.PrevSibling.Type != html.ElementNode {
			l.found = append(l.found, "an action without an element before it")
		}
		if get(n, "action") == "call" && get(n, "endpoint") == "" {
			l.found = append(l.found, "a call without an endpoint")
		}
		if n.FirstChild == nil || n.FirstChild.Type != html.TextNode || !valid(n.FirstChild.Data) {
			l.found = append(l.found, "an action whose content is no JSON")
		}
	case "input", "select", "textarea":
		l.fields = append(l.fields, get(n, "id"))
		if !strings.HasPrefix(get(n, "name"), "pd-") {
			l.found = append(l.found, "a field without the prefix pd-")
		}
	case "label":
		l.labels[get(n, "for")] = true
	case "a":
		if get(n, "href") == "" {
			l.found = append(l.found, "a link that leads nowhere")
		}
	case "button":
		if get(n, "type") != "button" {
			l.found = append(l.found, "a button that submits")
		}
	case "style":
		for rule := range strings.SplitSeq(n.FirstChild.Data, "}") {
			selectors, _, found := strings.Cut(rule, "{")
			for sel := range strings.SplitSeq(selectors, ",") {
				if found && !strings.HasPrefix(strings.TrimSpace(sel), ".pd") {
					l.found = append(l.found, "the selector "+strings.TrimSpace(sel))
				}
			}
		}
	}
}
