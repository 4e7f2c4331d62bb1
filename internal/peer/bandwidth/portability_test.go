package bandwidth

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portway/internal/peer"
	"portway/internal/peer/call"
	"portway/internal/porting"
)

// checker is a peer that answers portability checks by a rule on the numbers asked for, and counts the calls.
type checker struct {
	rule  func(tns []string) answer
	asked [][]string
}

var tnForm = regexp.MustCompile(`<Tn>(\d+)</Tn>`)

func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var tns []string
	for _, m := range tnForm.FindAllStringSubmatch(string(body), -1) {
		tns = append(tns, m[1])
	}
	c.asked = append(c.asked, tns)
	a := c.rule(tns)
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func (c *checker) client() *Client {
	return New(Config{BaseURL: "https://peer.example/api/v1", Account: "9900001", HTTP: &http.Client{Transport: c},
		Calls: []call.Option{call.Attempts(1), call.Pace(0)}})
}

// fine is an answer in which all numbers are portable.
func fine(tns []string) answer {
	list := "<Tn>" + strings.Join(tns, "</Tn><Tn>") + "</Tn>"
	return answer{status: 200, body: `<NumberPortabilityResponse><PortType>AUTOMATED</PortType><PortableNumbers>` + list +
		`</PortableNumbers><SupportedRateCenters><RateCenterGroup>
		<RateCenter>SAMPLETON</RateCenter><TnList>` +
		`` + list + `</TnList></RateCenterGroup></SupportedRateCenters></NumberPortabilityResponse>`}
}

// An answer says something of the numbers that it names. The others are asked again, alone or in halves, within a
// bound.
func TestAnErrorAboutOneNumberCondemnsNoOther(t *testing.T) {
	const bad = "6055550103"
	has := func(tns []string) bool { return slices.Contains(tns, bad) }
	for _, c := range []struct {
		name   string
		answer func(tns []string) answer // where the bad number is among them
		reason porting.ReasonCode
	}{
		{"200 with Errors that name it", func([]string) answer {
			return answer{status: 200, body: `<NumberPortabilityResponse><Errors><Code>7201</Code><Description>` +
				`invalid</Description><TelephoneNumbers><Tn>` + bad + `</Tn></TelephoneNumbers></Errors>` +
				`</NumberPortabilityResponse>`}
		}, porting.TNNotPortable},
		{"400 with Errors that name it", func([]string) answer {
			return answer{status: 400, body: `<NumberPortabilityResponse><Errors><Code>7331</Code><TelephoneNumbers>` +
				`<TelephoneNumber>` + bad + `</TelephoneNumber></TelephoneNumbers></Errors></NumberPortabilityResponse>`}
		}, porting.NoCoverage},
		{"400 that names it in the description", func([]string) answer {
			return answer{status: 400, body: `<NumberPortabilityResponse><Errors><Code>7201</Code><Description>` + bad +
				` is not a valid NANP telephone number.</Description></Errors></NumberPortabilityResponse>`}
		}, porting.TNNotPortable},
		{"400 that names it nowhere", func([]string) answer {
			return answer{status: 400, body: `<NumberPortabilityResponse><Errors><Code>7205</Code><Description>Telephone ` +
				`number is already being processed on another order</Description></Errors></NumberPortabilityResponse>`}
		}, porting.TNAlreadyPorting},
		{"400 by a code that nobody has published", func([]string) answer {
			return answer{status: 400, body: `<NumberPortabilityResponse><Errors><Code>7979</Code><Description>` +
				`no</Description></Errors></NumberPortabilityResponse>`}
		}, porting.OtherReason},
		{"PortabilityErrors beside good numbers", func(tns []string) answer {
			good := fine(slices.DeleteFunc(slices.Clone(tns), func(tn string) bool { return tn == bad }))
			good.body = strings.Replace(good.body, "<PortType>", `<PortabilityErrors><Error><Code>7378</Code><TelephoneNumbers>`+
				`<Tn>`+bad+`</Tn><Tn>`+bad+`</Tn></TelephoneNumbers></Error>
				<Error><Code>7206</Code><TelephoneNumbers><Tn>`+
				``+bad+`</Tn></TelephoneNumbers></Error></PortabilityErrors><PortType>`, 1)
			return good
		}, porting.TNNotInService},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{2, 3, 500} {
				peer := &checker{rule: func(tns []string) answer {
					if has(tns) {
						return c.answer(tns)
					}
					return fine(tns)
				}}
				tns := []string{"+1" + bad}
				for i := range n - 1 {
					tns = append(tns, fmt.Sprintf("+1919555%04d", i))
				}
				got, err := peer.client().Check(t.Context(), Carriers, tns)
				if err != nil || len(got) != n || got[0].Portable || got[0].Reason != c.reason {
					t.Fatalf("of %d: %v, %v", n, err, got[:min(len(got), 1)])
				}
				for _, other := range got[1:] {
					if !other.Portable || other.Reason != "" || other.RateCenter != "SAMPLETON" {
						t.Fatalf("of %d: it condemns %+v", n, other)
					}
				}
				if len(peer.asked) > 19 {
					t.Errorf("%d calls for %d numbers", len(peer.asked), n)
				}
			}
		})
	}
}

