package locals

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Row is one line of the table by which a number's last digits choose what happens to it. Four digits go before two.
type Row struct {
	Digits string // such as 40, 01–39 or 7401
	Story  string
}

// Magic returns the whole table, for people: infra/docs/simulators.md and the local stack show it.
func Magic() []Row {
	all := make([]Row, 0, len(magic))
	for _, r := range magic {
		digits := fmt.Sprintf("%02d", r.first)
		if r.last > r.first {
			digits += fmt.Sprintf("–%02d", r.last)
		}
		all = append(all, Row{Digits: digits, Story: r.story})
	}
	all = append(all, Row{Digits: "6100–6579", Story: "Through a partner: its refusal of that published code. The " +
		"partner goes on by itself, takes a change, or takes another order alone (the one before is cancelled first), as " +
		"the published text has it; what can't be ported stays refused."})
	return append(all, lineRows()...)
}

// row says how the carrier of an order behaves. The order's first number chooses it. A refusal is remembered for the
// number until an order for it completes, so that a new request after a cancelled one goes on with the same story.
type row struct {
	first, last int
	story       string

	refuse    string                     // the code with which the carrier refuses
	vendor    string                     // the carrier's own code, which chooses between the meanings of a code of two
	words     string                     // the text, where it is not the code's usual one
	fine      func(values) bool          // not refused to begin with
	accepts   func(now, was values) bool // no longer refused; nil: any next request will do
	after     bool                       // the refusal comes after the FOC
	partner   bool                       // a line of the off-net partner's
	published asks                       // what the published text asks for, on such a line

	late     int                   // days by which the FOC is later than asked
	csr      string                // what becomes of a CSR request; empty is COMPLETE
	reads    int                   // how often a CSR is asked for before it is there
	record   func(*csrData, csrIn) // how the record differs from the CSR request, which it echoes
	csrError bool                  // an error stands beside the record

	unportable, silent, kept, down, papers, mute, jumbled bool

	exact      bool   // the code is given whatever the order says
	names      bool   // the refusal names the order's last number
	narrow     bool   // not carried, save by a peer of Options.Wide
	apart      bool   // what it names has to be accepted in an order of its own
	passes     bool   // the refusal is information, and goes by itself (L2)
	yields     bool   // the carrier withdraws the refusal when a note objects to it
	atOnce     bool   // it comes with the order's creation
	fixed      bool   // no supplement is taken
	freeze     bool   // no change and no cancellation is taken after the FOC
	drops      bool   // a change after the FOC is taken and dropped
	dies       string // the carrier cancels, with this code
	warns      string // a warning that stands among the errors
	becomes    string // the state that follows the FOC, and stays (L3)
	moves      int    // days by which the FOC is moved after it was given
	steps      int    // how many steps an answer takes; 0 is one
	partial    bool   // the last number stays behind (L8)
	unreadable bool   // the date agreed can't be read
	odd        bool   // answers are written in the peer's other ways
	trouble    string // how the peer itself misbehaves
	doubled    bool   // notices come twice
	backward   bool   // and in the wrong order
	wants      bool   // the CSR wants a PIN
	doubts     bool   // a carrier asks for the LOA once the numbers have moved
	blames     string // how the portability check blames the number
	portType   string // other than AUTOMATED
}

// How a portability check blames a number: in the text of a 400, as [spec] has it; as the only thing that it says, with
// HTTP 200 ([SDK java]); beside good numbers ([SDK csharp]); and with a 400 that names it nowhere (a potential error of
// [spec]).
const (
	inText  = "text"
	alone   = "alone"
	beside  = "beside"
	nowhere = "nowhere"
)

