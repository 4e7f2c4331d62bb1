package porting

import "time"

// Command asks for one change of an order. Its zero value names it in the table of moves.
type Command interface{ Actor() By }

// What the customer does.
type (
	// Create makes an order of numbers that share kind, country and losing carrier.
	Create struct {
		By
		ID      OrderID
		Group   GroupID
		Account AccountID
		Sandbox bool
		Tariff  Tariff
		Quiet   QuietDays // the account's
		Kind    Kind
		Carrier Carrier
		// Home is where the numbers are at home.
		Home Home
		// Wireless says that the losing carrier is a mobile network.
		Wireless bool
		Flags    CarrierFlags
		Details  Details
		Presets  Presets
		Numbers  []string
		// Documents are pulled from where they say.
		Documents []Document
	}
	// Edit takes the named fields (wire names) from To, and with them the named presets: one call is one change.
	Edit struct {
		By
		To           Details
		Fields       []string
		Presets      Presets
		PresetFields []string
		// Resold says, where the provider is among the fields, whether it resells the numbers of another network.
		Resold bool
		// Signs says that the customer signs the LOA as it is after the edit. Only a rejected order is signed here.
		Signs     bool
		Signature Signature
		Intake    Intake // as in Sign
	}
	// ChangeNumbers adds and removes numbers of the order's own kind and carrier.
	ChangeNumbers struct {
		By
		Add    []string
		Remove []string
		// Flags are what is known of the carrier of the added numbers.
		Flags CarrierFlags
	}
	// SetPresets takes the named presets from To.
	SetPresets struct {
		By
		To     Presets
		Fields []string
	}
	// AddDocument puts a document on the order whose file is still to come: it is pulled from where Document.From says, or
	// uploaded. Of the document, name, kind, date, source and the size where it is known are taken.
	AddDocument struct {
		By
		Document Document
	}
	// Comment adds a comment.
	Comment struct {
		By
		Text string
	}
	// Sign accepts the e-LOA; that is what submits an order, and submits it again after a rejection. On an order that is under way
	// it puts a fresh letter in the place of the old one.
	Sign struct {
		By
		Signature Signature
		// Intake is what is known of the carrier and the account. What it shows to block refuses the signature.
		Intake Intake
	}
	// OpenDispute signs the LOA without taking the numbers, and disputes those that the order Rival holds.
	OpenDispute struct {
		By
		Signature Signature
		Intake    Intake // as in Sign
		Rival     OrderID
		Numbers   []string
	}
	// Resubmit sends a corrected order to review.
	Resubmit struct{ By }
	// Cancel drops an order that is with the customer.
	Cancel struct{ By }
	// Extend gives an order that is with the customer its days a second time.
	Extend struct{ By }
	// GiveBack gives a part of the fees that were taken for the order back to its account. Why is told to the customer.
	GiveBack struct {
		By
		Amount Money
		Why    string
	}
	// Reopen says that the new order As takes the place of one that was given up.
	Reopen struct {
		By
		As OrderID
	}
	// Restart makes the order that takes the place of From, as it was before it was marked.
	Restart struct {
		By
		ID     OrderID
		From   Order
		Tariff Tariff    // the account's, as it is now
		Quiet  QuietDays // likewise
	}
)

