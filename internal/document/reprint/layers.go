package reprint

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// layers says which layers of a PDF, its optional content groups, are shown when it is opened and when it is printed
// (ISO 32000-2, 8.11). What is always shown becomes a part of its page, what never is stays behind, and what is shown
// here and not there is refused: a carrier has to see what the customer saw.
type layers struct {
	// hidden has the numbers of the groups that are not shown, for each way of looking at the PDF.
	hidden map[string]map[int]bool
}

// views are the ways of looking at a PDF, by the names of their events and of the usages that decide about them.
var views = map[string]string{"View": "ViewState", "Print": "PrintState"}

func (s *source) readLayers() layers {
	l := layers{hidden: map[string]map[int]bool{}}
	root, _ := s.dict(*s.doc.Root)
	properties, _ := s.dict(root["OCProperties"])
	config, _ := s.dict(properties["D"])
	for view, state := range views {
		hidden := map[int]bool{}
		each := func(list types.Object, do func(n int, group types.Dict)) {
			all, _ := s.array(list)
			for _, o := range all {
				if o, n := s.object(o); n != 0 {
					d, _ := o.(types.Dict)
					do(n, d)
				}
			}
		}
		if s.name(config["BaseState"]) == "OFF" {
			each(properties["OCGs"], func(n int, _ types.Dict) { hidden[n] = true })
		}
		each(config["ON"], func(n int, _ types.Dict) { delete(hidden, n) })
		each(config["OFF"], func(n int, _ types.Dict) { hidden[n] = true })
		rules, _ := s.array(config["AS"])
		for _, o := range rules {
			rule, _ := s.dict(o)
			if s.name(rule["Event"]) != view {
				continue
			}
			each(rule["OCGs"], func(n int, group types.Dict) {
				usage, _ := s.dict(group["Usage"])
				by, _ := s.dict(usage[view])
				switch s.name(by[state]) {
				case "ON":
					delete(hidden, n)
				case "OFF":
					hidden[n] = true
				}
			})
		}
		l.hidden[view] = hidden
	}
	return l
}

// shows says whether what belongs to a layer is shown. It is Layered where that depends on how one looks at the PDF.
func (l layers) shows(s *source, o types.Object) (bool, error) {
	if d, ok := s.dict(o); !ok || d["VE"] != nil {
		if ok {
			return false, Layered // an expression
		}
		return true, nil
	}
	view, print := l.visible(s, o, l.hidden["View"]), l.visible(s, o, l.hidden["Print"])
	if view != print {
		return false, Layered
	}
	return view, nil
}

// visible decides about a group, or about several by their policy.
func (l layers) visible(s *source, o types.Object, hidden map[int]bool) bool {
	o, n := s.object(o)
	d, _ := o.(types.Dict)
	if s.name(d["Type"]) != "OCMD" {
		return !hidden[n]
	}
	groups, isArray := s.array(d["OCGs"])
	if !isArray {
		groups = types.Array{d["OCGs"]}
	}
	on, off := 0, 0
	for _, g := range groups {
		if _, n := s.object(g); n == 0 {
			continue
		} else if hidden[n] {
			off++
		} else {
			on++
		}
	}
	if on+off == 0 {
		return true
	}
	switch s.name(d["P"]) {
	case "AllOn":
		return off == 0
	case "AnyOff":
		return off > 0
	case "AllOff":
		return on == 0
	}
	return on > 0
}

// allShown is Layered where a content may draw what is not shown: its resources name such a layer. What is drawn for a
// layer stands among the rest, and could only be left out by carrying out what stands before it.
func (s *source) allShown(resources types.Object) error {
	d, _ := s.dict(resources)
	properties, _ := s.dict(d["Properties"])
	for _, o := range properties {
		p, _ := s.dict(o)
		if t := s.name(p["Type"]); t != "OCG" && t != "OCMD" {
			continue
		}
		if shown, err := s.layers.shows(s, o); err != nil || !shown {
			return Layered
		}
	}
	return nil
}
