package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"portway/internal/porting"
)

// object is a JSON object with its names in the order in which they were written. A value is an object, []any, string,
// json.Number, bool or nil.
type object struct {
	names  []string
	values map[string]any
}

// maxDepth is how deep a body may be nested; the calls need four levels.
const maxDepth = 16

func malformed(detail string) *problem { return refuse(http.StatusBadRequest, codeMalformed, detail) }

// notUTF8 answers a body of another encoding, whose letters would be lost on the way to the carrier.
var notUTF8 = malformed("The body is not UTF-8. Send it as UTF-8.")

// unreadable says what is wrong with a text that has lost a character; empty when nothing is. The decoder of JSON puts
// U+FFFD in the place of half a surrogate pair, and so do gateways in the place of bytes that are not UTF-8.
func unreadable(s string) string {
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		return "A character of this text was lost (U+FFFD, or half of a surrogate pair). Send the text as UTF-8."
	}
	return ""
}

// readObject reads a body strictly: one JSON object, UTF-8, no name twice, not nested beyond reason. Texts are composed
// (NFC), so that a letter is the same whichever way it was written. An error is a 400.
func readObject(body string) (object, error) {
	switch {
	case strings.TrimSpace(body) == "":
		return object{}, malformed("Send a JSON object as the body.")
	case !utf8.ValidString(body):
		return object{}, notUTF8
	}
	var whole json.RawMessage // the token reader below is lax about some syntax, this one is not
	if err := json.Unmarshal([]byte(body), &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return object{}, malformed(fmt.Sprintf("The body is not valid JSON, at byte %d.", syntax.Offset))
		}
		return object{}, malformed("The body is not valid JSON.")
	}
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	value, err := readValue(dec, "", 0)
	if err != nil {
		return object{}, err
	}
	o, ok := value.(object)
	if !ok {
		return object{}, malformed("The body is not a JSON object.")
	}
	return o, nil
}

func readValue(dec *json.Decoder, pointer string, depth int) (any, error) {
	at := func(detail string) error {
		p := malformed(detail)
		p.entries[0].pointer = pointer
		return p
	}
	token, err := dec.Token()
	if err != nil {
		return nil, at("The body is not valid JSON.")
	}
	delim, ok := token.(json.Delim)
	if text, isText := token.(string); isText {
		if why := unreadable(text); why != "" {
			return nil, at(why)
		}
		return norm.NFC.String(text), nil
	}
	if !ok {
		return token, nil
	}
	if depth >= maxDepth {
		return nil, at("The body is nested too deeply.")
	}
	if delim == '[' {
		list := []any{}
		for dec.More() {
			v, err := readValue(dec, fmt.Sprintf("%s/%d", pointer, len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := dec.Token()
		return list, err
	}
	o := object{values: map[string]any{}}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, at("The body is not valid JSON.")
		}
		name, _ := token.(string)
		if why := unreadable(name); why != "" {
			return nil, at(why)
		}
		below := pointer + "/" + escape(name)
		v, err := readValue(dec, below, depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := o.values[name]; twice {
			p := refuse(http.StatusBadRequest, codeDuplicateName, "The object has this name twice.")
			p.entries[0].pointer = below
			return nil, p
		}
		o.names = append(o.names, name)
		o.values[name] = v
	}
	_, err = dec.Token()
	return o, err
}

// escape makes a segment of a JSON Pointer (RFC 6901) from a name. A very long name is cut, since the sender reads it
// again.
func escape(name string) string {
	if runes := []rune(name); len(runes) > 60 {
		name = string(runes[:60]) + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// The faults of a body that the domain does not know. With wrongType among them the answer is a 400.
const (
	// wrongType: The value has another JSON type than the attribute.
	wrongType porting.FaultCode = "wrong_type"
	// notPortable: The number cannot be ported to us.
	notPortable porting.FaultCode = "not_portable"
)

// expect finds names that the object may not have.
func (o object) expect(fs *porting.Faults, pointer string, names ...string) {
	for _, name := range o.names {
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			fs.Add(pointer+"/"+escape(name), porting.Unknown, "There is no such member here.")
		}
	}
}

// child returns the object of that name, which must be there.
func (o object) child(pointer, name string) (object, error) {
	v, ok := o.values[name]
	c, isObject := v.(object)
	if isObject {
		return c, nil
	}
	p := refuse(http.StatusBadRequest, errorCode(wrongType), name+": Send an object.")
	if !ok {
		p = refuse(http.StatusBadRequest, errorCode(porting.Required), name+": This is required.")
	}
	p.entries[0].pointer = pointer + "/" + name
	return object{}, p
}

// text returns the text of that name; null is the empty text. ok is false when it is absent, or no text, which is a
// fault of field.
func (o object) text(fs *porting.Faults, field, name string) (text string, ok bool) {
	v, there := o.values[name]
	if !there {
		return "", false
	}
	switch v := v.(type) {
	case string:
		return v, true
	case nil:
		return "", true
	}
	fs.Add(field, wrongType, "Send a string.")
	return "", false
}
