package bandwidth

import (
	"regexp"
	"slices"
	"strings"
)

// fault is one error element of an answer.
type fault struct {
	code string
	// the peer's words; they may hold an account number, so they leave the package through porting.Quote alone
	text    string
	numbers []string
}

// rows are the elements of lists; an error inside one of them is about that row and not about the call.
var rows = []string{"lnpPortInfoForGivenStatus", "OrderHistory", "Note", "fileData", "CsrData"}

// faults reads the errors of an answer wherever they stand: repeated Errors, Error elements within whatever list,
// ResponseStatus and IrisStatus, ErrorCode, and resultCode (sources: infra/docs/wire-locals.md, errors). A document
// that is an Error as a whole is no shape of the peer's: what stands before it, or a store of files, answers so.
func faults(root node) []fault {
	if root.is("Error") {
		return nil
	}
	var all []fault
	list := root.is("CsrResponses")
	root.walk(func(n node) bool {
		if slices.ContainsFunc(rows, n.is) || list && n.is("CsrResponse") {
			return false
		}
		named := n.is("Errors") || n.is("Error") || n.is("ResponseStatus") || n.is("IrisStatus")
		code, text := n.text("ErrorCode"), n.either("Description", "ErrorMessage")
		if named && code == "" {
			code = n.text("Code")
		}
		if result := n.text("resultCode"); code == "" && result != "" {
			code, text = result, n.text("resultMessage")
		}
		if !good(code) {
			all = append(all, fault{code: readable(code), text: strings.Join(strings.Fields(text), " "), numbers: numbersOf(n)})
		}
		return true
	})
	return all
}

// good says that a code is none, or that of a success: rows and results have 0 or 200 beside a text of success.
func good(code string) bool { return code == "" || code == "0" || code == "200" || code == "201" }

var codeForm = regexp.MustCompile(`^[0-9A-Za-z]{1,8}$`)

// readable is the code, unless it is something that must not be shown.
func readable(code string) string {
	if codeForm.MatchString(code) {
		return code
	}
	return "unreadable"
}

// numbersOf are the numbers that an error element lists, in whichever of the peer's ways.
func numbersOf(n node) []string {
	var all []string
	for _, list := range n.Nodes {
		switch {
		case list.is("TelephoneNumbers"), list.is("TnList"):
			for _, tn := range list.Nodes {
				all = append(all, strings.TrimSpace(tn.Chars))
			}
		case list.is("TelephoneNumber"), list.is("Tn"), list.is("FullNumber"):
			all = append(all, strings.TrimSpace(list.Chars))
		}
	}
	all = slices.DeleteFunc(all, func(tn string) bool { return tn == "" })
	slices.Sort(all)
	return slices.Compact(all)
}

// numberForm finds a number in a text: one of ours, whichever way it is written, or a run of seven digits or more.
var numberForm = regexp.MustCompile(`\+?1?[ .-]?\(?\b[0-9]{3}\)?[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4}\b|\b[0-9]{7,}\b`)

// inText are the numbers that the error's text speaks of.
func (f fault) inText() []string { return numberForm.FindAllString(f.text, -1) }

// names are those of own (E.164) of which the error speaks: in its list, or where it has none in its text.
func (f fault) names(own []string) []string {
	given := f.numbers
	if len(given) == 0 {
		given = f.inText()
	}
	var all []string
	for _, tn := range own {
		if slices.ContainsFunc(given, func(g string) bool { return e164(g) == tn }) {
			all = append(all, tn)
		}
	}
	return all
}

// foreign says that the error speaks of numbers, and of none of own.
func (f fault) foreign(own []string) bool {
	return len(f.numbers)+len(f.inText()) > 0 && len(f.names(own)) == 0
}
