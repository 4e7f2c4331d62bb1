// Package browser runs tests of pages in Chromium: [Run] runs a script of tests in Node, and makes a subtest of each. A
// script imports kit.mjs of this folder, which starts the browser by Playwright and has the checks that all pages share.
// `make test` installs Node, Playwright, axe and the browser below .local; nothing of them is needed on the machine.
package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"portway/infra/local/engine"
)

// Limit is how long one script may run.
const Limit = 4 * time.Minute

// outcome is a line that the kit writes about one test.
type outcome struct {
	Name  string
	Error string
	MS    int
}

// Run runs a script, a path from this tree's root, with an input that the script reads as JSON. Each of its tests becomes
// a subtest of t. The environment variable BROWSER_ONLY keeps the tests whose names match it.
func Run(t *testing.T, script string, input any) {
	t.Helper()
	for _, o := range run(t, script, input) {
		t.Run(o.Name, func(t *testing.T) {
			if o.Error != "" {
				t.Error(o.Error)
			}
			t.Logf("%d ms", o.MS)
		})
	}
}

// run runs a script and returns the outcomes of its tests. A script without tests, or one that ends with an error, fails
// the test.
func run(t *testing.T, script string, input any) []outcome {
	t.Helper()
	root, err := engine.Root()
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(root, ".local", "browser")
	chromium := filepath.Join(home, "chromium")
	if _, err := os.Stat(filepath.Join(chromium, "chromium")); err != nil {
		t.Fatalf("the browser is not installed; run make browser once, which installs it: %v", err)
	}
	given, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), Limit)
	defer cancel()
	node := filepath.Join(root, ".local", "node", "nodejs", "bin", "node")
	cmd := exec.CommandContext(ctx, node, filepath.Join(root, script))
	cmd.Env = append(os.Environ(), "BROWSER_PACKAGES="+home, "BROWSER_CHROMIUM="+filepath.Join(chromium, "chromium"),
		"BROWSER_FAILED="+filepath.Join(home, "failed"), "BROWSER_INPUT="+string(given), "LD_LIBRARY_PATH="+filepath.Join(chromium, "lib"),
		"FONTCONFIG_FILE="+filepath.Join(chromium, "fonts.conf"))
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%s ended with %v:\n%s", script, err, problems.String())
	}
	var all []outcome
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o outcome
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Errorf("%s wrote %q, which is no outcome", script, lines.Text())
			continue
		}
		all = append(all, o)
	}
	if len(all) == 0 {
		t.Errorf("%s has run no test:\n%s", script, problems.String())
	}
	return all
}
