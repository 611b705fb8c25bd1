// Command bar_builder_1s makes one-second bars of ticks.
package main

import (
	"tapeline.dev/tapeline/compute/bar_builder_1s"
	"tapeline.dev/tapeline/pkg/shared/cli"
)

func main() { cli.Main(cli.Program{Name: bar_builder_1s.Stage, App: bar_builder_1s.App}) }
