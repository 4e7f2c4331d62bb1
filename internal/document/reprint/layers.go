package reprint

import "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

// layers says which layers of a PDF (optional content groups) are shown on the screen and which are printed (ISO
// 32000-2, 8.11). A layer that is always shown becomes part of its page. One that never is stays behind. One that is
// shown in one place only is refused, because a carrier has to see what the customer saw.
type layers struct {
	// hidden holds the numbers of the hidden groups, for each view.
	hidden map[string]map[int]bool
}

// views lists the ways of looking at a PDF: the name of the event, and of the usage that decides about it.
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

// shows says whether the object of a layer is shown. It returns Layered if that depends on the view.
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

// visible decides about a group, or about several groups by their policy.
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

// allShown returns Layered if the resources of a content name a layer that is not shown. What the content draws for a
// layer stands between its other operators, which change the graphics state, so that it cannot simply be cut out.
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
