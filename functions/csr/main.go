// Command csr is the Lambda function that does the tasks of the CSR machine.
package main

import (
	"portway/internal/env"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() {
	house := setup.New(env.OfProcess())
	env.Start(house.Env, flow.Tasks(house, porting.CSRMachine).Run)
}
