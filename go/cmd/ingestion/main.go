// Command ingestion publishes the ticks of a session's source.
package main

import (
	"tapeline.dev/tapeline/ingestion/ws_bridge"
	"tapeline.dev/tapeline/pkg/shared/cli"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

func main() { cli.Main(cli.Program{Name: "ingestion", Source: source}) }

func source(data []byte) (runner.Source, error) {
	settings, err := ws_bridge.ReadSettings("settings", data)
	if err != nil {
		return nil, err
	}
	return ws_bridge.Open(settings)
}
