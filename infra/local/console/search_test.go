package console

import (
	"strings"
	"testing"

	"portway/internal/porting"
	"portway/internal/storetest"
)

// A person finds an order by whatever a caller knows of it, in any spelling, and an account by its id.
func TestSearch(t *testing.T) {
	o := desks(t)
	live := o.sent("+14255550401")
	attempt, _ := o.Order(live).Last(porting.AskPort)
	draft := o.Create([]string{"+14255550402", "+14255550403"}, nil).ID
	over := o.Create([]string{"+14255550404"}, nil).ID
	o.Do(over, porting.Cancel{By: storetest.Customer})
	o.Do(draft, porting.Edit{By: storetest.Customer, To: porting.Details{Alias: "Branch 9", BillingName: "Grace Hopper", LOAEmail: "grace@navy.example"},
		Fields: []string{"alias", "billing_name", "loa_details/email"}})
	o.Until("all is quiet", o.Quiet)
	for name, test := range map[string]struct {
		q    string
		want string
	}{
		"its id":                          {string(live), "Order " + string(live) + " is"},
		"a number of a signed order":      {"(425) 555-0401", "Order " + string(live) + " is"},
		"a number of an unsigned order":   {"+1 425.555.0403", "Order " + string(draft) + " is"},
		"a number of an order that ended": {"4255550404", "Order " + string(over) + " is"},
		"a PON":                           {strings.ToUpper(string(attempt.PON)), "Order " + string(live) + " is"},
		"a peer's id":                     {attempt.Ref, "Order " + string(live) + " is"},
		"a name":                          {"HOPPER, Grace", "Order " + string(draft) + " is"},
		"a mail address":                  {"Grace@Navy.example", "Order " + string(draft) + " is"},
		"the customer's reference":        {"branch 9", "Order " + string(draft) + " is"},
		"a name of several orders":        {o.Order(live).Details.BillingName, "orders found by"},
		"an account":                      {"acme", "Account acme"},
		"nobody's name":                   {"Nobody Atall", "No order is found by “Nobody Atall”"},
		"nothing":                         {" – ", "Type an order"},
	} {
		t.Run(name, func(t *testing.T) {
			got := o.ask(t, deskARN, map[string]any{"view": "search"}, map[string]any{"pd-q": test.q}, "light", 1200)
			if !strings.Contains(got, test.want) {
				_, got, _ = strings.Cut(got, "</style>")
				t.Errorf("%q is not shown: %.1500s", test.want, got)
			}
		})
	}
}
