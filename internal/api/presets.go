package api

import (
	"context"
	"net/http"
	"strings"

	"portway/internal/account"
	"portway/internal/orders"
	"portway/internal/porting"
)

// The records that presets refer to: routes, E911 addresses and caller names (C-JS). A record is never changed, since
// orders refer to it as it is: make another one.

// records are the paths of each kind.
var records = map[account.PresetKind]string{account.Route: "/routes", account.E911: "/e911s", account.CNAM: "/cnams"}

// recordRoutes are the calls for one kind of record.
func recordRoutes(kind account.PresetKind) []route {
	path := "/v2/account" + records[kind]
	return []route{
		{method: "GET", path: path, handle: func(a *API, ctx context.Context, r *request) (reply, error) { return a.listRecords(ctx, r, kind) }},
		{method: "POST", path: path, changes: true, handle: func(a *API, ctx context.Context, r *request) (reply, error) { return a.newRecord(ctx, r, kind) }},
		{method: "GET", path: path + "/{record}", handle: func(a *API, ctx context.Context, r *request) (reply, error) { return a.record(ctx, r, kind) }},
		{method: "DELETE", path: path + "/{record}", changes: true, handle: func(a *API, ctx context.Context, r *request) (reply, error) {
			return a.removeRecord(ctx, r, kind)
		}},
	}
}

// sister turns a path of the sister resources' documents (C-JS: /v2/routes) into ours, which is below the account.
func sister(path string) string {
	for _, name := range records {
		if rest, ok := strings.CutPrefix(strings.ToLower(path), "/v2"+name); ok && (rest == "" || rest[0] == '/') {
			return "/v2/account" + name + path[len("/v2"+name):]
		}
	}
	return path
}

func (r *request) recordOf(p account.Preset) resource {
	attrs := map[string]any{}
	for _, name := range account.PresetFields(p.Kind) {
		attrs[name] = p.Fields[name]
	}
	if p.Kind == account.CNAM { // as documented, null where nothing is decided
		attrs["is_approved"] = !p.Approved.IsZero()
		attrs["creation_datetime"], attrs["approval_datetime"] = stamp(p.Created), stamp(p.Approved)
		attrs["rejection_reason"] = orNull(p.Rejected)
	}
	one := resource{Type: string(p.Kind), ID: p.ID, Attributes: attrs}
	if p.ID != "" { // there is none yet in a dry run
		one.Links = r.own(records[p.Kind] + "/" + p.ID)
	}
	return one
}

func (a *API) listRecords(ctx context.Context, r *request, kind account.PresetKind) (reply, error) {
	p, err := r.page(pageSize, "cursor", cursors("cursor", string(kind), func(place string) bool { return isID(place) || place == account.SIPReg.ID }))
	if err != nil {
		return reply{}, err
	}
	found, err := a.accounts.Presets(ctx, r.account, kind, p.place, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	if kind == account.Route && p.place == "" {
		found = append([]account.Preset{account.SIPReg}, found...)
	}
	all, around := []resource{}, r.own(records[kind]+queryText(r.query()))
	for _, one := range found[:min(p.limit, len(found))] {
		all = append(all, r.recordOf(one))
	}
	if len(found) > p.limit {
		around.Next = r.next(records[kind], string(kind), found[p.limit-1].ID, p.limit)
	}
	return reply{status: http.StatusOK, body: document{Data: all, Links: around}}, nil
}

func (a *API) record(ctx context.Context, r *request, kind account.PresetKind) (reply, error) {
	p, err := account.FindPreset(ctx, a.accounts, r.account, account.Ref{Kind: kind, ID: r.params["record"]})
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: document{Data: r.recordOf(p)}}, nil
}

func (a *API) newRecord(ctx context.Context, r *request, kind account.PresetKind) (reply, error) {
	attrs, fs, err := r.document(string(kind))
	if err != nil {
		return reply{}, err
	}
	attrs.expect(&fs, strings.TrimSuffix(attributes, "/"), account.PresetFields(kind)...)
	p := account.Preset{Ref: account.Ref{Kind: kind}, Account: r.account, Fields: map[string]string{}, Created: a.book.Now().UTC()}
	for _, name := range account.PresetFields(kind) {
		v, _ := attrs.text(&fs, name, name)
		p.Fields[name] = v
	}
	p = p.Tidy()
	if err := together(fs, p.Faults().Err()); err != nil {
		return reply{}, err
	}
	if r.dry {
		return validated(reply{body: document{Data: r.recordOf(p)}}), nil
	}
	p.ID = string(a.book.NewGroup()) // ids are of one kind, whatever they name
	out := reply{status: http.StatusCreated, body: document{Data: r.recordOf(p)}}
	return r.commit(out, func(receipt *orders.Receipt) error { return a.accounts.AddPreset(ctx, p, receipt) })
}

// tellUsers is how many orders a refusal names.
const tellUsers = 5

// removeRecord ends a record, unless a live order refers to it, whose numbers would then lack it.
func (a *API) removeRecord(ctx context.Context, r *request, kind account.PresetKind) (reply, error) {
	p, err := account.FindPreset(ctx, a.accounts, r.account, account.Ref{Kind: kind, ID: r.params["record"]})
	if err != nil {
		return reply{}, err
	}
	if p.Ref == account.SIPReg.Ref {
		return reply{}, porting.Errorf(account.PresetInUse, "Every account has this route, and it cannot be removed.")
	}
	users, err := a.accounts.PresetUsers(ctx, r.account, p.Ref, tellUsers)
	if err != nil {
		return reply{}, err
	}
	if len(users) > 0 {
		var ids []string
		for _, id := range users {
			ids = append(ids, string(id))
		}
		return reply{}, porting.Errorf(account.PresetInUse, "Live orders name this record in their presets (%s). Change those presets first.", strings.Join(ids, ", "))
	}
	gone := r.recordOf(p)
	gone.Links = nil
	out := reply{status: http.StatusOK, body: document{Data: gone}}
	if r.dry {
		return validated(out), nil
	}
	return r.commit(out, func(receipt *orders.Receipt) error { return a.accounts.RemovePreset(ctx, r.account, p.Ref, receipt) })
}
