// Package roles tests what each function may do on AWS, without an account of AWS. SAM's own translator makes the policies
// from the template, and a simulator of IAM judges requests by them. The rows of rights_test.go say which requests must be
// allowed. The local engine ignores conditions on partition keys, encryption contexts and senders; the simulator applies
// them. Start reading at TestRights.
package roles

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portway/infra/local/engine"
	"portway/infra/local/sam"
)

var must = flag.Bool("must", false, "fail where the tools are missing, which make lint installs")

// document is a policy as the simulator takes it.
type document struct {
	Name   string `json:"name"`
	Policy policy `json:"policy"`
}

type policy struct {
	Version   string           `json:"Version,omitempty"`
	Statement []map[string]any `json:"Statement"`
}

// request is a request of a function to AWS, and whether the request must be allowed.
type request struct {
	Action   string         `json:"action"`
	Resource string         `json:"resource"`
	Context  map[string]any `json:"context,omitempty"`
	Allowed  bool           `json:"allowed"`
}

func (r request) String() string {
	context, _ := json.Marshal(r.Context) // texts alone can always be written
	return fmt.Sprintf("%s on %s with %s", r.Action, r.Resource, context)
}

// job is policies and the requests to judge by them.
type job struct {
	Policies []document `json:"policies"`
	Cases    []request  `json:"cases"`
	// Until ends the job at the first request whose outcome is not the one wanted.
	Until bool `json:"until"`
}

// wrong is a request whose outcome is not the one wanted, or one that the simulator could not judge.
type wrong struct {
	Case    int    `json:"case"`
	Trouble string `json:"trouble"`
}

// tool returns the path of a tool below .local, and skips the test where the tool is not installed.
func tool(t *testing.T, path ...string) string {
	t.Helper()
	root, err := engine.Root()
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(append([]string{root, ".local"}, path...)...)
	if _, err := os.Stat(at); errors.Is(err, os.ErrNotExist) && !*must {
		t.Skipf("make lint installs %s, and runs this test", filepath.Join(path...))
	} else if err != nil {
		t.Fatal(err)
	}
	return at
}

// simulate has the simulator judge the jobs.
func simulate(t *testing.T, jobs []job) [][]wrong {
	t.Helper()
	in, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	tool(t, "lint", "node_modules", "@cloud-copilot", "iam-simulate")
	cmd := exec.Command(tool(t, "node", "nodejs", "bin", "node"), "simulate.mjs", tool(t, "lint"))
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("simulate.mjs: %v\n%s", err, stderr.String())
	}
	var all [][]wrong
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(jobs) {
		t.Fatalf("%d answers to %d jobs", len(all), len(jobs))
	}
	return all
}

// stack is the template as SAM makes it for CloudFormation.
type stack struct{ sam.Translated }

var translateOnce = sync.OnceValues(func() (stack, error) {
	root, text, err := sam.Template()
	if err != nil {
		return stack{}, err
	}
	out, err := sam.Translate(context.Background(), root, text, map[string]string{}, time.Unix(0, 0))
	return stack{out}, err
})

