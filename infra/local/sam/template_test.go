package sam

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gw "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"go.yaml.in/yaml/v3"

	"portway/internal/access"
	"portway/internal/account"
)

// values has a value for each parameter without a default.
var values = map[string]string{"MailFrom": "porting@example.com", "LocalsAccount": "1", "LocalsSite": "2", "SomosRespOrg": "ABC01",
	"OperatorName": "Example Telecom LLC", "OperatorAddress": "1 Example Way, Denver, CO 80202, US"}

func source(t *testing.T) (root, template string) {
	t.Helper()
	root, template, err := Template()
	if err != nil {
		t.Fatal(err)
	}
	return root, template
}

var now = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// asItIs is the template as it stands, translated once for all tests.
var asItIs = sync.OnceValues(func() (Translated, error) {
	root, template, err := Template()
	if err != nil {
		return Translated{}, err
	}
	out, err := Translate(context.Background(), root, template, values, now)
	if err == nil && len(out.Template.Resources) < 50 {
		err = fmt.Errorf("the translated template has %d resources", len(out.Template.Resources))
	}
	return out, err
})

func translated(t *testing.T) Translated {
	t.Helper()
	out, err := asItIs()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// refers says whether a value contains a reference to one of the names: by Ref, by Fn::GetAtt, or inside Fn::Sub.
func refers(value any, names func(string) bool) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return refers(x, names) })
	case map[string]any:
		for key, x := range v {
			switch text, _ := x.(string); {
			case key == "Ref" && names(text):
				return true
			case key == "Fn::Sub":
				parts, _ := x.([]any)
				if len(parts) > 0 {
					text, _ = parts[0].(string)
				}
				for _, m := range regexp.MustCompile(`\$\{([\w:]+)`).FindAllStringSubmatch(text, -1) {
					if names(m[1]) {
						return true
					}
				}
			case key == "Fn::GetAtt":
				parts, _ := x.([]any)
				if len(parts) > 0 {
					text, _ = parts[0].(string)
				}
				if name, _, _ := strings.Cut(text, "."); names(name) {
					return true
				}
			}
			if refers(x, names) {
				return true
			}
		}
	}
	return false
}

