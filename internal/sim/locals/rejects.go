package locals

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// reject is a refusal. A number whose last four digits are the code gets it, or the digits where those are others.
type reject struct {
	code, vendor, words string
	cure                cure
	digits              string
}

// cure is what a request after the refusal must have for the carrier to take it.
type cure struct {
	story string
	done  func(now, was values) bool // nil: any next request
	names bool                       // the refusal names the order's last number
	// record is the carrier's record where it differs from the order in form: the carrier takes it to the letter.
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

var abbreviations = strings.NewReplacer(" AVE ", " AVENUE ", " AVENUE ", " AVE ", " STREET ", " ST ", " ST ", " STREET ", " ROAD ", " RD ", " RD ", " ROAD ")

var (
	byAnything = cure{story: "The next request is accepted, as it is."}
	byOthers   = cure{story: "The next request is accepted, as it is: by then the customer has arranged it with the carrier."}
	byNothing  = cure{story: "Nothing cures it.", done: func(_, _ values) bool { return false }}
	byAccount  = cure{story: "Cured by another account number, such as the CSR's, which sets the dash otherwise.", done: other(values.account), record: onFile}
	byPIN      = cure{story: "Cured by another PIN.", done: other(values.pin)}
	byBTN      = cure{story: "Cured by another billing number.", done: other(values.btn)}
	byName     = cure{story: "Cured by another name.", done: other(values.name)}
	byCompany  = cure{story: "Cured by another name, such as the CSR's, which has the legal form.", done: other(values.name),
		record: func(d *csrData, _ csrIn) { d.Customer = strings.ToUpper(d.Customer) + " INC" }}
	byPerson  = cure{story: "Cured by another authorising person (its first 15 letters).", done: other(func(v values) string { return v.LOAPerson })}
	byAddress = cure{story: "Cured by another service address, such as the CSR's, in another spelling.", done: other(values.address), record: onFile}
	byLOA     = cure{story: "Cured by one more letter of agency and a request after it.", done: func(now, was values) bool { return now.loas > was.loas }}
	byPaper   = cure{story: "Cured by one more document and a request after it.", done: func(now, was values) bool { return now.papers > was.papers }}
	byDate    = cure{story: "Cured by a later date.", done: later}
	byAnyData = cure{story: "Cured by another account number, name or address, such as the CSR's.", record: onFile, done: func(now, was values) bool {
		return now.account() != was.account() || now.name() != was.name() || now.address() != was.address()
	}}
	byRest = cure{story: "Cured by a request that says that the rest stays (PartialPort).", done: func(now, _ values) bool { return now.PartialPort == "true" }}
	byPart = cure{
		story: "Cured by another billing number, a new one for what stays (the CSR lists one, of the number's line and 98), or the other PartialPort.",
		done: func(now, was values) bool {
			return now.BTN != was.BTN || now.NewBTN != was.NewBTN || now.PartialPort != was.PartialPort
		},
		record: func(d *csrData, in csrIn) { d.OnAccount = []string{in.Working, in.Working[:len(in.Working)-2] + "98"} },
	}
	byLeave = cure{story: "The refusal names the order's last number; cured without it, an order of one number stays refused.", names: true,
		done: func(now, was values) bool { return !slices.Contains(now.Numbers, was.lastNumber()) }}
)

// rejects are all of the published losing-carrier refusals, but 7432 and 7433, which refuse a change and no order.
var rejects = []reject{
	{"7400", "E428", "toll-free number", byNothing, ""},
	{"7401", "E17A", "account number wrong or absent", byAccount, ""},
	{"7402", "E1", "address differs from losing carrier record", byAddress, ""},
	{"7403", "6K", "number not portable", byLeave, ""},
	{"7404", "8G", "business name differs from losing carrier record", byCompany, ""},
	{"7405", "6R", "number is part of a multi-line account", byOthers, ""},
	{"7406", "E6c", "Centrex on the line", byOthers, ""},
	{"7407", "6N", "an order is pending on the account", byOthers, ""},
	{"7408", "6C", "nothing matches losing carrier record", byAnyData, ""},
	{"7409", "E27", "number is disconnected", byLeave, ""},
	{"7410", "E6a", "distinctive ring on the line", byOthers, ""},
	{"7411", "E25", "DSL on the line", byOthers, ""},
	{"7412", "6E", "due date can not be met", byDate, ""},
	{"7413", "1E", "end user not ready", byDate, ""},
	{"7414", "8E", "first name differs from losing carrier record", byName, ""},
	{"7415", "E6e", "foreign exchange on the line", byOthers, ""},
	{"7416", "E6d", "freeze on the account", byOthers, ""},
	{"7417", "6G", "other", byAnything, ""},
	{"7418", "6J", "delay for volume", byDate, ""},
	{"7419", "E6b", "number is in a hunt group", byOthers, ""},
	{"7420", "7B", "request illegible", byLOA, ""},
	{"7421", "E6f", "ISDN on the line", byOthers, ""},
	{"7422", "8F", "last name differs from losing carrier record", byName, ""},
	{"7423", "7A", "other numbers of the request are at fault", byAnything, ""},
	{"7424", "E8", "letter of agency wanted", byLOA, ""},
	{"7425", "6P", "port protection on the account", byOthers, ""},
	{"7426", "6D", "number not active", byLeave, ""},
	{"7427", "6A", "number is not on the account", byLeave, ""},
	{"7428", "E23", "several accounts", byLeave, ""},
	{"7429", "E10", "end user name differs from losing carrier record", byName, ""},
	{"7430", "1C", "provider not ready", byDate, ""},
	{"7431", "E40", "internal", byLeave, ""},
	{"7434", "E6h", "billing number leaves services behind", byPart, ""},
	{"7435", "E42PWA", "PIN wrong or absent", byPIN, ""},
	{"7436", "7C", "prepaid account", byOthers, ""},
	{"7437", "E6g", "call forwarding on the line", byOthers, ""},
	{"7438", "6L", "outside working hours", byDate, ""},
	{"7439", "1M", "interval too short", byDate, ""},
	{"7441", "6B", "internal", byAnything, ""},
	{"7442", "1B", "workload", byDate, ""},
	{"7443", "8B", "tax id differs from losing carrier record", cure{story: "This wire carries no tax id: the next request is accepted, as it is."}, ""},
	{"7444", "6H", "outage", byDate, ""},
	{"7445", "E14", "billing number differs from losing carrier record", byBTN, ""},
	{"7470", "E42O", "number not portable", byLeave, ""},
	{"7471", "E18", "data missing in the request", byAnything, ""},
	{"7473", "E10a", "authorising person differs from losing carrier record", byPerson, ""},
	{"7484", "E1111", "staff are fixing it", cure{story: "It heals by itself: one step later the carrier gives the date."}, ""},
	{"7485", "E9999", "order must be split", byLeave, ""},
}

// others are the reasons that no losing carrier's published code stands for: they come by a code of the peer's own, or in the
// carrier's words alone under 7417, and sit on the lines 76nn.
var others = []reject{
	{"7113", "", "account number is required", byAccount, "7601"},
	{"7115", "", "authorising person's name is incomplete", byPerson, "7602"},
	{"7107", "", "service address is not valid", byAddress, "7603"},
	{"7117", "", "PIN is required", byPIN, "7604"},
	{"7514", "", "ZIP differs", cure{story: "Cured by another ZIP, such as the CSR's ZIP+4.", done: other(values.zip),
		record: func(d *csrData, in csrIn) { d.Address.Zip = recordZip(in.Zip) }}, "7605"},
	{"7502", "", "number is in another order", byOthers, "7606"},
	{"7204", "", "numbers of different carriers", byLeave, "7607"},
	{"7331", "", "rate center is not served", byLeave, "7608"},
	{"7210", "", "date too far ahead", cure{story: "Cured by an earlier date.", done: func(now, was values) bool { return now.date() < was.date() }}, "7609"},
	{"7638", "", "file type not taken", byLOA, "7610"},
	{"7101", "", "order is incomplete", byAnyData, "7611"},
	{"7417", "", "the number is resold by a reseller", byAnyData, "7612"},
	{"7417", "", "recent bill wanted", byPaper, "7613"},
	{"7417", "", "the bill is outdated", byPaper, "7614"},
	{"7417", "", "not our customer", byLeave, "7615"},
	{"7417", "", "different rate centers", byLeave, "7616"},
	{"7417", "", "unpaid balance", byOthers, "7617"},
	{"7417", "", "account is suspended", byOthers, "7618"},
	{"7417", "", "disposition of remaining services", byRest, "7619"},
	{"7417", "", "fraud hold", byOthers, "7620"},
	{"7417", "", "FOC has expired", byDate, "7621"},
	{"7417", "", "snapback", byNothing, "7622"},
	{"7417", "", "carrier not responding", byAnything, "7623"},
	{"7417", "", "LSR not received", byAnything, "7624"},
	{"7417", "", "SV in conflict", byAnything, "7625"},
	{"7417", "", "SV failure", byAnything, "7626"},
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

// lines are the rows of whole line numbers, which go before those of two digits: 74xx is the refusal of that code, 75xx a life
// that no code makes.
var lines = func() map[string]row {
	all := map[string]row{
		"7432": {kept: true, story: "Straight through, but a cancellation is refused (7432), as 58."},
		"7433": {fixed: true, story: "Straight through, but a supplement is refused (7433)."},
		"7500": {moves: 7, story: "The FOC is moved: some time after it was given it becomes a week later, and stands."},
		"7501": {partial: true, story: "Partial: the order completes without its last number, which Errors (7426) and the activation status tell. An order of one number goes straight through."},
		"7502": {steps: 10, story: "The carrier is late: each of its answers takes ten steps."},
		"7503": {trouble: garbage, story: "Garbage: the first three answers about the number are a proxy's page with HTTP 200 (Options.Down)."},
		"7504": {trouble: slow, story: "Slow: the first three answers about the number take Options.Slow."},
		"7505": {trouble: tooMany, story: "Too many requests: the first three calls about the number get HTTP 429 with Retry-After."},
		"7506": {trouble: broken, story: "Broken: the first three calls about the number get HTTP 500, 502 and 504."},
		"7507": {doubled: true, story: "Each notice comes twice."},
		"7508": {backward: true, story: "Notices are held back until the order is over, and then come the last one first."},
		"7509": {wants: true, story: "The CSR is ACTION_REQUIRED, and its note wants the PIN, until a PUT brings one."},
		"7510": {csr: "FAILED", csrNote: "the carrier has no automated records", story: "The CSR is FAILED, and its note says why."},
		"7511": {refuse: "7207", born: true, story: "The order is made and is an EXCEPTION (7207) at once, with HTTP 201; the next request is accepted, as it is."},
		"7512": {trouble: redirect, story: "Reading the order answers HTTP 303 first."},
		"7513": {dies: "7611", story: "The order dies: the carrier's answer is CANCELLED with Errors (7611). Another order for the number goes straight through."},
		"7514": {freeze: true, story: "Frozen: once the FOC is given, changes and cancellations are refused (7301)."},
		"7515": {warns: "7388", story: "Straight through, with a warning (7388) among the Errors from the start."},
		"7516": {trouble: pending, story: "The order can't be told of yet: the first three reads answer status code 241."},
		"7517": {bad: true, story: "The portability check answers HTTP 400 and blames the number (7201); the order goes straight through."},
		"7521": {portType: "MANUALOFFNET", story: "Straight through as a manual off-net order: the list of numbers is frozen (7498)."},
		"7522": {portType: "MANUAL_ON_NET", story: "Straight through as a manual on-net order, in the other spelling: the list of numbers is frozen (7498)."},
		"7524": {refuse: "7428", vendor: "E23", exact: true, names: true, apart: true, cured: byLeave.done,
			story: "Two accounts: the refusal (7428) names the order's last number. Without it the rest waits until that number has its FOC in an order of its own; an order of one number stays refused."},
		"7525": {narrow: true, story: "Not carried: the portability check knows nothing of it, but an order with the number is not taken (7331). A peer of Options.Wide takes it; then straight through."},
		"7523": {portType: "INTERNAL", story: "Straight through as an internal order: the list of numbers is frozen (7498)."},
	}
	for _, r := range append(slices.Clone(rejects), others...) {
		digits := r.code
		if r.digits != "" {
			digits = r.digits
		}
		said := r.code
		if r.vendor != "" {
			said += ", " + r.vendor
		}
		all[digits] = row{refuse: r.code, vendor: r.vendor, words: r.words, exact: true, cured: r.cure.done, record: r.cure.record, names: r.cure.names, heals: r.code == "7484",
			story: fmt.Sprintf("The carrier refuses: %s (%s). %s", r.words, said, r.cure.story)}
	}
	return all
}()

// Refusals are the lines on which the carrier refuses, one for each published code and each reason of the taxonomy.
func Refusals() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(lines)), func(digits string) bool { return lines[digits].refuse == "" && lines[digits].dies == "" })
}

func lineRows() []Row {
	var all []Row
	for _, digits := range slices.Sorted(maps.Keys(lines)) {
		all = append(all, Row{Digits: digits, Story: lines[digits].story})
	}
	return all
}

func words(code string) string {
	for _, r := range rejects {
		if r.code == code {
			return r.words
		}
	}
	return "refused"
}
