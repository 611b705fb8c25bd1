package ws_bridge

import (
	"github.com/prometheus/client_golang/prometheus"

	"tapeline.dev/tapeline/pkg/shared/market"
)

// Names of the metrics of a real-time feed; those of services/tapeline/ingestion/metrics.py.
const (
	metricDepth     = "tapeline_feed_queue_depth"
	metricHighWater = "tapeline_feed_queue_high_water"
	metricPut       = "tapeline_feed_records_total"
	metricDropped   = "tapeline_feed_dropped_ticks_total"
	metricAge       = "tapeline_feed_age_seconds"
	metricLag       = "tapeline_feed_lag_seconds"
)

// Collector reads a feed when Prometheus asks. A source that plays in the same process cannot lose
// its connection: reconnects by reason come with the websocket.
type Collector struct {
	session string
	feed    *Feed

	depth, highWater, put, dropped, age, lag *prometheus.Desc
}

// NewCollector exports the metrics of the feed of a session.
func NewCollector(session string, feed *Feed) *Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append([]string{"session"}, labels...), nil)
	}
	return &Collector{
		session:   session,
		feed:      feed,
		depth:     desc(metricDepth, "Ticks that wait in the queue."),
		highWater: desc(metricHighWater, "Most ticks that ever waited."),
		put:       desc(metricPut, "Records received."),
		dropped:   desc(metricDropped, "Ticks that made room for newer ones.", "symbol"),
		age:       desc(metricAge, "Time since the last record came."),
		lag:       desc(metricLag, "Exchange to receive of the last tick."),
	}
}

// Describe implements prometheus.Collector.
func (c *Collector) Describe(out chan<- *prometheus.Desc) {
	for _, each := range []*prometheus.Desc{
		c.depth, c.highWater, c.put, c.dropped, c.age, c.lag,
	} {
		out <- each
	}
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	send := func(desc *prometheus.Desc, kind prometheus.ValueType, value float64, more ...string) {
		labels := append([]string{c.session}, more...)
		out <- prometheus.MustNewConstMetric(desc, kind, value, labels...)
	}
	stats, pump := c.feed.queue.Stats(), c.feed.pump
	send(c.depth, prometheus.GaugeValue, float64(stats.Depth))
	send(c.highWater, prometheus.GaugeValue, float64(stats.HighWater))
	send(c.put, prometheus.CounterValue, float64(stats.Put))
	for symbol, count := range stats.Dropped {
		send(c.dropped, prometheus.CounterValue, float64(count), symbol)
	}
	if arrivedNs := pump.ArrivedNs(); arrivedNs > 0 {
		ageNs := max(0, pump.clockNs()-arrivedNs)
		send(c.age, prometheus.GaugeValue, float64(ageNs)/float64(market.SecondNs))
		send(c.lag, prometheus.GaugeValue, float64(pump.LagNs())/float64(market.SecondNs))
	}
}
