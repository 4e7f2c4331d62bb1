// Command peer-authorizer is the Lambda function that tells API Gateway which porting peer's credentials a notice has.
package main

import (
	"portway/internal/access"
	"portway/internal/env"
	"portway/internal/lambdax"
	"portway/internal/passwords"
)

func main() {
	e := env.OfProcess()
	// the gateway reads the text of the error
	env.StartUnguarded(e, access.PeersWith(passwords.Hooks(e, lambdax.AWS())))
}
