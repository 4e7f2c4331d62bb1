package api

import (
	"context"
	"net/http"
	"strings"

	"portway/internal/orders"
	"portway/internal/porting"
)

// snapback is POST /v2/portorders/{order}/snapback: it asks that numbers of a completed order go back to the carrier that
// had them, on the word of their holder.
func (a *API) snapback(ctx context.Context, r *request) (reply, error) {
	attrs, fs, err := r.document("snapback")
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), "numbers", "holder_asks", "reason")
	cmd := porting.AskSnapback{By: r.by, Numbers: readNumbers(attrs, &fs, r.row, "numbers", porting.MaxNumbers).texts()}
	if v, there := attrs.values["holder_asks"]; there {
		asks, ok := v.(bool)
		if !ok {
			fs.Add("holder_asks", wrongType, "Send true or false.")
		}
		cmd.HolderAsks = asks || !ok // said wrongly is not left out
	}
	cmd.Why, _ = attrs.text(&fs, "reason", "reason")
	return a.change(ctx, r, 0, always(decision{cmd, fs}), func(p orders.Plan) (reply, error) {
		return versioned(http.StatusAccepted, document{Data: commentOf(p.Events[0]).resource()}, p.After.Version), nil
	})
}
