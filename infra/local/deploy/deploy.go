// Package deploy puts a SAM template and its functions onto the local engine. [Deploy] builds the binaries, uploads
// them, points the template at them, and has CloudFormation do the rest. The template is the one that goes to AWS.
// Nothing in it is changed but the places of its code and of its state machines' definitions, and what workarounds.go
// has to leave out. Start reading at Deploy.
//
// The package knows CloudFormation and the engine. It knows nothing of Portway's functions but their directories.
package deploy

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Options say what to deploy and where to.
type Options struct {
	// Config reaches the engine: engine.Engine.Config.
	Config aws.Config
	// Root is the source tree. What is built is kept in its .local/build.
	Root string
	// Template is the SAM template's file; "" is template.yaml in Root.
	Template string
	// Stack is the stack's name; "" is portway.
	Stack string
	// Parameters are the template's. Parameters that are not named keep their default.
	Parameters map[string]string
	// Progress is called with a few words about each step, from several goroutines. It may be nil.
	Progress func(string)
}

// Stack is a deployed stack.
type Stack struct {
	Name    string
	Outputs map[string]string // by the name in the template
	IDs     map[string]string // physical ids by logical id
}

const (
	pollEvery   = 100 * time.Millisecond
	deployLimit = 5 * time.Minute
)

// Deploy creates or updates the stack, and returns when the stack is complete. The error of a failed stack names each
// resource that failed, with the reason.
func Deploy(ctx context.Context, o Options) (Stack, error) {
	o.Template = cmp.Or(o.Template, filepath.Join(o.Root, "template.yaml"))
	o.Stack = cmp.Or(o.Stack, "portway")
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, deployLimit, fmt.Errorf("the stack was not complete within %v",
		deployLimit))
	defer cancel()

	text, err := os.ReadFile(o.Template)
	if err != nil {
		return Stack{}, err
	}
	t, err := parse(text)
	if err != nil {
		return Stack{}, err
	}
	up, err := newUploader(ctx, o.Config, o.Stack+"-deployments")
	if err != nil {
		return Stack{}, err
	}
	if err := uploadCode(ctx, o, t, up); err != nil {
		return Stack{}, err
	}
	t.dropAPIKeys()
	t.loosenConditions()
	o.Progress("deploying stack " + o.Stack)
	d := deployment{cloudformation.NewFromConfig(o.Config), o}
	if err := d.apply(ctx, t, up); err != nil {
		return Stack{}, err
	}
	s, err := d.describe(ctx)
	if err != nil {
		return Stack{}, err
	}
	if err := errors.Join(setTimeToLive(ctx, o.Config, t, s), setGatewayResponses(ctx, o.Config, t, o.Parameters, s),
		dropBucketPolicies(ctx, o.Config, t, s)); err != nil {
		return Stack{}, err
	}
	o.Progress("stack " + o.Stack + " is up")
	return s, nil
}

// uploadCode builds and uploads what the template takes from the source tree, and points the template at it.
func uploadCode(ctx context.Context, o Options, t *template, up *uploader) error {
	base := filepath.Dir(o.Template)
	functions, err := t.functions()
	if err != nil {
		return err
	}
	var dirs []string
	for _, f := range functions {
		if !slices.Contains(dirs, f.dir) {
			dirs = append(dirs, f.dir)
		}
	}
	zips, err := build(ctx, o.Root, base, dirs, o.Progress)
	if err != nil {
		return err
	}
	for _, f := range functions {
		uri, err := up.file(ctx, path.Base(f.dir), zips[f.dir])
		if err != nil {
			return err
		}
		set(f.props, "CodeUri", uri)
	}
	for _, d := range t.definitions() {
		uri, err := up.file(ctx, path.Base(d.file), filepath.Join(base, filepath.FromSlash(d.file)))
		if err != nil {
			return fmt.Errorf("%s: %w", d.logicalID, err)
		}
		d.uri.Value = uri
	}
	return nil
}

type deployment struct {
	client *cloudformation.Client
	Options
}

