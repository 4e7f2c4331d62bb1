package bandwidth

import (
	"fmt"
	"strings"
	"testing"
)

// Errors stand in many places. Each shape is one that the peer's spec, guides or SDK tests show.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []fault
	}{
		{"one Errors", `<LnpOrderResponse><Errors><Code>7401</Code><Description>no</Description></Errors></LnpOrderResponse>`,
			[]fault{{"7401", "no", nil}}},
		{"several, with numbers", `<LnpOrderResponse><Errors><Code>7401</Code></Errors><Errors><Code>7427</Code>` +
			`<TelephoneNumbers><Tn>9195550101</Tn><Tn>9195550102</Tn></TelephoneNumbers></Errors></LnpOrderResponse>`,
			[]fault{{"7401", "", nil}, {"7427", "", []string{"9195550101", "9195550102"}}}},
		{"numbers by their long name", `<r><Errors><Code>7495</Code><TelephoneNumbers><TelephoneNumber>` +
			`9195550101</TelephoneNumber></TelephoneNumbers></Errors></r>`, []fault{{"7495", "", []string{"9195550101"}}}},
		{"a single number", `<r><Errors><Code>7201</Code><TelephoneNumber>9195550101</TelephoneNumber></Errors></r>`,
			[]fault{{"7201", "", []string{"9195550101"}}}},
		{"numbers in a TnList", `<TnListResponse><ErrorList><Error><Code>7201</Code><TnList><Tn>9195550101</Tn></TnList>` +
			`</Error></ErrorList></TnListResponse>`, []fault{{"7201", "", []string{"9195550101"}}}},
		{"a number twice", `<r><PortabilityErrors><Error><Code>7378</Code><TelephoneNumbers><Tn>9195550101</Tn>` +
			`<Tn>9195550101</Tn></TelephoneNumbers></Error></PortabilityErrors></r>`,
			[]fault{{"7378", "", []string{"9195550101"}}}},
		{"the error list of a record", `<CsrResponse><Status>FAILED</Status><Errors><Error><Code>26500</Code><Description>` +
			`CSR is not available for this TN</Description></Error></Errors></CsrResponse>`,
			[]fault{{"26500", "CSR is not available for this TN", nil}}},
		{"a record request's", `<CsrOrderResponse><Errors><Error><Code>54321</Code></Error></Errors></CsrOrderResponse>`,
			[]fault{{"54321", "", nil}}},
		{"a note's", `<NoteResponse><ResponseStatus><ErrorCode>12501</ErrorCode><Description>Username is ` +
			`required</Description></ResponseStatus></NoteResponse>`, []fault{{"12501", "Username is required", nil}}},
		{"an activation's", `<ActivationStatusResponse><ResponseStatus><ErrorCode>7342</ErrorCode></ResponseStatus>` +
			`</ActivationStatusResponse>`, []fault{{"7342", "", nil}}},
		{"a subscription's", `<SubscriptionsResponse><ErrorCode>16008</ErrorCode><Description>exists</Description>` +
			`</SubscriptionsResponse>`, []fault{{"16008", "exists", nil}}},
		{"toll-free numbers'", `<LnpOrderResponse><TollFreeValidationErrors><ErrorList><Error><Code>7642</Code>` +
			`<TelephoneNumbers><Tn>8335550101</Tn></TelephoneNumbers></Error></ErrorList></TollFreeValidationErrors>` +
			`</LnpOrderResponse>`,
			[]fault{{"7642", "", []string{"8335550101"}}}},
		{"a list of port-ins", `<PortinListResponse><Errors><Error><ErrorCode>7701</ErrorCode><PortinOrderId>` +
			`x</PortinOrderId></Error></Errors></PortinListResponse>`, []fault{{"7701", "", nil}}},
		{"a draft's history", `<OrderHistoryWrapper><IrisStatus><Code>7710</Code><Description>no</Description></IrisStatus>` +
			`</OrderHistoryWrapper>`, []fault{{"7710", "no", nil}}},
		{"a file's", `<fileUploadResponse><resultCode>7638</resultCode><resultMessage>no</resultMessage>` +
			`</fileUploadResponse>`, []fault{{"7638", "no", nil}}},
		{"a file list's, in other letters", `<FileListResponse><FileCount>0</FileCount><ResultCode>7003</ResultCode>` +
			`<ResultMessage>no</ResultMessage></FileListResponse>`, []fault{{"7003", "no", nil}}},
		{"line breaks within", "<r><Errors><Code>\n  7401\n</Code><Description>\n account\n   " +
			"number\n</Description></Errors></r>", []fault{{"7401", "account number", nil}}},
		{"names in other letters", `<lnporderresponse><errors><code>7401</code><description>no</description></errors>` +
			`</lnporderresponse>`, []fault{{"7401", "no", nil}}},
		{"a success in a row of a list", `<LNPResponseWrapper><lnpPortInfoForGivenStatus><ErrorCode>200</ErrorCode>` +
			`<ErrorMessage>Port out successful.</ErrorMessage></lnpPortInfoForGivenStatus></LNPResponseWrapper>`, nil},
		{"a row's own errors", `<CsrResponses><CsrResponse><Errors><Error><Code>26500</Code></Error></Errors></CsrResponse>` +
			`</CsrResponses>`, nil},
		{"the order's own status", `<LnpOrderResponse><Status><Code>400</Code><Description>Validation Failed.</Description>` +
			`</Status></LnpOrderResponse>`, nil},
		{"a result that is none", `<fileListResponse><resultCode>0</resultCode><resultMessage>ok</resultMessage>` +
			`</fileListResponse>`, nil},
		{"an empty list", `<LnpOrderResponse><Errors/></LnpOrderResponse>`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, ok := parse([]byte(c.body))
			if got := faults(root); !ok || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// An answer of one byte for each character, and one in any case of letters, is read like every other.
func TestParseOtherEncodings(t *testing.T) {
	for _, c := range []struct{ name, body string }{
		{"UTF-8", `<?xml version="1.0" encoding="UTF-8"?><r><Description>José</Description></r>`},
		{"with a byte order mark", "\ufeff" + `<?xml version="1.0" encoding="utf-8"?><r><Description>José</Description></r>`},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?><r><Description>Jos` + "\xe9" + `</Description></r>`},
		{"without a declaration", `<r><DESCRIPTION> José </DESCRIPTION></r>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if root, ok := parse([]byte(c.body)); !ok || root.text("Description") != "José" {
				t.Errorf("%t, %q", ok, root.text("Description"))
			}
		})
	}
	if _, ok := parse([]byte(`<?xml version="1.0" encoding="EBCDIC-CP-US"?><r/>`)); ok {
		t.Error("an encoding that nobody here knows was read")
	}
}

