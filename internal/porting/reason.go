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

// Repair is a way to cure a reason without the customer.
type Repair string

// The repairs.
const (
	FromCSR   Repair = "take the carrier's value"
	NextDate  Repair = "next legal date"
	TryLater  Repair = "try again later"
	SendLOA   Repair = "send the LOA again"
	DropThem  Repair = "leave the numbers out"
	StartOver Repair = "new request"
)

// ReasonInfo is one row of the table of rejection reasons: mail texts, instructions, repairs and desk labels are read off it.
type ReasonInfo struct {
	Code    ReasonCode
	Title   string
	Fix     Fixer
	Fields  []string // wire names of the details that cure it
	Repairs []Repair // in the order in which they are tried
	Date    bool     // it is about the date alone
	Meaning string   // what is wrong, in plain words
	Do      string   // what the customer does about it
}

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
	AccountMismatch    ReasonCode = "ACCOUNT_NUMBER_MISMATCH"
	BTNMismatch        ReasonCode = "BTN_MISMATCH"
	TNNotFound         ReasonCode = "TN_NOT_FOUND"
	OtherReason        ReasonCode = "OTHER"
)

// Reasons is the table of rejection reasons (the taxonomy's codes; the first five are Flowroute's pre-submission rejections
// with their own names, S-PRE2). OTHER is the last row and stands for every code that is not here.
var Reasons = []ReasonInfo{
	{AuthPersonInvalid, "Invalid authorized name", ByCustomer, []string{"billing_name"}, nil, false,
		"The authorized name is not exactly one person's first and last name.",
		"Enter one individual's first and last name, spelled as on the account at your carrier."},
	{InsufficientFunds, "Insufficient funds", ByCustomer, nil, nil, false,
		"Your balance does not cover the port fee of this order.",
		"Deposit enough to cover the order, then resubmit it."},
	{AddressInvalid, "Invalid address", ByCustomer, []string{"street", "street2", "city", "state", "zip"}, nil, false,
		"The address is not a street address where service is received; a PO box is not one.",
		"Ask your carrier for the service address on the account and enter that."},
	{DateOutOfRange, "Invalid desired completion date", ByCustomer, []string{"desired_completion_date"}, nil, true,
		"The desired completion date is more than 30 calendar days after submission.",
		"Choose an earlier date, or resubmit when the date you want is within 30 days."},
	{OrderIncomplete, "Order incomplete", ByCustomer, nil, nil, false,
		"Something that the carrier needs is missing on the order.",
		"Complete the order as described, then resubmit it."},

	{"ACCOUNT_NUMBER_MISSING", "Account number missing", ByCustomer, []string{"provider_account"}, []Repair{FromCSR}, false,
		"The carrier needs the account number.",
		"Copy the account number from a bill; for a mobile number, from the carrier's app."},
	{AccountMismatch, "Account number mismatch", ByCustomer, []string{"provider_account"}, []Repair{FromCSR}, false,
		"The account number differs from the carrier's record.",
		"Copy the account number from a recent bill, with all leading zeros; it is not the telephone number."},
	{BTNMismatch, "Billing number mismatch", ByCustomer, []string{"billing_number"}, []Repair{FromCSR}, false,
		"The billing telephone number is not the main number of this account.",
		"Enter the billing telephone number that stands on the bill."},
	{"MULTIPLE_ACCOUNTS", "Several accounts on one order", ByStaff, nil, nil, false,
		"The numbers are on different accounts at the carrier.",
		"Split the order so that each holds the numbers of one account."},
	{NameMismatch, "Name mismatch", ByCustomer, []string{"billing_name", "company"}, []Repair{FromCSR}, false,
		"The name differs from the carrier's record.",
		"Enter the name letter for letter as the carrier has it. If the number is resold, ask for the name on the underlying carrier's record."},
	{AuthPersonMismatch, "Authorized person mismatch", ByCustomer, []string{"billing_name"}, nil, false,
		"The person who authorized the port is not an authorized contact of the account.",
		"Enter a person who is an authorized contact at the carrier, and have that person sign."},
	{AddressMismatch, "Address mismatch", ByCustomer, []string{"street", "street2", "city", "state", "zip"}, []Repair{FromCSR}, false,
		"The service address differs from the carrier's record.",
		"Enter the service address (not the billing address) as the carrier has it on file."},
	{ZipMismatch, "ZIP code mismatch", ByCustomer, []string{"zip"}, []Repair{FromCSR}, false,
		"The ZIP code of the service address differs from the carrier's record.",
		"Enter the ZIP code of the service address as the carrier has it on file."},
	{"PIN_MISSING", "PIN missing", ByCustomer, []string{"pin"}, nil, false,
		"The carrier needs the account's PIN or passcode.",
		"Ask your carrier for the port-out PIN and enter it."},
	{"PIN_INVALID", "PIN invalid", ByCustomer, []string{"pin"}, nil, false,
		"The PIN or passcode is wrong or has expired.",
		"Ask your carrier for a new port-out PIN, enter it and resubmit within its validity (often seven days)."},
	{"TAXID_MISMATCH", "Tax id mismatch", ByCustomer, []string{"last_4_ssn"}, nil, false,
		"The last four digits of the social security or tax number differ from the carrier's record.",
		"Enter the last four digits as the carrier has them on file."},
	{"ALL_DATA_MISMATCH", "Nothing matches", ByStaff, []string{"billing_name", "street", "provider_account"}, nil, false,
		"Nothing on the order matches the carrier's record.",
		"Check that this is the right carrier and account; for a resold number, ask for the underlying carrier's record."},
	{"RESELLER_RECORD", "Reseller's record", ByStaff, nil, nil, false,
		"The number is resold; the underlying carrier's record counts.",
		"Ask your provider for the information on file with the underlying network."},

	{"LOA_REQUIRED", "LOA required", ByStaff, nil, []Repair{SendLOA}, false,
		"The carrier wants to see the letter of agency.", "Sign the letter of agency again."},
	{"LOA_EXPIRED", "LOA expired", ByCustomer, nil, nil, false,
		"The letter of agency is undated or more than 30 days old.", "Sign the letter of agency again."},
	{"LOA_SIGNATURE_INVALID", "LOA signature invalid", ByCustomer, nil, nil, false,
		"The signature on the letter of agency is missing or not that of an authorized person.",
		"Have the authorized person sign the letter of agency."},
	{"LOA_ILLEGIBLE", "LOA illegible", ByStaff, nil, []Repair{SendLOA}, false,
		"The letter of agency could not be read.", "Sign the electronic letter of agency again."},
	{"LOA_SUPERSEDED", "Newer LOA elsewhere", ByCustomer, nil, nil, false,
		"A newer letter of agency to another provider exists.",
		"Decide which provider gets the numbers; if it is us, sign again."},
	{"LOA_TN_MISSING", "Number missing on LOA", ByStaff, nil, []Repair{SendLOA}, false,
		"A number is not listed on the letter of agency.", "Sign the letter of agency again; it lists all numbers."},

	{"TN_NOT_IN_SERVICE", "Number not in service", ByCustomer, nil, nil, false,
		"A number is disconnected or was never active at the carrier.",
		"Have the carrier reactivate the number, or leave it out."},
	{TNNotFound, "Number not on the account", ByCustomer, nil, []Repair{DropThem}, false,
		"A number is not on this account at the carrier.",
		"Check the number for a typing error, and which account it is on."},
	{"TN_NOT_PORTABLE", "Number not portable", ByNobody, nil, []Repair{DropThem}, false,
		"A number can't be ported.", "Leave the number out; the rest can go on."},
	{NoCoverage, "No coverage", ByNobody, nil, []Repair{DropThem}, false,
		"Neither we nor a porting peer can serve the number's area or carrier.", "The number can't be ported to us."},
	{"TN_ALREADY_PORTING", "Number in another order", ByCustomer, nil, nil, false,
		"The number is in another open order.", "Cancel the other order, or wait until it is over."},
	{"TN_ALREADY_OURS", "Number already ours", ByNobody, nil, []Repair{DropThem}, false,
		"The number is already in our network.", "Nothing needs to be ported."},
	{"WRONG_LOSING_CARRIER", "Another carrier has the number", ByStaff, nil, nil, false,
		"Another carrier holds the number.", "Check who the current carrier is."},
	{"DIFFERENT_CARRIERS", "Several carriers", ByStaff, nil, nil, false,
		"The numbers are with different carriers.", "Split the order so that each holds the numbers of one carrier."},
	{"DIFFERENT_RATE_CENTERS", "Several rate centers", ByStaff, nil, nil, false,
		"The carrier refuses numbers of several rate centers on one order.", "Split the order by rate center."},
	{"PORT_TYPE_INCORRECT", "Wrong class of port", ByStaff, []string{"usage_type"}, nil, false,
		"The class of the port (residential, business, wireless, partial) is stated wrongly.", "Check the usage type."},
	{"SPECIAL_FEATURE", "Special feature on the line", ByCarrier, nil, nil, false,
		"A feature such as distinctive ring, ISDN, Centrex or a hunt group keeps the number.",
		"Have the carrier remove the feature, then resubmit."},
	{"BROADBAND_ON_LINE", "Broadband on the line", ByCarrier, nil, nil, false,
		"DSL or another service rides on the line.", "Have the carrier move the service, then resubmit."},
	{"MULTI_LINE_RULE", "Numbers belong together", ByCustomer, nil, nil, false,
		"The number is part of a group that must move together, or can't.", "Order the whole group, or say which numbers stay."},

	{"PENDING_ORDER", "Pending order at the carrier", ByCarrier, nil, []Repair{TryLater}, false,
		"Another order is open on the account at the carrier.", "Ask the carrier to finish or cancel it, then resubmit."},
	{"PORT_FREEZE", "Port freeze", ByCarrier, nil, nil, false,
		"The number or account is locked against porting.", "Have the carrier lift the lock, then resubmit."},
	{"ACCOUNT_SUSPENDED", "Account not active", ByCarrier, nil, nil, false,
		"The account at the carrier is not active.", "Restore the service first, then resubmit."},
	{"BTN_REMAINING", "Main number leaves, others stay", ByCustomer, []string{"billing_number"}, nil, false,
		"The account's main number is to leave while other numbers stay.",
		"Have the carrier make another number the main number, or port all numbers."},
	{"REMAINING_SERVICE_UNSPECIFIED", "Remaining services", ByStaff, nil, nil, false,
		"The carrier wants to know what happens to the services that stay.",
		"Say in a comment which services stay and which are to be disconnected."},

	{"DUE_DATE_TOO_SOON", "Date too soon", ByStaff, []string{"desired_completion_date"}, []Repair{NextDate}, true,
		"The date is sooner than the carrier allows.", "Choose a later date."},
	{"DUE_DATE_INVALID", "Date refused", ByStaff, []string{"desired_completion_date"}, []Repair{NextDate}, true,
		"The date is a weekend, a holiday, past, or too far ahead.", "Choose a business day within 30 days."},
	{"FOC_EXPIRED", "Date lapsed", ByStaff, []string{"desired_completion_date"}, []Repair{NextDate}, true,
		"The agreed date has lapsed.", "Choose a new date."},
	{"FOC_REJECTED", "Date refused", ByStaff, []string{"desired_completion_date"}, []Repair{NextDate}, true,
		"The carrier refuses the date.", "Choose another date."},
	{"JEOPARDY_CARRIER", "Date at risk at the carrier", ByStaff, nil, []Repair{NextDate}, true,
		"The carrier can't keep the date.", "Nothing; a new date will follow."},
	{"JEOPARDY_CUSTOMER", "Customer not ready", ByCustomer, []string{"desired_completion_date"}, []Repair{NextDate}, true,
		"The carrier says that the premises or the end user are not ready.", "Make sure that you are ready, and choose a new date."},
	{"LATE_CHANGE_REFUSED", "Too late to change", ByStaff, nil, nil, true,
		"The carrier takes no change this close to the date.", "Wait for the date, or cancel with a fee."},

	{"CARRIER_NO_RESPONSE", "Carrier does not answer", ByStaff, nil, nil, false,
		"The carrier has not answered within its time.", "Nothing; we chase the carrier."},
	{"CARRIER_WORKING", "Carrier works by hand", ByStaff, nil, nil, false,
		"The carrier works on the order by hand.", "Nothing; we wait for the carrier."},
	{"CARRIER_BUSY", "Carrier's systems busy", ByStaff, nil, []Repair{TryLater}, false,
		"The carrier's systems could not take the request.", "Nothing; we try again."},
	{"LSR_FIELD_MISSING", "Field missing in the request", ByStaff, nil, nil, false,
		"The carrier misses a field in the request.", "Nothing; we complete the request."},
	{"PEER_DENIED", "Peer can't take the order", ByStaff, nil, nil, false,
		"The porting peer can't take the order.", "Nothing; we look for another way."},
	{"PEER_CANCELLED", "Request ended at the peer", ByStaff, nil, []Repair{StartOver}, false,
		"The request was cancelled or expired at the peer.", "Nothing; we send a new one."},

	{"RESPORG_MISMATCH", "Another RespOrg controls the number", ByStaff, nil, []Repair{StartOver}, false,
		"The request went to a RespOrg that does not control the number.", "Nothing; we send it to the right one."},
	{"RESPORG_PROTECTED", "Protected RespOrg", ByCarrier, nil, nil, false,
		"The controlling RespOrg protects the number against a change.", "Have the RespOrg lift the protection, then resubmit."},
	{"TF_SPARE", "Toll-free number is spare", ByNobody, nil, []Repair{DropThem}, false,
		"Nobody has the toll-free number; it can't be ported.", "Leave the number out."},
	{"TF_UNAVAILABLE", "Toll-free number unavailable", ByNobody, nil, []Repair{DropThem}, false,
		"The toll-free number is unavailable.", "Leave the number out."},
	{"TF_DISCONNECTED", "Toll-free number disconnected", ByStaff, nil, nil, false,
		"The toll-free number is disconnected and has to be recovered by hand.", "Send a bill of the last 90 days."},
	{"TF_SHARED", "Shared toll-free number", ByCustomer, nil, nil, false,
		"The toll-free number is shared or bundled.", "Prove that you alone use the number."},
	{"ROC_EXPIRED", "Toll-free request expired", ByStaff, nil, []Repair{StartOver}, false,
		"The request was not answered within its ten business days.", "Nothing; we send a new one."},

	{OtherReason, "Other reason", ByStaff, nil, nil, false,
		"The carrier gave a reason that our table does not know.", "Read the carrier's own words; our staff looks at it."},
}
