package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Calls that AWS takes have no problem. Calls with one fault each have a problem at the place of the fault.
func TestRequestsAreHeldAgainstAWSModels(t *testing.T) {
	json := func(target, body string) Call {
		service := map[string]string{"DynamoDB_20120810": "dynamodb", "TrentService": "kms", "AWSStepFunctions": "states",
			"secretsmanager": "secretsmanager"}[strings.Split(target, ".")[0]]
		return Call{Service: service, Target: target, Method: "POST", Path: "/", Body: []byte(body)}
	}
	mail := func(body string) Call {
		return Call{Service: "ses", Method: "POST", Path: "/v2/email/outbound-emails", Body: []byte(body)}
	}
	tests := []struct {
		name string
		call Call
		want string // operation, place and reason of the problem; "" where there is none
	}{
		{"an item", json("DynamoDB_20120810.GetItem", `{"TableName":"t-1","Key":{"pk":{"S":"O#1"}},"ConsistentRead":true}`), ""},
		{"bytes", json("TrentService.Decrypt", `{"CiphertextBlob":"AAAA","EncryptionContext":{"order":"1"}}`), ""},
		{"a secret", json("secretsmanager.GetSecretValue", `{"SecretId":"arn:aws:secretsmanager:us-east-1:1:secret:a-b"}`), ""},
		{"a mail", mail(`{"Content":{"Simple":{"Subject":{"Data":"x"},"Body":{"Text":{"Data":"y"}}}}}`), ""},
		{"a function", Call{Service: "lambda", Method: "POST", Path: "/2015-03-31/functions/portway-sandbox/invocations", Body: []byte(`{}`)}, ""},
		{"a file", Call{Service: "s3", Method: "GET", Path: "/bucket/kept/1/2"}, ""},
		{"no table", json("DynamoDB_20120810.GetItem", `{"Key":{"pk":{"S":"O#1"}}}`), "GetItem .TableName is required"},
		{"an unknown operation", json("DynamoDB_20120810.FetchItem", `{}`), "  is no operation of the service"},
		{"an unknown member", json("DynamoDB_20120810.GetItem", `{"TableName":"ttt","Key":{},"Fast":true}`), "GetItem .Fast is not known"},
		{"a number as a text", json("DynamoDB_20120810.Query", `{"TableName":"ttt","Limit":"9"}`), "Query .Limit is no integer"},
		{"two types of one value", json("DynamoDB_20120810.PutItem", `{"TableName":"ttt","Item":{"a":{"S":"x","N":"1"}}}`),
			"PutItem .Item{} has more than one member of a union, or none"},
		{"an enumeration", json("DynamoDB_20120810.PutItem", `{"TableName":"ttt","Item":{},"ReturnValues":"EVERY"}`),
			"PutItem .ReturnValues is none of the allowed values"},
		{"too many items", json("DynamoDB_20120810.TransactWriteItems", `{"TransactItems":[`+strings.Repeat(`{},`, 100)+`{}]}`),
			"TransactWriteItems .TransactItems has more elements than 100"},
		{"a long token", json("DynamoDB_20120810.TransactWriteItems", `{"TransactItems":[{}],"ClientRequestToken":"`+strings.Repeat("x", 37)+`"}`),
			"TransactWriteItems .ClientRequestToken has more characters than 36"},
		{"a long name", json("AWSStepFunctions.StartExecution", `{"stateMachineArn":"a","name":"`+strings.Repeat("x", 81)+`"}`),
			"StartExecution .name has more characters than 80"},
		{"an empty name of a set", mail(`{"Content":{},"ConfigurationSetName":7}`), "SendEmail .ConfigurationSetName is no string"},
		{"a bad function", Call{Service: "lambda", Method: "POST", Path: "/2015-03-31/functions/port%20way/invocations"},
			"Invoke FunctionName is not of the pattern "},
		{"another method", Call{Service: "lambda", Method: "PATCH", Path: "/2015-03-31/functions/portway/invocations"},
			"  is no operation of the service"},
	}
	var calls []Call
	for _, test := range tests {
		calls = append(calls, test.call)
	}
	all, err := Check(t.Context(), calls)
	if err != nil {
		t.Fatal(err)
	}
	for n, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var found []string
			for _, p := range all {
				if p.Call == n {
					found = append(found, fmt.Sprintf("%s %s %s", p.Operation, p.Where, p.Why))
				}
			}
			if test.want == "" && len(found) > 0 ||
				test.want != "" && !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, test.want) }) {
				t.Errorf("found %q, want %q", found, test.want)
			}
		})
	}
}

// Calls that differ in their values alone have one form; calls with other names, expressions or purposes have another one.
func TestCallsOfOneForm(t *testing.T) {
	get := func(key, more string) string {
		return Call{Service: "dynamodb", Target: "DynamoDB_20120810.GetItem",
			Body: []byte(`{"TableName":"t","Key":{"pk":{"S":"` + key + `"}}` + more + `}`)}.form()
	}
	if get("O#1", "") != get("O#2", "") {
		t.Error("two orders make two forms")
	}
	for _, other := range []string{get("A#1", ""), get("O#1", `,"ConsistentRead":true`), get("O#1", `,"ProjectionExpression":"a"`)} {
		if other == get("O#1", "") {
			t.Errorf("%s has the form of another call", other)
		}
	}
}
