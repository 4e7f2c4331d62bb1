package page

import "portway/internal/porting"

// The sentences that the code chooses by a value. All others stand where they are said (sheet.Say). The tables es.txt and
// fr.txt translate both.

// headings say in a few words where the order stands.
var headings = map[porting.Status]string{
	porting.Pending:      "Your order waits for your signature",
	porting.Processing:   "We are checking your order",
	porting.Submitted:    "Your carrier has the request",
	porting.Rejected:     "Something has to be corrected",
	porting.Review:       "We are looking at your corrections",
	porting.Accepted:     "The day of your move is set",
	porting.Completed:    "Your numbers are in service with us",
	porting.Cancelled:    "This order was cancelled",
	porting.Abandoned:    "This order has ended",
	porting.HardCanceled: "This order was cancelled",
}

// summaries say what the order waits for, and whose turn it is.
var summaries = map[porting.Status]string{
	porting.Pending:      "It is your turn. Nothing is sent to your current carrier before you have signed the letter of agency.",
	porting.Processing:   "It is our turn. There is nothing for you to do. Keep your service with your current carrier.",
	porting.Submitted:    "We are waiting for your current carrier's answer. There is nothing for you to do. Keep your service there.",
	porting.Rejected:     "It is your turn. The numbers can't be moved as the order stands.",
	porting.Review:       "It is our turn. We send the order to your carrier again after that. There is nothing for you to do.",
	porting.Accepted:     "Your numbers move on {day|day}. Keep your service with your current carrier until then: a number that is disconnected earlier can't be moved.",
	porting.Completed:    "The carrier has confirmed the move. Text messages usually follow 3 to 5 days later. Whatever else is on your account at the old carrier stays until you cancel it there.",
	porting.Cancelled:    "Nothing changes at your current carrier. Your numbers stay there, and stay in service.",
	porting.Abandoned:    "It was not corrected in time. Nothing changes at your current carrier. Your numbers stay there, and stay in service.",
	porting.HardCanceled: "Your numbers stay with your current carrier, and stay in service.",
}

// doneWords say what a form has just done.
var doneWords = map[string]string{
	"signed":    "Thank you. You have signed the letter of agency. A copy is among the documents in a moment.",
	"sent":      "Thank you. We have your corrections.",
	"uploaded":  "Thank you. We have your file and are checking it. Reload this page in a moment to see whether it was accepted.",
	"dated":     "Thank you. We have noted the day.",
	"changed":   "Thank you. We ask your carrier for the change. You see here what comes of it.",
	"cancelled": "The order is cancelled.",
	"asked":     "We ask your carrier to cancel the order. You see here what comes of it.",
	"back":      "We have asked our porting desk to have your numbers moved back. A person answers you here.",
	"kept":      "Thank you. We have noted the language.",
	"replaced":  "We have mailed you a new link. This one and every earlier one open nothing any more.",
}

// stepLabels are the steps of a port.
var stepLabels = []string{"Signed", "Checked by us", "With your carrier", "Day set", "Moved"}

// stepStates say how a step stands.
var stepStates = map[string]string{"done": "done", "now": "in progress", "stopped": "stopped", "later": "still to come"}

// How one number stands.
const (
	numberMoving   = "takes part"
	numberPorted   = "in service with us"
	numberExcluded = "left out"
	numberStays    = "stays with your carrier"
	numberFailed   = "has not moved yet"
	numberBack     = "went back to your carrier"
)

// documentNames are the kinds of documents in a person's words.
var documentNames = map[porting.DocumentKind]string{
	porting.BillDocument:  "Bill of your current carrier",
	porting.CSRDocument:   "Customer service record of your carrier",
	porting.LOADocument:   "Letter of agency",
	porting.ProofDocument: "Proof that you alone use a toll-free number",
	porting.OtherDocument: "Other document",
}

var documentStates = map[porting.DocumentState]string{
	porting.DocumentPending:    "waiting for the file",
	porting.DocumentProcessing: "being checked",
	porting.DocumentComplete:   "accepted",
	porting.DocumentError:      "not accepted",
}

// usages are the kinds of service.
var usages = map[porting.Usage]string{porting.Business: "business", porting.Residential: "residential"}

// authors are those who write comments.
var authors = map[porting.Role]string{porting.Customer: "You", porting.Staff: "Our porting desk", porting.System: "Our system",
	porting.PeerRole: "Your carrier's side"}

// changeNames are the changes that can be asked for on an order on its way.
var changeNames = map[porting.WishKind]string{
	porting.WishDate:       "another day, {day|day}",
	porting.WishCorrection: "a correction",
	porting.WishRemoval:    "fewer numbers",
	porting.WishAddition:   "more numbers",
	porting.WishCancel:     "the end of the order",
	porting.WishExpedite:   "an earlier day, for an emergency",
}

var changeStates = map[porting.ChangeState]string{
	porting.ChangeAskedFor:    "about to be sent to your carrier",
	porting.ChangeWithCarrier: "your carrier has it and has not answered yet",
	porting.ChangeWithStaff:   "our porting desk asks your carrier",
	porting.ChangeIsDone:      "done",
	porting.ChangeIsRefused:   "refused",
	porting.ChangeOvertaken:   "overtaken, since the order went on before it was made",
}

// hints say where the right value of a detail is found.
var hints = map[string]string{
	"billing_name":     "The person whom the carrier has on the account, as the bill has the name.",
	"company":          "The company's name as the bill has it. Leave it empty for a private account.",
	"billing_number":   "The main number of the account, which most bills have at the top.",
	"provider":         "The company that sends you the bill.",
	"provider_account": "The bill has it near the top. Leave the field empty to keep the number that you gave.",
	"pin":              "The PIN or passcode for moving numbers, which your carrier gives you by telephone or in its app. Leave the field empty to keep the one that you gave.",
	"last_4_ssn":       "Leave the field empty to keep the digits that you gave.",
	"street":           "The address where the service is, which may differ from the one to which bills are sent.",
	"zip":              "Five digits, or nine with a dash.",
	"state":            "Two letters, such as WA.",
}

// autocomplete are the names by which a browser knows what to fill in.
var autocomplete = map[string]string{"company": "organization", "billing_name": "name", "street": "address-line1",
	"street2": "address-line2", "city": "address-level2", "state": "address-level1", "zip": "postal-code", "country": "country",
	"billing_number": "tel"}
