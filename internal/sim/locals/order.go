package locals

import (
	"slices"
	"strings"
	"time"
)

// order is a port order.
type order struct {
	values
	id, account string
	row         row
	script      string // the number that chose the row
	state       string
	since       time.Time
	foc         string // a day
	errors      []fault
	supps       int
	late        int      // supplements after the FOC
	conceded    bool     // the carrier has withdrawn its refusal, since a note objected to it
	ended       bool     // the partner takes another order alone; a change of this one stays refused (L4)
	unsettled   bool     // what follows the FOC has happened
	spoken      bool     // a silent carrier was made to speak
	stay        []string // numbers that did not move with the rest
	held        []notice // told when the order is over
	files       []file
	notes       []note
	past        []historyRow
	created     time.Time
	modified    time.Time
}

type file struct {
	name, kind, text string
	body             []byte
	contentType      string
}

func (o *order) over() bool {
	return o.state == "COMPLETE" || o.state == "CANCELLED" || o.state == "SNAPBACK"
}

var eastern = func() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return loc
}()

// draftLife is the life of a draft that nobody touches.
const draftLife = 48 * time.Hour

// partner names the company that serves numbers out of the own footprint, and own the peer itself, in the same element
// ([spec]).
const (
	partner = "Level 3"
	own     = "Bandwidth CLEC"
)

// move brings all orders up to now.
func (s *Server) move() {
	now := s.now()
	s.orders = slices.DeleteFunc(s.orders, func(o *order) bool {
		return o.state == "DRAFT" && !now.Before(o.modified.Add(draftLife))
	})
	for moved := true; moved; { // one order may wait for another
		moved = false
		for _, o := range s.orders {
			for s.step(o, now) {
				moved = true
			}
		}
	}
}

// step does the next thing that is due; false when nothing is.
func (s *Server) step(o *order, now time.Time) bool {
	at, do := s.due(o)
	if do == nil || at.After(now) {
		return false
	}
	do(at)
	return true
}

// due returns the next thing that happens to the order by itself, and its time; nil if the order waits for somebody or
// is over.
func (s *Server) due(o *order) (at time.Time, do func(time.Time)) {
	answered, fulfilled := o.since.Add(s.opts.Step*time.Duration(max(o.row.steps, 1))), o.since.Add(s.opts.Complete)
	shortly := o.since.Add(min(s.opts.Step, s.opts.Complete/2))
	switch {
	case (o.state == "SUBMITTED" || o.state == "REQUESTED_SUPP") && (!o.row.silent || o.spoken) && !s.waits(o):
		return answered, func(at time.Time) {
			if o.row.apart {
				at = s.now() // it has waited for another order
			}
			s.carrier(o, at)
		}
	case o.state == "EXCEPTION" && o.row.passes:
		return answered, func(at time.Time) {
			o.errors, o.foc = nil, s.granted(o, at)
			s.enter(o, "FOC", at)
		}
	case o.state == "FOC" && o.row.becomes != "" && !o.unsettled:
		return shortly, func(at time.Time) {
			o.unsettled = true
			s.enter(o, o.row.becomes, at)
		}
	case o.state == "FOC" && o.row.moves > 0 && !o.unsettled:
		return shortly, func(at time.Time) { s.moveFOC(o, at) }
	case o.state == "FOC" && o.row.after && !o.unsettled:
		return shortly, func(at time.Time) {
			o.unsettled = true
			if _, had := s.refused[o.key()]; !had {
				s.refuse(o, at)
			}
		}
	case o.state == "FOC" && o.Triggered != "true":
		return fulfilled, func(at time.Time) { s.finish(o, at) }
	case o.state == "REQUESTED_CANCEL":
		return answered, func(at time.Time) { s.enter(o, "CANCELLED", at) }
	}
	return time.Time{}, nil
}

func (s *Server) moveFOC(o *order, at time.Time) {
	o.unsettled = true
	day, err := time.ParseInLocation("2006-01-02", o.foc, eastern)
	if err != nil {
		return
	}
	for day = day.AddDate(0, 0, o.row.moves); !weekday(day); {
		day = day.AddDate(0, 0, 1)
	}
	o.foc = day.Format("2006-01-02")
	s.enter(o, "FOC", at)
}

// waits says that the carrier keeps an order back until what has left it is accepted in an order of its own.
func (s *Server) waits(o *order) bool {
	was, refused := s.refused[o.key()]
	return o.row.apart && refused && slices.ContainsFunc(was.Numbers, func(tn string) bool {
		return !slices.Contains(o.Numbers, tn) && !slices.ContainsFunc(s.orders, func(other *order) bool {
			return other != o && (other.state == "FOC" || other.state == "COMPLETE") && slices.Contains(other.Numbers, tn)
		})
	})
}

func (s *Server) finish(o *order, at time.Time) {
	delete(s.refused, o.key())
	if o.row.partial && len(o.Numbers) > 1 {
		o.stay = []string{o.lastNumber()}
		o.errors = []fault{faulty("7426", o.stay...)}
	}
	s.enter(o, "COMPLETE", at)
}

func (o *order) key() string { return o.first() + " " + o.row.refuse }

// carrier is the carrier's answer to the present request.
func (s *Server) carrier(o *order, at time.Time) {
	was, refused := s.refused[o.key()]
	now := o.values
	now.loas, now.papers = o.sent()
	now.answered, now.step = at, s.opts.Step
	switch {
	case o.row.dies != "" && !refused:
		s.refused[o.key()] = now
		o.errors = []fault{faulty(o.row.dies)}
		s.enter(o, "CANCELLED", at)
		return
	case o.row.refuse == "" || o.conceded:
	case !refused && !o.row.after && (o.row.fine == nil || !o.row.fine(now)), o.ended:
		s.refuse(o, at)
		return
	case refused && o.row.accepts != nil && !o.row.accepts(now, was):
		s.refuse(o, at)
		return
	}
	o.errors = nil
	o.foc = s.granted(o, at)
	s.enter(o, "FOC", at)
}

// sent counts the documents of the order: LOAs, and the others.
func (o *order) sent() (loas, rest int) {
	for _, f := range o.files {
		if f.kind == "LOA" {
			loas++
		} else {
			rest++
		}
	}
	return loas, rest
}

func (s *Server) refuse(o *order, at time.Time) {
	if _, had := s.refused[o.key()]; !had {
		was := o.values
		was.loas, was.papers = o.sent()
		was.answered = at
		s.refused[o.key()] = was
	}
	f, ends := o.row.refusal(o.values)
	o.ended = o.ended || ends
	if o.row.names {
		f.Numbers = []string{o.lastNumber()}
		if was := s.refused[o.key()]; slices.Contains(o.Numbers, was.lastNumber()) {
			f.Numbers = []string{was.lastNumber()}
		}
	}
	o.errors = []fault{f}
	s.enter(o, "EXCEPTION", at)
}

// enter puts the order into a state, and tells of it.
func (s *Server) enter(o *order, state string, at time.Time) {
	before := o.state
	o.state, o.since, o.modified = state, at, at
	text := strings.ToLower(state)
	if state == "EXCEPTION" && len(o.errors) > 0 {
		text = o.errors[0].Code + ": " + o.errors[0].Text
	}
	o.past = append(o.past, historyRow{Date: stamp(at), Note: text, Author: "System", Status: state})
	s.tell(o, before, state, at)
}
