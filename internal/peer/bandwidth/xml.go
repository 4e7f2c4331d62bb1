package bandwidth

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// node is an element of an answer. The peer cases its names in several ways and puts line breaks into its texts, so
// names are compared without case and texts are trimmed.
type node struct {
	XMLName xml.Name
	Chars   string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

// parse reads an answer; ok is false when it is not XML.
func parse(body []byte) (root node, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = charset
	if d.Decode(&root) != nil {
		return node{}, false
	}
	return root, true
}

// charset reads the encodings of one byte for each character as Latin-1, which all of them agree with in ASCII.
func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf8":
		return in, nil
	case "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252":
	default:
		return nil, fmt.Errorf("an encoding of another kind")
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	for _, b := range raw {
		text.WriteRune(rune(b))
	}
	return strings.NewReader(text.String()), nil
}

func (n node) is(name string) bool { return strings.EqualFold(n.XMLName.Local, name) }

// all are the elements at the end of a path of names.
func (n node) all(path ...string) []node {
	found := []node{n}
	for _, name := range path {
		var next []node
		for _, f := range found {
			for _, below := range f.Nodes {
				if below.is(name) {
					next = append(next, below)
				}
			}
		}
		found = next
	}
	return found
}

// at is the first element at the end of a path; the zero node where there is none.
func (n node) at(path ...string) node {
	if all := n.all(path...); len(all) > 0 {
		return all[0]
	}
	return node{}
}

func (n node) has(name string) bool { return len(n.all(name)) > 0 }

// text is the text of the first element at the end of a path.
func (n node) text(path ...string) string { return strings.TrimSpace(n.at(path...).Chars) }

// either is the text of the first of several elements that has one.
func (n node) either(names ...string) string {
	for _, name := range names {
		if s := n.text(name); s != "" {
			return s
		}
	}
	return ""
}

// texts are the texts at the end of a path, those that are not empty.
func (n node) texts(path ...string) []string {
	var all []string
	for _, f := range n.all(path...) {
		if s := strings.TrimSpace(f.Chars); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// yes reads a truth value.
func (n node) yes(name string) bool { return strings.EqualFold(n.text(name), "true") }

func (n node) walk(see func(node) (deeper bool)) {
	if !see(n) {
		return
	}
	for _, below := range n.Nodes {
		below.walk(see)
	}
}
