package somos

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"portway/internal/sim"
)

// snapshot is everything that a registry knows, for one that lives from call to call. Sign-ins are not among it: they
// are for a registry that stays, or for Options.Open.
type snapshot struct {
	Skew      time.Duration `json:",omitempty"`
	IDs       int
	Takeovers int                    `json:",omitempty"`
	Notices   []notice               `json:",omitempty"`
	Files     map[string]fileShot    `json:",omitempty"`
	Txns      []txnShot              `json:",omitempty"`
	Holders   map[string]string      `json:",omitempty"`
	Past      map[string]pastShot    `json:",omitempty"`
	First     map[string]time.Time   `json:",omitempty"`
	Failures  map[string]int         `json:",omitempty"`
	Deferred  map[string]deferalShot `json:",omitempty"`
	Submits   map[string]int         `json:",omitempty"`
}

type fileShot struct {
	Name string
	Data []byte
}

type pastShot struct {
	Requests int
	LOA      [32]byte
}

type deferalShot struct {
	Path   string
	Polls  int
	Status int
	Body   json.RawMessage
}

type txnShot struct {
	ID, Kind, NewRespOrg, Notes, LOA string
	Documents                        []string `json:",omitempty"`
	Submitted, Handed, OutSince      time.Time
	Numbers                          []numberShot
	CheckedOut                       string `json:",omitempty"` // the user
}

type numberShot struct {
	Number, Holder, Status, Note string
	Base, Processed              time.Time
	Life                         []momentShot `json:",omitempty"`
	Codes                        []string     `json:",omitempty"`
}

type momentShot struct {
	Days       int `json:",omitempty"`
	After      int // steps
	Status     string
	Codes      []string `json:",omitempty"`
	Note       string   `json:",omitempty"`
	Unanswered bool     `json:",omitempty"`
}

// Snapshot is the registry as it stands, for Restore. Of a large file it keeps the digest in place of the content.
func (s *Server) Snapshot() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := snapshot{Skew: s.skew, IDs: s.ids, Takeovers: s.takeovers, Notices: s.notices, Files: map[string]fileShot{},
		Holders: s.holders, First: s.first,
		Past: map[string]pastShot{}, Failures: s.failures, Deferred: map[string]deferalShot{}, Submits: s.submits}
	for id, f := range s.files {
		all.Files[id] = fileShot{f.name, sim.Kept(f.data)}
	}
	for num, p := range s.past {
		all.Past[num] = pastShot{p.requests, p.loa}
	}
	for id, d := range s.deferred {
		body, err := json.Marshal(d.reply.body)
		if err != nil {
			return nil, err
		}
		all.Deferred[id] = deferalShot{d.path, d.polls, d.reply.status, body}
	}
	for _, t := range s.txns {
		shot := txnShot{ID: t.id, Kind: t.kind, NewRespOrg: t.newRespOrg, Notes: t.notes, LOA: t.loa, Documents: t.documents,
			Submitted: t.submitted, Handed: t.handed, OutSince: t.outSince}
		if t.checkedOut != nil {
			shot.CheckedOut = t.checkedOut.user
		}
		for _, n := range t.numbers {
			one := numberShot{Number: n.num, Holder: n.holder, Status: n.status, Note: n.note, Base: n.base,
				Processed: n.processed, Codes: n.codes}
			for _, m := range n.life {
				one.Life = append(one.Life, momentShot{m.days, m.steps, m.status, m.codes, m.note, m.unanswered})
			}
			shot.Numbers = append(shot.Numbers, one)
		}
		all.Txns = append(all.Txns, shot)
	}
	return json.Marshal(all)
}

// Restore makes the registry what the snapshot tells.
func (s *Server) Restore(raw []byte) error {
	var all snapshot
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("a snapshot of another kind: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew, s.ids, s.takeovers, s.notices, s.txns = all.Skew, all.IDs, all.Takeovers, all.Notices, nil
	s.files, s.past, s.deferred = map[string]file{}, map[string]past{}, map[string]*deferral{}
	s.holders, s.failures, s.submits = orEmpty(all.Holders), orEmpty(all.Failures), orEmpty(all.Submits)
	s.first = orEmpty(all.First)
	for id, f := range all.Files {
		s.files[id] = file{f.Name, f.Data}
	}
	for num, p := range all.Past {
		s.past[num] = past{p.Requests, p.LOA}
	}
	for id, d := range all.Deferred {
		s.deferred[id] = &deferral{d.Path, d.Polls, reply{status: d.Status, body: d.Body}}
	}
	for _, shot := range all.Txns {
		t := &transaction{id: shot.ID, kind: shot.Kind, newRespOrg: shot.NewRespOrg, notes: shot.Notes, loa: shot.LOA,
			documents: shot.Documents,
			submitted: shot.Submitted, handed: shot.Handed, outSince: shot.OutSince}
		if i := slices.IndexFunc(s.logins, func(l *login) bool {
			return shot.CheckedOut != "" && l.user == shot.CheckedOut
		}); i >= 0 {
			t.checkedOut = s.logins[i]
		}
		for _, n := range shot.Numbers {
			one := &number{num: n.Number, holder: n.Holder, status: n.Status, note: n.Note, base: n.Base, processed: n.Processed,
				codes: n.Codes}
			for _, m := range n.Life {
				one.life = append(one.life, moment{m.Days, m.After, m.Status, m.Codes, m.Note, m.Unanswered})
			}
			t.numbers = append(t.numbers, one)
		}
		s.txns = append(s.txns, t)
	}
	return nil
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}
