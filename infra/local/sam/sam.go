// Package sam holds template.yaml against what AWS makes of it: [Translate] has SAM's own translator, which AWS runs too,
// turn the template into plain CloudFormation. The tests of this package then look at names, parameters, policies of
// deletion and the gateway. Start reading at Translate.
//
// The package knows the template. It knows no engine and none of Portway's code but the reader of the environment.
package sam

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed translate.py
var program string

// Translated is a template as CloudFormation reads it.
type Translated struct {
	Template struct {
		Parameters map[string]Parameter
		Resources  map[string]Resource
	}
	// Naming lists for each type the properties that name a resource of the type.
	Naming map[string][]string
}

// Resource is a resource of a translated template. Intrinsic functions are objects, as in JSON.
type Resource struct {
	Type                string
	Condition           string
	DeletionPolicy      string
	UpdateReplacePolicy string
	Properties          map[string]any
}

// Parameter is a parameter of a template.
type Parameter struct {
	Type                  string
	Default               any
	AllowedValues         []any
	AllowedPattern        string
	MinValue              any
	ConstraintDescription string
	Description           string
	NoEcho                any
}

// Translate translates a SAM template as of a time, with values for its parameters. It needs the SAM CLI in root, which make installs.
func Translate(ctx context.Context, root, template string, parameters map[string]string, now time.Time) (Translated, error) {
	var out Translated
	python := filepath.Join(root, ".local", "sam", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return out, fmt.Errorf("the SAM CLI is not installed; run make lint once: %w", err)
	}
	asked, err := json.Marshal(map[string]any{"template": template, "parameters": parameters, "now": now.Unix()})
	if err != nil {
		return out, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", program)
	cmd.Env = append(os.Environ(), "AWS_DEFAULT_REGION=us-east-1")
	cmd.Stdin = bytes.NewReader(asked)
	var problems strings.Builder
	cmd.Stderr = &problems
	raw, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("translate the template: %w\n%s", err, problems.String())
	}
	return out, json.Unmarshal(raw, &out)
}
