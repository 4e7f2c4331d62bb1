package page

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"portway/internal/link"
	"portway/internal/porting"
	"portway/internal/text"
)

// frame is what every screen has.
type frame struct {
	Title string
	// Error says that the screen tells of something to be put right; its title begins with it.
	Error bool
	Path  string
	Back  bool // the way back to the page is shown
	Style any
}

// formMark is what proves that a form is ours (visit.formToken).
type formMark struct {
	Action, Token string
	Version       int64
}

func (v *visit) frame(title string) frame {
	return frame{Title: title, Path: v.path, Back: true, Style: style}
}

func (v *visit) mark(name string) formMark {
	return formMark{Action: v.path + "/" + name, Token: v.formToken(name), Version: v.order.Version}
}

// statusData is the page itself.
type statusData struct {
	frame
	Heading, Summary string
	Done             string // what a form has just done
	Want             *want
	Next             []string
	Steps            []step
	StepNow          int
	Facts            [][2]string
	HasDate          bool
	Numbers          []numberData
	Folded           bool
	Documents        []documentData
	Comments         []commentData
	Comment          formMark
	CommentText      string
	CommentProblem   string
	May              map[string]bool
	Return           string
	Ended            bool
	Sandbox          bool
}

// want is the one thing that is wanted of the person now.
type want struct{ Title, Words, Button, Screen string }

// step is one step of the port. State is done, now, stopped or later.
type step struct{ Label, State, Words string }

type numberData struct{ Number, State, Why string }

type documentData struct{ ID, Name, State, Why string }

type commentData struct {
	By, At, Text string
	Mine         bool
}

func showStatus(_ context.Context, v *visit) (reply, error) { return v.status(http.StatusOK, "", "") }

func (v *visit) status(code int, problem, typed string) (reply, error) {
	o := v.order
	d := statusData{frame: v.frame(headings[o.Status]), Heading: headings[o.Status], Summary: v.summary(), Want: v.want(),
		Next: v.next30(), Steps: stepsOf(o), HasDate: o.FOC != "" && !o.Status.Terminal(), Comment: v.mark("comment"),
		CommentText: typed, CommentProblem: problem, May: map[string]bool{}, Return: v.link.Return, Ended: o.Status.Terminal(),
		Sandbox: o.Sandbox, Done: doneWords[v.in.QueryStringParameters["done"]]}
	d.Back, d.Error = false, problem != ""
	for i, s := range d.Steps {
		if s.State == "now" || s.State == "stopped" {
			d.StepNow = i + 1
		}
	}
	d.Facts = v.facts()
	for _, n := range o.Numbers {
		d.Numbers = append(d.Numbers, numberOf(o, n))
	}
	d.Folded = len(d.Numbers) > 12
	for _, doc := range o.Documents {
		d.Documents = append(d.Documents, documentOf(doc.As(v.now)))
	}
	for _, e := range slices.Backward(v.comments) {
		d.Comments = append(d.Comments, commentData{By: authors[e.By.Role], At: v.when(e.At), Text: text.English.Event(e),
			Mine: e.By.Role == porting.Customer})
	}
	for verb, open := range map[link.Verb]bool{link.Sign: v.signs(), link.Correct: v.corrects(), link.Upload: v.uploads(),
		link.Date: v.dates(), link.Cancel: !o.Status.Terminal(), link.Comment: !o.Status.Terminal()} {
		d.May[string(verb)] = open && v.link.Allows(verb, o, v.now)
	}
	return v.show(code, "status", d)
}

// summary says in a sentence or two what the order waits for.
func (v *visit) summary() string {
	o := v.order
	if !o.Desk.IsZero() && !o.Status.Terminal() {
		return deskSummary
	}
	if o.Status == porting.Accepted {
		return strings.ReplaceAll(summaries[o.Status], "{day}", dayWords(o.FOC))
	}
	return summaries[o.Status]
}

// want returns the one thing that is wanted now; nil where nothing is, or where the link does not allow it.
func (v *visit) want() *want {
	var w want
	var verb link.Verb
	switch o := v.order; {
	case o.Authority.Open():
		verb, w = link.Upload, proofBy(v.when(o.Authority.Ends))
	case o.Status.Terminal():
		return nil
	case o.Disputed():
		i := slices.IndexFunc(o.Disputes, porting.Dispute.Lives)
		verb, w = link.Upload, proofBy(v.when(o.Disputes[i].Ends))
	case o.Status == porting.Pending:
		verb, w = link.Sign, wantSign
	case o.Status == porting.Rejected && v.wantsPaper():
		verb, w = link.Upload, wantUpload
	case o.Status == porting.Rejected:
		verb, w = link.Correct, wantCorrect
	case o.Wanted(porting.SignedLOA):
		verb, w = link.Sign, wantSignAgain
	case o.Wanted(porting.Bill):
		verb, w = link.Upload, wantBill
	default:
		return nil
	}
	if !v.link.Allows(verb, v.order, v.now) {
		return nil
	}
	if end := v.Book.Rules.End(v.order); !end.IsZero() {
		w.Words += " " + strings.ReplaceAll(untilWords, "{day}", v.when(end))
	}
	w.Screen = v.path + "/" + string(verb)
	return &w
}

