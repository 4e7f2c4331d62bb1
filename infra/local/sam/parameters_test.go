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

	"github.com/aws/aws-sdk-go-v2/aws"
	"go.yaml.in/yaml/v3"

	"portway/internal/env"
	"portway/internal/passwords"
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
	passwords.Hooks(e, aws.Config{})
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
	good["API_URL"], good["PAGE_URL"] = "https://made.by/the-stack", "https://made.by/the-stack"
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
				`[ { "name": "a", "url": "http://127.0.0.1:1/x", "account": "1", "site": "2", "user": "u", "options": "direct" },` +
					`{"name":"b","url":"https://b","account":"1","token_url":"https://b/token"}]`}
			for _, value := range allowed {
				if !regexp.MustCompile(p.AllowedPattern).MatchString(value) {
					t.Errorf("%s refuses %s", parameter, value)
				}
			}
			if regexp.MustCompile(p.AllowedPattern).MatchString(`[{"name":"a","url":"https://a","account":"1","password":"p"}]`) {
				t.Errorf("%s takes a password, which every function's configuration would show", parameter)
			}
		case parameter == "MoreHooks": // its pattern can't refuse two peers of one name either
			allowed = []string{"", "north:u", "north:u-1,south:v"}
		case len(p.AllowedValues) > 0:
			for _, value := range p.AllowedValues {
				allowed = append(allowed, fmt.Sprint(value))
			}
		default:
			allowed = texts(t, p.AllowedPattern)
		}
		for _, value := range allowed {
			if (name == "API_URL" || name == "PAGE_URL") && value == "" {
				continue // the template writes the gateway's own address
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
		if strings.Contains(name, "Password") || p.NoEcho != nil {
			t.Errorf("%s is a secret; secrets stand in Secrets Manager", name)
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
	outbox := house(func(h *setup.House) { flow.Outbox(h); flow.Driver(h); flow.Sweeps(h) })
	hooks := func(e *env.Reader) { passwords.Hooks(e, aws.Config{}) }
	rows := map[string]func(*env.Reader){
		"ApiFunction": func(e *env.Reader) {
			h := setup.New(e)
			h.Peers()
			h.Webhooks()
			h.Links()
			h.Bucket()
			for _, name := range []string{"API_URL", "PAGE_URL", "ALLOW_ORIGIN", "RATE_LIMIT", "RATE_BURST"} {
				e.Raw(name)
			}
		},
		"PageFunction": func(e *env.Reader) {
			h := setup.New(e)
			h.Links()
			h.Carriers()
			h.Bucket()
			for _, name := range []string{"MAIL_FROM", "PAGE_URL"} {
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
		"SubscribeFunction": func(e *env.Reader) {
			setup.Locals(e, setup.PeerPasswords(e, aws.Config{}))
			hooks(e)
			e.Raw("HOOK_URL")
		},
		"SandboxFunction": func(e *env.Reader) {
			for _, name := range []string{"KEY", "TABLE", "SANDBOX_DAY_SECONDS", "API_URL", "HOOK_USER", "HOOK_PASSWORDS"} {
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

// environmentLimit is how many bytes AWS allows for the names and values of a function's variables together.
const environmentLimit = 4096

// bytesOf returns the size of a function's environment. A parameter has the longest value that its pattern and MaxLength
// allow, or 120 bytes if these have no end. What the stack makes has as many bytes as AWS allows for the type, or as the
// longest ARN of ours; an address of the gateway may be a parameter's.
func bytesOf(out Translated, variables map[string]any) int {
	const longText, longARN = 120, 150
	sum := 0
	for name, value := range variables {
		sum += len(name)
		ref, _ := value.(map[string]any)
		parameter, _ := ref["Ref"].(string)
		p, isParameter := out.Template.Parameters[parameter]
		text, isText := value.(string)
		longest := 0
		for _, v := range p.AllowedValues {
			longest = max(longest, len(fmt.Sprint(v)))
		}
		switch n, _ := p.MaxLength.(float64); {
		case isText:
			sum += len(text)
		case !isParameter:
			made := longARN
			for kind, n := range map[string]int{"AWS::S3::Bucket": 63, "AWS::KMS::Key": len("arn:aws-us-gov:kms:ap-southeast-1:123456789012:key/") + 36,
				"AWS::SES::ConfigurationSet": 64, "AWS::Lambda::Function": 64, "AWS::ApiGateway::RestApi": longText} {
				if refers(value, func(name string) bool { return out.Template.Resources[name].Type == kind }) {
					made = n
				}
			}
			sum += made
		case longest > 0:
			sum += longest
		case n > 0:
			sum += int(n)
		default:
			sum += min(most(p.AllowedPattern), longText)
		}
	}
	return sum
}

// most is the length of the longest text of a pattern; a part without an end counts 1,000.
func most(pattern string) int {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 1000
	}
	var longest func(r *syntax.Regexp) int
	longest = func(r *syntax.Regexp) int {
		sum, top := 0, 0
		for _, sub := range r.Sub {
			n := longest(sub)
			sum, top = sum+n, max(top, n)
		}
		switch r.Op {
		case syntax.OpLiteral:
			return len(string(r.Rune))
		case syntax.OpCharClass:
			return len(string(r.Rune[len(r.Rune)-1]))
		case syntax.OpAlternate:
			return top
		case syntax.OpStar, syntax.OpPlus:
			return 1000
		case syntax.OpRepeat:
			if r.Max < 0 {
				return 1000
			}
			return r.Max * sum
		}
		return sum
	}
	return longest(parsed)
}

// No function's environment comes near AWS's limit, with the longest values that the parameters allow.
func TestEnvironmentsFit(t *testing.T) {
	t.Parallel()
	out := translated(t)
	environment := func(function string) map[string]any {
		e, _ := out.Template.Resources[function].Properties["Environment"].(map[string]any)
		all, _ := e["Variables"].(map[string]any)
		return all
	}
	largest, where := 0, ""
	for _, function := range out.OfType("AWS::Lambda::Function") {
		if n := bytesOf(out, environment(function)); n > largest {
			largest, where = n, function
		}
	}
	t.Logf("the largest environment is that of %s with %d bytes", where, largest)
	if largest > environmentLimit || largest < 1000 {
		t.Errorf("the environment of %s may have %d bytes; AWS allows %d", where, largest, environmentLimit)
	}
	t.Run("a list without an end is found", func(t *testing.T) {
		more := maps.Clone(environment(where))
		for i := range 20 {
			more[fmt.Sprint("MORE_LOCALS_", i)] = map[string]any{"Ref": "MoreLocals"}
		}
		if n := bytesOf(out, more); n <= environmentLimit {
			t.Errorf("it has %d bytes", n)
		}
	})
}

// No environment holds a secret: whoever may read the configuration of a function would see it.
func TestNoEnvironmentHoldsASecret(t *testing.T) {
	t.Parallel()
	out := translated(t)
	for name, r := range out.Template.Resources {
		e, _ := r.Properties["Environment"].(map[string]any)
		variables, _ := e["Variables"].(map[string]any)
		for variable, value := range variables {
			ofSecret := refers(value, func(name string) bool { return out.Template.Resources[name].Type == "AWS::SecretsManager::Secret" })
			if looks := regexp.MustCompile("PASSWORD|TOKEN$|SECRET").MatchString(variable); looks && !ofSecret {
				t.Errorf("%s has %s: %v", name, variable, value)
			}
		}
		// A dynamic reference would put the value into the configuration.
		if raw := fmt.Sprint(r.Properties); strings.Contains(raw, "{{resolve:") {
			t.Errorf("%s resolves a secret when it is deployed", name)
		}
		if r.Type == "AWS::SecretsManager::Secret" && r.Properties["SecretString"] != "{}" {
			t.Errorf("%s has a value that a deployment changes", name)
		}
	}
}
