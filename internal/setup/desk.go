package setup

import (
	"portway/internal/desk"
	"portway/internal/porting"
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
	return &desk.Widgets{Book: h.Book, Lists: h.Store, Links: links, Act: act}
}
