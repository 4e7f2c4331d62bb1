package stack

import (
	"fmt"
	"net/http"

	"portway/infra"
	"portway/infra/local/docs"
	"portway/internal/porting"
)

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

// pages serves the desk, the API's documentation and the mails.
func (s *Stack) pages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/desk/", s.desk())
	mux.Handle("/{$}", http.RedirectHandler("/desk/", http.StatusFound))
	mux.HandleFunc("/versions/{order}", s.version)
	mux.HandleFunc("GET /mail", s.mailbox)
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
