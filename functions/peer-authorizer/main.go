// Command peer-authorizer is the Lambda function that tells API Gateway which porting peer's credentials a notice has.
package main

import (
	"portway/internal/env"

	"portway/internal/access"
)

func main() {
	e := env.OfProcess()
	hooks, err := access.ReadHooks(e.Raw)
	if err != nil {
		e.Fail("HOOK_USER, SOMOS_HOOK_USER or MORE_HOOKS", "can't be used: "+err.Error()) // without passwords
	}
	// the gateway reads the text of the error
	env.StartUnguarded(e, access.Peers(hooks))
}
