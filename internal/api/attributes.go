package api

import (
	"slices"
	"strings"

	"portway/internal/nanp"
	"portway/internal/porting"
)

// given is what a create or details body says of an order.
type given struct {
	details porting.Details
	fields  []string
	presets porting.Presets
	preset  []string
	// asked says that attributes were named at all, be it by the mask of a secret that stays.
	asked bool
}

// readOnly are attributes that an order has and nobody sets, with what to do instead.
var readOnly = map[string]string{
	"billing_address":    "Send street, street2, city, state, zip and country beside the other attributes.",
	"business_documents": "Documents are added to an order that exists, by its own call.",
	"comments":           "Post comments to the order's own comments.",
	"completion_date":    "The carrier sets it.",
	"cost":               "It follows from the numbers.",
	"created_date":       "It can't be set.",
	"earlier_comments":   "It can't be set.",
	"group_id":           "It can't be set.",
	"group_status":       "It can't be set.",
	"id":                 "It can't be set.",
	"modified_date":      "It can't be set.",
	"number_states":      "It can't be set.",
	"rejections":         "It can't be set.",
	"status":             "Change the status in a call of its own.",
	"status_updated_at":  "It can't be set.",
	"turn":               "It can't be set.",
	"version":            "It can't be set; send If-Match to make a change conditional.",
}

// readAttributes reads the attributes of an order over what is there; numbers are the caller's when numbers is set.
func readAttributes(attrs object, fs *porting.Faults, to porting.Details, base porting.Presets, creating bool) given {
	g := given{details: to, presets: base, asked: len(attrs.names) > 0}
	all := porting.DetailFields()
	for _, name := range attrs.names {
		switch hint, fixed := readOnly[name]; {
		case creating && (name == "numbers" || name == onUnportable || name == "business_documents"):
		case name == "numbers":
			fs.Add(name, porting.NotAllowed, "Numbers change by relationships/numbers.")
		case fixed:
			fs.Add(name, porting.NotAllowed, hint)
		case name == "enable_cnam_lookups":
			v, ok := attrs.values[name].(bool)
			if !ok {
				fs.Add(name, wrongType, "This must be true or false.")
				continue
			}
			g.details.CNAMLookups = v
			g.fields = append(g.fields, name)
		case name == "presets":
			g.readPresets(attrs, fs)
		case name == "loa_details":
			if o, ok := attrs.inner(fs, name); ok {
				o.expect(fs, attributes+name, "email", "cc")
				for _, part := range o.names {
					if field := name + "/" + part; slices.Contains(all, field) {
						g.readText(o, fs, field, part, creating)
					}
				}
			}
		case slices.Contains(all, name) && !strings.Contains(name, "/"):
			g.readText(attrs, fs, name, name, creating)
		default:
			fs.Add(attributes+escape(name), porting.Unknown, "There is no such attribute.")
		}
	}
	return g
}

func (g *given) readPresets(attrs object, fs *porting.Faults) {
	o, ok := attrs.inner(fs, "presets")
	if !ok {
		return
	}
	o.expect(fs, attributes+"presets", porting.PresetFields()...)
	for _, name := range o.names {
		if !slices.Contains(porting.PresetFields(), name) {
			continue
		}
		if v, ok := o.text(fs, "presets/"+name, name); ok {
			g.presets.Set(name, porting.TidyLine(v))
			g.preset = append(g.preset, name)
		}
	}
}

// readText reads one text or secret.
func (g *given) readText(o object, fs *porting.Faults, field, name string, creating bool) {
	v, ok := o.text(fs, field, name)
	if !ok {
		return
	}
	if isSecret(field) && porting.TidyForm(v) == Mask {
		if creating {
			fs.Add(field, porting.BadFormat, "This is the mask that stands for a value; send the value.")
		}
		return
	}
	if field == "billing_number" {
		if n, err := nanp.Parse(v); err == nil {
			v = n.E164() // as people write it; what is none is the domain's to refuse
		}
	}
	g.details.Set(field, v)
	g.fields = append(g.fields, field)
}

// isSecret says whether the detail is one that is never read back.
func isSecret(field string) bool {
	row, ok := porting.DetailRow(field)
	return ok && row.Seal != ""
}

// inner is an object among the attributes; anything else is a fault.
func (o object) inner(fs *porting.Faults, name string) (object, bool) {
	inner, ok := o.values[name].(object)
	if !ok {
		fs.Add(name, wrongType, "This must be an object.")
	}
	return inner, ok
}

// sent is a telephone number of a body.
type sent struct {
	raw     string
	tn      string // E.164; empty when it is no number
	dead    string // E.164 of what is written like a number and can be none
	why     string // why it can be none
	pointer string
	number  nanp.Number
}

// text is the number where it is one, else what was sent, for the domain to count in its place.
func (s sent) text() string {
	if s.tn != "" {
		return s.tn
	}
	return s.raw
}

// readNumbers reads a list of telephone numbers, at most limit of them; field is the list's own, pointer its pointer. An
// absent list is empty.
func readNumbers(o object, fs *porting.Faults, field, pointer, name string, limit int) []sent {
	v, there := o.values[name]
	if !there {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		fs.Add(field, wrongType, "This must be a list of telephone numbers.")
		return nil
	}
	if len(list) > limit {
		fs.Add(field, porting.TooMany, "At most "+itoa(limit)+" numbers.")
		return nil
	}
	all := make([]sent, 0, len(list))
	for i, item := range list {
		at := field + "/" + itoa(i)
		s := sent{pointer: pointer + "/" + itoa(i)}
		text, ok := item.(string)
		if !ok {
			fs.Add(at, wrongType, `This must be a string, such as "+12065550101".`)
			all = append(all, s)
			continue
		}
		s.raw = text
		if n, err := nanp.Parse(text); err != nil {
			fs.Add(at, faultOf(err), sentence(err))
			s.dead, _ = nanp.Dialable(text)
			s.why = sentence(err)
		} else {
			s.tn, s.number = n.E164(), n
		}
		all = append(all, s)
	}
	return all
}