// What the system does on its own.
type (
	// Remind tells the customer that the order's clock runs out.
	Remind struct{ By }
	// Announce tells the customer the day before that the numbers move.
	Announce struct{ By }
	// AskRenewal asks the customer for a fresh paper before the one that is there runs out.
	AskRenewal struct{ By }
	// Lapse has an order keep its numbers from its own account's orders alone (Rules.Lapses).
	Lapse struct{ By }
	// NoteRival writes down which of its numbers kept an order from being signed, since another account's order holds them.
	NoteRival struct {
		By
		Numbers []string
	}
	// AskDispute brings a dispute to our staff, with what the rules propose.
	AskDispute struct {
		By
		Rival OrderID
		Proposal
	}
	// TakeOver submits an order that has won its dispute.
	TakeOver struct {
		By
		Rival OrderID
	}
	// EndDispute ends a dispute of the asking order without the numbers; Why is the sentence that tells the reason.
	EndDispute struct {
		By
		Rival OrderID
		Why   MessageKey
	}
	// ContestNumbers tells the holding order that the order Rival disputes its numbers, and until when papers are waited for.
	ContestNumbers struct {
		By
		Rival   OrderID
		Numbers []string
		Ends    time.Time
	}
	// EndContest ends a dispute of the holding order, which keeps its numbers. Decided says that a person decided so.
	EndContest struct {
		By
		Rival   OrderID
		Decided bool
	}
	// Yield ends an order all of whose numbers go to the order Rival, which has won. YieldNumbers gives up some of them.
	Yield struct {
		By
		Rival OrderID
	}
	YieldNumbers struct {
		By
		Rival OrderID
	}
	// LetGo gives up the numbers in the transaction in which the order Rival takes them.
	LetGo struct {
		By
		Rival OrderID
	}
	// KeepCaseEvidence tells where the evidence of the order's case about its authority lies, by its digest.
	KeepCaseEvidence struct {
		By
		Digest string
		Size   int64
	}
	// LapseCase asks a person to send the numbers back of a case whose time is over.
	LapseCase struct{ By }
	// Expire ends an order whose clock has run out.
	Expire struct{ By }
	// Exclude leaves numbers out with their reason; the rest goes on.
	Exclude struct {
		By
		TNs    []string
		Reason ReasonCode
	}
	// RuleOut ends an order that nobody can port.
	RuleOut struct {
		By
		Reasons []Reason
	}
	// Pass sends a screened order on to the LSP and takes the fee.
	Pass struct{ By }
	// Recover completes an order whose numbers the registry's help desk has handed over to us.
	Recover struct{ By }
	// SkipCSR settles an order whose carrier has no CSR to compare with.
	SkipCSR struct {
		By
		Why Message
	}
	// SettleCSR ends the comparison with the carrier's record.
	SettleCSR struct {
		By
		Why Message
		// Proof is the secret that the comparison has found to match; empty where it found none.
		Proof ProofKind
	}
	// Correct takes the named fields from To, as the carrier's record has them. Patch tells what changed, without secrets.
	Correct struct {
		By
		To     Details
		Fields []string
		Patch  map[string]string
		// Proof is as in SettleCSR.
		Proof ProofKind
	}
	// Plan writes an attempt before the peer is called. Why tells why this peer was chosen, where a choice was made for the
	// attempt; Habit is what is known of the losing carrier.
	Plan struct {
		By
		Attempt Attempt
		Why     []Message
		Habit   Habit
	}
	// PlanHandOver writes down when a toll-free request with a wished day goes to the registry.
	PlanHandOver struct {
		By
		At time.Time
	}
	// Lease takes over a request that is written down and was not sent, as far as anybody knows: whoever was sending it
	// has run out of time. Digest tells what it carries now.
	Lease struct {
		By
		PON     PON
		Version int
		Digest  Secret
		Asked   Date // as the request says now
		Time    Clock
	}
	// MarkSent writes the peer's id of an attempt.
	MarkSent struct {
		By
		PON     PON
		Version int
		Ref     string
		// Asked is the date that the request asks for; empty where it was found at the peer as it was planned.
		Asked Date
		Time  Clock // the hour that it asks for
		// Differs says that the request was found at the peer with another content than the order has now, so that it
		// has to be supplemented.
		Differs bool
	}
	// TakeRecord writes what reading the CSR gave: the record, none, or not yet.
	TakeRecord struct {
		By
		PON    PON
		State  AnswerState
		Said   string
		Record Record
		// Given says that the peer was told more, which it wanted.
		Given bool
		// Proof is the secret that the carrier had asked for before it gave the record.
		Proof ProofKind
	}
	// Repair carries out repairs of a refusal, all in one request.
	Repair struct {
		By
		// Proof is as in SettleCSR.
		Proof     ProofKind
		Repairs   []RepairKind
		Form      []string // details of Patch of which only the spelling changes
		To        Details
		Fields    []string
		Patch     map[string]string
		Drop      []Reason  // numbers to leave out, by their reason
		SplitOff  []Sibling // numbers that go on in orders of their own, which are made in the same transaction
		More      bool      // the reasons in Rest are resolved before the request is sent
		Rest      []Reason
		Remaining Remaining     // what the request says from now on of what stays
		NotBefore Date          // the next request asks for no day before
		Enclose   []DocumentID  // documents that go with the next request
		Sup       Sup           // what the next request is
		After     time.Duration // it is sent after a while
		Fresh     bool          // it is a new request, not a supplement
		Peer      string        // it goes to this peer, since the last one does not carry it
	}
	// SplitOff makes an order of the numbers that a repair takes off the order From, as it was before and with its secrets open.
	SplitOff struct {
		By
		From    Order
		Sibling Sibling
	}
	// BringBack takes numbers off the order that can't be ported as they are, while the rest goes on. They go back to the
	// customer on the order that ComeBack makes in the same transaction.
	BringBack struct {
		By
		Sibling Sibling
		Reasons []Reason
	}
	// ComeBack makes an order of the numbers that BringBack takes off the order From, as it was before and with its secrets
	// open, and gives it back to the customer with the reasons.
	ComeBack struct {
		By
		From    Order
		Sibling Sibling
		Reasons []Reason
	}
	// TakeDocument tells that a document's file has come and is to be checked.
	TakeDocument struct {
		By
		ID DocumentID
	}
	// SettleDocument ends the check of a document's file: it is accepted, or it fails, and Why says why.
	SettleDocument struct {
		By
		ID     DocumentID
		Digest string
		Size   int64
		Pages  int
		Why    Message
	}
	// Check writes what a status check found and what was done about it, and whether it brought the request to people at the peer.
	Check struct {
		By
		Found []Message
		// Chased is to whom the carrier's silence was brought.
		Chased Chase
	}
	// Delay puts the present step off because a peer can't be reached.
	Delay struct {
		By
		Why Message
		// Peer is the one that can't be reached; empty when it is something else that is waited for.
		Peer string
		// Leased is the end of the lease that the caller has on the last request and gives up; zero where it has none.
		Leased time.Time
	}
	// Object contests the carrier's refusal. Our staff give it for an objection that is prepared, or of their own.
	Object struct{ By }
	// TellObjection says whether a note has brought the objection to the people of a rung.
	TellObjection struct {
		By
		Step   Step
		ByNote bool
	}
	// EscalateObjection brings an objection to the next rung: the system when the time of the present one is over, our
	// staff when they see fit.
	EscalateObjection struct{ By }
	// KeepEvidence tells where the pack of evidence of an objection lies, by its digest.
	KeepEvidence struct {
		By
		Digest string
		Size   int64
	}
	// AskDesk puts the order on the staff queue. Denied says that the peer does not take the last request.
	AskDesk struct {
		By
		Why    Message
		Denied bool
	}
	// Await writes the token by which a waiting state machine is resumed.
	Await struct {
		By
		For   WaitFor
		Token Secret
		Fence Fence
	}
	// Resume tells that the machine waiting since Seq was resumed.
	Resume struct {
		By
		Seq int64
	}
	// Redrive starts the order's machine again when run Run of it is gone.
	Redrive struct {
		By
		Run int
	}
)

