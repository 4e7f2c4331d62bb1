package roles

import (
	"maps"
	"slices"
	"strings"
)

// right says what a function may do. All other requests that the tables below have must be refused.
type right struct {
	// items has the actions that are allowed on items, by the name of a row of partitions ("A#") or of one of its parts
	// ("A# due"). Each letter is an action: q Query, g GetItem, b BatchGetItem, p PutItem, u UpdateItem, d DeleteItem,
	// c ConditionCheckItem.
	items map[string]string
	// indexes lists the indexes that the function reads, as words: list, feed, due, worlds.
	indexes string
	// opens lists the kinds of secrets that the function reads, as words: order, session, webhook, world.
	opens string
	// seals says that the function seals secrets.
	seals bool
	// files lists what the function does with files, as words: read or write and the place.
	files string
	// calls lists the other calls of the function, as names of rows of others.
	calls string
}

// all is every action on items.
const all = "qgbpudc"

// orders are the rights to change orders.
var orders = map[string]string{"O#": all, "TN#": all, "G#": all}

// peers are the rights to ask peers.
var peers = map[string]string{"S#peer:": "q", "S#carrier:": "q", "P#somos": "gp"}

// links are the rights to make links.
var links = map[string]string{"P#links": "gp"}

// effects are the rights to carry out what follows from events.
var effects = map[string]string{"A#": "qgp", "A# balance": "u", "M#": "qgu", "S#peer:": "qu", "S#carrier:": "qu", "C#": "u", "W#": "p", "F#": "p", "P#links": "gp", "P#search": "gp"}

// webhooks are the rights to send webhooks.
var webhooks = map[string]string{"O#": "g", "A#": "g", "A# endpoint": "u", "A# due": "u", "W#": "qgud"}

const (
	places  = "read-kept write-kept read-incoming write-incoming list"
	machine = "start read-execution resume pull bus switch"
)

var rights = map[string]right{
	"AuthorizerFunction":     {items: map[string]string{"K#": "g"}},
	"PeerAuthorizerFunction": {calls: "hooks"},
	"ApiFunction": {
		items:   merged(orders, peers, links, map[string]string{"A#": all, "K#": all, "I#": all, "W#": all, "C#": "q"}),
		indexes: "list feed", opens: "session links", seals: true, files: "read-kept write-incoming", calls: "passwords sandbox",
	},
	"PageFunction": {items: merged(orders, links, map[string]string{"A#": "g", "C#": "q"}), opens: "links", seals: true,
		files: "read-kept write-incoming", calls: "mail"},
	"AnswerFunction":    {items: merged(orders, peers), opens: "session", seals: true, calls: "passwords sandbox"},
	"SubscribeFunction": {calls: "hooks passwords"},
	"CsrFunction": {items: merged(orders, peers, map[string]string{"A#": "pu"}), opens: "order session", seals: true,
		calls: "passwords sandbox"},
	"LsrFunction": {items: merged(orders, peers), opens: "order session", seals: true, files: "read-kept",
		calls: "passwords sandbox"},
	"NotifyFunction": {items: merged(orders, peers, effects), opens: "session links search", seals: true, files: "write-kept",
		calls: "passwords sandbox mail " + machine},
	"DeliverFunction": {items: webhooks, opens: "webhook"},
	"PullFunction": {items: map[string]string{"O#": "qgpud", "F#": "qgud"}, indexes: "due worlds", seals: true,
		files: "write-incoming"},
	"BounceFunction": {items: map[string]string{"O#": "qgpud", "M#": "gu", "A#": "qg", "A# contacts": "u"}, seals: true,
		calls: "lost"},
	"DocumentFunction": {items: map[string]string{"O#": "qgpud"}, seals: true,
		files: "read-incoming write-kept list", calls: "lost"},
	"StatusCheckFunction": {items: merged(orders, peers, map[string]string{"A#": "pu"}), indexes: "due worlds",
		opens: "session", seals: true, calls: "passwords sandbox"},
	"AutoCancelFunction": {items: orders, indexes: "due worlds", seals: true},
	"RedeliverFunction": {items: merged(orders, peers, effects, webhooks), indexes: "due worlds", opens: "session webhook links search",
		seals: true, files: "write-kept", calls: "passwords sandbox mail " + machine},
	"SandboxFunction": {items: map[string]string{"S#worlds": "gp"}, indexes: "worlds", opens: "world", seals: true, calls: "hooks"},
	"DeskFunction": {items: map[string]string{"O#": "qgb", "TN#": "qg", "A#": "qgb", "S#peer:": "q", "C#": "q", "G#": "b", "W#": "b", "F#": "b",
		"P#search": "g"}, indexes: "due list worlds", opens: "search"},
	"DeskActionFunction": {items: merged(orders, map[string]string{"A#": all, "K#": all, "C#": "q", "W#": "gb", "F#": "gb", "W# due": "u",
		"F# due": "u"}), indexes: "due list worlds", seals: true, calls: "plan"},
}

