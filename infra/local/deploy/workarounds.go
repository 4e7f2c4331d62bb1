package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	gw "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"go.yaml.in/yaml/v3"
)

// This file sets what the engine leaves out of the template, and takes out of the template what the engine gets wrong.
// The reasons are in engine/differences.go.

// dropAPIKeys makes the APIs and their routes ask for no API key where their authorizer would give it: the engine looks
// for the key in the caller's header only.
func (t *template) dropAPIKeys() {
	for _, res := range t.resources("AWS::Serverless::Api") {
		if source := get(get(res, "Properties"), "ApiKeySourceType"); source != nil && source.Value == "AUTHORIZER" {
			drop(&t.doc, "ApiKeyRequired")
			return
		}
	}
}

// loosenConditions makes the policies' conditions on keys of KMS and SES hold for requests without such a key. The engine
// sets none of these keys, and would otherwise refuse every request.
func (t *template) loosenConditions() { loosen(&t.doc) }

// loosen loosens the conditions below a node.
func loosen(n *yaml.Node) {
	for key, condition := range pairs(n) {
		if key != "Condition" {
			continue
		}
		for i := 0; condition.Kind == yaml.MappingNode && i+1 < len(condition.Content); i += 2 {
			operator := condition.Content[i]
			for name := range pairs(condition.Content[i+1]) {
				if strings.HasPrefix(name, "kms:") || strings.HasPrefix(name, "ses:") {
					operator.Value = strings.TrimSuffix(operator.Value, "IfExists") + "IfExists"
				}
			}
		}
	}
	for _, below := range n.Content {
		loosen(below)
	}
}

// drop removes a key from all mappings below a node.
func drop(n *yaml.Node, key string) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); {
		if n.Content[i].Value == key {
			n.Content = slices.Delete(n.Content, i, i+2)
		} else {
			i += 2
		}
	}
	for _, below := range n.Content {
		drop(below, key)
	}
}

// setTimeToLive turns the tables' time to live on.
func setTimeToLive(ctx context.Context, config aws.Config, t *template, s Stack) error {
	client := dynamodb.NewFromConfig(config)
	for id, table := range t.resources("AWS::DynamoDB::Table") {
		attribute := get(get(get(table, "Properties"), "TimeToLiveSpecification"), "AttributeName")
		if attribute == nil {
			continue
		}
		now, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: aws.String(s.IDs[id])})
		if err != nil {
			return fmt.Errorf("time to live of %s: %w", id, err)
		}
		if d := now.TimeToLiveDescription; d != nil && d.TimeToLiveStatus == ddb.TimeToLiveStatusEnabled {
			continue // to turn it on again is an error
		}
		if _, err := client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName: aws.String(s.IDs[id]),
			TimeToLiveSpecification: &ddb.TimeToLiveSpecification{AttributeName: &attribute.Value,
				Enabled: aws.Bool(true)},
		}); err != nil {
			return fmt.Errorf("time to live of %s: %w", id, err)
		}
	}
	return nil
}

// setGatewayResponses gives the APIs the answers that their GatewayResponses describe. Then it deploys the APIs again,
// since the answers count from the next deployment on.
func setGatewayResponses(ctx context.Context, config aws.Config, t *template, parameters map[string]string,
	s Stack) error {
	client := apigateway.NewFromConfig(config)
	for id, res := range t.resources("AWS::Serverless::Api") {
		props := get(res, "Properties")
		responses := get(props, "GatewayResponses")
		stage := get(props, "StageName")
		if responses == nil || stage == nil {
			continue
		}
		for kind, response := range pairs(responses) {
			in := &apigateway.PutGatewayResponseInput{
				RestApiId:          aws.String(s.IDs[id]),
				ResponseType:       gw.GatewayResponseType(kind),
				ResponseTemplates:  scalars(get(response, "ResponseTemplates")),
				ResponseParameters: map[string]string{},
			}
			if code := get(response, "StatusCode"); code != nil {
				in.StatusCode = &code.Value
			}
			for name, value := range scalars(get(get(response, "ResponseParameters"), "Headers")) {
				in.ResponseParameters["gatewayresponse.header."+name] = t.substitute(value, parameters)
			}
			if _, err := client.PutGatewayResponse(ctx, in); err != nil {
				return fmt.Errorf("gateway response %s of %s: %w", kind, id, err)
			}
		}
		stageName := stage.Value
		if physical, ok := s.IDs[id+stageName+"Stage"]; ok { // the name that SAM gives the stage
			stageName = physical
		}
		if _, err := client.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: aws.String(s.IDs[id]),
			StageName: &stageName}); err != nil {
			return fmt.Errorf("deploy %s again: %w", id, err)
		}
	}
	return nil
}

// dropBucketPolicies removes the buckets' policies. Ours say only that the bucket has to be called by TLS, which the
// engine enforces although it does not speak TLS.
func dropBucketPolicies(ctx context.Context, config aws.Config, t *template, s Stack) error {
	client := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	for id, policy := range t.resources("AWS::S3::BucketPolicy") {
		bucket := get(get(policy, "Properties"), "Bucket")
		if bucket == nil {
			continue
		}
		if _, err := client.DeleteBucketPolicy(ctx,
			&s3.DeleteBucketPolicyInput{Bucket: aws.String(s.IDs[bucket.Value])}); err != nil {
			return fmt.Errorf("bucket policy %s: %w", id, err)
		}
	}
	return nil
}

// substitute puts the parameters' values into a text, as Fn::Sub does.
func (t *template) substitute(text string, parameters map[string]string) string {
	for name, declared := range pairs(get(t.doc.Content[0], "Parameters")) {
		value, given := parameters[name]
		if byDefault := get(declared, "Default"); !given && byDefault != nil {
			value = byDefault.Value
		}
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}

// scalars returns the plain values of a mapping.
func scalars(n *yaml.Node) map[string]string {
	all := map[string]string{}
	for k, v := range pairs(n) {
		if v.Kind == yaml.AliasNode {
			v = v.Alias
		}
		if v.Kind == yaml.ScalarNode {
			all[k] = v.Value
		}
	}
	return all
}
