package bar_aggregator_multi

import "tapeline.dev/tapeline/pkg/shared/market"

// Stage is the name of the stage.
const Stage = "bar_aggregator_multi"

// Settings is everything that decides what bar_aggregator_multi issues. Defaults and their reasons:
// services/tapeline/compute/bar_aggregator_multi/settings.py, which writes them all into the plan.
type Settings struct {
	// Symbols: the instrument class of each symbol of the session.
	Symbols map[string]string `json:"symbols"`
	// Phases of each instrument class, in time order, all days of the session.
	Phases map[string][]market.Phase `json:"phases"`
	// EndNs is when windows that no watermark has closed are forced out. UTC nanoseconds.
	EndNs int64 `json:"end_ns"`
	// LatencyNs is the modelled processing time of the stage. Nanoseconds.
	LatencyNs int64 `json:"latency_ns"`
	// CorrectionHorizonS: seconds after its end in which a window takes revisions.
	CorrectionHorizonS int64 `json:"correction_horizon_s"`
}
