// Command ingestion publishes the ticks of a session's source.
package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"tapeline.dev/tapeline/ingestion/ws_bridge"
	"tapeline.dev/tapeline/pkg/shared/cli"
	"tapeline.dev/tapeline/pkg/shared/runner"
)

func main() { cli.Main(cli.Program{Name: "ingestion", Source: source, Live: live}) }

func source(data []byte) (runner.Source, error) {
	settings, err := ws_bridge.ReadSettings("settings", data)
	if err != nil {
		return nil, err
	}
	return ws_bridge.Open(settings)
}

func live(data []byte, live cli.Live) (runner.Source, prometheus.Collector, error) {
	settings, err := ws_bridge.ReadSettings("settings", data)
	if err != nil {
		return nil, nil, err
	}
	source, err := ws_bridge.Open(settings)
	if err != nil {
		return nil, nil, err
	}
	feed := ws_bridge.NewFeed(source, len(settings.Instruments), live.ClockNs, live.Sleep)
	return feed, ws_bridge.NewCollector(live.Session, feed), nil
}
