package workflowtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"

	"portway/internal/orders"
	"portway/internal/storetest"
	"portway/internal/workflow/machinetest"
)

// The values that every order of every world carries and nobody may show. The SSN digits are storetest.SecretSSN.
const (
	AccountCanary = storetest.SecretAccount
	TokenCanary   = machinetest.Token
)

var canaries = regexp.MustCompile(`CANARY-|(^|[^0-9A-Za-z.+-])` + storetest.SecretSSN + `($|[^0-9A-Za-z-])`)

// Leak is the place around a canary in s; empty when there is none.
func Leak(s string) string {
	if !strings.Contains(s, "CANARY-") && !strings.Contains(s, storetest.SecretSSN) {
		return "" // a pattern is slow to search for
	}
	at := canaries.FindStringIndex(s)
	if at == nil {
		return ""
	}
	return s[max(0, at[0]-100):min(len(s), at[1]+40)]
}

// Counted marks a number that a log line counts or measures, which may be the SSN digits by chance. A secret is a text.
func Counted(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64, slog.KindDuration:
		a.Value = slog.StringValue("n" + a.Value.String())
	}
	return a
}

// noLeak searches everything that others can read for canaries.
func (w *World) noLeak() {
	check := func(where, what string) {
		if found := Leak(what); found != "" {
			w.Errorf("%s shows a secret: %s", where, found)
		}
	}
	list, err := w.Memory.List(context.Background(), Account, orders.Filter{})
	if err != nil {
		w.Error(err)
	}
	for _, row := range list {
		o, events, err := storetest.Whole(context.Background(), w.Memory, row.ID)
		if err != nil {
			w.Error(err)
		}
		for _, v := range []any{events, o.Reasons, o.Desk} {
			raw, err := json.Marshal(v)
			if err != nil {
				w.Error(err)
			}
			check("order "+string(o.ID), string(raw))
		}
	}
	for _, e := range w.Machines.Executions() {
		check("execution", e.Name)
		for _, h := range e.History {
			check("execution "+e.Name, h)
		}
	}
	for _, m := range w.SES.Mails() {
		check("mail", m.Subject+"\n"+m.Text+"\n"+m.HTML)
	}
	for _, body := range w.Hooks.Bodies() {
		check("webhook", body)
	}
	for _, e := range w.OnBus() {
		check("bus", e.Detail)
	}
	for _, text := range w.Errors {
		check("error", text)
	}
	for _, d := range w.Parked() {
		queued, err := w.Memory.Queued(context.Background(), d)
		if err != nil {
			w.Error(err)
		}
		check("parked item", fmt.Sprint(queued.Why))
	}
}

// Logs is every line that was logged in this test binary: the default logger is one for all.
var Logs = &logs{}

type logs struct {
	once sync.Once
	mu   sync.Mutex
	all  bytes.Buffer
}

func (l *logs) install() {
	l.once.Do(func() {
		slog.SetDefault(slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: Counted})))
	})
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

var _ io.Writer = (*logs)(nil)

// Lines are the lines that hold all the words.
func (l *logs) Lines(words ...string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for line := range strings.Lines(l.all.String()) {
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(line, word) }) {
			found = append(found, line)
		}
	}
	return found
}
