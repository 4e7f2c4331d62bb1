package api

import (
	"slices"
	"strings"

	"portway/internal/nanp"
	"portway/internal/porting"
)

// given is what a body says of an order: the values of the attributes that it names, and their names.
type given struct {
	details porting.Details
	fields  []string
	presets porting.Presets
	preset  []string
	// signs says that the body signs the LOA too, with the signature.
	signs     bool
	signature porting.Signature
	// asked says that the body names any attribute, which may be a secret that stays as its mask says.
	asked bool
}

// readOnly are attributes that an order has and no call sets, with the thing to do instead.
var readOnly = map[string]string{
	"billing_address":    "Send street, street2, city, state, zip and country instead.",
	"business_documents": "Create the order first. Then add documents by upload_file or files.",
	"comments":           "Write comments by a call of their own, comments.",
	"completion_date":    "The carrier sets this date. Send desired_completion_date to ask for one.",
	"cost":               "We set the cost, by the numbers.",
	"created_date":       "This cannot be set.",
	"earlier_comments":   "This cannot be set.",
	"group_id":           "This cannot be set.",
	"group_status":       "This cannot be set.",
	"id":                 "This cannot be set.",
	"modified_date":      "This cannot be set.",
	"dates":              "This cannot be set. The wished day is desired_completion_date.",
	"needs":              "This cannot be set. Send the attributes that it names.",
	"number_states":      "This cannot be set.",
	"port_class":         "We decide the class. Send one_line if the account has one line.",
	"port_class_basis":   "This cannot be set.",
	"readiness":          "This cannot be set.",
	"rejections":         "This cannot be set.",
	"reopened_as":        "This cannot be set.",
	"reopens":            "This cannot be set.",
	"status":             "Change the status by a call of its own, without other attributes.",
	"status_updated_at":  "This cannot be set.",
	"turn":               "This cannot be set.",
	"version":            "This cannot be set. Send If-Match to make a change conditional.",
}

// readAttributes reads the attributes of an order. The attributes that only a create call has are read by its handler.
func readAttributes(attrs object, fs *porting.Faults, creating bool) given {
	g := given{asked: len(attrs.names) > 0}
	all := porting.DetailFields()
	for _, name := range attrs.names {
		switch hint, fixed := readOnly[name]; {
		case creating && (name == "numbers" || name == "business_documents"):
		case name == "numbers":
			fs.Add(name, porting.NotAllowed, "Change the numbers by a call of their own, relationships/numbers.")
		case fixed:
			fs.Add(name, porting.NotAllowed, hint)
		case !creating && name == "signature_name":
			g.signature.Name, _ = attrs.text(fs, name, name)
			g.signs = true
		case !creating && name == "signature_title":
			g.signature.Title, _ = attrs.text(fs, name, name)
			g.signs = true
		case !creating && name == "signature_capacity":
			g.signature.Capacity = attrs.capacity(fs)
			g.signs = true
		case flagOf(name, &g.details) != nil:
			v, ok := attrs.values[name].(bool)
			if !ok {
				fs.Add(name, wrongType, "Give true or false.")
				continue
			}
			*flagOf(name, &g.details) = v
			g.fields = append(g.fields, name)
		case name == "presets":
			g.readPresets(attrs, fs)
		case len(membersOf(name)) > 0:
			g.readMembers(attrs, fs, name, creating)
		case slices.Contains(all, name) && !strings.Contains(name, "/"):
			g.readText(attrs, fs, name, name, creating)
		default:
			fs.Add(attributes+escape(name), porting.Unknown, "There is no such attribute.")
		}
	}
	return g
}

// membersOf returns the details within the nested object of that name, by the names that they have there.
func membersOf(name string) []string {
	var all []string
	for _, field := range porting.DetailFields() {
		if part, ok := strings.CutPrefix(field, name+"/"); ok {
			all = append(all, part)
		}
	}
	return all
}

// readMembers reads the details within a nested object.
func (g *given) readMembers(attrs object, fs *porting.Faults, name string, creating bool) {
	o, ok := attrs.inner(fs, name)
	if !ok {
		return
	}
	members := membersOf(name)
	o.expect(fs, attributes+name, members...)
	for _, part := range o.names {
		field := name + "/" + part
		switch row, ok := porting.DetailRow(field); {
		case !ok:
		case row.List:
			g.readList(o, fs, row, part)
		default:
			g.readText(o, fs, field, part, creating)
		}
	}
}

// readList reads a detail of several values, which are texts or telephone numbers; null is the empty list.
func (g *given) readList(o object, fs *porting.Faults, row porting.Detail, name string) {
	list, ok := o.values[name].([]any)
	if !ok && o.values[name] != nil {
		fs.Add(row.Name, wrongType, "Send a list of strings.")
		return
	}
	if len(list) > porting.MaxListed {
		fs.Add(row.Name, porting.TooMany, "Give at most "+itoa(porting.MaxListed)+" entries.")
		return
	}
	var all []string
	for i, item := range list {
		at := row.Name + "/" + itoa(i)
		v, ok := item.(string)
		switch {
		case !ok:
			fs.Add(at, wrongType, "Send a string.")
			continue
		case strings.TrimSpace(v) == "" || strings.Contains(v, ","):
			fs.Add(at, porting.BadFormat, "Give one value for each entry.")
			continue
		}
		all = append(all, tidyNumber(v))
	}
	g.details.Set(row.Name, strings.Join(all, ","))
	g.fields = append(g.fields, row.Name)
}

// tidyNumber returns a telephone number in the form of the domain, and any other text as it is.
func tidyNumber(v string) string {
	if n, err := nanp.Parse(v); err == nil {
		return n.E164()
	}
	return v
}

// capacity reads the capacity of the signer, which may be missing.
func (o object) capacity(fs *porting.Faults) porting.Capacity {
	text, _ := o.text(fs, "signature_capacity", "signature_capacity")
	return porting.Capacity(strings.ToLower(porting.TidyForm(text)))
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
			fs.Add(field, porting.BadFormat, "This is the mask that stands for a value. Send the value.")
		}
		return
	}
	if field == "billing_number" || field == "partial_port/new_billing_number" {
		v = tidyNumber(v) // the domain refuses a text that is no number
	}
	g.details.Set(field, v)
	g.fields = append(g.fields, field)
}

// flagOf returns the place of a detail that is a yes or no; nil for any other attribute.
func flagOf(name string, d *porting.Details) *bool {
	row, ok := porting.DetailRow(name)
	if !ok {
		return nil
	}
	return row.Flag(d)
}

// isSecret says whether the detail is a secret, which no answer shows.
func isSecret(field string) bool {
	row, ok := porting.DetailRow(field)
	return ok && row.Seal != ""
}

// inner is an object among the attributes; anything else is a fault.
func (o object) inner(fs *porting.Faults, name string) (object, bool) {
	inner, ok := o.values[name].(object)
	if !ok {
		fs.Add(name, wrongType, "Send an object.")
	}
	return inner, ok
}
