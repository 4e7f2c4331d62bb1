package bandwidth

import "encoding/xml"

// The elements that we send. Their names are cased as the peer cases them, which is not always the same way twice;
// everything is text, since account numbers, PINs and ZIP codes have leading zeros. Answers are read as nodes (xml.go).

// order is the body of POST and PUT, and what a GET shows of the same.
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
	County          string `xml:"County,omitempty"`
}

// wireless holds the account number and PIN of wireline accounts too. POST sends those that there are; PUT sends both
// or neither.
type wireless struct {
	Account *string `xml:"AccountNumber"`
	PIN     *string `xml:"PinNumber"`
}

type lnpOrder struct {
	XMLName xml.Name `xml:"LnpOrder"`
	order
}

type lnpOrderSupp struct {
	XMLName xml.Name `xml:"LnpOrderSupp"`
	order
}

// orderOf reads what an answer shows of an order.
func orderOf(n node) order {
	o := order{
		CustomerOrderID: n.text("CustomerOrderId"),
		RequestedFOC:    n.either("RequestedFocDate"),
		BTN:             n.text("BillingTelephoneNumber"),
		NewBTN:          n.text("NewBillingTelephoneNumber"),
		LOAPerson:       n.text("LoaAuthorizingPerson"),
		Numbers:         n.texts("ListOfPhoneNumbers", "PhoneNumber"),
		Site:            n.text("SiteId"),
		Peer:            n.text("PeerId"),
		PartialPort:     n.text("PartialPort"),
		Triggered:       n.text("Triggered"),
		Attributes:      n.texts("TnAttributes", "TnAttribute"),
		AlternateSPID:   n.text("AlternateSpid"),
		Status:          n.text("ProcessingStatus"),
	}
	if s := n.at("Subscriber"); len(s.Nodes) > 0 {
		o.Subscriber = &subscriber{Type: s.text("SubscriberType"), BusinessName: s.text("BusinessName"),
			FirstName:     s.text("FirstName"),
			MiddleInitial: s.text("MiddleInitial"), LastName: s.text("LastName"), Address: addressOf(s.at("ServiceAddress"))}
	}
	if w := n.at("WirelessInfo"); w.text("AccountNumber")+w.text("PinNumber") != "" {
		account, pin := w.text("AccountNumber"), w.text("PinNumber")
		o.Wireless = &wireless{&account, &pin}
	}
	return o
}

// addressOf reads an address in parts. A record of the carrier's has State where orders have StateCode.
func addressOf(n node) serviceAddress {
	return serviceAddress{
		HousePrefix: n.text("HousePrefix"), HouseNumber: n.text("HouseNumber"), HouseSuffix: n.text("HouseSuffix"),
		PreDirectional: n.text("PreDirectional"), StreetName: n.text("StreetName"), StreetSuffix: n.text("StreetSuffix"),
		PostDirectional: n.text("PostDirectional"), AddressLine2: n.text("AddressLine2"), City: n.text("City"),
		State: n.either("StateCode", "State"), Zip: n.either("Zip", "ZIPCode"), PlusFour: n.text("PlusFour"),
		County: n.text("County"),
	}
}

// text returns a detail of WirelessInfo; empty if it is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

type numberPortabilityRequest struct {
	XMLName xml.Name `xml:"NumberPortabilityRequest"`
	Numbers []string `xml:"TnList>Tn"`
}

type csr struct {
	XMLName         xml.Name `xml:"Csr"`
	WorkingTN       string   `xml:"WorkingOrBillingTelephoneNumber"`
	AccountNumber   string   `xml:"AccountNumber,omitempty"`
	AccountTN       string   `xml:"AccountTelephoneNumber,omitempty"`
	EndUser         string   `xml:"EndUserName,omitempty"`
	Authorizing     string   `xml:"AuthorizingUserName,omitempty"`
	CustomerCode    string   `xml:"CustomerCode,omitempty"`
	PIN             string   `xml:"EndUserPIN,omitempty"`
	Password        string   `xml:"EndUserPassword,omitempty"`
	Address         string   `xml:"AddressLine1,omitempty"`
	City            string   `xml:"City,omitempty"`
	State           string   `xml:"State,omitempty"`
	Zip             string   `xml:"ZIPCode,omitempty"`
	Service         string   `xml:"TypeOfService,omitempty"`
	CustomerOrderID string   `xml:"CustomerOrderId,omitempty"`
}

type fileMetaData struct {
	XMLName xml.Name `xml:"FileMetaData"`
	Name    string   `xml:"DocumentName,omitempty"`
	Type    string   `xml:"DocumentType"`
}

type note struct {
	XMLName xml.Name `xml:"Note"`
	User    string   `xml:"UserId"`
	Text    string   `xml:"Description"`
}

type activationStatus struct {
	XMLName xml.Name `xml:"ActivationStatus"`
	Date    string   `xml:"AutoActivationDate"`
}

type subscription struct {
	XMLName   xml.Name `xml:"Subscription"`
	OrderType string   `xml:"OrderType"`
	Callback  callback `xml:"CallbackSubscription"`
}

type callback struct {
	URL      string `xml:"URL"`
	Expiry   string `xml:"Expiry"` // seconds
	Username string `xml:"CallbackCredentials>BasicAuthentication>Username"`
	Password string `xml:"CallbackCredentials>BasicAuthentication>Password"`
}
