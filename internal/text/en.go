package text

import "portway/internal/porting"

// English is the catalogue in English.
var English = &Catalogue{
	language: english,
	sentences: map[porting.MessageKey]sentence{
		porting.MsgCreated:        {customer: "The order was created with {n|count number}. {list|sentences}"},
		porting.MsgEdited:         {customer: "These attributes were changed: {fields|fields}. {list|sentences}"},
		porting.MsgNumbersChanged: {customer: "Numbers were changed: {added} added, {removed} removed. {list|sentences}"},
		porting.MsgPresetsChanged: {customer: "These presets were changed: {fields|fields}."},
		porting.MsgSigned:         {customer: "The letter of agency was signed. The order is being checked."},
		porting.MsgLOARenewed:     {customer: "The letter of agency was signed again."},
		porting.MsgResubmitted:    {customer: "The order was resubmitted and waits for our review."},
		porting.MsgCancelled:      {customer: "The customer cancelled the order."},

		porting.MsgDocumentAdded:    {customer: "Document {id} ({kind|document}) is being added."},
		porting.MsgDocumentCame:     {customer: "Document {id} ({kind|document}) has arrived and is being checked."},
		porting.MsgDocumentAccepted: {customer: "Document {id} ({kind|document}) was accepted."},
		porting.MsgDocumentRefused:  {customer: "Document {id} ({kind|document}) was not accepted. {why|once}{list|sentences}"},

		porting.MsgNoUpload:     {customer: "No file was uploaded while its URL was valid; ask for another one."},
		porting.MsgUnchecked:    {customer: "The file could not be checked; add it again."},
		porting.MsgLOAReplaced:  {customer: "A newer letter of agency was signed before this one was kept."},
		porting.MsgFileTooLarge: {customer: "The file is larger than {mb} MB."},

		porting.MsgFileNotPDF:     {customer: "The file is no PDF, JPEG or PNG file. Upload the document as one of these."},
		porting.MsgFileUnreadable: {customer: "The PDF can't be read: it is damaged, or too intricate. Print it to a new PDF and upload that."},
		porting.MsgFileLocked:     {customer: "The PDF opens with a password only. Upload a copy that opens without one."},
		porting.MsgFileEncrypted:  {customer: "The PDF is encrypted in a way that can't be read. Upload a copy without encryption."},
		porting.MsgFileEmpty:      {customer: "The PDF has no pages. Upload another one."},
		porting.MsgFilePages:      {customer: "The PDF has more than {most} pages. Upload only the pages that matter."},
		porting.MsgFileHeavy:      {customer: "The pages of the PDF take more than {mb} MB. Upload fewer pages, or scan them at a lower resolution."},
		porting.MsgFileElsewhere:  {customer: "A part of the PDF lies in another file. Print it to a new PDF and upload that."},
		porting.MsgFileLayered:    {customer: "The PDF has layers that are hidden, or not always shown. Print it to a new PDF and upload that."},
		porting.MsgFileDynamic:    {customer: "The PDF is a form whose pages are made by a program when it is opened. Print it to a new PDF and upload that."},
		porting.MsgFileUnwritable: {customer: "The PDF has a form field with letters that can't be printed. Print it to a new PDF and upload that."},

		porting.MsgPhotoUnreadable: {customer: "The picture can't be read: it is damaged. Take it again, or send the document as a PDF."},
		porting.MsgPhotoLarge:      {customer: "The picture has more than {mp} million pixels. Take it again at a lower resolution."},

		porting.MsgUnfetched:       {customer: "The file could not be fetched{list|colon}."},
		porting.MsgFetchBadURL:     {customer: "its URL is not valid"},
		porting.MsgFetchRedirect:   {customer: "its URL leads to another one, and redirects are not followed"},
		porting.MsgFetchStatus:     {customer: "its host answers {status}"},
		porting.MsgFetchTooLarge:   {customer: "it is larger than {mb} MB"},
		porting.MsgFetchPrivate:    {customer: "the URL leads to an address that is not public"},
		porting.MsgFetchSlow:       {customer: "the host did not answer in time"},
		porting.MsgFetchNoHost:     {customer: "the host's name can't be looked up"},
		porting.MsgFetchBadCert:    {customer: "the host's certificate is not valid"},
		porting.MsgFetchNotReached: {customer: "the host can't be reached"},
		porting.MsgFetchBroke:      {customer: "the connection broke"},
		porting.MsgFetchOurs:       {customer: "something went wrong on our side"},

		porting.MsgReopened:     {customer: "The order was reopened. Order {order} takes its place."},
		porting.MsgCredited:     {customer: "${amount} that was paid for order {order} counts for the fee."},
		porting.MsgReopens:      {customer: "The order takes the place of order {order}, with {n|count number}. Give the PIN and the account number again and sign the letter of agency, which submits the order. {list|sentences}"},
		porting.MsgExtended:     {customer: "The time of the order was extended by {days|count day}. It ends on {ends|day} if nothing is done until then."},
		porting.MsgDayAnnounced: {customer: "The customer was told that the numbers move on {day|day}."},

		porting.MsgReminded:    {customer: "A reminder was sent. The order ends on {ends|day} if nothing is done until then."},
		porting.MsgExpired:     {customer: "The order ended, since nothing was done on it for {days|count day}."},
		porting.MsgHoldLapsed:  {customer: "The numbers are not held for this order any more, since no carrier was asked for them within seven days of its being rejected. Resubmit the order to hold them again. If another account has asked for one of them by then, we tell you which one."},
		porting.MsgHoldDraft:   {customer: "The numbers are held against other accounts from your signature on."},
		porting.MsgPaperUntil:  {customer: "Carriers accept the {paper|paper} until {until|day} only. We have asked for a fresh one."},
		porting.MsgPaperSince:  {customer: "Carriers have not accepted the {paper|paper} since {since|day}. We have asked for a fresh one."},
		porting.MsgFeeReturned: {customer: "${amount} of the fees of the order was given back. {why}"},

		porting.MsgRecordAsked: {
			customer: "The carrier was asked for its record of the account (CSR).",
			staff:    "The carrier was asked for its record of the account (CSR) through {peer}."},
		porting.MsgRecordCame:    {customer: "The carrier has sent its record of the account (CSR). {list|sentences}"},
		porting.MsgNoRecord:      {customer: "The carrier gives no record of the account (CSR)."},
		porting.MsgRecordAwaited: {customer: "The carrier's record (CSR) has not come yet. We have asked for it {reads|count time}."},
		porting.MsgRecordGiven: {
			customer: "The carrier asked for more before it gives its record (CSR), and we sent what the order has. " +
				"It wrote: “{said|words}”",
			unproven: "The carrier asked for more before it gives its record (CSR), and we sent what the order has."},
		porting.MsgRecordLacks: {
			customer: "The carrier asks for more than the order has before it gives its record (CSR). " +
				"It wrote: “{said|words}”",
			unproven: "The carrier asks for more than the order has before it gives its record (CSR)."},

		porting.MsgSkippedTollFree: {customer: "Toll-free numbers have no customer service record (CSR), so the order was not compared with one."},
		porting.MsgSkippedWireless: {customer: "Mobile carriers give no customer service record (CSR), so the order was not compared with one."},
		porting.MsgSkippedNone:     {customer: "This carrier gives no customer service record (CSR), so the order was not compared with one."},
		porting.MsgSkippedDenied: {
			customer: "The carrier's record (CSR) can't be had for this order, so the order was not compared with it.",
			staff:    "{peer} does not take the request for the carrier's record (CSR), so the order was not compared with it."},
		porting.MsgSkippedLate: {customer: "The carrier's record (CSR) did not come in time. The order goes on without it."},

		porting.MsgRecordAgrees: {customer: "The order agrees with the carrier's record (CSR). {list|sentences}"},
		porting.MsgRecordJudged: {customer: "Our staff has compared the order with the carrier's record (CSR). {list|sentences}"},
		porting.MsgCorrected:    {customer: "The order was corrected from the carrier's record: {list}."},
		porting.MsgBillProves:   {customer: "Our staff has accepted the bill (document {id}) as one of the account."},

		porting.MsgConformed:     {customer: "the letter of agency that was signed stays, since the service address is now the carrier's"},
		porting.MsgFieldChanged:  {customer: "{field|fields} from “{before}” to “{after}”", unproven: "{field|fields}"},
		porting.MsgFieldSet:      {customer: "{field|fields} to “{after}”", unproven: "{field|fields}"},
		porting.MsgFieldEmptied:  {customer: "{field|fields}, which was “{before}”, removed", unproven: "{field|fields}"},
		porting.MsgSecretChanged: {customer: "{field|fields}"},

		porting.MsgPassed: {customer: "All checks passed. The order goes to the carrier. {list|sentences}"},
		porting.MsgPlanned: {
			customer: "A request to the carrier is about to be sent.",
			staff:    "Request {pon}, version {version|version}, is about to be sent to {peer}."},
		porting.MsgSent: {
			customer: "The request was sent to the carrier. Its reference (PON) is {pon}. {list|sentences}",
			staff:    "Request {pon}, version {version|version}, was sent to the carrier through {peer}. {list|sentences}"},
		porting.MsgAsksWished:   {customer: "It asks for {date|day}, as you wished."},
		porting.MsgAsksEarliest: {customer: "It asks for the carrier's earliest date, {date|day}."},
		porting.MsgAsksTooSoon: {
			customer: "It asks for {date|day}, since the day that you wished, {wish|day}, is sooner than the carrier has to accept.",
		},
		porting.MsgAsksClosed: {
			customer: "It asks for {date|day}, since the carrier is closed on the day that you wished, {wish|day}.",
		},
		porting.MsgAsksQuiet: {
			customer: "It asks for {date|day}, since your account wants no port on the day that you wished, {wish|day}.",
		},
		porting.MsgQuietConfirmed: {
			customer: "Your account wants no port on {foc|day}. If that day does not suit you, ask for another one.",
		},
		porting.MsgAsksRefused: {customer: "It asks for {date|day}, since the carrier did not accept an earlier day."},
		porting.MsgHandOverPlanned: {
			customer: "The request goes to the toll-free registry on {on|day}, so that the numbers move by {day|day}, as you wished. " +
				"They may move from the day of the request on, as soon as the current carrier agrees.",
		},
		porting.MsgMayMove:        {customer: "The numbers may move from now on, and should have moved by {day|day}."},
		porting.MsgFoundHandOver:  {customer: "the request goes to the toll-free registry on {on|day}."},
		porting.MsgWishedOther:    {customer: "You had wished {wish|day}."},
		porting.MsgWishedAndAsked: {customer: "You had wished {wish|day}, and we had asked for {asked|day}."},
		porting.MsgAsksHour:       {customer: "On that day it asks for {at|clock}, as you wished."},
		porting.MsgMovesAt:        {customer: "The carrier has confirmed {at|clock} as the time of the day."},
		porting.MsgMovesOther:     {customer: "The carrier has confirmed {at|clock} as the time of the day; you had wished {wish|clock}."},
		porting.MsgHourMoved:      {customer: "The time of the move on {day|day} has changed. {list|sentences}"},
		porting.MsgNoHour:         {customer: "The carrier has confirmed no time of the day; you had wished {wish|clock}."},
		porting.MsgSentOther: {
			customer: "The request was found at the carrier as it was before the last change. The change follows.",
			staff:    "Request {pon}, version {version|version}, was found at {peer} as it was before the last change. The change follows."},
		porting.MsgLeased: {
			customer: "The request to the carrier is taken up again.",
			staff:    "Nobody had finished sending request {pon}, version {version|version}, to {peer}. It is taken up again."},
		porting.MsgSeen: {
			customer: "The carrier has the changed request.",
			staff:    "{peer} has version {version|version} of request {pon}."},
		porting.MsgDoubted: {
			customer: "The carrier still shows its answer to the request before the change. It is asked again soon.",
			staff:    "{peer} still shows its answer to what came before version {version|version} of request {pon}. It is asked again soon."},
		porting.MsgWithdrawn: {
			customer: "The carrier has let the request go.",
			staff:    "Request {pon} has ended at {peer}, as we asked."},
		porting.MsgRefused: {customer: "The carrier refused the request: {reasons}. We are trying to resolve it. {list|sentences}"},
		porting.MsgIsSimple: {
			customer: "The record shows one number on the account, so the port is simple: its earliest date is now {earliest|day}.",
		},
		porting.MsgClassByRecord: {
			customer: "The carrier's record shows another kind of port than was known before, which is no fault of yours. " +
				"Its earliest date is now {earliest|day}.",
		},
		porting.MsgClassByNumbers: {customer: "With these numbers it is another kind of port. Its earliest date is now {earliest|day}."},
		porting.MsgClassByWord:    {customer: "By what you say it is another kind of port. Its earliest date is now {earliest|day}."},
		porting.MsgNotSimple: {
			customer: "The carrier does not take the port for a simple one, which is no fault of yours. " +
				"Its earliest date is now {earliest|day}.",
		},
		porting.MsgAccepted:    {customer: "The carrier accepted the order. The numbers move on {foc|day}. {list|sentences}"},
		porting.MsgMoved:       {customer: "The date was moved from {from|day} to {to|day}. {list|sentences}"},
		porting.MsgDateLost:    {customer: "The carrier withdrew the date {foc|day}: {reasons}. We are trying to resolve it."},
		porting.MsgCompleted:   {customer: "The numbers are in service with us. {list|sentences}"},
		porting.MsgRecovered:   {customer: "The registry's help desk has handed the numbers over to us. {list|sentences}"},
		porting.MsgPartlyMoved: {customer: "The numbers are in service with us, except {numbers|numbers}. {reason|meaning} {list|sentences}"},
		porting.MsgSnapbackAsked: {customer: "It was asked that these numbers go back to the carrier that had them: {numbers|numbers}. " +
			"Our staff arranges it and tells you what came of it."},
		porting.MsgSnappedBack:     {customer: "These numbers have gone back to the carrier that had them: {numbers|numbers}."},
		porting.MsgSnapbackRefused: {customer: "These numbers stay in service with us: {numbers|numbers}. They could not go back: {why|words}"},
		porting.MsgProvisioned: {
			customer: "Our switch has answered about {numbers|numbers}.",
			staff:    "The switch has answered about the step {step} for {numbers|numbers}."},
		porting.MsgSwitchRefused: {
			customer: "Calls to these numbers do not reach us yet: {numbers|numbers}. Our staff is at work on it. There is nothing for you to do.",
			staff:    "The switch refuses the step {step} for {numbers|numbers}."},
		porting.MsgSwitchAgain:  {customer: "The switch is asked again about {n|count number}."},
		porting.MsgServedByHand: {customer: "Our staff has seen to these numbers by hand: {numbers|numbers}."},
		porting.MsgCallsArrive:  {customer: "Calls to {numbers|numbers} come to us: a test call to each number has arrived."},
		porting.MsgSomeMoved:    {customer: "{n|count number} of the order moved and in service with us. The others follow. Keep their service at the current carrier until then."},
		porting.MsgFallout: {customer: "{n|count number} of the order moved and in service with us. These did not move: {numbers|numbers}. {reason|meaning} " +
			"Keep their service at the current carrier. Our staff calls the carrier about them."},
		porting.MsgGoesWithout: {
			customer: "The order goes on without the numbers that did not move: {numbers|numbers}. {list|sentences}",
		},
		porting.MsgLeftOut: {customer: "These numbers were left out of the order: {numbers|numbers}. {reason|meaning} {list|sentences}"},
		porting.MsgWentBack: {customer: "These numbers can't be ported as they are ({reason|title}), and are on order {order} now: {numbers|numbers}. " +
			"Order {order} waits for you. The other numbers go on. {list|sentences}"},
		porting.MsgCameBack: {customer: "This order was made for numbers that could not go along with order {order}: {numbers|numbers}. It was " +
			"rejected: {reasons}. Do what the reasons ask for and resubmit it, or cancel it. {list|sentences}"},
		porting.MsgSplitOff: {customer: "This order was made for numbers that can't move with order {order} ({reason|title}): {numbers|numbers}. The fee was charged already. {list|sentences}"},

		porting.MsgRepaired:     {customer: "We resolved the carrier's refusal ({repairs|repairs}){list|colon}. The request is sent again."},
		porting.MsgRepairedPart: {customer: "We resolved a part of the carrier's refusal ({repairs|repairs}){list|colon}. The rest follows."},
		porting.MsgOtherPeer: {
			customer: "The request goes to the carrier by another way ({repairs|repairs}){list|colon}.",
			staff:    "{from} does not carry the order. {to} says that it can bring the numbers, and is asked instead ({repairs|repairs}){list|colon}."},
		porting.MsgDidLeaveOut:  {customer: "{numbers|numbers} left out ({reason|title})"},
		porting.MsgDidSplitOff:  {customer: "{numbers|numbers} moved to order {order} ({reason|title})"},
		porting.MsgDidReclass:   {customer: "without those numbers it is another kind of port, whose earliest date is {earliest|day}"},
		porting.MsgDidNotBefore: {customer: "the request asks for {date|day}"},
		porting.MsgDidMainNumber: {
			customer: "a number that stays named as the account's new main number",
			staff:    "{number|numbers} named as the account's new main number",
		},

		porting.MsgChosen: {
			customer: "The way to the carrier was chosen: a porting partner that serves these numbers.",
			staff:    "The order goes through {peer}: {list}."},
		porting.MsgPeerFirst:    {customer: "it is the first of our peers for these numbers"},
		porting.MsgPeerOnly:     {customer: "it is our only peer for these numbers"},
		porting.MsgPeerDirect:   {customer: "we port there by an agreement of our own"},
		porting.MsgPeerMost:     {customer: "no peer that can be reached brings all numbers, and this one brings most of them"},
		porting.MsgPeerWhole:    {customer: "it brings all numbers"},
		porting.MsgPeerRecord:   {customer: "it does well", staff: "lately {record|record}"},
		porting.MsgPeerBetter:   {customer: "it does better than the others", staff: "lately {record|record}; at {other} {other_record|record}"},
		porting.MsgPeerAway:     {customer: "another peer can't be reached at present", staff: "{peer} can't be reached at present"},
		porting.MsgPeerRefuses:  {customer: "another peer can't be asked at present", staff: "{peer} refuses to be asked ({why}), so that our login and account there have to be checked"},
		porting.MsgPeerPartly:   {customer: "another peer does not bring all numbers", staff: "{peer} does not bring all numbers"},
		porting.MsgPeerReplaces: {customer: "another peer could not be reached for long", staff: "{peer} could not be reached for long, and this one brings all numbers"},

		porting.MsgCancelledEarly: {customer: "The order was cancelled on request, before anything was sent to the carrier. {why}"},
		porting.MsgHardCancelled:  {customer: "The order was cancelled on request, after it had gone to the carrier. {why}"},
		porting.MsgRuledOut:       {customer: "The numbers can't be ported to us: neither we nor a porting partner can take them. No fee was charged."},
		porting.MsgReturned:       {customer: "The order was rejected: {reasons}. {list|sentences}"},
		porting.MsgApproved:       {customer: "The corrections were reviewed. The order goes to the carrier. {list|sentences}"},
		porting.MsgRetried:        {customer: "Our staff tries the last step again."},
		porting.MsgTakenUp:        {customer: "The carrier has accepted the request that it has. The order goes on with it. {list|sentences}"},

		porting.MsgCancelAsked:      {customer: "The order is to be cancelled. {list|sentences}"},
		porting.MsgDateAsked:        {customer: "The numbers are to move on {date|day} instead. {list|sentences}"},
		porting.MsgCorrectionAsked:  {customer: "The order was corrected: {fields|fields}. {list|sentences}"},
		porting.MsgRemovalAsked:     {customer: "These numbers are to be taken off the order: {numbers|numbers}. {list|sentences}"},
		porting.MsgAdditionMade:     {customer: "These numbers were added to the order: {numbers|numbers}. {list|sentences}"},
		porting.MsgExpediteAsked:    {customer: "The port is urgent, for a reason that carriers take ({why}). {list|sentences}"},
		porting.MsgChangeByStaff:    {customer: "Our staff asks the carrier, which need not agree any more. Until it does, the order stays as it is."},
		porting.MsgChangeMade:       {customer: "The change is made."},
		porting.MsgChangeSent:       {customer: "The change is with the carrier: {list|sentences}"},
		porting.MsgChangeDone:       {customer: "The carrier has taken the change: {list|sentences}"},
		porting.MsgChangeFee:        {customer: "The fee of ${fee} for this change was charged."},
		porting.MsgChangeRefused:    {customer: "This was asked for, and is not done: {list|sentences} The order stays as it was."},
		porting.MsgChangeNotTaken:   {customer: "The carrier keeps to what was agreed."},
		porting.MsgChangeRefusedWhy: {customer: "{why}"},
		porting.MsgChangeRefusedFor: {customer: "{reason|meaning}"},
		porting.MsgChangeOvertaken:  {customer: "The order went on before the change was made."},
		porting.MsgCancelConfirmed:  {customer: "The carrier has confirmed the cancellation, and the order is cancelled. {list|sentences}"},
		porting.MsgMovedAllTheSame:  {customer: "The carrier moved the numbers before it had read the change. For 24 hours the numbers can go back: ask for a snapback of this order at once."},
		porting.MsgOldDate: {customer: "The old carrier may still cut the line on {date|day}. We ask the carrier again on the business day before; " +
			"tell us at once if the service ends."},

		porting.MsgObjectionPrepared: {
			customer: "The carrier may not refuse this port for the ground that it gave ({reason|title}). Our staff prepares our " +
				"objection. There is nothing for you to do. {list|sentences}"},
		porting.MsgObjectionRaised: {
			customer: "The carrier may not refuse this port for the ground that it gave ({reason|title}). We contest this; there is " +
				"nothing for you to do. {list|sentences}"},
		porting.MsgObjectionSent: {
			customer: "Our objection is with {step|step}.",
			staff:    "Our objection to the refusal of {pon} is with {step|step}."},
		porting.MsgObjectionEscalated: {
			customer: "The carrier has not given way in time. Our objection goes to {step|step}. There is nothing for you to do."},
		porting.MsgObjectionWon:     {customer: "The carrier has withdrawn the refusal that we contested."},
		porting.MsgObjectionDropped: {customer: "We do not contest the carrier's refusal any longer."},
		porting.MsgObjectionBeside: {
			customer: "We contest the refusal as well. You need not correct anything for that; it may be the quicker way."},
		porting.MsgDebtRemains:  {customer: "What is owed to the carrier remains owed."},
		porting.MsgEvidenceKept: {customer: "The evidence for a complaint about the carrier's refusal is kept."},

		porting.MsgRivalFound: {
			customer: "The order was not submitted, since another request to port {numbers|numbers} exists. Remove the numbers, or " +
				"open a dispute if they are yours."},
		porting.MsgDisputeOpened: {
			customer: "A dispute about {numbers|numbers} was opened with the signed letter of agency. The other side has until " +
				"{until|day} to show papers, and then our staff decides. Add every document that shows that you hold the numbers."},
		porting.MsgContested: {
			customer: "Another request to port {numbers|numbers} exists, and its customer has opened a dispute. Add a recent bill " +
				"of the account by {until|day}. Our staff decides then, and may give the numbers to the other request."},
		porting.MsgPapersAsked: {
			customer: "Our staff asks for papers about {numbers|numbers}: add a recent bill of the account, or another document " +
				"that shows who holds the numbers, by {until|day}."},
		porting.MsgDisputeWon: {
			customer: "The dispute about {numbers|numbers} was decided for this order. It is submitted as soon as the other " +
				"request has ended; there is nothing for you to do. {list|sentences}"},
		porting.MsgDisputeLost: {
			customer: "The dispute about {numbers|numbers} was decided for the other request. Remove the numbers and submit the " +
				"order, or cancel it. {list|sentences}"},
		porting.MsgTakenOver: {
			customer: "The numbers {numbers|numbers} are this order's now, and the order is being checked. {list|sentences}"},
		porting.MsgDisputeMoot: {
			customer: "The dispute about {numbers|numbers} has ended, since yet another request holds the numbers by now. Submit the " +
				"order to learn which ones, and open a dispute about them if they are yours."},
		porting.MsgDisputeFree: {
			customer: "The numbers {numbers|numbers} are free for this order now. Sign it to take them: it can't be sent as it " +
				"was signed."},
		porting.MsgDisputeMoved: {
			customer: "The numbers {numbers|numbers} have moved to us by the other request, before the dispute was decided. Our " +
				"staff looks at whether that port was authorised."},
		porting.MsgContestOver: {
			customer: "The dispute about {numbers|numbers} is over. The numbers stay on this order, which goes on."},
		porting.MsgYielded: {
			customer: "The order has ended: the dispute about {numbers|numbers} was decided for the other request. No fee is due " +
				"for that."},
		porting.MsgYieldedSome: {
			customer: "The dispute about {numbers|numbers} was decided for the other request, and the numbers are left out of " +
				"this order. If the order comes back to you, resubmit it, and it goes without them."},
		porting.MsgHandedOver: {
			customer: "The numbers {numbers|numbers} are no longer held for this order."},

		porting.MsgCaseOpened: {
			customer: "Somebody says that the port of {numbers|numbers} was not authorised. Add what shows that the holder wanted it, such " +
				"as a recent bill of the account, by {until|day}. Without it the numbers may go back to the carrier that had them."},
		porting.MsgCaseAuthorised: {
			customer: "The port of {numbers|numbers} was authorised, and the numbers stay with us. {list|sentences}"},
		porting.MsgCaseReturned: {
			customer: "The port of {numbers|numbers} was not authorised, and the numbers go back to the carrier that had them. " +
				"{list|sentences}"},
		porting.MsgCaseEvidence: {customer: "The evidence for the port is kept."},

		porting.MsgOneLOA: {customer: "Only one side has a valid letter of agency that lists the numbers."},
		porting.MsgNoLOA:  {customer: "Neither side has a valid letter of agency that lists the numbers."},
		porting.MsgNewestLOA: {
			customer: "Both sides have shown papers. The newest letter of agency as of the beginning of the dispute wins."},
		porting.MsgOnePapers:     {customer: "The time for papers is over, and only one side has shown any."},
		porting.MsgNoPapers:      {customer: "The time for papers is over, and neither side has shown any."},
		porting.MsgPapersAwaited: {customer: "Papers are still waited for."},

		porting.MsgChecked:       {customer: "Status check: {list|sentences}"},
		porting.MsgFoundDown:     {customer: "we could not reach our porting partner.", staff: "{peer} could not be reached."},
		porting.MsgFoundUnsent:   {customer: "the order has not gone to the carrier yet. We are comparing it with the carrier's record (CSR)."},
		porting.MsgFoundAccepted: {customer: "the carrier has accepted the order for {foc|day}.", staff: "the carrier has accepted the order for {foc|day} ({peer}: “{said}”)."},
		porting.MsgFoundLost:     {customer: "the date no longer stands.", staff: "the date no longer stands ({peer}: “{said}”)."},
		porting.MsgFoundMissed:   {customer: "{foc|day} has passed and nobody has confirmed that the numbers moved.", staff: "{foc|day} has passed and nobody has confirmed that the numbers moved ({peer}: “{said}”)."},
		porting.MsgFoundStands:   {customer: "the date {foc|day} stands.", staff: "the date {foc|day} stands ({peer}: “{said}”)."},
		porting.MsgFoundRefused:  {customer: "we are resolving the carrier's refusal.", staff: "we are resolving the carrier's refusal ({peer}: “{said}”)."},
		porting.MsgFoundWorking:  {customer: "the carrier has the request and has not answered yet.", staff: "the carrier has the request and has not answered yet ({peer}: “{said}”)."},
		porting.MsgFoundDenied:   {customer: "our porting partner does not tell how the request stands. Our staff asks there.", staff: "{peer} does not tell how the request stands."},
		porting.MsgCallsCarrier:  {customer: "Our staff calls the carrier."},
		porting.MsgAsksDaily:     {customer: "We ask again every business day."},
		porting.MsgEscalated: {
			customer: "The carrier has been silent for longer than the usual {days|count business day}. We have escalated the order.",
			staff:    "The carrier has been silent for longer than the usual {days|count business day}. We have escalated the order at {peer}: “{said}”."},
		porting.MsgSilentLong:       {customer: "The carrier has been silent for longer than the usual {days|count business day}. Our staff asks there."},
		porting.MsgSilentStill:      {customer: "The carrier is still silent. Our staff asks there.", staff: "The carrier is still silent, and what we asked of the people at {peer} has not helped. Our staff asks there."},
		porting.MsgFoundGivenBack:   {customer: "the carrier still has the request.", staff: "{peer} still has the request of the order that was given back (“{said}”)."},
		porting.MsgFoundWithdrawing: {customer: "the carrier has yet to let the request go.", staff: "{peer} has yet to let the request go (“{said}”)."},
		porting.MsgNextCheck:        {customer: "The next check is on {date|day}."},

		porting.MsgPeerDown: {customer: "Our porting partner can't be reached. The order waits and is tried again.", staff: "{peer} can't be reached. The order waits and is tried again."},
		porting.MsgPeerShut: {customer: "Our porting partner can't be reached. The order waits and is tried again.", staff: "{peer} refuses to be asked ({why}). The order waits and is tried again. Check our login and account there."},
		porting.MsgBeforeEnds: {
			customer: "The carrier is still ending the request before this one. The order waits for that.",
			staff:    "{peer} is still ending the request before this one. The order waits for that.",
		},
		porting.MsgStillOnRequest: {customer: "The numbers are still on the request of order {order}. This request is sent when they have left that one."},
		porting.MsgCancelAwaited:  {customer: "We are waiting for the word that an earlier request is cancelled.", staff: "{peer} has yet to confirm that request {pon} is cancelled."},
		porting.MsgMoveAwaited:    {customer: "The carrier has not confirmed yet that the numbers moved.", staff: "The carrier has not confirmed yet that the numbers moved (“{said}”)."},

		porting.MsgCommentSettled: {customer: "The comment needs no answer."},

		porting.MsgDeskAsked: {customer: "Our staff was asked.", staff: "Our staff was asked: {list|sentences}"},
		porting.MsgTaxIDByHand: {
			customer: "The carrier wants the last four digits of the social security or tax number. " +
				"A port request has no place for them, so the digits on the order do not reach the carrier. " +
				"Our staff asks our porting partner how the carrier takes them. You need not do anything until you hear from us.",
			staff: "Our staff was asked: {list|sentences}"},
		porting.MsgAskReview:      {customer: "The customer has corrected and resubmitted the order. Approve it, or reject it with reasons."},
		porting.MsgAskNoOtherDate: {customer: "The carrier takes no other date for the accepted order. Agree on one with the carrier."},
		porting.MsgAskRefusal:     {customer: "The carrier's refusal needs a person: {reason|title}."},
		porting.MsgAskTaxID: {
			customer: "The carrier wants the last four digits of the SSN or tax id. Call the carrier.",
			staff: "The carrier wants the last four digits of the SSN or tax id, for which the request {pon} has no place. " +
				"Call {peer} and ask how the carrier takes the digits; never write them into a note or a comment, and nobody here sees them. " +
				"When the carrier lets the order go, send it again (retry). " +
				"If only the customer can give the digits to the carrier, give the order back for this reason (reject)."},
		porting.MsgRecoverByHand: {
			customer: "Only the registry's help desk can hand these numbers over: {numbers|numbers}. Our staff asks it with your bill and " +
				"LOA. It normally answers within two business days. You need not do anything.",
			staff: "Our staff was asked: {list|sentences}"},
		porting.MsgAskRecover: {
			customer: "The registry's help desk has to hand the numbers over. Ask it.",
			staff: "The registry's help desk has to hand over {numbers|numbers}. In the registry's portal, file a RespOrg change help " +
				"desk intervention from {from} to {to}, as soon as possible, since the first who asks gets the number. Attach the LOA, " +
				"signed on {signed|day}, and the newest bill of the order. Write: “Please move these toll-free numbers to RespOrg {to}: " +
				"{numbers|numbers}. They are disconnected, transitional, or held for a RespOrg that no longer exists. The subscriber's " +
				"LOA and a bill of the last 90 days are attached.” When the help desk has done it, have the registry asked again " +
				"(retry). If it declines, give the order back to the customer (reject)."},
		porting.MsgAskObject: {
			customer: "The carrier may not refuse the port for the ground that it gave: {reason|title}. Object to it.",
			staff: "The carrier may not refuse {pon} for the ground that it gave: {reason|title}. Read our objection, and send it " +
				"(object) or drop it (drop_objection). It says: “{text}”"},
		porting.MsgAskContradiction: {
			customer: "The carrier's refusal contradicts its own record: {reason|title}. Call the carrier.",
			staff: "The carrier refuses the port for {reason|title}, and its record agrees with the order, also when it was asked " +
				"for again. Call the carrier and ask what it compares. Then have the request sent again (retry), contest the refusal " +
				"(object), or ask the customer for the value that the carrier wants (reject)."},
		porting.MsgAskTellObjection: {
			customer: "Bring our objection to {step|step}.",
			staff: "No note brings our objection to the refusal of {pon} to {step|step}. Tell them, then say so here (object); or go " +
				"to the next step at once (escalate), or drop the objection (drop_objection). It says: “{text}”"},
		porting.MsgAskComplaint: {
			customer: "Bring our objection to {step|step}.",
			staff: "The carrier has not given way about {pon}. Bring the objection to {step|step}, with the pack of evidence that is " +
				"kept with the order, then say so here (object); or go to the next step (escalate), or drop the objection " +
				"(drop_objection). It says: “{text}”"},
		porting.MsgAskUnconfirmed:  {customer: "The day has passed and the carrier has not confirmed that the numbers moved. Call the carrier."},
		porting.MsgAskFailed:       {customer: "A step could not be done ({error}). Look at the log, then try it again."},
		porting.MsgAskOtherAccount: {customer: "Nothing on the order matches the carrier's record. Is it the right account?"},
		porting.MsgAskResold: {
			customer: "The numbers are resold, and the network's record has another name and account than the order.",
			staff: "The numbers are resold, and the network's record has another name and account than the order, as a reseller's often has. " +
				"Ask the reseller whether the customer holds the numbers there. Accept the bill if it shows that (accept_bill) and have " +
				"the order compared again (retry), send it as it is (approve), or reject it, which asks the customer for the company that " +
				"bills, its account number and the end user."},
		porting.MsgAskWhoAsks: {customer: "Neither the name nor the account number of the order is on the carrier's record. " +
			"Find out whether the customer holds the account. Accept the bill if it shows that (accept_bill) and have the order " +
			"compared again (retry), or reject the order. A resold number has the reseller's name and account there."},
		porting.MsgAskGuesses: {customer: "This account has compared the number with the carrier's record {n} times in vain " +
			"within {days} days, and has not proven to hold it. Accept the bill if it shows that (accept_bill) and have the " +
			"order compared again (retry), or reject the order."},
		porting.MsgAskMissed: {customer: "The numbers were to move on {foc|day} and nobody has confirmed it. Call the carrier."},
		porting.MsgAskSnapback: {
			customer: "Numbers are to go back to the carrier that had them: {numbers|numbers}. Arrange it.",
			staff: "The holder wants numbers of {pon} back at the carrier that had them: {numbers|numbers} (“{why}”). Call {peer} and ask for " +
				"a snapback before {until}. Then say that they went back (snapped_back), or that they stay (refuse_snapback)."},
		porting.MsgAskWinback: {
			customer: "Numbers are to go back to the carrier that had them: {numbers|numbers}. Arrange it.",
			staff: "Numbers of {pon} have to go back to the carrier that had them: {numbers|numbers} (“{why}”). Their 24 hours are over. " +
				"Call {peer} and ask for a winback, by which that carrier ports them. Then say that they went back (snapped_back), or that " +
				"they stay (refuse_snapback)."},
		porting.MsgAskSwitch: {
			customer: "Our switch does not serve these numbers: {numbers|numbers}. See to it.",
			staff: "The switch does not do its step {step} for {numbers|numbers} ({reason}). Find out why. Then have it asked again " +
				"(switch_again); or do the step by hand, make a test call to each number that has moved, and say so (served_by_hand)."},
		porting.MsgAskFallout: {
			customer: "Some numbers did not move with the others: {numbers|numbers}. Call the carrier.",
			staff: "Some numbers did not move with the others: {numbers|numbers} ({reason|title}). Call the carrier now. Have it asked " +
				"again once it has moved them (retry), or let the order go on without them (go_without): they go back to the customer " +
				"on an order of their own, or are left out where the customer has agreed to that."},
		porting.MsgAskSilent: {
			customer: "The carrier has been silent since {since|day}. Ask how {pon} stands.",
			staff:    "{peer} has been silent since {since|day}. Ask there how {pon} stands.",
		},
		porting.MsgAskDenied: {
			customer: "Ask how {pon} stands.",
			staff:    "{peer} does not tell how {pon} stands (“{said}”). Ask the people there.",
		},
		porting.MsgAskUnclear: {
			customer: "Ask how {pon} stands.",
			staff:    "{peer} calls the state of {pon} “{said}”, which nobody here knows. Ask the people there what it means.",
		},

		porting.MsgAskAgreed: {
			customer: "The carrier has agreed to a date for {pon}, which we no longer want moved.",
			staff: "{peer} has agreed to move the numbers of {pon} on {foc|day}, though the order was given back or has ended. " +
				"Take an order that was given back up again (take_up), or have the carrier cancel the request and withdraw it again (retry)."},
		porting.MsgAskMoved: {
			customer: "The carrier has moved the numbers of {pon}, which we no longer wanted moved.",
			staff: "{peer} has moved the numbers of {pon} to us, though the order was given back or has ended. " +
				"Take an order that was given back up again (take_up). Of one that has ended, settle with the customer where the numbers stay, and free them then (release)."},
		porting.MsgAskWithdrawal: {
			customer: "The carrier does not let {pon} go.",
			staff: "{peer} does not let request {pon} go (“{said}”). Ask the people there to cancel it. " +
				"Then withdraw it again (retry), or free the numbers if they confirm that it has ended (release)."},

		porting.MsgAskAuthority: {
			customer: "The time of a case about the authority of the port is over.",
			staff: "The time to show that the port of {numbers|numbers} was authorised is over ({who}). Close the case as returned " +
				"(close_case), which begins to send the numbers back; or as authorised if the evidence shows that the port was."},
		porting.MsgAskDispute: {
			customer: "Another request to port the numbers exists.",
			staff: "Order {order} holds {numbers|numbers}, which this order asks for too. By the rules the {for} side gets the " +
				"numbers: {list|sentences} Compare the papers of both orders, then decide (decide_dispute, with the outcome asking " +
				"or holding), or ask both customers for papers (ask_papers)."},

		porting.MsgWaiting:  {customer: "The order waits for {for|wait}."},
		porting.MsgResumed:  {customer: "The order no longer waits for {for|wait}."},
		porting.MsgRedriven: {customer: "The work on the order was started again.", staff: "Run {run} of the workflow had ended. A new run was started."},

		porting.MsgCompanyMissing: {customer: "An order for a business needs the name of the company."},
		porting.MsgSignAgain:      {customer: "The letter of agency was signed with another value for: {fields|fields}. Sign it again."},
		porting.MsgHolderAsked: {customer: "The current carrier sends the holder of the number a message about the port, and refuses the port unless " +
			"the holder says yes within 90 minutes. We send the request between 9:00 and 19:00 in the time zone of the number. Have the " +
			"holder keep the phone at hand then."},
		porting.MsgHolderDay: {customer: "The request goes to the carrier on {day|day} at 9:00 in the time zone of the number, since the carrier " +
			"then asks the holder, who has 90 minutes to say yes."},
		porting.MsgServicesEnd: {customer: "Services use the lines that are ported and end with them: {services|fields}. Have the carrier move them to " +
			"another line before the numbers move."},
		porting.MsgHuntGroup: {customer: "The numbers are part of a hunt group that stays. Have the carrier take them out of the group before they " +
			"move, or the carrier may refuse the port."},
		porting.MsgTollFreeFirst: {customer: "These toll-free numbers ring on numbers of this order: {numbers|numbers}. Port them first, or have them ring " +
			"elsewhere, so that their calls are not lost."},
		porting.MsgMainLeaves: {customer: "The main number of the account is ported and other numbers stay. Name the number that becomes the main one " +
			"(partial_port/new_billing_number)."},
		porting.MsgOthersOnAccount: {customer: "The carrier's record has numbers that are not on this order. Say what becomes of them (partial_port), or order " +
			"all of them."},
		porting.MsgNotOnAccount: {customer: "The carrier's record of the account does not have these numbers of partial_port: {numbers|numbers}. Check them " +
			"for a typing error."},
		porting.MsgLeaveOutChoice: {customer: "The other numbers can go on without these. To have these left out, set on_unportable to exclude " +
			"and resubmit the order."},
		porting.MsgNameCut: {customer: "The carrier gets at most 25 characters of a company's name, and of a first or last name. " +
			"If its record has a shorter form of the name, enter that form."},
		porting.MsgRecordDiffers: {
			customer: "The carrier's record has another value for: {field|fields}.",
			staff:    "The carrier's record has another value for: {field|fields} ({how|findings}).",
		},
	},
	fields: map[string]string{
		"alias": "the alias", "billing_name": "the billing name", "company": "the company", "billing_number": "the billing number",
		"provider": "the current provider", "provider_account": "the account number", "pin": "the PIN", "last_4_ssn": "the SSN digits",
		"usage_type": "the usage type", "street": "the street", "street2": "the second line of the street", "city": "the city",
		"state": "the state", "zip": "the ZIP code", "country": "the country", "desired_completion_date": "the desired date",
		"desired_completion_time": "the desired time of day",
		"account_address/street":  "the street of the account address", "account_address/street2": "the second line of the account address",
		"account_address/city": "the city of the account address", "account_address/state": "the state of the account address",
		"account_address/zip": "the ZIP code of the account address", "account_address/country": "the country of the account address",
		"new_carrier": "the new carrier", "resporg": "the new RespOrg",
		"loa_details/email": "the mail address on the letter of agency", "loa_details/cc": "the copy address on the letter of agency",
		"enable_cnam_lookups": "caller name lookups", "one_line": "whether the account has one line alone", "status_url": "the status URL", "auto_correct": "how far we may correct the order",
		"on_unportable": "whether to go on without numbers that can't be ported", "reseller": "the reseller's name",
		"partial_port/scope": "whether all numbers of the account move", "partial_port/keep": "the numbers that stay",
		"partial_port/disconnect": "the numbers to be disconnected", "partial_port/others": "what becomes of the other numbers",
		"partial_port/new_billing_number": "the new main number", "line_features/services": "the services on the lines",
		"line_features/hunt_group": "the hunt group", "line_features/directory_listing": "the directory listing",
		"line_features/tollfree_numbers": "the toll-free numbers that ring to the order's numbers",
		"dsl":                            "DSL", "alarm": "an alarm", "fax": "fax", "elevator": "an elevator phone", "card_terminal": "a card terminal", "meter": "a meter",
		"other":           "other services",
		"presets/cnam_id": "the caller name", "presets/e911_id": "the emergency address", "presets/primary_route_id": "the primary route",
		"presets/failover_route_id": "the failover route", "presets/alias": "the alias of the numbers", "numbers": "the numbers",
	},
	repairs: map[porting.RepairKind]string{
		porting.FromCSR: "with the carrier's values", porting.NextDate: "with the next possible date", porting.TryLater: "by trying again later",
		porting.SendLOA: "by sending the letter of agency again", porting.SendPaper: "by sending the document",
		porting.DropThem: "by leaving the numbers out", porting.StartOver: "by a new request", porting.OtherPeer: "by another porting partner",
		porting.SplitThemOff: "by orders of their own", porting.SendWhole: "by completing the request",
		porting.KeepRest: "by keeping the other services", porting.NewMain: "by another main number for what stays",
		porting.Replace: "by a request in its place", porting.Escalate: "by escalating it", porting.Contest: "by an objection",
	},
	papers: map[string]string{
		porting.SignedLOA: "letter of agency", porting.Bill: "bill", porting.SoleUse: "proof of sole use",
	},
	documents: map[porting.DocumentKind]string{
		porting.BillDocument: "bill", porting.CSRDocument: "customer service record", porting.LOADocument: "letter of agency",
		porting.ProofDocument: "proof of sole use", porting.OtherDocument: "other document",
	},
	findings: map[string]string{
		"record_silent":     "the carrier's record is silent",
		"order_silent":      "the order has no value, and the carrier's record has one",
		"respelled":         "the same, written differently",
		"other":             "not what the carrier's record says",
		"same_punctuated":   "the same but for case, punctuation or a title",
		"same_words_only":   "the same but for case and punctuation",
		"same_generation":   "the same; one side adds Jr., Sr. or a number",
		"same_middle":       "the same but for the middle name",
		"same_spelled_out":  "the same; one side spells out a letter, such as ue for ü",
		"same_given_joined": "the same; the first name is one word or two",
		"cut_short":         "one name is the other cut short, as carriers' systems do at 25 characters or so",
		"other_generation":  "Jr., Sr. or the number behind the name differs",
		"other_title":       "Mr. and Mrs. or Miss are two people",
		"reversed":          "first and last name stand the other way round",
		"part_of_last":      "only a part of the last name is the same",
		"other_last":        "the last name differs",
		"only_initial":      "only an initial is given for the first name",
		"nickname":          "the first names may be one name and its short form",
		"other_first":       "the first name differs",
		"other_middle":      "the middle name differs",
		"no_person":         "not the same name, and not both a first and a last name",
		"same_form":         "the same but for case, punctuation or a short form",
		"form_on_one":       "the same; one side leaves out the legal form",
		"other_form":        "the legal form differs",
		"one_of_two":        "one side has a legal and a trade name, the other only one of them",
		"other_trade":       "the business name or its trade name differs",
		"other_company":     "the business name differs",
		"box_or_place":      "one side is a post office box, the other a place",
		"other_box":         "the number of the post office box differs",
		"other_house":       "the house number differs",
		"other_suffix":      "the kind of street differs (street, avenue, road)",
		"other_direction":   "the compass direction differs",
		"less_direction":    "one side leaves out the compass direction",
		"less_suffix":       "one side leaves out the kind of street (street, avenue, road)",
		"less_street":       "a part of the street line is missing on one side",
		"other_street":      "the street differs",
		"unit_on_order":     "the carrier's record has no suite, unit or floor",
		"unit_on_record":    "the carrier's record has a suite, unit or floor, the order has none",
		"other_unit_kind":   "the number is the same, but not what it counts (suite, apartment, floor)",
		"other_unit":        "another suite, unit or floor",
		"account_spaced":    "the same but for spaces or dashes",
		"account_missing":   "the order gives no account number",
		"account_is_btn":    "the order gives the billing telephone number in place of the account number",
		"account_grouped":   "spaces or dashes stand at other places",
		"account_zeros":     "the leading zeros differ",
		"account_case":      "capital and small letters differ",
		"account_other":     "not the account number of the carrier's record",
		"one_letter":        "they differ by one letter or digit",
		"unusable":          "the value in the carrier's record cannot be used on an order",
		"no_numbers":        "the order has no numbers",
		"not_on_account":    "numbers of the order are not on the account",
		"others_stay":       "some of the account's numbers are not on the order: a partial port",
	},
	waits: map[porting.WaitFor]string{
		porting.WaitAnswer: "the carrier's answer", porting.WaitReview: "our review", porting.WaitDesk: "a decision of our staff",
	},
}
