package porting

import (
	"maps"
	"slices"
)

// Message is a sentence that is not written yet: its key and its arguments. The catalogue (internal/text) writes it when it is
// read, in the reader's language and for the reader's eyes; events, comments and questions to the desk are stored as messages.
type Message struct {
	Key MessageKey
	// Args are the arguments by the names that the sentence has for them, in the form of the wire: numbers in E.164, days as
	// 2006-01-02, codes as codes; several of them with commas between. A secret is never among them.
	Args map[string]string
	// List are the messages within this one, such as the changes that a repair has made.
	List []Message
	// Text is what a person wrote, or the sentence as a release before the catalogue stored it. It is shown as it is.
	Text string
	// Unproven says that the message is of an order whose customer had not proven to hold the account: customers do not
	// read in it what comes from the carrier's record.
	Unproven bool
}

// MessageKey names a sentence of the catalogue. Keys are stored with orders: one that was ever used keeps its meaning.
type MessageKey string

// Say makes a message of a key and its arguments, each a name and a value.
func Say(key MessageKey, args ...string) Message {
	m := Message{Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if m.Args == nil {
			m.Args = map[string]string{}
		}
		m.Args[args[i]] = args[i+1]
	}
	return m
}

// Words makes a message of what a person wrote.
func Words(text string) Message { return Message{Text: text} }

// With returns the message with others within it.
func (m Message) With(list ...Message) Message {
	m.List = list
	return m
}

// Equal says that both messages tell the same.
func (m Message) Equal(other Message) bool {
	return m.Key == other.Key && m.Text == other.Text && m.Unproven == other.Unproven && maps.Equal(m.Args, other.Args) &&
		slices.EqualFunc(m.List, other.List, Message.Equal)
}

// IsZero says that there is nothing to say.
func (m Message) IsZero() bool { return m.Key == "" && m.Text == "" }

// What is told of the customer's doings.
const (
	MsgCreated        MessageKey = "created"         // n
	MsgEdited         MessageKey = "edited"          // fields
	MsgNumbersChanged MessageKey = "numbers_changed" // added, removed
	MsgPresetsChanged MessageKey = "presets_changed" // fields
	MsgSigned         MessageKey = "signed"
	MsgLOARenewed     MessageKey = "loa_renewed"
	MsgResubmitted    MessageKey = "resubmitted"
	MsgCancelled      MessageKey = "cancelled"

	MsgDocumentAdded    MessageKey = "document_added"    // id, kind
	MsgDocumentCame     MessageKey = "document_came"     // id, kind
	MsgDocumentAccepted MessageKey = "document_accepted" // id, kind
	MsgDocumentRefused  MessageKey = "document_refused"  // id, kind; with the cause
)

// Why a document failed.
const (
	MsgNoUpload     MessageKey = "no_upload"
	MsgUnchecked    MessageKey = "file_unchecked"
	MsgLOAReplaced  MessageKey = "loa_replaced"
	MsgFileTooLarge MessageKey = "file_too_large" // mb

	MsgFileNotPDF     MessageKey = "file_not_pdf"
	MsgFileUnreadable MessageKey = "file_unreadable"
	MsgFileLocked     MessageKey = "file_locked"
	MsgFileEncrypted  MessageKey = "file_encrypted"
	MsgFileEmpty      MessageKey = "file_empty"
	MsgFilePages      MessageKey = "file_pages"  // most
	MsgFileHeavy      MessageKey = "pages_heavy" // mb
	MsgFileElsewhere  MessageKey = "file_elsewhere"
	MsgFileLayered    MessageKey = "file_layered"
	MsgFileDynamic    MessageKey = "file_dynamic"
	MsgFileUnwritable MessageKey = "file_unwritable"

	MsgPhotoUnreadable MessageKey = "photo_unreadable"
	MsgPhotoLarge      MessageKey = "photo_large" // mp

	MsgUnfetched       MessageKey = "unfetched" // with the cause
	MsgFetchBadURL     MessageKey = "fetch_bad_url"
	MsgFetchRedirect   MessageKey = "fetch_redirect"
	MsgFetchStatus     MessageKey = "fetch_status"    // status
	MsgFetchTooLarge   MessageKey = "fetch_too_large" // mb
	MsgFetchPrivate    MessageKey = "fetch_private"
	MsgFetchSlow       MessageKey = "fetch_slow"
	MsgFetchNoHost     MessageKey = "fetch_no_host"
	MsgFetchBadCert    MessageKey = "fetch_bad_certificate"
	MsgFetchNotReached MessageKey = "fetch_not_reached"
	MsgFetchBroke      MessageKey = "fetch_broke"
	MsgFetchOurs       MessageKey = "fetch_ours"
)

