package locals

import (
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The wire, read from the peer's own sources for the simulator alone; the adapter reads them by itself. Beside each
// shape stands where it comes from: [spec] site/specs/numbers.yml and [guide] site/docs/numbers of Bandwidth/api-docs,
// [SDK …] the tests of Bandwidth/…-bandwidth-iris, [old guide] Bandwidth/bandwidth.github.io. What no source tells is
// an open question, L1 to L9 of infra/docs/wire-locals.md.

// values has the elements of an order ([spec] LnpOrder, LnpOrderSupp).
type values struct {
	XMLName         xml.Name     `xml:""`
	CustomerOrderID string       `xml:"CustomerOrderId"`
	RequestedFOC    string       `xml:"RequestedFocDate"`
	BTN             string       `xml:"BillingTelephoneNumber"`
	NewBTN          string       `xml:"NewBillingTelephoneNumber"`
	Subscriber      subscriber   `xml:"Subscriber"`
	Wireless        wirelessInfo `xml:"WirelessInfo"`
	LOAPerson       string       `xml:"LoaAuthorizingPerson"`
	Numbers         []string     `xml:"ListOfPhoneNumbers>PhoneNumber"`
	Site            string       `xml:"SiteId"`
	Peer            string       `xml:"PeerId"`
	PartialPort     string       `xml:"PartialPort"`
	Triggered       string       `xml:"Triggered"`
	State           string       `xml:"ProcessingStatus"` // DRAFT, or SUBMITTED on a draft
	loas            int          // LOAs sent so far
	papers          int          // documents of any other kind
	answered        time.Time    // when the carrier answered, or answers
	step            time.Duration
}

type subscriber struct {
	Type          string  `xml:"SubscriberType,omitempty"`
	BusinessName  string  `xml:"BusinessName,omitempty"`
	FirstName     string  `xml:"FirstName,omitempty"`
	MiddleInitial string  `xml:"MiddleInitial,omitempty"`
	LastName      string  `xml:"LastName,omitempty"`
	Address       address `xml:"ServiceAddress"`
}

type address struct {
	HousePrefix     string `xml:"HousePrefix,omitempty"`
	HouseNumber     string `xml:"HouseNumber,omitempty"`
	HouseSuffix     string `xml:"HouseSuffix,omitempty"`
	PreDirectional  string `xml:"PreDirectional,omitempty"`
	StreetName      string `xml:"StreetName,omitempty"`
	StreetSuffix    string `xml:"StreetSuffix,omitempty"`
	PostDirectional string `xml:"PostDirectional,omitempty"`
	AddressLine2    string `xml:"AddressLine2,omitempty"`
	City            string `xml:"City,omitempty"`
	State           string `xml:"StateCode,omitempty"`
	Zip             string `xml:"Zip,omitempty"`
	PlusFour        string `xml:"PlusFour,omitempty"`
	County          string `xml:"County,omitempty"`
	Country         string `xml:"Country,omitempty"`     // answers: derived
	AddressType     string `xml:"AddressType,omitempty"` // answers
}

type wirelessInfo struct {
	Account string `xml:"AccountNumber,omitempty"`
	PIN     string `xml:"PinNumber,omitempty"`
}

func (v values) account() string { return v.Wireless.Account }
func (v values) pin() string     { return v.Wireless.PIN }
func (v values) btn() string     { return v.BTN }
func (v values) zip() string     { return v.Subscriber.Address.Zip + v.Subscriber.Address.PlusFour }
func (v values) person() string  { return v.LOAPerson }

func (v values) address() string {
	a := v.Subscriber.Address
	return strings.ToUpper(strings.Join([]string{a.HousePrefix, a.HouseNumber, a.HouseSuffix, a.PreDirectional,
		a.StreetName, a.StreetSuffix,
		a.PostDirectional, a.AddressLine2, a.City, a.State, a.Zip, a.PlusFour}, " "))
}

func (v values) name() string {
	s := v.Subscriber
	return strings.ToUpper(strings.Join([]string{s.BusinessName, s.FirstName, s.MiddleInitial, s.LastName}, " "))
}

func (v values) first() string {
	if len(v.Numbers) == 0 {
		return ""
	}
	return v.Numbers[0]
}

func (v values) lastNumber() string {
	if len(v.Numbers) == 0 {
		return ""
	}
	return v.Numbers[len(v.Numbers)-1]
}

// elements are the names that a request may bear, by its root. The real peer's reading of others is not published; the
// simulated one refuses them, so that a misspelt element is found.
var elements = map[string]string{
	"NumberPortabilityRequest": "TnList Tn",
	"LnpOrder": "CustomerOrderId RequestedFocDate BillingTelephoneNumber NewBillingTelephoneNumber Subscriber " +
		"SubscriberType BusinessName FirstName MiddleInitial LastName ServiceAddress HousePrefix HouseNumber HouseSuffix " +
		"PreDirectional StreetName StreetSuffix PostDirectional AddressLine2 City StateCode Zip PlusFour County Country " +
		"WirelessInfo AccountNumber PinNumber LoaAuthorizingPerson ListOfPhoneNumbers PhoneNumber SiteId PeerId " +
		"PartialPort Triggered TnAttributes TnAttribute AlternateSpid ProcessingStatus TargetRespOrgId",
	"LnpOrderSupp": "CustomerOrderId RequestedFocDate BillingTelephoneNumber NewBillingTelephoneNumber Subscriber " +
		"SubscriberType BusinessName FirstName MiddleInitial LastName ServiceAddress ResetAddressFields HousePrefix " +
		"HouseNumber HouseSuffix PreDirectional StreetName StreetSuffix PostDirectional AddressLine2 City StateCode Zip " +
		"PlusFour County Country WirelessInfo AccountNumber PinNumber LoaAuthorizingPerson ListOfPhoneNumbers PhoneNumber " +
		"SiteId PeerId PartialPort Triggered TnAttributes TnAttribute AlternateSpid ProcessingStatus TargetRespOrgId " +
		"RetryValidation",
	"Csr": "WorkingOrBillingTelephoneNumber AccountNumber AccountTelephoneNumber EndUserName AuthorizingUserName " +
		"CustomerCode EndUserPIN EndUserPassword AddressLine1 City State ZIPCode TypeOfService CustomerOrderId Status",
	"Note":             "UserId Description",
	"FileMetaData":     "DocumentName DocumentType",
	"ActivationStatus": "AutoActivationDate",
	"Subscription": "OrderType OrderId CallbackSubscription URL Expiry CallbackCredentials BasicAuthentication " +
		"Username Password PublicKey NumberFormat",
}

// asked has the elements that were read of a request.
type asked struct {
	names []string // of its elements
	bad   string   // one that may not be there; the root's name when the body is not XML or bears another root
}

func (a asked) has(name string) bool { return slices.Contains(a.names, name) }

// decode reads a request whose root is that.
func decode(r *http.Request, root string, v any) asked {
	body, err := io.ReadAll(r.Body)
	if err != nil || xml.Unmarshal(body, v) != nil {
		return asked{bad: root}
	}
	a := asked{}
	known := append(strings.Fields(elements[root]), root)
	for d := xml.NewDecoder(strings.NewReader(string(body))); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		if t, ok := token.(xml.StartElement); ok {
			a.names = append(a.names, t.Name.Local)
			if !slices.Contains(known, t.Name.Local) {
				a.bad = t.Name.Local
			}
		}
	}
	if len(a.names) == 0 || a.names[0] != root {
		a.bad = root
	}
	return a
}

