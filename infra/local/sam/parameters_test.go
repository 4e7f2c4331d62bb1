package sam

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portway/internal/access"
	"portway/internal/env"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

// texts makes some texts that a pattern allows: short, long and in between.
func texts(t *testing.T, pattern string) []string {
	t.Helper()
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	random, whole := rand.New(rand.NewPCG(1, 1)), regexp.MustCompile(pattern)
	var all []string
	for range 200 {
		var b strings.Builder
		write(&b, random, parsed)
		if !whole.MatchString(b.String()) {
			t.Fatalf("%q is not of %s", b.String(), pattern)
		}
		all = append(all, b.String())
	}
	return all
}

func write(b *strings.Builder, random *rand.Rand, r *syntax.Regexp) {
	times := func(least, most int) {
		for range least + random.IntN(most-least+1) {
			write(b, random, r.Sub[0])
		}
	}
	switch r.Op {
	case syntax.OpLiteral:
		b.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		i := 2 * random.IntN(len(r.Rune)/2)
		b.WriteRune(r.Rune[i] + rune(random.IntN(int(r.Rune[i+1]-r.Rune[i])+1)))
	case syntax.OpCapture:
		write(b, random, r.Sub[0])
	case syntax.OpConcat:
		for _, sub := range r.Sub {
			write(b, random, sub)
		}
	case syntax.OpAlternate:
		write(b, random, r.Sub[random.IntN(len(r.Sub))])
	case syntax.OpStar:
		times(0, 8)
	case syntax.OpPlus:
		times(1, 9)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		most := r.Max
		if most < 0 {
			most = r.Min + 8
		}
		times(r.Min, most)
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpEmptyMatch:
	default:
		panic(r.Op.String())
	}
}

// readAll reads every variable as the functions do, and returns the faults.
func readAll(e *env.Reader) []env.Fault {
	h := setup.New(e)
	flow.Tasks(h, porting.LSRMachine)
	flow.Outbox(h)
	e.Number("RATE_LIMIT", 1, 10_000) // as functions/api does
	e.Number("RATE_BURST", 1, 10_000)
	e.URL("ALLOW_ORIGIN")
	if _, err := access.ReadHooks(e.Raw); err != nil {
		e.Fail("HOOKS", err.Error())
	}
	return e.Faults()
}

// The functions can read every value that CloudFormation accepts for a parameter.
func TestFunctionsReadEveryAllowedValue(t *testing.T) {
	t.Parallel()
	out := translated(t)
	// The variables of all functions, with the parameter that each is.
	variables, good := map[string]string{}, map[string]string{}
	for _, r := range out.Template.Resources {
		environment, _ := r.Properties["Environment"].(map[string]any)
		all, _ := environment["Variables"].(map[string]any)
		for name, value := range all {
			ref, _ := value.(map[string]any)
			parameter, _ := ref["Ref"].(string)
			p, ok := out.Template.Parameters[parameter]
			if !ok {
				if good[name] == "" {
					good[name] = "https://made.by/the-stack"
				}
				continue
			}
			variables[name], good[name] = parameter, values[parameter]
			if p.Default != nil {
				good[name] = fmt.Sprint(p.Default)
			}
		}
	}
	good["API_URL"] = "https://made.by/the-stack"
	if f := readAll(env.Of(func(name string) string { return good[name] })); len(f) > 0 {
		t.Fatalf("the defaults can't be read: %v", f)
	}
	if len(variables) < 30 {
		t.Fatalf("only %d variables are parameters", len(variables))
	}
	for name, parameter := range variables {
		p := out.Template.Parameters[parameter]
		var allowed []string
		switch {
		case parameter == "MoreLocals": // its pattern can't refuse two peers of one name
			allowed = []string{"", "[]", "[ ]", `[{"name":"north","url":"https://host/path","account":"1"}]`,
				`[ { "name": "a", "url": "http://127.0.0.1:1/x", "account": "1", "site": "2", "user": "u", "password": "p w", "options": "direct" },` +
					`{"name":"b","url":"https://b","account":"1","token_url":"https://b/token"}]`}
			for _, value := range allowed {
				if !regexp.MustCompile(p.AllowedPattern).MatchString(value) {
					t.Errorf("%s refuses %s", parameter, value)
				}
			}
		case parameter == "MoreHooks": // its pattern can't refuse two peers of one name either
			allowed = []string{"", "north:u:p", "north:u-1:p_2,south:v:w"}
		case len(p.AllowedValues) > 0:
			for _, value := range p.AllowedValues {
				allowed = append(allowed, fmt.Sprint(value))
			}
		default:
			allowed = texts(t, p.AllowedPattern)
		}
		for _, value := range allowed {
			if name == "API_URL" && value == "" {
				continue // the template writes API Gateway's own address
			}
			all := maps.Clone(good)
			all[name] = value
			if f := readAll(env.Of(func(name string) string { return all[name] })); len(f) > 0 {
				t.Errorf("%s allows %q, which can't be read: %v", parameter, value, f)
				break
			}
		}
	}
}