// What is told of clocks and papers.
const (
	MsgReopened   MessageKey = "reopened" // order
	MsgCredited   MessageKey = "credited" // amount, order
	MsgReopens    MessageKey = "reopens"  // order, n
	MsgExtended   MessageKey = "extended" // ends, days
	MsgReminded   MessageKey = "reminded" // ends
	MsgExpired    MessageKey = "expired"  // days
	MsgHoldLapsed MessageKey = "hold_lapsed"
	MsgHoldDraft  MessageKey = "hold_draft"
	MsgPaperUntil MessageKey = "paper_until" // paper, until
	MsgPaperSince MessageKey = "paper_since" // paper, since

	MsgDayAnnounced MessageKey = "day_announced" // day
	MsgFeeReturned  MessageKey = "fee_returned"  // amount, why
)

// What is told of the carrier's record.
const (
	MsgRecordAsked   MessageKey = "record_asked" // peer
	MsgRecordCame    MessageKey = "record_came"  // with the change of the class
	MsgNoRecord      MessageKey = "no_record"
	MsgRecordAwaited MessageKey = "record_awaited" // reads
	MsgRecordGiven   MessageKey = "record_given"   // said
	MsgRecordLacks   MessageKey = "record_lacks"   // said

	MsgSkippedTollFree MessageKey = "csr_skipped_tollfree"
	MsgSkippedWireless MessageKey = "csr_skipped_wireless"
	MsgSkippedNone     MessageKey = "csr_skipped_none"
	MsgSkippedDenied   MessageKey = "csr_skipped_denied" // peer
	MsgSkippedLate     MessageKey = "csr_skipped_late"

	MsgRecordAgrees MessageKey = "record_agrees" // with the change of the class
	MsgRecordJudged MessageKey = "record_judged" // with the change of the class
	MsgCorrected    MessageKey = "corrected"     // with the changes
	MsgBillProves   MessageKey = "bill_proves"   // id

	MsgFieldChanged  MessageKey = "field_changed"  // field, before, after
	MsgFieldSet      MessageKey = "field_set"      // field, after
	MsgFieldEmptied  MessageKey = "field_emptied"  // field, before
	MsgSecretChanged MessageKey = "secret_changed" // field
	MsgConformed     MessageKey = "address_conformed"
)

// What is told of requests and the carrier's answers.
const (
	MsgPassed    MessageKey = "passed"
	MsgPlanned   MessageKey = "planned"    // pon, version, peer
	MsgSent      MessageKey = "sent"       // pon, version, peer
	MsgSentOther MessageKey = "sent_other" // pon, version, peer
	MsgLeased    MessageKey = "leased"     // pon, version, peer
	MsgSeen      MessageKey = "seen"       // pon, version, peer
	MsgDoubted   MessageKey = "doubted"    // pon, version, peer
	MsgWithdrawn MessageKey = "withdrawn"  // pon, peer
	MsgRefused   MessageKey = "refused"    // with the change of the class
	MsgIsSimple  MessageKey = "is_simple"  // earliest
	MsgNotSimple MessageKey = "not_simple" // earliest

	MsgClassByRecord  MessageKey = "class_by_record"  // earliest
	MsgClassByNumbers MessageKey = "class_by_numbers" // earliest
	MsgClassByWord    MessageKey = "class_by_word"    // earliest

	MsgAccepted        MessageKey = "accepted"  // foc
	MsgMoved           MessageKey = "moved"     // from, to
	MsgDateLost        MessageKey = "date_lost" // foc
	MsgCompleted       MessageKey = "completed"
	MsgRecovered       MessageKey = "recovered"
	MsgPartlyMoved     MessageKey = "partly_moved"     // numbers, reason
	MsgSnapbackAsked   MessageKey = "snapback_asked"   // numbers, why
	MsgSnappedBack     MessageKey = "snapped_back"     // numbers
	MsgSnapbackRefused MessageKey = "snapback_refused" // numbers, why

	MsgProvisioned   MessageKey = "provisioned"       // step, numbers
	MsgSwitchRefused MessageKey = "provision_refused" // step, numbers
	MsgSwitchAgain   MessageKey = "provision_again"   // n
	MsgServedByHand  MessageKey = "served_by_hand"    // numbers
	MsgCallsArrive   MessageKey = "calls_arrive"      // numbers

	MsgSomeMoved   MessageKey = "some_moved"   // n
	MsgFallout     MessageKey = "fallout"      // n, numbers, reason
	MsgGoesWithout MessageKey = "goes_without" // numbers
	MsgLeftOut     MessageKey = "left_out"     // numbers, reason
	MsgSplitOff    MessageKey = "split_off"    // order, reason, numbers
	MsgWentBack    MessageKey = "went_back"    // order, reason, numbers
	MsgCameBack    MessageKey = "came_back"    // order, numbers; with the event's reasons

	MsgRepaired      MessageKey = "repaired"        // repairs; with the changes
	MsgRepairedPart  MessageKey = "repaired_part"   // repairs; with the changes
	MsgOtherPeer     MessageKey = "other_peer"      // from, to, repairs; with the changes
	MsgDidLeaveOut   MessageKey = "did_leave_out"   // numbers, reason
	MsgDidSplitOff   MessageKey = "did_split_off"   // numbers, order, reason
	MsgDidMainNumber MessageKey = "did_main_number" // number
	MsgDidNotBefore  MessageKey = "did_not_before"  // date
	MsgDidReclass    MessageKey = "did_reclass"     // earliest
)