// translated translates the template, once. It skips the test where SAM's translator is not installed.
func translated(t *testing.T) stack {
	t.Helper()
	tool(t, "sam", "bin", "python")
	s, err := translateOnce()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// role returns the policies of a function's role, and the number of its managed ones.
func (s stack) role(t *testing.T, function string) (all []document, managed int) {
	t.Helper()
	get, _ := s.Template.Resources[function].Properties["Role"].(map[string]any)
	at, ok := get["Fn::GetAtt"].([]any)
	if !ok {
		t.Fatalf("%s has the role %v", function, get)
	}
	role := s.Template.Resources[at[0].(string)].Properties
	all = []document{} // the simulator takes no null
	for _, arn := range list(role["ManagedPolicyArns"]) {
		managed++
		ref, ours := arn.(map[string]any)
		if !ours { // AWS's own
			// Logs, and reading the streams of tables.
			if name := filepath.Base(fmt.Sprint(arn)); name != "AWSLambdaBasicExecutionRole" && name != "AWSLambdaDynamoDBExecutionRole" {
				t.Errorf("%s has AWS's policy %v", function, arn)
			}
			continue
		}
		name := ref["Ref"].(string)
		all = append(all, document{name, s.policy(t, s.Template.Resources[name].Properties["PolicyDocument"])})
	}
	for _, p := range list(role["Policies"]) {
		p := p.(map[string]any)
		all = append(all, document{p["PolicyName"].(string), s.policy(t, p["PolicyDocument"])})
	}
	return all, managed
}

func list(v any) []any { all, _ := v.([]any); return all }

func (s stack) policy(t *testing.T, v any) policy {
	t.Helper()
	raw, err := json.Marshal(s.resolve(t, v))
	if err != nil {
		t.Fatal(err)
	}
	var p policy
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

const (
	region  = "us-east-1"
	account = "123456789012"
	stackID = "portway"
	from    = "porting@portway.example"
)

// resolve puts values into the place of intrinsic functions, as CloudFormation does.
func (s stack) resolve(t *testing.T, v any) any {
	t.Helper()
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = s.resolve(t, v[i])
		}
		return all
	case map[string]any:
		if name, ok := v["Ref"].(string); ok {
			return s.ref(t, name)
		}
		if at := list(v["Fn::GetAtt"]); len(at) == 2 {
			return s.attribute(t, at[0].(string), at[1].(string))
		}
		if text, ok := v["Fn::Sub"].(string); ok {
			return os.Expand(text, func(name string) string {
				if resource, attribute, ok := strings.Cut(name, "."); ok {
					return s.attribute(t, resource, attribute)
				}
				return s.ref(t, name)
			})
		}
		if branches := list(v["Fn::If"]); len(branches) == 3 { // every parameter is given
			return s.resolve(t, branches[1])
		}
		all := map[string]any{}
		for name, below := range v {
			if strings.HasPrefix(name, "Fn::") {
				t.Fatalf("%s in a policy is not known here", name)
			}
			all[name] = s.resolve(t, below)
		}
		return all
	}
	return v
}

func (s stack) ref(t *testing.T, name string) string {
	t.Helper()
	if value, ok := map[string]string{"AWS::Partition": "aws", "AWS::Region": region, "AWS::AccountId": account,
		"AWS::StackName": stackID, "MailFrom": from, "DeskDashboard": stackID + "-desk", "Plan": "Plan",
		"ProvisionFunction": "OperatorSwitch"}[name]; ok {
		return value
	}
	return s.attribute(t, name, "Arn")
}

// attribute is a resource's ARN, or its name.
func (s stack) attribute(t *testing.T, resource, attribute string) string {
	t.Helper()
	if attribute == "Name" {
		return resource
	}
	arn := map[string]string{"AWS::DynamoDB::Table": "dynamodb:R:A:table/", "AWS::KMS::Key": "kms:R:A:key/",
		"AWS::S3::Bucket": "s3:::", "AWS::Lambda::Function": "lambda:R:A:function:",
		"AWS::StepFunctions::StateMachine": "states:R:A:stateMachine:", "AWS::SQS::Queue": "sqs:R:A:", "AWS::Events::EventBus": "events:R:A:event-bus/",
		"AWS::SecretsManager::Secret": "secretsmanager:R:A:secret:"}[s.Template.Resources[resource].Type]
	if id := attribute == "Id" && s.Template.Resources[resource].Type == "AWS::SecretsManager::Secret"; arn == "" || attribute != "Arn" && !id {
		t.Fatalf("%s of %s, a %s, is not known here", attribute, resource, s.Template.Resources[resource].Type)
	}
	return arnOf(arn + resource)
}

