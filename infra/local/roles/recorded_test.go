package roles

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"portway/infra/local/engine"
)

var recorded = flag.String("recorded", "", "file of requests that the functions of a deployed stack have made")

// names puts the template's names into the place of the physical ones.
func names(ids map[string]string) *strings.Replacer {
	var pairs []string
	for _, logical := range slices.SortedFunc(maps.Keys(ids), func(a, b string) int { return len(ids[b]) - len(ids[a]) }) {
		id := ids[logical]
		id = id[max(strings.LastIndex(id, ":"), strings.LastIndex(id, "/"))+1:]
		// The sandbox and the mail domain are known to their callers by these names.
		if len(id) > 8 && logical != "SandboxFunction" && logical != "MailIdentity" {
			pairs = append(pairs, id, logical)
		}
	}
	return strings.NewReplacer(append(pairs, "000000000000", account)...)
}

// requestsOf returns what IAM decides on when AWS gets a call: an action on a resource, with the values of condition keys.
func requestsOf(c engine.Call, named *strings.Replacer) ([]request, error) {
	body := []byte(named.Replace(string(c.Body)))
	_, operation, _ := strings.Cut(c.Target, ".")
	switch c.Service {
	case "dynamodb":
		return itemRequests(operation, body)
	case "kms":
		var in struct {
			KeyID             string `json:"KeyId"`
			EncryptionContext map[string]string
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		r := request{Action: "kms:" + operation, Resource: in.KeyID, Context: map[string]any{}}
		if r.Resource == "" {
			r.Resource = arnOf("kms:R:A:key/Key")
		}
		for name, value := range in.EncryptionContext {
			r.Context["kms:EncryptionContext:"+name] = value
		}
		return []request{r}, nil
	case "states":
		var in struct{ StateMachineArn, ExecutionArn string }
		err := json.Unmarshal(body, &in)
		resource := in.StateMachineArn + in.ExecutionArn
		if resource == "" {
			resource = "*"
		}
		return []request{{Action: "states:" + operation, Resource: resource}}, err
	case "secretsmanager":
		var in struct {
			SecretID string `json:"SecretId"`
		}
		err := json.Unmarshal(body, &in)
		return []request{{Action: "secretsmanager:" + operation, Resource: regexp.MustCompile(`-[0-9a-f]{6}$`).ReplaceAllString(in.SecretID, "")}}, err
	case "ses":
		var in struct{ FromEmailAddress string }
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, err
		}
		by, err := mail.ParseAddress(in.FromEmailAddress)
		if err != nil {
			return nil, err
		}
		return []request{{Action: "ses:SendEmail", Resource: arnOf("ses:R:A:identity/" + by.Address),
			Context: map[string]any{"ses:FromAddress": by.Address}}}, nil
	case "events":
		var in struct {
			Entries []struct{ EventBusName string }
		}
		err := json.Unmarshal(body, &in)
		var all []request
		for _, e := range in.Entries {
			all = append(all, request{Action: "events:" + operation, Resource: arnOf("events:R:A:event-bus/" + e.EventBusName)})
		}
		return all, err
	case "apigateway":
		return []request{{Action: "apigateway:" + c.Method, Resource: "arn:aws:apigateway:" + region + "::" + named.Replace(c.Path)}}, nil
	case "lambda":
		m := regexp.MustCompile(`/functions/([^/]+)/invocations$`).FindStringSubmatch(named.Replace(c.Path))
		if m == nil {
			return nil, fmt.Errorf("%s is no call of a function", c.Path)
		}
		return []request{{Action: "lambda:InvokeFunction", Resource: arnOf("lambda:R:A:function:" + m[1])}}, nil
	case "s3":
		path, err := url.PathUnescape(named.Replace(strings.TrimPrefix(c.Path, "/")))
		action := map[string]string{"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject"}[c.Method]
		if !strings.Contains(path, "/") && c.Method == "GET" {
			action = "s3:ListBucket"
		}
		return []request{{Action: action, Resource: "arn:aws:s3:::" + path}}, err
	}
	return nil, fmt.Errorf("%s is no service of ours", c.Service)
}

// item has the members of a call of DynamoDB, or of one action of a transaction, that IAM looks at.
type item struct {
	TableName, IndexName, KeyConditionExpression string
	Key, Item, ExpressionAttributeValues         map[string]map[string]any
	ExpressionAttributeNames                     map[string]string
}

