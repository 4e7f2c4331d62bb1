// Command csr is the Lambda function that does the tasks of the CSR machine.
package main

import (
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() { lambdax.Start(flow.Tasks(setup.New(), porting.CSRMachine).Run) }
