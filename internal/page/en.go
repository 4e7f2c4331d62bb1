package page

import (
	"strconv"

	"portway/internal/porting"
)

// The English words that the code chooses. All others stand in the templates in en/.

// The titles of the screens.
const (
	titleSign             = "Read and sign the letter of agency"
	titleCorrect          = "Correct your order"
	titleUpload           = "Send us a document"
	titleDate             = "Choose the day of the move"
	titleCancel           = "Cancel this order"
	titleCode             = "Show that it is you"
	titleRefused          = "This could not be done"
	titleNothingToSign    = "There is nothing to sign"
	titleNothingToUpload  = "No document is needed"
	titleNothingToCorrect = "There is nothing to correct"
	titleNoDate           = "The day is fixed for now"
)

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
	porting.Accepted:     "Your numbers move on {day}. Keep your service with your current carrier until then: a number that is disconnected earlier can't be moved.",
	porting.Completed:    "The carrier has confirmed the move. Text messages usually follow 3 to 5 days later. Whatever else is on your account at the old carrier stays until you cancel it there.",
	porting.Cancelled:    "Nothing changes at your current carrier. Your numbers stay there, and stay in service.",
	porting.Abandoned:    "It was not corrected in time. Nothing changes at your current carrier. Your numbers stay there, and stay in service.",
	porting.HardCanceled: "Your numbers stay with your current carrier, and stay in service.",
}

const deskSummary = "A person at our porting desk is looking at your order. There is nothing for you to do."

// The one thing that is wanted.
var (
	wantSign = want{Title: "Sign the letter of agency", Button: "Read and sign",
		Words: "It lets us ask your current carrier for your numbers."}
	wantSignAgain = want{Title: "Sign the letter of agency again", Button: "Read and sign",
		Words: "Carriers accept a letter of agency only while it is recent. Your order goes on meanwhile."}
	wantCorrect = want{Title: "Correct the order and send it again", Button: "See what is wrong",
		Words: "It takes a few minutes, and costs nothing."}
	wantUpload = want{Title: "Send us the document that your carrier asks for", Button: "Send a document",
		Words: "After that you can send the order again."}
	wantProof = want{Title: "Show that the numbers are yours", Button: "Send a document",
		Words: "Somebody else says that the numbers are theirs, or doubts this port. A recent bill of the account shows that they are yours. " +
			"Our staff decides after {day}; who has shown nothing by then usually loses the numbers."}
	wantBill = want{Title: "Send us a recent bill", Button: "Send a document",
		Words: "Carriers accept a bill only while it is recent. Your order goes on meanwhile."}
)

const untilWords = "Please do it before {day}, when the order ends by itself."

// What comes next.
const (
	nextCheck = "We ask your carrier how far it is, by {day}."
	nextMove  = "Your numbers move: {day}."
	nextEnd   = "The order ends by itself if nothing is done: {day}."
)

// doneWords say what a form has just done.
var doneWords = map[string]string{
	"signed":    "Thank you. You have signed the letter of agency. A copy is among the documents in a moment.",
	"sent":      "Thank you. We have your corrections.",
	"uploaded":  "Thank you. We have your file and are checking it. Reload this page in a moment to see whether it was accepted.",
	"dated":     "Thank you. We have noted the day.",
	"cancelled": "The order is cancelled.",
	"asked":     "We have asked our porting desk to cancel the order. A person answers you here.",
}

const cancelRequest = "Please cancel this order."

// The steps of a port.
var (
	stepLabels = []string{"Signed", "Checked by us", "With your carrier", "Day set", "Moved"}
	stepStates = map[string]string{"done": "done", "now": "in progress", "stopped": "stopped", "later": "still to come"}
)

// How one number stands.
const (
	numberMoving   = "takes part"
	numberPorted   = "in service with us"
	numberExcluded = "left out"
	numberStays    = "stays with your carrier"
)

func numberCount(n int) string {
	if n == 1 {
		return "1 number"
	}
	return strconv.Itoa(n) + " numbers"
}

func moreNumbers(n int) string { return "and " + strconv.Itoa(n) + " more" }

// documentNames are the kinds of documents in a person's words.
var documentNames = map[porting.DocumentKind]string{
	porting.BillDocument:  "bill of your current carrier",
	porting.CSRDocument:   "customer service record of your carrier",
	porting.LOADocument:   "letter of agency",
	porting.ProofDocument: "proof that you alone use a toll-free number",
	porting.OtherDocument: "other document",
}

var documentStates = map[porting.DocumentState]string{
	porting.DocumentPending:    "waiting for the file",
	porting.DocumentProcessing: "being checked",
	porting.DocumentComplete:   "accepted",
	porting.DocumentError:      "not accepted",
}

// authors are those who write comments.
var authors = map[porting.Role]string{porting.Customer: "You", porting.Staff: "Our porting desk", porting.System: "Our system",
	porting.PeerRole: "Your carrier's side"}

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

// The calendar entry of the move.
const (
	calendarTitle = "Your telephone numbers move"
	calendarWords = "Keep the service at the old carrier until the numbers have moved. Numbers: %d."
)

// codeMail is the mail with a code. Its subject has no number, so that a glance at a locked telephone shows none.
func codeMail(digits, numbers string) (subject, text, html string) {
	subject = "Your code is " + digits
	text = "Your code is " + digits + ".\n\nEnter it on the page of your port order for " + numbers + ". It is valid for 15 minutes.\n\n" +
		"If you did not ask for it, somebody else may have your link: do not pass the code on, and write to our porting desk.\n"
	return subject, text, mailHTML(subject, []string{"Enter " + digits + " on the page of your port order for " + numbers + ". It is valid for 15 minutes.",
		"If you did not ask for it, somebody else may have your link: do not pass the code on, and write to our porting desk."}, "")
}

// linkMail is the mail with a fresh link.
func linkMail(address, numbers string) (subject, text, html string) {
	subject = "Your link to your port order"
	text = "Here is a fresh link to the page of your port order for " + numbers + ":\n\n" + address + "\n\nLinks of earlier mails no longer work.\n"
	return subject, text, mailHTML(subject, []string{"Here is a fresh link to the page of your port order for " + numbers + ". Links of earlier mails no longer work."},
		address)
}
