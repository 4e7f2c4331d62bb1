package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"portway/internal/orders"
	"portway/internal/porting"
)

// disputeAttributes are a dispute as the customer of one of its orders sees it. Nothing in them is about the other order.
type disputeAttributes struct {
	State   string   `json:"state"`
	Side    string   `json:"side"`
	Outcome *string  `json:"outcome"`
	Numbers []string `json:"numbers"`
	Opened  string   `json:"opened"`
	Until   *string  `json:"until"`
	Decided *string  `json:"decided"`
	Ended   *string  `json:"ended"`
	// Wanted are the kinds of document that would help.
	Wanted []string `json:"wanted"`
}

// outcomeOf says how a dispute was decided for the order; empty where nobody has decided.
func outcomeOf(d porting.Dispute) string {
	switch d.Winner {
	case "":
		return ""
	case d.Side:
		return "won"
	}
	return "lost"
}

func (a *API) disputeOf(o porting.Order, place int) resource {
	d := o.Disputes[place]
	attrs := disputeAttributes{State: string(d.State), Side: string(d.Side), Outcome: orNull(outcomeOf(d)), Numbers: slices.Clone(d.Numbers),
		Opened: *stamp(d.Opened), Decided: stamp(d.Decided), Ended: stamp(d.Over), Wanted: []string{}}
	if d.State == porting.DisputeOpen {
		attrs.Until = stamp(d.Ends)
		if !a.book.Rules.DisputeFacts(o, d, a.book.Time()).Bill {
			attrs.Wanted = append(attrs.Wanted, string(porting.BillDocument))
		}
	}
	return resource{Type: "dispute", ID: porting.DisputeID(place), Attributes: attrs}
}

// listDisputes is GET /v2/portorders/{order}/disputes: those that the order has opened and those about its numbers.
func (a *API) listDisputes(ctx context.Context, r *request) (reply, error) {
	o, err := r.mine(ctx, a.book)
	if err != nil {
		return reply{}, err
	}
	all := []resource{}
	for place := range o.Disputes {
		all = append(all, a.disputeOf(o, place))
	}
	return versioned(http.StatusOK, document{Data: all, Links: r.self("/" + string(o.ID) + "/disputes")}, o.Version), nil
}

// openDispute is POST /v2/portorders/{order}/disputes. It signs the LOA and disputes the numbers of the order that one
// other order holds.
func (a *API) openDispute(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("dispute")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, "/data/attributes", "signature_name", "signature_title", "signature_capacity")
	cmd := porting.OpenDispute{By: r.by}
	cmd.Signature.Name, _ = attrs.text(&fs, "signature_name", "signature_name")
	cmd.Signature.Title, _ = attrs.text(&fs, "signature_title", "signature_title")
	cmd.Signature.Capacity = attrs.capacity(&fs)
	cmd.Signature.IP = r.in.RequestContext.Identity.SourceIP
	known := a.knowing(ctx, r)
	return a.change(ctx, r, 0, func(o porting.Order) (decision, error) {
		in, err := known()
		if err != nil {
			return decision{}, err
		}
		cmd.Intake = in(o)
		cmd.Rival, cmd.Numbers = "", nil
		if (o.Status == porting.Pending || o.Status == porting.Rejected) && !r.dry { // a dry run must not tell which numbers others hold
			cmd.Rival, cmd.Numbers, err = a.book.Rival(ctx, o)
			if err != nil && !porting.Is(err, porting.NotFound) {
				return decision{}, err
			}
		} else if r.dry {
			cmd.Numbers = o.Active()
		}
		return decision{cmd, slices.Clone(fs)}, nil
	}, func(p orders.Plan) (reply, error) {
		place := max(0, len(p.After.Disputes)-1)
		return versioned(http.StatusCreated, document{Data: a.disputeOf(p.After, place)}, p.After.Version), nil
	})
}

// rivalled tells a customer whose signature or resubmission another account's order has refused, so that the order's
// explanation can offer a dispute. It returns the refusal.
func (a *API) rivalled(ctx context.Context, r *request, refused error) error {
	if refused == nil || r.dry {
		return refused
	}
	return cmp.Or(a.book.NoteRival(ctx, r.order, refused), refused)
}

// disputing offers a dispute about numbers that another account's order holds.
func disputing(o porting.Order, path string) *dispute {
	if o.Status != porting.Pending && o.Status != porting.Rejected || len(o.AlsoAsked) == 0 {
		return nil
	}
	without := action{"leave the numbers out", "PATCH", path + "/relationships/numbers", members{"remove": slices.Clone(o.AlsoAsked)}}
	if o.Status == porting.Rejected {
		without = action{"leave the numbers out", "POST", path + "/changes", members{"data": members{"type": "change",
			"attributes": members{"kind": string(porting.WishRemoval), "numbers": slices.Clone(o.AlsoAsked)}}}}
	}
	return &dispute{Numbers: slices.Clone(o.AlsoAsked),
		Open: action{"open a dispute, with the letter of agency signed and a recent bill on the order", "POST", path + "/disputes",
			members{"data": members{"type": "dispute", "attributes": members{"signature_name": "…", "signature_title": "…"}}}},
		Bill: action{"upload a document: " + porting.Bill, "POST", path + "/upload_file",
			members{"filename": "….pdf", "kind": string(porting.BillDocument)}},
		Without: without}
}

// dispute offers ways on for an order whose numbers another account's order holds.
type dispute struct {
	Numbers []string `json:"numbers"`
	Open    action   `json:"open"`
	Bill    action   `json:"bill"`
	Without action   `json:"without"`
}

// inDispute says in a sentence how the order's dispute stands; empty where it has none.
func inDispute(o porting.Order) string {
	for _, d := range slices.Backward(o.Disputes) {
		switch {
		case !d.Lives():
		case d.State == porting.DisputeMoving && d.Side == porting.Asking:
			return "Your dispute was decided for you. The order is submitted once the other request has ended; there is nothing for you to do."
		case d.Side == porting.Asking:
			return "Our staff decides your dispute once both sides have shown papers, or when the time for that is over. Add what shows that you hold the numbers."
		case d.State == porting.DisputeOpen:
			return "Another request for numbers of this order is in dispute with it. Add a recent bill of the account; the order goes on meanwhile."
		}
	}
	return ""
}
