package mail

import (
	"encoding/json"
	"strings"
)

func (d *draft) path(rest string) string { return "/portorders/" + string(d.o.ID) + rest }

// call shows an API call with the attributes that its body sets, in a mail without a page.
func (d *draft) call(method, path, kind string, attributes [][2]string) {
	rows := make([]string, 0, len(attributes))
	for i := 0; i < len(attributes); i++ {
		outer, inner, nested := strings.Cut(attributes[i][0], "/")
		if !nested {
			rows = append(rows, quoted(outer)+": "+literal(attributes[i][1]))
			continue
		}
		members := []string{quoted(inner) + ": " + literal(attributes[i][1])}
		for ; i+1 < len(attributes) && strings.HasPrefix(attributes[i+1][0], outer+"/"); i++ {
			members = append(members, quoted(strings.TrimPrefix(attributes[i+1][0], outer+"/"))+": "+literal(attributes[i+1][1]))
		}
		rows = append(rows, quoted(outer)+": {"+strings.Join(members, ", ")+"}")
	}
	d.raw(method, path, body(kind, strings.Join(rows, ",\n  ")))
}

// literal writes a value of a body.
func literal(value string) string {
	if value == "true" {
		return value
	}
	return quoted(line(value))
}

// body is the body of a call that gives attributes to a resource.
func body(kind, attributes string) string {
	return `{"data": {"type": "` + kind + `", "attributes": {` + "\n  " + attributes + "\n}}}"
}

// raw shows an API call whole, with the content type of its body, in a mail without a page.
func (d *draft) raw(method, path, body string) {
	if d.page != "" {
		return
	}
	text := method + " " + d.API + path
	if body != "" {
		text += "\nContent-Type: application/json\n\n" + body
	}
	d.blocks = append(d.blocks, block{as: code, text: text})
}

func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `"…"` // a string always encodes
	}
	return strings.TrimSpace(b.String())
}
