package bandwidth

import "encoding/xml"

// The published XML. Its names are cased as the peer cases them, which is not always the same way twice; everything is text,
// since account numbers, PINs and ZIP codes have leading zeros.

// order is what POST sends, PUT sends and GET echoes.
type order struct {
	CustomerOrderID string      `xml:"CustomerOrderId,omitempty"`
	RequestedFOC    string      `xml:"RequestedFocDate,omitempty"`
	BTN             string      `xml:"BillingTelephoneNumber,omitempty"`
	NewBTN          string      `xml:"NewBillingTelephoneNumber,omitempty"`
	Subscriber      *subscriber `xml:"Subscriber"`
	Wireless        *wireless   `xml:"WirelessInfo"`
	LOAPerson       string      `xml:"LoaAuthorizingPerson,omitempty"`
	Numbers         []string    `xml:"ListOfPhoneNumbers>PhoneNumber,omitempty"`
	Site            string      `xml:"SiteId,omitempty"`
	Peer            string      `xml:"PeerId,omitempty"`
	PartialPort     string      `xml:"PartialPort,omitempty"`
	Triggered       string      `xml:"Triggered,omitempty"`
	Attributes      []string    `xml:"TnAttributes>TnAttribute,omitempty"`
	AlternateSPID   string      `xml:"AlternateSpid,omitempty"`
	Status          string      `xml:"ProcessingStatus,omitempty"` // sent: DRAFT, or SUBMITTED on a draft
}

type subscriber struct {
	Type          string         `xml:"SubscriberType"`
	BusinessName  string         `xml:"BusinessName,omitempty"`
	FirstName     string         `xml:"FirstName,omitempty"`
	MiddleInitial string         `xml:"MiddleInitial,omitempty"`
	LastName      string         `xml:"LastName,omitempty"`
	Address       serviceAddress `xml:"ServiceAddress"`
}

type serviceAddress struct {
	Reset           string `xml:"ResetAddressFields,omitempty"` // PUT: wipe the parts that are not sent
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
}

// wireless holds the account number and PIN of wireline accounts too.
type wireless struct {
	Account string `xml:"AccountNumber,omitempty"`
	PIN     string `xml:"PinNumber,omitempty"`
}

type lnpOrder struct {
	XMLName xml.Name `xml:"LnpOrder"`
	order
}

type lnpOrderSupp struct {
	XMLName xml.Name `xml:"LnpOrderSupp"`
	order
}

type lnpOrderResponse struct {
	XMLName    xml.Name `xml:"LnpOrderResponse"`
	OrderID    string   `xml:"OrderId"`
	Code       string   `xml:"Status>Code"`
	ActualFOC  string   `xml:"ActualFocDate"`
	ActualOld  string   `xml:"ActualFOCDate"` // the spelling of lists, seen elsewhere too
	PortType   string   `xml:"PortType"`
	Vendor     string   `xml:"VendorName"`
	IsWireless string   `xml:"LosingCarrierIsWireless"`
	order
}

type lnpResponseWrapper struct {
	XMLName xml.Name `xml:"LNPResponseWrapper"`
	Orders  []struct {
		OrderID         string `xml:"OrderId"`
		CustomerOrderID string `xml:"CustomerOrderId"`
		Status          string `xml:"ProcessingStatus"`
	} `xml:"lnpPortInfoForGivenStatus"`
}

type numberPortabilityRequest struct {
	XMLName xml.Name `xml:"NumberPortabilityRequest"`
	Numbers []string `xml:"TnList>Tn"`
}

type numberPortabilityResponse struct {
	XMLName     xml.Name     `xml:"NumberPortabilityResponse"`
	PortType    string       `xml:"PortType"`
	Portable    []string     `xml:"PortableNumbers>Tn"`
	OnNet       []rateCenter `xml:"SupportedRateCenters>RateCenterGroup"`
	Partner     []rateCenter `xml:"PartnerSupportedRateCenters>RateCenterGroup"`
	Unsupported []rateCenter `xml:"UnsupportedRateCenters>RateCenterGroup"`
	Losing      []losing     `xml:"SupportedLosingCarriers>LosingCarrierTnList"`
	LosingNever []losing     `xml:"UnsupportedLosingCarriers>LosingCarrierTnList"`
}

type rateCenter struct {
	RateCenter string   `xml:"RateCenter"`
	State      string   `xml:"State"`
	LATA       string   `xml:"LATA"`
	Vendor     string   `xml:"Vendor"`
	Tiers      []string `xml:"Tiers>Tier"`
	Numbers    []string `xml:"TnList>Tn"`
}