// merged adds up rights on items.
func merged(of ...map[string]string) map[string]string {
	sum := map[string]string{}
	for _, items := range of {
		for name, letters := range items {
			sum[name] += letters
		}
	}
	return sum
}

// partitions has an example key of each kind of partition.
var partitions = map[string]string{
	"O#": "O#260009164804098", "TN#": "TN#+12065550101", "G#": "G#260009164804097", "A#": "A#main", "K#": "K#demokey1",
	"I#": "I#main#create-1", "W#": "W#main#w1", "F#": "F#main", "M#": "M#webhook#w1", "S#peer:": "S#peer:locals",
	"S#carrier:": "S#carrier:8X34", "C#": "C#cox", "S#worlds": "S#group-260009164804097/locals", "P#somos": "P#somos", "P#links": "P#links", "P#search": "P#search",
	"anything else": "X#1",
}

// parts divides the items of a partition by the attributes that a write names, since policies tell them apart by these
// attributes. Writes to a partition without parts are tried without attributes.
var parts = map[string]map[string][]string{
	"A#": {
		"balance":    {"balance_cents", "kind"},
		"listed key": {"account", "access", "expires"},
		"contacts":   {"version", "contacts", "mail"},
		"endpoint":   {"failing_since", "paused", "paused_why", "paused_at", "due_shard", "due_at", "version"},
		"secrets":    {"secrets", "version"},
		"due":        {"due_shard", "due_at", "tries", "why", "parked_at"},
	},
	"W#": {"delivery": {"state", "attempts"}, "due": {"due_shard", "due_at", "tries", "why", "parked_at"}},
	"F#": {"job": {"leased", "asked"}, "due": {"due_shard", "due_at", "tries", "why", "parked_at"}},
}

var letters = map[string]string{"q": "Query", "g": "GetItem", "b": "BatchGetItem", "p": "PutItem", "u": "UpdateItem",
	"d": "DeleteItem", "c": "ConditionCheckItem"}

// transactions lists transactions that write to several partitions, by the action that DynamoDB checks for them. AWS does
// not say whether it checks each item or all items at once, so each transaction is tried as one request with all its keys.
// It must be allowed where the action is allowed on each of its partitions.
var transactions = []struct {
	letter string
	keys   []string
	by     string // the functions that make them
}{
	{"p", []string{"O#", "A#"}, "CsrFunction StatusCheckFunction DeskActionFunction ApiFunction"},
	{"u", []string{"TN#", "A#"}, "CsrFunction StatusCheckFunction DeskActionFunction ApiFunction"},
	{"p", []string{"G#", "O#"}, "ApiFunction PageFunction AnswerFunction CsrFunction LsrFunction NotifyFunction StatusCheckFunction " +
		"AutoCancelFunction RedeliverFunction DeskActionFunction"},
	{"u", []string{"G#", "TN#"}, "ApiFunction PageFunction AnswerFunction CsrFunction LsrFunction NotifyFunction StatusCheckFunction " +
		"AutoCancelFunction RedeliverFunction DeskActionFunction"},
	{"u", []string{"O#", "S#peer:", "S#carrier:", "C#"}, "NotifyFunction RedeliverFunction"},
	{"p", []string{"A#", "K#"}, "ApiFunction DeskActionFunction"},
	{"u", []string{"A#", "K#", "I#"}, "ApiFunction"},
	{"d", []string{"A#", "K#"}, "ApiFunction DeskActionFunction"},
	{"p", []string{"O#", "K#"}, "ApiFunction"},
}

// secrets has the context under which each kind of secret is sealed.
var secrets = map[string]string{"order": "260009164804098", "session": "somos-session", "webhook": "webhook-secret",
	"world": "sandbox", "links": "link-key", "search": "search-key", "none": ""}

