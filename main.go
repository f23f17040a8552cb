// Aifinops is a FinOps analyst for AI spend: it books providers' exports into a
// local ledger, allocates them by rules, and reports what was spent on what.
package main

import (
	"os"

	"github.com/aifinops/aifinops/cmd"
)

func main() { os.Exit(cmd.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
