package main

import (
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portway/infra/local/engine"
)

var generators = flag.String("clients", "", "where the generators of clients are installed; make soak says it")

// generated is a client that a popular generator makes of infra/openapi.yaml with the generator's defaults.
type generated struct {
	name string
	// generate are the commands that make the client. {api} stands for the description.
	generate [][]string
	// check compiles the client, and run runs the program in testdata/clients that uses it.
	check, run []string
	// path is where Python finds the client.
	path string
	// number is ported by the program.
	number string
}

// The tests, the pages and the module file that a generator makes beside the client are not wanted.
const alone = "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"

var clients = []generated{
	{
		name:     "oapi-codegen",
		generate: [][]string{{"go", "tool", "oapi-codegen", "-package", "oapi", "-o", "oapi/oapi.go", "{api}"}},
		check:    []string{"go", "vet", "./oapi", "./oapi-codegen"},
		run:      []string{"go", "run", "./oapi-codegen"},
		number:   "+12535550501",
	},
	{
		name: "openapi-generator for Go",
		generate: [][]string{{"openapi-generator-cli", "generate", "-g", "go", "-i", "{api}", "-o", "openapi",
			"--additional-properties", "withGoMod=false", "--global-property", alone}},
		check:  []string{"go", "vet", "./openapi", "./openapi-generator"},
		run:    []string{"go", "run", "./openapi-generator"},
		number: "+12535550502",
	},
	{
		name:     "openapi-generator for Python",
		generate: [][]string{{"openapi-generator-cli", "generate", "-g", "python", "-i", "{api}", "-o", "python", "--global-property", alone}},
		check:    []string{"python", "-W", "error", "-m", "compileall", "-q", "python"},
		run:      []string{"python", "openapi_generator.py"},
		path:     "python",
		number:   "+12535550503",
	},
	{
		name:     "openapi-python-client",
		generate: [][]string{{"openapi-python-client", "generate", "--path", "{api}", "--output-path", "httpx"}},
		check:    []string{"python", "-W", "error", "-m", "compileall", "-q", "httpx"},
		run:      []string{"python", "openapi_python_client.py"},
		path:     "httpx",
		number:   "+12535550504",
	},
}

// Popular generators make clients of the API's description as it is. The clients compile, and with each one a program creates an
// order on the deployed stack, reads it, has it explained and is refused another one.
func TestGeneratedClients(t *testing.T) {
	if *generators == "" {
		t.Skip("make soak installs the generators")
	}
	root, err := engine.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/clients")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "oapi"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			for _, args := range c.generate {
				args = slices.Clone(args)
				args[slices.Index(args, "{api}")] = filepath.Join(root, "infra", "openapi.yaml")
				c.command(ctx, t, dir, args)
			}
			c.command(ctx, t, dir, c.check)
			var told struct {
				Order, Group, Status, Turn, Summary, Error string
				Numbers                                    []string
				Actions                                    int
			}
			out := c.command(ctx, t, dir, c.run)
			if err := json.Unmarshal([]byte(out), &told); err != nil {
				t.Fatalf("%v: the program wrote %q", err, out)
			}
			t.Log(out)
			a, err := up.File.Call(ctx, http.MethodGet, "/v2/portorders/"+told.Order, nil)
			if err != nil || a.Status != http.StatusOK {
				t.Fatalf("%v, %d %s", err, a.Status, a.Body)
			}
			var is struct {
				Data struct {
					Attributes struct {
						Group   string `json:"group_id"`
						Status  string
						Turn    string
						Numbers []string
					}
				}
			}
			if err := json.Unmarshal(a.Body, &is); err != nil {
				t.Fatal(err)
			}
			order := is.Data.Attributes
			if told.Group != order.Group || told.Status != order.Status || told.Turn != order.Turn || !slices.Equal(told.Numbers, order.Numbers) {
				t.Errorf("the program read %+v, and the order is %+v", told, order)
			}
			if order.Status != "pending" || !slices.Equal(order.Numbers, []string{c.number}) || told.Summary == "" || told.Actions == 0 || told.Error != "not_found" {
				t.Errorf("the program made %+v and read %+v", order, told)
			}
		})
	}
}

// command runs one command in the directory and returns what it writes.
func (c generated) command(ctx context.Context, t *testing.T, dir string, args []string) string {
	t.Helper()
	bin := filepath.Join(*generators, "bin")
	name := args[0]
	if name != "go" {
		name = filepath.Join(bin, name)
	}
	cmd := exec.CommandContext(ctx, name, args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "GOFLAGS=", "GOWORK=off",
		"PYTHONPATH="+c.path, "PORTWAY_URL="+up.File.API, "PORTWAY_KEY="+up.File.AccessKey, "PORTWAY_SECRET="+up.File.SecretKey, "PORTWAY_NUMBER="+c.number)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\n%s", strings.Join(args, " "), err, tail(string(out)), tail(errors.String()))
	}
	return string(out)
}

// tail is the end of a long text.
func tail(s string) string {
	if len(s) > 2000 {
		return "…" + s[len(s)-2000:]
	}
	return s
}