// For which date a request asks, and what was wished where the carrier confirms another one.
const (
	MsgAsksWished      MessageKey = "asks_wished"       // date
	MsgAsksEarliest    MessageKey = "asks_earliest"     // date
	MsgAsksTooSoon     MessageKey = "asks_too_soon"     // date, wish
	MsgAsksQuiet       MessageKey = "asks_quiet"        // date, wish
	MsgQuietConfirmed  MessageKey = "quiet_confirmed"   // foc
	MsgAsksClosed      MessageKey = "asks_closed"       // date, wish
	MsgAsksRefused     MessageKey = "asks_refused"      // date
	MsgHandOverPlanned MessageKey = "hand_over_planned" // on, day
	MsgMayMove         MessageKey = "may_move"          // day
	MsgFoundHandOver   MessageKey = "found_hand_over"   // on
	MsgWishedOther     MessageKey = "wished_other"      // wish
	MsgWishedAndAsked  MessageKey = "wished_and_asked"  // wish, asked
	MsgAsksHour        MessageKey = "asks_hour"         // at
	MsgMovesAt         MessageKey = "moves_at"          // at
	MsgMovesOther      MessageKey = "moves_at_other"    // at, wish
	MsgHourMoved       MessageKey = "hour_moved"        // day
	MsgNoHour          MessageKey = "no_hour"           // wish
)

// Why a peer was chosen.
const (
	MsgChosen       MessageKey = "peer_chosen" // peer; with the reasons
	MsgPeerFirst    MessageKey = "peer_first"
	MsgPeerOnly     MessageKey = "peer_only"
	MsgPeerDirect   MessageKey = "peer_direct"
	MsgPeerMost     MessageKey = "peer_most"
	MsgPeerWhole    MessageKey = "peer_whole"
	MsgPeerRecord   MessageKey = "peer_record"   // record
	MsgPeerBetter   MessageKey = "peer_better"   // record, other, other_record
	MsgPeerAway     MessageKey = "peer_away"     // peer
	MsgPeerRefuses  MessageKey = "peer_refuses"  // peer, why
	MsgPeerPartly   MessageKey = "peer_partly"   // peer
	MsgPeerReplaces MessageKey = "peer_replaces" // peer
)

// What is told of decisions.
const (
	MsgCancelledEarly MessageKey = "cancelled_early" // why
	MsgHardCancelled  MessageKey = "hard_cancelled"  // why
	MsgRuledOut       MessageKey = "ruled_out"
	MsgReturned       MessageKey = "returned"
	MsgApproved       MessageKey = "approved"
	MsgRetried        MessageKey = "retried"
	MsgCommentSettled MessageKey = "comment_settled"
	MsgTakenUp        MessageKey = "taken_up"
)