// Numbers of an error that stand in its text alone are found, if they are the order's.
func TestNumbersInTexts(t *testing.T) {
	for _, c := range []struct{ code, text string }{
		{"7386", "You have mixed toll free and non-toll free numbers in the order. These numbers are 9195550102"},
		{"7491", "This order was cancelled due to the following numbers: [9195550102]. These numbers will need to be " +
			"disconnected first."},
		{"7502", "Telephone number list can not contain duplicates: 9195550102"},
		{"7504", "This order was cancelled due to the following numbers: [9195550102, 6055550103]."},
		{"7600", "External telephone number(s) cannot be used: +19195550102."},
		{"7201", "919-555-0102 is not a valid NANP telephone number."},
		{"7201", "(919) 555-0102 is not a valid NANP telephone number."},
		{"7201", "+1 919 555 0102 is not a valid NANP telephone number."},
		{"7201", "919.555.0102 is not a valid NANP telephone number."},
		{"9876", "(919)555-0102 and account 1234567890 are wrong"},
	} {
		t.Run(c.code+" "+c.text, func(t *testing.T) {
			a := read(t, `<ProcessingStatus>EXCEPTION</ProcessingStatus><ListOfPhoneNumbers><PhoneNumber>`+
				`9195550101</PhoneNumber>`+
				`<PhoneNumber>9195550102</PhoneNumber></ListOfPhoneNumbers>
				<Errors><Code>`+c.code+`</Code><Description>`+c.text+`</Description></Errors>`)
			if len(a.Reasons) != 1 || len(a.Reasons[0].Numbers) != 1 || a.Reasons[0].Numbers[0] != "+19195550102" {
				t.Fatalf("%+v", a.Reasons)
			}
			if strings.Contains(a.Reasons[0].Said, "9195550102") {
				t.Errorf("said %q", a.Reasons[0].Said)
			}
		})
	}
}
