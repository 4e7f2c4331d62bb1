package porting

// Reasons is the table of rejection reasons. It has the codes of the taxonomy in its order, and our own, which the
// taxonomy lacks: CARRIER_BUSY, PEER_CANCELLED, and those that only a peer's published codes tell apart (PREPAID,
// HOUR_WANTED, CARRIER_CLOSED, CSR_NEEDS_MORE, ACTIVATION_REFUSED, OUR_REQUEST, INTERNAL_PORT, ORDER_DONE and
// PORT_UNDONE). The five pre-submission rejections bear Flowroute's names (S-PRE2). OTHER is the last row
// and stands for every code that is not here.
var Reasons = []ReasonInfo{
	// Account identity
	{
		Code: AccountMissing, Title: "Account number missing",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"provider_account"},
		Meaning: "The carrier needs the account number.",
		Do:      "Copy the account number from a bill; for a mobile number, from the carrier's app.",
	},
	{
		Code: AccountMismatch, Title: "Account number mismatch",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"provider_account"},
		Meaning: "The carrier does not find this account number on its record.",
		Do:      "Copy the account number from a recent bill, with all leading zeros; it is not the telephone number.",
	},
	{
		Code: BTNMismatch, Title: "Billing number mismatch",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"billing_number"},
		Meaning: "The billing telephone number is not the main number of this account.",
		Do:      "Enter the billing telephone number that stands on the bill.",
	},
	{
		Code: MultipleAccounts, Title: "Several accounts on one order",
		Fix: ByStaff, Scope: OfNumbers, Sup: NewRequest, Repairs: []RepairKind{SplitThemOff},
		Meaning: "The numbers are on different accounts at the carrier.",
		Do:      "Tell us in a comment which numbers are on which account; each account needs an order of its own.",
	},
	{
		Code: NameMismatch, Title: "Name mismatch",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"billing_name", "company"},
		Meaning: "The name differs from the carrier's record.",
		Do: "Enter the name exactly as the carrier has it. If the number is resold, ask for the name " +
			"on the underlying carrier's record.",
	},
	{
		Code: AuthPersonMismatch, Title: "Authorized person mismatch",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement,
		Fields: []string{"billing_name"}, Papers: []string{SignedLOA},
		Meaning: "The person who authorized the port is not an authorized contact of the account.",
		Do:      "Enter a person who is an authorized contact at the carrier, and have that person sign.",
	},
	{
		Code: AuthPersonInvalid, Title: "Invalid authorized name",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Fields: []string{"billing_name"},
		Meaning: "The authorized name is not exactly one person's first and last name.",
		Do:      "Enter one individual's first and last name, spelled as on the account at your carrier.",
	},
	{
		Code: AddressMismatch, Title: "Address mismatch",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"street", "street2", "city", "state", "zip"},
		Meaning: "The service address differs from the carrier's record.",
		Do:      "Enter the service address (not the billing address) as the carrier has it on file.",
	},
	{
		Code: ZipMismatch, Title: "ZIP code mismatch",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR}, Fields: []string{"zip"},
		Meaning: "The ZIP code of the service address differs from the carrier's record.",
		Do:      "Enter the ZIP code of the service address as the carrier has it on file.",
	},
	{
		Code: AddressInvalid, Title: "Invalid address",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"street", "street2", "city", "state", "zip"},
		Meaning: "The address is not a street address where service is received; a PO box is not one.",
		Do:      "Ask your carrier for the service address on the account and enter that.",
	},
	{
		Code: PINMissing, Title: "PIN missing",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Fields: []string{"pin"},
		Meaning: "The carrier needs the account's PIN or passcode.",
		Do:      "Ask your carrier for the port-out PIN and enter it.",
	},
	{
		Code: PINInvalid, Title: "PIN invalid",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Fields: []string{"pin"},
		Meaning: "The PIN or passcode is wrong or has expired.",
		Do:      "Ask your carrier for a new port-out PIN, enter it and resubmit within its validity (often seven days).",
	},
	{
		// No peer's request has a place for the digits: with other digits the request would be the same.
		Code: TaxIDMismatch, Title: "Tax id mismatch",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Ask: MsgAskTaxID,
		Meaning: "The carrier wants the last four digits of the social security or tax number, for which a port " +
			"request has no place.",
		Do: "Call your current carrier, give it the digits and ask it to let the numbers go, then resubmit. " +
			"Changing last_4_ssn on the order does not help.",
	},
	{
		Code: AllDataMismatch, Title: "Nothing matches",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"billing_name", "street", "provider_account"},
		Meaning: "Nothing on the order matches the carrier's record.",
		Do: "Check that this is the right carrier and account; for a resold number, ask for the " +
			"underlying carrier's record.",
	},
	{
		Code: ResellerRecord, Title: "Reseller's record",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{FromCSR},
		Fields:  []string{"provider", "billing_name", "provider_account"},
		Meaning: "The number is resold; the underlying carrier's record counts.",
		Do:      "Ask your provider for the information on file with the underlying network.",
	},

	// Authorization
	{
		Code: LOARequired, Title: "LOA required",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SendLOA}, Papers: []string{SignedLOA},
		Meaning: "The carrier wants to see the LOA.",
		Do:      "Sign the LOA again.",
	},
	{
		Code: LOAExpired, Title: "LOA expired",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Papers: []string{SignedLOA},
		Meaning: "The LOA is undated or more than 30 days old.",
		Do:      "Sign the LOA again; that resubmits the order too.",
	},
	{
		Code: LOASignatureInvalid, Title: "LOA signature invalid",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Papers: []string{SignedLOA},
		Meaning: "The signature on the LOA is missing, or it is not an authorized person's.",
		Do:      "Have the authorized person sign the LOA.",
	},
	{
		Code: LOAIllegible, Title: "LOA illegible",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SendLOA}, Papers: []string{SignedLOA},
		Meaning: "The LOA could not be read.",
		Do:      "Sign the electronic LOA again.",
	},
	{
		Code: LOASuperseded, Title: "Newer LOA elsewhere",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Papers: []string{SignedLOA},
		Meaning: "A newer LOA to another provider exists.",
		Do:      "Decide which provider gets the numbers; if it is us, sign again.",
	},
	{
		Code: LOATNMissing, Title: "Number missing on LOA",
		Fix: ByStaff, Scope: OfNumbers, Sup: Supplement, Repairs: []RepairKind{SendLOA}, Papers: []string{SignedLOA},
		Meaning: "A number is not listed on the LOA.",
		Do:      "Sign the LOA again; it lists all numbers.",
	},
	{
		Code: BillRequired, Title: "Bill required",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SendPaper}, Papers: []string{Bill},
		Meaning: "The carrier wants to see a recent bill of the account.",
		Do:      "Upload a bill of the last 30 days that shows the account, the service address and the numbers.",
	},
	{
		Code: BillStale, Title: "Bill too old",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Papers: []string{Bill},
		Meaning: "The bill is older than the carrier accepts.",
		Do:      "Upload a bill of the last 30 days that shows the account, the service address and the numbers.",
	},
	{
		Code: DocTypeInvalid, Title: "Document not accepted",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SendLOA},
		Papers:  []string{SignedLOA, Bill},
		Meaning: "A document has a type or size that the carrier does not take.",
		Do:      "Upload the document again as a PDF of at most 2 MB.",
	},

	// Numbers and coverage
	{
		Code: TNNotInService, Title: "Number not in service",
		Fix: ByCarrier, Scope: OfNumbers, Sup: Supplement, Repairs: []RepairKind{DropThem},
		Meaning: "A number is disconnected or was never active at the carrier.",
		Do:      "Have the carrier reactivate the number and resubmit, or tell us in a comment to leave it out.",
	},
	{
		Code: TNNotFound, Title: "Number not on the account",
		Fix: ByCustomer, Scope: OfNumbers, Sup: Supplement, Repairs: []RepairKind{DropThem}, Papers: []string{Bill},
		Meaning: "A number is not on this account at the carrier.",
		Do:      "Check the number for a typing error, and which account it is on.",
	},
	{
		Code: TNNotPortable, Title: "Number not portable",
		Fix: ByNobody, Scope: EndsNumber, Sup: Supplement, Repairs: []RepairKind{DropThem},
		Meaning: "A number can't be ported.",
		Do:      "Leave the number out; the rest can go on.",
	},
	{
		Code: NoCoverage, Title: "No coverage",
		Fix: ByNobody, Scope: EndsNumber, Sup: NewRequest, Repairs: []RepairKind{OtherPeer, DropThem},
		Meaning: "Neither we nor a porting peer can serve the number's area or carrier.",
		Do:      "The number can't be ported to us.",
	},
	{
		Code: TNAlreadyPorting, Title: "Number in another order",
		Fix: ByCustomer, Scope: OfNumbers, Sup: Supplement, Repairs: []RepairKind{TryLater},
		Meaning: "The number is in another open order.",
		Do:      "Cancel the other order, or wait until it is over.",
	},
	{
		Code: TNAlreadyOurs, Title: "Number already ours",
		Fix: ByNobody, Scope: EndsNumber, Sup: Supplement, Repairs: []RepairKind{DropThem},
		Meaning: "The number is already in our network.",
		Do:      "You need not do anything; the number does not need to be ported.",
	},
	{
		Code: WrongLosingCarrier, Title: "Another carrier has the number",
		Fix: ByStaff, Scope: OfNumbers, Sup: NewRequest, Repairs: []RepairKind{SplitThemOff},
		Fields:  []string{"provider"},
		Meaning: "Another carrier holds the number.",
		Do:      "Check who the current carrier is, and enter that.",
	},
	{
		Code: DifferentCarriers, Title: "Several carriers",
		Fix: ByStaff, Scope: OfNumbers, Sup: NewRequest, Repairs: []RepairKind{SplitThemOff},
		Meaning: "The numbers are with different carriers.",
		Do:      "Tell us in a comment which carrier has which numbers; each carrier needs an order of its own.",
	},
	{
		Code: DifferentRateCenters, Title: "Several rate centers",
		Fix: ByStaff, Scope: OfNumbers, Sup: NewRequest, Repairs: []RepairKind{SplitThemOff},
		Meaning: "The carrier refuses numbers of several rate centers on one order.",
		Do:      "You need not do anything; we split the order by rate center.",
	},
	{
		Code: PortTypeIncorrect, Title: "Wrong class of port",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SplitThemOff},
		Fields:  []string{"usage_type", "partial_port/scope"},
		Meaning: "The class of the port (residential, business, wireless, partial) is stated wrongly.",
		Do:      "Check the usage type, and whether all numbers of the account move.",
	},
	{
		Code: SpecialFeature, Title: "Special feature on the line",
		Fix: ByCarrier, Scope: OfNumbers, Sup: Supplement,
		Meaning: "A feature such as distinctive ring, ISDN, Centrex or a hunt group keeps the number.",
		Do:      "Have the carrier remove the feature, then resubmit.",
	},
	{
		Code: BroadbandOnLine, Title: "Broadband on the line",
		Fix: ByCarrier, Scope: OfNumbers, Sup: Supplement,
		Meaning: "DSL or another service rides on the line.",
		Do:      "Have the carrier move the service, then resubmit.",
	},
	{
		Code: MultiLineRule, Title: "Numbers belong together",
		Fix: ByCarrier, Scope: OfNumbers, Sup: Supplement,
		Meaning: "The number is part of a group whose numbers must move together, or can't move.",
		Do:      "Have the carrier take the number out of the group and resubmit, or order the whole group.",
	},

	// The account's condition, and partial ports
	{
		Code: PendingOrder, Title: "Pending order at the carrier",
		Fix: ByCarrier, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{TryLater},
		Meaning: "Another order is open on the account at the carrier.",
		Do:      "Ask the carrier to finish or cancel it, then resubmit.",
	},
	{
		Code: PortFreeze, Title: "Port freeze",
		Fix: ByCarrier, Scope: OfOrder, Sup: Supplement,
		Meaning: "The number or account is locked against porting.",
		Do:      "Have the carrier lift the lock, then resubmit.",
	},
	{
		Code: AccountUnpaid, Title: "Open balance at the carrier",
		Fix: ByCarrier, Scope: OfOrder, Sup: Supplement,
		Meaning: "The carrier holds the numbers for an unpaid balance or a contract.",
		Do:      "Settle the balance with the carrier, then resubmit.",
	},
	{
		Code: AccountSuspended, Title: "Account not active",
		Fix: ByCarrier, Scope: OfOrder, Sup: Supplement,
		Meaning: "The account at the carrier is not active.",
		Do:      "Restore the service first, then resubmit.",
	},
	{
		Code: Prepaid, Title: "Prepaid number",
		Fix: ByCarrier, Scope: OfNumbers, Sup: Supplement,
		Meaning: "A number is on a prepaid account, and the carrier does not let it go as it is.",
		Do:      "Ask the carrier what it needs to release a prepaid number, do that, then resubmit.",
	},
	{
		Code: BTNRemaining, Title: "Main number leaves, others stay",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{NewMain},
		Fields:  []string{"partial_port/new_billing_number"},
		Meaning: "The account's main number is to leave while other numbers stay.",
		Do:      "Name the number that becomes the account's main number, or port all numbers.",
	},
	{
		Code: RemainingServiceUnspecified, Title: "Remaining services",
		Fix: ByCustomer, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{KeepRest},
		Fields:  []string{"partial_port/scope", "partial_port/keep", "partial_port/disconnect", "partial_port/others"},
		Meaning: "It is not clear what happens to the numbers and services of the account that are not ported.",
		Do:      "Say which numbers stay and which are to be disconnected, then resubmit.",
	},
	{
		Code: FraudHold, Title: "Held for verification",
		Fix: ByCarrier, Scope: OfOrder, Sup: Supplement,
		Meaning: "The carrier holds the port until it has spoken with the account's owner.",
		Do:      "Call your carrier, confirm that you want to port the numbers, then resubmit.",
	},

	// Dates
	{
		Code: DueDateTooSoon, Title: "Date too soon",
		Fix: ByStaff, Scope: OfOrder, Sup: AnotherDate, Repairs: []RepairKind{NextDate},
		Fields:  []string{"desired_completion_date"},
		Meaning: "The date is sooner than the carrier allows.",
		Do:      "Choose a later date.",
	},
	{
		Code: DueDateInvalid, Title: "Date refused",
		Fix: ByStaff, Scope: OfOrder, Sup: AnotherDate, Repairs: []RepairKind{NextDate},
		Fields: []string{"desired_completion_date"},
		Meaning: "The date is a weekend, a holiday or past, it is too far ahead, or its hour lies outside " +
			"the carrier's hours.",
		Do: "Choose a business day within 30 days.",
	},
	{
		Code: FOCExpired, Title: "Date lapsed",
		Fix: ByStaff, Scope: OfOrder, Sup: AnotherDate, Repairs: []RepairKind{NextDate},
		Fields:  []string{"desired_completion_date"},
		Meaning: "The agreed date has lapsed.",
		Do:      "Choose a new date.",
	},
	{
		Code: FOCRejected, Title: "Date refused",
		Fix: ByStaff, Scope: OfOrder, Sup: AnotherDate, Repairs: []RepairKind{NextDate},
		Fields:  []string{"desired_completion_date"},
		Meaning: "The carrier refuses the date.",
		Do:      "Choose another date.",
	},
	{
		Code: JeopardyCarrier, Title: "Date at risk at the carrier",
		Fix: ByStaff, Scope: OfOrder, Sup: AnotherDate, Repairs: []RepairKind{NextDate},
		Meaning: "The carrier can't keep the date.",
		Do:      "You need not do anything; a new date will follow.",
	},
	{
		Code: JeopardyCustomer, Title: "Customer not ready",
		Fix: ByCustomer, Scope: OfOrder, Sup: AnotherDate,
		Fields:  []string{"desired_completion_date"},
		Meaning: "The carrier says that the premises or the end user are not ready.",
		Do:      "Choose a new date on which you are ready, then resubmit the order.",
	},
	{
		Code: HourWanted, Title: "Hour of the move wanted",
		Fix: ByStaff, Scope: OfOrder,
		Meaning: "The carrier wants to know at what hour the numbers are to move.",
		Do:      "Tell us in a comment at what hour of the carrier's local time the numbers may move.",
	},
	{
		Code: LateChangeRefused, Title: "Too late to change",
		Fix: ByStaff, Scope: OfOrder, Sup: AnotherDate, Repairs: []RepairKind{Replace},
		Meaning: "The carrier takes no change this close to the date.",
		Do:      "Wait for the date, or ask our porting desk to cancel; a fee may apply.",
	},
	{
		Code: SnapbackExpired, Title: "Too late to undo the port",
		Fix: ByStaff, Scope: EndsNumber, Sup: NewRequest,
		Meaning: "The numbers moved more than a day ago, so the port can't be undone.",
		Do:      "Ask the carrier to which the numbers are to go to port them from us.",
	},

	// The carrier, the peer and the registry of local numbers
	{
		Code: CarrierNoResponse, Title: "Carrier does not answer",
		Fix: ByStaff, Scope: OfOrder, Repairs: []RepairKind{Escalate},
		Meaning: "The carrier has not answered within its time.",
		Do:      "You need not do anything; we chase the carrier.",
	},
	{
		Code: CarrierWorking, Title: "Carrier works by hand",
		Fix: ByStaff, Scope: OfOrder, Repairs: []RepairKind{TryLater},
		Meaning: "The carrier works on the order by hand.",
		Do:      "You need not do anything; we wait for the carrier.",
	},
	{
		Code: CarrierBusy, Title: "Carrier's systems busy",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{TryLater},
		Meaning: "The carrier's systems could not take the request.",
		Do:      "You need not do anything; we try again.",
	},
	{
		Code: CarrierClosed, Title: "Carrier ports nothing at present",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{TryLater},
		Meaning: "The carrier ports no numbers at present, because of a strike, a disaster or a change of " +
			"its systems.",
		Do: "You need not do anything; we try again every few days.",
	},
	{
		Code: LSRFieldMissing, Title: "Field missing in the request",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SendWhole},
		Meaning: "The carrier misses a field in the request.",
		Do:      "You need not do anything; we complete the request.",
	},
	{
		Code: LSRNotReceived, Title: "Request not received",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{TryLater},
		Meaning: "The carrier says that it has not received our request.",
		Do:      "You need not do anything; we send the request again.",
	},
	{
		Code: CSRNeedsMore, Title: "More wanted for the record",
		Fix: ByStaff, Scope: OfOrder,
		Meaning: "The carrier wants to know more before it gives its record of the account.",
		Do:      "You need not do anything; we complete the request, or go on without the record.",
	},
	{
		Code: SVConflict, Title: "Conflict at the number registry",
		Fix: ByStaff, Scope: OfNumbers,
		Meaning: "The carrier has objected to the move of a number at the number registry.",
		Do:      "You need not do anything; we settle it with the carrier.",
	},
	{
		Code: SVFailure, Title: "Failure at the number registry",
		Fix: ByStaff, Scope: OfNumbers, Repairs: []RepairKind{TryLater},
		Meaning: "The number registry could not carry out the move.",
		Do:      "You need not do anything; we try again.",
	},
	{
		Code: ActivationRefused, Title: "Activation refused",
		Fix: ByStaff, Scope: OfOrder,
		Meaning: "The numbers could not be activated at that moment. The order and its date stand.",
		Do:      "You need not do anything; we activate the numbers when that is possible.",
	},
	{
		Code: ImproperReject, Title: "Rejection without ground",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement,
		Meaning: "The carrier refuses for a reason that it may not refuse this kind of port for.",
		Do:      "You need not do anything; we object to the rejection.",
	},
	{
		Code: PeerDenied, Title: "Peer can't take the order",
		Fix: ByStaff, Scope: OfOrder, Sup: NewRequest, Repairs: []RepairKind{OtherPeer},
		Meaning: "The network through which we port can't take the order.",
		Do:      "You need not do anything; we look for another way.",
	},
	{
		Code: OurRequest, Title: "Mistake in our request",
		Fix: ByStaff, Scope: OfOrder, Sup: Supplement, Repairs: []RepairKind{SendWhole},
		Meaning: "The request that we sent for the order holds a mistake of ours.",
		Do:      "You need not do anything; our staff corrects the request.",
	},
	{
		Code: InternalPort, Title: "Number in the same network",
		Fix: ByStaff, Scope: OfNumbers,
		Meaning: "A number is with another customer of the network through which we port.",
		Do:      "You need not do anything; our staff has the number moved within that network.",
	},
	{
		Code: PeerCancelled, Title: "Request ended at the peer",
		Fix: ByStaff, Scope: OfOrder, Sup: NewRequest, Repairs: []RepairKind{StartOver},
		Meaning: "The request was cancelled or has expired at the network through which we port.",
		Do:      "You need not do anything; we send a new one.",
	},
	{
		Code: OrderDone, Title: "Request is done already",
		Fix: ByStaff, Scope: OfOrder,
		Meaning: "The request was carried out already, so that it can be neither changed nor cancelled.",
		Do:      "You need not do anything; our staff looks where the numbers are.",
	},
	{
		Code: PortUndone, Title: "Port undone",
		Fix: ByStaff, Scope: OfOrder, Sup: NewRequest,
		Meaning: "The port was undone, and the numbers are back at the carrier from which they came.",
		Do:      "Tell us in a comment whether the numbers are still to be ported to us.",
	},
	{
		Code: HighVolumeManual, Title: "Too many numbers at once",
		Fix: ByStaff, Scope: OfOrder, Sup: NewRequest, Repairs: []RepairKind{SplitThemOff},
		Meaning: "The order holds more numbers than the carrier takes at once.",
		Do:      "You need not do anything; our staff agrees on a project with the carrier.",
	},

	// Toll-free numbers
	{
		Code: RespOrgMismatch, Title: "Another RespOrg controls the number",
		Fix: ByStaff, Scope: OfNumbers, Sup: NewRequest, Repairs: []RepairKind{StartOver},
		Meaning: "The request went to a RespOrg that does not control the number.",
		Do:      "You need not do anything; we send it to the right one.",
	},
	{
		Code: RespOrgProtected, Title: "Protected RespOrg",
		Fix: ByCarrier, Scope: OfNumbers, Sup: NewRequest,
		Meaning: "The controlling RespOrg protects the number against a change.",
		Do:      "Have the RespOrg lift the protection, then resubmit.",
	},
	{
		Code: TFSpare, Title: "Toll-free number is spare",
		Fix: ByNobody, Scope: EndsNumber, Repairs: []RepairKind{DropThem},
		Meaning: "Nobody has the toll-free number; it can't be ported.",
		Do:      "Leave the number out.",
	},
	{
		Code: TFUnavailable, Title: "Toll-free number unavailable",
		Fix: ByNobody, Scope: EndsNumber, Repairs: []RepairKind{DropThem},
		Meaning: "The toll-free number is unavailable.",
		Do:      "Leave the number out.",
	},
	{
		Code: TFDisconnected, Title: "Toll-free number disconnected",
		Fix: ByCustomer, Scope: OfNumbers, Sup: NewRequest, Papers: []string{Bill, SignedLOA},
		Meaning: "The toll-free number is disconnected, and only the registry's help desk can hand it over to us.",
		Do: "Upload a bill of the last 90 days that shows the number, and sign the LOA again if it is older than 30 days. " +
			"Then resubmit the order, and our staff asks the help desk.",
	},
	{
		Code: TFTransitional, Title: "Toll-free number in transition",
		Fix: ByCustomer, Scope: OfNumbers, Sup: NewRequest, Papers: []string{Bill, SignedLOA},
		Meaning: "The toll-free number was given up lately, and only the registry's help desk can hand it over to us.",
		Do: "Upload a bill of the last 90 days that shows the number, and sign the LOA again if it is older than 30 days. " +
			"Then resubmit the order, and our staff asks the help desk.",
	},
	{
		Code: TFShared, Title: "Shared toll-free number",
		Fix: ByCustomer, Scope: OfNumbers, Sup: NewRequest, Papers: []string{SoleUse},
		Meaning: "The toll-free number is shared or bundled.",
		Do:      "Prove that you alone use the number.",
	},
	{
		Code: ROCOverdue, Title: "RespOrg does not answer",
		Fix: ByStaff, Scope: OfOrder, Repairs: []RepairKind{Escalate},
		Meaning: "The RespOrg has not answered within two business days.",
		Do:      "You need not do anything; we bring it to the registry's help desk.",
	},
	{
		Code: ROCExpired, Title: "Toll-free request expired",
		Fix: ByStaff, Scope: OfOrder, Sup: NewRequest, Repairs: []RepairKind{StartOver}, Papers: []string{SignedLOA},
		Meaning: "The request was not answered within its ten business days.",
		Do:      "You need not do anything; we send a new one.",
	},

	// Ours, before anything is sent
	{
		Code: InsufficientFunds, Title: "Insufficient funds",
		Fix: ByCustomer, Scope: OfOrder,
		Meaning: "Your balance does not cover the port fee of this order.",
		Do:      "Deposit enough to cover the order, then resubmit it.",
	},
	{
		Code: OrderIncomplete, Title: "Order incomplete",
		Fix: ByCustomer, Scope: OfOrder, Fields: []string{"company", "provider_account"},
		Meaning: "Something that the carrier needs is missing on the order.",
		Do:      "Complete the order as described, then resubmit it.",
	},
	{
		Code: DateOutOfRange, Title: "Invalid desired completion date",
		Fix: ByCustomer, Scope: OfOrder, Sup: AnotherDate, Fields: []string{"desired_completion_date"},
		Meaning: "The desired completion date is more than 30 calendar days after submission.",
		Do:      "Choose an earlier date, or resubmit when the date you want is within 30 days.",
	},
	{
		Code: DuplicateTN, Title: "Number ordered twice",
		Fix: ByCustomer, Scope: OfNumbers,
		Meaning: "The number is on another open order with us.",
		Do:      "Cancel the other order, or wait until it is over.",
	},
	{
		Code: RemovedOnRequest, Title: "Taken off the order",
		Fix: ByNobody, Scope: OfNumbers,
		Meaning: "The number was taken off the order on request, and stays with the carrier.",
		Do:      "You need not do anything. To port the number after all, make a new order for it.",
	},
	{
		Code: LostDispute, Title: "Number goes to another request",
		Fix: ByCustomer, Scope: OfNumbers,
		Meaning: "Another account asked for the number, and our staff decided the dispute for that account.",
		Do:      "Send the order again, which goes without the number. Write to our porting desk if you have papers that we have not seen.",
	},
	{
		Code: Unmapped, Title: "Reason not classified",
		Fix: ByStaff, Scope: OfOrder,
		Meaning: "The carrier gave a reason that nobody has classified yet.",
		Do:      "Read the carrier's own words; our staff looks at it.",
	},
	{
		Code: OtherReason, Title: "Other reason",
		Fix: ByStaff, Scope: OfOrder,
		Meaning: "The carrier gave a reason that our table does not know.",
		Do:      "Read the carrier's own words; our staff looks at it.",
	},
}