// arnOf writes an ARN from its part behind the partition, where R:A stands for region and account.
func arnOf(rest string) string {
	return "arn:aws:" + strings.Replace(rest, ":R:A:", ":"+region+":"+account+":", 1)
}

// Each function may do what its row of the table of rights says, and is refused every other request that the tables of
// rights_test.go have.
func TestRights(t *testing.T) {
	s := translated(t)
	functions := s.OfType("AWS::Lambda::Function")
	if len(functions) != len(rights) {
		t.Errorf("the template has %d functions, the table of rights %d", len(functions), len(rights))
	}
	var jobs []job
	asked := 0
	for _, name := range functions {
		r, ok := rights[name]
		if !ok {
			t.Errorf("the table of rights lacks %s", name)
		}
		policies, managed := s.role(t, name)
		if managed > 8 { // AWS takes ten on a role, unless asked for more
			t.Errorf("%s has %d managed policies", name, managed)
		}
		jobs = append(jobs, job{Policies: policies, Cases: r.requests(name)})
		asked += len(r.requests(name))
	}
	for i, all := range simulate(t, jobs) {
		for _, w := range all {
			c := jobs[i].Cases[w.Case]
			if w.Trouble != "" {
				t.Errorf("%s: %s: %s", functions[i], c, w.Trouble)
			} else {
				t.Errorf("%s may %s: %v", functions[i], c, !c.Allowed)
			}
		}
	}
	t.Logf("%d requests of %d functions", asked, len(functions))
}

// The functions that make a transaction have the right to it.
func TestFunctionsMayMakeTheirTransactions(t *testing.T) {
	for _, tx := range transactions {
		for _, function := range strings.Fields(tx.by) {
			for _, name := range tx.keys {
				if !strings.Contains(rights[function].items[name], tx.letter) {
					t.Errorf("%s makes a transaction with %s of %s, to which its row gives no right", function, letters[tx.letter], name)
				}
			}
		}
	}
}

// The table of rights notices each statement that is taken from a policy, and each condition that is taken from a
// statement.
func TestSpoiledPoliciesAreNoticed(t *testing.T) {
	s := translated(t)
	var jobs []job
	var what []string
	seen := map[string]bool{}
	for _, name := range s.OfType("AWS::Lambda::Function") {
		policies, _ := s.role(t, name)
		for n, p := range policies {
			if seen[p.Name] {
				continue // spoiled in another role
			}
			seen[p.Name] = true
			spoil := func(i int, how string, statement map[string]any) {
				spoiled := slices.Clone(policies)
				statements := slices.Clone(p.Policy.Statement)
				if statement == nil {
					statements = slices.Delete(statements, i, i+1)
				} else {
					statements[i] = statement
				}
				if len(statements) == 0 {
					spoiled = slices.Delete(spoiled, n, n+1)
				} else {
					spoiled[n].Policy.Statement = statements
				}
				jobs = append(jobs, job{Policies: spoiled, Cases: rights[name].requests(name), Until: true})
				what = append(what, fmt.Sprintf("%s: statement %d of %s %s", name, i+1, p.Name, how))
			}
			for i, statement := range p.Policy.Statement {
				spoil(i, "is gone", nil)
				conditions, _ := statement["Condition"].(map[string]any)
				for operator := range conditions {
					wide, rest := map[string]any{}, map[string]any{}
					for k, v := range conditions {
						if k != operator {
							rest[k] = v
						}
					}
					for k, v := range statement {
						wide[k] = v
					}
					if wide["Condition"] = rest; len(rest) == 0 {
						delete(wide, "Condition")
					}
					spoil(i, "lacks "+operator, wide)
				}
			}
		}
	}
	for i, all := range simulate(t, jobs) {
		if len(all) == 0 {
			t.Errorf("the table of rights does not notice that %s", what[i])
		}
	}
	if len(jobs) < 60 {
		t.Errorf("only %d policies were spoiled", len(jobs))
	}
	t.Logf("%d spoiled policies", len(jobs))
}
