// Command lsr does the tasks of the LSR machine.
package main

import (
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/setup"
)

func main() { lambdax.Start(setup.New().Tasks(porting.LSRMachine).Run) }
