package porting

import (
	"slices"
	"strings"
)

// A carrier may refuse a port on some grounds and not on others. Which ones depends on the class of the port and, for a
// simple port, on the carrier's record: only where the record shows one number is the port known to be simple.

// Ground says what a reason is as a ground of refusal.
type Ground string

// A ground is the carrier's to use; it may not be used against a port of this class; it may or may not, which a person
// has to judge; or it is no ground of a losing carrier at all, but the word of a peer, of a registry or of ours.
const (
	Lawful   Ground = "lawful"
	Unlawful Ground = "unlawful"
	Doubtful Ground = "doubtful"
	NotTheir Ground = "not_theirs"
)

// Verdict is one cell of the table of grounds: what a reason is for a port of a class, the rule in a sentence that a
// carrier can be told, and where the rule is written.
type Verdict struct {
	Ground Ground
	Rule   string
	Source string
}

// Unlawful says that the carrier may not refuse the port on this ground.
func (v Verdict) Unlawful() bool { return v.Ground == Unlawful }

// groundKind sorts the reasons by what a carrier says with them.
type groundKind int

const (
	peerSide    groundKind = iota // a peer, a registry or we ourselves say it
	ownData                       // one of the 14 fields, or an assigned passcode, is wrong or lacking
	otherData                     // a detail beyond the 14 fields
	letterAsked                   // the LOA, or its signature, is wanted
	paperAsked                    // a bill or another paper is wanted
	holderAsked                   // the carrier wants to speak with the holder first
	debt                          // a balance or a contract
	tooSoon                       // the date is sooner than the carrier likes
	lineState                     // the number or account is dead, suspended, frozen, or in another order
	notSimpleAt                   // the line has more to it than a simple port
)

// grounds has the kind of each reason that a losing carrier may give. Every other reason is peerSide.
var grounds = map[ReasonCode]groundKind{
	AccountMissing: ownData, AccountMismatch: ownData, ZipMismatch: ownData, PINMissing: ownData, PINInvalid: ownData,
	TNNotFound: ownData, AllDataMismatch: ownData, WrongLosingCarrier: ownData,

	BTNMismatch: otherData, NameMismatch: otherData, AuthPersonMismatch: otherData, AuthPersonInvalid: otherData,
	AddressMismatch: otherData, AddressInvalid: otherData, TaxIDMismatch: otherData,
	RemainingServiceUnspecified: otherData,

	LOARequired: letterAsked, LOAExpired: letterAsked, LOASignatureInvalid: letterAsked, LOAIllegible: letterAsked,
	LOATNMissing: letterAsked,

	BillRequired: paperAsked, BillStale: paperAsked, DocTypeInvalid: paperAsked,

	FraudHold: holderAsked,

	AccountUnpaid: debt,

	DueDateTooSoon: tooSoon,

	TNNotInService: lineState, AccountSuspended: lineState, PortFreeze: lineState, PendingOrder: lineState,
	TNAlreadyPorting: lineState, LOASuperseded: lineState, Prepaid: lineState,

	SpecialFeature: notSimpleAt, BroadbandOnLine: notSimpleAt, MultiLineRule: notSimpleAt, MultipleAccounts: notSimpleAt,
	BTNRemaining: notSimpleAt, ResellerRecord: notSimpleAt, PortTypeIncorrect: notSimpleAt,
}

// The rules, as a carrier is told them.
var (
	ruleFields = Verdict{Unlawful,
		"a simple port is judged by the 14 standard fields alone, and this detail is none of them", "47 CFR 52.36(a)"}
	ruleLetter = Verdict{Unlawful,
		"the old carrier shall not verify the customer's request, and no letter is among the 14 fields of a simple port",
		"47 CFR 64.1120(a)(2), 52.36(a)"}
	ruleHolder = Verdict{Unlawful,
		"the old carrier shall not verify the customer's request before it carries the request out",
		"47 CFR 64.1120(a)(2)"}
	ruleDebt = Verdict{Unlawful,
		"an unpaid balance, a contract or a termination fee is no ground to refuse a port; the debt remains",
		"FCC consumer guide on keeping a telephone number; 47 CFR 52.34(a)"}
	ruleSimpleDate = Verdict{Unlawful,
		"a simple port is due one business day after the request, and the date asked for is not sooner",
		"47 CFR 52.35(a)"}
	ruleDate = Verdict{Unlawful,
		"a wireline or intermodal port is due four business days after the request, and the date asked for is not sooner",
		"47 CFR 52.35(a)"}

	ruleFreeze = Verdict{Unlawful,
		"a freeze is lifted by a signed or an electronically signed word of the holder, or by a call with the old carrier, " +
			"and not on paper alone", "47 CFR 64.1190(e)"}

	mayFields = Verdict{Lawful, "the carrier may compare what a port of this class has to state", "47 CFR 52.36(a)"}
	mayState  = Verdict{Lawful, "a number that is not in service, is frozen or is in another order stays where it is",
		"inferred: 47 CFR 52.34, 64.1190"}
	mayClass  = Verdict{Lawful, "a line with more to it is no simple port", "FCC DOC-339018A1"}
	mayLetter = Verdict{Lawful, "a carrier of this class sees the LOA", "the class's terms"}

	mayRegistry = Verdict{Lawful, "the registry of toll-free numbers has grounds of its own", "Somos: codes of a decline"}

	unsureClass  = Verdict{Doubtful, "whether the port is simple is not proven by a record", "47 CFR 52.36(a)"}
	unsureLetter = Verdict{Doubtful, "carriers ask for an LOA by agreement; the old carrier shall not verify the request",
		"47 CFR 64.1120(a)(2)"}
	unsureHolder = Verdict{Doubtful, "a mobile carrier authenticates the holder before it lets a number go",
		"47 CFR 52.37(b)"}
	unsureDate = Verdict{Doubtful, "no rule sets the interval of this class", "the class's terms"}
	unsureRule = Verdict{Doubtful, "no rule about this ground was found for ports of this class", "none found"}

	notTheirs = Verdict{Ground: NotTheir}
)

