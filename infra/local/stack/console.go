package stack

import (
	"fmt"
	"html/template"
	"net/http"
	"time"

	"portway/infra"
	"portway/infra/local/docs"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/text"
)

// page is the staff page of the local stack. It lists the orders about which staff are asked, and says how to decide.
var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Portway desk</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}code{background:#f4f4f4;padding:.1rem .3rem}</style>
<h1>Staff queue</h1>
{{if .}}<table><tr><th>Since<th>Order<th>Version<th>Queue<th>Why<th>Next try</tr>
{{range .}}<tr><td>{{.Since}}<td>{{.Order}}<td>{{.Version}}<td>{{.Kind}}<td>{{.Why}}<td>{{.Next}}</tr>{{end}}</table>
{{else}}<p>No order waits for staff.</p>{{end}}
<p>To decide, call the function <code>desk-action</code>: <code>{"action":"approve|reject|retry|take_up|release|comment|hard_cancel","order":"…","version":7,"initials":"…","reasons":[{"code":"…"}],"text":"…","force":false}</code></p>
<p>To have parked work tried now: <code>{"action":"unpark","order":"…","kind":"…","initials":"…"}</code>, by order, by kind, or by both.</p>`))

type queued struct {
	Since, Order, Kind, Why, Next string
	Version                       int64
}

func (s *Stack) console(w http.ResponseWriter, r *http.Request) {
	var rows []queued
	if s.Store != nil {
		for _, kind := range []orders.DueKind{orders.DueDesk, orders.DueParked} {
			due, err := s.Store.Due(r.Context(), kind, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 100)
			if err != nil {
				http.Error(w, "The table can't be read.", http.StatusBadGateway)
				return
			}
			for _, d := range due {
				q, err := s.Store.Queued(r.Context(), d)
				if err != nil {
					q.Why = porting.Words("(" + porting.Plain(err) + ")")
				}
				row := queued{Since: q.Since.Format(time.RFC3339), Order: string(d.Order), Kind: string(kind),
					Why: text.English.Staff(q.Why)}
				if kind == orders.DueParked {
					row.Kind, row.Next = "parked "+string(q.Kind), d.At.Format(time.RFC3339)
				}
				if o, err := s.Store.Load(r.Context(), d.Order); err == nil { // an intake that is parked has no order
					row.Version = o.Version
				}
				rows = append(rows, row)
			}
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, rows) // it fails only where the reader has gone
}

// version tells at which version an order is.
func (s *Stack) version(w http.ResponseWriter, r *http.Request) {
	if s.Store == nil {
		http.Error(w, "The stack is not ready.", http.StatusServiceUnavailable)
		return
	}
	o, err := s.Store.Load(r.Context(), porting.OrderID(r.PathValue("order")))
	if err != nil {
		http.Error(w, porting.Plain(err), http.StatusNotFound)
		return
	}
	fmt.Fprint(w, o.Version)
}

// pages serves the staff page and the API's documentation.
func (s *Stack) pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", s.console)
	mux.HandleFunc("/versions/{order}", s.version)
	mux.HandleFunc("/docs", func(w http.ResponseWriter, _ *http.Request) {
		raw, err := docs.Page(infra.OpenAPI(), s.File.API)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(raw) // it fails only where the reader has gone
	})
	return mux
}
