package deploy

import (
	"fmt"
	"strings"
	"testing"
)

func TestPackageName(t *testing.T) {
	for id, want := range map[string]string{
		"ApiFunction":         "api",
		"StatusCheckFunction": "status-check",
		"CsrFunction":         "csr",
		"DeskAction":          "desk-action",
	} {
		if got := packageName(id); got != want {
			t.Errorf("packageName(%q) = %q, want %q", id, got, want)
		}
	}
}

// The uploaded addresses take the place of the local ones and nothing else
// changes: intrinsic functions, comments, order and quotes stay.
func TestRewrite(t *testing.T) {
	const in = `# comment
Globals:
  Function:
    CodeUri: .
Resources:
  StatusCheckFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bootstrap
      Environment: {Variables: {TABLE: !Ref Table}}
  PlainFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/plain/ # its own
      Policies: [!Sub "${A}-x"]
  BareFunction:
    Type: AWS::Serverless::Function
  UploadedFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://elsewhere/code.zip
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: ./infra/csr.asl.json
`
	const want = `# comment
Globals:
  Function:
    CodeUri: .
Resources:
  StatusCheckFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bootstrap
      Environment: {Variables: {TABLE: !Ref Table}}
      CodeUri: s3://b/functions/status-check
  PlainFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/functions/plain # its own
      Policies: [!Sub "${A}-x"]
  BareFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://b/functions/bare
  UploadedFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://elsewhere/code.zip
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: s3://b/infra/csr.asl.json
`
	tmpl, err := parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	functions, err := tmpl.functions()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		set(f.props, "CodeUri", "s3://b/"+f.dir)
	}
	for _, d := range tmpl.definitions() {
		d.uri.Value = "s3://b/" + d.file
	}
	got, err := tmpl.text()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestFunctionsErrNoCode(t *testing.T) {
	tmpl, err := parse([]byte("Resources:\n  XFunction:\n    Type: AWS::Serverless::Function\n    Properties: " +
		"{Handler: h}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tmpl.functions(); err == nil || !strings.Contains(err.Error(), "XFunction has no CodeUri") {
		t.Errorf("error %v, want one that names XFunction", err)
	}
}

// Only where the authorizer would name the API key is it taken out of the template.
func TestDropAPIKeys(t *testing.T) {
	const api = "Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      ApiKeySourceType: %s\n   " +
		"   Auth:\n        ApiKeyRequired: true\n"
	for source, want := range map[string]bool{"AUTHORIZER": false, "HEADER": true} {
		tpl, err := parse([]byte(fmt.Sprintf(api, source)))
		if err != nil {
			t.Fatal(err)
		}
		tpl.dropAPIKeys()
		text, err := tpl.text()
		if err != nil || strings.Contains(string(text), "ApiKeyRequired") != want {
			t.Errorf("%s: %s (%v)", source, text, err)
		}
	}
}

// Conditions on keys that the engine never sets are loosened. All other conditions stay as they are.
func TestLoosenConditions(t *testing.T) {
	const in = "Resources:\n  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Statement:\n" +
		"        - Condition: {StringEquals: {kms:EncryptionContext:order: sandbox}}\n" +
		"        - Condition: {StringLike: {ses:FromAddress: !Ref MailFrom}}\n" +
		"        - Condition: {\"ForAllValues:StringLike\": {\"dynamodb:LeadingKeys\": [\"O#*\"]}}\n" +
		"        - Condition: WithSandbox\n"
	tpl, err := parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	tpl.loosenConditions()
	text, err := tpl.text()
	want := strings.NewReplacer("StringEquals: {kms", "StringEqualsIfExists: {kms", "StringLike: {ses", "StringLikeIfExists: {ses").Replace(in)
	plain := func(s string) string { return strings.ReplaceAll(strings.Join(strings.Fields(s), ""), "'", "") }
	if err != nil || plain(string(text)) != plain(want) {
		t.Errorf("got\n%s (%v), want\n%s", text, err, want)
	}
}