// fault is an <Errors> element of an order ([spec] LnpOrderResponse), or an <Error> of a record's list.
type fault struct {
	Code    string   `xml:"Code"`
	Text    string   `xml:"Description"`
	Numbers []string `xml:"TelephoneNumbers>Tn,omitempty"`
}

type status struct {
	Code string `xml:"Code"`
	Text string `xml:"Description"`
}

// lnpOrderResponse answers POST, PUT, GET and the refusals of all of them ([spec] CreatePortin, UpdatePortin,
// RetrievePortin).
type lnpOrderResponse struct {
	XMLName         xml.Name      `xml:"LnpOrderResponse"`
	OrderID         string        `xml:"OrderId,omitempty"`
	Status          *status       `xml:"Status"`
	Errors          []fault       `xml:"Errors"`
	State           string        `xml:"ProcessingStatus,omitempty"`
	ActualFOC       string        `xml:"ActualFocDate,omitempty"`
	RequestedFOC    string        `xml:"RequestedFocDate,omitempty"`
	Estimate        string        `xml:"EarliestEstimate,omitempty"` // drafts
	CustomerOrderID string        `xml:"CustomerOrderId,omitempty"`
	LOAPerson       string        `xml:"LoaAuthorizingPerson,omitempty"`
	Subscriber      *subscriber   `xml:"Subscriber"`
	Wireless        *wirelessInfo `xml:"WirelessInfo"`
	BTN             string        `xml:"BillingTelephoneNumber,omitempty"`
	NewBTN          string        `xml:"NewBillingTelephoneNumber,omitempty"`
	Numbers         []string      `xml:"ListOfPhoneNumbers>PhoneNumber,omitempty"`
	AccountID       string        `xml:"AccountId,omitempty"`
	Site            string        `xml:"SiteId,omitempty"`
	Peer            string        `xml:"PeerId,omitempty"`
	SPID            string        `xml:"LosingCarrierSPID,omitempty"`
	CarrierName     string        `xml:"LosingCarrierName,omitempty"`
	IsWireless      string        `xml:"LosingCarrierIsWireless,omitempty"`
	Vendor          string        `xml:"VendorName,omitempty"`
	PON             string        `xml:"PON,omitempty"`
	Created         string        `xml:"OrderCreateDate,omitempty"`
	Modified        string        `xml:"LastModifiedDate,omitempty"`
	User            string        `xml:"userId,omitempty"`
	ModifiedBy      string        `xml:"LastModifiedBy,omitempty"`
	PartialPort     string        `xml:"PartialPort,omitempty"`
	Triggered       string        `xml:"Triggered,omitempty"`
	PortType        string        `xml:"PortType,omitempty"`
	BillingType     string        `xml:"BillingType,omitempty"` // [SDK ruby] port_in
}