// What is told of changes that were asked for on the way.
const (
	MsgCancelAsked      MessageKey = "cancel_asked"
	MsgDateAsked        MessageKey = "date_asked"       // date
	MsgCorrectionAsked  MessageKey = "correction_asked" // fields
	MsgRemovalAsked     MessageKey = "removal_asked"    // numbers
	MsgAdditionMade     MessageKey = "addition_made"    // numbers
	MsgExpediteAsked    MessageKey = "expedite_asked"   // why
	MsgChangeByStaff    MessageKey = "change_by_staff"
	MsgChangeMade       MessageKey = "change_made"
	MsgChangeSent       MessageKey = "change_sent"    // with the change
	MsgChangeDone       MessageKey = "change_done"    // with the change
	MsgChangeFee        MessageKey = "change_fee"     // fee
	MsgChangeRefused    MessageKey = "change_refused" // with the change and why
	MsgChangeNotTaken   MessageKey = "change_not_taken"
	MsgChangeRefusedWhy MessageKey = "change_refused_why" // why
	MsgChangeRefusedFor MessageKey = "change_refused_for" // reason
	MsgChangeOvertaken  MessageKey = "change_overtaken"
	MsgCancelConfirmed  MessageKey = "cancel_confirmed"
	MsgMovedAllTheSame  MessageKey = "moved_all_the_same"
	MsgOldDate          MessageKey = "old_date" // date
)

// What is told of objections to a carrier's refusal.
const (
	MsgObjectionPrepared  MessageKey = "objection_prepared"  // reason; with what remains owed
	MsgObjectionRaised    MessageKey = "objection_raised"    // reason; with what remains owed
	MsgObjectionSent      MessageKey = "objection_sent"      // step, pon
	MsgObjectionEscalated MessageKey = "objection_escalated" // step
	MsgObjectionWon       MessageKey = "objection_won"
	MsgObjectionDropped   MessageKey = "objection_dropped"
	MsgObjectionBeside    MessageKey = "objection_beside"
	MsgDebtRemains        MessageKey = "debt_remains"
	MsgEvidenceKept       MessageKey = "evidence_kept"
)

// What is told of disputes about numbers.
const (
	MsgRivalFound    MessageKey = "rival_found"    // numbers
	MsgDisputeOpened MessageKey = "dispute_opened" // numbers, until
	MsgContested     MessageKey = "contested"      // numbers, until
	MsgPapersAsked   MessageKey = "papers_asked"   // numbers, until
	MsgDisputeWon    MessageKey = "dispute_won"    // numbers; with what our staff wrote
	MsgDisputeLost   MessageKey = "dispute_lost"   // numbers; with what our staff wrote
	MsgTakenOver     MessageKey = "taken_over"     // numbers; with what was changed
	MsgDisputeMoot   MessageKey = "dispute_moot"   // numbers
	MsgDisputeFree   MessageKey = "dispute_free"   // numbers
	MsgDisputeMoved  MessageKey = "dispute_moved"  // numbers
	MsgContestOver   MessageKey = "contest_over"   // numbers
	MsgYielded       MessageKey = "yielded"        // numbers
	MsgYieldedSome   MessageKey = "yielded_some"   // numbers
	MsgHandedOver    MessageKey = "handed_over"    // numbers
)

// What is told of a port that somebody doubts.
const (
	MsgCaseOpened     MessageKey = "case_opened"     // numbers, until
	MsgCaseAuthorised MessageKey = "case_authorised" // numbers; with what our staff wrote
	MsgCaseReturned   MessageKey = "case_returned"   // numbers; with what our staff wrote
	MsgCaseEvidence   MessageKey = "case_evidence"
)

// What the rules propose about a dispute.
const (
	MsgOneLOA        MessageKey = "propose_one_loa"
	MsgNoLOA         MessageKey = "propose_no_loa"
	MsgNewestLOA     MessageKey = "propose_newest_loa"
	MsgOnePapers     MessageKey = "propose_one_papers"
	MsgNoPapers      MessageKey = "propose_no_papers"
	MsgPapersAwaited MessageKey = "propose_papers_awaited"
)

// What a status check found, and what was done about it.
const (
	MsgChecked          MessageKey = "checked"    // with what was found
	MsgFoundDown        MessageKey = "found_down" // peer
	MsgFoundUnsent      MessageKey = "found_unsent"
	MsgFoundAccepted    MessageKey = "found_accepted" // peer, said, foc
	MsgFoundLost        MessageKey = "found_lost"     // peer, said
	MsgFoundMissed      MessageKey = "found_missed"   // peer, said, foc
	MsgFoundStands      MessageKey = "found_stands"   // peer, said, foc
	MsgFoundRefused     MessageKey = "found_refused"  // peer, said
	MsgFoundWorking     MessageKey = "found_working"  // peer, said
	MsgFoundDenied      MessageKey = "found_denied"   // peer
	MsgCallsCarrier     MessageKey = "calls_carrier"
	MsgAsksDaily        MessageKey = "asks_daily"
	MsgEscalated        MessageKey = "escalated"         // days, peer, said
	MsgSilentLong       MessageKey = "silent_long"       // days
	MsgSilentStill      MessageKey = "silent_still"      // peer
	MsgNextCheck        MessageKey = "next_check"        // date
	MsgFoundGivenBack   MessageKey = "found_given_back"  // peer, said
	MsgFoundWithdrawing MessageKey = "found_withdrawing" // peer, said
)

