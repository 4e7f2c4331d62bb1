package api

import (
	"context"
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
}

type carrierValue struct {
	Value string `json:"value"`
	Mark  string `json:"mark"`
}

func (r *request) carriersPath() string { return r.base + "/v2/carriers" }

func (r *request) carrierResource(p carrier.Profile) resource {
	terms := p.Terms(p.Kind.Class())
	a := carrierAttributes{Name: p.Name, Aliases: append([]string{}, p.Aliases...), Kind: string(p.Kind),
		Class: string(terms.Class), SPIDs: append([]string{}, p.SPIDs...), Host: orNull(p.Host), CSR: terms.CSR,
		Needs: slices.Concat(terms.Needs, terms.Possible), Values: map[string]carrierValue{}}
	if v, ok := p.Value("csr.given"); ok && v.Text == "no" {
		a.CSR = false
	}
	for _, v := range p.Values {
		a.Values[v.Field] = carrierValue{Value: v.Text, Mark: string(v.Mark)}
	}
	return resource{Type: "carrier", ID: p.ID, Attributes: a, Links: &links{Self: r.carriersPath() + "/" + p.ID}}
}

// carriers is GET /v2/carriers, in the order of the table.
func (a *API) carriers(_ context.Context, r *request) (reply, error) {
	place := func(id string) int {
		return slices.IndexFunc(carrier.All(), func(p carrier.Profile) bool { return p.ID == id })
	}
	p, err := r.page(pageSize, "after", cursors("after", "carrier", func(id string) bool { return place(id) >= 0 }))
	if err != nil {
		return reply{}, err
	}
	rest := carrier.All()
	if p.place != "" {
		rest = rest[place(p.place)+1:]
	}
	all, around := []resource{}, &links{Self: r.carriersPath() + queryText(r.query())}
	for _, c := range rest[:min(p.limit, len(rest))] {
		all = append(all, r.carrierResource(c))
	}
	if len(rest) > p.limit {
		around.Next = r.carriersPath() + queryText(url.Values{"limit": {itoa(p.limit)},
			"after": {cursorOf("carrier", rest[p.limit-1].ID)}})
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: around}}, nil
}

var errNoCarrier = porting.Errorf(porting.NotFound, "We have no profile of a carrier of this id.")

// carrier is GET /v2/carriers/{carrier}.
func (a *API) carrier(_ context.Context, r *request) (reply, error) {
	p, ok := carrier.ByID(r.params["carrier"])
	if !ok {
		return reply{}, errNoCarrier
	}
	return reply{status: http.StatusOK, body: document{Data: r.carrierResource(p)}}, nil
}