// listRow is a row of GET portins ([spec] ListPortins); port-outs stand in the same list, with an ErrorCode of success
// and without a reference ([SDK csharp] xmlLNPResponseWrapper).
type listRow struct {
	AccountID       string `xml:"accountId,omitempty"`
	Count           int    `xml:"CountOfTNs"`
	CustomerOrderID string `xml:"CustomerOrderId,omitempty"`
	User            string `xml:"userId"`
	Modified        string `xml:"lastModifiedDate"`
	OrderDate       string `xml:"OrderDate"`
	OrderID         string `xml:"OrderId"`
	OrderType       string `xml:"OrderType"`
	ActualFOC       string `xml:"ActualFOCDate,omitempty"`
	BTN             string `xml:"BillingTelephoneNumber,omitempty"`
	CarrierName     string `xml:"LNPLosingCarrierName,omitempty"`
	ErrorCode       string `xml:"ErrorCode,omitempty"`
	ErrorText       string `xml:"ErrorMessage,omitempty"`
	State           string `xml:"ProcessingStatus"`
	RequestedFOC    string `xml:"RequestedFOCDate,omitempty"`
	Vendor          string `xml:"VendorName,omitempty"`
}

// links are texts, not elements with addresses ([spec] ListPortins, ReadCsrOrders).
type links struct {
	First string `xml:"first"`
	Next  string `xml:"next,omitempty"`
}

type listResponse struct {
	XMLName xml.Name  `xml:"LNPResponseWrapper"`
	Total   int       `xml:"TotalCount"` // of all pages ([guide] stand-alone port-ins)
	Links   links     `xml:"Links"`
	Rows    []listRow `xml:"lnpPortInfoForGivenStatus"`
}

type checkRequest struct {
	XMLName xml.Name `xml:"NumberPortabilityRequest"`
	Numbers []string `xml:"TnList>Tn"`
}

// checkResponse is [spec] RequestPortabilityInfo and [guide] lnpChecker. Its errors come as Errors, alone ([spec] with
// HTTP 400, where the numbers stand in the text; [SDK java] with HTTP 200), or as PortabilityErrors beside good numbers
// ([SDK csharp]).
type checkResponse struct {
	XMLName     xml.Name        `xml:"NumberPortabilityResponse"`
	Errors      []fault         `xml:"Errors"`
	Beside      *errorList      `xml:"PortabilityErrors"`
	PortType    string          `xml:"PortType,omitempty"`
	Portable    *numberList     `xml:"PortableNumbers"`
	OnNet       *rateCenters    `xml:"SupportedRateCenters"`
	Partner     *rateCenters    `xml:"PartnerSupportedRateCenters"`
	Unsupported *rateCenters    `xml:"UnsupportedRateCenters"`
	Losing      *losingCarriers `xml:"SupportedLosingCarriers"`
	Never       *losingCarriers `xml:"UnsupportedLosingCarriers"`
}

type errorList struct {
	Errors []fault `xml:"Error"`
}

type numberList struct {
	Numbers []string `xml:"Tn"`
}

type rateCenters struct {
	Groups []rateCenter `xml:"RateCenterGroup"`
}

type rateCenter struct {
	Vendor     string   `xml:"Vendor,omitempty"`
	Automated  string   `xml:"AutomatedPort,omitempty"`
	RateCenter string   `xml:"RateCenter"`
	City       string   `xml:"City"`
	State      string   `xml:"State"`
	LATA       string   `xml:"LATA"`
	Tiers      []string `xml:"Tiers>Tier,omitempty"`
	Numbers    []string `xml:"TnList>Tn"`
}

