package bandwidth

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

func TestTrapRedirectOnGet(t *testing.T) {
	bw, w := client(map[string]answer{
		"GET portins/ref": {status: http.StatusSeeOther,
			header: http.Header{"Location": {"/api/v1/accounts/9900001/portins/moved"}}},
		"GET portins/moved": orderAnswer(`<ProcessingStatus>SUBMITTED</ProcessingStatus>`),
	})
	a, err := bw.Read(t.Context(), "ref")
	if err != nil || a.Said != "SUBMITTED" || !strings.HasPrefix(w.auth, "Basic ") {
		t.Errorf("303 on GET: %+v, %v, %q", a, err, w.auth)
	}
	bw, w = client(map[string]answer{"GET portins/ref": {status: http.StatusSeeOther,
		header: http.Header{"Location": {"https://elsewhere.example/x"}}}})
	if _, err := bw.Read(t.Context(), "ref"); err == nil || w.auth != "" {
		t.Errorf("another host got %q, %v", w.auth, err)
	}
}

func TestTrapStillPending(t *testing.T) {
	if a := read(t, `<Status><Code>241</Code><Description>pending</Description>`+
		`</Status>`); a.State != porting.AnswerWaiting || a.Said != "pending" {
		t.Errorf("%+v", a)
	}
}

func TestTrapSPIDsHaveLetters(t *testing.T) {
	for _, spid := range []string{"0T12", "8X34", "000A", "0012"} {
		bw, _ := client(map[string]answer{
			"POST lnpchecker": {status: 200, body: `<NumberPortabilityResponse><PortableNumbers>` +
				`<Tn>9195550101</Tn></PortableNumbers>
			<SupportedLosingCarriers><LosingCarrierTnList><LosingCarrierSPID>` +
				`` + spid + `</LosingCarrierSPID><LosingCarrierName>X</LosingCarrierName><TnList><Tn>9195550101</Tn></TnList>
			</LosingCarrierTnList></SupportedLosingCarriers></NumberPortabilityResponse>`}})
		if got, err := bw.Portability(t.Context(), []string{"+19195550101"}); err != nil || got[0].Carrier.SPID != spid {
			t.Errorf("%s became %+v, %v", spid, got, err)
		}
	}
}

func TestCheckDepths(t *testing.T) {
	body := `<NumberPortabilityResponse><PortType>AUTOMATED</PortType><PortableNumbers><Tn>9195550102</Tn>` +
		`</PortableNumbers>
		<PartnerSupportedRateCenters><RateCenterGroup><Vendor>Partner One</Vendor><AutomatedPort>true</AutomatedPort>` +
		`<RateCenter>MOCKVILLE</RateCenter><State>NC</State><LATA>426</LATA><Tiers><Tier>3</Tier></Tiers>
		<TnList><Tn>9195550102</Tn></TnList></RateCenterGroup></PartnerSupportedRateCenters>
		<SupportedLosingCarriers><LosingCarrierTnList><LosingCarrierSPID>0T12</LosingCarrierSPID><LosingCarrierName>` +
		`Fictional Tel</LosingCarrierName><LosingCarrierIsWireless>false</LosingCarrierIsWireless>
		<LosingCarrierAccountNumberRequired>true</LosingCarrierAccountNumberRequired><LosingCarrierMinimumPortingInterval>` +
		`3</LosingCarrierMinimumPortingInterval>
		<TnList><Tn>9195550102</Tn></TnList></LosingCarrierTnList></SupportedLosingCarriers></NumberPortabilityResponse>`
	for _, d := range []Depth{RateCenters, Carriers, Partners} {
		bw, w := client(map[string]answer{"POST lnpchecker": {status: 200, body: body}})
		got, err := bw.Check(t.Context(), d, []string{"+19195550102"})
		want := Checked{PortType: "AUTOMATED", State: "NC", LATA: "426", Tier: "3", Partner: "Partner One", Automated: true,
			Portability: peer.Portability{TN: "+19195550102",
				Portable: true, Carrier: porting.Carrier{SPID: "0T12", Name: "Fictional Tel"}, RateCenter: "MOCKVILLE",
				NeedsAccountNumber: true, LeadDays: 3}}
		if err != nil || got[0] != want || !strings.Contains(w.sent[0], "fullCheck="+string(d)) {
			t.Errorf("%s: %+v, %v", d, got, err)
		}
	}
}

// steps answers by a list; the last one repeats.
type steps struct {
	answers []answer
	mu      sync.Mutex
	sent    []string
	auth    []string
}

