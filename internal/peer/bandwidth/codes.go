package bandwidth

import (
	"regexp"
	"strings"

	"portway/internal/porting"
)

// code is one row of the peer's published codes: what it means in our table of reasons. Vendor are the losing carrier's own
// codes that the peer subsumes; they stand in brackets at the end of its text, and are all we have of an off-net reject.
type code struct {
	code   string
	vendor string
	reason porting.ReasonCode
}

// codes holds the losing carrier's rejects first, then what the peer itself objects to.
var codes = []code{
	{"7400", "E428", "PORT_TYPE_INCORRECT"},
	{"7401", "E17A E17B 8A", porting.AccountMismatch},
	{"7402", "E1", porting.AddressMismatch},
	{"7402", "8D", porting.ZipMismatch},
	{"7403", "6K", "TN_NOT_PORTABLE"},
	{"7404", "8G", porting.NameMismatch},
	{"7405", "6R", "MULTI_LINE_RULE"},
	{"7406", "E6c", "SPECIAL_FEATURE"},
	{"7407", "6M 6N E19", "PENDING_ORDER"},
	{"7408", "6C", "ALL_DATA_MISMATCH"},
	{"7409", "E27 E30", "TN_NOT_IN_SERVICE"},
	{"7410", "E6a", "SPECIAL_FEATURE"},
	{"7411", "E25", "BROADBAND_ON_LINE"},
	{"7412", "1N 6E E35 6F 1L", "FOC_REJECTED"},
	{"7413", "1E", "JEOPARDY_CUSTOMER"},
	{"7414", "8E", porting.NameMismatch},
	{"7415", "E6e", "SPECIAL_FEATURE"},
	{"7416", "E6d", "PORT_FREEZE"},
	{"7417", "6G 1P 999", porting.OtherReason},
	{"7418", "6J", "JEOPARDY_CARRIER"},
	{"7419", "E6b", "SPECIAL_FEATURE"},
	{"7420", "7B", "LOA_ILLEGIBLE"},
	{"7421", "E6f", "SPECIAL_FEATURE"},
	{"7422", "8F", porting.NameMismatch},
	{companion, "7A", "MULTI_LINE_RULE"},
	{"7424", "E8", "LOA_REQUIRED"},
	{"7425", "6P", "PORT_FREEZE"},
	{"7426", "6D", "TN_NOT_IN_SERVICE"},
	{"7427", "6A", porting.TNNotFound},
	{"7428", "E23", "MULTIPLE_ACCOUNTS"},
	{"7429", "E10", porting.NameMismatch},
	{"7430", "1C", "JEOPARDY_CARRIER"},
	{"7431", "E40", "CARRIER_BUSY"},
	{"7432", "E34", "LATE_CHANGE_REFUSED"},
	{"7433", "E33", "LATE_CHANGE_REFUSED"},
	{"7434", "E24 E6h", "BTN_REMAINING"},
	{"7435", "E42PWA E42PWB 8C", "PIN_INVALID"},
	{"7436", "7C", "PORT_TYPE_INCORRECT"},
	{"7437", "E6g", "SPECIAL_FEATURE"},
	{"7438", "6L", "DUE_DATE_INVALID"},
	{"7439", "1M", "DUE_DATE_TOO_SOON"},
	{"7441", "6B", "CARRIER_BUSY"},
	{"7442", "1B", "JEOPARDY_CARRIER"},
	{"7443", "8B", "TAXID_MISMATCH"},
	{"7444", "6H", "CARRIER_BUSY"},
	{"7445", "E14", porting.BTNMismatch},
	{"7470", "E42O", "TN_NOT_PORTABLE"},
	{"7471", "E18", "LSR_FIELD_MISSING"},
	{"7473", "E10a", porting.AuthPersonMismatch},
	{"7484", "E1111", "CARRIER_WORKING"},
	{"7485", "E9999", "MULTIPLE_ACCOUNTS"},

	{"1001", "", "PEER_DENIED"}, {"7001", "", "PEER_DENIED"}, {"7002", "", "PEER_DENIED"}, {"7003", "", "PEER_DENIED"},
	{"7000", "", "CARRIER_BUSY"}, {"7323", "", "CARRIER_BUSY"}, {"7999", "", "CARRIER_BUSY"},
	{"7004", "", porting.NoCoverage}, {"7331", "", porting.NoCoverage}, {"7609", "", porting.NoCoverage},
	{"7005", "", "DUE_DATE_INVALID"}, {"7207", "", "DUE_DATE_INVALID"}, {"7208", "", "DUE_DATE_INVALID"}, {"7217", "", "DUE_DATE_INVALID"},
	{"7209", "", "DUE_DATE_TOO_SOON"}, {"7317", "", "DUE_DATE_TOO_SOON"},
	{"7210", "", porting.DateOutOfRange}, {"7602", "", porting.DateOutOfRange},
	{"7313", "", "DUE_DATE_INVALID"}, {"7315", "", "DUE_DATE_INVALID"}, {"7387", "", "DUE_DATE_INVALID"}, {"7603", "", "DUE_DATE_INVALID"},
	{"7604", "", "DUE_DATE_INVALID"}, {"7605", "", "DUE_DATE_INVALID"},
	{"7102", "", porting.OrderIncomplete}, {"7101", "", porting.OrderIncomplete}, {"7122", "", porting.OrderIncomplete}, {"7316", "", porting.OrderIncomplete},
	{"7505", "", porting.OrderIncomplete}, {"7103", "", porting.OrderIncomplete}, {"7104", "", porting.OrderIncomplete}, {"7105", "", porting.OrderIncomplete},
	{"7106", "", porting.OrderIncomplete}, {"7119", "", porting.OrderIncomplete}, {"7211", "", porting.OrderIncomplete}, {"7612", "", porting.OrderIncomplete},
	{"7107", "", porting.AddressInvalid}, {"7108", "", porting.AddressInvalid}, {"7109", "", porting.AddressInvalid}, {"7110", "", porting.AddressInvalid},
	{"7111", "", porting.AddressInvalid}, {"7112", "", porting.AddressInvalid}, {"7214", "", porting.AddressInvalid}, {"7329", "", porting.AddressInvalid},
	{"7330", "", porting.AddressInvalid}, {"7395", "", porting.AddressInvalid},
	{"7113", "", "ACCOUNT_NUMBER_MISSING"}, {"7114", "", "ACCOUNT_NUMBER_MISSING"}, {"7212", "", porting.AccountMismatch},
	{"7115", "", porting.AuthPersonInvalid}, {"7117", "", "PIN_MISSING"}, {"7213", "", "PIN_INVALID"},
	{"7201", "", "TN_NOT_PORTABLE"}, {"7202", "", porting.TNNotFound}, {"7501", "", "TN_NOT_PORTABLE"}, {"7503", "", "TN_NOT_PORTABLE"},
	{"7203", "", porting.BTNMismatch}, {"7494", "", "BTN_REMAINING"}, {"7496", "", "BTN_REMAINING"}, {"7497", "", "BTN_REMAINING"},
	{"7204", "", "DIFFERENT_CARRIERS"}, {"7363", "", "DIFFERENT_CARRIERS"}, {"7495", "", "DIFFERENT_CARRIERS"}, {"7500", "", "DIFFERENT_CARRIERS"},
	{"7205", "", "TN_ALREADY_PORTING"}, {"7360", "", "TN_ALREADY_PORTING"}, {"7502", "", "TN_ALREADY_PORTING"},
	{"7206", "", "TN_ALREADY_OURS"}, {"7320", "", "TN_ALREADY_OURS"}, {"7378", "", "TN_NOT_IN_SERVICE"},
	{"7300", "", "CARRIER_WORKING"}, {"7301", "", "LATE_CHANGE_REFUSED"}, {"7302", "", "LATE_CHANGE_REFUSED"}, {"7304", "", "LATE_CHANGE_REFUSED"},
	{"7305", "", "LATE_CHANGE_REFUSED"}, {"7306", "", "LATE_CHANGE_REFUSED"}, {"7307", "", "LATE_CHANGE_REFUSED"}, {"7308", "", "LATE_CHANGE_REFUSED"},
	{"7371", "", "LATE_CHANGE_REFUSED"}, {"7483", "", "LATE_CHANGE_REFUSED"}, {"7498", "", "LATE_CHANGE_REFUSED"}, {"7635", "", "LATE_CHANGE_REFUSED"},
	{"7303", "", "PEER_CANCELLED"}, {"7353", "", "PEER_CANCELLED"}, {"7491", "", "PEER_CANCELLED"}, {"7504", "", "PEER_CANCELLED"}, {"7611", "", "PEER_CANCELLED"},
	{"7319", "", "PORT_TYPE_INCORRECT"}, {"7321", "", "PORT_TYPE_INCORRECT"}, {"7386", "", "PORT_TYPE_INCORRECT"}, {"7499", "", "PORT_TYPE_INCORRECT"},
	{"7309", "", "PEER_DENIED"}, {"7310", "", "PEER_DENIED"}, {"7311", "", "PEER_DENIED"}, {"7312", "", "PEER_DENIED"}, {"7332", "", "PEER_DENIED"},
	{"7333", "", "PEER_DENIED"}, {"7334", "", "PEER_DENIED"}, {"7336", "", "PEER_DENIED"}, {"7487", "", "PEER_DENIED"},
	{"7314", "", "PEER_DENIED"}, {"7490", "", "PEER_DENIED"}, {"7517", "", "PEER_DENIED"}, {"7646", "", "PEER_DENIED"},
	// Bandwidth as the losing carrier.
	{"7510", "", "ACCOUNT_NUMBER_MISSING"}, {"7520", "", "PORT_FREEZE"}, {"7521", "", "CARRIER_WORKING"},
}

