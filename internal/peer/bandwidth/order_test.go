package bandwidth

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/porting"
)

func refusal(code string) string {
	return `<LnpOrderResponse><Status><Code>400</Code><Description>Validation Failed.</Description></Status><Errors>` +
		`<Code>` + code +
		`</Code><Description>no</Description></Errors><ProcessingStatus>EXCEPTION</ProcessingStatus></LnpOrderResponse>`
}

// Nothing is concluded from a status without a body that says it.
func TestSuccessThatIsNone(t *testing.T) {
	const html, xhtml = "<html><head><title>404<body>no such page<br>", `<html xmlns="http://www.w3.org/1999/xhtml">` +
		`<body>no such page</body></html>`
	have := orderAnswer(`<ProcessingStatus>EXCEPTION</ProcessingStatus>`)
	cancel := func(c *Client) error { return c.Cancel(t.Context(), "ref") }
	change := func(c *Client) error { _, err := c.Supplement(t.Context(), "ref", request()); return err }
	submit := func(c *Client) error { _, err := c.Submit(t.Context(), request()); return err }
	read := func(c *Client) error { _, err := c.Read(t.Context(), "ref"); return err }
	note := func(c *Client) error { return c.WriteNote(t.Context(), "ref", "hello") }
	find := func(c *Client) error { _, _, err := c.Find(t.Context(), request()); return err }
	upload := func(c *Client) error {
		_, err := c.Upload(t.Context(), "ref", Document{Type: "LOA", ContentType: "application/pdf", Bytes: []byte("%PDF")})
		return err
	}
	ok := func(err error) bool { return err == nil }
	gone := func(err error) bool {
		var d *peer.Denied
		return errors.As(err, &d) && d.Unknown()
	}
	done := func(err error) bool {
		var d *peer.Denied
		return errors.As(err, &d) && d.Done()
	}
	late := func(err error) bool {
		var d *peer.Denied
		return errors.As(err, &d) && d.Reasons[0].Code == porting.LateChangeRefused
	}
	for _, c := range []struct {
		name, call string
		do         func(*Client) error
		status     int
		body       string
		want       func(error) bool
	}{
		{"cancelled", "DELETE portins/ref", cancel, 200, "", ok},
		{"cancelled, with the order as answer", "DELETE portins/ref", cancel, 200,
			orderAnswer("<ProcessingStatus>REQUESTED_CANCEL</ProcessingStatus>").body, ok},
		{"cancelled before", "DELETE portins/ref", cancel, 400, refusal("7303"), ok},
		{"about to be cancelled", "DELETE portins/ref", cancel, 400, refusal("7353"), ok},
		{"an order that is gone", "DELETE portins/ref", cancel, 400, refusal("7200"), ok},
		{"and by its other codes", "DELETE portins/ref", cancel, 400, refusal("7335"), ok},
		{"and by the third", "DELETE portins/ref", cancel, 404, refusal("7480"), ok},
		{"a cancellation of what is complete", "DELETE portins/ref", cancel, 400, refusal("7304"), done},
		{"a cancellation that comes too late", "DELETE portins/ref", cancel, 400, refusal("7301"), late},
		{"a carrier that does not let go", "DELETE portins/ref", cancel, 400, refusal("7432"), late},
		{"and under a good status", "DELETE portins/ref", cancel, 200, refusal("7432"), late},
		{"the order's old errors beside its cancellation", "DELETE portins/ref", cancel, 200, refusal("7401"), ok},
		{"404 without a body", "DELETE portins/ref", cancel, 404, "", isDown},
		{"404 with a page", "DELETE portins/ref", cancel, 404, html, isDown},
		{"404 with a page that is XML", "DELETE portins/ref", cancel, 404, xhtml, isDown},
		{"200 with a page", "DELETE portins/ref", cancel, 200, html, isDown},
		{"200 with a page that is XML", "DELETE portins/ref", cancel, 200, xhtml, isDown},
		{"no right to cancel", "DELETE portins/ref", cancel, 400, refusal("7003"), func(err error) bool {
			return isDenied(err, porting.PeerDenied, "7003")
		}},

		{"a change of nothing", "PUT portins/ref", change, 400, refusal("7480"), gone},
		{"a change of what is complete", "PUT portins/ref", change, 400, refusal("7304"), done},
		{"a change that was taken", "PUT portins/ref", change, 200, "", ok},
		{"and with the order as answer", "PUT portins/ref", change, 200,
			orderAnswer(`<OrderId>ref</OrderId><ProcessingStatus>REQUESTED_SUPP</ProcessingStatus>`).body, ok},
		{"a change answered by a page", "PUT portins/ref", change, 200, html, isDown},
		{"a change refused by a page", "PUT portins/ref", change, 400, xhtml, isDown},
		{"a change that conflicts without a word", "PUT portins/ref", change, 409, "", isDown},

		{"an order refused by a page", "POST portins", submit, 422, html, isDown},
		{"an order refused without a word", "POST portins", submit, 400, "", isDown},
		{"an order answered by a page with a link", "POST portins", submit, 200, xhtml, isDown},
		{"an order that is read as a page", "GET portins/ref", read, 404, xhtml, isDown},
		{"an order that is read as nothing", "GET portins/ref", read, 404, "", isDown},
		{"an order that the peer does not know", "GET portins/ref", read, 404, refusal("7200"), gone},
		{"a list that is a page", "GET portins", find, 404, html, isDown},
		{"a note answered by a page", "POST portins/ref/notes", note, 200, xhtml, isDown},
		{"a note without an author", "POST portins/ref/notes", note, 400, `<NoteResponse><ResponseStatus><ErrorCode>` +
			`12501</ErrorCode><Description>Username is required</Description></ResponseStatus></NoteResponse>`,
			func(err error) bool { return isDenied(err, porting.OurRequest, "12501") }},
		{"a file answered by a page", "POST portins/ref/loas", upload, 200, xhtml, isDown},
		{"a file refused by a page", "POST portins/ref/loas", upload, 409, html, isDown},
		{"a file refused as it is published", "POST portins/ref/loas", upload, 409, "", func(err error) bool {
			return isDenied(err, porting.DocTypeInvalid, "HTTP 409")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers := map[string]answer{"GET portins/ref": have}
			answers[c.call] = answer{status: c.status, body: c.body}
			bw, _ := client(answers)
			if err := c.do(bw); !c.want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A change may be taken and dropped: the next look shows its refusal, and the carrier never got it.
func TestSupplementThatIsDropped(t *testing.T) {
	const foc = `<ProcessingStatus>FOC</ProcessingStatus><ActualFocDate>2030-03-14</ActualFocDate><RequestedFocDate>` +
		`2030-03-14</RequestedFocDate>`
	for _, c := range []struct {
		name, before, after string
		want                porting.ReasonCode
	}{
		{name: "the change stands", before: foc, after: foc},
		{name: "the carrier is answering", before: foc, after: foc + `<Errors><Code>7300</Code></Errors>`,
			want: porting.CarrierWorking},
		{name: "too close to the date", before: foc, after: foc + `<Errors><Code>7301</Code></Errors>`,
			want: porting.LateChangeRefused},
		{name: "an error of before", before: foc + `<Errors><Code>7300</Code></Errors>`, after: foc +
			`<Errors><Code>7300</Code></Errors>`},
		{name: "the carrier's own refusal, which Read tells", before: foc,
			after: `<ProcessingStatus>EXCEPTION</ProcessingStatus><Errors><Code>7401</Code></Errors>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &steps{answers: []answer{orderAnswer(c.before),
				orderAnswer(`<OrderId>ref</OrderId><ProcessingStatus>REQUESTED_SUPP</ProcessingStatus>`), orderAnswer(c.after)}}
			r := request()
			r.Sup, r.Date = porting.SupDate, "2030-03-18"
			_, err := w.client().Supplement(t.Context(), "ref", r)
			var d *peer.Denied
			if (err != nil) != (c.want != "") || err != nil && (!errors.As(err, &d) || d.Reasons[0].Code != c.want) ||
				!strings.HasPrefix(w.sent[1], "PUT ") {
				t.Errorf("%v, %q", err, w.sent)
			}
		})
	}
}

// Off-net most rejects end the order: it is cancelled, and another one is made in its place once it has ended.
func TestSupplementOfAnOrderThatGoesNoFurther(t *testing.T) {
	exception := func(code string) answer {
		return orderAnswer(`<ProcessingStatus>EXCEPTION</ProcessingStatus><VendorName>Level 3</VendorName><PortType>` +
			`AUTOMATED</PortType><Errors><Code>` + code + `</Code></Errors>`)
	}
	state := func(s string) answer { return orderAnswer(`<ProcessingStatus>` + s + `</ProcessingStatus>`) }
	list := func(rows ...string) answer {
		all := ""
		for _, id := range rows {
			all += `<lnpPortInfoForGivenStatus><OrderId>` + id + `</OrderId><CustomerOrderId>pw-000123-1</CustomerOrderId>` +
				`<ProcessingStatus>SUBMITTED</ProcessingStatus></lnpPortInfoForGivenStatus>`
		}
		return answer{status: 200, body: `<LNPResponseWrapper>` + all + `</LNPResponseWrapper>`}
	}
	made, none := orderAnswer(`<OrderId>next</OrderId><ProcessingStatus>SUBMITTED</ProcessingStatus>`), answer{status: 204}
	for _, c := range []struct {
		name    string
		answers []answer
		calls   string
		ref     string
		fail    func(error) bool
	}{
		{"made anew", []answer{exception("6215"), {status: 200}, state("CANCELLED"), made, none, {status: 201}},
			"GET DELETE GET POST GET POST", "next", nil},
		{"the peer forgets what was cancelled", []answer{exception("6215"), {status: 200},
			{status: 404, body: refusal("7200")}, made, none, {status: 201}}, "GET DELETE GET POST GET POST", "next", nil},
		{"the carrier has yet to let go", []answer{exception("6215"), {status: 200}, state("REQUESTED_CANCEL")},
			"GET DELETE GET", "", isDown},
		{"it does not let go", []answer{exception("6215"), {status: 400, body: refusal("7432")}}, "GET DELETE", "",
			func(err error) bool { return isDenied(err, porting.LateChangeRefused, "7432") }},
		{"an answer was lost: the next one is there", []answer{state("CANCELLED"), list("ref", "next"), none, {status: 201}},
			"GET GET GET POST", "next", nil},
		{"and it is not", []answer{orderAnswer(`<ProcessingStatus>CANCELLED</ProcessingStatus><Errors><Code>6215</Code>` +
			`</Errors>`), list("ref"), made, none, {status: 201}}, "GET GET POST GET POST", "next", nil},
		{"and it is not, nor are its errors", []answer{state("CANCELLED"), list("ref"), made, none, {status: 201}},
			"GET GET POST GET POST", "next", nil},
		{"it has died of something else",
			[]answer{orderAnswer(`<ProcessingStatus>CANCELLED</ProcessingStatus><Errors><Code>7491</Code></Errors>`),
				list("ref")}, "GET GET", "",
			func(err error) bool { return isDenied(err, porting.InternalPort, "7491") }},
		{"its port was undone", []answer{state("SNAPBACK"), list("ref")}, "GET GET", "", func(err error) bool {
			return isDenied(err, porting.PeerCancelled, "SNAPBACK")
		}},
		{"a reject that a change resolves", []answer{exception("6214"), {status: 200}, state("REQUESTED_SUPP")},
			"GET PUT GET", "ref", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &steps{answers: c.answers}
			ref, err := w.client().Supplement(t.Context(), "ref", request())
			var calls []string
			for _, s := range w.sent {
				calls = append(calls, s[:strings.Index(s, " ")])
			}
			if ref != c.ref || (err != nil) != (c.fail != nil) || c.fail != nil && !c.fail(err) ||
				strings.Join(calls, " ") != c.calls {
				t.Errorf("%q, %v after %s", ref, err, strings.Join(calls, " "))
			}
		})
	}
	t.Run("without what the partner refuses on a fixed number", func(t *testing.T) {
		const gone = `<ProcessingStatus>CANCELLED</ProcessingStatus><PortType>AUTOMATED</PortType>`
		for name, c := range map[string]struct {
			answers []answer
			posted  int
			without bool
		}{
			"at once": {[]answer{exception("6209"), {status: 200}, state("CANCELLED"), made, none, {status: 201}},
				3, true},
			"when it has ended": {[]answer{orderAnswer(gone + `<VendorName>Level 3</VendorName>`), none, made, none,
				{status: 201}}, 2, true},
			"but on a mobile": {
				[]answer{orderAnswer(gone + `<VendorName>Level 3</VendorName><LosingCarrierIsWireless>` +
					`true</LosingCarrierIsWireless>`), none, made, none, {status: 201}}, 2, false},
			"nor without a partner": {[]answer{orderAnswer(gone + `<VendorName>Bandwidth CLEC</VendorName>`), none, made, none,
				{status: 201}}, 2, false},
		} {
			w := &steps{answers: c.answers}
			if _, err := w.client().Supplement(t.Context(), "ref", request()); err != nil ||
				strings.Contains(w.sent[c.posted], "WirelessInfo") == c.without {
				t.Errorf("%s: %v, %s", name, err, w.sent[c.posted])
			}
		}
	})
}

// WirelessInfo goes with both of its elements in a change, or not at all.
func TestChangeHasAccountAndPIN(t *testing.T) {
	for _, c := range []struct {
		name, have   string
		account, pin string // ours
		want         string
	}{
		{"both are ours", "", "A1", "P1",
			"<WirelessInfo><AccountNumber>A1</AccountNumber><PinNumber>P1</PinNumber></WirelessInfo>"},
		{"the PIN is the order's", "<WirelessInfo><AccountNumber>A0</AccountNumber><PinNumber>P0</PinNumber></WirelessInfo>",
			"A1", "", "<AccountNumber>A1</AccountNumber><PinNumber>P0</PinNumber>"},
		{"nobody has a PIN", "", "A1", "", "<AccountNumber>A1</AccountNumber><PinNumber></PinNumber>"},
		{"neither", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, w := client(map[string]answer{"GET portins/ref": orderAnswer(`<ProcessingStatus>EXCEPTION</ProcessingStatus>` +
				c.have), "PUT portins/ref": {status: 200}})
			r := request()
			r.Order.Details.ProviderAccount, r.Order.Details.PIN = porting.NewSecret(c.account), porting.NewSecret(c.pin)
			if _, err := bw.Supplement(t.Context(), "ref", r); err != nil {
				t.Fatal(err)
			}
			if put := w.last("PUT "); c.want == "" && strings.Contains(put, "Wireless") || !strings.Contains(put, c.want) {
				t.Error(put)
			}
		})
	}
}

// A row of a list is ours when it says so; pages are followed by their links' page alone.
func TestListedOrders(t *testing.T) {
	row := func(inside string) string {
		return `<lnpPortInfoForGivenStatus><OrderId>ref</OrderId>` + inside + `</lnpPortInfoForGivenStatus>`
	}
	const ours = `<CustomerOrderId>pw-000123-1</CustomerOrderId>`
	next := func(page string) string {
		const list = `https://evil.example/v1.0/accounts/1/portins`
		return `<Links><first>Link=&lt;` + list + `?page=1&amp;size=50&gt;;rel="first";</first>` +
			`<next>Link=&lt;` + list + `?page=` + page + `&amp;size=50&gt;;rel="next";</next></Links>`
	}
	for _, c := range []struct {
		name  string
		pages []string
		found bool
		fail  func(error) bool
	}{
		{"ours", []string{row(ours)}, true, nil},
		{"ours, its kind told", []string{row(ours + `<OrderType>port_in</OrderType>`)}, true, nil},
		{"without a reference", []string{row("")}, false, nil},
		{"with an empty one", []string{row("<CustomerOrderId/>")}, false, nil},
		{"another's", []string{row("<CustomerOrderId>pw-000123-12</CustomerOrderId>")}, false, nil},
		{"a port-out", []string{row(ours + `<OrderType>port_out</OrderType>`)}, false, nil},
		{"on the second page", []string{next("af31") + row(""), row(ours)}, true, nil},
		{"a link without an end", []string{next("af31") + row("")}, false, nil},
		{"a placeholder in the place of the link", []string{`<TotalCount>3176</TotalCount><Links><next> -- link -- </next>` +
			`</Links>` + row("")}, false, isDown},
		{"a placeholder on the last page", []string{`<TotalCount>1</TotalCount><Links><next> -- link -- </next></Links>` +
			row("")}, false, nil},
		{"an empty list", []string{`<TotalCount>0</TotalCount>`}, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &steps{}
			for _, p := range c.pages {
				w.answers = append(w.answers, answer{status: 200, body: `<LNPResponseWrapper>` + p + `</LNPResponseWrapper>`})
			}
			ref, _, err := w.client().lookup(t.Context(), "pw-000123-1", "")
			if (ref == "ref") != c.found || (err != nil) != (c.fail != nil) || c.fail != nil && !c.fail(err) {
				t.Errorf("%q, %v", ref, err)
			}
			if len(c.pages) > 1 && !strings.Contains(w.sent[1], "page=af31") || len(w.sent) > 2 {
				t.Errorf("%q", w.sent)
			}
		})
	}
}

// Find changes nothing, whether or not the caller has what would complete the order. So a withdrawal, which has neither
// the LOA nor the order's open secrets, submits no draft that a crash has left behind.
func TestFindIsALook(t *testing.T) {
	listed := answer{status: 200, body: `<LNPResponseWrapper><lnpPortInfoForGivenStatus><OrderId>ref</OrderId>` +
		`<CustomerOrderId>pw-000123-1</CustomerOrderId>
		<ProcessingStatus>DRAFT</ProcessingStatus></lnpPortInfoForGivenStatus></LNPResponseWrapper>`}
	bw, w := client(map[string]answer{"GET portins": listed})
	bw.cfg.Draft = true
	for _, loa := range [][]byte{nil, request().LOA} {
		r := request()
		r.LOA, w.sent = loa, nil
		if ref, ok, err := bw.Find(t.Context(), r); !ok || err != nil || ref != "ref" || len(w.sent) != 1 {
			t.Errorf("%q, %t, %v, %q", ref, ok, err, w.sent)
		}
	}
}

// The id of a file stands in several places.
func TestUploadedFile(t *testing.T) {
	at := func(s string) http.Header { return http.Header{"Location": {s}} }
	for _, c := range []struct {
		name string
		answer
		id   string
		fail func(error) bool
	}{
		{"fileUploadResponse", answer{status: 201, body: `<fileUploadResponse><filename>f.pdf</filename><resultCode>` +
			`0</resultCode></fileUploadResponse>`}, "f.pdf", nil},
		{"FileResult", answer{status: 200, body: `<?xml version="1.0"?><FileResult><filename>f.pdf</filename></FileResult>`},
			"f.pdf", nil},
		{"the schema's spelling", answer{status: 201, body: `<FileUploadResponse><fileName>f.pdf</fileName>` +
			`</FileUploadResponse>`}, "f.pdf", nil},
		{"no body and a Location",
			answer{status: 201, header: at("https://peer.example/v1.0/accounts/1/portins/ref/loas/f.pdf")}, "f.pdf", nil},
		{"no body and a bare name", answer{status: 201, header: at("f.pdf")}, "f.pdf", nil},
		{"no body", answer{status: 201}, "", nil},
		{"a result that is none", answer{status: 200, body: `<fileUploadResponse><resultCode>7638</resultCode>` +
			`</fileUploadResponse>`}, "", func(err error) bool { return isDenied(err, porting.DocTypeInvalid, "7638") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, _ := client(map[string]answer{"POST portins/ref/loas": c.answer})
			id, err := bw.Upload(t.Context(), "ref", Document{Type: "LOA", ContentType: "application/pdf",
				Bytes: []byte("%PDF")})
			if id != c.id || (err != nil) != (c.fail != nil) || c.fail != nil && !c.fail(err) {
				t.Errorf("%q, %v", id, err)
			}
		})
	}
}

// Lists of files come under two roots and in two forms, with kinds that nobody publishes.
func TestListedFiles(t *testing.T) {
	for name, body := range map[string]string{
		"bare names": `<fileListResponse><fileCount>2</fileCount><fileNames>a.pdf</fileNames><fileNames>` +
			`b.pdf</fileNames><resultCode>0</resultCode></fileListResponse>`,
		"the other root": `<FileListResponse><FileCount>2</FileCount><FileData><FileName>a.pdf</FileName></FileData>` +
			`<FileData><FileName>b.pdf</FileName></FileData><ResultCode>0</ResultCode></FileListResponse>`,
		"a kind of its own": `<fileListResponse><fileData><FileName>a.pdf</FileName><FileMetaData><DocumentType>` +
			`PDF</DocumentType></FileMetaData></fileData><fileData><FileName>b.pdf</FileName></fileData></fileListResponse>`,
		"with line breaks": "<fileListResponse>\n<fileNames>\n " +
			"a.pdf\n</fileNames>\n<fileNames>b.pdf</fileNames>\n</fileListResponse>",
		"a result that says": `<fileListResponse><fileCount>0</fileCount><resultCode>7003</resultCode></fileListResponse>`,
	} {
		t.Run(name, func(t *testing.T) {
			bw, _ := client(map[string]answer{"GET portins/ref/loas": {status: 200, body: body}})
			all, err := bw.Documents(t.Context(), "ref")
			if strings.Contains(body, "7003") {
				if !isDenied(err, porting.PeerDenied, "7003") {
					t.Errorf("%+v, %v", all, err)
				}
				return
			}
			if err != nil || len(all) != 2 || all[0].ID != "a.pdf" || all[1].ID != "b.pdf" || strings.Contains(body, "PDF") &&
				strings.Contains(body, "Type") && all[0].Type != "PDF" {
				t.Errorf("%+v, %v", all, err)
			}
		})
	}
}

// A record's reasons stand among its errors; beside the record itself they stop nothing.
func TestRecordErrors(t *testing.T) {
	const no = `<Errors><Error><Code>26500</Code><Description>CSR is not available for this TN</Description></Error>` +
		`</Errors>`
	const data = `<CsrData><CustomerName>JOHN SMITH</CustomerName><ServiceAddress><HouseNumber>900</HouseNumber>` +
		`<StreetName>MAIN CAMPUS</StreetName><StateCode>NC</StateCode></ServiceAddress></CsrData>`
	for _, c := range []struct {
		name, body, said string
		state            porting.AnswerState
	}{
		{"none, and why", `<Status>FAILED</Status>` + no, "FAILED: CSR is not available for this TN (26500)",
			porting.AnswerNoRecord},
		{"in other letters", `<Status>Failed</Status>` + no, "Failed: CSR is not available for this TN (26500)",
			porting.AnswerNoRecord},
		{"more is wanted", `<Status>ACTION_REQUIRED</Status><Errors><Error><Code>6187</Code><Description>Type of service ` +
			`is required (01141)</Description></Error></Errors>`,
			"ACTION_REQUIRED: Type of service is required … (6187)", porting.AnswerLacking},
		{"an error beside the record", `<Status>COMPLETE</Status>` + data + no, "COMPLETE", porting.AnswerReady},
		{"complete without a record", `<Status>COMPLETE</Status><CsrData/>` + no, "COMPLETE: CSR is not available for " +
			"this TN (26500)", porting.AnswerNoRecord},
		{"a state that nobody knows", `<Status>THINKING</Status>`, "THINKING", porting.AnswerWaiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, _ := client(map[string]answer{"GET csrs/ref": {status: 200, body: `<CsrResponse>` + c.body + `</CsrResponse>`}})
			rec, state, said, err := bw.ReadCSR(t.Context(), "ref")
			if err != nil || state != c.state || said != c.said || state == porting.AnswerReady &&
				(rec.Street != "900 MAIN CAMPUS" || rec.State != "NC") {
				t.Errorf("%s, %q, %+v, %v", state, said, rec, err)
			}
		})
	}
	bw, _ := client(map[string]answer{
		"POST csrs": {status: 201, header: http.Header{"Location": {"https://peer.example/api/accounts/1/csrs/af31"}}}})
	if ref, err := bw.RequestCSR(t.Context(), request().Order, "pw-1-csr"); err != nil || ref != "af31" {
		t.Errorf("an id in Location alone: %q, %v", ref, err)
	}
	w := &steps{answers: []answer{
		{status: 200, body: `<CsrResponses><Links>` +
			`<next>Link=&lt;https://peer.example/api/accounts/1/csrs?page=af31&amp;size=500&gt;;rel="next";</next></Links>` +
			`</CsrResponses>`},
		{status: 200, body: `<CsrResponses><CsrResponse><OrderId>7</OrderId><CustomerOrderId>pw-1-csr</CustomerOrderId>` +
			`</CsrResponse></CsrResponses>`},
	}}
	if ref, ok, err := w.client().FindCSR(t.Context(), "pw-1-csr", time.Date(2030, 3, 4, 0, 0, 0, 0, time.UTC)); !ok ||
		err != nil || ref != "7" || !strings.Contains(w.sent[1], "page=af31") {
		t.Errorf("on the second page: %q, %t, %v, %q", ref, ok, err, w.sent)
	}
}

// A published order carries these. A company makes the order a business's on this wire, which takes no business name
// with RESIDENTIAL; the new main number goes with a partial port alone, and is neither the old one nor among those that
// leave.
func TestWhatAnOrderCarries(t *testing.T) {
	const second, other = "+19195550102", "+19195550199"
	for _, c := range []struct {
		name   string
		change func(*porting.Order)
		has    []string
		not    []string
	}{
		{"a business", func(*porting.Order) {}, []string{"<SubscriberType>BUSINESS<", "<BusinessName>The Paper Kite Bakery"},
			[]string{"<FirstName>", "NewBilling"}},
		{"a person", func(o *porting.Order) { o.Details.UsageType, o.Details.Company = porting.Residential, "" },
			[]string{"<SubscriberType>RESIDENTIAL<", "<FirstName>Patricia<", "<LastName>Exampleton-Longname<"},
			[]string{"BusinessName"}},
		{"a company on a residential order", func(o *porting.Order) { o.Details.UsageType = porting.Residential },
			[]string{"<SubscriberType>BUSINESS<", "<BusinessName>The Paper Kite Bakery"},
			[]string{"RESIDENTIAL", "<FirstName>"}},
		{"a company of blanks", func(o *porting.Order) { o.Details.UsageType, o.Details.Company = porting.Residential, "  " },
			[]string{"<SubscriberType>RESIDENTIAL<"}, []string{"BusinessName"}},
		{"another main number for what stays", func(o *porting.Order) {
			o.Remaining = porting.Remaining{Active: true, BTN: other}
		},
			[]string{"<PartialPort>true<", "<NewBillingTelephoneNumber>9195550199<"}, nil},
		{"a main number that leaves", func(o *porting.Order) { o.Remaining = porting.Remaining{Active: true, BTN: second} },
			[]string{"<PartialPort>true<"}, []string{"NewBilling"}},
		{"the main number of before", func(o *porting.Order) {
			o.Details.BillingNumber, o.Remaining = other, porting.Remaining{Active: true, BTN: other}
		}, nil, []string{"NewBilling"}},
		{"a new main number where all leave", func(o *porting.Order) { o.Remaining = porting.Remaining{BTN: other} },
			[]string{"<PartialPort>false<"}, []string{"NewBilling"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>")})
			r := request()
			c.change(&r.Order)
			if _, err := bw.Submit(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			sent := w.last("POST portins?")
			if slices.ContainsFunc(c.has, func(s string) bool { return !strings.Contains(sent, s) }) ||
				slices.ContainsFunc(c.not, func(s string) bool { return strings.Contains(sent, s) }) {
				t.Error(sent)
			}
		})
	}
}

// A triggered order takes a bare day for the evening before, so that it gets the usual hour with its date.
func TestTriggeredOrdersHaveAnHour(t *testing.T) {
	for triggered, want := range map[bool]string{false: "2030-03-14", true: "2030-03-14T11:30:00-04:00"} {
		bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>")})
		bw.cfg.Triggered = triggered
		if _, err := bw.Submit(t.Context(), request()); err != nil || !strings.Contains(w.last("POST portins?"),
			"<RequestedFocDate>"+want+"<") {
			t.Errorf("%t: %v, %s", triggered, err, w.last("POST portins?"))
		}
	}
	if got := fmt.Sprint(wireDate("", time.Time{}, true), wireDate("soon", time.Time{}, true)); got != "soon" {
		t.Error(got)
	}
}
