package porting

// ReasonCode is our stable code of a rejection reason.
type ReasonCode string

// Reason is why an order, or some of its numbers, can't go on as they are.
type Reason struct {
	Code    ReasonCode
	Raw     string            // the peer's own code, such as 7402
	Said    string            // the peer's own text, made fit by Quote
	Numbers []string          // those concerned; empty when it is the order
	Patch   map[string]string // details that would cure it, by wire name, where we know them
}

// Info is the reason's row; an unknown code has the row of OTHER.
func (r ReasonCode) Info() ReasonInfo {
	for _, row := range Reasons {
		if row.Code == r {
			return row
		}
	}
	return Reasons[len(Reasons)-1]
}

// Fixer is who can cure a reason.
type Fixer string

// Who can cure a reason.
const (
	ByCustomer Fixer = "customer" // on the order, or by new documents
	ByCarrier  Fixer = "carrier"  // the customer has to arrange it with the carrier
	ByStaff    Fixer = "staff"
	ByNobody   Fixer = "nobody"
)

// Scope is what a reason is about.
type Scope string

// The whole order; some of its numbers; or numbers that can't be ported at all, and only they.
const (
	OfOrder    Scope = "order"
	OfNumbers  Scope = "numbers"
	EndsNumber Scope = "ends the number"
)

// Need is what a cure takes at the carrier.
type Need string

// Nothing that is sent; a supplement (SUP 3); one about the date alone (SUP 2 after a date was agreed, else 3); or another
// request.
const (
	NothingSent Need = ""
	Supplement  Need = "supplement"
	AnotherDate Need = "date"
	NewRequest  Need = "new request"
)

// Repair is a way to cure a reason without the customer.
type Repair string

// The repairs. Escalate is the status check's: it brings a silent request to people at the registry or the peer.
const (
	FromCSR   Repair = "take the carrier's value"
	NextDate  Repair = "next legal date"
	TryLater  Repair = "try again later"
	SendLOA   Repair = "send the LOA again"
	SendPaper Repair = "send the document"
	DropThem  Repair = "leave the numbers out"
	StartOver Repair = "new request"
	OtherPeer Repair = "another peer"
	SplitThem Repair = "split into orders of their own"
	SendWhole Repair = "complete the request"
	KeepRest  Repair = "what remains stays active"
	NewMain   Repair = "another main number for what remains"
	Replace   Repair = "another request in its place"
	Escalate  Repair = "escalate"
)

// The papers that cure a reason.
const (
	SignedLOA = "letter of agency"
	Bill      = "recent bill"
	SoleUse   = "proof of sole use"
)

// ReasonInfo is one row of the table of rejection reasons: mail texts, instructions, repairs and desk labels are read off it.
type ReasonInfo struct {
	Code    ReasonCode
	Title   string
	Fix     Fixer // who cures it where no repair does
	Scope   Scope
	Sup     Need
	Repairs []Repair // in the order in which they are tried
	Fields  []string // wire names of the details that cure it
	Papers  []string // what cures it beside the details
	Meaning string   // what is wrong, in plain words
	Do      string   // what the customer does about it
}

// Ends says that the numbers concerned can't be ported at all.
func (i ReasonInfo) Ends() bool { return i.Scope == EndsNumber }

// Date says that the reason is about the date alone.
func (i ReasonInfo) Date() bool { return i.Sup == AnotherDate }

// The codes that the domain itself gives.
const (
	AuthPersonInvalid  ReasonCode = "AUTH_PERSON_INVALID"
	InsufficientFunds  ReasonCode = "INSUFFICIENT_FUNDS"
	AddressInvalid     ReasonCode = "ADDRESS_INVALID"
	DateOutOfRange     ReasonCode = "PORT_DATE_OUT_OF_RANGE"
	OrderIncomplete    ReasonCode = "ORDER_INCOMPLETE"
	NoCoverage         ReasonCode = "NO_COVERAGE"
	NameMismatch       ReasonCode = "NAME_MISMATCH"
	AuthPersonMismatch ReasonCode = "AUTH_PERSON_MISMATCH"
	AddressMismatch    ReasonCode = "ADDRESS_MISMATCH"
	ZipMismatch        ReasonCode = "ZIP_MISMATCH"
	AccountMissing     ReasonCode = "ACCOUNT_NUMBER_MISSING"
	AccountMismatch    ReasonCode = "ACCOUNT_NUMBER_MISMATCH"
	BTNMismatch        ReasonCode = "BTN_MISMATCH"
	TNNotFound         ReasonCode = "TN_NOT_FOUND"
	LOAExpired         ReasonCode = "LOA_EXPIRED"
	OtherReason        ReasonCode = "OTHER"
)