// fixed lists the resources whose name would be the same in another stack of the account and region.
func fixed(out Translated) []string {
	var all []string
	for id, r := range out.Template.Resources {
		if r.Condition != "" && r.DeletionPolicy == "RetainExceptOnCreate" {
			continue // one stack of several is told to make it, and it outlives that stack
		}
		named, own := false, false
		for _, p := range out.Naming[r.Type] {
			value, has := r.Properties[p]
			named = named || has
			own = own || refers(value, func(name string) bool {
				_, ours := out.Template.Resources[name]
				return ours || name == "AWS::StackName"
			})
		}
		if named && !own {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// Two stacks can be deployed in one account and region: where the template names a resource, the name is made from the
// stack's name.
func TestNoResourceHasAFixedName(t *testing.T) {
	t.Parallel()
	root, template := source(t)
	if all := fixed(translated(t)); len(all) > 0 {
		t.Errorf("these resources have the same names in a second stack: %v", all)
	}
	t.Run("fixed names are found", func(t *testing.T) {
		faulty := template
		for _, change := range [][2]string{
			{"            OmitName: true\n            ScheduleExpression: rate(15", "            ScheduleExpression: rate(15"},
			{`Name: !Sub "${AWS::StackName}-mail"`, "Name: portway-mail"},
			{"      Description: Sends webhooks.\n", "      Description: Sends webhooks.\n      FunctionName: deliver\n"},
		} {
			faulty = strings.Replace(faulty, change[0], change[1], 1)
		}
		out, err := Translate(t.Context(), root, faulty, values, now)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"AutoCancelFunctionSchedule", "DeliverFunction", "MailSet", "StatusCheckFunctionSchedule"}
		if all := fixed(out); !slices.Equal(all, want) {
			t.Errorf("found %v, want %v", all, want)
		}
	})
}

// The resources that hold data outlive the stack. A stack that could not be created leaves nothing behind.
func TestDataOutlivesTheStack(t *testing.T) {
	t.Parallel()
	out := translated(t)
	for id, r := range out.Template.Resources {
		keeps := slices.Contains([]string{"AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SES::EmailIdentity"}, r.Type)
		if keeps && (r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain") {
			t.Errorf("%s has the DeletionPolicy %q and the UpdateReplacePolicy %q", id, r.DeletionPolicy, r.UpdateReplacePolicy)
		}
		if r.DeletionPolicy == "Retain" {
			t.Errorf("%s is left behind by a stack that could not be created", id)
		}
	}
}

// The identity of SES is made only where the operator names a domain.
func TestTheMailDomainIsMadeOnDemand(t *testing.T) {
	t.Parallel()
	out, found := translated(t), 0
	for id, r := range out.Template.Resources {
		if r.Type == "AWS::SES::EmailIdentity" {
			found++
			if r.Condition != "OwnDomain" || !refers(r.Properties["EmailIdentity"], func(name string) bool { return name == "MailDomain" }) {
				t.Errorf("%s is made under the condition %q", id, r.Condition)
			}
		}
	}
	if d := out.Template.Parameters["MailDomain"].Default; found != 1 || d != "" {
		t.Errorf("%d identities; by default of the domain %v", found, d)
	}
}

// No parameter has an example as its default, since a deployment would send the example to AWS or to a carrier.
func TestNoDefaultIsAnExample(t *testing.T) {
	t.Parallel()
	for name, p := range translated(t).Template.Parameters {
		if p.Default != nil && regexp.MustCompile(`\bexample\b|^99|^ZZ|^743$`).MatchString(fmt.Sprint(p.Default)) {
			t.Errorf("%s is %v by default", name, p.Default)
		}
	}
}

// usedByAPI lists the parameters that the body of the API refers to.
func usedByAPI(out Translated) []string {
	var all []string
	for name := range out.Template.Parameters {
		if refers(out.Template.Resources["Api"].Properties["Body"], func(n string) bool { return n == name }) {
			all = append(all, name)
		}
	}
	return all
}

// A change of a parameter that the API's body uses makes a new deployment: without one, API Gateway keeps
// the old value.
func TestParametersOfTheAPIReachIt(t *testing.T) {
	t.Parallel()
	root, template := source(t)
	before := translated(t)
	used := usedByAPI(before)
	if !slices.Contains(used, "AllowOrigin") {
		t.Errorf("the API's body uses the parameters %v", used)
	}
	changed := maps.Clone(values)
	for _, name := range used {
		changed[name] = "https://another.example"
	}
	after, err := Translate(t.Context(), root, template, changed, now.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	const deployment = "AWS::ApiGateway::Deployment"
	if a, b := before.OfType(deployment), after.OfType(deployment); len(a) != 2 || len(b) != 2 || a[0] == b[0] { // of the API and of the pages
		t.Errorf("the deployment was %v and is %v", a, b)
	}
}

// The API has the stage live alone, which customers and peers call.
func TestTheAPIHasOneStage(t *testing.T) {
	t.Parallel()
	for id, r := range translated(t).Template.Resources {
		switch {
		case r.Type == "AWS::ApiGateway::Deployment" && r.Properties["StageName"] != nil:
			t.Errorf("%s makes a stage named %v", id, r.Properties["StageName"])
		case r.Type == "AWS::ApiGateway::Stage" && r.Properties["StageName"] != "live":
			t.Errorf("%s is named %v", id, r.Properties["StageName"])
		}
	}
}

// No answer of the gateway itself repeats the caller's credentials, as AWS's own answers do with an Authorization header.
// Each kind of answer has a template of ours, which holds fixed text and the request's id alone.
func TestTheGatewayRepeatsNoCredentials(t *testing.T) {
	t.Parallel()
	body, _ := translated(t).Template.Resources["Api"].Properties["Body"].(map[string]any)
	raw, err := json.Marshal(body["x-amazon-apigateway-gateway-responses"])
	if err != nil {
		t.Fatal(err)
	}
	var answers map[string]struct {
		StatusCode         any `json:"statusCode"`
		ResponseTemplates  map[string]string
		ResponseParameters map[string]any
	}
	if err := json.Unmarshal(raw, &answers); err != nil {
		t.Fatal(err)
	}
	for _, kind := range gw.GatewayResponseTypeDefault4xx.Values() {
		// A kind without an answer of its own has one of the defaults, by its status.
		_, own := answers[string(kind)]
		_, bad := answers["DEFAULT_4XX"]
		_, failed := answers["DEFAULT_5XX"]
		if !own && !(bad && failed) {
			t.Errorf("AWS answers %s in its own words", kind)
		}
	}
	for kind, answer := range answers {
		if len(answer.ResponseTemplates) == 0 {
			t.Errorf("%s has no template", kind)
		}
		for name, want := range map[string]string{"Cache-Control": "'no-store'", "Strict-Transport-Security": "'max-age=31536000'",
			"X-Content-Type-Options": "'nosniff'"} {
			if got := answer.ResponseParameters["gatewayresponse.header."+name]; got != want {
				t.Errorf("%s has the header %s: %v", kind, name, got)
			}
		}
		for _, text := range answer.ResponseTemplates {
			if rest := strings.ReplaceAll(text, "$context.requestId", "id"); strings.Contains(rest, "$") || !json.Valid([]byte(rest)) {
				t.Errorf("%s answers %s", kind, text)
			}
		}
	}
}

// The functions are built for the Architecture of the file of parameters, and for arm64 if the file names none.
func TestTheBuildFollowsTheArchitecture(t *testing.T) {
	t.Parallel()
	root, _ := source(t)
	for content, want := range map[string]string{
		"MailFrom: porting@example.com\n":                               "arm64",
		"Architecture: arm64\n":                                         "arm64",
		"MailFrom: porting@example.com\nArchitecture: x86_64 # Intel\n": "amd64",
		"Architecture: \"x86_64\"\n":                                    "amd64",
	} {
		file := filepath.Join(t.TempDir(), "parameters.yaml")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "make", "-n", "-C", root, "PARAMETERS="+file, "ARTIFACTS_DIR=out", "AWS_ENDPOINT_URL=",
			"build-StatusCheckFunction")
		raw, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		if text := string(raw); !strings.Contains(text, "GOARCH="+want+" ") || !strings.Contains(text, "./functions/status-check") {
			t.Errorf("with %q make runs %s", content, text)
		}
	}
}

// The commands in operate.md make a template that imports what a deleted stack has left. It has these resources as
// template.yaml has them, and refers to no other resource.
func TestTheTemplateForAnImportStandsAlone(t *testing.T) {
	t.Parallel()
	root, template := source(t)
	page, err := os.ReadFile(filepath.Join(root, "infra", "docs", "operate.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sh\n(\\{\n[^`]*) > adopt.yaml\n```").FindSubmatch(page)
	if block == nil {
		t.Fatal("infra/docs/operate.md has no commands for adopt.yaml")
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-eu", "-c", string(block[1]))
	cmd.Dir = root
	raw, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	type parts struct {
		Parameters map[string]any `yaml:"Parameters"`
		Resources  map[string]any `yaml:"Resources"`
		Conditions map[string]any `yaml:"Conditions"`
		Transform  any            `yaml:"Transform"`
	}
	var whole, adopted parts
	for text, into := range map[string]*parts{template: &whole, string(raw): &adopted} {
		if err := yaml.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	got := slices.Sorted(maps.Keys(adopted.Resources))
	if !slices.Equal(got, []string{"Documents", "FilesKey", "Key", "Table"}) || adopted.Transform != nil {
		t.Errorf("it has %v and the transform %v", got, adopted.Transform)
	}
	for name, r := range adopted.Resources {
		if !reflect.DeepEqual(r, whole.Resources[name]) {
			t.Errorf("%s differs from template.yaml", name)
		}
	}
	for _, m := range regexp.MustCompile(`!If \[(\w+)`).FindAllStringSubmatch(string(raw), -1) {
		if adopted.Conditions[m[1]] == nil {
			t.Errorf("it has no condition %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`!(?:Ref|GetAtt) (\w+)`).FindAllStringSubmatch(string(raw), -1) {
		if adopted.Parameters[m[1]] == nil && adopted.Resources[m[1]] == nil && m[1] != "AWS" { // AWS has values of its own, such as AWS::NoValue
			t.Errorf("it refers to %s, which it lacks", m[1])
		}
	}
}

// The customers' authorizer is told the caller's address. The gateway lets every form of credentials through to the peers'
// authorizer that it reads, and refuses other headers by itself: it checks no form for an authorizer that is told addresses.
func TestTheGatewayKnowsTheFormOfCredentials(t *testing.T) {
	t.Parallel()
	body, _ := translated(t).Template.Resources["Api"].Properties["Body"].(map[string]any)
	raw, err := json.Marshal(body["securityDefinitions"])
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct {
		Authorizer struct{ Type, IdentitySource, IdentityValidationExpression string } `json:"x-amazon-apigateway-authorizer"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if who := all["Customer"].Authorizer; who.Type != "request" || who.IdentitySource != "method.request.header.Authorization" || who.IdentityValidationExpression != "" {
		t.Errorf("the customers' authorizer is told no address, or the gateway keeps its answers by something else: %+v", who)
	}
	form, err := regexp.Compile(all["Peer"].Authorizer.IdentityValidationExpression)
	if err != nil || form.String() == "" {
		t.Fatalf("%q, %v", form, err)
	}
	for header, want := range map[string]bool{"Basic ZGVtb2tleTE6ZXhhbXBsZXNlY3JldA==": true, "basic ZGVtb2tleTE6eA": true,
		" BASIC  YTpi+/= ": true, "Bearer abc": false, "Basic": false, "Basic ": false, "": false, "Basic a b": false,
		"AWS4-HMAC-SHA256 Credential=AKIA/20261129/us-east-1/x/aws4_request": false} {
		if got := form.MatchString(header); got != want {
			t.Errorf("the gateway lets %q through: %v", header, got)
		}
		in := access.Request{Token: header, MethodArn: "arn:aws:execute-api:us-east-1:1:a/live/GET/v2/x"}
		_, err := access.Customers(func(context.Context, string, string, string) (account.Key, error) {
			return account.Key{Account: "demo"}, nil
		}, time.Now)(t.Context(), in)
		if err == nil && !want {
			t.Errorf("%q opens, and the gateway refuses it", header)
		}
	}
}
