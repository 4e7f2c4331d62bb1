package api

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// Mask stands on the wire for a secret that is set. A call that sends it leaves the secret as it is.
const Mask = "********"

// resource is anything with an id on the wire.
type resource struct {
	Type       string `json:"type"`
	ID         string `json:"id,omitempty"`
	Attributes any    `json:"attributes"`
	Links      *links `json:"links,omitempty"`
}

type links struct {
	Self string `json:"self"`
	Next string `json:"next,omitempty"`
}

// document stands around a resource or a list of them.
type document struct {
	Data  any    `json:"data"`
	Links *links `json:"links,omitempty"`
	Meta  *meta  `json:"meta,omitempty"`
}

// meta tells something of an answer as a whole.
type meta struct {
	// Validated: the call was a dry run, and nothing was changed.
	Validated bool `json:"validated,omitempty"`
	// Warnings are about numbers of the call that were taken with a doubt.
	Warnings []warning `json:"warnings,omitempty"`
	// Resume is the place from which a reader of events goes on later.
	Resume string `json:"resume,omitempty"`
}

type list struct {
	Data []resource `json:"data"`
}

// orderAttributes is the port order object (D-NUM, D-DET), and below it our own attributes.
type orderAttributes struct {
	Alias             string        `json:"alias"`
	BillingAddress    address       `json:"billing_address"`
	BillingName       string        `json:"billing_name"`
	BillingNumber     string        `json:"billing_number"`
	BusinessDocuments []resource    `json:"business_documents"`
	Comments          []commentBody `json:"comments"` // the latest
	Company           string        `json:"company"`
	CompletionDate    *string       `json:"completion_date"`
	Cost              string        `json:"cost"`
	Desired           *string       `json:"desired_completion_date"`
	DesiredTime       *string       `json:"desired_completion_time"`
	CNAMLookups       bool          `json:"enable_cnam_lookups"`
	GroupID           string        `json:"group_id"`
	LastFourSSN       string        `json:"last_4_ssn"`
	LOADetails        loaDetails    `json:"loa_details"`
	Numbers           []string      `json:"numbers"`
	PIN               string        `json:"pin"`
	Presets           presets       `json:"presets"`
	Provider          string        `json:"provider"`
	ProviderAccount   string        `json:"provider_account"`
	Status            string        `json:"status"`
	StatusUpdatedAt   *string       `json:"status_updated_at"`
	StatusURL         string        `json:"status_url"`
	UsageType         string        `json:"usage_type"`

	AccountAddress address `json:"account_address"` // empty where it is the service address
	AutoCorrect    string  `json:"auto_correct"`
	CreatedDate    string  `json:"created_date"`
	Dates          dates   `json:"dates"`
	// EarlierComments is the URL of the comments before these; null where there are none.
	EarlierComments *string      `json:"earlier_comments"`
	GroupStatus     string       `json:"group_status,omitempty"`
	LineFeatures    lineFeatures `json:"line_features"`
	ModifiedDate    string       `json:"modified_date"`
	// Needs and Readiness are in the answers of calls that make or change an order, and in the order's own.
	Needs        *[]need       `json:"needs,omitempty"`
	NumberStates []numberState `json:"number_states"`
	OnUnportable string        `json:"on_unportable"`
	OneLine      bool          `json:"one_line"`
	PartialPort  partialPort   `json:"partial_port"`
	Class        string        `json:"port_class"`
	ClassBasis   string        `json:"port_class_basis"`
	Readiness    *[]likely     `json:"readiness,omitempty"`
	Rejections   []rejection   `json:"rejections"`
	ReopenedAs   *string       `json:"reopened_as"`
	Reopens      *string       `json:"reopens"`
	Reseller     string        `json:"reseller"`
	Turn         string        `json:"turn"`
	Version      int64         `json:"version"`
}

type address struct {
	City    string  `json:"city"`
	Country string  `json:"country"`
	State   string  `json:"state"`
	Street  string  `json:"street"`
	Street2 *string `json:"street2"`
	Zip     string  `json:"zip"`
}

type loaDetails struct {
	CC    string `json:"cc"`
	Email string `json:"email"`
}

// partialPort is what the customer says of the numbers of the account that stay at the carrier.
type partialPort struct {
	Scope      string   `json:"scope"`
	Keep       []string `json:"keep"`
	Disconnect []string `json:"disconnect"`
	Others     string   `json:"others"`
	NewBilling string   `json:"new_billing_number"`
}

// lineFeatures are the services that use the lines of the numbers, and what else hangs on the numbers.
type lineFeatures struct {
	Services    []string `json:"services"`
	HuntGroup   string   `json:"hunt_group"`
	Listing     string   `json:"directory_listing"`
	RingingFrom []string `json:"tollfree_numbers"`
}