func (d deployment) apply(ctx context.Context, t *template, up *uploader) error {
	text, err := t.text()
	if err != nil {
		return err
	}
	// Through S3: a template in the request itself may have 51,200 bytes only.
	key, err := up.put(ctx, "template.yaml", text)
	if err != nil {
		return err
	}
	url := aws.String(fmt.Sprintf("%s/%s/%s", aws.ToString(d.Config.BaseEndpoint), up.bucket, key))
	var params []cfn.Parameter
	for _, name := range slices.Sorted(maps.Keys(d.Parameters)) {
		params = append(params, cfn.Parameter{ParameterKey: aws.String(name),
			ParameterValue: aws.String(d.Parameters[name])})
	}
	capabilities := []cfn.Capability{cfn.CapabilityCapabilityIam, cfn.CapabilityCapabilityNamedIam,
		cfn.CapabilityCapabilityAutoExpand}

	switch exists, err := d.exists(ctx); {
	case err != nil:
		return err
	case !exists:
		if _, err := d.client.CreateStack(ctx, &cloudformation.CreateStackInput{
			StackName: &d.Stack, TemplateURL: url, Parameters: params, Capabilities: capabilities,
			OnFailure: cfn.OnFailureDoNothing,
		}); err != nil {
			return fmt.Errorf("create stack %s: %w", d.Stack, err)
		}
	default:
		if _, err := d.client.UpdateStack(ctx, &cloudformation.UpdateStackInput{
			StackName: &d.Stack, TemplateURL: url, Parameters: params, Capabilities: capabilities,
		}); err != nil && !strings.Contains(err.Error(), "No updates are to be performed") {
			return fmt.Errorf("update stack %s: %w", d.Stack, err)
		}
	}
	return d.await(ctx)
}

func (d deployment) exists(ctx context.Context) (bool, error) {
	out, err := d.client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &d.Stack})
	if err != nil {
		if strings.Contains(err.Error(), "does not exist") {
			return false, nil
		}
		return false, err
	}
	return len(out.Stacks) > 0 && out.Stacks[0].StackStatus != cfn.StackStatusDeleteComplete, nil
}

// await returns when CloudFormation has finished.
func (d deployment) await(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		out, err := d.client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &d.Stack})
		if err != nil {
			return err
		}
		if len(out.Stacks) == 0 {
			return fmt.Errorf("stack %s is gone", d.Stack)
		}
		switch s := out.Stacks[0]; {
		case s.StackStatus == cfn.StackStatusCreateComplete || s.StackStatus == cfn.StackStatusUpdateComplete:
			return nil
		case !strings.HasSuffix(string(s.StackStatus), "_IN_PROGRESS"):
			return d.failure(ctx, s)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// failure says which resources failed, and why.
func (d deployment) failure(ctx context.Context, s cfn.Stack) error {
	faults := []error{fmt.Errorf("stack %s: %s %s", d.Stack, s.StackStatus, aws.ToString(s.StackStatusReason))}
	out, err := d.client.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: &d.Stack})
	if err != nil {
		return errors.Join(append(faults, err)...)
	}
	for _, e := range out.StackEvents {
		if strings.HasSuffix(string(e.ResourceStatus), "_FAILED") {
			faults = append(faults, fmt.Errorf("  %s (%s): %s", aws.ToString(e.LogicalResourceId),
				aws.ToString(e.ResourceType), aws.ToString(e.ResourceStatusReason)))
		}
	}
	return errors.Join(faults...)
}

func (d deployment) describe(ctx context.Context) (Stack, error) {
	s := Stack{Name: d.Stack, Outputs: map[string]string{}, IDs: map[string]string{}}
	out, err := d.client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &d.Stack})
	if err != nil {
		return Stack{}, err
	}
	for _, o := range out.Stacks[0].Outputs {
		s.Outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	pages := cloudformation.NewListStackResourcesPaginator(d.client,
		&cloudformation.ListStackResourcesInput{StackName: &d.Stack})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return Stack{}, err
		}
		for _, r := range page.StackResourceSummaries {
			s.IDs[aws.ToString(r.LogicalResourceId)] = aws.ToString(r.PhysicalResourceId)
		}
	}
	return s, nil
}

// uploader puts files into the deployment bucket, under names made from their content. So CloudFormation sees exactly
// what has changed.
type uploader struct {
	client *s3.Client
	bucket string
}

func newUploader(ctx context.Context, config aws.Config, bucket string) (*uploader, error) {
	up := &uploader{s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }), bucket}
	_, err := up.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket})
	if own := (*s3types.BucketAlreadyOwnedByYou)(nil); err != nil && !errors.As(err, &own) {
		return nil, fmt.Errorf("deployment bucket: %w", err)
	}
	return up, nil
}

func (u *uploader) put(ctx context.Context, name string, content []byte) (key string, err error) {
	sum := sha256.Sum256(content)
	key = hex.EncodeToString(sum[:])[:16] + "/" + name
	if _, err := u.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &u.bucket, Key: &key,
		Body: bytes.NewReader(content)}); err != nil {
		return "", fmt.Errorf("upload %s: %w", name, err)
	}
	return key, nil
}

func (u *uploader) file(ctx context.Context, name, file string) (uri string, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	key, err := u.put(ctx, name, content)
	return "s3://" + u.bucket + "/" + key, err
}
