package bandwidth

import (
	"encoding/xml"
	"strings"
)

// fault is one error of an answer.
type fault struct {
	code    string
	text    string // the peer's words: may hold an account number, so only ever used through porting.Quote
	numbers []string
}

// faults reads the errors of an answer, whatever its root: ErrorCode and Description, Error elements, repeated Errors elements,
// resultCode and resultMessage, IrisStatus, in that order, the first kind that there is. ok is false when body is not XML.
func faults(body []byte) (all []fault, ok bool) {
	var root node
	if err := xml.Unmarshal(body, &root); err != nil {
		return nil, false
	}
	for _, kind := range []struct{ element, code, text string }{
		{"ResponseStatus", "ErrorCode", "Description"},
		{"Error", "Code", "Description"},
		{"Errors", "Code", "Description"},
		{"", "resultCode", "resultMessage"},
		{"IrisStatus", "Code", "Description"},
	} {
		root.walk(func(n node) {
			c := n.child(kind.code)
			if kind.element != "" && n.XMLName.Local != kind.element && kind.code != "ErrorCode" || c == "" {
				return
			}
			if kind.code == "resultCode" && c == "0" {
				return
			}
			if !codeForm.MatchString(c) {
				c = "unreadable"
			}
			f := fault{code: c, text: n.child(kind.text)}
			for _, list := range n.Nodes {
				if list.XMLName.Local == "TelephoneNumbers" {
					for _, tn := range list.Nodes {
						f.numbers = append(f.numbers, strings.TrimSpace(tn.Text))
					}
				}
			}
			all = append(all, f)
		})
		if len(all) > 0 {
			return all, true
		}
	}
	return nil, true
}

func (n node) walk(see func(node)) {
	see(n)
	for _, below := range n.Nodes {
		below.walk(see)
	}
}

// child is the text of the first element of that name right below n.
func (n node) child(name string) string {
	for _, below := range n.Nodes {
		if below.XMLName.Local == name {
			return strings.TrimSpace(below.Text)
		}
	}
	return ""
}
