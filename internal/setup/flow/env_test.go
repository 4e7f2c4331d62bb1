package flow

import (
	"slices"
	"strings"
	"testing"

	"portway/internal/env"
	"portway/internal/porting"
	"portway/internal/setup"
)

// A house whose every variable is wrong is built without a panic, and names every variable.
func TestNoValueStopsAFunction(t *testing.T) {
	for _, value := range []string{"", "nothing of the kind s3cret\n", `[{"name":"s3cret"}]`, "-1", "[]", "{", "Local"} {
		asked := map[string]bool{}
		e := env.Of(func(name string) string { asked[name] = true; return value })
		h := setup.New(e)
		_, _ = Tasks(h, porting.CSRMachine), Tasks(h, porting.LSRMachine)
		_, _, _ = Driver(h), Outbox(h), Sweeps(h)
		_ = h.LOAs()
		_, _, _, _, _ = Feedbacks(h), h.Puller(), h.PullQueue(), h.Webhooks(), h.WebhookSender()
		_ = h.Peers()
		if len(asked) < 30 {
			t.Fatalf("only %d variables were read", len(asked))
		}
		for name := range asked {
			// These may be empty, or any text.
			mayBe := value == "" && slices.Contains([]string{"LOCALS_TOKEN_URL", "LOCALS_OPTIONS", "MORE_LOCALS",
				"SANDBOX_URL", "OPERATOR_PHONE", "SWITCH"}, name) ||
				!strings.Contains(value, "\n") && slices.Contains([]string{"TABLE", "KEY", "BUCKET", "MAIL_SET", "CSR_MACHINE", "LSR_MACHINE",
					"EVENT_BUS", "PULL_FUNCTION", "LOCALS_ACCOUNT", "LOCALS_SITE", "LOCALS_USER", "PEER_PASSWORDS", "SOMOS_USER", "SOMOS_RESPORG",
					"OPERATOR_NAME", "OPERATOR_ADDRESS", "OPERATOR_PHONE", "OPERATOR_RESPORG", "SWITCH"}, name) &&
					value != "" || name == "MORE_LOCALS" && value == "[]"
			named := slices.ContainsFunc(e.Faults(), func(f env.Fault) bool { return f.Variable == name })
			if named == mayBe {
				t.Errorf("%s is %q; a fault is told: %v", name, value, named)
			}
		}
		for _, f := range e.Faults() {
			if strings.Contains(f.Problem, "s3cret") {
				t.Errorf("the value is told: %v", f)
			}
		}
	}
}
