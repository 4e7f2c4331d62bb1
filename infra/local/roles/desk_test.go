package roles

import "testing"

// A person with the policy Desk looks at the desk and changes nothing. DeskAct adds the decisions, and no more.
func TestWhatPeopleMayDoAtTheDesk(t *testing.T) {
	s := translated(t)
	desk, act := arnOf("lambda:R:A:function:DeskFunction"), arnOf("lambda:R:A:function:DeskActionFunction")
	ask := func(action, resource string, allowed bool) request {
		return request{Action: action, Resource: resource, Allowed: allowed}
	}
	of := func(looks, acts bool) []request {
		return []request{
			ask("lambda:InvokeFunction", desk, looks), ask("lambda:InvokeFunction", act, acts),
			ask("lambda:InvokeFunction", arnOf("lambda:R:A:function:RedeliverFunction"), false),
			ask("lambda:UpdateFunctionCode", desk, false), ask("cloudwatch:PutDashboard", "arn:aws:cloudwatch::"+account+":dashboard/portway-desk", false),
			ask("cloudwatch:GetDashboard", "arn:aws:cloudwatch::"+account+":dashboard/portway-desk", looks),
			ask("dynamodb:PutItem", arnOf("dynamodb:R:A:table/Table"), false), ask("dynamodb:GetItem", arnOf("dynamodb:R:A:table/Table"), false),
			ask("states:StopExecution", arnOf("states:R:A:execution:CsrMachine:x"), false),
		}
	}
	jobs := []job{{Policies: s.person(t, "Desk"), Cases: of(true, false)}, {Policies: s.person(t, "Desk", "DeskAct"), Cases: of(true, true)}}
	for i, all := range simulate(t, jobs) {
		for _, w := range all {
			c := jobs[i].Cases[w.Case]
			t.Errorf("person %d may %s: %v %s", i, c, !c.Allowed, w.Trouble)
		}
	}
}

// person returns the policies of a person who has these managed policies of the stack.
func (s stack) person(t *testing.T, names ...string) []document {
	t.Helper()
	var all []document
	for _, name := range names {
		policy := s.policy(t, s.Template.Resources[name].Properties["PolicyDocument"])
		if len(policy.Statement) == 0 {
			t.Fatalf("there is no policy %s", name)
		}
		all = append(all, document{name, policy})
	}
	return all
}
