package engine

// Difference is something that the engine does otherwise than AWS, with our workaround.
type Difference struct {
	Engine     string // what the engine does
	Workaround string // what we do, or avoid
	Where      string // the one place of the workaround
}

// Differences lists the differences of ministack 1.5.33 that matter to us. A rule that everybody has to follow has the
// place "everywhere".
var Differences = []Difference{
	// Talking to it.
	{"it serves everything on 127.0.0.1 and knows no host names in front of it",
		"the SDK puts no host prefix there, or StartSyncExecution and TestState fail to resolve", "engine/config.go"},
	{"it passes its own environment on to the functions", "it gets nothing but what environment lists",
		"engine/engine.go"},
	{"one call in some thousands fails with a closed connection", "SDK retries stay on, for DynamoDB above all",
		"everywhere"},

	// CloudFormation and SAM.
	{"a table's time to live is left out", "set after each deployment; never a timer anyway", "deploy/workarounds.go"},
	{"GatewayResponses of AWS::Serverless::Api are left out, and a GatewayResponse resource counts only from the next deployment on (on AWS, too)", "put and deployed again after each deployment; `sam deploy` onto the engine goes without", "deploy/workarounds.go"},
	{"an API key is looked for in the caller's x-api-key header alone, whatever ApiKeySourceType says", "the deployed template asks for none, and the function's own limit counts; `sam deploy` onto the engine answers 403", "deploy/workarounds.go"},
	{"point-in-time recovery, encryption, request validators and WAF are stored and not applied",
		"the code does not rely on them; a test reads the template", "template"},
	{"SAM HttpApi has no routes, Method: any answers 403", "AWS::Serverless::Api with named verbs", "template"},
	{"a template with a resource type that the engine does not know is refused as a whole: AWS::SES::Template, composite " +
		"alarms, saved queries, and alarms with metric math",
		"the template has none but those two, behind the parameter Overview, which is off here", "local/stack"},

	// Roles (EnforceIAM).
	{"it speaks no TLS, and enforces a bucket policy that asks for it", "bucket policies are taken off after each " +
		"deployment; they say nothing else, which a test of the template holds them to", "deploy/workarounds.go"},
	{"an alias as KeyId is checked as the alias's ARN, not the key's", "functions get the key's ARN", "template"},
	{"ses:SendEmail and states:SendTask* are checked against the resource *",
		"Resource: * in their statements; the sender is limited by a condition", "template"},
	{"ses:FromAddress and kms:EncryptionContext are not known as condition keys",
		"their conditions end in IfExists in the deployed template", "deploy/workarounds.go"},
	{"policies' conditions on dynamodb:LeadingKeys and dynamodb:Attributes are not enforced",
		"a simulator of IAM judges the template's policies", "roles"},

	// API Gateway.
	{"a handler's error shows as a 502 with the error's JSON, a reply without statusCode passes as 200, 7 MB bodies " +
		"pass", "the handler answers everything itself and checks sizes", "internal/api"},
	{"header names reach the function in lower case; %2F in a path parts it",
		"headers are looked up without case; ids have no slash", "internal/api"},
	{"/v2/ does not match /v2/{proxy+}", "the bare path has an event of its own where it has a meaning", "template"},

	// Functions.
	{"it keeps a function's LoggingConfig and does not set AWS_LAMBDA_LOG_FORMAT by it",
		"the engine's environment has it, which it passes on", "engine/engine.go"},

	// Streams, schedules, mail.
	{"ReportBatchItemFailures loses the failed record and those after it; a thrown error repeats the batch for ever",
		"the outbox is swept by due date", "functions/notify"},
	{"Scheduler ignores zones, leaves <aws.scheduler.scheduled-time> as it stands and looks every 10 s",
		"rates in UTC; a time that does not parse is the clock's", "schedule functions"},
	{"no recipient, a bad address and an unknown configuration set pass; Reply-To, headers and tags are not shown",
		"addresses are checked by us; tests look at From, To, Subject, text and HTML", "internal/mail"},

	// Step Functions.
	{"StartExecution with a used name always answers ExecutionAlreadyExists, even for the same input",
		"it means started", "internal/workflow"},
	{"TimeoutSeconds of a machine and HeartbeatSeconds never fire; those of a task do, in real seconds whatever the " +
		"scale", "each task has a TimeoutSeconds; deadlines of record are due dates", "infra/*.asl.json"},
	{"a function that fails behind waitForTaskToken is noticed at the state's time-out only",
		"after taking the token it never fails", "internal/workflow"},
	{"a wrong JSONPath gives null; definitions are not checked", "asl-validator in make lint", "Makefile"},
	{"no RedriveExecution; a retry keeps its task token", "nothing depends on either", "everywhere"},
}
