// Command truce is the ceasefire monitoring and verification system in one binary.
// It holds no logic: see package app.
package main

import (
	"os"
	_ "time/tzdata" // a bulletin's period has a zone, on machines without zone files too

	"github.com/trucewatch/truce/app"
)

func main() {
	os.Exit(app.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
