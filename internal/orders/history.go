package orders

import (
	"iter"
	"slices"

	"portway/internal/porting"
)

// Seq is an event's place in the history of its order: the version that the change made, and the event's number among
// the events of that change.
type Seq struct {
	Version int64
	N       int
}

// SeqOf returns the place of e.
func SeqOf(e porting.Event) Seq { return Seq{Version: e.Version, N: e.N} }

// Before says whether s comes before t. The zero Seq stands for the end of the history: every place comes before it.
func (s Seq) Before(t Seq) bool {
	return t == Seq{} || s.Version < t.Version || s.Version == t.Version && s.N < t.N
}

// Search says which events of an order are read, from the latest back.
type Search struct {
	// Comments leaves out the events that are no comments.
	Comments bool
	// Kind leaves out the events of other kinds, unless it is empty.
	Kind porting.EventKind
	// Before leaves out the events from that place on. The zero Seq leaves out none.
	Before Seq
	// Limit is how many events are wanted at most.
	Limit int
}

func (s Search) wants(e porting.Event) bool {
	return SeqOf(e).Before(s.Before) && (!s.Comments || e.Comment) && (s.Kind == "" || s.Kind == e.Kind)
}

// SearchDepth is how many events one search looks through at most, however few of them it wants: an order whose carrier
// is silent for months has thousands of events and few comments.
const SearchDepth = 1000

// Found holds the events of a search, oldest first.
type Found struct {
	Events []porting.Event
	// Earlier is the place before which another search goes on. The zero Seq says that the order has no earlier events
	// of this kind. A search that ends at its depth may have found nothing and still name a place.
	Earlier Seq
}

// Walk searches a history that comes from the latest event back. It takes one event more than it needs, to see whether
// there are earlier ones.
func (s Search) Walk(back iter.Seq2[porting.Event, error]) (Found, error) {
	var f Found
	var last Seq
	looked := 0
	for e, err := range back {
		if err != nil {
			return Found{}, err
		}
		if !SeqOf(e).Before(s.Before) {
			continue
		}
		if looked == SearchDepth {
			f.Earlier = last
			break
		}
		if s.wants(e) {
			if len(f.Events) == s.Limit {
				f.Earlier = last
				break
			}
			f.Events = append(f.Events, e)
		}
		looked, last = looked+1, SeqOf(e)
	}
	slices.Reverse(f.Events)
	return f, nil
}

// with adds events that are younger than those found. The oldest beyond the limit are left to the next search.
func (f Found) with(s Search, events []porting.Event) Found {
	f.Events = slices.Clone(f.Events)
	for _, e := range events {
		if s.wants(e) {
			f.Events = append(f.Events, e)
		}
	}
	if over := len(f.Events) - s.Limit; over > 0 {
		f.Events = f.Events[over:]
		if s.Limit > 0 {
			f.Earlier = SeqOf(f.Events[0])
		}
	}
	return f
}
