package locals

import (
	"encoding/xml"
	"strings"
)

// The wire as the peer publishes it, told once more: were it shared with the adapter, a mistake would be too.

// values is what an order says.
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
	loas            int          // letters of agency sent so far
	papers          int          // documents of any other kind
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
	AddressType     string `xml:"AddressType,omitempty"`
}

type wirelessInfo struct {
	Account string `xml:"AccountNumber,omitempty"`
	PIN     string `xml:"PinNumber,omitempty"`
}

func (v values) account() string { return v.Wireless.Account }
func (v values) pin() string     { return v.Wireless.PIN }
func (v values) btn() string     { return v.BTN }
func (v values) zip() string     { return v.Subscriber.Address.Zip + v.Subscriber.Address.PlusFour }
func (v values) date() string    { return v.RequestedFOC[:min(10, len(v.RequestedFOC))] }

func (v values) address() string {
	a := v.Subscriber.Address
	return strings.ToUpper(strings.Join([]string{a.HousePrefix, a.HouseNumber, a.HouseSuffix, a.PreDirectional, a.StreetName, a.StreetSuffix,
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

// fault is an <Errors> element of an order.
type fault struct {
	Code    string   `xml:"Code"`
	Text    string   `xml:"Description"`
	Numbers []string `xml:"TelephoneNumbers>Tn,omitempty"`
}

type status struct {
	Code string `xml:"Code"`
	Text string `xml:"Description"`
}

type lnpOrderResponse struct {
	XMLName         xml.Name      `xml:"LnpOrderResponse"`
	OrderID         string        `xml:"OrderId,omitempty"`
	Status          *status       `xml:"Status"`
	State           string        `xml:"ProcessingStatus,omitempty"`
	Errors          []fault       `xml:"Errors"`
	ActualFOC       string        `xml:"ActualFocDate,omitempty"`
	RequestedFOC    string        `xml:"RequestedFocDate,omitempty"`
	CustomerOrderID string        `xml:"CustomerOrderId,omitempty"`
	LOAPerson       string        `xml:"LoaAuthorizingPerson,omitempty"`
	BTN             string        `xml:"BillingTelephoneNumber,omitempty"`
	NewBTN          string        `xml:"NewBillingTelephoneNumber,omitempty"`
	Subscriber      *subscriber   `xml:"Subscriber"`
	Wireless        *wirelessInfo `xml:"WirelessInfo"`
	Numbers         []string      `xml:"ListOfPhoneNumbers>PhoneNumber,omitempty"`
	Site            string        `xml:"SiteId,omitempty"`
	Peer            string        `xml:"PeerId,omitempty"`
	PartialPort     string        `xml:"PartialPort,omitempty"`
	Triggered       string        `xml:"Triggered,omitempty"`
	BillingType     string        `xml:"BillingType,omitempty"`
	PON             string        `xml:"PON,omitempty"`
	AccountID       string        `xml:"AccountId,omitempty"`
	SPID            string        `xml:"LosingCarrierSPID,omitempty"`
	CarrierName     string        `xml:"LosingCarrierName,omitempty"`
	IsWireless      string        `xml:"LosingCarrierIsWireless,omitempty"`
	Created         string        `xml:"OrderCreateDate,omitempty"`
	Modified        string        `xml:"LastModifiedDate,omitempty"`
	User            string        `xml:"userId,omitempty"`
	PortType        string        `xml:"PortType,omitempty"`
	Vendor          string        `xml:"VendorName,omitempty"`
}

type listRow struct {
	Count           int    `xml:"CountOfTNs"`
	User            string `xml:"userId"`
	Modified        string `xml:"lastModifiedDate"`
	OrderDate       string `xml:"OrderDate"`
	OrderID         string `xml:"OrderId"`
	OrderType       string `xml:"OrderType"`
	ActualFOC       string `xml:"ActualFOCDate,omitempty"`
	RequestedFOC    string `xml:"RequestedFOCDate,omitempty"`
	AccountID       string `xml:"accountId"`
	CustomerOrderID string `xml:"CustomerOrderId,omitempty"`
	BTN             string `xml:"BillingTelephoneNumber"`
	CarrierName     string `xml:"LNPLosingCarrierName"`
	State           string `xml:"ProcessingStatus"`
}

type listResponse struct {
	XMLName xml.Name  `xml:"LNPResponseWrapper"`
	Total   int       `xml:"TotalCount"`
	Rows    []listRow `xml:"lnpPortInfoForGivenStatus"`
}

type checkRequest struct {
	XMLName xml.Name `xml:"NumberPortabilityRequest"`
	Numbers []string `xml:"TnList>Tn"`
}

type checkResponse struct {
	XMLName     xml.Name     `xml:"NumberPortabilityResponse"`
	Errors      []fault      `xml:"Errors"`
	PortType    string       `xml:"PortType,omitempty"`
	Portable    []string     `xml:"PortableNumbers>Tn"`
	OnNet       []rateCenter `xml:"SupportedRateCenters>RateCenterGroup"`
	Partner     []rateCenter `xml:"PartnerSupportedRateCenters>RateCenterGroup"`
	Unsupported []rateCenter `xml:"UnsupportedRateCenters>RateCenterGroup"`
	Losing      []losing     `xml:"SupportedLosingCarriers>LosingCarrierTnList"`
}

type rateCenter struct {
	Vendor     string   `xml:"Vendor,omitempty"`
	RateCenter string   `xml:"RateCenter"`
	City       string   `xml:"City"`
	State      string   `xml:"State"`
	LATA       string   `xml:"LATA"`
	Numbers    []string `xml:"TnList>Tn"`
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
	PIN     string   `xml:"EndUserPIN"` // never echoed
	csrIn
}

type csrData struct {
	AccountNumber string     `xml:"AccountNumber,omitempty"`
	Customer      string     `xml:"CustomerName"`
	BTN           string     `xml:"BillingTelephoneNumber,omitempty"`
	Address       csrAddress `xml:"ServiceAddress"`
	Working       string     `xml:"WorkingTelephoneNumber"`
	OnAccount     []string   `xml:"WorkingTelephoneNumbersOnAccount>TelephoneNumber"`
}

type csrAddress struct {
	Unparsed string `xml:"UnparsedAddress"`
	City     string `xml:"City"`
	State    string `xml:"State"`
	Zip      string `xml:"Zip"`
}

type csrResponse struct {
	XMLName  xml.Name `xml:"CsrResponse"`
	OrderID  string   `xml:"OrderId"`
	Account  string   `xml:"AccountId,omitempty"`
	Status   string   `xml:"Status"`
	Created  string   `xml:"OrderCreateDate,omitempty"`
	Modified string   `xml:"LastModifiedDate,omitempty"`
	csrIn
	Data *csrData `xml:"CsrData"`
}

type csrList struct {
	XMLName xml.Name      `xml:"CsrResponses"`
	Rows    []csrResponse `xml:"CsrResponse"`
}

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

type historyRow struct {
	Date   string `xml:"OrderDate"`
	Note   string `xml:"Note"`
	Author string `xml:"Author"`
	Status string `xml:"Status"`
}

type historyList struct {
	XMLName xml.Name     `xml:"OrderHistoryWrapper"`
	Refused *status      `xml:"IrisStatus"`
	Rows    []historyRow `xml:"OrderHistory"`
}

type uploadResponse struct {
	XMLName xml.Name `xml:"fileUploadResponse"`
	Name    string   `xml:"filename,omitempty"`
	Code    string   `xml:"resultCode"`
	Text    string   `xml:"resultMessage"`
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
	User      string   `xml:"CallbackSubscription>CallbackCredentials>BasicAuthentication>Username,omitempty"`
	Password  string   `xml:"CallbackSubscription>CallbackCredentials>BasicAuthentication>Password,omitempty"`
	Status    string   `xml:"Status,omitempty"`
}

type subscriptionList struct {
	XMLName xml.Name       `xml:"SubscriptionsResponse"`
	Subs    []subscription `xml:"Subscriptions>Subscription"`
	Errors  []fault        `xml:"Errors"`
}

type notification struct {
	XMLName         xml.Name `xml:"Notification"`
	SubscriptionID  string   `xml:"SubscriptionId"`
	OrderType       string   `xml:"OrderType"`
	OrderID         string   `xml:"OrderId"`
	CustomerOrderID string   `xml:"CustomerOrderId,omitempty"`
	Status          string   `xml:"Status"`
	Message         string   `xml:"Message"`
	Completed       []string `xml:"CompletedTelephoneNumbers>TelephoneNumber,omitempty"`
	Modified        string   `xml:"LastModifiedDate"`
	ActualFOC       string   `xml:"ActualFocDate,omitempty"`
}

type activation struct {
	XMLName xml.Name `xml:"ActivationStatus"`
	Date    string   `xml:"AutoActivationDate"`
}

type activationResponse struct {
	XMLName xml.Name `xml:"ActivationStatusResponse"`
	Code    string   `xml:"ResponseStatus>ErrorCode,omitempty"`
	Text    string   `xml:"ResponseStatus>Description,omitempty"`
	Date    string   `xml:"ActivationStatus>AutoActivationDate,omitempty"`
	Active  []string `xml:"ActivationStatus>ActivatedTelephoneNumbersList>TelephoneNumber,omitempty"`
	Waiting []string `xml:"ActivationStatus>NotYetActivatedTelephoneNumbersList>TelephoneNumber,omitempty"`
}