// magic is the whole behaviour. Unless a row says otherwise the CSR is there at the first read and echoes what the CSR
// request said, and the order goes SUBMITTED, FOC with the date asked for, COMPLETE.
var magic = []row{
	{first: 0, last: 39, story: "Straight through: the CSR matches, the carrier accepts the date asked for, the " +
		"numbers move."},
	{first: 40, last: 40, refuse: "7401", vendor: "8A", accepts: other(values.account), record: func(d *csrData, _ csrIn) {
		d.AccountNumber = ""
	},
		story: "Wrong account number. The CSR does not show one and matches; the carrier refuses (7401) until the " +
			"order has another account number."},
	{first: 41, last: 41, refuse: "7435", vendor: "8C", accepts: other(values.pin),
		story: "Wrong PIN. A CSR never shows one; the carrier refuses (7435) until the order has another PIN."},
	{first: 42, last: 42, refuse: "7445", vendor: "E14", accepts: other(values.btn), fine: func(v values) bool {
		return v.btn() == mainNumber(v.first())
	},
		record: func(d *csrData, in csrIn) { d.BTN = mainNumber(in.Working) },
		story: "Wrong billing number. The account's main number ends in 00, as the CSR tells; the carrier refuses another " +
			"(7445), then takes the main one, or any but the refused."},
	{first: 43, last: 43, refuse: "7402", vendor: "E1", accepts: other(values.address),
		record: func(d *csrData, _ csrIn) { d.Address = csrAddress{} },
		story: "Wrong address. The CSR does not show one and matches; the carrier refuses the address (7402) until the order " +
			"has another: only the customer can know it."},
	{first: 44, last: 44, refuse: "7404", vendor: "8G", accepts: other(values.name),
		record: func(d *csrData, _ csrIn) { d.Customer = "" },
		story: "Wrong name. The CSR does not show one and matches; the carrier refuses the name (7404 for a business, 7429 " +
			"for a person) until the order has another."},
	{first: 45, last: 45, refuse: "7427", vendor: "6A", names: true, accepts: func(now, was values) bool {
		return !slices.Contains(now.Numbers, was.lastNumber())
	},
		story: "A number not on the account: the order's last one, which the refusal (7427) names. Accepted without it; an " +
			"order of one number stays refused."},
	{first: 46, last: 46, refuse: "7407", vendor: "6M", story: "A pending order at the carrier (7407), gone when the " +
		"request is sent again."},
	{first: 47, last: 47, refuse: "7412", vendor: "1N", accepts: later, story: "The date is refused (7412) until " +
		"a later one is asked for."},
	{first: 48, last: 48, refuse: "7471", vendor: "E18", story: "The first request is refused for a missing field " +
		"(7471), the next one is accepted as it is."},
	{first: 49, last: 49, refuse: "7402", vendor: "8D", accepts: other(values.zip), fine: func(v values) bool {
		return v.Subscriber.Address.PlusFour == "0049"
	},
		record: func(d *csrData, in csrIn) { d.Address.Zip = recordZip(in.Zip) },
		story: "ZIP wanted in full: the CSR has ZIP+4 (ending in -0049), which matches; the carrier refuses the ZIP (7402, " +
			"its ZIP code) until it is that, or any but the refused one."},
	{first: 50, last: 50, csr: "FAILED", story: "The carrier gives no CSR (FAILED, 26500); the order goes straight " +
		"through."},
	{first: 51, last: 51, record: func(d *csrData, _ csrIn) { d.Customer = "Bluebird Holdings LLC" },
		story: "The CSR has another name, Bluebird Holdings LLC. The carrier itself does not insist on it: an order " +
			"that is sent goes straight through."},
	{first: 52, last: 52, record: func(d *csrData, in csrIn) {
		d.Address.Unparsed, d.Address.Zip = raised(in.Address, 2), raised(in.Zip, 1)
	},
		story: "The CSR has another address: the house number is two higher, the ZIP one. An order that is sent goes " +
			"straight through."},
	{first: 53, last: 53, reads: 3, story: "The CSR comes at the third read; then straight through."},
	{first: 54, last: 54, late: 2, story: "The FOC is two days later than asked for (Monday instead of a weekend)."},
	{first: 55, last: 55, refuse: "7412", vendor: "1L", accepts: later, after: true,
		story: "Jeopardy: some time after the FOC the date breaks (EXCEPTION 7412), until a later one is asked for, " +
			"which is confirmed."},
	{first: 56, last: 56, unportable: true, story: "Not portable: the portability check leaves the number out, an order " +
		"with it is not taken (7503)."},
	{first: 57, last: 57, silent: true, story: "The carrier is silent: SUBMITTED for ever, until a note is written " +
		"to the order or /_sim/answer speaks for it."},
	{first: 58, last: 58, kept: true, story: "Straight through, but a cancellation is refused (7432)."},
	{first: 59, last: 59, down: true, story: "The peer is down: the first three calls about the number get HTTP 503 " +
		"(Options.Down); then straight through."},
	{first: 60, last: 60, csr: "ACTION_REQUIRED", story: "The CSR never comes: it stays ACTION_REQUIRED. An order " +
		"that is sent goes straight through."},
	{first: 61, last: 61, refuse: "7424", vendor: "E8", papers: true, accepts: func(now, was values) bool {
		return now.loas > was.loas
	},
		story: "The carrier loses the LOA: the order waits in PENDING_DOCUMENTS for the first one and is then refused " +
			"(7424) until another is uploaded."},
	{first: 62, last: 62, record: func(d *csrData, in csrIn) { d.AccountNumber = "62-" + in.Working[6:] },
		story: "The CSR has another account number (62- and the number's last four digits). An order that is sent goes " +
			"straight through."},
	{first: 63, last: 63, mute: true, story: "Notices get lost: nothing is ever pushed; only a status check finds " +
		"the FOC and the completion."},
	{first: 64, last: 64, jumbled: true, story: "Notices come twice and in the wrong order: each state is told, " +
		"then the one before it, then the state again."},
	{first: 65, last: 65, refuse: "7417", vendor: "999", after: true,
		story: "The FOC is withdrawn some time after it was given, for a reason of the carrier's own (EXCEPTION " +
			"7417), until the request is sent again."},
	{first: 66, last: 66, record: func(d *csrData, in csrIn) { another(d, in); d.Customer = in.EndUser },
		story: "The CSR has the order's name, and another account number, billing number and address. Whoever asks has not " +
			"proven to hold the account. An order that is sent goes straight through."},
	{first: 67, last: 67, record: another,
		story: "The CSR has another name, account number, billing number and address: nothing matches. An order that is sent " +
			"goes straight through."},
	{first: 68, last: 68, record: func(d *csrData, in csrIn) {
		d.Customer, d.AccountNumber = "Bluebird Holdings LLC", "68-"+in.Working[6:]
	},
		story: "The CSR has another name (Bluebird Holdings LLC) and another account number (68- and the number's last four " +
			"digits), and the rest matches. An order that is sent goes straight through."},
	{first: 69, last: 99, story: "Straight through, as 01–39."},
}

