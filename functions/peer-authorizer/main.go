// Command peer-authorizer is the Lambda function that tells API Gateway which porting peer's credentials a notice has.
package main

import (
	"os"

	"portway/internal/access"
	"portway/internal/lambdax"
)

func main() {
	hooks, err := access.ReadHooks(os.Getenv)
	if err != nil {
		panic(err.Error()) // without passwords
	}
	// the gateway reads the text of the error
	lambdax.StartUnguarded(access.Peers(hooks))
}