func (s *steps) RoundTrip(r *http.Request) (*http.Response, error) {
	w := wire{answers: map[string]answer{}}
	s.mu.Lock()
	w.answers[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1/accounts/9900001/")] = s.answers[min(len(s.sent),
		len(s.answers)-1)]
	if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
		w.answers[r.Method+" "+r.URL.Path] = s.answers[min(len(s.sent), len(s.answers)-1)]
	}
	res, err := w.RoundTrip(r)
	s.sent, s.auth = append(s.sent, w.sent...), append(s.auth, w.auth)
	s.mu.Unlock()
	return res, err
}

func (s *steps) client(change ...func(*Config)) *Client {
	cfg := Config{BaseURL: "https://peer.example/api/v1/", Account: "9900001", Site: "743", User: "api",
		Password: porting.NewSecret(secretPass),
		HTTP:     &http.Client{Transport: s}, Calls: []call.Option{call.Attempts(1), call.Pace(0)}}
	for _, c := range change {
		c(&cfg)
	}
	return New(cfg)
}

// A password that was changed since it was read is read again when the peer refuses the old one. Without a password the peer
// is not called.
func TestChangedPassword(t *testing.T) {
	good := orderAnswer(`<ProcessingStatus>SUBMITTED</ProcessingStatus>`)
	token := answer{status: 200, body: `{"access_token":"one"}`}
	for _, test := range []struct {
		name, first, second string
		oauth               bool
		answers             []answer
		refuses             bool
		sent                []string
	}{
		{name: "changed", first: "old", second: "new", answers: []answer{{status: 401}, good}, sent: []string{"old", "new"}},
		{name: "unchanged", first: "old", second: "old", answers: []answer{{status: 401}}, refuses: true, sent: []string{"old"}},
		{name: "changed to another wrong one", first: "old", second: "new", answers: []answer{{status: 401}, {status: 401}},
			refuses: true, sent: []string{"old", "new"}},
		{name: "none", refuses: true},
		{name: "the client's secret changed", oauth: true, first: "old", second: "new",
			answers: []answer{{status: 401}, token, good}, sent: []string{"old", "new"}},
		{name: "the client's secret unchanged", oauth: true, first: "old", second: "old", answers: []answer{{status: 401}},
			refuses: true, sent: []string{"old"}},
		{name: "no client's secret", oauth: true, refuses: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &steps{answers: append(test.answers, answer{status: 500})}
			_, err := s.client(func(c *Config) {
				if test.oauth {
					c.OAuth = OAuth{URL: "https://api.peer.example/api/v1/oauth2/token", ID: "api"}
				}
				c.User = "api"
				c.Secret = func(_ context.Context, refused porting.Secret) (porting.Secret, error) {
					if refused.IsSet() {
						return porting.NewSecret(test.second), nil
					}
					return porting.NewSecret(test.first), nil
				}
			}).Read(t.Context(), "ref")
			var down *peer.Down
			if test.refuses != (errors.As(err, &down) && down.Refuses) || !test.refuses && err != nil {
				t.Errorf("%v", err)
			}
			var want []string
			for _, password := range test.sent {
				want = append(want, "Basic "+base64.StdEncoding.EncodeToString([]byte("api:"+password)))
			}
			var got []string
			for _, auth := range s.auth {
				if strings.HasPrefix(auth, "Basic ") {
					got = append(got, auth)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("sent %q, want %q", got, want)
			}
		})
	}
}