type presets struct {
	CNAM          *string `json:"cnam_id"`
	E911          *string `json:"e911_id"`
	Alias         *string `json:"alias"`
	FailoverRoute *string `json:"failover_route_id"`
	PrimaryRoute  *string `json:"primary_route_id"`
}

// numberState tells of one number: porting, excluded or ported, and its stage in full, with its reason, since when.
type numberState struct {
	Number string  `json:"number"`
	State  string  `json:"state"`
	Reason string  `json:"reason,omitempty"`
	Stage  string  `json:"stage"`
	Since  *string `json:"since"`
	// What our own switch says, where one is asked.
	Calls     string `json:"calls,omitempty"`
	E911      string `json:"e911,omitempty"`
	CNAM      string `json:"cnam,omitempty"`
	Messaging string `json:"messaging,omitempty"`
}

// rejection is one reason of the present rejection: its meaning, who fixes it and how, the attributes that it is about,
// a patch where we know the right values, and the carrier's own code and text.
type rejection struct {
	Code        string            `json:"code"`
	Title       string            `json:"title"`
	Meaning     string            `json:"meaning"`
	Fix         string            `json:"fix"`
	FixedBy     string            `json:"fixed_by"`
	Fields      []string          `json:"fields"`
	Patch       map[string]string `json:"patch"`
	Numbers     []string          `json:"numbers"`
	CarrierCode string            `json:"carrier_code"`
	CarrierText string            `json:"carrier_text"`
	Note        string            `json:"note,omitempty"` // our own words, where no carrier said anything
}

type commentBody struct {
	ID   string `json:"id"`
	At   string `json:"at"`
	By   string `json:"by"`
	Text string `json:"text"`
}

// orderOf returns the whole order on the wire, with its latest comments.
func (a *API) orderOf(r *request, o porting.Order, comments orders.Found) orderAttributes {
	d, p := o.Details, o.Presets
	cost := o.Paid()
	if o.PortFee == 0 && o.Status.Live() { // not charged yet
		cost = a.book.Rules.Fee(o) * porting.Money(len(o.Active()))
	}
	attrs := orderAttributes{
		Alias:             d.Alias,
		BillingAddress:    address{City: d.City, Country: d.Country, State: d.State, Street: d.Street, Street2: orNull(d.Street2), Zip: d.Zip},
		BillingName:       d.BillingName,
		BillingNumber:     d.BillingNumber,
		BusinessDocuments: a.documentsOf(r, o),
		Comments:          commentsOf(comments),
		Company:           d.Company,
		CompletionDate:    orNull(string(o.FOC)),
		Cost:              cost.String(),
		Desired:           orNull(string(d.Desired)),
		DesiredTime:       orNull(string(d.DesiredTime)),
		CNAMLookups:       d.CNAMLookups,
		GroupID:           string(o.Group),
		LastFourSSN:       mask(d.LastFourSSN),
		LOADetails:        loaDetails{CC: d.LOACC, Email: d.LOAEmail},
		Numbers:           []string{},
		PIN:               mask(d.PIN),
		Presets: presets{CNAM: orNull(p.CNAM), E911: orNull(p.E911), Alias: orNull(p.Alias),
			FailoverRoute: orNull(p.FailoverRoute), PrimaryRoute: orNull(p.PrimaryRoute)},
		Provider:        d.Provider,
		ProviderAccount: mask(d.ProviderAccount),
		Status:          string(o.Status),
		StatusUpdatedAt: stamp(o.StatusAt),
		StatusURL:       d.StatusURL,
		UsageType:       string(d.UsageType),
		AccountAddress:  accountAddressOf(d),
		AutoCorrect:     string(d.AutoCorrect),
		OnUnportable:    cmp.Or(string(d.Unportable), string(porting.FailUnportable)),
		Reseller:        d.Reseller,
		PartialPort: partialPort{Scope: string(d.PortScope), Keep: listOf(d.Keep), Disconnect: listOf(d.Disconnect),
			Others: string(d.Others), NewBilling: d.NewBilling},
		LineFeatures: lineFeatures{Services: listOf(d.OnLine), HuntGroup: string(d.HuntGroup), Listing: string(d.Listing),
			RingingFrom: listOf(d.RingingFrom)},
		CreatedDate:  *stamp(o.Created),
		Dates:        a.datesOf(o),
		ModifiedDate: *stamp(o.Updated),
		NumberStates: []numberState{},
		Class:        string(o.Terms().Class),
		ClassBasis:   string(o.Basis()),
		OneLine:      d.OneLine,
		Rejections:   a.rejectionsOf(o),
		ReopenedAs:   orNull(string(o.ReopenedAs)),
		Reopens:      orNull(string(o.Reopens)),
		Turn:         string(o.Turn()),
		Version:      o.Version,
	}
	for _, n := range o.Numbers {
		stage, since := o.StageOf(n)
		state := numberState{Number: n.TN, State: "porting", Reason: string(n.Reason), Stage: string(stage), Since: stamp(since)}
		p := n.Provision
		state.Calls, state.E911, state.CNAM, state.Messaging = string(p.Calls()), string(p.Features.E911), string(p.Features.CNAM), string(p.Features.Messaging)
		switch n.State {
		case porting.Ported:
			state.State = "ported"
		case porting.Excluded, porting.SnappedBack:
			state.State = "excluded"
		}
		attrs.Numbers = append(attrs.Numbers, n.TN)
		attrs.NumberStates = append(attrs.NumberStates, state)
	}
	if place := placeOf(comments.Earlier); o.ID != "" && place != "" {
		attrs.EarlierComments = &r.self("/" + string(o.ID) + "/comments?cursor=" + cursorOf("comments", place)).Self
	}
	return attrs
}

