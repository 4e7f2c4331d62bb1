package locals

import (
	_ "embed" // offnet.tsv
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// reject is a refusal, and until when it stands. A number whose last four digits are the code gets it, or the digits
// where those are others.
type reject struct {
	code, vendor string
	until        acceptance
	digits       string
	words        string // the partner's own, where no text is published
}

// acceptance says when the carrier takes a request after it has refused one.
type acceptance struct {
	story  string
	fine   func(values) bool          // such an order is not refused to begin with; nil: each is
	done   func(now, was values) bool // nil: any next request
	names  bool                       // the refusal names the order's last number
	passes bool                       // the refusal goes by itself
	yields bool                       // the refusal goes when a note objects to it
	// record is the carrier's record where it differs from the order in form: the carrier takes it literally.
	record func(*csrData, csrIn)
}

// onFile writes address and account number as a carrier's system does: the same, in another form.
func onFile(d *csrData, _ csrIn) {
	d.Address.Unparsed = strings.TrimSpace(abbreviations.Replace(strings.ToUpper(d.Address.Unparsed) + " "))
	if n := strings.ReplaceAll(d.AccountNumber, "-", ""); n != d.AccountNumber {
		d.AccountNumber = n
	} else if len(n) > 2 {
		d.AccountNumber = n[:2] + "-" + n[2:]
	}
}

// oneLine lists the order's number as the account's only one.
func oneLine(d *csrData, in csrIn) { d.OnAccount, d.BTN = []string{in.Working}, in.Working }

// onAccount lists another number on the account, of the number's line and 98.
func onAccount(d *csrData, in csrIn) {
	d.OnAccount = []string{in.Working, in.Working[:len(in.Working)-2] + "98"}
}

var abbreviations = strings.NewReplacer(" AVE ", " AVENUE ", " AVENUE ", " AVE ", " STREET ", " ST ", " ST ",
	" STREET ", " ROAD ", " RD ", " RD ", " ROAD ")

var (
	byAnything = acceptance{story: "The next request is accepted, as it is."}
	byOthers   = acceptance{story: "The next request is accepted, as it is: by then the customer has arranged it " +
		"with the carrier."}
	byPayment = acceptance{story: "Withdrawn when a note objects to it; the next request is accepted, as it is: by then the " +
		"customer has paid.", yields: true}
	byNothing = acceptance{story: "Nothing resolves it.", done: func(_, _ values) bool { return false }}
	byItself  = acceptance{story: "It is information: one step later the carrier gives the date.", passes: true}
	byAccount = acceptance{story: "Accepted with another account number, such as the CSR's, which sets the dash " +
		"otherwise.", done: other(values.account), record: onFile}
	byPIN     = acceptance{story: "Accepted with another PIN.", done: other(values.pin)}
	byBTN     = acceptance{story: "Accepted with another billing number.", done: other(values.btn)}
	byName    = acceptance{story: "Accepted with another name.", done: other(values.name)}
	byCompany = acceptance{story: "Accepted with another name, such as the CSR's, which has the legal form.",
		done:   other(values.name),
		record: func(d *csrData, _ csrIn) { d.Customer = strings.ToUpper(d.Customer) + " INC" }}
	byPerson = acceptance{story: "Accepted with another authorizing person (its first 15 letters).",
		done: other(values.person)}
	byAddress = acceptance{story: "Accepted with another service address, such as the CSR's, in another spelling.",
		done: other(values.address), record: onFile}
	byZip = acceptance{story: "Accepted with another ZIP, such as the CSR's ZIP+4.", done: other(values.zip),
		record: func(d *csrData, in csrIn) { d.Address.Zip = recordZip(in.Zip) }}
	byLOA = acceptance{story: "Accepted after one more LOA and a request after it.", done: func(now, was values) bool {
		return now.loas > was.loas
	}}
	byPaper = acceptance{story: "Accepted after one more document and a request after it.",
		done: func(now, was values) bool { return now.papers > was.papers }}
	byDate   = acceptance{story: "Accepted with a later date.", done: later}
	bySooner = acceptance{story: "Accepted with an earlier date.", done: func(now, was values) bool {
		return now.date() < was.date()
	}}
	byAnyData = acceptance{story: "Accepted with another account number, name or address, such as the CSR's.",
		record: onFile, done: func(now, was values) bool {
			return now.account() != was.account() || now.name() != was.name() || now.address() != was.address()
		}}
	byTelephone = acceptance{
		story: "No request carries the digits. One that follows the first refusal at once is refused again; a later one is " +
			"accepted: by then somebody has given the carrier the digits by telephone.",
		done: func(now, was values) bool { return now.answered.Sub(was.answered) >= 2*now.step },
	}
	byRest = acceptance{story: "Accepted with a request that says that the rest stays (PartialPort).",
		done: func(now, _ values) bool { return now.PartialPort == "true" }}
	byPart = acceptance{
		story: "Accepted with another billing number, a new one for what stays (the CSR lists one, of the number's " +
			"line and 98), or the other PartialPort. An order that names the new one at once is not refused.",
		fine: func(v values) bool { return v.PartialPort == "true" && v.NewBTN != "" },
		done: func(now, was values) bool {
			return now.BTN != was.BTN || now.NewBTN != was.NewBTN || now.PartialPort != was.PartialPort
		},
		record: onAccount,
	}
	byLeave = acceptance{story: "The refusal names the order's last number; the order is accepted without it, an " +
		"order of one number stays refused.", names: true,
		done: func(now, was values) bool { return !slices.Contains(now.Numbers, was.lastNumber()) }}
)

// rejects are the published refusals of the on-net carriers ([list] "Neustar errors"), but 7432 and 7433, which refuse
// a change and no order, and 7440, which is never to come out. The published texts bear no code of the carrier's;
// vendor only says which text it is.
var rejects = []reject{
	{code: "7400", vendor: "E428", until: byNothing},
	{code: "7401", vendor: "E17A", until: byAccount},
	{code: "7402", vendor: "E1", until: byAddress},
	{code: "7403", vendor: "6K", until: byLeave},
	{code: "7404", vendor: "8G", until: byCompany},
	{code: "7405", vendor: "6R", until: byOthers},
	{code: "7406", vendor: "E6c", until: byOthers},
	{code: "7407", vendor: "6N", until: byOthers},
	{code: "7408", vendor: "6C", until: byAnyData},
	{code: "7409", vendor: "E27", until: byLeave},
	{code: "7410", vendor: "E6a", until: byOthers},
	{code: "7411", vendor: "E25", until: byOthers},
	{code: "7412", vendor: "6E", until: byDate},
	{code: "7413", vendor: "1E", until: byDate},
	{code: "7414", vendor: "8E", until: byName},
	{code: "7415", vendor: "E6e", until: byOthers},
	{code: "7416", vendor: "E6d", until: byOthers},
	{code: "7417", vendor: "6G", until: byAnything},
	{code: "7418", vendor: "6J", until: byItself},
	{code: "7419", vendor: "E6b", until: byOthers},
	{code: "7420", vendor: "7B", until: byOthers},
	{code: "7421", vendor: "E6f", until: byOthers},
	{code: "7422", vendor: "8F", until: byName},
	{code: "7423", vendor: "7A", until: byItself},
	{code: "7424", vendor: "E8", until: byLOA},
	{code: "7425", vendor: "6P", until: byOthers},
	{code: "7426", vendor: "6D", until: byLeave},
	{code: "7427", vendor: "6A", until: byLeave},
	{code: "7428", vendor: "E23", until: byLeave},
	{code: "7429", vendor: "E10", until: byName},
	{code: "7430", vendor: "1C", until: byDate},
	{code: "7431", vendor: "E40", until: byLeave},
	{code: "7434", vendor: "E6h", until: byPart},
	{code: "7435", vendor: "E42PWA", until: byPIN},
	{code: "7436", vendor: "7C", until: byOthers},
	{code: "7437", vendor: "E6g", until: byOthers},
	{code: "7438", vendor: "6L", until: byAnything},
	{code: "7439", vendor: "1M", until: byDate},
	{code: "7441", vendor: "6B", until: byLeave},
	{code: "7442", vendor: "1B", until: byDate},
	{code: "7443", vendor: "8B", until: byTelephone},
	{code: "7444", vendor: "6H", until: byItself},
	{code: "7445", vendor: "E14", until: byBTN},
	{code: "7470", vendor: "E42O", until: byLeave},
	{code: "7471", vendor: "E18", until: byAnything},
	{code: "7473", vendor: "E10a", until: byPerson},
	{code: "7484", vendor: "E1111", until: byItself},
	{code: "7485", vendor: "E9999", until: byItself},
}

// others are the reasons for which no losing carrier has a code of its own. They sit on the lines 76nn: those to 7611
// come by a code of the peer's, the others in the partner's own words, under a code without a published text.
var others = []reject{
	{code: "7113", until: byAccount, digits: "7601"},
	{code: "7115", until: byPerson, digits: "7602"},
	{code: "7107", until: byAddress, digits: "7603"},
	{code: "7117", until: byPIN, digits: "7604"},
	{code: "7515", until: byZip, digits: "7605"},
	{code: "7205", until: byOthers, digits: "7606"},
	{code: "7204", until: byLeave, digits: "7607"},
	{code: "7331", until: byLeave, digits: "7608"},
	{code: "7210", until: bySooner, digits: "7609"},
	{code: "7638", until: byLOA, digits: "7610"},
	{code: "7105", until: byAnyData, digits: "7611"},
	{code: "6125", words: "the number is resold by a reseller", until: byAnyData, digits: "7612"},
	{code: "6125", words: "recent bill wanted", until: byPaper, digits: "7613"},
	{code: "6125", words: "the bill is outdated", until: byPaper, digits: "7614"},
	{code: "6125", words: "not our customer", until: byLeave, digits: "7615"},
	{code: "6125", words: "different rate centers", until: byLeave, digits: "7616"},
	{code: "6125", words: "unpaid balance", until: byPayment, digits: "7617"},
	{code: "6125", words: "account is suspended", until: byOthers, digits: "7618"},
	{code: "6125", words: "disposition of remaining services", until: byRest, digits: "7619"},
	{code: "6125", words: "fraud hold", until: byOthers, digits: "7620"},
	{code: "6125", words: "FOC has expired", until: byDate, digits: "7621"},
	{code: "6125", words: "snapback", until: byNothing, digits: "7622"},
	{code: "6125", words: "carrier not responding", until: byAnything, digits: "7623"},
	{code: "6125", words: "LSR not received", until: byAnything, digits: "7624"},
	{code: "6125", words: "SV in conflict", until: byAnything, digits: "7625"},
	{code: "6125", words: "SV failure", until: byAnything, digits: "7626"},
}

// asks says what a published text of the partner asks for.
type asks string

const (
	goesOn  asks = "goes-on" // nothing
	anew    asks = "anew"    // cancel, and make another order
	never   asks = "never"   // the number can't be ported
	change  asks = "change"  // change the order
	people  asks = "people"  // ask the people there
	itsWord asks = "words"   // no text is published
)

// partnerCode is a row of offnet.tsv.
type partnerCode struct {
	code, own string
	asks      asks
}

//go:embed offnet.tsv
var offNetFile string

var partnerCodes = sync.OnceValue(func() map[string]partnerCode {
	all := map[string]partnerCode{}
	for line := range strings.Lines(offNetFile) {
		if col := strings.Split(strings.TrimSpace(line), "\t"); len(col) == 3 {
			all[col[0]] = partnerCode{col[0], col[1], asks(col[2])}
		}
	}
	return all
})

// text returns the partner's text: its advice, and its own code at the end, in round brackets ([list] "Level3
// errors").
func (p partnerCode) text() string {
	says := map[asks]string{
		goesOn: "The porting vendor is proceeding with this order. No action is required.",
		anew: "Please correct this, and " +
			"cancel and resubmit your order.",
		never: "The number requested can not be ported at this time.", change: "Please correct this and update your order.",
		people: "Please contact support.", itsWord: "see ticket",
	}[p.asks]
	if p.own == "-" {
		return says
	}
	return says + " (" + p.own + ")"
}

// row is the life of an order on the line of the partner's code.
func (p partnerCode) row() row {
	r := row{refuse: p.code, exact: true, partner: true, published: p.asks, passes: p.asks == goesOn}
	switch p.code {
	case "6209": // account data for a mobile number, but it is fixed
		r.accepts = func(now, _ values) bool { return now.Wireless == (wirelessInfo{}) }
	case "6558", "6179": // numbers of several billing numbers, or of several accounts
		r.accepts, r.names = byLeave.done, true
	}
	if p.asks == never {
		r.accepts = byNothing.done
	}
	return r
}

// counterparts are the partner's codes for what on-net carriers say: an off-net order never bears an on-net code. A
// code without a counterpart comes as an unspecific error (6491).
var counterparts = map[string]string{
	"7401": "6515", "7402": "6507", "7402 8D": "6566", "7404": "6508", "7406": "6431", "7407": "6281", "7408": "6555",
	"7409": "6470", "7410": "6457", "7411": "6437",
	"7412": "6547", "7414": "6544", "7415": "6439", "7416": "6445", "7419": "6441", "7421": "6443", "7422": "6295",
	"7424": "6483", "7426": "6470", "7427": "6476",
	"7429": "6544", "7431": "6521", "7434": "6510", "7435": "6518", "7437": "6447", "7439": "6275", "7441": "6302",
	"7443": "6513", "7445": "6493", "7470": "6113",
	"7471": "6146", "7473": "6505",
}

// refusal returns the error with which the row's carrier refuses an order, and whether only another order helps.
func (r row) refusal(v values) (f fault, ends bool) {
	code := r.refuse
	if code == "7404" && !r.exact && !strings.EqualFold(v.Subscriber.Type, "BUSINESS") {
		code = "7429"
	}
	if offNet(v.first()) && strings.HasPrefix(code, "74") {
		for _, meaning := range []string{code + " " + r.vendor, code, ""} {
			if c, ok := counterparts[meaning]; ok || meaning == "" {
				code = c
				break
			}
		}
		if code == "" {
			code = "6491"
		}
	}
	if p, ok := partnerCodes()[code]; ok {
		f = fault{Code: code, Text: p.text()}
		if r.words != "" {
			f.Text = r.words
		}
		return f, p.asks == anew || p.asks == never
	}
	f = fault{Code: code, Text: meaning(code, r.vendor)}
	if r.words != "" {
		f.Text = r.words
	}
	return f, false
}

// meaning is the text of a code; the carrier's own code chooses between the two of a code that has two.
func meaning(code, vendor string) string {
	if text, ok := texts[code+" "+vendor]; ok {
		return text
	}
	return faulty(code).Text
}

// faulty is an error by its code, which may name numbers.
func faulty(code string, numbers ...string) fault {
	text, ok := texts[code]
	if p, known := partnerCodes()[code]; known && !ok {
		text = p.text()
	}
	if text == "" {
		text = "Validation failed."
	}
	return fault{Code: code, Text: text, Numbers: numbers}
}

// Troubles, by which the peer itself misbehaves.
const (
	garbage  = "garbage"
	tooMany  = "429"
	broken   = "5xx"
	slow     = "slow"
	pending  = "pending"
	redirect = "303"
)

// lines are the rows of whole line numbers, which go before those of two digits: 74xx is the refusal of that code, 75xx
// a life that no code makes.
var lines = func() map[string]row {
	all := map[string]row{
		"7432": {kept: true, story: "Straight through, but a cancellation is refused (7432), as 58."},
		"7433": {fixed: true, story: "Straight through, but a supplement is refused (7433)."},
		"7500": {moves: 7, story: "The FOC is moved: some time after it was given it becomes a week later, and stands."},
		"7501": {partial: true, story: "Partial: the order completes without its last number, which Errors (7426) and the " +
			"activation status tell. An order of one number goes straight through."},
		"7502": {steps: 10, story: "The carrier is late: each of its answers takes ten steps."},
		"7503": {trouble: garbage, story: "Garbage: the first three answers about the number are a proxy's page with " +
			"HTTP 200 (Options.Down)."},
		"7504": {trouble: slow, story: "Slow: the first three answers about the number take Options.Slow."},
		"7505": {trouble: tooMany, story: "Too many requests: the first three calls about the number get HTTP 429 with " +
			"Retry-After."},
		"7506": {trouble: broken, story: "Broken: the first three calls about the number get HTTP 500, 502 and 504."},
		"7507": {doubled: true, story: "Each notice comes twice."},
		"7508": {backward: true, story: "Notices are held back until the order is over, and then come the last one first."},
		"7509": {wants: true, story: "The CSR is ACTION_REQUIRED, and its note wants the PIN, until a PUT brings one. " +
			"The PIN of the first request is lost."},
		"7510": {csrError: true, story: "The CSR is COMPLETE, and beside the record stands an error (26500)."},
		"7511": {refuse: "7207", atOnce: true, story: "The order is made and is an EXCEPTION (7207) at once, with " +
			"HTTP 201; the next request is accepted, as it is."},
		"7512": {trouble: redirect, story: "Reading the order answers HTTP 303 first."},
		"7513": {dies: "7611", story: "The order dies: the carrier's answer is CANCELLED with Errors (7611). Another order " +
			"for the number goes straight through."},
		"7514": {freeze: true, story: "Frozen: once the FOC is given, changes and cancellations are refused (7301)."},
		"7515": {warns: "7388", story: "Straight through, with a warning (7388) among the Errors from the start."},
		"7516": {trouble: pending, story: "The order can't be told of yet: the first three reads answer status code 241."},
		"7517": {blames: inText, story: "The portability check answers HTTP 400 and names the number in the text alone " +
			"(7201); the order goes straight through."},
		"7518": {blames: alone, story: "The portability check answers HTTP 200 and says nothing but that the number is bad " +
			"(7201); the order goes straight through."},
		"7519": {blames: beside, story: "The portability check names the number among PortabilityErrors (7378) beside good " +
			"ones; the order goes straight through."},
		"7520": {blames: nowhere, story: "The portability check answers HTTP 400 for the number and names none (7205); the " +
			"order goes straight through."},
		"7521": {portType: "MANUALOFFNET", story: "Straight through as a manual off-net order: the list of numbers is " +
			"frozen (7498)."},
		"7522": {portType: "MANUAL_ON_NET", story: "Straight through as a manual on-net order, in the other spelling: the " +
			"list of numbers is frozen (7498)."},
		"7524": {refuse: "6558", exact: true, partner: true, published: anew, names: true, apart: true, accepts: byLeave.done,
			story: "Through a partner, on two accounts: the refusal (6558) names the order's last number. Without it the rest " +
				"waits until that number has its FOC in an order of its own; an order of one number stays refused."},
		"7525": {narrow: true, story: "Not carried: the portability check knows nothing of it, but an order with the " +
			"number is not taken (7331). A peer of Options.Wide takes it; then straight through."},
		"7526": {odd: true, story: "Written in the peer's other ways: states in small letters, dates with an offset, texts " +
			"with line breaks, Latin-1, roots and elements of their own."},
		"7527": {becomes: "SNAPBACK", story: "The port is undone: some time after the FOC the order is in SNAPBACK."},
		"7528": {becomes: "ON_HOLD", story: "Some time after the FOC the order is in a state that nobody has published."},
		"7529": {unreadable: true, story: "The date agreed is written in a way that can't be read."},
		"7531": {doubts: true, story: "Straight through; once the numbers have moved, a note asks for the LOA, since the losing " +
			"carrier doubts the port (L10)."},
		"7530": {drops: true, story: "A change after the FOC is answered well and dropped: the next look shows 7300, " +
			"and the date of before."},
		"7550": {refuse: "7404", vendor: "8G", exact: true, yields: true, accepts: byNothing.done, record: oneLine,
			story: "A refusal without ground: the CSR shows one number and the order's name, so that the port is simple, and the " +
				"carrier refuses the name (7404). It withdraws the refusal when a note objects to it."},
		"7551": {refuse: "7404", vendor: "8G", exact: true, accepts: byNothing.done, record: oneLine,
			story: "The same refusal without ground (7404), and nothing moves the carrier: the objection goes up to a " +
				"complaint."},
		"7552": {refuse: "7404", vendor: "8G", exact: true, accepts: byAnything.done, record: onAccount,
			story: "A refusal that contradicts the record: the CSR has the order's name and lists two numbers, and the carrier " +
				"refuses the name (7404). The next request is accepted, as it is."},
		"7523": {portType: "INTERNAL", story: "Straight through as an internal order: the list of numbers is frozen (7498)."},
	}
	for _, r := range append(slices.Clone(rejects), others...) {
		digits := r.code
		if r.digits != "" {
			digits = r.digits
		}
		all[digits] = row{refuse: r.code, vendor: r.vendor, words: r.words, exact: true, fine: r.until.fine, accepts: r.until.done,
			record: r.until.record, names: r.until.names, passes: r.until.passes, yields: r.until.yields,
			partner: r.words != "", published: itsWord, story: fmt.Sprintf("The carrier refuses (%s): %s", r.code,
				r.until.story)}
		if r.words != "" {
			row := all[digits]
			row.story = fmt.Sprintf("The partner refuses, in its own words (%s, %s): %s", r.code, r.words, r.until.story)
			all[digits] = row
		}
	}
	return all
}()

// samples are lines of the partner's codes, one for each thing that its texts ask for and each reason that no other
// line gives.
var samples = []string{"6103", "6113", "6209", "6214", "6215", "6485", "6492", "6495", "6496", "6504", "6543", "6551",
	"6552", "6558", "6562"}

// Refusals are the lines on which the carrier refuses, one for each published on-net code and each reason of the
// taxonomy, and a choice of the partner's. Information refuses nothing, and is not among them.
func Refusals() []string {
	all := slices.DeleteFunc(slices.Sorted(maps.Keys(lines)), func(digits string) bool {
		r := lines[digits]
		told := digits >= "7550" && digits <= "7552" // stories of the reason of 7404, which has its own line
		return told || r.passes || r.refuse == "" && r.dies == ""
	})
	return append(all, samples...)
}

func lineRows() []Row {
	var all []Row
	for _, digits := range slices.Sorted(maps.Keys(lines)) {
		all = append(all, Row{Digits: digits, Story: lines[digits].story})
	}
	return all
}