// rowOf is the row of an order whose first number is tn.
func rowOf(tn string) row {
	if len(tn) >= 4 {
		line := tn[len(tn)-4:]
		if r, ok := lines[line]; ok {
			return r
		}
		if p, ok := partnerCodes()[line]; ok {
			return p.row()
		}
	}
	n := 0
	if len(tn) >= 2 {
		n, _ = strconv.Atoi(tn[len(tn)-2:])
	}
	for _, r := range magic {
		if r.first <= n && n <= r.last {
			return r
		}
	}
	return magic[0]
}

// another fills a record with values of an account that no order has.
func another(d *csrData, in csrIn) {
	d.Customer, d.AccountNumber, d.BTN = "Zephyrine Quillfeather", "66-ZQ-"+in.Working[6:], "9195550166"
	d.Address = csrAddress{Unparsed: "4711 MARZIPAN PLZ APT 9Q", City: "QUAGMIRE", State: "VT", Zip: "05999"}
}

func other(detail func(values) string) func(now, was values) bool {
	return func(now, was values) bool { return detail(now) != detail(was) }
}

func later(now, was values) bool { return now.date() > was.date() }

// mainNumber is the billing number of the accounts of row 42.
func mainNumber(tn string) string {
	if len(tn) < 2 {
		return tn
	}
	return tn[:len(tn)-2] + "00"
}

// recordZip is the ZIP as the carriers of row 49 have it; a Canadian code, which has no +4, with its blank the other
// way.
func recordZip(zip string) string {
	switch {
	case len(zip) >= 5 && strings.Trim(zip[:5], "0123456789") == "":
		return zip[:5] + "-0049"
	case strings.Contains(zip, " "):
		return strings.ReplaceAll(zip, " ", "")
	case len(zip) == 6:
		return zip[:3] + " " + zip[3:]
	}
	return zip
}

// raised adds n to the first number in s.
func raised(s string, n int) string {
	from := strings.IndexAny(s, "0123456789")
	if from < 0 {
		return strconv.Itoa(n) + " " + s
	}
	to := from
	for to < len(s) && s[to] >= '0' && s[to] <= '9' {
		to++
	}
	was, _ := strconv.Atoi(s[from:to])
	return s[:from] + fmt.Sprintf("%0*d", to-from, was+n) + s[to:]
}