// Why a step is put off.
const (
	MsgPeerDown       MessageKey = "peer_down"        // peer
	MsgPeerShut       MessageKey = "peer_shut"        // peer, why
	MsgBeforeEnds     MessageKey = "before_ends"      // peer
	MsgStillOnRequest MessageKey = "still_on_request" // order
	MsgCancelAwaited  MessageKey = "cancel_awaited"   // peer, pon
	MsgMoveAwaited    MessageKey = "move_awaited"     // said
)

// What our staff is asked, and who drives the order.
const (
	MsgDeskAsked        MessageKey = "desk_asked"      // with the question
	MsgTaxIDByHand      MessageKey = "tax_id_by_hand"  // with the question
	MsgRecoverByHand    MessageKey = "recover_by_hand" // numbers; with the question
	MsgAskReview        MessageKey = "ask_review"
	MsgAskNoOtherDate   MessageKey = "ask_no_other_date"
	MsgAskRefusal       MessageKey = "ask_refusal" // reason
	MsgAskUnconfirmed   MessageKey = "ask_unconfirmed"
	MsgAskObject        MessageKey = "ask_object"         // reason, pon, text
	MsgAskContradiction MessageKey = "ask_contradiction"  // reason
	MsgAskTellObjection MessageKey = "ask_tell_objection" // step, pon, text
	MsgAskComplaint     MessageKey = "ask_complaint"      // step, pon, text
	MsgAskTaxID         MessageKey = "ask_tax_id"         // peer, pon
	MsgAskRecover       MessageKey = "ask_recover"        // numbers, from, to, signed
	MsgAskFailed        MessageKey = "ask_failed"         // error
	MsgAskOtherAccount  MessageKey = "ask_other_account"
	MsgAskWhoAsks       MessageKey = "ask_who_asks"
	MsgAskResold        MessageKey = "ask_resold"
	MsgAskGuesses       MessageKey = "ask_guesses"    // n, days
	MsgAskMissed        MessageKey = "ask_missed"     // foc
	MsgAskFallout       MessageKey = "ask_fallout"    // numbers, reason
	MsgAskSwitch        MessageKey = "ask_switch"     // numbers, step, reason
	MsgAskSnapback      MessageKey = "ask_snapback"   // numbers, peer, pon, until, why
	MsgAskWinback       MessageKey = "ask_winback"    // numbers, peer, pon, why
	MsgAskSilent        MessageKey = "ask_silent"     // peer, since, pon
	MsgAskDenied        MessageKey = "ask_denied"     // peer, pon, said
	MsgAskUnclear       MessageKey = "ask_unclear"    // peer, pon, said
	MsgAskAgreed        MessageKey = "ask_agreed"     // peer, pon, foc
	MsgAskMoved         MessageKey = "ask_moved"      // peer, pon
	MsgAskWithdrawal    MessageKey = "ask_withdrawal" // peer, pon, said
	MsgAskAuthority     MessageKey = "ask_authority"  // numbers, who
	MsgAskDispute       MessageKey = "ask_dispute"    // order, numbers, for; with what the rules say

	MsgWaiting  MessageKey = "waiting"  // for
	MsgResumed  MessageKey = "resumed"  // for
	MsgRedriven MessageKey = "redriven" // run
)

// Our own words with a reason, where no carrier said anything.
const (
	MsgCompanyMissing  MessageKey = "company_missing"
	MsgNameCut         MessageKey = "name_cut"
	MsgHolderAsked     MessageKey = "holder_asked"
	MsgHolderDay       MessageKey = "holder_day"   // day
	MsgServicesEnd     MessageKey = "services_end" // services
	MsgHuntGroup       MessageKey = "hunt_group"
	MsgTollFreeFirst   MessageKey = "toll_free_first" // numbers
	MsgMainLeaves      MessageKey = "main_leaves"
	MsgOthersOnAccount MessageKey = "others_on_account"
	MsgNotOnAccount    MessageKey = "not_on_account" // numbers
	MsgLeaveOutChoice  MessageKey = "leave_out_choice"
	MsgRecordDiffers   MessageKey = "record_differs" // field, how
	MsgSignAgain       MessageKey = "sign_again"     // fields
)
