package runner

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// Names of the runner's metrics; those of services/tapeline/runner/metrics.py.
const (
	metricEvents   = "tapeline_stage_events_total"
	metricOutputs  = "tapeline_stage_outputs_total"
	metricDead     = "tapeline_stage_dead_letters_total"
	metricCommits  = "tapeline_stage_commits_total"
	metricBusy     = "tapeline_stage_busy_seconds_total"
	metricHorizon  = "tapeline_stage_horizon_seconds"
	metricReplayed = "tapeline_stage_replayed_events_total"
)

// Collector reads the statistics when Prometheus asks.
type Collector struct {
	session, stage string
	stats          *Stats

	events, outputs, dead, commits, busy, horizon, replayed *prometheus.Desc
}

// NewCollector exports the statistics of one process of a stage.
func NewCollector(session, stage string, stats *Stats) *Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append([]string{"session", "stage"}, labels...), nil)
	}
	return &Collector{
		session: session, stage: stage, stats: stats,
		events:   desc(metricEvents, "Events handled."),
		outputs:  desc(metricOutputs, "Records published.", "topic"),
		dead:     desc(metricDead, "Records refused.", "reason"),
		commits:  desc(metricCommits, "Transactions committed."),
		busy:     desc(metricBusy, "Seconds spent in the loop."),
		horizon:  desc(metricHorizon, "Session time reached, UTC seconds."),
		replayed: desc(metricReplayed, "Events replayed at a restart."),
	}
}

// Describe implements prometheus.Collector.
func (c *Collector) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(c, out) }

// Collect implements prometheus.Collector.
func (c *Collector) Collect(out chan<- prometheus.Metric) {
	totals := c.stats.Read()
	send := func(desc *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		labels = append([]string{c.session, c.stage}, labels...)
		out <- prometheus.MustNewConstMetric(desc, kind, value, labels...)
	}
	send(c.events, prometheus.CounterValue, float64(totals.Events))
	send(c.commits, prometheus.CounterValue, float64(totals.Commits))
	send(c.busy, prometheus.CounterValue, totals.Busy.Seconds())
	send(c.replayed, prometheus.CounterValue, float64(totals.Replayed))
	send(c.horizon, prometheus.GaugeValue, float64(totals.HorizonNs)/1e9)
	for _, topic := range slices.Sorted(maps.Keys(totals.Outputs)) {
		send(c.outputs, prometheus.CounterValue, float64(totals.Outputs[topic]), topic)
	}
	for _, reason := range slices.Sorted(maps.Keys(totals.Dead)) {
		send(c.dead, prometheus.CounterValue, float64(totals.Dead[reason]), reason)
	}
}
