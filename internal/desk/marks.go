package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Mark is what our staff have agreed on among themselves about an order: who has taken it, and until when nobody looks at
// it. It is beside the order and changes nothing of it, so that a customer's call never meets a new version for it.
type Mark struct {
	Order porting.OrderID
	// Taken has the initials of the person who has taken the order, until TakenUntil.
	Taken      string
	TakenUntil time.Time
	// Later is until when the order is put off, by LaterBy and for LaterWhy.
	Later             time.Time
	LaterBy, LaterWhy string
	// Version is raised by every change of the mark.
	Version int64
}

// takenBy returns who has taken the order at that instant; empty for nobody.
func (m Mark) takenBy(now time.Time) string {
	if m.TakenUntil.After(now) {
		return m.Taken
	}
	return ""
}

// Note is a private note of our staff about an order. No customer reads it.
type Note struct {
	Order porting.OrderID
	At    time.Time
	By    string // initials
	Text  string
}

// Marks keeps what our staff have agreed on, and their notes.
type Marks interface {
	// MarksOf reads the marks of orders, at most 100. An order without one is left out.
	MarksOf(ctx context.Context, ids []porting.OrderID) (map[porting.OrderID]Mark, error)
	// SetMark writes a mark where the version is still the one before m's. If not, the error is Stale.
	SetMark(ctx context.Context, m Mark) error
	AddNote(ctx context.Context, n Note) error
	// PutOff reads which orders are put off, and until when, the soonest first, at most limit.
	PutOff(ctx context.Context, limit int) ([]orders.Due, error)
	// Notes reads the mark of an order and its latest notes, the newest first, at most limit.
	Notes(ctx context.Context, id porting.OrderID, limit int) (Mark, []Note, error)
}

// DueLater is the kind of due date of orders that are put off. Nothing sweeps it: the work lists read it.
const DueLater orders.DueKind = "desk-later"

// MemoryMarks keeps marks and notes in memory. Its zero value is empty.
type MemoryMarks struct {
	mu    sync.Mutex
	marks map[porting.OrderID]Mark
	notes map[porting.OrderID][]Note
}

// MarksOf implements Marks.
func (m *MemoryMarks) MarksOf(_ context.Context, ids []porting.OrderID) (map[porting.OrderID]Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[porting.OrderID]Mark{}
	for _, id := range ids {
		if mark, ok := m.marks[id]; ok {
			found[id] = mark
		}
	}
	return found, nil
}

// SetMark implements Marks.
func (m *MemoryMarks) SetMark(_ context.Context, mark Mark) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks[mark.Order].Version != mark.Version-1 {
		return porting.Errorf(porting.Stale, "The mark has changed in between.")
	}
	if m.marks == nil {
		m.marks = map[porting.OrderID]Mark{}
	}
	m.marks[mark.Order] = mark
	return nil
}

// AddNote implements Marks.
func (m *MemoryMarks) AddNote(_ context.Context, n Note) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.notes == nil {
		m.notes = map[porting.OrderID][]Note{}
	}
	m.notes[n.Order] = append(m.notes[n.Order], n)
	return nil
}

// Notes implements Marks.
func (m *MemoryMarks) Notes(_ context.Context, id porting.OrderID, limit int) (Mark, []Note, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.notes[id])
	slices.Reverse(all)
	return m.marks[id], all[:min(limit, len(all))], nil
}

// PutOff implements Marks.
func (m *MemoryMarks) PutOff(_ context.Context, limit int) ([]orders.Due, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []orders.Due
	for id, mark := range m.marks {
		if !mark.Later.IsZero() {
			all = append(all, orders.Due{Kind: DueLater, Order: id, At: mark.Later})
		}
	}
	slices.SortFunc(all, func(a, b orders.Due) int { return a.At.Compare(b.At) })
	return all[:min(limit, len(all))], nil
}

// takenFor is how long an order stays taken unless the person takes it again (our decision: half of the desk's day).
const takenFor = 4 * time.Hour

// The most that a note and the days of a putting off may be.
const (
	maxNote  = 2000
	maxLater = 60 // days
)

// marks are the decisions that change a mark or add a note.
var marks = []string{"take", "hand_over", "put_off", "bring_back", "note"}

// markFaults finds what is wrong with such a decision.
func markFaults(a Action, today porting.Date) []Fault {
	var faults []Fault
	switch a.Action {
	case "hand_over":
		if !initialsForm.MatchString(a.Who) {
			faults = append(faults, Fault{"who", "required", "Give the initials of the person who takes the order, two to four letters."})
		}
	case "put_off":
		last := porting.Date("")
		if from, err := porting.ParseDate(string(today)); err == nil {
			last = porting.DateOf(from.In(time.UTC).AddDate(0, 0, maxLater))
		}
		if day, err := porting.ParseDate(string(a.Date)); err != nil || day <= today || day > last {
			faults = append(faults, Fault{"date", "required", fmt.Sprintf("Give a day after today and not after %s, in the form YYYY-MM-DD.", last)})
		}
		if bad := porting.LineFault(porting.TidyLine(a.Text)); bad != "" || porting.TidyLine(a.Text) == "" {
			faults = append(faults, Fault{"text", "required", "Say in one line why the order is put off."})
		}
	case "note":
		words := porting.TidyLines(a.Text)
		switch bad := porting.LinesFault(words); {
		case words == "":
			faults = append(faults, Fault{"text", "required", "Write the note."})
		case bad != "":
			faults = append(faults, Fault{"text", string(porting.BadFormat), bad})
		case len([]rune(words)) > maxNote:
			faults = append(faults, Fault{"text", string(porting.TooLong), fmt.Sprintf("Write at most %d characters.", maxNote)})
		}
		faults = append(faults, secretive(a)...)
	}
	return faults
}