// What a peer's answer does.
type (
	// Refuse is the carrier's rejection, before anybody has tried to repair it.
	Refuse struct {
		By
		PON     PON
		Said    string
		Reasons []Reason
	}
	// Accept is the carrier's date.
	Accept struct {
		By
		PON  PON
		Said string
		FOC  Date
		At   time.Time
		// Timed says that the carrier has named the hour of At.
		Timed bool
	}
	// MoveFOC is another date for an accepted order: a jeopardy moves the date, not the status.
	MoveFOC struct {
		By
		FOC   Date
		At    time.Time
		Timed bool // as for Accept
		Why   string
	}
	// LoseFOC is a date withdrawn without another one.
	LoseFOC struct {
		By
		Said    string
		Reasons []Reason
	}
	// See writes that the peer has shown something else of a supplement than its answer to the version before.
	See struct {
		By
		PON     PON
		Version int
	}
	// Doubt has the peer of a supplement asked again once its answer to the version before can't be meant any more.
	Doubt struct {
		By
		PON     PON
		Version int
	}
	// Withdrawn tells that the last request has ended at its peer as we asked, or never existed there. Our staff gives it
	// for a request of which the carrier has told them so.
	Withdrawn struct {
		By
		PON  PON
		Said string
	}
	// TakeMoved tells that some of the numbers are in service with us, and which of the others did not move, with the reasons.
	TakeMoved struct {
		By
		Said    string
		Moved   []string
		Failed  []string
		Reasons []Reason
	}
	// Complete tells that the numbers are in service with us, save those left behind with their reason.
	Complete struct {
		By
		Said string
		Left []string
		Why  ReasonCode
	}
)

