// Command lsr is the Lambda function that does the tasks of the LSR machine.
package main

import (
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/setup"
	"portway/internal/setup/flow"
)

func main() { lambdax.Start(flow.Tasks(setup.New(), porting.LSRMachine).Run) }
