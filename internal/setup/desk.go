package setup

import (
	"cmp"
	"context"
	"encoding/json"

	"portway/internal/carrier"
	"portway/internal/desk"
	"portway/internal/dynamo/carrierrows"
	"portway/internal/dynamo/deskrows"
	"portway/internal/env"
	"portway/internal/porting"
	"portway/internal/usageplan"
)

// Desk makes the screens of the desk. act is the ARN of the function that carries decisions out; that function itself gives
// none.
func (h *House) Desk(act string) *desk.Widgets {
	prefix := h.Env.Text("LOG_PREFIX")
	links := desk.Links{Region: h.AWS.Region, Table: h.Env.Text("TABLE"), Bucket: h.Env.Text("BUCKET"),
		Machines: map[porting.Machine]string{porting.CSRMachine: h.Env.Text("CSR_MACHINE"), porting.LSRMachine: h.Env.Text("LSR_MACHINE")}}
	for _, name := range []string{"api", "answer", "csr", "lsr", "notify", "document", "status-check", "auto-cancel", "redeliver", "desk-action"} {
		links.Logs = append(links.Logs, prefix+name)
	}
	carriers := &carrier.Registry{Store: carrierrows.New(h.Table, h.Env.Text("TABLE"), h.Store), Now: h.Book.Now}
	return &desk.Widgets{Boards: h.Store, Carriers: carriers, Peers: peerNames(h.Env), Book: h.Book, Lists: h.Store, Links: links, Marks: deskrows.New(h.Table, h.Env.Text("TABLE")), Accounts: desk.Accounts{Store: h.Store}, Act: act}
}

// peerNames returns the names of the peers for local numbers. What else is wrong with the list is told by the functions
// that ask the peers.
func peerNames(e *env.Reader) []string {
	var more []struct{ Name string }
	if json.Unmarshal([]byte(cmp.Or(e.Raw("MORE_LOCALS"), "[]")), &more) != nil {
		return []string{"locals"}
	}
	names := []string{"locals"}
	for _, p := range more {
		names = append(names, p.Name)
	}
	return names
}

// DeskAction makes what carries decisions at the desk out. It puts new accounts on the gateway's usage plan.
func (h *House) DeskAction() *desk.Widgets {
	w, plan := h.Desk(""), h.Env.Text("PLAN")
	w.Accounts.Join = func(ctx context.Context, id porting.AccountID) error { return usageplan.Join(ctx, h.AWS, plan, id) }
	return w
}

// DeskFinder finds orders for the function that shows the desk.
func (h *House) DeskFinder() desk.Finder { return h.SearchRows(nil) }