func TestOAuth(t *testing.T) {
	now := time.Date(2030, 3, 4, 12, 0, 0, 0, time.UTC)
	token := func(t, more string) answer {
		return answer{status: 200, body: `{"access_token":"` + t + `"` + more + `}`}
	}
	good := orderAnswer(`<ProcessingStatus>SUBMITTED</ProcessingStatus>`)
	oauth := func(c *Config) {
		c.OAuth = OAuth{URL: "https://api.peer.example/api/v1/oauth2/token", ID: "id", Secret: porting.NewSecret("hush")}
		c.Now = func() time.Time { return now }
	}
	t.Run("shared, and renewed a minute before its end", func(t *testing.T) {
		s := &steps{answers: []answer{token("one", `,"expires_in":3600`), good, good, token("two", ""), good,
			token("three", "")}}
		bw := s.client(oauth)
		for i, add := range []time.Duration{0, 58 * time.Minute, time.Minute, 58 * time.Minute} {
			now = now.Add(add)
			if _, err := bw.Read(t.Context(), "ref"); err != nil && i < 3 {
				t.Fatal(err)
			}
		}
		want := []string{"Basic aWQ6aHVzaA==", "Bearer one", "Bearer one", "Basic aWQ6aHVzaA==", "Bearer two", "Bearer two"}
		if !slices.Equal(s.auth, want) {
			t.Errorf("sent %q", s.auth)
		}
	})
	t.Run("one token for many calls at once", func(t *testing.T) {
		s := &steps{answers: []answer{token("one", ""), good}}
		bw := s.client(oauth)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := bw.Read(t.Context(), "ref"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := len(s.sent); n != 9 {
			t.Errorf("%d calls", n)
		}
	})
	t.Run("ended early", func(t *testing.T) {
		s := &steps{answers: []answer{token("one", ""), {status: 401}, token("two", ""), good}}
		if _, err := s.client(oauth).Read(t.Context(), "ref"); err != nil || s.auth[3] != "Bearer two" {
			t.Errorf("%v, %q", err, s.auth)
		}
	})
	for name, a := range map[string]answer{"refused": {status: 401, body: "hush"}, "down": {status: 503},
		"no JSON": {status: 200, body: "<hush/>"}, "empty": {status: 200, body: "{}"}} {
		t.Run(name, func(t *testing.T) {
			_, err := (&steps{answers: []answer{a}}).client(oauth).Read(t.Context(), "ref")
			if !isDown(err) || strings.Contains(err.Error(), "hush") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDraft(t *testing.T) {
	made := orderAnswer(`<OrderId>ref</OrderId><ProcessingStatus>DRAFT</ProcessingStatus>`)
	drafts := func(answers map[string]answer) (*Client, *wire) {
		bw, w := client(answers)
		bw.cfg.Draft = true
		return bw, w
	}
	t.Run("the LOA goes before the order", func(t *testing.T) {
		bw, w := drafts(map[string]answer{"POST portins": made})
		ref, err := bw.Submit(t.Context(), request())
		if err != nil || ref != "ref" || !strings.Contains(w.sent[0], "<ProcessingStatus>DRAFT<") ||
			!strings.HasPrefix(w.sent[2], "POST portins/ref/loas") ||
			!strings.HasPrefix(w.sent[3], "PUT portins/ref?") || !strings.Contains(w.sent[3], "<ProcessingStatus>SUBMITTED<") ||
			!strings.Contains(w.sent[3], secretPIN) {
			t.Fatalf("%q, %v, %q", ref, err, w.sent)
		}
	})
	t.Run("what is not taken is deleted", func(t *testing.T) {
		bw, w := drafts(map[string]answer{"POST portins": made,
			"PUT portins/ref": {status: 400, body: `<r><Errors><Code>7309</Code></Errors></r>`}})
		if _, err := bw.Submit(t.Context(), request()); !isDenied(err, "PEER_DENIED", "7309") ||
			w.last("DELETE portins/ref") == "" {
			t.Fatalf("%v, %q", err, w.sent)
		}
	})
	t.Run("a draft that was left behind is submitted", func(t *testing.T) {
		listed := answer{status: 200, body: `<LNPResponseWrapper><lnpPortInfoForGivenStatus><OrderId>ref</OrderId>` +
			`<CustomerOrderId>pw-000123-1</CustomerOrderId><ProcessingStatus>draft</ProcessingStatus>` +
			`</lnpPortInfoForGivenStatus></LNPResponseWrapper>`}
		bw, w := drafts(map[string]answer{"GET portins": listed, "GET portins/ref": made})
		ref, ok, err := bw.Find(t.Context(), request())
		if err != nil || !ok || ref != "ref" || len(w.sent) != 1 {
			t.Fatalf("%q, %t, %v, %q", ref, ok, err, w.sent)
		}
		if err := bw.Complete(t.Context(), ref, request()); err != nil || !strings.Contains(w.last("PUT portins/ref"),
			"<ProcessingStatus>SUBMITTED<") {
			t.Fatalf("%v, %q", err, w.sent)
		}
	})
	t.Run("drafts are listed only when they are asked for", func(t *testing.T) {
		bw, w := drafts(nil)
		if _, ok, err := bw.Find(t.Context(), request()); ok || err != nil || len(w.sent) != 2 ||
			!strings.Contains(w.sent[1], "status=draft") {
			t.Fatalf("%t, %v, %q", ok, err, w.sent)
		}
	})
}

func TestSupplementMatrix(t *testing.T) {
	record := func(kind, state, more string) string {
		return `<ProcessingStatus>` + state + `</ProcessingStatus><PortType>` + kind + `</PortType>` + more +
			`<RequestedFocDate>2030-03-14T15:30:00Z</RequestedFocDate>
		<BillingTelephoneNumber>9195550101</BillingTelephoneNumber><Subscriber><SubscriberType>business</SubscriberType>` +
			`<BusinessName>The Paper Kite Bakery &amp; T</BusinessName>
		<ServiceAddress><HouseNumber>12</HouseNumber><StreetName>Example</StreetName><StreetSuffix>Ave</StreetSuffix>` +
			`<City>Sampleton</City><StateCode>NC</StateCode><Zip>02700</Zip></ServiceAddress></Subscriber>
		<WirelessInfo><AccountNumber>` +
			`` + secretAccount + `</AccountNumber><PinNumber>` + secretPIN + `</PinNumber></WirelessInfo>` +
			`<LoaAuthorizingPerson>` +
			`Patricia Exampl</LoaAuthorizingPerson>
		<ListOfPhoneNumbers><PhoneNumber>9195550102</PhoneNumber><PhoneNumber>9195550101</PhoneNumber>` +
			`</ListOfPhoneNumbers><SiteId>743</SiteId><PeerId>500001</PeerId>`
	}
	const partner = `<VendorName>Partner One</VendorName>`
	changes := map[string]func(*peer.Request){
		"BillingTelephoneNumber": func(r *peer.Request) { r.Order.Details.BillingNumber = "+19195550199" },
		"Subscriber":             func(r *peer.Request) { r.Order.Details.Company = "Kite LLC" },
		"LoaAuthorizingPerson":   func(r *peer.Request) { r.Order.Details.BillingName = "Sam Signer" },
		"AccountNumber":          func(r *peer.Request) { r.Order.Details.ProviderAccount = porting.NewSecret("9") },
		"PinNumber":              func(r *peer.Request) { r.Order.Details.PIN = porting.NewSecret("9") },
		"ServiceAddress":         func(r *peer.Request) { r.Order.Details.Street = "14 Example Ave" },
		"ListOfPhoneNumbers":     func(r *peer.Request) { r.Order.Numbers = r.Order.Numbers[:1] },
		"RequestedFocDate":       func(r *peer.Request) { r.Date = "2030-03-18" },
	}
	all := strings.Fields("BillingTelephoneNumber Subscriber LoaAuthorizingPerson AccountNumber PinNumber " +
		"ServiceAddress ListOfPhoneNumbers RequestedFocDate")
	for _, c := range []struct {
		column, record string
		frozen         string
		again          bool // a new request would do
	}{
		{"manual off-net", record("MANUALOFFNET", "SUBMITTED", partner), "ListOfPhoneNumbers", true},
		{"manual on-net", record("MANUAL_ON_NET", "SUBMITTED", ""), "ListOfPhoneNumbers", true},
		{"manual toll-free", record("MANUALTOLLFREE", "SUBMITTED", ""), "BillingTelephoneNumber PinNumber ListOfPhoneNumbers",
			true},
		{"automated toll-free", record("AUTOMATED_TOLLFREE", "SUBMITTED", ""), "BillingTelephoneNumber Subscriber " +
			"AccountNumber PinNumber ServiceAddress ListOfPhoneNumbers", true},
		{"automated on-net", record("AUTOMATED", "FOC", ""), "", false},
		{"wireless to wireless", record("AUTOMATED", "EXCEPTION", "<LosingCarrierIsWireless>true</LosingCarrierIsWireless>"),
			"BillingTelephoneNumber Subscriber LoaAuthorizingPerson ServiceAddress", true},
		{"automated off-net before the FOC", record("AUTOMATED", "EXCEPTION", partner), "", false},
		{"automated off-net after the FOC", record("AUTOMATED", "FOC", partner), "BillingTelephoneNumber Subscriber " +
			"LoaAuthorizingPerson AccountNumber PinNumber ServiceAddress ListOfPhoneNumbers", false},
		{"internal", record("INTERNAL", "FOC", ""), "ListOfPhoneNumbers", true},
		{"a port type that nobody knows", record("TELEPATHIC", "FOC", ""), "", false},
	} {
		for _, name := range all {
			t.Run(c.column+"/"+name, func(t *testing.T) {
				bw, w := client(map[string]answer{"GET portins/ref": orderAnswer(c.record)})
				bw.cfg.Wireless = true
				r := request()
				r.Sup = porting.SupOther
				changes[name](&r)
				_, err := bw.Supplement(t.Context(), "ref", r)
				put := w.last("PUT ") != ""
				if !slices.Contains(strings.Fields(c.frozen), name) {
					if err != nil || !put {
						t.Fatalf("it may change: %v", err)
					}
					return
				}
				var f *Frozen
				if put || !errors.As(err, &f) || !slices.Equal(f.Fields, []string{name}) || f.NewRequest != c.again {
					t.Fatalf("it may not: sent %t, %v", put, err)
				}
				if want := map[bool]string{true: "new request", false: "after FOC"}[c.again]; !isDenied(err, "LATE_CHANGE_REFUSED",
					want) {
					t.Errorf("the denial is %+v", f.Unwrap())
				}
			})
		}
	}
}

func TestNotes(t *testing.T) {
	bw, w := client(map[string]answer{"POST portins/ref/notes": {status: 201}})
	if err := bw.WriteNote(t.Context(), "ref", strings.Repeat("ä", 600)); err != nil {
		t.Fatal(err)
	}
	if sent := w.last("POST portins/ref/notes"); strings.Count(sent, "ä") != maxNote ||
		!strings.Contains(sent, "<UserId>api</UserId>") {
		t.Error(sent)
	}
	if all, err := bw.Notes(t.Context(), "ref"); err != nil || all != nil { // 204
		t.Errorf("%v, %v", all, err)
	}
	bw, _ = client(map[string]answer{"GET portins/ref/notes": {status: 200, body: `<Notes><Note><Id>87037</Id>` +
		`<UserId>api</UserId><Description>the PIN 4711 is
		wrong</Description><LastDateModifier>2030-03-05T04:01:10.000Z</LastDateModifier></Note></Notes>`}})
	all, err := bw.Notes(t.Context(), "ref")
	if want := (Note{ID: "87037", By: "api", At: time.Date(2030, 3, 5, 4, 1, 10, 0, time.UTC),
		Text: "the PIN … is wrong"}); err != nil || len(all) != 1 || !all[0].At.Equal(want.At) || all[0].Text != want.Text {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestHistoryIsEvidence(t *testing.T) {
	bw, _ := client(map[string]answer{"GET portins/ref/history": {status: 200, body: `<OrderHistoryWrapper>` +
		`<OrderHistory>` +
		`<OrderDate>2030-03-05T04:01:10.000Z</OrderDate>
		<Note>7401: E17A account number wrong</Note><Author>System</Author><Status>EXCEPTION</Status></OrderHistory>` +
		`</OrderHistoryWrapper>`}})
	past, err := bw.History(t.Context(), "ref")
	if err != nil || len(past) != 1 || past[0].Status != "EXCEPTION" || past[0].By != "System" || past[0].Text == "" {
		t.Errorf("%+v, %v", past, err)
	}
	draft := `<OrderHistoryWrapper><IrisStatus><Code>7710</Code><Description>no history</Description></IrisStatus>` +
		`</OrderHistoryWrapper>`
	bw, _ = client(map[string]answer{"GET portins/ref/history": {status: 200, body: draft}})
	if past, err := bw.History(t.Context(), "ref"); err != nil || past != nil {
		t.Errorf("a draft has none: %v, %v", past, err)
	}
	bw, _ = client(map[string]answer{"GET portins/ref/history": {status: 200, body: strings.Replace(draft, "7710", "7003",
		1)}})
	if _, err := bw.History(t.Context(), "ref"); !isDenied(err, "PEER_DENIED", "7003") {
		t.Error(err)
	}
}

func TestDocuments(t *testing.T) {
	stored := `<fileUploadResponse><filename>ref-1.pdf</filename><resultCode>0</resultCode></fileUploadResponse>`
	bw, w := client(map[string]answer{"POST portins/ref/loas": {status: 201, body: stored},
		"PUT portins/ref/loas/ref-1.pdf/metadata": {status: 200}})
	id, err := bw.Upload(t.Context(), "ref", Document{Type: "INVOICE", Name: "bill of March",
		ContentType: "application/pdf", Bytes: []byte("%PDF")})
	if err != nil || id != "ref-1.pdf" ||
		!strings.HasPrefix(w.sent[0], "POST portins/ref/loas?documentType=INVOICE %PDF") ||
		!strings.Contains(w.sent[1], "<DocumentName>bill of March<") {
		t.Errorf("%q, %v, %q", id, err, w.sent)
	}
	for _, bad := range []Document{
		{Type: "BILL", ContentType: "application/pdf", Bytes: []byte("x")},
		{Type: "LOA", ContentType: "image/gif", Bytes: []byte("x")},
		{Type: "LOA", ContentType: "application/pdf"},
		{Type: "LOA", ContentType: "application/pdf", Bytes: make([]byte, maxDocument+1)},
	} {
		if _, err := bw.Upload(t.Context(), "ref", bad); !isDenied(err, "DOC_TYPE_INVALID", "not sent") {
			t.Errorf("%s %s: %v", bad.Type, bad.ContentType, err)
		}
	}
	// A good status with a resultCode is an error all the same.
	bw, _ = client(map[string]answer{"POST portins/ref/loas": {status: 200, body: `<fileUploadResponse><resultCode>` +
		`7641</resultCode><resultMessage>no</resultMessage></fileUploadResponse>`}})
	if _, err := bw.Upload(t.Context(), "ref", Document{Type: "LOA", ContentType: "application/pdf",
		Bytes: []byte("x")}); !isDenied(err, porting.OurRequest, "7641") {
		t.Error(err)
	}
	bw, _ = client(map[string]answer{
		"GET portins/ref/loas": {status: 200, body: `<fileListResponse><fileCount>1</fileCount><fileData><FileName>` +
			`ref-1.pdf</FileName>
		<FileMetaData><DocumentType>LOA</DocumentType><DocumentName>signed</DocumentName></FileMetaData></fileData>` +
			`</fileListResponse>`}})
	if all, err := bw.Documents(t.Context(), "ref"); err != nil || len(all) != 1 || all[0].ID != "ref-1.pdf" ||
		all[0].Type != "LOA" || all[0].Name != "signed" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestActivation(t *testing.T) {
	half := `<ActivationStatusResponse><ActivationStatus><AutoActivationDate>2030-03-18T18:30:00Z</AutoActivationDate>` +
		`<ActivatedTelephoneNumbersList><TelephoneNumber>9195550101</TelephoneNumber>
		</ActivatedTelephoneNumbersList><NotYetActivatedTelephoneNumbersList><TelephoneNumber>9195550102</TelephoneNumber>` +
		`</NotYetActivatedTelephoneNumbersList></ActivationStatus></ActivationStatusResponse>`
	refusal := func(code string) string {
		return `<ActivationStatusResponse><ResponseStatus><ErrorCode>` + code + `</ErrorCode><Description>x</Description>` +
			`</ResponseStatus></ActivationStatusResponse>`
	}
	bw, w := client(map[string]answer{"PUT portins/ref/activationStatus": {status: 200, body: half},
		"GET portins/ref/activationStatus": {status: 200, body: half}})
	a, err := bw.Activate(t.Context(), "ref", time.Time{})
	if err != nil || !slices.Equal(a.Active, []string{"+19195550101"}) ||
		!slices.Equal(a.Waiting, []string{"+19195550102"}) || !strings.Contains(w.sent[0], "2000-01-01T00:00:00Z") {
		t.Errorf("%+v, %v, %q", a, err, w.sent)
	}
	for _, code := range []string{"7348", "7349"} {
		bw, _ = client(map[string]answer{"PUT portins/ref/activationStatus": {status: 404, body: refusal(code)}})
		if a, err := bw.Activate(t.Context(), "ref", time.Now()); err != nil || !a.Erased {
			t.Errorf("done already, told by %s: %+v, %v", code, a, err)
		}
	}
	for _, body := range []string{"", "<html><body>404</body></html>", refusal("7200")} {
		bw, _ = client(map[string]answer{"PUT portins/ref/activationStatus": {status: 404, body: body}})
		if a, err := bw.Activate(t.Context(), "ref", time.Now()); err == nil {
			t.Errorf("%q is no completion: %+v", body, a)
		}
	}
	for _, status := range []int{400, 200} {
		bw, _ = client(map[string]answer{"PUT portins/ref/activationStatus": {status: status, body: refusal("7342")}})
		if _, err := bw.Activate(t.Context(), "ref", time.Time{}); !isDenied(err, porting.ActivationRefused, "7342") {
			t.Errorf("%d: %v", status, err)
		}
	}
	t.Run("some numbers of an accepted order have moved", func(t *testing.T) {
		for triggered, want := range map[string][]string{"<Triggered>true</Triggered>": {"+19195550101"}, "": nil} {
			order := orderAnswer(`<ProcessingStatus>FOC</ProcessingStatus><ActualFocDate>2020-03-18T15:30:00Z</ActualFocDate>` +
				triggered + `<ListOfPhoneNumbers><PhoneNumber>9195550101</PhoneNumber><PhoneNumber>9195550102</PhoneNumber>` +
				`</ListOfPhoneNumbers>`)
			bw, _ := client(map[string]answer{"GET portins/ref": order, "GET portins/ref/activationStatus": {status: 200, body: half}})
			if a, err := bw.Read(t.Context(), "ref"); err != nil || a.State != porting.AnswerAccepted || !slices.Equal(a.Moved, want) {
				t.Errorf("%q: %+v, %v", triggered, a, err)
			}
		}
	})
	t.Run("some numbers of a complete order stay behind", func(t *testing.T) {
		order := orderAnswer(`<ProcessingStatus>COMPLETE</ProcessingStatus><Errors><Code>7426</Code><TelephoneNumbers>` +
			`<Tn>9195550102</Tn></TelephoneNumbers></Errors>
			<ListOfPhoneNumbers><PhoneNumber>9195550101</PhoneNumber><PhoneNumber>9195550102</PhoneNumber></ListOfPhoneNumbers>`)
		bw, _ := client(map[string]answer{"GET portins/ref": order, "GET portins/ref/activationStatus": {status: 200,
			body: half}})
		a, err := bw.Read(t.Context(), "ref")
		if err != nil || a.State != porting.AnswerCompleted || !slices.Equal(a.Left, []string{"+19195550102"}) ||
			a.Reasons[0].Code != "TN_NOT_IN_SERVICE" {
			t.Errorf("%+v, %v", a, err)
		}
		for name, told := range map[string]answer{
			"erased, by the sample's code": {status: 404, body: refusal("7348")}, "erased, by the list's code": {status: 404,
				body: refusal("7349")},
			"not on demand": {status: 400, body: refusal("7345")},
		} {
			bw, _ = client(map[string]answer{"GET portins/ref": order, "GET portins/ref/activationStatus": told})
			if a, err := bw.Read(t.Context(), "ref"); err != nil || a.State != porting.AnswerCompleted ||
				!slices.Equal(a.Left, []string{"+19195550102"}) {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		}
		moved := `<ActivationStatusResponse><ActivationStatus><ActivatedTelephoneNumbersList><TelephoneNumber>` +
			`9195550101</TelephoneNumber>
			<TelephoneNumber>9195550102</TelephoneNumber></ActivatedTelephoneNumbersList></ActivationStatus>` +
			`</ActivationStatusResponse>`
		bw, _ = client(map[string]answer{"GET portins/ref": order, "GET portins/ref/activationStatus": {status: 200,
			body: moved}})
		if a, err := bw.Read(t.Context(), "ref"); err != nil || a.State != porting.AnswerCompleted || a.Left != nil ||
			a.Reasons != nil {
			t.Errorf("an old error about a number that is active: %+v, %v", a, err)
		}
		bw, _ = client(map[string]answer{
			"GET portins/ref": answer{status: 200, body: strings.Replace(order.body, "<PhoneNumber>9195550101</PhoneNumber>", "",
				1)}, "GET portins/ref/activationStatus": {status: 404, body: refusal("7348")}})
		if a, err := bw.Read(t.Context(), "ref"); err != nil || a.State != porting.AnswerUnclear {
			t.Errorf("complete without a number that moved: %+v, %v", a, err)
		}
	})
}

func TestKeepSubscribed(t *testing.T) {
	hook := Hook{URL: "https://hooks.portway.example/bw", User: "hook", Password: porting.NewSecret("open")}
	have := func(left string) map[string]answer {
		return map[string]answer{"GET subscriptions": {status: 200, body: `<SubscriptionsResponse><Subscriptions>` +
			`<Subscription><SubscriptionId>7</SubscriptionId><OrderType>portins</OrderType>
			<CallbackSubscription><URL>https://hooks.portway.example/bw</URL><Expiry>` +
			`` + left + `</Expiry></CallbackSubscription></Subscription></Subscriptions></SubscriptionsResponse>`}}
	}
	for left, renew := range map[string]bool{"86401": false, "86400": true, "-5": true, "": true} {
		bw, w := client(have(left))
		if err := bw.KeepSubscribed(t.Context(), hook, 24*time.Hour); err != nil ||
			(w.last("PUT subscriptions/7") != "") != renew {
			t.Errorf("%q left: %v, %q", left, err, w.sent)
		}
	}
	bw, w := client(nil)
	if err := bw.KeepSubscribed(t.Context(), hook, 24*time.Hour); err != nil || w.last("POST subscriptions") == "" {
		t.Errorf("none yet: %v, %q", err, w.sent)
	}
}

func TestCSRNotes(t *testing.T) {
	for state, want := range map[string]porting.AnswerState{"ACTION_REQUIRED": porting.AnswerLacking,
		"FAILED": porting.AnswerNoRecord} {
		body := answer{status: 200, body: `<CsrResponse><Status>` + state + `</Status></CsrResponse>`}
		bw, _ := client(map[string]answer{"GET csrs/ref": body,
			"GET csrs/ref/notes": {status: 200, body: `<Notes><Note><Description>old</Description></Note><Note><Description>` +
				`end user PIN wanted</Description></Note></Notes>`}})
		if _, got, said, err := bw.ReadCSR(t.Context(), "ref"); err != nil || got != want || said != state+
			": end user PIN wanted" {
			t.Errorf("%s, %q, %v", got, said, err)
		}
		bw, _ = client(map[string]answer{"GET csrs/ref": body, "GET csrs/ref/notes": {status: 503}})
		if _, got, said, err := bw.ReadCSR(t.Context(), "ref"); err != nil || got != want || said != state {
			t.Errorf("without notes: %s, %q, %v", got, said, err)
		}
	}
}

// A request for a record is found again by our reference; a list that is refused is none, one that can't be had is
// Down.
func TestFindCSR(t *testing.T) {
	row := func(id, pon, status string) string {
		return "<CsrResponse><OrderId>" + id + "</OrderId><Status>" + status + "</Status><CustomerOrderId>" + pon +
			"</CustomerOrderId></CsrResponse>"
	}
	for _, test := range []struct {
		name   string
		answer answer
		want   string
		down   bool
	}{
		{name: "there", answer: answer{status: 200, body: "<CsrResponses>" + row("1", "other", "COMPLETE") +
			row("2", "pw-1-csr", "RECEIVED") + "</CsrResponses>"}, want: "2"},
		{name: "cancelled", answer: answer{status: 200, body: "<CsrResponses>" + row("2", "pw-1-csr", "CANCELLED") +
			"</CsrResponses>"}},
		{name: "none", answer: answer{status: 204}},
		{name: "refused", answer: answer{status: 400,
			body: "<CsrOrderResponse><Errors><Error><Code>7201</Code><Description>no</Description></Error></Errors>" +
				"</CsrOrderResponse>"}},
		{name: "down", answer: answer{status: 503}, down: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			bw, _ := client(map[string]answer{"GET csrs": test.answer})
			ref, ok, err := bw.FindCSR(t.Context(), "pw-1-csr", time.Date(2030, 3, 4, 12, 0, 0, 0, time.UTC))
			if ref != test.want || ok != (test.want != "") || errors.As(err, new(*peer.Down)) != test.down {
				t.Errorf("%q %v %v", ref, ok, err)
			}
		})
	}
}

// People are asked by one note: one that is there already is not written again.
func TestEscalate(t *testing.T) {
	written := "<Notes><Note><Id>1</Id><UserId>portway</UserId><Description>" + escalation +
		"</Description></Note></Notes>"
	for name, test := range map[string]struct {
		notes answer
		posts bool
	}{
		"none yet": {answer{status: 204}, true},
		"another's": {answer{status: 200,
			body: "<Notes><Note><Id>1</Id><UserId>x</UserId><Description>hello</Description></Note></Notes>"}, true},
		"written already": {answer{status: 200, body: written}, false},
	} {
		t.Run(name, func(t *testing.T) {
			bw, w := client(map[string]answer{"GET portins/ref/notes": test.notes, "POST portins/ref/notes": {status: 201}})
			said, done, err := bw.Escalate(t.Context(), "ref", time.Time{})
			if err != nil || !done || said == "" || (w.last("POST portins/ref/notes") != "") != test.posts {
				t.Errorf("%q %v %v, wrote %q", said, done, err, w.last("POST portins/ref/notes"))
			}
		})
	}
}

func TestSupplyCSR(t *testing.T) {
	o := request().Order
	ask := func(state, more string) (bool, string) {
		bw, w := client(map[string]answer{"GET csrs/ref": {status: 200, body: `<CsrResponse><Status>` + state +
			`</Status><CustomerOrderId>pw-1-csr</CustomerOrderId>
			<WorkingOrBillingTelephoneNumber>9195550101</WorkingOrBillingTelephoneNumber><AccountTelephoneNumber>` +
			`9195550100</AccountTelephoneNumber>` + more + `</CsrResponse>`}})
		sent, err := bw.SupplyCSR(context.Background(), "ref", o)
		if err != nil {
			t.Fatal(err)
		}
		return sent, w.last("PUT csrs/ref")
	}
	sent, put := ask("ACTION_REQUIRED", "")
	if !sent || !strings.Contains(put, "<EndUserPIN>"+secretPIN) ||
		!strings.Contains(put, "<AccountTelephoneNumber>9195550100") || !strings.Contains(put, "<CustomerOrderId>pw-1-csr") {
		t.Errorf("%t, %s", sent, put)
	}
	if sent, put := ask("PROCESSING", ""); sent || put != "" {
		t.Errorf("nothing is wanted: %s", put)
	}
	if sent, put := ask("ACTION_REQUIRED", `<AccountNumber>`+secretAccount+`</AccountNumber><EndUserName>The Paper Kite `+
		`Bakery &amp; Tea Rooms</EndUserName>
		<AuthorizingUserName>Patricia Exampleton-Longname</AuthorizingUserName><EndUserPIN>`+
		``+secretPIN+`</EndUserPIN><AddressLine1>12 Example Ave</AddressLine1><City>Sampleton</City><State>NC</State>
		<ZIPCode>02700</ZIPCode><TypeOfService>business</TypeOfService>`); sent || put != "" {
		t.Errorf("it has all that we have: %s", put)
	}
}
