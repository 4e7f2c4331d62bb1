package api

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"portway/internal/carrier"
	"portway/internal/nanp"
	"portway/internal/peer"
	"portway/internal/porting"
)

// numbers are the telephone numbers of a list in a body, in the list's order.
type numbers []sent

// sent is one entry of a list of telephone numbers in a body.
type sent struct {
	raw     string
	tn      string // E.164; empty if the text is not a telephone number
	dead    string // E.164 of a text in the form of a number that nobody can have, such as 212-555-1212
	why     string // why nobody can have it
	pointer string
	number  nanp.Number
}

// text returns the number in E.164, or the text as it was sent if it is not a number: the domain counts either.
func (s sent) text() string {
	if s.tn != "" {
		return s.tn
	}
	return s.raw
}

// readNumbers reads the named list of telephone numbers, at most limit of them. An absent list is empty.
func readNumbers(o object, fs *porting.Faults, row route, name string, limit int) numbers {
	v, there := o.values[name]
	if !there {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		fs.Add(name, wrongType, "Send a list of telephone numbers.")
		return nil
	}
	if len(list) > limit {
		fs.Add(name, porting.TooMany, "Give at most "+itoa(limit)+" numbers.")
		return nil
	}
	all := make(numbers, 0, len(list))
	for i, item := range list {
		at := name + "/" + itoa(i)
		s := sent{pointer: row.pointer(at)}
		text, ok := item.(string)
		if !ok {
			fs.Add(at, wrongType, `Send a string, such as "+12065550101".`)
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

// texts lists the numbers as the domain counts them.
func (ns numbers) texts() []string {
	var all []string
	for _, n := range ns {
		all = append(all, n.text())
	}
	return all
}

// lines classifies the numbers for the order book, each in its place. A number whose area code tells no country is of
// the one given. The provider is the company that bills them, as the customer says.
func (ns numbers) lines(known carrier.Directory, found map[string]peer.Portability, country, provider string) []porting.Line {
	all := make([]porting.Line, 0, len(ns))
	resale := newResales(known)
	for _, n := range ns {
		line := porting.Line{TN: n.text(), Kind: porting.Local, Country: cmp.Or(n.number.Country(), country), Zone: n.number.Zone(),
			Carrier: found[n.tn].Carrier, Wireless: found[n.tn].Wireless,
			Flags: flagsOf(found[n.tn], resale.of(found[n.tn].Carrier, found[n.tn].Wireless, provider) == carrier.IsResold)}
		if n.number.TollFree() {
			line.Kind, line.Flags = porting.TollFree, porting.CarrierFlags{}
			if reason := found[n.tn].Reason; reason.ByHelpDesk() {
				line.Flags.Recovery = reason
			}
		}
		all = append(all, line)
	}
	return all
}

// unportable finds the numbers that nobody can bring to us, by their place.
func (ns numbers) unportable(found map[string]peer.Portability) map[int]excluded {
	all := map[int]excluded{}
	for i, n := range ns {
		if answer, asked := found[n.tn]; asked && !answer.Portable {
			reason := answer.Reason
			if reason == "" {
				reason = porting.NoCoverage
			}
			all[i] = excluded{Number: n.tn, Reason: string(reason), Detail: reason.Info().Meaning}
			if reason.ByHelpDesk() {
				all[i] = excluded{Number: n.tn, Reason: string(reason), Detail: reason.Info().Meaning + " Set on_unportable to exclude " +
					"to have an order of its own for it.", byHelpDesk: true}
			}
		}
	}
	return all
}

// takeImpossible finds the entries in the form of a number that nobody can have, by their place, for a call whose other
// numbers go on without them. It removes their faults; an entry that is there twice stays a fault.
func (ns numbers) takeImpossible(fs *porting.Faults, field string) map[int]excluded {
	all := map[int]excluded{}
	seen := map[string]bool{}
	for i, n := range ns {
		if n.dead == "" {
			continue
		}
		at := field + "/" + itoa(i)
		*fs = slices.DeleteFunc(*fs, func(f porting.Fault) bool { return f.Field == at })
		if seen[n.dead] {
			fs.Add(at, porting.Duplicate, "The list has this number twice.")
			continue
		}
		seen[n.dead] = true
		all[i] = excluded{Number: n.dead, Reason: string(porting.TNNotPortable), Detail: n.why, impossible: true}
	}
	return all
}

// addUnportable adds a fault for each number that can't be ported.
func addUnportable(fs *porting.Faults, out map[int]excluded, field string) {
	for _, i := range slices.Sorted(maps.Keys(out)) {
		fs.Add(field+"/"+itoa(i), notPortable, out[i].Detail)
	}
}

// conflict names each number that is on another live order in its place in the body. Any other error stays as it is.
func (ns numbers) conflict(err error) error {
	var e *porting.Error
	if !errors.As(err, &e) || e.Code != porting.Taken {
		return err
	}
	held := map[string]bool{}
	for _, f := range e.Faults {
		held[f.Field] = true
	}
	p := &problem{status: http.StatusConflict, cause: err}
	for _, n := range ns {
		if held[n.tn] {
			delete(held, n.tn)
			p.entries = append(p.entries, entry{code: string(porting.Taken), pointer: n.pointer, detail: n.tn + " is on another live port order."})
		}
	}
	if len(p.entries) == 0 {
		p.entries = []entry{{code: string(porting.Taken), detail: "A number is on another live port order."}}
	}
	return p
}

// faultOf returns the code of a refused number.
func faultOf(err error) porting.FaultCode {
	var e *nanp.ParseError
	if errors.As(err, &e) {
		return porting.FaultCode(e.Fault)
	}
	return porting.BadFormat
}

// sentence returns a refused number's fault in plain words, without the number.
func sentence(err error) string {
	var e *nanp.ParseError
	if !errors.As(err, &e) {
		return "This is no telephone number."
	}
	s := e.Fault.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
