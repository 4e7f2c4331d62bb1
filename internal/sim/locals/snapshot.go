package locals

import (
	"encoding/json"
	"fmt"
	"time"

	"portway/internal/sim"
)

// snapshot holds the state of a server, for one that lives from call to call. What is chosen by a number (its
// row) is chosen again.
type snapshot struct {
	Ahead   time.Duration         `json:",omitempty"`
	Orders  []orderShot           `json:",omitempty"`
	CSRs    []csrShot             `json:",omitempty"`
	Subs    []subscription        `json:",omitempty"`
	Notices []notification        `json:",omitempty"`
	Refused map[string]valuesShot `json:",omitempty"`
	Outages map[string]int        `json:",omitempty"`
	Burst   burstShot
	Tokens  map[string]time.Time `json:",omitempty"`
}

type valuesShot struct {
	Values values
	LOAs   int
	// Answered is when the carrier refused; zero in a snapshot of before it was kept.
	Answered time.Time
}

type orderShot struct {
	valuesShot
	ID, Account, State, FOC  string
	Script                   string `json:"Fate"`
	Since, Created, Modified time.Time
	Errors                   []fault `json:",omitempty"`
	Supps, Late              int
	Unsettled                bool `json:"Upset"`
	Spoken, Ended, Conceded  bool
	Stay                     []string       `json:",omitempty"`
	Held                     []notification `json:",omitempty"`
	Files                    []fileShot     `json:",omitempty"`
	Notes                    []note         `json:",omitempty"`
	Past                     []historyRow   `json:",omitempty"`
}

type fileShot struct {
	Name, Kind, Text, ContentType string
	Body                          []byte
}

type csrShot struct {
	In                 csrIn
	ID, Account, State string
	Reads              int
	Supplied           bool
	Notes              []note `json:",omitempty"`
	Created            time.Time
}

type burstShot struct {
	Kind        string
	Left, Given int
}

// Snapshot is the server as it stands, for Restore. Of a large file it keeps the digest in place of the content.
func (s *Server) Snapshot() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := snapshot{Ahead: s.ahead, Subs: s.subs, Notices: bodies(s.notices), Refused: map[string]valuesShot{},
		Outages: s.outages,
		Burst:   burstShot{s.burst.kind, s.burst.left, s.burst.given}, Tokens: s.tokens}
	for key, v := range s.refused {
		all.Refused[key] = valuesShot{Values: v, LOAs: v.loas, Answered: v.answered}
	}
	for _, o := range s.orders {
		shot := orderShot{valuesShot: valuesShot{Values: o.values, LOAs: o.values.loas}, ID: o.id, Account: o.account, Script: o.script,
			State: o.state, FOC: o.foc,
			Since: o.since, Created: o.created, Modified: o.modified, Errors: o.errors, Supps: o.supps, Late: o.late,
			Unsettled: o.unsettled, Spoken: o.spoken,
			Ended: o.ended, Conceded: o.conceded, Stay: o.stay, Held: bodies(o.held), Notes: o.notes, Past: o.past}
		for _, f := range o.files {
			shot.Files = append(shot.Files, fileShot{f.name, f.kind, f.text, f.contentType, sim.Kept(f.body)})
		}
		all.Orders = append(all.Orders, shot)
	}
	for _, c := range s.csrs {
		all.CSRs = append(all.CSRs, csrShot{c.csrIn, c.id, c.account, c.state, c.reads, c.supplied, c.notes, c.created})
	}
	return json.Marshal(all)
}

// Restore makes the server what the snapshot tells.
func (s *Server) Restore(raw []byte) error {
	var all snapshot
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("a snapshot of another kind: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead, s.subs, s.notices = all.Ahead, all.Subs, told(nil, all.Notices)
	s.burst = burst{all.Burst.Kind, all.Burst.Left, all.Burst.Given}
	s.orders, s.csrs = nil, nil
	s.refused, s.outages, s.tokens = map[string]values{}, map[string]int{}, map[string]time.Time{}
	for key, v := range all.Refused {
		s.refused[key] = v.values()
	}
	for key, n := range all.Outages {
		s.outages[key] = n
	}
	for key, until := range all.Tokens {
		s.tokens[key] = until
	}
	for _, shot := range all.Orders {
		o := &order{values: shot.values(), id: shot.ID, account: shot.Account, row: rowOf(shot.Script), script: shot.Script,
			state: shot.State,
			since: shot.Since, foc: shot.FOC, errors: shot.Errors, supps: shot.Supps, late: shot.Late, unsettled: shot.Unsettled,
			spoken: shot.Spoken, ended: shot.Ended, conceded: shot.Conceded,
			stay: shot.Stay, notes: shot.Notes, past: shot.Past, created: shot.Created, modified: shot.Modified}
		o.held = told(o, shot.Held)
		for _, f := range shot.Files {
			o.files = append(o.files, file{name: f.Name, kind: f.Kind, text: f.Text, contentType: f.ContentType, body: f.Body})
		}
		s.orders = append(s.orders, o)
	}
	for _, c := range all.CSRs {
		s.csrs = append(s.csrs, &csr{csrIn: c.In, id: c.ID, account: c.Account, state: c.State, reads: c.Reads,
			supplied: c.Supplied, notes: c.Notes, created: c.Created})
	}
	return nil
}

// Next returns the time at which the next thing happens by itself or is to be told; zero if nothing will.
func (s *Server) Next() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.notices) > 0 {
		return s.now()
	}
	var next time.Time
	for _, o := range s.orders {
		if at, do := s.due(o); do != nil && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

func (v valuesShot) values() values {
	all := v.Values
	all.loas, all.answered = v.LOAs, v.Answered
	return all
}

func bodies(notices []notice) []notification {
	var all []notification
	for _, n := range notices {
		all = append(all, n.body)
	}
	return all
}

func told(o *order, bodies []notification) []notice {
	var all []notice
	for _, b := range bodies {
		all = append(all, notice{o, b})
	}
	return all
}