// Every parameter has allowed values, a pattern or bounds, and a sentence for the operator whose value is refused.
func TestEveryParameterSaysWhatItTakes(t *testing.T) {
	t.Parallel()
	for name, p := range translated(t).Template.Parameters {
		bounded := len(p.AllowedValues) > 0 || strings.HasPrefix(p.AllowedPattern, "^") && strings.HasSuffix(p.AllowedPattern, "$") ||
			p.MinValue != nil
		if !bounded || !strings.HasPrefix(p.ConstraintDescription, name+" ") || !strings.HasSuffix(p.ConstraintDescription, ".") {
			t.Errorf("%s takes %v%s and says %q", name, p.AllowedValues, p.AllowedPattern, p.ConstraintDescription)
		}
		if secret := strings.HasSuffix(name, "Password") || strings.HasPrefix(name, "More"); secret != (p.NoEcho == true) {
			t.Errorf("%s is shown: %v", name, p.NoEcho)
		}
		if d := fmt.Sprint(p.Default); p.Default != nil && p.AllowedPattern != "" && !regexp.MustCompile(p.AllowedPattern).MatchString(d) {
			t.Errorf("%s refuses its own default %q", name, d)
		}
	}
}

// The parameters.yaml that operate.md shows has values that the template accepts, and names every parameter without a
// default.
func TestOperateShowsValidParameters(t *testing.T) {
	t.Parallel()
	root, _ := source(t)
	page, err := os.ReadFile(filepath.Join(root, "infra", "docs", "operate.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("infra/docs/operate.md has no file of parameters")
	}
	var file map[string]any
	if err := yaml.Unmarshal(block[1], &file); err != nil {
		t.Fatal(err)
	}
	all := translated(t).Template.Parameters
	for name, value := range file {
		text, ok := value.(string)
		if p, is := all[name]; !is || !ok || !regexp.MustCompile(p.AllowedPattern).MatchString(text) && text != "..." {
			t.Errorf("the template does not accept %s: %v", name, value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name].Default == nil && file[name] == nil {
			t.Errorf("%s has no default and is not in the file", name)
		}
	}
}

// Each function gets every variable that it reads. The rows repeat what the functions' main.go call.
func TestFunctionsGetWhatTheyRead(t *testing.T) {
	t.Parallel()
	house := func(read func(*setup.House)) func(*env.Reader) {
		return func(e *env.Reader) { read(setup.New(e)) }
	}
	peers := house(func(h *setup.House) { h.Peers() })
	outbox := house(func(h *setup.House) { flow.Outbox(h); flow.Driver(h); flow.WebhookSweeps(h) })
	hooks := func(e *env.Reader) { _, _ = access.ReadHooks(e.Raw) } // the variables are empty, which is no error here
	rows := map[string]func(*env.Reader){
		"ApiFunction": func(e *env.Reader) {
			h := setup.New(e)
			h.Peers()
			h.Webhooks()
			h.Bucket()
			for _, name := range []string{"API_URL", "ALLOW_ORIGIN", "RATE_LIMIT", "RATE_BURST"} {
				e.Raw(name)
			}
		},
		"AuthorizerFunction":     func(e *env.Reader) { e.Text("TABLE") },
		"PeerAuthorizerFunction": hooks,
		"AnswerFunction":         peers,
		"StatusCheckFunction":    peers,
		"CsrFunction":            house(func(h *setup.House) { flow.Tasks(h, porting.CSRMachine) }),
		"LsrFunction":            house(func(h *setup.House) { flow.Tasks(h, porting.LSRMachine) }),
		"NotifyFunction":         outbox,
		"RedeliverFunction":      outbox,
		"DeliverFunction":        house(func(h *setup.House) { h.WebhookSender() }),
		"PullFunction":           house(func(h *setup.House) { h.Puller() }),
		"BounceFunction":         house(func(h *setup.House) { flow.Feedbacks(h) }),
		"DocumentFunction":       house(func(h *setup.House) { h.Bucket() }),
		"DeskFunction":           house(func(h *setup.House) { h.Desk(h.Env.Text("DESK_ACTION")) }),
		"DeskActionFunction":     house(func(h *setup.House) { h.Desk("") }),
		"AutoCancelFunction":     house(func(*setup.House) {}),
		"SubscribeFunction": func(e *env.Reader) { // it subscribes Locals peers alone, so the registry's hook is not needed
			setup.Locals(e)
			for _, name := range []string{"HOOK_URL", "HOOK_USER", "HOOK_PASSWORD", "MORE_HOOKS"} {
				e.Raw(name)
			}
		},
		"SandboxFunction": func(e *env.Reader) {
			for _, name := range []string{"KEY", "TABLE", "SANDBOX_DAY_SECONDS", "API_URL", "HOOK_USER", "HOOK_PASSWORD"} {
				e.Raw(name)
			}
		},
	}
	out := translated(t)
	for _, function := range out.OfType("AWS::Lambda::Function") {
		read, ok := rows[function]
		if !ok {
			t.Errorf("%s has no row that says what it reads", function)
			continue
		}
		environment, _ := out.Template.Resources[function].Properties["Environment"].(map[string]any)
		given, _ := environment["Variables"].(map[string]any)
		asked := map[string]bool{}
		read(env.Of(func(name string) string { asked[name] = true; return "" }))
		for name := range asked {
			if _, ok := given[name]; !ok {
				t.Errorf("%s reads %s, which the template does not give it", function, name)
			}
		}
	}
}