// proofBy asks for papers about a dispute or a doubted port until a day.
func proofBy(day string) want {
	w := wantProof
	w.Words = strings.ReplaceAll(w.Words, "{day}", day)
	return w
}

// wantsPaper says that the rejection asks for a document that has not come since.
func (v *visit) wantsPaper() bool {
	return slices.ContainsFunc(v.order.Reasons, func(r porting.Reason) bool {
		return slices.ContainsFunc(r.Code.Info().Papers, func(paper string) bool {
			if paper == porting.SignedLOA {
				return false
			}
			d, ok := v.order.Newest(porting.KindOf(paper))
			return !ok || d.Added.Before(v.order.StatusAt)
		})
	})
}

// next30 says what happens by itself, the soonest first.
func (v *visit) next30() []string {
	o := v.order
	type coming struct {
		at    time.Time
		words string
	}
	var all []coming
	add := func(at time.Time, words string) {
		if at.After(v.now) {
			all = append(all, coming{at, strings.ReplaceAll(words, "{day}", v.when(at))})
		}
	}
	if !o.Status.Terminal() {
		add(o.Due[porting.DueCheck], nextCheck)
		if o.Status == porting.Accepted {
			add(o.FOCAt, nextMove)
		}
		if o.Status == porting.Pending || o.Status == porting.Rejected {
			add(v.Book.Rules.End(o), nextEnd)
		}
	}
	slices.SortFunc(all, func(a, b coming) int { return a.at.Compare(b.at) })
	var words []string
	for _, c := range all {
		words = append(words, c.words)
	}
	return words
}

func (v *visit) facts() [][2]string {
	o := v.order
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("Current carrier", o.Details.Provider)
	add("Numbers", numberCount(len(o.Active())))
	add("Day that you asked for", dayWords(o.Details.Desired))
	if o.FOC != "" {
		add("Day of the move", dayWords(o.FOC))
	}
	add("Moved on", dayWords(v.Book.Rules.Done(o)))
	add("Order number", string(o.ID))
	return rows
}

// when writes an instant in the zone of our desk.
func (v *visit) when(t time.Time) string {
	return t.In(v.Book.Rules.Calendar.Location()).Format("Monday, January 2, 2006, 3:04 PM MST")
}

func dayWords(d porting.Date) string {
	if d == "" {
		return ""
	}
	return d.In(time.UTC).Format("Monday, January 2, 2006")
}

func numberOf(o porting.Order, n porting.Number) numberData {
	d := numberData{Number: text.Number(n.TN)}
	switch {
	case n.State == porting.Excluded:
		d.State, d.Why = numberExcluded, n.Reason.Info().Meaning
	case n.State == porting.Ported:
		d.State = numberPorted
	case o.Status.Terminal():
		d.State = numberStays
	default:
		d.State = numberMoving
	}
	return d
}

func documentOf(d porting.Document) documentData {
	name := documentNames[d.Kind]
	if d.LOA {
		name = "letter of agency, as signed"
	}
	doc := documentData{Name: upper(name), State: documentStates[d.State], Why: text.English.Message(d.Why)}
	if d.State == porting.DocumentComplete {
		doc.ID = string(d.ID)
	}
	return doc
}

// stepsOf are the steps of the port as the order stands.
func stepsOf(o porting.Order) []step {
	at := map[porting.Status]int{porting.Pending: 0, porting.Processing: 1, porting.Submitted: 2, porting.Rejected: 2, porting.Review: 2,
		porting.Accepted: 4, porting.Completed: len(stepLabels)}
	now, lives := at[o.Status]
	if !lives { // it has ended without the move
		now = 2
		if o.Signature.IsZero() {
			now = 0
		}
	}
	var all []step
	for i, label := range stepLabels {
		s := step{Label: label, State: "later"}
		switch {
		case i < now:
			s.State = "done"
		case i == now && (o.Status == porting.Rejected || !lives):
			s.State = "stopped"
		case i == now:
			s.State = "now"
		}
		s.Words = stepStates[s.State]
		all = append(all, s)
	}
	return all
}

func numbersOf(tns []string) string {
	var all []string
	for i, tn := range tns {
		if i == 5 {
			all = append(all, moreNumbers(len(tns)-i))
			break
		}
		all = append(all, text.Number(tn))
	}
	return strings.Join(all, ", ")
}

func numbersLine(o porting.Order) string { return numbersOf(o.Active()) }

func (v *visit) numbersLine() string { return numbersLine(v.order) }

func upper(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