// mark carries out a decision about the mark or the notes of an order. The order itself stays as it is.
func (w *Widgets) mark(ctx context.Context, a Action) (Reply, error) {
	now := w.Book.Time()
	desk := w.Book.Rules.Calendar.Location()
	faults := faultsOf(a)
	if faults = append(faults, markFaults(a, porting.DateOf(now.In(desk)))...); len(faults) > 0 {
		return Reply{Order: a.Order, Errors: faults}, nil
	}
	o, err := w.Book.Store.Load(ctx, a.Order)
	if porting.Is(err, porting.NotFound) {
		return Reply{Order: a.Order, Errors: []Fault{{Code: string(porting.NotFound), Message: fmt.Sprintf("There is no order %s.", a.Order)}}}, nil
	}
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Order: o.ID, Status: o.Status, Turn: o.Turn()}
	by := strings.ToUpper(a.Initials)
	if a.Action == "note" {
		return reply, w.Marks.AddNote(ctx, Note{Order: o.ID, At: now, By: by, Text: porting.TidyLines(a.Text)})
	}
	m, _, err := w.Marks.Notes(ctx, o.ID, 0)
	if err != nil {
		return reply, err
	}
	m.Order, m.Version = o.ID, m.Version+1
	switch a.Action {
	case "take":
		if who := m.takenBy(now); who != "" && who != by && !a.Force {
			reply.Errors = []Fault{{"force", string(porting.NotAllowed), fmt.Sprintf("%s has taken the order. Ask %s, or take it all the same.", who, who)}}
			return reply, nil
		}
		m.Taken, m.TakenUntil = by, now.Add(takenFor)
	case "hand_over":
		m.Taken, m.TakenUntil = strings.ToUpper(a.Who), now.Add(takenFor)
	case "put_off":
		m.Later, m.LaterBy, m.LaterWhy = w.Book.Rules.Calendar.At(a.Date.In(desk), 9, 0), by, porting.TidyLine(a.Text)
	case "bring_back":
		m.Later, m.LaterBy, m.LaterWhy = time.Time{}, "", ""
	}
	err = w.Marks.SetMark(ctx, m)
	if porting.Is(err, porting.Stale) {
		reply.Errors = []Fault{{Code: string(porting.Stale), Message: "Somebody has just taken the order or put it off. Look at it again."}}
		return reply, nil
	}
	return reply, err
}

// isMark says whether a decision is about the mark or the notes.
func isMark(action string) bool { return slices.Contains(marks, action) }

// markForms are the forms of these decisions, in the order of their buttons.
var markForms = []form{
	{action: "take", title: "Take", confirm: "Take the order?", fields: takeFields,
		does: "The lists show that you work on the order for the next 4 hours. Nobody is kept from it."},
	{action: "hand_over", title: "Hand over", confirm: "Hand the order over?", fields: handFields,
		does: "The lists show that another person works on the order."},
	{action: "put_off", title: "Put off", confirm: "Put the order off until then?", fields: laterFields,
		does: "The order leaves its lists until the morning of that day. Promises to the customer stay as they are."},
	{action: "bring_back", title: "Bring back", confirm: "Bring the order back to its lists now?",
		does: "The order stands on its lists again."},
	{action: "note", title: "Private note", confirm: "Write the note?", fields: noteFields,
		does: "Our staff alone read the note. The customer does not."},
}

func takeFields(s *screen, _ porting.Order) []markup {
	who := s.marked.takenBy(s.now)
	if who == "" {
		return nil
	}
	return []markup{selectField("force", who+" has taken the order until "+s.clock(s.marked.TakenUntil)+". Take it all the same?", s.typed("force"), s.wrong("force"),
		[]choice{{"", "no"}, {"yes", "yes, " + who + " knows"}})}
}

func handFields(s *screen, _ porting.Order) []markup {
	return []markup{textField("who", "Initials of the person who takes it", s.typed("who"), s.wrong("who"), maxLength(4))}
}

func laterFields(s *screen, _ porting.Order) []markup {
	return []markup{textField("date", "Until the day, such as 2027-01-05", s.typed("date"), s.wrong("date"), maxLength(10)),
		textField("text", "Why", s.typed("text"), s.wrong("text"), maxLength(200))}
}

func noteFields(s *screen, _ porting.Order) []markup {
	return []markup{areaField("text", "The note", s.typed("text"), s.wrong("text"))}
}

// deskSection shows who has taken the order, until when it is put off, and the notes.
func (s *screen) deskSection(notes []Note) markup {
	var parts []markup
	m := s.marked
	if who := m.takenBy(s.now); who != "" {
		parts = append(parts, el("p", el("strong", who), " works on it until ", s.when(m.TakenUntil), "."))
	}
	if m.Later.After(s.now) {
		parts = append(parts, el("p", "Put off until ", s.when(m.Later), " by ", el("strong", m.LaterBy), ": "+m.LaterWhy))
	}
	var all []markup
	for _, n := range notes {
		all = append(all, el("li", s.when(n.At), " ", el("strong", n.By), ": ", el("span", class("lines"), n.Text)))
	}
	if len(all) > 0 {
		parts = append(parts, el("ol", all))
	}
	if len(parts) == 0 {
		return ""
	}
	return section("Among ourselves", parts...)
}