// What our own switch answers, and what our staff decides about it.
type (
	// TakeProvision tells what our switch has answered about numbers for which it was asked for Step. Day is the date for
	// which it was to prepare them. Unreachable says that it gives no answer.
	TakeProvision struct {
		By
		Step        ProvisionStep
		Day         Date
		Answers     []SwitchAnswer
		Unreachable bool
	}
	// AskSwitchAgain has our switch asked again for what it has refused. ServeByHand says that a person has done it, and
	// has made the test calls.
	AskSwitchAgain struct{ By }
	ServeByHand    struct{ By }
)

// What is asked for on an order that has been submitted, and what comes of it.
type (
	// AskChange asks for a change of an order on its way, and has accepted Fee for it.
	AskChange struct {
		By
		Wish Wish
		Fee  Money
	}
	// CancelNow ends an order of which no carrier has to be asked.
	CancelNow struct{ By }
	// ConfirmCancel tells that the carrier has let a request go whose order the customer cancels.
	ConfirmCancel struct {
		By
		PON  PON
		Said string
	}
	// FinishChange tells that the open change is done.
	FinishChange struct{ By }
	// RefuseChange tells that the open change is not made. Why has the words of our staff.
	RefuseChange struct {
		By
		Reasons []Reason
		Why     string
		// Dropped says that the peer has not taken the supplement, so that the carrier never had it. Restore says that the
		// carrier has refused it, so that the request has to be brought back to what it was.
		Dropped, Restore bool
	}
)

// What our staff decides. Comment serves them too.
type (
	// AcceptBill says that the order's newest bill is one of the account, and so that its customer holds the account.
	AcceptBill struct{ By }
	// OpenCase opens a case about whether the port was authorised. Without numbers it is about all of the order.
	OpenCase struct {
		By
		Raised  CaseRaised
		Who     string
		Numbers []string
	}
	// CloseCase decides the case: the port was authorised, or the numbers go back. Why is told to the customer.
	CloseCase struct {
		By
		State CaseState
		Why   string
	}
	// DecideDispute gives the numbers of a dispute to a side. Why is told to the order's customer. ID may be empty where the
	// order has one dispute alone.
	DecideDispute struct {
		By
		ID  string
		For Side
		Why string
	}
	// AskPapers gives both sides of a dispute more time to show papers.
	AskPapers struct {
		By
		ID string
	}
	// SettleComment says that the customer's comments need no answer.
	SettleComment struct{ By }
	// Approve sends a resubmitted order to the LSP again.
	Approve struct{ By }
	// Return gives an order back to the customer, with reasons and instructions.
	Return struct {
		By
		Reasons []Reason
		// Proof is as in SettleCSR. Missed says that an unproven order was compared with the carrier's record and
		// differs from it.
		Proof  ProofKind
		Missed bool
	}
	// TakeUp takes an order that was given back to the carrier again with the request that the carrier has: it was
	// accepted there, or carried out, in the meantime.
	TakeUp struct{ By }
	// AskSnapback asks that numbers go back to the carrier that had them, all that are in service with us where none is
	// named. HolderAsks says that their holder wishes it.
	AskSnapback struct {
		By
		Numbers    []string
		HolderAsks bool
		Why        string
	}
	// TakeSnapback says that the numbers have gone back, and RefuseSnapback that they stay with us.
	TakeSnapback   struct{ By }
	RefuseSnapback struct {
		By
		Why string
	}
	// GoWithout has the order go on without the numbers that did not move when others did.
	GoWithout struct{ By }
	// DropObjection ends an objection without the carrier's giving way.
	DropObjection struct{ By }
	// Retry tries again what the desk was asked about. The system gives it after an outage alone ([Order.AskedByOutage]).
	Retry struct{ By }
	// HardCancel ends an order that is with us or with the LSP; a fee may apply (D-STA, S-ACC). So close to the agreed date
	// that the carrier takes no change any more, it needs Force.
	HardCancel struct {
		By
		Why   string
		Force bool
	}
)
