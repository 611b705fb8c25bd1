// Command bar_aggregator_multi makes longer bars of one-second bars.
package main

import (
	"tapeline.dev/tapeline/compute/bar_aggregator_multi"
	"tapeline.dev/tapeline/pkg/shared/cli"
)

func main() {
	cli.Main(cli.Program{Name: bar_aggregator_multi.Stage, App: bar_aggregator_multi.App})
}