type losingCarriers struct {
	Lists []losing `xml:"LosingCarrierTnList"`
}

type losing struct {
	SPID       string   `xml:"LosingCarrierSPID"`
	Name       string   `xml:"LosingCarrierName"`
	IsWireless bool     `xml:"LosingCarrierIsWireless"`
	Account    bool     `xml:"LosingCarrierAccountNumberRequired"`
	Interval   int      `xml:"LosingCarrierMinimumPortingInterval"`
	Numbers    []string `xml:"TnList>Tn"`
}

type csrIn struct {
	Working         string `xml:"WorkingOrBillingTelephoneNumber,omitempty"`
	AccountNumber   string `xml:"AccountNumber,omitempty"`
	AccountTN       string `xml:"AccountTelephoneNumber,omitempty"`
	EndUser         string `xml:"EndUserName,omitempty"`
	Authorizing     string `xml:"AuthorizingUserName,omitempty"`
	CustomerCode    string `xml:"CustomerCode,omitempty"`
	PIN             string `xml:"EndUserPIN,omitempty"` // echoed ([spec] ReadCsrOrder)
	Password        string `xml:"EndUserPassword,omitempty"`
	Address         string `xml:"AddressLine1,omitempty"`
	City            string `xml:"City,omitempty"`
	State           string `xml:"State,omitempty"`
	Zip             string `xml:"ZIPCode,omitempty"`
	Service         string `xml:"TypeOfService,omitempty"`
	CustomerOrderID string `xml:"CustomerOrderId,omitempty"`
}

type csrRequest struct {
	XMLName xml.Name `xml:"Csr"`
	Status  string   `xml:"Status"`
	csrIn
}

type csrData struct {
	AccountNumber string     `xml:"AccountNumber,omitempty"`
	Customer      string     `xml:"CustomerName"`
	BTN           string     `xml:"BillingTelephoneNumber,omitempty"`
	Address       csrAddress `xml:"ServiceAddress"`
	Working       string     `xml:"WorkingTelephoneNumber"`
	OnAccount     []string   `xml:"WorkingTelephoneNumbersOnAccount>TelephoneNumber,omitempty"`
}

type csrAddress struct {
	Unparsed string `xml:"UnparsedAddress"`
	City     string `xml:"City"`
	State    string `xml:"State"`
	Zip      string `xml:"Zip"`
}

// csrResponse is [spec] ReadCsrOrder; its errors are a list ([SDK java] csrResponse, [old guide] csrLookup).
type csrResponse struct {
	XMLName    xml.Name `xml:"CsrResponse"`
	OrderID    string   `xml:"OrderId"`
	Account    string   `xml:"AccountId,omitempty"`
	ModifiedBy string   `xml:"LastModifiedBy,omitempty"`
	Created    string   `xml:"OrderCreateDate,omitempty"`
	Modified   string   `xml:"LastModifiedDate,omitempty"`
	Status     string   `xml:"Status"`
	csrIn
	Data   *csrData   `xml:"CsrData"`
	Errors *errorList `xml:"Errors"`
}

// csrList has whole rows ([spec] ReadCsrOrders).
type csrList struct {
	XMLName xml.Name      `xml:"CsrResponses"`
	Total   int           `xml:"TotalCount"`
	Links   links         `xml:"Links"`
	Rows    []csrResponse `xml:"CsrResponse"`
}

// csrRefusal is [spec] CreateCsrOrder, 400.
type csrRefusal struct {
	XMLName xml.Name `xml:"CsrOrderResponse"`
	Errors  []fault  `xml:"Errors>Error"`
}

type note struct {
	XMLName  xml.Name `xml:"Note"`
	ID       string   `xml:"Id,omitempty"`
	User     string   `xml:"UserId"`
	Text     string   `xml:"Description"`
	Modified string   `xml:"LastDateModifier,omitempty"`
}

type noteList struct {
	XMLName xml.Name `xml:"Notes"`
	Notes   []note
}

// responseStatus refuses a note or an activation; subscriptions have the two elements below their root.
type responseStatus struct {
	Code string `xml:"ErrorCode"`
	Text string `xml:"Description"`
}

// noteRefusal is [spec] CreatePortinNote, 400.
type noteRefusal struct {
	XMLName xml.Name       `xml:"NoteResponse"`
	Status  responseStatus `xml:"ResponseStatus"`
}

type historyRow struct {
	Date   string `xml:"OrderDate"`
	Note   string `xml:"Note"`
	Author string `xml:"Author"`
	Status string `xml:"Status"`
}

