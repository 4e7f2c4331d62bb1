// Command csr does the tasks of the CSR machine.
package main

import (
	"portway/internal/lambdax"
	"portway/internal/porting"
	"portway/internal/setup"
)

func main() { lambdax.Start(setup.New().Tasks(porting.CSRMachine).Run) }
