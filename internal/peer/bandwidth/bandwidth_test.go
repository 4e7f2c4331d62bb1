package bandwidth

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// wire answers each call by its method and path below the account, and keeps what was sent.
type wire struct {
	answers map[string]answer
	sent    []string // "POST portins?page=1 <body>"
	auth    string
}

type answer struct {
	status int
	body   string
	header http.Header
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil { // a redirected GET has none
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	below := strings.TrimPrefix(r.URL.Path, "/api/v1/accounts/9900001/")
	w.sent = append(w.sent, r.Method+" "+below+"?"+r.URL.RawQuery+" "+string(body))
	w.auth = r.Header.Get("Authorization")
	a, ok := w.answers[r.Method+" "+below]
	if !ok {
		a = answer{status: http.StatusNoContent}
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func (w *wire) last(call string) string {
	for _, s := range slices.Backward(w.sent) {
		if strings.HasPrefix(s, call) {
			return s
		}
	}
	return ""
}

const (
	secretPIN     = "0042pin"
	secretAccount = "0012345acct"
	secretPass    = "hunter2"
)

func client(answers map[string]answer) (*Client, *wire) {
	w := &wire{answers: answers}
	return New(Config{BaseURL: "https://peer.example/api/v1/", Account: "9900001", Site: "743", PeerID: "500001",
		User: "api", Password: porting.NewSecret(secretPass),
		HTTP: &http.Client{Transport: w}, Calls: []call.Option{call.Attempts(1), call.Pace(0)}}), w
}

func request() peer.Request {
	return peer.Request{PON: "pw-000123-1", Date: "2030-03-14", LOA: []byte("%PDF-1.7"), Order: porting.Order{
		Numbers: []porting.Number{{TN: "+19195550101"}, {TN: "+19195550102"}, {TN: "+19195550103", State: porting.Excluded}},
		Given: porting.Given{Details: porting.Details{BillingName: "Patricia Exampleton-Longname",
			Company: "The Paper Kite Bakery & Tea Rooms", UsageType: porting.Business,
			ProviderAccount: porting.NewSecret(secretAccount), PIN: porting.NewSecret(secretPIN),
			Street: "12 Example Ave", City: "Sampleton", State: "NC", Zip: "02700", Country: "US"}},
	}}
}

func orderAnswer(inside string) answer {
	return answer{status: 200, body: `<?xml version="1.0"?><LnpOrderResponse>` + inside + `</LnpOrderResponse>`}
}

func read(t *testing.T, inside string) porting.Answer {
	t.Helper()
	c, _ := client(map[string]answer{"GET portins/ref": orderAnswer(inside)})
	a, err := c.Read(t.Context(), "ref")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func isDenied(err error, code porting.ReasonCode, raw string) bool {
	var d *peer.Denied
	return errors.As(err, &d) && len(d.Reasons) > 0 && d.Reasons[0].Code == code && d.Reasons[0].Raw == raw
}

func isDown(err error) bool {
	var d *peer.Down
	return errors.As(err, &d)
}

// The traps of the peer's page, by its numbers.

func TestTrap1RejectedOrderIn2xxAndExceptionIn400(t *testing.T) {
	exists := `<OrderId>ref</OrderId><ProcessingStatus>EXCEPTION</ProcessingStatus><Errors><Code>7402</Code>` +
		`<Description>x</Description></Errors>`
	none := `<LnpOrderResponse><Status><Code>400</Code></Status><Errors><Code>7309</Code><Description>site</Description>` +
		`</Errors><ProcessingStatus>EXCEPTION</ProcessingStatus></LnpOrderResponse>`
	for _, c := range []struct {
		name string
		answer
		ref  string
		fail func(error) bool
	}{
		{"201 with an exception is an order", answer{status: 201, body: orderAnswer(exists).body}, "ref", nil},
		{"200 is as good as 201", orderAnswer(exists), "ref", nil},
		{"400 with an id is an order", answer{status: 400, body: orderAnswer(exists).body}, "ref", nil},
		{"201 with the id in Location is an order",
			answer{status: 201, header: http.Header{"Location": {"https://peer.example/api/accounts/1/portins/ref"}}}, "ref",
			nil},
		{"400 without an id is none", answer{status: 400, body: none}, "", func(err error) bool {
			return isDenied(err, "PEER_DENIED", "7309")
		}},
		{"400 without a body may be anything", answer{status: 400}, "", isDown},
		{"400 with a page of a proxy may be anything", answer{status: 400, body: "<html><br>no"}, "", isDown},
		{"200 with a page of a proxy may be anything", answer{status: 200, body: "<html>ok</html>"}, "", isDown},
		{"the peer's own passing trouble", answer{status: 400, body: strings.Replace(none, "7309", "7323", 1)}, "", isDown},
		{"401", answer{status: 401}, "", isDown},
		{"403", answer{status: 403, body: none}, "", isDown},
		{"429", answer{status: 429}, "", isDown},
		{"503", answer{status: 503, body: "gone"}, "", isDown},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, _ := client(map[string]answer{"POST portins": c.answer})
			ref, err := bw.Submit(t.Context(), request())
			if ref != c.ref || (err != nil) != (c.fail != nil) || c.fail != nil && !c.fail(err) {
				t.Fatalf("got %q, %v", ref, err)
			}
		})
	}
}

func TestTrap2WarningsLookLikeErrors(t *testing.T) {
	a := read(t, `<ProcessingStatus>EXCEPTION</ProcessingStatus><Errors><Code>7388</Code></Errors><Errors>`+
		`<Code>7401</Code>`+
		`</Errors><Errors><Code>7380</Code></Errors>`)
	if len(a.Reasons) != 1 || a.Reasons[0].Raw != "7401" {
		t.Errorf("reasons %v", a.Reasons)
	}
	a = read(t, `<ProcessingStatus>FOC</ProcessingStatus><ActualFocDate>2030-03-18</ActualFocDate><Errors>`+
		`<Code>7347</Code>`+
		`</Errors>`)
	if a.State != porting.AnswerAccepted || len(a.Reasons) != 0 {
		t.Errorf("a warning beside a FOC: %+v", a)
	}
}

func TestTrap3ErrorsIsARepeatedElement(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []fault
	}{
		{"one", `<r><Errors><Code>7401</Code><Description>no</Description></Errors></r>`, []fault{{"7401", "no", nil}}},
		{"several, with numbers", `<r><Errors><Code>7401</Code></Errors><Errors><Code>7427</Code><TelephoneNumbers>` +
			`<Tn>9195550101</Tn><Tn>9195550102</Tn></TelephoneNumbers></Errors></r>`,
			[]fault{{"7401", "", nil}, {"7427", "", []string{"9195550101", "9195550102"}}}},
		{"a list container, as CSRs have it", `<CsrOrderResponse><Errors><Error><Code>26010</Code><Description>` +
			`no</Description></Error></Errors></CsrOrderResponse>`, []fault{{"26010", "no", nil}}},
		{"ResponseStatus beside Errors", `<r><ResponseStatus><ErrorCode>7342</ErrorCode><Description>no</Description>` +
			`</ResponseStatus><Errors><Code>1001</Code></Errors></r>`, []fault{{"7342", "no", nil}, {"1001", "", nil}}},
		{"resultCode", `<r><resultCode>7638</resultCode><resultMessage>no</resultMessage></r>`, []fault{{"7638", "no", nil}}},
		{"resultCode 0 is none", `<r><resultCode>0</resultCode><resultMessage>ok</resultMessage></r>`, nil},
		{"IrisStatus", `<r><IrisStatus><Code>7710</Code><Description>no</Description></IrisStatus></r>`,
			[]fault{{"7710", "no", nil}}},
		{"a code that is none", `<r><Errors><Code>account 4711 4711</Code></Errors></r>`, []fault{{"unreadable", "", nil}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, ok := parse([]byte(c.body))
			got := faults(root)
			if !ok || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTrap4Spellings(t *testing.T) {
	for _, name := range []string{"ActualFocDate", "ActualFOCDate"} {
		if a := read(t, `<ProcessingStatus>FOC</ProcessingStatus><`+name+`>2030-03-18</`+name+`>`); a.FOC != "2030-03-18" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	for _, body := range []string{
		`<fileListResponse><fileCount>1</fileCount><fileNames>x.pdf</fileNames><resultCode>0</resultCode></fileListResponse>`,
		`<fileListResponse><fileCount>1</fileCount><fileData><FileName>x.pdf</FileName><FileMetaData><DocumentType>` +
			`LOA</DocumentType></FileMetaData></fileData></fileListResponse>`,
	} {
		bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>"),
			"GET portins/ref/loas": {status: 200, body: body}})
		if _, err := bw.Submit(t.Context(), request()); err != nil || w.last("POST portins/ref/loas") != "" {
			t.Errorf("uploaded again beside %s: %v", body, err)
		}
	}
	csr := `<CsrResponse><Status>COMPLETE</Status><AccountNumber>ours</AccountNumber><CsrData><AccountNumber>` +
		`000123</AccountNumber><CustomerName>PAPER KITE</CustomerName>
		<ServiceAddress><UnparsedAddress>14 EXAMPLE AVE</UnparsedAddress><City>SAMPLETON</City><State>NC</State><Zip>` +
		`02701</Zip></ServiceAddress>
		<WorkingTelephoneNumbersOnAccount><TelephoneNumber>9195550101</TelephoneNumber></WorkingTelephoneNumbersOnAccount>` +
		`</CsrData></CsrResponse>`
	bw, _ := client(map[string]answer{"GET csrs/ref": {status: 200, body: csr}})
	rec, state, _, err := bw.ReadCSR(t.Context(), "ref")
	if err != nil || state != porting.AnswerReady || rec.AccountNumber.Reveal() != "000123" ||
		rec.Street != "14 EXAMPLE AVE" || rec.State != "NC" || rec.Zip != "02701" ||
		!slices.Equal(rec.Numbers, []string{"+19195550101"}) {
		t.Errorf("%+v, %s, %v", rec, state, err)
	}
}

func TestTrap5PutWithoutGetLosesData(t *testing.T) {
	have := `<ProcessingStatus>FOC</ProcessingStatus><CustomerOrderId>pw-000123-1</CustomerOrderId><RequestedFocDate>` +
		`2030-03-14T15:30:00Z</RequestedFocDate>
		<BillingTelephoneNumber>9195550199</BillingTelephoneNumber><NewBillingTelephoneNumber>` +
		`9195550198</NewBillingTelephoneNumber>
		<Subscriber><SubscriberType>business</SubscriberType><BusinessName>Kept</BusinessName><ServiceAddress>` +
		`<HouseNumber>9</HouseNumber><StreetName>Kept</StreetName></ServiceAddress></Subscriber>
		<LoaAuthorizingPerson>Kept</LoaAuthorizingPerson><ListOfPhoneNumbers><PhoneNumber>9195550101</PhoneNumber>` +
		`</ListOfPhoneNumbers><SiteId>1</SiteId><PeerId>2</PeerId>
		<PartialPort>true</PartialPort><Triggered>true</Triggered><TnAttributes><TnAttribute>Protected</TnAttribute>` +
		`</TnAttributes>`
	bw, w := client(map[string]answer{"GET portins/ref": orderAnswer(have), "PUT portins/ref": orderAnswer("")})
	r := request()
	r.Sup, r.Date = porting.SupDate, "2030-03-18"
	if _, err := bw.Supplement(t.Context(), "ref", r); err != nil {
		t.Fatal(err)
	}
	put := w.last("PUT ")
	for _, part := range []string{"<LnpOrderSupp>", "<RequestedFocDate>2030-03-18T11:30:00-04:00<",
		"<CustomerOrderId>pw-000123-1<", "9195550199", "9195550198", "<BusinessName>Kept<", "<StreetName>Kept<",
		"<LoaAuthorizingPerson>Kept<", "<SiteId>1<", "<PeerId>2<", "<PartialPort>true<", "<Triggered>true<", "Protected",
		"<PinNumber>" + secretPIN, "<AccountNumber>" + secretAccount} {
		if !strings.Contains(put, part) {
			t.Errorf("SUP 2 lost %s: %s", part, put)
		}
	}
	r.Sup = porting.SupOther
	if _, err := bw.Supplement(t.Context(), "ref", r); err != nil {
		t.Fatal(err)
	}
	put = w.last("PUT ")
	for _, part := range []string{"<StreetName>Example<", "<ResetAddressFields>true<", "<SiteId>743<", "9195550198",
		"<PartialPort>true<", "<Triggered>true<", "Protected", "<PhoneNumber>9195550102<"} {
		if !strings.Contains(put, part) {
			t.Errorf("SUP 3 lacks %s: %s", part, put)
		}
	}
}

func TestTrap6PutAnswerIsProvisional(t *testing.T) {
	bw, _ := client(map[string]answer{"GET portins/ref": orderAnswer(`<ProcessingStatus>EXCEPTION</ProcessingStatus>`),
		"PUT portins/ref": orderAnswer(`<OrderId>ref</OrderId><ProcessingStatus>EXCEPTION</ProcessingStatus><Errors>` +
			`<Code>7402</Code></Errors>`)})
	if ref, err := bw.Supplement(t.Context(), "ref", request()); err != nil || ref != "ref" {
		t.Errorf("%q, %v", ref, err)
	}
}

func TestTrap7NoContentInsteadOfAnEmptyList(t *testing.T) {
	for _, c := range []struct {
		name string
		answer
		ref  string
		fail func(error) bool
	}{
		{"204 is none", answer{status: 204}, "", nil},
		{"an empty list is none", answer{status: 200, body: `<LNPResponseWrapper><TotalCount>0</TotalCount>` +
			`</LNPResponseWrapper>`}, "", nil},
		{"an error is not none", answer{status: 200, body: `<LNPResponseWrapper><IrisStatus><Code>7003</Code></IrisStatus>` +
			`</LNPResponseWrapper>`}, "", func(err error) bool { return isDenied(err, "PEER_DENIED", "7003") }},
		{"another document is not none", answer{status: 200, body: `<html/>`}, "", isDown},
		{"nothing is not none", answer{status: 200}, "", isDown},
		{"404 is not none", answer{status: 404}, "", isDown},
		{"one that lives before one that died, and of our PON alone", answer{status: 200, body: `<LNPResponseWrapper>
			<lnpPortInfoForGivenStatus><OrderId>dead</OrderId><CustomerOrderId>pw-000123-1</CustomerOrderId>` +
			`<ProcessingStatus>CANCELLED</ProcessingStatus></lnpPortInfoForGivenStatus>
			<lnpPortInfoForGivenStatus><OrderId>other</OrderId><CustomerOrderId>pw-000123-10</CustomerOrderId>` +
			`<ProcessingStatus>FOC</ProcessingStatus></lnpPortInfoForGivenStatus>
			<lnpPortInfoForGivenStatus><OrderId>ref</OrderId><CustomerOrderId>pw-000123-1</CustomerOrderId><ProcessingStatus>` +
			`FOC</ProcessingStatus></lnpPortInfoForGivenStatus></LNPResponseWrapper>`}, "ref", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, w := client(map[string]answer{"GET portins": c.answer})
			ref, ok, err := bw.Find(t.Context(), request())
			if ref != c.ref || ok != (ref != "") || (err != nil) != (c.fail != nil) || c.fail != nil && !c.fail(err) {
				t.Fatalf("got %q, %t, %v", ref, ok, err)
			}
			if want := "customerOrderId=pw-000123-1&page=1&size=50"; !strings.Contains(w.sent[0], want) {
				t.Errorf("asked %s", w.sent[0])
			}
		})
	}
}

func TestTrap8NoIdempotency(t *testing.T) {
	taken := answer{status: 400, body: `<LnpOrderResponse><Errors><Code>7205</Code></Errors></LnpOrderResponse>`}
	listed := answer{status: 200, body: `<LNPResponseWrapper><lnpPortInfoForGivenStatus><OrderId>ref</OrderId>` +
		`<CustomerOrderId>pw-000123-1</CustomerOrderId></lnpPortInfoForGivenStatus></LNPResponseWrapper>`}
	bw, _ := client(map[string]answer{"POST portins": taken, "GET portins": listed})
	if ref, err := bw.Submit(t.Context(), request()); err != nil || ref != "ref" {
		t.Errorf("our own order, listed late: %q, %v", ref, err)
	}
	bw, _ = client(map[string]answer{"POST portins": taken})
	if _, err := bw.Submit(t.Context(), request()); !isDenied(err, "TN_ALREADY_PORTING", "7205") {
		t.Errorf("somebody else's order: %v", err)
	}
}

func TestTrap9LeadingZeros(t *testing.T) {
	bw, w := client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>")})
	if _, err := bw.Submit(t.Context(), request()); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<AccountNumber>0012345acct<", "<PinNumber>0042pin<", "<Zip>02700<",
		"<PhoneNumber>9195550101<"} {
		if !strings.Contains(w.last("POST portins?"), part) {
			t.Errorf("no %s in %s", part, w.last("POST portins?"))
		}
	}
	if strings.Contains(w.last("POST portins?"), "9195550103") {
		t.Error("an excluded number was sent")
	}
}

func TestTrap10NameLimits(t *testing.T) {
	r := request()
	s := parseSubscriber(r.Order.Details)
	if o := New(Config{}).order(r); o.LOAPerson != "Patricia Exampl" || s.BusinessName != "The Paper Kite Bakery & T" {
		t.Errorf("%q, %q", o.LOAPerson, s.BusinessName)
	}
	for name, want := range map[string][3]string{
		"Pat Example":                         {"Pat", "", "Example"},
		"Pat Q. Example":                      {"Pat", "Q", "Example"},
		"Pat Example Jr.":                     {"Pat", "", "Example Jr."},
		"Mary Ann Example":                    {"Mary Ann", "", "Example"},
		"Cher":                                {"", "", "Cher"},
		"Bartholomew-Maximilian-Theo Example": {"Bartholomew-Maximilian-Th", "", "Example"},
	} {
		s := parseSubscriber(porting.Details{BillingName: name, UsageType: porting.Residential})
		if got := [3]string{s.FirstName, s.MiddleInitial, s.LastName}; got != want || s.BusinessName != "" ||
			s.Type != "RESIDENTIAL" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTrap11DatesAreEastern(t *testing.T) {
	for _, c := range []struct{ in, day, at string }{
		{"2030-03-18", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-01-18", "2030-01-18", "2030-01-18T16:30:00Z"},
		{"2030-03-18Z", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-18T00:00:00Z", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-18T00:00:00.000Z", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-18T15:30:00Z", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-18T15:30:00.000Z", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-18T11:30:00-04:00", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-18T11:30:00-0400", "2030-03-18", "2030-03-18T15:30:00Z"},
		{"2030-03-19T01:00:00Z", "2030-03-18", "2030-03-19T01:00:00Z"},
		{"2030-03-18T20:00:00-04:00", "2030-03-18", "2030-03-19T00:00:00Z"},
	} {
		day, at, ok := parseFOC(c.in, false)
		if !ok || string(day) != c.day || at.UTC().Format(time.RFC3339) != c.at {
			t.Errorf("%s: %s, %s, %t", c.in, day, at.UTC(), ok)
		}
	}
	for _, bad := range []string{"", "soon", "03/18/2030", "2030-02-30"} {
		if _, _, ok := parseFOC(bad, false); ok {
			t.Errorf("%q is a date", bad)
		}
	}
	if a := read(t, `<ProcessingStatus>FOC</ProcessingStatus>`); a.State != porting.AnswerWaiting {
		t.Errorf("a FOC without a date is %s", a.State)
	}
}

func TestTrap12LOAInAnyCase(t *testing.T) {
	bw, w := client(map[string]answer{
		"POST portins": orderAnswer("<OrderId>ref</OrderId><ProcessingStatus>SUBMITTED</ProcessingStatus>")})
	if _, err := bw.Submit(t.Context(), request()); err != nil ||
		w.last("POST portins/ref/loas") != "POST portins/ref/loas?documentType=LOA %PDF-1.7" {
		t.Errorf("%q, %v", w.last("POST portins/ref/loas"), err)
	}
	bw, _ = client(map[string]answer{"POST portins": orderAnswer("<OrderId>ref</OrderId>"),
		"POST portins/ref/loas": {status: 400,
			body: "<fileUploadResponse><resultCode>7638</resultCode></fileUploadResponse>"}})
	if ref, err := bw.Submit(t.Context(), request()); ref != "ref" || err != nil {
		t.Errorf("the order exists, whatever becomes of its LOA: %q, %v", ref, err)
	}
}

func TestTrap13CheckMayDiffer(t *testing.T) {
	// The second call, for partners, answers otherwise than the first; errors come in three shapes.
	ask := func(body string, status int) ([]peer.Portability, error) {
		bw, _ := client(map[string]answer{"POST lnpchecker": {status: status, body: body}})
		return bw.Portability(t.Context(), []string{"+19195550101", "+16055550103"})
	}
	group := func(list, name, tn string) string {
		return "<" + list + "><" + name + "><TnList><Tn>" + tn + "</Tn></TnList></" + name + "></" + list + ">"
	}
	got, err := ask(`<NumberPortabilityResponse><PortableNumbers><Tn>9195550101</Tn></PortableNumbers>`+
		group("SupportedRateCenters", "RateCenterGroup", "9195550101")+
		group("UnsupportedRateCenters", "RateCenterGroup", "6055550103")+`<SupportedLosingCarriers><LosingCarrierTnList>`+
		`<LosingCarrierSPID>0T12</LosingCarrierSPID>
		<LosingCarrierName>Fictional Tel</LosingCarrierName><TnList><Tn>9195550101</Tn></TnList></LosingCarrierTnList>`+
		`</SupportedLosingCarriers><UnsupportedLosingCarriers/></NumberPortabilityResponse>`, 200)
	if err != nil || got[0] != (peer.Portability{TN: "+19195550101", Portable: true, OnNet: true,
		Carrier: porting.Carrier{SPID: "0T12", Name: "Fictional Tel"}}) ||
		got[1] != (peer.Portability{TN: "+16055550103", Reason: porting.NoCoverage}) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = ask(`<NumberPortabilityResponse><PortabilityErrors><Error><Code>7206</Code><Description>x</Description>`+
		`<TelephoneNumbers><Tn>6055550103</Tn></TelephoneNumbers></Error></PortabilityErrors>
		<PortableNumbers><Tn>9195550101</Tn></PortableNumbers></NumberPortabilityResponse>`, 200)
	if err != nil || !got[0].Portable || got[1].Reason != "TN_ALREADY_OURS" {
		t.Errorf("PortabilityErrors beside good numbers: %+v, %v", got, err)
	}
}

func TestNoSecretInErrors(t *testing.T) {
	for _, a := range []answer{
		{status: 500, body: secretPIN}, {status: 400, body: "<a>" + secretPIN}, {status: 401, body: secretPass},
		{status: 200, body: secretAccount},
		{status: 400, body: "<r><Errors><Code>" + secretAccount + "</Code><Description>PIN " + secretPIN + " of " +
			secretAccount + " wrong</Description></Errors></r>"},
	} {
		bw, _ := client(map[string]answer{"POST portins": a, "POST csrs": a})
		_, err := bw.Submit(t.Context(), request())
		_, err2 := bw.RequestCSR(t.Context(), request().Order, "c")
		var d *peer.Denied
		said := ""
		if errors.As(err, &d) {
			said = fmt.Sprintf("%+v", d.Reasons)
		}
		for _, secret := range []string{secretPIN, secretAccount, secretPass} {
			if s := fmt.Sprintf("%v %v %s", err, err2, said); strings.Contains(s, secret) {
				t.Errorf("a secret in %s", s)
			}
		}
	}
	if s := fmt.Sprintf("%+v", Config{Password: porting.NewSecret(secretPass)}); strings.Contains(s, secretPass) {
		t.Error(s)
	}
}

func TestPartialPort(t *testing.T) {
	r := request()
	if o := New(Config{}).order(r); o.PartialPort != "false" {
		t.Error("partial without a record")
	}
	r.Order.Attempts = []porting.Attempt{
		{Kind: porting.AskCSR, State: porting.AnswerReady, Record: porting.Record{Numbers: []string{"+19195550101", "+19195550199"}}}}
	if o := New(Config{}).order(r); o.PartialPort != "true" {
		t.Error("a number of the record stays")
	}
	r = request()
	r.Order.Remaining = porting.Remaining{Active: true, BTN: "+19195550177"}
	if o := New(Config{}).order(r); o.PartialPort != "true" || o.NewBTN != "9195550177" {
		t.Errorf("what stays is told as %s, %s", o.PartialPort, o.NewBTN)
	}
}

func TestParseAddress(t *testing.T) {
	for _, c := range []struct {
		street, street2 string
		want            serviceAddress
	}{
		{"12 Example Ave", "", serviceAddress{HouseNumber: "12", StreetName: "Example", StreetSuffix: "Ave"}},
		{"12 N Main St SW", "Apt 4", serviceAddress{HouseNumber: "12", PreDirectional: "N", StreetName: "Main",
			StreetSuffix: "St", PostDirectional: "SW", AddressLine2: "Apt 4"}},
		{"123 1/2 Oak Tree Road, Suite 200", "", serviceAddress{HouseNumber: "123", HouseSuffix: "1/2",
			StreetName: "Oak Tree", StreetSuffix: "Road", AddressLine2: "Suite 200"}},
		{"12B Elm Street #5", "", serviceAddress{HouseNumber: "12B", StreetName: "Elm", StreetSuffix: "Street",
			AddressLine2: "#5"}},
		{"W5678 County Road K", "", serviceAddress{HousePrefix: "W", HouseNumber: "5678", StreetName: "County Road K"}},
		{"100 Broadway", "", serviceAddress{HouseNumber: "100", StreetName: "Broadway"}},
		{"7 N St", "", serviceAddress{HouseNumber: "7", StreetName: "N", StreetSuffix: "St"}},
		{"7 Avenue A", "", serviceAddress{HouseNumber: "7", StreetName: "Avenue A"}},
		{"9 Floor St", "", serviceAddress{HouseNumber: "9", StreetName: "Floor", StreetSuffix: "St"}},
		{"123 Highway 12", "", serviceAddress{HouseNumber: "123", StreetName: "Highway 12"}},
		{"One Market Plaza", "", serviceAddress{StreetName: "One Market", StreetSuffix: "Plaza"}},
		{"12", "", serviceAddress{StreetName: "12"}},
		{"", "", serviceAddress{}},
	} {
		if got := parseAddress(porting.Details{Street: c.street, Street2: c.street2}); got != c.want {
			t.Errorf("%s: %+v", c.street, got)
		}
	}
	if got := parseAddress(porting.Details{Zip: "02700-0049"}); got.Zip != "02700" || got.PlusFour != "0049" {
		t.Errorf("%+v", got)
	}
}

func TestReadNotice(t *testing.T) {
	for _, c := range []struct{ body, ref, pon string }{
		{`<Notification><OrderType>portins</OrderType><OrderId>ref</OrderId><CustomerOrderId>pw-1</CustomerOrderId>` +
			`<Status>FOC</Status></Notification>`, "ref", "pw-1"},
		{`<Notification><OrderId>ref</OrderId></Notification>`, "ref", ""},
		{`<Notification><OrderType>csrs</OrderType><OrderId>ref</OrderId></Notification>`, "", ""},
		{`<Notification/>`, "", ""},
		{`<Notification><OrderType>OrderId</OrderType><CustomerOrderId>pw-1</CustomerOrderId><Status>COMPLETE</Status>` +
			`</Notification>`, "", "pw-1"},
		{`<Other><OrderId>ref</OrderId></Other>`, "", ""},
		{`{"orderId":"ref"}`, "", ""},
		{``, "", ""},
	} {
		n, err := ReadNotice([]byte(c.body))
		if n.Ref != c.ref || string(n.PON) != c.pon || errors.Is(err, ErrNotice) != (c.ref+c.pon == "") {
			t.Errorf("%s: %+v, %v", c.body, n, err)
		}
	}
}

func TestSubscribe(t *testing.T) {
	hook := Hook{URL: "https://hooks.portway.example/bw", User: "hook", Password: porting.NewSecret("open")}
	have := `<SubscriptionsResponse><Subscriptions><Subscription><SubscriptionId>7</SubscriptionId><OrderType>` +
		`portins</OrderType>
		<CallbackSubscription><URL>https://hooks.portway.example/bw</URL><Expiry>5</Expiry></CallbackSubscription>` +
		`</Subscription></Subscriptions></SubscriptionsResponse>`
	for _, c := range []struct {
		name, call string
		answers    map[string]answer
		fail       func(error) bool
	}{
		{"a new one", "POST subscriptions?", map[string]answer{}, nil},
		{"renewed", "PUT subscriptions/7?", map[string]answer{"GET subscriptions": {status: 200, body: have}}, nil},
		{"somebody was faster", "POST subscriptions?",
			map[string]answer{"POST subscriptions": {status: 409,
				body: "<SubscriptionsResponse><ErrorCode>16008</ErrorCode></SubscriptionsResponse>"}}, nil},
		{"a conflict that does not say so", "POST subscriptions?", map[string]answer{"POST subscriptions": {status: 409}},
			isDown},
		{"ErrDenied", "POST subscriptions?",
			map[string]answer{"POST subscriptions": {status: 404, body: "<r><Errors><Code>14502</Code></Errors></r>"}},
			func(err error) bool { return isDenied(err, porting.OurRequest, "14502") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			bw, w := client(c.answers)
			err := bw.Subscribe(t.Context(), hook)
			if (err != nil) != (c.fail != nil) || c.fail != nil && !c.fail(err) ||
				!strings.Contains(w.last(c.call), "<Username>hook</Username><Password>open</Password>") {
				t.Errorf("%v: %s", err, w.sent)
			}
		})
	}
}

func TestToken(t *testing.T) {
	bw, w := client(nil)
	if err := bw.Cancel(t.Context(), "ref"); err != nil || !strings.HasPrefix(w.auth, "Basic ") {
		t.Errorf("%q, %v", w.auth, err)
	}
	bw.cfg.Token = func(context.Context) (string, error) { return "abc", nil }
	if err := bw.Cancel(t.Context(), "ref"); err != nil || w.auth != "Bearer abc" {
		t.Errorf("%q, %v", w.auth, err)
	}
	bw.cfg.Token = func(context.Context) (string, error) { return "", errors.New("secret") }
	if err := bw.Cancel(t.Context(), "ref"); !isDown(err) {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`<LnpOrderResponse><OrderId>ref</OrderId><ProcessingStatus>FOC</ProcessingStatus><ActualFocDate>` +
		`2030-03-18T00:00:00Z</ActualFocDate><Errors><Code>7402</Code><Description>x [8D]</Description></Errors>` +
		`</LnpOrderResponse>`))
	f.Add([]byte(`<CsrResponse><Status>COMPLETE</Status><CsrData><CustomerName>X</CustomerName></CsrData></CsrResponse>`))
	f.Add([]byte(`<NumberPortabilityResponse><PortableNumbers><Tn>9195550101</Tn></PortableNumbers>` +
		`</NumberPortabilityResponse>`))
	f.Add([]byte(`<Notification><OrderId>ref</OrderId></Notification>`))
	f.Add([]byte(`<a><a><a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		root, _ := parse(body)
		for _, r := range New(Config{}).reasons(t.Context(), faults(root), nil) {
			if r.Code == "" || len(r.Raw) > 10 {
				t.Errorf("reason %+v", r)
			}
		}
		_, _ = ReadNotice(body)
		a := answer{status: 200, body: string(body)}
		bw, _ := client(map[string]answer{"GET portins/ref": a, "GET csrs/ref": a, "GET portins": a, "POST lnpchecker": a})
		if _, err := bw.Read(t.Context(), "ref"); err != nil && !isDown(err) && !errors.As(err, new(*peer.Denied)) {
			t.Error(err)
		}
		_, _, _, _ = bw.ReadCSR(t.Context(), "ref")
		_, _, _ = bw.lookup(t.Context(), "pon", "")
		if got, err := bw.Portability(t.Context(), []string{"+19195550101"}); err == nil &&
			(len(got) != 1 || got[0].TN != "+19195550101") {
			t.Errorf("%+v", got)
		}
	})
}

func FuzzAddress(f *testing.F) {
	for _, s := range []string{"12 N Main St SW Apt 4", "W5678 County Road K", "123 1/2 Oak Rd, #5", "n. ave e"} {
		f.Add(s)
	}
	plain := strings.NewReplacer(",", " ", ".", "")
	f.Fuzz(func(t *testing.T, street string) {
		a := parseAddress(porting.Details{Street: street})
		if got, want := plain.Replace(a.line()), strings.Join(strings.Fields(plain.Replace(street)), " "); !strings.EqualFold(
			strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("%q became %q", want, got)
		}
		if _, err := xml.Marshal(a); err != nil {
			t.Error(err)
		}
	})
}

func FuzzDate(f *testing.F) {
	f.Add("2030-03-18T00:00:00Z")
	f.Add("2030-03-18T11:30:00-0400")
	f.Fuzz(func(t *testing.T, s string) {
		if day, at, ok := parseFOC(s, len(s)%2 == 0); ok && (day == "" || at.IsZero() && !strings.HasPrefix(s, "0001")) {
			t.Errorf("%q is %q at %s", s, day, at)
		}
	})
}