// others has the requests besides those on items, secrets and files. No function may make those of the row nobody.
var others = map[string][]request{
	"sandbox": {{Action: "lambda:InvokeFunction", Resource: arnOf("lambda:R:A:function:portway-sandbox")}},
	"pull":    {{Action: "lambda:InvokeFunction", Resource: arnOf("lambda:R:A:function:PullFunction")}},
	"switch":  {{Action: "lambda:InvokeFunction", Resource: arnOf("lambda:R:A:function:OperatorSwitch")}},
	"bus":     {{Action: "events:PutEvents", Resource: arnOf("events:R:A:event-bus/EventBus")}},
	"plan": {
		{Action: "apigateway:POST", Resource: "arn:aws:apigateway:" + region + "::/apikeys"},
		{Action: "apigateway:GET", Resource: "arn:aws:apigateway:" + region + "::/apikeys"},
		{Action: "apigateway:POST", Resource: "arn:aws:apigateway:" + region + "::/usageplans/Plan/keys"},
	},
	"another": {{Action: "lambda:InvokeFunction", Resource: arnOf("lambda:R:A:function:DeskActionFunction")}},
	"start": {
		{Action: "states:StartExecution", Resource: arnOf("states:R:A:stateMachine:CsrMachine")},
		{Action: "states:StartExecution", Resource: arnOf("states:R:A:stateMachine:LsrMachine")},
	},
	"start-another": {{Action: "states:StartExecution", Resource: arnOf("states:R:A:stateMachine:Other")}},
	"read-execution": {
		{Action: "states:DescribeExecution", Resource: arnOf("states:R:A:execution:CsrMachine:a1")},
		{Action: "states:DescribeExecution", Resource: arnOf("states:R:A:execution:LsrMachine:a1")},
	},
	"resume": {{Action: "states:SendTaskSuccess", Resource: "*"}},
	"mail": {{Action: "ses:SendEmail", Resource: arnOf("ses:R:A:identity/" + from),
		Context: map[string]any{"ses:FromAddress": from}}},
	"mail-as-other": {{Action: "ses:SendEmail", Resource: arnOf("ses:R:A:identity/" + from),
		Context: map[string]any{"ses:FromAddress": "ceo@portway.example"}}},
	"mail-as-nobody": {{Action: "ses:SendEmail", Resource: arnOf("ses:R:A:identity/" + from)}},
	"passwords":      {{Action: "secretsmanager:GetSecretValue", Resource: arnOf("secretsmanager:R:A:secret:PeerPasswords")}},
	"hooks":          {{Action: "secretsmanager:GetSecretValue", Resource: arnOf("secretsmanager:R:A:secret:HookPasswords")}},
	"lost":           {{Action: "sqs:SendMessage", Resource: arnOf("sqs:R:A:Lost")}},
	"nobody": {
		{Action: "events:PutEvents", Resource: arnOf("events:R:A:event-bus/default")},
		{Action: "events:PutRule", Resource: arnOf("events:R:A:rule/EventBus/x")},
		{Action: "dynamodb:Scan", Resource: arnOf("dynamodb:R:A:table/Table")},
		{Action: "dynamodb:BatchWriteItem", Resource: arnOf("dynamodb:R:A:table/Table")},
		{Action: "dynamodb:PartiQLSelect", Resource: arnOf("dynamodb:R:A:table/Table")},
		{Action: "dynamodb:PartiQLUpdate", Resource: arnOf("dynamodb:R:A:table/Table")},
		{Action: "dynamodb:DeleteTable", Resource: arnOf("dynamodb:R:A:table/Table")},
		{Action: "dynamodb:UpdateTable", Resource: arnOf("dynamodb:R:A:table/Table")},
		{Action: "kms:Encrypt", Resource: arnOf("kms:R:A:key/Key")},
		{Action: "kms:ScheduleKeyDeletion", Resource: arnOf("kms:R:A:key/Key")},
		{Action: "s3:DeleteObject", Resource: "arn:aws:s3:::Documents/kept/main/1"},
		{Action: "s3:DeleteObjectVersion", Resource: "arn:aws:s3:::Documents/kept/main/1"},
		{Action: "s3:BypassGovernanceRetention", Resource: "arn:aws:s3:::Documents/kept/main/1"},
		{Action: "s3:PutBucketObjectLockConfiguration", Resource: "arn:aws:s3:::Documents"},
		{Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::Documents"},
		{Action: "ses:SendRawEmail", Resource: arnOf("ses:R:A:identity/" + from),
			Context: map[string]any{"ses:FromAddress": from}},
		{Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/admin"},
		{Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/admin"},
		{Action: "lambda:UpdateFunctionCode", Resource: arnOf("lambda:R:A:function:ApiFunction")},
		{Action: "states:SendTaskFailure", Resource: "*"},
		{Action: "secretsmanager:GetSecretValue", Resource: arnOf("secretsmanager:R:A:secret:Another")},
		{Action: "secretsmanager:PutSecretValue", Resource: arnOf("secretsmanager:R:A:secret:PeerPasswords")},
		{Action: "secretsmanager:PutSecretValue", Resource: arnOf("secretsmanager:R:A:secret:HookPasswords")},
	},
}

// requests returns all requests that are tried, each with the outcome that the right wants, in the same order each time.
func (r right) requests(function string) []request {
	return slices.Concat(r.itemRequests(function), r.indexRequests(), r.secretRequests(), r.fileRequests(), r.otherRequests())
}

func (r right) itemRequests(function string) []request {
	table := arnOf("dynamodb:R:A:table/Table")
	var asked []request
	for _, name := range slices.Sorted(maps.Keys(partitions)) {
		for _, letter := range slices.Sorted(maps.Keys(letters)) {
			ask := func(allowed bool, attributes []string) {
				context := map[string]any{"dynamodb:LeadingKeys": []string{partitions[name]}}
				if attributes != nil {
					context["dynamodb:Attributes"] = append([]string{"pk", "sk"}, attributes...)
				}
				asked = append(asked, request{Action: "dynamodb:" + letters[letter], Resource: table, Context: context,
					Allowed: allowed})
			}
			whole := strings.Contains(r.items[name], letter)
			if !strings.Contains("pud", letter) || parts[name] == nil {
				ask(whole, nil)
				continue
			}
			for _, part := range slices.Sorted(maps.Keys(parts[name])) {
				ask(whole || strings.Contains(r.items[name+" "+part], letter), parts[name][part])
			}
		}
	}
	for _, tx := range transactions {
		var keys []string
		allowed := true
		for _, name := range tx.keys {
			keys = append(keys, partitions[name])
			allowed = allowed && strings.Contains(r.items[name], tx.letter)
		}
		if allowed && !slices.Contains(strings.Fields(tx.by), function) {
			continue // it has the right to each of them, and never asks for all at once
		}
		asked = append(asked, request{Action: "dynamodb:" + letters[tx.letter], Resource: table,
			Context: map[string]any{"dynamodb:LeadingKeys": keys}, Allowed: allowed})
	}
	return asked
}

func (r right) indexRequests() []request {
	var asked []request
	for _, index := range []struct{ name, word, key string }{
		{"list", "list", "main"}, {"feed", "feed", "main"}, {"due", "due", "event#1"}, {"due", "worlds", "sandbox-world#0"},
	} {
		at := arnOf("dynamodb:R:A:table/Table/index/" + index.name)
		asked = append(asked, request{Action: "dynamodb:Scan", Resource: at}, request{Action: "dynamodb:Query", Resource: at,
			Context: map[string]any{"dynamodb:LeadingKeys": []string{index.key}}, Allowed: has(r.indexes, index.word)})
	}
	return asked
}

func (r right) secretRequests() []request {
	key := arnOf("kms:R:A:key/Key")
	var asked []request
	for _, kind := range slices.Sorted(maps.Keys(secrets)) {
		context := map[string]any{}
		if secrets[kind] != "" {
			context["kms:EncryptionContext:order"] = secrets[kind]
			context["kms:EncryptionContext:account"] = "main"
		}
		asked = append(asked, request{Action: "kms:Decrypt", Resource: key, Context: context, Allowed: has(r.opens, kind)},
			request{Action: "kms:GenerateDataKey", Resource: key, Context: context, Allowed: r.seals})
	}
	return append(asked, request{Action: "kms:Decrypt", Resource: arnOf("kms:R:A:key/Another"),
		Context: map[string]any{"kms:EncryptionContext:order": secrets["order"]}})
}

func (r right) fileRequests() []request {
	const bucket = "arn:aws:s3:::Documents"
	asked := []request{{Action: "s3:ListBucket", Resource: bucket, Allowed: has(r.files, "list")}}
	for _, place := range []string{"kept", "incoming", "elsewhere"} {
		file := bucket + "/" + place + "/main/260009164804098/1"
		asked = append(asked, request{Action: "s3:GetObject", Resource: file, Allowed: has(r.files, "read-"+place)},
			request{Action: "s3:PutObject", Resource: file, Allowed: has(r.files, "write-"+place)},
			request{Action: "s3:PutObjectRetention", Resource: file, Allowed: place == "kept" && has(r.files, "write-kept")})
	}
	// The key of files works through the bucket alone.
	key, through := arnOf("kms:R:A:key/FilesKey"), "s3."+region+".amazonaws.com"
	for _, c := range []struct {
		via, of string
		ours    bool
	}{{through, bucket, true}, {through, "arn:aws:s3:::another", false}, {"", bucket, false}} {
		context := map[string]any{"kms:EncryptionContext:aws:s3:arn": c.of}
		if c.via != "" {
			context["kms:ViaService"] = c.via
		}
		asked = append(asked, request{Action: "kms:Decrypt", Resource: key, Context: context, Allowed: c.ours && strings.Contains(r.files, "read-")},
			request{Action: "kms:GenerateDataKey", Resource: key, Context: context, Allowed: c.ours && strings.Contains(r.files, "write-")})
	}
	return asked
}

func (r right) otherRequests() []request {
	var asked []request
	for _, name := range slices.Sorted(maps.Keys(others)) {
		for _, c := range others[name] {
			c.Allowed = has(r.calls, name)
			asked = append(asked, c)
		}
	}
	return asked
}

// has says whether a list of words has a word.
func has(words, word string) bool { return slices.Contains(strings.Fields(words), word) }
