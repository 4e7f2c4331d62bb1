package provision

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"portway/internal/porting"
	"portway/internal/storetest"
)

// A call has what the step needs, and no secret of the order.
func TestCompose(t *testing.T) {
	o := storetest.FullOrder("4503605600001")
	o.Kind = porting.Local
	for _, step := range porting.ProvisionSteps() {
		t.Run(string(step), func(t *testing.T) {
			job := porting.Job{Step: step, Round: 1}
			if step == porting.Prepare {
				job.Day = o.FOC
			}
			r := compose(o, job, []string{"+12065550102"})
			if with := step == porting.Prepare; (r.Location != nil) != with {
				t.Errorf("the location: %v", r.Location)
			}
			if r.Key == "" || r.Schema != Schema || r.Round != 1 || r.Order != string(o.ID) {
				t.Errorf("%+v", r)
			}
			raw, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{storetest.SecretAccount, storetest.SecretPIN, storetest.SecretSSN} {
				if strings.Contains(string(raw), secret) {
					t.Errorf("the call tells a secret: %s", raw)
				}
			}
			if again := compose(o, job, []string{"+12065550102"}); again.Key != r.Key {
				t.Error("the same call has another key")
			}
			job.Round++
			if other := compose(o, job, []string{"+12065550102"}); other.Key == r.Key {
				t.Error("a question that a person repeats has the same key")
			}
		})
	}
}

// What a switch leaves out, or says in another form, counts as later; a reason that is no code is not kept.
func TestAnswers(t *testing.T) {
	const tn = "+12065550102"
	for _, test := range []struct {
		name string
		said Number
		want porting.SwitchAnswer
	}{
		{"ready", Number{Number: tn, Answer: "ready", E911: "ready", CNAM: "pending", Messaging: "none"},
			porting.SwitchAnswer{TN: tn, Answer: porting.SwitchReady, Features: porting.Features{E911: porting.FeatureReady,
				CNAM: porting.FeaturePending, Messaging: porting.FeatureNone}}},
		{"refused", Number{Number: tn, Answer: "refused", Reason: "no_trunk"},
			porting.SwitchAnswer{TN: tn, Answer: porting.SwitchRefused, Reason: "no_trunk"}},
		{"later", Number{Number: tn, Answer: "later"}, porting.SwitchAnswer{TN: tn, Answer: porting.SwitchWorks}},
		{"another word", Number{Number: tn, Answer: "READY", E911: "yes"}, porting.SwitchAnswer{TN: tn, Answer: porting.SwitchWorks}},
		{"left out", Number{Number: "+12065550199", Answer: "ready"}, porting.SwitchAnswer{TN: tn, Answer: porting.SwitchWorks}},
		{"a reason in words", Number{Number: tn, Answer: "refused", Reason: "account 1234 / PIN"},
			porting.SwitchAnswer{TN: tn, Answer: porting.SwitchRefused, Reason: "unknown"}},
		{"a long reason", Number{Number: tn, Answer: "refused", Reason: strings.Repeat("a", 41)},
			porting.SwitchAnswer{TN: tn, Answer: porting.SwitchRefused, Reason: "unknown"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Answers([]string{tn}, []Number{test.said}); !reflect.DeepEqual(got, []porting.SwitchAnswer{test.want}) {
				t.Errorf("%+v, want %+v", got, test.want)
			}
		})
	}
}

// events/provision.json is a call as a switch gets it.
func TestSample(t *testing.T) {
	raw, err := os.ReadFile("../../events/provision.json")
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	var r Request
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if r.Schema != Schema || r.Step != string(porting.Prepare) || r.Location == nil || r.Presets == nil || len(r.Numbers) == 0 {
		t.Errorf("%+v", r)
	}
}
