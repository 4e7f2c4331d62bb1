package porting

// ReasonCode is our stable code of a rejection reason.
type ReasonCode string

// Reason says why an order, or some of its numbers, can't go on as they are.
type Reason struct {
	Code    ReasonCode
	Raw     string            // the peer's own code, such as 7402
	Said    string            // the peer's own text, made fit by Quote
	Note    Message           // our own words, where there are any
	Numbers []string          // the numbers concerned; empty when the reason is about the order
	Patch   map[string]string // details that would resolve it, by wire name, where we know them
}

// Info is the reason's row in the table; an unknown code has the row of OTHER.
func (r ReasonCode) Info() ReasonInfo {
	for _, row := range Reasons {
		if row.Code == r {
			return row
		}
	}
	return Reasons[len(Reasons)-1]
}

// Fixer says who can resolve a reason where no repair does.
type Fixer string

// The fixers.
const (
	ByCustomer Fixer = "customer" // on the order, or by new documents
	ByCarrier  Fixer = "carrier"  // the customer has to arrange it with the carrier
	ByStaff    Fixer = "staff"
	ByNobody   Fixer = "nobody"
)

// Scope says what a reason is about.
type Scope string

// The whole order; some of its numbers; or numbers that can't be ported at all, without effect on the others.
const (
	OfOrder    Scope = "order"
	OfNumbers  Scope = "numbers"
	EndsNumber Scope = "ends the number"
)

// Need says what has to be sent to the carrier once the reason is resolved.
type Need string

// Nothing; a supplement (SUP 3); a supplement about the date alone (SUP 2 after a date was agreed, else 3); or another
// request.
const (
	NothingSent Need = ""
	Supplement  Need = "supplement"
	AnotherDate Need = "date"
	NewRequest  Need = "new request"
)

// Repair is a way in which we resolve a reason by rule, without the customer. Its text is stored with the order.
type RepairKind string

// The repairs. The status check does Escalate: it brings a silent request to people at the registry or the peer. Contest is
// an objection by rule, which DecideRepair makes where no repair of the reasons helps.
const (
	FromCSR      RepairKind = "take the carrier's value"
	NextDate     RepairKind = "next legal date"
	TryLater     RepairKind = "try again later"
	SendLOA      RepairKind = "send the LOA again"
	SendPaper    RepairKind = "send the document"
	DropThem     RepairKind = "leave the numbers out"
	StartOver    RepairKind = "new request"
	OtherPeer    RepairKind = "another peer"
	SplitThemOff RepairKind = "split into orders of their own"
	SendWhole    RepairKind = "complete the request"
	KeepRest     RepairKind = "what remains stays active"
	NewMain      RepairKind = "another main number for what remains"
	Replace      RepairKind = "another request in its place"
	Escalate     RepairKind = "escalate"
	Contest      RepairKind = "object"
)

// The papers that resolve a reason. Their names are stored with the order.
const (
	SignedLOA = "letter of agency"
	Bill      = "recent bill"
	SoleUse   = "proof of sole use"
)

// ReasonInfo is one row of the table of rejection reasons. Mails, instructions, repairs and desk labels come from it.
type ReasonInfo struct {
	Code    ReasonCode
	Title   string
	Fix     Fixer // who resolves it where no repair does
	Scope   Scope
	Sup     Need
	Repairs []RepairKind // in the order in which they are tried
	Fields  []string     // wire names of the details that resolve it
	Papers  []string     // documents that resolve it
	Meaning string       // what is wrong, in plain words
	Do      string       // what the customer does about it
	// Ask is the question with which the reason is brought to our staff; empty where MsgAskRefusal says enough.
	Ask MessageKey
}

// Ends says that the numbers concerned can't be ported at all.
func (i ReasonInfo) Ends() bool { return i.Scope == EndsNumber }

// Date says that the reason is about the date alone.
func (i ReasonInfo) Date() bool { return i.Sup == AnotherDate }

