package setup

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"portway/internal/lambdax"
	"portway/internal/provision"
)

// switchTime is how long a switch has for an answer.
const switchTime = 20 * time.Second

// Switches asks the operator's own switch, where the template names one, and the simulated one of the sandbox.
func (h *House) Switches() *provision.Asker {
	a := &provision.Asker{Book: h.Book}
	if name := h.Env.Optional("SWITCH"); name != "" {
		a.Live = switchAt(h.AWS, "https://lambda."+h.AWS.Region+"."+suffixOf(h.AWS.Region)+"/2015-03-31/functions/"+name+"/invocations")
	}
	if url := h.Env.OptionalURL("SANDBOX_URL"); url != "" {
		a.Sandbox = switchAt(h.AWS, url)
	}
	return a
}

// suffixOf returns the domain of AWS's services in a region.
func suffixOf(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

func switchAt(cfg aws.Config, url string) provision.Switch {
	function := &lambdax.Function{URL: lambdax.Local(cfg, url), Region: cfg.Region, Keys: cfg.Credentials,
		HTTP: &http.Client{Timeout: switchTime}, Now: time.Now}
	return func(ctx context.Context, r provision.Request) (reply provision.Reply, err error) {
		err = function.Call(ctx, r, &reply)
		return reply, err
	}
}