type losing struct {
	SPID       string   `xml:"LosingCarrierSPID"`
	Name       string   `xml:"LosingCarrierName"`
	IsWireless string   `xml:"LosingCarrierIsWireless"`
	Account    string   `xml:"LosingCarrierAccountNumberRequired"`
	Interval   string   `xml:"LosingCarrierMinimumPortingInterval"`
	Numbers    []string `xml:"TnList>Tn"`
}

type csr struct {
	XMLName xml.Name `xml:"Csr"`
	csrIn
}

type csrIn struct {
	WorkingTN       string `xml:"WorkingOrBillingTelephoneNumber"`
	AccountNumber   string `xml:"AccountNumber,omitempty"`
	AccountTN       string `xml:"AccountTelephoneNumber,omitempty"`
	EndUser         string `xml:"EndUserName,omitempty"`
	Authorizing     string `xml:"AuthorizingUserName,omitempty"`
	PIN             string `xml:"EndUserPIN,omitempty"`
	Address         string `xml:"AddressLine1,omitempty"`
	City            string `xml:"City,omitempty"`
	State           string `xml:"State,omitempty"`
	Zip             string `xml:"ZIPCode,omitempty"`
	Service         string `xml:"TypeOfService,omitempty"`
	CustomerOrderID string `xml:"CustomerOrderId,omitempty"`
}

// csrResponse: the top level echoes our request, Data is the carrier's record.
type csrResponse struct {
	XMLName xml.Name `xml:"CsrResponse"`
	OrderID string   `xml:"OrderId"`
	Status  string   `xml:"Status"`
	csrIn
	Data *csrData `xml:"CsrData"`
}

// csrResponses is a list of requests. That its rows are whole ones is inferred: the wire's description names the list alone.
type csrResponses struct {
	XMLName xml.Name      `xml:"CsrResponses"`
	Rows    []csrResponse `xml:"CsrResponse"`
}

type csrData struct {
	AccountNumber string `xml:"AccountNumber"`
	Customer      string `xml:"CustomerName"`
	BTN           string `xml:"BillingTelephoneNumber"`
	Address       struct {
		Unparsed string `xml:"UnparsedAddress"`
		serviceAddress
		StateShort string `xml:"State"` // StateCode on orders
	} `xml:"ServiceAddress"`
	Numbers []string `xml:"WorkingTelephoneNumbersOnAccount>TelephoneNumber"`
}

// fileListResponse holds fileData with metadata=true, else bare fileNames.
type fileListResponse struct {
	XMLName xml.Name `xml:"fileListResponse"`
	Files   []struct {
		Name string `xml:"FileName"`
		Type string `xml:"FileMetaData>DocumentType"`
		Text string `xml:"FileMetaData>DocumentName"`
	} `xml:"fileData"`
	Names []string `xml:"fileNames"`
}

// fileUploadResponse: the schema says fileName, the peer's answers filename.
type fileUploadResponse struct {
	XMLName xml.Name `xml:"fileUploadResponse"`
	Name    string   `xml:"filename"`
	NameToo string   `xml:"fileName"`
	Code    string   `xml:"resultCode"`
}

type fileMetaData struct {
	XMLName xml.Name `xml:"FileMetaData"`
	Name    string   `xml:"DocumentName,omitempty"`
	Type    string   `xml:"DocumentType"`
}

type subscription struct {
	XMLName   xml.Name `xml:"Subscription"`
	ID        string   `xml:"SubscriptionId,omitempty"`
	OrderType string   `xml:"OrderType"`
	Callback  callback `xml:"CallbackSubscription"`
}

type callback struct {
	URL      string `xml:"URL"`
	Expiry   string `xml:"Expiry"` // seconds
	Username string `xml:"CallbackCredentials>BasicAuthentication>Username"`
	Password string `xml:"CallbackCredentials>BasicAuthentication>Password"`
}

type subscriptionsResponse struct {
	XMLName       xml.Name       `xml:"SubscriptionsResponse"`
	Subscriptions []subscription `xml:"Subscriptions>Subscription"`
}

type notification struct {
	XMLName         xml.Name `xml:"Notification"`
	OrderType       string   `xml:"OrderType"`
	OrderID         string   `xml:"OrderId"`
	CustomerOrderID string   `xml:"CustomerOrderId"`
}

// node is any element; errors stand at many depths.
type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}
