// Package console shows a CloudWatch dashboard with custom widgets on this machine, as the AWS console does with one: [Console]
// serves a page that calls the widgets' functions through the local engine, takes out of their answers what the console takes out
// ([Sanitise]), and carries out their actions. Nothing in it knows the desk, so that what works here works in AWS. Start
// reading at Console; page.js does what the console's own script does.
//
// Beside the dashboard the page has a clock of its own: each business day that it goes on runs the schedules as of that day.
package console

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

// Console serves a dashboard.
type Console struct {
	// Body returns the dashboard's JSON.
	Body func(context.Context) (string, error)
	// Invoke calls a function by its ARN.
	Invoke func(ctx context.Context, arn string, payload []byte) ([]byte, error)
	// NextDay runs the schedules as of the next business day and returns that day. It may be nil.
	NextDay func(context.Context) (time.Time, error)
	// Name is the dashboard's.
	Name string
}

//go:embed page.html
var pageText string

//go:embed page.js
var script string

//go:embed page.css
var styles string

var page = template.Must(template.New("").Parse(pageText))

// Handler serves the page and the calls of its script.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		body, err := c.Body(r.Context())
		if err != nil {
			http.Error(w, "The dashboard can't be read: "+err.Error(), http.StatusServiceUnavailable)
			return
		}
		var dashboard any
		if err := json.Unmarshal([]byte(body), &dashboard); err != nil {
			http.Error(w, "The dashboard is no JSON: "+err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page.Execute(w, map[string]any{"Name": c.Name, "Dashboard": dashboard, "Script": template.JS(script), "Style": template.CSS(styles),
			"Clock": c.NextDay != nil}) // it fails only where the reader has gone
	})
	mux.HandleFunc("POST /call", c.call)
	mux.HandleFunc("POST /day", func(w http.ResponseWriter, r *http.Request) {
		if c.NextDay == nil {
			http.NotFound(w, r)
			return
		}
		day, err := c.NextDay(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, day.Format("Monday, January 2, 2006"))
	})
	return mux
}

// shown is an answer of a function as the console shows it.
type shown struct {
	HTML    string   `json:"html,omitempty"`
	Text    string   `json:"text,omitempty"`
	Error   string   `json:"error,omitempty"`
	Removed []string `json:"removed,omitempty"`
}

// call calls a function for the script, and makes its answer fit to be shown.
func (c *Console) call(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Endpoint string          `json:"endpoint"`
		Payload  json.RawMessage `json:"payload"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 6<<20)).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var out shown
	raw, err := c.Invoke(r.Context(), in.Endpoint, in.Payload)
	var text string
	switch {
	case err != nil:
		out.Error = err.Error()
	case json.Unmarshal(raw, &text) == nil:
		out.HTML, out.Removed = Sanitise(text)
	default:
		out.Text = string(raw) // the console would show markdown as such; the desk has none but its description
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // it fails only where the reader has gone
}

func valid(text string) bool { return json.Valid([]byte(text)) }