// companion says that only other numbers of the request are at fault; beside their reasons it adds nothing.
const companion = "7423"

// warnings travel among the errors and stop nothing.
const warnings = " 7347 7380 7388 7389 7396 7486 "

// passing are the peer's own troubles that go away by themselves.
const passing = " 7000 7323 7999 "

var (
	vendorForm = regexp.MustCompile(`[\[(]([0-9A-Za-z]{1,8})[\])]\s*\.?\s*$`)
	codeForm   = regexp.MustCompile(`^[0-9A-Za-z]{1,8}$`)
	offNetForm = regexp.MustCompile(`^6[1-4][0-9]{2}$`)
)

// reasonCode finds a fault's row. Of the peer's text only the vendor code is read, never the words.
func reasonCode(f fault) porting.ReasonCode {
	vendor := ""
	if m := vendorForm.FindStringSubmatch(f.text); m != nil {
		vendor = m[1]
	}
	found := porting.OtherReason
	for _, row := range codes {
		named := vendor != "" && is(" "+row.vendor+" ", vendor)
		switch {
		case named && (row.code == f.code || offNetForm.MatchString(f.code)):
			return row.reason
		case row.code == f.code && found == porting.OtherReason:
			found = row.reason
		}
	}
	return found
}

// reasons turns the faults that stop an order into reasons of ours.
func reasons(faults []fault) []porting.Reason {
	var all []porting.Reason
	for _, f := range faults {
		if is(warnings, f.code) || f.code == companion && len(faults) > 1 {
			continue
		}
		r := porting.Reason{Code: reasonCode(f), Raw: f.code, Said: porting.Quote(f.text)}
		for _, tn := range f.numbers {
			r.Numbers = append(r.Numbers, e164(tn))
		}
		all = append(all, r)
	}
	return all
}

// only says that all faults are in the list of codes.
func only(list string, faults []fault) bool {
	for _, f := range faults {
		if !is(list, f.code) {
			return false
		}
	}
	return len(faults) > 0
}

// e164 is a number as we write it; the wire has ten digits, or E.164 where a subscription asks for it.
func e164(tn string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, tn)
	if len(digits) == 10 {
		return "+1" + digits
	}
	return "+" + digits
}

func ten(e164 string) string { return strings.TrimPrefix(e164, "+1") }