// Reasons is the table of rejection reasons: the taxonomy's codes in its order, with CARRIER_BUSY and PEER_CANCELLED of our own.
// The five pre-submission rejections bear Flowroute's names (S-PRE2). OTHER is the last row and stands for every code that is
// not here.
var Reasons = []ReasonInfo{
	// Account identity
	{AccountMissing, "Account number missing", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"provider_account"}, nil,
		"The carrier needs the account number.",
		"Copy the account number from a bill; for a mobile number, from the carrier's app."},
	{AccountMismatch, "Account number mismatch", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"provider_account"}, nil,
		"The account number differs from the carrier's record.",
		"Copy the account number from a recent bill, with all leading zeros; it is not the telephone number."},
	{BTNMismatch, "Billing number mismatch", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"billing_number"}, nil,
		"The billing telephone number is not the main number of this account.",
		"Enter the billing telephone number that stands on the bill."},
	{"MULTIPLE_ACCOUNTS", "Several accounts on one order", ByStaff, OfNumbers, NewRequest, []Repair{SplitThem}, nil, nil,
		"The numbers are on different accounts at the carrier.",
		"Tell us in a comment which numbers are on which account; each account needs an order of its own."},
	{NameMismatch, "Name mismatch", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"billing_name", "company"}, nil,
		"The name differs from the carrier's record.",
		"Enter the name letter for letter as the carrier has it. If the number is resold, ask for the name on the underlying carrier's record."},
	{AuthPersonMismatch, "Authorized person mismatch", ByCustomer, OfOrder, Supplement, nil, []string{"billing_name"}, []string{SignedLOA},
		"The person who authorized the port is not an authorized contact of the account.",
		"Enter a person who is an authorized contact at the carrier, and have that person sign."},
	{AuthPersonInvalid, "Invalid authorized name", ByCustomer, OfOrder, Supplement, nil, []string{"billing_name"}, nil,
		"The authorized name is not exactly one person's first and last name.",
		"Enter one individual's first and last name, spelled as on the account at your carrier."},
	{AddressMismatch, "Address mismatch", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"street", "street2", "city", "state", "zip"}, nil,
		"The service address differs from the carrier's record.",
		"Enter the service address (not the billing address) as the carrier has it on file."},
	{ZipMismatch, "ZIP code mismatch", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"zip"}, nil,
		"The ZIP code of the service address differs from the carrier's record.",
		"Enter the ZIP code of the service address as the carrier has it on file."},
	{AddressInvalid, "Invalid address", ByCustomer, OfOrder, Supplement, []Repair{FromCSR}, []string{"street", "street2", "city", "state", "zip"}, nil,
		"The address is not a street address where service is received; a PO box is not one.",
		"Ask your carrier for the service address on the account and enter that."},
	{"PIN_MISSING", "PIN missing", ByCustomer, OfOrder, Supplement, nil, []string{"pin"}, nil,
		"The carrier needs the account's PIN or passcode.",
		"Ask your carrier for the port-out PIN and enter it."},
	{"PIN_INVALID", "PIN invalid", ByCustomer, OfOrder, Supplement, nil, []string{"pin"}, nil,
		"The PIN or passcode is wrong or has expired.",
		"Ask your carrier for a new port-out PIN, enter it and resubmit within its validity (often seven days)."},
	{"TAXID_MISMATCH", "Tax id mismatch", ByCustomer, OfOrder, Supplement, nil, []string{"last_4_ssn"}, nil,
		"The last four digits of the social security or tax number differ from the carrier's record.",
		"Enter the last four digits as the carrier has them on file."},
	{"ALL_DATA_MISMATCH", "Nothing matches", ByStaff, OfOrder, Supplement, []Repair{FromCSR}, []string{"billing_name", "street", "provider_account"}, nil,
		"Nothing on the order matches the carrier's record.",
		"Check that this is the right carrier and account; for a resold number, ask for the underlying carrier's record."},
	{"RESELLER_RECORD", "Reseller's record", ByStaff, OfOrder, Supplement, []Repair{FromCSR}, []string{"provider", "billing_name", "provider_account"}, nil,
		"The number is resold; the underlying carrier's record counts.",
		"Ask your provider for the information on file with the underlying network."},

	// Authorization
	{"LOA_REQUIRED", "LOA required", ByStaff, OfOrder, Supplement, []Repair{SendLOA}, nil, []string{SignedLOA},
		"The carrier wants to see the letter of agency.",
		"Sign the letter of agency again."},
	{LOAExpired, "LOA expired", ByCustomer, OfOrder, Supplement, nil, nil, []string{SignedLOA},
		"The letter of agency is undated or more than 30 days old.",
		"Sign the letter of agency again; that resubmits the order too."},
	{"LOA_SIGNATURE_INVALID", "LOA signature invalid", ByCustomer, OfOrder, Supplement, nil, nil, []string{SignedLOA},
		"The signature on the letter of agency is missing or not that of an authorized person.",
		"Have the authorized person sign the letter of agency."},
	{"LOA_ILLEGIBLE", "LOA illegible", ByStaff, OfOrder, Supplement, []Repair{SendLOA}, nil, []string{SignedLOA},
		"The letter of agency could not be read.",
		"Sign the electronic letter of agency again."},
	{"LOA_SUPERSEDED", "Newer LOA elsewhere", ByCustomer, OfOrder, Supplement, nil, nil, []string{SignedLOA},
		"A newer letter of agency to another provider exists.",
		"Decide which provider gets the numbers; if it is us, sign again."},
	{"LOA_TN_MISSING", "Number missing on LOA", ByStaff, OfNumbers, Supplement, []Repair{SendLOA}, nil, []string{SignedLOA},
		"A number is not listed on the letter of agency.",
		"Sign the letter of agency again; it lists all numbers."},
	{"BILL_REQUIRED", "Bill required", ByCustomer, OfOrder, Supplement, []Repair{SendPaper}, nil, []string{Bill},
		"The carrier wants to see a recent bill of the account.",
		"Upload a bill of the last 30 days that shows the account, the service address and the numbers."},
	{"BILL_STALE", "Bill too old", ByCustomer, OfOrder, Supplement, nil, nil, []string{Bill},
		"The bill is older than the carrier accepts.",
		"Upload a bill of the last 30 days that shows the account, the service address and the numbers."},
	{"DOC_TYPE_INVALID", "Document not accepted", ByCustomer, OfOrder, Supplement, []Repair{SendLOA}, nil, []string{SignedLOA, Bill},
		"A document has a type or size that the carrier does not take.",
		"Upload the document again as a PDF of at most 2 MB."},

	// Numbers and coverage
	{"TN_NOT_IN_SERVICE", "Number not in service", ByCarrier, OfNumbers, Supplement, []Repair{DropThem}, nil, nil,
		"A number is disconnected or was never active at the carrier.",
		"Have the carrier reactivate the number and resubmit, or tell us in a comment to leave it out."},
	{TNNotFound, "Number not on the account", ByCustomer, OfNumbers, Supplement, []Repair{DropThem}, nil, []string{Bill},
		"A number is not on this account at the carrier.",
		"Check the number for a typing error, and which account it is on."},
	{"TN_NOT_PORTABLE", "Number not portable", ByNobody, EndsNumber, Supplement, []Repair{DropThem}, nil, nil,
		"A number can't be ported.",
		"Leave the number out; the rest can go on."},
	{NoCoverage, "No coverage", ByNobody, EndsNumber, NewRequest, []Repair{OtherPeer, DropThem}, nil, nil,
		"Neither we nor a porting peer can serve the number's area or carrier.",
		"The number can't be ported to us."},
	{"TN_ALREADY_PORTING", "Number in another order", ByCustomer, OfNumbers, Supplement, []Repair{TryLater}, nil, nil,
		"The number is in another open order.",
		"Cancel the other order, or wait until it is over."},
	{"TN_ALREADY_OURS", "Number already ours", ByNobody, EndsNumber, Supplement, []Repair{DropThem}, nil, nil,
		"The number is already in our network.",
		"You need not do anything; the number does not need to be ported."},
	{"WRONG_LOSING_CARRIER", "Another carrier has the number", ByStaff, OfNumbers, NewRequest, []Repair{SplitThem}, []string{"provider"}, nil,
		"Another carrier holds the number.",
		"Check who the current carrier is, and enter that."},
	{"DIFFERENT_CARRIERS", "Several carriers", ByStaff, OfNumbers, NewRequest, []Repair{SplitThem}, nil, nil,
		"The numbers are with different carriers.",
		"Tell us in a comment which carrier has which numbers; each carrier needs an order of its own."},
	{"DIFFERENT_RATE_CENTERS", "Several rate centers", ByStaff, OfNumbers, NewRequest, []Repair{SplitThem}, nil, nil,
		"The carrier refuses numbers of several rate centers on one order.",
		"You need not do anything; we split the order by rate center."},
	{"PORT_TYPE_INCORRECT", "Wrong class of port", ByStaff, OfOrder, Supplement, []Repair{SplitThem}, []string{"usage_type"}, nil,
		"The class of the port (residential, business, wireless, partial) is stated wrongly.",
		"Check the usage type."},
	{"SPECIAL_FEATURE", "Special feature on the line", ByCarrier, OfNumbers, Supplement, nil, nil, nil,
		"A feature such as distinctive ring, ISDN, Centrex or a hunt group keeps the number.",
		"Have the carrier remove the feature, then resubmit."},
	{"BROADBAND_ON_LINE", "Broadband on the line", ByCarrier, OfNumbers, Supplement, nil, nil, nil,
		"DSL or another service rides on the line.",
		"Have the carrier move the service, then resubmit."},
	{"MULTI_LINE_RULE", "Numbers belong together", ByCarrier, OfNumbers, Supplement, nil, nil, nil,
		"The number is part of a group that must move together, or can't.",
		"Have the carrier take the number out of the group and resubmit, or order the whole group."},

	// The account's condition, and partial ports
	{"PENDING_ORDER", "Pending order at the carrier", ByCarrier, OfOrder, Supplement, []Repair{TryLater}, nil, nil,
		"Another order is open on the account at the carrier.",
		"Ask the carrier to finish or cancel it, then resubmit."},
	{"PORT_FREEZE", "Port freeze", ByCarrier, OfOrder, Supplement, nil, nil, nil,
		"The number or account is locked against porting.",
		"Have the carrier lift the lock, then resubmit."},
	{"ACCOUNT_UNPAID", "Open balance at the carrier", ByCarrier, OfOrder, Supplement, nil, nil, nil,
		"The carrier holds the numbers for an unpaid balance or a contract.",
		"Settle the balance with the carrier, then resubmit."},
	{"ACCOUNT_SUSPENDED", "Account not active", ByCarrier, OfOrder, Supplement, nil, nil, nil,
		"The account at the carrier is not active.",
		"Restore the service first, then resubmit."},
	{"BTN_REMAINING", "Main number leaves, others stay", ByCustomer, OfOrder, Supplement, []Repair{NewMain}, []string{"billing_number"}, nil,
		"The account's main number is to leave while other numbers stay.",
		"Have the carrier make another number the main number, or port all numbers."},
	{"REMAINING_SERVICE_UNSPECIFIED", "Remaining services", ByStaff, OfOrder, Supplement, []Repair{KeepRest}, nil, nil,
		"The carrier wants to know what happens to the services that stay.",
		"Say in a comment which services stay and which are to be disconnected."},
	{"FRAUD_HOLD", "Held for verification", ByCarrier, OfOrder, Supplement, nil, nil, nil,
		"The carrier holds the port until it has spoken with the account's owner.",
		"Call your carrier, confirm that you want to port the numbers, then resubmit."},

	// Dates
	{"DUE_DATE_TOO_SOON", "Date too soon", ByStaff, OfOrder, AnotherDate, []Repair{NextDate}, []string{"desired_completion_date"}, nil,
		"The date is sooner than the carrier allows.",
		"Choose a later date."},
	{"DUE_DATE_INVALID", "Date refused", ByStaff, OfOrder, AnotherDate, []Repair{NextDate}, []string{"desired_completion_date"}, nil,
		"The date is a weekend, a holiday, past, or too far ahead.",
		"Choose a business day within 30 days."},
	{"FOC_EXPIRED", "Date lapsed", ByStaff, OfOrder, AnotherDate, []Repair{NextDate}, []string{"desired_completion_date"}, nil,
		"The agreed date has lapsed.",
		"Choose a new date."},
	{"FOC_REJECTED", "Date refused", ByStaff, OfOrder, AnotherDate, []Repair{NextDate}, []string{"desired_completion_date"}, nil,
		"The carrier refuses the date.",
		"Choose another date."},
	{"JEOPARDY_CARRIER", "Date at risk at the carrier", ByStaff, OfOrder, AnotherDate, []Repair{NextDate}, nil, nil,
		"The carrier can't keep the date.",
		"You need not do anything; a new date will follow."},
	{"JEOPARDY_CUSTOMER", "Customer not ready", ByCustomer, OfOrder, AnotherDate, []Repair{NextDate}, []string{"desired_completion_date"}, nil,
		"The carrier says that the premises or the end user are not ready.",
		"Make sure that you are ready, and choose a new date."},
	{"LATE_CHANGE_REFUSED", "Too late to change", ByStaff, OfOrder, AnotherDate, []Repair{Replace}, nil, nil,
		"The carrier takes no change this close to the date.",
		"Wait for the date, or ask our porting desk to cancel; a fee may apply."},
	{"SNAPBACK_EXPIRED", "Too late to undo the port", ByStaff, EndsNumber, NewRequest, nil, nil, nil,
		"The numbers moved more than a day ago, so the port can't be undone.",
		"Ask the carrier to which the numbers are to go to port them from us."},

	// The carrier, the peer and the registry of local numbers
	{"CARRIER_NO_RESPONSE", "Carrier does not answer", ByStaff, OfOrder, NothingSent, []Repair{Escalate}, nil, nil,
		"The carrier has not answered within its time.",
		"You need not do anything; we chase the carrier."},
	{"CARRIER_WORKING", "Carrier works by hand", ByStaff, OfOrder, NothingSent, []Repair{TryLater}, nil, nil,
		"The carrier works on the order by hand.",
		"You need not do anything; we wait for the carrier."},
	{"CARRIER_BUSY", "Carrier's systems busy", ByStaff, OfOrder, Supplement, []Repair{TryLater}, nil, nil,
		"The carrier's systems could not take the request.",
		"You need not do anything; we try again."},
	{"LSR_FIELD_MISSING", "Field missing in the request", ByStaff, OfOrder, Supplement, []Repair{SendWhole}, nil, nil,
		"The carrier misses a field in the request.",
		"You need not do anything; we complete the request."},
	{"LSR_NOT_RECEIVED", "Request not received", ByStaff, OfOrder, Supplement, []Repair{TryLater}, nil, nil,
		"The carrier says that it has not received our request.",
		"You need not do anything; we send the request again."},
	{"SV_CONFLICT", "Conflict at the number registry", ByStaff, OfNumbers, NothingSent, nil, nil, nil,
		"The carrier has objected to the move of a number at the number registry.",
		"You need not do anything; we settle it with the carrier."},
	{"SV_FAILURE", "Failure at the number registry", ByStaff, OfNumbers, NothingSent, []Repair{TryLater}, nil, nil,
		"The number registry could not carry out the move.",
		"You need not do anything; we try again."},
	{"IMPROPER_REJECT", "Rejection without ground", ByStaff, OfOrder, Supplement, nil, nil, nil,
		"The carrier refuses for a reason that it may not refuse this kind of port for.",
		"You need not do anything; we object to the rejection."},
	{"PEER_DENIED", "Peer can't take the order", ByStaff, OfOrder, NewRequest, []Repair{OtherPeer}, nil, nil,
		"The porting peer can't take the order.",
		"You need not do anything; we look for another way."},
	{"PEER_CANCELLED", "Request ended at the peer", ByStaff, OfOrder, NewRequest, []Repair{StartOver}, nil, nil,
		"The request was cancelled or expired at the peer.",
		"You need not do anything; we send a new one."},
	{"HIGH_VOLUME_MANUAL", "Too many numbers at once", ByStaff, OfOrder, NewRequest, []Repair{SplitThem}, nil, nil,
		"The order holds more numbers than the carrier takes at once.",
		"You need not do anything; our staff agrees on a project with the carrier."},

	// Toll-free numbers
	{"RESPORG_MISMATCH", "Another RespOrg controls the number", ByStaff, OfNumbers, NewRequest, []Repair{StartOver}, nil, nil,
		"The request went to a RespOrg that does not control the number.",
		"You need not do anything; we send it to the right one."},
	{"RESPORG_PROTECTED", "Protected RespOrg", ByCarrier, OfNumbers, NewRequest, nil, nil, nil,
		"The controlling RespOrg protects the number against a change.",
		"Have the RespOrg lift the protection, then resubmit."},
	{"TF_SPARE", "Toll-free number is spare", ByNobody, EndsNumber, NothingSent, []Repair{DropThem}, nil, nil,
		"Nobody has the toll-free number; it can't be ported.",
		"Leave the number out."},
	{"TF_UNAVAILABLE", "Toll-free number unavailable", ByNobody, EndsNumber, NothingSent, []Repair{DropThem}, nil, nil,
		"The toll-free number is unavailable.",
		"Leave the number out."},
	{"TF_DISCONNECTED", "Toll-free number disconnected", ByStaff, OfNumbers, NewRequest, nil, nil, []string{Bill},
		"The toll-free number is disconnected and has to be recovered by hand.",
		"Send a bill of the last 90 days."},
	{"TF_TRANSITIONAL", "Toll-free number in transition", ByStaff, OfNumbers, NewRequest, nil, nil, []string{Bill, SignedLOA},
		"The toll-free number was given up lately and has to be recovered by hand.",
		"Send a bill of the last 90 days, and sign the letter of agency again."},
	{"TF_SHARED", "Shared toll-free number", ByCustomer, OfNumbers, NewRequest, nil, nil, []string{SoleUse},
		"The toll-free number is shared or bundled.",
		"Prove that you alone use the number."},
	{"ROC_OVERDUE", "RespOrg does not answer", ByStaff, OfOrder, NothingSent, []Repair{Escalate}, nil, nil,
		"The RespOrg has not answered within two business days.",
		"You need not do anything; we bring it to the registry's help desk."},
	{"ROC_EXPIRED", "Toll-free request expired", ByStaff, OfOrder, NewRequest, []Repair{StartOver}, nil, []string{SignedLOA},
		"The request was not answered within its ten business days.",
		"You need not do anything; we send a new one."},

	// Ours, before anything is sent
	{InsufficientFunds, "Insufficient funds", ByCustomer, OfOrder, NothingSent, nil, nil, nil,
		"Your balance does not cover the port fee of this order.",
		"Deposit enough to cover the order, then resubmit it."},
	{OrderIncomplete, "Order incomplete", ByCustomer, OfOrder, NothingSent, nil, []string{"company", "provider_account"}, nil,
		"Something that the carrier needs is missing on the order.",
		"Complete the order as described, then resubmit it."},
	{DateOutOfRange, "Invalid desired completion date", ByCustomer, OfOrder, AnotherDate, nil, []string{"desired_completion_date"}, nil,
		"The desired completion date is more than 30 calendar days after submission.",
		"Choose an earlier date, or resubmit when the date you want is within 30 days."},
	{"DUPLICATE_TN", "Number ordered twice", ByCustomer, OfNumbers, NothingSent, nil, nil, nil,
		"The number is on another open order with us.",
		"Cancel the other order, or wait until it is over."},
	{"UNMAPPED", "Reason not classified", ByStaff, OfOrder, NothingSent, nil, nil, nil,
		"The carrier gave a reason that nobody has classified yet.",
		"Read the carrier's own words; our staff looks at it."},
	{OtherReason, "Other reason", ByStaff, OfOrder, NothingSent, nil, nil, nil,
		"The carrier gave a reason that our table does not know.",
		"Read the carrier's own words; our staff looks at it."},
}