// A fault of our account, our message or the peer, and an error about a number that was not asked for, is no number's
// reason.
func TestCheckThatSaysNothing(t *testing.T) {
	tns := []string{"+19195551212", "+19195551213", "+19195551214"}
	errors := func(status int, code, more string) answer {
		return answer{status: status, body: `<NumberPortabilityResponse><Errors><Code>` + code + `</Code>` + more +
			`</Errors></NumberPortabilityResponse>`}
	}
	for _, c := range []struct {
		name   string
		answer answer
		fail   func(error) bool
		calls  int
	}{
		{"about a number that nobody asked for", errors(200, "7201", `<Description>Telephone number is invalid</Description>`+
			`<TelephoneNumbers><Tn>919</Tn></TelephoneNumbers>`), isDown, 2},
		{"and in the text", errors(400, "7201", `<Description>61746052083 is not a valid NANP telephone `+
			`number.</Description>`), isDown, 2},
		{"our account may not port", errors(400, "7333", ""), func(err error) bool {
			return isDenied(err, porting.PeerDenied, "7333")
		}, 1},
		{"our message", errors(400, "7472", ""), func(err error) bool { return isDenied(err, porting.OurRequest, "7472") },
			1},
		{"passing trouble", errors(400, "7646", ""), isDown, 1},
		{"the same under a good status", errors(200, "7000", ""), isDown, 1},
		{"a page of a proxy", answer{status: 400, body: "<html><body>blocked<br>"}, isDown, 1},
		{"a page that is XML", answer{status: 404, body: "<html><body>no</body></html>"}, isDown, 1},
		{"nothing", answer{status: 400}, isDown, 1},
		{"another document", answer{status: 200, body: "<CsrResponse/>"}, isDown, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			peer := &checker{rule: func([]string) answer { return c.answer }}
			if got, err := peer.client().Check(t.Context(), Carriers, tns); err == nil || !c.fail(err) ||
				len(peer.asked) != c.calls {
				t.Errorf("%+v, %v after %d calls", got, err, len(peer.asked))
			}
		})
	}
	t.Run("within a bound", func(t *testing.T) {
		var many []string
		for i := range 500 {
			many = append(many, fmt.Sprintf("+1919555%04d", i))
		}
		peer := &checker{rule: func([]string) answer { return errors(400, "7503", "") }}
		if _, err := peer.client().Check(t.Context(), Carriers, many); !isDown(err) || len(peer.asked) != maxChecks {
			t.Errorf("%v after %d calls", err, len(peer.asked))
		}
	})
}

// Portable is what the list of portable numbers has; where there is no such list, rate center and carrier tell (guide
// lnpChecker).
func TestPortableNumbers(t *testing.T) {
	group := func(list, tn string) string {
		return "<" + list + "><RateCenterGroup><RateCenter>X</RateCenter><TnList><Tn>" + tn +
			"</Tn></TnList></RateCenterGroup></" + list + ">"
	}
	losing := func(list, tn string) string {
		return "<" + list + "><LosingCarrierTnList><LosingCarrierSPID/><LosingCarrierName>Unknown</LosingCarrierName>" +
			"<TnList><Tn>" + tn + "</Tn></TnList></LosingCarrierTnList></" + list + ">"
	}
	const a = "9195551212"
	for _, c := range []struct {
		name, body string
		portable   bool
	}{
		{"listed", "<PortableNumbers><Tn>" + a + "</Tn></PortableNumbers>", true},
		{"not listed, though its carrier is supported", "<PortableNumbers/>" + group("SupportedRateCenters", a) +
			losing("SupportedLosingCarriers", a), false},
		{"no list, its rate center is supported", group("SupportedRateCenters", a) + losing("SupportedLosingCarriers", a),
			true},
		{"no list, a partner supports it", group("PartnerSupportedRateCenters", a), true},
		{"no list, a carrier that is not supported", group("SupportedRateCenters", a) + losing("UnsupportedLosingCarriers",
			a), false},
		{"no list, a rate center that is not supported", group("UnsupportedRateCenters", a) +
			losing("SupportedLosingCarriers", a), false},
		{"nothing is said", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			peer := &checker{rule: func([]string) answer {
				return answer{status: 200, body: "<NumberPortabilityResponse>" + c.body + "</NumberPortabilityResponse>"}
			}}
			got, err := peer.client().Check(t.Context(), Partners, []string{"+1" + a})
			if err != nil || got[0].Portable != c.portable || (got[0].Reason == "") != c.portable {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}

// The answer tells the wishes and the interval of the losing carrier; all of it may be absent.
func TestPortabilityTellsOfTheCarrier(t *testing.T) {
	for more, want := range map[string]peer.Portability{
		`<LosingCarrierIsWireless>true</LosingCarrierIsWireless><LosingCarrierAccountNumberRequired>` +
			`true</LosingCarrierAccountNumberRequired>` +
			`<LosingCarrierMinimumPortingInterval>1</LosingCarrierMinimumPortingInterval>`: {Wireless: true,
			NeedsAccountNumber: true, LeadDays: 1},
		`<LosingCarrierIsWireless>False</LosingCarrierIsWireless><LosingCarrierMinimumPortingInterval>` +
			`soon</LosingCarrierMinimumPortingInterval>`: {},
		``: {},
	} {
		peer := &checker{rule: func([]string) answer {
			return answer{status: 200, body: `<NumberPortabilityResponse><PortableNumbers><Tn>9195551212</Tn>` +
				`</PortableNumbers>` +
				`<SupportedLosingCarriers><LosingCarrierTnList><LosingCarrierSPID>6214</LosingCarrierSPID>` +
				more + `<TnList><Tn>9195551212</Tn></TnList></LosingCarrierTnList></SupportedLosingCarriers>` +
				`</NumberPortabilityResponse>`}
		}}
		want.TN, want.Portable, want.Carrier = "+19195551212", true, porting.Carrier{SPID: "6214"}
		if got, err := peer.client().Portability(t.Context(), []string{"+19195551212"}); err != nil || got[0] != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
}
