// Package sam shows what AWS makes of template.yaml. [Translate] turns the template into plain CloudFormation by SAM's own
// translator, which AWS runs too. The tests of this package check the names, the parameters, the deletion policies and the
// gateway of the result, and those of package roles check the functions' rights. Start reading at Translate.
//
// The package deploys nothing. Of the engine's package it uses the search for the source tree's root alone.
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
	"slices"
	"strings"
	"time"

	"portway/infra/local/engine"
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
	MaxLength             any
	ConstraintDescription string
	Description           string
	NoEcho                any
}

// OfType lists the resources of a type by their names, in order.
func (t Translated) OfType(kind string) []string {
	var all []string
	for name, r := range t.Template.Resources {
		if r.Type == kind {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// Template reads template.yaml, from any directory of the source tree. root is the directory that the file is in.
func Template() (root, text string, err error) {
	root, err = engine.Root()
	if err != nil {
		return "", "", err
	}
	raw, err := os.ReadFile(filepath.Join(root, "template.yaml"))
	return root, string(raw), err
}

// Translate translates a SAM template with values for its parameters. now goes into the names of deployments. The SAM CLI
// must be installed below root, in .local/sam.
func Translate(
	ctx context.Context, root, template string, parameters map[string]string, now time.Time,
) (Translated, error) {
	var out Translated
	python := filepath.Join(root, ".local", "sam", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		return out, fmt.Errorf("the SAM CLI is not installed; run make lint once, which installs it: %w", err)
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