// listOf returns the values of a list detail, which is never null on the wire.
func listOf(s string) []string { return append([]string{}, porting.Listed(s)...) }

func accountAddressOf(d porting.Details) address {
	return address{City: d.AccountCity, Country: d.AccountCountry, State: d.AccountState, Street: d.AccountStreet,
		Street2: orNull(d.AccountStreet2), Zip: d.AccountZip}
}

// orderResource is an order with these attributes. In a dry run there is no such order yet, and no link to it.
func (r *request) orderResource(id porting.OrderID, attrs any) resource {
	one := resource{Type: "portorder", ID: string(id), Attributes: attrs}
	if id != "" {
		one.Links = r.self("/" + string(id))
	}
	return one
}

func (r *request) self(path string) *links { return &links{Self: r.base + "/v2/portorders" + path} }

// orderReply answers with the whole order.
func (a *API) orderReply(r *request, status int, o porting.Order, comments orders.Found, in intake) reply {
	attrs := a.orderOf(r, o, comments)
	a.showReadiness(&attrs, o, in)
	return versioned(status, document{Data: r.orderResource(o.ID, attrs)}, o.Version)
}

// rejectionsOf lists the reasons of the present rejection. While the order is submitted we repair its reasons: the
// customer reads of them in the comments, and has nothing to do (S-SUB).
func (a *API) rejectionsOf(o porting.Order) []rejection {
	all := []rejection{}
	if o.Status == porting.Submitted {
		return all
	}
	for _, reason := range o.Reasons {
		info := reason.Code.Info()
		row := rejection{Code: string(reason.Code), Title: info.Title, Meaning: o.Meaning(reason), Fix: o.Advice(reason), FixedBy: string(info.Fix),
			Fields: append([]string{}, info.Fields...), Patch: map[string]string{}, Numbers: append([]string{}, reason.Numbers...),
			CarrierCode: porting.PeerCode(reason.Raw)}
		switch shown := o.Proof.Discloses(porting.CarrierText).Shown; {
		case !shown:
		case reason.Raw == "": // as older orders have our own words
			row.Note = reason.Said
		case row.CarrierCode == "": // a text in the place of a code
			row.CarrierText = porting.Quote(strings.TrimSpace(reason.Raw + " " + reason.Said))
		default:
			row.CarrierText = reason.Said
		}
		if !reason.Note.IsZero() {
			row.Note = text.English.Message(reason.Note)
		}
		for name, value := range a.book.Rules.Takable(o, reason.Patch, a.book.Time()) {
			if _, plain := o.Details.Get(name); plain && o.Proof.Discloses(name).Shown { // a secret is never told, not even as a fix
				row.Patch[name] = value
			}
		}
		all = append(all, row)
	}
	return all
}

func commentsOf(found orders.Found) []commentBody {
	all := []commentBody{}
	for _, e := range found.Events {
		all = append(all, commentOf(e))
	}
	return all
}

func commentOf(e porting.Event) commentBody {
	return commentBody{ID: fmt.Sprintf("%d.%d", e.Version, e.N), At: *stamp(e.At), By: string(e.By.Role), Text: text.English.Event(e)}
}

// statusBody is the answer of the status calls (D-STA, D-CAN).
type statusBody struct {
	Status          string  `json:"status"`
	StatusUpdatedAt *string `json:"status_updated_at"`
}

func statusOf(o porting.Order) statusBody {
	return statusBody{Status: string(o.Status), StatusUpdatedAt: stamp(o.StatusAt)}
}

func statusReply(o porting.Order) reply {
	return versioned(http.StatusOK, document{Data: resource{Type: "portorder", ID: string(o.ID), Attributes: statusOf(o)}}, o.Version)
}

// versioned answers with the version of the order or account as ETag.
func versioned(status int, doc document, version int64) reply {
	return reply{status: status, body: doc, header: map[string]string{"ETag": etag(version)}}
}

func mask(s porting.Secret) string {
	if s.IsSet() {
		return Mask
	}
	return ""
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// stamp writes an instant to the second (D-STA); null when there is none.
func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return orNull(t.UTC().Format("2006-01-02T15:04:05Z"))
}
