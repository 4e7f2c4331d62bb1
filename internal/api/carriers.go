package api

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"

	"portway/internal/carrier"
	"portway/internal/porting"
)

// carrierAttributes tell what a carrier wants and how it behaves. A value that is not there is unknown; what the class of
// the port has holds then.
type carrierAttributes struct {
	Name    string                  `json:"name"`
	Aliases []string                `json:"aliases"`
	Kind    string                  `json:"kind"`
	Class   string                  `json:"class"` // of a port of which nothing else is known
	SPIDs   []string                `json:"spids"`
	Host    *string                 `json:"host"`
	CSR     bool                    `json:"csr"`   // carriers of the class give a record of the account
	Needs   []string                `json:"needs"` // the attributes of an order that it may ask for
	Values  map[string]carrierValue `json:"values"`
	// Figures are null in lists, and where too few orders have shown too little.
	Figures *carrierFigures `json:"figures"`
}

type carrierValue struct {
	Value string `json:"value"`
	Mark  string `json:"mark"`
}

// carrierFigures are what orders of all customers have shown of a carrier.
type carrierFigures struct {
	Orders   int              `json:"orders"`
	CSR      *carrierDays     `json:"csr_days"`
	FOC      *carrierDays     `json:"foc_days"`
	Port     *carrierDays     `json:"port_days"`
	Refusals []carrierRefusal `json:"refusals"`
}

// carrierDays are business days of the carrier, of so many orders.
type carrierDays struct {
	Orders int `json:"orders"`
	Median int `json:"median"`
	Ninety int `json:"p90"`
}

type carrierRefusal struct {
	Code  string  `json:"code"`
	Share float64 `json:"share"`
}

// Carriers is what is known of losing carriers. A carrier.Registry is one.
type Carriers interface {
	// Refresh reads the operator's rows, unless they are fresh enough.
	Refresh(ctx context.Context)
	Directory() carrier.Directory
	carrier.FiguresReader
}

// figuresOf tells figures as customers read them. Times of fewer orders than figures are shown from are left out, and so are
// reasons of a single order.
func figuresOf(f carrier.Figures) *carrierFigures {
	days := func(d carrier.Days) *carrierDays {
		if d.Orders < carrier.ShownOrders {
			return nil
		}
		return &carrierDays{d.Orders, d.Median, d.Ninety}
	}
	told := &carrierFigures{Orders: f.Orders, CSR: days(f.CSR), FOC: days(f.FOC), Port: days(f.Port), Refusals: []carrierRefusal{}}
	for _, r := range f.Refusals {
		if r.Orders > 1 && len(told.Refusals) < maxRefusals {
			told.Refusals = append(told.Refusals, carrierRefusal{string(r.Code), math.Round(100*r.Share) / 100})
		}
	}
	return told
}

// maxRefusals is how many reasons of refusals an answer tells, the most frequent ones.
const maxRefusals = 20

func (r *request) carriersPath() string { return r.base + "/v2/carriers" }

func (r *request) carrierResource(p carrier.Profile, figures *carrierFigures) resource {
	terms := p.Terms(p.Kind.Class())
	a := carrierAttributes{Name: p.Name, Aliases: append([]string{}, p.Aliases...), Kind: string(p.Kind),
		Class: string(terms.Class), SPIDs: append([]string{}, p.SPIDs...), Host: orNull(p.Host), CSR: terms.CSR,
		Needs: slices.Concat(terms.Needs, terms.Possible), Values: map[string]carrierValue{},
		Figures: figures}
	for _, v := range p.Values {
		a.Values[v.Field] = carrierValue{Value: v.Text, Mark: string(v.Mark)}
	}
	return resource{Type: "carrier", ID: p.ID, Attributes: a, Links: &links{Self: r.carriersPath() + "/" + p.ID}}
}

// carriers is GET /v2/carriers, in the order of the table, with the carriers that the operator has added behind it.
func (a *API) carriers(_ context.Context, r *request) (reply, error) {
	rest := a.profiles.Directory().All()
	place := func(id string) int {
		return slices.IndexFunc(rest, func(p carrier.Profile) bool { return p.ID == id })
	}
	p, err := r.page(pageSize, "after", cursors("after", "carrier", func(id string) bool { return place(id) >= 0 }))
	if err != nil {
		return reply{}, err
	}
	if p.place != "" {
		rest = rest[place(p.place)+1:]
	}
	all, around := []resource{}, &links{Self: r.carriersPath() + queryText(r.query())}
	for _, c := range rest[:min(p.limit, len(rest))] {
		all = append(all, r.carrierResource(c, nil))
	}
	if len(rest) > p.limit {
		around.Next = r.carriersPath() + queryText(url.Values{"limit": {itoa(p.limit)},
			"after": {cursorOf("carrier", rest[p.limit-1].ID)}})
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: around}}, nil
}

var errNoCarrier = porting.Errorf(porting.NotFound, "We have no profile of a carrier of this id.")

// carrier is GET /v2/carriers/{carrier}.
func (a *API) carrier(ctx context.Context, r *request) (reply, error) {
	p, ok := a.profiles.Directory().ByID(r.params["carrier"])
	if !ok {
		return reply{}, errNoCarrier
	}
	var figures *carrierFigures
	f, shown, err := a.profiles.Figures(ctx, p, "")
	if err != nil {
		return reply{}, err
	}
	if shown {
		figures = figuresOf(f)
	}
	return reply{status: http.StatusOK, body: document{Data: r.carrierResource(p, figures)}}, nil
}
