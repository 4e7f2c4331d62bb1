package api

import (
	"fmt"
	"time"

	"portway/internal/orders"
	"portway/internal/porting"
)

// Mask stands on the wire for a secret that is set. Sent back, it means: as it is.
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

// document is what stands around a resource or a list of them.
type document struct {
	Data  any    `json:"data"`
	Links *links `json:"links,omitempty"`
	Meta  *meta  `json:"meta,omitempty"`
}

// meta is what there is to say of an answer as a whole.
type meta struct {
	// Validated: this is what the call would have answered; nothing was changed.
	Validated bool `json:"validated,omitempty"`
	// Warnings are about numbers of the call that were taken with a doubt.
	Warnings []warning `json:"warnings,omitempty"`
	// Resume is where a reader of events goes on later.
	Resume string `json:"resume,omitempty"`
}

type list struct {
	Data []resource `json:"data"`
}

// orderAttributes is the port order object (D-NUM, D-DET), and below it what we add.
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

	AutoCorrect string `json:"auto_correct"`
	CreatedDate string `json:"created_date"`
	// EarlierComments is where the comments before these are read; null where there are none.
	EarlierComments *string       `json:"earlier_comments"`
	GroupStatus     string        `json:"group_status,omitempty"`
	ModifiedDate    string        `json:"modified_date"`
	NumberStates    []numberState `json:"number_states"`
	Rejections      []rejection   `json:"rejections"`
	Turn            string        `json:"turn"`
	Version         int64         `json:"version"`
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

type presets struct {
	CNAM          *string `json:"cnam_id"`
	E911          *string `json:"e911_id"`
	Alias         *string `json:"alias"`
	FailoverRoute *string `json:"failover_route_id"`
	PrimaryRoute  *string `json:"primary_route_id"`
}

// numberState is where one number stands: porting, excluded with its reason, or ported.
type numberState struct {
	Number string `json:"number"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// rejection is one reason of the present rejection: what it means, how it is cured, in which attributes, by a patch where we
// know the right values, and the carrier's own code and text.
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

// order is the whole order on the wire, with its latest comments.
func (a *API) order(r *request, o porting.Order, comments orders.Found) resource {
	d, p := o.Details, o.Presets
	cost := o.PortFee
	if cost == 0 && o.Status.Live() { // not charged yet
		cost = a.book.Rules.PortFee * porting.Money(len(o.Active()))
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
		AutoCorrect:     string(d.AutoCorrect),
		CreatedDate:     *stamp(o.Created),
		ModifiedDate:    *stamp(o.Updated),
		NumberStates:    []numberState{},
		Rejections:      rejectionsOf(o),
		Turn:            string(o.Turn()),
		Version:         o.Version,
	}
	for _, n := range o.Numbers {
		state := numberState{Number: n.TN, State: string(n.State), Reason: string(n.Reason)}
		if n.State == porting.Taking {
			state.State = "porting"
		}
		attrs.Numbers = append(attrs.Numbers, n.TN)
		attrs.NumberStates = append(attrs.NumberStates, state)
	}
	one := resource{Type: "portorder", ID: string(o.ID), Attributes: attrs}
	if o.ID != "" { // there is no such order yet in a dry run
		one.Links = r.self("/" + string(o.ID))
		if place := placeOf(comments.Earlier); place != "" {
			attrs.EarlierComments = &r.self("/" + string(o.ID) + "/comments?cursor=" + cursorOf("comments", place)).Self
			one.Attributes = attrs
		}
	}
	return one
}

func (r *request) self(path string) *links { return &links{Self: r.base + "/v2/portorders" + path} }

// whole is the answer with the whole order.
func (a *API) whole(r *request, status int, o porting.Order, comments orders.Found) reply {
	return reply{status: status, body: document{Data: a.order(r, o, comments)}, header: map[string]string{"ETag": etag(o.Version)}}
}

// rejectionsOf are the reasons of the present rejection. While the order is submitted its reasons are being repaired by us:
// the customer reads of them in the comments, and has nothing to do (S-SUB).
func rejectionsOf(o porting.Order) []rejection {
	all := []rejection{}
	if o.Status == porting.Submitted {
		return all
	}
	for _, reason := range o.Reasons {
		info := reason.Code.Info()
		row := rejection{Code: string(reason.Code), Title: info.Title, Meaning: info.Meaning, Fix: info.Do, FixedBy: string(info.Fix),
			Fields: append([]string{}, info.Fields...), Patch: map[string]string{}, Numbers: append([]string{}, reason.Numbers...),
			CarrierCode: reason.Raw, CarrierText: reason.Said}
		if reason.Raw == "" {
			row.CarrierText, row.Note = "", reason.Said
		}
		for name, value := range reason.Patch {
			if _, plain := o.Details.Get(name); plain { // a secret is never told, not even as a cure
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
	return commentBody{ID: fmt.Sprintf("%d.%d", e.Version, e.N), At: *stamp(e.At), By: string(e.By.Role), Text: e.Text}
}

// statusBody is what the status calls answer (D-STA, D-CAN).
type statusBody struct {
	Status          string  `json:"status"`
	StatusUpdatedAt *string `json:"status_updated_at"`
}

func statusOf(o porting.Order) statusBody {
	return statusBody{Status: string(o.Status), StatusUpdatedAt: stamp(o.StatusAt)}
}

func statusReply(o porting.Order) reply {
	return reply{status: 200, body: document{Data: resource{Type: "portorder", ID: string(o.ID), Attributes: statusOf(o)}},
		header: map[string]string{"ETag": etag(o.Version)}}
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

// stamp is an instant to the second (D-STA), null when there is none.
func stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return orNull(t.UTC().Format("2006-01-02T15:04:05Z"))
}
