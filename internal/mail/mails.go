package mail

import (
	"slices"

	"portway/internal/porting"
	"portway/internal/text"
)

// mails writes the mails, one for each kind of event that the customer is told of.
var mails = map[porting.EventKind]func(*draft){
	porting.Created:         (*draft).created,
	porting.Commented:       (*draft).commented,
	porting.Corrected:       (*draft).corrected,
	porting.NumberExcluded:  (*draft).excluded,
	porting.DayAnnounced:    (*draft).dayBefore,
	porting.WasRejected:     (*draft).rejected,
	porting.Expired:         (*draft).expired,
	porting.NotPortable:     (*draft).notPortable,
	porting.Reminded:        (*draft).reminded,
	porting.RenewalAsked:    (*draft).renewal,
	porting.Passed:          (*draft).passed,
	porting.Approved:        (*draft).passed,
	porting.AttemptSent:     (*draft).anotherDay,
	porting.WasAccepted:     (*draft).accepted,
	porting.FOCMoved:        (*draft).moved,
	porting.Parted:          (*draft).partlyMoved,
	porting.WasCompleted:    (*draft).completed,
	porting.CallsCame:       (*draft).callsArrive,
	porting.WentBack:        (*draft).wentBack,
	porting.SnapbackRefused: (*draft).snapbackRefused,

	porting.DisputeOpened:    (*draft).disputed,
	porting.NumbersContested: (*draft).disputed,
	porting.PapersAsked:      (*draft).disputed,
	porting.DisputeDecided:   (*draft).disputed,
	porting.DisputeEnded:     (*draft).disputed,
	porting.NumbersYielded:   (*draft).disputed,
	porting.WasCancelled:     (*draft).cancelled,
	porting.WasAbandoned:     (*draft).cancelled,
	porting.HardCancelled:    (*draft).cancelled,
	porting.FOCLost:          (*draft).dateLost,
	porting.ChangeDone:       (*draft).changeDone,
	porting.ChangeRefused:    (*draft).changeRefused,
	porting.CaseOpened:       (*draft).doubted,
	porting.CaseClosed:       (*draft).doubted,
}

// draft is a mail being written. Its sentences are English, and are written in the reader's language by the catalogue.
type draft struct {
	Composer
	words  *text.Catalogue
	e      porting.Event
	o      porting.Order
	about  string // what the subject says before the numbers
	page   string // the address of the order's page for the mail's reader; empty for a mail that shows calls
	blocks []block
}

// link puts the button to the page behind the first sentences. Its words are the one thing that is wanted.
func (d *draft) link() {
	if d.page == "" {
		return
	}
	words := d.say("Open your order")
	switch {
	case d.e.Kind == porting.WasRejected, d.e.Kind == porting.Reminded && d.e.Status == porting.Rejected:
		words = d.say("See what is wrong, and correct it")
	case d.e.Kind == porting.Created, d.e.Kind == porting.Reminded, d.e.Kind == porting.RenewalAsked && d.e.Paper != porting.Bill:
		words = d.say("Read and sign")
	case d.e.Kind == porting.RenewalAsked:
		words = d.say("Send us the bill")
	case d.e.Kind == porting.Commented:
		words = d.say("Answer our porting desk")
	}
	at := min(2, len(d.blocks))
	d.blocks = slices.Insert(d.blocks, at, block{as: button, text: words, link: d.page})
}

// facts adds the lines that say which order the mail is about. Of its numbers they list those that still take part. What
// people have typed stands there alone, and in no subject and no sentence.
func (d *draft) facts() {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{d.words.Translate(name), value})
		}
	}
	add("Order", string(d.o.ID))
	add("Name", unlinked(line(d.o.Details.Alias)))
	add("Status", d.status())
	add("Numbers", d.few(d.o.Active()))
	add("Carrier", unlinked(line(d.o.Details.Provider)))
	if d.e.FOC != "" {
		add("Date", d.day(d.e.FOC))
	}
	d.blocks = append(d.blocks, block{as: facts, rows: rows})
}

// statusWords say how an order stands.
var statusWords = map[porting.Status]string{
	porting.Pending: "waits for your signature", porting.Processing: "we check it", porting.Submitted: "is with the carrier",
	porting.Review: "we review it", porting.Accepted: "the date is set", porting.Rejected: "waits for your correction",
	porting.Completed: "in service with us", porting.Cancelled: "cancelled", porting.Abandoned: "ended",
	porting.HardCanceled: "cancelled after it was submitted",
}

func (d *draft) status() string { return d.words.Translate(statusWords[d.e.Status]) }