// partition returns the partition key of the item.
func (i item) partition() string {
	for _, values := range []map[string]map[string]any{i.Key, i.Item} {
		if pk, ok := values["pk"]["S"].(string); ok {
			return pk
		}
	}
	key := map[string]string{"": "pk", "list": "account", "feed": "account", "due": "due_shard"}[i.IndexName]
	for _, m := range regexp.MustCompile(`([#\w]+) = (:\w+)`).FindAllStringSubmatch(i.KeyConditionExpression, -1) {
		if name, ok := i.ExpressionAttributeNames[m[1]]; name == key || !ok && m[1] == key {
			text, _ := i.ExpressionAttributeValues[m[2]]["S"].(string)
			return text
		}
	}
	return ""
}

// attributes lists the attributes that a write names.
func (i item) attributes() []string {
	all := map[string]bool{"pk": true, "sk": true}
	for name := range i.Item {
		all[name] = true
	}
	for _, name := range i.ExpressionAttributeNames {
		all[name] = true
	}
	return slices.Sorted(maps.Keys(all))
}

func itemRequests(operation string, body []byte) ([]request, error) {
	var in struct {
		item
		RequestItems  map[string]struct{ Keys []map[string]map[string]any }
		TransactItems []map[string]item
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	actions := map[string][]item{}
	for _, one := range in.TransactItems {
		for what, i := range one {
			actions[what+"Item"] = append(actions[what+"Item"], i)
		}
	}
	for table, of := range in.RequestItems {
		for _, key := range of.Keys {
			actions[operation] = append(actions[operation], item{TableName: table, Key: key})
		}
	}
	if len(actions) == 0 {
		actions[operation] = []item{in.item}
	}
	var all []request
	for action, items := range actions {
		table := arnOf("dynamodb:R:A:table/" + items[0].TableName)
		if index := items[0].IndexName; index != "" {
			table += "/index/" + index
		}
		var keys []string
		for _, i := range items {
			if i.partition() == "" {
				return nil, fmt.Errorf("%s without a partition: %s", action, i.KeyConditionExpression)
			}
			keys = append(keys, i.partition())
			if action == "PutItem" || action == "UpdateItem" {
				all = append(all, request{Action: "dynamodb:" + action, Resource: table, Context: map[string]any{
					"dynamodb:LeadingKeys": []string{i.partition()}, "dynamodb:Attributes": i.attributes()}})
			}
		}
		// AWS does not say whether it checks the items of a call one by one.
		all = append(all, request{Action: "dynamodb:" + action, Resource: table, Context: map[string]any{"dynamodb:LeadingKeys": keys}})
	}
	return all, nil
}

// Every request that a function has made on a deployed stack is allowed by its policies, with all their conditions, which the
// engine does not enforce. The tests of the deployed stack run this test with the requests that they have recorded.
func TestRecordedRequestsAreAllowed(t *testing.T) {
	if *recorded == "" {
		t.Skip("the tests of the deployed stack run this with -recorded")
	}
	raw, err := os.ReadFile(*recorded)
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		IDs   map[string]string `json:"ids"`
		Calls []engine.Call     `json:"calls"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	s, named := translated(t), names(in.IDs)
	functions := map[string]string{} // by their physical names
	for _, logical := range s.OfType("AWS::Lambda::Function") {
		functions[in.IDs[logical]] = logical
	}
	cases, seen := map[string][]request{}, map[string]bool{}
	for _, c := range in.Calls {
		function := functions[c.Function]
		if function == "" {
			continue // another stack's, or nobody's
		}
		all, err := requestsOf(c, named)
		if err != nil {
			t.Errorf("%s: %s %s: %v", function, c.Service, c.Target, err)
		}
		for _, r := range all {
			r.Allowed = true
			if text := function + r.String(); !seen[text] {
				seen[text] = true
				cases[function] = append(cases[function], r)
			}
		}
	}
	var jobs []job
	asking := slices.Sorted(maps.Keys(cases))
	for _, function := range asking {
		policies, _ := s.role(t, function)
		jobs = append(jobs, job{Policies: policies, Cases: cases[function]})
	}
	if len(seen) == 0 {
		t.Fatal("no function has made a request")
	}
	for n, all := range simulate(t, jobs) {
		for _, w := range all {
			t.Errorf("%s may not do what it does: %s %s", asking[n], jobs[n].Cases[w.Case], w.Trouble)
		}
	}
	t.Logf("%d requests of %d functions", len(seen), len(asking))
}
