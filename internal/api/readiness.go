package api

import (
	"context"
	"strings"
	"sync"

	"portway/internal/account"
	"portway/internal/carrier"
	"portway/internal/peer"
	"portway/internal/porting"
)

// need is an attribute that the losing carrier needs and the order does not have.
type need struct {
	Attribute string `json:"attribute"`
	Detail    string `json:"detail"`
	Blocks    bool   `json:"blocks"`
}

// likely is a refusal to expect. Source says which rule or who says so, and Share how many of a hundred of the carrier's
// refusals had the reason.
type likely struct {
	Code       string   `json:"code"`
	Title      string   `json:"title"`
	Detail     string   `json:"detail"`
	Attributes []string `json:"attributes"`
	Source     *string  `json:"source"`
	Share      *int     `json:"share"`
	Effect     string   `json:"effect"`
}

// intake makes what is known of an order before it is signed.
type intake func(porting.Order) porting.Intake

// ownerOf reads the caller's account, once for a call. An account that is not there has no name, no balance and no tariff.
func (a *API) ownerOf(ctx context.Context, r *request) (account.Account, error) {
	if r.owner != nil {
		return *r.owner, nil
	}
	acc, err := a.accounts.Account(ctx, r.account)
	if err != nil && !porting.Is(err, porting.NotFound) {
		return account.Account{}, err
	}
	r.owner = &acc
	return acc, nil
}

// intake reads the account, whose balance and strictness count for all its orders.
func (a *API) intake(ctx context.Context, r *request) (intake, error) {
	acc, err := a.ownerOf(ctx, r)
	if err != nil {
		return nil, err
	}
	return func(o porting.Order) porting.Intake {
		in := porting.Intake{Funds: acc.Balance, FundsKnown: acc.ID != "", Strict: acc.Strict, Quiet: acc.Quiet}
		if p, ok := a.profiles.Directory().OfOrder(o); ok {
			in.Carrier = p.Wants()
			in.Carrier.History = a.pastRefusals(ctx, p, o.Carrier.SPID)
		}
		return in
	}, nil
}

// knowing reads what is known of the account's orders when it is first asked for, once for a call.
func (a *API) knowing(ctx context.Context, r *request) func() (intake, error) {
	return sync.OnceValues(func() (intake, error) { return a.intake(ctx, r) })
}

// pastRefusals tells for what the carrier has refused, once its figures may be shown. What cannot be read is not told: a
// signature does not wait for it.
func (a *API) pastRefusals(ctx context.Context, p carrier.Profile, spid string) []porting.PastRefusal {
	figures, shown, err := a.profiles.Figures(ctx, p, spid)
	if err != nil || !shown {
		return nil
	}
	all := 0
	for _, r := range figures.Refusals {
		all += r.Orders
	}
	var past []porting.PastRefusal
	for _, r := range figures.Refusals {
		past = append(past, porting.PastRefusal{Code: r.Code, Share: 100 * r.Orders / all})
	}
	return past
}

// flagsOf are the peer's flags of a number's carrier, and whether the number is resold.
func flagsOf(answer peer.Portability, resold bool) porting.CarrierFlags {
	return porting.CarrierFlags{AccountNumber: answer.NeedsAccountNumber, LeadDays: max(answer.LeadDays, 0), Resold: resold}
}

// resales remembers for one call what was found of a carrier and a provider: most numbers of a call share both.
type resales struct {
	known carrier.Directory
	found map[resaleKey]carrier.Resale
}

func newResales(known carrier.Directory) resales {
	return resales{known, map[resaleKey]carrier.Resale{}}
}

type resaleKey struct {
	carrier  porting.Carrier
	wireless bool
	provider string
}

// of says whether numbers of a network are resold by the provider that the customer has named.
func (all resales) of(c porting.Carrier, wireless bool, provider string) carrier.Resale {
	key := resaleKey{c, wireless, provider}
	if found, ok := all.found[key]; ok {
		return found
	}
	network, _ := all.known.Find(c.SPID, wireless, c.Name)
	brand, _ := all.known.Find("", wireless, provider)
	all.found[key] = carrier.ResaleOf(network, brand, strings.TrimSpace(provider) != "")
	return all.found[key]
}

// showReadiness shows what an order lacks and the refusals to expect, while its signature is still to come, or was just taken.
func (a *API) showReadiness(attrs *orderAttributes, o porting.Order, in intake) {
	needs, all := []need{}, []likely{}
	if found := a.readiness(o, in); found != nil {
		for _, n := range found.Needs {
			needs = append(needs, need{Attribute: n.Field, Detail: n.Why, Blocks: n.Blocks})
		}
		for _, x := range found.Refusals {
			row := likely{Code: string(x.Code), Title: x.Code.Info().Title, Detail: x.Why, Attributes: append([]string{}, x.Fields...),
				Source: orNull(x.Source), Effect: string(x.Weight)}
			if share := x.Share; share > 0 {
				row.Share = &share
			}
			all = append(all, row)
		}
	}
	attrs.Needs, attrs.Readiness = &needs, &all
}

// showsReadiness says that an order of the status is before its signature, or before it is sent again. Of any other the
// account need not be read.
func showsReadiness(s porting.Status) bool {
	return s == porting.Pending || s == porting.Processing || s == porting.Rejected || s == porting.Review
}

// readiness is nil for an order that is past its signature.
func (a *API) readiness(o porting.Order, in intake) *porting.Readiness {
	if !showsReadiness(o.Status) {
		return nil
	}
	found := a.book.Rules.Readiness(o, in(o), a.book.Time())
	return &found
}
