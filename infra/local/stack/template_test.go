package stack

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portway/infra/local/sam"
	"portway/internal/metric"
)

// samTemplate is template.yaml as far as the checks go. Intrinsic functions are read as their bare values: !Ref X is "X".
type samTemplate struct {
	Resources map[string]struct {
		Type                string
		DeletionPolicy      string
		UpdateReplacePolicy string
		Metadata            map[string]string
		Properties          json.RawMessage
	}
}

func readTemplate(t *testing.T) samTemplate {
	t.Helper()
	_, text, err := sam.Template()
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	var tpl samTemplate
	if err := json.Unmarshal(asJSON, &tpl); err != nil {
		t.Fatal(err)
	}
	return tpl
}

// properties decodes the properties of a resource that a test needs.
func properties[T any](t *testing.T, tpl samTemplate, name string) T {
	t.Helper()
	var p T
	if err := json.Unmarshal(tpl.Resources[name].Properties, &p); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

type statements struct {
	Statement []struct {
		Action    any
		Resource  any
		Condition map[string]map[string]any
	}
}

// named lists the policies that a function has by name.
func named(t *testing.T, tpl samTemplate, function string) []string {
	var all []string
	for _, p := range properties[struct{ Policies []any }](t, tpl, function).Policies {
		if name, ok := p.(string); ok {
			all = append(all, name)
		}
	}
	return all
}

func (tpl samTemplate) functions() []string {
	var all []string
	for name, r := range tpl.Resources {
		if r.Type == "AWS::Serverless::Function" {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func TestEveryFunctionIsBuiltAndKnown(t *testing.T) {
	tpl := readTemplate(t)
	var want []string
	for _, name := range functions {
		want = append(want, logicalID(name))
	}
	slices.Sort(want)
	if got := tpl.functions(); !slices.Equal(got, want) {
		t.Errorf("the template has %v, the stack knows %v", got, want)
	}
	for _, name := range tpl.functions() {
		if tpl.Resources[name].Metadata["BuildMethod"] != "makefile" {
			t.Errorf("%s is not built by the Makefile", name)
		}
	}
}

// narrow lists the policies that open few kinds of secret, for functions that talk to no carrier about an account. Each row
// has the contexts under which the secrets are sealed, as words, and the functions that have the policy.
var narrow = map[string]struct {
	contexts string
	by       []string
}{
	"AskPeers": {"somos-session", []string{"AnswerFunction", "ApiFunction", "CsrFunction", "LsrFunction", "NotifyFunction",
		"RedeliverFunction", "StatusCheckFunction"}},
	"MakeLinks":    {"link-key", []string{"ApiFunction", "PageFunction"}},
	"CarryOut":     {"link-key search-key", []string{"NotifyFunction", "RedeliverFunction"}},
	"KeepWorlds":   {"sandbox", []string{"SandboxFunction"}},
	"SendWebhooks": {"webhook-secret", []string{"DeliverFunction", "RedeliverFunction"}},
}

// Only functions that talk to a carrier about an account may read its secrets. Functions that share the registry's
// session may read only that, functions that sign webhooks only the webhooks' secrets, and the sandbox only its own.
func TestWhoMayOpenSecrets(t *testing.T) {
	tpl := readTemplate(t)
	for _, name := range tpl.functions() {
		opens := slices.Contains(named(t, tpl, name), "OpenSecrets")
		if want := name == "CsrFunction" || name == "LsrFunction"; opens != want {
			t.Errorf("%s may open secrets: %v", name, opens)
		}
	}
	for name, r := range tpl.Resources {
		if r.Type != "AWS::IAM::ManagedPolicy" {
			continue
		}
		for _, s := range properties[struct{ PolicyDocument statements }](t, tpl, name).PolicyDocument.Statement {
			context, _ := s.Condition["StringEquals"]["kms:EncryptionContext:order"].(string)
			ofFiles := s.Resource == "FilesKey.Arn" // which opens nothing in the table
			if s.Action == "kms:Decrypt" && !ofFiles && name != "OpenSecrets" && !slices.Contains(strings.Fields(narrow[name].contexts), context) {
				t.Errorf("%s decrypts more than it should", name)
			}
		}
	}
	for policy, n := range narrow {
		var by []string
		for _, name := range tpl.functions() {
			if slices.Contains(named(t, tpl, name), policy) {
				by = append(by, name)
			}
		}
		if !slices.Equal(by, n.by) {
			t.Errorf("%s is given to %v, want %v", policy, by, n.by)
		}
	}
}

// No policy has a wildcard for an action. It has a wildcard for a resource only where AWS has no narrower one.
func TestPoliciesAreNarrow(t *testing.T) {
	tpl := readTemplate(t)
	check := func(name string, all statements) {
		for _, s := range all.Statement {
			for _, action := range actions(s.Action) {
				if strings.Contains(action, "*") || action == "dynamodb:Scan" || action == "" {
					t.Errorf("%s allows %q", name, action)
				}
				if s.Resource == "*" && action != "ses:SendEmail" && action != "cloudwatch:ListDashboards" && action != "states:SendTaskSuccess" {
					t.Errorf("%s allows %s on everything", name, action)
				}
			}
		}
	}
	seen := 0
	for name, r := range tpl.Resources {
		switch r.Type {
		case "AWS::IAM::ManagedPolicy":
			seen++
			check(name, properties[struct{ PolicyDocument statements }](t, tpl, name).PolicyDocument)
		case "AWS::Serverless::Function":
			for _, p := range properties[struct{ Policies []json.RawMessage }](t, tpl, name).Policies {
				var inline statements
				if p[0] == '{' && json.Unmarshal(p, &inline) == nil {
					seen++
					check(name, inline)
				}
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d policies were looked at", seen)
	}
}

func TestWhatIsKeptIsProtected(t *testing.T) {
	tpl := readTemplate(t)
	for _, name := range []string{"Table", "Key", "FilesKey", "Documents"} {
		if r := tpl.Resources[name]; r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s is deleted with the stack", name)
		}
	}
	table := properties[struct {
		DeletionProtectionEnabled        bool
		BillingMode                      string
		PointInTimeRecoverySpecification struct{ PointInTimeRecoveryEnabled bool }
	}](t, tpl, "Table")
	if !table.DeletionProtectionEnabled || table.BillingMode != "PAY_PER_REQUEST" ||
		!table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled {
		t.Errorf("the table is not protected: %+v", table)
	}
}

// Files from customers' hosts are fetched by a function that neither carries out the other effects of events nor reads
// the table's stream, which two functions at most may read. Besides it, the API and the page alone write files where uploads arrive.
func TestDocumentsArePulledBesideTheOrders(t *testing.T) {
	tpl := readTemplate(t)
	readers := 0
	for _, name := range tpl.functions() {
		p := properties[struct {
			Events map[string]struct{ Type string }
		}](t, tpl, name)
		for _, e := range p.Events {
			if e.Type == "DynamoDB" {
				readers++
			}
		}
		if brings := slices.Contains(named(t, tpl, name), "BringFiles"); brings != (name == "PullFunction" || name == "ApiFunction" || name == "PageFunction") {
			t.Errorf("%s writes files where uploads arrive: %v", name, brings)
		}
		calls := strings.Contains(string(tpl.Resources[name].Properties), `"PULL_FUNCTION"`)
		if may := slices.Contains(named(t, tpl, name), "CarryOut"); calls != may {
			t.Errorf("%s calls the function that pulls documents: %v; it may: %v", name, calls, may)
		}
	}
	if readers > 2 {
		t.Errorf("%d functions read the table's stream", readers)
	}
	pull := properties[struct {
		Events            map[string]struct{ Type string }
		EventInvokeConfig struct{ MaximumRetryAttempts *int }
	}](t, tpl, "PullFunction")
	if len(pull.Events) != 1 || pull.Events["Schedule"].Type != "ScheduleV2" ||
		pull.EventInvokeConfig.MaximumRetryAttempts == nil || *pull.EventInvokeConfig.MaximumRetryAttempts != 0 {
		t.Errorf("the function that pulls documents is called by %+v", pull)
	}
}

// Only functions that have peers call the simulated carriers, which reach nothing but their own items of the table.
func TestTheSandboxIsApart(t *testing.T) {
	tpl := readTemplate(t)
	for _, name := range tpl.functions() {
		raw := string(tpl.Resources[name].Properties)
		if has, plays := strings.Contains(raw, `"SANDBOX_URL"`), slices.Contains(named(t, tpl, name),
			"AskPeers"); has != plays {
			t.Errorf("%s has peers: %v; it may play: %v", name, has, plays)
		}
		if name == "SandboxFunction" && !slices.Equal(named(t, tpl, name), []string{"KeepWorlds"}) {
			t.Errorf("the sandbox may %v", named(t, tpl, name))
		}
	}
	if events := properties[struct {
		Events map[string]struct{ Type string }
	}](t, tpl, "SandboxFunction").Events; len(events) != 1 || events["Schedule"].Type != "ScheduleV2" {
		t.Errorf("the sandbox is called by %v, want its schedule alone", events)
	}
}

// actions lists the actions of a statement, which has one or a list.
func actions(of any) []string {
	list, ok := of.([]any)
	if !ok {
		list = []any{of}
	}
	var all []string
	for _, a := range list {
		name, _ := a.(string)
		all = append(all, name)
	}
	return all
}

// The bucket is called only by TLS and by nobody from outside, and keeps what is overwritten. Its policy says nothing
// else, since the engine runs without it.
func TestDocumentsAreGuarded(t *testing.T) {
	tpl := readTemplate(t)
	policy := properties[struct{ PolicyDocument statements }](t, tpl, "DocumentsPolicy").PolicyDocument.Statement
	if len(policy) != 1 || policy[0].Action != "s3:*" || policy[0].Condition["Bool"]["aws:SecureTransport"] != "false" {
		t.Errorf("the policy is %+v", policy)
	}
	bucket := properties[struct {
		PublicAccessBlockConfiguration map[string]bool
		VersioningConfiguration        struct{ Status string }
		BucketEncryption               struct {
			ServerSideEncryptionConfiguration []struct {
				ServerSideEncryptionByDefault map[string]string
				BucketKeyEnabled              bool
			}
		}
		LifecycleConfiguration struct {
			Rules []struct {
				Prefix                      string
				ExpirationInDays            any
				NoncurrentVersionExpiration struct{ NoncurrentDays int }
			}
		}
	}](t, tpl, "Documents")
	for _, r := range bucket.LifecycleConfiguration.Rules { // what came is parsed by nobody again, and may be hostile
		if r.Prefix == "incoming/" && (r.ExpirationInDays != 2.0 || r.NoncurrentVersionExpiration.NoncurrentDays != 1) {
			t.Errorf("files that came live for %v days, their older versions for %d more", r.ExpirationInDays,
				r.NoncurrentVersionExpiration.NoncurrentDays)
		}
	}
	for _, name := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if !bucket.PublicAccessBlockConfiguration[name] {
			t.Errorf("%s is off", name)
		}
	}
	if bucket.VersioningConfiguration.Status != "Enabled" {
		t.Error("the bucket keeps no earlier version of a file that is overwritten")
	}
	rules := bucket.BucketEncryption.ServerSideEncryptionConfiguration
	if len(rules) != 1 || rules[0].ServerSideEncryptionByDefault["SSEAlgorithm"] != "aws:kms" ||
		rules[0].ServerSideEncryptionByDefault["KMSMasterKeyID"] != "FilesKey.Arn" || !rules[0].BucketKeyEnabled {
		t.Errorf("files are encrypted by %+v, want the key of files", rules)
	}
}

// The usage plan counts by account, on the stage that customers call, with the same limits as the function.
func TestUsagePlan(t *testing.T) {
	tpl := readTemplate(t)
	api := properties[struct {
		StageName, ApiKeySourceType string
		Auth                        struct{ ApiKeyRequired bool }
	}](t, tpl, "Api")
	if api.ApiKeySourceType != "AUTHORIZER" || !api.Auth.ApiKeyRequired {
		t.Errorf("the gateway counts by %q, required %v", api.ApiKeySourceType, api.Auth.ApiKeyRequired)
	}
	plan := properties[struct {
		ApiStages []struct{ ApiId, Stage string }
		Throttle  map[string]string
	}](t, tpl, "Plan")
	if len(plan.ApiStages) != 1 || plan.ApiStages[0].ApiId != "Api" || plan.ApiStages[0].Stage != "Api.Stage" {
		t.Errorf("the plan is for %+v", plan.ApiStages)
	}
	function := properties[struct {
		Environment struct{ Variables map[string]any }
	}](t, tpl, "ApiFunction")
	if plan.Throttle["RateLimit"] != function.Environment.Variables["RATE_LIMIT"] ||
		plan.Throttle["BurstLimit"] != function.Environment.Variables["RATE_BURST"] {
		t.Errorf("the plan's limits are %v, the function's %v", plan.Throttle, function.Environment.Variables)
	}
}

// An alarm on a metric of ours names a row of package metric, with a dimension and a value that the metric is written
// with, or with no dimension if the metric is also written without one.
func TestAlarmsWatchWrittenMetrics(t *testing.T) {
	tpl := readTemplate(t)
	ours := 0
	for name, r := range tpl.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		a := properties[struct {
			Namespace, MetricName string
			Dimensions            []struct{ Name, Value string }
		}](t, tpl, name)
		if a.Namespace != metric.Namespace {
			continue
		}
		ours++
		i := slices.IndexFunc(metric.Rows(), func(row metric.Row) bool { return row.Name == a.MetricName })
		if i < 0 {
			t.Errorf("%s watches %s, which nothing writes", name, a.MetricName)
			continue
		}
		row := metric.Rows()[i]
		switch {
		case len(a.Dimensions) == 0 && (row.Total || row.Dimension == ""):
		case len(a.Dimensions) == 1 && a.Dimensions[0].Name == row.Dimension &&
			slices.Contains(row.Values, a.Dimensions[0].Value):
		default:
			t.Errorf("%s watches %s by %v, which nothing writes", name, a.MetricName, a.Dimensions)
		}
	}
	if ours == 0 {
		t.Error("no alarm watches a metric of ours")
	}
}

// Every function writes to a log group of its own, which keeps the lines for LogDays days, and has an alarm on its
// errors.
func TestEveryFunctionHasLogsAndAnAlarm(t *testing.T) {
	tpl := readTemplate(t)
	alarmed := map[string]bool{}
	for name, r := range tpl.Resources {
		if r.Type == "AWS::CloudWatch::Alarm" {
			a := properties[struct {
				MetricName string
				Dimensions []struct{ Name, Value string }
			}](t, tpl, name)
			if a.MetricName == "Errors" && len(a.Dimensions) == 1 {
				alarmed[a.Dimensions[0].Value] = true
			}
		}
		if r.Type == "AWS::Logs::LogGroup" {
			if days := properties[struct{ RetentionInDays any }](t, tpl, name).RetentionInDays; days != "LogDays" {
				t.Errorf("%s keeps its lines for %v days", name, days)
			}
		}
	}
	for _, name := range tpl.functions() {
		group := properties[struct{ LoggingConfig struct{ LogGroup string } }](t, tpl, name).LoggingConfig.LogGroup
		if want := strings.TrimSuffix(name, "Function") + "Logs"; group != want || tpl.Resources[group].Type != "AWS::Logs::LogGroup" {
			t.Errorf("%s writes to the log group %q, want %s", name, group, want)
		}
		if !alarmed[name] {
			t.Errorf("no alarm watches the errors of %s", name)
		}
	}
}

// Every alarm has an action and a description, and says what missing data means. The composite alarm combines alarms of
// the template.
func TestEveryAlarmNotifies(t *testing.T) {
	tpl := readTemplate(t)
	for name, r := range tpl.Resources {
		if r.Type != "AWS::CloudWatch::Alarm" {
			continue
		}
		a := properties[struct {
			AlarmActions                       any
			TreatMissingData, AlarmDescription string
		}](t, tpl, name)
		if a.AlarmActions == nil || a.TreatMissingData == "" || a.AlarmDescription == "" {
			t.Errorf("%s lacks AlarmActions, AlarmDescription or TreatMissingData", name)
		}
	}
	below := regexp.MustCompile(`ALARM\(\\"\$\{(\w+)\}`).FindAllStringSubmatch(string(tpl.Resources["PortwayWell"].Properties), -1)
	if len(below) < 10 {
		t.Errorf("the composite alarm combines %d alarms", len(below))
	}
	for _, m := range below {
		if tpl.Resources[m[1]].Type != "AWS::CloudWatch::Alarm" {
			t.Errorf("the composite alarm names %s, which is no alarm", m[1])
		}
	}
}

// redone has a row for each function that is called asynchronously. The row says how an event is handled after the
// function has failed on it for the last time: a due date brings the work back, or the queue of lost events (Lost) keeps
// the event.
var redone = map[string]string{
	"AutoCancelFunction":  "due dates: clock and papers, swept every 15 minutes",
	"StatusCheckFunction": "due dates: check, swept every 15 minutes",
	"RedeliverFunction":   "due dates: events, intakes, drivers, webhooks, swept every minute",
	"PullFunction":        "due dates: pull, swept every minute",
	"SandboxFunction":     "due dates of the simulated carriers, swept every minute",
	"SubscribeFunction":   "the next day's run; a subscription lasts a year",
	"NotifyFunction":      "due dates: event, swept by redeliver",
	"DeliverFunction":     "due dates: webhook, swept by redeliver",
	"BounceFunction":      "Lost",
	"DocumentFunction":    "Lost",
}

// Every function that is called asynchronously has a row in redone, and the queue of lost events gets the events of the
// rows Lost alone.
func TestAsynchronousEventsAreNotLost(t *testing.T) {
	tpl := readTemplate(t)
	left := map[string]bool{}
	for name := range redone {
		left[name] = true
	}
	for _, name := range tpl.functions() {
		p := properties[struct {
			Events            map[string]struct{ Type string }
			EventInvokeConfig struct {
				DestinationConfig struct {
					OnFailure struct{ Type, Destination string }
				}
			}
		}](t, tpl, name)
		asynchronous := false
		for _, e := range p.Events {
			asynchronous = asynchronous || e.Type != "Api"
		}
		to := p.EventInvokeConfig.DestinationConfig.OnFailure
		switch {
		case asynchronous && redone[name] == "":
			t.Errorf("redone lacks %s, which is called asynchronously", name)
		case redone[name] == "Lost" && (to.Type != "SQS" || to.Destination != "Lost.Arn"):
			t.Errorf("the events on which %s fails go to %+v, not to the queue of lost events", name, to)
		case redone[name] != "Lost" && to.Destination != "":
			t.Errorf("the events on which %s fails are kept, although a due date brings the work back", name)
		}
		if asynchronous {
			delete(left, name)
		}
	}
	for name := range left {
		t.Errorf("redone has %s, which nothing calls asynchronously", name)
	}
	alarm := properties[struct {
		MetricName string
		Dimensions []struct{ Value string }
	}](t, tpl, "LostEvents")
	if alarm.MetricName != "ApproximateNumberOfMessagesVisible" || len(alarm.Dimensions) != 1 ||
		alarm.Dimensions[0].Value != "Lost.QueueName" {
		t.Errorf("the alarm LostEvents does not watch the queue of lost events: %+v", alarm)
	}
}

// The access log has the allowed fields alone. Headers, the query and the authorizer's context may hold credentials.
func TestAccessLogHasNoCredentials(t *testing.T) {
	allowed := []string{"requestId", "identity.sourceIp", "httpMethod", "path", "status", "responseLength",
		"responseLatency", "error.responseType"}
	setting := properties[struct{ AccessLogSetting json.RawMessage }](t, readTemplate(t), "Api")
	found := regexp.MustCompile(`\$context\.([A-Za-z.]+)`).FindAllStringSubmatch(string(setting.AccessLogSetting), -1)
	if len(found) == 0 {
		t.Fatal("the API has no access log")
	}
	for _, m := range found {
		if !slices.Contains(allowed, m[1]) {
			t.Errorf("the access log has %s", m[1])
		}
	}
}

// Resources of types that the local engine does not know are made only where the parameter Overview is yes.
func TestResourcesUnknownToTheEngineAreOptional(t *testing.T) {
	_, text, err := sam.Template()
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^  (\w+):\n    Type: AWS::(?:CloudWatch::CompositeAlarm|Logs::QueryDefinition)\n(.*)\n`).
		FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		t.Error("the template has neither a composite alarm nor a saved query")
	}
	for _, m := range found {
		if m[2] != "    Condition: WithOverview" {
			t.Errorf("%s is made in every stack, and the engine does not know its type", m[1])
		}
	}
}