// historyList is [spec] RetrievePortinHistory, a draft's refusal with HTTP 200 among it.
type historyList struct {
	XMLName xml.Name     `xml:"OrderHistoryWrapper"`
	Refused *status      `xml:"IrisStatus"`
	Rows    []historyRow `xml:"OrderHistory"`
}

// uploadResponse is [spec] UploadPortinLoaFile; fileResult is the other form of it ([SDK ruby] file_created).
type uploadResponse struct {
	XMLName xml.Name `xml:"fileUploadResponse"`
	Name    string   `xml:"filename,omitempty"`
	Code    string   `xml:"resultCode"`
	Text    string   `xml:"resultMessage"`
}

type fileResult struct {
	XMLName xml.Name `xml:"FileResult"`
	Name    string   `xml:"filename"`
}

type fileRow struct {
	Name string `xml:"FileName"`
	Type string `xml:"FileMetaData>DocumentType"`
	Text string `xml:"FileMetaData>DocumentName,omitempty"`
}

type fileMetaData struct {
	XMLName xml.Name `xml:"FileMetaData"`
	Text    string   `xml:"DocumentName,omitempty"`
	Type    string   `xml:"DocumentType"`
}

// fileList is [spec] ListPortinLoas with metadata, and [SDK csharp] loasFileListResponse without.
type fileList struct {
	XMLName xml.Name  `xml:"fileListResponse"`
	Count   int       `xml:"fileCount"`
	Rows    []fileRow `xml:"fileData"`
	Names   []string  `xml:"fileNames"`
	Code    string    `xml:"resultCode"`
	Text    string    `xml:"resultMessage"`
}

type subscription struct {
	XMLName   xml.Name `xml:"Subscription"`
	ID        string   `xml:"SubscriptionId,omitempty"`
	OrderType string   `xml:"OrderType"`
	OrderID   string   `xml:"OrderId,omitempty"`
	URL       string   `xml:"CallbackSubscription>URL"`
	Expiry    string   `xml:"CallbackSubscription>Expiry,omitempty"`
	Status    string   `xml:"CallbackSubscription>Status,omitempty"` // of the last notice ([spec] GetSubscriptions)
	User      string   `xml:"CallbackSubscription>CallbackCredentials>BasicAuthentication>Username,omitempty"`
	Password  string   `xml:"CallbackSubscription>CallbackCredentials>BasicAuthentication>Password,omitempty"`
	Format    string   `xml:"CallbackSubscription>NumberFormat,omitempty"`
}

// subscriptionList is [spec] GetSubscriptions; one subscription may stand right below the root ([spec]
// GetSubscription). A refusal has its code there too ([spec] SubscriptionsErrorResponse).
type subscriptionList struct {
	XMLName xml.Name       `xml:"SubscriptionsResponse"`
	Subs    []subscription `xml:"Subscriptions>Subscription,omitempty"`
	One     *subscription  `xml:"Subscription"`
	Code    string         `xml:"ErrorCode,omitempty"`
	Text    string         `xml:"Description,omitempty"`
}

// notification is [guide] orderWebhook.
type notification struct {
	XMLName         xml.Name `xml:"Notification"`
	SubscriptionID  string   `xml:"SubscriptionId"`
	OrderType       string   `xml:"OrderType"`
	OrderID         string   `xml:"OrderId"`
	CustomerOrderID string   `xml:"CustomerOrderId,omitempty"`
	Status          string   `xml:"Status"`
	Message         string   `xml:"Message"`
	Note            string   `xml:"Note,omitempty"`
	Completed       []string `xml:"CompletedTelephoneNumbers>TelephoneNumber,omitempty"`
	Modified        string   `xml:"LastModifiedDate"`
	ActualFOC       string   `xml:"ActualFocDate,omitempty"`
}

type activation struct {
	XMLName xml.Name `xml:"ActivationStatus"`
	Date    string   `xml:"AutoActivationDate"`
}

// activationResponse is [spec] retrievePortinActivationStatus: a status or a refusal, never both.
type activationResponse struct {
	XMLName xml.Name        `xml:"ActivationStatusResponse"`
	Refused *responseStatus `xml:"ResponseStatus"`
	Told    *activationTold `xml:"ActivationStatus"`
}

type activationTold struct {
	Date    string  `xml:"AutoActivationDate"`
	Active  *tnList `xml:"ActivatedTelephoneNumbersList"`
	Waiting *tnList `xml:"NotYetActivatedTelephoneNumbersList"`
}

type tnList struct {
	Numbers []string `xml:"TelephoneNumber"`
}
