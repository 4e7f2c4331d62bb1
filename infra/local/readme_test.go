package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README's first order is made by its own commands, pasted one after the other. make is replaced, since it would look
// for a stack on the usual port: its variables come here, and the same decision is carried out.
func TestFirstOrderOfTheReadme(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "\n## A first order\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var commands strings.Builder
	for _, m := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		commands.WriteString(m[1])
	}
	if commands.Len() == 0 {
		t.Fatal("the README has no commands for a first order")
	}

	decided := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := map[string]string{}
		for _, arg := range r.URL.Query()["arg"] {
			name, value, _ := strings.Cut(arg, "=")
			given[name] = value
		}
		out, err := act(r.Context(), up.File,
			decision(given["ACTION"], given["ORDER"], given["CODE"], given["TEXT"]))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		_, _ = w.Write(out)
	}))
	defer decided.Close()

	dir := t.TempDir()
	raw, err := json.Marshal(up.File)
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, ".local"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, ".local", "stack.json"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	replaced := fmt.Sprintf("make() { test \"$1\" = desk; shift; "+
		"curl -sSG %s/ $(printf -- '--data-urlencode arg=%%s ' \"$@\"); }\n", decided.URL)
	bash := exec.CommandContext(ctx, "bash", "-e", "-o", "pipefail", "-c", replaced+commands.String())
	bash.Dir = dir
	var out, failed bytes.Buffer
	bash.Stdout, bash.Stderr = &out, &failed
	if err := bash.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out.String(), failed.String())
	}
	for _, want := range []string{`"portable":["+14255550151"]`, `"reason": "NAME_MISMATCH"`, `"on_record": "Bluebird Holdings LLC"`,
		`"status":"review"`, `"status": "submitted"`, `"status":"completed"`, `"text": "The numbers are in service with us."`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the commands do not show %s:\n%s", want, out.String())
		}
	}
	for line := range strings.Lines(text) { // what the README shows, but for what it cuts short
		if shown, ok := strings.CutPrefix(line, "            \""); ok && !strings.Contains(line, "…") &&
			!strings.Contains(out.String(), strings.TrimSpace(shown)) {
			t.Errorf("the commands do not show what the README says: %s", line)
		}
	}
}