// JudgeGround is the table of grounds: what a reason is for a port of a class. Verified says that the carrier's record
// proves the class. The date of a request and the state of a number are facts of an order, which [Rules.Judge] adds. The
// table has no gaps: a class or reason that it does not know has a cell too.
func JudgeGround(class Class, verified bool, code ReasonCode) Verdict {
	kind := grounds[code]
	if kind == peerSide {
		return notTheirs
	}
	switch class {
	case SimpleWireline, Wireline, ProjectPort, Resold, Wireless:
	case TollFreePort:
		switch kind {
		case ownData, otherData, letterAsked, paperAsked, lineState:
			return mayRegistry
		}
		return unsureRule
	default: // Canada, and a class of a later release
		switch kind {
		case ownData, otherData:
			return mayFields
		case letterAsked:
			return mayLetter
		case lineState, notSimpleAt:
			return mayState
		}
		return unsureRule
	}
	simple := class == SimpleWireline
	switch kind {
	case ownData:
		return mayFields
	case lineState:
		if code == PendingOrder && !slices.Contains(TermsOf(class).Refuses, code) {
			return unsureRule
		}
		return mayState
	case notSimpleAt:
		return mayClass
	case debt:
		return ruleDebt
	case holderAsked:
		if class == Wireless { // 52.37(b) has mobile carriers authenticate the holder before they let a number go
			return unsureHolder
		}
		return ruleHolder
	case letterAsked:
		if simple && verified {
			return ruleLetter
		}
		return unsureLetter
	case tooSoon:
		switch {
		case simple && verified:
			return ruleSimpleDate
		case class == Wireline || class == Wireless:
			return ruleDate
		}
		return unsureDate
	}
	// a detail or a paper beyond the 14 fields
	switch {
	case simple && verified:
		return ruleFields
	case simple:
		return unsureClass
	case class == Wireless: // a mobile number's request has the same fields, and the rule speaks of simple ports alone
		return unsureRule
	}
	return mayFields
}

// Verified says that the order's class is proven: that of a simple port by a record with the order's one number, that of
// any other port by the peer's word or the order itself.
func (o Order) Verified() bool {
	class := o.Terms().Class
	proven, basis := Classify(o.facts())
	if class == SimpleWireline {
		return proven == SimpleWireline && basis == Promised
	}
	return true
}

// Judgement is what a carrier's refusal is by the rules.
type Judgement struct {
	Class    Class
	Verified bool
	// Verdicts are those of the order's reasons, in their order.
	Verdicts []Verdict
}

// Improper says that the carrier may not refuse the port on any of the grounds that it gave. One ground that is the
// carrier's to use makes the refusal proper: the customer's correction brings another request all the same.
func (j Judgement) Improper() bool {
	return len(j.Verdicts) > 0 && !slices.ContainsFunc(j.Verdicts, func(v Verdict) bool { return !v.Unlawful() })
}

// Judge judges the order's present refusal. Beside the table it takes into account what only the order tells: a date may
// be called too soon when it is, and a debt holds nothing but numbers that are suspended or disconnected already.
func (r Rules) Judge(o Order) Judgement {
	class, verified := o.Terms().Class, o.Verified()
	j := Judgement{Class: class, Verified: verified}
	dead := slices.ContainsFunc(o.Reasons, func(r Reason) bool {
		return r.Code == AccountSuspended || r.Code == TNNotInService || r.Code == TFDisconnected
	})
	for _, reason := range o.Reasons {
		v := JudgeGround(class, verified, reason.Code)
		switch {
		case reason.Code == PortFreeze && wiredInUS(class) && onPaperOnly(reason.Said):
			v = ruleFreeze
		case !v.Unlawful():
		case grounds[reason.Code] == debt && dead:
			v = mayState
		case grounds[reason.Code] == tooSoon && !r.dateWasLegal(o, class):
			v = mayFields
		}
		j.Verdicts = append(j.Verdicts, v)
	}
	return j
}

// wiredInUS says that the carriers of the class are telephone companies under the Commission's rules on freezes.
func wiredInUS(class Class) bool {
	return class == SimpleWireline || class == Wireline || class == ProjectPort || class == Resold
}

// paperOnly are phrases by which a carrier says that it lifts a freeze on paper alone, in the form of words (words.go).
// The phrases are our decision.
var paperOnly = []string{"in writing only", "only in writing", "written request only", "written authorization only",
	"by mail only", "by fax only", "in person only", "paper form", "original signature required", "wet signature"}

// onPaperOnly says that the carrier's words ask for paper to lift a freeze.
func onPaperOnly(said string) bool {
	plain := plainWords(said)
	return slices.ContainsFunc(paperOnly, func(phrase string) bool { return strings.Contains(plain, " "+phrase+" ") })
}

// dateWasLegal says that the date of the refused request was no sooner than a carrier of the class has to take, counted
// from when the request was sent. The first refusal of a date is never judged: it may be the word that the port is not
// simple, and another date is asked for.
func (r Rules) dateWasLegal(o Order, class Class) bool {
	port, ok := o.Last(AskPort)
	if !ok || port.Sent.IsZero() || o.Repairs[NextDate] == 0 {
		return false
	}
	return o.Asked(r, port.Sent) >= r.EarliestOf(TermsOf(class), o.Details.State, len(o.Active()), port.Sent)
}