// The codes, in the order of the table.
const (
	AccountMissing     ReasonCode = "ACCOUNT_NUMBER_MISSING"
	AccountMismatch    ReasonCode = "ACCOUNT_NUMBER_MISMATCH"
	BTNMismatch        ReasonCode = "BTN_MISMATCH"
	MultipleAccounts   ReasonCode = "MULTIPLE_ACCOUNTS"
	NameMismatch       ReasonCode = "NAME_MISMATCH"
	AuthPersonMismatch ReasonCode = "AUTH_PERSON_MISMATCH"
	AuthPersonInvalid  ReasonCode = "AUTH_PERSON_INVALID"
	AddressMismatch    ReasonCode = "ADDRESS_MISMATCH"
	ZipMismatch        ReasonCode = "ZIP_MISMATCH"
	AddressInvalid     ReasonCode = "ADDRESS_INVALID"
	PINMissing         ReasonCode = "PIN_MISSING"
	PINInvalid         ReasonCode = "PIN_INVALID"
	TaxIDMismatch      ReasonCode = "TAXID_MISMATCH"
	AllDataMismatch    ReasonCode = "ALL_DATA_MISMATCH"
	ResellerRecord     ReasonCode = "RESELLER_RECORD"

	LOARequired         ReasonCode = "LOA_REQUIRED"
	LOAExpired          ReasonCode = "LOA_EXPIRED"
	LOASignatureInvalid ReasonCode = "LOA_SIGNATURE_INVALID"
	LOAIllegible        ReasonCode = "LOA_ILLEGIBLE"
	LOASuperseded       ReasonCode = "LOA_SUPERSEDED"
	LOATNMissing        ReasonCode = "LOA_TN_MISSING"
	BillRequired        ReasonCode = "BILL_REQUIRED"
	BillStale           ReasonCode = "BILL_STALE"
	DocTypeInvalid      ReasonCode = "DOC_TYPE_INVALID"

	TNNotInService       ReasonCode = "TN_NOT_IN_SERVICE"
	TNNotFound           ReasonCode = "TN_NOT_FOUND"
	TNNotPortable        ReasonCode = "TN_NOT_PORTABLE"
	NoCoverage           ReasonCode = "NO_COVERAGE"
	TNAlreadyPorting     ReasonCode = "TN_ALREADY_PORTING"
	TNAlreadyOurs        ReasonCode = "TN_ALREADY_OURS"
	WrongLosingCarrier   ReasonCode = "WRONG_LOSING_CARRIER"
	DifferentCarriers    ReasonCode = "DIFFERENT_CARRIERS"
	DifferentRateCenters ReasonCode = "DIFFERENT_RATE_CENTERS"
	PortTypeIncorrect    ReasonCode = "PORT_TYPE_INCORRECT"
	SpecialFeature       ReasonCode = "SPECIAL_FEATURE"
	BroadbandOnLine      ReasonCode = "BROADBAND_ON_LINE"
	MultiLineRule        ReasonCode = "MULTI_LINE_RULE"

	PendingOrder                ReasonCode = "PENDING_ORDER"
	PortFreeze                  ReasonCode = "PORT_FREEZE"
	AccountUnpaid               ReasonCode = "ACCOUNT_UNPAID"
	AccountSuspended            ReasonCode = "ACCOUNT_SUSPENDED"
	Prepaid                     ReasonCode = "PREPAID"
	BTNRemaining                ReasonCode = "BTN_REMAINING"
	RemainingServiceUnspecified ReasonCode = "REMAINING_SERVICE_UNSPECIFIED"
	FraudHold                   ReasonCode = "FRAUD_HOLD"

	DueDateTooSoon    ReasonCode = "DUE_DATE_TOO_SOON"
	DueDateInvalid    ReasonCode = "DUE_DATE_INVALID"
	FOCExpired        ReasonCode = "FOC_EXPIRED"
	FOCRejected       ReasonCode = "FOC_REJECTED"
	JeopardyCarrier   ReasonCode = "JEOPARDY_CARRIER"
	JeopardyCustomer  ReasonCode = "JEOPARDY_CUSTOMER"
	HourWanted        ReasonCode = "HOUR_WANTED"
	LateChangeRefused ReasonCode = "LATE_CHANGE_REFUSED"
	SnapbackExpired   ReasonCode = "SNAPBACK_EXPIRED"

	CarrierNoResponse ReasonCode = "CARRIER_NO_RESPONSE"
	CarrierWorking    ReasonCode = "CARRIER_WORKING"
	CarrierBusy       ReasonCode = "CARRIER_BUSY"
	CarrierClosed     ReasonCode = "CARRIER_CLOSED"
	LSRFieldMissing   ReasonCode = "LSR_FIELD_MISSING"
	LSRNotReceived    ReasonCode = "LSR_NOT_RECEIVED"
	CSRNeedsMore      ReasonCode = "CSR_NEEDS_MORE"
	SVConflict        ReasonCode = "SV_CONFLICT"
	SVFailure         ReasonCode = "SV_FAILURE"
	ActivationRefused ReasonCode = "ACTIVATION_REFUSED"
	ImproperReject    ReasonCode = "IMPROPER_REJECT"
	PeerDenied        ReasonCode = "PEER_DENIED"
	OurRequest        ReasonCode = "OUR_REQUEST"
	InternalPort      ReasonCode = "INTERNAL_PORT"
	PeerCancelled     ReasonCode = "PEER_CANCELLED"
	OrderDone         ReasonCode = "ORDER_DONE"
	PortUndone        ReasonCode = "PORT_UNDONE"
	HighVolumeManual  ReasonCode = "HIGH_VOLUME_MANUAL"

	RespOrgMismatch  ReasonCode = "RESPORG_MISMATCH"
	RespOrgProtected ReasonCode = "RESPORG_PROTECTED"
	TFSpare          ReasonCode = "TF_SPARE"
	TFUnavailable    ReasonCode = "TF_UNAVAILABLE"
	TFDisconnected   ReasonCode = "TF_DISCONNECTED"
	TFTransitional   ReasonCode = "TF_TRANSITIONAL"
	TFShared         ReasonCode = "TF_SHARED"
	ROCOverdue       ReasonCode = "ROC_OVERDUE"
	ROCExpired       ReasonCode = "ROC_EXPIRED"

	InsufficientFunds ReasonCode = "INSUFFICIENT_FUNDS"
	OrderIncomplete   ReasonCode = "ORDER_INCOMPLETE"
	DateOutOfRange    ReasonCode = "PORT_DATE_OUT_OF_RANGE"
	DuplicateTN       ReasonCode = "DUPLICATE_TN"
	RemovedOnRequest  ReasonCode = "REMOVED_ON_REQUEST"
	LostDispute       ReasonCode = "LOST_DISPUTE"
	Unmapped          ReasonCode = "UNMAPPED"
	OtherReason       ReasonCode = "OTHER"
)
